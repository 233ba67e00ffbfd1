/* SPDX-License-Identifier: MIT */
/*
 * fuzz_given_secrets.c - files of passwords, hashes, recovery passwords, keys
 *
 * The first byte says of which option the rest is the file.
 */
#include "tests/fuzz/file.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/quiet.h"

#include "analyzer/run.h"
#include "analyzer/run_bitlocker.h"
#include "analyzer/say.h"

#define KINDS 6u

static char *master;

/* All options are of a list of files. */
static void name_file(struct options *o, unsigned kind, char **list)
{
	char ***const lists[KINDS] = {
		&o->password_file, &o->hash_file,  &o->bitlocker_recovery_file,
		&o->master_key,    &o->domain_key, &o->bitlocker_password_file,
	};

	*lists[kind] = list;
	if (lists[kind] == &o->master_key)
		list[0] = master;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *list[] = { NULL, NULL };
	struct options o = { .jobs = 1, .progress_json = -1 };
	struct run run;

	if (!size)
		return 0;
	list[0] = fuzz_file(data + 1, size - 1);
	if (!master)
		master = g_strdup_printf(
			"7fc19508-7b85-4a7c-9e5d-15f9e00e7ce5:%s", list[0]);
	name_file(&o, *data % KINDS, list);
	quiet_begin();
	run_init(&run, &o, RUN_AUDIT);
	(void)!run_keys(&run);
	run_release(&run);
	say_close();
	quiet_end();
	return 0;
}
