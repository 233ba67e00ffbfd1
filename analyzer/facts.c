/* SPDX-License-Identifier: MIT */
/*
 * facts.c - what a container or a volume says of itself
 */
#include "analyzer/facts.h"

void facts_add(struct facts *facts, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	if (!facts->list)
		facts->list = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(facts->list, g_strdup(name));
	g_ptr_array_add(facts->list, g_utf8_make_valid(value, -1));
}

void facts_addf(struct facts *facts, const char *name, const char *format, ...)
{
	va_list args;
	char *value;

	va_start(args, format);
	value = g_strdup_vprintf(format, args);
	va_end(args);
	facts_add(facts, name, value);
	g_free(value);
}

size_t facts_count(const struct facts *facts)
{
	return facts->list ? facts->list->len / 2 : 0;
}

const char *facts_name(const struct facts *facts, size_t i)
{
	return facts->list->pdata[2 * i];
}

const char *facts_value(const struct facts *facts, size_t i)
{
	return facts->list->pdata[2 * i + 1];
}

void facts_release(struct facts *facts)
{
	if (facts->list)
		g_ptr_array_free(facts->list, TRUE);
	*facts = (struct facts){ 0 };
}
