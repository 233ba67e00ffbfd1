/* SPDX-License-Identifier: MIT */
/*
 * casefile_schema.c - the tables of a case, and views for people
 *
 * reports/README.md explains them.  A change here is a new CASE_SCHEMA.
 */
#include "recovery/casefile_internal.h"

#include <stddef.h>

/* A FILETIME as RFC 3339 text, or NULL where it has no such form. */
#define TIME_AS(column, name)                                  \
	" strftime('%Y-%m-%dT%H:%M:%S', " column " / 10000000" \
	" - 11644473600, 'unixepoch')"                         \
	" || printf('.%07dZ', " column " % 10000000) AS " name
#define TIME(column) TIME_AS(column, column)

#define CALLED(view, column)                                                  \
	"CREATE VIEW " view " AS SELECT thumbprint, " column " FROM (SELECT"  \
	" thumbprint, " column ", row_number() OVER (PARTITION BY thumbprint" \
	" ORDER BY count(*) DESC, " column ") AS place FROM entry e"          \
	" JOIN credential c ON c.id = e.credential WHERE thumbprint IS NOT"   \
	" NULL AND " column " IS NOT NULL GROUP BY thumbprint, " column ")"   \
	" WHERE place = 1"

/*
 * Files are the same by evidence, volume, record and sequence.  The views of a
 * volume are its shadow copies, by their time, then the volume itself.  A view
 * in which the ring is not known in whole says nothing, and is passed over.
 * Most rings are the same as before: `owners`, their credentials, tells it at
 * once.  Where it differs, the rings may still have the same people.
 * CROSS JOIN: keep this nesting, for all objects as for one.
 */
#define THE_VIEW_BEFORE                                                       \
	"(SELECT b.id FROM volume u CROSS JOIN object b ON b.volume = u.id"   \
	" AND b.mft = o.mft AND b.sequence = o.sequence AND b.owners NOTNULL" \
	" WHERE u.evidence = v.evidence AND u.number = v.number"              \
	" AND u.snapshot > 0 AND (v.snapshot = 0 OR (ifnull(u.made, 0),"      \
	" u.snapshot) < (ifnull(v.made, 0), v.snapshot))"                     \
	" ORDER BY ifnull(u.made, 0) DESC, u.snapshot DESC, b.id LIMIT 1)"
#define SAME_OWNER                                                        \
	"(d.id = c.id OR d.thumbprint = c.thumbprint OR (d.thumbprint IS" \
	" NULL AND c.thumbprint IS NULL AND d.name IS c.name"             \
	" AND d.sid IS c.sid))"
#define NOT_IN(object, more)                                         \
	" NOT EXISTS (SELECT 1 FROM entry f CROSS JOIN credential d" \
	" ON d.id = f.credential WHERE f.object = " object           \
	" AND f.ring = e.ring" more " AND " SAME_OWNER ")"
/* Each once that is in the ring of `in` and not in that of `out`. */
#define CHANGED(in, out)                                          \
	" FROM object o CROSS JOIN volume v ON v.id = o.volume"   \
	" CROSS JOIN object p ON p.id = " THE_VIEW_BEFORE         \
	" CROSS JOIN entry e ON e.object = " in                   \
	" CROSS JOIN credential c ON c.id = e.credential"         \
	" WHERE EXISTS (SELECT 1 FROM volume WHERE snapshot > 0)" \
	" AND o.owners <> p.owners AND v.number > 0 AND" NOT_IN(  \
		out, "") " AND" NOT_IN(in, " AND f.entry < e.entry")

/* clang-format off */
const char *const case_schema[] = {
	/* One row; more where cases were put together. */
	"CREATE TABLE tool ("
	" id INTEGER PRIMARY KEY,"
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

	"CREATE TABLE bad ("
	" evidence INTEGER REFERENCES evidence,"
	" offset INTEGER,"
	" size INTEGER NOT NULL,"
	" PRIMARY KEY (evidence, offset)) WITHOUT ROWID",

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
	" made INTEGER,"
	" records INTEGER NOT NULL,"
	" objects INTEGER NOT NULL,"
	" reason TEXT)",
	"CREATE INDEX volume_snapshot ON volume"
	" (evidence, number, ifnull(made, 0), snapshot) WHERE snapshot > 0",

	"CREATE TABLE fact ("
	" id INTEGER PRIMARY KEY,"
	" evidence INTEGER REFERENCES evidence,"
	" volume INTEGER REFERENCES volume,"
	" name TEXT NOT NULL,"
	" value TEXT)",
	"CREATE INDEX fact_of ON fact (volume, evidence)",

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

	"CREATE INDEX key_by_id ON key (key_id)",

	"CREATE TABLE crack ("
	" key INTEGER REFERENCES key,"
	" position INTEGER,"
	" line TEXT NOT NULL,"
	" PRIMARY KEY (key, position)) WITHOUT ROWID",

	/* What is known of people, beside what files say. */
	"CREATE TABLE certificate ("
	" id INTEGER PRIMARY KEY,"
	" thumbprint TEXT NOT NULL UNIQUE,"
	" subject TEXT,"
	" issuer TEXT,"
	" serial TEXT,"
	" not_before INTEGER,"
	" not_after INTEGER,"
	" kind TEXT,"
	" bits INTEGER,"
	" self_signed INTEGER NOT NULL,"
	" efs INTEGER NOT NULL,"
	" recovery INTEGER NOT NULL,"
	" source TEXT)",

	"CREATE TABLE account ("
	" id INTEGER PRIMARY KEY,"
	" evidence INTEGER REFERENCES evidence,"
	" sid TEXT NOT NULL,"
	" name TEXT,"
	" local INTEGER NOT NULL,"
	" source TEXT,"
	" UNIQUE (evidence, sid))",

	"CREATE TABLE policy ("
	" id INTEGER PRIMARY KEY,"
	" evidence INTEGER REFERENCES evidence,"
	" volume INTEGER,"
	" snapshot INTEGER,"
	" source TEXT,"
	" reason TEXT)",

	"CREATE TABLE agent ("
	" policy INTEGER REFERENCES policy,"
	" n INTEGER,"
	" thumbprint TEXT,"
	" sid TEXT,"
	" reason TEXT,"
	" PRIMARY KEY (policy, n)) WITHOUT ROWID",

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
	" opened_key TEXT,"
	" owners TEXT)",
	"CREATE INDEX object_volume ON object (volume)",
	/* The same file in another snapshot. */
	"CREATE INDEX object_record ON object (volume, mft, sequence)"
	" WHERE owners NOTNULL",
	/* Encrypted folders, by place. */
	"CREATE INDEX object_folder ON object (volume, path) WHERE directory",

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
	" same_as TEXT,"
	" md5 TEXT,"
	" sha1 TEXT,"
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
	" s.output, s.md5, s.sha1, s.sha256, s.same_as"
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

	/*
	 * What casefile_audit() computes from all that is above.  A person is a
	 * user (ring "ddf") or an agent ("drf").
	 */
	"CREATE TABLE person ("
	" id INTEGER PRIMARY KEY,"
	" ring TEXT NOT NULL,"
	" thumbprint TEXT,"
	" name TEXT,"
	" sid TEXT,"
	" account TEXT,"
	" certificate INTEGER REFERENCES certificate,"
	" bits INTEGER,"
	" policy TEXT,"
	" objects INTEGER NOT NULL,"
	" opened INTEGER NOT NULL,"
	" alone INTEGER NOT NULL)",

	"CREATE INDEX person_called ON person (ring, thumbprint, name, sid)",

	/* Whose an entry is. */
	"CREATE TABLE person_of ("
	" ring TEXT,"
	" credential INTEGER REFERENCES credential,"
	" person INTEGER NOT NULL REFERENCES person,"
	" PRIMARY KEY (ring, credential)) WITHOUT ROWID",

	"CREATE TABLE folder ("
	" id INTEGER PRIMARY KEY,"
	" volume INTEGER NOT NULL REFERENCES volume,"
	" parent INTEGER REFERENCES folder,"
	" path TEXT NOT NULL,"
	" depth INTEGER NOT NULL,"
	" objects INTEGER NOT NULL,"
	" UNIQUE (volume, path))",
	"CREATE INDEX folder_above ON folder (parent)",
	"CREATE INDEX folder_deep ON folder (depth)",

	"CREATE TABLE share ("
	" folder INTEGER REFERENCES folder,"
	" person INTEGER REFERENCES person,"
	" objects INTEGER NOT NULL,"
	" PRIMARY KEY (folder, person)) WITHOUT ROWID",

	"CREATE TABLE finding ("
	" id INTEGER PRIMARY KEY,"
	" kind TEXT NOT NULL,"
	" severity TEXT NOT NULL,"
	" title TEXT NOT NULL,"
	" advice TEXT NOT NULL,"
	" subject TEXT,"
	" name TEXT,"
	" objects INTEGER NOT NULL)",
	"CREATE INDEX finding_about ON finding (kind, subject)",

	"CREATE TABLE finding_object ("
	" finding INTEGER REFERENCES finding,"
	" object INTEGER REFERENCES object,"
	" PRIMARY KEY (finding, object)) WITHOUT ROWID",

	"CREATE VIEW who AS SELECT"
	" p.ring, p.thumbprint, p.name, p.sid, p.account,"
	" p.objects, p.opened, p.alone, p.policy, p.bits,"
	" c.subject, c.issuer," TIME_AS("c.not_before", "not_before") ","
	TIME_AS("c.not_after", "not_after")
	" FROM person p LEFT JOIN certificate c ON c.id = p.certificate",

	"CREATE VIEW audit AS SELECT"
	" f.kind, f.severity, f.title, f.subject, f.name, f.objects,"
	" e.name AS evidence, 'v' || nullif(v.number, 0) AS volume,"
	" 's' || nullif(v.snapshot, 0) AS snapshot, o.mft, o.path"
	" FROM finding f LEFT JOIN finding_object b ON b.finding = f.id"
	" LEFT JOIN object o ON o.id = b.object"
	" LEFT JOIN volume v ON v.id = o.volume"
	" LEFT JOIN evidence e ON e.id = v.evidence",

	"CREATE VIEW need AS SELECT"
	" w.kind, w.secret AS id, w.what, count(*) AS objects"
	" FROM wanted_by b JOIN wanted w ON w.id = b.wanted"
	" GROUP BY b.wanted",

	/* Who is in a ring, and was not in the last earlier view of the file;
	   who is no longer.  A row names its entry. */
	"CREATE VIEW ring_change AS"
	" SELECT o.id AS object, p.id AS before, 1 AS added, e.ring, e.entry,"
	" e.credential" CHANGED("o.id", "p.id")
	" UNION ALL SELECT o.id, p.id, 0, e.ring, e.entry, e.credential"
	CHANGED("p.id", "o.id"),

	"CREATE VIEW change AS SELECT"
	" ev.name AS evidence, 'v' || v.number AS volume, o.mft, o.path,"
	" 's' || nullif(u.snapshot, 0) AS before,"
	" 's' || nullif(v.snapshot, 0) AS after,"
	TIME_AS("u.made", "before_made") "," TIME_AS("v.made", "after_made") ","
	" CASE WHEN r.added THEN 'added' ELSE 'removed' END AS change,"
	" r.ring, c.thumbprint, c.name, c.sid"
	" FROM ring_change r JOIN credential c ON c.id = r.credential"
	" JOIN object o ON o.id = r.object JOIN volume v ON v.id = o.volume"
	" JOIN object p ON p.id = r.before JOIN volume u ON u.id = p.volume"
	" JOIN evidence ev ON ev.id = v.evidence",

	NULL,
};
/* clang-format on */
