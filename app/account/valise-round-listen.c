/* valise-round-listen.c - waiting for news from the server and from here
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-round"

#include "config.h"

#include "valise-round-parts.h"

#define LISTEN_S   240                   /* of a question that waits */
#define DELIVER_US (30 * G_USEC_PER_SEC) /* between two writings of logs at the server */

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
  ear->poll = valise_round_make_question (round);
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
  return valise_round_run_needed (self, TRUE, FALSE, aside, error);
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
  if (valise_round_is_another_run (self, ear->answer))
    {
      valise_acquaintance_forget (self->known);
      if (!valise_round_meet (self, error))
        return FALSE;
    }
  else if (!valise_round_take_answer (self, ear->answer, error))
    return FALSE;
  return valise_round_run_needed (self, FALSE, FALSE, FALSE, error)
         && send_written (self, FALSE, error);
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
