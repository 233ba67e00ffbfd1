/* SPDX-License-Identifier: MIT */
/*
 * two.c - gates of two inputs: AND, OR, XOR, AND-NOT and NOT
 */
#include "tests/generator/sbox/circuit.h"

static int join(struct circuit *c, enum gate_op op, int a, int b)
{
	struct gate g = { .op = op, .a = a, .b = b };

	return circuit_add(c, g, gate_value(c, &g));
}

static int negate(struct circuit *c, int a)
{
	return join(c, GATE_NOT, a, a);
}

/* One gate over two nodes that are there. */
static int reach_pair(struct circuit *c, int i, uint64_t t, uint64_t m)
{
	uint64_t x = c->value[i];

	for (int j = 0; j < i; j++) {
		uint64_t y = c->value[j];

		if (!(((x & y) ^ t) & m))
			return join(c, GATE_AND, i, j);
		if (!(((x | y) ^ t) & m))
			return join(c, GATE_OR, i, j);
		if (!((x ^ y ^ t) & m))
			return join(c, GATE_XOR, i, j);
		if (!(((x & ~y) ^ t) & m))
			return join(c, GATE_ANDN, i, j);
		if (!(((y & ~x) ^ t) & m))
			return join(c, GATE_ANDN, j, i);
	}
	return -1;
}

static int reach_one(struct circuit *c, uint64_t t, uint64_t m)
{
	int from = (int)pick((unsigned)c->n), node = -1;

	for (int i = 0; i < c->n && node < 0; i++)
		node = reach_pair(c, (from + i) % c->n, t, m);
	if (node < 0) {
		node = circuit_find(c, ~t, m);
		if (node >= 0)
			node = negate(c, node);
	}
	return node;
}

static int reach(struct circuit *c, uint64_t t, uint64_t m, int most);

/* The last gate takes node k, and what must be found for its other side. */
static int reach_with(struct circuit *c, int k, uint64_t t, uint64_t m,
                      int most)
{
	uint64_t x = c->value[k];
	int z;

	if (!(t & ~x & m)) {
		z = reach(c, t, m & x, most - 1);
		if (z >= 0)
			return join(c, GATE_AND, k, z);
		z = reach(c, ~t, m & x, most - 1);
		if (z >= 0)
			return join(c, GATE_ANDN, k, z);
	}
	if (!(x & ~t & m)) {
		z = reach(c, t, m & ~x, most - 1);
		if (z >= 0)
			return join(c, GATE_OR, k, z);
	}
	if (!(t & x & m)) {
		z = reach(c, t, m & ~x, most - 1);
		if (z >= 0)
			return join(c, GATE_ANDN, z, k);
	}
	z = reach(c, t ^ x, m, most - 1);
	return z < 0 ? z : join(c, GATE_XOR, k, z);
}

static int reach(struct circuit *c, uint64_t t, uint64_t m, int most)
{
	int n = c->n, from, node = -1;

	if (most == 0)
		return circuit_find(c, t, m);
	if (most == 1)
		return reach_one(c, t, m);
	from = (int)pick((unsigned)n);
	for (int i = 0; i < n && node < 0; i++)
		node = reach_with(c, (from + i) % n, t, m, most);
	if (node < 0) {
		node = reach(c, ~t, m, most - 1);
		if (node >= 0)
			node = negate(c, node);
	}
	return node;
}

/*
 * Ways 0 and 1: f ^ (bit & g), f ^ (g & ~bit), where f is right for one half
 * and g corrects the other.  Way 2: f ^ (bit | g), where f is wrong for all of
 * the half of bit.
 */
static int split(const struct search *s, struct circuit *c, uint64_t target,
                 uint64_t mask, unsigned used, int bit, int way, int limit)
{
	static const enum gate_op op[] = { GATE_AND, GATE_ANDN, GATE_OR };
	uint64_t x = c->value[bit], half = way ? mask & x : mask & ~x;
	int f, g;

	f = circuit_build(s, c, way == 2 ? ~target : target, half, used,
	                  limit - 2);
	if (f < 0)
		return -1;
	g = circuit_build(s, c, target ^ c->value[f], mask & ~half, used,
	                  limit - 2);
	if (g < 0)
		return -1;
	return join(c, GATE_XOR, f, join(c, op[way], g, bit));
}

const struct search search_two = {
	.reach = reach,
	.split = split,
	.ways = 3,
	.deep = 3,
	.shallow = 2,
};
