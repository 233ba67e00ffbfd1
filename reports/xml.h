/* SPDX-License-Identifier: MIT */
/*
 * xml.h - write XML to a stdio stream with libxml2, for any text
 */
#ifndef REPORTS_XML_H
#define REPORTS_XML_H

#include "parsers/status.h"

#include <libxml/xmlwriter.h>
#include <stdio.h>

/* Our own namespace, prefix "efs". */
#define XML_EFS_NS "urn:efsleuth:case:1"

/*
 * A writer into `out`, which it does not close; NULL without memory.
 * Freed with xmlFreeTextWriter, which also writes what it still holds.
 */
xmlTextWriterPtr xml_open(FILE *out);

void xml_start(xmlTextWriterPtr w, const char *name);
void xml_end(xmlTextWriterPtr w);
/* An attribute, for our own words and numbers; nothing for NULL. */
void xml_attribute(xmlTextWriterPtr w, const char *name, const char *s);
void xml_attribute_u64(xmlTextWriterPtr w, const char *name, uint64_t v);
/*
 * An element of any text; nothing for NULL.  What XML cannot contain is written
 * as %XX, and % as %25, and then the element says efs:escaped="true".
 */
void xml_text(xmlTextWriterPtr w, const char *name, const char *s);
void xml_u64(xmlTextWriterPtr w, const char *name, uint64_t v);

#endif
