/* SPDX-License-Identifier: MIT */
/*
 * test_keyplace.c - what a path says about key material
 *
 * The paths are Windows' own, and those of collectors.
 */
#include "tests/analyzer/folder.h"

#include "analyzer/keyplace.h"

#include <string.h>

#define SID  "S-1-5-21-494464150-3436831043-1864828003-1001"
#define GUID "1eccdbd2-4771-4360-8b19-9d6060a061dc"
#define FILE_NAME                                                   \
	"79e1ac78150e8bea8ad238e14d63145b_4f8e7ec6-a506-4d31-9d5a-" \
	"1e4cbed4997b"
#define THUMB   "B53C6DE283C00203587A03DD3D0BF66E16969A55"
#define ROAMING "/Users/gentil/AppData/Roaming/Microsoft"
#define XP      "/Documents and Settings/gentil/Application Data/Microsoft"

static bool wants(const char *name)
{
	glong units;
	gunichar2 *utf16 = g_utf8_to_utf16(name, -1, NULL, &units, NULL);
	bool wanted = keyplace_wants(&(struct bytes){ (const uint8_t *)utf16,
	                                              (size_t)units * 2, 0 });

	g_free(utf16);
	return wanted;
}

static void test_names(void **state)
{
	static const char *const yes[] = {
		GUID,        FILE_NAME,      THUMB,        "CREDHIST",
		"agent.pfx", "a.P12",        "x.cer",      "x.pem",
		"x.pvk",     "x.key",        "SYSTEM",     "security",
		"SAM",       "SOFTWARE",     "NTUSER.DAT", "system.LOG1",
		"ключ.pfx",  "StartKey.Key", "x.Crt",      "x.DER",
		"credHist",  "ключ.p8",      "sam.log",    "ntuser.dat.LOG2",
	};
	static const char *const no[] = {
		"",
		"x.docx",
		"pfx",
		".pfx",
		"a.pfx.txt",
		"SYSTEM32",
		"mysam",
		"app.log",
		"p8",
		"КЛЮЧ",
		"x.\u0170\u0166\u0178",
		"Preferred",
		GUID "x",
		THUMB "0",
		"1eccdbd2x4771-4360-8b19-9d6060a061dc",
		"G3C6DE283C00203587A03DD3D0BF66E16969A550",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(yes); i++)
		assert_true(wants(yes[i]));
	for (size_t i = 0; i < G_N_ELEMENTS(no); i++)
		assert_false(wants(no[i]));
}

static void test_places(void **state)
{
	static const struct {
		const char *path;
		enum key_place place;
	} table[] = {
		{ ROAMING "/Protect/" SID "/" GUID, PLACE_MASTERKEY },
		{ XP "/Protect/" SID "/" GUID, PLACE_MASTERKEY },
		{ "/Windows/System32/Microsoft/Protect/S-1-5-18/" GUID,
		  PLACE_MASTERKEY },
		{ "/Windows/System32/Microsoft/Protect/S-1-5-18/User/" GUID,
		  PLACE_MASTERKEY },
		{ "Protect/" SID "/" GUID, PLACE_MASTERKEY },
		{ ROAMING "/Protect/" SID "/Preferred", PLACE_ANY },
		{ ROAMING "/Protect/" GUID, PLACE_ANY },
		{ "/Users/gentil/AppData/Local/Temp/" GUID, PLACE_ANY },
		{ ROAMING "/Protect/CREDHIST", PLACE_CREDHIST },
		{ "/CREDHIST", PLACE_ANY },
		{ ROAMING "/Crypto/RSA/" SID "/" FILE_NAME, PLACE_PRIVATE },
		{ ROAMING "/Crypto/Keys/" FILE_NAME, PLACE_PRIVATE },
		{ "/ProgramData/Microsoft/Crypto/RSA/MachineKeys/" FILE_NAME,
		  PLACE_PRIVATE },
		{ "/ProgramData/Microsoft/Crypto/SystemKeys/" FILE_NAME,
		  PLACE_PRIVATE },
		{ "/x/" FILE_NAME, PLACE_ANY },
		{ ROAMING "/SystemCertificates/My/Certificates/" THUMB,
		  PLACE_CERTIFICATE },
		{ ROAMING "/SystemCertificates/Root/Certificates/" THUMB,
		  PLACE_ANY },
		{ "", PLACE_ANY },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		assert_int_equal(keyplace_of(table[i].path), table[i].place);
}

static void test_owners(void **state)
{
	static const struct {
		const char *path, *sid, *user;
		gssize profile; /* -1: in none */
	} table[] = {
		{ ROAMING "/Protect/" SID "/" GUID, SID, "gentil", 13 },
		{ "/Windows.old" ROAMING "/Protect/" SID "/" GUID, SID,
		  "gentil", 25 },
		{ "uploads/auto/C:" ROAMING "/Crypto/Keys/" FILE_NAME, NULL,
		  "gentil", 28 },
		{ XP "/Crypto/RSA/" SID "/" FILE_NAME, SID, "gentil", 30 },
		{ ROAMING "/SystemCertificates/My/Certificates/" THUMB, NULL,
		  "gentil", 13 },
		{ "gentil/AppData/Roaming/Microsoft/Protect/" SID "/" GUID, SID,
		  "gentil", 6 },
		{ "AppData/Roaming/Microsoft/Protect/" SID "/" GUID, SID, NULL,
		  0 },

		{ "Protect/" SID "/" GUID, SID, NULL, -1 },
		{ "/Users/gentil/Documents/mine.pfx", NULL, "gentil", 13 },
		{ "/Users/gentil/NTUSER.DAT", NULL, "gentil", 13 },
		{ "/Users/desktop.ini", NULL, NULL, -1 },
		{ "/Windows/ServiceProfiles/LocalService/AppData/Roaming/"
		  "Microsoft/Crypto/Keys/" FILE_NAME,
		  "S-1-5-19", "LocalService", 37 },
		{ "/Windows/System32/config/systemprofile/AppData/Roaming/"
		  "Microsoft/SystemCertificates/My/Certificates/" THUMB,
		  "S-1-5-18", "systemprofile", 38 },
		{ "/Windows/System32/Microsoft/Protect/S-1-5-18/User/" GUID,
		  "S-1-5-18", NULL, -1 },
		{ "/ProgramData/Microsoft/Crypto/Keys/" FILE_NAME, "S-1-5-18",
		  NULL, -1 },
		{ "/Documents and Settings/All Users/Application Data/"
		  "Microsoft/Crypto/RSA/MachineKeys/" FILE_NAME,
		  "S-1-5-18", NULL, -1 },
		{ "/data/agent.pfx", NULL, NULL, -1 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		struct origin origin = { 0 };
		size_t profile;

		bool in = keyplace_owner(&origin, table[i].path, &profile);

		assert_int_equal(in, table[i].profile >= 0);
		assert_int_equal(in ? (gssize)profile : -1, table[i].profile);
		assert_int_equal(g_strcmp0(origin.sid, table[i].sid), 0);
		assert_int_equal(g_strcmp0(origin.user, table[i].user), 0);
		origin_release(&origin);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_owners),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
