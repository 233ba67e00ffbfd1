/* SPDX-License-Identifier: MIT */
/*
 * work_stream.c - one stream of an object: decrypt it, and say what proves it
 */
#include "analyzer/plaintext.h"
#include "analyzer/progress.h"
#include "analyzer/say.h"
#include "analyzer/work.h"

#include <inttypes.h>

/* What became of the stream; all owned. */
struct result {
	enum outcome outcome;
	char *reason;
	char *output;
	char md5[DIGEST_HEX], sha256[DIGEST_HEX];
	GArray *holes; /* of struct case_hole */
};

static void set(struct result *r, enum outcome outcome, char *reason)
{
	g_free(r->reason);
	r->outcome = outcome;
	r->reason = reason;
}

static bool stopped(const void *run)
{
	return run_stopped(run);
}

/* ------------------------------------------------------------- the proof */

static void append_behind(GString *s, const struct proof *p)
{
	if (p->padding)
		g_string_append_printf(s, "%" PRIu64 " bytes of padding",
		                       p->padding);
	if (p->padding && p->slack)
		g_string_append(s, " and ");
	if (p->slack)
		g_string_append_printf(s, "%" PRIu64 " bytes of slack",
		                       p->slack);
}

static void append_why_not(GString *s, const struct proof *p)
{
	g_string_append(s, "; but the data itself has no mark that a wrong "
	                   "file key would have failed: ");
	if (!p->padding_zero)
		g_string_append(s, "the padding behind it is not zeros");
	else if (p->padding)
		g_string_append_printf(
			s, "only %" PRIu64 " bytes of padding are behind it",
			p->padding);
	else
		g_string_append(s, "it ends with its last unit");
}

static char *proof_text(const struct proof *p)
{
	GString *s = g_string_new("the file key's structure is valid (a wrong "
	                          "private key would have failed)");

	if (proof_holds(p)) {
		g_string_append(s, "; ");
		append_behind(s, p);
		g_string_append(s, " behind the data decrypt to zeros (a wrong "
		                   "file key would have failed)");
	} else {
		append_why_not(s, p);
	}
	g_string_append(
		s, p->recoded ? "; encrypting it again gives the ciphertext "
				"(this proves the transcription, not the "
				"key)"
			      : "; encrypting it again does NOT give the "
				"ciphertext");
	return g_string_free(s, FALSE);
}

static void keep_holes(struct result *r, const struct proof *p)
{
	for (guint i = 0; i < p->missing->len; i++) {
		const struct missing *m =
			&g_array_index(p->missing, struct missing, i);
		struct case_hole hole = { m->offset, m->size };

		g_array_append_val(r->holes, hole);
	}
}

/*
 * A deleted file's clusters may have been given to others since: then a proof
 * at its end says nothing of its middle.  NULL if all of them are still free.
 */
static char *reused(struct work *w, const struct stream *s)
{
	struct error err;
	uint64_t used;

	if (!w->object.deleted || !w->place->finder->count_used)
		return NULL;
	if (w->place->finder->count_used(w->place->from, s,
	                                 MIN(s->size, s->initialized), &used,
	                                 &err))
		return g_strdup("the file is deleted, and $Bitmap cannot say "
		                "whether its clusters were used again");
	if (!used)
		return NULL;
	return g_strdup_printf("the file is deleted, and clusters with %" PRIu64
	                       " bytes of it are in use again: what they hold "
	                       "may be another's",
	                       used);
}

static void judge_whole(struct result *r, const struct work *w,
                        const struct proof *p, const char *fate)
{
	char *proof = proof_text(p);
	char *text = g_strconcat(proof,
	                         w->description.hash_wrong
	                                 ? "; $EFS was changed after it was "
	                                   "written: its EFS_Hash "
	                                   "does not match"
	                                 : "",
	                         NULL);

	if (fate)
		set(r, OUTCOME_RECOVERED_UNVERIFIED,
		    g_strconcat(fate, "; ", text, NULL));
	else
		set(r,
		    proof_holds(p) ? OUTCOME_RECOVERED_VERIFIED
		                   : OUTCOME_RECOVERED_UNVERIFIED,
		    g_strdup(text));
	g_free(proof);
	g_free(text);
}

static void judge(struct work *w, struct result *r, const struct stream *s,
                  const struct proof *p)
{
	char *fate = reused(w, s);

	keep_holes(r, p);
	if (p->lost)
		set(r, OUTCOME_RECOVERED_PARTIAL,
		    g_strdup_printf(
			    "%" PRIu64 " bytes could not be read and are "
			    "zeros%s%s",
			    p->lost, fate ? "; " : "", fate ? fate : ""));
	else if (!s->size)
		set(r, OUTCOME_RECOVERED_VERIFIED,
		    g_strdup("the stream is empty; the file key's structure is "
		             "valid (a wrong private key would have failed)"));
	else if (!p->decrypted)
		set(r, OUTCOME_RECOVERED_VERIFIED,
		    g_strdup("nothing of the stream is stored: it reads as "
		             "zeros without any key"));
	else
		judge_whole(r, w, p, fate);
	g_free(fate);
}

/* ------------------------------------------------------------ the output */

static void failed(struct work *w, struct result *r, const struct error *err)
{
	if (run_stopped(w->place->run)) {
		set(r, OUTCOME_OUTPUT_FAILED, g_strdup("interrupted"));
		return;
	}
	set(r, OUTCOME_OUTPUT_FAILED, say_error(err));
	if (!w->place->run->output_failed)
		say("%s: %s", w->row.path, r->reason);
	w->place->run->output_failed = true;
}

static enum status publish(struct work *w, const struct stream *s,
                           struct plaintext *p, struct result *r,
                           struct error *err)
{
	struct placement where = {
		.evidence = w->place->evidence,
		.volume = w->place->volume,
		.path = w->row.path,
		.stream = s->name,
		.mft = w->row.mft,
		.accessed = w->row.accessed,
		.modified = w->row.modified,
	};
	enum status st = plaintext_digests(p, r->md5, r->sha256, err);

	if (!st)
		st = output_finish(&p->file, &where, &r->output, err);
	if (st)
		r->md5[0] = r->sha256[0] = '\0';
	return st;
}

static struct ciphertext ciphertext_of(struct work *w, const struct stream *s)
{
	const GArray *list = s->extents.list;
	struct ciphertext in = {
		.size = s->size,
		.initialized = s->initialized,
		.cluster = w->object.cluster,
		.read = w->object.read,
		.read_ctx = w->object.read_ctx,
	};

	if (list) {
		in.extents = (const struct extent *)(const void *)list->data;
		in.n = list->len;
	}
	return in;
}

enum status work_decrypt(struct work *w, const struct stream *s,
                         const struct sink *sink, struct proof *proof,
                         struct error *err)
{
	struct ciphertext in = ciphertext_of(w, s);
	struct cipher c;
	enum status st = cipher_init(&c, &w->filekey.fek, err);

	if (!st)
		st = decrypt_stream(proof, &c, &in, sink, err);
	cipher_release(&c);
	return st;
}

static void decrypt(struct work *w, struct stream *s, struct result *r)
{
	struct run *run = w->place->run;
	struct plaintext p;
	struct sink sink = plaintext_sink(&p);
	struct proof proof = { 0 };
	struct error err;
	enum status st = plaintext_begin(&p, run->out, stopped, run, &err);

	if (!st)
		st = work_decrypt(w, s, &sink, &proof, &err);
	if (!st) {
		run->read_errors += proof.missing->len;
		judge(w, r, s, &proof);
	}
	if (!st && proof.lost && proof.lost >= MIN(s->size, s->initialized))
		set(r, OUTCOME_DATA_UNREADABLE,
		    g_strdup("none of the ciphertext could be read"));
	else if (!st)
		st = publish(w, s, &p, r, &err);
	if (st)
		failed(w, r, &err);
	plaintext_release(&p);
	proof_release(&proof);
}

/* ---------------------------------------- streams that are not encrypted */

static enum status copy_runs(struct work *w, const struct stream *s,
                             struct sink *sink, struct error *err)
{
	uint64_t end = MIN(s->size, s->initialized);
	uint8_t *buf = g_malloc(64 * 1024);
	enum status st = OK;

	for (uint64_t pos = 0; !st && pos < end;) {
		size_t n = (size_t)MIN(end - pos, UINT64_C(64) * 1024);

		st = extents_read(&s->extents, w->object.read,
		                  w->object.read_ctx, pos, buf, n, err);
		if (!st)
			st = sink->write(sink->ctx, buf, n, err);
		pos += n;
	}
	g_free(buf);
	if (!st && s->size > end)
		st = sink->zeros(sink->ctx, s->size - end, err);
	return st;
}

/* A stream in the clear beside encrypted ones: the file is not whole
   without it. */
static void copy(struct work *w, struct stream *s, struct result *r)
{
	struct run *run = w->place->run;
	struct plaintext p;
	struct sink sink = plaintext_sink(&p);
	struct error err;
	enum status st = plaintext_begin(&p, run->out, stopped, run, &err);

	if (!st && s->resident)
		st = sink.write(&p, s->value->data, s->value->len, &err);
	else if (!st)
		st = copy_runs(w, s, &sink, &err);
	if (!st)
		st = publish(w, s, &p, r, &err);
	if (!st)
		set(r, OUTCOME_RECOVERED_UNVERIFIED,
		    g_strdup("this stream is not encrypted on disk: copied as "
		             "it is"));
	else if (err.status == E_TRUNCATED || err.status == E_CORRUPT)
		set(r, OUTCOME_DATA_UNREADABLE, say_error(&err));
	else
		failed(w, r, &err);
	plaintext_release(&p);
}

/* ----------------------------------------------------------- what to do */

/* A size that no volume of this size can hold would only be endless zeros. */
static bool is_oversized(const struct object *o, const struct stream *s)
{
	return !s->resident && s->size > o->room + s->extents.holes;
}

char *work_impossible(const struct work *w, const struct stream *s,
                      enum outcome *outcome)
{
	bool plain = !(s->flags & NTFS_ATTR_ENCRYPTED);

	*outcome = OUTCOME_METADATA_DAMAGED;
	if (s->err.status)
		return say_error(&s->err);
	if (s->initialized > s->size)
		return g_strdup("the initialised size is over the size");
	if (is_oversized(&w->object, s))
		return g_strdup_printf("the size, %" PRIu64
		                       " bytes, is over that of the evidence",
		                       s->size);
	if (s->flags & NTFS_ATTR_COMPRESSED) {
		if (!plain)
			return g_strdup(
				"the stream is marked compressed, which "
				"NTFS never does with an encrypted one: "
				"not decrypted");
		*outcome = OUTCOME_DATA_UNREADABLE;
		return g_strdup("this stream is not encrypted but compressed: "
		                "not copied");
	}
	if (s->resident && s->size && !plain)
		return g_strdup("the stream is marked encrypted, but is "
		                "resident, which NTFS never does: not "
		                "decrypted");
	return NULL;
}

static void do_directory(struct work *w, struct result *r)
{
	struct run *run = w->place->run;
	struct placement where = {
		.evidence = w->place->evidence,
		.volume = w->place->volume,
		.path = w->row.path,
	};
	struct error err;

	if (!w->object.directory) {
		set(r, OUTCOME_METADATA_DAMAGED,
		    g_strdup("the file has no data attribute"));
	} else if (!w->opened) {
		set(r, w->outcome, g_strdup(w->reason));
	} else if (!run->out) {
		set(r, OUTCOME_OPENABLE, NULL);
	} else if (output_directory(run->out, &where, &r->output, &err)) {
		failed(w, r, &err);
	} else {
		set(r, OUTCOME_RECOVERED_VERIFIED,
		    g_strdup("a directory has no ciphertext of its own; the "
		             "file key's structure is valid (a wrong private "
		             "key would have failed)"));
	}
}

static void do_stream(struct work *w, struct stream *s, struct result *r)
{
	bool plain = !(s->flags & NTFS_ATTR_ENCRYPTED);
	bool recover = w->place->run->out;
	enum outcome outcome;
	char *why = work_impossible(w, s, &outcome);

	if (why)
		set(r, outcome, why);
	else if (!plain && !w->opened)
		set(r, w->outcome, g_strdup(w->reason));
	else if (!recover)
		set(r, OUTCOME_OPENABLE,
		    plain ? g_strdup("this stream is not encrypted on disk")
		          : NULL);
	else if (plain)
		copy(w, s, r);
	else
		decrypt(w, s, r);
}

static bool is_closed(const struct work *w, enum outcome outcome)
{
	if (w->place->run->out)
		return !outcome_recovered(outcome);
	return outcome == OUTCOME_METADATA_MISSING ||
	       outcome == OUTCOME_METADATA_DAMAGED;
}

static enum status add_row(struct work *w, const struct stream *s,
                           const struct result *r, struct error *err)
{
	struct case_stream row = {
		.object = w->row.id,
		.name = s ? s->name : NULL,
		.size = s ? s->size : 0,
		.outcome = r->outcome,
		.reason = r->reason,
		.output = r->output,
		.md5 = *r->md5 ? r->md5 : NULL,
		.sha256 = *r->sha256 ? r->sha256 : NULL,
		.holes = (const struct case_hole *)(void *)r->holes->data,
		.n_holes = r->holes->len,
	};

	say_detail("%s%s%s: %s%s%s", w->row.path, row.name ? ":" : "",
	           row.name ? row.name : "", outcome_name(r->outcome),
	           r->reason ? ": " : "", r->reason ? r->reason : "");
	return casefile_add_stream(w->place->run->cf, &row, err);
}

enum status work_stream(struct work *w, struct stream *s, struct error *err)
{
	struct result r = { .outcome = OUTCOME_NO_KEY };
	enum status st;

	r.holes = g_array_new(FALSE, FALSE, sizeof(struct case_hole));
	if (s)
		do_stream(w, s, &r);
	else
		do_directory(w, &r);
	if (is_closed(w, r.outcome))
		w->closed++;
	st = add_row(w, s, &r, err);
	progress_file();
	g_array_free(r.holes, TRUE);
	g_free(r.reason);
	g_free(r.output);
	return st;
}
