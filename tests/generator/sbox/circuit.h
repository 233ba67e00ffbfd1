/* SPDX-License-Identifier: MIT */
/*
 * circuit.h - logic circuits over six inputs, as they grow in a search
 *
 * The value of a node is its truth table: bit x is what it gives for input x.
 * Nodes 0 to 5 are the inputs a1 (the highest bit of x) to a6.  A mask says
 * for which x a value matters.
 */
#ifndef GENERATOR_SBOX_CIRCUIT_H
#define GENERATOR_SBOX_CIRCUIT_H

#include <stdbool.h>
#include <stdint.h>

#define INPUTS  6
#define OUTPUTS 4
#define NODES   128

enum gate_op { GATE_AND, GATE_OR, GATE_XOR, GATE_ANDN, GATE_NOT, GATE_LUT };

/* ANDN is a & ~b; LUT is bit (4a + 2b + c) of lut. */
struct gate {
	enum gate_op op;
	int a, b, c;
	unsigned lut;
};

struct circuit {
	uint64_t value[NODES];
	struct gate gate[NODES];
	int n; /* nodes, the inputs among them */
	int out[OUTPUTS];
};

/* How a target is reached: the node, or -1 and the circuit as it was. */
struct search {
	/* With at most `most` new gates; which is small. */
	int (*reach)(struct circuit *c, uint64_t target, uint64_t mask,
	             int most);
	/* One way to put two halves together, of `ways`; `bit` is an input. */
	int (*split)(const struct search *s, struct circuit *c, uint64_t target,
	             uint64_t mask, unsigned used, int bit, int way, int limit);
	int ways;
	int deep, shallow; /* `most` for small masks, and for large ones */
};
extern const struct search search_two;   /* AND, OR, XOR, ANDN, NOT */
extern const struct search search_three; /* any function of three inputs */

/* Reach it within `limit` nodes; `used` are the inputs split on so far. */
int circuit_build(const struct search *s, struct circuit *c, uint64_t target,
                  uint64_t mask, unsigned used, int limit);
int circuit_add(struct circuit *c, struct gate g, uint64_t value);
uint64_t gate_value(const struct circuit *c, const struct gate *g);
/* What the outputs need. */
void circuit_used(const struct circuit *c, bool used[NODES]);
/* How many splits are tried below the first, as a multiple of few. */
extern int circuit_effort;
/* A node that has this value already, or -1. */
int circuit_find(const struct circuit *c, uint64_t target, uint64_t mask);
unsigned pick(unsigned n); /* below n, by a generator with a seed */

#endif
