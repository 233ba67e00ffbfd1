/* SPDX-License-Identifier: MIT */
/*
 * test_chain.c - password, master key, private key: whole chains of Windows
 *
 * The chains are real ones with published passwords; their answers are those
 * of other programs (testdata/dpapi, and expected.json of the corpus).
 */
#include "tests/recovery/world.h"

#include <string.h>

/* The wiki of mimikatz, "howto ~ decrypt EFS files"; in the corpus only. */
#define WIKI     "corpus:keys/efs-mimikatz-wiki/"
#define WIKI_SID "S-1-5-21-494464150-3436831043-1864828003-1001"
#define WIKI_MASTER \
	WIKI "Protect/" WIKI_SID "/1eccdbd2-4771-4360-8b19-9d6060a061dc"
#define WIKI_PRIVATE                                           \
	WIKI "Crypto/RSA/" WIKI_SID                            \
	     "/79e1ac78150e8bea8ad238e14d63145b_4f8e7ec6-a506" \
	     "-4d31-9d5a-1e4cbed4997b"
#define WIKI_CERT                                  \
	WIKI "SystemCertificates/My/Certificates/" \
	     "B53C6DE283C00203587A03DD3D0BF66E16969A55"
#define WIKI_THUMB      "b53c6de283c00203587a03dd3d0bf66e16969a55"
#define WIKI_GUID       "{1eccdbd2-4771-4360-8b19-9d6060a061dc}"
#define WIKI_GUID_BYTES "d2dbcc1e714760438b199d6060a061dc"
#define WIKI_KEY                                             \
	"d3fb9169447509d9a2d3d4f6fc0e84b4733a676add274094f9" \
	"1452b8fe4984ab8fe02326c8be8931122514b90f8d850205bb" \
	"1a84db54fc72d1cffb521377bafc"
#define WIKI_KEY_SHA1  "f2c9ea33a990c865e985c496fb8915445895d80b"
#define WIKI_CONTAINER "ffb75517-bc6c-4a40-8f8b-e2c555e30e34"

static struct bytes thumbprint(const char *hex)
{
	static uint8_t raw[EFS_THUMBPRINT_SIZE];

	return (struct bytes){ raw, unhex(raw, sizeof(raw), hex), 0 };
}

/* All three files, in one of their orders. */
static void add_wiki(struct world *w, const char *order)
{
	static const struct {
		char name;
		enum world_piece piece;
		const char *file;
	} files[] = {
		{ 'm', PIECE_MASTERKEY, WIKI_MASTER },
		{ 'p', PIECE_PRIVATE, WIKI_PRIVATE },
		{ 'c', PIECE_CERTIFICATE, WIKI_CERT },
	};

	for (; *order; order++)
		for (size_t i = 0; i < COUNT(files); i++)
			if (files[i].name == *order)
				assert_int_equal(world_add(w, files[i].piece,
				                           files[i].file,
				                           WIKI_SID),
				                 OK);
}

static void assert_wiki_open(const struct world *w, const char *first)
{
	char *links = g_strdup_printf("%s > master key " WIKI_GUID
	                              " > private key " WIKI_THUMB,
	                              first);
	struct key *key = keyring_find(w->ring, thumbprint(WIKI_THUMB));

	assert_non_null(key);
	assert_int_equal(key->type, KEY_PRIVATE);
	assert_int_equal(key->state, KEY_UNLOCKED);
	assert_int_equal(key->bits, 2048);
	assert_non_null(key->rsa);
	assert_null(key->reason);
	assert_string_equal(key->container, WIKI_CONTAINER);
	assert_string_equal(key->unlocked_by, "master key " WIKI_GUID);
	assert_ptr_equal(key->behind, world_key(w, KEY_MASTER, 0));
	assert_links(key, links);
	assert_int_equal(keyring_usable(w->ring), 1);
	g_free(links);
}

/* Whatever comes first; alone and on all cores. */
static void opens_by_password(void **state)
{
	static const char *const orders[] = { "mpc", "mcp", "pmc",
		                              "pcm", "cmp", "cpm" };

	(void)state;
	material_needs_corpus();
	for (size_t i = 0; i < COUNT(orders); i++) {
		struct world w;

		world_open(&w, "x\nwaza1234/\ny");
		w.jobs = i % 2 ? 4 : 1;
		add_wiki(&w, orders[i]);
		world_unlock(&w);
		assert_int_equal(keyring_count(w.ring), 2);
		assert_wiki_open(&w, "password #2");
		world_close(&w);
	}
}

/* The published key is the key. */
static void is_the_published_key(void **state)
{
	struct world w, other;

	(void)state;
	material_needs_corpus();
	world_open(&w, "waza1234/");
	add_wiki(&w, "mp");
	world_unlock(&w);
	world_open(&other, NULL);
	assert_int_equal(world_add(&other, PIECE_KEYFILE,
	                           WIKI "private_key_expected.pem", NULL),
	                 OK);
	assert_string_equal(world_key(&w, KEY_PRIVATE, 0)->id,
	                    world_key(&other, KEY_PRIVATE, 0)->id);
	world_close(&other);
	world_close(&w);
}

static void opens_by_given_keys(void **state)
{
	static const char *const keys[] = { WIKI_KEY, WIKI_KEY_SHA1 };

	(void)state;
	material_needs_corpus();
	for (size_t i = 0; i < COUNT(keys); i++) {
		struct world w;

		world_open(&w, NULL);
		world_masterkey(&w, WIKI_GUID_BYTES, keys[i]);
		add_wiki(&w, "pc");
		world_unlock(&w);
		assert_links(keyring_find(w.ring, thumbprint(WIKI_THUMB)),
		             "master key " WIKI_GUID
		             " > private key " WIKI_THUMB);
		world_close(&w);
	}
}

/* A key file alone opens files too: by its public key it is known. */
static void needs_no_certificate(void **state)
{
	struct world w;
	struct key *key;

	(void)state;
	material_needs_corpus();
	world_open(&w, "waza1234/");
	add_wiki(&w, "pm");
	world_unlock(&w);
	key = world_key(&w, KEY_PRIVATE, 0);
	assert_int_equal(key->state, KEY_UNLOCKED);
	assert_memory_equal(key->id, "rsa:", 4);
	assert_null(keyring_find(w.ring, thumbprint(WIKI_THUMB)));
	assert_ptr_equal(keyring_of_size(w.ring, 256, 0), key);

	add_wiki(&w, "c"); /* it comes late */
	assert_ptr_equal(keyring_find(w.ring, thumbprint(WIKI_THUMB)), key);
	assert_int_equal(keyring_count(w.ring), 2);
	world_close(&w);
}

static void opens_in_two_steps(void **state)
{
	struct world w;

	(void)state;
	material_needs_corpus();
	world_open(&w, "waza1234/");
	add_wiki(&w, "pc");
	world_unlock(&w);
	assert_null(keyring_find(w.ring, thumbprint(WIKI_THUMB)));
	assert_needs(chain_closed(w.chain, thumbprint(WIKI_THUMB), NULL),
	             "master_key " WIKI_GUID);
	assert_string_equal(world_key(&w, KEY_PRIVATE, 0)->reason,
	                    "needs master key " WIKI_GUID
	                    ", which is not in the evidence");
	add_wiki(&w, "m");
	world_unlock(&w);
	assert_wiki_open(&w, "password #1");
	world_close(&w);
}

/* A candidate that came after the first run. */
static void takes_later_candidates(void **state)
{
	struct secret text = { 0 };
	struct error err;
	struct world w;

	(void)state;
	material_needs_corpus();
	world_open(&w, "wrong");
	add_wiki(&w, "mpc");
	world_unlock(&w);
	assert_int_equal(keyring_usable(w.ring), 0);
	assert_int_equal(secret_alloc(&text, 9, &err), OK);
	memcpy(text.p, "waza1234/", 9);
	assert_int_equal(passwords_add_labelled(&w.passwords, &text,
	                                        "DefaultPassword", &err),
	                 OK);
	world_unlock(&w);
	assert_wiki_open(&w, "DefaultPassword");
	world_close(&w);
}

/* Of the same bytes in a shadow copy nothing is said twice. */
static void takes_copies_once(void **state)
{
	struct world w;

	(void)state;
	material_needs_corpus();
	world_open(&w, NULL);
	add_wiki(&w, "mpcmpc");
	world_unlock(&w);
	assert_int_equal(keyring_count(w.ring), 2);
	world_close(&w);
}

static void says_what_is_missing(void **state)
{
	const struct closed_link *link;
	struct world w;

	(void)state;
	material_needs_corpus();
	world_open(&w, "one\ntwo");
	world_hash(&w, DPAPI_FORM_NT, "00112233445566778899aabbccddeeff", NULL,
	           "NT hash #1");
	add_wiki(&w, "mpc");
	world_unlock(&w);
	link = chain_closed(w.chain, thumbprint(WIKI_THUMB), NULL);
	assert_ptr_equal(link,
	                 chain_closed(w.chain, thumbprint(WIKI_THUMB), NULL));
	assert_needs(link, "password " WIKI_SID);
	assert_int_equal(link->locked->len, 2);
	assert_ptr_equal(g_ptr_array_index(link->locked, 0),
	                 world_key(&w, KEY_PRIVATE, 0));
	assert_ptr_equal(g_ptr_array_index(link->locked, 1),
	                 world_key(&w, KEY_MASTER, 0));
	assert_string_equal(link->reason,
	                    "master key " WIKI_GUID " of " WIKI_SID
	                    ": neither the blank password nor any of 2 "
	                    "candidates nor 1 hash opens it");
	assert_string_equal(world_key(&w, KEY_PRIVATE, 0)->reason,
	                    "needs master key " WIKI_GUID " of " WIKI_SID
	                    ", which is locked");

	/* no key file, no certificate, nothing */
	link = chain_closed(w.chain,
	                    thumbprint("00112233445566778899"
	                               "aabbccddeeff00112233"),
	                    NULL);
	assert_needs(link, "private_key 00112233445566778899"
	                   "aabbccddeeff00112233");
	assert_int_equal(link->locked->len, 0);
	/* a thumbprint that nobody has, but the container has a key file */
	link = chain_closed(w.chain,
	                    thumbprint("00112233445566778899"
	                               "aabbccddeeff00112233"),
	                    "FFB75517-bc6c-4a40-8f8b-e2c555e30e34");
	assert_needs(link, "password " WIKI_SID);
	world_close(&w);
}

static void misses_the_key_file(void **state)
{
	struct world w;

	(void)state;
	material_needs_corpus();
	world_open(&w, "waza1234/");
	add_wiki(&w, "mc");
	world_unlock(&w);
	assert_needs(chain_closed(w.chain, thumbprint(WIKI_THUMB), NULL),
	             "key_file " WIKI_CONTAINER);
	world_close(&w);
}

#define DOMAIN "dpapi/masterkey_7fc19508-7b85-4a7c-9e5d-15f9e00e7ce5"

/* -------------------------------------------------------- damage, refusals */

static void refuses_other_files(void **state)
{
	static const enum world_piece pieces[] = {
		PIECE_MASTERKEY,   PIECE_CREDHIST, PIECE_PRIVATE,
		PIECE_CERTIFICATE, PIECE_KEYFILE,  PIECE_DOMAIN
	};
	static const uint8_t nothing[200] = "no key of any kind";
	struct bytes in = { nothing, sizeof(nothing), 0 };
	struct world w;

	(void)state;
	world_open(&w, NULL);
	for (size_t i = 0; i < 2 * COUNT(pieces); i++) {
		assert_int_equal(
			world_add_bytes(&w, pieces[i / 2], in, "x", NULL),
			E_ABSENT);
		assert_int_equal(world_add_bytes(&w, pieces[i / 2],
		                                 (struct bytes){ 0 }, "x",
		                                 NULL),
		                 E_ABSENT);
	}
	assert_int_equal(keyring_count(w.ring), 0);
	world_unlock(&w);
	world_close(&w);
}

/* Cut anywhere, a file is listed with a reason, or it is none. */
static void lists_what_is_cut(void **state)
{
	static const struct {
		enum world_piece piece;
		enum key_type type;
		const char *file;
	} cases[] = {
		{ PIECE_MASTERKEY, KEY_MASTER, DOMAIN },
		{ PIECE_PRIVATE, KEY_PRIVATE,
		  "winkeys/capi_701577141985b6923998dcca035c007a_f8b7bbef-"
		  "d227-4ac7-badd-3a238a7f741e" },
		{ PIECE_PRIVATE, KEY_PRIVATE, "winkeys/cng_inner_keyfile.bin" },
		{ PIECE_CERTIFICATE, KEY_CERTIFICATE, "winkeys/store.bin" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bytes whole = material(cases[i].file);

		for (size_t n = 0; n < whole.n; n += 61) {
			struct bytes in = material_copy(whole, n);
			struct world w;
			enum status status;

			world_open(&w, NULL);
			status = world_add_bytes(&w, cases[i].piece, in, "x",
			                         "S-1-5-21-1-2-3-1000");
			material_free(in);
			assert_true(status == OK || status == E_ABSENT);
			world_unlock(&w);
			for (size_t k = 0; k < keyring_count(w.ring); k++) {
				struct key *key = keyring_get(w.ring, k);

				assert_int_equal(key->type, cases[i].type);
				assert_true(!key->reason ==
				            (key->state != KEY_LOCKED));
			}
			world_close(&w);
		}
		material_free(whole);
	}
}

static void has_names(void **state)
{
	(void)state;
	assert_string_equal(need_kind_name(NEED_PRIVATE_KEY), "private_key");
	assert_string_equal(need_kind_name(NEED_KEY_FILE), "key_file");
	assert_string_equal(need_kind_name(NEED_MASTER_KEY), "master_key");
	assert_string_equal(need_kind_name(NEED_PASSWORD), "password");
	assert_string_equal(need_kind_name(NEED_DOMAIN_KEY), "domain_key");
	assert_string_equal(need_kind_name(NEED_SYSTEM), "system_secret");
	assert_string_equal(need_kind_name(NEED_FILE_PASSWORD),
	                    "file_password");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_by_password),
		cmocka_unit_test(is_the_published_key),
		cmocka_unit_test(opens_by_given_keys),
		cmocka_unit_test(needs_no_certificate),
		cmocka_unit_test(opens_in_two_steps),
		cmocka_unit_test(takes_later_candidates),
		cmocka_unit_test(takes_copies_once),
		cmocka_unit_test(says_what_is_missing),
		cmocka_unit_test(misses_the_key_file),
		cmocka_unit_test(refuses_other_files),
		cmocka_unit_test(lists_what_is_cut),
		cmocka_unit_test(has_names),
	};

	return cmocka_run_group_tests_name("chain", tests, NULL, NULL);
}
