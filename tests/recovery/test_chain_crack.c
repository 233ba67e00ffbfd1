/* SPDX-License-Identifier: MIT */
/*
 * test_chain_crack.c - locks as hashcat and john take them
 *
 * The fields are those that impacket and openssl(1) print of the files; their
 * order is that of john's dpapimk_fmt_plug.c and of its pfx2john.
 */
#include "tests/recovery/world.h"

#include <string.h>

#define DOMAIN     "dpapi/masterkey_7fc19508-7b85-4a7c-9e5d-15f9e00e7ce5"
#define DOMAIN_SID "S-1-5-21-4534338-1127018997-2609994386-500"
#define LOCAL      "dpapi/masterkey_563e7e10-0351-4855-8f9a-5c6ba86a2c04"
#define LOCAL_SID  "S-1-5-21-1-2-3-1001"
#define SYSTEM     "dpapi/systemMasterKeyFile.bin"
#define PFX        "pfx/boringssl_windows7_certmgr.p12"
#define SALT       "2b2fd924c38a34bb52527bf60e7bfe3a66474049"
#define MAC        "2d777979904175f44a7ff715942862f769d44427"

/* `before`, then n bytes of the file in hexadecimal, then `after`. */
static void is_line(GPtrArray *lines, guint i, const char *before,
                    const char *file, size_t at, size_t n, const char *after)
{
	struct bytes in = material(file);
	GString *s = g_string_new(before);

	for (size_t k = 0; k < n; k++)
		g_string_append_printf(s, "%02x", *material_at(in, at + k));
	g_string_append(s, after);
	assert_true(i < lines->len);
	assert_string_equal(g_ptr_array_index(lines, i), s->str);
	(void)g_string_free(s, TRUE);
	material_free(in);
}

static GPtrArray *lines_of(struct world *w, enum world_piece piece,
                           const char *file, const char *sid,
                           enum key_type type)
{
	world_open(w, NULL);
	assert_int_equal(world_add(w, piece, file, sid), OK);
	world_unlock(w);
	return chain_crack_lines(w->chain, world_key(w, type, 0));
}

/* The file does not say which of the two it is. */
static void writes_domain_keys(void **state)
{
	struct world w;
	GPtrArray *lines =
		lines_of(&w, PIECE_MASTERKEY, DOMAIN, DOMAIN_SID, KEY_MASTER);

	(void)state;
	assert_int_equal(lines->len, 2);
	is_line(lines, 0,
	        "$DPAPImk$1*3*" DOMAIN_SID "*des3*sha1*18000*"
	        "9ba729b47f0a0ee96b22b8bbe865a8de*208*",
	        DOMAIN, 0x80 + 32, 104, "");
	is_line(lines, 1,
	        "$DPAPImk$1*2*" DOMAIN_SID "*des3*sha1*18000*"
	        "9ba729b47f0a0ee96b22b8bbe865a8de*208*",
	        DOMAIN, 0x80 + 32, 104, "");
	g_ptr_array_unref(lines);
	world_close(&w);
}

static void writes_local_keys(void **state)
{
	struct world w;
	GPtrArray *lines =
		lines_of(&w, PIECE_MASTERKEY, LOCAL, LOCAL_SID, KEY_MASTER);

	(void)state;
	assert_int_equal(lines->len, 1);
	is_line(lines, 0,
	        "$DPAPImk$2*1*" LOCAL_SID "*aes256*sha512*8000*"
	        "72b55baa9aff23aea1a977b2b5cc3efe*288*",
	        LOCAL, 0x80 + 32, 144, "");
	g_ptr_array_unref(lines);
	world_close(&w);
}

/* Without a SID there is no line; of the system there never is. */
static void writes_nothing_else(void **state)
{
	static const struct {
		const char *file, *sid;
	} cases[] = {
		{ LOCAL, NULL },
		{ LOCAL, "S-1-5-18" }, /* hashcat wants ten characters */
		{ SYSTEM, "S-1-5-18" },
		{ SYSTEM, LOCAL_SID },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct world w;
		GPtrArray *lines = lines_of(&w, PIECE_MASTERKEY, cases[i].file,
		                            cases[i].sid, KEY_MASTER);

		assert_int_equal(lines->len, 0);
		g_ptr_array_unref(lines);
		world_close(&w);
	}
}

static void writes_a_pfx(void **state)
{
	struct world w;
	GPtrArray *lines = lines_of(&w, PIECE_KEYFILE, PFX, NULL, KEY_PFX);

	(void)state;
	assert_int_equal(lines->len, 1);
	is_line(lines, 0, "$pfxng$1$20$2000$20$" SALT "$", PFX, 30, 2475,
	        "$" MAC);
	g_ptr_array_unref(lines);
	world_close(&w);
}

/* What is open needs no cracker. */
static void writes_nothing_that_is_open(void **state)
{
	struct world w;
	GPtrArray *lines;

	(void)state;
	world_open(&w, "Pa$$w0rd");
	assert_int_equal(world_add(&w, PIECE_MASTERKEY, DOMAIN, DOMAIN_SID),
	                 OK);
	world_unlock(&w);
	lines = chain_crack_lines(w.chain, world_key(&w, KEY_MASTER, 0));
	assert_int_equal(lines->len, 0);
	g_ptr_array_unref(lines);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_domain_keys),
		cmocka_unit_test(writes_local_keys),
		cmocka_unit_test(writes_nothing_else),
		cmocka_unit_test(writes_a_pfx),
		cmocka_unit_test(writes_nothing_that_is_open),
	};

	return cmocka_run_group_tests_name("chain_crack", tests, NULL, NULL);
}
