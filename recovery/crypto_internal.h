/* SPDX-License-Identifier: MIT */
/*
 * crypto_internal.h - what the files crypto*.c share, and nobody else includes
 */
#ifndef RECOVERY_CRYPTO_INTERNAL_H
#define RECOVERY_CRYPTO_INTERNAL_H

#include "recovery/crypto.h"
#include "recovery/rsa.h"

#include <openssl/bn.h>
#include <openssl/x509.h>

/* Load OpenSSL's providers, once; any thread. */
void crypto_ready(void);
/* Before OpenSSL is asked for anything: all its memory is secret from now on.
   False: it had some already.  In crypto_heap.c. */
bool crypto_heap_use(void);

/* -------------------------------------------------------- HMAC, crypto.c */

enum { HMAC_INNER = 0x36, HMAC_OUTER = 0x5c };
#define HMAC_PAD_MAX 128 /* the longest block of a digest */

/* RFC 2104: the key as one block of the digest.  The caller wipes it. */
MUST_USE enum status hmac_pad(enum digest_kind kind, struct bytes key,
                              uint8_t pad[HMAC_PAD_MAX], struct error *err);
void hmac_pad_xor(uint8_t pad[HMAC_PAD_MAX], uint8_t with);

/* ------------------------------------------------------- DER, crypto_der.c */

enum {
	DER_INTEGER = 0x02,
	DER_OCTETS = 0x04,
	DER_OID = 0x06,
	DER_SEQUENCE = 0x30,
	DER_EXPLICIT_0 = 0xa0,
};

/* These return tags, and 0 where there is no whole element. */

/*
 * Read a tag and a length, and stop before the content, which may be cut short.
 * The indefinite length is 0.
 */
uint8_t der_enter(struct cursor *c, size_t *n);
/* Read one whole element, of definite length. */
uint8_t der_next(struct cursor *c, struct bytes *content);
/* The tag of the next element. */
uint8_t der_peek(const struct cursor *c);

/* ------------------------------------------------ RSA keys, crypto_rsa.c */

/*
 * The numbers of a private key as a file holds them, all in one byte order.
 * p and q may be missing, and so may d where p and q are there; the rest
 * is computed, never believed.
 */
struct rsa_numbers {
	struct bytes n, e, d, p, q;
	bool little_endian;
};

/*
 * E_UNSUPPORTED or E_LIMIT: of a size that we do not handle.
 * E_CORRUPT: the numbers are not those of one key.
 */
MUST_USE enum status rsa_key_new(struct rsa_key **key,
                                 const struct rsa_numbers *numbers,
                                 struct error *err);
/* RFC 8017 A.1.2. */
MUST_USE enum status rsa_key_from_pkcs1(struct rsa_key **key, struct bytes in,
                                        struct error *err);

/*
 * What rsa_key_new works with, all of it belonging to ctx, which wipes it.
 * Zero is empty.
 */
struct numbers {
	BN_CTX *ctx;
	BIGNUM *n, *e, *d, *p, *q, *dp, *dq, *qi;
	BIGNUM *t, *u, *v; /* scratch */
};

/* Make room; false: no memory, and still to be released. */
bool numbers_open(struct numbers *k);
void numbers_release(struct numbers *k);
/* False: a number is too long, or is none that a key can have. */
bool numbers_read(struct numbers *k, const struct rsa_numbers *from);
/* Is n the product of p and q? */
bool numbers_are_factored(const struct numbers *k);
/* Each round of numbers_factor() fails for half of all bases at most. */
#define NUMBERS_ROUNDS 24
/* Find p and q, by n, e and d; an operation for each round, and two more. */
bool numbers_factor(struct numbers *k);
/*
 * What two primes must have to do with e, at next to no cost: they differ, and
 * e has no factor in common with p - 1 and q - 1.  False as well where e is
 * of more than 63 bits: then only numbers_complete and a trial can say.
 */
bool numbers_fit(const struct numbers *k);
/* All others from n, e, p and q; false: there are none. */
bool numbers_complete(struct numbers *k);

/* ------------------------------------- RSA public keys, crypto_public.c */

/*
 * The two numbers, big-endian, of a PKCS#1 public key.  False where it is not
 * plain DER to the last byte, or a number is 0: what OpenSSL makes of it may
 * be a key all the same.
 */
bool rsa_public_parse(struct bytes *n, struct bytes *e, struct bytes der);
/* Its id; zeros in front do not count.  Zero, and false: no memory. */
bool rsa_public_id(uint8_t id[RSA_ID_SIZE], struct bytes n, struct bytes e);
/* How many bits this number has. */
unsigned rsa_public_bits(struct bytes n);
/* Bytes of it that count; 0: it is zero. */
size_t rsa_number_length(struct bytes number, bool little_endian);

/* -------------------------------------------- writing, crypto_export.c */

/* PKCS#8 as PEM, and the certificate (DER) behind it, if it is not empty. */
MUST_USE enum status crypto_pem(struct secret *pem, EVP_PKEY *pkey,
                                struct bytes certificate, struct error *err);

/* ---------------------------------------- certificates, crypto_cert.c */

/* `der` may go on after the certificate. */
MUST_USE enum status key_cert_parse(struct key_cert *cert, struct bytes der,
                                    struct error *err);
void key_cert_release(struct key_cert *cert);

/* ------------------------------------- locks, crypto_unlock.c */

/* One password as OpenSSL wants it; p is NULL for none at all. */
struct candidate {
	const char *p;
	int n;
};

/*
 * A key file being read.  Whatever kind of file it is, its reader puts what it
 * finds here, and what it could not open or read.
 */
struct key_reader {
	struct key_file *out;
	const struct key_tries *tries;
	uint64_t iterations; /* of all locks met so far */
	size_t last;         /* the candidate that opened a lock last */
	struct error first;  /* the first thing that went wrong */
};

/*
 * Does this candidate open the lock?  Several threads ask at a time, so the
 * lock is only read: `keep` is NULL, or where to put what was inside, a pointer
 * of the lock's own kind.
 */
typedef bool key_lock_try(const void *lock, const struct candidate *candidate,
                          void *keep);

/*
 * Try the candidates on a lock, first the one that opened the lock before.
 * `none`: no password at all differs from the blank one.  `keep` as above.
 */
bool key_reader_unlock(struct key_reader *r, key_lock_try *try,
                       const void *lock, void *keep, bool none);

/*
 * Count the iterations that one try of a lock costs, before any is made.
 * E_LIMIT: more than we are willing to make, for this file.
 */
MUST_USE enum status key_reader_spend(struct key_reader *r, uint64_t n,
                                      struct error *err);
/* The same for an algorithm of PKCS#5 or PKCS#12. */
MUST_USE enum status key_reader_spend_pbe(struct key_reader *r,
                                          const X509_ALGOR *algorithm,
                                          struct error *err);

/* Add a certificate; one that is damaged is left out and noted. */
void key_reader_cert(struct key_reader *r, struct bytes der);
/* Add a private key, taken over; `locked` says that a lock was on it. */
void key_reader_private(struct key_reader *r, struct rsa_key *key, bool locked);
/* Add something that stays closed, and why. */
void key_reader_locked(struct key_reader *r, const char *type,
                       const struct error *why);
/* Note that a part could not be read. */
void key_reader_failed(struct key_reader *r, const struct error *why);

/* ------------------- readers, one for each file format */

/* PKCS#8 private key, decoded. */
void key_read_pkcs8_info(struct key_reader *r, const PKCS8_PRIV_KEY_INFO *info,
                         bool locked);
/* Encrypted PKCS#8, decoded; `none` as of key_reader_unlock. */
void key_read_pkcs8_sig(struct key_reader *r, const X509_SIG *sig, bool none);
void key_read_pkcs1(struct key_reader *r, struct bytes in, bool locked);
void key_read_pkcs8(struct key_reader *r, struct bytes in);
void key_read_pkcs8_locked(struct key_reader *r, struct bytes in);
void key_read_pfx(struct key_reader *r, struct bytes in);
void key_read_pem(struct key_reader *r, struct bytes in);
#define KEY_PVK_MAGIC 0xb0b5f11eu
void key_read_pvk(struct key_reader *r, struct bytes in);
/* PRIVATEKEYBLOB. */
void key_read_blob(struct key_reader *r, struct bytes in);
/* A domain's backup key for DPAPI: version, key length, certificate length. */
#define KEY_BACKUP_HEAD 12
void key_read_backup(struct key_reader *r, struct bytes in);

/* Is there a PEM block in it? */
bool key_is_pem(struct bytes in);

#endif
