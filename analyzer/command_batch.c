/* SPDX-License-Identifier: MIT */
/*
 * command_batch.c - efsleuth batch: many images
 */
#include "analyzer/batch.h"
#include "analyzer/sandbox_plan.h"
#include "analyzer/say.h"

#include <stdlib.h>
#include <string.h>

static int do_task(struct batch *b, const char *task)
{
	struct sandbox *s = sandbox_new(!b->o->no_sandbox);

	plan_task(s, b, task);
	sandbox_enter(s);
	if (!strcmp(task, "keys"))
		return batch_keys(b);
	if (!strcmp(task, "merge"))
		return batch_merge(b);
	return batch_image(b, (unsigned)strtoul(task, NULL, 10));
}

/* This process is in no sandbox, and the tasks have no log of their own. */
static int do_all(struct batch *b)
{
	char *offers = sandbox_offers();

	if (b->o->no_sandbox)
		say_detail("sandbox: not active (--no-sandbox)");
	else
		say_detail("sandbox: one for each task; this kernel has %s",
		           offers);
	g_free(offers);
	return batch_run(b);
}

static int batch(const struct options *given)
{
	struct options o = *given;
	struct batch b;
	int code = EXIT_EVIDENCE;

	if (!batch_open(&b, &o))
		; /* it was said */
	else if (o.print_tasks)
		code = batch_print(&b);
	else if (o.slurm)
		code = batch_slurm(&b);
	else if (!o.task)
		code = do_all(&b);
	else if (batch_enter(&b))
		code = EXIT_OUTPUT;
	else
		code = do_task(&b, o.task);
	batch_release(&b);
	return code;
}

const struct command command_batch = {
	.name = "batch",
	.args = "MANIFEST|EVIDENCE...",
	.about = "recover or audit many images",
	.help = "Works on each image in a process of its own, with the keys of "
		"all of them, and merges\nwhat comes out into one case and one "
		"set of reports. MANIFEST is a CSV file whose first\nline "
		"names its columns: evidence, and any of label, partition, "
		"snapshots, keyring.",
	.takes = TAKES_KEYS | TAKES_EVIDENCE | TAKES_FILTER | TAKES_REPORTS |
	         TAKES_OUTPUT | TAKES_AUDIT | TAKES_BATCH,
	.least = 1,
	.run = batch,
};
