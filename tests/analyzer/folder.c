/* SPDX-License-Identifier: MIT */
/*
 * folder.c - a folder for the files of one test program
 */
#include "tests/analyzer/folder.h"

char *folder;

int folder_make(void **state)
{
	(void)state;
	folder = g_dir_make_tmp("efsleuth-XXXXXX", NULL);
	return folder ? 0 : -1;
}

int folder_remove(void **state)
{
	char *argv[] = { (char[]){ "rm" }, (char[]){ "-rf" }, folder, NULL };

	(void)state;
	(void)g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
	                   NULL, NULL, NULL, NULL);
	g_free(folder);
	return 0;
}
