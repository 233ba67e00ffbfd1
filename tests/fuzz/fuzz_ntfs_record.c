/* SPDX-License-Identifier: MIT */
/*
 * fuzz_ntfs_record.c - MFT records, down to every run, name and list entry
 *
 * A record whose update sequence is wrong is walked all the same: the fixup
 * proves nothing about the rest, and would stop most of the inputs.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

#include "parsers/ntfs_record.h"

static void walk_runs(const struct ntfs_attr *attr)
{
	struct ntfs_runs it = ntfs_runs_open(attr);
	uint64_t vcn = attr->lowest_vcn;
	struct ntfs_run run;
	size_t n = 0;

	while (ntfs_runs_next(&it, &run)) {
		assert(run.vcn == vcn && run.n && run.n <= INT64_MAX - vcn);
		assert(run.lcn == NTFS_LCN_HOLE ||
		       (run.lcn <= INT64_MAX && run.n <= INT64_MAX - run.lcn));
		vcn += run.n;
		assert(++n <= attr->pairs.n / 2);
	}
	assert(!run.n);
	fuzz_error(it.err.status, &it.err, attr->pairs);
}

static void walk_list(struct bytes in)
{
	struct ntfs_list it = ntfs_list_open(in);
	struct ntfs_list_entry e;
	size_t n = 0;

	while (ntfs_list_next(&it, &e)) {
		fuzz_inside(e.name, in);
		assert(++n <= in.n / 0x1a);
	}
	fuzz_error(it.err.status, &it.err, in);
}

static void parse_values(struct bytes in)
{
	struct error err = { 0 };
	struct ntfs_standard si;
	struct ntfs_name fn;
	enum status status;

	status = ntfs_standard_parse(&si, in, &err);
	fuzz_error(status, &err, in);
	err.status = OK;
	status = ntfs_name_parse(&fn, in, &err);
	fuzz_error(status, &err, in);
	fuzz_inside(fn.name, in);
	assert(status ? !fn.name.n : fn.name.n >= 2 && fn.name.n <= 510);
}

static void walk_attrs(const struct ntfs_record *rec)
{
	struct ntfs_attrs it = ntfs_attrs_open(rec);
	struct ntfs_attr attr;
	size_t n = 0;

	while (ntfs_attrs_next(&it, &attr)) {
		fuzz_inside(attr.name, rec->attrs);
		fuzz_inside(attr.value, rec->attrs);
		fuzz_inside(attr.pairs, rec->attrs);
		(void)ntfs_attr_named(&attr, "$EFS");
		if (attr.resident) {
			walk_list(attr.value);
			parse_values(attr.value);
		} else {
			assert(attr.compression_unit <= 16);
			walk_runs(&attr);
		}
		assert(++n <= rec->attrs.n / 0x18);
	}
	assert(!attr.type);
	fuzz_error(it.err.status, &it.err, rec->attrs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);
	struct bytes in = { copy, size, FUZZ_AT };
	struct error err = { 0 };
	struct ntfs_record rec;
	enum status status;

	assert(copy);
	if (size)
		memcpy(copy, data, size);
	status = ntfs_record_fixup(copy, size, in.at, &err);
	fuzz_error(status, &err, in);
	assert(!status || !size || !memcmp(copy, data, size));

	err.status = OK;
	status = ntfs_record_parse(&rec, in, &err);
	fuzz_error(status, &err, in);
	fuzz_inside(rec.attrs, in);
	if (!status)
		walk_attrs(&rec);
	free(copy);
	return 0;
}
