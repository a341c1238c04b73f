/* valise-file-visit.h - files from a peer, and to one, that may have them or not
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A colleague's laptop, say: what it has not is passed over, and waits for who has it. One file
 * moves as to and from a server: see valise-file-transfer.h. Blocks; any thread.
 */

#pragma once

#include "valise-file-transfer.h"

G_BEGIN_DECLS

typedef struct
{
  guint  fetched; /* files that are whole here now */
  guint  sent;
  gint64 bytes; /* of both */
} ValiseFileVisit;

/**
 * valise_file_visit_fetch:
 * @peer: that has some of @database
 *
 * Fetches what is wanted here of the files of @database, in the queue's order, where @peer has it.
 * What has come stays, however it ends. Adds to @visit.
 *
 * Fails as valise_peer_fetch_file() does, but for what is of one file alone; and with any
 * #ValiseDbError
 */
gboolean valise_file_visit_fetch (ValiseFileStore *files,
                                  ValisePeer      *peer,
                                  const char      *database,
                                  ValiseFileVisit *visit,
                                  GCancellable    *cancellable,
                                  GError         **error);

/* Sends @peer the files of @database that are whole here and that it lacks, with their documents.
 */
gboolean valise_file_visit_send (ValiseFileStore *files,
                                 ValisePeer      *peer,
                                 ValiseDatabase  *database,
                                 ValiseFileVisit *visit,
                                 GCancellable    *cancellable,
                                 GError         **error);

G_END_DECLS
