/* SPDX-License-Identifier: MIT */
/*
 * fuzz_efs_raw.c - the records of a raw export, each through its own window
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/efs_raw.h"
#include "parsers/limits.h"

static struct bytes window(struct bytes in, uint64_t at, size_t n)
{
	struct cursor c = cursor_open(in);
	struct bytes rest = cursor_tail(&c, (size_t)(at - in.at));

	assert(!c.bad);
	rest.n = rest.n < n ? rest.n : n;
	return rest;
}

static void check_blocks(const struct efs_raw_segment *s, struct bytes in)
{
	struct efs_raw_blocks it = efs_raw_blocks_open(s);
	uint64_t at = s->data_at, offset = s->offset;
	struct efs_raw_block b;

	while (efs_raw_blocks_next(&it, &b)) {
		assert(b.offset == offset && b.at == at);
		assert(b.span && b.span % 512 == 0);
		assert(b.present <= b.stored && b.stored <= b.span);
		offset += b.span;
		at += b.present;
		assert(offset <= INT64_MAX);
		assert(at <= s->data_at + s->data_n);
	}
	assert(at <= in.at + in.n);
}

static void check_record(const struct efs_raw_record *r, struct bytes head,
                         struct bytes in)
{
	const struct efs_raw_segment *s = &r->segment;

	fuzz_error(r->err.status, &r->err, in);
	fuzz_inside(r->stream.name, head);
	fuzz_inside(r->stream.type, head);
	assert(r->stream.name.n <= LIMIT_EFS_RAW_NAME);
	fuzz_inside(s->blocks, head);
	if (r->kind != EFS_RAW_SEGMENT)
		return;
	assert(s->data_at >= r->at && s->data_at - in.at <= in.n);
	assert(s->data_n <= in.n - (s->data_at - in.at));
	if (!r->err.status && s->encrypted)
		check_blocks(s, in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, FUZZ_AT };
	struct efs_raw it = efs_raw_open(in, size);
	struct efs_raw_record r;
	struct bytes head = in;
	uint64_t at = it.next;

	for (;;) {
		size_t need = efs_raw_need(&it, window(in, at, EFS_RAW_PEEK));

		assert(need <= EFS_RAW_HEADER_MOST);
		head = window(in, at, need);
		if (!efs_raw_next(&it, head, &r))
			break;
		assert(r.at == at && it.next > at);
		at = it.next;
		check_record(&r, head, in);
	}
	assert(!r.kind);
	fuzz_error(it.err.status, &it.err, in);
	return 0;
}
