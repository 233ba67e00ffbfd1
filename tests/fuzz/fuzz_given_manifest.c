/* SPDX-License-Identifier: MIT */
/*
 * fuzz_given_manifest.c - the list of images of a batch, and their labels
 */
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/quiet.h"

#include "analyzer/manifest.h"

#include <string.h>

/* Once each, and a component of a path. */
static void check_labels(const GPtrArray *images)
{
	GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < images->len; i++) {
		const struct image *image = images->pdata[i];

		if (image->problem)
			continue;
		assert(image->evidence && *image->evidence == '/');
		assert(image->label && *image->label);
		assert(!strchr(image->label, '/'));
		assert(strcmp(image->label, ".") && strcmp(image->label, ".."));
		assert(strlen(image->label) <= 255);
		assert(g_hash_table_add(seen, image->label));
	}
	g_hash_table_destroy(seen);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, 0 };
	GPtrArray *images = images_new();
	char *unknown = NULL;
	struct error err = { 0 };
	enum status st;

	quiet_begin();
	(void)manifest_is(in);
	st = manifest_read(images, in, "/folder", &unknown, &err);
	assert(!st || err.what);
	images_add(images, "one/disk.dd");
	images_add(images, "/two/disk.dd");
	images_label(images);
	check_labels(images);
	quiet_end();
	g_ptr_array_free(images, TRUE);
	g_free(unknown);
	return 0;
}
