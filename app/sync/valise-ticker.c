/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-ticker"

#include "config.h"

#include "valise-ticker.h"

struct _ValiseTicker
{
  guint every_ms;
  void (*func) (gpointer user_data);
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
  gint64        next_us = g_get_monotonic_time ();

  g_mutex_lock (&self->mutex);
  for (;;)
    {
      next_us += (gint64) self->every_ms * 1000;
      while (!self->stopping && g_cond_wait_until (&self->cond, &self->mutex, next_us))
        ;
      if (self->stopping)
        break;
      g_mutex_unlock (&self->mutex);
      self->func (self->user_data);
      g_mutex_lock (&self->mutex);
    }
  g_mutex_unlock (&self->mutex);
  return NULL;
}

ValiseTicker *
valise_ticker_start (guint every_ms, void (*func) (gpointer user_data), gpointer user_data)
{
  ValiseTicker *self = g_new0 (ValiseTicker, 1);

  self->every_ms = every_ms;
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
