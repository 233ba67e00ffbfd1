/* SPDX-License-Identifier: MIT */
/*
 * hive_sample.c - hives and logs made by hand, for the tests of their parsers
 */
#include "tests/parsers/hive_sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/hive_log.h"

void put_le32(uint8_t *p, uint32_t v)
{
	for (unsigned i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

void seal_base(uint8_t *p)
{
	uint8_t sum[4] = { 0 };

	for (size_t i = 0; i < 0x1fc; i++)
		sum[i % 4] ^= p[i];
	memcpy(p + 0x1fc, sum, 4);
}

void make_base(uint8_t *p, uint32_t sequence1, uint32_t sequence2,
               uint32_t type, uint32_t data_size)
{
	memset(p, 0, HIVE_HEAD_SIZE);
	memcpy(p, "regf", 4);
	put_le32(p + 0x04, sequence1);
	put_le32(p + 0x08, sequence2);
	put_le32(p + 0x0c, 0x11223344);
	put_le32(p + 0x10, 0x01d25000);
	put_le32(p + 0x14, 1);
	put_le32(p + 0x18, 5);
	put_le32(p + 0x1c, type);
	put_le32(p + 0x20, 1);
	put_le32(p + 0x24, 0x20);
	put_le32(p + 0x28, data_size);
	put_le32(p + 0x2c, 1);
	memcpy(p + 0x30, "S\0A\0M\0", 6);
	seal_base(p);
}

void seal_entry(uint8_t *p, size_t size)
{
	uint64_t h = hive_marvin32((struct bytes){ p + 0x28, size - 0x28, 0 });

	put_le32(p + 0x18, (uint32_t)h);
	put_le32(p + 0x1c, (uint32_t)(h >> 32));
	h = hive_marvin32((struct bytes){ p, 0x20, 0 });
	put_le32(p + 0x20, (uint32_t)h);
	put_le32(p + 0x24, (uint32_t)(h >> 32));
}

size_t make_entry(uint8_t *p, uint32_t sequence, uint32_t data_size,
                  const uint32_t *offsets, uint32_t n, uint8_t fill)
{
	size_t used = 0x28 + n * (8 + (size_t)4096);
	size_t size = (used + 511) / 512 * 512;

	memset(p, 0, size);
	memcpy(p, "HvLE", 4);
	put_le32(p + 0x04, (uint32_t)size);
	put_le32(p + 0x0c, sequence);
	put_le32(p + 0x10, data_size);
	put_le32(p + 0x14, n);
	for (uint32_t i = 0; i < n; i++) {
		put_le32(p + 0x28 + 8 * (size_t)i, offsets[i]);
		put_le32(p + 0x2c + 8 * (size_t)i, 4096);
		memset(p + 0x28 + 8 * (size_t)n + 4096 * (size_t)i,
		       (int)(fill + i), 4096);
	}
	seal_entry(p, size);
	return size;
}

struct bytes corpus_file(const char *name)
{
	static uint8_t buf[1 << 20];
	const char *dir = getenv("CORPUS");
	char path[4096];
	size_t n;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", dir ? dir : "", name);
	f = dir ? fopen(path, "rb") : NULL;
	if (!f)
		skip();
	n = fread(buf, 1, sizeof(buf), f);
	assert_true(n < sizeof(buf) && !ferror(f));
	(void)fclose(f);
	return sample_copy((struct bytes){ buf, n, SAMPLE_AT }, n);
}
