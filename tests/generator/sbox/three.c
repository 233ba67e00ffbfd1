/* SPDX-License-Identifier: MIT */
/*
 * three.c - gates of any function of three inputs, as AVX-512 has them
 */
#include "tests/generator/sbox/circuit.h"

static int join(struct circuit *c, int i, int j, int k, unsigned lut)
{
	struct gate g = { GATE_LUT, i, j, k, lut };

	return circuit_add(c, g, gate_value(c, &g));
}

/*
 * What a function of n nodes must give: bit x of `one` where some input of
 * the mask has the nodes at x and wants 1; `zero` likewise.
 */
struct wanted {
	uint32_t one, zero;
};

static bool wanted_of(struct wanted *w, const uint64_t *v, int n, uint64_t t,
                      uint64_t m)
{
	uint64_t cell[32] = { m };

	for (int i = 0; i < n; i++)
		for (int x = (1 << i) - 1; x >= 0; x--) {
			uint64_t whole = cell[x];

			cell[2 * x + 1] = whole & v[i];
			cell[2 * x] = whole & ~v[i];
		}
	*w = (struct wanted){ 0 };
	for (int x = 0; x < 1 << n; x++) {
		if ((cell[x] & t) && (cell[x] & ~t))
			return false;
		w->one |= (uint32_t) !!(cell[x] & t) << x;
		w->zero |= (uint32_t) !!(cell[x] & ~t) << x;
	}
	return true;
}

static int reach_one(struct circuit *c, uint64_t t, uint64_t m)
{
	int n = c->n, from = (int)pick((unsigned)n);

	for (int a = 0; a < n; a++)
		for (int b = 0; b < a; b++)
			for (int d = 0; d < b; d++) {
				int i = (from + a) % n, j = (from + b) % n;
				int k = (from + d) % n;
				uint64_t v[3] = { c->value[i], c->value[j],
					          c->value[k] };
				struct wanted w;

				if (wanted_of(&w, v, 3, t, m))
					return join(c, i, j, k, w.one);
			}
	return -1;
}

/* Five nodes: three go into an inner gate, which with two makes the last. */
static const int inner[10][5] = {
	{ 0, 1, 2, 3, 4 }, { 0, 1, 3, 2, 4 }, { 0, 1, 4, 2, 3 },
	{ 0, 2, 3, 1, 4 }, { 0, 2, 4, 1, 3 }, { 0, 3, 4, 1, 2 },
	{ 1, 2, 3, 0, 4 }, { 1, 2, 4, 0, 3 }, { 1, 3, 4, 0, 2 },
	{ 2, 3, 4, 0, 1 },
};

/* What is wanted, by the values of the two outer nodes and the three inner. */
static void arrange(uint8_t to[4], uint32_t cells, const int *order)
{
	for (int x = 0; x < 32; x++) {
		int p[5];

		if (!(cells >> x & 1))
			continue;
		for (int i = 0; i < 5; i++)
			p[i] = x >> (4 - order[i]) & 1;
		to[2 * p[3] + p[4]] |=
			(uint8_t)(1 << (4 * p[0] + 2 * p[1] + p[2]));
	}
}

/* The inner function that tells ones from zeros, or -1. */
static int inner_function(const uint8_t one[4], const uint8_t zero[4])
{
	unsigned from = pick(256);

	for (unsigned i = 0; i < 256; i++) {
		unsigned f = (from + i) % 256;
		bool good = true;

		for (int o = 0; o < 4 && good; o++)
			good = !((one[o] & f) && (zero[o] & f)) &&
			       !((one[o] & ~f) && (zero[o] & ~f));
		if (good)
			return (int)f;
	}
	return -1;
}

static int join_five(struct circuit *c, const int node[5], struct wanted w)
{
	for (int i = 0; i < 10; i++) {
		const int *p = inner[i];
		uint8_t one[4] = { 0 }, zero[4] = { 0 };
		unsigned outer = 0;
		int f, g;

		arrange(one, w.one, p);
		arrange(zero, w.zero, p);
		f = inner_function(one, zero);
		if (f < 0)
			continue;
		for (int o = 0; o < 4; o++) {
			outer |= (unsigned)!!(one[o] & f) << (4 + o);
			outer |= (unsigned)!!(one[o] & ~f) << o;
		}
		g = join(c, node[p[0]], node[p[1]], node[p[2]], (unsigned)f);
		return join(c, g, node[p[3]], node[p[4]], outer);
	}
	return -1;
}

/* The next set of five, in order; false after the last. */
static bool next_five(int at[5], int n)
{
	int i = 4;

	while (i >= 0 && at[i] == n - 5 + i)
		i--;
	if (i < 0)
		return false;
	at[i]++;
	for (i++; i < 5; i++)
		at[i] = at[i - 1] + 1;
	return true;
}

static int reach_two(struct circuit *c, uint64_t t, uint64_t m)
{
	int at[5] = { 0, 1, 2, 3, 4 }, n = c->n, from = (int)pick((unsigned)n);
	int got = -1;

	do {
		int node[5];
		uint64_t v[5];
		struct wanted w;

		for (int i = 0; i < 5; i++) {
			node[i] = (from + at[i]) % n;
			v[i] = c->value[node[i]];
		}
		if (wanted_of(&w, v, 5, t, m))
			got = join_five(c, node, w);
	} while (got < 0 && next_five(at, n));
	return got;
}

static int reach(struct circuit *c, uint64_t t, uint64_t m, int most)
{
	if (most == 0)
		return circuit_find(c, t, m);
	return most == 1 ? reach_one(c, t, m) : reach_two(c, t, m);
}

/* bit ? g : f, in either order of finding. */
static int split(const struct search *s, struct circuit *c, uint64_t target,
                 uint64_t mask, unsigned used, int bit, int way, int limit)
{
	uint64_t x = c->value[bit], half = way ? mask & x : mask & ~x;
	int f = circuit_build(s, c, target, half, used, limit - 1), g;

	if (f < 0)
		return -1;
	g = circuit_build(s, c, target, mask & ~half, used, limit - 1);
	if (g < 0)
		return -1;
	return way ? join(c, bit, f, g, 0xca) : join(c, bit, g, f, 0xca);
}

const struct search search_three = {
	.reach = reach,
	.split = split,
	.ways = 2,
	.deep = 2,
	.shallow = 2,
};
