/* SPDX-License-Identifier: MIT */
/*
 * folder.h - a folder for the files of one test program, and cmocka
 */
#ifndef TESTS_ANALYZER_FOLDER_H
#define TESTS_ANALYZER_FOLDER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Ours is that of status.h. */
#undef fail

#include <glib.h>

/* Its path, from folder_make, a group's set-up, to folder_remove. */
extern char *folder;

int folder_make(void **state);
int folder_remove(void **state);

#endif
