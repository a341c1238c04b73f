/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-replicator"

#include "config.h"

#include <string.h>

#include "valise-digest.h"
#include "valise-feed-page.h"
#include "valise-inflow.h"
#include "valise-replicator-parts.h"
#include "valise-tombstones.h"

#define PAGE_START 250 /* rows of the first page of a feed */
#define PAGE_MAX   1000
#define PAGE_MIN   50
#define PAGE_US    (2 * G_USEC_PER_SEC) /* a page that takes longer was too long */
#define EMIT_US    (100 * 1000)         /* between two signals of progress */

/* --- progress ---------------------------------------------------------------------------- */

static void
read_traffic (ValiseReplicator *self, guint64 traffic[4])
{
  valise_peer_get_traffic (self->source, &traffic[0], &traffic[1]);
  valise_peer_get_traffic (self->target, &traffic[2], &traffic[3]);
}

static void
update_progress (ValiseRun *run)
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

void
valise_run_emit (ValiseRun *run)
{
  g_autoptr (GPtrArray) refusals = valise_pipeline_take_refusals (run->pipeline);

  update_progress (run);
  for (guint i = 0; i < refusals->len; i++)
    {
      const ValiseRefusal *refusal = g_ptr_array_index (refusals, i);

      g_signal_emit_by_name (run->self, "refused", refusal->id, refusal->rev,
                             refusal->reason != NULL ? refusal->reason : refusal->error);
    }
  g_signal_emit_by_name (run->self, "progress");
  run->emitted_us = g_get_monotonic_time ();
}

static void
arrived_cb (gpointer user_data)
{
  ValiseRun *run = user_data;

  if (g_get_monotonic_time () - run->emitted_us >= EMIT_US)
    valise_run_emit (run);
}

void
valise_run_count (ValiseRun *run, guint listed, guint expected)
{
  g_mutex_lock (&run->self->mutex);
  run->self->progress.listed += listed;
  run->self->progress.expected += expected;
  g_mutex_unlock (&run->self->mutex);
}

/* --- a page ------------------------------------------------------------------------------ */

/* The next page of the feed. */
static ValiseFeedPage *
read_page (ValiseRun *run, guint wait_ms, GError **error)
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
diff_page (ValiseRun *run, ValiseFeedPage *page, GError **error)
{
  guint attempt = 0;

  if (page->wants->len == 0)
    return g_ptr_array_new ();
  if (page->outwards && valise_peer_takes_unasked (run->self->target)
      && valise_feed_page_is_small (page))
    return g_ptr_array_ref (page->wants);

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
bring_page (ValiseRun *run, ValiseFeedPage *page, GError **error)
{
  g_autoptr (GPtrArray) missing = NULL, taken = NULL, fetch = NULL;
  g_autoptr (GPtrArray) known =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);

  page->outwards =
      valise_peer_is_atomic (run->self->source) && !valise_peer_is_atomic (run->self->target);
  missing = diff_page (run, page, error);
  if (missing == NULL)
    return FALSE;
  taken = valise_tombstones_settle (page, missing, run->gates, run->self->target, run->pipeline);
  fetch = valise_feed_page_sort (page, taken, known);
  for (guint i = 0; i < known->len; i++)
    if (!valise_pipeline_push_known (run->pipeline, g_ptr_array_index (known, i), NULL, error))
      return FALSE;
  valise_run_count (run, page->rows, count_revs (fetch));
  valise_run_emit (run);
  valise_transfer_forget (run->transfer);
  return valise_transfer_fetch (run->transfer, fetch, page->sizes, error)
         && valise_pipeline_push_mark (run->pipeline, page->last_seq, error);
}

/* Looks whether the far peer is still who it was; @rewound: (out): whether all is taken up
 * anew. */
static gboolean
check_far (ValiseRun *run, guint rows, gboolean *rewound, GError **error)
{
  if (!valise_logbook_check (run->logbook, run->pipeline, run->transfer, rows > 0, rewound, error))
    return FALSE;
  if (*rewound)
    {
      g_free (run->seq);
      run->seq = g_strdup (valise_logbook_get_start (run->logbook));
    }
  return TRUE;
}

/* One page; @more: (out): whether the feed goes on. */
gboolean
valise_run_page (ValiseRun *run, guint wait_ms, gboolean *more, GError **error)
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

/* A stream has all its documents in it; pages are compared first, so that nothing comes again. */
gboolean
valise_run_can_stream (ValiseRun *run)
{
  ValiseReplicator *self = run->self;

  return !run->paged && valise_peer_is_atomic (self->target)
         && valise_peer_can_stream (self->source)
         && (valise_logbook_is_fresh (run->logbook)
             || (self->one_way && run->seq != NULL && !valise_logbook_is_ahead (run->logbook)));
}

static void
streamed_cb (guint rows, guint documents, gpointer user_data)
{
  valise_run_count (user_data, rows, documents);
  arrived_cb (user_data);
}

/* All there is, in one answer; @more: (out): whether the pages are to be read after all. */
gboolean
valise_run_stream (ValiseRun *run, gboolean *more, GError **error)
{
  ValiseReplicator *self = run->self;
  ValiseFeedFilter  filter = { self->want, self->want_data, run->quarantine };
  ValiseInflow      inflow = { .source = self->source,
                               .target = self->target,
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
  return TRUE; /* the log of all of it is for who ends the run: one now would be of a part */
}

/* --- a run ------------------------------------------------------------------------------- */

/* Where this run takes up, from what both peers remember. */
gboolean
valise_run_find_start (ValiseRun *run, GError **error)
{
  ValiseReplicator *self = run->self;

  run->logbook = g_steal_pointer (&self->logbook);
  run->seq = g_steal_pointer (&self->position);
  if (run->logbook != NULL)
    {
      valise_logbook_resume (run->logbook, run->cancellable);
      return TRUE;
    }
  run->logbook = valise_logbook_open (self->source, self->target, self->device, self->want_version,
                                      !self->one_way, run->cancellable, error);
  if (run->logbook == NULL)
    return FALSE;
  if (self->goes_on)
    valise_logbook_set_watched (run->logbook);
  run->seq = g_strdup (valise_logbook_get_start (run->logbook));
  return TRUE;
}

/* The name of the list of what was refused. Whoever is not the account's own server has one
 * for itself: it could name revisions of the server's, which must not be passed over there. */
static char *
dup_quarantine_id (ValiseRun *run, gboolean inwards)
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
get_log_id (ValiseRun *run)
{
  return run->logbook != NULL ? valise_logbook_get_id (run->logbook) : "";
}

/* Kept where writing it costs nothing; where neither peer is a store of this machine, at the
 * target, beside those of others. */
static ValiseQuarantine *
load_quarantine (ValiseRun *run, GError **error)
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
gboolean
valise_run_open (ValiseRun *run, gboolean lax, GError **error)
{
  ValiseReplicator *self = run->self;

  run->gates = valise_gates_copy (self->gates, lax);
  run->quarantine = load_quarantine (run, error);
  if (run->quarantine == NULL)
    return FALSE;
  run->pipeline = valise_pipeline_new (self->target, run->gates, run->quarantine, get_log_id (run),
                                       run->cancellable);
  if (run->logbook != NULL)
    valise_pipeline_set_log (run->pipeline, valise_logbook_make, run->logbook);
  run->transfer =
      valise_transfer_new (self->source, run->pipeline, run->cancellable, arrived_cb, run);
  read_traffic (self, run->traffic);
  return TRUE;
}

static void
clear_run (ValiseRun *run)
{
  g_clear_pointer (&run->transfer, valise_transfer_free);
  g_clear_pointer (&run->pipeline, valise_pipeline_free);
  g_clear_pointer (&run->quarantine, valise_quarantine_free);
  g_clear_pointer (&run->logbook, valise_logbook_free);
  g_clear_pointer (&run->gates, g_ptr_array_unref);
  g_free (run->seq);
}

/* Whatever ended the run: what has arrived becomes durable, and is told. */
void
valise_run_end (ValiseRun *run)
{
  g_autoptr (GError) failure = NULL;

  if (run->pipeline != NULL)
    {
      if (!valise_pipeline_flush (run->pipeline, &failure))
        g_debug ("Winding up: %s", failure->message); /* the run has failed with this already */
      valise_run_emit (run);
    }
  clear_run (run);
}

void
valise_run_begin (ValiseRun *run, ValiseReplicator *self, GCancellable *cancellable)
{
  run->self = self;
  run->cancellable = cancellable;
  run->limit = PAGE_START;
  g_mutex_lock (&self->mutex);
  memset (&self->progress, 0, sizeof self->progress);
  g_mutex_unlock (&self->mutex);
}
