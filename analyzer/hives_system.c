/* SPDX-License-Identifier: MIT */
/*
 * hives_system.c - boot keys, and which of them opens what
 */
#include "analyzer/hives_internal.h"

#include "analyzer/say.h"
#include "parsers/limits.h"

/* The value of a number, or `otherwise`. */
static uint32_t number(struct hive_key *key, const char *name,
                       uint32_t otherwise)
{
	struct secret data;
	struct error err;
	struct cursor c;
	uint32_t v;

	if (hive_key_value(&data, key, name, &err))
		return otherwise;
	c = cursor_open(secret_view(&data));
	v = cursor_le32(&c);
	secret_release(&data);
	return c.bad ? otherwise : v;
}

/* Control\Lsa of the control set in use, or of the first there is. */
static enum status find_lsa(struct hive_key **lsa, struct hive *hive,
                            struct error *err)
{
	uint32_t current = 1;
	struct hive_key *select;
	enum status st;
	char *path;

	if (!hive_find(&select, hive, "Select", err)) {
		current = number(select, "Current", 1);
		hive_key_free(select);
	}
	path = g_strdup_printf("ControlSet%03u\\Control\\Lsa", current);
	st = hive_find(lsa, hive, path, err);
	g_free(path);
	if (st && current != 1)
		st = hive_find(lsa, hive, "ControlSet001\\Control\\Lsa", err);
	return st;
}

static enum status read_classes(struct secret *key, struct hive_key *lsa,
                                struct error *err)
{
	static const char *const parts[] = { "JD", "Skew1", "GBG", "Data" };
	char *classes[4] = { NULL };
	enum status st = OK;

	*key = (struct secret){ 0 };
	for (unsigned i = 0; !st && i < 4; i++) {
		struct hive_key *sub;

		st = hive_key_find(&sub, lsa, parts[i], err);
		if (!st)
			st = hive_key_class(&classes[i], sub, err);
		hive_key_free(sub);
	}
	if (!st)
		st = lsa_boot_key(key, (const char *const *)classes, err);
	for (unsigned i = 0; i < 4; i++)
		g_free(classes[i]);
	return st;
}

static void add_boot(struct hives *hs, const struct hive_file *file,
                     struct secret *key)
{
	struct boot_key *boot = g_new0(struct boot_key, 1);

	secret_move(&boot->key, key);
	boot->folder = file->folder;
	boot->path = origin_text(&file->found->origin);
	g_ptr_array_add(hs->boots, boot);
}

/* The class names of mode 2 and 3 are no key, but may be one of before. */
static void read_system(struct hives *hs, struct hive_file *file)
{
	struct hive_key *lsa;
	struct secret key = { 0 };
	struct error err;
	enum status st = find_lsa(&lsa, file->hive, &err);

	if (!st)
		st = read_classes(&key, lsa, &err);
	if (st)
		hives_say(file, "Control\\Lsa", &err);
	else
		add_boot(hs, file, &key);
	if (st == E_ABSENT)
		say("%s: has no boot key", file->found->origin.path);
	hive_key_free(lsa);
}

static void read_start_key(struct hives *hs, struct hive_file *file)
{
	struct secret text, key;
	struct error err;
	enum status st = found_load(file->found, LIMIT_KEY_FILE, &text, &err);

	if (!st)
		st = lsa_boot_key_file(&key, secret_view(&text), &err);
	if (st)
		hives_say(file, NULL, &err);
	else
		add_boot(hs, file, &key);
	secret_release(&text);
}

void hives_read_boot_keys(struct hives *hs)
{
	for (guint i = 0; i < hs->files->len; i++) {
		struct hive_file *file = g_ptr_array_index(hs->files, i);

		if (file->kind == HIVE_SYSTEM && file->hive)
			read_system(hs, file);
		else if (file->kind == HIVE_START_KEY)
			read_start_key(hs, file);
	}
}

/* The mode of the SYSTEM beside a hive; 0 if there is none. */
static uint32_t mode_beside(struct hives *hs, const struct hive_file *file)
{
	for (guint i = 0; i < hs->files->len; i++) {
		struct hive_file *f = g_ptr_array_index(hs->files, i);
		struct hive_key *lsa;
		struct error err;
		uint32_t mode;

		if (f->kind != HIVE_SYSTEM || !f->hive ||
		    strcmp(f->folder, file->folder) != 0 ||
		    find_lsa(&lsa, f->hive, &err))
			continue;
		mode = number(lsa, "SecureBoot", LSA_BOOT_REGISTRY);
		hive_key_free(lsa);
		return mode;
	}
	return 0;
}

static enum status try_boots(struct hives *hs, const struct hive_file *file,
                             const struct boot_lock *lock, char **how,
                             struct error *err)
{
	/* Those of the same folder first. */
	for (int same = 1; same >= 0; same--)
		for (guint i = 0; i < hs->boots->len; i++) {
			const struct boot_key *b =
				g_ptr_array_index(hs->boots, i);
			enum status st;

			if (!strcmp(b->folder, file->folder) != (same == 1))
				continue;
			st = lock->open(lock->ctx, secret_view(&b->key), err);
			if (!st)
				*how = g_strdup_printf("boot key of %s",
				                       b->path);
			if (st != E_KEY)
				return st;
		}
	return E_KEY;
}

static enum status try_passwords(struct hives *hs, const struct hive_file *file,
                                 const struct boot_lock *lock, char **how,
                                 struct error *err)
{
	size_t n = passwords_count(hs->passwords);

	for (size_t i = 0; i < n; i++) {
		struct secret key;
		enum status st = lsa_boot_key_password(
			&key, passwords_get(hs->passwords, i), err);

		if (st)
			continue;
		st = lock->open(lock->ctx, secret_view(&key), err);
		/* It opens SECURITY as well: no need to search again. */
		if (!st) {
			char *label = passwords_label(hs->passwords, i);

			*how = g_strdup_printf("startup password, %s", label);
			add_boot(hs, file, &key);
			g_free(label);
		}
		secret_release(&key);
		if (st != E_KEY)
			return st;
	}
	return E_KEY;
}

static char *reason(struct hives *hs, uint32_t mode)
{
	if (mode == LSA_BOOT_PASSWORD)
		return g_strdup_printf("Windows asks for a startup password, "
		                       "and none of %zu is it",
		                       passwords_count(hs->passwords));
	if (mode == LSA_BOOT_FILE)
		return g_strdup("Windows starts with a key disk: its "
		                "StartKey.Key is not here");
	if (hs->boots->len)
		return g_strdup("the boot key of no SYSTEM hive opens it");
	return g_strdup("the SYSTEM hive with its boot key is not here");
}

enum status hives_open_with(struct hives *hs, const struct hive_file *file,
                            const struct boot_lock *lock, char **how,
                            struct error *err)
{
	uint32_t mode = mode_beside(hs, file);
	enum status st;

	*how = NULL;
	st = try_boots(hs, file, lock, how, err);
	if (st == E_KEY && mode == LSA_BOOT_PASSWORD)
		st = try_passwords(hs, file, lock, how, err);
	if (st == E_KEY)
		*how = reason(hs, mode);
	else if (st)
		*how = g_strdup(err->what);
	return st;
}
