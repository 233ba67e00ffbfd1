/* SPDX-License-Identifier: MIT */
/*
 * tsk_image.h - a source as an image of libtsk
 */
#ifndef ANALYZER_TSK_IMAGE_H
#define ANALYZER_TSK_IMAGE_H

#include "analyzer/source.h"

#include <tsk/libtsk.h>

/*
 * For tsk_img_close; it borrows the source.  `sector` is the size in which
 * libtsk counts, in bytes.  NULL if libtsk has no memory for it.
 */
TSK_IMG_INFO *tsk_image_open(struct source *s, unsigned sector);

#endif
