/* SPDX-License-Identifier: MIT */
/*
 * fuzz_given_options.c - the words of a command line
 *
 * The first byte chooses the command; words end at line ends.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/quiet.h"

#include "analyzer/options.h"
#include "analyzer/say.h"

#include <string.h>

/* --help prints and ends the program, with any of its three names. */
static bool ends_all(const char *word)
{
	return g_str_has_prefix(word, "--help") ||
	       (word[0] == '-' && word[1] != '-' && strpbrk(word, "h?"));
}

static void check(const struct options *o, const struct command *command)
{
	guint n = o->args ? g_strv_length(o->args) : 0;

	assert(n >= command->least && (!command->most || n <= command->most));
	assert(o->jobs >= 1 && o->offset >= 0);
	(void)options_volume(o, 1);
	(void)options_snapshot(o, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct command *command;
	unsigned commands = 0;
	struct options o;
	char *text, **words;
	bool help = false;

	if (!size)
		return 0;
	while (command_table[commands])
		commands++;
	command = command_table[*data % commands];
	text = g_strndup((const char *)data + 1, size - 1);
	words = g_strsplit(text, "\n", 64);
	g_free(text);
	for (char **w = words; *w; w++)
		help |= ends_all(*w);
	/* The first word is the command's name. */
	if (!help && *words) {
		char **argv = g_memdup2(words, (g_strv_length(words) + 1) *
		                                       sizeof(*words));

		quiet_begin();
		if (options_parse(&o, command, (int)g_strv_length(words), argv))
			check(&o, command);
		options_release(&o);
		say_close();
		quiet_end();
		g_free(argv);
	}
	g_strfreev(words);
	return 0;
}
