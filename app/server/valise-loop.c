/* valise-loop.c - a thread with a main context of its own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-loop"

#include "config.h"

#include "valise-loop.h"

struct _ValiseLoop
{
  GMainContext *context;
  GMainLoop    *loop;
  GThread      *thread;
};

/* One call, on the caller's stack until it is done. */
typedef struct
{
  ValiseLoopFunc func;
  gpointer       data;
  gpointer       result;
  gboolean       done;
  GMutex         lock;
  GCond          cond;
} Call;

static gpointer
run (gpointer data)
{
  ValiseLoop *self = data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  g_main_context_pop_thread_default (self->context);

  return NULL;
}

ValiseLoop *
valise_loop_new (const char *name)
{
  ValiseLoop *self = g_new0 (ValiseLoop, 1);

  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->thread = g_thread_new (name, run, self);

  return self;
}

static gboolean
quit_cb (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

static void
attach (ValiseLoop *self, GSourceFunc func, gpointer data)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, data, NULL);
  g_source_attach (source, self->context);
}

void
valise_loop_free (ValiseLoop *self)
{
  if (self == NULL)
    return;

  /* By a source, since a quit before the run would be forgotten. */
  attach (self, quit_cb, self->loop);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_free (self);
}

GMainContext *
valise_loop_get_context (ValiseLoop *self)
{
  return self->context;
}

static gboolean
call_cb (gpointer data)
{
  Call    *call = data;
  gpointer result = call->func (call->data);

  g_mutex_lock (&call->lock);
  call->result = result;
  call->done = TRUE;
  g_cond_signal (&call->cond);
  g_mutex_unlock (&call->lock);

  return G_SOURCE_REMOVE;
}

gpointer
valise_loop_call (ValiseLoop *self, ValiseLoopFunc func, gpointer data)
{
  Call call = { .func = func, .data = data };

  if (g_thread_self () == self->thread)
    return func (data);

  g_mutex_init (&call.lock);
  g_cond_init (&call.cond);
  attach (self, call_cb, &call);
  g_mutex_lock (&call.lock);
  while (!call.done)
    g_cond_wait (&call.cond, &call.lock);
  g_mutex_unlock (&call.lock);
  g_mutex_clear (&call.lock);
  g_cond_clear (&call.cond);

  return call.result;
}
