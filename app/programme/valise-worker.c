/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-worker"

#include "config.h"

#include "valise-worker.h"

struct _ValiseWorker
{
  gatomicrefcount count;
  GThreadPool    *pool;
};

typedef struct
{
  GTask          *task;
  GTaskThreadFunc func;
} Job;

static gboolean
let_go (gpointer user_data)
{
  return G_SOURCE_REMOVE;
}

/* The task's object may end with it, and must do so on the thread that it belongs to. */
static void
return_task (GTask *task)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, let_go, task, g_object_unref);
  g_source_attach (source, g_task_get_context (task));
}

static void
run_job (gpointer data, gpointer user_data)
{
  Job *job = data;

  if (!g_task_return_error_if_cancelled (job->task))
    job->func (job->task, g_task_get_source_object (job->task), g_task_get_task_data (job->task),
               g_task_get_cancellable (job->task));
  return_task (job->task);
  g_free (job);
}

ValiseWorker *
valise_worker_new (guint threads)
{
  ValiseWorker *self = g_new0 (ValiseWorker, 1);

  g_atomic_ref_count_init (&self->count);
  /* A pool that is not exclusive starts its threads as needed, so making it cannot fail. */
  self->pool = g_thread_pool_new (run_job, NULL, (int) threads, FALSE, NULL);

  return self;
}

ValiseWorker *
valise_worker_ref (ValiseWorker *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->count);

  return self;
}

void
valise_worker_unref (ValiseWorker *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->count))
    return;

  /* Without waiting: a job may be what drops the last reference. */
  g_thread_pool_free (self->pool, FALSE, FALSE);
  g_free (self);
}

void
valise_worker_run (ValiseWorker *self, GTask *task, GTaskThreadFunc func)
{
  Job *job = NULL;

  g_return_if_fail (self != NULL && func != NULL);
  g_return_if_fail (G_IS_TASK (task));

  job = g_new0 (Job, 1);
  job->task = g_object_ref (task);
  job->func = func;
  /* Fails only where no thread can be started; the job then waits for one that runs. */
  g_thread_pool_push (self->pool, job, NULL);
}
