/* valise-http-file.h - the bytes of files over HTTP: by range down, in pieces or whole up
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of this layer. A file is the one attachment of `file:SHA256`.
 *
 * Down, from any CouchDB: GET of the attachment with `rev` and, to go on, `Range: bytes=N-`.
 * A whole answer (200, as CouchDB gives to `bytes=0-` and PouchDB's server always) is taken from
 * where we are; one whose ETag is not that of the bytes here starts anew, since `If-Range` is
 * ignored there.
 *
 * Up, where `GET /` lists "files" in "features": GET /DB/_files/SHA256 says how much came
 * before, PUT /DB/_files/SHA256?offset=N&length=L appends at most 64 KiB, and the document
 * follows its bytes. Elsewhere the document and its attachment go in one multipart/related PUT.
 */

#pragma once

#include "valise-http-session.h"

G_BEGIN_DECLS

/* Where to ask; lent. */
typedef struct
{
  ValiseHttpSession *session;
  const char        *path; /* of the database, escaped */
} ValiseHttpPlace;

/* As valise_peer_fetch_file() and valise_peer_send_file(). */
gboolean valise_http_file_fetch (const ValiseHttpPlace *place,
                                 const ValisePeerFile  *file,
                                 ValisePeerPieceFunc    func,
                                 gpointer               user_data,
                                 GCancellable          *cancellable,
                                 GError               **error);
gboolean valise_http_file_send_pieces (const ValiseHttpPlace *place,
                                       ValiseDocument        *document,
                                       ValiseFileStore       *files,
                                       ValisePeerSentFunc     func,
                                       gpointer               user_data,
                                       GCancellable          *cancellable,
                                       GError               **error);
gboolean valise_http_file_send_whole (const ValiseHttpPlace *place,
                                      ValiseDocument        *document,
                                      ValiseFileStore       *files,
                                      ValisePeerSentFunc     func,
                                      gpointer               user_data,
                                      GCancellable          *cancellable,
                                      GError               **error);

G_END_DECLS
