/* SPDX-License-Identifier: MIT */
/*
 * selftest.h - check the generator's ciphers against known answers
 */
#ifndef GENERATOR_SELFTEST_H
#define GENERATOR_SELFTEST_H

/* Prints TAP; returns the number of failures. */
int selftest(void);

#endif
