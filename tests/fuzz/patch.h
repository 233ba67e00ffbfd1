/* SPDX-License-Identifier: MIT */
/*
 * patch.h - what an input of the targets of front.h is made of
 *
 *	00  u8   number of a base; PATCH_RAW: no checksum is repaired
 *	01  ..   patches:
 *
 *	00  u24  place: counts the bytes of sectors that look like structures
 *and not like ciphertext, in all files of the base, so that few bits are enough
 *and few are wasted 03  u8   n, up to PATCH_MOST, and what becomes of the n
 *bytes behind it: they stand there (n = 0: the file is cut there), they are
 *added to the number there (PATCH_ADD), or they are another place and a u8: so
 *many eights of bytes and one more come from there (PATCH_OTHER)
 */
#ifndef TESTS_FUZZ_PATCH_H
#define TESTS_FUZZ_PATCH_H

#define PATCH_RAW   0x80u
#define PATCH_HEAD  4u
#define PATCH_MOST  0x1fu
#define PATCH_ADD   0x20u
#define PATCH_OTHER 0x40u
#define PATCH_COPY  8u

#endif
