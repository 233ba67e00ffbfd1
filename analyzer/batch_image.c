/* SPDX-License-Identifier: MIT */
/*
 * batch_image.c - the task of one image
 */
#include "analyzer/batch_again.h"
#include "analyzer/batch_table.h"
#include "analyzer/run.h"
#include "analyzer/say.h"

#include <unistd.h>

/* Another attempt would end the same way. */
static bool is_final(int code)
{
	return code == EXIT_OK || code == EXIT_CLOSED ||
	       code == EXIT_EVIDENCE || code == EXIT_KEYS;
}

/* The list with one more; the result owns its array alone. */
static char **with_path(char **list, char *path)
{
	guint n = list ? g_strv_length(list) : 0;
	char **longer = g_new0(char *, n + 2);

	for (guint i = 0; i < n; i++)
		longer[i] = list[i];
	longer[n] = path;
	return longer;
}

/* Keys of this image alone: a folder is searched as evidence is. */
static void add_own_keys(struct options *o, const struct image *image)
{
	bool folder = image->keyring &&
	              g_file_test(image->keyring, G_FILE_TEST_IS_DIR);

	o->keys_from = with_path(NULL, folder ? image->keyring : NULL);
	o->key = with_path(o->key, folder ? NULL : image->keyring);
}

static int run_image(const struct batch *b, const struct image *image,
                     const struct workspace *ws, bool again)
{
	char *args[] = { image->evidence, NULL };
	char *keyring = batch_path(b, "keyring", NULL);
	struct options o = *b->o;
	int code;

	o.args = args;
	o.output = ws->result;
	o.label = image->label;
	o.keyring = batch_wants_keys(b) ? keyring : NULL;
	if (image->volume)
		o.volume = image->volume;
	if (image->snapshots)
		o.snapshots = image->snapshots;
	o.report = NULL;
	o.resume = again;
	add_own_keys(&o, image);
	code = run_all(&o, o.audit ? RUN_AUDIT : RUN_RECOVER);
	g_free(o.keys_from);
	g_free(o.key);
	g_free(keyring);
	return code;
}

static void count(struct mark *mark, const struct workspace *ws)
{
	char *path = g_build_filename(ws->result, "case.db", NULL);
	struct casefile *cf;
	struct error err;

	if (g_file_test(path, G_FILE_TEST_EXISTS) &&
	    !casefile_open(&cf, path, &err)) {
		(void)!casefile_totals(cf, &mark->totals, &err);
		casefile_free(cf);
	}
	g_free(path);
}

/* An audit has none. */
static void remove_files(const struct workspace *ws)
{
	char *files = g_build_filename(ws->result, "files", NULL);

	(void)rmdir(files);
	g_free(files);
}

static bool write_mark(const struct batch *b, const struct workspace *ws,
                       int code, gint64 begun)
{
	char *path = g_build_filename(ws->result, MARK_NAME, NULL);
	struct mark mark = {
		.code = code,
		.seconds = (double)(g_get_monotonic_time() - begun) /
		           G_USEC_PER_SEC,
		.reason = code ? say_last() : NULL,
	};
	bool ok;

	count(&mark, ws);
	if (b->o->audit)
		remove_files(ws);
	/* Where no key could be used there is no folder yet. */
	(void)g_mkdir_with_parents(ws->result, 0777);
	ok = mark_write(path, &mark);
	mark_release(&mark);
	g_free(path);
	return ok;
}

/* The result of the image, if there is one. */
static bool is_finished(const struct batch *b, const struct image *image,
                        int *code)
{
	char *folder = batch_path(b, "images", image->label);
	char *path = g_build_filename(folder, MARK_NAME, NULL);
	struct mark mark;
	bool finished = mark_read(path, &mark);

	*code = mark.code;
	mark_release(&mark);
	g_free(path);
	g_free(folder);
	return finished;
}

static int publish(const struct batch *b, const struct image *image,
                   struct workspace *ws, int code)
{
	char *as = batch_path(b, "images", image->label);
	struct error err;
	enum status st = workspace_publish(ws, as, &err);

	if (st == E_ABSENT && is_finished(b, image, &code)) {
		say_info("%s: another task was faster", image->label);
	} else if (st) {
		(void)say_file(as, &err);
		code = EXIT_OUTPUT;
	} else {
		char *failed = batch_path(b, "failed", image->label);

		(void)unlink(failed);
		g_free(failed);
	}
	g_free(as);
	return code;
}

static int work(const struct batch *b, const struct image *image)
{
	char *in = batch_path(b, "unfinished", NULL);
	gint64 begun = g_get_monotonic_time();
	struct workspace ws;
	struct error err;
	int code = EXIT_OUTPUT;

	if (workspace_new(&ws, in, image->label, &err)) {
		(void)say_file(in, &err);
	} else {
		bool again = !b->o->audit && batch_again(&ws, in, image->label);

		code = run_image(b, image, &ws, again);
		if (is_final(code) && !write_mark(b, &ws, code, begun)) {
			say("%s: its result cannot be written", image->label);
			code = EXIT_OUTPUT;
		}
		if (is_final(code))
			code = publish(b, image, &ws, code);
		else if (code == EXIT_INTERRUPTED || code == EXIT_OUTPUT)
			workspace_leave(&ws);
		else
			workspace_drop(&ws);
	}
	g_free(in);
	return code;
}

int batch_image(struct batch *b, unsigned number)
{
	const struct image *image;
	int code;

	if (!number || number > b->images->len) {
		say("there is no image %u: the manifest has %u", number,
		    b->images->len);
		return EXIT_USAGE;
	}
	image = b->images->pdata[number - 1];
	if (image->problem) {
		say("line %u of the manifest: %s", image->line, image->problem);
		return EXIT_EVIDENCE;
	}
	if (is_finished(b, image, &code)) {
		say_info("%s is finished: nothing to do", image->label);
		return code;
	}
	if (batch_wants_keys(b) && !batch_has_keys(b)) {
		say("the task \"keys\" comes before those of images");
		return EXIT_KEYS;
	}
	return work(b, image);
}
