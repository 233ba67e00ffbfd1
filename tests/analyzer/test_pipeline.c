/* SPDX-License-Identifier: MIT */
/*
 * test_pipeline.c - a stream by several threads is the one that one thread
 * makes in order, with GLib's digests of it
 */
#include "tests/analyzer/folder.h"

#include "analyzer/pipeline.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SIZE (5 * SPAN_BYTES + 1234)
#define DISK (6 * SPAN_BYTES)

static uint8_t disk[DISK], expected[SIZE + SPAN_BYTES];
static uint64_t expected_n;
static unsigned ended; /* calls of `done`; under the crew's lock */
static struct proof got;
static struct error got_err;

static enum status read_disk(void *ctx, uint64_t at, uint8_t *buf, size_t n,
                             struct error *err)
{
	const uint64_t *bad = ctx;

	if (at + n > DISK)
		return fail(err, E_TRUNCATED, DISK, "end");
	if (bad && *bad >= at && *bad < at + n)
		return fail(err, E_IO, *bad, "bad");
	memcpy(buf, disk + at, n);
	return OK;
}

static enum status put(void *ctx, const uint8_t *p, size_t n, struct error *err)
{
	(void)ctx, (void)err;
	memcpy(expected + expected_n, p, n);
	expected_n += n;
	return OK;
}

static enum status put_zeros(void *ctx, uint64_t n, struct error *err)
{
	(void)ctx, (void)err;
	memset(expected + expected_n, 0, n);
	expected_n += n;
	return OK;
}

static void done(struct pipeline *p, void *ctx)
{
	struct crew *crew = ctx;

	(void)!pipeline_end(p, &got, &got_err);
	crew_lock(crew);
	ended++;
	crew_changed(crew);
	crew_unlock(crew);
}

/* Start, wait, and see that it ended once. */
static void run_order(struct pipeline_order *order, unsigned jobs)
{
	struct crew *crew = crew_new(jobs);
	bool over = false;

	order->done = done;
	order->ctx = crew;
	got_err = (struct error){ 0 };
	ended = 0;
	pipeline_start(crew, order);
	while (!over) {
		uint64_t seen = crew_changes(crew);

		crew_lock(crew);
		over = ended;
		crew_unlock(crew);
		if (!over)
			crew_wait(crew, seen);
	}
	crew_free(crew);
	assert_int_equal(ended, 1);
}

static const uint8_t key[32] = "a key of thirty-two bytes, no 0";
static const struct fek fek = { .algorithm = FEK_AES_256,
	                        .key = { key, 32, 0 } };

/* A piece, a hole, and the rest, of which one unit may be unreadable. */
static const struct extent extents[] = {
	{ 0, SPAN_BYTES, SPAN_BYTES + 512 },
	{ SPAN_BYTES + 512, EXTENT_HOLE, SPAN_BYTES },
	{ 2 * SPAN_BYTES + 512, 2 * SPAN_BYTES + 512, 3 * SPAN_BYTES + 1024 },
};

static struct ciphertext stream_of(uint64_t size, uint64_t *bad)
{
	return (struct ciphertext){ .extents = extents,
		                    .n = G_N_ELEMENTS(extents),
		                    .size = size,
		                    .initialized = SIZE,
		                    .cluster = 4096,
		                    .read = read_disk,
		                    .read_ctx = bad };
}

static struct proof in_order(const struct ciphertext *in)
{
	const struct sink sink = { .write = put, .zeros = put_zeros };
	struct proof proof;
	struct cipher c;
	struct error err;

	expected_n = 0;
	assert_int_equal(cipher_init(&c, &fek, &err), OK);
	assert_int_equal(decrypt_stream(&proof, &c, in, &sink, &err), OK);
	cipher_release(&c);
	return proof;
}

static void is_digest(GChecksumType type, const char *hex)
{
	char *sum = g_compute_checksum_for_data(type, expected, expected_n);

	assert_string_equal(hex, sum);
	g_free(sum);
}

/* The file's content, and its digests. */
static void check_file(struct output *out, struct plaintext *to,
                       const bool *wanted, const char *name)
{
	const struct placement where = { .evidence = "e",
		                         .volume = "v1",
		                         .path = name };
	static char hex[HASHES][DIGEST_HEX];
	char *path, *full, *text;
	struct error err;
	gsize n;

	assert_int_equal(plaintext_end(to, expected_n, 0, 0, hex, &err), OK);
	assert_int_equal(output_finish(&to->file, &where, &path, &err), OK);
	full = output_path(out, path);
	assert_true(g_file_get_contents(full, &text, &n, NULL));
	assert_int_equal(n, expected_n);
	assert_memory_equal(text, expected, n);
	if (wanted[HASH_MD5])
		is_digest(G_CHECKSUM_MD5, hex[HASH_MD5]);
	if (wanted[HASH_SHA1])
		is_digest(G_CHECKSUM_SHA1, hex[HASH_SHA1]);
	if (wanted[HASH_SHA256])
		is_digest(G_CHECKSUM_SHA256, hex[HASH_SHA256]);
	assert_int_equal(unlink(full), 0);
	g_free(text);
	g_free(full);
	g_free(path);
}

static void run(struct output *out, const struct ciphertext *in,
                const bool *wanted, unsigned jobs, unsigned buffers)
{
	struct proof proof = in_order(in);
	struct pipeline_order order = { .in = *in,
		                        .fek = &fek,
		                        .buffers = buffers };
	struct plaintext to;
	struct error err;

	assert_int_equal(plaintext_begin(&to, out, wanted, &err), OK);
	order.to = &to;
	run_order(&order, jobs);
	assert_int_equal(got_err.status, OK);
	assert_int_equal(got.decrypted, proof.decrypted);
	assert_int_equal(got.padding, proof.padding);
	assert_int_equal(got.slack, proof.slack);
	assert_int_equal(got.lost, proof.lost);
	assert_int_equal(got.missing->len, proof.missing->len);
	assert_true(got.recoded);
	check_file(out, &to, wanted, "/x");
	plaintext_release(&to);
	proof_release(&got);
	proof_release(&proof);
}

static struct output *output_of(const char *name)
{
	char *dir = g_build_filename(folder, name, NULL);
	struct output *out;
	struct error err;

	assert_int_equal(output_new(&out, dir, &err), OK);
	g_free(dir);
	return out;
}

static void test_threads(void **state)
{
	static const bool wanted[][HASHES] = { { 0 },
		                               { true, false, true },
		                               { true, true, true },
		                               { false, true, false } };
	static const unsigned jobs[] = { 1, 2, 3, 7 };
	static const unsigned buffers[] = { 1, 2, 8 };
	uint64_t bad = 3 * SPAN_BYTES + 700;
	struct output *out = output_of("threads");

	(void)state;
	for (size_t i = 0; i < DISK; i++)
		disk[i] = (uint8_t)(i * 2654435761u >> 13);
	for (size_t w = 0; w < G_N_ELEMENTS(wanted); w++)
		for (size_t j = 0; j < G_N_ELEMENTS(jobs); j++)
			for (size_t b = 0; b < G_N_ELEMENTS(buffers); b++) {
				/* the end is data, or zeros, or neither */
				struct ciphertext in = stream_of(SIZE, NULL);

				run(out, &in, wanted[w], jobs[j], buffers[b]);
				in = stream_of(SIZE + 5000, &bad);
				run(out, &in, wanted[w], jobs[j], buffers[b]);
				in = stream_of(0, NULL);
				run(out, &in, wanted[w], jobs[j], buffers[b]);
			}
	output_free(out);
}

/* Nothing can be written: one error, one end, and no thread is left. */
static void test_failure(void **state)
{
	static const bool wanted[HASHES] = { true, false, true };
	struct output *out = output_of("failure");
	const struct ciphertext in = stream_of(SIZE, NULL);

	(void)state;
	for (unsigned jobs = 1; jobs < 8; jobs++) {
		struct pipeline_order order = { .in = in,
			                        .fek = &fek,
			                        .buffers = 4 };
		struct plaintext to;
		struct error err;

		assert_int_equal(plaintext_begin(&to, out, wanted, &err), OK);
		close(to.file.fd);
		to.file.fd = -1;
		order.to = &to;
		run_order(&order, jobs);
		assert_int_equal(got_err.status, E_IO);
		plaintext_release(&to);
		proof_release(&got);
	}
	output_free(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_failure),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
