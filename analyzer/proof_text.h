/* SPDX-License-Identifier: MIT */
/*
 * proof_text.h - what proves a plaintext, in words
 */
#ifndef ANALYZER_PROOF_TEXT_H
#define ANALYZER_PROOF_TEXT_H

#include "recovery/decrypt.h"

/* For a `reason`; to be freed. */
char *proof_text(const struct proof *proof);

#endif
