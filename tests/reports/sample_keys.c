/* SPDX-License-Identifier: MIT */
/*
 * sample_keys.c - the key chains of the small case, and what is missing in it
 */
#include "tests/reports/sample_case.h"

#include "tests/reports/sample_keys.h"

#include <glib.h>

#define DOMAIN   "S-1-5-21-1004336348-1177238915-682003330-"
#define BOB_SID  DOMAIN "1002"
#define CARL_SID DOMAIN "1003"
#define CARL     "ca41ca41ca41ca41ca41ca41ca41ca41ca41ca41"

#define USERS   "/Users/"
#define ROAMING "/AppData/Roaming/Microsoft/"
#define MK(n)   "{1eccdbd2-0001-4f5e-9a65-00000000000" n "}"
#define IV      "c5d5fe5b0a0f4e3a9d0e8b1c2d3e4f50"
#define WRONG   "neither the blank password nor any of 10 candidates opens it"

/* Cut short: a report copies them as they are. */
#define BOB_NT   "$DPAPImk$2*2*" BOB_SID "*aes256*sha512*8000*" IV "*288*b0b2"
#define BOB_1607 "$DPAPImk$2*3*" BOB_SID "*aes256*sha512*8000*" IV "*288*b0b3"
#define ANN_OLD  "$DPAPImk$1*1*" SID "*des3*sha1*4000*" IV "*208*a55e"
#define BOB_PFX  "$pfxng$256$32$2048$8$0102030405060708$3082$b0bf"

static const char *const bob_lines[] = { BOB_NT, BOB_1607 };
static const char *const ann_lines[] = { ANN_OLD };
static const char *const pfx_lines[] = { BOB_PFX };
#define LINES(lines) .crack = (lines), .n_crack = G_N_ELEMENTS(lines)

#define LIES(volume_, snapshot_, path_, place)                               \
	.evidence = "disk.dd", .volume = (volume_), .snapshot = (snapshot_), \
	.path = (path_), .source = "disk.dd " place " " path_

/* A key, and the place of the one behind it in this table, from 1. */
static const struct {
	struct case_key key;
	unsigned behind;
} keys[] = {
	{ { .type = "certificate",
	    .key_id = AGENT,
	    .name = "CN=Agent, O=\"<b>Example</b>\"",
	    .path = "agent.cer",
	    .source = "agent.cer",
	    .bits = 1024,
	    .state = "public",
	    .opens = 3 },
	  0 },
	{ { .type = "private_key",
	    .key_id = ANN,
	    .sid = SID,
	    .user = "ann",
	    .name = "CN=ann",
	    .container = "ffb75517-5f28-4e0a-8d7c-1a2b3c4d5e6f",
	    .certificate = "disk.dd v1 " USERS "ann" ROAMING
	                   "SystemCertificates/My/Certificates/1911CF1E",
	    .bits = 2048,
	    .current = true,
	    LIES(1, 0, USERS "ann" ROAMING "Crypto/RSA/" SID "/79e1c0de", "v1"),
	    .offset = 1234432,
	    .made = NEW_YEAR,
	    .state = "unlocked",
	    .unlocked_by = "master key " MK("1"),
	    .opens = 14 },
	  3 },
	{ { .type = "master_key",
	    .key_id = MK("1"),
	    .sid = SID,
	    .user = "ann",
	    LIES(1, 0, USERS "ann" ROAMING "Protect/" SID "/1eccdbd2", "v1"),
	    .offset = 1238528,
	    .made = NEW_YEAR - UINT64_C(864000000000),
	    .state = "unlocked",
	    .unlocked_by = "password #2",
	    .opens = 14 },
	  0 },
	{ { .type = "pfx",
	    .path = "bob\x01.pfx",
	    .source = "bob\x01.pfx",
	    .state = "locked",
	    .reason = "no password at hand opens it",
	    .opens = 1,
	    LINES(pfx_lines) },
	  0 },
	{ { .type = "private_key",
	    .key_id = BOB,
	    .user = "b\xe2\x80\xae<o>b",
	    .sid = BOB_SID,
	    .container = "5f28\"c,\n",
	    LIES(1, 0, USERS "b\xe2\x80\xae<o>b" ROAMING "Crypto/Keys/5f28",
	         "v1"),
	    .bits = 4096,
	    .state = "locked",
	    .reason = "its master key " MK("2") " is locked",
	    .opens = 2 },
	  6 },
	{ { .type = "master_key",
	    .key_id = MK("2"),
	    .user = "b\xe2\x80\xae<o>b",
	    .sid = BOB_SID,
	    LIES(1, 0, USERS "b\xe2\x80\xae<o>b" ROAMING "Protect/1eccdbd2",
	         "v1"),
	    .made = NEW_YEAR,
	    .state = "locked",
	    .reason = WRONG,
	    .opens = 2,
	    LINES(bob_lines) },
	  0 },
	/* the same once more, in a snapshot */
	{ { .type = "master_key",
	    .key_id = MK("2"),
	    .sid = BOB_SID,
	    LIES(1, 2, USERS "bob" ROAMING "Protect/1eccdbd2", "v1.s2"),
	    .state = "locked",
	    .reason = WRONG,
	    .opens = 2,
	    LINES(bob_lines) },
	  0 },
	/* master keys that no key file needs: open, locked, damaged */
	{ { .type = "master_key",
	    .key_id = MK("3"),
	    .sid = SID,
	    LIES(1, 0, USERS "ann" ROAMING "Protect/3", "v1"),
	    .state = "unlocked",
	    .unlocked_by = "password #2" },
	  0 },
	{ { .type = "master_key",
	    .key_id = MK("4"),
	    .sid = SID,
	    LIES(1, 0, USERS "ann" ROAMING "Protect/4", "v1"),
	    .state = "locked",
	    .reason = WRONG,
	    LINES(ann_lines) },
	  0 },
	{ { .type = "master_key",
	    .key_id = MK("5"),
	    .sid = SID,
	    LIES(1, 0, USERS "ann" ROAMING "Protect/5", "v1"),
	    .state = "locked",
	    .reason = "damaged: the file ends in its password part" },
	  0 },
	/* a domain user: three links, the last one given */
	{ { .type = "private_key",
	    .key_id = CARL,
	    .user = "carl", /* whose SID his master key knows */
	    .name = "CN=carl \xe6\x97\xa5\xe6\x9c\xac",
	    LIES(1, 0, USERS "carl" ROAMING "Crypto/Keys/ca41", "v1"),
	    .bits = 2048,
	    .state = "unlocked",
	    .unlocked_by = "master key " MK("6") },
	  12 },
	{ { .type = "master_key",
	    .key_id = MK("6"),
	    .user = "carl",
	    .sid = CARL_SID,
	    LIES(1, 0, USERS "carl" ROAMING "Protect/6", "v1"),
	    .state = "unlocked",
	    .unlocked_by = "domain backup key " MK("7") },
	  13 },
	{ { .type = "domain_key",
	    .key_id = MK("7"),
	    .path = "backup.pvk",
	    .source = "backup.pvk",
	    .bits = 2048,
	    .state = "unlocked" },
	  0 },
	{ { .type = "credhist",
	    .user = "carl",
	    .sid = CARL_SID,
	    LIES(1, 0, USERS "carl" ROAMING "Protect/CREDHIST", "v1"),
	    .state = "locked",
	    .reason = "no password of " CARL_SID " is known" },
	  0 },
	/* the machine */
	{ { .type = "system_secret",
	    .key_id = "DPAPI_SYSTEM",
	    LIES(1, 0, "/Windows/System32/config/SECURITY: Policy\\Secrets",
	         "v1"),
	    .state = "unlocked",
	    .unlocked_by = "boot key of /Windows/System32/config/SYSTEM" },
	  0 },
	{ { .type = "master_key",
	    .key_id = MK("8"),
	    .sid = "S-1-5-18",
	    LIES(1, 0, "/Windows/System32/Microsoft/Protect/S-1-5-18/8", "v1"),
	    .state = "unlocked",
	    .unlocked_by = "system secret DPAPI_SYSTEM" },
	  15 },
	/* nobody's: a private key without a certificate, in a folder */
	{ { .type = "private_key",
	    .key_id = "rsa:0123456789012345678901234567890123456789",
	    .evidence = "disk.dd~2",
	    .path = "loose/key.pem",
	    .source = "disk.dd~2 loose/key.pem",
	    .bits = 3072,
	    .state = "unlocked" },
	  0 },
};

static void ok(enum status st, const struct error *err)
{
	if (!st)
		return;
	print_error("%s\n", err->what);
	_fail(__FILE__, __LINE__);
}

void sample_keys(struct casefile *cf)
{
	int64_t ids[G_N_ELEMENTS(keys)];
	struct error err = { 0 };

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		struct case_key key = keys[i].key;

		ok(casefile_add_key(cf, &key, &err), &err);
		ids[i] = key.id;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (keys[i].behind)
			ok(casefile_link_key(cf, ids[i],
			                     ids[keys[i].behind - 1], &err),
			   &err);
}

void sample_needs(struct casefile *cf, int64_t object, const char *path)
{
	static const struct case_need needs[] = {
		{ .kind = "password",
		  .id = BOB_SID,
		  .what = "the password of " BOB_SID " (b\xe2\x80\xae<o>b)"
		          " from before 2026-01-02, or its NT or SHA-1 hash" },
		{ .kind = "private_key",
		  .id = AGENT,
		  .what = "the private key of CN=Agent, O=\"<b>Example</b>\", "
		          "as PFX or PEM" },
		{ .kind = "file_password",
		  .id = "bob\x01.pfx",
		  .what = "the password of bob\x01.pfx" },
	};
	struct error err = { 0 };

	for (size_t i = 0; i < 2; i++)
		ok(casefile_add_need(cf, object, &needs[i], &err), &err);
	if (g_str_has_prefix(path, USERS "bob"))
		ok(casefile_add_need(cf, object, &needs[2], &err), &err);
}
