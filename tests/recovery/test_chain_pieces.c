/* SPDX-License-Identifier: MIT */
/*
 * test_chain_pieces.c - what stays closed in one chain explains files of
 * another
 *
 * The keys are those of testdata/profiles: carla's password is in no list,
 * dmitri's master key is gone.
 */
#include "recovery/chain_pieces.h"
#include "tests/recovery/world.h"

#include <string.h>

#define FIVE    "profiles/five/"
#define SID     "S-1-5-21-1740652291-3316854297-2870413605-"
#define MACHINE "_5d1c37b2-90a4-4e6f-8c55-21f7ab63e0d9"

#define CARLA     FIVE "Windows.old/Users/carla/AppData/Roaming/Microsoft/"
#define CARLA_SID SID "1003"
#define GUID      "a4cebabb-aa35-445e-bd53-603eb874e883"
#define MASTER    CARLA "Protect/" CARLA_SID "/" GUID
#define CARLA_KEY                     \
	CARLA "Crypto/RSA/" CARLA_SID \
	      "/fcedea90c8fe2fe60da18517d387057d" MACHINE
#define CARLA_CERT                                  \
	CARLA "SystemCertificates/My/Certificates/" \
	      "C5F78A216A7BE25C49FCA70315624B33E90CEBD0"
#define CARLA_ID  "c5f78a216a7be25c49fca70315624b33e90cebd0"
#define CONTAINER "2552fe18-e3a8-4beb-867e-202d6a5d5afa"

#define DMITRI     FIVE "Documents and Settings/dmitri/Application Data/Microsoft/"
#define DMITRI_SID SID "1004"
#define DMITRI_KEY                      \
	DMITRI "Crypto/RSA/" DMITRI_SID \
	       "/f82f11d59e0e5594862144a6b150e7df" MACHINE
#define DMITRI_CERT                                  \
	DMITRI "SystemCertificates/My/Certificates/" \
	       "801BE9C46AE8FA266B47E7574F8282AC3DE9C8EB"
#define DMITRI_ID "801be9c46ae8fa266b47e7574f8282ac3de9c8eb"

#define BACKUP    "profiles/backup.pfx"
#define BACKUP_ID "a52a7ee220f1ac845c5a3b7e70e893c4c48c34e4"

static struct bytes thumbprint(const char *hex)
{
	static uint8_t raw[EFS_THUMBPRINT_SIZE];

	return (struct bytes){ raw, unhex(raw, sizeof(raw), hex), 0 };
}

static void take(void *ctx, const struct piece *piece)
{
	struct world *to = ctx;
	struct error err;

	assert_non_null(piece->origin.evidence);
	assert_int_equal(chain_add_piece(to->chain, piece, &err), OK);
}

static void count(void *ctx, const struct piece *piece)
{
	unsigned *n = ctx;

	(void)piece;
	(*n)++;
}

/* All images on one side, with two candidates and a hash; one on the other. */
static void begin(struct world *all, struct world *one)
{
	world_open(all, "one\ntwo");
	world_hash(all, DPAPI_FORM_NT, "00112233445566778899aabbccddeeff", NULL,
	           "NT hash #1");
	all->evidence = "a.dd";
	world_open(one, NULL);
	one->evidence = "b.dd";
}

static void hand_on(struct world *all, struct world *one)
{
	world_unlock(all);
	world_unlock(one);
	chain_each_piece(all->chain, take, one);
	chain_join_pieces(one->chain);
}

static void end(struct world *all, struct world *one)
{
	world_close(one);
	world_close(all);
}

static void add(struct world *w, enum world_piece kind, const char *name,
                const char *sid)
{
	assert_int_equal(world_add(w, kind, name, sid), OK);
}

#define TRIED                                                       \
	"neither the blank password nor any of 2 candidates nor 1 " \
	"hash opens it"
#define WHY "master key {" GUID "} of " CARLA_SID ": " TRIED

static void assert_carla(struct world *w, const char *key, const char *master)
{
	const struct closed_link *link =
		chain_closed(w->chain, thumbprint(CARLA_ID), NULL);
	const struct key *k;

	assert_needs(link, "password " CARLA_SID);
	assert_string_equal(link->reason, WHY);
	assert_int_equal(link->locked->len, 2);
	k = g_ptr_array_index(link->locked, 0);
	assert_int_equal(k->type, KEY_PRIVATE);
	assert_string_equal(k->id, CARLA_ID);
	assert_string_equal(k->container, CONTAINER);
	assert_string_equal(k->origin.evidence, key);
	assert_string_equal(k->reason, "needs master key {" GUID
	                               "} of " CARLA_SID ", which is locked");
	assert_ptr_equal(k->behind, g_ptr_array_index(link->locked, 1));
	k = k->behind;
	assert_int_equal(k->type, KEY_MASTER);
	assert_string_equal(k->origin.evidence, master);
	assert_string_equal(k->reason, TRIED);
}

/* The whole way lies elsewhere, and is known by thumbprint or container. */
static void knows_the_way(void **state)
{
	struct world all, one;
	GPtrArray *lines;

	(void)state;
	begin(&all, &one);
	add(&all, PIECE_PRIVATE, CARLA_KEY, CARLA_SID);
	add(&all, PIECE_CERTIFICATE, CARLA_CERT, CARLA_SID);
	add(&all, PIECE_MASTERKEY, MASTER, CARLA_SID);
	hand_on(&all, &one);
	assert_carla(&one, "a.dd", "a.dd");
	assert_int_equal(keyring_count(one.ring), 2);
	assert_needs(chain_closed(one.chain, thumbprint(DMITRI_ID), CONTAINER),
	             "password " CARLA_SID);
	lines = chain_crack_lines(one.chain, world_key(&one, KEY_MASTER, 0));
	assert_int_equal(lines->len, 1);
	assert_memory_equal(lines->pdata[0], "$DPAPImk$2*1*" CARLA_SID, 50);
	g_ptr_array_unref(lines);
	end(&all, &one);
}

/* What is here stays where it lies, and waits for what is elsewhere. */
static void joins_what_is_here(void **state)
{
	struct world all, one;

	(void)state;
	begin(&all, &one);
	add(&all, PIECE_MASTERKEY, MASTER, CARLA_SID);
	all.evidence = "b.dd";
	add(&all, PIECE_PRIVATE, CARLA_KEY, CARLA_SID);
	all.evidence = "c.dd";
	add(&all, PIECE_CERTIFICATE, CARLA_CERT, CARLA_SID);
	add(&one, PIECE_PRIVATE, CARLA_KEY, CARLA_SID);
	hand_on(&all, &one);
	assert_carla(&one, "b.dd", "a.dd");
	assert_int_equal(keyring_count(one.ring), 2);
	assert_string_equal(world_key(&one, KEY_PRIVATE, 0)->certificate,
	                    "c.dd C5F78A216A7BE25C49FCA70315624B33E90CEBD0");
	end(&all, &one);
}

/* The same for a key that only this chain has. */
static void joins_what_others_miss(void **state)
{
	struct world all, one;

	(void)state;
	begin(&all, &one);
	add(&all, PIECE_MASTERKEY, MASTER, CARLA_SID);
	add(&all, PIECE_PRIVATE, CARLA_KEY, SID "500");
	add(&one, PIECE_CERTIFICATE, CARLA_CERT, CARLA_SID);
	add(&one, PIECE_PRIVATE, CARLA_KEY, CARLA_SID);
	hand_on(&all, &one);
	assert_carla(&one, "b.dd", "a.dd");
	end(&all, &one);
}

/* More was tried elsewhere on what lies here. */
static void tells_the_reasons(void **state)
{
	struct world all, one;

	(void)state;
	begin(&all, &one);
	for (unsigned i = 0; i < 2; i++) {
		struct world *w = i ? &one : &all;

		add(w, PIECE_MASTERKEY, MASTER, CARLA_SID);
		add(w, PIECE_PRIVATE, CARLA_KEY, CARLA_SID);
		add(w, PIECE_CERTIFICATE, CARLA_CERT, CARLA_SID);
		add(w, PIECE_KEYFILE, BACKUP, NULL);
	}
	hand_on(&all, &one);
	assert_carla(&one, "b.dd", "b.dd");
	assert_int_equal(keyring_count(one.ring), 4);
	assert_string_equal(world_key(&one, KEY_PFX, 0)->source,
	                    "b.dd backup.pfx");
	assert_string_equal(world_key(&one, KEY_PFX, 0)->reason,
	                    "PFX: neither the blank password nor any of 2 "
	                    "opens it");
	end(&all, &one);
}

/* Of the four ways to be closed three need no password. */
static void says_what_is_missing(void **state)
{
	struct world all, one;

	(void)state;
	begin(&all, &one);
	add(&all, PIECE_CERTIFICATE, CARLA_CERT, CARLA_SID);
	add(&all, PIECE_CERTIFICATE, DMITRI_CERT, DMITRI_SID);
	add(&all, PIECE_PRIVATE, DMITRI_KEY, DMITRI_SID);
	hand_on(&all, &one);
	assert_needs(chain_closed(one.chain, thumbprint(CARLA_ID), NULL),
	             "key_file " CONTAINER);
	assert_needs(chain_closed(one.chain, thumbprint(DMITRI_ID), NULL),
	             "master_key {c8a1effd-70ab-4188-90ec-857c82672e8c}");
	assert_needs(chain_closed(one.chain, thumbprint(BACKUP_ID), NULL),
	             "private_key " BACKUP_ID);
	end(&all, &one);
}

/* The right password is here, but was not there: nothing is tried again. */
static void tries_nothing(void **state)
{
	const struct closed_link *link;
	struct world all, one;

	(void)state;
	world_open(&all, "one");
	world_open(&one, KEYS_PASSWORD);
	all.evidence = "a.dd";
	add(&all, PIECE_KEYFILE, BACKUP, NULL);
	hand_on(&all, &one);
	link = chain_closed(one.chain, thumbprint(BACKUP_ID), NULL);
	assert_needs(link, "file_password a.dd backup.pfx");
	assert_string_equal(link->reason, "a.dd backup.pfx: PFX: neither the "
	                                  "blank password nor any of 1 opens "
	                                  "it");
	assert_int_equal(keyring_usable(one.ring), 0);
	end(&all, &one);
}

/* Its master key was open, and did not open it: no secret will. */
static void has_no_hope(void **state)
{
	const struct closed_link *link;
	struct world all, one;

	(void)state;
	begin(&all, &one);
	world_masterkey(&all, "fdefa1c8ab70884190ec857c82672e8c",
	                "00112233445566778899aabbccddeeff00112233");
	add(&all, PIECE_CERTIFICATE, DMITRI_CERT, DMITRI_SID);
	add(&all, PIECE_PRIVATE, DMITRI_KEY, DMITRI_SID);
	hand_on(&all, &one);
	link = chain_closed(one.chain, thumbprint(DMITRI_ID), NULL);
	assert_needs(link, "");
	assert_int_equal(link->locked->len, 1);
	assert_memory_equal(link->reason, "its master key is open, but", 27);
	end(&all, &one);
}

/* Given keys are given to all; a master key that nothing waits for is left. */
static void keeps_what_is_no_piece(void **state)
{
	unsigned n = 0;
	struct world w;

	(void)state;
	world_open(&w, KEYS_PASSWORD);
	add(&w, PIECE_CERTIFICATE, CARLA_CERT, CARLA_SID);
	add(&w, PIECE_PRIVATE, DMITRI_KEY, DMITRI_SID);
	w.evidence = "a.dd";
	add(&w, PIECE_MASTERKEY, MASTER, CARLA_SID);
	world_unlock(&w);
	chain_each_piece(w.chain, count, &n);
	assert_int_equal(n, 0);
	add(&w, PIECE_KEYFILE, BACKUP, NULL); /* opens: its certificate only */
	world_unlock(&w);
	chain_each_piece(w.chain, count, &n);
	assert_int_equal(n, 1);
	world_close(&w);
}

static void refuses_what_is_none(void **state)
{
	static const uint8_t nothing[64] = "no key of any kind";
	struct piece piece = { .data = { nothing, sizeof(nothing), 0 } };
	char evidence[] = "a.dd";
	struct world w;
	struct error err;

	(void)state;
	world_open(&w, NULL);
	piece.origin.evidence = evidence;
	for (piece.type = KEY_CERTIFICATE; piece.type <= KEY_SYSTEM;
	     piece.type++) {
		assert_int_not_equal(chain_add_piece(w.chain, &piece, &err),
		                     OK);
		assert_non_null(err.what);
	}
	assert_int_equal(keyring_count(w.ring), 0);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_the_way),
		cmocka_unit_test(joins_what_is_here),
		cmocka_unit_test(joins_what_others_miss),
		cmocka_unit_test(tells_the_reasons),
		cmocka_unit_test(says_what_is_missing),
		cmocka_unit_test(tries_nothing),
		cmocka_unit_test(has_no_hope),
		cmocka_unit_test(keeps_what_is_no_piece),
		cmocka_unit_test(refuses_what_is_none),
	};

	return cmocka_run_group_tests_name("chain_pieces", tests, NULL, NULL);
}
