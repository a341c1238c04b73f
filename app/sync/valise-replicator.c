/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-replicator"

#include "config.h"

#include "valise-judge.h"
#include "valise-replicator-parts.h"

#define WAIT_MS 55000 /* of a longpoll */

/**
 * ValiseReplicator:
 *
 * A page of the source's feed at a time: what is wanted of it, what of that the target
 * lacks, and the documents into the pipeline, which judges and commits them while the next
 * page is already asked for. The mark after a page's last document carries the checkpoint,
 * so that it is durable with them and never before.
 */
G_DEFINE_FINAL_TYPE (ValiseReplicator, valise_replicator, G_TYPE_OBJECT)

enum
{
  SIGNAL_PROGRESS,
  SIGNAL_REFUSED,
  SIGNAL_CAUGHT_UP,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- running ------------------------------------------------------------------------------ */

static gboolean
retry_quarantined (ValiseRun *run, GError **error)
{
  g_autoptr (GPtrArray) wants = valise_quarantine_get_wants (
      run->quarantine, run->self->retry_refused ? NULL : VALISE_REFUSAL_UNKNOWN_KEY);

  run->self->retry_refused = FALSE;
  valise_transfer_set_reached (run->transfer);
  return wants->len == 0 || valise_transfer_fetch (run->transfer, wants, NULL, error);
}

/* To the end of the feed. */
static gboolean
catch_up (ValiseRun *run, GError **error)
{
  gboolean more = TRUE;

  while (more)
    if (!(valise_run_can_stream (run) ? valise_run_stream (run, &more, error)
                                      : valise_run_page (run, 0, &more, error)))
      return FALSE;
  return valise_transfer_flush (run->transfer, error)
         && valise_logbook_settle (run->logbook, error);
}

/* Waits for news, not longer than a log that is due may wait. */
static gboolean
follow (ValiseRun *run, GError **error)
{
  gint64   due_ms = valise_logbook_get_due (run->logbook, run->pipeline);
  guint    wait_ms = due_ms >= 0 ? (guint) CLAMP (due_ms, 1000, WAIT_MS) : WAIT_MS;
  gboolean more = FALSE;

  valise_run_emit (run);
  g_signal_emit (run->self, signals[SIGNAL_CAUGHT_UP], 0);
  if (!valise_run_page (run, wait_ms, &more, error))
    return FALSE;
  return more ? catch_up (run, error) : valise_transfer_flush (run->transfer, error);
}

static gboolean
perform (ValiseRun *run, gboolean continuous, GError **error)
{
  if (!valise_run_find_start (run, error)
      || !valise_run_open (run, valise_logbook_is_lax (run->logbook), error)
      || !retry_quarantined (run, error) || !catch_up (run, error))
    return FALSE;
  if (run->self->goes_on)
    return valise_logbook_put_off (run->logbook, run->pipeline, error);
  if (!valise_logbook_keep (run->logbook, run->pipeline, run->transfer, TRUE, error))
    return FALSE;

  while (continuous)
    if (!follow (run, error))
      return FALSE;
  return TRUE;
}

/* Where it ended well, the next run goes on from here. */
static void
keep_place (ValiseRun *run)
{
  ValiseReplicator *self = run->self;

  valise_replicator_forget (self);
  self->logbook = g_steal_pointer (&run->logbook);
  self->position = g_steal_pointer (&run->seq);
}

/* --- the object -------------------------------------------------------------------------- */

static void
valise_replicator_dispose (GObject *object)
{
  ValiseReplicator *self = VALISE_REPLICATOR (object);

  if (self->want_destroy != NULL)
    self->want_destroy (self->want_data);
  self->want_destroy = NULL;
  valise_replicator_forget (self);
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
valise_replicator_go_on (ValiseReplicator *self)
{
  g_return_if_fail (VALISE_IS_REPLICATOR (self));

  self->goes_on = TRUE;
}

const char *
valise_replicator_get_position (ValiseReplicator *self)
{
  g_return_val_if_fail (VALISE_IS_REPLICATOR (self), NULL);

  return self->position;
}

void
valise_replicator_forget (ValiseReplicator *self)
{
  g_return_if_fail (VALISE_IS_REPLICATOR (self));

  g_clear_pointer (&self->logbook, valise_logbook_free);
  g_clear_pointer (&self->position, g_free);
}

gboolean
valise_replicator_is_due (ValiseReplicator *self)
{
  g_return_val_if_fail (VALISE_IS_REPLICATOR (self), FALSE);

  return self->logbook != NULL && valise_logbook_is_due (self->logbook);
}

gboolean
valise_replicator_deliver (ValiseReplicator *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (VALISE_IS_REPLICATOR (self), FALSE);

  return self->logbook == NULL || valise_logbook_deliver (self->logbook, cancellable, error);
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
  ValiseRun run = { 0 };
  gboolean  ok = FALSE;

  g_return_val_if_fail (VALISE_IS_REPLICATOR (self), FALSE);

  valise_run_begin (&run, self, cancellable);
  ok = perform (&run, continuous, error);
  if (ok && self->goes_on)
    keep_place (&run);
  valise_run_end (&run);
  return ok;
}

/* The first of @ids that neither arrived nor was refused, or NULL. */
static const char *
find_absent (ValiseRun *run, const char *const *ids)
{
  for (guint i = 0; ids[i] != NULL; i++)
    if (!valise_transfer_has (run->transfer, ids[i]))
      return ids[i];
  return NULL;
}

/* What comes by name is remembered like what comes by the feed. */
static gboolean
remember_source (ValiseReplicator *self, const ValisePeerInfo *info, GError **error)
{
  g_autofree char *epoch = valise_peer_info_dup_epoch (info);
  ValisePeerOrigin origin = { 0 };

  if (self->one_way || valise_peer_is_atomic (self->source))
    return TRUE;
  origin.name = valise_peer_get_name (self->source);
  origin.epoch = epoch;
  origin.trusted = VALISE_SEQ_MAX;
  return valise_peer_set_origin (self->target, &origin, error);
}

/* Whether the source judges less than we do: asked for only where a gate would judge otherwise. */
static gboolean
ask_lax (ValiseRun *run, gboolean *lax, GError **error)
{
  ValiseReplicator *self = run->self;
  ValisePeerInfo    info = { 0 };
  gboolean          ok = TRUE;
  gboolean          matters = valise_gates_have (self->gates, VALISE_SOURCE_SERVER)
                     || valise_gates_have (self->gates, VALISE_SOURCE_LOCAL);

  *lax = FALSE;
  if (!matters)
    return TRUE;
  if (!valise_peer_get_info (self->source, &info, run->cancellable, error))
    return FALSE;
  *lax = info.lax;
  ok = remember_source (self, &info, error);
  valise_peer_info_clear (&info);
  return ok;
}

static gboolean
fetch_ids (ValiseRun *run, const char *const *ids, GError **error)
{
  g_autoptr (GPtrArray) wants =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_peer_want_free);
  ValisePipelineCount count = { 0 };
  const char         *absent = NULL;
  gboolean            lax = FALSE;

  if (!ask_lax (run, &lax, error) || !valise_run_open (run, lax, error))
    return FALSE;
  for (guint i = 0; ids[i] != NULL; i++)
    g_ptr_array_add (wants, valise_peer_want_new (ids[i], NULL));
  valise_run_count (run, wants->len, wants->len);
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
  ValiseRun run = { 0 };
  gboolean  ok = FALSE;

  g_return_val_if_fail (VALISE_IS_REPLICATOR (self), FALSE);
  g_return_val_if_fail (ids != NULL, FALSE);

  valise_run_begin (&run, self, cancellable);
  ok = fetch_ids (&run, ids, error);
  valise_run_end (&run);
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
