/* SPDX-License-Identifier: MIT */
/*
 * spot.c - what of the evidence is being read right now
 */
#include "analyzer/spot.h"
#include "analyzer/watch.h"
#include "parsers/wrap.h"
#include "recovery/alive.h"

#include <assert.h>
#include <glib.h>
#include <inttypes.h>

static _Thread_local struct spots here;
static const struct spots *first; /* that of the first thread */

/* Set while there is one thread. */
static struct {
	const struct spot *list;
	size_t n;
} avoided;

bool spot_is(const struct spot *a, const struct spot *b)
{
	return a->kind == b->kind && a->of == b->of && a->at == b->at;
}

/* What is known of it, or NULL. */
static const struct spot *find_avoided(const struct spot *spot)
{
	for (size_t i = 0; i < avoided.n; i++)
		if (spot_is(spot, &avoided.list[i]))
			return &avoided.list[i];
	return NULL;
}

static bool is_block(enum spot_kind kind)
{
	return kind == SPOT_BLOCK || kind == SPOT_BLOCKS;
}

/* A block of a container is the same for whatever lies in it. */
static uint32_t holder_of(enum spot_kind kind)
{
	return here.n ? here.s[is_block(kind) ? 0 : here.n - 1].of : 0;
}

/* A hash. */
WRAPS static uint32_t mix(uint32_t of, const char *name)
{
	return of * 31 + g_str_hash(name);
}

static struct spot make(enum spot_kind kind, const char *name, uint64_t at)
{
	struct spot spot = { .kind = kind, .of = holder_of(kind), .at = at };

	if (name)
		spot.of = mix(spot.of, name);
	return spot;
}

static void push(const struct spot *spot, const char *name)
{
	assert(here.n < SPOTS_DEEP);
	if (spot->kind == SPOT_EVIDENCE)
		here.evidence = name;
	here.s[here.n++] = *spot;
	watch_thread();
	/* What has blocks enters one with each read. */
	if (is_block(spot->kind))
		return;
	watch_forget();
	alive();
}

enum status spot_enter(enum spot_kind kind, const char *name, uint64_t at,
                       struct error *err)
{
	const struct spot spot = make(kind, name, at);
	const struct spot *avoid = find_avoided(&spot);

	if (avoid)
		return fail(err, E_CRASHED, 0,
		            avoid->still ? "reading this did not come to an "
		                           "end, so it was passed over"
		                         : "reading this crashed the program, "
		                           "so it was passed over");
	push(&spot, name);
	return OK;
}

void spot_push(enum spot_kind kind, const char *name, uint64_t at)
{
	const struct spot spot = make(kind, name, at);

	push(&spot, name);
}

void spot_leave(void)
{
	assert(here.n);
	if (!is_block(here.s[--here.n].kind))
		alive();
}

void spots_save(struct spots *to)
{
	*to = here;
}

void spots_restore(const struct spots *from)
{
	here = *from;
	watch_thread();
	watch_forget();
	alive();
}

bool spots_any(void)
{
	return here.n != 0;
}

const struct spots *spots_here(void)
{
	return here.n || !first ? &here : first;
}

void spots_avoid(const struct spot *list, size_t n)
{
	first = &here;
	avoided.list = list;
	avoided.n = n;
}

bool spots_careful(void)
{
	return avoided.n != 0;
}

char *spot_text(const struct spot *spot)
{
	static const struct {
		const char *name, *format;
	} texts[] = {
		[SPOT_EVIDENCE] = { "all of it", NULL },
		[SPOT_CONTENT] = { "what is in it", NULL },
		[SPOT_TABLE] = { "its partition table", NULL },
		[SPOT_VOLUME] = { "a volume", NULL },
		[SPOT_SHADOWS] = { "a volume's shadow copies", NULL },
		[SPOT_RECORDS] = { "records from number", "" },
		[SPOT_OBJECT] = { "record", "" },
		[SPOT_KEY_FILE] = { "key material", NULL },
		[SPOT_BLOCKS] = { "blocks from byte", "" },
		[SPOT_BLOCK] = { "the block at byte", "" },
	};

	if ((size_t)spot->kind >= G_N_ELEMENTS(texts))
		return g_strdup("something");
	if (!texts[spot->kind].format)
		return g_strdup(texts[spot->kind].name);
	return g_strdup_printf("%s %" PRIu64, texts[spot->kind].name, spot->at);
}
