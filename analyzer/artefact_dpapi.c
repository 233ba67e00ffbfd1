/* SPDX-License-Identifier: MIT */
/*
 * artefact_dpapi.c - what the artefacts of DPAPI have in common
 */
#include "analyzer/artefact_dpapi.h"
#include "parsers/dpapi_algorithm.h"

/* The longest of DPAPI's salts and hashes is a SHA-512. */
#define SHORT 64u

static void add_algorithm(json_t *to, const char *key,
                          const struct dpapi_algorithm *algorithm, uint32_t id)
{
	char *id_key = g_strdup_printf("%s_id", key);

	json_add_text(to, key, algorithm ? algorithm->name : NULL);
	json_add_u64(to, id_key, id);
	g_free(id_key);
}

void artefact_add_hash(json_t *to, const char *key, uint32_t id)
{
	add_algorithm(to, key, dpapi_hash_find(id), id);
}

void artefact_add_cipher(json_t *to, const char *key, uint32_t id)
{
	add_algorithm(to, key, dpapi_cipher_find(id), id);
}

void artefact_add_short(json_t *to, const char *key, struct bytes b)
{
	char *size_key = g_strdup_printf("%s_size", key);

	if (b.n <= SHORT)
		artefact_add_hex(to, key, b);
	else
		json_add_u64(to, size_key, b.n);
	g_free(size_key);
}
