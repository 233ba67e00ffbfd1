/* SPDX-License-Identifier: MIT */
/*
 * command_inspect.c - efsleuth inspect: decode one loose artefact to JSON
 */
#include "analyzer/readfile.h"
#include "analyzer/run.h"
#include "analyzer/say.h"
#include "parsers/efsx.h"
#include "parsers/limits.h"
#include "parsers/pfile.h"
#include "parsers/text.h"
#include "recovery/description.h"
#include "recovery/rsa.h"
#include "reports/each.h"
#include "reports/json.h"

static void add_hex(json_t *to, const char *key, struct bytes b)
{
	char *buf = g_malloc(2 * b.n + 1);
	struct text t = text_open(buf, 2 * b.n + 1);

	text_hex(&t, b);
	json_add_text(to, key, b.n ? buf : NULL);
	g_free(buf);
}

static void add_utf8(json_t *to, const char *key, struct bytes b)
{
	char *s = g_utf8_make_valid((const char *)b.p, (gssize)b.n);

	json_add_text(to, key, b.n ? s : NULL);
	g_free(s);
}

/* ---------------------------------------------------------------- $EFS */

static void add_rsa(json_t *to, const struct description *d)
{
	json_add_u64(to, "length", d->efs.length);
	if (!efs_has_hash(&d->efs))
		return;
	add_hex(to, "hash", d->efs.hash);
	json_add(to, "hash_valid", json_boolean(!d->hash_wrong));
}

static json_t *datum_json(const struct efsx_datum *datum)
{
	json_t *item = json_object();

	json_add_u64(item, "offset", datum->at);
	json_add_u64(item, "depth", datum->depth);
	json_add_u64(item, "type", datum->type);
	json_add_u64(item, "role", datum->role);
	json_add_u64(item, "flags", datum->flags);
	json_add_u64(item, "kind", datum->kind);
	json_add_u64(item, "kind_flags", datum->kind_flags);
	add_hex(item, "value", datum->value);
	return item;
}

static void add_datums(json_t *to, const char *key, struct efsx_walk it)
{
	json_t *list = json_array();
	struct efsx_datum datum;

	while (efsx_next(&it, &datum))
		(void)json_array_append_new(list, datum_json(&datum));
	json_add(to, key, list);
}

static void add_efsx(json_t *to, struct bytes in)
{
	struct efsx efs;
	struct error err;

	if (efsx_parse(&efs, in, &err))
		return;
	json_add_u64(to, "length", efs.length);
	json_add_u64(to, "algorithm", efs.algorithm);
	add_datums(to, "fek_info", efsx_datums_open(efs.fek_info));
	add_datums(to, "ddf_datums", efsx_protectors_open(efs.ddf));
	add_datums(to, "drf_datums", efsx_protectors_open(efs.drf));
}

static void add_pfile(json_t *to, struct bytes in)
{
	struct pfile p;
	struct error err;

	if (pfile_parse(&p, in, &err))
		return;
	json_add_u64(to, "major", p.major);
	json_add_u64(to, "minor", p.minor);
	add_utf8(to, "redirect", p.redirect);
	add_utf8(to, "extension", p.extension);
	json_add_u64(to, "licence_size", p.licence.n);
	json_add_u64(to, "header_length", p.header_length);
	json_add_u64(to, "data_offset", p.data_offset);
	json_add_u64(to, "original_size", p.original_size);
}

static void inspect_efs(json_t *to, struct bytes in)
{
	struct description d;

	description_init(&d, in);
	json_add_text(to, "type", "$EFS");
	json_add_known(to, "version", d.version);
	json_add_text(to, "class", d.class_);
	json_add_text(to, "id", d.id);
	if (d.version == 6)
		add_pfile(to, in);
	else if (d.version >= 4)
		add_efsx(to, in);
	else if (d.openable)
		add_rsa(to, &d);
	json_add(to, "ddf",
	         json_ring((const void *)d.entries->data, d.entries->len,
	                   EFS_DDF));
	json_add(to, "drf",
	         json_ring((const void *)d.entries->data, d.entries->len,
	                   EFS_DRF));
	json_add_text(to, "reason", d.reason);
	description_release(&d);
}

/* ---------------------------------------------------------------- keys */

static json_t *cert_json(const struct key_cert *c)
{
	json_t *item = json_object();

	add_hex(item, "thumbprint",
	        (struct bytes){ c->thumbprint, sizeof(c->thumbprint), 0 });
	json_add_text(item, "subject", c->subject);
	json_add_text(item, "not_after", c->not_after);
	json_add_known(item, "rsa_bits", c->bits);
	json_add(item, "efs", json_boolean(c->efs));
	json_add(item, "file_recovery", json_boolean(c->recovery));
	return item;
}

static json_t *private_json(const struct key_private *k)
{
	json_t *item = json_object();

	json_add_u64(item, "rsa_bits", rsa_key_bits(k->rsa));
	add_hex(item, "public_key_sha256",
	        (struct bytes){ k->id, sizeof(k->id), 0 });
	json_add_text(item, "unlocked_by", k->unlocked_by);
	return item;
}

static json_t *locked_json(const struct key_locked *k)
{
	json_t *item = json_object();

	json_add_text(item, "type", k->type);
	json_add_text(item, "reason", k->reason);
	return item;
}

static void add_parts(json_t *to, const struct key_file *kf)
{
	json_t *certs = json_array(), *keys = json_array();
	json_t *locked = json_array();

	for (guint i = 0; kf->certs && i < kf->certs->len; i++)
		(void)json_array_append_new(
			certs, cert_json(&g_array_index(kf->certs,
		                                        struct key_cert, i)));
	for (guint i = 0; kf->privates && i < kf->privates->len; i++)
		(void)json_array_append_new(
			keys, private_json(&g_array_index(
				      kf->privates, struct key_private, i)));
	for (guint i = 0; kf->locked && i < kf->locked->len; i++)
		(void)json_array_append_new(
			locked, locked_json(&g_array_index(
					kf->locked, struct key_locked, i)));
	json_add(to, "certificates", certs);
	json_add(to, "private_keys", keys);
	json_add(to, "locked", locked);
}

/* E_KEY is a result here, not a failure: it says what is locked. */
static enum status inspect_keys(json_t *to, struct bytes in,
                                const struct passwords *pw, struct error *err)
{
	struct key_file kf;
	enum status st = key_file_read(&kf, in, pw, err);

	if (!st || st == E_KEY) {
		json_add_text(to, "type", kf.format);
		json_add_text(to, "unlocked_by", kf.unlocked_by);
		add_parts(to, &kf);
		json_add_text(to, "reason", st ? err->what : NULL);
		st = OK;
	}
	key_file_release(&kf);
	return st;
}

/* ------------------------------------------------------------ the command */

/*
 * A $EFS value has no magic number: it is one if its version is a known one
 * and its length is no more than the file's.
 */
static bool is_efs(struct bytes in)
{
	struct cursor c = cursor_open(in);
	uint32_t length = cursor_le32(&c);
	struct error ignored;
	uint32_t version;

	if (efs_version(&version, in, &ignored))
		return false;
	return version == 6 ||
	       (length >= EFS_HEADER_SIZE / 2 && length <= in.n);
}

static enum status inspect_bytes(json_t *to, struct bytes in,
                                 const struct passwords *pw, struct error *err)
{
	if (!is_efs(in))
		return inspect_keys(to, in, pw, err);
	inspect_efs(to, in);
	return OK;
}

static bool inspect_file(const char *path, const struct passwords *pw)
{
	char *shown = g_utf8_make_valid(path, -1);
	json_t *to = json_object();
	struct secret text;
	struct error err;
	enum status st = read_secret(path, LIMIT_KEY_FILE, &text, &err);

	json_add_text(to, "file", shown);
	if (!st) {
		json_add_u64(to, "size", text.n);
		st = inspect_bytes(to, secret_view(&text), pw, &err);
	}
	if (st == E_UNSUPPORTED)
		say("%s: is no $EFS attribute, PFX, key or certificate", path);
	else if (st)
		say("%s: %s", path, err.what);
	else if (!json_dumpf(to, stdout, JSON_INDENT(1)))
		putchar('\n');
	secret_release(&text);
	json_decref(to);
	g_free(shown);
	return !st;
}

static int inspect(const struct options *o)
{
	struct passwords pw = { 0 };
	struct error err;
	int code = EXIT_OK;

	if (!run_passwords(&pw, o))
		code = EXIT_KEYS;
	for (char **p = o->args; *p; p++)
		if (!inspect_file(*p, &pw))
			code = EXIT_EVIDENCE;
	if (report_flush(stdout, &err)) {
		say("%s", err.what);
		code = EXIT_OUTPUT;
	}
	passwords_release(&pw);
	return code;
}

const struct command command_inspect = {
	.name = "inspect",
	.args = "FILE...",
	.about = "decode a loose $EFS attribute, PFX, key or certificate",
	.help = "Prints what each file is, and its fields, as one JSON object "
		"a "
		"file. Private keys\nare never printed.",
	.takes = TAKES_PASSWORDS,
	.least = 1,
	.run = inspect,
};
