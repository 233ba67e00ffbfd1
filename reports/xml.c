/* SPDX-License-Identifier: MIT */
/*
 * xml.c - write XML to a stdio stream with libxml2, for any text
 *
 * libxml2's own results are not looked at: what it cannot write shows in the
 * stream's error flag, which the report checks at its end.  Its memory is
 * GLib's, so where there is none it ends the program as all else does, and
 * leaves out nothing.
 */
#include "reports/xml.h"

#include "reports/format.h"

#include <inttypes.h>

static int write_stream(void *ctx, const char *buf, int n)
{
	FILE *out = ctx;

	return (int)fwrite(buf, 1, (size_t)n, out);
}

xmlTextWriterPtr xml_open(FILE *out)
{
	xmlOutputBufferPtr buffer;
	xmlTextWriterPtr w;

	(void)xmlMemSetup(g_free, g_malloc, g_realloc, g_strdup);
	buffer = xmlOutputBufferCreateIO(write_stream, NULL, out, NULL);
	w = buffer ? xmlNewTextWriter(buffer) : NULL;
	if (!w) {
		if (buffer)
			(void)xmlOutputBufferClose(buffer);
		return NULL;
	}
	(void)xmlTextWriterSetIndent(w, 1);
	return w;
}

static const xmlChar *chars(const char *s)
{
	return (const xmlChar *)s;
}

void xml_start(xmlTextWriterPtr w, const char *name)
{
	(void)xmlTextWriterStartElement(w, chars(name));
}

void xml_end(xmlTextWriterPtr w)
{
	(void)xmlTextWriterEndElement(w);
}

void xml_attribute(xmlTextWriterPtr w, const char *name, const char *s)
{
	GString *text;

	if (!s)
		return;
	text = g_string_new(NULL);
	if (format_xml_differs(s))
		format_xml(text, s);
	else
		g_string_append(text, s);
	(void)xmlTextWriterWriteAttribute(w, chars(name), chars(text->str));
	g_string_free(text, TRUE);
}

void xml_attribute_u64(xmlTextWriterPtr w, const char *name, uint64_t v)
{
	char digits[24];

	(void)g_snprintf(digits, sizeof(digits), "%" PRIu64, v);
	xml_attribute(w, name, digits);
}

void xml_text(xmlTextWriterPtr w, const char *name, const char *s)
{
	GString *text;

	if (!s)
		return;
	xml_start(w, name);
	text = g_string_new(NULL);
	if (format_xml_differs(s)) {
		xml_attribute(w, "efs:escaped", "true");
		format_xml(text, s);
	} else {
		g_string_append(text, s);
	}
	(void)xmlTextWriterWriteString(w, chars(text->str));
	g_string_free(text, TRUE);
	xml_end(w);
}

void xml_u64(xmlTextWriterPtr w, const char *name, uint64_t v)
{
	char digits[24];

	(void)g_snprintf(digits, sizeof(digits), "%" PRIu64, v);
	xml_text(w, name, digits);
}
