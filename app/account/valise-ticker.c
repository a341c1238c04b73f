/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-ticker"

#include "config.h"

#include "valise-ticker.h"

struct _ValiseTicker
{
  guint wait_ms; /* until the next call; its own thread's */
  guint (*func) (gpointer user_data);
  gpointer user_data;
  GThread *thread;
  GMutex   mutex;
  GCond    cond;
  gboolean stopping;
};

static gpointer
ticker_thread (gpointer data)
{
  ValiseTicker *self = data;

  g_mutex_lock (&self->mutex);
  for (;;)
    {
      gint64 next_us = g_get_monotonic_time () + (gint64) self->wait_ms * 1000;

      while (!self->stopping && g_cond_wait_until (&self->cond, &self->mutex, next_us))
        ;
      if (self->stopping)
        break;
      g_mutex_unlock (&self->mutex);
      self->wait_ms = self->func (self->user_data);
      g_mutex_lock (&self->mutex);
    }
  g_mutex_unlock (&self->mutex);
  return NULL;
}

ValiseTicker *
valise_ticker_start (guint first_ms, guint (*func) (gpointer user_data), gpointer user_data)
{
  ValiseTicker *self = g_new0 (ValiseTicker, 1);

  self->wait_ms = first_ms;
  self->func = func;
  self->user_data = user_data;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->thread = g_thread_new ("valise-ticker", ticker_thread, self);
  return self;
}

void
valise_ticker_stop (ValiseTicker *self)
{
  g_mutex_lock (&self->mutex);
  self->stopping = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
  g_thread_join (self->thread);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self);
}
