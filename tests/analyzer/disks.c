/* SPDX-License-Identifier: MIT */
/*
 * disks.c - virtual disks made by qemu-img, read, patched and damaged
 */
#include "tests/analyzer/disks.h"

#include <string.h>
#include <unistd.h>

uint8_t disk_bytes[DISK_SIZE];

static uint32_t next_random(uint32_t *state)
{
	*state = (uint32_t)(UINT64_C(1664525) * *state + 1013904223);
	return *state >> 8;
}

static void fill(void)
{
	static const char text[] = "A quick brown fox jumps over the dog. ";
	uint32_t state = 1;

	for (size_t i = 0; i < DISK_SIZE; i++) {
		size_t unit = i / 40000 % 5;

		if (unit < 2)
			disk_bytes[i] = (uint8_t)next_random(&state);
		else if (unit < 4)
			disk_bytes[i] = (uint8_t)text[i % (sizeof(text) - 1)];
	}
	/* a hole larger than any unit */
	memset(disk_bytes + (1 << 20), 0, 2 << 20);
}

char *disk_path(const char *name)
{
	return g_build_filename(folder, name, NULL);
}

int disks_make(void **state)
{
	char *path;

	if (folder_make(state))
		return -1;
	fill();
	path = disk_path("raw.dd");
	assert_true(g_file_set_contents(path, (const char *)disk_bytes,
	                                DISK_SIZE, NULL));
	g_free(path);
	return 0;
}

void disk_run(const char *command)
{
	char *argv[] = { (char[]){ "sh" }, (char[]){ "-ec" }, g_strdup(command),
		         NULL };
	char *said = NULL;
	int status = -1;

	(void)g_spawn_sync(folder, argv, NULL,
	                   G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL,
	                   NULL, NULL, NULL, &said, &status, NULL);
	if (status)
		print_error("%s: %s\n", command, said);
	assert_int_equal(status, 0);
	g_free(said);
	g_free(argv[2]);
}

struct source *disk_open(const char *name)
{
	char *path = disk_path(name);
	struct source *s;
	struct error err = { 0 };

	if (source_open(&s, path, &err))
		print_error("%s: %s\n", name, err.what);
	assert_non_null(s);
	g_free(path);
	return s;
}

/* Pieces of n bytes, one behind the other. */
static void check_pieces(struct source *s, const uint8_t *wanted, size_t size,
                         size_t n)
{
	uint8_t *buf = g_malloc(n);
	struct error err;

	for (size_t at = 0; at < size; at += n) {
		size_t part = MIN(n, size - at);

		assert_int_equal(source_read(s, at, buf, part, &err), OK);
		assert_memory_equal(buf, wanted + at, part);
	}
	g_free(buf);
}

static void check_random(struct source *s, const uint8_t *wanted, size_t size)
{
	uint8_t buf[20000];
	uint32_t state = 7;
	struct error err;

	for (unsigned i = 0; i < 300; i++) {
		size_t at = next_random(&state) % size;
		size_t n = next_random(&state) % sizeof(buf);

		n = MIN(n, size - at);
		assert_int_equal(source_read(s, at, buf, n, &err), OK);
		assert_memory_equal(buf, wanted + at, n);
	}
}

static void check_bytes(struct source *s, const uint8_t *wanted, size_t n)
{
	check_pieces(s, wanted, n, 1 << 20);
	check_pieces(s, wanted, n, 3001);
	check_random(s, wanted, n);
}

void disk_is(const char *name, const uint8_t *wanted, size_t n)
{
	struct source *s = disk_open(name);

	assert_int_equal(s->size, n);
	if (s->problem)
		print_error("%s: %s\n", name, s->problem);
	assert_null(s->problem);
	check_bytes(s, wanted, n);
	source_free(s);
}

/* Some formats have disks of whole cylinders or clusters only. */
void disk_is_whole(const char *name)
{
	struct source *s = disk_open(name);

	if (s->problem)
		print_error("%s: %s\n", name, s->problem);
	assert_null(s->problem);
	assert_true(s->size >= DISK_SIZE);
	assert_true(s->size < DISK_SIZE + (1 << 20));
	check_bytes(s, disk_bytes, DISK_SIZE);
	source_free(s);
}

void disk_refused(const char *name, enum status status, const char *what)
{
	char *path = disk_path(name);
	struct source *s;
	struct error err = { 0 };

	assert_int_equal(source_open(&s, path, &err), status);
	assert_null(s);
	if (!strstr(err.what, what))
		print_error("%s: %s\n", name, err.what);
	assert_non_null(strstr(err.what, what));
	g_free(path);
}

struct source *disk_problem(const char *name, const char *says)
{
	struct source *s = disk_open(name);

	assert_non_null(s->problem);
	if (!strstr(s->problem, says))
		print_error("%s: %s\n", name, s->problem);
	assert_non_null(strstr(s->problem, says));
	return s;
}

void disk_fact(const char *name, const char *fact, const char *wanted)
{
	struct source *s = disk_open(name);
	const char *got = NULL;

	for (size_t i = 0; i < facts_count(&s->facts); i++)
		if (!strcmp(facts_name(&s->facts, i), fact))
			got = facts_value(&s->facts, i);
	assert_non_null(got);
	assert_string_equal(got, wanted);
	source_free(s);
}

size_t disk_holes(struct source *s, const uint8_t *wanted, size_t n)
{
	uint8_t buf[512];
	size_t holes = 0;
	struct error err;

	for (size_t at = 0; at < n; at += 512) {
		size_t part = MIN(512, n - at);

		if (source_read(s, at, buf, part, &err)) {
			holes++;
			assert_true(s->bad->len > 0);
			continue;
		}
		assert_memory_equal(buf, wanted + at, part);
	}
	return holes;
}

/* ------------------------------------------------------------------- change */

static FILE *open_at(const char *name, long at)
{
	char *path = disk_path(name);
	FILE *f = fopen(path, "r+b");

	assert_non_null(f);
	assert_int_equal(fseek(f, at, at < 0 ? SEEK_END : SEEK_SET), 0);
	g_free(path);
	return f;
}

void disk_patch(const char *name, long at, const void *p, size_t n)
{
	FILE *f = open_at(name, at);

	assert_int_equal(fwrite(p, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

void disk_get(const char *name, long at, void *p, size_t n)
{
	FILE *f = open_at(name, at);

	assert_int_equal(fread(p, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

long disk_file_size(const char *name)
{
	FILE *f = open_at(name, 0);
	long size;

	assert_int_equal(fseek(f, 0, SEEK_END), 0);
	size = ftell(f);
	assert_int_equal(fclose(f), 0);
	return size;
}

void disk_cut(const char *name, long size)
{
	char *path = disk_path(name);

	assert_int_equal(truncate(path, size), 0);
	g_free(path);
}

/* Whatever it says, the first 16 MiB and the last one. */
static void read_some(struct source *s)
{
	static uint8_t buf[1 << 20];
	struct error err;

	for (unsigned i = 0; i <= 16; i++) {
		uint64_t at = (uint64_t)i << 20;

		if (i == 16)
			at = s->size - MIN(s->size, sizeof(buf));
		if (at >= s->size)
			continue;
		(void)!source_read(s, at, buf,
		                   (size_t)MIN(sizeof(buf), s->size - at),
		                   &err);
	}
}

void disk_mutate(const char *name, long at, long n, unsigned rounds)
{
	char *path = disk_path(name);
	uint32_t state = 5;

	for (unsigned i = 0; i < rounds; i++) {
		long place = at + (long)(next_random(&state) % (uint32_t)n);
		uint8_t old[4], new[4];
		struct source *s;
		struct error err;

		disk_get(name, place, old, 4);
		for (unsigned k = 0; k < 4; k++)
			new[k] = (uint8_t)next_random(&state);
		if (i % 3 == 0)
			memset(new, i % 2 ? 0xff : 0, 4);
		disk_patch(name, place, new, 1 + i % 4);
		if (!source_open(&s, path, &err)) {
			read_some(s);
			source_free(s);
		}
		disk_patch(name, place, old, 4);
	}
	g_free(path);
}
