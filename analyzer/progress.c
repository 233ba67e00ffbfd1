/* SPDX-License-Identifier: MIT */
/*
 * progress.c - one line on the terminal: bytes, files, rate, time left
 */
#include "analyzer/progress.h"
#include "analyzer/say.h"
#include "reports/format.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#define EVERY (G_USEC_PER_SEC / 5)

static struct {
	bool on, shown;
	enum progress_unit unit;
	char what[64];
	uint64_t total, files;
	struct progress_images images;
	atomic_uint_fast64_t done; /* the only thing that other threads touch */
	GThread *thread;           /* that shows it */
	gint64 begun, last;
} line;

static void wipe(void)
{
	if (!line.shown)
		return;
	(void)fputs("\r\033[K", stderr);
	(void)fflush(stderr);
	line.shown = false;
}

void progress_start(bool wanted)
{
	line.on = wanted && isatty(STDERR_FILENO);
	say_wipes(wipe);
}

void progress_phase(const char *what, uint64_t total, enum progress_unit unit)
{
	if (!line.on)
		return;
	(void)g_strlcpy(line.what, what, sizeof(line.what));
	line.done = 0;
	line.files = 0;
	line.total = total;
	line.unit = unit;
	line.begun = line.last = g_get_monotonic_time();
	line.thread = g_thread_self();
}

static void append_left(GString *s, double rate)
{
	uint64_t left;

	if (!line.total || line.done > line.total)
		return;
	g_string_append_printf(s, ", %.0f %%",
	                       100.0 * (double)line.done / (double)line.total);
	if (rate <= 0)
		return;
	left = (uint64_t)((double)(line.total - line.done) / rate);
	g_string_append_printf(
		s, ", %u:%02u:%02u left", (unsigned)(left / 3600),
		(unsigned)(left / 60 % 60), (unsigned)(left % 60));
}

static void append_bytes(GString *s, double rate)
{
	char *done = g_format_size_full(line.done, G_FORMAT_SIZE_IEC_UNITS);
	char *speed =
		g_format_size_full((guint64)rate, G_FORMAT_SIZE_IEC_UNITS);

	g_string_append_printf(s, ", %u files, %s, %s/s", (unsigned)line.files,
	                       done, speed);
	g_free(done);
	g_free(speed);
}

static void append_images(GString *s, double seconds)
{
	const struct progress_images *i = &line.images;

	g_string_append_printf(s, "%u of %u images, %.1f/s, %u failed", i->done,
	                       i->all, seconds > 0 ? i->done / seconds : 0,
	                       i->failed);
}

static void show(gint64 now)
{
	double seconds = (double)(now - line.begun) / G_USEC_PER_SEC;
	double rate = seconds > 0 ? (double)line.done / seconds : 0;
	GString *s = g_string_new(NULL);

	format_line(s, line.what); /* it may be a name of the evidence */
	if (line.unit == PROGRESS_BYTES)
		append_bytes(s, rate);
	else if (line.unit == PROGRESS_PASSWORDS)
		g_string_append_printf(s,
		                       ", %" PRIu64 " of %" PRIu64 ", %.0f/s",
		                       line.done, line.total, rate);
	else if (line.unit == PROGRESS_IMAGES)
		append_images(s, seconds);
	append_left(s, rate);
	(void)fprintf(stderr, "\r%s\033[K", s->str);
	(void)fflush(stderr);
	line.shown = true;
	g_string_free(s, TRUE);
}

void progress_show(void)
{
	gint64 now;

	if (!line.on || line.thread != g_thread_self())
		return;
	now = g_get_monotonic_time();
	if (now - line.last < EVERY)
		return;
	line.last = now;
	show(now);
}

void progress_add(uint64_t done)
{
	atomic_fetch_add(&line.done, done);
	progress_show();
}

void progress_set(uint64_t done)
{
	line.done = done;
	progress_show();
}

void progress_file(void)
{
	line.files++;
	progress_show();
}

void progress_images(const struct progress_images *images, uint64_t done,
                     uint64_t total)
{
	if (!line.on)
		return;
	if (line.unit != PROGRESS_IMAGES || !line.begun)
		progress_phase("", total, PROGRESS_IMAGES);
	line.images = *images;
	progress_set(done);
}

void progress_stop(void)
{
	wipe();
	line.on = false;
}
