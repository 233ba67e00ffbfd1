/* SPDX-License-Identifier: MIT */
/*
 * secret.c - locked, undumpable, wiped memory
 */
#define _DEFAULT_SOURCE /* explicit_bzero, MADV_DONTDUMP */

#include "recovery/secret.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static size_t pages(size_t n)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (n + page - 1) / page * page;
}

enum status secret_alloc(struct secret *s, size_t n, struct error *err)
{
	void *p;

	*s = (struct secret){ 0 };
	if (!n || n > SIZE_MAX / 2)
		return fail(err, E_LIMIT, 0, "size of a secret");
	p = mmap(NULL, pages(n), PROT_READ | PROT_WRITE,
	         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return fail(err, E_NOMEM, 0, "memory for a secret");

	/* Both are best effort: an unlocked key still recovers the file. */
	(void)mlock(p, pages(n));
	(void)madvise(p, pages(n), MADV_DONTDUMP);

	*s = (struct secret){ .p = p, .n = n };
	return OK;
}

/* Whole pages are its own, so that unlocking them unlocks no other secret. */
void secret_release(struct secret *s)
{
	if (!s->p)
		return;
	explicit_bzero(s->p, s->n);
	(void)munmap(s->p, pages(s->n));
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
