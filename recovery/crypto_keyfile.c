/* SPDX-License-Identifier: MIT */
/*
 * crypto_keyfile.c - what kind of key file is this?  Then read it.
 */
#include "parsers/limits.h"
#include "recovery/crypto_internal.h"

/* ------------------------------------------------------------ recognising */

/*
 * All the DER kinds are one sequence, and the tags of what comes first in it
 * tell them apart.  These look no further than that, so that a file cut short
 * is still known for what it was.
 */
static struct cursor inside(struct bytes in, uint8_t *tag)
{
	struct cursor c = cursor_open(in);
	size_t n;

	*tag = der_enter(&c, &n) == DER_SEQUENCE ? der_peek(&c) : 0;
	return c;
}

/* The tag of what follows a version number of one byte, or 0. */
static uint8_t after_version(struct bytes in, uint8_t *version)
{
	struct bytes number;
	uint8_t tag;
	struct cursor c = inside(in, &tag);

	if (tag != DER_INTEGER || der_next(&c, &number) != DER_INTEGER ||
	    number.n != 1)
		return 0;
	*version = *number.p;
	return der_peek(&c);
}

/* RFC 7292 4: version 3, ContentInfo. */
static bool is_pfx(struct bytes in)
{
	uint8_t version;

	return after_version(in, &version) == DER_SEQUENCE && version == 3;
}

/* RFC 5958 2: version 0 or 1, AlgorithmIdentifier. */
static bool is_pkcs8(struct bytes in)
{
	uint8_t version;

	return after_version(in, &version) == DER_SEQUENCE && version < 2;
}

/* RFC 8017 A.1.2: version, modulus. */
static bool is_pkcs1(struct bytes in)
{
	uint8_t version;

	return after_version(in, &version) == DER_INTEGER;
}

/* RFC 5915 3: version 1, octets. */
static bool is_ec(struct bytes in)
{
	uint8_t version;

	return after_version(in, &version) == DER_OCTETS && version == 1;
}

/* The first tag inside the first sequence; `second`: the tag after that. */
static uint8_t first_inside(struct bytes in, uint8_t *second)
{
	uint8_t tag;
	struct bytes first;
	struct cursor c = inside(in, &tag);
	struct cursor inner = c;
	size_t n;

	*second = 0;
	if (tag != DER_SEQUENCE)
		return 0;
	(void)der_enter(&inner, &n);
	if (der_next(&c, &first))
		*second = der_peek(&c);
	return der_peek(&inner);
}

/* RFC 5280 4.1: [0] version, or at once the serial number. */
static bool is_certificate(struct bytes in)
{
	uint8_t second;
	uint8_t tag = first_inside(in, &second);

	return tag == DER_EXPLICIT_0 || tag == DER_INTEGER;
}

/* RFC 5958 3: an algorithm, and octets; a public key has bits there. */
static bool is_pkcs8_locked(struct bytes in)
{
	uint8_t second;

	return first_inside(in, &second) == DER_OID &&
	       (second == DER_OCTETS || !second);
}

static bool is_pvk(struct bytes in)
{
	struct cursor c = cursor_open(in);

	return cursor_le32(&c) == KEY_PVK_MAGIC;
}

/* Type 7, version 2, reserved, a class of algorithm that has private keys. */
static bool is_blob(struct bytes in)
{
	struct cursor c = cursor_open(in);
	uint32_t head = cursor_le32(&c);
	uint32_t algorithm = cursor_le32(&c);

	return !c.bad && head == 0x0207 &&
	       (algorithm >> 8 == 0xa4 || algorithm >> 8 == 0x24 ||
	        algorithm >> 8 == 0x22);
}

/* Version 2, two lengths, a PRIVATEKEYBLOB. */
static bool is_backup(struct bytes in)
{
	struct cursor c = cursor_open(in);

	return cursor_le32(&c) == 2 && in.n > KEY_BACKUP_HEAD &&
	       is_blob(cursor_tail(&c, KEY_BACKUP_HEAD));
}

/* Version 1, and a symmetric key that Windows 2000 made: nothing else. */
#define LEGACY_BACKUP_SIZE 260

static bool is_legacy_backup(struct bytes in)
{
	struct cursor c = cursor_open(in);

	return in.n == LEGACY_BACKUP_SIZE && cursor_le32(&c) == 1;
}

/* ---------------------------------------------------------------- the kinds */

static void read_certificate(struct key_reader *r, struct bytes in)
{
	key_reader_cert(r, in);
}

static void read_pkcs1(struct key_reader *r, struct bytes in)
{
	key_read_pkcs1(r, in, false);
}

static void read_ec(struct key_reader *r, struct bytes in)
{
	struct error err;

	(void)fail(&err, E_UNSUPPORTED, in.at, "not an RSA key");
	key_reader_locked(r, "private_key", &err);
}

static void read_legacy_backup(struct key_reader *r, struct bytes in)
{
	struct error err;

	(void)fail(&err, E_UNSUPPORTED, in.at,
	           "legacy backup key of a domain (no RSA key)");
	key_reader_locked(r, "private_key", &err);
}

static const struct key_kind {
	const char *name;
	bool (*is)(struct bytes in);
	void (*read)(struct key_reader *r, struct bytes in);
} kinds[] = {
	{ "PKCS#12", is_pfx, key_read_pfx },
	{ "PKCS#8", is_pkcs8, key_read_pkcs8 },
	{ "PKCS#1", is_pkcs1, read_pkcs1 },
	{ "EC private key", is_ec, read_ec },
	{ "DER certificate", is_certificate, read_certificate },
	{ "encrypted PKCS#8", is_pkcs8_locked, key_read_pkcs8_locked },
	{ "PVK", is_pvk, key_read_pvk },
	{ "PRIVATEKEYBLOB", is_blob, key_read_blob },
	{ "domain backup key", is_backup, key_read_backup },
	{ "legacy domain backup key", is_legacy_backup, read_legacy_backup },
	{ "PEM", key_is_pem, key_read_pem },
};

static const struct key_kind *kind_of(struct bytes in)
{
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (kinds[i].is(in))
			return &kinds[i];
	return NULL;
}

/* ----------------------------------------------------------------- the file */

static void release_cert(void *p)
{
	key_cert_release(p);
}

static void release_private(void *p)
{
	struct key_private *private = p;

	rsa_key_free(private->rsa);
	g_free(private->unlocked_by);
	*private = (struct key_private){ 0 };
}

static void release_locked(void *p)
{
	struct key_locked *locked = p;

	g_free(locked->reason);
	*locked = (struct key_locked){ 0 };
}

static GArray *list_new(size_t size, GDestroyNotify release)
{
	GArray *list = g_array_new(FALSE, TRUE, (guint)size);

	g_array_set_clear_func(list, release);
	return list;
}

void key_file_release(struct key_file *kf)
{
	g_clear_pointer(&kf->certs, g_array_unref);
	g_clear_pointer(&kf->privates, g_array_unref);
	g_clear_pointer(&kf->locked, g_array_unref);
	g_clear_pointer(&kf->opened, g_array_unref);
	g_free(kf->unlocked_by);
	*kf = (struct key_file){ 0 };
}

/* A key that opened outweighs what stayed closed; that, a certificate. */
static enum status verdict(const struct key_reader *r, struct error *err)
{
	if (r->out->privates->len)
		return OK;
	if (!r->out->locked->len && r->out->certs->len)
		return OK;
	if (!r->first.status)
		return fail(err, E_UNSUPPORTED, 0,
		            "no private key or certificate in it");
	*err = r->first;
	return err->status;
}

enum status key_file_try(struct key_file *out, struct bytes in,
                         const struct key_tries *tries, struct error *err)
{
	struct key_reader r = { .out = out, .tries = tries };
	const struct key_kind *kind;
	enum status status;

	*out = (struct key_file){ 0 };
	if (in.n > LIMIT_KEY_FILE)
		return fail(err, E_LIMIT, in.at, "size of a key file");
	kind = kind_of(in);
	if (!kind)
		return fail(err, E_UNSUPPORTED, in.at,
		            "no key file of a known kind");
	crypto_ready();
	out->format = kind->name;
	out->certs = list_new(sizeof(struct key_cert), release_cert);
	out->privates = list_new(sizeof(struct key_private), release_private);
	out->locked = list_new(sizeof(struct key_locked), release_locked);
	out->opened = g_array_new(FALSE, TRUE, sizeof(size_t));
	kind->read(&r, in);

	status = verdict(&r, err);
	if (status && !out->locked->len)
		key_file_release(out);
	return status;
}

enum status key_file_read(struct key_file *out, struct bytes in,
                          const struct passwords *passwords, struct error *err)
{
	const struct key_tries tries = { .passwords = passwords };

	return key_file_try(out, in, &tries, err);
}
