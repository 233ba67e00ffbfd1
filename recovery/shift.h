/* SPDX-License-Identifier: MIT */
/*
 * shift.h - the mark of functions that shift vectors
 *
 * gcc 12's analyzer holds the bits that a vector is shifted by against the
 * number of its lanes, not the bits of one, and says that they are too many.
 */
#ifndef RECOVERY_SHIFT_H
#define RECOVERY_SHIFT_H

#ifdef __clang__
#define VECTOR_SHIFTS_BEGIN
#define VECTOR_SHIFTS_END
#else
#define VECTOR_SHIFTS_BEGIN                     \
	_Pragma("GCC diagnostic push") _Pragma( \
		"GCC diagnostic ignored \"-Wanalyzer-shift-count-overflow\"")
#define VECTOR_SHIFTS_END _Pragma("GCC diagnostic pop")
#endif

#endif
