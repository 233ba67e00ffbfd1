/* SPDX-License-Identifier: MIT */
/*
 * progress.h - one line on the terminal: bytes, files, rate, time left
 */
#ifndef ANALYZER_PROGRESS_H
#define ANALYZER_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* Show progress from now on, if standard error is a terminal. */
void progress_start(bool wanted);
/* What is counted: parts without a name, bytes of files, passwords. */
enum progress_unit {
	PROGRESS_PARTS,
	PROGRESS_BYTES,
	PROGRESS_PASSWORDS,
	PROGRESS_IMAGES
};

/* What is being done ("scanning $MFT of v1"), and how much there is of it in
   all; 0 if that is not known. The text is copied. */
void progress_phase(const char *what, uint64_t total, enum progress_unit unit);
/* More of it is done; from any thread. */
void progress_add(uint64_t done);
/* What prints, a few times a second at most: this, and those below and above,
   from the thread that began the phase. */
void progress_show(void);
/* So much of it is done by now. */
void progress_set(uint64_t done);
void progress_file(void);
/* The line of a batch: images, and how much of all work that was. */
struct progress_images {
	unsigned done, all, failed;
};

void progress_images(const struct progress_images *images, uint64_t done,
                     uint64_t total);
/* Take the line away. */
void progress_stop(void);

#endif
