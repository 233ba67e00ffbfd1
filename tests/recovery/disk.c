/* SPDX-License-Identifier: MIT */
/*
 * disk.c - a disk with a real Windows 10 cluster on it, to decrypt from
 */
#include "tests/recovery/disk.h"

#include <string.h>

uint8_t cluster[CLUSTER];
uint8_t text[CLUSTER], structure[48];
struct disk disk;
struct disk_result result;
const struct extent whole[1] = { { 0, 8192, CLUSTER } };

enum status disk_read(void *ctx, uint64_t at, uint8_t *buf, size_t n,
                      struct error *err)
{
	struct disk *d = ctx;

	if (at > d->end || n > d->end - at)
		return fail(err, E_TRUNCATED, d->end, "end");
	if (at < d->bad_end && at + n > d->bad)
		return fail(err, E_IO, at, "read error");
	memcpy(buf, d->bytes + at, n);
	return OK;
}

enum status disk_put(void *ctx, const uint8_t *p, size_t n, struct error *err)
{
	(void)ctx, (void)err;
	assert_true(n <= DISK - result.n);
	memcpy(result.bytes + result.n, p, n);
	result.n += n;
	return OK;
}

enum status disk_put_zeros(void *ctx, uint64_t n, struct error *err)
{
	(void)ctx, (void)err;
	assert_true(n <= DISK - result.n);
	memset(result.bytes + result.n, 0, n);
	result.n += n;
	return OK;
}

int disk_setup(void **state)
{
	(void)state;
	material_real("ciphertext-cluster.bin", cluster, CLUSTER);
	material_real("plaintext.txt", text, SIZE);
	material_real("fek-structure.bin", structure, sizeof(structure));
	return 0;
}

int disk_fresh(void **state)
{
	(void)state;
	memset(&disk, 0xa5, sizeof(disk));
	memcpy(disk.bytes + 8192, cluster, CLUSTER);
	disk.bad = disk.bad_end = 0;
	disk.end = DISK;
	memset(&result, 0, sizeof(result));
	return 0;
}

struct proof disk_run_cut(const struct extent *extents, size_t n, uint64_t size,
                          uint64_t initialized, uint64_t stored)
{
	const struct ciphertext in = {
		.stored = stored,
		.extents = extents,
		.n = n,
		.size = size,
		.initialized = initialized,
		.cluster = CLUSTER,
		.read = disk_read,
		.read_ctx = &disk,
	};
	const struct sink sink = { .write = disk_put, .zeros = disk_put_zeros };
	struct proof proof;
	struct error err;
	struct cipher c;
	struct fek fek;

	assert_int_equal(
		fek_parse(&fek,
	                  (struct bytes){ structure, sizeof(structure), 0 },
	                  &err),
		OK);
	assert_int_equal(cipher_init(&c, &fek, &err), OK);
	assert_int_equal(decrypt_stream(&proof, &c, &in, &sink, &err), OK);
	assert_int_equal(result.n, size);
	cipher_release(&c);
	return proof;
}

struct proof disk_run(const struct extent *extents, size_t n, uint64_t size,
                      uint64_t initialized)
{
	return disk_run_cut(extents, n, size, initialized, 0);
}
