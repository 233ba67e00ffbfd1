/* SPDX-License-Identifier: MIT */
/*
 * test_decrypt_cut.c - copies of a real Windows 10 cluster, cut behind its data
 */
#include "tests/recovery/disk.h"

#include <string.h>

static void assert_missing(const struct proof *p, guint i, uint64_t offset,
                           uint64_t size)
{
	struct missing *m = &g_array_index(p->missing, struct missing, i);

	assert_true(i < p->missing->len);
	assert_int_equal(m->offset, offset);
	assert_int_equal(m->size, size);
}

static void assert_zeros(uint64_t from, uint64_t end)
{
	for (uint64_t i = from; i < end; i++)
		assert_int_equal(result.bytes[i], 0);
}

/* The copy ends with the evidence: not one byte behind it is asked for. */
static void cut_disk(uint64_t stored)
{
	disk_fresh(NULL);
	disk.end = 8192 + stored;
	memset(disk.bytes + disk.end, 0x5a, DISK - disk.end);
}

/* EFS on FAT keeps a multiple of 16: nothing is lost, and a little proves it */
static void test_cut_to_blocks(void **state)
{
	struct proof p;

	(void)state;
	cut_disk(624);
	p = disk_run_cut(whole, 1, 621, 621, 624);
	assert_memory_equal(result.bytes, text, SIZE);
	assert_int_equal(p.lost, 0);
	assert_int_equal(p.decrypted, 624);
	assert_int_equal(p.padding, 3);
	assert_int_equal(p.slack, 0);
	assert_true(p.padding_zero && p.recoded);
	assert_false(proof_holds(&p)); /* three bytes are too few */
	proof_release(&p);

	cut_disk(656);
	p = disk_run_cut(whole, 1, SIZE, SIZE, 656);
	assert_int_equal(p.padding, 656 - SIZE);
	assert_true(proof_holds(&p));
	proof_release(&p);
}

/* Cut at any byte: all whole blocks come out, exactly the rest is lost. */
static void test_cut_anywhere(void **state)
{
	(void)state;
	for (uint64_t cut = 1; cut <= 1100; cut++) {
		uint64_t whole_blocks = cut / 16 * 16;
		uint64_t good = whole_blocks < SIZE ? whole_blocks : SIZE;
		struct proof p;

		cut_disk(cut);
		p = disk_run_cut(whole, 1, SIZE, SIZE, cut);
		assert_memory_equal(result.bytes, text, good);
		assert_zeros(good, SIZE);
		assert_int_equal(p.lost, SIZE - good);
		assert_int_equal(p.missing->len, good < SIZE);
		if (good < SIZE)
			assert_missing(&p, 0, good, SIZE - good);
		whole_blocks = whole_blocks < 1024 ? whole_blocks : 1024;
		assert_int_equal(p.decrypted, whole_blocks);
		assert_int_equal(p.padding, whole_blocks - good);
		assert_int_equal(p.slack, 0);
		assert_true(p.recoded && p.padding_zero);
		assert_int_equal(proof_holds(&p), whole_blocks >= SIZE + 8);
		proof_release(&p);
	}
}

/* What is left of the slack still counts, in whole units. */
static void test_cut_in_slack(void **state)
{
	struct proof p;

	(void)state;
	cut_disk(2000);
	p = disk_run_cut(whole, 1, SIZE, SIZE, 2000);
	assert_memory_equal(result.bytes, text, SIZE);
	assert_int_equal(p.padding, 1024 - SIZE);
	assert_int_equal(p.slack, 512);
	assert_true(proof_holds(&p));
	proof_release(&p);
}

/* A tool that cut the real file at its data size: 608 of 621 bytes. */
static void test_cut_real(void **state)
{
	struct bytes b =
		material_corpus("efs-win10-aes256/ciphertext-cut-at-size.bin");
	struct proof p;

	(void)state;
	disk_fresh(NULL);
	assert_int_equal(b.n, SIZE);
	memcpy(disk.bytes + 8192, b.p, b.n);
	material_free(b);
	disk.end = 8192 + SIZE;
	p = disk_run_cut(whole, 1, SIZE, SIZE, SIZE);
	assert_memory_equal(result.bytes, text, 608);
	assert_zeros(608, SIZE);
	assert_int_equal(p.lost, 13);
	assert_missing(&p, 0, 608, 13);
	assert_false(proof_holds(&p));
	proof_release(&p);
}

/* A hole behind the cut needs no ciphertext, an extent does. */
static void test_cut_before_hole(void **state)
{
	const struct extent parts[] = { { 0, 8192, 1024 },
		                        { 1024, EXTENT_HOLE, 1024 },
		                        { 2048, 8192 + 1024, 512 } };
	struct proof p;

	(void)state;
	cut_disk(600);
	p = disk_run_cut(parts, 3, 2300, 2300, 600);
	assert_memory_equal(result.bytes, text, 592);
	assert_zeros(592, 2300);
	assert_int_equal(p.lost, 1024 - 592 + 2300 - 2048);
	assert_int_equal(p.missing->len, 2);
	assert_missing(&p, 0, 592, 1024 - 592);
	assert_missing(&p, 1, 2048, 252);
	proof_release(&p);
}

/* A read error before the cut costs its unit, and no other. */
static void test_cut_and_read_error(void **state)
{
	struct proof p;

	(void)state;
	cut_disk(1600);
	disk.bad = 8192 + 100;
	disk.bad_end = 8192 + 101;
	p = disk_run_cut(whole, 1, 1700, 1700, 1600);
	assert_zeros(0, 512);
	assert_memory_equal(result.bytes + 512, text + 512, 1088);
	assert_zeros(1600, 1700);
	assert_int_equal(p.lost, 612);
	assert_missing(&p, 0, 0, 512);
	assert_missing(&p, 1, 1600, 100);
	proof_release(&p);

	cut_disk(1600);
	disk.bad = 8192 + 1590;
	disk.bad_end = 8192 + 1600;
	p = disk_run_cut(whole, 1, 1590, 1590, 1600);
	assert_memory_equal(result.bytes, text, 1536);
	assert_zeros(1536, 1590);
	assert_missing(&p, 0, 1536, 54);
	assert_false(proof_holds(&p));
	proof_release(&p);
}

/*
 * Blocks of 8 bytes: 3DES, key and text are 00 01 02 ..; the first unit's
 * beginning, made with python-cryptography.
 */
#define DES3_TEXT                          \
	"3ce7d7f0792acf04c4c202e1299990c1" \
	"afa0e83122147d70cc9298f31056f081"
static void test_cut_des(void **state)
{
	uint8_t fek_bytes[40] = { 24, 0, 0, 0, 24, 0, 0, 0, 3, 0x66 };
	const struct extent one[] = { { 0, 0, 512 } };
	struct ciphertext in = { one, 1, 40, 40, 512, disk_read, &disk, 28 };
	const struct sink sink = { .write = disk_put, .zeros = disk_put_zeros };
	struct proof p;
	struct error err;
	struct cipher c;
	struct fek fek;

	(void)state;
	for (size_t i = 0; i < 24; i++)
		fek_bytes[16 + i] = (uint8_t)i;
	(void)unhex(disk.bytes, 32, DES3_TEXT);
	disk.end = 28;
	assert_int_equal(
		fek_parse(&fek, (struct bytes){ fek_bytes, 40, 0 }, &err), OK);
	assert_int_equal(cipher_init(&c, &fek, &err), OK);
	assert_int_equal(decrypt_stream(&p, &c, &in, &sink, &err), OK);
	for (size_t i = 0; i < 24; i++)
		assert_int_equal(result.bytes[i], i);
	assert_zeros(24, 40);
	assert_missing(&p, 0, 24, 16);
	proof_release(&p);
	cipher_release(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_cut_to_blocks, disk_fresh),
		cmocka_unit_test_setup(test_cut_anywhere, disk_fresh),
		cmocka_unit_test_setup(test_cut_in_slack, disk_fresh),
		cmocka_unit_test_setup(test_cut_real, disk_fresh),
		cmocka_unit_test_setup(test_cut_before_hole, disk_fresh),
		cmocka_unit_test_setup(test_cut_and_read_error, disk_fresh),
		cmocka_unit_test_setup(test_cut_des, disk_fresh),
	};

	return cmocka_run_group_tests(tests, disk_setup, NULL);
}
