/* valise-file-attachment.h - the one attachment of a `file:` document
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A file travels as CouchDB has it: a document `file:SHA256` with one attachment. Here its
 * `_attachments` is always a stub whose digest is that of the document's id; the bytes are in
 * the file store, once, or on their way there. Pure functions; any thread.
 */

#pragma once

#include "valise-document.h"

G_BEGIN_DECLS

/* What we call it; others may call it what they like. */
#define VALISE_FILE_ATTACHMENT "original"

/* "sha256-BASE64" of 64 hex digits, and back; NULL for what is neither. */
char *valise_file_attachment_dup_digest (const char *sha256);
char *valise_file_attachment_dup_sha256 (const char *digest);

/* The text of `_attachments` with the stub. @type: (nullable): content type. */
char *valise_file_attachment_make (const char *name,
                                   const char *type,
                                   const char *sha256,
                                   gint64      length,
                                   guint       generation);

/* The name of the first attachment in the text of `_attachments`; NULL where there is none.
 * @type: (out) (optional): its content type. */
char *valise_file_attachment_dup_name (const char *attachments, char **type);

/* Whether the text of `_attachments` is one stub with the digest of @sha256. */
gboolean valise_file_attachment_is_settled (const char *attachments, const char *sha256);

/* @document, or, of a `file:` document whose attachment is described by another digest (an
 * MD5, as CouchDB has it) or comes with its bytes, one with our stub in its place; and where
 * its `_attachments` was left out, one that has it: "not fetched" is not "no attachment".
 * Returns: (transfer full) */
ValiseDocument *valise_file_attachment_settle (ValiseDocument *document);

G_END_DECLS
