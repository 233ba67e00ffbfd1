/* SPDX-License-Identifier: MIT */
/*
 * test_cert_store.c - stored certificates, whole and damaged
 *
 * The expected values are those of testdata/winkeys/README.md; for the files of
 * $CORPUS, what its README says of them.
 */
#include "tests/parsers/sample.h"

#include <string.h>

#include "parsers/cert_store.h"
#include "parsers/limits.h"

#define REAL      "winkeys/cert_3B83BFA7037F6A79B3F3D17D229E1BC097F35B51"
#define CONTAINER "te-TestTemplate-dda6a29b-3e38-4528-8785-7c95d30c631a"
#define WIKI      "keys/efs-mimikatz-wiki/"
#define WIKI_NAME "B53C6DE283C00203587A03DD3D0BF66E16969A55"

/* Of the real file: where each value is. */
static const struct {
	uint32_t id;
	size_t off, n;
} golden[] = {
	{ 3, 0x00c, 20 },  { 4, 0x02c, 16 },    { 15, 0x048, 32 },
	{ 20, 0x074, 20 }, { 25, 0x094, 16 },   { 92, 0x0b0, 4 },
	{ 24, 0x0c0, 16 }, { 2, 0x0dc, 220 },   { 87, 0x1c4, 170 },
	{ 71, 0x27a, 38 }, { 32, 0x2ac, 1522 },
};

static void walks_the_properties(void **state)
{
	struct bytes in = sample_load(REAL);
	struct cert_properties it = cert_properties_open(in);
	struct cert_property property;

	(void)state;
	for (size_t i = 0; i < COUNT(golden); i++) {
		assert_true(cert_properties_next(&it, &property));
		assert_int_equal(property.at, in.at + golden[i].off - 12);
		assert_int_equal(property.id, golden[i].id);
		assert_range(property.value, in, golden[i].off, golden[i].n);
	}
	assert_false(cert_properties_next(&it, &property));
	assert_int_equal(it.err.status, OK);
	assert_false(cert_properties_next(&it, &property));
	sample_free(in);
}

static void keeps_what_matters(void **state)
{
	struct bytes in = sample_load(REAL);
	struct error err = { 0 };
	struct cert_entry entry;

	(void)state;
	assert_int_equal(cert_entry_parse(&entry, in, &err), OK);
	assert_int_equal(entry.properties, COUNT(golden));
	assert_range(entry.thumbprint, in, 0x00c, 20);
	assert_range(entry.key_id, in, 0x074, 20);
	assert_range(entry.key_info, in, 0x0dc, 220);
	assert_range(entry.certificate, in, 0x2ac, 1522);
	assert_int_equal(entry.name.n, 0);
	assert_int_equal(entry.key_info_err.status, OK);
	assert_text(entry.key.container, CONTAINER);
	assert_text(entry.key.provider,
	            "Microsoft Software Key Storage Provider");
	assert_int_equal(entry.key.provider_type, 0);
	assert_int_equal(entry.key.flags, 0);
	assert_int_equal(entry.key.parameters, 0);
	assert_int_equal(entry.key.key_spec, 0);
	sample_free(in);
}

static void reads_what_is_made_up(void **state)
{
	struct bytes in = sample_load("winkeys/store.bin");
	struct error err = { 0 };
	struct cert_entry entry;

	(void)state;
	assert_int_equal(cert_entry_parse(&entry, in, &err), OK);
	assert_int_equal(entry.properties, 3);
	assert_text(entry.name, "Ann");
	assert_text(entry.key.container, "ann's key");
	assert_text(entry.key.provider, "a provider");
	assert_int_equal(entry.key.provider_type, 1);
	assert_int_equal(entry.key.flags, 0x20);
	assert_int_equal(entry.key.key_spec, 1);
	assert_int_equal(entry.thumbprint.n, 0);
	sample_free(in);

	/* My\Keys: where the key is, and no certificate. */
	in = sample_load("winkeys/store-keys.bin");
	assert_int_equal(cert_entry_parse(&entry, in, &err), OK);
	assert_int_equal(entry.properties, 1);
	assert_text(entry.key.container, "only a key");
	assert_int_equal(entry.certificate.n, 0);
	sample_free(in);
}

static void reads_the_corpus(void **state)
{
	struct bytes in = sample_corpus(
		WIKI "SystemCertificates/My/Certificates/" WIKI_NAME);
	struct bytes der = sample_corpus(WIKI WIKI_NAME ".der");
	struct error err = { 0 };
	struct cert_entry entry;

	(void)state;
	assert_int_equal(cert_entry_parse(&entry, in, &err), OK);
	assert_int_equal(entry.certificate.n, der.n);
	assert_memory_equal(entry.certificate.p, der.p, der.n);
	assert_text(entry.key.container,
	            "ffb75517-bc6c-4a40-8f8b-e2c555e30e34");
	assert_int_equal(entry.key.provider_type, 1);
	assert_int_equal(entry.key.key_spec, 1);
	sample_free(der);
	sample_free(in);
}

/* The `Blob` of a policy, at 0x630; its key is named by the thumbprint. */
static void reads_a_registry_value_of_the_corpus(void **state)
{
	static const uint8_t sha1[] = { 0xab, 0x18, 0xac, 0x12, 0xe5,
		                        0xfd, 0x47, 0x46, 0x42, 0x0a,
		                        0x11, 0x1b, 0xfe, 0x5e, 0xe4,
		                        0xeb, 0xc1, 0x3b, 0x06, 0x02 };
	struct bytes file = sample_corpus(
		"efs-policy/contoso_Default_Domain_Policy_Registry.pol");
	struct cursor c = cursor_open(file);
	struct error err = { 0 };
	struct cert_entry entry;

	(void)state;
	assert_int_equal(
		cert_entry_parse(&entry, cursor_cut(&c, 0x630, 0x48c), &err),
		OK);
	assert_int_equal(entry.properties, 3);
	assert_memory_equal(entry.thumbprint.p, sha1, sizeof(sha1));
	assert_range(entry.certificate, file, 0x734, 0x388);
	assert_text(entry.key.provider,
	            "Microsoft Enhanced Cryptographic Provider v1.0");
	sample_free(file);
}

static size_t walk(struct bytes in, struct error *err)
{
	struct cert_properties it = cert_properties_open(in);
	struct cert_property property;
	size_t n = 0;

	while (cert_properties_next(&it, &property)) {
		assert_true(property.id && property.id <= 0xffff);
		assert_inside(property.value, in);
		assert_true(++n <= LIMIT_KEY_PROPERTIES);
	}
	assert_false(cert_properties_next(&it, &property));
	assert_int_equal(property.id + property.value.n, 0);
	if (it.err.status)
		assert_error(&it.err, it.err.status, in);
	*err = it.err;
	return n;
}

static void damaged(struct bytes in)
{
	struct error err = { 0 }, walked;
	struct cert_entry entry;
	enum status status = cert_entry_parse(&entry, in, &err);
	size_t n = walk(in, &walked);

	assert_int_equal(entry.properties, n);
	if (status)
		assert_error(&err, status, in);
	if (status != E_ABSENT)
		assert_int_equal(status, walked.status);
	assert_true(entry.thumbprint.n == 0 || entry.thumbprint.n == 20);
	assert_inside(entry.certificate, in);
	assert_inside(entry.thumbprint, in);
	assert_inside(entry.key_id, in);
	assert_inside(entry.name, in);
	assert_inside(entry.key_info, in);
	assert_inside(entry.key.container, entry.key_info);
	assert_inside(entry.key.provider, entry.key_info);
	if (entry.key_info_err.status)
		assert_error(&entry.key_info_err, entry.key_info_err.status,
		             entry.key_info);
}

/* The properties before the cut are good. */
static void truncated(struct bytes in)
{
	struct error err = { 0 };
	struct cert_entry entry;
	enum status status = cert_entry_parse(&entry, in, &err);
	size_t n = 0, end = 0;

	damaged(in);
	while (n < COUNT(golden) && golden[n].off + golden[n].n <= in.n) {
		end = golden[n].off + golden[n].n;
		n++;
	}
	assert_int_equal(entry.properties, n);
	if (!in.n)
		assert_int_equal(status, E_ABSENT);
	else
		assert_int_equal(status, in.n == end ? OK : E_TRUNCATED);
}

static void survives_damage(void **state)
{
	struct bytes in = sample_load(REAL);
	struct bytes store = sample_load("winkeys/store-keys.bin");

	(void)state;
	each_truncation(in, truncated);
	each_corruption(in, 0x2ac, damaged);
	each_truncation(store, damaged);
	each_corruption(store, store.n, damaged);
	sample_free(store);
	sample_free(in);
}

/* One word of the real file changed. */
static const struct {
	size_t off;
	uint32_t v;
	enum status status;
	size_t at, properties;
} words[] = {
	{ 0x00, 0, E_ABSENT, 0, 0 },
	{ 0x00, 0x10000, E_ABSENT, 0, 0 },
	{ 0x00, 0xffff, OK, 0, 11 },
	{ 0x04, 0, E_ABSENT, 0, 0 },
	{ 0x04, 2, E_ABSENT, 0, 0 },
	{ 0x08, 0xffffffff, E_TRUNCATED, 0, 0 },
	{ 0x08, 2206 - 12, OK, 0, 1 },
	{ 0x08, 2206 - 11, E_TRUNCATED, 0, 0 },
	{ 0x08, 21, E_CORRUPT, 0x21, 1 },
	{ 0x20, 0, E_CORRUPT, 0x20, 1 },
	{ 0x24, 0x101, E_CORRUPT, 0x20, 1 },
	{ 0x28, 0x7fffffff, E_TRUNCATED, 0x20, 1 },
	{ 0x2a8, 0x5f3, E_TRUNCATED, 0x2a0, 10 },
	{ 0x2a8, 0x5f1, E_TRUNCATED, 0x89d, 11 },
};

static void judges_each_word(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		struct bytes in = sample_load(REAL);
		struct error err = { 0 };
		struct cert_entry entry;

		sample_le32(in, words[i].off, words[i].v);
		assert_int_equal(cert_entry_parse(&entry, in, &err),
		                 words[i].status);
		assert_int_equal(entry.properties, words[i].properties);
		if (err.status)
			assert_int_equal(err.at, in.at + words[i].at);
		damaged(in);
		sample_free(in);
	}
}

/* One word of the key's place changed, which is at 0xdc, of 220 bytes. */
static const struct {
	size_t off;
	uint32_t v;
	enum status status;
	size_t container, provider; /* bytes */
} places[] = {
	{ 0, 0, OK, 0, 78 },
	{ 0, 220, E_CORRUPT, 0, 78 },
	{ 0, 219, E_CORRUPT, 0, 78 },
	{ 0, 218, OK, 0, 78 },
	{ 0, 216, OK, 2, 78 },
	{ 0, 0xffffffff, E_CORRUPT, 0, 78 },
	{ 4, 0, OK, 104, 0 },
	{ 4, 221, E_CORRUPT, 104, 0 },
	{ 4, 0x80000000, E_CORRUPT, 104, 0 },
	{ 8, 0xffffffff, OK, 104, 78 },
	{ 16, 0xffffffff, OK, 104, 78 },
	{ 24, 0xffffffff, OK, 104, 78 },
};

static void judges_the_place_of_the_key(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(places); i++) {
		struct bytes in = sample_load(REAL);
		struct error err = { 0 };
		struct cert_entry entry;

		sample_le32(in, 0xdc + places[i].off, places[i].v);
		assert_int_equal(cert_entry_parse(&entry, in, &err), OK);
		assert_int_equal(entry.key_info_err.status, places[i].status);
		assert_int_equal(entry.key.container.n, places[i].container);
		assert_int_equal(entry.key.provider.n, places[i].provider);
		assert_int_equal(entry.certificate.n, 1522);
		sample_free(in);
	}
}

static void truncated_info(struct bytes in)
{
	struct error err = { 0 };
	struct cert_key_info info;
	enum status status = cert_key_info_parse(&info, in, &err);

	assert_int_equal(status, in.n < 28         ? E_TRUNCATED
	                         : in.n < 0x8c + 2 ? E_CORRUPT
	                                           : OK);
	if (status)
		assert_error(&err, status, in);
	assert_inside(info.container, in);
	assert_inside(info.provider, in);
	if (status == E_TRUNCATED)
		assert_int_equal(info.flags + info.key_spec, 0);
}

static void survives_a_cut_place(void **state)
{
	struct bytes in = sample_load(REAL);
	struct cursor c = cursor_open(in);

	(void)state;
	each_truncation(cursor_cut(&c, 0xdc, 220), truncated_info);
	sample_free(in);
}

/* The last of a repeated property; a thumbprint of another size is none. */
static void takes_the_last(void **state)
{
	static const uint8_t raw[] = {
		3,   0,  0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 'a', 'b', 'c',
		'd', 32, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0,   'e', 'f',
		32,  0,  0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 'g',
	};
	struct bytes in = BYTES(raw);
	struct error err = { 0 };
	struct cert_entry entry;

	(void)state;
	assert_int_equal(cert_entry_parse(&entry, in, &err), OK);
	assert_int_equal(entry.properties, 3);
	assert_int_equal(entry.thumbprint.n, 0);
	assert_range(entry.certificate, in, sizeof(raw) - 1, 1);
}

static void holds_the_limit(void **state)
{
	static uint8_t raw[(LIMIT_KEY_PROPERTIES + 1) * 12];
	struct bytes in = BYTES(raw);
	struct error err;

	(void)state;
	for (size_t off = 0; off < sizeof(raw); off += 12) {
		sample_le32(in, off, 9);
		sample_le32(in, off + 4, 1);
	}
	assert_int_equal(walk(in, &err), LIMIT_KEY_PROPERTIES);
	assert_int_equal(err.status, E_LIMIT);
	in.n -= 12;
	assert_int_equal(walk(in, &err), LIMIT_KEY_PROPERTIES);
	assert_int_equal(err.status, OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(walks_the_properties),
		cmocka_unit_test(keeps_what_matters),
		cmocka_unit_test(reads_what_is_made_up),
		cmocka_unit_test(reads_the_corpus),
		cmocka_unit_test(reads_a_registry_value_of_the_corpus),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(judges_each_word),
		cmocka_unit_test(judges_the_place_of_the_key),
		cmocka_unit_test(survives_a_cut_place),
		cmocka_unit_test(takes_the_last),
		cmocka_unit_test(holds_the_limit),
	};

	return cmocka_run_group_tests_name("cert_store", tests, NULL, NULL);
}
