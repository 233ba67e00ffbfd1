/* SPDX-License-Identifier: MIT */
/*
 * wim.h - the files of a Windows image (WIM) that are worth a look
 *
 * An encrypted file or directory of a WIM holds a raw export, which libwim does
 * not extract on this system.  So all that is worth a look is written into one
 * more WIM, a temporary one without compression, and read there.
 */
#ifndef ANALYZER_WIM_H
#define ANALYZER_WIM_H

#include "analyzer/facts.h"
#include "analyzer/found.h"

struct wim {
	GPtrArray *files; /* of struct found *, and directories */
	char *reason;     /* what could not be read, in words; or NULL */
	struct facts facts;
};

/*
 * Read the WIM at `path`.  Where it has several images, the paths of each begin
 * with its number.  A file is worth a look if it is encrypted or bears the name
 * of key material: other small ones are too many in an image of Windows.
 * `stopped` is asked now and then.  E_CORRUPT, E_UNSUPPORTED, E_IO: it cannot
 * be read, and `what` says why.
 */
MUST_USE enum status wim_read(struct wim *w, const char *path,
                              bool (*stopped)(const void *ctx), const void *ctx,
                              struct error *err);
void wim_release(struct wim *w);

#endif
