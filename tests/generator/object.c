/* SPDX-License-Identifier: MIT */
/*
 * object.c - one file or directory, from its line to its sealed record
 */
#include "tests/generator/object.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ options */

void times_from_spec(struct times *t, struct spec *s)
{
	const char *all = spec_option(s, "time");
	uint64_t base = parse_time(all ? all : "2024-01-02T03:04:05.1234567Z");
	const struct {
		const char *option;
		uint64_t *to;
	} each[] = {
		{ "created", &t->created },
		{ "modified", &t->modified },
		{ "changed", &t->changed },
		{ "accessed", &t->accessed },
	};

	for (size_t i = 0; i < sizeof(each) / sizeof(*each); i++) {
		const char *text = spec_option(s, each[i].option);

		*each[i].to = text ? parse_time(text) : base;
	}
}

static enum padding padding_of(const char *text)
{
	if (!text || !strcmp(text, "zero"))
		return PAD_ZERO;
	if (!strcmp(text, "random"))
		return PAD_RANDOM;
	if (!strcmp(text, "cluster"))
		return PAD_CLUSTER;
	die("no padding '%s'", text);
}

/* "64K+128K,1M+64K": offset and length of each hole. */
static void parse_holes(struct layout *l, const char *text)
{
	char *own = xstrdup(text), *save = NULL;

	for (char *p = strtok_r(own, ",", &save); p;
	     p = strtok_r(NULL, ",", &save)) {
		char *plus = strchr(p, '+');

		if (!plus || l->n_holes == HOLES_MAX)
			die("'%s' is no list of holes", text);
		*plus = '\0';
		l->holes[l->n_holes].at = parse_number(p);
		l->holes[l->n_holes++].len = parse_number(plus + 1);
	}
	free(own);
}

/* "8" or "8:back": clusters in a fragment. */
static void parse_frag(struct layout *l, const char *text)
{
	char *own = xstrdup(text), *colon = strchr(own, ':');

	if (colon)
		*colon = '\0';
	l->frag = parse_number(own);
	l->back = colon && !strcmp(colon + 1, "back");
	free(own);
}

static void layout_from_spec(struct stream *st, struct spec *s)
{
	const char *holes = spec_option(s, "holes");
	const char *frag = spec_option(s, "frag");

	st->layout.size = spec_number(s, "alloc", st->size);
	if (st->layout.size < st->size)
		die("alloc= is less than the size");
	if (holes)
		parse_holes(&st->layout, holes);
	if (frag)
		parse_frag(&st->layout, frag);
}

static void cipher_from_spec(struct stream *st, struct spec *s)
{
	const char *given = spec_option(s, "cipher");

	st->zero_cipher = given && !strcmp(given, "zero");
	st->has_given = given && !st->zero_cipher;
	if (!st->has_given)
		return;
	content_open(&st->given, given, "");
	if (st->layout.size < st->given.size)
		st->layout.size = st->given.size;
	st->unwritten_slack = true; /* write it whole */
}

static void stream_from_spec(struct stream *st, struct spec *s,
                             const char *seed, bool encrypted)
{
	const char *data = spec_option(s, "data");
	const char *flags = spec_option(s, "flags");

	content_open(&st->content, data ? data : "random", seed);
	st->encrypted = spec_number(s, "enc", encrypted);
	st->size = spec_number(s, "size", st->content.size);
	st->valid = spec_number(s, "vdl", st->size);
	if (st->valid > st->size)
		die("vdl= is more than the size");
	st->resident =
		spec_number(s, "resident", !st->encrypted && st->size < 400);
	st->padding = padding_of(spec_option(s, "pad"));
	st->unwritten_slack = spec_number(s, "slack", 0);
	st->has_flags = flags != NULL;
	st->flags = (uint16_t)spec_number(s, "flags", 0);
	layout_from_spec(st, s);
	cipher_from_spec(st, s);
}

/* --------------------------------------------------------------------- $EFS */

static enum efs_place place_of(const char *text)
{
	static const char *const names[] = { "auto", "base", "extent",
		                             "nonres" };

	for (unsigned i = 0; text && i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(text, names[i]))
			return (enum efs_place)i;
	if (text)
		die("no place '%s'", text);
	return EFS_AUTO;
}

static void efs_build(struct object *o, struct spec *s, const char *path)
{
	struct entries ddf, drf;
	uint32_t version = (uint32_t)spec_number(s, "version", 2);
	struct efsattr attr = {
		.version = version,
		.hash = spec_number(s, "hash", version == 1),
		.seed = seed_of("efs", path),
		.fek = &o->fek,
		.ddf = &ddf,
		.drf = &drf,
	};

	keys_parse(&ddf, spec_option(s, "ddf"));
	keys_parse(&drf, spec_option(s, "drf"));
	o->openers = keys_openers(&ddf, &drf);
	efsattr_build(&o->efs, &attr);
}

/* "20:deadbeef,40:00": bytes to lay over the value, hexadecimal offsets. */
static void efs_patch(struct buf *efs, const char *text)
{
	char *own = xstrdup(text), *save = NULL;

	for (char *p = strtok_r(own, ",", &save); p;
	     p = strtok_r(NULL, ",", &save)) {
		struct buf b = { 0 };
		char *hex;
		size_t at = strtoul(p, &hex, 16);

		if (*hex++ != ':')
			die("'%s' is no patch", text);
		buf_parse_hex(&b, hex);
		if (at > efs->n || b.n > efs->n - at)
			die("a patch lies outside of $EFS");
		memcpy(efs->p + at, b.p, b.n);
		buf_free(&b);
	}
	free(own);
}

static void efs_source(struct object *o, struct spec *s, const char *path)
{
	const char *source = spec_option(s, "efs");

	if (!source)
		efs_build(o, s, path);
	else if (!strncmp(source, "raw:", 4))
		buf_read_file(&o->efs, source + 4);
	else if (!strncmp(source, "hex:", 4))
		buf_read_hex(&o->efs, source + 4);
	else if (!strncmp(source, "noise:", 6))
		buf_zero(&o->efs, (size_t)parse_number(source + 6));
	else if (strcmp(source, "none"))
		die("no $EFS from '%s'", source);
	if (source && !strncmp(source, "noise:", 6))
		noise(seed_of("garbage", path), 0, o->efs.p, o->efs.n);
}

void efs_from_spec(struct object *o, struct spec *s, const char *path)
{
	const char *alg = spec_option(s, "alg");
	const char *fek = spec_option(s, "fek");
	const char *openers = spec_option(s, "openers");
	const char *patch = spec_option(s, "patch");
	size_t cut;

	fek_make(&o->fek, algorithm_find(alg ? alg : "aes-256"),
	         fek ? fek : path);
	efs_source(o, s, path);
	if (openers) {
		free(o->openers);
		o->openers = xstrdup(openers);
	}
	if (patch)
		efs_patch(&o->efs, patch);
	cut = (size_t)spec_number(s, "cut", o->efs.n);
	if (cut < o->efs.n)
		o->efs.n = cut;
	o->efs_place = place_of(spec_option(s, "place"));
}

/* ------------------------------------------------------------------ objects */

static void row_from(struct row *row, struct object *o, char *stream)
{
	*row = (struct row){
		.directory = o->directory,
		.mft = o->ni->mft_no,
		.sequence = le16_to_cpu(o->ni->mrec->sequence_number),
		.path = o->place.path,
		.stream = stream,
		.openers = o->openers,
		.expect = o->expect,
		.algorithm = o->fek.alg->report,
	};
}

void object_begin(struct object *o, struct spec *s, bool directory,
                  bool encrypted)
{
	const char *expect = spec_option(s, "expect");
	const char *attrs = spec_option(s, "attrs");
	struct row row;

	place_open(&o->place, o->volume, spec_word(s, 0));
	o->directory = directory;
	o->encrypted = encrypted;
	times_from_spec(&o->times, s);
	o->has_attrs = attrs != NULL;
	o->attrs = (uint32_t)spec_number(s, "attrs", 0);
	o->expect = xstrdup(expect ? expect : "ok");
	if (encrypted)
		efs_from_spec(o, s, o->place.path);
	o->ni = place_create(&o->place, directory);
	if (!directory) {
		object_stream(o, s, "", encrypted);
	} else if (encrypted) {
		row_from(&row, o, NULL);
		manifest_add(o->manifest, &row);
	}
}

/* The text that seeds what a line does not give. */
static char *stream_id(const struct object *o, const char *stream)
{
	size_t n = strlen(o->place.path) + strlen(stream) + 2;
	char *id = xmalloc(n);

	snprintf(id, n, "%s:%s", o->place.path, stream);
	return id;
}

/* Write a stream that a reader must recover, and say what it holds. */
static void write_noted(struct object *o, struct stream *st, char *name)
{
	struct row row;
	FILE *out;

	row_from(&row, o, name);
	row.size = st->size;
	row.has_sha256 = true;
	out = manifest_create(o->manifest, row.mft, name, &row.file);
	stream_write(o->ni, st, &o->fek, out, row.sha256);
	if (out && fclose(out))
		die("cannot write the expected plaintext");
	if (row.file)
		manifest_tree(o->manifest, row.file, o->place.path, name);
	manifest_add(o->manifest, &row);
	free(row.file);
}

void object_stream(struct object *o, struct spec *s, const char *name,
                   bool encrypted)
{
	struct stream *st = &o->streams[o->n_streams];
	uint8_t unused[32];
	char *text, *id;

	if (o->n_streams == STREAMS_MAX)
		die("too many streams");
	o->n_streams++;
	name_decode(&st->name, name, strlen(name));
	text = name_encode(&st->name);
	id = stream_id(o, text);
	stream_from_spec(st, s, id, encrypted);
	if (!st->encrypted)
		stream_write(o->ni, st, &o->fek, NULL, unused);
	else if (!o->encrypted)
		die("an encrypted stream in a plain file");
	else
		write_noted(o, st, text);
	free(id);
	free(text);
}

static void object_reset(struct object *o)
{
	for (size_t i = 0; i < o->n_streams; i++) {
		content_close(&o->streams[i].content);
		content_close(&o->streams[i].given);
		o->streams[i] = (struct stream){ 0 };
	}
	buf_free(&o->efs);
	free(o->openers);
	free(o->expect);
	o->openers = o->expect = NULL;
	o->n_streams = 0;
	o->ni = NULL;
}

void object_end(struct object *o)
{
	if (!o->ni)
		return;
	for (size_t i = 0; i < o->n_streams; i++)
		stream_seal(o->ni, &o->streams[i]);
	efs_attach(o);
	if (o->encrypted)
		o->ni->flags |= FILE_ATTR_ENCRYPTED;
	if (o->has_attrs)
		o->ni->flags = cpu_to_le32(o->attrs);
	volume_seal(o->volume, &o->place, o->ni, &o->times);
	object_reset(o);
}
