/* valise-scheduler-fetch.c - documents that somebody wants now, fetched beside the rounds
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-scheduler"

#include "config.h"

#include "valise-scheduler-parts.h"

typedef struct
{
  char  *database;
  char **ids;
} Fetch;

static void
free_fetch (gpointer data)
{
  Fetch *fetch = data;

  g_free (fetch->database);
  g_strfreev (fetch->ids);
  g_free (fetch);
}

static void
fetch_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  ValiseScheduler *self = source;
  Fetch           *fetch = task_data;
  GError          *failure = NULL;
  gboolean         ok =
      valise_scheduler_can_sync (self, &failure)
      && valise_sync_thread_check (self->thread, valise_scheduler_take_beyond (self), &failure);

  if (ok)
    ok = valise_turn_fetch (valise_sync_thread_get_turn (self->thread), fetch->database,
                            (const char *const *) fetch->ids, cancellable, &failure);
  if (ok)
    valise_sync_state_set_reached (self->state);

  if (ok)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, failure);
}

void
valise_scheduler_fetch_async (ValiseScheduler    *self,
                              const char         *database,
                              const char *const  *ids,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  Fetch            *fetch = NULL;

  g_return_if_fail (VALISE_IS_SCHEDULER (self));
  g_return_if_fail (database != NULL && ids != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  fetch = g_new0 (Fetch, 1);
  fetch->database = g_strdup (database);
  fetch->ids = g_strdupv ((char **) ids);
  g_task_set_source_tag (task, valise_scheduler_fetch_async);
  g_task_set_task_data (task, fetch, free_fetch);
  g_task_run_in_thread (task, fetch_in_thread);
}

gboolean
valise_scheduler_fetch_finish (ValiseScheduler *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, valise_scheduler_fetch_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
