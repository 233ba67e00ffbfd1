/* SPDX-License-Identifier: MIT */
/*
 * wrap.h - the mark of functions whose unsigned arithmetic wraps on purpose
 *
 * In C it may; but of lengths and offsets it is a mistake, and the sanitizer of
 * clang's that finds it (`make check-integer`) ends the program.  Checksums,
 * ciphers and two's complement are calculated modulo a power of two: that is
 * said at the function, with the reason, and the function does nothing else.
 */
#ifndef PARSERS_WRAP_H
#define PARSERS_WRAP_H

#ifdef __clang__
#define WRAPS                                                   \
	__attribute__((no_sanitize("unsigned-integer-overflow", \
	                           "unsigned-shift-base")))
#else
#define WRAPS
#endif

#endif
