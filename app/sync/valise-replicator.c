/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-replicator"

#include "config.h"

#include <string.h>

#include "valise-digest.h"
#include "valise-feed-page.h"
#include "valise-inflow.h"
#include "valise-judge.h"
#include "valise-logbook.h"
#include "valise-replicator.h"
#include "valise-transfer.h"

#define PAGE_START 250 /* rows of the first page of a feed */
#define PAGE_MAX   1000
#define PAGE_MIN   50
#define PAGE_US    (2 * G_USEC_PER_SEC) /* a page that takes longer was too long */
#define WAIT_MS    55000                /* of a longpoll */
#define EMIT_US    (100 * 1000)         /* between two signals of progress */

/**
 * ValiseReplicator:
 *
 * A page of the source's feed at a time: what is wanted of it, what of that the target
 * lacks, and the documents into the pipeline, which judges and commits them while the next
 * page is already asked for. The mark after a page's last document carries the checkpoint,
 * so that it is durable with them and never before.
 */
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

  GMutex         mutex; /* of the progress */
  ValiseProgress progress;
};

G_DEFINE_FINAL_TYPE (ValiseReplicator, valise_replicator, G_TYPE_OBJECT)

enum
{
  SIGNAL_PROGRESS,
  SIGNAL_REFUSED,
  SIGNAL_CAUGHT_UP,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* One run; the thread that runs it. */
typedef struct
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
} Run;

/* --- progress ---------------------------------------------------------------------------- */

static void
read_traffic (ValiseReplicator *self, guint64 traffic[4])
{
  valise_peer_get_traffic (self->source, &traffic[0], &traffic[1]);
  valise_peer_get_traffic (self->target, &traffic[2], &traffic[3]);
}

static void
update_progress (Run *run)
{
  ValiseReplicator   *self = run->self;
  ValisePipelineCount count = { 0 };
  guint64             now[4];

  read_traffic (self, now);
  valise_pipeline_get_count (run->pipeline, &count);
  g_mutex_lock (&self->mutex);
  self->progress.stored = count.stored;
  self->progress.known = count.known;
  self->progress.refused = count.refused;
  self->progress.received = now[0] - run->traffic[0] + now[2] - run->traffic[2];
  self->progress.sent = now[1] - run->traffic[1] + now[3] - run->traffic[3];
  g_mutex_unlock (&self->mutex);
}

static void
emit (Run *run)
{
  g_autoptr (GPtrArray) refusals = valise_pipeline_take_refusals (run->pipeline);

  update_progress (run);
  for (guint i = 0; i < refusals->len; i++)
    {
      const ValiseRefusal *refusal = g_ptr_array_index (refusals, i);

      g_signal_emit (run->self, signals[SIGNAL_REFUSED], 0, refusal->id, refusal->rev,
                     refusal->reason != NULL ? refusal->reason : refusal->error);
    }
  g_signal_emit (run->self, signals[SIGNAL_PROGRESS], 0);
  run->emitted_us = g_get_monotonic_time ();
}

static void
arrived_cb (gpointer user_data)
{
  Run *run = user_data;

  if (g_get_monotonic_time () - run->emitted_us >= EMIT_US)
    emit (run);
}

static void
count_rows (Run *run, guint listed, guint expected)
{
  g_mutex_lock (&run->self->mutex);
  run->self->progress.listed += listed;
  run->self->progress.expected += expected;
  g_mutex_unlock (&run->self->mutex);
}

/* --- a page ------------------------------------------------------------------------------ */

/* The next page of the feed. */
static ValiseFeedPage *
read_page (Run *run, guint wait_ms, GError **error)
{
  ValiseReplicator *self = run->self;
  ValiseFeedFilter  filter = { self->want, self->want_data, run->quarantine };
  guint             attempt = 0;
  gint64            start = g_get_monotonic_time ();
  ValiseFeedPage   *page = NULL;

  while (page == NULL)
    {
      GError *failure = NULL;

      page = valise_feed_page_read (self->source, run->seq, run->limit, wait_ms, &filter,
                                    run->cancellable, &failure);
      if (page != NULL)
        break;
      /* A page counts only when it came whole: on a link that does not last, ask for less. */
      run->limit = MAX (run->limit / 2, PAGE_MIN);
      if (!valise_transfer_retry (run->transfer, &attempt, failure, error))
        return NULL;
    }
  valise_transfer_set_reached (run->transfer);
  if (wait_ms == 0 && g_get_monotonic_time () - start > PAGE_US)
    run->limit = MAX (run->limit / 2, PAGE_MIN);
  else if (page->rows >= run->limit)
    run->limit = MIN (run->limit * 2, PAGE_MAX);
  return page;
}

static GPtrArray *
diff_page (Run *run, ValiseFeedPage *page, GError **error)
{
  guint attempt = 0;

  if (page->wants->len == 0)
    return g_ptr_array_new ();

  for (;;)
    {
      GError    *failure = NULL;
      GPtrArray *missing =
          valise_peer_diff (run->self->target, page->wants, run->cancellable, &failure);

      if (missing != NULL)
        return missing;
      if (!valise_transfer_retry (run->transfer, &attempt, failure, error))
        return NULL;
    }
}

static guint
count_revs (GPtrArray *wants)
{
  guint n = 0;

  for (guint i = 0; i < wants->len; i++)
    n += g_strv_length (((ValisePeerWant *) g_ptr_array_index (wants, i))->revs);
  return n;
}

/* What of @page the target lacks, into the pipeline, and the mark that all of it is there. */
static gboolean
bring_page (Run *run, ValiseFeedPage *page, GError **error)
{
  g_autoptr (GPtrArray) missing = diff_page (run, page, error);
  g_autoptr (GPtrArray) known =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);
  g_autoptr (GPtrArray) fetch = NULL;

  if (missing == NULL)
    return FALSE;
  fetch = valise_feed_page_sort (page, missing, known);
  for (guint i = 0; i < known->len; i++)
    if (!valise_pipeline_push_known (run->pipeline, g_ptr_array_index (known, i), error))
      return FALSE;
  count_rows (run, page->rows, count_revs (fetch));
  emit (run);
  valise_transfer_forget (run->transfer);
  return valise_transfer_fetch (run->transfer, fetch, page->sizes, error)
         && valise_logbook_mark (run->logbook, run->pipeline, page->last_seq, error);
}

/* Looks whether the far peer is still who it was; @rewound: (out): whether all is taken up
 * anew. */
static gboolean
check_far (Run *run, guint rows, gboolean *rewound, GError **error)
{
  *rewound = FALSE;
  if (rows == 0 && !valise_logbook_is_inwards (run->logbook))
    return TRUE;
  if (!valise_logbook_check (run->logbook, run->pipeline, run->transfer, rewound, error))
    return FALSE;
  if (*rewound)
    {
      g_free (run->seq);
      run->seq = g_strdup (valise_logbook_get_start (run->logbook));
    }
  return TRUE;
}

/* One page; @more: (out): whether the feed goes on. */
static gboolean
do_page (Run *run, guint wait_ms, gboolean *more, GError **error)
{
  g_autoptr (ValiseFeedPage) page = read_page (run, wait_ms, error);
  gboolean                   rewound = FALSE;

  /* An idle CouchDB words its sequence anew each time: that is no news. */
  if (page == NULL || (page->rows > 0 && !bring_page (run, page, error))
      || !check_far (run, page->rows, &rewound, error))
    return FALSE;
  *more = rewound
          || (page->rows > 0
              && (page->pending > 0 || (page->pending < 0 && page->rows >= page->asked)));
  if (rewound)
    return TRUE;

  g_free (run->seq);
  run->seq = g_steal_pointer (&page->last_seq);
  return valise_logbook_keep (run->logbook, run->pipeline, run->transfer, FALSE, error);
}

/* --- a stream ---------------------------------------------------------------------------- */

static gboolean
can_stream (Run *run)
{
  ValiseReplicator *self = run->self;

  return !run->paged && valise_peer_is_atomic (self->target)
         && valise_peer_can_stream (self->source)
         && (valise_logbook_is_fresh (run->logbook) || (self->one_way && run->seq != NULL));
}

static void
streamed_cb (guint rows, guint documents, gpointer user_data)
{
  count_rows (user_data, rows, documents);
  arrived_cb (user_data);
}

/* All there is, in one answer; @more: (out): whether the pages are to be read after all. */
static gboolean
do_stream (Run *run, gboolean *more, GError **error)
{
  ValiseReplicator *self = run->self;
  ValiseFeedFilter  filter = { self->want, self->want_data, run->quarantine };
  ValiseInflow      inflow = { .source = self->source,
                               .filter = &filter,
                               .logbook = run->logbook,
                               .pipeline = run->pipeline,
                               .transfer = run->transfer,
                               .cancellable = run->cancellable,
                               .func = streamed_cb,
                               .user_data = run };
  gboolean          whole = FALSE, rewound = FALSE;

  if (!valise_inflow_run (&inflow, &run->seq, &whole, error)
      || !check_far (run, 0, &rewound, error))
    return FALSE;
  run->paged = !whole || !self->one_way;
  *more = rewound || !whole;
  return rewound || valise_logbook_keep (run->logbook, run->pipeline, run->transfer, FALSE, error);
}

/* --- a run ------------------------------------------------------------------------------- */

/* Where this run takes up, from what both peers remember. */
static gboolean
find_start (Run *run, GError **error)
{
  ValiseReplicator *self = run->self;

  run->logbook = valise_logbook_open (self->source, self->target, self->device, self->want_version,
                                      run->cancellable, error);
  if (run->logbook == NULL)
    return FALSE;
  run->seq = g_strdup (valise_logbook_get_start (run->logbook));
  return TRUE;
}

/* The name of the list of what was refused. Whoever is not the account's own server has one
 * for itself: it could name revisions of the server's, which must not be passed over there. */
static char *
dup_quarantine_id (Run *run, gboolean inwards)
{
  if (inwards && valise_gates_have (run->gates, VALISE_SOURCE_PEER))
    {
      const char      *name = valise_peer_get_name (run->self->source);
      g_autofree char *digest = valise_digest_dup_hex (name, strlen (name));

      return g_strdup_printf ("quarantine-%.32s", digest);
    }
  return g_strdup (inwards ? "quarantine" : "quarantine-out");
}

static const char *
get_log_id (Run *run)
{
  return run->logbook != NULL ? valise_logbook_get_id (run->logbook) : "";
}

/* Kept where writing it costs nothing; where neither peer is a store of this machine, at the
 * target, beside those of others. */
static ValiseQuarantine *
load_quarantine (Run *run, GError **error)
{
  ValiseReplicator *self = run->self;
  g_autofree char  *id = NULL;
  gboolean          inwards = valise_peer_is_atomic (self->target);
  gboolean          outwards = valise_peer_is_atomic (self->source);

  id = inwards || outwards ? dup_quarantine_id (run, inwards)
                           : g_strconcat ("quarantine-", get_log_id (run), NULL);
  return valise_quarantine_load (inwards || !outwards ? self->target : self->source, id,
                                 run->cancellable, error);
}

/* What both a run and a fetch need. @lax: what the source says of itself. */
static gboolean
open_pipeline (Run *run, gboolean lax, GError **error)
{
  ValiseReplicator *self = run->self;

  run->gates = valise_gates_copy (self->gates, lax);
  run->quarantine = load_quarantine (run, error);
  if (run->quarantine == NULL)
    return FALSE;
  run->pipeline = valise_pipeline_new (self->target, run->gates, run->quarantine, get_log_id (run),
                                       run->cancellable);
  run->transfer =
      valise_transfer_new (self->source, run->pipeline, run->cancellable, arrived_cb, run);
  read_traffic (self, run->traffic);
  return TRUE;
}

static gboolean
retry_quarantined (Run *run, GError **error)
{
  g_autoptr (GPtrArray) wants = valise_quarantine_get_wants (
      run->quarantine, run->self->retry_refused ? NULL : VALISE_REFUSAL_UNKNOWN_KEY);

  run->self->retry_refused = FALSE;
  valise_transfer_set_reached (run->transfer);
  return wants->len == 0 || valise_transfer_fetch (run->transfer, wants, NULL, error);
}

/* To the end of the feed. */
static gboolean
catch_up (Run *run, GError **error)
{
  gboolean more = TRUE;

  while (more)
    if (!(can_stream (run) ? do_stream (run, &more, error) : do_page (run, 0, &more, error)))
      return FALSE;
  return valise_transfer_flush (run->transfer, error);
}

/* Waits for news, not longer than a log that is due may wait. */
static gboolean
follow (Run *run, GError **error)
{
  gint64   due_ms = valise_logbook_get_due (run->logbook, run->pipeline);
  guint    wait_ms = due_ms >= 0 ? (guint) CLAMP (due_ms, 1000, WAIT_MS) : WAIT_MS;
  gboolean more = FALSE;

  emit (run);
  g_signal_emit (run->self, signals[SIGNAL_CAUGHT_UP], 0);
  if (!do_page (run, wait_ms, &more, error))
    return FALSE;
  return more ? catch_up (run, error) : valise_transfer_flush (run->transfer, error);
}

static gboolean
perform (Run *run, gboolean continuous, GError **error)
{
  if (!find_start (run, error) || !open_pipeline (run, valise_logbook_is_lax (run->logbook), error)
      || !retry_quarantined (run, error) || !catch_up (run, error)
      || !valise_logbook_keep (run->logbook, run->pipeline, run->transfer, TRUE, error))
    return FALSE;

  while (continuous)
    if (!follow (run, error))
      return FALSE;
  return TRUE;
}

static void
clear_run (Run *run)
{
  g_clear_pointer (&run->transfer, valise_transfer_free);
  g_clear_pointer (&run->pipeline, valise_pipeline_free);
  g_clear_pointer (&run->quarantine, valise_quarantine_free);
  g_clear_pointer (&run->logbook, valise_logbook_free);
  g_clear_pointer (&run->gates, g_ptr_array_unref);
  g_free (run->seq);
}

/* Whatever ended the run: what has arrived becomes durable, and is told. */
static void
wind_up (Run *run)
{
  g_autoptr (GError) failure = NULL;

  if (run->pipeline != NULL)
    {
      if (!valise_pipeline_flush (run->pipeline, &failure))
        g_debug ("Winding up: %s", failure->message); /* the run has failed with this already */
      emit (run);
    }
  clear_run (run);
}

static void
begin_run (Run *run, ValiseReplicator *self, GCancellable *cancellable)
{
  run->self = self;
  run->cancellable = cancellable;
  run->limit = PAGE_START;
  g_mutex_lock (&self->mutex);
  memset (&self->progress, 0, sizeof self->progress);
  g_mutex_unlock (&self->mutex);
}

/* --- the object -------------------------------------------------------------------------- */

static void
valise_replicator_dispose (GObject *object)
{
  ValiseReplicator *self = VALISE_REPLICATOR (object);

  if (self->want_destroy != NULL)
    self->want_destroy (self->want_data);
  self->want_destroy = NULL;
  g_clear_object (&self->source);
  g_clear_object (&self->target);
  g_clear_pointer (&self->gates, g_ptr_array_unref);

  G_OBJECT_CLASS (valise_replicator_parent_class)->dispose (object);
}

static void
valise_replicator_finalize (GObject *object)
{
  ValiseReplicator *self = VALISE_REPLICATOR (object);

  g_free (self->device);
  g_free (self->want_version);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (valise_replicator_parent_class)->finalize (object);
}

static void
valise_replicator_class_init (ValiseReplicatorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = valise_replicator_dispose;
  object_class->finalize = valise_replicator_finalize;

  signals[SIGNAL_PROGRESS] = g_signal_new ("progress", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_REFUSED] =
      g_signal_new ("refused", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_CAUGHT_UP] = g_signal_new ("caught-up", G_TYPE_FROM_CLASS (klass),
                                            G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
valise_replicator_init (ValiseReplicator *self)
{
  g_mutex_init (&self->mutex);
  self->gates = valise_gates_new ();
}

ValiseReplicator *
valise_replicator_new (ValisePeer *source, ValisePeer *target, const char *device)
{
  ValiseReplicator *self = NULL;

  g_return_val_if_fail (VALISE_IS_PEER (source) && VALISE_IS_PEER (target), NULL);
  g_return_val_if_fail (device != NULL, NULL);

  self = g_object_new (VALISE_TYPE_REPLICATOR, NULL);
  self->source = g_object_ref (source);
  self->target = g_object_ref (target);
  self->device = g_strdup (device);
  return self;
}

void
valise_replicator_add_gate (ValiseReplicator *self,
                            ValiseGate       *gate,
                            const char       *database,
                            ValiseSource      source)
{
  g_return_if_fail (VALISE_IS_REPLICATOR (self));
  g_return_if_fail (VALISE_IS_GATE (gate) && database != NULL);

  valise_gates_add (self->gates, gate, database, source);
}

void
valise_replicator_set_want (ValiseReplicator *self,
                            ValiseWantFunc    func,
                            gpointer          user_data,
                            GDestroyNotify    destroy)
{
  g_return_if_fail (VALISE_IS_REPLICATOR (self));

  if (self->want_destroy != NULL)
    self->want_destroy (self->want_data);
  self->want = func;
  self->want_data = user_data;
  self->want_destroy = destroy;
}

void
valise_replicator_set_want_version (ValiseReplicator *self, const char *version)
{
  g_return_if_fail (VALISE_IS_REPLICATOR (self));

  g_free (self->want_version);
  self->want_version = g_strdup (version);
}

void
valise_replicator_set_one_way (ValiseReplicator *self, gboolean one_way)
{
  g_return_if_fail (VALISE_IS_REPLICATOR (self));

  self->one_way = one_way;
}

void
valise_replicator_retry_refused (ValiseReplicator *self)
{
  g_return_if_fail (VALISE_IS_REPLICATOR (self));

  self->retry_refused = TRUE;
}

gboolean
valise_replicator_run (ValiseReplicator *self,
                       gboolean          continuous,
                       GCancellable     *cancellable,
                       GError          **error)
{
  Run      run = { 0 };
  gboolean ok = FALSE;

  g_return_val_if_fail (VALISE_IS_REPLICATOR (self), FALSE);

  begin_run (&run, self, cancellable);
  ok = perform (&run, continuous, error);
  wind_up (&run);
  return ok;
}

/* The first of @ids that neither arrived nor was refused, or NULL. */
static const char *
find_absent (Run *run, const char *const *ids)
{
  for (guint i = 0; ids[i] != NULL; i++)
    if (!valise_transfer_has (run->transfer, ids[i]))
      return ids[i];
  return NULL;
}

/* Whether the source judges less than we do: asked for only where a gate would judge otherwise. */
static gboolean
ask_lax (Run *run, gboolean *lax, GError **error)
{
  ValiseReplicator *self = run->self;
  ValisePeerInfo    info = { 0 };
  gboolean          matters = valise_gates_have (self->gates, VALISE_SOURCE_SERVER)
                     || valise_gates_have (self->gates, VALISE_SOURCE_LOCAL);

  if (matters && !valise_peer_get_info (self->source, &info, run->cancellable, error))
    return FALSE;
  *lax = info.lax;
  valise_peer_info_clear (&info);
  return TRUE;
}

static gboolean
fetch_ids (Run *run, const char *const *ids, GError **error)
{
  g_autoptr (GPtrArray) wants =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_peer_want_free);
  ValisePipelineCount count = { 0 };
  const char         *absent = NULL;
  gboolean            lax = FALSE;

  if (!ask_lax (run, &lax, error) || !open_pipeline (run, lax, error))
    return FALSE;
  for (guint i = 0; ids[i] != NULL; i++)
    g_ptr_array_add (wants, valise_peer_want_new (ids[i], NULL));
  count_rows (run, wants->len, wants->len);
  if (!valise_transfer_fetch (run->transfer, wants, NULL, error)
      || !valise_transfer_flush (run->transfer, error))
    return FALSE;

  valise_pipeline_get_count (run->pipeline, &count);
  absent = find_absent (run, ids);
  if (absent != NULL)
    g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING, "%s has no %s",
                 valise_peer_get_name (run->self->source), absent);
  else if (count.refused > 0)
    g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_FORBIDDEN,
                 "%" G_GUINT64_FORMAT " of %u documents refused", count.refused, wants->len);
  return absent == NULL && count.refused == 0;
}

gboolean
valise_replicator_fetch (ValiseReplicator  *self,
                         const char *const *ids,
                         GCancellable      *cancellable,
                         GError           **error)
{
  Run      run = { 0 };
  gboolean ok = FALSE;

  g_return_val_if_fail (VALISE_IS_REPLICATOR (self), FALSE);
  g_return_val_if_fail (ids != NULL, FALSE);

  begin_run (&run, self, cancellable);
  ok = fetch_ids (&run, ids, error);
  wind_up (&run);
  return ok;
}

void
valise_replicator_get_progress (ValiseReplicator *self, ValiseProgress *progress)
{
  g_return_if_fail (VALISE_IS_REPLICATOR (self));
  g_return_if_fail (progress != NULL);

  g_mutex_lock (&self->mutex);
  *progress = self->progress;
  g_mutex_unlock (&self->mutex);
}
