/* SPDX-License-Identifier: MIT */
/*
 * mft_writer.c - MFT records, made by hand
 */
#include "tests/analyzer/mft_writer.h"

#include "parsers/ntfs_record.h"

#include <string.h>

static void put(uint8_t *p, size_t width, uint64_t v)
{
	for (size_t i = 0; i < width; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

void mft_begin(struct mft_writer *w, uint8_t *p, size_t size, uint16_t sequence,
               uint16_t flags, uint64_t base)
{
	size_t first = (0x30 + 2 * (size / 512 + 1) + 7) / 8 * 8;

	memset(p, 0, size);
	memcpy(p, "FILE", 4);
	put(p + 0x04, 2, 0x30);
	put(p + 0x06, 2, size / 512 + 1);
	put(p + 0x10, 2, sequence);
	put(p + 0x14, 2, first);
	put(p + 0x16, 2, flags);
	put(p + 0x1c, 4, size);
	put(p + 0x20, 8, base);
	*w = (struct mft_writer){ p, size, first };
}

static uint8_t *add(struct mft_writer *w, uint32_t type, uint16_t flags,
                    size_t n)
{
	uint8_t *p = w->p + w->used;

	n = (n + 7) / 8 * 8;
	assert_true(w->used + n + 8 <= w->size);
	put(p, 4, type);
	put(p + 4, 4, n);
	put(p + 0x0c, 2, flags);
	w->used += n;
	return p;
}

uint8_t *mft_resident(struct mft_writer *w, uint32_t type, uint16_t flags,
                      size_t n)
{
	uint8_t *p = add(w, type, flags, 0x18 + n);

	put(p + 0x10, 4, n);
	put(p + 0x14, 2, 0x18);
	return p + 0x18;
}

void mft_standard(struct mft_writer *w, uint32_t attributes)
{
	put(mft_resident(w, NTFS_STANDARD_INFORMATION, 0, 0x30) + 0x20, 4,
	    attributes);
}

void mft_name(struct mft_writer *w, uint64_t parent, uint8_t kind,
              const char *name)
{
	size_t n = strlen(name);
	uint8_t *p = mft_resident(w, NTFS_FILE_NAME, 0, 0x42 + 2 * n);

	put(p, 8, parent);
	p[0x40] = (uint8_t)n;
	p[0x41] = kind;
	for (size_t i = 0; i < n; i++)
		p[0x42 + 2 * i] = (uint8_t)name[i];
}

void mft_data(struct mft_writer *w, uint16_t flags, uint64_t lowest,
              uint64_t size)
{
	uint8_t *p = add(w, NTFS_DATA, flags, 0x48);

	p[8] = 1;
	put(p + 0x10, 8, lowest);
	put(p + 0x18, 8, lowest);
	put(p + 0x20, 2, 0x40);
	put(p + 0x28, 8, size);
	put(p + 0x30, 8, size);
	put(p + 0x38, 8, size);
}

void mft_stream(struct mft_writer *w, const char *name)
{
	size_t n = strlen(name);
	uint8_t *p = add(w, NTFS_LOGGED_UTILITY_STREAM, 0, 0x18 + 2 * n);

	p[9] = (uint8_t)n;
	put(p + 0x0a, 2, 0x18);
	put(p + 0x14, 2, 0x18);
	for (size_t i = 0; i < n; i++)
		p[0x18 + 2 * i] = (uint8_t)name[i];
}

void mft_finish(struct mft_writer *w)
{
	put(w->p + w->used, 4, 0xffffffff);
	put(w->p + 0x18, 4, w->used + 8);
	put(w->p + 0x30, 2, 7);
	for (size_t i = 1; i <= w->size / 512; i++) {
		memcpy(w->p + 0x30 + 2 * i, w->p + 512 * i - 2, 2);
		put(w->p + 512 * i - 2, 2, 7);
	}
}
