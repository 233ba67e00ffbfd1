/* SPDX-License-Identifier: MIT */
/*
 * casefile.h - the case: all that a run found and did, in one SQLite database
 *
 * The case is the one model.  The analyzer adds facts as it learns them, and
 * every report is a view of it that computes nothing of its own.  It lives in
 * DIR/case.db, or in a temporary database that spills to disk, so memory does
 * not grow with the number of objects.
 *
 * Strings given to the _add functions are copied.  Strings and arrays handed
 * out by a walk are borrowed until its next call.  NULL is "unknown".
 * Times are FILETIMEs (100 ns since 1601, UTC), 0 if unknown; times of the run
 * itself are text, RFC 3339 in UTC.
 */
#ifndef RECOVERY_CASEFILE_H
#define RECOVERY_CASEFILE_H

#include "parsers/efs.h"
#include "parsers/status.h"
#include "recovery/outcome.h"

#include <stddef.h>

#define CASE_SCHEMA 5

struct casefile;

/*
 * Create a case at `path`, which must not exist, or a temporary one for NULL.
 * The caller frees it; work that was not committed is lost.
 */
MUST_USE enum status casefile_new(struct casefile **out, const char *path,
                                  struct error *err);
/* A commit does not wait for the disk any more: for a case that gets its name
   when all that was written is on it.  Before the first add. */
MUST_USE enum status casefile_hurry(struct casefile *cf, struct error *err);
/* Open an existing case for reading. E_UNSUPPORTED: of another schema. */
MUST_USE enum status casefile_open(struct casefile **out, const char *path,
                                   struct error *err);
/* Does it open, and is all of the database whole?  For a copy that was made
   while the case may have been written to. */
MUST_USE enum status casefile_check(const char *path, struct error *err);
void casefile_free(struct casefile *cf);

/*
 * Adds are batched in a transaction, committed every few thousand rows or half
 * a second on its own; this makes everything so far durable and visible.
 */
MUST_USE enum status casefile_commit(struct casefile *cf, struct error *err);

/* ------------------------------------------------------------ the run */

struct case_tool {
	const char *version; /* "efsleuth 0.1.0, libtsk 4.11.1, ..." */
	const char *command; /* the command line; secrets are never in it */
	const char *started, *ended; /* RFC 3339, UTC */
	bool interrupted;
};

/* One row; a later call replaces the earlier one. */
MUST_USE enum status casefile_set_tool(struct casefile *cf,
                                       const struct case_tool *tool,
                                       struct error *err);
/* Of a case that was put together, the first; E_ABSENT if none was set. */
MUST_USE enum status casefile_tool(struct casefile *cf, struct case_tool *tool,
                                   struct error *err);

struct case_evidence {
	int64_t id;         /* set by _add */
	const char *name;   /* unique: "disk.dd", "disk.dd~2" */
	const char *path;   /* as given on the command line */
	const char *format; /* "raw", "split raw", ... */
	uint64_t size;      /* bytes, of the contents */
	const char *sha256; /* of the contents, where it was asked for */
	const char *reason; /* why it could not be read in whole, or NULL */
};

MUST_USE enum status casefile_add_evidence(struct casefile *cf,
                                           struct case_evidence *evidence,
                                           struct error *err);
/* Update sha256 and reason, by id. */
MUST_USE enum status
casefile_update_evidence(struct casefile *cf,
                         const struct case_evidence *evidence,
                         struct error *err);

/* A range of the evidence's bytes that could not be read. */
struct case_bad {
	int64_t evidence;
	const char *evidence_name; /* set by the walk */
	uint64_t offset, size;
};

/* At the end of the run; a range of the same evidence and offset replaces an
   earlier one.  They should not overlap. */
MUST_USE enum status casefile_add_bad(struct casefile *cf,
                                      const struct case_bad *bad,
                                      struct error *err);

struct case_volume {
	int64_t id; /* set by _add */
	int64_t evidence;
	const char *evidence_name; /* set by the walk */
	unsigned number;           /* vN, from 1 in on-disk order */
	unsigned snapshot;         /* sM, or 0 for the volume itself */
	uint64_t offset, size;     /* bytes, within the evidence */
	const char *description;   /* of the partition table, or NULL */
	const char *filesystem;    /* "NTFS", or what it is instead */
	uint32_t sector, cluster;  /* bytes; 0 unless NTFS */
	uint64_t serial;
	uint64_t made;      /* a snapshot: FILETIME of its creation; else 0 */
	uint64_t records;   /* MFT records scanned */
	uint64_t objects;   /* encrypted objects found */
	const char *reason; /* why it was not walked to the end, or NULL */
};

MUST_USE enum status casefile_add_volume(struct casefile *cf,
                                         struct case_volume *volume,
                                         struct error *err);
/* Update records, objects and reason, by id. */
MUST_USE enum status casefile_update_volume(struct casefile *cf,
                                            const struct case_volume *volume,
                                            struct error *err);

/* What a container, a volume or its encryption says of itself.  A name may
   come more than once. */
struct case_fact {
	int64_t evidence;
	int64_t volume; /* 0: of the evidence */
	const char *name, *value;
};

MUST_USE enum status casefile_add_fact(struct casefile *cf,
                                       const struct case_fact *fact,
                                       struct error *err);

/* ---------------------------------------------------------------- keys */

struct case_key {
	int64_t id;         /* set by _add */
	const char *type;   /* "certificate", "private_key", "pfx", ... */
	const char *key_id; /* thumbprint, GUID or container */
	const char *sid;    /* the owner's */
	const char *user;   /* name of the profile that it is in */
	const char *name;   /* subject of its certificate */

	/* where it is from: in words, then in parts */
	const char *source;
	const char *evidence;      /* unique name; NULL: the user named it */
	unsigned volume, snapshot; /* vN, sM; 0: on none */
	const char *path;
	uint64_t offset; /* in the evidence; 0: unknown */
	uint64_t made;   /* FILETIME */

	const char *container;   /* of a private key on Windows */
	const char *certificate; /* where its certificate is from, if from
	                            elsewhere */
	unsigned bits;           /* of the modulus; 0: unknown */
	bool current;            /* Windows names it as its user's EFS key */

	const char *state; /* "public", "locked", "unlocked" */
	const char *unlocked_by, *reason;
	uint64_t opens; /* encrypted objects that it opens or would open */

	int64_t behind;        /* id of the key that opened it or would, or 0;
	                          set by casefile_link_key */
	const char *behind_id; /* key_id of that; set by the walk */
	/* What a cracker takes for this lock: lines, without line ends. */
	const char *const *crack;
	size_t n_crack;
};

/* Every key once, at the end of the run, when `opens` is known. */
MUST_USE enum status casefile_add_key(struct casefile *cf, struct case_key *key,
                                      struct error *err);
/* Say which key opens another, by their ids. E_ABSENT: no key has the id `id`.
   E_CORRUPT: none has the id `behind`. */
MUST_USE enum status casefile_link_key(struct casefile *cf, int64_t id,
                                       int64_t behind, struct error *err);

/* A secret that is not at hand. */
struct case_need {
	const char *kind; /* "private_key", "master_key", "password", ... */
	const char *id;   /* thumbprint, GUID, SID, ... */
	const char *what; /* in words */
	uint64_t objects; /* that it alone would open; set by the walk */
};

/*
 * Note that this secret alone would open that object.  It is one of kind and
 * id, whatever its words; and an object counts for it once.
 */
MUST_USE enum status casefile_add_need(struct casefile *cf, int64_t object,
                                       const struct case_need *need,
                                       struct error *err);

/* ------------------------------------------------------------- objects */

/* One entry of a file's key ring. */
struct case_entry {
	enum efs_ring ring;
	unsigned entry;         /* from 0 within its ring */
	const char *thumbprint; /* 40 lower-case hex digits */
	const char *name, *sid, *container, *provider;
	uint32_t flags;
	unsigned wrapped_bits; /* of the encrypted file key */
	const char *reason;    /* what of it is damaged, or NULL */
};

/* One key tried on one entry. */
struct case_try {
	enum efs_ring ring;
	unsigned entry;
	const char *key;    /* the key's id */
	bool by_thumbprint; /* else by mathematics */
	const char *result; /* "opened", or why not */
};

/* One MFT record (or loose file) with encrypted content. */
struct case_object {
	int64_t id; /* set by _add */
	int64_t volume;
	uint64_t mft;
	uint16_t sequence;
	const char *path; /* "/Users/ann/x.docx" */
	bool directory, deleted;
	uint64_t created, modified, accessed, changed;
	const char *const *links; /* its other names (hard links) */
	size_t n_links;

	bool has_efs;
	uint32_t efs_version;
	const char *efs_id;    /* GUID in braces */
	const char *efs_class; /* "user", "app", "rms", "dpapi-ng", ... */
	const char *algorithm; /* "aes-256"; NULL until a key has opened it */
	const struct case_entry *entries;
	size_t n_entries;
	bool ring_cut; /* there are or may be entries that could not be read;
	                  not handed out by a walk */
	const struct case_try *tries;
	size_t n_tries;

	bool opened; /* then: */
	enum efs_ring opened_ring;
	unsigned opened_entry;
	const char *opened_key;   /* the key's id */
	const char *const *chain; /* what unlocked the key, first link first */
	size_t n_chain;
};

/* A range of bytes of a stream that could not be read; read as zeros. */
struct case_hole {
	uint64_t offset, size;
};

/* One stream of an object: what the records call a file. */
struct case_stream {
	int64_t id;
	int64_t object;
	const char *name; /* NULL for the unnamed stream or a directory */
	uint64_t size;    /* bytes */
	enum outcome outcome;
	const char *reason;
	const char *output;  /* path below the output folder, or NULL */
	const char *same_as; /* "v1", "v1.s2": the volume of this evidence
	                        that holds the same, and where the output
	                        and the digests are from; or NULL */
	/* digests of the plaintext, hex; NULL: not computed */
	const char *md5, *sha1, *sha256;
	const struct case_hole *holes;
	size_t n_holes;
};

MUST_USE enum status casefile_add_object(struct casefile *cf,
                                         struct case_object *object,
                                         struct error *err);
MUST_USE enum status casefile_add_stream(struct casefile *cf,
                                         struct case_stream *stream,
                                         struct error *err);

/* ------------------------------------------------------------- reading */

/*
 * Walks.  Each is opened, asked for the next row until it returns false, and
 * closed with its error.  Rows come in the order in which they were added.
 */
struct case_walk;

MUST_USE enum status case_tool_open(struct case_walk **w, struct casefile *cf,
                                    struct error *err);
MUST_USE bool case_tool_next(struct case_walk *w, struct case_tool *tool);
MUST_USE enum status case_evidence_open(struct case_walk **w,
                                        struct casefile *cf, struct error *err);
MUST_USE bool case_evidence_next(struct case_walk *w,
                                 struct case_evidence *evidence);
MUST_USE enum status case_volume_open(struct case_walk **w, struct casefile *cf,
                                      struct error *err);
MUST_USE bool case_volume_next(struct case_walk *w, struct case_volume *volume);
/* Of one evidence, or of all for 0; by evidence, then by offset. */
MUST_USE enum status case_bad_open(struct case_walk **w, struct casefile *cf,
                                   int64_t evidence, struct error *err);
MUST_USE bool case_bad_next(struct case_walk *w, struct case_bad *bad);
/* Of one evidence, or of one volume: give one id, and 0 for the other. */
MUST_USE enum status case_fact_open(struct case_walk **w, struct casefile *cf,
                                    int64_t evidence, int64_t volume,
                                    struct error *err);
MUST_USE bool case_fact_next(struct case_walk *w, struct case_fact *fact);
MUST_USE enum status case_key_open(struct case_walk **w, struct casefile *cf,
                                   struct error *err);
/* Sorted by the number of objects that they open, most first. */
MUST_USE enum status case_key_by_use_open(struct case_walk **w,
                                          struct casefile *cf,
                                          struct error *err);
MUST_USE bool case_key_next(struct case_walk *w, struct case_key *key);
/* Sorted by the number of objects, most first, then by kind and id. */
MUST_USE enum status case_need_open(struct case_walk **w, struct casefile *cf,
                                    struct error *err);
MUST_USE bool case_need_next(struct case_walk *w, struct case_need *need);

/*
 * How a file's key ring changed between two views of one volume: its shadow
 * copies, by their time, and the volume itself, which is the last.  A view in
 * which the file is not (or not encrypted, or its ring is damaged) says
 * nothing: then the views around it are compared.  A file is known by its MFT
 * record and sequence; it may have been renamed.
 */
struct case_change {
	int64_t object; /* in the later view */
	const char *evidence;
	unsigned volume;
	uint64_t mft;
	const char *path;       /* in the later view */
	unsigned before, after; /* snapshots: sM; 0: the volume itself */
	uint64_t from, to;      /* FILETIMEs of them; 0: the volume itself */
	enum efs_ring ring;
	const char *thumbprint, *name, *sid;
	bool added; /* else removed */
};

/* Sorted by evidence, volume, record and time; removed ones first, then by
   ring and thumbprint. */
MUST_USE enum status case_change_open(struct case_walk **w, struct casefile *cf,
                                      struct error *err);
MUST_USE bool case_change_next(struct case_walk *w, struct case_change *change);

/* A `file` record: a stream, its object, and where they are. */
struct case_file {
	const char *evidence;
	unsigned volume, snapshot;
	struct case_object object;
	struct case_stream stream;
	/* for no_key and key_locked: the thumbprints that would open it */
	const char *const *missing;
	size_t n_missing;
	/* from the view before this one of the same file */
	const struct case_change *changes;
	size_t n_changes;
};

MUST_USE enum status case_file_open(struct case_walk **w, struct casefile *cf,
                                    struct error *err);
/* Those of one volume only; volume 0: those that lie on none. */
MUST_USE enum status case_volume_file_open(struct case_walk **w,
                                           struct casefile *cf, int64_t volume,
                                           struct error *err);
MUST_USE bool case_file_next(struct case_walk *w, struct case_file *file);

/*
 * A user or agent: one thumbprint in one kind of ring, over the whole case.
 * casefile_audit() (recovery/casefile_audit.h) finds them.
 */
struct case_person {
	int64_t id;
	enum efs_ring ring;
	const char *thumbprint; /* NULL: its entries bear none */
	const char *name;       /* as most entries call it */
	const char *sid;        /* of its entries, or of its key's owner */
	const char *account;    /* name of the SID's account on the machine */
	uint64_t objects;       /* encrypted objects whose ring names it */
	uint64_t opened; /* of those, opened in this run through this entry */
	uint64_t alone;  /* of those, that nobody else can open */
	/* of its certificate, if that was seen: */
	const char *subject, *issuer;
	uint64_t not_before, not_after; /* FILETIMEs; 0: unknown */
	unsigned bits; /* of the key, by certificate or wrapped file keys */
	bool self_signed;
	/* agents: "current", "stale" or "unknown" by the machines' recovery
	   policies; NULL: a user, or no policy was found */
	const char *policy;
};

/* Sorted by ring, then by number of objects, most first, then by name. */
MUST_USE enum status case_person_open(struct case_walk **w, struct casefile *cf,
                                      struct error *err);
MUST_USE bool case_person_next(struct case_walk *w, struct case_person *person);

/* Counts of `file` records by one of their fields, for the summary. */
enum case_field {
	CASE_BY_STATUS,
	CASE_BY_ALGORITHM,
	CASE_BY_CLASS,
	CASE_BY_USER,
	CASE_BY_AGENT
};
struct case_count {
	const char *value; /* NULL for "unknown"; thumbprint for user, agent */
	const char *name;  /* user, agent: display name */
	uint64_t files, bytes;
};

MUST_USE enum status case_count_open(struct case_walk **w, struct casefile *cf,
                                     enum case_field field, struct error *err);
MUST_USE bool case_count_next(struct case_walk *w, struct case_count *count);

/* Frees the walk, and returns the error that ended it, if one did. */
MUST_USE enum status case_walk_close(struct case_walk *w, struct error *err);

struct case_totals {
	uint64_t evidence, volumes; /* loose files are on no volume */
	uint64_t snapshots;         /* of volumes, not among them */
	uint64_t objects, files, bytes;
	uint64_t opened;    /* objects whose file key was opened */
	uint64_t recovered; /* files recovered in whole */
	uint64_t recovered_bytes;
	uint64_t bad, bad_bytes; /* ranges of the evidence, not readable */
};

MUST_USE enum status casefile_totals(struct casefile *cf,
                                     struct case_totals *totals,
                                     struct error *err);

/* How many streams have each digest of their plaintext, and how many any. */
struct case_digests {
	uint64_t any, md5, sha1, sha256;
};

MUST_USE enum status casefile_digests(struct casefile *cf,
                                      struct case_digests *digests,
                                      struct error *err);

#endif
