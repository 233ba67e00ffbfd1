/* SPDX-License-Identifier: MIT */
/*
 * hive_cell.c - the cells of a registry hive
 *
 * Suhanov, "Windows registry file format specification": Cell, and what
 * follows.
 */
#include "parsers/hive_cell.h"

#define NAME_LATIN1 0x20u /* flag of a key */
#define VALUE_LATIN 0x01u /* flag of a value */
#define DATA_LOCAL  UINT32_C(0x80000000)

/* Two letters, the first in the low byte. */
#define TAG(a, b) ((uint16_t)((b) << 8 | (a)))

/*
 *	00  "nk"                    02  u16  flags
 *	04  u64  last written       0c  u32  access bits
 *	10  u32  parent             14  u32  sub keys
 *	18  u32  volatile ones      1c  u32  list of sub keys
 *	20  u32  of volatile ones   24  u32  values
 *	28  u32  list of values     2c  u32  security
 *	30  u32  class name         34  20   largest names and data
 *	48  u16  size of the name   4a  u16  size of the class name
 *	4c  ..   name
 */
enum status hive_nk_parse(struct hive_nk *key, struct bytes cell,
                          struct error *err)
{
	struct cursor c = cursor_open(cell);
	uint16_t tag = cursor_le16(&c);
	uint16_t flags = cursor_le16(&c), size;

	*key = (struct hive_nk){ .written = cursor_le64(&c) };
	cursor_skip(&c, 8);
	key->subs = cursor_le32(&c);
	cursor_skip(&c, 4);
	key->subs_at = cursor_le32(&c);
	cursor_skip(&c, 4);
	key->values = cursor_le32(&c);
	key->values_at = cursor_le32(&c);
	cursor_skip(&c, 4);
	key->class_at = cursor_le32(&c);
	cursor_skip(&c, 20);
	size = cursor_le16(&c);
	key->class_size = cursor_le16(&c);
	key->name.text = cursor_take(&c, size);
	key->name.utf16 = !(flags & NAME_LATIN1);
	if (tag == TAG('n', 'k') && !c.bad)
		return OK;
	*key = (struct hive_nk){ 0 };
	if (tag != TAG('n', 'k'))
		return fail(err, E_CORRUPT, cell.at, "key of a hive");
	return fail(err, E_TRUNCATED, cell.at, "key of a hive");
}

/*
 *	00  "vk"                    02  u16  size of the name
 *	04  u32  size of the data, the highest bit set: the data is at 08
 *	08  u32  data               0c  u32  type
 *	10  u16  flags              12  u16
 *	14  ..   name
 */
enum status hive_vk_parse(struct hive_vk *value, struct bytes cell,
                          struct error *err)
{
	struct cursor c = cursor_open(cell);
	uint16_t tag = cursor_le16(&c), name = cursor_le16(&c), flags;
	struct cursor local;

	*value = (struct hive_vk){ .size = cursor_le32(&c) };
	local = c;
	value->data_at = cursor_le32(&c);
	value->type = cursor_le32(&c);
	flags = cursor_le16(&c);
	cursor_skip(&c, 2);
	value->name.text = cursor_take(&c, name);
	value->name.utf16 = !(flags & VALUE_LATIN);
	if (value->size & DATA_LOCAL) {
		value->size &= ~DATA_LOCAL;
		value->data_at = HIVE_NO_CELL;
		value->local = cursor_take(&local, value->size);
	}
	if (tag == TAG('v', 'k') && !c.bad && value->local.n <= 4 && !local.bad)
		return OK;
	*value = (struct hive_vk){ 0 };
	if (tag != TAG('v', 'k') || !c.bad)
		return fail(err, E_CORRUPT, cell.at, "value of a hive");
	return fail(err, E_TRUNCATED, cell.at, "value of a hive");
}

/*
 *	00  "lf" or "lh"   02  u16  count   04  {u32 key, u32 hint} each
 *	00  "li"           02  u16  count   04  {u32 key} each
 *	00  "ri"           02  u16  count   04  {u32 list} each
 *	00  "db"           02  u16  count   04  u32  list of the parts
 */
enum status hive_list_parse(struct hive_list *list, struct bytes cell,
                            struct error *err)
{
	struct cursor c = cursor_open(cell);
	uint16_t tag = cursor_le16(&c);
	struct hive_list l = { .count = cursor_le16(&c), .width = 4 };

	*list = (struct hive_list){ 0 };
	if (tag == TAG('l', 'f') || tag == TAG('l', 'h'))
		l.width = 8;
	else if (tag == TAG('r', 'i'))
		l.kind = HIVE_LIST_LISTS;
	else if (tag == TAG('d', 'b'))
		l.kind = HIVE_LIST_DATA;
	else if (tag != TAG('l', 'i'))
		return fail(err, E_CORRUPT, cell.at, "list of a hive");
	if (l.kind == HIVE_LIST_DATA)
		l.at = cursor_le32(&c);
	else
		l.list = cursor_take(&c, (size_t)l.count * l.width);
	if (c.bad)
		return fail(err, E_TRUNCATED, cell.at, "list of a hive");
	*list = l;
	return OK;
}

uint32_t hive_list_get(const struct hive_list *list, uint32_t i)
{
	struct cursor c = cursor_open(list->list);
	uint32_t at;

	cursor_skip(&c, (size_t)i * list->width);
	at = cursor_le32(&c);
	return c.bad ? HIVE_NO_CELL : at;
}
