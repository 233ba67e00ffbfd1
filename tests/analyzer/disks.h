/* SPDX-License-Identifier: MIT */
/*
 * disks.h - virtual disks made by qemu-img, read, patched and damaged
 */
#ifndef TESTS_ANALYZER_DISKS_H
#define TESTS_ANALYZER_DISKS_H

#include "tests/analyzer/folder.h"

#include "analyzer/source.h"

/* What is in raw.dd: text, holes, bytes that do not compress. */
#define DISK_SIZE ((size_t)5 * 1024 * 1024 + 3 * 512)
extern uint8_t disk_bytes[DISK_SIZE];

/* A group's set-up: the folder, and raw.dd in it. */
int disks_make(void **state);
/* A shell command in the folder; it has to succeed. */
void disk_run(const char *command);
char *disk_path(const char *name);
struct source *disk_open(const char *name);
/* The contents of `name` are these bytes, whatever pieces they are read in. */
void disk_is(const char *name, const uint8_t *wanted, size_t n);
/* The same for raw.dd's, and nothing is said to be wrong. */
void disk_is_whole(const char *name);
/* The failure of opening it. */
void disk_refused(const char *name, enum status status, const char *what);
/* It opens, and its problem says this. */
struct source *disk_problem(const char *name, const char *says);
/* This fact of it is that. */
void disk_fact(const char *name, const char *fact, const char *wanted);
/* Is every sector either right or refused?  How many are refused. */
size_t disk_holes(struct source *s, const uint8_t *wanted, size_t n);

/* Overwrite bytes; a negative place counts from the end. */
void disk_patch(const char *name, long at, const void *p, size_t n);
void disk_get(const char *name, long at, void *p, size_t n);
long disk_file_size(const char *name);
void disk_cut(const char *name, long size);
/*
 * Change bytes among the first n from `at` of copies of `name`, and read each
 * to its end: nothing crashes, nothing hangs.
 */
void disk_mutate(const char *name, long at, long n, unsigned rounds);

#endif
