/* SPDX-License-Identifier: MIT */
/*
 * fuzz_hive_cell.c - a cell of a hive, as every kind
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/hive_cell.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, FUZZ_AT };
	struct hive_nk key;
	struct hive_vk value;
	struct hive_list list;
	struct error err = { 0 };

	fuzz_error(hive_nk_parse(&key, in, &err), &err, in);
	fuzz_inside(key.name.text, in);
	err = (struct error){ 0 };
	fuzz_error(hive_vk_parse(&value, in, &err), &err, in);
	fuzz_inside(value.name.text, in);
	fuzz_inside(value.local, in);
	assert(value.local.n <= 4);
	err = (struct error){ 0 };
	fuzz_error(hive_list_parse(&list, in, &err), &err, in);
	fuzz_inside(list.list, in);
	assert(list.count <= UINT16_MAX);
	assert(hive_list_get(&list, list.count) == HIVE_NO_CELL);
	return 0;
}
