/* SPDX-License-Identifier: MIT */
/*
 * bitlocker_try.c - one protector of a BitLocker volume, and what may open it
 */
#include "recovery/bitlocker_internal.h"

#include "parsers/limits.h"
#include "parsers/text.h"
#include "recovery/crypto.h"

bool bitlocker_try_clear(struct attempt *a, const struct bitlocker_protector *p)
{
	if (!bitlocker_open_vmk(&a->vmk, p, p->clear)) {
		(void)g_string_append(a->why, "its key does not open it");
		return false;
	}
	a->out->by = g_strdup("clear key");
	return true;
}

/* --------------------------------------------------------------- key files */

static bool try_file(struct attempt *a, const struct bitlocker_protector *p,
                     const struct bitlocker_key_file *file, bool named)
{
	struct bitlocker_bek bek;
	struct error err;

	if (bitlocker_bek_parse(&bek, file->content, &err) ||
	    bytes_equal(bek.guid, p->guid) != named ||
	    !bitlocker_open_vmk(&a->vmk, p, bek.key))
		return false;
	a->out->by = g_strdup_printf("startup key %s", file->name);
	return true;
}

static void say_file(struct attempt *a, const struct bitlocker_protector *p,
                     const struct bitlocker_key_file *file)
{
	char buf[TEXT_GUID];
	struct text t = text_open(buf, sizeof(buf));
	struct bitlocker_bek bek;
	struct error err;

	if (bitlocker_bek_parse(&bek, file->content, &err)) {
		g_string_append_printf(a->why, "%s cannot be used (%s)",
		                       file->name, err.what);
		return;
	}
	text_guid(&t, bek.guid);
	if (bytes_equal(bek.guid, p->guid))
		g_string_append_printf(a->why, "%s does not open it",
		                       file->name);
	else
		g_string_append_printf(a->why, "%s is another one's, %s",
		                       file->name, buf);
}

/* The file that names the protector, then the others. */
bool bitlocker_try_files(struct attempt *a, const struct bitlocker_protector *p)
{
	const struct bitlocker_secrets *given = a->given;

	for (int named = 1; named >= 0; named--)
		for (size_t i = 0; i < given->n_files; i++)
			if (try_file(a, p, &given->files[i], named))
				return true;
	if (!given->n_files)
		(void)g_string_append(a->why, "no key file was given");
	for (size_t i = 0; i < given->n_files; i++) {
		(void)g_string_append(a->why, i ? ", " : "");
		say_file(a, p, &given->files[i]);
	}
	return false;
}

/* --------------------------------------------------- passwords, all the same
 */

typedef bool hash_line(uint8_t hash[BITLOCKER_HASH_SIZE], struct bytes line);

/* Lines that are tried: candidate i is line lines[i] of the two lists. */
struct candidates {
	const struct bitlocker_protector *p;
	const struct passwords *lists[2];
	hash_line *hash;
	/*
	 * Of size_t, those of the second list come after; NULL: all.  A list
	 * of passwords has a hundred million of them.
	 */
	GArray *lines;
};

static struct bytes line_of(const struct candidates *c, size_t line)
{
	size_t first = c->lists[0] ? passwords_count(c->lists[0]) : 0;

	return line < first ? passwords_get(c->lists[0], line)
	                    : passwords_get(c->lists[1], line - first);
}

static char *label_of(const struct candidates *c, size_t line)
{
	size_t first = c->lists[0] ? passwords_count(c->lists[0]) : 0;

	return line < first ? passwords_label(c->lists[0], line)
	                    : passwords_label(c->lists[1], line - first);
}

static size_t count_lines(const struct candidates *c)
{
	size_t n = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(c->lists); i++)
		n += c->lists[i] ? passwords_count(c->lists[i]) : 0;
	return n;
}

static size_t line_at(const struct candidates *c, size_t i)
{
	return c->lines ? g_array_index(c->lines, size_t, i) : i;
}

static size_t count(const struct candidates *c)
{
	return c->lines ? c->lines->len : count_lines(c);
}

static bool open_line(const struct candidates *c, size_t i, struct secret *vmk)
{
	uint8_t hash[BITLOCKER_HASH_SIZE], key[BITLOCKER_HASH_SIZE];
	bool opened = false;

	if (c->hash(hash, line_of(c, line_at(c, i)))) {
		crypto_bitlocker_stretch(key, hash, c->p->salt.p);
		opened = bitlocker_open_vmk(
			vmk, c->p, (struct bytes){ key, sizeof(key), 0 });
	}
	crypto_wipe(hash, sizeof(hash));
	crypto_wipe(key, sizeof(key));
	return opened;
}

static bool opens(void *ctx, size_t i)
{
	struct secret vmk = { 0 };
	bool opened = open_line(ctx, i, &vmk);

	secret_release(&vmk);
	return opened;
}

/* Only what can be one costs a million rounds. */
static void choose_lines(struct candidates *c)
{
	uint8_t hash[BITLOCKER_HASH_SIZE];
	size_t n = count_lines(c);

	c->lines = g_array_new(FALSE, FALSE, sizeof(size_t));
	for (size_t i = 0; i < n; i++)
		if (c->hash(hash, line_of(c, i)))
			g_array_append_val(c->lines, i);
	crypto_wipe(hash, sizeof(hash));
}

/* The line that opens it; or PASSWORDS_NONE and a reason. */
static size_t try_lines(struct attempt *a, struct candidates *c,
                        const char *what)
{
	static const struct trial quiet = { 0 };
	size_t n = count(c), i;

	if (*a->given->stretched >= LIMIT_BITLOCKER_STRETCHED) {
		(void)g_string_append(a->why, "over the limit of protectors "
		                              "that passwords are tried on");
		return PASSWORDS_NONE;
	}
	++*a->given->stretched;
	i = trial_run(a->trial ? a->trial : &quiet, n, opens, c);
	if (i != TRIAL_NONE && open_line(c, i, &a->vmk))
		return line_at(c, i);
	g_string_append_printf(a->why, "%zu %s%s tried, none opens it", n, what,
	                       n == 1 ? "" : "s");
	return PASSWORDS_NONE;
}

/* ------------------------------------------------------ recovery passwords */

/* "password #3" of its list; "DefaultPassword" of a labelled one. */
static char *recovery_label(const struct candidates *c, size_t line)
{
	char *label = label_of(c, line);
	char *full = g_strdup_printf("recovery %s", label);

	if (!g_str_has_prefix(label, "password #"))
		return g_free(full), label;
	g_free(label);
	return full;
}

bool bitlocker_try_recovery(struct attempt *a,
                            const struct bitlocker_protector *p)
{
	struct candidates c = { .p = p,
		                .lists = { a->given->recovery,
		                           a->given->passwords },
		                .hash = bitlocker_recovery_hash };
	size_t line = PASSWORDS_NONE;

	choose_lines(&c);
	if (c.lines->len)
		line = try_lines(a, &c, "recovery password");
	else if (a->given->recovery && passwords_count(a->given->recovery))
		(void)g_string_append(
			a->why,
			"no given line is a recovery password: 8 groups "
			"of 6 digits, each divisible by 11 and below "
			"720896");
	else
		(void)g_string_append(a->why, "no recovery password was given");
	if (line != PASSWORDS_NONE)
		a->out->by = recovery_label(&c, line);
	(void)g_array_free(c.lines, TRUE);
	return line != PASSWORDS_NONE;
}

/* --------------------------------------------------------------- passwords */

static bool hash_password(uint8_t hash[BITLOCKER_HASH_SIZE], struct bytes line)
{
	struct error err;

	return !bitlocker_password_hash(hash, line, &err);
}

bool bitlocker_try_passwords(struct attempt *a,
                             const struct bitlocker_protector *p)
{
	struct candidates c = { .p = p,
		                .lists = { a->given->passwords, NULL },
		                .hash = hash_password };
	size_t line = PASSWORDS_NONE;

	if (count(&c))
		line = try_lines(a, &c, "password");
	else
		(void)g_string_append(a->why, "no password was given");
	if (line != PASSWORDS_NONE)
		a->out->by = label_of(&c, line);
	return line != PASSWORDS_NONE;
}
