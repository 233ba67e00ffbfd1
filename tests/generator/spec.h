/* SPDX-License-Identifier: MIT */
/*
 * spec.h - one line of a specification: a verb, words, and key=value options
 */
#ifndef GENERATOR_SPEC_H
#define GENERATOR_SPEC_H

#include "tests/generator/util.h"

#include <stdio.h>

enum { SPEC_WORDS_MAX = 40 };

struct spec {
	char *words[SPEC_WORDS_MAX]; /* the verb first */
	size_t n_words;
	struct {
		char *key, *value;
		bool used;
	} options[SPEC_WORDS_MAX];
	size_t n_options;
	char *text; /* what all of these point into */
	size_t room;
};

/* The next line that says something; false at the end. */
bool spec_next(struct spec *s, FILE *in);
void spec_release(struct spec *s);

/* Word `i` after the verb, which must be there. */
const char *spec_word(const struct spec *s, size_t i);

/* An option, or what `default` lines said before, or NULL. */
const char *spec_option(struct spec *s, const char *key);
uint64_t spec_number(struct spec *s, const char *key, uint64_t otherwise);

/* Remember the options of a `default` line; "-" forgets one. */
void spec_set_defaults(struct spec *s);

/* End the program if an option was never asked for: it is misspelt. */
void spec_check_used(const struct spec *s);

#endif
