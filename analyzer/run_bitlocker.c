/* SPDX-License-Identifier: MIT */
/*
 * run_bitlocker.c - BitLocker volumes of a run
 */
#include "analyzer/run_bitlocker.h"
#include "analyzer/readfile.h"
#include "analyzer/say.h"
#include "analyzer/source_bitlocker.h"
#include "parsers/limits.h"
#include "parsers/text.h"

/* A .BEK file that was given. */
struct bek_file {
	char *name;
	struct secret content;
};

static void free_bek_file(void *p)
{
	struct bek_file *file = p;

	secret_release(&file->content);
	g_free(file->name);
	g_free(file);
}

static void add_bek_file(struct bitlocker_given *given, const char *path,
                         struct secret *content)
{
	struct bek_file *file = g_new0(struct bek_file, 1);
	char *base = g_path_get_basename(path);

	file->name = g_utf8_make_valid(base, -1);
	secret_move(&file->content, content);
	if (!given->files)
		given->files = g_ptr_array_new_with_free_func(free_bek_file);
	g_ptr_array_add(given->files, file);
	g_free(base);
}

/* Does one of the lines from this one on hold a recovery password? */
static bool any_recovery(const struct passwords *pw, size_t from)
{
	uint8_t hash[BITLOCKER_HASH_SIZE];
	bool found = false;

	for (size_t i = from; !found && i < passwords_count(pw); i++)
		found = bitlocker_recovery_hash(hash, passwords_get(pw, i));
	return found;
}

static enum status add_lines(struct bitlocker_given *given, struct secret *text,
                             struct error *err)
{
	size_t before = passwords_count(&given->recovery);
	enum status st = passwords_add(&given->recovery, text, err);

	if (!st && !any_recovery(&given->recovery, before))
		st = fail(err, E_CORRUPT, 0,
		          "neither a .BEK file nor a recovery password, which "
		          "is 8 groups of 6 digits, each divisible by 11");
	return st;
}

static bool add_recovery_file(struct run *run, const char *path)
{
	struct bitlocker_bek bek;
	struct secret text;
	struct error err;
	enum status st = read_secret(path, LIMIT_KEY_FILE, &text, &err);

	if (!st)
		st = bitlocker_bek_parse(&bek, secret_view(&text), &err);
	if (!st)
		add_bek_file(&run->bitlocker, path, &text);
	else if (st == E_ABSENT && text.n)
		st = add_lines(&run->bitlocker, &text, &err);
	secret_release(&text);
	return st ? say_file(path, &err) : true;
}

void run_bitlocker_secrets(struct run *run, unsigned *given, unsigned *bad)
{
	char **p;

	for (p = run->o->bitlocker_password_file; p && *p; p++, (*given)++)
		*bad += !run_password_file(&run->passwords, *p);
	for (p = run->o->bitlocker_recovery_file; p && *p; p++, (*given)++)
		*bad += !add_recovery_file(run, *p);
}

void run_bitlocker_release(struct bitlocker_given *given)
{
	passwords_release(&given->recovery);
	if (given->files)
		g_ptr_array_free(given->files, TRUE);
	*given = (struct bitlocker_given){ 0 };
}

/* ------------------------------------------------------------------ unlock */

static void add_fact(void *ctx, const char *name, const char *value)
{
	facts_add(ctx, name, value);
}

static enum status unlock(struct run *run, struct evidence *e,
                          const struct bitlocker_meta *meta,
                          struct bitlocker_keys *keys, char **why,
                          struct error *err)
{
	const GPtrArray *files = run->bitlocker.files;
	GArray *list =
		g_array_new(FALSE, FALSE, sizeof(struct bitlocker_key_file));
	const struct trial trial = run_trials(run);
	struct bitlocker_secrets secrets = {
		.passwords = &run->passwords,
		.recovery = &run->bitlocker.recovery,
		.stretched = &e->stretched,
	};
	enum status st;

	for (guint i = 0; files && i < files->len; i++) {
		const struct bek_file *f = files->pdata[i];
		struct bitlocker_key_file row = { f->name,
			                          secret_view(&f->content) };

		g_array_append_val(list, row);
	}
	secrets.files = (const struct bitlocker_key_file *)(void *)list->data;
	secrets.n_files = list->len;
	st = bitlocker_unlock(keys, why, meta, &secrets, &trial, err);
	g_array_free(list, TRUE);
	return st;
}

static void put_layer(struct volume *v, const struct reader *reader,
                      const char *by, uint16_t type)
{
	facts_addf(&v->facts, "BitLocker opened by", "%s (protector: %s)", by,
	           bitlocker_protector_name(type));
	volume_put_layer(v, source_layer(reader, "BitLocker", v->s, false));
	(void)volume_recognise(v);
}

static enum status open_volume(struct run *run, struct evidence *e,
                               struct volume *v,
                               const struct bitlocker_volume *bv, char **why,
                               struct error *err)
{
	struct bitlocker_keys keys = { 0 };
	struct reader reader;
	char *by;
	uint16_t type;
	enum status st = unlock(run, e, &bv->meta, &keys, why, err);

	by = g_strdup(keys.by);
	type = keys.type;
	if (!st)
		st = bitlocker_reader(&reader, bv, &keys, err);
	if (!st)
		put_layer(v, &reader, by, type);
	bitlocker_keys_release(&keys);
	g_free(by);
	return st;
}

/* A trial takes all cores by itself. */
static GMutex unlocking;

char *run_bitlocker_unlock(struct run *run, struct evidence *e,
                           struct volume *v)
{
	struct bitlocker_volume bv;
	struct error err;
	char *why = NULL;
	enum status st =
		bitlocker_volume_open(&bv, v->s, v->offset, v->size, &err);

	if (st)
		return say_error(&err);
	bitlocker_facts(&bv, add_fact, &v->facts);
	g_mutex_lock(&unlocking);
	st = open_volume(run, e, v, &bv, &why, &err);
	g_mutex_unlock(&unlocking);
	if (st && !why)
		why = say_error(&err);
	run->bitlocker_locked += st == E_KEY;
	bitlocker_volume_release(&bv);
	return why;
}
