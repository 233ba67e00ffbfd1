/* SPDX-License-Identifier: MIT */
/*
 * efsexport.c - write the encrypted files of an NTFS image as loose files
 */
#include "tests/generator/export/export.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include <ntfs-3g/logging.h>

/* ------------------------------------------------------------------- walk */

struct child {
	MFT_REF ref;
	struct name name;
};

struct children {
	struct child *p;
	size_t n;
};

/* Names that are only a short form of another one are left out. */
static int add_child(void *ctx, const ntfschar *name, const int n,
                     const int type, const s64 pos, const MFT_REF ref,
                     const unsigned dt)
{
	struct children *all = ctx;
	struct child c = { .ref = ref };

	(void)dt;
	/* The first two are "." and "..", made up by the library. */
	if (pos < 2 || type == FILE_NAME_DOS || MREF(ref) < FILE_first_user)
		return 0;
	memcpy(c.name.u, name, 2 * (size_t)n);
	c.name.n = (uint8_t)n;
	all->p = xrealloc(all->p, (all->n + 1) * sizeof(c));
	all->p[all->n++] = c;
	return 0;
}

static char *join(const char *a, const char *b)
{
	size_t n = strlen(a) + strlen(b) + 2;
	char *path = xmalloc(n);

	snprintf(path, n, "%s/%s", a, b);
	return path;
}

/* No name of the host's for two of the image's: ":" parts streams. */
static char *safe_name(const char *name)
{
	size_t n = 3 * strlen(name) + 1, k = 0;
	bool dots = !name[strspn(name, ".")];
	char *safe = xmalloc(n);

	for (; *name; name++) {
		if (*name == ':' || (dots && *name == '.'))
			k += (size_t)snprintf(safe + k, n - k, "%%%02X",
			                      (unsigned)*name);
		else
			safe[k++] = *name;
	}
	safe[k] = '\0';
	return safe;
}

static void export(const struct options *o, const struct object *obj)
{
	if (form_wanted(o, "raw"))
		form_raw(o, obj);
	if (form_wanted(o, "ntfs3g"))
		form_ntfs3g(o, obj);
	if (form_wanted(o, "pair"))
		form_pair(o, obj);
	if (form_wanted(o, "pfile"))
		form_pfile(o, obj);
}

static void walk(const struct options *o, ntfs_volume *vol, MFT_REF ref,
                 const char *path, const char *safe);

static void walk_children(const struct options *o, ntfs_volume *vol,
                          const struct children *all, const char *path,
                          const char *safe)
{
	for (size_t i = 0; i < all->n; i++) {
		char *name = name_encode(&all->p[i].name);
		char *plain = safe_name(name);
		char *p = join(path, name), *s = join(safe, plain);

		walk(o, vol, all->p[i].ref, p, s);
		free(name);
		free(plain);
		free(p);
		free(s);
	}
}

static void walk(const struct options *o, ntfs_volume *vol, MFT_REF ref,
                 const char *path, const char *safe)
{
	ntfs_inode *ni = ntfs_inode_open(vol, ref);
	struct children all = { 0 };
	struct object obj;
	s64 pos = 0;

	if (!ni)
		die("%s: %s", path, strerror(errno));
	if (object_open(&obj, ni, path, safe))
		export(o, &obj);
	object_close(&obj);
	if (ni->mrec->flags & MFT_RECORD_IS_DIRECTORY &&
	    ntfs_readdir(ni, &pos, &all, add_child))
		die("%s: %s", path, strerror(errno));
	ntfs_inode_close(ni);
	walk_children(o, vol, &all, path, safe);
	free(all.p);
}

/* ------------------------------------------------------------------- main */

static int usage(int status)
{
	fputs("usage: efsexport [OPTION...] IMAGE OUT\n"
	      "Write the encrypted files of the NTFS volume in IMAGE below "
	      "OUT.\n"
	      "  --forms LIST     of raw,ntfs3g,pair,pfile (all)\n"
	      "raw exports:\n"
	      "  --nul            stream names end in a NUL\n"
	      "  --shift N        data units of 2^N bytes, 9 to 16 (10)\n"
	      "  --segment SIZE   at most so much of a stream in a segment "
	      "(64K)\n"
	      "  --reverse        segments, last first\n"
	      "  --trailer FILE   these bytes behind each export\n",
	      status ? stderr : stdout);
	return status ? 2 : 0;
}

static void run(struct options *o, const char *image)
{
	ntfs_volume *vol;

	ntfs_log_set_handler(ntfs_log_handler_stderr);
	vol = ntfs_mount(image, NTFS_MNT_RDONLY);
	if (!vol)
		die("%s: no NTFS volume: %s", image, strerror(errno));
	vol->efs_raw = TRUE;
	walk(o, vol, FILE_root, "", "");
	if (ntfs_umount(vol, FALSE))
		die("cannot unmount: %s", strerror(errno));
}

static bool check_options(const struct options *o)
{
	return o->shift >= 9 && o->shift <= 16 && o->segment &&
	       o->segment % ((uint64_t)1 << o->shift) == 0 &&
	       o->segment >> o->shift <= UINT16_MAX;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "forms", required_argument, NULL, 'f' },
		{ "nul", no_argument, NULL, 'n' },
		{ "shift", required_argument, NULL, 's' },
		{ "segment", required_argument, NULL, 'g' },
		{ "reverse", no_argument, NULL, 'r' },
		{ "trailer", required_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct options o = { .shift = 10,
		             .segment = 64 << 10,
		             .forms = "raw,ntfs3g,pair,pfile" };
	int c;

	program_name = "efsexport";
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'f')
			o.forms = optarg;
		else if (c == 'n')
			o.nul = true;
		else if (c == 's')
			o.shift = (unsigned)parse_number(optarg);
		else if (c == 'g')
			o.segment = parse_number(optarg);
		else if (c == 'r')
			o.reversed = true;
		else if (c == 't')
			buf_read_file(&o.trailer, optarg);
		else
			return usage(c != 'h');
	}
	if (argc - optind != 2 || !check_options(&o))
		return usage(2);
	o.out = argv[optind + 1];
	run(&o, argv[optind]);
	buf_free(&o.trailer);
	return 0;
}
