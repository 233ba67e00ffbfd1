/* SPDX-License-Identifier: MIT */
/*
 * spec.c - one line of a specification: a verb, words, and key=value options
 */
#include "tests/generator/spec.h"

#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

static struct {
	char *key, *value;
} defaults[SPEC_WORDS_MAX];
static size_t n_defaults;

/* Cut the next token off *p: spaces part tokens, quotes join them. */
static char *token(char **p)
{
	char *in = *p + strspn(*p, " \t\r\n"), *out = in, *start = in;
	bool quoted = false;

	if (!*in || *in == '#')
		return NULL;
	for (; *in && (quoted || !strchr(" \t\r\n", *in)); in++) {
		if (*in == '"')
			quoted = !quoted;
		else
			*out++ = *in;
	}
	if (quoted)
		die("a quote is not closed");
	*p = in + (*in != '\0');
	*out = '\0';
	return start;
}

/* An option is lower-case letters and an equals sign; all else is a word. */
static size_t option_key(const char *t)
{
	size_t n = strspn(t, "abcdefghijklmnopqrstuvwxyz-");

	return n && *t != '-' && t[n] == '=' ? n : 0;
}

static void add_token(struct spec *s, char *t)
{
	size_t n = s->n_words ? option_key(t) : 0;

	if (s->n_words == SPEC_WORDS_MAX || s->n_options == SPEC_WORDS_MAX)
		die("too many words");
	if (!n) {
		s->words[s->n_words++] = t;
		return;
	}
	t[n] = '\0';
	s->options[s->n_options].key = t;
	s->options[s->n_options].value = t + n + 1;
	s->options[s->n_options++].used = false;
}

bool spec_next(struct spec *s, FILE *in)
{
	while (getline(&s->text, &s->room, in) != -1) {
		char *p = s->text, *t;

		spec_line++;
		s->n_words = s->n_options = 0;
		while ((t = token(&p)))
			add_token(s, t);
		if (s->n_words)
			return true;
	}
	return false;
}

void spec_release(struct spec *s)
{
	free(s->text);
	*s = (struct spec){ 0 };
	while (n_defaults) {
		free(defaults[--n_defaults].key);
		free(defaults[n_defaults].value);
	}
}

const char *spec_word(const struct spec *s, size_t i)
{
	if (i + 1 >= s->n_words)
		die("%s: a word is missing", s->words[0]);
	return s->words[i + 1];
}

static const char *known(const char *value)
{
	return value && strcmp(value, "-") ? value : NULL;
}

const char *spec_option(struct spec *s, const char *key)
{
	for (size_t i = 0; i < s->n_options; i++) {
		if (strcmp(s->options[i].key, key))
			continue;
		s->options[i].used = true;
		return known(s->options[i].value);
	}
	for (size_t i = 0; i < n_defaults; i++)
		if (!strcmp(defaults[i].key, key))
			return known(defaults[i].value);
	return NULL;
}

uint64_t spec_number(struct spec *s, const char *key, uint64_t otherwise)
{
	const char *text = spec_option(s, key);

	return text ? parse_number(text) : otherwise;
}

static void set_default(const char *key, const char *value)
{
	size_t i = 0;

	while (i < n_defaults && strcmp(defaults[i].key, key))
		i++;
	if (i == SPEC_WORDS_MAX)
		die("too many defaults");
	if (i == n_defaults)
		defaults[n_defaults++].key = xstrdup(key);
	else
		free(defaults[i].value);
	defaults[i].value = xstrdup(value);
}

void spec_set_defaults(struct spec *s)
{
	for (size_t i = 0; i < s->n_options; i++) {
		set_default(s->options[i].key, s->options[i].value);
		s->options[i].used = true;
	}
}

void spec_check_used(const struct spec *s)
{
	for (size_t i = 0; i < s->n_options; i++)
		if (!s->options[i].used)
			die("%s: option '%s' has no meaning here", s->words[0],
			    s->options[i].key);
}
