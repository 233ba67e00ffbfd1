/* SPDX-License-Identifier: MIT */
/*
 * ciphers.c - how fast units in memory are decrypted on one core
 *
 *	ciphers [RUNS [KIB]]	11 runs of every line, over 1,024 KiB
 *	ciphers units N NAME [BITS]	decrypt N units once, and print nothing
 *
 * Beside each: OpenSSL over the same bytes as one CBC stream, which is not
 * what EFS wants but the least that it costs; for AES also with a new IV for
 * each unit, which is.  They take turns, and what counts is processor time, so
 * that other load on the machine meets both.  DES and its kin once for each
 * width of words that the processor has.  Exit status 1 if a bound is missed.
 * What has a bound is also added to the file $TABLE, as lib.sh's rows are.
 *
 * The second form is for tests/program/instructions.t, which counts what a unit
 * costs.
 */
#include "recovery/cipher.h"

#include <glib.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RUNS_MAX 1001
#define ENOUGH   (G_USEC_PER_SEC / 50) /* processor time of a run */

/* Bounds are ratios: to the stream, to an IV a unit; 0 for none. */
static const struct row {
	const char *name, *peer;
	uint32_t algorithm;
	double stream, fresh;
} rows[] = {
	{ "AES-128", "AES-128-CBC", FEK_AES_128, 0, 0 },
	{ "AES-192", "AES-192-CBC", FEK_AES_192, 0, 0 },
	{ "AES-256", "AES-256-CBC", FEK_AES_256, 0.9, 2 },
	{ "3DES", "DES-EDE3-CBC", FEK_3DES, 10, 0 },
	{ "DESX", "DESX-CBC", FEK_DESX, 10, 0 },
	{ "DES", "DES-CBC", FEK_DES, 0, 0 },
};

static const unsigned widths[] = { 64, 128, 256, 512 };

struct bench {
	const struct row *row;
	unsigned bits; /* 0: not DES */
	struct cipher c;
	EVP_CIPHER_CTX *peer;
	OSSL_PROVIDER *base, *legacy;
	uint8_t *in, *out, *work;
	size_t n, runs;
};

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "ciphers: %s\n", what);
	exit(2);
}

static void ours(struct bench *b)
{
	struct error err;

	must(!cipher_decrypt(&b->c, b->out, b->in, b->n, 0, &err), "decrypt");
}

static void check(struct bench *b)
{
	struct error err;

	must(!cipher_check(&b->c, b->out, b->in, b->work, b->n, 0, &err),
	     "what was decrypted does not encrypt to what it was");
}

static void stream(struct bench *b)
{
	int n;

	must(EVP_DecryptUpdate(b->peer, b->out, &n, b->in, (int)b->n) == 1,
	     "OpenSSL");
}

static void fresh(struct bench *b)
{
	uint8_t iv[EVP_MAX_IV_LENGTH] = { 0 };
	int n;

	for (size_t i = 0; i < b->n; i += EFS_UNIT) {
		iv[0]++;
		must(EVP_DecryptInit_ex2(b->peer, NULL, NULL, iv, NULL) == 1 &&
		             EVP_DecryptUpdate(b->peer, b->out + i, &n,
		                               b->in + i, EFS_UNIT) == 1,
		     "OpenSSL");
	}
}

static double used(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* MB of 10^6 bytes a second. */
static double rate(struct bench *b, void (*work)(struct bench *))
{
	double begun = used(), spent;
	size_t n = 0;

	do {
		work(b);
		n += b->n;
		spent = used() - begun;
	} while (spent < ENOUGH);
	return (double)n / spent;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), ascending);
	return v[n / 2];
}

/* MB/s, least and median; the ratio is the median of the pairs'. */
struct figures {
	double ours[2], peers[2], ratio;
};

static struct figures measure(struct bench *b, void (*work)(struct bench *),
                              void (*other)(struct bench *))
{
	static double a[RUNS_MAX], p[RUNS_MAX], ratio[RUNS_MAX];
	struct figures f;

	(void)rate(b, work);
	for (size_t i = 0; i < b->runs; i++) {
		p[i] = rate(b, other);
		ours(b); /* what a check wants to find */
		a[i] = rate(b, work);
		ratio[i] = a[i] / p[i];
	}
	f.ratio = median(ratio, b->runs);
	f.ours[1] = median(a, b->runs);
	f.peers[1] = median(p, b->runs);
	f.ours[0] = a[0]; /* a median sorts them */
	f.peers[0] = p[0];
	return f;
}

/* For the table that make bench ends with. */
static void add_row(const char *name, const char *peer, const struct figures *f,
                    double bound)
{
	const char *path = getenv("TABLE");
	FILE *table = path ? fopen(path, "a") : NULL;

	must(!path || table, "cannot write to $TABLE");
	if (!table)
		return;
	fprintf(table,
	        "%s in memory, one core\tMB/s\t%.0f\t%.0f\tOpenSSL, %s\t%.0f"
	        "\t%.0f\t%.3f\t%g\t%s\n",
	        name, f->ours[0], f->ours[1], peer, f->peers[0], f->peers[1],
	        f->ratio, bound, f->ratio < bound ? "FAILED" : "ok");
	must(!fclose(table), "cannot write to $TABLE");
}

/* One line: ours against a peer; whether it is fast enough. */
static bool line(struct bench *b, const char *what,
                 void (*work)(struct bench *), const char *peer,
                 void (*other)(struct bench *), double bound)
{
	struct figures f = measure(b, work, other);
	bool good = f.ratio >= bound;
	char name[64], least[32] = "";

	if (b->bits)
		g_snprintf(name, sizeof(name), "%s %s, %u bits", b->row->name,
		           what, b->bits);
	else
		g_snprintf(name, sizeof(name), "%s %s", b->row->name, what);
	if (bound > 0) {
		g_snprintf(least, sizeof(least), ", at least %.1f  %s", bound,
		           good ? "ok" : "FAILED");
		add_row(name, peer, &f, bound);
	}
	printf("%-23s %6.0f MB/s (min %6.0f)  %-15s %6.0f (min %6.0f)"
	       "  ratio %5.2f%s\n",
	       name, f.ours[1], f.ours[0], peer, f.peers[1], f.peers[0],
	       f.ratio, least);
	return good;
}

static void prepare(struct bench *b)
{
	uint8_t key[32], iv[EVP_MAX_IV_LENGTH] = { 0 };
	struct fek fek = { .algorithm = b->row->algorithm };
	EVP_CIPHER *peer = EVP_CIPHER_fetch(NULL, b->row->peer, NULL);
	struct error err;

	for (size_t i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)(i * 37 + 11);
	fek.key = (struct bytes){ key, fek_key_size(fek.algorithm), 0 };
	must(!cipher_init(&b->c, &fek, &err), "cipher");
	b->peer = EVP_CIPHER_CTX_new();
	must(peer && b->peer &&
	             EVP_DecryptInit_ex2(b->peer, peer, key, iv, NULL) == 1 &&
	             EVP_CIPHER_CTX_set_padding(b->peer, 0) == 1,
	     "OpenSSL has no such cipher");
	EVP_CIPHER_free(peer);
}

static bool compare(struct bench *b)
{
	bool wide = !b->bits || b->bits >= 256, good;

	good = line(b, "decrypt", ours, "one stream", stream,
	            wide ? b->row->stream : 0);
	if (!b->bits)
		good &= line(b, "decrypt", ours, "an IV per unit", fresh,
		             b->row->fresh);
	return line(b, "check", check, "one stream", stream, 0) && good;
}

static bool every_width(struct bench *b)
{
	bool good = true;

	for (size_t i = 0; i < G_N_ELEMENTS(widths); i++) {
		b->bits = widths[i];
		if (des_slice_force(&b->c.des, b->bits))
			good &= compare(b);
		else
			printf("%s, %u bits: not on this processor\n",
			       b->row->name, b->bits);
	}
	return good;
}

static struct bench open_bench(size_t n, size_t runs)
{
	struct bench b = { .n = n, .runs = runs };

	b.base = OSSL_PROVIDER_load(NULL, "default");
	b.legacy = OSSL_PROVIDER_load(NULL, "legacy");
	must(b.base && b.legacy, "no provider");
	b.in = g_malloc(n);
	b.out = g_malloc0(n);
	b.work = g_malloc0(n);
	for (size_t i = 0; i < n; i++)
		b.in[i] = (uint8_t)(i * 2654435761u >> 13);
	return b;
}

static void close_row(struct bench *b)
{
	cipher_release(&b->c);
	EVP_CIPHER_CTX_free(b->peer);
}

static void close_bench(struct bench *b)
{
	g_free(b->in);
	g_free(b->out);
	g_free(b->work);
	OSSL_PROVIDER_unload(b->legacy);
	OSSL_PROVIDER_unload(b->base);
}

static void units(size_t n, const char *name, unsigned bits)
{
	struct bench b = open_bench(CLAMP(n, 1, 1 << 20) * EFS_UNIT, 1);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (!strcmp(rows[i].name, name))
			b.row = &rows[i];
	must(b.row != NULL, "no such cipher");
	prepare(&b);
	must(!bits || (b.c.des.kernel && des_slice_force(&b.c.des, bits)),
	     "no words of that width here");
	ours(&b);
	close_row(&b);
	close_bench(&b);
}

static bool compare_all(size_t runs, size_t kib)
{
	struct bench b = open_bench(CLAMP(kib, 1, 1 << 20) * 1024,
	                            CLAMP(runs, 1, RUNS_MAX));
	bool good = true;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		b.row = &rows[i];
		b.bits = 0;
		prepare(&b);
		good &= b.c.des.kernel ? every_width(&b) : compare(&b);
		close_row(&b);
	}
	close_bench(&b);
	return good;
}

static size_t number(int argc, char **argv, int i, size_t otherwise)
{
	return argc > i ? strtoul(argv[i], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
	if (argc > 3 && !strcmp(argv[1], "units")) {
		units(number(argc, argv, 2, 1), argv[3],
		      (unsigned)number(argc, argv, 4, 0));
		return 0;
	}
	return !compare_all(number(argc, argv, 1, 11),
	                    number(argc, argv, 2, 1024));
}
