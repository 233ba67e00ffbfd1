/* SPDX-License-Identifier: MIT */
/*
 * json.c - the parts of a JSON record
 */
#include "reports/json.h"

#include "reports/format.h"

#include <stdlib.h>

json_t *json_record(const char *kind)
{
	json_t *record = json_object();

	json_add_text(record, "kind", kind);
	json_add_u64(record, "schema", JSON_SCHEMA);
	return record;
}

static void put(struct json_out *out, const char *before, json_t *value,
                size_t flags, const char *after)
{
	char *text = value ? json_dumps(value, JSON_COMPACT | flags) : NULL;

	out->nomem |= !text;
	if (text)
		(void)fprintf(out->out, "%s%s%s", before, text, after);
	free(text);
	json_decref(value);
}

void json_write(struct json_out *out, json_t *record)
{
	put(out, "", record, 0, "\n");
}

void json_open(struct json_out *out, json_t *first)
{
	put(out, "{", first, JSON_EMBED, "");
}

void json_list_open(struct json_out *out, const char *key)
{
	(void)fprintf(out->out, ",\"%s\":[", key);
	out->listed = false;
}

void json_list_put(struct json_out *out, json_t *item)
{
	put(out, out->listed ? "," : "", item, 0, "");
	out->listed = true;
}

void json_list_close(struct json_out *out)
{
	(void)fputc(']', out->out);
}

void json_close(struct json_out *out, json_t *last)
{
	put(out, ",", last, JSON_EMBED, "}\n");
}

void json_add(json_t *to, const char *key, json_t *value)
{
	(void)json_object_set_new(to, key, value ? value : json_null());
}

void json_add_text(json_t *to, const char *key, const char *s)
{
	json_add(to, key, s ? json_string(s) : NULL);
}

void json_add_u64(json_t *to, const char *key, uint64_t v)
{
	if (v > INT64_MAX)
		json_add(to, key, json_real((double)v));
	else
		json_add(to, key, json_integer((json_int_t)v));
}

void json_add_known(json_t *to, const char *key, uint64_t v)
{
	if (v)
		json_add_u64(to, key, v);
	else
		json_add(to, key, NULL);
}

void json_add_time(json_t *to, const char *key, uint64_t filetime)
{
	char buf[TEXT_FILETIME];

	json_add_text(to, key, format_time(buf, filetime));
}

void json_add_label(json_t *to, const char *key, char letter, unsigned n)
{
	char buf[FORMAT_LABEL];

	json_add_text(to, key, format_label(buf, letter, n));
}

void json_add_texts(json_t *to, const char *key, const char *const *texts,
                    size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		(void)json_array_append_new(list, json_string(texts[i]));
	json_add(to, key, list);
}
