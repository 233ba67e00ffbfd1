/* SPDX-License-Identifier: MIT */
/*
 * dfxml.h - the parts of a DFXML report
 */
#ifndef REPORTS_DFXML_H
#define REPORTS_DFXML_H

#include "recovery/casefile.h"
#include "reports/xml.h"

/* <fileobject>, with our facts in <efs:file> at its end. */
void dfxml_file(xmlTextWriterPtr w, const struct case_file *file);

#endif
