/* SPDX-License-Identifier: MIT */
/*
 * ewf_set.c - the files of one EnCase or SMART image
 */
#include "analyzer/ewf_set.h"
#include "parsers/limits.h"

#include <inttypes.h>
#include <string.h>

#define LAST_DIGITS 99u /* .E99 */

/* ------------------------------------------------------------------ names */

/* E01 to E99, then EAA to EZZ, FAA to ZZZ; S01 in the same way. */
unsigned ewf_name_number(const char *name)
{
	const char *dot = strrchr(name, '.');
	int a, b, c;

	if (!dot || strlen(dot) != 4)
		return 0;
	a = (unsigned char)g_ascii_toupper(dot[1]);
	b = (unsigned char)g_ascii_toupper(dot[2]);
	c = (unsigned char)g_ascii_toupper(dot[3]);
	if ((a == 'E' || a == 'S') && g_ascii_isdigit(b) && g_ascii_isdigit(c))
		return (unsigned)((b - '0') * 10 + c - '0');
	if (!g_ascii_isupper(a) || !g_ascii_isupper(b) || !g_ascii_isupper(c))
		return 0;
	/* Names of E01's first: those of S01 begin at its own letter. */
	return 100 + (unsigned)(((a - 'E') * 26 + b - 'A') * 26 + c - 'A');
}

static unsigned number_of(const char *name, bool smart)
{
	unsigned skip = ('S' - 'E') * 26 * 26;
	unsigned n = ewf_name_number(name);

	if (n < 100 || !smart)
		return n <= LIMIT_EWF_SEGMENTS ? n : 0;
	return n >= 100 + skip ? n - skip : 0;
}

/* The names, but for the last three letters, are the same. */
static bool same_stem(const char *a, const char *b)
{
	size_t n = strlen(a);

	return n > 3 && n == strlen(b) && !memcmp(a, b, n - 3);
}

static void add_problem(struct ewf_set *set, const char *path,
                        const char *format, ...) G_GNUC_PRINTF(3, 4);

static void add_problem(struct ewf_set *set, const char *path,
                        const char *format, ...)
{
	va_list args;

	if (set->problem->len)
		g_string_append(set->problem, "; ");
	g_string_append_printf(set->problem, "%s ", path);
	va_start(args, format);
	g_string_append_vprintf(set->problem, format, args);
	va_end(args);
}

/* -------------------------------------------------------- one file of many */

static enum status read_head(struct source *s, unsigned *number,
                             struct error *err)
{
	size_t n = (size_t)MIN(s->size, EWF_HEAD_SIZE);
	uint8_t buf[EWF_HEAD_SIZE];
	struct bytes head = { buf, n, 0 };
	enum status st = source_read(s, 0, buf, n, err);

	if (!st && ewf_kind(head) != EWF_DISK)
		st = fail(err, E_ABSENT, 0, "is no segment of an EnCase image");
	return st ? st : ewf_segment_parse(number, head, err);
}

/* Is it of another image than the first?  What is not known is the same. */
static bool other_set(const struct ewf_set *set, const struct ewf_segment *s)
{
	static const uint8_t none[EWF_SET_SIZE];

	if (!s->volume)
		return false;
	if (memcmp(s->v.set, none, EWF_SET_SIZE) != 0 &&
	    memcmp(set->v.set, none, EWF_SET_SIZE) != 0)
		return memcmp(s->v.set, set->v.set, EWF_SET_SIZE) != 0;
	return s->v.chunk != set->v.chunk || (s->v.sectors && set->v.sectors &&
	                                      s->v.sectors != set->v.sectors);
}

static void free_segment(struct ewf_segment *segment)
{
	g_free(segment->path);
	if (segment->wild)
		g_array_free(segment->wild, TRUE);
}

static void put_segment(struct ewf_set *set, unsigned number,
                        const struct ewf_segment *segment)
{
	if (set->list->len < number)
		g_array_set_size(set->list, number);
	g_array_index(set->list, struct ewf_segment, number - 1) = *segment;
}

/* A file whose name says that it is segment `named`. */
static void add_file(struct ewf_set *set, const char *path, unsigned named,
                     struct source *s)
{
	struct ewf_segment segment = { 0 };
	size_t problems = set->problem->len;
	const struct ewf_segment *old = NULL;
	unsigned number;
	struct error err;

	if (read_head(s, &number, &err)) {
		/* ".raw" and ".txt" could be names of segments, too */
		if (err.status == E_ABSENT && named > LAST_DIGITS)
			return;
		add_problem(set, path, "%s", err.what);
		return;
	}
	if (number > LIMIT_EWF_SEGMENTS) {
		add_problem(set, path, "has a segment number that is too high");
		return;
	}
	if (number <= set->list->len)
		old = &g_array_index(set->list, struct ewf_segment, number - 1);
	if (old && old->size) {
		add_problem(set, path, "is segment %u once more, as %s is",
		            number, old->path);
		return;
	}
	segment.path = g_strdup(path);
	ewf_segment_look(set, &segment, s);
	if (other_set(set, &segment)) {
		g_string_truncate(set->problem, problems);
		add_problem(set, path,
		            "is segment %u of another image, and left out",
		            number);
		free_segment(&segment);
		return;
	}
	if (number != named)
		g_string_append_printf(
			set->note, "%s%s is segment %u by its header",
			set->note->len ? "; " : "", path, number);
	put_segment(set, number, &segment);
}

/* ----------------------------------------------------------- all the files */

struct name {
	unsigned number;
	char *name;
};

static gint by_number(gconstpointer a, gconstpointer b)
{
	const struct name *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* All files beside it that are called as if they were its segments. */
static GArray *names_beside(const char *path)
{
	GArray *names = g_array_new(FALSE, FALSE, sizeof(struct name));
	char *folder = g_path_get_dirname(path);
	char *base = g_path_get_basename(path);
	size_t n = strlen(base);
	bool smart = n > 3 && g_ascii_toupper(base[n - 3]) == 'S' &&
	             g_ascii_isdigit(base[n - 1]);
	GDir *dir = number_of(base, smart) ? g_dir_open(folder, 0, NULL) : NULL;
	const char *entry;

	while (dir && (entry = g_dir_read_name(dir))) {
		struct name name = { number_of(entry, smart), NULL };

		if (!name.number || !same_stem(base, entry) ||
		    !strcmp(base, entry))
			continue;
		name.name = g_build_filename(folder, entry, NULL);
		g_array_append_val(names, name);
	}
	if (dir)
		g_dir_close(dir);
	g_array_sort(names, by_number);
	g_free(base);
	g_free(folder);
	return names;
}

static void add_beside(struct ewf_set *set, const char *path)
{
	GArray *names = names_beside(path);

	for (guint i = 0; i < names->len; i++) {
		struct name *name = &g_array_index(names, struct name, i);
		struct source *s;
		struct error err;

		if (source_file(&s, name->name, &err)) {
			add_problem(set, name->name, "cannot be opened: %s",
			            err.what);
		} else {
			add_file(set, name->name, name->number, s);
			source_free(s);
		}
		g_free(name->name);
	}
	g_array_free(names, TRUE);
}

/* The first is not the first: where is that? */
static enum status refuse_later(const struct probe *probe, unsigned number,
                                struct error *err)
{
	char *base = probe->path ? g_path_get_basename(probe->path) : NULL;
	char *first = NULL, *what;

	if (base && ewf_name_number(base)) {
		size_t n = strlen(base);
		bool smart = strchr("sS", base[n - 3]) != NULL;
		char *name = g_strdup_printf("%.*s%c01", (int)(n - 3), base,
		                             smart ? 'S' : 'E');

		first = strcmp(name, base) ? source_beside(probe->path, name)
		                           : NULL;
		g_free(name);
	}
	what = g_strdup_printf(
		"this is segment %u of an EnCase image; name the first%s%s",
		number, first ? ", " : ", which is not beside it",
		first ? first : "");
	/* errors do not own their text */
	(void)fail(err, E_ABSENT, 9, g_intern_string(what));
	g_free(what);
	g_free(first);
	g_free(base);
	return err->status;
}

static enum status add_first(struct ewf_set *set, const struct probe *probe,
                             struct error *err)
{
	struct ewf_segment segment = { .path = g_strdup(probe->path) };
	unsigned number = 0;
	enum status st = read_head(probe->under, &number, err);

	if (!st && number != 1)
		st = refuse_later(probe, number, err);
	if (st) {
		g_free(segment.path);
		return st;
	}
	ewf_segment_look(set, &segment, probe->under);
	put_segment(set, 1, &segment);
	set->v = segment.v;
	if (!segment.volume)
		return fail(err, E_CORRUPT, EWF_HEAD_SIZE,
		            "the first segment of an EnCase image is damaged "
		            "where it says what the image is");
	return OK;
}

/* -------------------------------------------------------------------- gaps */

static bool is_whole(const struct ewf_set *set, guint i)
{
	const struct ewf_segment *s =
		&g_array_index(set->list, struct ewf_segment, i);

	/* "done" in the middle: what is behind it is not of this image */
	return s->whole && s->last == (i + 1 == set->list->len);
}

static void name_missing(struct ewf_set *set)
{
	guint n = set->list->len;

	for (guint i = 0; i < n; i++) {
		const struct ewf_segment *s =
			&g_array_index(set->list, struct ewf_segment, i);
		char number[32];

		(void)g_snprintf(number, sizeof(number), "segment %u", i + 1);
		if (!s->size)
			add_problem(set, number, "is missing");
		else if (s->whole && s->last && i + 1 < n)
			add_problem(set, s->path,
			            "ends the image, though more follow");
		else if (s->whole && !s->last && i + 1 == n)
			add_problem(
				set, s->path ? s->path : "the segment",
				"is not the last, and segment %u is missing",
				n + 1);
	}
}

/* Chunks of the segments from one to before another. */
static uint64_t count(const struct ewf_set *set, guint from, guint to)
{
	uint64_t n = 0;

	for (guint i = from; i < to; i++)
		n += g_array_index(set->list, struct ewf_segment, i).chunks;
	return n;
}

/*
 * Everything from the first damage to the last is one gap: how many chunks
 * were in each part of it is not known, only in all of it.
 */
static void find_gap(struct ewf_set *set)
{
	guint n = set->list->len, last = n;
	uint64_t after;

	while (set->first < n && is_whole(set, set->first))
		set->first++;
	while (last > set->first && is_whole(set, last - 1))
		last--;
	set->damaged = set->first < n;
	set->behind = last;
	set->gap = count(set, 0, MIN(set->first + 1, n));
	after = count(set, last, n);
	if (set->damaged && set->gap + after > set->v.chunks && after) {
		add_problem(set, "the segments",
		            "hold more chunks than the image has");
		set->behind = n;
		after = 0;
	}
	if (!set->damaged && set->gap < set->v.chunks) {
		add_problem(set, "the last segment",
		            "ends before the image does");
		set->damaged = true;
		set->first = n - 1;
	}
	if (set->damaged && set->gap + after < set->v.chunks)
		set->missing = set->v.chunks - set->gap - after;
}

/* Those of the segments that libewf is given, with all that is kept of each. */
static void join_wild(struct ewf_set *set)
{
	uint64_t before = 0;

	for (guint i = 0; i < set->list->len; i++) {
		const struct ewf_segment *s =
			&g_array_index(set->list, struct ewf_segment, i);

		if (i > set->first && i < set->behind)
			continue;
		for (guint k = 0; s->wild && k < s->wild->len; k++) {
			uint64_t chunk = g_array_index(s->wild, uint64_t, k);

			chunk += before;
			g_array_append_val(set->wild, chunk);
		}
		before += s->chunks;
	}
}

static int by_chunk(gconstpointer a, gconstpointer b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

bool ewf_set_is_wild(const struct ewf_set *set, uint64_t chunk)
{
	return g_array_binary_search(set->wild, &chunk, by_chunk, NULL);
}

enum status ewf_set_open(struct ewf_set *set, const struct probe *probe,
                         struct error *err)
{
	enum status st;

	*set = (struct ewf_set){
		.list = g_array_new(FALSE, TRUE, sizeof(struct ewf_segment)),
		.under = probe->under,
		.wild = g_array_new(FALSE, FALSE, sizeof(uint64_t)),
		.problem = g_string_new(NULL),
		.note = g_string_new(NULL),
	};
	st = add_first(set, probe, err);
	if (st)
		return st;
	if (probe->path)
		add_beside(set, probe->path);
	name_missing(set);
	find_gap(set);
	join_wild(set);
	return OK;
}

uint64_t ewf_set_held(const struct ewf_set *set)
{
	uint64_t n = 0;

	for (guint i = 0; i < set->list->len; i++)
		n += g_array_index(set->list, struct ewf_segment, i).size;
	return n;
}

void ewf_set_release(struct ewf_set *set)
{
	for (guint i = 0; set->list && i < set->list->len; i++)
		free_segment(&g_array_index(set->list, struct ewf_segment, i));
	if (set->list)
		g_array_free(set->list, TRUE);
	if (set->wild)
		g_array_free(set->wild, TRUE);
	if (set->problem)
		g_string_free(set->problem, TRUE);
	if (set->note)
		g_string_free(set->note, TRUE);
	*set = (struct ewf_set){ 0 };
}
