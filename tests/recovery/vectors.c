/* SPDX-License-Identifier: MIT */
/*
 * vectors.c - tables of known answers in files, and the real samples
 */
#include "tests/recovery/vectors.h"

#include <stdlib.h>
#include <string.h>

struct bytes hexed(const char *hex)
{
	size_t n = strlen(hex) / 2;
	struct bytes none = { 0 };
	struct bytes b;

	if (!n)
		return material_copy(none, 0);
	b = material_copy((struct bytes){ (const uint8_t *)hex, n, 0 }, n);
	b.n = unhex(material_at(b, 0), n, hex);
	return b;
}

struct bytes view_of(const char *text)
{
	return (struct bytes){ (const uint8_t *)text, strlen(text), 0 };
}

void each_vector(struct bytes text, const char *kind, guint n,
                 void (*fn)(char **field))
{
	char *copy = g_strndup((const char *)text.p, text.n);
	char **lines = g_strsplit(copy, "\n", 0);
	size_t found = 0;

	for (size_t i = 0; lines[i]; i++) {
		char **field = g_strsplit(lines[i], "\t", 0);

		if (g_strv_length(field) == n &&
		    (!kind || !strcmp(field[0], kind))) {
			found++;
			fn(field);
		}
		g_strfreev(field);
	}
	g_strfreev(lines);
	g_free(copy);
	assert_true(found > 0);
}

void assert_contains(struct bytes whole, struct bytes part)
{
	size_t i = 0;

	while (i + part.n <= whole.n && memcmp(whole.p + i, part.p, part.n))
		i++;
	assert_true(i + part.n <= whole.n);
}

void assert_secret(const struct secret *s, struct bytes expect)
{
	assert_int_equal(s->n, expect.n);
	if (s->n)
		assert_memory_equal(s->p, expect.p, expect.n);
}

void assert_secret_hex(const struct secret *s, const char *hex)
{
	struct bytes expect = hexed(hex);

	assert_secret(s, expect);
	material_free(expect);
}

void each_damage(struct bytes in, void (*fn)(struct bytes in, void *ctx),
                 void *ctx)
{
	static const uint8_t masks[] = { 0x01, 0xff };

	for (size_t n = 0; n < in.n; n++) {
		struct bytes copy = material_copy(in, n);

		fn(copy, ctx);
		material_free(copy);
	}
	for (size_t i = 0; i < in.n * COUNT(masks); i++) {
		struct bytes copy = material_copy(in, in.n);

		*material_at(copy, i / COUNT(masks)) ^= masks[i % COUNT(masks)];
		fn(copy, ctx);
		material_free(copy);
	}
}

enum status open_blob(struct secret *plain, struct bytes in, struct bytes hash,
                      struct bytes entropy, struct bytes strong)
{
	struct dpapi_blob blob;
	struct error err = { 0 };
	enum status status;

	*plain = (struct secret){ 0 };
	status = dpapi_blob_parse(&blob, in, &err);
	if (!status)
		status = dpapi_open_blob(plain, &blob, hash, entropy, strong,
		                         &err);
	assert_int_equal(err.status, status);
	if (status)
		assert_null(plain->p);
	return status;
}

struct bytes hash_of(uint8_t hash[20], const char *key)
{
	struct bytes k = hexed(key);
	struct error err;

	if (k.n == DPAPI_SHA1_SIZE)
		memcpy(hash, k.p, k.n);
	else
		assert_int_equal(dpapi_masterkey_hash(hash, k, &err), OK);
	material_free(k);
	return (struct bytes){ hash, DPAPI_SHA1_SIZE, 0 };
}
