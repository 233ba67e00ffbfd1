/* SPDX-License-Identifier: MIT */
/*
 * run_pieces.c - what stays closed of the keys of a batch, for its images
 *
 * A piece is a line of JSON: what it is, where it lies, whose it is, and its
 * bytes in base64, as they lie in the evidence.
 */
#include "analyzer/run.h"
#include "analyzer/say.h"
#include "recovery/chain_pieces.h"
#include "reports/each.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---------------------------------------------------------------- writing */

static json_t *keys_json(const struct piece *piece)
{
	json_t *list = json_array();

	for (size_t i = 0; i < piece->n_keys; i++) {
		const struct piece_key *k = &piece->keys[i];

		(void)json_array_append_new(
			list, json_pack("{s:s*, s:b, s:b}", "reason", k->reason,
		                        "hopeless", k->hopeless, "current",
		                        k->current));
	}
	return list;
}

/* Numbers of 64 bits keep their bits, as in the case. */
static json_t *piece_json(const struct piece *piece)
{
	const struct origin *o = &piece->origin;
	char *data = g_base64_encode(piece->data.p, piece->data.n);
	json_t *line = json_pack(
		"{s:s, s:s, s:i, s:i, s:s*, s:I, s:I, s:s*, s:s*, s:s*, s:s, "
		"s:o}",
		"type", key_type_name(piece->type), "evidence", o->evidence,
		"volume", (int)o->volume, "snapshot", (int)o->snapshot, "path",
		o->path, "offset", (json_int_t)o->offset, "made",
		(json_int_t)o->made, "sid", o->sid, "user", o->user,
		"container", piece->container, "data", data, "keys",
		keys_json(piece));

	g_free(data);
	return line;
}

/* One that cannot be said is missed by its files, and by nothing else. */
static void write_piece(void *ctx, const struct piece *piece)
{
	FILE *out = ctx;
	json_t *line = piece_json(piece);

	if (line)
		(void)json_dumpf(line, out, JSON_COMPACT);
	else
		say("%s %s: it cannot be handed on to other images",
		    piece->origin.evidence,
		    piece->origin.path ? piece->origin.path : "?");
	(void)fputs(line ? "\n" : "", out);
	json_decref(line);
}

bool run_export_pieces(const struct run *run, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
	struct error err;
	enum status st;

	if (!out) {
		say("%s: %s", path, g_strerror(errno));
		return false;
	}
	chain_each_piece(run->chain, write_piece, out);
	st = report_flush(out, &err);
	if (fclose(out) && !st)
		st = fail(&err, E_IO, 0, g_strerror(errno));
	return st ? say_file(path, &err) : true;
}

/* ---------------------------------------------------------------- reading */

static bool read_keys(const json_t *list, GArray *keys)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		struct piece_key k = { 0 };
		int hopeless, current;

		if (json_unpack(json_array_get(list, i), "{s?s, s:b, s:b!}",
		                "reason", &k.reason, "hopeless", &hopeless,
		                "current", &current))
			return false;
		k.hopeless = hopeless;
		k.current = current;
		g_array_append_val(keys, k);
	}
	return true;
}

static bool read_type(enum key_type *type, const char *name)
{
	for (*type = KEY_CERTIFICATE; key_type_name(*type); (*type)++)
		if (!strcmp(key_type_name(*type), name))
			return true;
	return false;
}

/* The strings are those of `line`; `data` and `keys` are the caller's. */
static bool read_piece(struct piece *piece, json_t *line, guchar **data,
                       GArray *keys)
{
	struct origin *o = &piece->origin;
	const char *type, *base64;
	json_int_t offset, made;
	int volume, snapshot;
	json_t *list;

	if (json_unpack(line,
	                "{s:s, s:s, s:i, s:i, s?s, s:I, s:I, s?s, s?s, s?s, "
	                "s:s, s:o!}",
	                "type", &type, "evidence", &o->evidence, "volume",
	                &volume, "snapshot", &snapshot, "path", &o->path,
	                "offset", &offset, "made", &made, "sid", &o->sid,
	                "user", &o->user, "container", &piece->container,
	                "data", &base64, "keys", &list) ||
	    !read_type(&piece->type, type) || !read_keys(list, keys))
		return false;
	o->volume = (unsigned)volume;
	o->snapshot = (unsigned)snapshot;
	o->offset = (uint64_t)offset;
	o->made = (uint64_t)made;
	piece->keys = (const struct piece_key *)(void *)keys->data;
	piece->n_keys = keys->len;
	*data = g_base64_decode(base64, &piece->data.n);
	piece->data.p = *data;
	piece->data.at = o->offset;
	return true;
}

static enum status add_line(struct run *run, const char *text, size_t n,
                            struct error *err)
{
	json_t *line = json_loadb(text, n, 0, NULL);
	GArray *keys = g_array_new(FALSE, FALSE, sizeof(struct piece_key));
	struct piece piece = { 0 };
	guchar *data = NULL;
	enum status st;

	if (line && read_piece(&piece, line, &data, keys))
		st = chain_add_piece(run->chain, &piece, err);
	else
		st = fail(err, E_CORRUPT, 0, "no piece of key material");
	g_free(data);
	g_array_unref(keys);
	json_decref(line);
	return st;
}

bool run_add_pieces(struct run *run, const char *path)
{
	FILE *in = fopen(path, "re");
	char *text = NULL;
	size_t room = 0;
	ssize_t n = 0;
	bool ok = in;
	struct error err;

	for (unsigned number = 1; ok && (n = getline(&text, &room, in)) >= 0;
	     number++) {
		ok = !add_line(run, text, (size_t)n, &err);
		if (!ok)
			say("%s: line %u: %s", path, number, err.what);
	}
	if (!in || ferror(in)) {
		say("%s: %s", path, g_strerror(errno));
		ok = false;
	}
	chain_join_pieces(run->chain);
	free(text);
	if (in)
		(void)fclose(in);
	return ok;
}
