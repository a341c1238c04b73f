/* valise-file-transfer.h - one file, from a peer or to one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Blocks; any thread. Knows no HTTP: what it asks of a peer are its verbs for files.
 */

#pragma once

#include "valise-file-wishes.h"
#include "valise-replicator.h"

G_BEGIN_DECLS

/* Asked before each piece: how many bytes of the file are there now, and how many are about to
 * move. FALSE, with @error set, ends the transfer; what has come stays. */
typedef gboolean (*ValiseFileStepFunc) (gint64   moved,
                                        gint64   bytes,
                                        gpointer user_data,
                                        GError **error);

/**
 * valise_file_transfer_fetch:
 * @wish: what is wanted, and how it stands
 * @rev: (nullable): of its document, as known here
 *
 * Goes on where the bytes here end; every 64 KiB is on the disk before the next come, and less
 * is safe from the end of this program. Complete only once its digest was verified.
 *
 * Fails as valise_peer_fetch_file() does, as @func does, with %VALISE_FILE_ERROR_DIGEST where
 * the bytes make another digest (and are dropped), or any #ValiseDbError.
 */
gboolean valise_file_transfer_fetch (ValisePeer           *peer,
                                     ValiseFileStore      *files,
                                     const ValiseFileWish *wish,
                                     const char           *rev,
                                     ValiseFileStepFunc    func,
                                     gpointer              user_data,
                                     GCancellable         *cancellable,
                                     GError              **error);

/* Sends the file of @sha256 with its document in @database. */
gboolean valise_file_transfer_send (ValisePeer        *peer,
                                    ValiseFileStore   *files,
                                    ValiseDatabase    *database,
                                    const char        *sha256,
                                    ValiseFileStepFunc func,
                                    gpointer           user_data,
                                    GCancellable      *cancellable,
                                    GError           **error);

/* Keeps @bytes as a file of @database that its peer is to have: the bytes, what is owed (nothing,
 * where @database is a team's, which no server has), and the document `file:SHA256` (with @media,
 * its type). Returns: (transfer full): the digest. */
char *valise_file_transfer_put (ValiseFileStore *files,
                                ValiseDatabase  *database,
                                GBytes          *bytes,
                                const char      *media,
                                GError         **error);

/* A #ValiseWantFunc for what goes outwards: all but `file:` documents, which go with their bytes
 * and after the words. */
ValiseWant valise_file_transfer_want_outwards (const char *id, gboolean deleted, gpointer none);

G_END_DECLS
