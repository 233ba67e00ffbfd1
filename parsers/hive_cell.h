/* SPDX-License-Identifier: MIT */
/*
 * hive_cell.h - the cells of a registry hive: keys, values and their lists
 *
 * A cell is given without its size.  Offsets of other cells count from the
 * first bin, which is at HIVE_BASE_SIZE.  The layout is that of M. Suhanov's
 * "Windows registry file format specification".  Ranges borrow from the cell.
 */
#ifndef PARSERS_HIVE_CELL_H
#define PARSERS_HIVE_CELL_H

#include "parsers/hive_base.h"

#define HIVE_NO_CELL UINT32_MAX

struct hive_name {
	struct bytes text;
	bool utf16; /* or else one byte a character, of Latin 1 */
};

/* A key. */
struct hive_nk {
	uint64_t written; /* FILETIME */
	uint32_t subs;    /* how many sub keys */
	uint32_t subs_at; /* cell of their list */
	uint32_t values;
	uint32_t values_at; /* cell of a list of so many offsets */
	uint32_t class_at;  /* cell of the class name, UTF-16 */
	uint16_t class_size;
	struct hive_name name;
};

/* A value. */
struct hive_vk {
	uint32_t type;      /* REG_SZ is 1, and so on */
	uint32_t size;      /* of the data, bytes */
	uint32_t data_at;   /* cell of the data, if it is not here: */
	struct bytes local; /* up to four bytes of data */
	struct hive_name name;
};

/*
 * E_CORRUPT: another kind of cell, or data of an impossible size.  E_TRUNCATED:
 * shorter than it says.
 */
MUST_USE enum status hive_nk_parse(struct hive_nk *key, struct bytes cell,
                                   struct error *err);
MUST_USE enum status hive_vk_parse(struct hive_vk *value, struct bytes cell,
                                   struct error *err);

enum hive_list_kind {
	HIVE_LIST_KEYS,  /* of keys */
	HIVE_LIST_LISTS, /* of lists of keys */
	HIVE_LIST_DATA,  /* the cell of a list of parts of a large value */
};

/* Offsets of cells. */
struct hive_list {
	enum hive_list_kind kind;
	uint32_t count;    /* offsets, or parts of HIVE_PART_SIZE bytes */
	uint32_t at;       /* HIVE_LIST_DATA: cell of the list */
	struct bytes list; /* of the others */
	uint32_t width;    /* bytes of an item; the offset is its first four */
};

/* Bytes of each part of a large value but the last. */
#define HIVE_PART_SIZE 16344u

/* Errors as above. */
MUST_USE enum status hive_list_parse(struct hive_list *list, struct bytes cell,
                                     struct error *err);
/* The i-th offset, or HIVE_NO_CELL. */
uint32_t hive_list_get(const struct hive_list *list, uint32_t i);

#endif
