/* valise-replicator-parts.h - one run of a replicator, between its files
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For valise-replicator's own files.
 */

#pragma once

#include "valise-logbook.h"
#include "valise-replicator.h"
#include "valise-transfer.h"

G_BEGIN_DECLS

struct _ValiseReplicator
{
  GObject parent_instance;

  ValisePeer    *source;
  ValisePeer    *target;
  char          *device;
  char          *want_version;
  GPtrArray     *gates; /* (element-type ValisePipelineGate): as they were given */
  ValiseWantFunc want;
  gpointer       want_data;
  GDestroyNotify want_destroy;
  gboolean       retry_refused;
  gboolean       one_way;
  gboolean       goes_on;  /* what follows is kept from one run to the next */
  ValiseLogbook *logbook;  /* (nullable) */
  char          *position; /* (nullable) */

  GMutex         mutex; /* of the progress */
  ValiseProgress progress;
};

typedef struct _ValiseRun ValiseRun;

/* One run; the thread that runs it. */
struct _ValiseRun
{
  ValiseReplicator *self;
  GCancellable     *cancellable;
  ValiseLogbook    *logbook;
  ValiseQuarantine *quarantine;
  ValisePipeline   *pipeline;
  ValiseTransfer   *transfer;
  GPtrArray        *gates; /* (element-type ValisePipelineGate): for this source */
  char             *seq;   /* where the feed stands; NULL: at its beginning */
  guint             limit;
  gboolean          paged; /* the source's stream is not to be used */

  guint64 traffic[4]; /* received and sent of source and target, at the start */
  gint64  emitted_us;
};

/* A run from its beginning to its end: what has arrived becomes durable whatever ended it. */
void     valise_run_begin (ValiseRun *run, ValiseReplicator *self, GCancellable *cancellable);
gboolean valise_run_find_start (ValiseRun *run, GError **error);
gboolean valise_run_open (ValiseRun *run, gboolean lax, GError **error);
void     valise_run_end (ValiseRun *run);

/* The next page of the feed, or all that is left of it in one answer. @more: (out): whether it goes
 * on. @wait_ms: how long to wait for a row. */
gboolean valise_run_page (ValiseRun *run, guint wait_ms, gboolean *more, GError **error);
gboolean valise_run_can_stream (ValiseRun *run);
gboolean valise_run_stream (ValiseRun *run, gboolean *more, GError **error);

/* What is told of it: @listed rows and @expected documents more; and all that there is, now. */
void valise_run_count (ValiseRun *run, guint listed, guint expected);
void valise_run_emit (ValiseRun *run);

G_END_DECLS
