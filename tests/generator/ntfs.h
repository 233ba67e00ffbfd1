/* SPDX-License-Identifier: MIT */
/*
 * ntfs.h - the headers of libntfs-3g, which want to be told of the system
 */
#ifndef GENERATOR_NTFS_H
#define GENERATOR_NTFS_H

#define HAVE_ENDIAN_H   1
#define HAVE_TIME_H     1
#define HAVE_SYS_STAT_H 1

#include <endian.h>
#include <errno.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

#include <ntfs-3g/volume.h>

#include <ntfs-3g/attrib.h>
#include <ntfs-3g/attrlist.h>
#include <ntfs-3g/dir.h>
#include <ntfs-3g/inode.h>
#include <ntfs-3g/layout.h>
#include <ntfs-3g/lcnalloc.h>
#include <ntfs-3g/runlist.h>

#endif
