/* SPDX-License-Identifier: MIT */
/*
 * summary.c - the result of a case in numbers, and in one sentence
 */
#include "reports/summary.h"

#include "reports/each.h"
#include "reports/format.h"

static void add_count(void *ctx, const struct case_count *count)
{
	struct summary *s = ctx;
	enum outcome outcome;

	if (!outcome_find(&outcome, count->value))
		return;
	s->files[outcome] += count->files;
	s->bytes[outcome] += count->bytes;
}

static void add_key(void *ctx, const struct case_key *key)
{
	struct summary *s = ctx;

	if (!g_strcmp0(key->type, "private_key") &&
	    !g_strcmp0(key->state, "unlocked"))
		s->keys++;
}

static void add_run(void *ctx, const struct case_tool *tool)
{
	struct summary *s = ctx;

	s->runs++;
	s->interrupted |= tool->interrupted;
}

enum status summary_read(struct summary *summary, struct casefile *cf,
                         struct error *err)
{
	enum status st;

	*summary = (struct summary){ 0 };
	st = each_tool(cf, add_run, summary, err);
	if (!st)
		st = casefile_totals(cf, &summary->totals, err);
	if (!st)
		st = each_key(cf, add_key, summary, err);
	return st ? st
	          : each_count(cf, CASE_BY_STATUS, add_count, summary, err);
}

static void no_key(GString *to, uint64_t locked, uint64_t all)
{
	if (all == 1) {
		g_string_append(to,
		                locked ? "its key is here, but locked."
		                       : "there is no key to open it with.");
		return;
	}
	if (!locked) {
		g_string_append(to, "there is no key to open them with.");
		return;
	}
	g_string_append(to, "keys ");
	if (locked < all) {
		g_string_append(to, "for ");
		format_number(to, locked);
		g_string_append(to, " of them ");
	}
	g_string_append(to, "are here, but locked.");
}

/* Of a run that wrote nothing: an audit, or one without a matching key. */
static void openable_sentence(GString *to, const struct summary *s)
{
	uint64_t all = s->totals.files;
	uint64_t open = s->files[OUTCOME_OPENABLE];

	if (!s->keys) {
		format_count(to, all, "encrypted file");
		g_string_append(to,
		                all == 1 ? " was found; " : " were found; ");
		no_key(to, s->files[OUTCOME_KEY_LOCKED], all);
		return;
	}
	g_string_append(to, "The keys at hand open ");
	if (!open) {
		g_string_append(to, "none of the ");
	} else if (open == all && all > 1) {
		g_string_append(to, "all ");
	} else if (open < all) {
		format_number(to, open);
		g_string_append(to, " of ");
	} else {
		g_string_append(to, "the only encrypted file.");
		return;
	}
	format_count(to, all, "encrypted file");
	g_string_append_c(to, '.');
}

static void recovered_sentence(GString *to, const struct summary *s)
{
	uint64_t partial = s->files[OUTCOME_RECOVERED_PARTIAL];
	uint64_t done = s->totals.recovered;

	format_number(to, done);
	g_string_append(to, " of ");
	format_count(to, s->totals.files, "encrypted file");
	g_string_append(to,
	                done == 1 ? " was recovered, " : " were recovered, ");
	format_number(to, s->files[OUTCOME_RECOVERED_VERIFIED]);
	g_string_append(to, " of them verified");
	if (partial) {
		g_string_append(to, "; ");
		format_number(to, partial);
		g_string_append(to, partial == 1 ? " more has holes"
		                                 : " more have holes");
	}
	g_string_append_c(to, '.');
}

void summary_sentence(GString *to, const struct summary *s)
{
	bool wrote = s->totals.recovered ||
	             s->files[OUTCOME_RECOVERED_PARTIAL] ||
	             s->files[OUTCOME_OUTPUT_FAILED];

	if (s->interrupted)
		g_string_append(to, s->runs > 1 ? "A run was interrupted. "
		                                : "The run was interrupted. ");
	if (!s->totals.files)
		g_string_append(
			to, s->interrupted ? "No encrypted file is listed; the "
					     "list is not complete."
					   : "No encrypted file was found.");
	else if (wrote)
		recovered_sentence(to, s);
	else
		openable_sentence(to, s);
}

void summary_bad(GString *to, const struct case_totals *totals)
{
	if (!totals->bad)
		return;
	format_count(to, totals->bad, "range");
	g_string_append(to, " of the evidence could not be read, ");
	format_size(to, totals->bad_bytes);
	g_string_append_c(to, '.');
}
