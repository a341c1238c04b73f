/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-replicator"

#include "config.h"

#include <string.h>

#include "valise-checkpoint.h"
#include "valise-judge.h"
#include "valise-replicator.h"
#include "valise-transfer.h"

#define PAGE_START 250 /* rows of the first page of a feed */
#define PAGE_MAX   1000
#define PAGE_MIN   50
#define PAGE_US    (2 * G_USEC_PER_SEC)  /* a page that takes longer was too long */
#define WAIT_MS    55000                 /* of a longpoll */
#define AWAY_US    (30 * G_USEC_PER_SEC) /* between two logs written far away … */
#define AWAY_BYTES (1 << 20)             /* … or after so much, */
#define AWAY_MIN   (5 * G_USEC_PER_SEC)  /* but not before */
#define EMIT_US    (100 * 1000)          /* between two signals of progress */

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
  GPtrArray     *gates; /* (element-type ValisePipelineGate) */
  ValiseWantFunc want;
  gpointer       want_data;
  GDestroyNotify want_destroy;
  gboolean       retry_refused;

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
  char             *local_id;
  ValiseCheckpoint *checkpoint;
  ValiseQuarantine *quarantine;
  ValisePipeline   *pipeline;
  ValiseTransfer   *transfer;
  char             *seq; /* where the feed stands; NULL: at its beginning */
  guint             limit;

  char    *far_log;        /* (nullable): what the far peer holds, as far as we know */
  gboolean source_refuses; /* it takes no log: a read-only source */
  gboolean target_refuses;
  char    *away;       /* the log written far away last */
  gint64   away_us;    /* when, monotonic */
  guint64  away_bytes; /* the traffic then */

  guint64 traffic[4]; /* received and sent of source and target, at the start */
  gint64  emitted_us;
} Run;

static void
free_gate (gpointer data)
{
  ValisePipelineGate *gate = data;

  g_object_unref (gate->gate);
  g_free (gate->database);
  g_free (gate);
}

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

/* --- logs -------------------------------------------------------------------------------- */

/* A `_local` log, NULL where there is none or the peer keeps none for us. */
static gboolean
read_log (Run *run, ValisePeer *peer, char **log, gboolean *refuses, GError **error)
{
  g_autoptr (GError) failure = NULL;

  *log = valise_peer_get_local (peer, run->local_id, run->cancellable, &failure);
  *refuses = g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_FORBIDDEN);
  if (*log != NULL || *refuses
      || g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* Puts a log where the peer takes one; @refuses: (inout). */
static gboolean
write_log (Run *run, ValisePeer *peer, const char *log, gboolean *refuses, GError **error)
{
  guint attempt = 0;

  while (!*refuses)
    {
      GError *failure = NULL;

      if (valise_peer_put_local (peer, run->local_id, log, run->cancellable, &failure))
        return TRUE;
      *refuses = g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_FORBIDDEN);
      if (*refuses)
        g_error_free (failure);
      else if (!valise_transfer_retry (run->transfer, &attempt, failure, error))
        return FALSE;
    }
  return TRUE;
}

/* The peer that is not here: a log does not ride with the documents to it. */
static ValisePeer *
get_far (Run *run)
{
  return valise_peer_is_atomic (run->self->target) ? run->self->source : run->self->target;
}

static gboolean *
get_far_refuses (Run *run)
{
  return valise_peer_is_atomic (run->self->target) ? &run->source_refuses : &run->target_refuses;
}

static gboolean
write_far_log (Run *run, const char *log, GError **error)
{
  if (!write_log (run, get_far (run), log, get_far_refuses (run), error))
    return FALSE;
  if (!*get_far_refuses (run))
    {
      g_free (run->far_log);
      run->far_log = g_strdup (log);
    }
  return TRUE;
}

/* The logs that do not ride with the documents. */
static gboolean
write_logs (Run *run, const char *log, const char *away, GError **error)
{
  gboolean refuses = FALSE, shared = FALSE;

  if (!write_far_log (run, away, error))
    return FALSE;
  refuses = *get_far_refuses (run);
  shared = !refuses && valise_checkpoint_set_shared (run->checkpoint);
  if (valise_peer_is_atomic (run->self->target))
    return !shared || write_log (run, run->self->target, away, &run->target_refuses, error);
  return write_log (run, run->self->source, refuses ? log : away, &run->source_refuses, error);
}

/* Far logs are coalesced: at the end (@now), or after a while or a lot. */
static gboolean
keep_logs (Run *run, gboolean now, GError **error)
{
  g_autofree char *log = NULL, *away = NULL;
  gint64           passed = g_get_monotonic_time () - run->away_us;
  guint64          traffic[4], bytes = 0;

  if (!valise_pipeline_dup_logs (run->pipeline, &log, &away) || g_strcmp0 (away, run->away) == 0)
    return TRUE;
  read_traffic (run->self, traffic);
  for (int i = 0; i < 4; i++)
    bytes += traffic[i];
  if (!now && passed < AWAY_US && (passed < AWAY_MIN || bytes - run->away_bytes < AWAY_BYTES))
    return TRUE;

  if (!write_logs (run, log, away, error))
    return FALSE;
  g_free (run->away);
  run->away = g_steal_pointer (&away);
  run->away_us = g_get_monotonic_time ();
  run->away_bytes = bytes;
  return TRUE;
}

/* --- a page ------------------------------------------------------------------------------ */

/* What a page of the feed offers. */
typedef struct
{
  Run        *run;
  guint       asked; /* rows at most */
  guint       rows;
  GPtrArray  *wants;   /* (element-type ValisePeerWant): to fetch or to know */
  GHashTable *know;    /* set of the ids that are to be known only */
  GHashTable *deleted; /* set of the ids whose winner is a tombstone */
  GHashTable *sizes;   /* gint64 by id */
} Page;

static void
init_page (Page *page, Run *run)
{
  page->run = run;
  page->asked = run->limit;
  page->rows = 0;
  page->wants = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_peer_want_free);
  page->know = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  page->deleted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  page->sizes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static void
clear_page (Page *page)
{
  g_ptr_array_unref (page->wants);
  g_hash_table_unref (page->know);
  g_hash_table_unref (page->deleted);
  g_hash_table_unref (page->sizes);
}

static ValiseWant
decide (ValiseReplicator *self, const ValisePeerChange *row)
{
  if (row->id[0] == '_') /* design documents are the server's own */
    return VALISE_WANT_SKIP;
  return self->want != NULL ? self->want (row->id, row->deleted, self->want_data)
                            : VALISE_WANT_FETCH;
}

/* @row's revisions but for those that were refused before. */
static GPtrArray *
select_revs (Run *run, const ValisePeerChange *row)
{
  GPtrArray *revs = g_ptr_array_new ();

  for (guint i = 0; row->revs[i] != NULL; i++)
    if (!valise_quarantine_contains (run->quarantine, row->id, row->revs[i]))
      g_ptr_array_add (revs, (gpointer) row->revs[i]);
  return revs;
}

static gboolean
take_row (const ValisePeerChange *row, gpointer user_data)
{
  Page                 *page = user_data;
  ValiseWant            want = decide (page->run->self, row);
  g_autoptr (GPtrArray) revs = NULL;

  page->rows++;
  if (want == VALISE_WANT_SKIP)
    return TRUE;
  revs = select_revs (page->run, row);
  if (revs->len == 0)
    return TRUE;

  g_ptr_array_add (revs, NULL);
  g_ptr_array_insert (page->wants, g_str_equal (row->id, "keys") ? 0 : -1,
                      valise_peer_want_new (row->id, (const char *const *) revs->pdata));
  if (want == VALISE_WANT_KNOW)
    g_hash_table_add (page->know, g_strdup (row->id));
  if (row->deleted)
    g_hash_table_add (page->deleted, g_strdup (row->id));
  if (row->size > 0)
    g_hash_table_replace (page->sizes, g_strdup (row->id),
                          g_memdup2 (&row->size, sizeof row->size));
  return TRUE;
}

/* The next page, and where the feed then stands. */
static gboolean
read_page (Run *run, Page *page, guint wait_ms, char **last_seq, gint64 *pending, GError **error)
{
  guint  attempt = 0;
  gint64 start = g_get_monotonic_time ();

  for (;;)
    {
      GError *failure = NULL;

      init_page (page, run);
      if (valise_peer_changes (run->self->source, run->seq, run->limit, wait_ms, take_row, page,
                               last_seq, pending, run->cancellable, &failure))
        break;
      clear_page (page);
      /* A page counts only when it came whole: on a link that does not last, ask for less. */
      run->limit = MAX (run->limit / 2, PAGE_MIN);
      if (!valise_transfer_retry (run->transfer, &attempt, failure, error))
        return FALSE;
    }
  valise_transfer_set_reached (run->transfer);
  if (wait_ms == 0 && g_get_monotonic_time () - start > PAGE_US)
    run->limit = MAX (run->limit / 2, PAGE_MIN);
  else if (page->rows >= run->limit)
    run->limit = MIN (run->limit * 2, PAGE_MAX);
  return TRUE;
}

static GPtrArray *
diff_page (Run *run, Page *page, GError **error)
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

/* Records that the revisions of @want exist, with the size that the feed announced. */
static gboolean
push_known (Run *run, Page *page, const ValisePeerWant *want, GError **error)
{
  const gint64 *size = g_hash_table_lookup (page->sizes, want->id);
  gboolean      deleted = g_hash_table_contains (page->deleted, want->id);

  for (guint i = 0; want->revs[i] != NULL; i++)
    {
      g_autoptr (ValiseDocument) document =
          valise_document_new (want->id, want->revs[i], deleted, NULL);

      document->size = size != NULL ? *size : 0;
      if (!valise_pipeline_push_known (run->pipeline, document, error))
        return FALSE;
    }
  return TRUE;
}

/* Of what the target lacks: notes what is to be known, returns what is to be fetched. */
static GPtrArray *
sort_missing (Run *run, Page *page, GPtrArray *missing, GError **error)
{
  g_autoptr (GPtrArray) fetch = g_ptr_array_new ();
  guint                 expected = 0;

  for (guint i = 0; i < missing->len; i++)
    {
      ValisePeerWant *want = g_ptr_array_index (missing, i);

      if (!g_hash_table_contains (page->know, want->id))
        {
          g_ptr_array_insert (fetch, g_str_equal (want->id, "keys") ? 0 : -1, want);
          expected += g_strv_length (want->revs);
        }
      else if (!push_known (run, page, want, error))
        return NULL;
    }
  count_rows (run, page->rows, expected);
  return g_steal_pointer (&fetch);
}

static gboolean
bring_page (Run *run, Page *page, const char *last_seq, GError **error)
{
  g_autoptr (GPtrArray) missing = diff_page (run, page, error);
  g_autoptr (GPtrArray) fetch = NULL;
  g_autofree char      *log = NULL, *away = NULL;

  if (missing == NULL)
    return FALSE;
  fetch = sort_missing (run, page, missing, error);
  if (fetch == NULL)
    return FALSE;
  emit (run);
  valise_transfer_forget (run->transfer);
  if (!valise_transfer_fetch (run->transfer, fetch, page->sizes, error))
    return FALSE;

  log = valise_checkpoint_advance (run->checkpoint, last_seq, &away);
  return valise_pipeline_push_mark (run->pipeline, log, away, error);
}

/* --- a run ------------------------------------------------------------------------------- */

static char *
dup_epoch (ValisePeer *peer, GCancellable *cancellable, GError **error)
{
  ValisePeerInfo info = { 0 };
  char          *epoch = NULL;

  if (!valise_peer_get_info (peer, &info, cancellable, error))
    return NULL;
  epoch = g_strdup_printf ("%s/%s", info.uuid != NULL ? info.uuid : "",
                           info.start_time != NULL ? info.start_time : "");
  valise_peer_info_clear (&info);
  return epoch;
}

/* Where the feed is to be taken up, from what both peers remember. */
static gboolean
find_start (Run *run, GError **error)
{
  ValiseReplicator *self = run->self;
  g_autofree char  *source_epoch = dup_epoch (self->source, run->cancellable, error);
  g_autofree char  *target_epoch = NULL, *source_log = NULL, *target_log = NULL;

  if (source_epoch == NULL)
    return FALSE;
  target_epoch = dup_epoch (self->target, run->cancellable, error);
  if (target_epoch == NULL)
    return FALSE;
  if (run->local_id == NULL)
    run->local_id = valise_checkpoint_make_id (valise_peer_get_name (self->source),
                                               valise_peer_get_name (self->target), self->device,
                                               self->want_version);
  if (!read_log (run, self->source, &source_log, &run->source_refuses, error)
      || !read_log (run, self->target, &target_log, &run->target_refuses, error))
    return FALSE;

  g_clear_pointer (&run->checkpoint, valise_checkpoint_free);
  run->checkpoint = valise_checkpoint_new (source_epoch, target_epoch, source_log, target_log);
  g_free (run->far_log);
  run->far_log = g_strdup (get_far (run) == self->source ? source_log : target_log);
  g_free (run->seq);
  run->seq = g_strdup (valise_checkpoint_get_seq (run->checkpoint));
  return TRUE;
}

/* A server that was away may have come back as an older copy of itself, whose sequences mean
 * something else, and which lacks what it was given since. Where its log is not the one it had,
 * all is taken up anew. @rewound: (out): whether it was. */
static gboolean
check_far (Run *run, gboolean *rewound, GError **error)
{
  g_autofree char *log = NULL, *found = NULL, *away = NULL;
  gboolean         refuses = FALSE;

  *rewound = FALSE;
  if (*get_far_refuses (run)
      || (!valise_transfer_take_shaken (run->transfer) && get_far (run) == run->self->source))
    return TRUE;
  if (!valise_transfer_flush (run->transfer, error)
      || !read_log (run, get_far (run), &found, &refuses, error))
    return FALSE;
  if (refuses || valise_checkpoint_is_same (found, run->far_log))
    return TRUE;

  *rewound = TRUE;
  if (!find_start (run, error))
    return FALSE;
  /* What was to be written there speaks of what it has forgotten. */
  if (valise_pipeline_dup_logs (run->pipeline, &log, &away))
    {
      g_free (run->away);
      run->away = g_steal_pointer (&away);
    }
  return TRUE;
}

/* What both a run and a fetch need; the quarantine is kept where writing it costs nothing. */
static gboolean
open_pipeline (Run *run, GError **error)
{
  ValiseReplicator *self = run->self;
  gboolean          inwards = valise_peer_is_atomic (self->target);

  run->quarantine =
      valise_quarantine_load (inwards ? self->target : self->source,
                              inwards ? "quarantine" : "quarantine-out", run->cancellable, error);
  if (run->quarantine == NULL)
    return FALSE;
  run->pipeline = valise_pipeline_new (self->target, self->gates, run->quarantine, run->local_id,
                                       run->cancellable);
  run->transfer =
      valise_transfer_new (self->source, run->pipeline, run->cancellable, arrived_cb, run);
  read_traffic (self, run->traffic);
  run->away_us = g_get_monotonic_time ();
  for (int i = 0; i < 4; i++)
    run->away_bytes += run->traffic[i];
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

/* One page; @more: (out): whether the feed goes on. */
static gboolean
do_page (Run *run, guint wait_ms, gboolean *more, GError **error)
{
  g_autofree char *last_seq = NULL;
  gint64           pending = -1;
  Page             page = { 0 };
  gboolean         ok = TRUE, rewound = FALSE;

  if (!read_page (run, &page, wait_ms, &last_seq, &pending, error))
    return FALSE;
  /* An idle CouchDB words its sequence anew each time: that is no news. */
  if (page.rows > 0)
    ok = bring_page (run, &page, last_seq, error);
  *more = page.rows > 0 && (pending > 0 || (pending < 0 && page.rows >= page.asked));
  if (ok && (page.rows > 0 || get_far (run) == run->self->source))
    ok = check_far (run, &rewound, error);
  clear_page (&page);
  if (rewound)
    {
      *more = TRUE;
      return ok;
    }

  g_free (run->seq);
  run->seq = g_steal_pointer (&last_seq);
  return ok && keep_logs (run, FALSE, error);
}

/* To the end of the feed. */
static gboolean
catch_up (Run *run, GError **error)
{
  gboolean more = TRUE;

  while (more)
    if (!do_page (run, 0, &more, error))
      return FALSE;
  return valise_transfer_flush (run->transfer, error);
}

/* Waits for news, not longer than a log that is due may wait. */
static gboolean
follow (Run *run, GError **error)
{
  g_autofree char *log = NULL, *away = NULL;
  gint64           due_ms = 0;
  guint            wait_ms = WAIT_MS;
  gboolean         more = FALSE;

  emit (run);
  g_signal_emit (run->self, signals[SIGNAL_CAUGHT_UP], 0);
  if (valise_pipeline_dup_logs (run->pipeline, &log, &away) && g_strcmp0 (away, run->away) != 0)
    {
      due_ms = (run->away_us + AWAY_US - g_get_monotonic_time ()) / 1000;
      wait_ms = (guint) CLAMP (due_ms, 1000, WAIT_MS);
    }
  if (!do_page (run, wait_ms, &more, error))
    return FALSE;
  return more ? catch_up (run, error) : valise_transfer_flush (run->transfer, error);
}

static gboolean
perform (Run *run, gboolean continuous, GError **error)
{
  if (!find_start (run, error) || !open_pipeline (run, error) || !retry_quarantined (run, error)
      || !catch_up (run, error) || !keep_logs (run, TRUE, error))
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
  g_clear_pointer (&run->checkpoint, valise_checkpoint_free);
  g_free (run->local_id);
  g_free (run->seq);
  g_free (run->away);
  g_free (run->far_log);
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
  self->gates = g_ptr_array_new_with_free_func (free_gate);
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
  ValisePipelineGate *entry = NULL;

  g_return_if_fail (VALISE_IS_REPLICATOR (self));
  g_return_if_fail (VALISE_IS_GATE (gate) && database != NULL);

  entry = g_new0 (ValisePipelineGate, 1);
  entry->gate = g_object_ref (gate);
  entry->database = g_strdup (database);
  entry->source = source;
  g_ptr_array_add (self->gates, entry);
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

static gboolean
fetch_ids (Run *run, const char *const *ids, GError **error)
{
  g_autoptr (GPtrArray) wants =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_peer_want_free);
  ValisePipelineCount count = { 0 };
  const char         *absent = NULL;

  run->local_id = g_strdup ("");
  if (!open_pipeline (run, error))
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
