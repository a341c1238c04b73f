/* valise-feed-page.h - a page of a feed: what it offers, and what of that is wanted
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of this layer; one thread.
 */

#pragma once

#include "valise-quarantine.h"
#include "valise-replicator.h"

G_BEGIN_DECLS

/* How rows are judged; lent. */
typedef struct
{
  ValiseWantFunc    want; /* NULL: everything is fetched */
  gpointer          want_data;
  ValiseQuarantine *quarantine; /* what was refused before is left out */
} ValiseFeedFilter;

/* What to do with @row. */
ValiseWant valise_feed_filter_decide (const ValiseFeedFilter *filter, const ValisePeerChange *row);

typedef struct
{
  guint       asked; /* rows at most */
  guint       rows;
  GPtrArray  *wants;   /* (element-type ValisePeerWant): to fetch or to know, `keys` first */
  GHashTable *know;    /* set of the ids that are to be known only */
  GHashTable *deleted; /* set of the ids whose winner is a tombstone */
  GHashTable *sizes;   /* gint64 by id: what the feed announced */
  char       *last_seq;
  gint64      pending;  /* rows left; -1 unknown */
  gboolean    outwards; /* they go from this machine to a server */

  const ValiseFeedFilter *filter; /* while it is read */
} ValiseFeedPage;

/* Reads the rows of @source after @since; as valise_peer_changes().
 *
 * Tombstones are rows as all others. What a laptop pulls has gates that refuse every tombstone of a
 * CouchDB, so they cost it their rows alone (valise-tombstones.h). A copy without gates fetches
 * each of them, also into a store that has nothing: a row names a tombstone and not its ancestors,
 * and kept without those it would not hold a revision from before the deletion that somebody brings
 * later, which would then live here alone, since the server has both and offers neither again. */
ValiseFeedPage *valise_feed_page_read (ValisePeer             *source,
                                       const char             *since,
                                       guint                   limit,
                                       guint                   wait_ms,
                                       const ValiseFeedFilter *filter,
                                       GCancellable           *cancellable,
                                       GError                **error) G_GNUC_WARN_UNUSED_RESULT;

/* Parts @missing, what the target lacks: returns what to fetch, lent from @missing, and adds to
 * @known (element-type ValiseDocument) what is only to be recorded. A line that lasts for seconds
 * carries what matters: outwards the smallest first, so that of several submissions most arrive;
 * inwards `keys`, meetings and agendas before papers, and those before all else. */
GPtrArray *valise_feed_page_sort (ValiseFeedPage *self, GPtrArray *missing, GPtrArray *known);

void valise_feed_page_free (ValiseFeedPage *self);

/* Whether asking what of it is missing would cost more than sending all of it. */
gboolean valise_feed_page_is_small (const ValiseFeedPage *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseFeedPage, valise_feed_page_free)

G_END_DECLS
