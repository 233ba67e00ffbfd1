/* SPDX-License-Identifier: MIT */
/*
 * repair.c - inputs that get past a checksum
 */
#include "tests/fuzz/repair.h"

#include "parsers/ewf.h"
#include "parsers/hive_log.h"

#include <string.h>

#define SECTOR 512u
#define CRC32  UINT32_C(0xedb88320) /* of IEEE 802.3, mirrored */
#define CRC32C UINT32_C(0x82f63b78)

uint64_t fuzz_get(const uint8_t *from, unsigned width)
{
	uint64_t v = 0;

	for (; width; width--)
		v = v << 8 | from[width - 1];
	return v;
}

static void put(uint8_t *to, unsigned width, uint64_t v)
{
	for (; width; width--, v >>= 8)
		*to++ = (uint8_t)v;
}

static void put_be32(uint8_t *to, uint32_t v)
{
	for (unsigned i = 0; i < 4; i++)
		to[i] = (uint8_t)(v >> (24 - 8 * i));
}

/* A mirrored CRC of 32 bits. */
static uint32_t crc(uint32_t polynomial, const uint8_t *p, size_t n)
{
	uint32_t v = UINT32_MAX, table[256];

	for (uint32_t i = 0; i < 256; i++) {
		table[i] = i;
		for (unsigned bit = 0; bit < 8; bit++)
			table[i] =
				table[i] >> 1 ^ (table[i] & 1 ? polynomial : 0);
	}
	for (; n; n--)
		v = v >> 8 ^ table[(v ^ *p++) & 0xff];
	return ~v;
}

static bool is(const uint8_t *p, const char *mark)
{
	return !memcmp(p, mark, strlen(mark));
}

/* --------------------------------------------------------------------- ewf */

/* The last four bytes of the n at `at` are their Adler-32. */
static void sum_ewf(uint8_t *data, size_t size, size_t at, size_t n)
{
	struct bytes summed = { data + at, n - 4, 0 };

	if (at <= size && n <= size - at)
		put(data + at + n - 4, 4, ewf_checksum(1, summed));
}

void repair_ewf(const uint8_t *base, uint8_t *data, size_t size)
{
	size_t at = EWF_HEAD_SIZE;

	(void)base;
	while (at <= size && size - at >= EWF_SECTION_SIZE) {
		size_t body = at + EWF_SECTION_SIZE;
		uint64_t next = fuzz_get(data + at + 0x10, 8);
		bool smart = next > body && next - body < EWF_VOLUME_SIZE;

		if (is(data + at, "table"))
			sum_ewf(data, size, body, EWF_TABLE_SIZE);
		else if (is(data + at, "volume") || is(data + at, "disk") ||
		         is(data + at, "data"))
			sum_ewf(data, size, body,
			        smart ? EWF_SMART_SIZE : EWF_VOLUME_SIZE);
		sum_ewf(data, size, at, EWF_SECTION_SIZE);
		if (next <= at || next > size)
			break;
		at = (size_t)next;
	}
}

/* ------------------------------------------------------------------- hives */

static uint64_t marvin(const uint8_t *p, size_t n)
{
	return hive_marvin32((struct bytes){ p, n, 0 });
}

static void sum_entry(uint8_t *p, size_t size)
{
	uint64_t n = fuzz_get(p + 4, 4);

	if (n < 0x28 || n > size)
		return;
	put(p + 0x18, 8, marvin(p + 0x28, (size_t)n - 0x28));
	put(p + 0x20, 8, marvin(p, 0x20));
}

static void sum_base(uint8_t *p)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < 0x1fc; i += 4)
		sum ^= (uint32_t)fuzz_get(p + i, 4);
	put(p + 0x1fc, 4, sum);
}

void repair_hive_log(const uint8_t *base, uint8_t *data, size_t size)
{
	(void)base;
	for (size_t at = 0; at + SECTOR <= size; at += SECTOR) {
		if (is(data + at, "regf"))
			sum_base(data + at);
		else if (is(data + at, "HvLE"))
			sum_entry(data + at, size - at);
	}
}

/* -------------------------------------------------------------------- ntfs */

/* What stands at the end of each sector goes to its place in the array. */
static void fix_up(uint8_t *p, size_t size)
{
	size_t usa = (size_t)fuzz_get(p + 4, 2);
	size_t n = (size_t)fuzz_get(p + 6, 2);

	if (!n || n > size / SECTOR + 1 || usa + 2 * n > SECTOR - 2)
		return;
	for (size_t i = 1; i < n; i++) {
		uint8_t *end = p + i * SECTOR - 2;

		if (memcmp(end, p + usa, 2) != 0) {
			memcpy(p + usa + 2 * i, end, 2);
			memcpy(end, p + usa, 2);
		}
	}
}

void repair_ntfs(const uint8_t *base, uint8_t *data, size_t size)
{
	for (size_t at = 0; at + SECTOR <= size; at += SECTOR)
		if (is(base + at, "FILE") || is(base + at, "INDX"))
			fix_up(data + at, size - at);
}

/* --------------------------------------------------------------- bitlocker */

/* The CRC of a block is the second word behind it. */
static void sum_bitlocker(uint8_t *p, size_t size)
{
	size_t n = (size_t)fuzz_get(p + 8, 2);

	if (fuzz_get(p + 10, 2) == 2)
		n *= 16;
	if (n && n + 8 <= size)
		put(p + n + 4, 4, crc(CRC32, p, n));
}

void repair_bitlocker(const uint8_t *base, uint8_t *data, size_t size)
{
	(void)base;
	for (size_t at = 0; at + SECTOR <= size; at += SECTOR)
		if (is(data + at, "-FVE-FS-"))
			sum_bitlocker(data + at, size - at);
}

/* ----------------------------------------------------------- virtual disks */

/* The sum of all bytes but its own, inverted. */
static void sum_vhd(uint8_t *p, size_t n, size_t at)
{
	uint32_t sum = 0;

	put(p + at, 4, 0);
	for (size_t i = 0; i < n; i++)
		sum += p[i];
	put_be32(p + at, ~sum);
}

void repair_vhd(const uint8_t *base, uint8_t *data, size_t size)
{
	(void)base;
	for (size_t at = 0; at + SECTOR <= size; at += SECTOR) {
		if (is(data + at, "conectix"))
			sum_vhd(data + at, SECTOR, 0x40);
		else if (is(data + at, "cxsparse") && size - at >= 1024)
			sum_vhd(data + at, 1024, 0x24);
	}
}

void repair_vhdx_sum(uint8_t *data, size_t n)
{
	put(data + 4, 4, 0);
	put(data + 4, 4, crc(CRC32C, data, n));
}

/* Only what was changed, for the sums take their time. */
void repair_vhdx(const uint8_t *base, uint8_t *data, size_t size)
{
	static const struct {
		size_t at, n;
	} parts[] = {
		{ 0x10000, 0x1000 },
		{ 0x20000, 0x1000 },
		{ 0x30000, 0x10000 },
		{ 0x40000, 0x10000 },
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (parts[i].at + parts[i].n <= size &&
		    memcmp(base + parts[i].at, data + parts[i].at, parts[i].n))
			repair_vhdx_sum(data + parts[i].at, parts[i].n);
}

/* ---------------------------------------------------------------- archives */

/*
 * 7zFormat.txt: 08 u32 CRC of 0c to 20, 0c u64 place of the next header behind
 * 20, 14 u64 its size, 1c u32 its CRC
 */
void repair_7z(const uint8_t *base, uint8_t *data, size_t size)
{
	uint64_t at, n;

	(void)base;
	if (size < 0x20 || !is(data, "7z\xbc\xaf\x27\x1c"))
		return;
	at = fuzz_get(data + 0x0c, 8);
	n = fuzz_get(data + 0x14, 8);
	if (at <= size - 0x20 && n <= size - 0x20 - at)
		put(data + 0x1c, 4, crc(CRC32, data + 0x20 + at, (size_t)n));
	put(data + 8, 4, crc(CRC32, data + 0x0c, 0x14));
}

/* POSIX ustar: the sum of a header is in octal at 148, and counts as blanks. */
static void sum_tar(uint8_t *p)
{
	unsigned sum = 8 * ' ';

	for (size_t i = 0; i < SECTOR; i++)
		sum += i < 148 || i >= 156 ? p[i] : 0;
	for (size_t i = 6; i; i--, sum >>= 3)
		p[147 + i] = (uint8_t)('0' + (sum & 7));
	memcpy(p + 154, "\0 ", 2);
}

void repair_tar(const uint8_t *base, uint8_t *data, size_t size)
{
	for (size_t at = 0; at + SECTOR <= size; at += SECTOR)
		if (is(base + at + 257, "ustar"))
			sum_tar(data + at);
	repair_hive_log(base, data, size);
}
