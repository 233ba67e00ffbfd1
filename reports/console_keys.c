/* SPDX-License-Identifier: MIT */
/*
 * console_keys.c - what `keys` prints: each key with what stands before it
 */
#include "reports/console.h"
#include "reports/console_chain.h"
#include "reports/each.h"
#include "reports/format.h"

#include <inttypes.h>
#include <string.h>

static bool is(const char *s, const char *expected)
{
	return !g_strcmp0(s, expected);
}

static bool is_locked(const struct case_key *k)
{
	return is(k->state, "locked");
}

/* ------------------------------------------------- master keys that idle */

/*
 * Windows makes a master key every three months, and most of them open nothing
 * that is here.  They are told one by one only where something is wrong.
 */
struct idle {
	unsigned all, unlocked;
	GHashTable *wrong; /* reason -> array of keys */
};

/* Nothing else is wrong with it than that its password is not known. */
static bool is_sound(const struct case_key *k)
{
	return !is_locked(k) || k->n_crack;
}

static bool is_idle(const struct owned_key *own)
{
	return is(own->key.type, "master_key") && !own->needed &&
	       !own->key.opens;
}

static void print_line(struct wrap *w, const char *text)
{
	chain_start(w, 0);
	wrap_put(w, "", text);
	wrap_end(w);
}

static void print_sound(struct wrap *w, const struct idle *idle, bool more)
{
	const char *them = idle->all == 1 ? "it" : "them";
	const char *state = idle->unlocked ? "unlocked" : "LOCKED";
	char *text, *all;

	if (idle->all == 1)
		all = g_strdup(state);
	else if (idle->unlocked && idle->unlocked < idle->all)
		all = g_strdup_printf("%u of them unlocked", idle->unlocked);
	else
		all = g_strdup_printf("all %s", state);
	text = g_strdup_printf("%u %smaster key%s, %s; no key file needs %s",
	                       idle->all, more ? "more " : "",
	                       idle->all == 1 ? "" : "s", all, them);
	print_line(w, text);
	g_free(text);
	g_free(all);
}

/* Those with one and the same reason are one line. */
static void print_wrong(struct wrap *w, const struct owner *owner,
                        const struct idle *idle)
{
	for (guint i = 0; i < owner->keys->len; i++) {
		const struct owned_key *own = g_ptr_array_index(owner->keys, i);
		const char *reason = own->key.reason ? own->key.reason : "";
		GPtrArray *same;
		char *text;

		if (!is_idle(own) || is_sound(&own->key))
			continue;
		same = g_hash_table_lookup(idle->wrong, reason);
		if (same->len == 1) {
			print_chain(w, own);
			continue;
		}
		if (g_ptr_array_index(same, 0) != own)
			continue;
		text = g_strdup_printf("%u master keys, LOCKED: %s", same->len,
		                       reason);
		print_line(w, text);
		g_free(text);
	}
}

static void unref_array(void *p)
{
	g_ptr_array_unref(p);
}

static void count_idle(struct idle *idle, struct owned_key *own)
{
	const char *reason = own->key.reason ? own->key.reason : "";
	GPtrArray *same;

	if (is_sound(&own->key)) {
		idle->all++;
		idle->unlocked += !is_locked(&own->key);
		return;
	}
	same = g_hash_table_lookup(idle->wrong, reason);
	if (!same) {
		same = g_ptr_array_new();
		g_hash_table_insert(idle->wrong, g_strdup(reason), same);
	}
	g_ptr_array_add(same, own);
}

static void print_idle(struct wrap *w, const struct owner *owner)
{
	struct idle idle = { 0 };
	bool more = false;

	idle.wrong = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	                                   unref_array);
	for (guint i = 0; i < owner->keys->len; i++) {
		struct owned_key *own = g_ptr_array_index(owner->keys, i);

		if (is_idle(own))
			count_idle(&idle, own);
		else
			more |= is(own->key.type, "master_key");
	}
	print_wrong(w, owner, &idle);
	if (idle.all)
		print_sound(w, &idle, more);
	g_hash_table_unref(idle.wrong);
}

/* ---------------------------------------------------------------- owners */

static void print_owner(struct wrap *w, const struct owner *owner)
{
	w->indent = 4;
	switch (owner->kind) {
	case OWNER_USER:
		if (owner->user)
			wrap_put(w, "", owner->user);
		if (owner->sid)
			wrap_put(w, owner->user ? "  " : "", owner->sid);
		break;
	case OWNER_MACHINE:
		wrap_put(w, "", "the machine");
		break;
	case OWNER_NONE:
		if (!owner->evidence)
			return;
		wrap_put(w, "", "(nobody's by its place)");
		break;
	}
	wrap_end(w);
}

static void print_keys_of(struct wrap *w, const struct owner *owner)
{
	for (unsigned pass = 0; pass < 2; pass++)
		for (guint i = 0; i < owner->keys->len; i++) {
			const struct owned_key *own =
				g_ptr_array_index(owner->keys, i);
			bool source = chain_is_source(&own->key);

			if (source == (pass == 1) && !is_idle(own) &&
			    (source || !own->inner))
				print_chain(w, own);
		}
	print_idle(w, owner);
}

static void print_place(FILE *out, const struct owner *owner)
{
	GString *place = g_string_new(NULL);

	if (owner->evidence) {
		format_visible(place, owner->evidence);
		g_string_append_c(place, ' ');
		format_volume(place, owner->volume, owner->snapshot);
		g_strchomp(place->str);
	} else {
		g_string_append(place, "Given on the command line");
	}
	(void)fprintf(out, "\n%s\n", place->str);
	for (const char *s = place->str; *s; s = g_utf8_find_next_char(s, NULL))
		(void)fputc('=', out);
	(void)fputc('\n', out);
	g_string_free(place, TRUE);
}

static enum status print_owners(struct casefile *cf, FILE *out,
                                struct error *err)
{
	const struct owner *before = NULL;
	struct wrap w = { .out = out };
	struct owners owners;
	enum status st = owners_read(&owners, cf, err);

	if (st)
		return st;
	if (!owners.list->len)
		(void)fputs("\nNo key material was found.\n", out);
	for (guint i = 0; i < owners.list->len; i++) {
		const struct owner *owner = g_ptr_array_index(owners.list, i);

		if (!before || !owner_same_place(before, owner))
			print_place(out, owner);
		if (owner->evidence || owner->kind != OWNER_NONE)
			(void)fputc('\n', out);
		print_owner(&w, owner);
		print_keys_of(&w, owner);
		before = owner;
	}
	owners_release(&owners);
	return OK;
}

/* ---------------------------------------------------------- what is missing */

struct needs {
	struct wrap w;
	uint64_t n;
};

static void need_row(void *ctx, const struct case_need *need)
{
	struct needs *needs = ctx;
	const char *what = need->what ? need->what : need->kind;
	FILE *out = needs->w.out;

	if (!needs->n++)
		(void)fputs(
			"\nWhat is missing, the most useful first; each alone "
			"opens that many objects\n\n   objects  secret\n",
			out);
	(void)fprintf(out, "%10" PRIu64, need->objects);
	needs->w.column = 10;
	needs->w.indent = 12;
	wrap_put(&needs->w, "  ", what ? what : "");
	if (need->id && (!what || !strstr(what, need->id)))
		wrap_put(&needs->w, " ", need->id);
	wrap_end(&needs->w);
}

static void print_totals(FILE *out, const struct case_totals *t,
                         bool interrupted)
{
	GString *s =
		g_string_new(interrupted ? "The run was interrupted. " : NULL);
	uint64_t closed = t->objects - t->opened;

	if (!t->objects) {
		g_string_append(s, "No encrypted object was found.");
	} else if (!closed) {
		g_string_append(s, "The keys at hand open all of ");
		format_count(s, t->objects, "encrypted object");
		g_string_append_c(s, '.');
	} else {
		g_string_append(s, "Of ");
		format_count(s, t->objects, "encrypted object");
		g_string_append_c(s, ' ');
		if (t->opened)
			format_number(s, t->opened);
		else
			g_string_append(s, "none");
		g_string_append(s, " can be opened with the keys at hand; ");
		format_number(s, closed);
		g_string_append(s, closed == 1 ? " stays closed."
		                               : " stay closed.");
	}
	(void)fprintf(out, "%s\n", s->str);
	g_string_free(s, TRUE);
}

enum status console_keys(struct casefile *cf, FILE *out, struct error *err)
{
	struct needs needs = { .w = { .out = out } };
	struct case_totals totals;
	struct case_tool tool;
	enum status st = casefile_tool(cf, &tool, err);

	if (st && st != E_ABSENT)
		return st;
	st = casefile_totals(cf, &totals, err);
	if (st)
		return st;
	print_totals(out, &totals, tool.interrupted);
	st = print_owners(cf, out, err);
	if (!st)
		st = each_need(cf, need_row, &needs, err);
	if (!st && !needs.n && totals.opened < totals.objects)
		(void)fputs(
			"\nNo further secret is known that would open more; "
			"`efsleuth audit` says why.\n",
			out);
	return st ? st : report_flush(out, err);
}
