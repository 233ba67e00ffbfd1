/* SPDX-License-Identifier: MIT */
/*
 * case_person.c - people and findings of a case as CASE/UCO nodes
 *
 * Those who can decrypt are certificates, by thumbprint, and accounts that use
 * them.  Who is user and agent both has two accounts and one certificate.
 */
#include "reports/case_parts.h"

#include "reports/format.h"

static void write_certificate(struct uco_out *out, const struct uco_id *id,
                              const struct case_person *p)
{
	json_t *node = uco_node(id, "uco-observable:X509Certificate");
	json_t *facet;

	if (p->bits) {
		char *text = g_strdup_printf("a key of %u bits", p->bits);

		uco_append_text(node, "uco-core:description", text);
		g_free(text);
	}
	facet = uco_facet(node, "uco-observable:X509CertificateFacet");
	uco_add_text(facet, "uco-observable:subject", p->subject);
	uco_add_text(facet, "uco-observable:issuer", p->issuer);
	uco_add_time(facet, "uco-observable:validityNotBefore", p->not_before);
	uco_add_time(facet, "uco-observable:validityNotAfter", p->not_after);
	if (p->subject)
		uco_add_bool(facet, "uco-observable:isSelfSigned",
		             p->self_signed);
	uco_add_hash(facet, "uco-observable:thumbprintHash", id, "SHA1",
	             p->thumbprint);
	uco_write(out, node);
}

static void write_account(struct uco_out *out, const struct uco_id *id,
                          const struct case_person *p)
{
	json_t *node = uco_node(id, "uco-observable:WindowsAccount");
	json_t *facet;

	uco_add_text(node, "uco-core:name", p->name);
	uco_append_text(node, "uco-core:tag",
	                p->ring == EFS_DRF ? "efs-agent" : "efs-user");
	uco_append_label(node, "uco-core:tag", "efs-policy:", p->policy);
	facet = uco_facet(node, "uco-observable:AccountFacet");
	uco_add_text(facet, "uco-observable:accountIdentifier", p->sid);
	facet = uco_facet(node, "uco-observable:DigitalAccountFacet");
	uco_add_text(facet, "uco-observable:displayName", p->name);
	uco_add_text(facet, "uco-observable:accountLogin", p->account);
	uco_write(out, node);
}

void uco_write_person(void *ctx, const struct case_person *p)
{
	struct uco_id account =
		uco_account_id(p->ring, p->thumbprint, p->name, p->sid);
	struct uco_id certificate = uco_certificate_id(p->thumbprint);

	write_account(ctx, &account, p);
	if (!p->thumbprint)
		return;
	write_certificate(ctx, &certificate, p);
	uco_write(ctx, uco_relation(&certificate, "Used_By", &account));
}

/* ------------------------------------------------------------- findings */

static void write_finding(struct uco_out *out, const struct case_finding *f)
{
	struct uco_id id = UCO_ID("finding", f->kind, f->subject);
	json_t *node = uco_node(&id, "uco-core:Annotation");
	GString *text = g_string_new(f->title);

	if (f->subject)
		g_string_append_printf(text, ": %s", f->subject);
	if (f->name)
		g_string_append_printf(text, " (%s)", f->name);
	if (f->objects) {
		g_string_append(text, ": ");
		format_count(text, f->objects, "object");
	}
	uco_append_label(node, "uco-core:tag", "efs-finding:", f->kind);
	uco_append_label(node, "uco-core:tag", "efs-severity:", f->severity);
	uco_append_text(node, "uco-core:description", f->advice);
	uco_add_text(node, "uco-core:statement", text->str);
	uco_add_ref(node, "uco-core:object", &out->record);
	uco_write(out, node);
	g_string_free(text, TRUE);
}

enum status uco_write_findings(struct casefile *cf, struct uco_out *out,
                               struct error *err)
{
	struct case_finding f;
	struct case_walk *w;
	enum status st = case_finding_open(&w, cf, err);

	if (st)
		return st;
	while (case_finding_next(w, &f))
		write_finding(out, &f);
	return case_walk_close(w, err);
}
