/* SPDX-License-Identifier: MIT */
/*
 * text.c - print evidence as text, into a buffer of the caller's
 *
 * [MS-DTYP] 2.3.3 (FILETIME), 2.3.4.2 (GUID), 2.4.2 (SID); RFC 3629 (UTF-8).
 */
#include "parsers/text.h"

#include <assert.h>

static const char digits[] = "0123456789abcdef";
static const char DIGITS[] = "0123456789ABCDEF";

struct text text_open(char *buf, size_t cap)
{
	assert(cap > 0);
	buf[0] = '\0';
	return (struct text){ .p = buf, .cap = cap };
}

/*
 * All n characters or none, and nothing after the first that was left out: a
 * text with a gap would read as something that the evidence does not say.
 */
static void put(struct text *t, const char *s, size_t n)
{
	if (t->cut || n >= t->cap - t->n) {
		t->cut = true;
		return;
	}
	memcpy(t->p + t->n, s, n);
	t->n += n;
	t->p[t->n] = '\0';
}

void text_char(struct text *t, char c)
{
	put(t, &c, 1);
}

void text_str(struct text *t, const char *s)
{
	size_t n = 0;

	/* Compare as we go: a plain count would be compiled into strlen(). */
	while (s[n] && !t->cut) {
		if (++n >= t->cap - t->n)
			t->cut = true;
	}
	put(t, s, n);
}

/* At least `width` decimal digits. */
static void put_dec(struct text *t, uint64_t v, size_t width)
{
	char buf[20];
	size_t n = 0;

	do {
		buf[sizeof(buf) - ++n] = digits[v % 10];
		v /= 10;
	} while (v || n < width);
	put(t, buf + sizeof(buf) - n, n);
}

void text_dec(struct text *t, uint64_t v)
{
	put_dec(t, v, 1);
}

static void put_hex(struct text *t, uint8_t v)
{
	char pair[2] = { digits[v >> 4], digits[v & 15] };

	put(t, pair, sizeof(pair));
}

void text_hex(struct text *t, struct bytes b)
{
	struct cursor c = cursor_open(b);

	for (size_t i = 0; i < b.n; i++)
		put_hex(t, cursor_u8(&c));
}

/* The UTF-8 of any value under 0x110000, surrogates included.  Returns 1-4. */
static size_t utf8(uint8_t out[4], uint32_t v)
{
	static const uint8_t lead[] = { 0, 0x00, 0xc0, 0xe0, 0xf0 };
	size_t n = v < 0x80 ? 1 : v < 0x800 ? 2 : v < 0x10000 ? 3 : 4;

	for (size_t i = n - 1; i > 0; i--, v >>= 6)
		out[i] = (uint8_t)(0x80 | (v & 0x3f));
	out[0] = (uint8_t)(lead[n] | v);
	return n;
}

/* The bytes of one character, each as %XX if it is to be escaped. */
static void put_point(struct text *t, uint32_t v, bool escape)
{
	uint8_t raw[4];
	size_t n = utf8(raw, v);
	char out[12];
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		if (!escape) {
			out[k++] = (char)raw[i];
			continue;
		}
		out[k++] = '%';
		out[k++] = DIGITS[raw[i] >> 4];
		out[k++] = DIGITS[raw[i] & 15];
	}
	put(t, out, k);
}

static bool is_high(uint32_t u)
{
	return u >= 0xd800 && u <= 0xdbff;
}

static bool is_low(uint32_t u)
{
	return u >= 0xdc00 && u <= 0xdfff;
}

static void put_utf16(struct text *t, struct bytes b, char also)
{
	struct cursor c = cursor_open(b);

	for (size_t i = 0; i < b.n / 2; i++) {
		uint32_t u = cursor_le16(&c);
		struct cursor peek = c;
		uint32_t low = cursor_le16(&peek);

		if (is_high(u) && is_low(low)) {
			u = 0x10000 + ((u - 0xd800) << 10) + (low - 0xdc00);
			c = peek;
			i++;
		}
		put_point(t, u,
		          !u || u == (uint8_t)also || is_high(u) || is_low(u));
	}
}

void text_utf16(struct text *t, struct bytes b)
{
	put_utf16(t, b, '\0');
}

void text_name(struct text *t, struct bytes b)
{
	put_utf16(t, b, '/');
}

/*
 * [MS-DTYP] 2.3.4.2  GUID: u32, u16, u16 little-endian, then eight bytes
 */
void text_guid(struct text *t, struct bytes b)
{
	/* The place in b of each byte printed, and where the dashes fall. */
	static const uint8_t order[] = { 3, 2, 1,  0,  5,  4,  7,  6,
		                         8, 9, 10, 11, 12, 13, 14, 15 };
	char buf[TEXT_GUID];
	struct text whole = text_open(buf, sizeof(buf));

	if (b.n != sizeof(order))
		return;
	text_char(&whole, '{');
	for (size_t i = 0; i < sizeof(order); i++) {
		struct cursor c = cursor_open(b);

		if (i == 4 || i == 6 || i == 8 || i == 10)
			text_char(&whole, '-');
		cursor_skip(&c, order[i]);
		put_hex(&whole, cursor_u8(&c));
	}
	text_char(&whole, '}');
	put(t, whole.p, whole.n);
}

/* [MS-DTYP] 2.4.2.1: decimal if it fits 32 bits, else 0x and 12 digits. */
static void put_authority(struct text *t, uint64_t v)
{
	if (v <= UINT32_MAX) {
		text_dec(t, v);
		return;
	}
	text_str(t, "0x");
	for (unsigned shift = 48; shift; shift -= 8)
		put_hex(t, (uint8_t)(v >> (shift - 8)));
}

/*
 * [MS-DTYP] 2.4.2.2  SID
 *
 *	00  u8  revision       01  u8   count of parts
 *	02  6   authority, big-endian   08  u32 each part
 */
bool text_sid(struct text *t, struct bytes b)
{
	struct cursor c = cursor_open(b);
	uint8_t revision = cursor_u8(&c);
	uint8_t count = cursor_u8(&c);
	uint64_t authority = 0;
	char buf[TEXT_SID];
	struct text whole = text_open(buf, sizeof(buf));

	if (revision != 1 || count > 15 || b.n != 8 + (size_t)count * 4)
		return false;
	for (int i = 0; i < 6; i++)
		authority = authority << 8 | cursor_u8(&c);
	text_str(&whole, "S-1-");
	put_authority(&whole, authority);
	for (uint8_t i = 0; i < count; i++) {
		text_char(&whole, '-');
		text_dec(&whole, cursor_le32(&c));
	}
	put(t, whole.p, whole.n);
	return true;
}

static uint32_t take(uint32_t *days, uint32_t span, uint32_t most)
{
	uint32_t n = *days / span;

	if (n > most)
		n = most;
	*days -= n * span;
	return n;
}

static void put_date(struct text *t, uint32_t days)
{
	static const uint8_t lengths[] = { 31, 28, 31, 30, 31, 30,
		                           31, 31, 30, 31, 30, 31 };
	uint32_t year = 1601, month = 0, leap;

	/*
	 * 1601 begins a cycle of 400 years, so each long year or century
	 * comes last in its group: hence the caps of 3.
	 */
	year += 400 * take(&days, 146097, UINT32_MAX);
	year += 100 * take(&days, 36524, 3);
	year += 4 * take(&days, 1461, UINT32_MAX);
	year += take(&days, 365, 3);
	leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	for (;; month++) {
		uint32_t n = lengths[month] + (month == 1 ? leap : 0);

		if (days < n)
			break;
		days -= n;
	}
	put_dec(t, year, 4);
	text_char(t, '-');
	put_dec(t, month + 1, 2);
	text_char(t, '-');
	put_dec(t, days + 1, 2);
}

void text_filetime(struct text *t, uint64_t filetime)
{
	uint64_t s = filetime / 10000000;
	char buf[TEXT_FILETIME];
	struct text whole = text_open(buf, sizeof(buf));

	put_date(&whole, (uint32_t)(s / 86400));
	text_char(&whole, 'T');
	put_dec(&whole, s / 3600 % 24, 2);
	text_char(&whole, ':');
	put_dec(&whole, s / 60 % 60, 2);
	text_char(&whole, ':');
	put_dec(&whole, s % 60, 2);
	text_char(&whole, '.');
	put_dec(&whole, filetime % 10000000, 7);
	text_char(&whole, 'Z');
	put(t, whole.p, whole.n);
}
