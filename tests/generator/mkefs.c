/* SPDX-License-Identifier: MIT */
/*
 * mkefs.c - populate an NTFS image with encrypted files, as a text says
 *
 * The language is described in README.md.
 */
#include "tests/generator/object.h"
#include "tests/generator/selftest.h"

#include <gcrypt.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

struct run {
	struct volume volume;
	struct manifest manifest;
	struct object object;
	uint64_t serial;
};

/* -------------------------------------------------------------------- verbs */

static void do_volume(struct run *r, struct spec *s)
{
	r->serial = spec_number(s, "serial", r->serial);
}

static void do_default(struct run *r, struct spec *s)
{
	spec_set_defaults(s);
	times_from_spec(&r->volume.root, s);
}

static void do_key(struct run *r, struct spec *s)
{
	(void)r;
	keys_add(s);
}

static void do_file(struct run *r, struct spec *s)
{
	object_begin(&r->object, s, false, true);
}

static void do_plain(struct run *r, struct spec *s)
{
	object_begin(&r->object, s, false, false);
}

static void do_dir(struct run *r, struct spec *s)
{
	object_begin(&r->object, s, true, false);
}

static void do_edir(struct run *r, struct spec *s)
{
	object_begin(&r->object, s, true, true);
}

static void do_stream(struct run *r, struct spec *s)
{
	if (!r->object.ni)
		die("stream: there is no file before it");
	object_stream(&r->object, s, spec_word(s, 0), r->object.encrypted);
}

static void do_link(struct run *r, struct spec *s)
{
	char *path;
	uint64_t mft = volume_link(&r->volume, spec_word(s, 0), spec_word(s, 1),
	                           &path);

	manifest_link(&r->manifest, mft, path);
	free(path);
}

static void do_dosname(struct run *r, struct spec *s)
{
	volume_dos_name(&r->volume, spec_word(s, 0), spec_word(s, 1));
}

static void do_delete(struct run *r, struct spec *s)
{
	uint64_t mft;

	if (volume_delete(&r->volume, spec_word(s, 0), &mft))
		manifest_delete(&r->manifest, mft);
}

static const struct verb {
	const char *name;
	void (*run)(struct run *r, struct spec *s);
} verbs[] = {
	{ "volume", do_volume }, { "default", do_default },
	{ "key", do_key },       { "file", do_file },
	{ "plain", do_plain },   { "dir", do_dir },
	{ "edir", do_edir },     { "stream", do_stream },
	{ "link", do_link },     { "dosname", do_dosname },
	{ "delete", do_delete },
};

static void carry_out(struct run *r, struct spec *s)
{
	size_t n = sizeof(verbs) / sizeof(*verbs), i = 0;

	while (i < n && strcmp(verbs[i].name, s->words[0]))
		i++;
	if (i == n)
		die("no verb '%s'", s->words[0]);
	/* Streams belong to the file before them; all else begins anew. */
	if (verbs[i].run != do_stream)
		object_end(&r->object);
	verbs[i].run(r, s);
	spec_check_used(s);
}

/* --------------------------------------------------------------------- main */

static int usage(int status)
{
	fputs("usage: mkefs [--manifest FILE] [--expect DIR] IMAGE SPEC\n"
	      "       mkefs --self-test\n"
	      "Populate the NTFS volume in IMAGE as SPEC says (- is standard "
	      "input).\n",
	      status ? stderr : stdout);
	return status ? 2 : 0;
}

static void populate(struct run *r, const char *image, FILE *in)
{
	struct spec s = { 0 };

	volume_open(&r->volume, image);
	times_from_spec(&r->volume.root, &s);
	r->object.volume = &r->volume;
	r->object.manifest = &r->manifest;
	while (spec_next(&s, in))
		carry_out(r, &s);
	object_end(&r->object);
	spec_line = 0;
	spec_release(&s);
	volume_close(&r->volume);
	if (r->serial)
		volume_set_serial(image, r->serial);
}

static void init_gcrypt(void)
{
	if (!gcry_check_version(GCRYPT_VERSION))
		die("libgcrypt is too old");
	gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
	gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
}

static void run(struct run *r, const char *image, const char *spec,
                const char *manifest)
{
	FILE *in = strcmp(spec, "-") ? fopen(spec, "r") : stdin;

	if (!in)
		die("cannot open %s", spec);
	populate(r, image, in);
	if (manifest)
		manifest_write(&r->manifest, manifest);
	manifest_release(&r->manifest);
	keys_release();
	if (in != stdin)
		fclose(in);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "manifest", required_argument, NULL, 'm' },
		{ "expect", required_argument, NULL, 'e' },
		{ "self-test", no_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	static struct run r;
	const char *manifest = NULL;
	int c;

	init_gcrypt();
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 't')
			return selftest() ? 1 : 0;
		if (c == 'm')
			manifest = optarg;
		else if (c == 'e')
			r.manifest.folder = optarg;
		else
			return usage(c != 'h');
	}
	if (argc - optind != 2)
		return usage(2);
	run(&r, argv[optind], argv[optind + 1], manifest);
	return 0;
}
