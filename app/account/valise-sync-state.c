/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-sync-state"

#include "config.h"

#include "valise-clock.h"
#include "valise-speed.h"
#include "valise-standing.h"
#include "valise-sync-state.h"
#include "valise-tally.h"

#define MAX_REFUSED  100
#define LEAST_WEIGHT (8 * 1000) /* of documents: from less, no ratio can be told */

struct _ValiseSyncState
{
  ValiseStanding  *standing;
  ValiseTally     *tally;
  ValiseMeter     *meter;
  GNetworkMonitor *monitor;
  GFunc            changed;
  gpointer         user_data;
  ValiseSpeed      speed; /* of the thread that counts; the meter lets one in at a time */

  GMutex            mutex; /* of all below */
  ValiseSyncPhase   phase;
  ValiseSyncProblem problem;
  char             *detail;
  gint64            next_attempt;
  ValiseRoundState  round;
  guint64           heard;    /* bytes of the round, as of its last word */
  guint64           received; /* bytes of this run */
  guint64           sent;
  guint64           waiting;
  GPtrArray        *refused; /* (element-type utf8) */
};

/* Called by the meter: what came over the sockets, for whatever reason. */
static void
count_cb (guint64 received, guint64 sent, gpointer user_data)
{
  ValiseSyncState *self = user_data;
  guint64          speed = valise_speed_take (&self->speed, received, g_get_monotonic_time ());

  valise_tally_add (self->tally, received, sent);
  if (speed > 0)
    valise_standing_set_speed (self->standing, valise_network_get_kind (self->monitor), speed);
  g_mutex_lock (&self->mutex);
  self->received += received;
  self->sent += sent;
  g_mutex_unlock (&self->mutex);
  valise_sync_state_save (self, FALSE);
  self->changed (self, self->user_data);
}

ValiseSyncState *
valise_sync_state_new (const char      *folder,
                       ValiseMeter     *meter,
                       GNetworkMonitor *monitor,
                       GFunc            changed,
                       gpointer         user_data)
{
  ValiseSyncState *self = g_new0 (ValiseSyncState, 1);

  g_mutex_init (&self->mutex);
  self->standing = valise_standing_load (folder);
  self->tally = valise_tally_open (folder);
  self->meter = valise_meter_ref (meter);
  self->monitor = g_object_ref (monitor);
  self->changed = changed;
  self->user_data = user_data;
  self->phase = VALISE_SYNC_STOPPED;
  self->refused = g_ptr_array_new_with_free_func (g_free);
  valise_meter_set_listener (meter, count_cb, self);
  return self;
}

void
valise_sync_state_free (ValiseSyncState *self)
{
  valise_meter_set_listener (self->meter, NULL, NULL);
  valise_meter_unref (self->meter);
  valise_standing_free (self->standing);
  valise_tally_free (self->tally);
  g_object_unref (self->monitor);
  g_ptr_array_unref (self->refused);
  g_free (self->detail);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/* Lets go of the mutex and tells. */
static void
end_change (ValiseSyncState *self)
{
  g_mutex_unlock (&self->mutex);
  self->changed (self, self->user_data);
}

void
valise_sync_state_begin (ValiseSyncState *self, gboolean retry)
{
  ValiseRoundState none = { 0 };

  g_mutex_lock (&self->mutex);
  self->round = none;
  self->phase = VALISE_SYNC_REACHING;
  self->next_attempt = 0;
  self->heard = self->received = self->sent = 0;
  if (retry)
    {
      g_ptr_array_set_size (self->refused, 0);
      self->problem = VALISE_PROBLEM_NONE;
    }
  end_change (self);
}

static ValiseSyncPhase
choose_phase (const ValiseRoundState *round)
{
  if (!round->reached)
    return VALISE_SYNC_REACHING;
  if (round->sending)
    return VALISE_SYNC_SENDING;
  if (round->receiving || !round->current)
    return VALISE_SYNC_RECEIVING;
  return VALISE_SYNC_CURRENT;
}

/* More bytes of a round that was let in are the proof that the server is there. */
static void
take_round (const ValiseRoundState *round, gpointer user_data)
{
  ValiseSyncState *self = user_data;
  gboolean         news = FALSE;

  g_mutex_lock (&self->mutex);
  news = round->reached && round->received > self->heard;
  self->heard = round->received;
  self->round = *round;
  self->waiting = round->waiting;
  self->phase = choose_phase (round);
  self->problem = self->refused->len > 0 ? VALISE_PROBLEM_REFUSED : VALISE_PROBLEM_NONE;
  g_clear_pointer (&self->detail, g_free);
  end_change (self);
  if (news)
    valise_sync_state_set_reached (self);
}

static void
add_refused (const char *id, const char *reason, gpointer user_data)
{
  ValiseSyncState *self = user_data;
  char            *line = g_strdup_printf ("%s: %s", id, reason);

  g_message ("Refused: %s", line);
  g_mutex_lock (&self->mutex);
  if (g_ptr_array_find_with_equal_func (self->refused, line, g_str_equal, NULL))
    g_free (line);
  else
    g_ptr_array_add (self->refused, line);
  if (self->refused->len > MAX_REFUSED)
    g_ptr_array_remove_index (self->refused, 0);
  self->problem = VALISE_PROBLEM_REFUSED;
  end_change (self);
}

void
valise_sync_state_set_reached (ValiseSyncState *self)
{
  valise_standing_set_reached (self->standing, valise_clock_now ());
  valise_sync_state_save (self, FALSE);
  self->changed (self, self->user_data);
}

static void
take_measure (guint64 weight, guint64 carried, gpointer user_data)
{
  ValiseSyncState *self = user_data;

  if (weight < LEAST_WEIGHT)
    return;
  valise_standing_set_ratio (self->standing, (guint) (carried * 1000 / weight));
  valise_sync_state_save (self, TRUE);
  self->changed (self, self->user_data);
}

const ValiseRoundListener valise_sync_state_listener = { take_round, add_refused, take_measure };

guint64
valise_sync_state_estimate (ValiseSyncState *self, guint64 weight)
{
  guint ratio = valise_standing_get_ratio (self->standing);

  return weight * (ratio > 0 ? ratio : 1000) / 1000;
}

guint64
valise_sync_state_get_speed (ValiseSyncState *self, ValiseNetworkKind kind)
{
  return valise_standing_get_speed (self->standing, kind);
}

guint64
valise_sync_state_get_bytes_today (ValiseSyncState *self)
{
  guint64 received = 0, sent = 0;

  valise_tally_get_today (self->tally, &received, &sent);
  return received + sent;
}

void
valise_sync_state_set_waiting (ValiseSyncState *self, guint64 waiting)
{
  g_mutex_lock (&self->mutex);
  self->waiting = waiting;
  end_change (self);
}

void
valise_sync_state_set_problem (ValiseSyncState *self, ValiseSyncProblem problem, const char *detail)
{
  g_mutex_lock (&self->mutex);
  self->problem = problem;
  g_free (self->detail);
  self->detail = g_strdup (detail);
  end_change (self);
}

ValiseSyncPhase
valise_sync_state_get_phase (ValiseSyncState *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  return self->phase;
}

void
valise_sync_state_set_phase (ValiseSyncState *self, ValiseSyncPhase phase, gint64 next_attempt)
{
  g_mutex_lock (&self->mutex);
  self->phase = phase;
  self->next_attempt = next_attempt;
  end_change (self);
}

void
valise_sync_state_save (ValiseSyncState *self, gboolean now)
{
  g_autoptr (GError) failure = NULL;

  /* A count that cannot be kept must not stop the sync; a full disk shows itself elsewhere. */
  if (!valise_standing_save (self->standing, now, &failure))
    g_info ("%s", failure->message);
  if (now)
    valise_tally_sync (self->tally);
}

void
valise_sync_state_report (ValiseSyncState *self, ValiseSyncReport *report)
{
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();

  g_mutex_lock (&self->mutex);
  report->phase = self->phase;
  report->problem = self->problem;
  report->detail = g_strdup (self->detail);
  report->next_attempt = self->next_attempt;
  report->round = self->round;
  report->waiting = self->waiting;
  report->received = self->received;
  report->sent = self->sent;
  for (guint i = 0; i < self->refused->len; i++)
    g_strv_builder_add (lines, g_ptr_array_index (self->refused, i));
  g_mutex_unlock (&self->mutex);

  report->refused = g_strv_builder_end (lines);
  report->last_reached = valise_standing_get_reached (self->standing);
  valise_tally_get_today (self->tally, &report->received_today, &report->sent_today);
}

void
valise_sync_report_clear (ValiseSyncReport *report)
{
  g_clear_pointer (&report->detail, g_free);
  g_clear_pointer (&report->refused, g_strfreev);
}
