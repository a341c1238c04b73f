/* valise-wire.h - the protocol's JSON: rows, entries and bodies, read and written
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of this layer. What is read is untrusted.
 */

#pragma once

#include "valise-ancestry.h"
#include "valise-peer.h"

G_BEGIN_DECLS

/* One row of `_changes` given to @func; @more: (out): what @func said. Fails with
 * %VALISE_PEER_ERROR_PROTOCOL. */
gboolean valise_wire_read_change (const char          *text,
                                  gsize                length,
                                  ValisePeerChangeFunc func,
                                  gpointer             user_data,
                                  gboolean            *more,
                                  GError             **error);

/* The same of a stream's row, with its documents. */
gboolean valise_wire_read_streamed (const char          *text,
                                    gsize                length,
                                    ValisePeerStreamFunc func,
                                    gpointer             user_data,
                                    GError             **error);

/* The question for a stream. @since: (nullable) */
GString *valise_wire_make_stream (const char *since, const ValisePeerStreamQuery *query);

/* Whether "features" of @object lists @feature, in what a server or a database of ours says of
 * itself. */
gboolean valise_wire_has_feature (const ValiseJson *info, guint object, const char *feature);

/* What a database says of itself; FALSE where that is no database. @info->uuid stays %NULL where
 * it does not say that. */
gboolean valise_wire_read_info (const ValiseJson *json, guint object, ValisePeerInfo *info);

/* A sequence as it is handed back: the text of a string, or any other value as it stands. */
char *valise_wire_dup_seq (const ValiseJson *json, guint token);

/* The documents of one entry of `_bulk_get`'s results, or of one element of what `open_revs`
 * answers, given to @func. Revisions that are missing or not ours to read are left out. */
gboolean valise_wire_read_documents (const char            *text,
                                     gsize                  length,
                                     ValisePeerDocumentFunc func,
                                     gpointer               user_data,
                                     GError               **error);

/* The body of `_bulk_get` for @wants, of `_revs_diff`, and of `_bulk_docs`. */
GString *valise_wire_make_bulk_get (GPtrArray *wants);
GString *valise_wire_make_revs_diff (GPtrArray *wants);
GString *valise_wire_make_bulk_docs (GPtrArray *documents);

/* What `_revs_diff` answered (element-type ValisePeerWant), or %NULL. What the peer may have of
 * their histories is noted in @ancestry. */
GPtrArray *valise_wire_read_revs_diff (const ValiseJson *json,
                                       ValiseAncestry   *ancestry,
                                       GError          **error);

/* What `_bulk_docs` answered to @documents (element-type ValiseRefusal), or %NULL. */
GPtrArray *valise_wire_read_refusals (const ValiseJson *json, GPtrArray *documents, GError **error);

G_END_DECLS
