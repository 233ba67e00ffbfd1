/* SPDX-License-Identifier: MIT */
/*
 * record.c - MFT records for the tests
 */
#include "tests/parsers/record.h"

#include <string.h>

bool record_try(struct ntfs_record *rec, uint8_t buf[RECORD_MAX],
                struct bytes in)
{
	struct error err = { 0 };

	assert_true(in.n <= RECORD_MAX);
	if (in.n)
		memcpy(buf, in.p, in.n);
	if (ntfs_record_fixup(buf, in.n, in.at, &err) ||
	    ntfs_record_parse(rec, (struct bytes){ buf, in.n, in.at }, &err)) {
		assert_error(&err, err.status, in);
		return false;
	}
	return true;
}

struct record record_load(const char *name)
{
	struct bytes in = sample_load(name);
	struct error err = { 0 };
	uint8_t buf[RECORD_MAX];
	struct record r;

	assert_true(record_try(&r.rec, buf, in));
	r.bytes = sample_copy((struct bytes){ buf, in.n, in.at }, in.n);
	sample_free(in);
	assert_int_equal(ntfs_record_parse(&r.rec, r.bytes, &err), OK);
	return r;
}

struct ntfs_attr record_attr(const struct ntfs_record *rec, uint32_t type,
                             const char *name)
{
	struct ntfs_attrs it = ntfs_attrs_open(rec);
	struct ntfs_attr attr;

	while (ntfs_attrs_next(&it, &attr)) {
		if (attr.type == type && ntfs_attr_named(&attr, name))
			return attr;
	}
	assert_int_equal(it.err.status, OK);
	assert_true(false);
	return attr;
}
