/* SPDX-License-Identifier: MIT */
/*
 * format.c - sizes, times, places and hostile text
 */
#include "reports/format.h"
#include "recovery/origin.h"

#include <inttypes.h>
#include <string.h>

/* FILETIME of 1970-01-01, in seconds. */
#define UNIX_EPOCH UINT64_C(11644473600)

void format_number(GString *to, uint64_t n)
{
	char digits[24];
	int len = g_snprintf(digits, sizeof(digits), "%" PRIu64, n);

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			g_string_append_c(to, ',');
		g_string_append_c(to, digits[i]);
	}
}

void format_count(GString *to, uint64_t n, const char *noun)
{
	format_number(to, n);
	g_string_append_printf(to, n == 1 ? " %s" : " %ss", noun);
}

void format_size(GString *to, uint64_t n)
{
	static const char units[] = "KMGTPE";
	uint64_t tenths;
	size_t unit = 0;
	uint64_t whole = n;

	if (n < 1024) {
		format_count(to, n, "byte");
		return;
	}
	for (; whole >= UINT64_C(1024) * 1024; unit++)
		whole /= 1024;
	tenths = whole % 1024 * 10 / 1024;
	g_string_append_printf(to, "%" PRIu64 ".%" PRIu64 " %ciB (",
	                       whole / 1024, tenths, units[unit]);
	format_count(to, n, "byte");
	g_string_append_c(to, ')');
}

const char *format_time(char buf[TEXT_FILETIME], uint64_t filetime)
{
	struct text t = text_open(buf, TEXT_FILETIME);

	if (!filetime)
		return NULL;
	text_filetime(&t, filetime);
	return buf;
}

uint64_t format_unix_time(uint64_t filetime)
{
	uint64_t seconds = filetime / 10000000;

	return seconds > UNIX_EPOCH ? seconds - UNIX_EPOCH : 0;
}

const char *format_label(char buf[FORMAT_LABEL], char letter, unsigned n)
{
	if (!n)
		return NULL;
	(void)g_snprintf(buf, FORMAT_LABEL, "%c%u", letter, n);
	return buf;
}

void format_volume(GString *to, unsigned volume, unsigned snapshot)
{
	char label[ORIGIN_LABEL];

	origin_label(label, volume, snapshot);
	g_string_append(to, label);
}

void format_view(GString *to, unsigned volume, unsigned snapshot, uint64_t made)
{
	char buf[TEXT_FILETIME];
	char *date, *time;

	format_volume(to, volume, snapshot);
	if (!format_time(buf, made))
		return;
	date = buf;
	time = strchr(buf, 'T');
	if (time)
		*time++ = '\0';
	g_string_append_printf(to, " of %s", date);
	if (time)
		g_string_append_printf(to, " %.8s UTC", time);
}

void format_path(GString *to, const struct case_file *file)
{
	g_string_append(to, file->object.path ? file->object.path : "");
	if (file->stream.name)
		g_string_append_printf(to, ":%s", file->stream.name);
}

/* --------------------------------------------------------------- text */

/* XML 1.0, production 2. */
bool format_in_xml(gunichar c)
{
	if (c < 0x20)
		return c == '\t' || c == '\n' || c == '\r';
	return c != 0xfffe && c != 0xffff && (c < 0xd800 || c > 0xdfff);
}

static const char *next_char(const char *s)
{
	return s + g_utf8_skip[(unsigned char)*s];
}

static bool has_a_look(gunichar c)
{
	static const GUnicodeType without[] = {
		G_UNICODE_CONTROL,        G_UNICODE_FORMAT,
		G_UNICODE_PRIVATE_USE,    G_UNICODE_SURROGATE,
		G_UNICODE_LINE_SEPARATOR, G_UNICODE_PARAGRAPH_SEPARATOR,
	};
	GUnicodeType type = g_unichar_type(c);

	for (size_t i = 0; i < G_N_ELEMENTS(without); i++)
		if (type == without[i])
			return false;
	/* The noncharacters of Unicode, section 23.7. */
	return (c & 0xfffe) != 0xfffe && (c < 0xfdd0 || c > 0xfdef);
}

void format_visible(GString *to, const char *s)
{
	for (; *s; s = next_char(s)) {
		gunichar c = g_utf8_get_char(s);

		if (has_a_look(c))
			g_string_append_unichar(to, c);
		else
			g_string_append_printf(to, "<U+%04" PRIX32 ">", c);
	}
}

void format_line(GString *to, const char *s)
{
	while (*s) {
		/* Of what is cut off or wrong, one byte at a time. */
		gunichar c = g_utf8_get_char_validated(s, -1);
		bool valid = c != (gunichar)-1 && c != (gunichar)-2;
		const char *next = valid ? next_char(s) : s + 1;

		if (valid && has_a_look(c))
			g_string_append_len(to, s, next - s);
		else
			for (const char *p = s; p < next; p++)
				g_string_append_printf(to, "%%%02X",
				                       (unsigned char)*p);
		s = next;
	}
}

/* Outside its strings, where it needs no escape, JSON has only ASCII. */
void format_json(GString *to, const char *json)
{
	for (; *json; json = next_char(json)) {
		gunichar c = g_utf8_get_char(json);

		if (c == '\n' || has_a_look(c))
			g_string_append_unichar(to, c);
		else if (c < 0x10000)
			g_string_append_printf(to, "\\u%04" PRIx32, c);
		else
			g_string_append_printf(
				to, "\\u%04" PRIx32 "\\u%04" PRIx32,
				0xd7c0 + (c >> 10), 0xdc00 + (c & 0x3ff));
	}
}

void format_percent(GString *to, const char *s, const char *also)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c < 0x20 || c == 0x7f || strchr(also, *s))
			g_string_append_printf(to, "%%%02X", c);
		else
			g_string_append_c(to, *s);
	}
}

bool format_xml_differs(const char *s)
{
	for (; *s; s = next_char(s))
		if (!format_in_xml(g_utf8_get_char(s)))
			return true;
	return false;
}

void format_xml(GString *to, const char *s)
{
	const char *next;

	for (; *s; s = next) {
		gunichar c = g_utf8_get_char(s);

		next = next_char(s);
		if (c != '%' && format_in_xml(c)) {
			g_string_append_len(to, s, next - s);
			continue;
		}
		for (; s < next; s++)
			g_string_append_printf(to, "%%%02X", (unsigned char)*s);
	}
}

bool format_has_record(const struct case_file *file)
{
	return file->volume || file->object.mft;
}

bool format_is_folder(const struct case_file *file)
{
	return file->object.directory && !file->stream.name;
}

bool format_has_plaintext(const struct case_file *file)
{
	return file->stream.output && !format_is_folder(file);
}
