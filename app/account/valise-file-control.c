/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-file-control"

#include "config.h"

#include "valise-file-queue-parts.h"
#include "valise-home.h"

#define PATIENCE_US (30 * G_USEC_PER_SEC) /* a policy may change its mind as the day goes */

struct _ValiseFileControl
{
  GMutex           mutex;
  GCond            cond;
  guint64          turn;
  ValiseFileReason standing;
  char            *moving; /* digest of the file that moves, or NULL */
  gint64           moved;  /* bytes of it */
  ValiseFileGuard  guard;
  gpointer         guard_data;
  GDestroyNotify   guard_destroy;
};

ValiseFileControl *
valise_file_control_new (void)
{
  ValiseFileControl *self = g_new0 (ValiseFileControl, 1);

  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->standing = VALISE_FILE_OFFLINE;
  return self;
}

void
valise_file_control_free (ValiseFileControl *self)
{
  if (self->guard_destroy != NULL)
    self->guard_destroy (self->guard_data);
  g_free (self->moving);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

void
valise_file_control_set_standing (ValiseFileControl *self, ValiseFileReason standing)
{
  g_mutex_lock (&self->mutex);
  self->standing = standing;
  g_mutex_unlock (&self->mutex);
}

void
valise_file_control_set_progress (ValiseFileControl *self, const char *sha256, gint64 moved)
{
  g_mutex_lock (&self->mutex);
  if (g_strcmp0 (self->moving, sha256) != 0)
    {
      g_free (self->moving);
      self->moving = g_strdup (sha256);
    }
  self->moved = moved;
  g_mutex_unlock (&self->mutex);
}

ValiseFileReason
valise_file_control_get (ValiseFileControl *self, char **moving, gint64 *moved)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  *moving = g_strdup (self->moving);
  *moved = self->moved;
  return self->standing;
}

/* --- the user's policy ------------------------------------------------------------------- */

void
valise_file_control_set_guard (ValiseFileControl *self,
                               ValiseFileGuard    func,
                               gpointer           user_data,
                               GDestroyNotify     destroy)
{
  GDestroyNotify former = NULL;
  gpointer       former_data = NULL;

  g_mutex_lock (&self->mutex);
  former = self->guard_destroy;
  former_data = self->guard_data;
  self->guard = func;
  self->guard_data = user_data;
  self->guard_destroy = destroy;
  g_mutex_unlock (&self->mutex);
  if (former != NULL)
    former (former_data);
  valise_file_control_turn (self);
}

/* Holds the lock, so that a guard that was replaced is never asked afterwards. */
ValiseFileReason
valise_file_control_ask_guard (ValiseFileControl *self,
                               gboolean           outgoing,
                               int                priority,
                               gint64             bytes)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  return self->guard != NULL ? self->guard (outgoing, priority, bytes, self->guard_data)
                             : VALISE_FILE_MOVES;
}

/* --- turns ------------------------------------------------------------------------------- */

void
valise_file_control_turn (ValiseFileControl *self)
{
  g_mutex_lock (&self->mutex);
  self->turn++;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

guint64
valise_file_control_get_turn (ValiseFileControl *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  return self->turn;
}

static void
cancelled_cb (GCancellable *cancellable, ValiseFileControl *self)
{
  valise_file_control_turn (self);
}

gboolean
valise_file_control_wait (ValiseFileControl *self, guint64 turn, GCancellable *cancellable)
{
  gulong id = 0;
  gint64 until = g_get_monotonic_time () + PATIENCE_US;

  if (cancellable != NULL)
    id = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), self, NULL);
  g_mutex_lock (&self->mutex);
  while (self->turn == turn && !g_cancellable_is_cancelled (cancellable)
         && g_cond_wait_until (&self->cond, &self->mutex, until))
    ;
  g_mutex_unlock (&self->mutex);
  g_cancellable_disconnect (cancellable, id);
  return !g_cancellable_is_cancelled (cancellable);
}

/* --- the queue's own verbs for it --------------------------------------------------------- */

void
valise_file_queue_set_guard (ValiseFileQueue *self,
                             ValiseFileGuard  func,
                             gpointer         user_data,
                             GDestroyNotify   destroy)
{
  g_return_if_fail (VALISE_IS_FILE_QUEUE (self));

  valise_file_control_set_guard (valise_file_queue_get_control (self), func, user_data, destroy);
}

void
valise_file_queue_guard_changed (ValiseFileQueue *self)
{
  g_return_if_fail (VALISE_IS_FILE_QUEUE (self));

  valise_file_control_turn (valise_file_queue_get_control (self));
}
