/* SPDX-License-Identifier: MIT */
/*
 * circuit.c - split a target on an input until its parts are within reach
 *
 * The method is that of M. Kwan, "Reducing the Gate Count of Bitslice DES"
 * (2000): what exists is used again, and a half that is free to be anything
 * outside of its mask is found sooner.  Choices are random, the best is kept.
 */
#include "tests/generator/sbox/circuit.h"

#include <assert.h>
#include <string.h>

int circuit_add(struct circuit *c, struct gate g, uint64_t value)
{
	assert(c->n < NODES);
	c->gate[c->n] = g;
	c->value[c->n] = value;
	return c->n++;
}

static uint64_t lut_value(const struct circuit *c, const struct gate *g)
{
	uint64_t value = 0;

	for (unsigned x = 0; x < 8; x++)
		if (g->lut >> x & 1)
			value |= (x & 4 ? c->value[g->a] : ~c->value[g->a]) &
			         (x & 2 ? c->value[g->b] : ~c->value[g->b]) &
			         (x & 1 ? c->value[g->c] : ~c->value[g->c]);
	return value;
}

uint64_t gate_value(const struct circuit *c, const struct gate *g)
{
	uint64_t a = c->value[g->a], b = c->value[g->b];

	switch (g->op) {
	case GATE_AND:
		return a & b;
	case GATE_OR:
		return a | b;
	case GATE_XOR:
		return a ^ b;
	case GATE_ANDN:
		return a & ~b;
	case GATE_NOT:
		return ~a;
	case GATE_LUT:
		return lut_value(c, g);
	}
	return 0;
}

int circuit_find(const struct circuit *c, uint64_t target, uint64_t mask)
{
	for (int i = 0; i < c->n; i++)
		if (!((c->value[i] ^ target) & mask))
			return i;
	return -1;
}

int circuit_effort = 1;

/* How many splits are tried, by how many were made above. */
static int tries(unsigned used)
{
	static const int by_depth[INPUTS] = { 0, 4, 6, 6, 6, 6 };
	int n = by_depth[__builtin_popcount(used)];

	return n ? n * circuit_effort : 1;
}

static int split_best(const struct search *s, struct circuit *c,
                      uint64_t target, uint64_t mask, unsigned used, int limit)
{
	struct circuit best;
	int node = -1;

	for (int i = 0; i < tries(used); i++) {
		struct circuit trial = *c;
		int bit = (int)pick(INPUTS);
		int way = (int)pick((unsigned)s->ways), got;

		if (used >> bit & 1)
			continue;
		got = s->split(s, &trial, target, mask, used | 1u << bit, bit,
		               way, limit);
		if (got < 0 || trial.n > limit)
			continue;
		best = trial;
		node = got;
		limit = trial.n - 1;
	}
	if (node >= 0)
		*c = best;
	return node;
}

int circuit_build(const struct search *s, struct circuit *c, uint64_t target,
                  uint64_t mask, unsigned used, int limit)
{
	int most = __builtin_popcountll(mask) > 16 ? s->shallow : s->deep;

	for (int d = 0; d <= most; d++) {
		int node;

		if (c->n + d > limit)
			return -1;
		node = s->reach(c, target, mask, d);
		if (node >= 0)
			return node;
	}
	if (used == (1u << INPUTS) - 1)
		return -1;
	return split_best(s, c, target, mask, used, limit);
}

void circuit_used(const struct circuit *c, bool used[NODES])
{
	memset(used, 0, NODES);
	for (int o = 0; o < OUTPUTS; o++)
		used[c->out[o]] = true;
	for (int i = c->n - 1; i >= INPUTS; i--) {
		const struct gate *g = &c->gate[i];

		if (!used[i])
			continue;
		used[g->a] = used[g->b] = true;
		if (g->op == GATE_LUT)
			used[g->c] = true;
	}
}
