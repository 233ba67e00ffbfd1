/* SPDX-License-Identifier: MIT */
/*
 * unpack_memory.h - LZMA's dictionary in an archive has a limit
 */
#ifndef ANALYZER_UNPACK_MEMORY_H
#define ANALYZER_UNPACK_MEMORY_H

#include <stdbool.h>

/* Did an archive want more than LIMIT_UNPACK_MEMORY in this thread, since this
   was asked before? */
bool unpack_memory_refused(void);

#endif
