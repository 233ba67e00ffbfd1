/* SPDX-License-Identifier: MIT */
/*
 * hives.c - which hives there are, and in which order they are read
 */
#include "analyzer/hives_internal.h"

#include "analyzer/say.h"
#include "parsers/text.h"
#include "parsers/utf16.h"

static const struct {
	const char *name;
	enum hive_kind kind;
} names[] = {
#define NAME(name)
#define ENDING(ending)
#define HIVE(name, kind) { name, kind },
#define HIVE_LOG(ending)
#include "analyzer/keynames.def"
};

static const char *const log_ends[] = {
#define NAME(name)
#define ENDING(ending)
#define HIVE(name, kind)
#define HIVE_LOG(ending) ending,
#include "analyzer/keynames.def"
};

static enum hive_kind kind_of(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (!g_ascii_strcasecmp(name, names[i].name))
			return names[i].kind;
	return HIVE_NONE;
}

/* Is it a log of a hive of this name?  The name of any hive, if NULL. */
static bool is_log(const char *name, const char *hive)
{
	for (size_t i = 0; i < G_N_ELEMENTS(log_ends); i++) {
		size_t n = strlen(name), end = strlen(log_ends[i]);
		char *stem;
		bool is;

		if (n <= end || g_ascii_strcasecmp(name + n - end, log_ends[i]))
			continue;
		stem = g_strndup(name, n - end);
		is = hive ? !g_ascii_strcasecmp(stem, hive)
		          : kind_of(stem) != HIVE_NONE;
		g_free(stem);
		return is;
	}
	return false;
}

bool hives_want(const char *name)
{
	return kind_of(name) != HIVE_NONE || is_log(name, NULL);
}

static char *folder_of(const struct found *f)
{
	const struct origin *o = &f->origin;
	size_t n = strlen(o->path) - strlen(found_name(f));
	char *path = g_strndup(o->path, n);
	char *fold = g_utf8_casefold(path, -1);
	char *all = g_strdup_printf("%s\n%u\n%u\n%s",
	                            o->evidence ? o->evidence : "", o->volume,
	                            o->snapshot, fold);

	g_free(path);
	g_free(fold);
	return all;
}

enum status hives_add_password(struct hives *hs, struct bytes utf16,
                               const char *label, struct error *err)
{
	struct secret room = { 0 }, line = { 0 };
	struct text text;
	enum status st;

	utf16 = utf16_string(utf16);
	st = secret_alloc(&room, TEXT_UTF16(utf16.n), err);
	if (st)
		return st;
	text = text_open((char *)room.p, room.n);
	text_utf16(&text, utf16);
	if (text.n)
		st = secret_alloc(&line, text.n, err);
	else
		st = fail(err, E_ABSENT, 0, "an empty password");
	if (!st) {
		memcpy(line.p, room.p, text.n);
		st = passwords_add_labelled(hs->passwords, &line, label, err);
	}
	secret_release(&line);
	secret_release(&room);
	return st;
}

struct origin hives_origin(const struct hive_file *file, const char *key)
{
	struct origin o;
	char *path;

	origin_copy(&o, &file->found->origin);
	path = g_strdup_printf("%s: %s", o.path, key);
	g_free(o.path);
	o.path = path;
	return o;
}

static void say_of(const struct hive_file *file, const char *key,
                   const char *what)
{
	char *where = origin_text(&file->found->origin);

	say("%s%s%s: %s", where, key ? ": " : "", key ? key : "", what);
	g_free(where);
}

void hives_say(const struct hive_file *file, const char *key,
               const struct error *err)
{
	if (err->status != E_ABSENT)
		say_of(file, key, err->what);
}

/* Its logs are in the same folder. */
static void open_hive(struct hive_file *file, GPtrArray *found)
{
	GPtrArray *logs = g_ptr_array_new();
	struct error err;

	for (guint i = 0; i < found->len; i++) {
		struct found *f = g_ptr_array_index(found, i);
		char *folder;

		if (!is_log(found_name(f), found_name(file->found)))
			continue;
		folder = folder_of(f);
		if (!strcmp(folder, file->folder))
			g_ptr_array_add(logs, f);
		g_free(folder);
	}
	if (found_enter(file->found, &err)) {
		say_of(file, NULL, err.what);
	} else {
		if (hive_open(&file->hive, file->found,
		              (struct found *const *)logs->pdata, logs->len,
		              &err))
			say_of(file, NULL, err.what);
		else if ((file->note = hive_note(file->hive)) != NULL)
			say_of(file, NULL, file->note);
		found_leave();
	}
	g_ptr_array_free(logs, TRUE);
}

static void file_free(void *p)
{
	struct hive_file *file = p;

	if (file->hive && hive_note(file->hive) != file->note)
		say_of(file, NULL, hive_note(file->hive));
	hive_free(file->hive);
	g_free(file->folder);
	g_free(file);
}

static void boot_free(void *p)
{
	struct boot_key *boot = p;

	secret_release(&boot->key);
	g_free(boot->path);
	g_free(boot);
}

static void add_kind(struct hives *hs, GPtrArray *found, enum hive_kind kind)
{
	for (guint i = 0; i < found->len; i++) {
		struct found *f = g_ptr_array_index(found, i);
		struct hive_file *file;

		if (kind_of(found_name(f)) != kind)
			continue;
		file = g_new0(struct hive_file, 1);
		file->kind = kind;
		file->found = f;
		file->folder = folder_of(f);
		if (kind != HIVE_START_KEY)
			open_hive(file, found);
		g_ptr_array_add(hs->files, file);
	}
}

static void read_one(struct hives *hs, struct hive_file *file)
{
	static void (*const readers[])(struct hives *, struct hive_file *) = {
		[HIVE_SAM] = hives_read_sam,
		[HIVE_SECURITY] = hives_read_security,
		[HIVE_SOFTWARE] = hives_read_software,
		[HIVE_USER] = hives_read_user,
		[HIVE_START_KEY] = NULL,
	};
	struct error crashed;

	if (file->hive && readers[file->kind] &&
	    !found_enter(file->found, &crashed)) {
		readers[file->kind](hs, file);
		found_leave();
	}
}

void hives_read(struct chain *chain, struct passwords *passwords,
                struct people *people, GPtrArray *files)
{
	struct hives hs = {
		.chain = chain,
		.passwords = passwords,
		.people = people,
		.files = g_ptr_array_new_with_free_func(file_free),
		.boots = g_ptr_array_new_with_free_func(boot_free),
	};

	for (unsigned kind = HIVE_SYSTEM; kind <= HIVE_START_KEY; kind++)
		add_kind(&hs, files, (enum hive_kind)kind);
	hives_read_boot_keys(&hs);
	for (guint i = 0; i < hs.files->len; i++)
		read_one(&hs, g_ptr_array_index(hs.files, i));
	g_ptr_array_free(hs.boots, TRUE);
	g_ptr_array_free(hs.files, TRUE);
}
