/* SPDX-License-Identifier: MIT */
/*
 * hashcat.c - locks, for the programs that try passwords
 *
 * hashcat and John the Ripper both take the lines of master keys ($DPAPImk$),
 * John alone those of PFX files ($pfxng$).  A line is the public parameters and
 * the ciphertext of a lock, and no secret.
 */
#include "reports/each.h"
#include "reports/format.h"
#include "reports/report.h"

struct crack {
	FILE *out;
	GHashTable *seen; /* lines: one lock may be here in many snapshots */
};

static void write_line(struct crack *crack, const char *line)
{
	GString *text;

	if (!g_hash_table_add(crack->seen, g_strdup(line)))
		return;
	text = g_string_new(NULL);
	format_percent(text, line, "");
	(void)fprintf(crack->out, "%s\n", text->str);
	g_string_free(text, TRUE);
}

/* Only what stands before encrypted objects is worth the time. */
static void write_key(void *ctx, const struct case_key *key)
{
	if (!key->opens || g_strcmp0(key->state, "locked") != 0)
		return;
	for (size_t i = 0; i < key->n_crack; i++)
		write_line(ctx, key->crack[i]);
}

/* The most useful first. */
static enum status write_hashcat(struct casefile *cf, FILE *out,
                                 struct error *err)
{
	struct crack crack = { .out = out };
	enum status st;

	crack.seen =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	st = each_key_by_use(cf, write_key, &crack, err);
	g_hash_table_unref(crack.seen);
	return st ? st : report_flush(out, err);
}

const struct report report_hashcat = {
	.name = "hashcat",
	.about = "locked master keys and PFX files, for hashcat and john",
	.write = write_hashcat,
};
