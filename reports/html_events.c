/* SPDX-License-Identifier: MIT */
/*
 * html_events.c - a table of events: keys, certificates, shadow copies, rings
 */
#include "reports/html_events.h"

#include "reports/each.h"
#include "reports/format.h"
#include "reports/html.h"

#include <string.h>

/* Of each kind; a case with more is better read in case.db. */
#define MOST_EVENTS 200

struct event {
	uint64_t time; /* FILETIME */
	const char *kind;
	char *text;
};

struct events {
	GArray *all; /* of struct event */
	uint64_t more;
	unsigned of_kind;

	/* of ring changes, which come by file, by pair of views */
	GHashTable *pairs; /* of counts, by their words */
};

static void add_event(struct events *e, uint64_t time, const char *kind,
                      GString *text)
{
	struct event event = { .time = time, .kind = kind };

	if (!time || e->of_kind == MOST_EVENTS) {
		e->more += time != 0;
		g_string_free(text, TRUE);
		return;
	}
	e->of_kind++;
	event.text = g_string_free(text, FALSE);
	g_array_append_val(e->all, event);
}

static void key_event(void *ctx, const struct case_key *k)
{
	GString *text = g_string_new(k->type);

	g_strdelimit(text->str, "_", ' ');
	g_string_append_printf(text, " %s", k->key_id ? k->key_id : "");
	if (k->user || k->name)
		g_string_append_printf(text, " of %s",
		                       k->user ? k->user : k->name);
	add_event(ctx, k->made, "key made", text);
}

static GString *certificate_of(const struct case_person *p)
{
	GString *text = g_string_new("certificate ");

	g_string_append_printf(text, "%s of ",
	                       p->thumbprint ? p->thumbprint : "");
	html_person_label(text, p);
	return text;
}

static void certificate_event(void *ctx, const struct case_person *p)
{
	add_event(ctx, p->not_before, "valid from", certificate_of(p));
	add_event(ctx, p->not_after, "valid until", certificate_of(p));
}

static void volume_event(void *ctx, const struct case_volume *v)
{
	GString *text = g_string_new(NULL);

	html_view(text, v->evidence_name, v->number, v->snapshot);
	add_event(ctx, v->made, "shadow copy", text);
}

/* ------------------------------------------------------------ ring changes */

struct pair {
	uint64_t time, changes;
};

static void change_event(void *ctx, const struct case_change *c)
{
	struct events *e = ctx;
	GString *text = g_string_new(c->evidence);
	struct pair *pair;

	g_string_append(text, ", between ");
	format_view(text, c->volume, c->before, c->from);
	g_string_append(text, " and ");
	format_view(text, c->volume, c->after, c->to);
	pair = g_hash_table_lookup(e->pairs, text->str);
	if (!pair && g_hash_table_size(e->pairs) < MOST_EVENTS) {
		pair = g_new0(struct pair, 1);
		pair->time = c->to ? c->to : c->from;
		g_hash_table_insert(e->pairs, g_strdup(text->str), pair);
	}
	if (pair)
		pair->changes++;
	else
		e->more++;
	g_string_free(text, TRUE);
}

static void pair_event(gpointer key, gpointer value, gpointer ctx)
{
	const struct pair *pair = value;
	GString *text = g_string_new(NULL);

	format_count(text, pair->changes, "change");
	g_string_append_printf(text, " of key rings of %s", (char *)key);
	add_event(ctx, pair->time, "rings changed", text);
}

/* ------------------------------------------------------------------- table */

static gint by_time(gconstpointer a, gconstpointer b)
{
	const struct event *x = a, *y = b;
	int kinds = strcmp(x->kind, y->kind);

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return kinds ? kinds : strcmp(x->text, y->text);
}

static void write_event(FILE *out, const struct event *e)
{
	char buf[TEXT_FILETIME];
	const char *time = format_time(buf, e->time);

	(void)fputs("<tr><th scope=\"row\">", out);
	html_text(out, time ? time : "");
	(void)fprintf(out, "</th><td>%s</td>", e->kind);
	html_element(out, "td", e->text);
	(void)fputs("</tr>\n", out);
}

static void write_events(FILE *out, const struct events *e)
{
	static const char *const heads[] = { "Time (UTC)", "What", "Of", NULL };
	GString *more;

	if (!e->all->len)
		return;
	(void)fputs("<h3>Events</h3>\n", out);
	html_table_start(out,
	                 "When keys were made, certificates begin and end,"
	                 " shadow copies were taken and key rings changed",
	                 heads);
	for (guint i = 0; i < e->all->len; i++)
		write_event(out, &g_array_index(e->all, struct event, i));
	html_table_end(out);
	if (!e->more)
		return;
	more = g_string_new(NULL);
	format_count(more, e->more, "more event");
	g_string_append(more, " of these kinds are in case.db.");
	html_element(out, "p", more->str);
	g_string_free(more, TRUE);
}

static void release_event(gpointer event)
{
	g_free(((struct event *)event)->text);
}

enum status html_events(struct casefile *cf, FILE *out, struct error *err)
{
	struct events e = { .more = 0 };
	enum status st;

	e.all = g_array_new(FALSE, FALSE, sizeof(struct event));
	g_array_set_clear_func(e.all, release_event);
	e.pairs =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	st = each_key_by_use(cf, key_event, &e, err);
	e.of_kind = 0;
	if (!st)
		st = each_person(cf, certificate_event, &e, err);
	e.of_kind = 0;
	if (!st)
		st = each_volume(cf, volume_event, &e, err);
	e.of_kind = 0;
	if (!st)
		st = each_change(cf, change_event, &e, err);
	g_hash_table_foreach(e.pairs, pair_event, &e);
	g_array_sort(e.all, by_time);
	write_events(out, &e);
	g_hash_table_unref(e.pairs);
	g_array_unref(e.all);
	return st;
}
