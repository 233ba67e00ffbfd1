/* SPDX-License-Identifier: MIT */
/*
 * case_heap.h - the case's database, from the C library's own heap
 *
 * SQLite allocates more than all that is under test, and what it keeps is the
 * program's own.  Past the address sanitizer a run takes half the time.  What
 * SQLite still holds after a run is counted instead.
 */
#ifndef TESTS_FUZZ_CASE_HEAP_H
#define TESTS_FUZZ_CASE_HEAP_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#define CASE_HEAP_HEAD 16 /* before an allocation: its size, and alignment */

void *__libc_realloc(void *, size_t);
void __libc_free(void *);

static void *case_heap_grow(void *p, int size)
{
	char *old = p ? (char *)p - CASE_HEAP_HEAD : NULL;
	char *head = __libc_realloc(old, (size_t)size + CASE_HEAP_HEAD);

	if (!head)
		return NULL;
	*(int *)(void *)head = size;
	return head + CASE_HEAP_HEAD;
}

static void *case_heap_new(int size)
{
	return case_heap_grow(NULL, size);
}

static void case_heap_free(void *p)
{
	if (p)
		__libc_free((char *)p - CASE_HEAP_HEAD);
}

static int case_heap_size(void *p)
{
	return p ? *(int *)(void *)((char *)p - CASE_HEAP_HEAD) : 0;
}

static int case_heap_round(int size)
{
	return (size + 7) & ~7;
}

static int case_heap_start(void *unused)
{
	(void)unused;
	return SQLITE_OK;
}

static void case_heap_stop(void *unused)
{
	(void)unused;
}

/* Before the first use of SQLite. */
static inline void case_heap_use(void)
{
	static const sqlite3_mem_methods heap = {
		.xMalloc = case_heap_new,
		.xFree = case_heap_free,
		.xRealloc = case_heap_grow,
		.xSize = case_heap_size,
		.xRoundup = case_heap_round,
		.xInit = case_heap_start,
		.xShutdown = case_heap_stop,
	};

	if (sqlite3_config(SQLITE_CONFIG_MALLOC, &heap))
		abort();
}

/* A statement or a database that was not let go of. */
static inline bool case_heap_leaks(void)
{
	return sqlite3_memory_used() > 0;
}

#endif
