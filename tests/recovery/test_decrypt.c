/* SPDX-License-Identifier: MIT */
/*
 * test_decrypt.c - streams made of a real Windows 10 cluster, laid out in ways
 * that a file can be: whole, sparse, short, fragmented, damaged
 */
#include "tests/recovery/disk.h"

#include <string.h>

static void test_whole(void **state)
{
	struct proof p = disk_run(whole, 1, SIZE, SIZE);

	(void)state;
	assert_memory_equal(result.bytes, text, SIZE);
	assert_int_equal(p.decrypted, 1024);
	assert_int_equal(p.padding, 1024 - SIZE);
	assert_true(p.padding_zero && p.recoded && proof_holds(&p));
	assert_int_equal(p.slack, CLUSTER - 1024);
	assert_int_equal(p.lost, 0);
	proof_release(&p);
}

/* The data ends on a unit: only the slack of the cluster proves it. */
static void test_slack(void **state)
{
	struct proof p = disk_run(whole, 1, 1024, 1024);

	(void)state;
	assert_int_equal(p.padding, 0);
	assert_int_equal(p.slack, CLUSTER - 1024);
	assert_true(proof_holds(&p));
	proof_release(&p);

	disk_fresh(NULL);
	p = disk_run(whole, 1, CLUSTER, CLUSTER);
	assert_int_equal(p.slack, 0);
	assert_false(proof_holds(&p));
	assert_memory_equal(result.bytes, text, CLUSTER);
	proof_release(&p);
}

/* What is past the initialised size is zeros, whatever is on disk. */
static void test_initialized(void **state)
{
	const struct extent two[] = { { 0, 8192, CLUSTER },
		                      { CLUSTER, 16384, CLUSTER } };
	struct proof p = disk_run(two, 2, 6000, 600);

	(void)state;
	assert_memory_equal(result.bytes, text, 600);
	assert_memory_equal(result.bytes + 600, text + 1024, 3072);
	for (size_t i = 600; i < 6000; i++)
		assert_int_equal(result.bytes[i], 0);
	/* The text goes on there: these bytes are no padding. */
	assert_false(p.padding_zero);
	assert_false(proof_holds(&p));
	assert_int_equal(p.decrypted, 1024);
	proof_release(&p);

	disk_fresh(NULL);
	p = disk_run(two, 2, 6000, 0);
	assert_int_equal(p.decrypted, 0);
	proof_release(&p);
}

/* Holes are zeros and not decrypted; the data behind them keeps its offset. */
static void test_sparse(void **state)
{
	const struct extent sparse[] = {
		{ 0, 8192, CLUSTER }, { CLUSTER, EXTENT_HOLE, 2 * CLUSTER }
	};
	struct proof p = disk_run(sparse, 2, 3 * CLUSTER - 7, 3 * CLUSTER - 7);

	(void)state;
	assert_memory_equal(result.bytes, text, CLUSTER);
	for (size_t i = CLUSTER; i < result.n; i++)
		assert_int_equal(result.bytes[i], 0);
	assert_int_equal(p.decrypted, CLUSTER);
	assert_int_equal(p.lost, 0);
	proof_release(&p);
}

/* The same units in four places give the same text. */
static void test_fragments(void **state)
{
	const struct extent parts[] = { { 0, 20480, 512 },
		                        { 512, 1024, 512 },
		                        { 1024, 40960, 1024 },
		                        { 2048, 512, 2048 } };
	struct proof p;

	(void)state;
	memcpy(disk.bytes + 20480, cluster, 512);
	memcpy(disk.bytes + 40960, cluster + 1024, 1024);
	memcpy(disk.bytes + 512, cluster + 2048, 512);
	memcpy(disk.bytes + 1024, cluster + 512, 512);
	memcpy(disk.bytes + 1536, cluster + 3072, 1024);
	p = disk_run(parts, 3, SIZE, SIZE);
	assert_memory_equal(result.bytes, text, SIZE);
	assert_true(proof_holds(&p));
	proof_release(&p);
}

/* A unit that cannot be read is zeros, is listed, and costs no other. */
static void test_read_error(void **state)
{
	struct proof p;
	struct missing *m;

	(void)state;
	disk.bad = 8192 + 512;
	disk.bad_end = 8192 + 513;
	p = disk_run(whole, 1, 2000, 2000);
	assert_memory_equal(result.bytes, text, 512);
	for (size_t i = 512; i < 1024; i++)
		assert_int_equal(result.bytes[i], 0);
	assert_memory_equal(result.bytes + 1024, text + 1024, 976);
	assert_int_equal(p.lost, 512);
	assert_int_equal(p.missing->len, 1);
	m = &g_array_index(p.missing, struct missing, 0);
	assert_int_equal(m->offset, 512);
	assert_int_equal(m->size, 512);
	proof_release(&p);
}

/* The evidence ends inside the data: one hole, cut at the size. */
static void test_truncated(void **state)
{
	struct proof p;
	struct missing *m;

	(void)state;
	disk.end = 8192 + 700;
	p = disk_run(whole, 1, 3000, 3000);
	assert_memory_equal(result.bytes, text, 512);
	assert_int_equal(p.lost, 3000 - 512);
	assert_int_equal(p.missing->len, 1);
	m = &g_array_index(p.missing, struct missing, 0);
	assert_int_equal(m->offset, 512);
	assert_int_equal(m->size, 3000 - 512);
	assert_false(proof_holds(&p));
	proof_release(&p);
}

/* Extents that overlap, against the rule, make no stream longer. */
static void test_overlap(void **state)
{
	const struct extent twice[] = { { 0, 8192, CLUSTER },
		                        { 512, 8192 + 512, 1024 },
		                        { 1024, EXTENT_HOLE, 512 } };
	struct proof p = disk_run(twice, 3, SIZE, SIZE);

	(void)state;
	assert_memory_equal(result.bytes, text, SIZE);
	assert_int_equal(p.decrypted, 1024);
	assert_true(proof_holds(&p));
	proof_release(&p);
}

/* The runs do not reach the end of the data, or leave a gap. */
static void test_gap(void **state)
{
	const struct extent gap[] = { { 512, 8192 + 512, 512 } };
	struct proof p = disk_run(gap, 1, SIZE + 2000, SIZE + 2000);

	(void)state;
	assert_memory_equal(result.bytes + 512, text + 512, 512);
	assert_int_equal(p.lost, 512 + SIZE + 2000 - 1024);
	assert_int_equal(p.missing->len, 2);
	proof_release(&p);

	disk_fresh(NULL);
	p = disk_run(NULL, 0, SIZE, SIZE);
	assert_int_equal(p.lost, SIZE);
	proof_release(&p);
}

/* A wrong key gives no zeros behind the data. */
static void test_wrong_key(void **state)
{
	struct proof p;

	(void)state;
	structure[20] ^= 1;
	p = disk_run(whole, 1, SIZE, SIZE);
	structure[20] ^= 1;
	assert_false(p.padding_zero);
	assert_false(proof_holds(&p));
	assert_true(p.recoded); /* which proves nothing about the key */
	proof_release(&p);
}

static enum status full(void *ctx, const uint8_t *p, size_t n,
                        struct error *err)
{
	(void)ctx, (void)p, (void)n;
	return fail(err, E_IO, 0, "full");
}

static void test_sink_fails(void **state)
{
	const struct ciphertext in = { whole,   1,         SIZE,  SIZE,
		                       CLUSTER, disk_read, &disk, 0 };
	const struct sink sink = { .write = full, .zeros = disk_put_zeros };
	struct proof proof;
	struct error err;
	struct cipher c;
	struct fek fek;

	(void)state;
	assert_int_equal(
		fek_parse(&fek,
	                  (struct bytes){ structure, sizeof(structure), 0 },
	                  &err),
		OK);
	assert_int_equal(cipher_init(&c, &fek, &err), OK);
	assert_int_equal(decrypt_stream(&proof, &c, &in, &sink, &err), E_IO);
	cipher_release(&c);
	proof_release(&proof);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_whole, disk_fresh),
		cmocka_unit_test_setup(test_slack, disk_fresh),
		cmocka_unit_test_setup(test_initialized, disk_fresh),
		cmocka_unit_test_setup(test_sparse, disk_fresh),
		cmocka_unit_test_setup(test_fragments, disk_fresh),
		cmocka_unit_test_setup(test_read_error, disk_fresh),
		cmocka_unit_test_setup(test_truncated, disk_fresh),
		cmocka_unit_test_setup(test_overlap, disk_fresh),
		cmocka_unit_test_setup(test_gap, disk_fresh),
		cmocka_unit_test_setup(test_wrong_key, disk_fresh),
		cmocka_unit_test_setup(test_sink_fails, disk_fresh),
	};

	return cmocka_run_group_tests(tests, disk_setup, NULL);
}
