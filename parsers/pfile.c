/* SPDX-License-Identifier: MIT */
/*
 * pfile.c - the ".pfile" container of Rights Management (EFS version 6)
 *
 * [MS-EFSR] 2.2.2.3, "EFSRPC Metadata Version 3".  No real sample is public.
 */
#include "parsers/pfile.h"

#define PFILE_MAJOR 2u

/*
 * Offsets of the variable part count from the container's start.  The text has
 * no length for the licence and another description has one: whichever reading
 * puts everything between the fixed part and the data is the right one.
 */
struct places {
	uint32_t header_length;
	uint32_t extension, extension_n;
	uint32_t licence, licence_n;
	uint32_t data;
	uint64_t size;
	uint32_t metadata, metadata_n;
	uint64_t fixed; /* end of the fixed part */
};

/* [off, off + n) is between the fixed part and the data, or is not there. */
static bool inside(const struct places *p, uint32_t off, uint32_t n)
{
	if (!off)
		return !n;
	return off >= p->fixed && (uint64_t)off + n <= p->data;
}

static bool plausible(const struct places *p)
{
	return p->data >= p->fixed && p->data >= p->header_length &&
	       p->header_length && p->size <= INT64_MAX &&
	       inside(p, p->extension, p->extension_n) &&
	       inside(p, p->licence, p->licence_n) &&
	       inside(p, p->metadata, p->metadata_n);
}

/*
 * After the redirection text
 *
 *	u32  header length       u32  extension offset    u32  its length
 *	u32  licence offset     (u32  licence length)     u32  data offset
 *	u64  original size       u32  metadata offset     u32  its length
 */
static bool read_places(struct places *p, struct cursor *c, bool with_length)
{
	p->header_length = cursor_le32(c);
	p->extension = cursor_le32(c);
	p->extension_n = cursor_le32(c);
	p->licence = cursor_le32(c);
	p->licence_n = with_length ? cursor_le32(c) : 0;
	p->data = cursor_le32(c);
	p->size = cursor_le64(c);
	p->metadata = cursor_le32(c);
	p->metadata_n = cursor_le32(c);
	p->fixed = c->pos;
	return !c->bad && plausible(p);
}

/* Where its length is not stored, the licence ends where the next part does. */
static uint32_t licence_end(const struct places *p)
{
	uint32_t end = p->data;

	if (p->extension > p->licence && p->extension < end)
		end = p->extension;
	if (p->metadata > p->licence && p->metadata < end)
		end = p->metadata;
	return end;
}

static enum status cut_parts(struct pfile *pfile, struct bytes in,
                             struct places p, struct error *err)
{
	struct cursor c = cursor_open(in);

	if (p.licence && !p.licence_n)
		p.licence_n = licence_end(&p) - p.licence;
	pfile->extension = cursor_cut(&c, p.extension, p.extension_n);
	pfile->licence = cursor_cut(&c, p.licence, p.licence_n);
	pfile->metadata = cursor_cut(&c, p.metadata, p.metadata_n);
	pfile->header_length = p.header_length;
	pfile->data_offset = p.data;
	pfile->original_size = p.size;
	if (c.bad)
		return fail(err, E_TRUNCATED, in.at, ".pfile header");
	return OK;
}

/*
 * [MS-EFSR] 2.2.2.3
 *
 *	00  6  ".pfile"                    06  u32  major    0a  u32  minor
 *	0e  u32  redirection text length   12  ..   redirection text
 */
static enum status parse(struct pfile *pfile, struct bytes in,
                         struct error *err)
{
	struct cursor c = cursor_open(in);
	struct places p = { 0 };
	struct cursor again;

	cursor_skip(&c, 6);
	pfile->major = cursor_le32(&c);
	pfile->minor = cursor_le32(&c);
	pfile->redirect = cursor_take(&c, cursor_le32(&c));
	if (c.bad)
		return fail(err, E_TRUNCATED, in.at, ".pfile header");
	if (pfile->major != PFILE_MAJOR)
		return fail(err, E_UNSUPPORTED, in.at + 6, ".pfile version");
	again = c;
	if (!read_places(&p, &c, false) && !read_places(&p, &again, true))
		return fail(err, c.bad ? E_TRUNCATED : E_CORRUPT, cursor_at(&c),
		            ".pfile offsets");
	return cut_parts(pfile, in, p, err);
}

enum status pfile_parse(struct pfile *pfile, struct bytes in, struct error *err)
{
	static const uint8_t magic[] = { '.', 'p', 'f', 'i', 'l', 'e' };
	struct cursor c = cursor_open(in);
	struct pfile found = { 0 };

	*pfile = found;
	if (!bytes_equal(cursor_take(&c, sizeof(magic)),
	                 (struct bytes){ magic, sizeof(magic), 0 }))
		return fail(err, E_ABSENT, in.at, ".pfile signature");
	if (parse(&found, in, err))
		return err->status;
	*pfile = found;
	return OK;
}
