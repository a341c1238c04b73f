/* valise-inflow.h - a source's stream into the pipeline: rows, documents and marks as they come
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a feed's page, a diff, fetches and a checkpoint are elsewhere, in one answer. For the
 * replicator, on its thread; the target is a store.
 */

#pragma once

#include "valise-feed-page.h"
#include "valise-logbook.h"

G_BEGIN_DECLS

/* @rows and @documents more have come. */
typedef void (*ValiseInflowFunc) (guint rows, guint documents, gpointer user_data);

/* All are lent. */
typedef struct
{
  ValisePeer             *source;
  ValisePeer             *target;
  const ValiseFeedFilter *filter;
  ValiseLogbook          *logbook;
  ValisePipeline         *pipeline;
  ValiseTransfer         *transfer;
  GCancellable           *cancellable;
  ValiseInflowFunc        func;
  gpointer                user_data;
} ValiseInflow;

/**
 * valise_inflow_run:
 * @seq: (inout): where the feed stands; moves only past what is in the pipeline, marked
 * @whole: (out): whether it was read to its end; otherwise the source's pages are to be read
 *   from @seq, since something in the stream cannot be taken
 *
 * Through every cut; nothing that came whole is asked for again.
 */
gboolean valise_inflow_run (const ValiseInflow *self, char **seq, gboolean *whole, GError **error);

G_END_DECLS
