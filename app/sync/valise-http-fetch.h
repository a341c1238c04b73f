/* valise-http-fetch.h - documents by id and revision, over HTTP
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * By `_bulk_get`, or one by one where a server has none. For the files of this layer; one
 * thread.
 */

#pragma once

#include "valise-http-session.h"
#include "valise-splitter.h"

G_BEGIN_DECLS

/* Where to ask, and who takes what comes; all lent. */
typedef struct
{
  ValiseHttpSession     *session;
  const char            *path;    /* of the database, escaped */
  const char            *inlined; /* "&attachments=true" for files inline, or "" */
  ValisePeerDocumentFunc func;
  gpointer               user_data;
} ValiseHttpFetch;

/* @wants: (element-type ValisePeerWant). @single: (inout): it has no `_bulk_get`. Fails as
 * valise_peer_fetch() does. */
gboolean valise_http_fetch (ValiseHttpFetch *self,
                            GPtrArray       *wants,
                            gboolean        *single,
                            GCancellable    *cancellable,
                            GError         **error);

/* The rows after @since with their documents, as valise_peer_stream(). */
gboolean valise_http_stream (ValiseHttpSession           *session,
                             const char                  *path,
                             const char                  *since,
                             const ValisePeerStreamQuery *query,
                             ValisePeerStreamFunc         func,
                             gpointer                     user_data,
                             char                       **last_seq,
                             GCancellable                *cancellable,
                             GError                     **error);

/* Reads @answer to its end through @splitter, element by element as they come. */
gboolean valise_http_answer_split (ValiseHttpAnswer *answer,
                                   ValiseSplitter   *splitter,
                                   GCancellable     *cancellable,
                                   GError          **error);

G_END_DECLS
