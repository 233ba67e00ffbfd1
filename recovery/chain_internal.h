/* SPDX-License-Identifier: MIT */
/*
 * chain_internal.h - what chain*.c and unlock_*.c share, and nobody else uses
 *
 * A lock is a piece of evidence that is closed: its key in the ring, a copy of
 * its bytes, and what was tried on it.  Everything that could be tried only
 * ever grows (credentials, open master keys, candidates), so a count tells
 * what a lock has seen, and nothing is tried twice.
 */
#ifndef RECOVERY_CHAIN_INTERNAL_H
#define RECOVERY_CHAIN_INTERNAL_H

#include "parsers/capi_key.h"
#include "parsers/cng_key.h"
#include "recovery/chain.h"
#include "recovery/secret_pool.h"

/* What proves to be, or is given as, the hash of a password. */
struct credential {
	enum dpapi_form form; /* DPAPI_FORM_SHA1 or DPAPI_FORM_NT */
	struct bytes hash;    /* in the pool */
	char *sid;            /* whose, or NULL: anybody's */
	char *label;          /* "password #2", "NT hash #1" */
	struct key *behind;   /* the CREDHIST that it is from, or NULL */
	size_t password;      /* the candidate, or PASSWORDS_NONE */
	bool given;           /* as a hash: no candidate or CREDHIST entry */
};

/* What opened a lock: found by a thread, told by the one that asked. */
struct finding {
	struct secret key; /* empty: nothing did */
	guint credential;  /* index of it */
	const char *sid;   /* of the user that it was opened for */
};

struct master {
	struct key *key;
	GBytes *data; /* NULL if it was given open */
	struct dpapi_masterkey mk;
	struct error err;  /* why it cannot be tried at all, or OK */
	const char *sid;   /* of its folder, or NULL */
	guint credentials; /* how many of them were tried */
	guint guesses;     /* the same for users that it is not from */
	guint systems, domains;
	size_t candidates;
	bool needed;       /* a private key here waits for it */
	struct bytes hash; /* SHA-1 of the key, in the pool; empty: locked */
	struct finding found;
};

struct history_entry {
	struct credhist_entry entry;
	char sid[TEXT_SID];
	struct error err; /* why it cannot be tried at all, or OK */
	guint credentials;
	size_t candidates;
	bool open;
	struct finding found;
};

/* A CREDHIST file. */
struct history {
	struct key *key;
	GBytes *data;
	GArray *entries; /* of struct history_entry, newest first */
	char *damage;    /* why the walk stopped early, or NULL */
};

struct private_lock {
	struct key *key;
	GBytes *data;
	struct dpapi_blob blob;
	struct error err; /* why it cannot be tried at all, or OK */
	bool cng;
	uint8_t id[RSA_ID_SIZE]; /* of its public key, if has_id */
	bool has_id;
	guint masters; /* how many of the open ones it has seen */
	bool seen;     /* it was offered once */
	bool failed;   /* its own master key is open, and it is not */
};

struct domain {
	struct key *key; /* its `rsa` is the backup key */
	uint8_t guid[DPAPI_GUID_SIZE];
	bool has_guid; /* known once it opened something */
};

struct system {
	struct key *key;
	struct bytes machine, user; /* in the pool */
};

/* A loose key file, or one with a domain's key, that has locks. */
struct keyfile {
	GBytes *data;
	struct origin origin;
	struct key *domain; /* its node, if it was given as a domain's key */
	size_t candidates, proven;
	bool done;
};

struct chain {
	struct keyring *ring;
	struct passwords *passwords;
	struct secret_pool pool;
	GHashTable *known;    /* digests of what was added */
	GArray *credentials;  /* of struct credential */
	GPtrArray *masters;   /* of struct master */
	GHashTable *by_guid;  /* GUID -> array of struct master */
	GHashTable *by_key;   /* struct key -> its master or private_lock */
	GPtrArray *open;      /* of struct master, in the order they opened */
	GPtrArray *histories; /* of struct history */
	GPtrArray *privates;  /* of struct private_lock */
	GArray *domains;      /* of struct domain */
	GHashTable *domain_keys;  /* the struct key of each */
	GArray *systems;          /* of struct system */
	GPtrArray *keyfiles;      /* of struct keyfile */
	GPtrArray *sids;          /* of char *: all users that are known */
	GHashTable *sid_set;      /* the same */
	GPtrArray *current;       /* thumbprints as text */
	GHashTable *strong;       /* "SID credential" -> hash, in the pool */
	GHashTable *strong_lists; /* SID -> struct strong_list */
	size_t strong_size;       /* candidates in all of those */
	uint64_t rounds;          /* of DPAPI's locks, over what is usual */
	uint64_t tries;           /* of master keys on private keys */
	uint64_t domain_work;     /* of domain keys on master keys: rsa_work */
	size_t matched;           /* credentials compared with candidates */
	size_t matched_candidates;
	GHashTable *closed; /* thumbprint -> struct closed_link */
	bool unlocked;      /* chain_unlock has run */
};

/* One run of chain_unlock. */
struct run {
	struct trial trial; /* the user's, with an ear on its progress */
	const struct trial *user;
	bool stopped;
};

/* A way to open things of one type. */
struct unlocker {
	const char *name;
	const char *about;
	enum key_type opens;
	bool slow; /* only when nothing else opens any more */
	/*
	 * Offer it all that is locked, or, if it is slow, one lock that was
	 * not tried yet.  True if something opened, or was tried.
	 */
	bool (*open)(struct chain *chain, struct run *run);
};

#define UNLOCKER(name) extern const struct unlocker unlock_##name;
#include "recovery/unlockers.def"
#undef UNLOCKER

/* --------------------------------------------------------------- chain.c */

/*
 * Do work(ctx, i) for each i below n, on all cores; each has a place of its own
 * for what it finds.  False if it was stopped.
 */
bool run_each(struct run *run, size_t n, bool (*work)(void *ctx, size_t i),
              void *ctx);
/* The lowest candidate that opens, or TRIAL_NONE. */
size_t run_trial(struct run *run, size_t n, bool (*opens)(void *ctx, size_t i),
                 void *ctx);

void history_entry_release(void *p);

/* ----------------------------------------------------------- chain_add.c */

/* Note that this was added; true if it was before. */
bool chain_is_known(struct chain *chain, const char *kind, struct bytes in,
                    const struct origin *origin);
/* E_LIMIT: it is too large, or the list is full. */
MUST_USE enum status chain_room(const GPtrArray *list, struct bytes in,
                                struct error *err);
void key_set_reason(struct key *key, const char *reason);

/* ------------------------------------------------------- chain_add_key.c */

/* As chain_add_keyfile, but not even the blank password is tried on it. */
MUST_USE enum status chain_add_closed_keyfile(struct chain *chain,
                                              struct bytes in,
                                              const struct origin *origin,
                                              struct error *err);

/* ---------------------------------------------------- chain_credentials.c */

struct credential *chain_credential(const struct chain *chain, size_t i);
/* `c` is filled but for its hash, which is copied; its strings are taken. */
MUST_USE enum status chain_add_credential(struct chain *chain,
                                          struct credential c,
                                          struct bytes hash, struct error *err);
/* Candidate i opened something: both of its hashes are credentials now. */
void chain_prove(struct chain *chain, size_t i);
/* Prove the candidates whose hash is that of a credential. */
void chain_match(struct chain *chain, struct run *run);
bool chain_is_sid(const char *sid);
/* A user that is known; NULL and what is no SID are passed over. */
void chain_add_sid(struct chain *chain, const char *sid);

/* The hash of this form of a credential for a user; empty: it has none. */
struct bytes chain_form(const struct chain *chain, size_t credential,
                        enum dpapi_form form, const char *sid);
/* Compute the slow ones among those, for these users, beforehand. */
void chain_strengthen(struct chain *chain, struct run *run, GHashTable *sids);

/* Forms in the order in which they are likely; three of them. */
const enum dpapi_form *chain_forms(const struct master *m);
#define CHAIN_FORMS 3

/* The slow hashes of the list of candidates for one user. */
struct strong_list {
	struct secret hashes;
	uint8_t *done;
	size_t n;
};
/* NULL: too many to keep. */
struct strong_list *chain_strong_list(struct chain *chain, const char *sid);

/* The hash of a candidate; false: it cannot be one of a Windows account. */
bool chain_candidate_hash(struct chain *chain, uint8_t *hash, size_t *n,
                          enum dpapi_form form, size_t candidate,
                          const char *sid, struct strong_list *list);

/* ------------------------------------------------------- chain_master.c */

/* Try one pre-key; true, and the key is in `found`, if it opens. */
bool master_try(struct master *m, struct bytes prekey, struct secret *key);
/* Try a hash of a user. */
bool master_try_hash(struct master *m, struct bytes hash, const char *sid,
                     struct secret *key);
/* It is open: takes the text over. */
void master_opened(struct chain *chain, struct master *m, struct bytes key,
                   char *unlocked_by, struct key *behind);
/* Can only DPAPI_SYSTEM open it? */
bool master_is_system(const struct master *m);
bool master_is_locked(const struct master *m);
/* All files of this GUID; NULL: none. */
GPtrArray *masters_by_guid(const struct chain *chain, struct bytes guid);
/* The same GUID is open from elsewhere. */
bool master_is_spare(const struct chain *chain, const struct master *m);

/* ----------------------------------------------------- unlock_private.c */

/* Offer it the master key that it names; true if that is here, and open. */
bool private_offer_own(struct chain *chain, struct private_lock *l);

/* ----------------------------------------------------- unlock_keyfile.c */

/* Add what the file turned out to hold; `kf` is emptied of its keys. */
void keyfile_take(struct chain *chain, struct keyfile *f, struct key_file *kf);

/* --------------------------------------------------------- chain_text.c */

/* "{...}", to be freed. */
/* "master key {...} of S-1-5-... (ann), made 2019-05-04"; the caller frees it.
 */
char *chain_master_text(const struct master *m);
char *chain_guid_text(struct bytes guid);
/* "2019-05-04" of a FILETIME, to be freed; NULL for 0. */
char *chain_date_text(uint64_t filetime);
/* "1,234" */
void chain_append_count(GString *s, uint64_t n);
/* "S-1-5-... (ann)", or "an unknown user" */
void chain_append_owner(GString *s, const char *sid, const char *user);
void chain_explain_private(const struct chain *chain, struct private_lock *l);
/* Write the reasons of all that stays locked. */
void chain_explain(struct chain *chain);

/* -------------------------------------------------------- chain_closed.c */

void closed_link_free(void *p);

#endif
