/* SPDX-License-Identifier: MIT */
/*
 * html_events.h - what happened when, beside the files: keys, certificates,
 * shadow copies
 */
#ifndef REPORTS_HTML_EVENTS_H
#define REPORTS_HTML_EVENTS_H

#include "recovery/casefile.h"

#include <stdio.h>

/* A table of them, by time; nothing if no time is known. */
MUST_USE enum status html_events(struct casefile *cf, FILE *out,
                                 struct error *err);

#endif
