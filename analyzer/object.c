/* SPDX-License-Identifier: MIT */
/*
 * object.c - one encrypted file or directory, as the evidence holds it
 */
#include "analyzer/object.h"
#include "parsers/limits.h"

void stream_release(void *stream)
{
	struct stream *s = stream;

	g_free(s->name);
	if (s->value)
		g_byte_array_free(s->value, TRUE);
	extents_release(&s->extents);
}

void object_init(struct object *o)
{
	*o = (struct object){ .most = UINT64_MAX, .together = UINT64_MAX };
	o->paths = g_ptr_array_new_with_free_func(g_free);
	o->efs = g_byte_array_new();
	o->streams = g_array_new(FALSE, FALSE, sizeof(struct stream));
	g_array_set_clear_func(o->streams, stream_release);
	o->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

void object_release(struct object *o)
{
	if (o->paths)
		g_ptr_array_free(o->paths, TRUE);
	if (o->efs)
		g_byte_array_free(o->efs, TRUE);
	if (o->streams)
		g_array_free(o->streams, TRUE);
	g_clear_pointer(&o->names, g_hash_table_unref);
	if (o->rest)
		o->rest(o->read_ctx);
	g_free(o->plain);
	g_free(o->missing);
	g_free(o->absent);
	*o = (struct object){ 0 };
}

struct stream *object_stream(struct object *o, const char *name)
{
	const char *key = name ? name : ""; /* which no stream is called */
	guint i = GPOINTER_TO_UINT(g_hash_table_lookup(o->names, key));
	struct stream fresh = { 0 };

	if (!i && o->streams->len >= LIMIT_STREAMS)
		return NULL;
	if (!i) {
		fresh.name = g_strdup(name);
		g_array_append_val(o->streams, fresh);
		i = o->streams->len;
		(void)g_hash_table_insert(o->names, g_strdup(key),
		                          GUINT_TO_POINTER(i));
	}
	return &g_array_index(o->streams, struct stream, i - 1);
}
