/* SPDX-License-Identifier: MIT */
/*
 * secret.c - locked, undumpable, wiped memory
 */
#define _DEFAULT_SOURCE /* explicit_bzero, MADV_DONTDUMP */

#include "recovery/secret.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * Pages that were given back, all zeros: most secrets fit into one, and to map,
 * lock and unmap it costs more than many a use of it.
 */
#define SPARE_MOST 64u

static struct {
	GMutex lock;
	unsigned n;
	void *pages[SPARE_MOST];
	GHashTable *mapped; /* all there are: their sizes in pages */
} spare;

static size_t page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static size_t pages(size_t n)
{
	size_t page = page_size();

	return (n + page - 1) / page * page;
}

static void *take_spare(size_t n)
{
	void *p = NULL;

	if (n > page_size())
		return NULL;
	g_mutex_lock(&spare.lock);
	if (spare.n)
		p = spare.pages[--spare.n];
	g_mutex_unlock(&spare.lock);
	return p;
}

static bool give_spare(void *p, size_t n)
{
	bool room;

	if (n > page_size())
		return false;
	g_mutex_lock(&spare.lock);
	room = spare.n < SPARE_MOST;
	if (room)
		spare.pages[spare.n++] = p;
	g_mutex_unlock(&spare.lock);
	return room;
}

static void *map_pages(size_t n)
{
	void *p = mmap(NULL, pages(n), PROT_READ | PROT_WRITE,
	               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	/* Both are best effort: an unlocked key still recovers the file. */
	(void)mlock(p, pages(n));
	(void)madvise(p, pages(n), MADV_DONTDUMP);
	g_mutex_lock(&spare.lock);
	if (!spare.mapped)
		spare.mapped = g_hash_table_new(NULL, NULL);
	g_hash_table_insert(spare.mapped, p,
	                    GSIZE_TO_POINTER(pages(n) / page_size()));
	g_mutex_unlock(&spare.lock);
	return p;
}

static void unmap_pages(void *p, size_t n)
{
	g_mutex_lock(&spare.lock);
	g_hash_table_remove(spare.mapped, p);
	g_mutex_unlock(&spare.lock);
	(void)munmap(p, pages(n));
}

void secret_lock_again(void)
{
	GHashTableIter it;
	gpointer p, n;

	if (!spare.mapped)
		return;
	g_hash_table_iter_init(&it, spare.mapped);
	while (g_hash_table_iter_next(&it, &p, &n))
		(void)mlock(p, GPOINTER_TO_SIZE(n) * page_size());
}

enum status secret_alloc(struct secret *s, size_t n, struct error *err)
{
	void *p;

	*s = (struct secret){ 0 };
	if (!n || n > SIZE_MAX / 2)
		return fail(err, E_LIMIT, 0, "size of a secret");
	p = take_spare(n);
	if (!p)
		p = map_pages(n);
	if (!p)
		return fail(err, E_NOMEM, 0, "memory for a secret");
	*s = (struct secret){ .p = p, .n = n };
	return OK;
}

/* Whole pages are its own, so that unlocking them unlocks no other secret. */
void secret_release(struct secret *s)
{
	if (!s->p)
		return;
	explicit_bzero(s->p, s->n);
	if (!give_spare(s->p, s->n))
		unmap_pages(s->p, s->n);
	*s = (struct secret){ 0 };
}

void secret_move(struct secret *to, struct secret *from)
{
	if (to == from)
		return;
	secret_release(to);
	*to = *from;
	*from = (struct secret){ 0 };
}

struct bytes secret_view(const struct secret *s)
{
	return (struct bytes){ .p = s->p, .n = s->n };
}
