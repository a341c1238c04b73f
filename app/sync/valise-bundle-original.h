/* valise-bundle-original.h - a file that a bundle holds, or a stretch of one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * See valise-bundle-format.h, 'F'. A file counts only where a document names it, by its SHA-256
 * and its length: as a paper does in `files`, or as its own document `file:SHA256` does.
 */

#pragma once

#include "valise-bundle-format.h"

G_BEGIN_DECLS

/* What is known of a file before its bytes; the strings are its own. */
typedef struct
{
  char   sha256[65];
  guint  section;
  char  *named_by; /* id of a document of that section */
  gint64 length;   /* bytes of the whole file */
  gint64 offset;   /* of the first byte that is here */
  gint64 end;      /* past the last */
} ValiseBundleOriginal;

ValiseBundleOriginal *valise_bundle_original_new (const char *sha256,
                                                  guint       section,
                                                  const char *named_by,
                                                  gint64      length);
void                  valise_bundle_original_free (ValiseBundleOriginal *self);

/* The payload of a frame with @bytes of the file, which belong at @offset. */
GByteArray *valise_bundle_original_pack (const ValiseBundleOriginal *self,
                                         gint64                      offset,
                                         GBytes *bytes) G_GNUC_WARN_UNUSED_RESULT;

/* @data: untrusted. @bytes: (out) (nullable): the piece. Returns: (transfer full): a file of
 * which that piece is here, or %NULL with %VALISE_BUNDLE_ERROR_DAMAGED */
ValiseBundleOriginal *valise_bundle_original_unpack (GBytes  *data,
                                                     GBytes **bytes,
                                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One file as a document names it; lent. FALSE stops. */
typedef gboolean (*ValiseBundleNamingFunc) (const char *sha256,
                                            gint64      length,
                                            const char *language, /* or NULL */
                                            gpointer    user_data);

/* Every file that @document names. */
void valise_bundle_original_list (const ValiseDocument  *document,
                                  ValiseBundleNamingFunc func,
                                  gpointer               user_data);

/* Whether @document names this file, of this length. */
gboolean valise_bundle_original_is_named (const ValiseBundleOriginal *self,
                                          const ValiseDocument       *document);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseBundleOriginal, valise_bundle_original_free)

G_END_DECLS
