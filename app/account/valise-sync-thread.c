/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-scheduler"

#include "config.h"

#include "valise-clock.h"
#include "valise-home.h"
#include "valise-outgoing.h"
#include "valise-sync-problem.h"
#include "valise-sync-thread.h"
#include "valise-ticker.h"

#define BACKOFF_FIRST_US G_USEC_PER_SEC
#define BACKOFF_CAP_US   (45 * G_USEC_PER_SEC) /* so that a server is found within a minute */
#define STOPPED_US       (6 * G_TIME_SPAN_HOUR) /* an account unknown there is for its user to mend */
#define LOOK_US          (15 * G_USEC_PER_SEC) /* between two looks at the clock while all waits */
#define TICK_MS          200                   /* between two looks at what a round costs, */
#define IDLE_MS          2000                  /* and while it only waits for news */

struct _ValiseSyncThread
{
  ValiseAccount   *account;
  ValiseTrust     *trust;
  ValiseSyncState *state;
  ValiseWanted    *wanted;
  ValiseTurn      *turn;
  GNetworkMonitor *monitor;
  GThread         *thread; /* NULL: stopped */

  GMutex           mutex;
  GCond            cond;
  ValiseUserPolicy policy;
  GCancellable    *cancellable; /* of the round that runs */
  gboolean         stopping;
  gboolean         nudged; /* try at once */
  gboolean         asked;  /* by the user, until a round went well; how often: */
  guint            asks;
  gboolean         beyond; /* the budget, too */
  gboolean         recount;
  gboolean         retry; /* what was refused, too */
};

/* A round that runs, for who looks after it. */
typedef struct
{
  ValiseSyncThread *self;
  GCancellable     *cancellable;
  ValiseMay         may;
  gboolean          asked;
  guint             asks; /* of the user's, that it answers */
  gboolean          beyond;
  gboolean          continuous;
  gboolean          ended;   /* by the policy; the looker's thread, until it is joined */
  guint64           carried; /* bytes, when it looked last; the same */
} Watched;

/* --- judging ------------------------------------------------------------------------------ */

static void
judge (ValiseSyncThread *self, gboolean asked, gboolean beyond, ValiseVerdict *verdict)
{
  ValiseCircumstances now = { .now_us = valise_clock_now (), .asked = asked, .beyond = beyond };
  ValiseUserPolicy    policy;

  now.bytes_today = valise_sync_state_get_bytes_today (self->state);
  now.metered = g_network_monitor_get_network_metered (self->monitor);
  g_mutex_lock (&self->mutex);
  policy = self->policy;
  g_mutex_unlock (&self->mutex);
  valise_verdict_judge (verdict, &policy, &now);
}

void
valise_sync_thread_judge (ValiseSyncThread *self, ValiseVerdict *verdict)
{
  judge (self, FALSE, FALSE, verdict);
}

void
valise_sync_thread_get_policy (ValiseSyncThread *self, ValiseUserPolicy *policy)
{
  g_mutex_lock (&self->mutex);
  *policy = self->policy;
  g_mutex_unlock (&self->mutex);
}

void
valise_sync_thread_set_policy (ValiseSyncThread *self, const ValiseUserPolicy *policy)
{
  gboolean other_rate = FALSE;

  g_mutex_lock (&self->mutex);
  other_rate = policy->rate != self->policy.rate;
  self->policy = *policy;
  g_mutex_unlock (&self->mutex);
  if (!other_rate)
    return;
  valise_meter_set_rate (valise_account_get_meter (self->account), policy->rate);
  valise_sync_thread_nudge (self); /* sockets that are open keep the rate they have */
}

/* --- a round ------------------------------------------------------------------------------ */

/* Counts, and says when to look again: a round that only waits must not wake the machine five
 * times a second. */
static guint
count_bytes (Watched *watched)
{
  ValiseMeter *meter = valise_account_get_meter (watched->self->account);
  guint64      received = 0, sent = 0, before = watched->carried;

  valise_meter_sample (meter);
  valise_meter_get (meter, &received, &sent);
  watched->carried = received + sent;
  return watched->carried == before
                 && valise_sync_state_get_phase (watched->self->state) == VALISE_SYNC_CURRENT
             ? IDLE_MS
             : TICK_MS;
}

/* Counts while a request lasts, and ends a round that may do less than it does; or one that
 * listens, when it could do more. */
static guint
look_after (gpointer user_data)
{
  Watched      *watched = user_data;
  guint         next_ms = count_bytes (watched);
  ValiseVerdict verdict;

  judge (watched->self, watched->asked, watched->beyond, &verdict);
  if (watched->ended || verdict.may == watched->may
      || (verdict.may > watched->may && !watched->continuous))
    return next_ms;
  watched->ended = TRUE;
  g_cancellable_cancel (watched->cancellable);
  return next_ms;
}

static gboolean
run_round (Watched *watched, GError **error)
{
  ValiseSyncThread *self = watched->self;
  ValiseTicker     *ticker = NULL;
  ValiseRoundOrders orders = { .continuous = watched->continuous,
                               .may = watched->may,
                               .wanted = self->wanted };
  gboolean          ok = FALSE;

  g_mutex_lock (&self->mutex);
  orders.retry = self->retry;
  self->retry = FALSE;
  g_mutex_unlock (&self->mutex);

  valise_sync_state_begin (self->state, orders.retry);
  ticker = valise_ticker_start (TICK_MS, look_after, watched);
  ok = valise_turn_run (self->turn, &orders, &valise_sync_state_listener, self->state,
                        watched->cancellable, error);
  valise_ticker_stop (ticker);
  return ok;
}

static void
count_waiting (ValiseSyncThread *self)
{
  valise_sync_state_set_waiting (self->state,
                                 valise_outgoing_list (self->account, self->wanted, NULL, NULL));
}

static void
note_failure (ValiseSyncThread *self, const GError *failure)
{
  count_waiting (self);
  if (!g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    valise_sync_state_set_problem (
        self->state,
        valise_sync_problem_explain (failure, valise_account_get_server (self->account),
                                     self->monitor),
        failure->message);
  valise_sync_state_save (self->state, TRUE);
}

/* --- the thread --------------------------------------------------------------------------- */

/* Half to whole of @backoff, so that many laptops do not come back at once. */
static gint64
jitter (gint64 backoff)
{
  return backoff / 2 + (gint64) (g_random_double () * (double) (backoff / 2));
}

/* Until @wait_us have passed, somebody wants something, or it is over. */
static void
wait (ValiseSyncThread *self, gint64 wait_us)
{
  gint64 until = g_get_monotonic_time () + wait_us;

  g_mutex_lock (&self->mutex);
  while (!self->stopping && !self->nudged && g_get_monotonic_time () < until)
    {
      g_cond_wait_until (&self->cond, &self->mutex, until);
      if (self->recount)
        {
          self->recount = FALSE;
          g_mutex_unlock (&self->mutex);
          count_waiting (self);
          g_mutex_lock (&self->mutex);
        }
    }
  g_mutex_unlock (&self->mutex);
}

static void
wait_for_attempt (ValiseSyncThread *self, gint64 wait_us)
{
  valise_sync_state_set_phase (self->state, VALISE_SYNC_WAITING, valise_clock_now () + wait_us);
  wait (self, wait_us);
}

/* Clocks are set, days turn, and not every system tells when a network's price changes: so it is
 * looked at again now and then. */
static void
wait_for_policy (ValiseSyncThread *self, const ValiseVerdict *verdict)
{
  gint64 wait_us = LOOK_US;

  if (verdict->until_us > 0)
    wait_us = CLAMP (verdict->until_us - valise_clock_now (), 0, LOOK_US);
  count_waiting (self);
  valise_sync_state_set_phase (self->state, VALISE_SYNC_PAUSED, verdict->until_us);
  wait (self, MAX (wait_us, G_TIME_SPAN_MILLISECOND));
}

/* What the next round is to be, its cancellable included; FALSE where it is over. */
static gboolean
prepare_round (ValiseSyncThread *self, Watched *watched)
{
  *watched = (Watched){ .self = self };
  g_mutex_lock (&self->mutex);
  self->nudged = FALSE;
  watched->asked = self->asked;
  watched->asks = self->asks;
  watched->beyond = self->beyond;
  g_clear_object (&self->cancellable);
  if (!self->stopping)
    {
      self->cancellable = g_cancellable_new ();
      watched->cancellable = g_object_ref (self->cancellable);
    }
  g_mutex_unlock (&self->mutex);
  return watched->cancellable != NULL;
}

/* Whether the round that ended had an answer, so that what ended it is news. */
static gboolean
was_reached (ValiseSyncThread *self)
{
  g_auto (ValiseSyncReport) report = { 0 };
  gboolean                  nudged = FALSE;

  valise_sync_state_report (self->state, &report);
  g_mutex_lock (&self->mutex);
  nudged = self->nudged;
  g_mutex_unlock (&self->mutex);
  return nudged || report.round.reached;
}

/* What was asked for is done; but not what was asked for meanwhile. */
static void
forget_asking (ValiseSyncThread *self, const Watched *watched)
{
  g_mutex_lock (&self->mutex);
  if (self->asks == watched->asks)
    self->asked = self->beyond = FALSE;
  g_mutex_unlock (&self->mutex);
}

/* One round, and what its end means for the next; @backoff: (inout). */
static void
do_round (ValiseSyncThread *self, Watched *watched, gint64 *backoff)
{
  g_autoptr (GError) failure = NULL;
  ValiseVerdict      alone;

  judge (self, FALSE, FALSE, &alone);
  watched->continuous = alone.may == watched->may;
  if (run_round (watched, &failure))
    forget_asking (self, watched);
  else
    note_failure (self, failure);
  if (was_reached (self))
    *backoff = BACKOFF_FIRST_US;
  if (g_cancellable_is_cancelled (watched->cancellable))
    return;
  if (failure == NULL && watched->continuous)
    wait (self, BACKOFF_CAP_US); /* there was nothing to listen to */
  else if (failure != NULL)
    wait_for_attempt (self,
                      g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_CREDENTIALS)
                          ? STOPPED_US
                          : jitter (*backoff));
  *backoff = MIN (*backoff * 2, BACKOFF_CAP_US);
}

static gpointer
sync_thread (gpointer data)
{
  ValiseSyncThread *self = data;
  gint64            backoff = BACKOFF_FIRST_US;
  Watched           watched;

  while (prepare_round (self, &watched))
    {
      g_autoptr (GCancellable) owned = watched.cancellable;
      ValiseVerdict            verdict;

      judge (self, watched.asked, watched.beyond, &verdict);
      watched.may = verdict.may;
      if (verdict.may == VALISE_MAY_NOTHING)
        {
          forget_asking (
              self, &watched); /* what the user asked for is answered: it would cost too much */
          wait_for_policy (self, &verdict);
        }
      else
        do_round (self, &watched, &backoff);
    }
  return NULL;
}

void
valise_sync_thread_nudge (ValiseSyncThread *self)
{
  g_autoptr (GCancellable) cancellable = NULL;

  g_mutex_lock (&self->mutex);
  self->nudged = TRUE;
  if (self->cancellable != NULL)
    cancellable = g_object_ref (self->cancellable);
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
}

void
valise_sync_thread_ask (ValiseSyncThread *self, gboolean beyond)
{
  g_mutex_lock (&self->mutex);
  self->asked = TRUE;
  self->asks++;
  self->beyond = beyond;
  self->retry = TRUE;
  g_mutex_unlock (&self->mutex);
  valise_sync_thread_nudge (self);
}

void
valise_sync_thread_recount (ValiseSyncThread *self)
{
  g_mutex_lock (&self->mutex);
  self->recount = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

/* --- from outside --------------------------------------------------------------------------- */

static gboolean
refuse_beyond (GError **error)
{
  g_set_error_literal (error, VALISE_SCHEDULER_ERROR, VALISE_SCHEDULER_ERROR_BUDGET,
                       "The bytes for today are used up");
  return FALSE;
}

gboolean
valise_sync_thread_check (ValiseSyncThread *self, gboolean beyond, GError **error)
{
  ValiseVerdict verdict;

  judge (self, TRUE, beyond, &verdict);
  return verdict.may != VALISE_MAY_NOTHING || refuse_beyond (error);
}

gboolean
valise_sync_thread_run_once (ValiseSyncThread *self,
                             gboolean          beyond,
                             GCancellable     *cancellable,
                             GError          **error)
{
  g_autoptr (GCancellable) inner = g_cancellable_new ();
  Watched watched = { .self = self, .cancellable = inner, .asked = TRUE, .beyond = beyond };
  g_autoptr (GError) failure = NULL;
  ValiseVerdict      verdict;
  gulong             chain = 0;
  gboolean           ok = FALSE;

  if (!valise_sync_thread_check (self, beyond, error))
    return FALSE;
  judge (self, TRUE, beyond, &verdict);
  watched.may = verdict.may;
  if (cancellable != NULL)
    chain = g_cancellable_connect (cancellable, G_CALLBACK (g_cancellable_cancel), inner, NULL);
  ok = run_round (&watched, &failure);
  g_cancellable_disconnect (cancellable, chain);

  if (!ok)
    note_failure (self, failure);
  valise_sync_state_set_phase (self->state, ok ? VALISE_SYNC_CURRENT : VALISE_SYNC_STOPPED, 0);
  valise_sync_state_save (self->state, TRUE);
  if (!ok && watched.ended)
    return refuse_beyond (error);
  if (!ok)
    g_propagate_error (error, g_steal_pointer (&failure));
  return ok;
}

void
valise_sync_thread_start (ValiseSyncThread *self)
{
  if (self->thread != NULL)
    return;
  self->stopping = FALSE;
  self->thread = g_thread_new ("valise-scheduler", sync_thread, self);
}

void
valise_sync_thread_stop (ValiseSyncThread *self)
{
  if (self->thread == NULL)
    return;
  g_mutex_lock (&self->mutex);
  self->stopping = TRUE;
  g_mutex_unlock (&self->mutex);
  valise_sync_thread_nudge (self);
  g_thread_join (g_steal_pointer (&self->thread));
  valise_sync_state_set_phase (self->state, VALISE_SYNC_STOPPED, 0);
  valise_sync_state_save (self->state, TRUE);
}

ValiseTurn *
valise_sync_thread_get_turn (ValiseSyncThread *self)
{
  return self->turn;
}

gboolean
valise_sync_thread_is_running (ValiseSyncThread *self)
{
  return self->thread != NULL;
}

ValiseSyncThread *
valise_sync_thread_new (ValiseAccount   *account,
                        ValiseTrust     *trust,
                        ValiseSyncState *state,
                        ValiseWanted    *wanted,
                        GNetworkMonitor *monitor)
{
  ValiseSyncThread *self = g_new0 (ValiseSyncThread, 1);

  self->account = account;
  self->trust = trust;
  self->state = state;
  self->wanted = valise_wanted_ref (wanted);
  self->monitor = g_object_ref (monitor);
  self->turn = valise_turn_new (account, trust);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  valise_user_policy_load (&self->policy,
                           valise_home_get_directory (valise_account_get_home (account)));
  valise_meter_set_rate (valise_account_get_meter (account), self->policy.rate);
  return self;
}

void
valise_sync_thread_free (ValiseSyncThread *self)
{
  valise_sync_thread_stop (self);
  valise_turn_free (self->turn);
  valise_wanted_unref (self->wanted);
  g_object_unref (self->monitor);
  g_clear_object (&self->cancellable);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->mutex);
  g_free (self);
}
