/* valise-arrival.h - one revision's way into its document's tree and tables
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-document-table.h"
#include "valise-meta-table.h"

G_BEGIN_DECLS

/* Merges @document into the tree of @row, as it was found in this transaction, and writes what
 * follows: the winner, the leaves, @row's sequence (a new one above @first_seq, unless it has
 * one already), and the counters of @meta, which the caller writes. A revision that is known
 * changes nothing, but that a document deleted since gets a new sequence. @stored: (out): whether
 * the document's body is now the winner's. Fails with any #ValiseDbError. */
gboolean valise_arrival_apply (ValiseDb             *db,
                               ValiseMetaRow        *meta,
                               gint64                first_seq,
                               ValiseDocumentRow    *row,
                               const ValiseDocument *document,
                               ValiseMerge          *merge,
                               gboolean             *stored,
                               GError              **error);

G_END_DECLS
