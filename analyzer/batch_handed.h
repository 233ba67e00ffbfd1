/* SPDX-License-Identifier: MIT */
/*
 * batch_handed.h - secrets that are read once, and handed to every task
 *
 * A pipe can be read once, and nobody types a password twice.  So each becomes
 * a file without a name, in memory, which tasks find under /dev/fd/N: no secret
 * is on a command line or on a disk.
 */
#ifndef ANALYZER_BATCH_HANDED_H
#define ANALYZER_BATCH_HANDED_H

#include "analyzer/options.h"

struct handed {
	GArray *fds;           /* of int */
	char **password_files; /* the list with one more, or NULL */
};

/*
 * Ask for the password of --password-prompt, and read the key and password
 * files that are no regular ones; the options name what was made of them then.
 * `handed` outlives them, and is to be released also on error.  Says what
 * cannot be read, and returns false.
 */
MUST_USE bool handed_make(struct handed *handed, struct options *o);
void handed_release(struct handed *handed);

#endif
