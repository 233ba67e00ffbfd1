/* SPDX-License-Identifier: MIT */
/*
 * say.c - sentences for people: on standard error, and in the log
 */
#include "analyzer/say.h"
#include "reports/format.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static enum say_level shown = SAY_NORMAL;
static FILE *log_file;
static void (*wipe_line)(void);
static char *last_said;
static GMutex lock; /* of the two outputs, and of what was said last */

bool say_open(enum say_level level, const char *log)
{
	shown = level;
	if (!log)
		return true;
	log_file = fopen(log, "a");
	return log_file != NULL;
}

void say_close(void)
{
	if (log_file)
		(void)fclose(log_file);
	log_file = NULL;
	g_clear_pointer(&last_said, g_free);
}

void say_wipes(void (*wipe)(void))
{
	wipe_line = wipe;
}

static void write_log(const char *line)
{
	GDateTime *now = g_date_time_new_now_utc();
	char *stamp = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");

	(void)fprintf(log_file, "%s %s\n", stamp, line);
	(void)fflush(log_file);
	g_free(stamp);
	g_date_time_unref(now);
}

static void emit(enum say_level level, const char *format, va_list ap)
	G_GNUC_PRINTF(2, 0);

static void emit(enum say_level level, const char *format, va_list ap)
{
	char *text = g_strdup_vprintf(format, ap);
	GString *safe = g_string_new(NULL);
	char *line;

	format_line(safe, text);
	line = g_string_free(safe, FALSE);
	g_mutex_lock(&lock);
	if (level <= shown) {
		if (wipe_line)
			wipe_line();
		(void)fprintf(stderr, "efsleuth: %s\n", line);
	}
	if (log_file)
		write_log(line);
	if (level == SAY_QUIET) {
		g_free(last_said);
		last_said = g_steal_pointer(&line);
	}
	g_mutex_unlock(&lock);
	g_free(line);
	g_free(text);
}

void say(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	emit(SAY_QUIET, format, ap);
	va_end(ap);
}

void say_info(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	emit(SAY_NORMAL, format, ap);
	va_end(ap);
}

void say_detail(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	emit(SAY_VERBOSE, format, ap);
	va_end(ap);
}

/* What cannot be written to has been said no word of before, either. */
static void write_parts(int fd, const char *sentence)
{
	static const char name[] = "efsleuth: ";

	(void)!write(fd, name, sizeof(name) - 1);
	(void)!write(fd, sentence, strlen(sentence));
	(void)!write(fd, "\n", 1);
}

void say_raw(const char *sentence)
{
	write_parts(STDERR_FILENO, sentence);
	if (log_file)
		write_parts(fileno(log_file), sentence);
}

char *say_last(void)
{
	char *said;

	g_mutex_lock(&lock);
	said = g_strdup(last_said);
	g_mutex_unlock(&lock);
	return said;
}

void say_remember(const char *text)
{
	g_mutex_lock(&lock);
	g_free(last_said);
	last_said = g_strdup(text);
	g_mutex_unlock(&lock);
}

char *say_error(const struct error *err)
{
	if (!err->at)
		return g_strdup(err->what);
	return g_strdup_printf("%s, at offset 0x%" PRIx64, err->what, err->at);
}

bool say_file(const char *path, const struct error *err)
{
	char *why = say_error(err);

	say("%s: %s", path, why);
	g_free(why);
	return false;
}
