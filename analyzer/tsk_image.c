/* SPDX-License-Identifier: MIT */
/*
 * tsk_image.c - a source as an image of libtsk
 */
#include "analyzer/tsk_image.h"

/* libtsk wants its own structure first. It is zeroed, and holds 2 MiB. */
struct image {
	TSK_IMG_INFO tsk;
	struct source *s;
};

static ssize_t image_read(TSK_IMG_INFO *img, TSK_OFF_T off, char *buf,
                          size_t len)
{
	struct source *s = ((struct image *)(void *)img)->s;
	struct error ignored;

	if (off < 0 || (uint64_t)off >= s->size)
		return -1;
	if (len > s->size - (uint64_t)off)
		len = (size_t)(s->size - (uint64_t)off);
	if (source_read(s, (uint64_t)off, buf, len, &ignored))
		return -1;
	return (ssize_t)len;
}

static void image_close(TSK_IMG_INFO *img)
{
	g_free(img);
}

static void image_stat(TSK_IMG_INFO *img, FILE *out)
{
	(void)img, (void)out;
}

TSK_IMG_INFO *tsk_image_open(struct source *s, unsigned sector)
{
	struct image *img = g_new0(struct image, 1);
	TSK_IMG_INFO *tsk;

	img->s = s;
	tsk = tsk_img_open_external(img, (TSK_OFF_T)s->size, sector, image_read,
	                            image_close, image_stat);
	if (!tsk)
		g_free(img);
	return tsk;
}
