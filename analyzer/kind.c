/* SPDX-License-Identifier: MIT */
/*
 * kind.c - what an evidence is once it is out of its containers
 */
#include "analyzer/kind.h"

static const struct kind *const kinds[] = {
#define KIND(name) &kind_##name,
#include "analyzer/kinds.def"
#undef KIND
};

enum status kind_find(const struct kind **out, struct evidence *e,
                      struct error *err)
{
	struct probe probe;
	unsigned high = 0;

	*out = NULL;
	if (source_probe(&probe, e->s, e->s->under ? NULL : e->path, err))
		return err->status;
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		unsigned bid = kinds[i]->bid(&probe);

		if (bid <= high)
			continue;
		high = bid;
		*out = kinds[i];
	}
	if ((*out)->form)
		e->form = (*out)->form(&probe);
	return OK;
}

enum status kind_add_facts(struct run *run, const struct evidence *e,
                           int64_t volume, const struct facts *facts,
                           struct error *err)
{
	enum status st = OK;

	for (size_t i = 0; !st && i < facts_count(facts); i++) {
		const struct case_fact row = {
			.evidence = e->id,
			.volume = volume,
			.name = facts_name(facts, i),
			.value = facts_value(facts, i),
		};

		st = casefile_add_fact(run->cf, &row, err);
	}
	return st;
}

enum status kind_add_site(struct run *run, const struct evidence *e,
                          struct site *site, struct error *err)
{
	enum status st;

	origin_label(site->place.volume, site->row.number, site->row.snapshot);
	site->place.run = run;
	site->place.evidence = e->name;
	site->keys_only = e->keys_only;
	site->row.evidence = e->id;
	site->row.reason = site->reason;
	g_ptr_array_add(run->sites, site);
	run->walked += !e->keys_only;
	st = casefile_add_volume(run->cf, &site->row, err);
	site->place.volume_id = site->row.id;
	return st;
}
