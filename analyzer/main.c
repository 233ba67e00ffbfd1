/* SPDX-License-Identifier: MIT */
/*
 * main.c - find the command, and run it
 */
#include "analyzer/exhausted.h"
#include "analyzer/options.h"
#include "analyzer/sandbox.h"
#include "analyzer/say.h"
#include "analyzer/volume.h"
#include "recovery/crypto.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

static void print_help(void)
{
	(void)printf(
		"usage: efsleuth COMMAND [options] ...\n\n"
		"Reads NTFS images, says who can decrypt what in them, and "
		"decrypts the files of\nthe Encrypting File System with the "
		"keys at hand. Evidence is only ever read.\n\n");
	for (size_t i = 0; command_table[i]; i++)
		(void)printf("  %-8s %-20s %s\n", command_table[i]->name,
		             command_table[i]->args, command_table[i]->about);
	(void)printf(
		"\n`efsleuth COMMAND --help` lists the options of a command; "
		"the manual is efsleuth(1).\n");
}

static void print_version(void)
{
	char *libraries = volume_library_version();
	char *sandbox = sandbox_offers();

	(void)printf("efsleuth " VERSION "\n%s, %s\nsandbox: %s\n", libraries,
	             crypto_version(), sandbox);
	g_free(sandbox);
	g_free(libraries);
}

static const struct command *find(const char *name)
{
	for (size_t i = 0; command_table[i]; i++)
		if (!strcmp(command_table[i]->name, name))
			return command_table[i];
	return NULL;
}

/* The files of the log and of standard output are open by now. */
static int run_inside(const struct command *command, const struct options *o)
{
	int code;

	if (command->plan) {
		struct sandbox *s = sandbox_new(!o->no_sandbox);

		command->plan(s, o);
		sandbox_enter(s);
	}
	code = command->run(o);
	sandbox_leave();
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	enum say_level level;
	struct options o;
	int code = EXIT_USAGE;

	if (!options_parse(&o, command, argc, argv))
		goto out;
	exhausted_watch(o.task);
	level = o.quiet ? SAY_QUIET : o.verbose ? SAY_VERBOSE : SAY_NORMAL;
	if (say_open(level, o.log)) {
		code = run_inside(command, &o);
	} else {
		say("%s: the log cannot be written", o.log);
		code = EXIT_OUTPUT;
	}
	say_close();
out:
	options_release(&o);
	return code;
}

/*
 * Keys are in memory: no core file.  A limit does not count where a program
 * takes them in a pipe, as systemd's does; and other processes of the same
 * user shall not look, either.
 */
static void keep_memory(void)
{
	const struct rlimit none = { 0, 0 };

	(void)setrlimit(RLIMIT_CORE, &none);
#ifndef SANITIZED
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

int main(int argc, char **argv)
{
	const struct command *command;

	keep_memory();
	exhausted_watch(false);
	(void)setlocale(LC_CTYPE, "");
	/* The times of FAT have no zone: they must not depend on this
	 * machine's. */
	(void)setenv("TZ", "UTC0", 1);
	tzset();
	if (argc < 2) {
		say("no command; see `efsleuth --help`");
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") ||
	    !strcmp(argv[1], "help")) {
		print_help();
		return EXIT_OK;
	}
	if (!strcmp(argv[1], "--version")) {
		print_version();
		return EXIT_OK;
	}
	command = find(argv[1]);
	if (!command) {
		say("there is no command \"%s\"; see `efsleuth --help`",
		    argv[1]);
		return EXIT_USAGE;
	}
	return run(command, argc - 1, argv + 1);
}
