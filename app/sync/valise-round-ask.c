/* valise-round-ask.c - what is new at the server and here, and bringing it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-round"

#include "config.h"

#include "valise-round-parts.h"

#define LISTEN_S 240 /* of a question that waits */
#define DELIVER_US                                                                                 \
  (30 * G_USEC_PER_SEC) /* between two times that logs are written at the server                   \
                         */

/* --- the lanes ------------------------------------------------------------------------------- */

/* NULL where the account has none. */
static ValiseLane *
find_lane (ValiseRound *self, const char *name, gboolean outwards)
{
  for (guint i = 0; i < self->known->lanes->len; i++)
    {
      ValiseLane *lane = g_ptr_array_index (self->known->lanes, i);

      if (lane->outwards == outwards && g_str_equal (lane->name, name))
        return lane;
    }
  return NULL;
}

static gboolean
settle_lanes (ValiseRound *self, GError **error)
{
  GPtrArray *grants = self->membership->grants;

  for (guint i = 0; i < grants->len; i++)
    {
      const ValiseGrant *grant = g_ptr_array_index (grants, i);

      if (valise_acquaintance_get_lane (self->known, &self->kit, grant, FALSE, error) == NULL
          || (grant->write
              && valise_acquaintance_get_lane (self->known, &self->kit, grant, TRUE, error)
                     == NULL))
        return FALSE;
    }
  return TRUE;
}

/* --- asking ---------------------------------------------------------------------------------- */

static void
add_database (ValiseRound *self, ValisePoll *poll, const ValiseGrant *grant)
{
  ValiseLane *in = find_lane (self, grant->name, FALSE);
  ValiseLane *out = find_lane (self, grant->name, TRUE);
  const char *uuid = valise_lane_get_uuid (in);

  if (in->shut)
    return;
  if (uuid == NULL && out != NULL)
    uuid = valise_lane_get_uuid (out);
  valise_poll_add (poll, grant->name, valise_lane_get_since (in), uuid);
  valise_lane_add_log (in, poll);
  if (out != NULL)
    valise_lane_add_log (out, poll);
}

static ValisePoll *
make_question (ValiseRound *self)
{
  ValisePoll *poll = valise_poll_new (self->known->run, self->known->tag);

  for (guint i = 0; i < self->membership->grants->len; i++)
    add_database (self, poll, g_ptr_array_index (self->membership->grants, i));
  return poll;
}

static gboolean
take_grants (ValiseRound *self, GPtrArray *grants, GError **error)
{
  g_ptr_array_unref (self->membership->grants);
  self->membership->grants = g_ptr_array_ref (grants);
  return valise_account_set_grants (self->kit.account, grants, error) && settle_lanes (self, error);
}

/* What it says of each database goes to that one's lanes. */
static gboolean
take_answer (ValiseRound *self, const ValisePollAnswer *answer, GError **error)
{
  ValiseAcquaintance *known = self->known;

  g_free (known->run);
  known->run = g_strdup (answer->run);
  if (answer->grants != NULL && !take_grants (self, answer->grants, error))
    return FALSE;
  if (answer->tag != NULL)
    {
      g_free (known->tag);
      known->tag = g_strdup (answer->tag);
    }
  for (guint i = 0; i < known->lanes->len; i++)
    {
      ValiseLane *lane = g_ptr_array_index (known->lanes, i);

      if (!lane->shut)
        valise_lane_take_news (lane, valise_poll_answer_find (answer, lane->name));
      lane->asked = FALSE;
    }
  return TRUE;
}

/* Whether this is another run of the server than the one whose sequences we know. */
static gboolean
is_another_run (ValiseRound *self, const ValisePollAnswer *answer)
{
  return self->known->run != NULL && g_strcmp0 (answer->run, self->known->run) != 0;
}

/* Asks by one question; a server that knows none is remembered as such. */
static ValisePollAnswer *
ask_once (ValiseRound *self, GError **error)
{
  g_autoptr (ValisePoll) poll = make_question (self);
  guint                  status = 0;
  GError                *failure = NULL;
  ValisePollAnswer      *answer =
      valise_poll_ask (poll, self->kit.session, 0, &status, self->cancellable, &failure);

  if (answer != NULL)
    return answer;
  self->known->cannot_poll = status == 404 || status == 400 || status == 405;
  if (!self->known->cannot_poll)
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  g_error_free (failure);
  g_ptr_array_set_size (self->known->lanes, 0);
  return NULL;
}

/* The server was restarted: what it says of the databases is compared with what is written down
 * here. */
static ValisePollAnswer *
ask (ValiseRound *self, GError **error)
{
  g_autoptr (ValisePollAnswer) answer = ask_once (self, error);

  if (answer == NULL || !is_another_run (self, answer))
    return g_steal_pointer (&answer);
  valise_acquaintance_forget (self->known);
  return ask_once (self, error);
}

/* What this account may read and write, of a server that cannot say everything at once. A plain
 * CouchDB does not even say that: then what was known stays. */
static gboolean
ask_grants (ValiseRound *self, GError **error)
{
  g_autoptr (ValiseJson) json = NULL;
  g_autoptr (GPtrArray)  grants = NULL;
  guint                  status = 0;
  GError                *failure = NULL;

  json = valise_http_session_exchange (self->kit.session, "GET", "/_valise/account", NULL, &status,
                                       self->cancellable, &failure);
  if (json == NULL && status != 404 && status != 400 && status != 405)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  g_clear_error (&failure);
  self->state.reached = TRUE;
  self->known->plain = json == NULL;
  if (json == NULL)
    return settle_lanes (self, error);
  grants = valise_membership_read_grants (json, valise_json_find (json, 0, "databases"));
  return take_grants (self, grants, error);
}

/* A server that cannot say all at once: which databases are as they were, each by a question of its
 * own. One that was always listened to has no name for that. */
static gboolean
ask_plainly (ValiseRound *self, GError **error)
{
  if (!settle_lanes (self, error))
    return FALSE;
  for (guint i = 0; i < self->known->lanes->len && !self->orders->continuous; i++)
    {
      ValiseLane *lane = g_ptr_array_index (self->known->lanes, i);

      lane->unchanged = FALSE;
      if (!lane->outwards)
        valise_lane_ask_unchanged (lane, self->cancellable);
      self->state.reached |= lane->unchanged;
    }
  return (self->known->plain && self->state.reached) || ask_grants (self, error);
}

gboolean
valise_round_meet (ValiseRound *self, GError **error)
{
  g_autoptr (ValisePollAnswer) answer = NULL;
  GError                      *failure = NULL;

  if (self->known->cannot_poll)
    return ask_plainly (self, error);
  if (!settle_lanes (self, error))
    return FALSE;
  answer = ask (self, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (answer == NULL)
    return ask_plainly (self, error);
  self->state.reached = TRUE;
  return take_answer (self, answer, error);
}

/* --- running what is needed ------------------------------------------------------------------ */

static gboolean
is_needed (ValiseRound *self, const ValiseLane *lane, gboolean retry)
{
  const ValiseLane *in = lane;

  if (lane->needed || valise_lane_has_refused (lane, retry))
    return TRUE;
  if (!self->known->cannot_poll)
    return FALSE;
  if (lane->outwards)
    in = find_lane (self, lane->name, FALSE);
  return !lane->whole || !in->unchanged || valise_lane_has_written (lane);
}

/* What a server has forgotten of what came from there is offered to it, once that is known. */
static void
offer_again (ValiseRound *self, ValiseLane *lane)
{
  ValiseLane *out = find_lane (self, lane->name, TRUE);

  if (!lane->outwards && lane->renewed && out != NULL)
    out->needed = TRUE;
  lane->renewed = FALSE;
}

static gboolean
run_needed (ValiseRound *self, gboolean outwards, gboolean retry, gboolean aside, GError **error)
{
  GPtrArray *grants = self->membership->grants;
  gboolean   continuous = self->known->cannot_poll && self->orders->continuous;

  for (guint i = 0; i < grants->len; i++)
    {
      const ValiseGrant *grant = g_ptr_array_index (grants, i);
      ValiseLane        *lane = find_lane (self, grant->name, outwards);

      if (lane == NULL || lane->shut || !is_needed (self, lane, retry))
        continue;
      valise_http_peer_use_session (lane->there, aside ? valise_acquaintance_get_aside (self->known)
                                                       : self->kit.session);
      valise_lane_prepare (lane);
      if (!valise_round_run_lane (self, lane, continuous, retry, error))
        return FALSE;
      offer_again (self, lane);
    }
  return TRUE;
}

gboolean
valise_round_run_lanes (ValiseRound *self, gboolean outwards, GError **error)
{
  if (!run_needed (self, outwards, self->orders->retry, FALSE, error))
    return FALSE;
  /* Those that were found to be needed meanwhile. */
  return outwards || self->known->cannot_poll || run_needed (self, TRUE, FALSE, FALSE, error);
}

/* --- listening ------------------------------------------------------------------------------- */

/* A question that waits for news, on a thread of its own. */
typedef struct
{
  ValiseRound      *round;
  ValisePoll       *poll;
  GThread          *thread;
  ValisePollAnswer *answer; /* under the round's mutex, as the rest: */
  GError           *failure;
  gboolean          done;
} Ear;

static gpointer
ear_thread (gpointer data)
{
  Ear              *ear = data;
  ValiseRound      *round = ear->round;
  GError           *failure = NULL;
  guint             status = 0;
  ValisePollAnswer *answer = valise_poll_ask (ear->poll, round->kit.session, LISTEN_S, &status,
                                              round->cancellable, &failure);

  g_mutex_lock (&round->mutex);
  ear->answer = answer;
  ear->failure = failure;
  ear->done = TRUE;
  g_cond_broadcast (&round->cond);
  g_mutex_unlock (&round->mutex);
  return NULL;
}

static Ear *
ear_open (ValiseRound *round)
{
  Ear *ear = g_new0 (Ear, 1);

  ear->round = round;
  ear->poll = make_question (round);
  ear->thread = g_thread_new ("valise-ear", ear_thread, ear);
  return ear;
}

static void
ear_close (Ear *ear)
{
  g_thread_join (ear->thread);
  valise_poll_free (ear->poll);
  g_clear_pointer (&ear->answer, valise_poll_answer_free);
  g_clear_error (&ear->failure);
  g_free (ear);
}

/* On the thread that wrote, quickly. */
static void
written_cb (ValiseDatabase *database, gpointer user_data)
{
  ValiseRound *self = user_data;

  g_mutex_lock (&self->mutex);
  self->written = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

static void
cancelled_cb (GCancellable *cancellable, ValiseRound *self)
{
  written_cb (NULL, self);
}

/* Until the server answers, something is written here, all is over, or @due_us (monotonic; 0:
 * never). */
static void
wait_for_something (ValiseRound *self, const Ear *ear, gint64 due_us)
{
  g_mutex_lock (&self->mutex);
  while (!self->written && !(ear != NULL && ear->done))
    if (due_us == 0)
      g_cond_wait (&self->cond, &self->mutex);
    else if (!g_cond_wait_until (&self->cond, &self->mutex, due_us))
      break;
  self->written = FALSE;
  g_mutex_unlock (&self->mutex);
}

/* What was written here goes out, by the connection beside the one that waits. */
static gboolean
send_written (ValiseRound *self, gboolean aside, GError **error)
{
  for (guint i = 0; i < self->known->lanes->len; i++)
    {
      ValiseLane *lane = g_ptr_array_index (self->known->lanes, i);

      lane->needed |= lane->outwards && valise_lane_has_written (lane);
    }
  return run_needed (self, TRUE, FALSE, aside, error);
}

/* The server's answer came: brings what it named. */
static gboolean
take_heard (ValiseRound *self, Ear *ear, GError **error)
{
  if (ear->failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&ear->failure));
      return FALSE;
    }
  if (is_another_run (self, ear->answer))
    {
      valise_acquaintance_forget (self->known);
      if (!valise_round_meet (self, error))
        return FALSE;
    }
  else if (!take_answer (self, ear->answer, error))
    return FALSE;
  return run_needed (self, FALSE, FALSE, FALSE, error) && send_written (self, FALSE, error);
}

/* Logs at the server are advice, and go when they have gathered. @last_us: (inout): when they went
 * last, monotonic. @due_us: (out): when they are to go, 0: there are none. */
static gboolean
deliver (ValiseRound *self, gboolean aside, gint64 *last_us, gint64 *due_us, GError **error)
{
  gint64 now = g_get_monotonic_time ();

  *due_us = 0;
  if (!valise_acquaintance_is_due (self->known))
    return TRUE;
  if (now < *last_us + DELIVER_US)
    {
      *due_us = *last_us + DELIVER_US;
      return TRUE;
    }
  *last_us = now;
  for (guint i = 0; aside && i < self->known->lanes->len; i++)
    valise_http_peer_use_session (((ValiseLane *) g_ptr_array_index (self->known->lanes, i))->there,
                                  valise_acquaintance_get_aside (self->known));
  return valise_acquaintance_deliver (self->known, self->cancellable, error);
}

static void
tell (ValiseRound *self)
{
  g_mutex_lock (&self->mutex);
  valise_round_tell (self);
  g_mutex_unlock (&self->mutex);
}

/* Only what may be fetched is listened for. */
static gboolean
listen_on (ValiseRound *self, Ear **ear, GError **error)
{
  gint64   last_us = g_get_monotonic_time () - DELIVER_US, due_us = 0;
  gboolean listens = self->orders->may >= VALISE_MAY_TEXT;

  while (!g_cancellable_set_error_if_cancelled (self->cancellable, error))
    {
      if (!deliver (self, *ear != NULL, &last_us, &due_us, error))
        return FALSE;
      if (listens && *ear == NULL)
        *ear = ear_open (self);
      wait_for_something (self, *ear, due_us);
      if (*ear != NULL && (*ear)->done)
        {
          g_autoptr (GError) failure = NULL;
          gboolean           ok = take_heard (self, *ear, &failure);

          ear_close (g_steal_pointer (ear));
          if (!ok)
            {
              g_propagate_error (error, g_steal_pointer (&failure));
              return FALSE;
            }
        }
      else if (!send_written (self, *ear != NULL, error))
        return FALSE;
      tell (self);
    }
  return FALSE;
}

typedef struct
{
  ValiseDatabase *database;
  guint           watch;
} Watched;

static void
clear_watched (gpointer data)
{
  Watched *watched = data;

  valise_database_unwatch (watched->database, watched->watch);
  g_object_unref (watched->database);
}

/* The databases that are written to here; to be unreferenced. */
static GArray *
watch_databases (ValiseRound *self)
{
  GArray *array = g_array_new (FALSE, FALSE, sizeof (Watched));

  g_array_set_clear_func (array, clear_watched);
  for (guint i = 0; i < self->known->lanes->len; i++)
    {
      const ValiseLane *lane = g_ptr_array_index (self->known->lanes, i);
      Watched           watched = { lane->database, 0 };

      if (!lane->outwards)
        continue;
      watched.watch = valise_database_watch (lane->database, written_cb, self);
      g_object_ref (watched.database);
      g_array_append_val (array, watched);
    }
  return array;
}

gboolean
valise_round_listen (ValiseRound *self, GError **error)
{
  g_autoptr (GArray) watched = watch_databases (self);
  gulong             cancelled =
      g_cancellable_connect (self->cancellable, G_CALLBACK (cancelled_cb), self, NULL);
  Ear     *ear = NULL;
  gboolean ok = FALSE;

  self->written = TRUE; /* perhaps, before it was watched */
  ok = listen_on (self, &ear, error);
  g_cancellable_disconnect (self->cancellable, cancelled);
  g_cancellable_cancel (self->cancellable);
  if (ear != NULL)
    ear_close (ear);
  return ok;
}
