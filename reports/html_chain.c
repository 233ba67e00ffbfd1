/* SPDX-License-Identifier: MIT */
/*
 * html_chain.c - find the chains of keys that the HTML page draws
 */
#include "reports/html_chain.h"

#include "reports/each.h"
#include "reports/format.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Keys behind one another, of which the evidence may say anything. */
#define MOST_BEHIND 8

static bool is(const char *a, const char *b)
{
	return !g_strcmp0(a, b);
}

static enum layer layer_of(const struct case_key *k)
{
	if (is(k->type, "private_key"))
		return PRIVATE;
	if (is(k->type, "certificate"))
		return CERTIFICATE;
	if (is(k->type, "master_key") || is(k->type, "pfx"))
		return MIDDLE;
	return UPPER;
}

/* Takes the texts over. */
static void set_link(struct chain *c, enum layer layer, bool open, char *id,
                     char *label, char *detail, char *title)
{
	c->at[layer] = (struct chain_link){ .id = id,
		                            .label = label,
		                            .detail = detail,
		                            .title = title,
		                            .open = open };
}

static char *key_label(const struct case_key *k)
{
	if (is(k->type, "pfx"))
		return g_strdup("PFX");
	return g_strdelimit(g_strdup(k->type ? k->type : "key"), "_", ' ');
}

static char *key_detail(const struct case_key *k)
{
	const char *id = k->key_id ? k->key_id + (*k->key_id == '{') : "";
	const char *slash = k->path ? strrchr(k->path, '/') : NULL;

	if (is(k->type, "pfx") && k->path)
		return g_strdup(slash ? slash + 1 : k->path);
	return g_strdup_printf("%s%s%.8s", k->user ? k->user : "",
	                       k->user ? ", " : "", id);
}

static char *key_title(const struct case_key *k)
{
	GString *title = g_string_new(k->type);

	g_strdelimit(title->str, "_", ' ');
	if (k->key_id)
		g_string_append_printf(title, " %s", k->key_id);
	if (k->state)
		g_string_append_printf(title, ", %s", k->state);
	if (k->unlocked_by)
		g_string_append_printf(title, " by %s", k->unlocked_by);
	if (k->reason)
		g_string_append_printf(title, ": %s", k->reason);
	if (k->source)
		g_string_append_printf(title, "; from %s", k->source);
	return g_string_free(title, FALSE);
}

/* What is in front of the first key: what opened it, or what would. */
static void set_secret(struct chain *c, const struct case_key *k)
{
	bool open = is(k->state, "unlocked");

	if (open && k->unlocked_by)
		set_link(c, SECRET, true,
		         g_strdup_printf("s%s", k->unlocked_by),
		         g_strdup(k->unlocked_by), NULL,
		         g_strdup(k->unlocked_by));
	else if (!open && is(k->type, "private_key") && k->reason)
		set_link(c, MIDDLE, false, g_strdup_printf("m%" PRId64, k->id),
		         g_strdup("not at hand"), g_strdup("what opens it"),
		         g_strdup(k->reason));
	else if (!open)
		set_link(c, SECRET, false, g_strdup_printf("n%" PRId64, k->id),
		         g_strdup("secret not at hand"),
		         g_strdup(k->user ? k->user : k->sid),
		         g_strdup(k->reason ? k->reason : "not at hand"));
}

static void add_key(struct chain *c, const struct case_key *k)
{
	enum layer layer = layer_of(k);

	if (!c->at[layer].id)
		set_link(c, layer, is(k->state, "unlocked"),
		         g_strdup_printf("k%" PRId64, k->id), key_label(k),
		         key_detail(k), key_title(k));
	c->behind = k->behind;
	if (!k->behind)
		set_secret(c, k);
}

static void set_objects(struct chain *c, uint64_t objects, bool open)
{
	GString *label = g_string_new(NULL);

	format_count(label, objects, "object");
	set_link(c, OBJECTS, open, g_strdup_printf("o%p", (void *)c),
	         g_strdup(label->str),
	         g_strdup(open ? "opened by this key" : "would open"),
	         g_strdup(label->str));
	g_string_free(label, TRUE);
}

static void start_chain(void *ctx, const struct case_key *k)
{
	struct chains *chains = ctx;
	bool open = is(k->state, "unlocked");
	struct chain *c;

	if (!k->opens ||
	    (!is(k->type, "private_key") && !(is(k->type, "pfx") && !open)))
		return;
	if (chains->n == MOST_CHAINS) {
		chains->more++;
		return;
	}
	c = &chains->all[chains->n++];
	add_key(c, k);
	set_objects(c, k->opens, open);
	if (is(k->type, "private_key") && k->key_id)
		set_link(c, CERTIFICATE, open,
		         g_strdup_printf("c%s", k->key_id),
		         g_strdup(k->name ? k->name : "certificate"),
		         g_strdup_printf("%.16s", k->key_id),
		         g_strdup_printf("certificate %s %s",
		                         k->name ? k->name : "", k->key_id));
}

/* A private key that is nowhere: only its certificate is known. */
static void start_missing(void *ctx, const struct case_need *need)
{
	struct chains *chains = ctx;
	bool key = is(need->kind, "private_key");
	struct chain *c;

	if ((!key && !is(need->kind, "key_file")) || !need->id)
		return;
	if (chains->n == MOST_CHAINS) {
		chains->more++;
		return;
	}
	c = &chains->all[chains->n++];
	set_link(c, PRIVATE, false, g_strdup_printf("p%s", need->id),
	         g_strdup("private key"), g_strdup("not at hand"),
	         g_strdup(need->what ? need->what : need->id));
	if (key)
		set_link(c, CERTIFICATE, false,
		         g_strdup_printf("c%s", need->id),
		         g_strdup("certificate"),
		         g_strdup_printf("%.16s", need->id),
		         g_strdup_printf("certificate %s", need->id));
	set_objects(c, need->objects, false);
}

/* -------------------------------------------------------- what is behind them
 */

static void go_behind(void *ctx, const struct case_key *k)
{
	struct chains *chains = ctx;

	for (unsigned i = 0; i < chains->n; i++)
		if (chains->all[i].behind == k->id)
			add_key(&chains->all[i], k);
}

static bool any_behind(const struct chains *chains)
{
	for (unsigned i = 0; i < chains->n; i++)
		if (chains->all[i].behind)
			return true;
	return false;
}

/* ------------------------------------------------------------------ order */

static unsigned first_with(const struct chains *chains, unsigned i,
                           enum layer layer)
{
	unsigned first = 0;

	while (!is(chains->all[first].at[layer].id,
	           chains->all[i].at[layer].id))
		first++;
	return first;
}

static int by_rank(const void *a, const void *b)
{
	const struct chain *x = a, *y = b;

	for (unsigned l = 0; l < LAYERS; l++)
		if (x->rank[l] != y->rank[l])
			return x->rank[l] < y->rank[l] ? -1 : 1;
	return 0;
}

/* Those that share a link become neighbours, the most useful first. */
static void sort(struct chains *chains)
{
	for (unsigned i = 0; i < chains->n; i++) {
		struct chain *c = &chains->all[i];

		/* There are objects in every chain. */
		c->rank[OBJECTS] = i;
		for (int l = OBJECTS - 1; l >= 0; l--)
			c->rank[l] = c->at[l].id ? first_with(chains, i,
			                                      (enum layer)l)
			                         : c->rank[l + 1];
	}
	qsort(chains->all, chains->n, sizeof(*chains->all), by_rank);
}

enum status chains_read(struct chains *chains, struct casefile *cf,
                        struct error *err)
{
	enum status st = each_key_by_use(cf, start_chain, chains, err);

	if (!st)
		st = each_need(cf, start_missing, chains, err);
	for (unsigned i = 0; i < MOST_BEHIND && any_behind(chains) && !st; i++)
		st = each_key(cf, go_behind, chains, err);
	sort(chains);
	return st;
}

void chains_release(struct chains *chains)
{
	for (unsigned i = 0; i < chains->n; i++) {
		for (unsigned l = 0; l < LAYERS; l++) {
			g_free(chains->all[i].at[l].id);
			g_free(chains->all[i].at[l].label);
			g_free(chains->all[i].at[l].detail);
			g_free(chains->all[i].at[l].title);
		}
	}
}
