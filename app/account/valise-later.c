/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-later"

#include "config.h"

#include "valise-later.h"

struct _ValiseLater
{
  ValiseLaterFunc   write;
  ValiseLaterFailed failed;
  gpointer          user_data;

  /* Under the mutex */
  GMutex   mutex;
  GCond    cond;
  gboolean marked;
  gboolean running; /* the thread, which then still has to end */
  GThread *thread;
  GError  *failure; /* of the last write */
};

ValiseLater *
valise_later_new (ValiseLaterFunc write, ValiseLaterFailed failed, gpointer user_data)
{
  ValiseLater *self = g_new0 (ValiseLater, 1);

  self->write = write;
  self->failed = failed;
  self->user_data = user_data;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  return self;
}

/* Holds the mutex, but for while it writes. */
static void
write_once (ValiseLater *self)
{
  GError *failure = NULL;

  self->marked = FALSE;
  g_mutex_unlock (&self->mutex);
  if (!self->write (self->user_data, &failure))
    self->failed (failure, self->user_data);
  g_mutex_lock (&self->mutex);
  g_clear_error (&self->failure);
  self->failure = failure;
}

static gpointer
later_thread (gpointer data)
{
  ValiseLater *self = data;

  g_mutex_lock (&self->mutex);
  while (self->marked)
    write_once (self);
  self->running = FALSE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
  return NULL;
}

void
valise_later_mark (ValiseLater *self)
{
  g_mutex_lock (&self->mutex);
  self->marked = TRUE;
  if (!self->running)
    {
      if (self->thread != NULL)
        g_thread_unref (self->thread);
      self->running = TRUE;
      self->thread = g_thread_new ("valise-later", later_thread, self);
    }
  g_mutex_unlock (&self->mutex);
}

gboolean
valise_later_flush (ValiseLater *self, GError **error)
{
  gboolean ok = FALSE;

  g_mutex_lock (&self->mutex);
  while (self->running)
    g_cond_wait (&self->cond, &self->mutex);
  ok = self->failure == NULL;
  if (!ok)
    g_propagate_error (error, g_error_copy (self->failure));
  g_mutex_unlock (&self->mutex);
  return ok;
}

void
valise_later_free (ValiseLater *self)
{
  (void) valise_later_flush (self, NULL); /* a failure was told when it happened */
  if (self->thread != NULL)
    g_thread_join (self->thread);
  g_clear_error (&self->failure);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->mutex);
  g_free (self);
}
