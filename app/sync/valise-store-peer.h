/* valise-store-peer.h - a database on this machine, as a peer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-file-store.h"
#include "valise-peer.h"

G_BEGIN_DECLS

#define VALISE_TYPE_STORE_PEER (valise_store_peer_get_type ())

G_DECLARE_FINAL_TYPE (ValiseStorePeer, valise_store_peer, VALISE, STORE_PEER, GObject)

ValisePeer *valise_store_peer_new (ValiseDatabase *database) G_GNUC_WARN_UNUSED_RESULT;

/* The same, for a run that is to leave no trace here: it offers what changed after the sequence
 * @since (0: all), and keeps no log. */
ValisePeer *valise_store_peer_new_reading (ValiseDatabase *database,
                                           gint64          since) G_GNUC_WARN_UNUSED_RESULT;

/* The same with the files that documents carry themselves (CouchDB's attachments): given and
 * taken inline, their bytes kept in @files. A document whose file is not in @files is not given:
 * %VALISE_PEER_ERROR_PROTOCOL names it. */
ValisePeer *valise_store_peer_new_with_files (ValiseDatabase  *database,
                                              ValiseFileStore *files) G_GNUC_WARN_UNUSED_RESULT;

/* The same with the files that have documents of their own, `file:SHA256`: given and taken by the
 * verbs for files, their bytes kept in @originals. */
ValisePeer *valise_store_peer_new_with_originals (ValiseDatabase  *database,
                                                  ValiseFileStore *originals)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
