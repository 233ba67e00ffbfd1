/* SPDX-License-Identifier: MIT */
/*
 * ewf_facts.c - what an EnCase image says of itself
 */
#include "analyzer/ewf_facts.h"
#include "parsers/limits.h"

#include <inttypes.h>
#include <string.h>

#define MOST_RANGES 16u

static const struct {
	const char *id, *name;
} headers[] = {
	{ "case_number", "case number" },
	{ "evidence_number", "evidence number" },
	{ "description", "description" },
	{ "examiner_name", "examiner" },
	{ "notes", "notes" },
	{ "acquiry_date", "acquisition date" },
	{ "system_date", "system date" },
	{ "acquiry_operating_system", "acquisition system" },
	{ "acquiry_software", "acquisition software" },
	{ "acquiry_software_version", "acquisition software version" },
	{ "model", "model" },
	{ "serial_number", "serial number" },
	{ "device_label", "device label" },
};

static const struct {
	unsigned format;
	const char *name;
} formats[] = {
	{ LIBEWF_FORMAT_ENCASE1, "EnCase 1" },
	{ LIBEWF_FORMAT_ENCASE2, "EnCase 2" },
	{ LIBEWF_FORMAT_ENCASE3, "EnCase 3" },
	{ LIBEWF_FORMAT_ENCASE4, "EnCase 4" },
	{ LIBEWF_FORMAT_ENCASE5, "EnCase 5" },
	{ LIBEWF_FORMAT_ENCASE6, "EnCase 6" },
	{ LIBEWF_FORMAT_ENCASE7, "EnCase 7" },
	{ LIBEWF_FORMAT_SMART, "SMART" },
	{ LIBEWF_FORMAT_FTK_IMAGER, "FTK Imager" },
	{ LIBEWF_FORMAT_LINEN5, "linen 5" },
	{ LIBEWF_FORMAT_LINEN6, "linen 6" },
	{ LIBEWF_FORMAT_LINEN7, "linen 7" },
	{ LIBEWF_FORMAT_EWF, "EWF" },
	{ LIBEWF_FORMAT_EWFX, "EWF-X" },
};

static const struct {
	unsigned type;
	const char *name;
} media[] = {
	{ LIBEWF_MEDIA_TYPE_REMOVABLE, "removable disk" },
	{ LIBEWF_MEDIA_TYPE_FIXED, "fixed disk" },
	{ LIBEWF_MEDIA_TYPE_OPTICAL, "optical disk" },
	{ LIBEWF_MEDIA_TYPE_SINGLE_FILES, "single files" },
	{ LIBEWF_MEDIA_TYPE_MEMORY, "memory" },
};

static void add_format(struct facts *facts, libewf_handle_t *h)
{
	uint8_t format = 0;

	if (libewf_handle_get_format(h, &format, NULL) != 1)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
		if (formats[i].format == format)
			facts_add(facts, "written as", formats[i].name);
}

static void add_media(struct facts *facts, libewf_handle_t *h)
{
	uint8_t type = 0, flags = 0;

	if (libewf_handle_get_media_type(h, &type, NULL) != 1)
		return;
	(void)libewf_handle_get_media_flags(h, &flags, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(media); i++)
		if (media[i].type == type)
			facts_addf(facts, "media type", "%s, %s", media[i].name,
			           flags & LIBEWF_MEDIA_FLAG_PHYSICAL
			                   ? "physical"
			                   : "logical");
}

static void add_header(struct facts *facts, libewf_handle_t *h, size_t i)
{
	const uint8_t *id = (const uint8_t *)headers[i].id;
	size_t length = strlen(headers[i].id), n = 0;
	char *text;

	if (libewf_handle_get_utf8_header_value_size(h, id, length, &n, NULL) !=
	            1 ||
	    !n || n > (1u << 20))
		return;
	text = g_malloc0(n + 1);
	if (libewf_handle_get_utf8_header_value(h, id, length, (uint8_t *)text,
	                                        n, NULL) == 1)
		facts_add(facts, headers[i].name, g_strstrip(text));
	g_free(text);
}

static void add_compression(struct facts *facts, libewf_handle_t *h)
{
	int8_t level = 0;
	uint8_t flags = 0;

	if (libewf_handle_get_compression_values(h, &level, &flags, NULL) != 1)
		return;
	facts_add(facts, "compression",
	          level == LIBEWF_COMPRESSION_NONE   ? "none"
	          : level == LIBEWF_COMPRESSION_FAST ? "deflate, fast"
	          : level == LIBEWF_COMPRESSION_BEST ? "deflate, best"
	                                             : "deflate");
}

static void add_set(struct facts *facts, const struct ewf_set *set)
{
	static const uint8_t none[EWF_SET_SIZE];
	const uint8_t *p = set->v.set;
	guint files = 0;

	facts_addf(facts, "sector size", "%" PRIu32, set->v.sector);
	facts_addf(facts, "chunk size", "%" PRIu32, set->v.chunk);
	for (guint i = 0; i < set->list->len; i++)
		files += g_array_index(set->list, struct ewf_segment, i).size !=
		         0;
	facts_addf(facts, "segments", "%u", files);
	facts_add(facts, "segment names", set->note->str);
	if (!memcmp(p, none, EWF_SET_SIZE))
		return;
	facts_addf(facts, "set identifier",
	           "{%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
	           "%02x%02x%02x%02x%02x%02x}",
	           p[3], p[2], p[1], p[0], p[5], p[4], p[7], p[6], p[8], p[9],
	           p[10], p[11], p[12], p[13], p[14], p[15]);
}

static void add_lost(struct source *s, uint64_t first, uint64_t sectors,
                     uint32_t sector)
{
	struct bad_range lost = { first * sector, sectors * sector };

	if (!sector || first > INT64_MAX / sector ||
	    sectors > INT64_MAX / sector || s->lost->len >= LIMIT_BAD_RANGES)
		return;
	g_array_append_val(s->lost, lost);
}

/* Sectors that the medium did not give, and that hold zeros in the image. */
static void add_acquisition_errors(struct source *s, libewf_handle_t *h)
{
	uint32_t n = 0, sector = 0;

	if (libewf_handle_get_number_of_acquiry_errors(h, &n, NULL) != 1 || !n)
		return;
	(void)libewf_handle_get_bytes_per_sector(h, &sector, NULL);
	s->lost = g_array_new(FALSE, FALSE, sizeof(struct bad_range));
	facts_addf(&s->facts, "read errors at acquisition",
	           "%" PRIu32 " ranges", n);
	for (uint32_t i = 0; i < n; i++) {
		uint64_t first = 0, sectors = 0;

		if (libewf_handle_get_acquiry_error(h, i, &first, &sectors,
		                                    NULL) != 1)
			continue;
		add_lost(s, first, sectors, sector);
		if (i < MOST_RANGES)
			facts_addf(&s->facts, "not acquired",
			           "%" PRIu64 " sectors from %" PRIu64, sectors,
			           first);
	}
}

/* Of a section of its own, or of the header values. */
static char *find_hash(libewf_handle_t *h, bool sha1)
{
	const char *id = sha1 ? "SHA1" : "MD5";
	size_t n = sha1 ? 20 : 16;
	uint8_t raw[20];
	char text[41] = "";
	int rc = sha1 ? libewf_handle_get_sha1_hash(h, raw, n, NULL)
	              : libewf_handle_get_md5_hash(h, raw, n, NULL);

	if (rc == 1) {
		for (size_t i = 0; i < n; i++)
			(void)g_snprintf(text + 2 * i, 3, "%02x", raw[i]);
	} else if (libewf_handle_get_utf8_hash_value(
			   h, (const uint8_t *)id, strlen(id), (uint8_t *)text,
			   sizeof(text), NULL) != 1) {
		return NULL;
	}
	if (strlen(text) != 2 * n ||
	    strspn(text, "0123456789abcdefABCDEF") != 2 * n)
		return NULL;
	return g_ascii_strdown(text, -1);
}

void ewf_facts(struct source *s, libewf_handle_t *h, const struct ewf_set *set)
{
	(void)libewf_handle_set_header_values_date_format(
		h, LIBEWF_DATE_FORMAT_ISO8601, NULL);
	add_format(&s->facts, h);
	for (size_t i = 0; i < G_N_ELEMENTS(headers); i++)
		add_header(&s->facts, h, i);
	add_media(&s->facts, h);
	add_compression(&s->facts, h);
	add_set(&s->facts, set);
	add_acquisition_errors(s, h);
	s->stored_md5 = find_hash(h, false);
	s->stored_sha1 = find_hash(h, true);
	facts_add(&s->facts, "stored MD5", s->stored_md5);
	facts_add(&s->facts, "stored SHA-1", s->stored_sha1);
}
