/* SPDX-License-Identifier: MIT */
/*
 * test_cng_key.c - private key files of CNG, whole and damaged
 *
 * The expected values are those of testdata/winkeys/README.md; for the files of
 * $CORPUS, those that its README names.
 */
#include "tests/parsers/sample.h"

#include <string.h>

#include "parsers/cng_key.h"
#include "parsers/limits.h"

#define REAL      "winkeys/cng_inner_keyfile.bin"
#define REAL_NAME "te-SWSmartcardLogon-3462dcbf-1252-4619-ad7f-9296e1f2b426"
#define HEADER    44

struct place {
	size_t off, n;
};

static const struct golden {
	const char *file;
	const char *name;
	uint32_t type;
	struct place parts[3]; /* public properties, private ones, key */
} golden = {
	REAL,
	REAL_NAME,
	CNG_KEY_RSA,
	{ { 0x9c, 0x15b }, { 0x1f7, 0x14e }, { 0x345, 0x2c0 } },
}, corpus[] = {
	{ "keys/cng-ecdsa-p256/de7cf8a7901d2ad13e5c67c29e5d1662_"
	  "e4aad2d1-5ec0-4ea4-b259-65eda5bc47a8",
	  "Microsoft Connected Devices Platform device certificate",
	  CNG_KEY_ECDSA,
	  { { 0x9a, 0x88 }, { 0x122, 0xee }, { 0x210, 0x110 } } },
	{ "keys/cng-aes-chromekey1/dpapi_cng_Google Chromekey1",
	  "Google Chromekey1",
	  CNG_KEY_SYMMETRIC,
	  { { 0x4e, 0x2c }, { 0x7a, 0x152 }, { 0x1cc, 0x11c } } },
};

static void assert_golden(struct bytes in, const struct golden *g)
{
	struct error err = { 0 };
	struct cng_key key;

	assert_int_equal(cng_key_parse(&key, in, &err), OK);
	assert_int_equal(key.version, 1);
	assert_int_equal(key.type, g->type);
	assert_text(key.name, g->name);
	assert_range(key.name, in, HEADER, key.name.n);
	assert_range(key.public_properties, in, g->parts[0].off, g->parts[0].n);
	assert_range(key.private_properties, in, g->parts[1].off,
	             g->parts[1].n);
	assert_range(key.private_key, in, g->parts[2].off, g->parts[2].n);
	assert_int_equal(key.size, g->parts[2].off + g->parts[2].n);
}

static void reads_a_real_file(void **state)
{
	struct bytes in = sample_load(REAL);

	(void)state;
	assert_golden(in, &golden);
	sample_free(in);
}

static void reads_the_corpus(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(corpus); i++) {
		struct bytes in = sample_corpus(corpus[i].file);

		assert_golden(in, &corpus[i]);
		sample_free(in);
	}
}

static void goes_on_after_its_parts(void **state)
{
	static uint8_t raw[4096];
	struct bytes in = sample_load(REAL);

	(void)state;
	memset(raw, 0xee, sizeof(raw));
	memcpy(raw, in.p, in.n);
	assert_golden(BYTES(raw), &golden);
	sample_free(in);
}

static struct bytes properties_of(struct bytes in)
{
	struct error err = { 0 };
	struct cng_key key;

	assert_int_equal(cng_key_parse(&key, in, &err), OK);
	return key.public_properties;
}

static void walks_the_properties(void **state)
{
	struct bytes in = sample_load(REAL);
	struct cng_properties it = cng_properties_open(properties_of(in));
	struct cng_property property;

	(void)state;
	assert_true(cng_properties_next(&it, &property));
	assert_int_equal(property.at, in.at + 0x9c);
	assert_int_equal(property.type, CNG_PROPERTY_NAMED);
	assert_text(property.name, "Modified");
	assert_range(property.value, in, 0xc0, 8);
	assert_true(cng_properties_next(&it, &property));
	assert_int_equal(property.at, in.at + 0xc8);
	assert_int_equal(property.type, CNG_PROPERTY_PUBLIC_KEY);
	assert_int_equal(property.name.n, 0);
	assert_range(property.value, in, 0xdc, 0x11b);
	assert_false(cng_properties_next(&it, &property));
	assert_int_equal(it.err.status, OK);
	assert_false(cng_properties_next(&it, &property));
	sample_free(in);
}

static void finds_a_property(void **state)
{
	struct bytes in = sample_load(REAL);
	struct bytes list = properties_of(in);

	(void)state;
	assert_range(cng_property_find(list, CNG_PROPERTY_PUBLIC_KEY), in, 0xdc,
	             0x11b);
	assert_range(cng_property_find(list, CNG_PROPERTY_NAMED), in, 0xc0, 8);
	assert_int_equal(cng_property_find(list, 99).n, 0);
	assert_int_equal(cng_property_find((struct bytes){ 0 }, 0).n, 0);
	sample_free(in);

	in = sample_load("winkeys/cng-ecdh.bin");
	list = properties_of(in);
	assert_int_equal(cng_property_find(list, CNG_PROPERTY_PUBLIC_KEY).n,
	                 8 + 2 * 32);
	assert_memory_equal(cng_property_find(list, 99).p, "unknown", 7);
	sample_free(in);
}

static size_t walk(struct bytes list, struct error *err)
{
	struct cng_properties it = cng_properties_open(list);
	struct cng_property property;
	size_t n = 0;

	while (cng_properties_next(&it, &property)) {
		assert_true(property.at >= list.at);
		assert_inside(property.name, list);
		assert_inside(property.value, list);
		assert_true(++n <= LIMIT_KEY_PROPERTIES);
	}
	assert_false(cng_properties_next(&it, &property));
	assert_int_equal(property.value.n + property.name.n, 0);
	if (it.err.status)
		assert_error(&it.err, it.err.status, list);
	*err = it.err;
	return n;
}

static void damaged(struct bytes in)
{
	struct error err = { 0 };
	struct cng_key key;
	enum status status = cng_key_parse(&key, in, &err);

	assert_inside(key.name, in);
	assert_inside(key.public_properties, in);
	assert_inside(key.private_properties, in);
	assert_inside(key.private_key, in);
	assert_true(status ? !key.size : key.size && key.size <= in.n);
	if (status)
		assert_error(&err, status, in);
	if (status && (status != E_TRUNCATED || in.n < HEADER))
		assert_int_equal(key.version + key.type + key.name.n, 0);
	(void)walk(key.public_properties, &err);
}

static void truncated(struct bytes in)
{
	const struct place *parts = golden.parts;
	struct error err = { 0 };
	struct cng_key key;
	enum status status = cng_key_parse(&key, in, &err);

	damaged(in);
	assert_int_equal(status, in.n < 4 ? E_ABSENT : E_TRUNCATED);
	if (in.n < HEADER)
		return;
	assert_int_equal(key.version, 1);
	assert_int_equal(key.type, CNG_KEY_RSA);
	assert_int_equal(key.name.n, in.n < parts[0].off ? 0 : 0x70);
	assert_int_equal(key.public_properties.n,
	                 in.n < parts[1].off ? 0 : parts[0].n);
	assert_int_equal(key.private_properties.n,
	                 in.n < parts[2].off ? 0 : parts[1].n);
	assert_int_equal(key.private_key.n, 0);
}

/* Both properties have 20 bytes of header; the first ends at 0x2c. */
static void truncated_list(struct bytes list)
{
	struct error err;

	assert_int_equal(walk(list, &err), list.n >= 0x2c);
	assert_int_equal(err.status,
	                 list.n == 0 || list.n == 0x2c ? OK : E_TRUNCATED);
}

static void survives_damage(void **state)
{
	struct bytes in = sample_load(REAL);

	(void)state;
	each_truncation(in, truncated);
	each_truncation(properties_of(in), truncated_list);
	each_corruption(in, 0xf0, damaged);
	sample_free(in);
}

/* One word of the header changed. */
static const struct {
	size_t off;
	uint32_t v;
	enum status status;
} words[] = {
	{ 0x00, 0, E_ABSENT },
	{ 0x00, 2, E_ABSENT },
	{ 0x04, 1, E_ABSENT },
	{ 0x08, 0, OK },
	{ 0x08, 0x71, E_TRUNCATED },
	{ 0x08, 0xffffffff, E_TRUNCATED },
	{ 0x0c, 0xffffffff, OK }, /* an unknown type */
	{ 0x10, 0, OK },
	{ 0x10, 0x15c, E_TRUNCATED },
	{ 0x14, 0, OK },
	{ 0x14, 0x14f, E_TRUNCATED },
	{ 0x18, 0, OK },
	{ 0x18, 0x2c1, E_TRUNCATED },
	{ 0x18, 0xffffffff, E_TRUNCATED },
	{ 0x1c, 1, E_ABSENT },
	{ 0x20, 0x80000000, E_ABSENT },
	{ 0x28, 0x01000000, E_ABSENT },
};

static void judges_each_word(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		struct bytes in = sample_load(REAL);
		struct error err = { 0 };
		struct cng_key key;

		sample_le32(in, words[i].off, words[i].v);
		assert_int_equal(cng_key_parse(&key, in, &err),
		                 words[i].status);
		damaged(in);
		sample_free(in);
	}
}

/* One word of a property changed: the first at 0x9c, the second at 0xc8. */
static const struct {
	size_t off;
	uint32_t v;
	enum status status;
	size_t at, properties;
} properties[] = {
	{ 0x9c, 0, E_CORRUPT, 0x9c, 0 },
	{ 0x9c, 0x13, E_CORRUPT, 0x9c, 0 },
	{ 0x9c, 0x14, E_CORRUPT, 0x9c, 0 },
	{ 0x9c, 0x2b, E_CORRUPT, 0x9c, 0 },
	{ 0x9c, 0x2d, E_TRUNCATED, 0xc9, 1 },
	{ 0x9c, 0x15b, OK, 0, 1 },
	{ 0x9c, 0x15c, E_TRUNCATED, 0x9c, 0 },
	{ 0x9c, 0xffffffff, E_TRUNCATED, 0x9c, 0 },
	{ 0xa4, 0xffffffff, OK, 0, 2 },
	{ 0xa8, 0, OK, 0, 2 },
	{ 0xa8, 0x11, E_CORRUPT, 0x9c, 0 },
	{ 0xa8, 0xffffffff, E_CORRUPT, 0x9c, 0 },
	{ 0xac, 0, OK, 0, 2 },
	{ 0xac, 9, E_CORRUPT, 0x9c, 0 },
	{ 0xac, 0xfffffff0, E_CORRUPT, 0x9c, 0 },
	{ 0xc8, 0, E_CORRUPT, 0xc8, 1 },
	{ 0xc8, 0x130, E_TRUNCATED, 0xc8, 1 },
	{ 0xcc, 0xffffffff, OK, 0, 2 },
	{ 0xd4, 1, E_CORRUPT, 0xc8, 1 },
	{ 0xd8, 0x11c, E_CORRUPT, 0xc8, 1 },
};

static void judges_the_properties(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(properties); i++) {
		struct bytes in = sample_load(REAL);
		struct error err;

		sample_le32(in, properties[i].off, properties[i].v);
		assert_int_equal(walk(properties_of(in), &err),
		                 properties[i].properties);
		assert_int_equal(err.status, properties[i].status);
		if (err.status)
			assert_int_equal(err.at, in.at + properties[i].at);
		sample_free(in);
	}
}

static void holds_the_limit(void **state)
{
	static uint8_t raw[(LIMIT_KEY_PROPERTIES + 1) * 0x14];
	struct bytes in = BYTES(raw);
	struct error err;

	(void)state;
	for (size_t off = 0; off < sizeof(raw); off += 0x14)
		sample_le32(in, off, 0x14);
	assert_int_equal(walk(in, &err), LIMIT_KEY_PROPERTIES);
	assert_int_equal(err.status, E_LIMIT);
	in.n -= 0x14;
	assert_int_equal(walk(in, &err), LIMIT_KEY_PROPERTIES);
	assert_int_equal(err.status, OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_real_file),
		cmocka_unit_test(reads_the_corpus),
		cmocka_unit_test(goes_on_after_its_parts),
		cmocka_unit_test(walks_the_properties),
		cmocka_unit_test(finds_a_property),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(judges_each_word),
		cmocka_unit_test(judges_the_properties),
		cmocka_unit_test(holds_the_limit),
	};

	return cmocka_run_group_tests_name("cng_key", tests, NULL, NULL);
}
