/* SPDX-License-Identifier: MIT */
/*
 * fuzz_qcow.c - headers of QCOW2, and table entries
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/qcow.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, FUZZ_AT };
	struct cursor c = cursor_open(in);
	struct error err = { 0 };
	struct qcow_header h;
	enum status st = qcow_header_parse(&h, in, &err);

	fuzz_error(st, &err, in);
	if (st)
		return 0;
	assert(h.cluster_bits >= 9 && h.cluster_bits <= 21);
	assert(h.size && h.size <= INT64_MAX);
	fuzz_inside(qcow_backing_format(&h, in), in);
	while (c.pos + 8 <= size) {
		uint64_t entry = cursor_be64(&c), at;
		struct qcow_cluster k = qcow_cluster_parse(&h, entry);

		assert(k.what != QCOW_DATA ||
		       k.at % (UINT64_C(1) << h.cluster_bits) == 0);
		assert(k.what != QCOW_PACKED || (k.n && k.n <= 8192 * 512));
		assert(!qcow_l2_parse(&h, entry, &at) || at < UINT64_C(1)
		                                                         << 56);
	}
	return 0;
}
