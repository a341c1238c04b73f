/* valise-store-files.h - the files of a database, from a store and to one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The verbs for files of valise-store-peer.c; as valise-peer.h has them. A file is given where a
 * document `file:SHA256` of the database is known and no tombstone, and its bytes are whole.
 */

#pragma once

#include "valise-peer.h"

G_BEGIN_DECLS

gboolean valise_store_files_fetch (ValiseDatabase       *database,
                                   ValiseFileStore      *files,
                                   const ValisePeerFile *file,
                                   ValisePeerPieceFunc   func,
                                   gpointer              user_data,
                                   GCancellable         *cancellable,
                                   GError              **error);

/* Copies the bytes of @document from @from to @to, a piece at a time and durably, from where
 * they end there. The document is the caller's to write. */
gboolean valise_store_files_copy (ValiseDocument    *document,
                                  ValiseFileStore   *from,
                                  ValiseFileStore   *to,
                                  ValisePeerSentFunc func,
                                  gpointer           user_data,
                                  GCancellable      *cancellable,
                                  GError           **error);

G_END_DECLS
