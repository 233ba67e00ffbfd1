/* SPDX-License-Identifier: MIT */
/*
 * command_cat.c - efsleuth cat: one decrypted file to standard output
 */
#include "analyzer/contain.h"
#include "analyzer/run.h"
#include "analyzer/sandbox_plan.h"
#include "analyzer/say.h"
#include "analyzer/work.h"
#include "recovery/alive.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* What is looked for, and what became of it. */
struct search {
	struct run *run;
	const char *path;    /* as given, with a leading slash */
	char *folded;        /* the same without case */
	uint64_t inode;      /* or this record, if it is not UINT64_MAX */
	const char *view;    /* "v1", "v1.s2": only there; or NULL */
	struct place *place; /* the first that was found: */
	uint64_t number;     /* of its object */
	guint stream;
	struct error crashed; /* why what was asked for by number is not read */
	GString *others;      /* those it was found in after that */
	unsigned found;
};

static enum status put(void *ctx, const uint8_t *p, size_t n, struct error *err)
{
	(void)ctx;
	while (n) {
		ssize_t done = write(STDOUT_FILENO, p, n);

		if (run_interrupted())
			return fail(err, E_IO, 0, "interrupted");
		if (done < 0 && errno != EINTR)
			return fail(err, E_IO, 0, g_strerror(errno));
		if (done < 0)
			continue;
		p += done;
		n -= (size_t)done;
		alive();
	}
	return OK;
}

static enum status put_zeros(void *ctx, uint64_t n, struct error *err)
{
	static const uint8_t zeros[64 * 1024];
	enum status st = OK;

	for (; n && !st; n -= MIN(n, sizeof(zeros)))
		st = put(ctx, zeros, (size_t)MIN(n, sizeof(zeros)), err);
	return st;
}

static bool same_path(const struct search *search, const char *path)
{
	char *folded = g_utf8_casefold(path, -1);
	bool same = !strcmp(folded, search->folded);

	g_free(folded);
	return same;
}

/* Is this stream of this object what was asked for? */
static bool wanted(const struct search *search, const struct work *w,
                   const struct stream *s)
{
	const GPtrArray *paths = w->object.paths;
	bool same = false;

	if (search->inode != UINT64_MAX)
		return w->object.mft == search->inode && !s->name;
	for (guint i = 0; i < paths->len && !same; i++) {
		char *path = g_strconcat(paths->pdata[i], s->name ? ":" : "",
		                         s->name, NULL);

		same = same_path(search, path);
		g_free(path);
	}
	return same;
}

static int closed(const struct search *search, const char *why, int code)
{
	say("%s: %s", search->path, why);
	return code;
}

static int decrypt(const struct search *search, struct work *w,
                   const struct stream *s)
{
	const struct sink sink = { .write = put, .zeros = put_zeros };
	struct proof proof = { 0 };
	struct error err;
	int code = EXIT_OK;

	contain_no_more();
	if (work_decrypt(w, s, &sink, &proof, &err))
		code = closed(search, err.what,
		              run_interrupted() ? EXIT_INTERRUPTED
		                                : EXIT_OUTPUT);
	else if (proof.lost)
		code = closed(search,
		              "some of it could not be read and is zeros",
		              EXIT_CLOSED);
	proof_release(&proof);
	return code;
}

static int show(const struct search *search, struct work *w,
                const struct stream *s)
{
	enum outcome outcome;
	char *why = work_impossible(w, s, &outcome);
	int code;

	if (why) {
		code = closed(search, why, EXIT_CLOSED);
		g_free(why);
		return code;
	}
	if (!(s->flags & NTFS_ATTR_ENCRYPTED))
		return closed(search,
		              "this stream is not encrypted on disk; "
		              "any NTFS reader shows it",
		              EXIT_EVIDENCE);
	work_find_key(w);
	if (!w->opened)
		return closed(search, w->reason, EXIT_CLOSED);
	return decrypt(search, w, s);
}

static void note(struct search *search, struct place *place, uint64_t number,
                 guint stream)
{
	if (search->found++) {
		g_string_append_printf(search->others, "%s%s",
		                       search->others->len ? ", " : "",
		                       place->volume);
		return;
	}
	search->place = place;
	search->number = number;
	search->stream = stream;
}

static void look_at(struct search *search, struct place *place, uint64_t number)
{
	struct error err;
	struct work w;

	if (work_load(&w, place, number, &err)) {
		if (err.status == E_CRASHED && search->inode == number)
			search->crashed = err;
		return;
	}
	for (guint i = 0; i < w.object.streams->len; i++)
		if (wanted(search, &w,
		           &g_array_index(w.object.streams, struct stream, i)))
			note(search, place, number, i);
	work_release(&w);
}

static int show_first(const struct search *search)
{
	struct error err;
	struct work w;
	int code;

	if (work_load(&w, search->place, search->number, &err))
		return closed(search, err.what, EXIT_CLOSED);
	code = show(search, &w,
	            &g_array_index(w.object.streams, struct stream,
	                           search->stream));
	work_release(&w);
	return code;
}

static void look_in_site(struct search *search, struct site *site)
{
	const GArray *records = site->records;

	for (guint i = 0; i < records->len && !run_interrupted(); i++) {
		uint64_t number = g_array_index(records, uint64_t, i);

		if (search->inode == UINT64_MAX || search->inode == number)
			look_at(search, &site->place, number);
	}
}

static int look_in_sites(struct search *search)
{
	const GPtrArray *sites = search->run->sites;

	for (guint i = 0; i < sites->len; i++) {
		struct site *site = sites->pdata[i];

		if (!site->keys_only &&
		    (!search->view ||
		     !strcmp(search->view, site->place.volume)))
			look_in_site(search, site);
	}
	if (search->found > 1)
		say("%s: there are %u files of this path; this is that of %s, "
		    "the others are on %s: a path as in %s/dir/file selects",
		    search->path, search->found, search->place->volume,
		    search->others->str, search->place->volume);
	if (search->found)
		return show_first(search);
	if (search->crashed.status)
		return closed(search, search->crashed.what, EXIT_CLOSED);
	say("%s: there is no encrypted file of this path; `efsleuth audit` "
	    "lists them",
	    search->path);
	return EXIT_EVIDENCE;
}

/* "41" or "inode 41" is a record number; all else is a path. */
static void parse_path(struct search *search, const char *given)
{
	const char *digits =
		g_str_has_prefix(given, "inode ") ? given + 6 : given;
	char *path = g_strconcat(*given == '/' ? "" : "/", given, NULL);

	search->path = given;
	search->inode = UINT64_MAX;
	if (*digits && !digits[strspn(digits, "0123456789")])
		search->inode = g_ascii_strtoull(digits, NULL, 10);
	search->folded = g_utf8_casefold(path, -1);
	g_free(path);
}

/* What is asked for. */
struct request {
	struct run *run;
	const char *view, *path;
};

static int with_keys(void *ctx)
{
	const struct request *request = ctx;
	struct run *run = request->run;
	struct search search = { .run = run, .view = request->view };
	struct error err;
	int code;

	if (casefile_new(&run->cf, NULL, &err) || run_find(run, &err)) {
		say("the case: %s", err.what);
		return EXIT_OUTPUT;
	}
	if (run->evidence_failed)
		return EXIT_EVIDENCE;
	run_unlock(run);
	parse_path(&search, request->path);
	search.others = g_string_new(NULL);
	code = look_in_sites(&search);
	g_string_free(search.others, TRUE);
	g_free(search.folded);
	run_release(run);
	return code;
}

/* The bytes of "v1/" or "v1.s2/" that a path begins with, without the slash;
   the number of the shadow copy. */
static size_t view_prefix(const char *path, char **snapshot)
{
	size_t n = strspn(path + (*path == 'v'), "0123456789") + 1, m;

	if (*path != 'v' || n == 1)
		return 0;
	if (path[n] == '/')
		return n;
	m = strncmp(path + n, ".s", 2) ? 0 : strspn(path + n + 2, "0123456789");
	if (!m || path[n + 2 + m] != '/')
		return 0;
	*snapshot = g_strndup(path + n + 2, m);
	return n + 2 + m;
}

static int cat(const struct options *o)
{
	char *evidence[] = { o->args[0], NULL }, *snapshot = NULL;
	size_t prefix = view_prefix(o->args[1], &snapshot);
	char *view = prefix ? g_strndup(o->args[1], prefix) : NULL;
	struct options one = *o;
	struct run run;
	int code = EXIT_KEYS;

	one.args = evidence;
	if (snapshot)
		one.snapshots = snapshot;
	run_init(&run, &one, RUN_AUDIT);
	if (run_keys(&run))
		code = contain(
			with_keys,
			&(struct request){ &run, view, o->args[1] + prefix });
	else
		say("none of the key files could be used");
	run_release(&run);
	g_free(snapshot);
	g_free(view);
	return code;
}

const struct command command_cat = {
	.name = "cat",
	.args = "EVIDENCE PATH",
	.about = "one decrypted file to standard output",
	.help = "PATH is as `audit` prints it, with :STREAM for an alternate "
		"data stream, or the\nnumber of its MFT record; v1/PATH or "
		"v1.s2/PATH is that of a volume or a\nshadow copy.",
	.takes = TAKES_KEYS | TAKES_EVIDENCE,
	.least = 2,
	.most = 2,
	.plan = plan_first,
	.run = cat,
};
