/* SPDX-License-Identifier: MIT */
/*
 * test_efsx.c - $EFS of version 4 and 5
 *
 * No real sample is public: this one is made by hand from [MS-EFSR] 2.2.2.2.
 */
#include "tests/parsers/sample.h"

#include "parsers/efsx.h"
#include "parsers/limits.h"

#define LE16(v) ((v)&0xff), ((v) >> 8)
#define LE32(v) LE16((v)&0xffff), LE16((v) >> 16)

#define DATUM(size, role, type, flags) \
	LE16(size), LE16(role), LE16(type), LE16(flags)

/* An RSA user in the DDF, an elliptic-curve agent in the DRF. */
static const uint8_t sample[] = {
	/* 00 */ LE32(0xf6),
	LE32(0),
	LE32(4),
	LE32(0),
	/* 10 */ 1,
	2,
	3,
	4,
	5,
	6,
	7,
	8,
	9,
	10,
	11,
	12,
	13,
	14,
	15,
	16,
	/* 20 */ LE32(0x54),
	LE32(0xca),
	/* 28: FEK info, AES-256, with the wrapped FEK and IV */
	/* 28 */ DATUM(0x2c, 0, 6, 1),
	LE32(0x6610),
	/* 34 */ DATUM(0x10, 10, 1, 0),
	LE16(4),
	LE16(0),
	'f',
	'e',
	'k',
	'!',
	/* 44 */ DATUM(0x10, 11, 1, 0),
	LE16(4),
	LE16(0),
	'i',
	'v',
	'!',
	'!',
	/* 54: DDF of one */
	/* 54 */ LE32(0x76),
	LE16(1),
	/* 5a */ DATUM(0x70, 2, 3, 1),
	LE16(2),
	LE16(5),
	/* 66 */ DATUM(0x50, 0, 4, 1),
	/* 6e */ DATUM(0x18, 6, 1, 0),
	LE16(0),
	LE16(0),
	/* 7a */ 1,
	1,
	0,
	0,
	0,
	0,
	0,
	5,
	18,
	0,
	0,
	0,
	/* 86 */ DATUM(0x20, 1, 1, 0),
	LE16(2),
	LE16(0),
	/* 92 */ 1,
	2,
	3,
	4,
	5,
	6,
	7,
	8,
	9,
	10,
	11,
	12,
	13,
	14,
	15,
	16,
	17,
	18,
	19,
	20,
	/* a6 */ DATUM(0x10, 3, 2, 0),
	'a',
	0,
	'n',
	0,
	'n',
	0,
	0,
	0,
	/* b6 */ DATUM(0x14, 7, 1, 0),
	LE16(3),
	LE16(0),
	8,
	7,
	6,
	5,
	4,
	3,
	2,
	1,
	/* ca: DRF of one */
	/* ca */ LE32(0x2c),
	LE16(1),
	/* d0 */ DATUM(0x26, 2, 3, 1),
	LE16(1),
	LE16(0),
	/* dc */ DATUM(0x1a, 0, 5, 1),
	LE16(0),
	/* e6 */ DATUM(0x10, 9, 1, 0),
	LE16(1),
	LE16(0),
	'E',
	'C',
	'K',
	'1',
};

/* The walk of the FEK info, the DDF and the DRF, in turn. */
static const struct expected {
	size_t at;
	unsigned depth;
	uint16_t type, role, kind, kind_flags;
	size_t value, n;
} golden[] = {
	{ 0x34, 0, EFSX_BLOB, EFSX_ROLE_ENCRYPTED_FEK, 4, 0, 0x40, 4 },
	{ 0x44, 0, EFSX_BLOB, EFSX_ROLE_ENCRYPTED_IV, 4, 0, 0x50, 4 },
	{ 0x5a, 0, EFSX_PROTECTOR, EFSX_ROLE_PROTECTOR_DATA, 2, 5, 0, 0 },
	{ 0x66, 1, EFSX_PROTECTOR_INFO, EFSX_ROLE_NONE, 0, 0, 0, 0 },
	{ 0x6e, 2, EFSX_BLOB, EFSX_ROLE_SID, 0, 0, 0x7a, 12 },
	{ 0x86, 2, EFSX_BLOB, EFSX_ROLE_CERTIFICATE, 2, 0, 0x92, 20 },
	{ 0xa6, 2, EFSX_DESCRIPTOR, EFSX_ROLE_DISPLAY, 0, 0, 0xae, 6 },
	{ 0xb6, 1, EFSX_BLOB, EFSX_ROLE_ENCRYPTED_FMK, 3, 0, 0xc2, 8 },
	{ 0xd0, 0, EFSX_PROTECTOR, EFSX_ROLE_PROTECTOR_DATA, 1, 0, 0, 0 },
	{ 0xdc, 1, EFSX_KEY_AGREEMENT, EFSX_ROLE_NONE, 0, 0, 0, 0 },
	{ 0xe6, 2, EFSX_BLOB, EFSX_ROLE_EPHEMERAL_KEY, 1, 0, 0xf2, 4 },
};

static void reads_the_header(void **state)
{
	struct bytes in = sample_copy(BYTES(sample), sizeof(sample));
	struct error err = { 0 };
	struct efsx efs;

	(void)state;
	assert_int_equal(efsx_parse(&efs, in, &err), OK);
	assert_int_equal(efs.version, 4);
	assert_int_equal(efs.length, 0xf6);
	assert_range(efs.id, in, 0x10, 16);
	assert_int_equal(efs.algorithm, 0x6610);
	assert_range(efs.fek_info, in, 0x34, 0x20);
	assert_range(efs.ddf, in, 0x54, 0xf6 - 0x54);
	assert_range(efs.drf, in, 0xca, 0x2c);
	sample_free(in);
}

static void assert_datum(const struct efsx_datum *d, struct bytes in,
                         const struct expected *e)
{
	assert_int_equal(d->at, in.at + e->at);
	assert_int_equal(d->depth, e->depth);
	assert_int_equal(d->type, e->type);
	assert_int_equal(d->role, e->role);
	assert_int_equal(d->kind, e->kind);
	assert_int_equal(d->kind_flags, e->kind_flags);
	if (e->n)
		assert_range(d->value, in, e->value, e->n);
	else
		assert_int_equal(d->value.n, 0);
}

static void walks_depth_first(void **state)
{
	struct bytes in = sample_copy(BYTES(sample), sizeof(sample));
	struct error err = { 0 };
	struct efsx_walk walk[3];
	struct efsx_datum d;
	struct efsx efs;
	size_t n = 0;

	(void)state;
	assert_int_equal(efsx_parse(&efs, in, &err), OK);
	walk[0] = efsx_datums_open(efs.fek_info);
	walk[1] = efsx_protectors_open(efs.ddf);
	walk[2] = efsx_protectors_open(efs.drf);
	for (size_t i = 0; i < COUNT(walk); i++) {
		while (efsx_next(&walk[i], &d)) {
			assert_true(n < COUNT(golden));
			assert_datum(&d, in, &golden[n++]);
		}
		assert_int_equal(walk[i].err.status, OK);
		assert_false(efsx_next(&walk[i], &d));
	}
	assert_int_equal(n, COUNT(golden));
	sample_free(in);
}

static size_t count(struct efsx_walk it, struct bytes in)
{
	struct efsx_datum d;
	size_t n = 0;

	while (efsx_next(&it, &d)) {
		assert_true(d.at >= in.at && d.at - in.at < in.n);
		assert_true(d.depth < EFSX_DEPTH);
		assert_inside(d.value, in);
		assert_true(++n <= in.n / 8);
	}
	assert_int_equal(d.at, 0);
	if (it.err.status)
		assert_error(&it.err, it.err.status, in);
	return n;
}

static void damaged(struct bytes in)
{
	struct error err = { 0 };
	struct efsx efs;
	enum status status = efsx_parse(&efs, in, &err);

	if (status) {
		assert_error(&err, status, in);
		assert_int_equal(efs.ddf.n, 0);
		assert_int_equal(efs.version, 0);
		return;
	}
	assert_inside(efs.id, in);
	assert_inside(efs.fek_info, in);
	assert_inside(efs.ddf, in);
	assert_inside(efs.drf, in);
	(void)count(efsx_datums_open(efs.fek_info), in);
	(void)count(efsx_protectors_open(efs.ddf), in);
	(void)count(efsx_protectors_open(efs.drf), in);
}

static void truncated(struct bytes in)
{
	struct error err = { 0 };
	struct efsx efs;

	assert_int_equal(efsx_parse(&efs, in, &err),
	                 in.n < 0x28 ? E_TRUNCATED : E_CORRUPT);
	damaged(in);
}

static void survives_damage(void **state)
{
	(void)state;
	each_truncation(BYTES(sample), truncated);
	each_corruption(BYTES(sample), sizeof(sample), damaged);
}

/* A DDF cut anywhere: its error, and the datums before the cut. */
static void truncated_list(struct bytes in)
{
	struct efsx_walk it = efsx_protectors_open(in);

	if (!in.n)
		assert_int_equal(it.err.status, OK);
	else
		assert_error(&it.err, in.n < 6 ? E_TRUNCATED : E_CORRUPT, in);
	(void)count(it, in);
}

static void a_cut_list_is_told(void **state)
{
	struct bytes list = { sample + 0xca, 0x2c, SAMPLE_AT };

	(void)state;
	each_truncation(list, truncated_list);
}

/* One 16-bit field changed: what the header says, or the walks. */
static const struct {
	size_t off;
	uint16_t v;
	enum status status, fek_info, ddf, drf;
	size_t datums;
	size_t at; /* of the header's error: by default, the start */
} fields[] = {
	{ 0x00, 0x27, E_TRUNCATED, OK, OK, OK, 0, 0 },
	{ 0x00, 0xf7, E_CORRUPT, OK, OK, OK, 0, 0 },
	{ 0x00, 0x2f, E_TRUNCATED, OK, OK, OK, 0, 0x28 }, /* in the FEK info */
	{ 0x08, 3, E_UNSUPPORTED, OK, OK, OK, 0, 8 },
	{ 0x08, 5, OK, OK, OK, OK, 11, 0 },
	{ 0x08, 6, E_CORRUPT, OK, OK, OK, 0, 8 },
	{ 0x20, 0, OK, OK, OK, OK, 5, 0 },
	{ 0x20, 0xf6, E_CORRUPT, OK, OK, OK, 0, 0x20 },
	{ 0x24, 0, OK, OK, OK, OK, 8, 0 },
	{ 0x24, 0xffff, E_CORRUPT, OK, OK, OK, 0, 0x24 },
	{ 0x28, 0x0b, E_CORRUPT, OK, OK, OK, 0, 0x28 },
	{ 0x28, 0x0c, OK, OK, OK, OK, 9, 0 },
	{ 0x28, 0, E_TRUNCATED, OK, OK, OK, 0, 0x28 },
	{ 0x28, 0xcf, E_TRUNCATED, OK, OK, OK, 0, 0x28 },
	{ 0x2c, 5, E_CORRUPT, OK, OK, OK, 0, 0x28 },
	{ 0x34, 0, OK, E_CORRUPT, OK, OK, 9, 0 },
	{ 0x44, 0x0b, OK, E_CORRUPT, OK, OK, 10, 0 },
	{ 0x44, 0x11, OK, E_CORRUPT, OK, OK, 10, 0 },
	/* the list's size is told, and the DRF's header read as a blob */
	{ 0x54, 0x5, OK, OK, E_CORRUPT, OK, 12, 0 },
	{ 0x54, 0xff, OK, OK, E_CORRUPT, OK, 12, 0 },
	{ 0x58, 2, OK, OK, E_CORRUPT, OK, 11, 0 },
	{ 0x58, 0, OK, OK, E_CORRUPT, OK, 11, 0 },
	{ 0x5a, 0x71, OK, OK, E_CORRUPT, OK, 5, 0 },
	{ 0x66, 0x65, OK, OK, E_CORRUPT, OK, 6, 0 },
	{ 0x6e, 0x19, OK, OK, E_CORRUPT, OK, 8, 0 },
	{ 0x6e, 7, OK, OK, E_CORRUPT, OK, 7, 0 },
	{ 0x72, 0x99, OK, OK, OK, OK, 11, 0 }, /* an unknown type */
	{ 0x74, 1, OK, OK, OK, OK, 11, 0 },    /* "nested" says nothing */
	{ 0xe6, 0xffff, OK, OK, OK, E_CORRUPT, 10, 0 },
};

static void judges_each_field(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(fields); i++) {
		struct bytes in = sample_copy(BYTES(sample), sizeof(sample));
		struct error err = { 0 };
		struct efsx_walk it[3];
		struct efsx_datum d;
		struct efsx efs;
		size_t n = 0;

		sample_le16(in, fields[i].off, fields[i].v);
		assert_int_equal(efsx_parse(&efs, in, &err), fields[i].status);
		if (err.status)
			assert_int_equal(err.at, in.at + fields[i].at);
		it[0] = efsx_datums_open(efs.fek_info);
		it[1] = efsx_protectors_open(efs.ddf);
		it[2] = efsx_protectors_open(efs.drf);
		for (size_t k = 0; k < COUNT(it); k++) {
			while (efsx_next(&it[k], &d))
				n++;
		}
		assert_int_equal(it[0].err.status, fields[i].fek_info);
		assert_int_equal(it[1].err.status, fields[i].ddf);
		assert_int_equal(it[2].err.status, fields[i].drf);
		assert_int_equal(n, fields[i].datums);
		sample_free(in);
	}
}

/* Types 3 to 7 hold datums, whether or not their flag says so. */
static void parents_need_no_flag(void **state)
{
	static const size_t fixed[] = { 12, 8, 10, 12, 10 };

	(void)state;
	for (size_t i = 0; i < COUNT(fixed); i++) {
		uint8_t raw[20] = { 0 };
		struct bytes in = { raw, fixed[i] + 8, SAMPLE_AT };
		struct efsx_walk it = efsx_datums_open(in);
		struct efsx_datum d;

		sample_le16(in, 0, (uint16_t)in.n);
		sample_le16(in, 4, (uint16_t)(EFSX_PROTECTOR + i));
		sample_le16(in, fixed[i], 8);
		sample_le16(in, fixed[i] + 4, EFSX_DESCRIPTOR);
		assert_true(efsx_next(&it, &d));
		assert_true(efsx_next(&it, &d));
		assert_int_equal(d.at, in.at + fixed[i]);
		assert_int_equal(d.depth, 1);
		assert_false(efsx_next(&it, &d));
		assert_int_equal(it.err.status, OK);
	}
}

/* A list of none; a list of one that is no more than its header. */
static void reads_the_smallest_lists(void **state)
{
	static const uint8_t none[] = { LE32(6), LE16(0) };
	static const uint8_t one[] = { LE32(14), LE16(1), DATUM(8, 0, 9, 0) };

	(void)state;
	assert_int_equal(count(efsx_protectors_open(BYTES(none)), BYTES(none)),
	                 0);
	assert_int_equal(efsx_protectors_open(BYTES(none)).err.status, OK);
	assert_int_equal(count(efsx_protectors_open(BYTES(one)), BYTES(one)),
	                 1);
	assert_int_equal(efsx_protectors_open(BYTES(one)).err.status, OK);
}

/* Parents inside each other, as deep as allowed and one deeper. */
static void stops_at_the_depth(void **state)
{
	uint8_t raw[8 * (EFSX_DEPTH + 1)] = { 0 };
	struct bytes in = BYTES(raw);
	struct efsx_walk it;

	(void)state;
	for (size_t i = 0; i <= EFSX_DEPTH; i++) {
		sample_le16(in, 8 * i, (uint16_t)(sizeof(raw) - 8 * i));
		sample_le16(in, 8 * i + 4, EFSX_PROTECTOR_INFO);
	}
	assert_int_equal(count(efsx_datums_open(in), in), EFSX_DEPTH - 1);
	it = efsx_datums_open(in);
	for (struct efsx_datum d; efsx_next(&it, &d);)
		assert_true(d.depth < EFSX_DEPTH);
	assert_error(&it.err, E_LIMIT, in);
	assert_int_equal(it.err.at, in.at + 8 * (EFSX_DEPTH - 1));

	/* A leaf at the last depth is within it. */
	in.n = 8 * EFSX_DEPTH;
	for (size_t i = 0; i < EFSX_DEPTH; i++)
		sample_le16(in, 8 * i, (uint16_t)(in.n - 8 * i));
	sample_le16(in, 8 * (EFSX_DEPTH - 1) + 4, EFSX_DESCRIPTOR);
	assert_int_equal(count(efsx_datums_open(in), in), EFSX_DEPTH);
}

static void stops_at_the_budget(void **state)
{
	static uint8_t raw[8 * (LIMIT_EFS_DATUMS + 1)];
	struct bytes in = BYTES(raw);
	struct efsx_walk it;

	(void)state;
	for (size_t off = 0; off < sizeof(raw); off += 8)
		sample_le16(in, off, 8);
	assert_int_equal(count(efsx_datums_open(in), in), LIMIT_EFS_DATUMS);
	it = efsx_datums_open(in);
	for (struct efsx_datum d; efsx_next(&it, &d);)
		assert_int_equal(it.err.status, OK);
	assert_error(&it.err, E_LIMIT, in);

	in.n -= 8;
	it = efsx_datums_open(in);
	for (struct efsx_datum d; efsx_next(&it, &d);)
		assert_int_equal(d.depth, 0);
	assert_int_equal(it.err.status, OK);
}

static void refuses_metadata_over_the_limit(void **state)
{
	static uint8_t raw[LIMIT_EFS_SIZE + 1];
	struct bytes in = BYTES(raw);
	struct error err = { 0 };
	struct efsx efs;

	(void)state;
	raw[8] = 4;
	sample_le16(in, 0x28, 12);
	sample_le16(in, 0x2c, EFSX_FEK_INFO);
	sample_le32(in, 0, LIMIT_EFS_SIZE);
	assert_int_equal(efsx_parse(&efs, in, &err), OK);
	sample_le32(in, 0, LIMIT_EFS_SIZE + 1);
	assert_int_equal(efsx_parse(&efs, in, &err), E_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_header),
		cmocka_unit_test(walks_depth_first),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(a_cut_list_is_told),
		cmocka_unit_test(judges_each_field),
		cmocka_unit_test(parents_need_no_flag),
		cmocka_unit_test(reads_the_smallest_lists),
		cmocka_unit_test(stops_at_the_depth),
		cmocka_unit_test(stops_at_the_budget),
		cmocka_unit_test(refuses_metadata_over_the_limit),
	};

	return cmocka_run_group_tests_name("efsx", tests, NULL, NULL);
}
