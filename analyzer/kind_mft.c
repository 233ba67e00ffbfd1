/* SPDX-License-Identifier: MIT */
/*
 * kind_mft.c - a $MFT that was collected without its volume
 */
#include "analyzer/collection.h"
#include "analyzer/found_source.h"
#include "analyzer/site_mft.h"

static unsigned bid(const struct probe *probe)
{
	return mft_begins(probe->head) ? 96 : 0;
}

static const char *form(const struct probe *probe)
{
	(void)probe;
	return "$MFT";
}

static enum status find(struct run *run, struct evidence *e, struct error *err)
{
	unsigned before = run->sites->len;
	enum status st;

	e->file = found_source(e);
	st = mft_add(run, e, e->file, err);
	if (run->mode != RUN_INFO && run->sites->len == before)
		run->evidence_failed++;
	return st;
}

const struct kind kind_mft = {
	.name = "$MFT",
	.bid = bid,
	.form = form,
	.find = find,
};
