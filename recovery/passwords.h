/* SPDX-License-Identifier: MIT */
/*
 * passwords.h - candidate passwords, one a line
 */
#ifndef RECOVERY_PASSWORDS_H
#define RECOVERY_PASSWORDS_H

#include "recovery/secret.h"

#include <glib.h>

/*
 * All candidates of the run, from any number of files.  Each file's text is one
 * secret; a candidate is a line of it, without its CR and LF.  An empty line is
 * the blank password.  A UTF-8 byte-order mark is not part of the first line.
 * Zero is empty.
 */
struct passwords {
	GArray *texts; /* of struct secret */
	GArray *lines; /* of struct bytes, each inside one text */
};

/* Takes the text over, leaving `text` empty, whatever the outcome. */
MUST_USE enum status passwords_add(struct passwords *pw, struct secret *text,
                                   struct error *err);
size_t passwords_count(const struct passwords *pw);
/* Candidate i, from 0; borrowed, not NUL-terminated, maybe of length 0. */
struct bytes passwords_get(const struct passwords *pw, size_t i);
void passwords_release(struct passwords *pw);

#endif
