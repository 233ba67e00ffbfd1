/* SPDX-License-Identifier: MIT */
/*
 * crypto_pem.c - PEM: several blocks, and any text around them (RFC 7468)
 *
 * The text is taken apart here, because OpenSSL's reader leaves pieces of keys
 * in freed memory, and asks for a password on the terminal.
 */
#include "recovery/crypto_internal.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#define BEGIN "-----BEGIN "
#define END   "-----END "
#define DASH  "-----"

/* RFC 1421 4.6.1.1, 4.6.1.3: Proc-Type and DEK-Info of an encrypted key. */
#define DEK_INFO "DEK-Info:"
#define DEK_SALT 8 /* bytes of the IV that salt the password */

struct pem_block {
	struct bytes label; /* "RSA PRIVATE KEY" */
	struct bytes dek;   /* "AES-256-CBC,0123...", or empty */
	struct bytes body;  /* the lines between BEGIN and END */
};

/* -------------------------------------------------------------------- text */

static bool is_space(uint8_t ch)
{
	return ch == ' ' || ch == '\t' || ch == '\r';
}

/* The next line, without the white space around it. */
static bool line_next(struct cursor *c, struct bytes *line)
{
	struct cursor ends;
	size_t start, end;

	if (c->pos >= c->in.n)
		return false;
	while (c->pos < c->in.n && is_space(c->in.p[c->pos]))
		c->pos++;
	start = end = c->pos;
	while (c->pos < c->in.n && c->in.p[c->pos] != '\n')
		if (!is_space(c->in.p[c->pos++]))
			end = c->pos;
	if (c->pos < c->in.n)
		c->pos++;
	ends = cursor_open(c->in);
	*line = cursor_cut(&ends, start, end - start);
	return true;
}

/* What follows `start` in the line, if that is how it starts. */
static bool after(struct bytes *rest, struct bytes line, const char *start)
{
	struct cursor c = cursor_open(line);
	struct bytes head = cursor_take(&c, strlen(start));

	if (!bytes_begin(head, start, strlen(start)))
		return false;
	*rest = cursor_tail(&c, c.pos);
	return true;
}

static bool is(struct bytes b, const char *s)
{
	return b.n == strlen(s) && !memcmp(b.p, s, b.n);
}

static bool ends(struct bytes b, const char *s)
{
	struct cursor c = cursor_open(b);
	size_t n = strlen(s);

	return b.n >= n && is(cursor_tail(&c, b.n - n), s);
}

static bool begin_line(struct bytes line, struct bytes *label)
{
	struct cursor c;

	if (!after(label, line, BEGIN) || !ends(*label, DASH))
		return false;
	c = cursor_open(*label);
	*label = cursor_cut(&c, 0, label->n - strlen(DASH));
	return true;
}

bool key_is_pem(struct bytes in)
{
	struct cursor c = cursor_open(in);
	struct bytes line, label;

	while (line_next(&c, &line))
		if (begin_line(line, &label))
			return true;
	return false;
}

/* The next block.  `cut` is set for one without an end. */
static bool block_next(struct cursor *c, struct pem_block *block, bool *cut)
{
	struct cursor whole = cursor_open(c->in);
	struct bytes line, rest;
	size_t start, end;

	*block = (struct pem_block){ 0 };
	*cut = false;
	do {
		if (!line_next(c, &line))
			return false;
	} while (!begin_line(line, &block->label));

	for (start = end = c->pos; line_next(c, &line); end = c->pos) {
		(void)after(&block->dek, line, DEK_INFO);
		if (!after(&rest, line, END))
			continue;
		block->body = cursor_cut(&whole, start, end - start);
		return true;
	}
	*cut = true;
	return true;
}

/* The base64 of a block, as bytes; lines with a colon are its headers. */
static enum status block_decode(struct secret *to, struct bytes *data,
                                struct bytes body, struct error *err)
{
	struct cursor c = cursor_open(body);
	struct bytes line;
	guint save = 0;
	gint state = 0;
	size_t n = 0;

	if (secret_alloc(to, body.n + 3, err))
		return err->status;
	while (line_next(&c, &line))
		if (line.n && !memchr(line.p, ':', line.n))
			n += g_base64_decode_step((const char *)line.p, line.n,
			                          to->p + n, &state, &save);
	*data = (struct bytes){ to->p, n, body.at };
	if (n)
		return OK;
	secret_release(to);
	return fail(err, E_CORRUPT, body.at, "PEM block");
}

/* ---------------------------------------------------------- encrypted keys */

struct pem_lock {
	EVP_CIPHER *cipher;
	uint8_t iv[EVP_MAX_IV_LENGTH];
	struct bytes data;
};

/* "AES-256-CBC,0123456789ABCDEF..." */
static bool dek_parse(struct pem_lock *lock, struct bytes dek)
{
	g_autofree char *text = g_strndup((const char *)dek.p, dek.n);
	char *iv = strchr(text, ',');
	size_t n;

	if (!iv)
		return false;
	*iv++ = '\0';
	lock->cipher = EVP_CIPHER_fetch(NULL, g_strstrip(text), NULL);
	if (!lock->cipher ||
	    EVP_CIPHER_get_mode(lock->cipher) != EVP_CIPH_CBC_MODE)
		return false;
	n = (size_t)EVP_CIPHER_get_iv_length(lock->cipher);
	if (n < DEK_SALT || n > sizeof(lock->iv) || strlen(iv) != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int hi = g_ascii_xdigit_value(iv[2 * i]);
		int lo = g_ascii_xdigit_value(iv[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return false;
		lock->iv[i] = (uint8_t)(hi << 4 | lo);
	}
	return true;
}

static bool dek_decrypt(const struct pem_lock *lock, const uint8_t *key,
                        uint8_t *to, size_t *n)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int head = 0;
	int tail = 0;
	bool good;

	good = ctx &&
	       EVP_DecryptInit_ex2(ctx, lock->cipher, key, lock->iv, NULL) ==
	               1 &&
	       EVP_DecryptUpdate(ctx, to, &head, lock->data.p,
	                         (int)lock->data.n) == 1 &&
	       EVP_DecryptFinal_ex(ctx, to + head, &tail) == 1;
	*n = good ? (size_t)head + (size_t)tail : 0;
	EVP_CIPHER_CTX_free(ctx);
	return good;
}

static bool try_pem(const void *opaque, const struct candidate *candidate,
                    void *keep)
{
	const struct pem_lock *lock = opaque;
	struct rsa_key *found = NULL;
	struct rsa_key **to = keep;
	bool opened;
	struct secret plain = { 0 };
	struct secret key = { 0 };
	struct error err;
	size_t n;

	if (secret_alloc(&key, EVP_MAX_KEY_LENGTH, &err) ||
	    secret_alloc(&plain, lock->data.n + EVP_MAX_BLOCK_LENGTH, &err) ||
	    EVP_BytesToKey(lock->cipher, EVP_md5(), lock->iv,
	                   (const uint8_t *)candidate->p, candidate->n, 1,
	                   key.p, NULL) <= 0 ||
	    !dek_decrypt(lock, key.p, plain.p, &n) ||
	    rsa_key_from_pkcs1(&found, (struct bytes){ plain.p, n, 0 }, &err))
		found = NULL;
	secret_release(&plain);
	secret_release(&key);
	opened = found;
	if (to)
		*to = g_steal_pointer(&found);
	rsa_key_free(found);
	return opened;
}

static void read_locked(struct key_reader *r, struct bytes dek,
                        struct bytes data)
{
	struct pem_lock lock = { .data = data };
	struct rsa_key *key = NULL;
	struct error err;

	if (!dek_parse(&lock, dek)) {
		(void)fail(&err, E_UNSUPPORTED, dek.at,
		           "DEK-Info of a PEM key");
		key_reader_locked(r, "private_key", &err);
	} else if (!key_reader_unlock(r, try_pem, &lock, &key, false)) {
		(void)fail(&err, E_KEY, data.at, "encrypted PEM key");
		key_reader_locked(r, "private_key", &err);
	} else {
		key_reader_private(r, key, true);
	}
	EVP_CIPHER_free(lock.cipher);
	ERR_clear_error();
}

/* ------------------------------------------------------------------ blocks */

static void read_data(struct key_reader *r, const struct pem_block *block,
                      struct bytes data)
{
	struct error err;

	if (ends(block->label, "CERTIFICATE")) {
		key_reader_cert(r, data);
	} else if (is(block->label, "RSA PRIVATE KEY")) {
		if (block->dek.n)
			read_locked(r, block->dek, data);
		else
			key_read_pkcs1(r, data, false);
	} else if (is(block->label, "ENCRYPTED PRIVATE KEY")) {
		key_read_pkcs8_locked(r, data);
	} else if (is(block->label, "PRIVATE KEY")) {
		key_read_pkcs8(r, data);
	} else if (ends(block->label, "PRIVATE KEY")) {
		(void)fail(&err, E_UNSUPPORTED, block->body.at,
		           "not an RSA key");
		key_reader_locked(r, "private_key", &err);
	}
}

void key_read_pem(struct key_reader *r, struct bytes in)
{
	struct cursor c = cursor_open(in);
	struct secret decoded = { 0 };
	struct pem_block block;
	struct bytes data = { 0 };
	struct error err;
	bool cut;

	while (block_next(&c, &block, &cut)) {
		if (cut) {
			(void)fail(&err, E_CORRUPT, cursor_at(&c),
			           "PEM block without an end");
			key_reader_failed(r, &err);
		} else if (block_decode(&decoded, &data, block.body, &err)) {
			key_reader_failed(r, &err);
		} else {
			read_data(r, &block, data);
		}
		secret_release(&decoded);
	}
}
