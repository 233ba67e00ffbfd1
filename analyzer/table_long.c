/* SPDX-License-Identifier: MIT */
/*
 * table_long.c - partition tables that are longer than any real one
 */
#include "analyzer/table_long.h"
#include "parsers/limits.h"

#include <string.h>

#define SECTOR 512u
/* Of an MBR, and of the table before each logical partition. */
#define ENTRIES_AT 446u
#define ENTRY_SIZE 16u
#define MARK_AT    510u

/* Tables that are still to be looked at, and all that were met. */
struct walk {
	struct source *s;
	unsigned sector;
	GQueue next;      /* of uint64_t *: sectors */
	GHashTable *seen; /* of the same; owns them */
};

static void meet(struct walk *w, uint64_t sector)
{
	uint64_t *place = g_memdup2(&sector, sizeof(sector));

	if (g_hash_table_contains(w->seen, place)) {
		g_free(place);
		return;
	}
	(void)g_hash_table_add(w->seen, place);
	g_queue_push_tail(&w->next, place);
}

static bool is_extended(uint8_t type)
{
	return type == 0x05 || type == 0x0f || type == 0x85;
}

/*
 *	04  u8   type            08  u32  first sector, from `base` on
 */
static void look_at_entry(struct walk *w, struct bytes entry, uint64_t base)
{
	struct cursor c = cursor_open(entry);
	uint8_t type;

	cursor_skip(&c, 4);
	type = cursor_u8(&c);
	cursor_skip(&c, 3);
	if (is_extended(type))
		meet(w, base + cursor_le32(&c));
}

static void look_at_table(struct walk *w, uint64_t sector, uint64_t base)
{
	uint8_t buf[SECTOR];
	struct bytes in = { buf, sizeof(buf), sector * w->sector };
	struct cursor c = cursor_open(in);
	struct error ignored;

	if (source_read(w->s, in.at, buf, sizeof(buf), &ignored) ||
	    buf[MARK_AT] != 0x55 || buf[MARK_AT + 1] != 0xaa)
		return;
	for (size_t i = 0; i < 4; i++)
		look_at_entry(
			w,
			cursor_cut(&c, ENTRIES_AT + i * ENTRY_SIZE, ENTRY_SIZE),
			base);
}

/* Places count from the first extended partition; all in it are logical. */
static void follow(struct walk *w, uint64_t base)
{
	meet(w, base);
	while (!g_queue_is_empty(&w->next) &&
	       g_hash_table_size(w->seen) <= LIMIT_PARTITIONS) {
		const uint64_t *sector = g_queue_pop_head(&w->next);

		look_at_table(w, *sector, base);
	}
}

bool table_mbr_is_long(struct source *s, unsigned sector)
{
	struct walk w = { .s = s,
		          .sector = sector,
		          .next = G_QUEUE_INIT,
		          .seen = g_hash_table_new_full(
				  g_int64_hash, g_int64_equal, g_free, NULL) };
	uint64_t bases[4];
	size_t n = 0;
	bool is_long;

	look_at_table(&w, 0, 0);
	while (!g_queue_is_empty(&w.next))
		bases[n++] = *(uint64_t *)g_queue_pop_head(&w.next);
	g_hash_table_remove_all(w.seen);
	for (size_t i = 0; i < n; i++)
		follow(&w, bases[i]);
	is_long = g_hash_table_size(w.seen) > LIMIT_PARTITIONS;
	g_queue_clear(&w.next);
	g_hash_table_destroy(w.seen);
	return is_long;
}

/* "PM", and the number of entries, big-endian, or both turned round. */
bool table_apple_is_long(struct source *s, unsigned sector)
{
	uint8_t buf[8];
	struct cursor c = cursor_open((struct bytes){ buf, sizeof(buf), 0 });
	struct error ignored;

	if (source_read(s, sector, buf, sizeof(buf), &ignored))
		return false;
	cursor_skip(&c, 4);
	if (!memcmp(buf, "PM", 2))
		return cursor_be32(&c) > LIMIT_PARTITIONS;
	return !memcmp(buf, "MP", 2) && cursor_le32(&c) > LIMIT_PARTITIONS;
}
