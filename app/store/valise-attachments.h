/* valise-attachments.h - the files of a document: inline, as stubs, and in the file store
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A document keeps {NAME: {content_type, digest, length, revpos, stub: true}}; the bytes are
 * in the file store under the SHA-256 that the digest names ("sha256-" and base64).
 */

#pragma once

#include "valise-document.h"
#include "valise-file-store.h"

G_BEGIN_DECLS

#define VALISE_ATTACHMENT_ERROR (valise_attachment_error_quark ())

/**
 * ValiseAttachmentError:
 * @VALISE_ATTACHMENT_ERROR_MISSING_STUB: a stub that no revision here has, under that name
 * @VALISE_ATTACHMENT_ERROR_BAD_NAME: a name that begins with `_`
 * @VALISE_ATTACHMENT_ERROR_NO_DATA: neither a stub nor inline data
 */
typedef enum
{
  VALISE_ATTACHMENT_ERROR_MISSING_STUB,
  VALISE_ATTACHMENT_ERROR_BAD_NAME,
  VALISE_ATTACHMENT_ERROR_NO_DATA,
} ValiseAttachmentError;

GQuark valise_attachment_error_quark (void);

typedef struct
{
  char  *type;   /* content type */
  char  *sha256; /* 64 hex digits */
  char  *digest; /* as it is written: "sha256-…" */
  gint64 length; /* bytes */
} ValiseAttachment;

void valise_attachment_clear (ValiseAttachment *self);

/* The attachment @name of @attachments (a document's, or NULL); FALSE where there is none. */
gboolean valise_attachments_find (const char       *attachments,
                                  const char       *name,
                                  ValiseAttachment *attachment);

/**
 * valise_attachments_take:
 * @files: where the bytes go
 * @attachments: the text that came, with inline data or stubs
 * @known: (element-type utf8) (nullable): `_attachments` texts of revisions that are here
 * @generation: of the revision that is made, for `revpos`
 *
 * Keeps inline data, and makes stubs of everything. A stub counts only where a revision of the
 * same document here has that file under that name: naming a digest is no proof of having it.
 *
 * Returns: (transfer full): the text to keep; %NULL with any #ValiseAttachmentError, or the
 *   store's errors
 */
char *valise_attachments_take (ValiseFileStore *files,
                               const char      *attachments,
                               GPtrArray       *known,
                               guint            generation,
                               GError         **error) G_GNUC_WARN_UNUSED_RESULT;

/* The text with the bytes inline, in base64. */
char *valise_attachments_fill (ValiseFileStore *files,
                               const char      *attachments,
                               GError         **error) G_GNUC_WARN_UNUSED_RESULT;

/* The text with @name put in or, where @bytes is NULL, taken out; NULL where none is left. */
char *valise_attachments_replace (ValiseFileStore *files,
                                  const char      *attachments,
                                  const char      *name,
                                  const char      *type,
                                  GBytes          *bytes,
                                  guint            generation,
                                  GError         **error);

G_END_DECLS
