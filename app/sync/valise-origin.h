/* valise-origin.h - what of a database came from a peer, and so need not be offered to it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Spans of sequences, kept in a `_local` document in the transaction of the documents that they
 * speak of: with them or not at all. A document that is edited here leaves its span, since it
 * gets another sequence; one with a leaf from elsewhere was never in one. They count while both
 * sides are who they were: under another epoch of either, and whenever the peer turns out to
 * have forgotten something, they are void. For the files of this layer.
 */

#pragma once

#include "valise-peer.h"

G_BEGIN_DECLS

typedef struct _ValiseOrigin ValiseOrigin; /* any thread */

/* @name: of the peer. @epoch: (nullable): what it has to be; NULL: whatever is remembered, for
 * who only looks. */
ValiseOrigin *valise_origin_new (ValiseDatabase *database,
                                 const char     *name,
                                 const char     *epoch) G_GNUC_WARN_UNUSED_RESULT;

/* As the verb set_origin() of valise-peer.h has it. Fails with any #ValiseDbError. */
gboolean valise_origin_settle (ValiseOrigin *self, ValisePeerOrigin *origin, GError **error);

/* Remembers what @batch, which notes its spans, has merged. Fails with any #ValiseDbError. */
gboolean valise_origin_add (ValiseOrigin *self, ValiseBatch *batch, GError **error);

/* Returns: (element-type ValiseSpan): what counts, in order; to be unreferenced. */
GArray *valise_origin_dup_spans (ValiseOrigin *self);

/* The last sequence after @seq of which everything up to it is in @spans; @seq where there is
 * none; and whether @seq is in one. */
gint64   valise_spans_pass (GArray *spans, gint64 seq);
gboolean valise_spans_contain (GArray *spans, gint64 seq);

void valise_origin_free (ValiseOrigin *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseOrigin, valise_origin_free)

G_END_DECLS
