/* SPDX-License-Identifier: MIT */
/*
 * artefact_key.h - what the artefacts of keys and certificates have in common
 */
#ifndef ANALYZER_ARTEFACT_KEY_H
#define ANALYZER_ARTEFACT_KEY_H

#include "analyzer/artefact.h"
#include "parsers/key_blob.h"
#include "recovery/rsa.h"

/* Thumbprint, subject and the like. */
json_t *artefact_cert(const struct key_cert *cert);
/* The same of a certificate in DER; what cannot be read leaves the thumbprint.
 */
json_t *artefact_der(struct bytes der);
/* A private key in a DPAPI blob: size, master key; null if empty. */
json_t *artefact_locked(struct bytes blob);
/* The public numbers, as hexadecimal, the highest digit first. */
json_t *artefact_public(const struct key_blob *blob);

#endif
