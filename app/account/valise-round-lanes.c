/* valise-round-lanes.c - the lanes of a round: their threads, their progress, their failures
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-round"

#include "config.h"

#include "valise-acknowledged.h"
#include "valise-home.h"
#include "valise-round-parts.h"

/* --- telling ----------------------------------------------------------------------------- */

static void
sum_lane (ValiseRoundState *state, const ValiseLane *lane)
{
  const ValiseProgress *progress = &lane->progress;
  guint64               finished = MAX (progress->stored + progress->refused, lane->settled);
  guint64               left = progress->expected > finished ? progress->expected - finished : 0;

  if (lane->outwards)
    {
      state->waiting += left;
      state->sending |= left > 0;
      return;
    }
  state->documents += lane->before.stored + progress->stored;
  state->expected += lane->before.expected + progress->expected;
  state->receiving |= left > 0;
}

void
valise_round_tell (ValiseRound *self)
{
  ValiseRoundState *state = &self->state;
  guint64           received = 0, sent = 0;

  state->receiving = state->sending = FALSE;
  state->documents = state->expected = state->waiting = 0;
  valise_http_session_get_traffic (self->kit.session, &received, &sent);
  state->received = received - self->received;
  state->sent = sent - self->sent;
  for (guint i = 0; i < self->lanes->len; i++)
    sum_lane (state, g_ptr_array_index (self->lanes, i));
  if (self->listener != NULL)
    self->listener->changed (state, self->user_data);
}

static void
progress_cb (ValiseReplicator *replicator, ValiseLane *lane)
{
  ValiseRound *round = lane->round;

  g_mutex_lock (&round->mutex);
  valise_replicator_get_progress (replicator, &lane->progress);
  valise_round_tell (round);
  g_mutex_unlock (&round->mutex);
}

/* The lane's own thread: it reads the log that it has just written. */
static void
trim_journal (ValiseLane *lane)
{
  ValiseRound *round = lane->round;

  if (lane->outwards)
    valise_acknowledged_trim (valise_account_get_home (round->kit.account), lane->database,
                              round->membership, lane->name);
}

static void
caught_up_cb (ValiseReplicator *replicator, ValiseLane *lane)
{
  ValiseRound *round = lane->round;

  trim_journal (lane);
  g_mutex_lock (&round->mutex);
  lane->caught_up = TRUE;
  lane->settled = lane->progress.expected;
  g_cond_broadcast (&round->cond);
  valise_round_tell (round);
  g_mutex_unlock (&round->mutex);
}

static void
refused_cb (ValiseReplicator *replicator,
            const char       *id,
            const char       *rev,
            const char       *reason,
            ValiseLane       *lane)
{
  ValiseRound *round = lane->round;

  g_mutex_lock (&round->mutex);
  if (round->listener != NULL)
    round->listener->refused (id, reason, round->user_data);
  g_mutex_unlock (&round->mutex);
}

/* --- running ----------------------------------------------------------------------------- */

gboolean
valise_round_is_private (const GError *failure)
{
  return g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_FORBIDDEN)
         || g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING);
}

static gpointer
lane_thread (gpointer data)
{
  ValiseLane  *lane = data;
  ValiseRound *round = lane->round;
  GError      *failure = NULL;

  valise_replicator_run (lane->replicator, lane->continuous, round->cancellable, &failure);
  trim_journal (lane);

  g_mutex_lock (&round->mutex);
  if (failure != NULL && valise_round_is_private (failure) && round->listener != NULL)
    round->listener->refused (lane->name, failure->message, round->user_data);
  lane->failure = failure;
  lane->settled = lane->progress.expected;
  lane->done = TRUE;
  g_cond_broadcast (&round->cond);
  valise_round_tell (round);
  g_mutex_unlock (&round->mutex);
  return NULL;
}

/* What this round has seen of the lane so far goes to what it had before. */
static void
reset_lane (ValiseRound *self, ValiseLane *lane)
{
  if (g_ptr_array_find (self->lanes, lane, NULL))
    {
      g_thread_join (g_steal_pointer (&lane->thread));
      lane->before.stored += lane->progress.stored;
      lane->before.expected += lane->progress.expected;
    }
  else
    {
      lane->before = (ValiseProgress){ 0 };
      lane->round = self;
      g_signal_connect (lane->replicator, "progress", G_CALLBACK (progress_cb), lane);
      g_signal_connect (lane->replicator, "caught-up", G_CALLBACK (caught_up_cb), lane);
      g_signal_connect (lane->replicator, "refused", G_CALLBACK (refused_cb), lane);
      g_ptr_array_add (self->lanes, lane);
    }
  lane->progress = (ValiseProgress){ 0 };
  lane->settled = 0;
  lane->caught_up = lane->done = FALSE;
  g_clear_error (&lane->failure);
}

gboolean
valise_round_run_lane (ValiseRound *self,
                       ValiseLane  *lane,
                       gboolean     continuous,
                       gboolean     retry,
                       GError     **error)
{
  gboolean ok = TRUE;

  if (retry)
    valise_replicator_retry_refused (lane->replicator);
  g_mutex_lock (&self->mutex);
  reset_lane (self, lane);
  lane->continuous = continuous;
  lane->thread = g_thread_new ("valise-lane", lane_thread, lane);
  while (!lane->done && !lane->caught_up)
    g_cond_wait (&self->cond, &self->mutex);
  if (lane->done && lane->failure == NULL)
    valise_lane_keep (lane);
  else if (lane->done)
    valise_lane_forget (lane);
  lane->shut = lane->failure != NULL;
  if (lane->done && lane->failure != NULL && !valise_round_is_private (lane->failure))
    {
      g_propagate_error (error, g_error_copy (lane->failure));
      ok = FALSE;
    }
  g_mutex_unlock (&self->mutex);
  return ok;
}

/* The first lane that ended by a failure for all. Holds the mutex. */
static const GError *
find_failure (ValiseRound *self)
{
  for (guint i = 0; i < self->lanes->len; i++)
    {
      const ValiseLane *lane = g_ptr_array_index (self->lanes, i);

      if (lane->done && lane->failure != NULL && !valise_round_is_private (lane->failure))
        return lane->failure;
    }
  return NULL;
}

static gboolean
has_running (ValiseRound *self)
{
  for (guint i = 0; i < self->lanes->len; i++)
    if (!((ValiseLane *) g_ptr_array_index (self->lanes, i))->done)
      return TRUE;
  return FALSE;
}

gboolean
valise_round_stay (ValiseRound *self, GError **error)
{
  const GError *failure = NULL;

  g_mutex_lock (&self->mutex);
  while ((failure = find_failure (self)) == NULL && has_running (self))
    g_cond_wait (&self->cond, &self->mutex);
  if (failure != NULL)
    g_propagate_error (error, g_error_copy (failure));
  g_mutex_unlock (&self->mutex);
  return failure == NULL;
}

/* --- the end ----------------------------------------------------------------------------- */

void
valise_round_join_lanes (ValiseRound *self)
{
  for (guint i = 0; i < self->lanes->len; i++)
    {
      ValiseLane *lane = g_ptr_array_index (self->lanes, i);

      g_thread_join (g_steal_pointer (&lane->thread));
      g_signal_handlers_disconnect_by_data (lane->replicator, lane);
    }
}

gboolean
valise_round_check_private (ValiseRound *self, GError **error)
{
  for (guint i = 0; i < self->lanes->len; i++)
    {
      ValiseLane *lane = g_ptr_array_index (self->lanes, i);

      if (lane->failure != NULL && valise_round_is_private (lane->failure))
        {
          g_propagate_prefixed_error (error, g_steal_pointer (&lane->failure), "%s: ", lane->name);
          return FALSE;
        }
    }
  return TRUE;
}
