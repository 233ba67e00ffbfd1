/* SPDX-License-Identifier: MIT */
/*
 * batch_print.c - the tasks of a batch as commands for a shell
 */
#include "analyzer/batch.h"
#include "analyzer/say.h"

#include <stdio.h>

static void print_task(const struct batch *b, const char *task)
{
	unsigned jobs = b->o->jobs_given ? (unsigned)b->o->jobs : 0;
	GPtrArray *words = batch_command(b, task, jobs);

	for (guint i = 0; i + 1 < words->len; i++) {
		char *quoted = g_shell_quote(words->pdata[i]);

		(void)printf("%s%s", i ? " " : "", quoted);
		g_free(quoted);
	}
	(void)putchar('\n');
	g_ptr_array_unref(words);
}

int batch_print(const struct batch *b)
{
	if (batch_wants_keys(b)) {
		(void)puts("# the keys of all images");
		print_task(b, "keys");
	}
	(void)puts("# when that is done, the images, in any order and side by "
	           "side");
	for (guint i = 0; i < b->images->len; i++) {
		const struct image *image = b->images->pdata[i];
		char *number = g_strdup_printf("%u", i + 1);

		if (image->problem)
			say("line %u of the manifest: %s", image->line,
			    image->problem);
		else
			print_task(b, number);
		g_free(number);
	}
	(void)puts("# when those are done, one case and its reports");
	print_task(b, "merge");
	if (!fflush(stdout) && !ferror(stdout))
		return EXIT_OK;
	say("the tasks could not be printed");
	return EXIT_OUTPUT;
}
