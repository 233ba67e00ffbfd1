/* SPDX-License-Identifier: MIT */
/*
 * keys.c - the keys of a specification, by name
 */
#include "tests/generator/object.h"

#include <stdlib.h>
#include <string.h>

static struct key **keys;
static size_t n_keys;

static const struct key *find(const char *id, size_t n)
{
	for (size_t i = 0; i < n_keys; i++)
		if (!strncmp(keys[i]->id, id, n) && !keys[i]->id[n])
			return keys[i];
	die("no key '%.*s'", (int)n, id);
}

static char *maybe(struct spec *s, const char *option)
{
	const char *text = spec_option(s, option);

	return text ? xstrdup(text) : NULL;
}

static enum wrap wrap_mode(const char *text)
{
	static const char *const names[] = { "good", "wrong", "garbage",
		                             "damaged" };

	for (unsigned i = 0; text && i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(text, names[i]))
			return (enum wrap)i;
	if (text)
		die("no wrap '%s'", text);
	return WRAP_GOOD;
}

void keys_add(struct spec *s)
{
	struct key *key = xmalloc(sizeof(*key));
	const char *cert = spec_option(s, "cert");
	const char *thumb = spec_option(s, "thumb");

	*key = (struct key){
		.id = xstrdup(spec_word(s, 0)),
		.sid = maybe(s, "sid"),
		.container = maybe(s, "container"),
		.provider = maybe(s, "provider"),
		.display = maybe(s, "name"),
		.flags = (uint32_t)spec_number(s, "flags", 0),
		.wrap = wrap_mode(spec_option(s, "wrap")),
	};
	if (!cert)
		die("key: cert= is missing");
	key_load(key, cert);
	if (thumb)
		key_thumbprint_of(key, thumb);
	keys = xrealloc(keys, (n_keys + 1) * sizeof(struct key *));
	keys[n_keys++] = key;
}

static size_t repeat(const char **p)
{
	char *end;
	unsigned long n;

	if (**p != '*')
		return 1;
	n = strtoul(*p + 1, &end, 10);
	*p = end;
	return n;
}

/* "ann,bob*99": names, and how often. */
void keys_parse(struct entries *out, const char *list)
{
	out->n = 0;
	while (list && *list) {
		size_t len = strcspn(list, ",*"), n;
		const struct key *key = find(list, len);

		list += len;
		for (n = repeat(&list); n; n--) {
			if (out->n == ENTRIES_MAX)
				die("too many entries");
			out->key[out->n++] = key;
		}
		list += *list == ',';
	}
}

static bool seen(const struct entries *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list->key[i] == list->key[n])
			return true;
	return false;
}

/* One entry for each key: the first. */
static void list_openers(struct buf *b, const char *ring,
                         const struct entries *list)
{
	char text[128];

	for (size_t i = 0; i < list->n; i++) {
		int n;

		if (!key_opens(list->key[i]) || seen(list, i))
			continue;
		n = snprintf(text, sizeof(text), "%s%s/%zu/%.64s",
		             b->n ? "," : "", ring, i, list->key[i]->id);
		buf_put(b, text, (size_t)n);
	}
}

char *keys_openers(const struct entries *ddf, const struct entries *drf)
{
	struct buf b = { 0 };

	list_openers(&b, "ddf", ddf);
	list_openers(&b, "drf", drf);
	buf_u8(&b, 0);
	return (char *)b.p;
}

void keys_release(void)
{
	while (n_keys) {
		struct key *key = keys[--n_keys];

		buf_free(&key->modulus);
		buf_free(&key->exponent);
		free(key->id);
		free(key->sid);
		free(key->container);
		free(key->provider);
		free(key->display);
		free(key);
	}
	free(keys);
	keys = NULL;
}
