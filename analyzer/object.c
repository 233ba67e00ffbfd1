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
	*o = (struct object){ .most = UINT64_MAX };
	o->paths = g_ptr_array_new_with_free_func(g_free);
	o->efs = g_byte_array_new();
	o->streams = g_array_new(FALSE, FALSE, sizeof(struct stream));
	g_array_set_clear_func(o->streams, stream_release);
}

void object_release(struct object *o)
{
	if (o->paths)
		g_ptr_array_free(o->paths, TRUE);
	if (o->efs)
		g_byte_array_free(o->efs, TRUE);
	if (o->streams)
		g_array_free(o->streams, TRUE);
	if (o->rest)
		o->rest(o->read_ctx);
	g_free(o->plain);
	g_free(o->missing);
	g_free(o->absent);
	*o = (struct object){ 0 };
}

struct stream *object_stream(struct object *o, const char *name)
{
	struct stream fresh = { 0 };

	for (guint i = 0; i < o->streams->len; i++) {
		struct stream *s = &g_array_index(o->streams, struct stream, i);

		if (!g_strcmp0(s->name, name))
			return s;
	}
	if (o->streams->len >= LIMIT_STREAMS)
		return NULL;
	fresh.name = g_strdup(name);
	g_array_append_val(o->streams, fresh);
	return &g_array_index(o->streams, struct stream, o->streams->len - 1);
}
