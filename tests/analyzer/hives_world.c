/* SPDX-License-Identifier: MIT */
/*
 * hives_world.c - sets of hives in memory, and what is found in them
 */
#include "tests/analyzer/hives_world.h"
#include "tests/recovery/vectors_lsa.h"

#include <string.h>

struct world world;

int world_open(void **state)
{
	(void)state;
	world = (struct world){ 0 };
	world.files = g_ptr_array_new_with_free_func(found_free);
	world.ring = keyring_new();
	world.chain = chain_new(world.ring, &world.passwords);
	world.people = people_new();
	return 0;
}

int world_close(void **state)
{
	(void)state;
	people_free(world.people);
	chain_free(world.chain);
	keyring_free(world.ring);
	passwords_release(&world.passwords);
	g_ptr_array_free(world.files, TRUE);
	return 0;
}

void add_file(const char *path, const void *p, size_t n)
{
	g_ptr_array_add(world.files, evidence_of(path, p, n));
}

void add_hive(const char *path, struct writer *w)
{
	GByteArray *b = writer_finish(w);

	add_file(path, b->data, b->len);
	g_byte_array_unref(b);
}

void add_password(const char *text)
{
	struct secret s;
	struct error err;

	assert_int_equal(secret_alloc(&s, strlen(text), &err), OK);
	memcpy(s.p, text, s.n);
	assert_int_equal(passwords_add(&world.passwords, &s, &err), OK);
}

bool has_password(const char *text)
{
	for (size_t i = 0; i < passwords_count(&world.passwords); i++) {
		struct bytes b = passwords_get(&world.passwords, i);

		if (b.n == strlen(text) && !memcmp(b.p, text, b.n))
			return true;
	}
	return false;
}

void unhex_to(uint8_t *to, size_t n, const char *hex)
{
	for (size_t i = 0; i < n; i++)
		to[i] = (uint8_t)(g_ascii_xdigit_value(hex[2 * i]) << 4 |
		                  g_ascii_xdigit_value(hex[2 * i + 1]));
}

void world_read(void)
{
	hives_read(world.chain, &world.passwords, world.people, world.files);
}

struct key *only_key(enum key_type type)
{
	struct key *found = NULL;

	for (size_t i = 0; i < keyring_count(world.ring); i++) {
		struct key *key = keyring_get(world.ring, i);

		if (key->type != type)
			continue;
		assert_null(found);
		found = key;
	}
	assert_non_null(found);
	return found;
}

struct writer *system_hive(const char *boot_key, uint8_t mode)
{
	static const char lsa[] = "ControlSet002\\Control\\Lsa";
	static const char *const names[] = { "JD", "Skew1", "GBG", "Data" };
	const uint8_t current[4] = { 2 }, secure[4] = { mode };
	struct writer *w = writer_new();

	writer_value(w, "Select", "Current", current, 4);
	writer_value(w, lsa, "SecureBoot", secure, 4);
	for (size_t i = 0; i < COUNT(boots); i++) {
		if (strcmp(boots[i].key, boot_key) != 0)
			continue;
		for (size_t k = 0; k < 4; k++) {
			char *path = g_strdup_printf("%s\\%s", lsa, names[k]);

			writer_key(w, path, boots[i].classes[k]);
			g_free(path);
		}
	}
	return w;
}

struct writer *security_hive(const uint8_t minor, const char *value)
{
	const uint8_t revision[4] = { minor, 0, 1, 0 };
	struct writer *w = writer_new();

	writer_value(w, "Policy\\PolRevision", "", revision, 4);
	writer_hex(w,
	           minor > 9 ? "Policy\\PolEKList"
	                     : "Policy\\PolSecretEncryptionKey",
	           "", value);
	return w;
}

struct writer *machine_hive(size_t policy)
{
	struct writer *w = security_hive(policies[policy].old ? 5 : 10,
	                                 policies[policy].value);

	for (size_t i = 0; i < COUNT(secrets); i++) {
		char *path;

		if (secrets[i].policy != policy)
			continue;
		path = g_strdup_printf("Policy\\Secrets\\%s\\CurrVal",
		                       secrets[i].name);
		writer_hex(w, path, "", secrets[i].value);
		g_free(path);
	}
	return w;
}

void assert_system(size_t policy)
{
	uint8_t want[44];
	struct system *s;

	assert_int_equal(world.chain->systems->len, 1);
	s = &g_array_index(world.chain->systems, struct system, 0);
	for (size_t i = 0; i < COUNT(secrets); i++)
		if (secrets[i].policy == policy &&
		    !strcmp(secrets[i].name, "DPAPI_SYSTEM"))
			unhex_to(want, sizeof(want), secrets[i].plain);
	assert_memory_equal(s->machine.p, want + 4, 20);
	assert_memory_equal(s->user.p, want + 24, 20);
}

void assert_closed(const char *id, const char *reason)
{
	struct key *key = only_key(KEY_SYSTEM);

	assert_int_equal(key->state, KEY_LOCKED);
	assert_string_equal(key->id, id);
	assert_string_equal(key->reason, reason);
}

bool has_hash(enum dpapi_form form, const uint8_t *hash, size_t n,
              const char *sid, const char *label)
{
	for (guint i = 0; i < world.chain->credentials->len; i++) {
		struct credential *c = chain_credential(world.chain, i);

		if (c->form == form && c->hash.n == n &&
		    !memcmp(c->hash.p, hash, n) && !g_strcmp0(c->sid, sid) &&
		    !strcmp(c->label, label))
			return true;
	}
	return false;
}
