/* SPDX-License-Identifier: MIT */
/*
 * material.h - what the tests of keys share: files, passwords, key files
 */
#ifndef TESTS_RECOVERY_MATERIAL_H
#define TESTS_RECOVERY_MATERIAL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Ours is that of status.h.  fail_msg() goes with it. */
#undef fail

#include "recovery/keyring.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* A whole file of testdata/, in a block of exactly its size; free() it. */
struct bytes material(const char *name);
/* The first n bytes of it, in a block of exactly that size. */
struct bytes material_copy(struct bytes from, size_t n);
/* Skip the test, visibly, if there is no $CORPUS; before it takes memory. */
void material_needs_corpus(void);
/* A real sample that is not in testdata, at $CORPUS; without it, skip(). */
struct bytes material_corpus(const char *name);
/* A file of n bytes of the real sample of Windows 10, into a buffer. */
void material_real(const char *name, uint8_t *buf, size_t n);
void material_free(struct bytes b);
/* Bytes of it that a test wants to damage. */
uint8_t *material_at(struct bytes b, size_t at);

/* Hexadecimal, blanks allowed; at most `cap` bytes. */
size_t unhex(uint8_t *to, size_t cap, const char *hex);

/* The lines of `text`; NULL for no candidates. */
void material_passwords(struct passwords *pw, const char *text);

/* key_file_read on a file of testdata/, with these candidates. */
enum status material_read(struct key_file *kf, const char *name,
                          const char *passwords);
/* Read it, and add it to the ring. */
enum status material_add(struct keyring *ring, const char *name,
                         const char *passwords);

/* The password of testdata/keys. */
#define KEYS_PASSWORD "Pa55w0rd-f0r-tests"

#endif
