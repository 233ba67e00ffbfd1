/* SPDX-License-Identifier: MIT */
/*
 * work_taken.c - a stream that an earlier run recovered is taken over
 *
 * If that run, and all since, ended in order, size and time of its file are
 * enough, for it was on disk before the run said so.  Else the file is read,
 * and its digests are compared: a name may have outlived the data.
 */
#include "analyzer/progress.h"
#include "analyzer/work_result.h"

#include <unistd.h>

struct earlier {
	struct case_hint hint;
	char *now;       /* where its file is */
	struct stat was; /* its attributes when it was found */
	bool sure;       /* nothing needs to be read */
};

void earlier_free(struct earlier *earlier)
{
	if (!earlier)
		return;
	case_hint_release(&earlier->hint);
	g_free(earlier->now);
	g_free(earlier);
}

struct case_hint_key job_hint_key(const struct job *job)
{
	const struct work *w = job->work;
	const struct object *o = &w->object;
	const struct stream *s = job->s;

	return (struct case_hint_key){
		.evidence = w->place->evidence,
		.volume = w->place->volume,
		.path = o->paths->pdata[0],
		.stream = s ? s->name : NULL,
		.algorithm =
			w->opened ? fek_algorithm_name(w->filekey.fek.algorithm)
				  : NULL,
		.efs_id = o->has_efs ? w->description.id : NULL,
		.mft = o->mft,
		.size = s ? s->size : 0,
		.created = o->created,
		.modified = o->modified,
		.changed = o->changed,
		.sequence = o->sequence,
		.deleted = o->deleted,
	};
}

static const char *hash_of(const struct case_hint *hint, enum hash hash)
{
	const char *const all[HASHES] = {
		[HASH_MD5] = hint->md5,
		[HASH_SHA1] = hint->sha1,
		[HASH_SHA256] = hint->sha256,
	};

	return all[hash];
}

/* Are all digests known that are wanted?  `any`: is one wanted? */
static bool has_hashes(const struct run *run, const struct case_hint *hint,
                       bool *any)
{
	*any = false;
	for (unsigned i = 0; i < HASHES; i++) {
		*any |= run->hashes[i];
		if (run->hashes[i] && !hash_of(hint, (enum hash)i))
			return false;
	}
	return true;
}

static bool is_whole_file(const struct stat *sb, const struct job *job)
{
	return S_ISREG(sb->st_mode) && sb->st_size >= 0 &&
	       (uint64_t)sb->st_size == job->s->size;
}

/* Is its file there, and worth a look? */
static bool is_there(struct earlier *e, const struct job *job)
{
	const struct run *run = job->work->place->run;
	struct error ignored;
	bool any;

	if (!e->hint.output || !has_hashes(run, &e->hint, &any) ||
	    output_whereabouts(run->out, e->hint.output, &e->now, &ignored) ||
	    output_stat(run->out, e->now, &e->was) ||
	    !is_whole_file(&e->was, job))
		return false;
	e->sure = e->hint.ended &&
	          output_has_times(&e->was, job->work->object.modified);
	return e->sure || any;
}

void job_look_back(struct job *job)
{
	struct case_hints *hints = output_hints(job->work->place->run->out);
	struct case_hint_key key;
	struct error ignored;
	struct earlier *e;

	if (!hints)
		return;
	key = job_hint_key(job);
	e = g_new0(struct earlier, 1);
	if (!case_hints_find(hints, &key, &e->hint, &ignored) &&
	    is_there(e, job))
		job->earlier = e;
	else
		earlier_free(e);
}

/* ----------------------------------------------------------- by its digests */

/* The digests of a file that ends where it should. */
static enum status hash_file(struct plaintext *p, int fd, uint64_t size,
                             struct error *err)
{
	const size_t most = (size_t)64 * 1024;
	uint8_t *buf = g_malloc(most);
	enum status st = OK;
	uint64_t at = 0;
	ssize_t n = 1;

	while (!st && n > 0) {
		n = read(fd, buf, most);
		if (run_interrupted())
			st = fail(err, E_IO, 0, "interrupted");
		else if (n < 0 || (uint64_t)n > size - at)
			st = fail(err, E_IO, at, "a file of an earlier run");
		for (unsigned i = 0; !st && n > 0 && i < HASHES; i++)
			if (p->wanted[i])
				st = plaintext_hash(p, (enum hash)i, buf,
				                    (uint64_t)n, err);
		if (!st)
			at += (uint64_t)n;
	}
	g_free(buf);
	if (!st && at < size)
		st = fail(err, E_TRUNCATED, at, "a file of an earlier run");
	return st;
}

static bool same_digests(struct plaintext *p, const struct case_hint *hint)
{
	char hex[DIGEST_HEX];
	struct error ignored;

	for (unsigned i = 0; i < HASHES; i++)
		if (p->wanted[i] &&
		    (digest_finish(&p->digests[i], hex, &ignored) ||
		     g_strcmp0(hex, hash_of(hint, (enum hash)i)) != 0))
			return false;
	return true;
}

static bool holds(struct job *job, int fd, struct error *err)
{
	const struct run *run = job->work->place->run;
	const struct stat *was = &job->earlier->was;
	const struct object *o = &job->work->object;
	struct plaintext p;
	struct stat sb;
	bool ok = !fstat(fd, &sb) && sb.st_dev == was->st_dev &&
	          sb.st_ino == was->st_ino && is_whole_file(&sb, job) &&
	          !plaintext_begin_digests(&p, run->hashes, err);

	if (!ok)
		return false;
	ok = !hash_file(&p, fd, job->s->size, err) &&
	     same_digests(&p, &job->earlier->hint);
	plaintext_release(&p);
	if (ok && o->modified && !output_has_times(&sb, o->modified))
		output_set_times(fd, o->accessed, o->modified);
	return ok;
}

void job_take_over(struct job *job)
{
	const struct run *run = job->work->place->run;
	struct error err = { 0 };
	int fd;

	if (!job->earlier)
		return;
	job->taken = job->earlier->sure;
	if (!job->taken) {
		fd = output_reopen(run->out, job->earlier->now);
		job->taken = fd >= 0 && holds(job, fd, &err);
		if (fd >= 0)
			close(fd);
	}
	if (job->taken)
		progress_add(job->s->size);
	else if (run_interrupted())
		(void)fail(&job->err, E_IO, 0, "interrupted");
}

enum status job_finish_taken(struct job *job, const struct placement *where,
                             struct error *err)
{
	const struct case_hint *hint = &job->earlier->hint;
	struct run *run = job->work->place->run;
	struct result *r = &job->r;

	result_set(r, hint->outcome, g_strdup(hint->reason));
	for (unsigned i = 0; i < HASHES; i++)
		if (run->hashes[i])
			(void)g_strlcpy(r->hash[i], hash_of(hint, (enum hash)i),
			                DIGEST_HEX);
	run->taken++;
	return output_take(run->out, hint->output, where, &r->output, err);
}
