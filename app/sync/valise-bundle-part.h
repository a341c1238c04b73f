/* valise-bundle-part.h - one file of a bundle, while it is written
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the writer; one thread.
 */

#pragma once

#include "valise-bundle-header.h"

G_BEGIN_DECLS

typedef struct _ValiseBundlePart ValiseBundlePart;

/* Opens ".NAME.part" beside @path and writes opening and header. */
ValiseBundlePart *valise_bundle_part_new (const char               *path,
                                          const ValiseBundleHeader *header,
                                          const ValiseBundleSecret *secret,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes a frame: of @documents documents, or, where that is 0, a piece of a file. @max_size > 0:
 * where the file would then be larger than that at its end, writes nothing and sets @fits (out) to
 * %FALSE. */
gboolean valise_bundle_part_write (ValiseBundlePart *self,
                                   gconstpointer     block,
                                   gsize             length,
                                   guint             documents,
                                   gint64            max_size,
                                   gboolean         *fits,
                                   GError          **error);

/* The trailer; durable, not yet under its name. */
gboolean valise_bundle_part_end (ValiseBundlePart *self, GError **error);
/* Under its name. */
gboolean valise_bundle_part_publish (ValiseBundlePart *self, GError **error);

guint64     valise_bundle_part_get_documents (ValiseBundlePart *self);
guint64     valise_bundle_part_get_pieces (ValiseBundlePart *self); /* of files */
guint64     valise_bundle_part_get_bytes (ValiseBundlePart *self);
const char *valise_bundle_part_get_path (ValiseBundlePart *self);
char       *valise_bundle_part_dup_id (ValiseBundlePart *self);

/* Removes what was not published. */
void valise_bundle_part_free (ValiseBundlePart *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseBundlePart, valise_bundle_part_free)

G_END_DECLS
