/* SPDX-License-Identifier: MIT */
/*
 * hive.c - keys and values of a registry hive
 *
 * Not through libregf: that of Debian 12, 20201007, follows a list that names
 * itself until the stack ends, and multiplies a count of values by four in 32
 * bits and reads past its list.  20240421 still takes 2^n steps through n lists
 * that name the next one twice.  tests/analyzer/test_hive.c has all three.
 */
#include "analyzer/hive.h"

#include "analyzer/hive_overlay.h"
#include "parsers/hive_cell.h"
#include "parsers/limits.h"
#include "parsers/text.h"

/* A cell that lists the most offsets, or has the longest class name. */
#define CELL_MOST (UINT32_C(4) * LIMIT_HIVE_KEYS + 16)

struct hive {
	struct hive_overlay bytes;
	uint32_t root;
	const char *note;
};

struct hive_key {
	struct hive *hive;  /* borrowed */
	struct secret cell; /* what `nk` borrows from */
	struct hive_nk nk;
	GArray *subs;  /* cells of the sub keys, uint32_t */
	bool subs_bad; /* some of them are damaged */
};

static uint64_t evidence_at(const struct hive *h, uint64_t at)
{
	return h->bytes.file->origin.offset + at;
}

/* All n bytes at this offset of the hive. */
static enum status read_all(struct hive *h, uint64_t at, uint8_t *buf, size_t n,
                            struct error *err)
{
	ssize_t got = hive_overlay_read(&h->bytes, at, buf, n);

	if (got < 0)
		return fail(err, h->bytes.left ? E_IO : E_LIMIT,
		            evidence_at(h, at), "the hive cannot be read");
	if ((size_t)got < n)
		return fail(err, E_TRUNCATED, evidence_at(h, at),
		            "cell of a hive");
	return OK;
}

/*
 * How many bytes a cell holds, and where in the hive they begin.  Its size has
 * the sign of a cell in use, and counts itself.
 */
static enum status find_cell(struct hive *h, uint32_t cell, uint64_t *at,
                             uint32_t *size, struct error *err)
{
	uint8_t head[4];
	struct bytes in = { head, sizeof(head), 0 };
	struct cursor c = cursor_open(in);
	uint32_t stored;

	*size = 0;
	*at = HIVE_BASE_SIZE + (uint64_t)cell + sizeof(head);
	if (cell == HIVE_NO_CELL)
		return fail(err, E_CORRUPT, evidence_at(h, 0),
		            "cell of a hive");
	if (read_all(h, *at - sizeof(head), head, sizeof(head), err))
		return err->status;
	stored = cursor_le32(&c);
	*size = stored > INT32_MAX ? UINT32_MAX - stored + 1 : 0;
	if (*size < 8)
		return fail(err, E_CORRUPT, evidence_at(h, *at),
		            "cell of a hive that is not in use");
	*size -= (uint32_t)sizeof(head);
	return OK;
}

/* The first bytes of a cell, at most this many. */
static enum status read_cell(struct secret *to, struct hive *h, uint32_t cell,
                             uint32_t most, struct error *err)
{
	uint64_t at;
	uint32_t size;
	enum status st = find_cell(h, cell, &at, &size, err);

	*to = (struct secret){ 0 };
	if (!st)
		st = secret_alloc(to, MIN(size, most), err);
	if (!st)
		st = read_all(h, at, to->p, to->n, err);
	if (st)
		secret_release(to);
	return st;
}

static struct bytes view(const struct hive *h, const struct secret *s)
{
	struct bytes b = secret_view(s);

	b.at = evidence_at(h, 0);
	return b;
}

static enum status key_at(struct hive_key **key, struct hive *h, uint32_t cell,
                          struct error *err)
{
	struct hive_key *k = g_new0(struct hive_key, 1);
	enum status st;

	k->hive = h;
	st = read_cell(&k->cell, h, cell, CELL_MOST, err);
	if (!st)
		st = hive_nk_parse(&k->nk, view(h, &k->cell), err);
	if (st) {
		hive_key_free(k);
		k = NULL;
	}
	*key = k;
	return st;
}

enum status hive_open(struct hive **out, struct found *file,
                      struct found *const *logs, size_t n, struct error *err)
{
	struct hive *h = g_new0(struct hive, 1);
	struct hive_key *root = NULL;
	enum status st = hive_overlay_open(&h->bytes, file, logs, n, err);

	if (!st) {
		h->root = h->bytes.root;
		h->note = h->bytes.note;
		if (!h->note && h->bytes.cut)
			h->note = "bins at the end of a registry hive";
		st = key_at(&root, h, h->root, err);
	}
	hive_key_free(root);
	if (st) {
		hive_free(h);
		h = NULL;
	}
	*out = h;
	return st;
}

void hive_free(struct hive *h)
{
	if (!h)
		return;
	hive_overlay_release(&h->bytes);
	g_free(h);
}

const char *hive_note(const struct hive *hive)
{
	return hive->bytes.left ? hive->note
	                        : "more is to be read than any real hive has";
}

void hive_key_free(struct hive_key *key)
{
	if (!key)
		return;
	secret_release(&key->cell);
	if (key->subs)
		g_array_free(key->subs, TRUE);
	g_free(key);
}

/* ------------------------------------------------------------- sub keys */

static void add_subs(struct hive_key *k, const struct hive_list *list)
{
	for (uint32_t i = 0; i < list->count; i++) {
		uint32_t cell = hive_list_get(list, i);

		if (k->subs->len >= MIN(k->nk.subs, LIMIT_HIVE_KEYS))
			break;
		g_array_append_val(k->subs, cell);
	}
}

/* Lists of lists are of one level: no list is read twice that deep.
   NOLINTNEXTLINE(misc-no-recursion) */
static void add_lists(struct hive_key *k, uint32_t cell, bool top)
{
	struct hive_list list;
	struct secret s;
	struct error err;

	if (read_cell(&s, k->hive, cell, CELL_MOST, &err) ||
	    hive_list_parse(&list, view(k->hive, &s), &err) ||
	    (list.kind != HIVE_LIST_KEYS &&
	     (list.kind != HIVE_LIST_LISTS || !top))) {
		k->subs_bad = true;
	} else if (list.kind == HIVE_LIST_KEYS) {
		add_subs(k, &list);
	} else {
		for (uint32_t i = 0; i < list.count; i++) {
			if (k->subs->len >= MIN(k->nk.subs, LIMIT_HIVE_KEYS))
				break;
			add_lists(k, hive_list_get(&list, i), false);
		}
	}
	secret_release(&s);
}

static GArray *subs_of(const struct hive_key *key)
{
	/* Read when first asked for: a cache, not a part of the value.
	   NOLINTNEXTLINE(performance-no-int-to-ptr) */
	struct hive_key *k = (struct hive_key *)(uintptr_t)key;

	if (k->subs)
		return k->subs;
	k->subs = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	if (k->nk.subs)
		add_lists(k, k->nk.subs_at, true);
	return k->subs;
}

size_t hive_key_count(const struct hive_key *key)
{
	return subs_of(key)->len;
}

enum status hive_key_get(struct hive_key **sub, const struct hive_key *key,
                         size_t i, struct error *err)
{
	GArray *subs = subs_of(key);

	*sub = NULL;
	if (i >= subs->len)
		return fail(err, E_ABSENT, evidence_at(key->hive, 0),
		            "sub key of a hive");
	return key_at(sub, key->hive, g_array_index(subs, uint32_t, i), err);
}

static char *utf8_of(const struct hive_name *name)
{
	char *s;

	if (name->utf16) {
		struct text t;

		s = g_malloc(TEXT_UTF16(name->text.n));
		t = text_open(s, TEXT_UTF16(name->text.n));
		text_utf16(&t, name->text);
		return s;
	}
	s = g_convert(name->text.n ? (const char *)name->text.p : "",
	              (gssize)name->text.n, "UTF-8", "ISO-8859-1", NULL, NULL,
	              NULL);
	return s ? s : g_strdup("");
}

char *hive_key_name(const struct hive_key *key)
{
	return utf8_of(&key->nk.name);
}

enum status hive_key_class(char **name, const struct hive_key *key,
                           struct error *err)
{
	struct hive_name text = { .utf16 = true };
	struct secret s;
	enum status st;

	*name = NULL;
	if (!key->nk.class_size || key->nk.class_at == HIVE_NO_CELL)
		return fail(err, E_ABSENT, evidence_at(key->hive, 0),
		            "class name of a key");
	st = read_cell(&s, key->hive, key->nk.class_at, key->nk.class_size,
	               err);
	if (!st && s.n < key->nk.class_size)
		st = fail(err, E_TRUNCATED, evidence_at(key->hive, 0),
		          "class name of a key");
	if (!st) {
		text.text = view(key->hive, &s);
		*name = utf8_of(&text);
	}
	secret_release(&s);
	return st;
}

static bool same(const struct hive_name *name, const char *b)
{
	char *a = utf8_of(name);
	char *x = g_utf8_casefold(a, -1);
	char *y = g_utf8_casefold(b, -1);
	bool equal = !strcmp(x, y);

	g_free(a);
	g_free(x);
	g_free(y);
	return equal;
}

/* Damaged sub keys are passed over: the one that is wanted may be sound. */
static struct hive_key *sub_named(const struct hive_key *key, const char *name,
                                  bool *damaged)
{
	size_t n = hive_key_count(key);
	struct error err;

	*damaged = key->subs_bad;
	for (size_t i = 0; i < n; i++) {
		struct hive_key *sub;

		if (hive_key_get(&sub, key, i, &err)) {
			*damaged = true;
			continue;
		}
		if (same(&sub->nk.name, name))
			return sub;
		hive_key_free(sub);
	}
	return NULL;
}

/* One step down; `name` is n bytes. */
static enum status step(struct hive_key **sub, const struct hive_key *from,
                        const char *name, size_t n, struct error *err)
{
	uint64_t at = evidence_at(from->hive, 0);
	char *part = g_strndup(name, n);
	bool damaged;

	*sub = sub_named(from, part, &damaged);
	g_free(part);
	if (*sub)
		return OK;
	if (damaged)
		return fail(err, E_CORRUPT, at, "sub keys of a hive");
	return fail(err, E_ABSENT, at, "key of a hive");
}

enum status hive_key_find(struct hive_key **key, const struct hive_key *from,
                          const char *path, struct error *err)
{
	size_t n = strcspn(path, "\\");
	enum status st = step(key, from, path, n, err);

	while (!st && path[n]) {
		struct hive_key *above = *key;

		path += n + 1;
		n = strcspn(path, "\\");
		st = step(key, above, path, n, err);
		hive_key_free(above);
	}
	return st;
}

enum status hive_find(struct hive_key **key, struct hive *hive,
                      const char *path, struct error *err)
{
	struct hive_key *root;
	enum status st = key_at(&root, hive, hive->root, err);

	*key = NULL;
	if (st)
		return st;
	if (!*path) {
		*key = root;
		return OK;
	}
	st = hive_key_find(key, root, path, err);
	hive_key_free(root);
	return st;
}

/* --------------------------------------------------------------- values */

/* The value of this name, and its cell, which the caller releases. */
static enum status find_value(struct hive_vk *vk, struct secret *cell,
                              const struct hive_key *key, const char *name,
                              struct error *err)
{
	uint32_t count = MIN(key->nk.values, LIMIT_HIVE_KEYS);
	struct hive_list list = { .count = count, .width = 4 };
	struct secret s = { 0 };
	bool damaged = false;

	*cell = (struct secret){ 0 };
	if (count &&
	    read_cell(&s, key->hive, key->nk.values_at, 4 * count, err))
		return err->status;
	list.list = view(key->hive, &s);
	for (uint32_t i = 0; i < count; i++) {
		if (!read_cell(cell, key->hive, hive_list_get(&list, i),
		               CELL_MOST, err) &&
		    !hive_vk_parse(vk, view(key->hive, cell), err)) {
			if (same(&vk->name, name))
				break;
		} else {
			damaged = true;
		}
		secret_release(cell);
	}
	secret_release(&s);
	if (cell->n)
		return OK;
	return fail(err, damaged ? E_CORRUPT : E_ABSENT,
	            evidence_at(key->hive, 0), "value of a hive");
}

/* A large value is in parts, each a cell, which a list names. */
static enum status read_parts(struct secret *data, struct hive *h,
                              const struct hive_list *db, struct error *err)
{
	struct hive_list list = { .count = db->count, .width = 4 };
	size_t done = 0;
	struct secret s;
	enum status st = read_cell(&s, h, db->at, 4 * db->count, err);

	list.list = view(h, &s);
	for (uint32_t i = 0; !st && done < data->n; i++) {
		size_t n = MIN(data->n - done, HIVE_PART_SIZE);
		uint64_t at;
		uint32_t size;

		st = find_cell(h, hive_list_get(&list, i), &at, &size, err);
		if (!st && size < n)
			st = fail(err, E_CORRUPT, evidence_at(h, at),
			          "part of a large value");
		if (!st)
			st = read_all(h, at, data->p + done, n, err);
		done += n;
	}
	secret_release(&s);
	return st;
}

static enum status read_data(struct secret *data, struct hive *h,
                             const struct hive_vk *vk, struct error *err)
{
	struct hive_list db;
	struct secret s;
	enum status st;
	uint64_t at;
	uint32_t size;

	if (vk->data_at == HIVE_NO_CELL) {
		memcpy(data->p, vk->local.p, vk->local.n);
		return OK;
	}
	st = find_cell(h, vk->data_at, &at, &size, err);
	if (!st && size >= vk->size)
		return read_all(h, at, data->p, data->n, err);
	if (!st)
		st = read_cell(&s, h, vk->data_at, 16, err);
	if (st)
		return st;
	st = hive_list_parse(&db, view(h, &s), err);
	secret_release(&s);
	if (!st && (db.kind != HIVE_LIST_DATA || vk->size <= HIVE_PART_SIZE))
		st = fail(err, E_CORRUPT, evidence_at(h, at),
		          "data of a hive's value");
	return st ? st : read_parts(data, h, &db, err);
}

enum status hive_key_value(struct secret *data, const struct hive_key *key,
                           const char *name, struct error *err)
{
	struct secret cell;
	struct hive_vk vk = { 0 };
	enum status st = find_value(&vk, &cell, key, name, err);

	*data = (struct secret){ 0 };
	if (!st && vk.size > LIMIT_HIVE_VALUE)
		st = fail(err, E_LIMIT, evidence_at(key->hive, 0),
		          "value of a hive");
	if (!st && vk.size) {
		st = secret_alloc(data, vk.size, err);
		if (!st)
			st = read_data(data, key->hive, &vk, err);
	}
	if (st)
		secret_release(data);
	secret_release(&cell);
	return st;
}

enum status hive_value(struct secret *data, struct hive *hive, const char *path,
                       const char *name, struct error *err)
{
	struct hive_key *key;
	enum status st = hive_find(&key, hive, path, err);

	*data = (struct secret){ 0 };
	if (!st)
		st = hive_key_value(data, key, name, err);
	hive_key_free(key);
	return st;
}
