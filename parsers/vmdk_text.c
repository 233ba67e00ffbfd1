/* SPDX-License-Identifier: MIT */
/*
 * vmdk_text.c - the text that describes a VMDK disk
 *
 *	# Disk DescriptorFile
 *	CID=fffffffe
 *	RW 4192256 SPARSE "test-s001.vmdk"
 *	RW 63 FLAT "test-f001.vmdk" 0
 */
#include "parsers/vmdk.h"

static bool is_space(uint8_t c)
{
	return c == ' ' || c == '\t';
}

static struct bytes trim(struct bytes b)
{
	struct cursor c = cursor_open(b);

	while (c.in.n && is_space(c.in.p[c.in.n - 1]))
		(void)cursor_take_back(&c, 1);
	while (c.pos < c.in.n && is_space(c.in.p[c.pos]))
		cursor_skip(&c, 1);
	return cursor_tail(&c, c.pos);
}

/* Cut off what is before the first of two bytes, and that byte. */
static struct bytes cut_before(struct bytes *rest, const char ends[2],
                               bool *cut)
{
	struct cursor c = cursor_open(*rest);
	struct bytes found;
	size_t i = 0;

	while (i < rest->n && rest->p[i] != (uint8_t)ends[0] &&
	       rest->p[i] != (uint8_t)ends[1])
		i++;
	*cut = i < rest->n;
	found = cursor_take(&c, i);
	if (*cut)
		cursor_skip(&c, 1);
	*rest = cursor_tail(&c, c.pos);
	return found;
}

static struct bytes unquote(struct bytes b)
{
	struct cursor c = cursor_open(b);

	if (b.n >= 2 && b.p[0] == '"' && b.p[b.n - 1] == '"')
		return cursor_cut(&c, 1, b.n - 2);
	return b;
}

/* A decimal number that fits a disk; false if it is none. */
static bool number(struct bytes b, uint64_t *v)
{
	*v = 0;
	for (size_t i = 0; i < b.n; i++) {
		if (b.p[i] < '0' || b.p[i] > '9' ||
		    *v > INT64_MAX / VMDK_SECTOR / 10 - 1)
			return false;
		*v = *v * 10 + (uint64_t)(b.p[i] - '0');
	}
	return b.n;
}

static bool is_word(struct bytes b, const char *word, size_t n)
{
	return b.n == n && !memcmp(b.p, word, n);
}

#define IS(b, word) is_word(b, word, sizeof(word) - 1)

static enum vmdk_extent_type type_of(struct bytes b)
{
	if (IS(b, "FLAT") || IS(b, "VMFS"))
		return VMDK_FLAT;
	if (IS(b, "SPARSE") || IS(b, "VMFSSPARSE"))
		return VMDK_SPARSE;
	return IS(b, "ZERO") ? VMDK_ZERO : VMDK_OTHER;
}

/* access, sectors, type, "name", offset */
static bool parse_extent(struct vmdk_line *line, struct bytes in)
{
	bool cut;
	struct bytes access = cut_before(&in, " \t", &cut), offset;

	if (!IS(access, "RW") && !IS(access, "RDONLY") &&
	    !IS(access, "NOACCESS"))
		return false;
	in = trim(in);
	if (!number(cut_before(&in, " \t", &cut), &line->size))
		return false;
	in = trim(in);
	line->type_name = cut_before(&in, " \t", &cut);
	line->type = type_of(line->type_name);
	line->is_extent = true;
	line->size *= VMDK_SECTOR;
	(void)cut_before(&in, "\"\"", &cut);
	if (!cut)
		return true;
	line->name = cut_before(&in, "\"\"", &cut);
	in = trim(in);
	offset = cut_before(&in, " \t", &cut);
	if (number(offset, &line->offset))
		line->offset *= VMDK_SECTOR;
	else
		line->offset = 0;
	return true;
}

static bool parse_line(struct vmdk_line *line, struct bytes in)
{
	bool cut;

	*line = (struct vmdk_line){ 0 };
	in = trim(in);
	if (!in.n || in.p[0] == '#')
		return false;
	if (parse_extent(line, in))
		return true;
	*line = (struct vmdk_line){ 0 };
	line->key = trim(cut_before(&in, "==", &cut));
	line->value = unquote(trim(in));
	return cut;
}

bool vmdk_is_text(struct bytes in)
{
	static const char magic[] = "# disk descriptorfile";

	if (in.n < sizeof(magic) - 1)
		return false;
	for (size_t i = 0; i < sizeof(magic) - 1; i++) {
		uint8_t v = in.p[i];

		if (v >= 'A' && v <= 'Z')
			v = (uint8_t)(v + 32);
		if (v != (uint8_t)magic[i])
			return false;
	}
	return true;
}

bool vmdk_text_next(struct bytes *rest, struct vmdk_line *line)
{
	bool cut;

	while (rest->n && rest->p[0])
		if (parse_line(line, cut_before(rest, "\r\n", &cut)))
			return true;
	return false;
}
