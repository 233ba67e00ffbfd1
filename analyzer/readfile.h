/* SPDX-License-Identifier: MIT */
/*
 * readfile.h - a small file of the user's, which may hold secrets
 */
#ifndef ANALYZER_READFILE_H
#define ANALYZER_READFILE_H

#include "recovery/secret.h"

/*
 * Read a whole file or pipe of about `most` bytes at most into a secret, which
 * the caller releases.  E_IO: it cannot be read (`what` says why).  E_ABSENT:
 * it is empty.  E_LIMIT: it is larger.
 */
MUST_USE enum status read_secret(const char *path, uint64_t most,
                                 struct secret *s, struct error *err);

#endif
