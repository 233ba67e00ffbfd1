/* SPDX-License-Identifier: MIT */
/*
 * main.c - search for small circuits of the S-boxes of DES, and print them
 *
 *	sbox two|three TRIES EFFORT SEED...
 *
 * Two: gates of two inputs, three: any function of three.  One seed is for
 * every S-box, eight are for one each.  The same arguments give the same
 * circuits: the C source that recovery/des_sbox_two.h and des_sbox_three.h
 * hold, and of which tests/recovery/test_des_sbox.c proves every entry.
 */
#include "tests/generator/sbox/circuit.h"
#include "tests/recovery/vectors_des.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of the printed source: a gate at most. */
#define WORD 64

static uint64_t random_state = 1;

unsigned pick(unsigned n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned)(random_state >> 33) % n;
}

/* The truth table of output bit o, 0 the highest. */
static uint64_t target_of(int box, int o)
{
	uint64_t t = 0;

	for (unsigned x = 0; x < 64; x++) {
		unsigned row = (x >> 5) * 2 + (x & 1), col = x >> 1 & 15;

		t |= (uint64_t)(des_sbox[box][row][col] >> (3 - o) & 1) << x;
	}
	return t;
}

static void start(struct circuit *c)
{
	memset(c, 0, sizeof(*c));
	c->n = INPUTS;
	for (unsigned x = 0; x < 64; x++)
		for (int i = 0; i < INPUTS; i++)
			c->value[i] |= (uint64_t)(x >> (5 - i) & 1) << x;
}

/* One try, the outputs in a random order, in at most `limit` nodes. */
static bool attempt(const struct search *s, struct circuit *c, int box,
                    int limit)
{
	int order[OUTPUTS] = { 0, 1, 2, 3 };

	start(c);
	for (int i = OUTPUTS - 1; i > 0; i--) {
		int j = (int)pick((unsigned)i + 1), t = order[i];

		order[i] = order[j];
		order[j] = t;
	}
	for (int i = 0; i < OUTPUTS; i++) {
		int o = order[i];

		c->out[o] = circuit_build(s, c, target_of(box, o), ~UINT64_C(0),
		                          0, limit);
		if (c->out[o] < 0)
			return false;
	}
	return true;
}

static const char *name(int node, char buf[8])
{
	snprintf(buf, 8, node < INPUTS ? "a%d" : "x%d",
	         node < INPUTS ? node + 1 : node);
	return buf;
}

/* Into a word of WORD bytes. */
static void gate_text(char *to, const struct circuit *c, int i)
{
	static const char *const sign[] = {
		[GATE_AND] = " & ",
		[GATE_OR] = " | ",
		[GATE_XOR] = " ^ ",
		[GATE_ANDN] = " & ~",
	};
	const struct gate *g = &c->gate[i];
	char n[4][8];

	name(i, n[0]);
	name(g->a, n[1]);
	name(g->b, n[2]);
	name(g->c, n[3]);
	if (g->op == GATE_LUT)
		snprintf(to, WORD, "%s = LUT(%s, %s, %s, 0x%02x);", n[0], n[1],
		         n[2], n[3], g->lut);
	else if (g->op == GATE_NOT)
		snprintf(to, WORD, "%s = ~%s;", n[0], n[1]);
	else
		snprintf(to, WORD, "%s = %s%s%s;", n[0], n[1], sign[g->op],
		         n[2]);
}

static void print_word(int *column, const char *word)
{
	int n = (int)strlen(word);

	if (*column + n > 72) {
		printf("\n\t");
		*column = 0;
	}
	printf("%s%s", *column ? " " : "", word);
	*column += n + 1;
}

static void print(const struct circuit *c, int box, uint64_t seed, int at)
{
	bool used[NODES];
	char word[WORD];
	int column = 0, gates = 0;

	circuit_used(c, used);
	for (int i = INPUTS; i < c->n; i++)
		gates += used[i];
	printf("\n/* %d gates: try %d, effort %d, seed %llu */\n", gates, at,
	       circuit_effort, (unsigned long long)seed);
	printf("SBOX(s%d)\n{\n\tslice", box + 1);
	column = 6;
	for (int i = INPUTS; i < c->n; i++) {
		if (!used[i])
			continue;
		snprintf(word, sizeof(word), --gates ? "x%d," : "x%d;", i);
		print_word(&column, word);
	}
	printf("\n\n\t");
	column = 0;
	for (int i = INPUTS; i < c->n; i++) {
		if (!used[i])
			continue;
		gate_text(word, c, i);
		print_word(&column, word);
	}
	printf("\n");
	for (int o = 0; o < OUTPUTS; o++)
		printf("\t*o%d ^= %s;\n", o + 1, name(c->out[o], word));
	printf("}\n");
	fflush(stdout);
}

static int solve(const struct search *s, int box, int tries, uint64_t seed)
{
	struct circuit best = { 0 }, c;
	int limit = NODES - 8, at = 0;

	random_state = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15);
	for (int i = 0; i < tries || !best.n; i++) {
		if (!attempt(s, &c, box, limit))
			continue;
		best = c;
		at = i;
		limit = c.n - 1;
		fprintf(stderr, "S%d: %d gates\n", box + 1, c.n - INPUTS);
	}
	print(&best, box, seed, at + 1);
	return best.n - INPUTS;
}

int main(int argc, char **argv)
{
	bool two = argc > 1 && !strcmp(argv[1], "two");
	int total = 0;

	if (argc != 5 && argc != 12) {
		fputs("usage: sbox two|three TRIES EFFORT SEED...\n", stderr);
		return 2;
	}
	circuit_effort = atoi(argv[3]);
	for (int box = 0; box < 8; box++)
		total += solve(
			two ? &search_two : &search_three, box, atoi(argv[2]),
			strtoull(argv[argc > 5 ? 4 + box : 4], NULL, 10));
	fprintf(stderr, "%d gates\n", total);
	return 0;
}
