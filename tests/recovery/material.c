/* SPDX-License-Identifier: MIT */
/*
 * material.c - what the tests of keys share: files, passwords, key files
 */
#include "tests/recovery/material.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bytes material_copy(struct bytes from, size_t n)
{
	uint8_t *p = malloc(n ? n : 1);

	assert_non_null(p);
	if (n)
		memcpy(p, from.p, n);
	return (struct bytes){ p, n, from.at };
}

struct bytes material(const char *name)
{
	const char *folder = getenv("TESTDATA");
	struct bytes b = { 0 };
	GError *error = NULL;
	char *path, *data;

	path = g_build_filename(folder ? folder : "testdata", name, NULL);
	if (!g_file_get_contents(path, &data, &b.n, &error)) {
		print_error("%s\n", error->message);
		assert_non_null(data);
	}
	b.p = (const uint8_t *)data;
	b = material_copy(b, b.n);
	g_free(data);
	g_free(path);
	return b;
}

uint8_t *material_at(struct bytes b, size_t at)
{
	union {
		const uint8_t *in;
		uint8_t *out;
	} both = { .in = b.p };

	assert_true(at < b.n);
	return both.out + at;
}

void material_free(struct bytes b)
{
	if (b.n)
		free(material_at(b, 0));
	else
		free((void *)(uintptr_t)b.p);
}

size_t unhex(uint8_t *to, size_t cap, const char *hex)
{
	size_t n = 0;

	for (; *hex; hex++) {
		if (*hex == ' ')
			continue;
		assert_true(n < cap);
		to[n++] = (uint8_t)(g_ascii_xdigit_value(hex[0]) << 4 |
		                    g_ascii_xdigit_value(hex[1]));
		hex++;
	}
	return n;
}

void material_passwords(struct passwords *pw, const char *text)
{
	struct secret s = { 0 };
	struct error err;

	*pw = (struct passwords){ 0 };
	if (!text || !*text)
		return;
	assert_int_equal(secret_alloc(&s, strlen(text), &err), OK);
	memcpy(s.p, text, s.n);
	assert_int_equal(passwords_add(pw, &s, &err), OK);
	assert_null(s.p);
}

enum status material_read(struct key_file *kf, const char *name,
                          const char *passwords)
{
	struct bytes in = material(name);
	struct error err = { 0 };
	struct passwords pw;
	enum status status;

	material_passwords(&pw, passwords);
	status = key_file_read(kf, in, &pw, &err);
	if (status) {
		assert_int_equal(err.status, status);
		assert_non_null(err.what);
	}
	passwords_release(&pw);
	material_free(in);
	return status;
}

enum status material_add(struct keyring *ring, const char *name,
                         const char *passwords)
{
	struct bytes in = material(name);
	char *path = g_strdup(name);
	const struct origin origin = { .path = path };
	struct error err = { 0 }, added;
	struct passwords pw;
	struct key_file kf;
	enum status status;

	material_passwords(&pw, passwords);
	status = key_file_read(&kf, in, &pw, &err);
	assert_int_equal(err.status, status);
	if (kf.format)
		assert_int_equal(
			keyring_add_file(ring, &kf, in, &origin, &added), OK);
	key_file_release(&kf);
	passwords_release(&pw);
	material_free(in);
	g_free(path);
	return status;
}

void material_real(const char *name, uint8_t *buf, size_t n)
{
	char *path = g_strconcat("efs-win10-aes256/", name, NULL);
	struct bytes b = material(path);

	assert_int_equal(b.n, n);
	memcpy(buf, b.p, n);
	material_free(b);
	g_free(path);
}

void material_needs_corpus(void)
{
	if (getenv("CORPUS"))
		return;
	print_message("skipped: $CORPUS is not set\n");
	skip();
}

struct bytes material_corpus(const char *name)
{
	const char *folder = getenv("CORPUS");
	struct bytes b = { 0 };
	char *path, *data;

	material_needs_corpus();
	path = g_build_filename(folder, name, NULL);
	if (!g_file_get_contents(path, &data, &b.n, NULL)) {
		print_message("skipped: %s is not in $CORPUS\n", name);
		g_free(path);
		skip();
	}
	b.p = (const uint8_t *)data;
	b = material_copy(b, b.n);
	g_free(data);
	g_free(path);
	return b;
}
