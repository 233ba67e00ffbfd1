/* SPDX-License-Identifier: MIT */
/*
 * batch_table.c - how each image of a batch ended
 */
#include "analyzer/batch_table.h"
#include "analyzer/say.h"
#include "reports/csv_parts.h"
#include "reports/each.h"

#include <errno.h>

const char *image_state_name(enum image_state state)
{
	static const char *const names[IMAGE_STATES] = {
		[IMAGE_REFUSED] = "refused", [IMAGE_UNFINISHED] = "unfinished",
		[IMAGE_FAILED] = "failed",   [IMAGE_CLOSED] = "closed",
		[IMAGE_DONE] = "done",
	};

	return names[state];
}

static enum image_state state_of(int code)
{
	switch (code) {
	case EXIT_OK:
		return IMAGE_DONE;
	case EXIT_CLOSED:
		return IMAGE_CLOSED;
	case EXIT_EVIDENCE:
	case EXIT_KEYS:
		return IMAGE_FAILED;
	default:
		return IMAGE_UNFINISHED;
	}
}

/* Whoever looks for the image looks into the list that he wrote. */
static void name_line(const struct image *image, struct mark *mark)
{
	char *reason;

	if (!image->line || !mark->reason)
		return;
	reason = g_strdup_printf("line %u: %s", image->line, mark->reason);
	g_free(mark->reason);
	mark->reason = reason;
}

enum image_state image_state(const struct batch *b, const struct image *image,
                             struct mark *mark)
{
	char *folder, *path, *failed;
	enum image_state state = IMAGE_UNFINISHED;

	*mark = (struct mark){ .code = EXIT_EVIDENCE,
		               .reason = g_strdup(image->problem) };
	if (image->problem) {
		name_line(image, mark);
		return IMAGE_REFUSED;
	}
	folder = batch_path(b, "images", image->label);
	path = g_build_filename(folder, MARK_NAME, NULL);
	failed = batch_path(b, "failed", image->label);
	if (mark_read(path, mark)) {
		state = state_of(mark->code);
	} else if (!mark_read(failed, mark)) {
		mark->code = -1;
		mark->reason = g_strdup("its task has not ended");
	}
	name_line(image, mark);
	g_free(failed);
	g_free(path);
	g_free(folder);
	return state;
}

bool batch_is_unfinished(const struct batch *b)
{
	bool unfinished = false;

	for (guint i = 0; i < b->images->len && !unfinished; i++) {
		struct mark mark;

		unfinished = image_state(b, b->images->pdata[i], &mark) ==
		             IMAGE_UNFINISHED;
		mark_release(&mark);
	}
	return unfinished;
}

static void put_row(struct csv *csv, const struct batch *b,
                    const struct image *image)
{
	struct mark mark;
	enum image_state state = image_state(b, image, &mark);
	char *seconds = g_strdup_printf("%.3f", mark.seconds);
	char *code = g_strdup_printf("%d", mark.code);
	const struct case_totals *t = &mark.totals;

	csv_text(csv, image->label);
	csv_text(csv, image->evidence);
	csv_plain(csv, image_state_name(state));
	csv_plain(csv, mark.code < 0 ? "" : code);
	csv_text(csv, mark.reason);
	csv_plain(csv, seconds);
	csv_number(csv, t->objects);
	csv_number(csv, t->files);
	csv_number(csv, t->bytes);
	csv_number(csv, t->recovered);
	csv_number(csv, t->recovered_bytes);
	csv_end_row(csv);
	g_free(code);
	g_free(seconds);
	mark_release(&mark);
}

enum status batch_table_write(const struct batch *b, const char *path,
                              struct error *err)
{
	FILE *out = fopen(path, "wxe");
	struct csv csv = { .out = out };
	enum status st;

	if (!out)
		return fail(err, E_IO, 0, g_strerror(errno));
	(void)fputs(
		"label,evidence,state,exit,reason,seconds,objects,files,bytes,"
		"recovered,recovered_bytes\r\n",
		out);
	for (guint i = 0; i < b->images->len; i++)
		put_row(&csv, b, b->images->pdata[i]);
	st = report_flush(out, err);
	if (fclose(out) && !st)
		st = fail(err, E_IO, 0, g_strerror(errno));
	return st;
}
