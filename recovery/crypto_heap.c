/* SPDX-License-Identifier: MIT */
/*
 * crypto_heap.c - what OpenSSL works with is secret memory
 *
 * It holds the numbers of private keys, key schedules, the hashes of passwords
 * on their way, and it wipes some of that.  So all that it asks for comes out
 * of locked pages that no core file holds, and is wiped when it is given back.
 * It asks for little at a time, again and again: rooms of a few sizes, each
 * size with a list of those that are free.
 */
#define _DEFAULT_SOURCE /* explicit_bzero */

#include "recovery/crypto_internal.h"

#include <assert.h>
#include <errno.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

/* Rooms of 32, 48, 64, 96 ... bytes; what is larger has pages of its own. */
#define SMALLEST 32u
#define KINDS    22u
#define CHUNK    ((size_t)64 * 1024)

/* In front of each room: as long as what any object may be aligned to. */
struct head {
	size_t n;    /* bytes that were asked for */
	size_t kind; /* KINDS: pages of its own */
};

/* In a room that is free. */
struct gap {
	struct gap *next;
};

static struct {
	GMutex lock;
	struct gap *gaps[KINDS];
	uint8_t *left; /* of the last chunk */
	size_t n;
} heap;

static size_t room_of(size_t kind)
{
	size_t room = (size_t)SMALLEST << kind / 2;

	return kind % 2 ? room + room / 2 : room;
}

static size_t kind_of(size_t n)
{
	size_t kind = 0;

	while (kind < KINDS && room_of(kind) - sizeof(struct head) < n)
		kind++;
	return kind;
}

/* OpenSSL survives few failures of an allocation; so this is the end, as it is
   where GLib has no memory. */
G_NORETURN static void no_memory(void)
{
	errno = ENOMEM;
	abort();
}

static uint8_t *pages_of(size_t n)
{
	struct secret pages;
	struct error err;

	if (secret_alloc(&pages, n, &err))
		no_memory();
	return pages.p;
}

/* With the lock. The end of a chunk that is too short stays unused. */
static void *carve(size_t room)
{
	void *p;

	if (heap.n < room) {
		heap.left = pages_of(CHUNK);
		heap.n = CHUNK;
	}
	p = heap.left;
	heap.left += room;
	heap.n -= room;
	return p;
}

static void *take(size_t kind)
{
	void *p;

	g_mutex_lock(&heap.lock);
	p = heap.gaps[kind];
	if (p)
		heap.gaps[kind] = heap.gaps[kind]->next;
	else
		p = carve(room_of(kind));
	g_mutex_unlock(&heap.lock);
	return p;
}

static void give(struct head *head)
{
	size_t kind = head->kind;
	struct gap *gap = (void *)head;

	explicit_bzero(head, sizeof(*head) + head->n);
	g_mutex_lock(&heap.lock);
	gap->next = heap.gaps[kind];
	heap.gaps[kind] = gap;
	g_mutex_unlock(&heap.lock);
}

static void *heap_alloc(size_t n, const char *file, int line)
{
	size_t kind = kind_of(n);
	struct head *head;

	(void)file;
	(void)line;
	if (!n)
		return NULL;
	if (n > SIZE_MAX / 4)
		no_memory();
	head = kind < KINDS ? take(kind) : (void *)pages_of(sizeof(*head) + n);
	*head = (struct head){ .n = n, .kind = kind };
	return head + 1;
}

static void heap_free(void *p, const char *file, int line)
{
	struct head *head = p;
	struct secret pages;

	(void)file;
	(void)line;
	if (!p)
		return;
	head--;
	assert(head->kind <= KINDS);
	if (head->kind < KINDS) {
		give(head);
		return;
	}
	pages = (struct secret){ (uint8_t *)head, sizeof(*head) + head->n };
	secret_release(&pages);
}

static void *heap_realloc(void *p, size_t n, const char *file, int line)
{
	const struct head *head = p;
	void *more = heap_alloc(n, file, line);

	if (p && more)
		memcpy(more, p, MIN(head[-1].n, n));
	heap_free(p, file, line);
	return more;
}

static void *use_once(void *sanitized)
{
	/* What OpenSSL leaks or writes past its end, a sanitizer is to see. */
	if (sanitized)
		return &heap;
	/* It refuses once it has taken memory of another kind. */
	return CRYPTO_set_mem_functions(heap_alloc, heap_realloc, heap_free)
	               ? &heap
	               : NULL;
}

bool crypto_heap_use(void)
{
	static GOnce once = G_ONCE_INIT;

#ifdef SANITIZED
	return g_once(&once, use_once, &heap);
#else
	return g_once(&once, use_once, NULL);
#endif
}
