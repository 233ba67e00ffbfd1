/* SPDX-License-Identifier: MIT */
/*
 * run_keys.c - the keys and passwords that the command line names
 */
#include "analyzer/readfile.h"
#include "analyzer/run.h"
#include "analyzer/say.h"
#include "parsers/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* A password list may be large; it is one secret in memory. */
#define MOST_PASSWORDS ((off_t)1 << 30)

static bool complain(const char *path, const struct error *err,
                     const char *advice)
{
	char *why = say_error(err);

	say("%s: %s%s", path, why, advice);
	g_free(why);
	return false;
}

/* An empty password file holds one candidate: the blank password. */
static bool add_password_file(struct passwords *pw, const char *path)
{
	struct secret text;
	struct error err;
	enum status st = read_secret(path, MOST_PASSWORDS, &text, &err);

	if (st == E_ABSENT)
		return true;
	if (!st)
		st = passwords_add(pw, &text, &err);
	secret_release(&text);
	return st ? complain(path, &err, "") : true;
}

static const char *advice_for(const struct run *run, enum status st)
{
	if (st != E_KEY)
		return "";
	return passwords_count(&run->passwords)
	               ? "; give its password with --password-file"
	               : "; it has a password: give it with --password-file";
}

static bool add_key(struct run *run, const char *path)
{
	char *shown = g_utf8_make_valid(path, -1);
	const struct origin origin = { .path = shown };
	struct key_file kf = { 0 };
	struct secret text;
	struct error err, bad;
	enum status st = read_secret(path, LIMIT_KEY_FILE, &text, &err);

	if (!st)
		st = key_file_read(&kf, secret_view(&text), &run->passwords,
		                   &err);
	if (kf.format && keyring_add_file(run->ring, &kf, secret_view(&text),
	                                  &origin, &bad)) {
		err = bad;
		st = bad.status;
	}
	key_file_release(&kf);
	secret_release(&text);
	g_free(shown);
	return st ? complain(path, &err, advice_for(run, st)) : true;
}

/* Read one line from the terminal without showing it. */
static enum status read_hidden(int tty, struct secret *s, struct error *err)
{
	struct termios old, quiet;
	ssize_t n;

	if (tcgetattr(tty, &old))
		return fail(err, E_IO, 0, g_strerror(errno));
	quiet = old;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	(void)tcsetattr(tty, TCSAFLUSH, &quiet);
	n = read(tty, s->p, s->n);
	(void)tcsetattr(tty, TCSAFLUSH, &old);
	if (n <= 0)
		return fail(err, E_IO, 0, "no password was typed");
	s->n = (size_t)n; /* pages are whole: what is behind stays zero */
	return OK;
}

static bool prompt(struct passwords *pw)
{
	static const char question[] = "Password: ";
	int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	struct secret line = { 0 };
	struct error err;
	enum status st;

	if (tty < 0) {
		say("--password-prompt needs a terminal");
		return false;
	}
	st = secret_alloc(&line, 1024, &err);
	if (!st && write(tty, question, sizeof(question) - 1) > 0)
		st = read_hidden(tty, &line, &err);
	if (!st && write(tty, "\n", 1) > 0)
		st = passwords_add(pw, &line, &err);
	secret_release(&line);
	close(tty);
	return st ? complain("--password-prompt", &err, "") : true;
}

bool run_passwords(struct passwords *pw, const struct options *o)
{
	bool ok = true;

	for (char **p = o->password_file; p && *p; p++)
		ok &= add_password_file(pw, *p);
	if (o->password_prompt)
		ok &= prompt(pw);
	return ok;
}

bool run_keys(struct run *run)
{
	const struct options *o = run->o;
	unsigned given = 0, bad = 0;

	if (!run_passwords(&run->passwords, o))
		run->keys_failed = true;
	for (char **p = o->pfx; p && *p; p++, given++)
		bad += !add_key(run, *p);
	for (char **p = o->key; p && *p; p++, given++)
		bad += !add_key(run, *p);
	if (bad)
		run->keys_failed = true;
	say_detail("%zu keys and certificates, of which %zu are private keys "
	           "that can be used",
	           keyring_count(run->ring), keyring_usable(run->ring));
	return !given || bad < given;
}
