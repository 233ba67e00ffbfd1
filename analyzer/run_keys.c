/* SPDX-License-Identifier: MIT */
/*
 * run_keys.c - the keys and passwords that the command line names
 */
#include "analyzer/keylist.h"
#include "analyzer/readfile.h"
#include "analyzer/run_bitlocker.h"
#include "analyzer/say.h"
#include "parsers/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* A password list may be large; it is one secret in memory. */
#define MOST_PASSWORDS ((off_t)1 << 30)

/* An empty password file holds one candidate: the blank password. */
bool run_password_file(struct passwords *pw, const char *path)
{
	struct secret text;
	struct error err;
	enum status st = read_secret(path, MOST_PASSWORDS, &text, &err);

	if (st == E_ABSENT)
		return true;
	if (!st)
		st = passwords_add(pw, &text, &err);
	secret_release(&text);
	return st ? say_file(path, &err) : true;
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

bool run_prompt(struct secret *line)
{
	static const char question[] = "Password: ";
	int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	struct error err;
	enum status st;

	*line = (struct secret){ 0 };
	if (tty < 0) {
		say("--password-prompt needs a terminal");
		return false;
	}
	st = secret_alloc(line, 1024, &err);
	if (!st && write(tty, question, sizeof(question) - 1) > 0)
		st = read_hidden(tty, line, &err);
	if (!st)
		(void)!write(tty, "\n", 1);
	else
		secret_release(line);
	close(tty);
	return st ? say_file("--password-prompt", &err) : true;
}

static bool prompt(struct passwords *pw)
{
	struct secret line;
	struct error err;
	enum status st;

	if (!run_prompt(&line))
		return false;
	st = passwords_add(pw, &line, &err);
	secret_release(&line);
	return st ? say_file("--password-prompt", &err) : true;
}

bool run_passwords(struct passwords *pw, const struct options *o)
{
	bool ok = true;

	for (char **p = o->password_file; p && *p; p++)
		ok &= run_password_file(pw, *p);
	if (o->password_prompt)
		ok &= prompt(pw);
	return ok;
}

/* ---------------------------------------------------------------- keys */

static bool add_file(struct run *run, const char *path,
                     enum status (*add)(struct chain *chain, struct bytes in,
                                        const struct origin *origin,
                                        struct error *err))
{
	char *shown = g_utf8_make_valid(path, -1);
	const struct origin origin = { .path = shown };
	struct secret text;
	struct error err;
	enum status st = read_secret(path, LIMIT_KEY_FILE, &text, &err);

	if (!st)
		st = add(run->chain, secret_view(&text), &origin, &err);
	secret_release(&text);
	g_free(shown);
	return st ? say_file(path, &err) : true;
}

static bool add_key(struct run *run, const char *path)
{
	return add_file(run, path, chain_add_keyfile);
}

static bool add_domain_key(struct run *run, const char *path)
{
	return add_file(run, path, chain_add_domain_key);
}

/* Those of one option, each with one function; counts what went wrong. */
static unsigned add_all(struct run *run, char **list,
                        bool (*add)(struct run *run, const char *path),
                        unsigned *given)
{
	unsigned bad = 0;

	for (; list && *list; list++, (*given)++)
		bad += !add(run, *list);
	return bad;
}

/* Is this key of a file that the user named? */
static bool is_of(const struct key *key, const char *path)
{
	return !key->origin.evidence && !g_strcmp0(key->origin.path, path);
}

/* A file that stays closed, and holds nothing else that is open, is said. */
static bool check_file(const struct run *run, const char *path)
{
	char *shown = g_utf8_make_valid(path, -1);
	const struct key *locked = NULL;
	bool open = false;

	for (size_t i = 0; i < keyring_count(run->ring); i++) {
		const struct key *key = keyring_get(run->ring, i);

		if (!is_of(key, shown))
			continue;
		if (key->state == KEY_LOCKED && !locked)
			locked = key;
		open |= key->state == KEY_UNLOCKED;
	}
	g_free(shown);
	if (locked && !open)
		say("%s: %s%s", path, locked->reason,
		    passwords_count(&run->passwords)
		            ? ""
		            : "; give its password with --password-file");
	return open || !locked;
}

static unsigned check_all(const struct run *run, char **list)
{
	unsigned bad = 0;

	for (; list && *list; list++)
		bad += !check_file(run, *list);
	return bad;
}

bool run_keys(struct run *run)
{
	const struct options *o = run->o;
	unsigned given = 0, bad = 0;

	if (!run_passwords(&run->passwords, o))
		run->keys_failed = true;
	if (run->passwords.passed_over)
		say("%" PRIu64 " lines of the password files cannot be "
		    "passwords and were passed over",
		    run->passwords.passed_over);
	bad += add_all(run, o->pfx, add_key, &given);
	bad += add_all(run, o->key, add_key, &given);
	bad += add_all(run, o->domain_key, add_domain_key, &given);
	bad += add_all(run, o->hash_file, keylist_hashes, &given);
	bad += add_all(run, o->master_key, keylist_masterkey, &given);
	run_bitlocker_secrets(run, &given, &bad);
	run_open(run);
	bad += check_all(run, o->pfx);
	bad += check_all(run, o->key);
	bad += check_all(run, o->domain_key);
	if (bad)
		run->keys_failed = true;
	return !given || bad < given;
}
