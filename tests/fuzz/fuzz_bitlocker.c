/* SPDX-License-Identifier: MIT */
/*
 * fuzz_bitlocker.c - BitLocker's volume header, metadata and .BEK files
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/bitlocker.h"
#include "parsers/limits.h"

static void check_header(struct bytes in)
{
	struct bitlocker_header h;
	struct error err;
	enum status st = bitlocker_header_parse(&h, in, &err);
	uint64_t any = 0;

	if (st) {
		fuzz_error(st, &err, in);
		return;
	}
	assert(h.sector_size >= 512 && h.sector_size <= LIMIT_SECTOR_SIZE);
	for (unsigned i = 0; i < BITLOCKER_COPIES; i++) {
		assert(h.metadata[i] % h.sector_size == 0);
		any |= h.metadata[i];
	}
	assert(any && any <= INT64_MAX);
}

static void check_locked(const struct bitlocker_locked *l, struct bytes in)
{
	fuzz_inside(l->nonce, in);
	fuzz_inside(l->tag, in);
	fuzz_inside(l->data, in);
	assert(!l->data.n || (l->nonce.n == 12 && l->tag.n == 16));
}

static void check_protectors(const struct bitlocker_meta *m)
{
	struct bitlocker_entries it = bitlocker_entries_open(m->entries);
	struct bitlocker_protector p;
	size_t n = 0;

	while (bitlocker_protectors_next(&it, &p)) {
		fuzz_inside(p.all, m->entries);
		fuzz_inside(p.guid, p.all);
		fuzz_inside(p.name, p.all);
		fuzz_inside(p.salt, p.all);
		fuzz_inside(p.clear, p.all);
		check_locked(&p.vmk, p.all);
		fuzz_error(p.err.status, &p.err, p.all);
		assert(p.err.status || (p.guid.n == 16 && p.vmk.data.n));
		assert(bitlocker_protector_name(p.type));
		assert(++n <= LIMIT_BITLOCKER_ENTRIES);
	}
	assert(!p.all.n);
	fuzz_error(it.err.status, &it.err, m->entries);
}

static void check_meta(struct bytes in, uint32_t sector_size)
{
	struct bitlocker_meta m;
	struct error err;
	enum status st = bitlocker_meta_parse(&m, in, sector_size, &err);

	if (st) {
		fuzz_error(st, &err, in);
		assert(!m.all.n && !m.entries.n);
		return;
	}
	fuzz_inside(m.all, in);
	fuzz_inside(m.guid, m.all);
	fuzz_inside(m.entries, m.all);
	fuzz_inside(m.description, m.entries);
	check_locked(&m.fvek, m.entries);
	check_locked(&m.hash, in);
	fuzz_error(m.err.status, &m.err, in);
	assert(m.header_size <= LIMIT_BITLOCKER_HEADER);
	assert(m.header_at % sector_size == 0 && m.header_at <= INT64_MAX);
	(void)bitlocker_method_name(m.method);
	(void)bitlocker_state_name(m.state);
	check_protectors(&m);
}

static void check_bek(struct bytes in)
{
	struct bitlocker_bek bek;
	struct error err;
	enum status st = bitlocker_bek_parse(&bek, in, &err);

	if (st) {
		fuzz_error(st, &err, in);
		return;
	}
	fuzz_inside(bek.guid, in);
	fuzz_inside(bek.name, in);
	fuzz_inside(bek.key, in);
	assert(bek.guid.n == 16 && bek.key.n == 32);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, FUZZ_AT };

	check_header(in);
	check_meta(in, 512);
	check_meta(in, 4096);
	check_bek(in);
	return 0;
}
