/* SPDX-License-Identifier: MIT */
/*
 * casefile_schema.c - the tables of a case, and views for people
 *
 * reports/README.md explains them.  A change here is a new CASE_SCHEMA.
 */
#include "recovery/casefile_internal.h"

#include <stddef.h>

/* A FILETIME as RFC 3339 text, or NULL where it has no such form. */
#define TIME(column)                                           \
	" strftime('%Y-%m-%dT%H:%M:%S', " column " / 10000000" \
	" - 11644473600, 'unixepoch')"                         \
	" || printf('.%07dZ', " column " % 10000000) AS " column

#define CALLED(view, column)                                                  \
	"CREATE VIEW " view " AS SELECT thumbprint, " column " FROM (SELECT"  \
	" thumbprint, " column ", row_number() OVER (PARTITION BY thumbprint" \
	" ORDER BY count(*) DESC, " column ") AS place FROM entry e"          \
	" JOIN credential c ON c.id = e.credential WHERE thumbprint IS NOT"   \
	" NULL AND " column " IS NOT NULL GROUP BY thumbprint, " column ")"   \
	" WHERE place = 1"

/* clang-format off */
const char *const case_schema[] = {
	"CREATE TABLE tool ("
	" id INTEGER PRIMARY KEY CHECK (id = 1),"
	" version TEXT,"
	" command TEXT,"
	" started TEXT,"
	" ended TEXT,"
	" interrupted INTEGER NOT NULL)",

	"CREATE TABLE evidence ("
	" id INTEGER PRIMARY KEY,"
	" name TEXT NOT NULL UNIQUE,"
	" path TEXT,"
	" format TEXT,"
	" size INTEGER NOT NULL,"
	" sha256 TEXT,"
	" reason TEXT)",

	"CREATE TABLE volume ("
	" id INTEGER PRIMARY KEY,"
	" evidence INTEGER NOT NULL REFERENCES evidence,"
	" number INTEGER NOT NULL,"
	" snapshot INTEGER NOT NULL,"
	" offset INTEGER NOT NULL,"
	" size INTEGER NOT NULL,"
	" description TEXT,"
	" filesystem TEXT,"
	" sector INTEGER,"
	" cluster INTEGER,"
	" serial INTEGER NOT NULL,"
	" records INTEGER NOT NULL,"
	" objects INTEGER NOT NULL,"
	" reason TEXT)",

	"CREATE TABLE key ("
	" id INTEGER PRIMARY KEY,"
	" type TEXT,"
	" key_id TEXT,"
	" sid TEXT,"
	" user TEXT,"
	" name TEXT,"
	" source TEXT,"
	" evidence TEXT,"
	" volume INTEGER,"
	" snapshot INTEGER,"
	" path TEXT,"
	" offset INTEGER,"
	" made INTEGER,"
	" container TEXT,"
	" certificate TEXT,"
	" bits INTEGER,"
	" current INTEGER NOT NULL,"
	" state TEXT,"
	" unlocked_by TEXT,"
	" reason TEXT,"
	" opens INTEGER NOT NULL,"
	" behind INTEGER REFERENCES key)",

	"CREATE TABLE crack ("
	" key INTEGER REFERENCES key,"
	" position INTEGER,"
	" line TEXT NOT NULL,"
	" PRIMARY KEY (key, position)) WITHOUT ROWID",

	"CREATE TABLE object ("
	" id INTEGER PRIMARY KEY,"
	" volume INTEGER REFERENCES volume,"
	" mft INTEGER NOT NULL,"
	" sequence INTEGER NOT NULL,"
	" path TEXT,"
	" directory INTEGER NOT NULL,"
	" deleted INTEGER NOT NULL,"
	" created INTEGER,"
	" modified INTEGER,"
	" accessed INTEGER,"
	" changed INTEGER,"
	" efs_version INTEGER,"
	" efs_id TEXT,"
	" class TEXT,"
	" algorithm TEXT,"
	" opened_ring TEXT,"
	" opened_entry INTEGER,"
	" opened_key TEXT)",
	"CREATE INDEX object_volume ON object (volume)",

	"CREATE TABLE link ("
	" object INTEGER REFERENCES object,"
	" n INTEGER,"
	" path TEXT NOT NULL,"
	" PRIMARY KEY (object, n)) WITHOUT ROWID",

	/* What would stand on every object again is here once. */
	"CREATE TABLE credential ("
	" id INTEGER PRIMARY KEY,"
	" thumbprint TEXT,"
	" name TEXT,"
	" sid TEXT,"
	" container TEXT,"
	" provider TEXT)",
	"CREATE INDEX credential_all ON credential"
	" (thumbprint, name, sid, container, provider)",

	"CREATE TABLE entry ("
	" object INTEGER REFERENCES object,"
	" ring TEXT,"
	" entry INTEGER,"
	" credential INTEGER NOT NULL REFERENCES credential,"
	" flags INTEGER NOT NULL,"
	" wrapped_bits INTEGER NOT NULL,"
	" reason TEXT,"
	" PRIMARY KEY (object, ring, entry)) WITHOUT ROWID",

	"CREATE TABLE try ("
	" object INTEGER REFERENCES object,"
	" n INTEGER,"
	" ring TEXT NOT NULL,"
	" entry INTEGER NOT NULL,"
	" key TEXT,"
	" method TEXT NOT NULL,"
	" result TEXT,"
	" PRIMARY KEY (object, n)) WITHOUT ROWID",

	"CREATE TABLE chain ("
	" object INTEGER REFERENCES object,"
	" n INTEGER,"
	" step TEXT NOT NULL,"
	" PRIMARY KEY (object, n)) WITHOUT ROWID",

	"CREATE TABLE stream ("
	" id INTEGER PRIMARY KEY,"
	" object INTEGER NOT NULL REFERENCES object,"
	" name TEXT,"
	" size INTEGER NOT NULL,"
	" status TEXT NOT NULL,"
	" reason TEXT,"
	" output TEXT,"
	" md5 TEXT,"
	" sha256 TEXT)",
	"CREATE INDEX stream_object ON stream (object)",

	"CREATE TABLE hole ("
	" stream INTEGER REFERENCES stream,"
	" n INTEGER,"
	" offset INTEGER NOT NULL,"
	" size INTEGER NOT NULL,"
	" PRIMARY KEY (stream, n)) WITHOUT ROWID",

	/* Secrets that are not at hand, and the objects that each would open. */
	"CREATE TABLE wanted ("
	" id INTEGER PRIMARY KEY,"
	" kind TEXT,"
	" secret TEXT,"
	" what TEXT)",
	"CREATE INDEX wanted_secret ON wanted (kind, secret)",

	"CREATE TABLE wanted_by ("
	" wanted INTEGER REFERENCES wanted,"
	" object INTEGER REFERENCES object,"
	" PRIMARY KEY (wanted, object)) WITHOUT ROWID",

	/* The views are for people; the reports show `who` and `need` too. */
	"CREATE VIEW file AS SELECT"
	" s.id, e.name AS evidence, 'v' || nullif(v.number, 0) AS volume,"
	" 's' || nullif(v.snapshot, 0) AS snapshot,"
	" o.mft, o.sequence, o.path, s.name AS stream,"
	" o.directory, o.deleted, s.size,"
	TIME("created") "," TIME("modified") ","
	TIME("accessed") "," TIME("changed") ","
	" o.efs_version, o.efs_id, o.class, o.algorithm,"
	" s.status, s.reason,"
	" o.opened_ring, o.opened_entry, o.opened_key,"
	" s.output, s.md5, s.sha256"
	" FROM stream s JOIN object o ON o.id = s.object"
	" LEFT JOIN volume v ON v.id = o.volume"
	" LEFT JOIN evidence e ON e.id = v.evidence",

	"CREATE VIEW ring AS SELECT"
	" e.object, o.path, e.ring, e.entry,"
	" c.thumbprint, c.name, c.sid, c.container, c.provider,"
	" e.flags, e.wrapped_bits, e.reason,"
	" (o.opened_ring, o.opened_entry) IS (e.ring, e.entry) AS opened"
	" FROM entry e JOIN object o ON o.id = e.object"
	" JOIN credential c ON c.id = e.credential",

	/* What an owner is called is said by each file, and one of them may
	   lie: the name and the SID that most entries give. */
	CALLED("called_name", "name"),
	CALLED("called_sid", "sid"),

	/* An owner without a thumbprint is told apart by name and SID. */
	"CREATE VIEW who AS SELECT"
	" w.ring, w.thumbprint, ifnull(n.name, w.name) AS name,"
	" ifnull(s.sid, w.sid) AS sid, w.objects, w.opened FROM"
	" (SELECT ring, thumbprint, min(name) AS name, min(sid) AS sid,"
	" count(DISTINCT object) AS objects,"
	" count(DISTINCT CASE WHEN opened THEN object END) AS opened"
	" FROM ring GROUP BY ring, thumbprint,"
	" CASE WHEN thumbprint IS NULL THEN name END,"
	" CASE WHEN thumbprint IS NULL THEN sid END) w"
	" LEFT JOIN called_name n ON n.thumbprint = w.thumbprint"
	" LEFT JOIN called_sid s ON s.thumbprint = w.thumbprint",

	"CREATE VIEW need AS SELECT"
	" w.kind, w.secret AS id, w.what, count(*) AS objects"
	" FROM wanted_by b JOIN wanted w ON w.id = b.wanted"
	" GROUP BY b.wanted",

	NULL,
};
/* clang-format on */
