/* SPDX-License-Identifier: MIT */
/*
 * bitlocker_facts.c - what a BitLocker volume says of itself
 */
#include "analyzer/bitlocker.h"

#include "parsers/text.h"

struct out {
	bitlocker_fact *add;
	void *ctx;
};

static void addf(const struct out *out, const char *name, const char *format,
                 ...) G_GNUC_PRINTF(3, 4);

static void addf(const struct out *out, const char *name, const char *format,
                 ...)
{
	va_list args;
	char *value;

	va_start(args, format);
	value = g_strdup_vprintf(format, args);
	va_end(args);
	if (*value)
		out->add(out->ctx, name, value);
	g_free(value);
}

static char *utf16(struct bytes b)
{
	size_t cap = TEXT_UTF16(b.n);
	char *buf = g_malloc(cap);
	struct text t = text_open(buf, cap);

	text_utf16(&t, b);
	return buf;
}

static void add_protector(const struct out *out, unsigned number,
                          const struct bitlocker_protector *p)
{
	char guid[TEXT_GUID], when[TEXT_FILETIME];
	struct text g = text_open(guid, sizeof(guid));
	struct text w = text_open(when, sizeof(when));
	char *key = g_strdup_printf("protector %u", number);
	char *name = utf16(p->name);
	GString *s = g_string_new(bitlocker_protector_name(p->type));

	text_guid(&g, p->guid);
	text_filetime(&w, p->changed);
	g_string_append_printf(s, " %s of %s", guid, when);
	if (*name)
		g_string_append_printf(s, ", named %s", name);
	if (p->err.status)
		g_string_append_printf(s, ", damaged: %s", p->err.what);
	out->add(out->ctx, key, s->str);
	(void)g_string_free(s, TRUE);
	g_free(name);
	g_free(key);
}

static void add_protectors(const struct out *out,
                           const struct bitlocker_meta *m)
{
	struct bitlocker_entries it = bitlocker_entries_open(m->entries);
	struct bitlocker_protector p;
	unsigned n = 0;

	while (bitlocker_protectors_next(&it, &p))
		add_protector(out, ++n, &p);
	if (it.err.status)
		addf(out, "metadata", "damaged at %" G_GUINT64_FORMAT ": %s",
		     it.err.at, it.err.what);
}

static void add_state(const struct out *out, const struct bitlocker_volume *v)
{
	const struct bitlocker_meta *m = &v->meta;
	const char *state = bitlocker_state_name(m->state);
	const char *next = bitlocker_state_name(m->next_state);

	addf(out, "state", "%s (%u)", state ? state : "not known", m->state);
	if (m->next_state != m->state)
		addf(out, "next state", "%s (%u)", next ? next : "not known",
		     m->next_state);
	if (v->header.on_write)
		addf(out, "conversion",
		     "not finished: encrypts on write, and what was not "
		     "written "
		     "since may be plain");
	addf(out, "encrypted",
	     "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " bytes",
	     MIN(m->encrypted, v->size), v->size);
}

static void add_copies(const struct out *out, const struct bitlocker_volume *v)
{
	static const char *const nth[] = { "first", "second", "third" };

	addf(out, "metadata copy", "%s, at %" G_GUINT64_FORMAT "%s",
	     nth[v->copy], v->meta.all.at,
	     v->meta.sound ? "" : ", though its checksum does not hold");
	for (unsigned i = 0; i < BITLOCKER_COPIES; i++)
		if (v->damaged[i].status && i != v->copy)
			addf(out, "damaged copy",
			     "%s, at %" G_GUINT64_FORMAT ": %s", nth[i],
			     v->damaged[i].at, v->damaged[i].what);
}

void bitlocker_facts(const struct bitlocker_volume *v, bitlocker_fact *add,
                     void *ctx)
{
	static const char *const forms[] = { "Windows Vista",
		                             "Windows 7 or later", "To Go" };
	const struct out out = { add, ctx };
	const struct bitlocker_meta *m = &v->meta;
	const char *method = bitlocker_method_name(m->method);
	char guid[TEXT_GUID], when[TEXT_FILETIME];
	struct text g = text_open(guid, sizeof(guid));
	struct text w = text_open(when, sizeof(when));
	char *description = utf16(m->description);

	text_guid(&g, m->guid);
	text_filetime(&w, m->created);
	addf(&out, "BitLocker", "%s", forms[v->header.form]);
	addf(&out, "identifier", "%s", guid);
	if (method)
		addf(&out, "method", "%s", method);
	else
		addf(&out, "method", "not known: 0x%04x", m->method);
	add_state(&out, v);
	addf(&out, "created", "%s", when);
	addf(&out, "description", "%s", description);
	add_copies(&out, v);
	add_protectors(&out, m);
	g_free(description);
}
