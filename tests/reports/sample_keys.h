/* SPDX-License-Identifier: MIT */
/*
 * sample_keys.h - the key chains of the small case, and what is missing in it
 */
#ifndef TESTS_REPORTS_SAMPLE_KEYS_H
#define TESTS_REPORTS_SAMPLE_KEYS_H

#include "recovery/casefile.h"

#define ANN   "1911cf1e1911cf1e1911cf1e1911cf1e1911cf1e"
#define BOB   "b0bb0bb0bb0bb0bb0bb0bb0bb0bb0bb0bb0bb0bb"
#define AGENT "a9e47a9e47a9e47a9e47a9e47a9e47a9e47a9e47"
#define SID   "S-1-5-21-1004336348-1177238915-682003330-1001"
/* 2026-01-02T03:04:05.1234567Z */
#define NEW_YEAR UINT64_C(134117966451234567)

/* Every type of key, every state, and chains of one to four. */
void sample_keys(struct casefile *cf);
/* What would open this closed object; bob.pfx has the keys of bob's files. */
void sample_needs(struct casefile *cf, int64_t object, const char *path);

#endif
