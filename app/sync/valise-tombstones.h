/* valise-tombstones.h - deletions that a feed tells of and nobody here will take
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of this layer; one thread.
 */

#pragma once

#include "valise-feed-page.h"
#include "valise-pipeline.h"

G_BEGIN_DECLS

/**
 * valise_tombstones_settle:
 * @page: whose rows @missing come from
 * @missing: (element-type ValisePeerWant): what @target, a store, lacks
 * @gates: that @pipeline puts everything to
 *
 * Where the gates refuse every tombstone, as those of a programme do with what a CouchDB says,
 * none has to be fetched to be refused: the row of the feed is enough. Of a document that is here
 * it is refused by its name, as if it had come; what was never here is passed over, so that old
 * tombstones cost a store that begins with nothing no more than their rows.
 *
 * Returns: (transfer container): @missing without these, whose elements stay its own
 */
GPtrArray *valise_tombstones_settle (const ValiseFeedPage *page,
                                     GPtrArray            *missing,
                                     GPtrArray            *gates,
                                     ValisePeer           *target,
                                     ValisePipeline       *pipeline) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
