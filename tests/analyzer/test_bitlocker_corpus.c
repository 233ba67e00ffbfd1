/* SPDX-License-Identifier: MIT */
/*
 * test_bitlocker_corpus.c - real BitLocker volumes: cryptsetup's 21 samples
 *
 * Their images.conf holds the secrets, which protector each opens, and the
 * SHA-256 of the whole decrypted volume.
 */
#include "tests/analyzer/folder.h"

#include "analyzer/source_bitlocker.h"
#include "parsers/text.h"
#include "recovery/crypto.h"

#include <stdio.h>
#include <string.h>

#define ARCHIVE "images/bitlk-images.tar.xz"
#define IMAGES  21

static char *images; /* the unpacked folder; NULL without the corpus */

static int unpack(void **state)
{
	const char *corpus = g_getenv("CORPUS");
	char *argv[] = { (char[]){ "tar" },
		         (char[]){ "-xSf" },
		         NULL,
		         (char[]){ "-C" },
		         NULL,
		         NULL };
	gint rc = -1;

	if (folder_make(state))
		return -1;
	argv[2] = g_build_filename(corpus ? corpus : "/nonexistent", ARCHIVE,
	                           NULL);
	argv[4] = folder;
	if (g_file_test(argv[2], G_FILE_TEST_EXISTS)) {
		(void)g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL,
		                   NULL, NULL, NULL, &rc, NULL);
		images = g_build_filename(folder, "bitlk-images", NULL);
	}
	g_free(argv[2]);
	return images && rc ? -1 : 0;
}

static int clean(void **state)
{
	g_free(images);
	return folder_remove(state);
}

static void need_images(void)
{
	if (images)
		return;
	print_message("# the corpus lacks %s\n", ARCHIVE);
	skip();
}

/* ------------------------------------------------------------- one volume */

struct sample {
	GKeyFile *conf;
	const char *name;
	struct source *s;
	struct bitlocker_volume v;
	/* What is given to it. */
	struct passwords passwords, recovery;
	struct bitlocker_key_file file;
	char *bek;
};

static char *conf(const struct sample *t, const char *key)
{
	char *v = g_key_file_get_string(t->conf, t->name, key, NULL);

	if (v && *v)
		return v;
	g_free(v);
	return NULL;
}

static void sample_open(struct sample *t, const char *name)
{
	char *file = g_strconcat(images, "/", name, ".img", NULL);
	struct error err;

	t->name = name;
	assert_int_equal(source_open(&t->s, file, &err), OK);
	assert_int_equal(
		bitlocker_volume_open(&t->v, t->s, 0, t->s->size, &err), OK);
	assert_int_equal(t->v.size, t->s->size);
	g_free(file);
}

static void forget(struct sample *t)
{
	passwords_release(&t->passwords);
	passwords_release(&t->recovery);
	g_clear_pointer(&t->bek, g_free);
	t->file = (struct bitlocker_key_file){ 0 };
}

static void sample_close(struct sample *t)
{
	forget(t);
	bitlocker_volume_release(&t->v);
	source_free(t->s);
}

static void give(struct passwords *pw, const char *text)
{
	struct secret s = { 0 };
	struct error err;

	assert_int_equal(secret_alloc(&s, strlen(text), &err), OK);
	memcpy(s.p, text, s.n);
	assert_int_equal(passwords_add(pw, &s, &err), OK);
}

static void give_file(struct sample *t, const char *guid)
{
	char *upper = g_ascii_strup(guid, -1);
	char *path = g_strconcat(images, "/", upper, ".BEK", NULL);
	gsize n;

	assert_true(g_file_get_contents(path, &t->bek, &n, NULL));
	t->file = (struct bitlocker_key_file){
		"USB.BEK", { (const uint8_t *)t->bek, n, 0 }
	};
	g_free(path);
	g_free(upper);
}

static enum status unlock(struct sample *t, struct bitlocker_keys *keys,
                          char **why)
{
	unsigned stretched = 0;
	const struct bitlocker_secrets given = {
		.passwords = &t->passwords,
		.recovery = &t->recovery,
		.files = &t->file,
		.n_files = t->file.name ? 1 : 0,
		.stretched = &stretched,
	};
	const struct trial trial = { .jobs = 2 };
	struct error err;

	return bitlocker_unlock(keys, why, &t->v.meta, &given, &trial, &err);
}

static void assert_guid(const uint8_t guid[BITLOCKER_GUID_SIZE],
                        const char *expect)
{
	char buf[TEXT_GUID];
	struct text text = text_open(buf, sizeof(buf));
	char *braces = g_strdup_printf("{%s}", expect);

	text_guid(&text, (struct bytes){ guid, BITLOCKER_GUID_SIZE, 0 });
	assert_string_equal(buf, braces);
	g_free(braces);
}

/* ------------------------------------------------- the plain side of it */

static void hash_volume(struct sample *t, struct bitlocker_keys *keys,
                        char hex[DIGEST_HEX])
{
	size_t n = 1 << 20;
	uint8_t *buf = g_malloc(n);
	struct reader r;
	struct digest d;
	struct error err;

	assert_int_equal(bitlocker_reader(&r, &t->v, keys, &err), OK);
	assert_int_equal(r.size, t->s->size);
	assert_int_equal(digest_init(&d, DIGEST_SHA256, &err), OK);
	for (uint64_t at = 0; at < r.size; at += n) {
		size_t part = (size_t)MIN(n, r.size - at);

		assert_int_equal(r.read(r.ctx, at, buf, part, &err), OK);
		assert_int_equal(digest_update(&d, buf, part, &err), OK);
	}
	assert_int_equal(digest_finish(&d, hex, &err), OK);
	r.free(r.ctx);
	g_free(buf);
}

/* Two have no hash, for cryptsetup refuses them: the boot sector must do. */
static void check_volume(struct sample *t, struct bitlocker_keys *keys,
                         const char *sum)
{
	uint8_t boot[512];
	char hex[DIGEST_HEX];
	struct reader r;
	struct error err;

	if (sum) {
		hash_volume(t, keys, hex);
		assert_string_equal(hex, sum);
		return;
	}
	assert_true(t->v.header.on_write);
	assert_int_equal(bitlocker_reader(&r, &t->v, keys, &err), OK);
	assert_int_equal(r.read(r.ctx, 0, boot, sizeof(boot), &err), OK);
	assert_memory_equal(boot + 3, "NTFS    ", 8);
	assert_memory_equal(boot + 510, "\x55\xaa", 2);
	r.free(r.ctx);
}

/*
 * Open it with what is given now; the protector is images.conf's.  The first
 * time the volume is hashed, too.
 */
static void opens_as(struct sample *t, const char *by, const char *guid_key,
                     unsigned *ways)
{
	char *guid = guid_key ? conf(t, guid_key) : NULL;
	char *sum = conf(t, "SHA256SUM");
	struct bitlocker_keys keys;
	char *why;

	print_message("# %s: %s\n", t->name, by);
	assert_int_equal(unlock(t, &keys, &why), OK);
	assert_null(why);
	assert_string_equal(keys.by, by);
	assert_true(keys.proved);
	assert_int_equal(!guid, !guid_key);
	if (guid)
		assert_guid(keys.guid, guid);
	if (!(*ways)++)
		check_volume(t, &keys, sum);
	bitlocker_keys_release(&keys);
	forget(t);
	g_free(guid);
	g_free(sum);
}

static void open_by(struct sample *t, const char *secret_key,
                    const char *guid_key, unsigned *ways)
{
	char *secret = conf(t, secret_key);
	bool password = !strcmp(secret_key, "PW");

	if (!secret)
		return;
	give(password ? &t->passwords : &t->recovery, secret);
	opens_as(t, password ? "password #1" : "recovery password #1", guid_key,
	         ways);
	g_free(secret);
}

static void open_by_all(struct sample *t, unsigned *ways)
{
	char *startup = conf(t, "SK_VMK_GUID");

	open_by(t, "PW", "PW_VMK_GUID", ways);
	open_by(t, "RP", "RP_VMK_GUID", ways);
	open_by(t, "RP2", "RP2_VMK_GUID", ways);
	if (startup) {
		give_file(t, startup);
		opens_as(t, "startup key USB.BEK", "SK_VMK_GUID", ways);
	}
	g_free(startup);
}

static void open_sample(GKeyFile *conf_file, const char *name)
{
	struct sample t = { .conf = conf_file };
	unsigned ways = 0;
	char *guid;
	bool clear; /* that opens before anything else is tried */

	sample_open(&t, name);
	guid = conf(&t, "GUID");
	assert_guid(t.v.meta.guid.p, guid);
	/* The third copy of this one is the only sound one. */
	assert_int_equal(t.v.copy, strstr(name, "-crc") ? 2 : 0);
	clear = strstr(name, "clearkey") || strstr(name, "partially");
	if (strstr(name, "clearkey"))
		opens_as(&t, "clear key", "CLEARKEY_VMK_GUID", &ways);
	else if (clear)
		opens_as(&t, "clear key", NULL, &ways);
	else
		open_by_all(&t, &ways);
	assert_true(ways);
	g_free(guid);
	sample_close(&t);
}

static GKeyFile *load_conf(void)
{
	char *path = g_build_filename(images, "images.conf", NULL);
	GKeyFile *f = g_key_file_new();

	assert_true(g_key_file_load_from_file(f, path, G_KEY_FILE_NONE, NULL));
	g_free(path);
	return f;
}

static void all_open_to_their_hashes(void **state)
{
	GKeyFile *f;
	char **names;
	gsize n;

	(void)state;
	need_images();
	f = load_conf();
	names = g_key_file_get_groups(f, &n);
	assert_int_equal(n, IMAGES);
	for (gsize i = 0; i < n; i++)
		open_sample(f, names[i]);
	g_strfreev(names);
	g_key_file_free(f);
}

static void assert_why(const char *name, const char *password,
                       const char *const *wanted)
{
	struct sample t = { 0 };
	struct bitlocker_keys keys;
	char *why;

	sample_open(&t, name);
	give(&t.passwords, password);
	assert_int_equal(unlock(&t, &keys, &why), E_KEY);
	for (; *wanted; wanted++) {
		if (!strstr(why, *wanted))
			print_message("# not \"%s\" in: %s\n", *wanted, why);
		assert_non_null(strstr(why, *wanted));
	}
	g_free(why);
	sample_close(&t);
}

/* The GUIDs are those of images.conf. */
static void closed_ones_say_why(void **state)
{
	static const char *const card[] = {
		"certificate {7d2245b9-ccd5-49d0-b4f5-653162a71744}: needs the "
		"private key of the certificate, which is not supported",
		"recovery password {1f9da098-0cc4-464d-a101-188e70f434a6}: no "
		"recovery password was given",
		NULL,
	};
	static const char *const startup[] = {
		"startup key {4381f759-c4f8-4de0-bb61-fc33a831bda5}: no key "
		"file was given",
		NULL,
	};
	static const char *const password[] = {
		"password {3e55195c-8811-4d9b-97b4-2b9e5f8f5384}: 1 password "
		"tried, none opens it",
		NULL,
	};

	(void)state;
	need_images();
	assert_why("bitlk-aes-xts-128-smart-card", "Anaconda", card);
	assert_why("bitlk-aes-xts-128-startup-key", "Anaconda", startup);
	assert_why("bitlk-aes-xts-128", "Anaconda", password);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_open_to_their_hashes),
		cmocka_unit_test(closed_ones_say_why),
	};

	return cmocka_run_group_tests(tests, unpack, clean);
}
