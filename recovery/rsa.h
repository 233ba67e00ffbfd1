/* SPDX-License-Identifier: MIT */
/*
 * rsa.h - RSA private keys and certificates, as the files of users bring them
 */
#ifndef RECOVERY_RSA_H
#define RECOVERY_RSA_H

#include "parsers/efs.h"
#include "parsers/key_blob.h"
#include "recovery/passwords.h"
#include "recovery/secret.h"
#include "recovery/trial.h"

#include <glib.h>

/* A run begins: LIMIT_RSA_WORK counts from here, for all threads. */
void rsa_begin(void);

/* A private key; heap, opaque; any number of threads may decrypt with it. */
struct rsa_key;

void rsa_key_free(struct rsa_key *key);
unsigned rsa_key_bits(const struct rsa_key *key);
/* Bytes of the modulus: the length of what it decrypts. */
size_t rsa_key_size(const struct rsa_key *key);
/* What to decrypt so many bytes costs, in times of RSA 2048: eight times as
   much for twice the length, and 1 at least. */
uint64_t rsa_work(size_t size);

/*
 * One raw RSA private operation with CRT, without any padding check, on a
 * block in CryptoAPI's (little-endian) order, as $EFS stores it.  `out`
 * receives rsa_key_size() bytes, big-endian, the padding included.
 * E_KEY: not of the modulus' length, or not below the modulus.  E_CORRUPT: the
 * key cannot work; what its numbers do not show by themselves (a factor of the
 * modulus that is no prime) shows at its first use.
 */
MUST_USE enum status rsa_decrypt(struct rsa_key *key, struct secret *out,
                                 struct bytes wrapped, struct error *err);

/*
 * The key as PKCS#8 in PEM, unencrypted, and behind it the certificate (DER),
 * if it is not empty.  E_CORRUPT: as of rsa_decrypt.
 */
MUST_USE enum status rsa_key_pem(struct secret *pem, struct rsa_key *key,
                                 struct bytes certificate, struct error *err);

/* What identifies a public key: the SHA-256 of its PKCS#1 encoding. */
#define RSA_ID_SIZE 32

/* Of the public half of a private key. */
void rsa_key_public_id(uint8_t id[RSA_ID_SIZE], const struct rsa_key *key);
/*
 * The same of a key blob of any of the three kinds, public or private.
 * E_UNSUPPORTED: it is no RSA key.  E_CORRUPT: its numbers are those of none.
 */
MUST_USE enum status rsa_blob_id(uint8_t id[RSA_ID_SIZE],
                                 const struct key_blob *blob,
                                 struct error *err);
/*
 * The private key of such a blob.  It is computed from as few of the numbers
 * as will do.  E_CORRUPT: they do not fit together;
 * E_UNSUPPORTED or E_LIMIT: of a size that we do not handle, or not RSA.
 * E_LIMIT: too many have come without their primes, too.
 */
MUST_USE enum status rsa_key_from_blob(struct rsa_key **key,
                                       const struct key_blob *blob,
                                       struct error *err);

/* What one key file held. */
struct key_cert {
	uint8_t thumbprint[EFS_THUMBPRINT_SIZE]; /* SHA-1 of the DER */
	uint8_t id[RSA_ID_SIZE]; /* of its public key; zero if it is not RSA */
	unsigned bits;           /* 0 if it is not RSA */
	const char *kind;        /* of its key: "rsa", "ec", "other" */
	unsigned key_bits;       /* of its key, whatever kind it is */
	char *subject, *issuer;  /* UTF-8, one line; owned */
	char *serial;            /* hex; owned */
	/* FILETIMEs; 0: not readable, or before 1601 */
	uint64_t not_before, not_after;
	bool self_signed;   /* it names itself as its issuer */
	bool efs, recovery; /* has the EKU for EFS, for file recovery */
	GBytes *der;        /* the certificate, owned */
};

/* One certificate, DER; what follows it is not looked at.  E_CORRUPT. */
MUST_USE enum status certificate_read(struct key_cert *cert, struct bytes der,
                                      struct error *err);
void certificate_release(struct key_cert *cert);

struct key_private {
	uint8_t id[RSA_ID_SIZE];
	struct rsa_key *rsa; /* owned */
	char *unlocked_by;   /* as of key_file, of this key; owned */
};

/* A key or a PFX that no password opened, or a key that we cannot use. */
struct key_locked {
	const char *type; /* "pfx" or "private_key" */
	char *reason;     /* owned */
};

struct key_file {
	const char *format; /* "PKCS#12", "PEM", "DER certificate", ... */
	GArray *certs;      /* of struct key_cert */
	GArray *privates;   /* of struct key_private */
	GArray *locked;     /* of struct key_locked */
	char *unlocked_by;  /* "password #2", "no password", or NULL; owned */
	GArray *opened;     /* of size_t: the candidates that opened a lock */
};

/* What is tried on locks, and how; zero is the blank password. */
struct key_tries {
	const struct passwords *passwords; /* may be NULL */
	bool proven_only;          /* only those that opened something before */
	bool none;                 /* not even the blank one */
	const struct trial *trial; /* NULL: one thread */
};

/*
 * Read a key file, recognised by content: PKCS#12 (all keys and certificates
 * in it, legacy RC2 and 3DES included), PEM (several blocks), DER certificate,
 * PKCS#8 plain or encrypted, PKCS#1, PVK, PRIVATEKEYBLOB, a domain's backup key
 * for DPAPI.  Every password is tried on every lock, after no password, the
 * blank one, and those that opened something before.
 *
 * OK as soon as one private key is open, or where there are certificates only;
 * else what was in the way first:
 * E_UNSUPPORTED: none of them, or no RSA key.  E_CORRUPT: one, but damaged.
 * E_KEY: it is locked and no password opens it.
 * E_LIMIT: over LIMIT_KEY_FILE, or an iteration count that would hang.
 * `out` says in every case what is locked and why, and has the certificates
 * that were readable beside it.  It is released by the caller.
 */
MUST_USE enum status key_file_read(struct key_file *out, struct bytes in,
                                   const struct passwords *passwords,
                                   struct error *err);
/*
 * The same with a choice.  The cores share a long list; if the trial is stopped
 * by its progress function the lock stays closed.
 */
MUST_USE enum status key_file_try(struct key_file *out, struct bytes in,
                                  const struct key_tries *tries,
                                  struct error *err);
void key_file_release(struct key_file *kf);

/*
 * The line that john takes for the password of a PFX ($pfxng$...), to be freed;
 * NULL if it is none, or has no MAC of a kind that john knows.
 */
char *pfx_crack_line(struct bytes in);

#endif
