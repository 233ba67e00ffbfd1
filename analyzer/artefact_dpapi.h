/* SPDX-License-Identifier: MIT */
/*
 * artefact_dpapi.h - what the artefacts of DPAPI have in common
 */
#ifndef ANALYZER_ARTEFACT_DPAPI_H
#define ANALYZER_ARTEFACT_DPAPI_H

#include "analyzer/artefact.h"

/* "key": the name or null, "key_id": the number. */
void artefact_add_hash(json_t *to, const char *key, uint32_t id);
void artefact_add_cipher(json_t *to, const char *key, uint32_t id);
/* Hexadecimal; of what is longer than any real salt or hash, only the size. */
void artefact_add_short(json_t *to, const char *key, struct bytes b);

#endif
