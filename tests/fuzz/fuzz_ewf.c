/* SPDX-License-Identifier: MIT */
/*
 * fuzz_ewf.c - the sections of one segment of an EnCase image
 */
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/repair.h"

#include "parsers/ewf.h"
#include "parsers/limits.h"

static struct bytes behind(struct bytes in, uint64_t at)
{
	return (struct bytes){ in.p + at, in.n - (size_t)at, at };
}

/* What is written of a section reads as the same. */
static void check_head(const struct ewf_section *section)
{
	uint8_t head[EWF_SECTION_SIZE];
	struct bytes in = { head, sizeof(head), section->at };
	struct ewf_section again;
	struct error err = { 0 };

	ewf_section_head(head, section);
	assert(!ewf_section_parse(&again, in, &err));
	assert(again.type == section->type && again.next == section->next);
	assert(again.size == section->size);
}

static void check_segment(unsigned number)
{
	uint8_t head[EWF_HEAD_SIZE];
	struct bytes in = { head, sizeof(head), 0 };
	struct error err = { 0 };
	unsigned again;

	ewf_segment_head(head, number);
	assert(ewf_kind(in) == EWF_DISK);
	assert(!ewf_segment_parse(&again, in, &err) && again == number);
}

void fuzz_repair(uint8_t *data, size_t size)
{
	repair_ewf(NULL, data, size);
}

static void check_contents(const struct ewf_section *section, struct bytes in)
{
	struct ewf_volume volume;
	struct error err = { 0 };
	uint32_t chunks;

	if (section->size < EWF_SECTION_SIZE ||
	    section->at + EWF_SECTION_SIZE > in.n)
		return;
	in = behind(in, section->at + EWF_SECTION_SIZE);
	fuzz_error(ewf_table_parse(&chunks, in, &err), &err, in);
	err = (struct error){ 0 };
	fuzz_error(ewf_volume_parse(&volume, in, &err), &err, in);
	assert(volume.chunk <= LIMIT_EWF_CHUNK);
	assert(err.status || volume.chunk);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, 0 };
	uint64_t at = EWF_HEAD_SIZE;
	struct ewf_section section;
	struct error err = { 0 };
	unsigned number;

	(void)ewf_kind(in);
	fuzz_error(ewf_segment_parse(&number, in, &err), &err, in);
	if (number)
		check_segment(number);
	while (at <= size) {
		enum status st;

		err = (struct error){ 0 };
		st = ewf_section_parse(&section, behind(in, at), &err);
		fuzz_error(st, &err, in);
		if (st)
			break;
		assert(section.at == at);
		assert(section.size >= EWF_SECTION_SIZE);
		check_head(&section);
		check_contents(&section, in);
		if (section.next == at)
			break;
		assert(section.next >= at + section.size);
		at = section.next;
	}
	return 0;
}
