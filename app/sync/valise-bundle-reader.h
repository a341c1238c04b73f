/* valise-bundle-reader.h - a bundle that was looked through and is whole
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Opening reads the file to its end, a frame at a time, and checks every byte of it: marks,
 * lengths, limits, the form of each document, the trailer. What fails that is refused before
 * anything is taken from it. Later reads check each frame's mark again, since a stick can be
 * changed meanwhile. Memory: one frame, and 32 bytes for each; and what each file is.
 */

#pragma once

#include "valise-bundle-header.h"
#include "valise-bundle-original.h"
#include "valise-peer.h"

G_BEGIN_DECLS

typedef struct _ValiseBundleReader ValiseBundleReader; /* counted; one thread at a time */

/* What kind of key the bundle at @path needs, read from its first bytes alone. Fails with
 * %G_FILE_ERROR, FOREIGN, VERSION, CUT, DAMAGED. */
gboolean valise_bundle_reader_peek (const char *path, ValiseBundleKey *key, GError **error);

/**
 * valise_bundle_reader_open:
 * @path: a file; untrusted
 * @secret: what opens it; its members may be %NULL
 *
 * Blocks, for as long as the file takes to read.
 *
 * Returns: (transfer full): or %NULL with any #ValiseBundleError, %G_FILE_ERROR,
 * %G_IO_ERROR_CANCELLED
 */
ValiseBundleReader *valise_bundle_reader_open (const char               *path,
                                               const ValiseBundleSecret *secret,
                                               GCancellable             *cancellable,
                                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

ValiseBundleReader *valise_bundle_reader_ref (ValiseBundleReader *self);
void                valise_bundle_reader_unref (ValiseBundleReader *self);

const ValiseBundleHeader *valise_bundle_reader_get_header (ValiseBundleReader *self);
const char               *valise_bundle_reader_get_id (ValiseBundleReader *self); /* hex */
guint64  valise_bundle_reader_get_bytes (ValiseBundleReader *self);               /* of the file */
gboolean valise_bundle_reader_is_encrypted (ValiseBundleReader *self);

/* How many documents a section has. */
guint64 valise_bundle_reader_count (ValiseBundleReader *self, guint section);

/* FALSE stops. */
typedef gboolean (*ValiseBundleReadFunc) (ValiseDocument *document, gpointer user_data);

/* The documents of @section from the @start-th (from 0), in the file's order. */
gboolean valise_bundle_reader_read (ValiseBundleReader  *self,
                                    guint                section,
                                    guint64              start,
                                    ValiseBundleReadFunc func,
                                    gpointer             user_data,
                                    GCancellable        *cancellable,
                                    GError             **error);

/* The files that it holds, whole or in part (element-type ValiseBundleOriginal); transfer none. */
GPtrArray *valise_bundle_reader_list_originals (ValiseBundleReader *self);

/* Whether the file @sha256 is among them; NULL: no. */
const ValiseBundleOriginal *valise_bundle_reader_find_original (ValiseBundleReader *self,
                                                                const char         *sha256);

/* Bytes of a file that is here, from @offset (within what is here) to their end, in pieces as
 * valise_peer_fetch_file() gives them. */
gboolean valise_bundle_reader_read_original (ValiseBundleReader         *self,
                                             const ValiseBundleOriginal *original,
                                             gint64                      offset,
                                             ValisePeerPieceFunc         func,
                                             gpointer                    user_data,
                                             GCancellable               *cancellable,
                                             GError                    **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseBundleReader, valise_bundle_reader_unref)

G_END_DECLS
