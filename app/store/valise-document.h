/* valise-document.h - one revision of one document, as it travels and as it is kept
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-json.h"

G_BEGIN_DECLS

#define VALISE_DOCUMENT_MAX_SIZE 8000000 /* bytes of JSON, as CouchDB's default */

/**
 * ValiseDocument:
 *
 * Counted, and immutable once shared. The body is the text of the JSON object without its
 * top-level members that begin with `_`; every other byte is as it came, so its canonical
 * digest is what its author's was.
 */
typedef struct
{
  char    *id;  /* NULL in wire text without `_id`, until whoever knows the path sets it */
  char    *rev; /* "N-hash"; NULL in a document not yet written */
  gboolean deleted;
  GBytes  *body;        /* NULL: known, not here */
  char   **ancestors;   /* hashes, from the parent to the oldest known; NULL: none known */
  char    *attachments; /* the text of `_attachments`, or NULL */
  gint64   seq;         /* in the database it was read from; 0 otherwise */
  gint64   size;        /* bytes of the body; of one not here, what its peer announced, or 0 */
} ValiseDocument;

/* The wire form, with `_id`, `_rev`, `_revisions`, `_deleted`, `_attachments`. @flags as for
 * valise_json_scan(). Fails with any #ValiseJsonError; a bad `_` member is SYNTAX. */
ValiseDocument *valise_document_from_json (const ValiseJson *json,
                                           guint             token,
                                           GError          **error) G_GNUC_WARN_UNUSED_RESULT;

/* @body: the text of a JSON object without `_` members. Takes nothing. */
ValiseDocument *valise_document_new (const char *id,
                                     const char *rev,
                                     gboolean    deleted,
                                     GBytes     *body) G_GNUC_WARN_UNUSED_RESULT;

typedef enum
{
  VALISE_DOCUMENT_PLAIN = 0,
  VALISE_DOCUMENT_REVISIONS = 1 << 0, /* with `_revisions` */
} ValiseDocumentFlags;

/* Appends the wire form: `_id`, `_rev`, then the rest. */
void valise_document_append_json (const ValiseDocument *self,
                                  ValiseDocumentFlags   flags,
                                  GString              *out);

/* Bytes that it takes in memory and on the wire, near enough: its body and its attachments,
 * which may be inline. 0 where it is not here. */
gsize valise_document_get_weight (const ValiseDocument *self);

/* Scans the body; NULL where it is not here. */
ValiseJson *valise_document_scan (const ValiseDocument *self, GError **error);

ValiseDocument *valise_document_ref (ValiseDocument *self);
void            valise_document_unref (ValiseDocument *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseDocument, valise_document_unref)

G_END_DECLS
