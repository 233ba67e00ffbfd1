/* SPDX-License-Identifier: MIT */
/*
 * front.c - whole evidence through the program, from its bytes on
 */
#include "tests/fuzz/front.h"
#include "tests/fuzz/case_heap.h"
#include "tests/fuzz/patch.h"
#include "tests/fuzz/quiet.h"
#include "tests/fuzz/repair.h"

#include "analyzer/say.h"
#include "analyzer/workspace.h"

#include <assert.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BASES    "build/fuzz"
#define SECTOR   512u
#define PAGE     4096u
#define READ_ALL 0x400000 /* bytes of a source that are read through */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A file of a base, and what becomes of it. */
struct part {
	char *path; /* in the scratch folder */
	uint8_t *base, *now;
	gsize size, left; /* bytes of the two */
	bool patched;
};

/* A sector that patches may be in. */
struct spot {
	struct part *part;
	gsize at, n;
};

struct base {
	GPtrArray *parts; /* of struct part *; the first is the evidence */
	GArray *places;   /* of struct spot */
	struct options o;
};

static char *scratch;
static GPtrArray *bases; /* of struct base * */

/* ------------------------------------------------------------------- bases */

/* Ciphertext and what was compressed have next to no zeros. */
static bool is_structure(const uint8_t *p, size_t n)
{
	size_t zeros = 0;

	for (size_t i = 0; i < n; i++)
		zeros += !p[i];
	return zeros > n / 32 && zeros < n;
}

static void add_places(GArray *places, struct part *part)
{
	for (gsize at = 0; at < part->size; at += SECTOR) {
		struct spot place = { part, at, MIN(SECTOR, part->size - at) };
		bool end = !at || at + SECTOR >= part->size;

		/* A small file is all structure. */
		if (end || part->size < 32 * SECTOR ||
		    is_structure(part->base + at, place.n))
			g_array_append_val(places, place);
	}
}

/* `left` bytes of `now`: the pages that were patched, or cut off; at first
   all. */
static void write_pages(const struct part *part, const uint8_t *now, gsize left)
{
	int fd = open(part->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	bool ok = fd >= 0;

	for (gsize at = 0; ok && at < part->size; at += PAGE) {
		gsize n = MIN(PAGE, part->size - at);

		if (part->patched && at + n <= part->left &&
		    !memcmp(part->now + at, part->base + at, n))
			continue;
		ok = pwrite(fd, now + at, n, (off_t)at) == (ssize_t)n;
	}
	if (!ok || ftruncate(fd, (off_t)left) || close(fd))
		abort();
}

static void add_part(struct base *base, const char *folder, const char *name)
{
	struct part *part = g_new0(struct part, 1);
	char *from = g_build_filename(BASES, folder, name, NULL);

	part->path = g_build_filename(scratch, folder, name, NULL);
	if (!g_file_get_contents(from, (char **)&part->base, &part->size, NULL))
		abort();
	part->now = g_memdup2(part->base, part->size);
	part->left = part->size;
	write_pages(part, part->now, part->left);
	g_ptr_array_add(base->parts, part);
	add_places(base->places, part);
	g_free(from);
}

static int by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_files(struct base *base, const char *folder)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	char *from = g_build_filename(BASES, folder, NULL);
	char *to = g_build_filename(scratch, folder, NULL);
	GDir *dir = g_dir_open(from, 0, NULL);
	const char *name;

	if (!dir || g_mkdir_with_parents(to, 0700)) {
		fprintf(stderr, "%s: make build/fuzz.made\n", from);
		abort();
	}
	while ((name = g_dir_read_name(dir)))
		g_ptr_array_add(names, g_strdup(name));
	g_dir_close(dir);
	g_ptr_array_sort(names, by_name);
	for (guint i = 0; i < names->len; i++)
		add_part(base, folder, names->pdata[i]);
	g_ptr_array_free(names, TRUE);
	g_free(to);
	g_free(from);
}

/* The command line is the same in every run. */
static void parse_options(struct base *base)
{
	static const struct command *const commands[] = {
		[RUN_AUDIT] = &command_audit,
		[RUN_KEYS] = &command_keys,
		[RUN_RECOVER] = &command_recover,
	};
	const struct command *command = commands[fuzz_front.mode];
	const struct part *first = base->parts->pdata[0];
	GStrvBuilder *words = g_strv_builder_new();
	char *out = g_strdup_printf("--output=%s/out", scratch);
	char **argv, **given;

	g_strv_builder_add_many(words, command->name, first->path, "--jobs=1",
	                        NULL);
	for (const char *const *w = fuzz_front.words; w && *w; w++)
		g_strv_builder_add(words, *w);
	if (fuzz_front.mode == RUN_RECOVER)
		g_strv_builder_add(words, out);
	given = g_strv_builder_end(words);
	/* The parser moves what it is given. */
	argv = g_memdup2(given, (g_strv_length(given) + 1) * sizeof(*given));
	if (!options_parse(&base->o, command, (int)g_strv_length(given), argv))
		abort();
	g_free(argv);
	g_strfreev(given);
	g_strv_builder_unref(words);
	g_free(out);
}

#ifdef SANITIZED
/*
 * Who asks for a GiB at once gets none, as from a machine that has none:
 * libraries go on without, and GLib, for all of ours, ends the program.  A
 * run frees a few MiB, and they stay poisoned to its end.
 */
#define LARGE "allocator_may_return_null=1:max_allocation_size_mb=1024"
const char *__asan_default_options(void);
const char *__tsan_default_options(void);

const char *__asan_default_options(void)
{
	return LARGE ":quarantine_size_mb=16:max_malloc_fill_size=256";
}

const char *__tsan_default_options(void)
{
	return LARGE;
}

/* What libewf loses of a table of chunks that it refuses; nothing of ours. */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libmfdata_list_element_initialize\n";
}

/*
 * GLib loses its table of strings on purpose each time that it grows: after
 * some two thousand of them, which no run has.  What libarchive says of ten
 * thousand damaged archives is more.
 */
const gchar *g_intern_string(const gchar *s)
{
	static GHashTable *strings;
	static GMutex lock;
	gpointer known;

	g_mutex_lock(&lock);
	if (!strings)
		strings = g_hash_table_new(g_str_hash, g_str_equal);
	known = g_hash_table_lookup(strings, s);
	if (!known) {
		known = g_strdup(s);
		g_hash_table_add(strings, known);
	}
	g_mutex_unlock(&lock);
	return known;
}
#endif

/* What GLib ends a program with, and libFuzzer does not know. */
static void on_trap(int number)
{
	(void)number;
	abort();
}

static void remove_scratch(void)
{
	remove_tree(scratch);
}

static void start(void)
{
	scratch = g_dir_make_tmp("efsleuth-fuzz-XXXXXX", NULL);
	if (!scratch || atexit(remove_scratch))
		abort();
	(void)setenv("TZ", "UTC0", 1);
	(void)signal(SIGTRAP, on_trap);
	case_heap_use();
	bases = g_ptr_array_new();
	for (const char *const *name = fuzz_front.bases; *name; name++) {
		struct base *base = g_new0(struct base, 1);

		base->parts = g_ptr_array_new();
		base->places = g_array_new(FALSE, FALSE, sizeof(struct spot));
		add_files(base, *name);
		parse_options(base);
		g_ptr_array_add(bases, base);
	}
}

/* ----------------------------------------------------------------- patches */

/* A byte that a patch may be at, and how many the file has from there. */
static uint8_t *find(const struct base *base, const uint8_t *place, size_t *n,
                     struct part **part)
{
	uint64_t at = fuzz_get(place, 3);
	const struct spot *spot = &g_array_index(
		base->places, struct spot, at / SECTOR % base->places->len);

	at = spot->at + at % SECTOR % spot->n;
	*part = spot->part;
	*n = spot->part->size - at;
	return spot->part->now + at;
}

/* To the number of n bytes there, the lowest first. */
static void add(uint8_t *to, const uint8_t *from, size_t n)
{
	unsigned carry = 0;

	for (size_t i = 0; i < n; i++) {
		carry += to[i] + from[i];
		to[i] = (uint8_t)carry;
		carry >>= 8;
	}
}

/* `from`: a place, and a number of eights of bytes, less one. */
static void copy(const struct base *base, uint8_t *to, size_t room,
                 const uint8_t *from)
{
	struct part *part;
	size_t n, most = PATCH_COPY * ((size_t)from[3] + 1);
	const uint8_t *p = find(base, from, &n, &part);

	memmove(to, p, MIN(MIN(n, room), most));
}

/* n bytes of data; up to the end of the file, whatever of that was cut. */
static void patch(const struct base *base, const uint8_t *place, unsigned how,
                  const uint8_t *data, size_t n)
{
	struct part *part;
	size_t room;
	uint8_t *to = find(base, place, &room, &part);

	part->patched = true;
	if (!n)
		part->left = MIN(part->left, (gsize)(to - part->now));
	else if (how == PATCH_ADD)
		add(to, data, MIN(n, room));
	else if (how == PATCH_OTHER && n >= 4)
		copy(base, to, room, data);
	else
		memcpy(to, data, MIN(n, room));
}

static void apply(const struct base *base, const uint8_t *data, size_t size)
{
	while (size >= PATCH_HEAD && base->places->len) {
		size_t n = data[3] & PATCH_MOST;

		n = MIN(n, size - PATCH_HEAD);
		patch(base, data, data[3] & (uint8_t)~PATCH_MOST,
		      data + PATCH_HEAD, n);
		data += PATCH_HEAD + n;
		size -= PATCH_HEAD + n;
	}
}

static void write_parts(const struct base *base, bool repaired)
{
	for (guint i = 0; i < base->parts->len; i++) {
		struct part *part = base->parts->pdata[i];

		if (!part->patched)
			continue;
		if (repaired && fuzz_front.repair)
			fuzz_front.repair(part->base, part->now, part->left);
		write_pages(part, part->now, part->left);
	}
}

static void restore(const struct base *base)
{
	for (guint i = 0; i < base->parts->len; i++) {
		struct part *part = base->parts->pdata[i];

		if (!part->patched)
			continue;
		write_pages(part, part->base, part->size);
		memcpy(part->now, part->base, part->size);
		part->left = part->size;
		part->patched = false;
	}
}

/* --------------------------------------------------------------------- run */

/* All of it, or the first of it and the last. */
static void read_through(struct source *s)
{
	static uint8_t buf[1 << 16];
	uint64_t most = MIN(s->size, READ_ALL);
	struct error err;

	for (uint64_t at = 0; at < most; at += sizeof(buf))
		(void)!source_read(s, at, buf,
		                   (size_t)MIN(sizeof(buf), s->size - at),
		                   &err);
	if (s->size > sizeof(buf))
		(void)!source_read(s, s->size - sizeof(buf), buf, sizeof(buf),
		                   &err);
}

static void open_alone(const char *path)
{
	struct source *s;
	struct error err;

	if (source_open(&s, path, &err)) {
		assert(err.what);
		return;
	}
	read_through(s);
	source_free(s);
}

/* Whatever is in the evidence: it is neither a mistake of the user's, nor is
   it a reason for which the output could not be written.  A base opens. */
static void run(const struct base *base, bool patched)
{
	int code;

	open_alone(base->o.args[0]);
	if (base->o.output)
		remove_tree(base->o.output);
	code = run_all(&base->o, fuzz_front.mode);
	say_close();
	assert(!case_heap_leaks());
	if (run_interrupted())
		_Exit(EXIT_INTERRUPTED);
	assert(code == EXIT_OK || code == EXIT_CLOSED ||
	       (patched && (code == EXIT_EVIDENCE || code == EXIT_KEYS)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct base *base;

	if (!scratch)
		start();
	if (!size)
		return 0;
	base = bases->pdata[(*data & ~PATCH_RAW) % bases->len];
	apply(base, data + 1, size - 1);
	write_parts(base, !(*data & PATCH_RAW));
	quiet_begin();
	run(base, size > 1);
	quiet_end();
	restore(base);
	return 0;
}
