/* SPDX-License-Identifier: MIT */
/*
 * verify.c - the hashes of an evidence, beside those that it stores
 */
#include "analyzer/verify.h"
#include "analyzer/progress.h"

#include <inttypes.h>
#include <string.h>

#define MOST_RANGES 8u

static void add_problem(char **problem, const char *text)
{
	char *both = *problem ? g_strdup_printf("%s; %s", *problem, text)
	                      : g_strdup(text);

	g_free(*problem);
	*problem = both;
}

static void not_hashed(struct facts *facts, char **problem,
                       const struct source *s)
{
	GString *text = g_string_new("not hashed: cannot be read:");

	for (guint i = 0; i < MIN(s->bad->len, MOST_RANGES); i++) {
		const struct bad_range *r =
			&g_array_index(s->bad, struct bad_range, i);

		g_string_append_printf(
			text, "%s %" PRIu64 " bytes at offset %" PRIu64,
			i ? "," : "", r->n, r->at);
	}
	if (s->bad->len > MOST_RANGES)
		g_string_append_printf(text, ", and %u more ranges",
		                       s->bad->len - MOST_RANGES);
	facts_add(facts, "verified", text->str);
	add_problem(problem, text->str);
	g_string_free(text, TRUE);
}

/* Compare the hashes that are stored with those computed. */
static void compare(struct facts *facts, char **problem, const struct source *s,
                    const struct hashed *h)
{
	const char *stored[HASHES] = { s->stored_md5, s->stored_sha1, NULL };
	GString *good = g_string_new(NULL);
	bool bad = false;

	for (size_t i = 0; i < HASHES; i++) {
		char *text;

		if (!stored[i])
			continue;
		if (!strcmp(stored[i], h->hex[i])) {
			g_string_append_printf(good, "%s%s",
			                       good->len ? " and " : "",
			                       hash_name[i]);
			continue;
		}
		bad = true;
		text = g_strdup_printf("the contents do not have the stored "
		                       "%s: they were changed, or not "
		                       "written as they were read",
		                       hash_name[i]);
		facts_add(facts, "verified", text);
		add_problem(problem, text);
		g_free(text);
	}
	if (good->len && !bad)
		facts_addf(facts, "verified", "the stored %s %s", good->str,
		           strchr(good->str, ' ') ? "match" : "matches");
	else if (!bad)
		facts_add(facts, "verified",
		          "all was read; no hash is stored to compare with");
	g_string_free(good, TRUE);
}

/* Was everything computed that is compared? */
static bool is_computed(const struct source *s, const struct hashed *h)
{
	return *h->hex[HASH_SHA256] && (!s->stored_md5 || *h->hex[HASH_MD5]) &&
	       (!s->stored_sha1 || *h->hex[HASH_SHA1]);
}

void verify_hashed(struct facts *facts, char **problem, const struct source *s,
                   const struct hashed *h)
{
	if (!h->whole) {
		not_hashed(facts, problem, s);
		return;
	}
	if (!is_computed(s, h)) {
		add_problem(problem, "the hashes could not be computed");
		return;
	}
	for (size_t i = 0; i < HASHES; i++) {
		char *name = g_strdup_printf("computed %s", hash_name[i]);

		facts_add(facts, name, h->hex[i]);
		g_free(name);
	}
	compare(facts, problem, s, h);
}

static bool stopped(void *ctx)
{
	return run_stopped(ctx);
}

static void reached(void *ctx, uint64_t at)
{
	(void)ctx;
	progress_set(at);
}

void verify_evidence(struct run *run, struct evidence *e)
{
	const struct hash_plan plan = {
		.wanted = { true, true, true },
		.past_bad = true,
		.stopped = stopped,
		.reached = reached,
		.ctx = run,
	};
	char *what = g_strdup_printf("verifying %s", e->name);
	struct hashed h;

	progress_phase(what, e->s->size, PROGRESS_BYTES);
	hash_source(&h, e->s, &plan);
	if (h.whole || !run_stopped(run))
		verify_hashed(&e->s->facts, &e->s->problem, e->s, &h);
	if (*h.hex[HASH_SHA256])
		e->sha256 = g_strdup(h.hex[HASH_SHA256]);
	g_free(what);
}
