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
 *
 * A line of hashcat's or john's potfile counts as the password that it ends in:
 * one that begins with $DPAPImk$, $pfxng$, $DCC2$, $NT$ or the 32 digits of an
 * NT hash, and a colon after that.  Every other line is taken as it is, colons
 * and all; but $HEX[...] is what its digits say.
 *
 * Lines that cannot be a password are passed over: those over LIMIT_PASSWORD,
 * and binary ones (not UTF-8, and with control characters in it).
 *
 * Zero is empty.
 */
struct passwords {
	GArray *texts;        /* of struct password_text, see passwords.c */
	GArray *lines;        /* of struct line, see there */
	GArray *proven;       /* of size_t: candidates that opened something */
	uint64_t numbered;    /* lines of all texts without a label */
	uint64_t passed_over; /* lines that cannot be a password */
};

#define PASSWORDS_NONE SIZE_MAX

/* Takes the text over, leaving `text` empty, whatever the outcome. */
MUST_USE enum status passwords_add(struct passwords *pw, struct secret *text,
                                   struct error *err);
/*
 * The same for what the evidence itself holds; all its lines are known by that
 * label: "DefaultPassword".
 */
MUST_USE enum status passwords_add_labelled(struct passwords *pw,
                                            struct secret *text,
                                            const char *label,
                                            struct error *err);
size_t passwords_count(const struct passwords *pw);
/* Candidate i, from 0; borrowed, not NUL-terminated, maybe of length 0. */
struct bytes passwords_get(const struct passwords *pw, size_t i);
/* Its name, never itself: "password #3", "DefaultPassword"; to be freed. */
char *passwords_label(const struct passwords *pw, size_t i);

/*
 * Note that candidate i opened something.  So the next lock sees it first.
 * PASSWORDS_NONE is not noted.
 */
void passwords_prove(struct passwords *pw, size_t i);
/* The k-th candidate that was proved, or PASSWORDS_NONE after the last. */
size_t passwords_proven(const struct passwords *pw, size_t k);

void passwords_release(struct passwords *pw);

#endif
