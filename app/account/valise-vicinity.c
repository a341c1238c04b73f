/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-vicinity"

#include "config.h"

#include <string.h>

#include "valise-home.h"
#include "valise-json.h"
#include "valise-vicinity-parts.h"

#define FILE_NAME "nearby.json" /* in the account's folder: {"sharing"} */

/**
 * ValiseVicinity:
 *
 * Its parts: this file has the object and its threads, valise-vicinity-host.c what is served,
 * valise-vicinity-visits.c who is visited, valise-vicinity-pairing.c how one becomes a colleague.
 */
G_DEFINE_FINAL_TYPE (ValiseVicinity, valise_vicinity, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

void
valise_vicinity_tell (ValiseVicinity *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* --- threads --------------------------------------------------------------------------------- */

typedef struct
{
  GThread        *thread;
  GTask          *task;
  GTaskThreadFunc work;
  gint            ended; /* atomic */
} Job;

static gpointer
job_thread (gpointer data)
{
  Job *job = data;

  job->work (job->task, g_task_get_source_object (job->task), g_task_get_task_data (job->task),
             g_task_get_cancellable (job->task));
  g_clear_object (&job->task);
  g_atomic_int_set (&job->ended, 1);
  return NULL;
}

static void
join (gpointer data)
{
  Job *job = data;

  g_thread_join (job->thread);
  g_free (job);
}

static void
join_ended (ValiseVicinity *self)
{
  for (guint i = self->jobs->len; i-- > 0;)
    if (g_atomic_int_get (&((Job *) g_ptr_array_index (self->jobs, i))->ended))
      g_ptr_array_remove_index_fast (self->jobs, i);
}

void
valise_vicinity_run (ValiseVicinity     *self,
                     GTaskThreadFunc     work,
                     gpointer            data,
                     GDestroyNotify      free_data,
                     GCancellable       *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer            user_data)
{
  Job   *job = g_new0 (Job, 1);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_task_data (task, data, free_data);
  g_task_set_check_cancellable (task, FALSE); /* what was done is told all the same */
  job->task = task;
  job->work = work;
  job->thread = g_thread_new ("valise-vicinity", job_thread, job);
  join_ended (self);
  g_ptr_array_add (self->jobs, job);
}

/* --- what the user wants --------------------------------------------------------------------- */

static char *
make_path (ValiseVicinity *self)
{
  return g_build_filename (valise_home_get_directory (valise_account_get_home (self->account)),
                           FILE_NAME, NULL);
}

/* On the writer's thread. */
static gboolean
write_wish (gpointer user_data, GError **error)
{
  ValiseVicinity  *self = user_data;
  g_autofree char *path = make_path (self);
  const char      *text =
      valise_vicinity_get_sharing (self) ? "{\"sharing\":true}\n" : "{\"sharing\":false}\n";

  return g_file_set_contents_full (
      path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error);
}

/* What the user said counts until the end of this run; the next asks again. */
static void
wish_failed (const GError *failure, gpointer user_data)
{
  g_message ("What is shared nearby was not kept: %s", failure->message);
}

static void
read_wish_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autofree char       *text = NULL;
  g_autoptr (ValiseJson) json = NULL;

  if (g_file_get_contents (task_data, &text, NULL, NULL))
    json = valise_json_scan_text (text, -1, VALISE_JSON_INTEGERS, NULL);
  g_task_return_boolean (task, json != NULL && valise_json_get_member_true (json, 0, "sharing"));
}

static void
wish_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ValiseVicinity *self = VALISE_VICINITY (source);
  gboolean        sharing = g_task_propagate_boolean (G_TASK (result), NULL);

  /* What the user has said meanwhile is newer than the file. */
  if (self->wish_known || self->stopped)
    return;
  self->wish_known = TRUE;
  if (!sharing)
    return;
  g_atomic_int_set (&self->sharing, 1);
  valise_vicinity_update_host (self);
  valise_vicinity_try_all (self);
  valise_vicinity_tell (self);
}

void
valise_vicinity_set_sharing (ValiseVicinity *self, gboolean sharing)
{
  g_return_if_fail (VALISE_IS_VICINITY (self));

  if (self->stopped || (self->wish_known && valise_vicinity_get_sharing (self) == !!sharing))
    return;
  self->wish_known = TRUE;
  g_atomic_int_set (&self->sharing, sharing ? 1 : 0);
  valise_later_mark (self->file);
  /* At once: who has just paired comes now. */
  if (self->host != NULL)
    self->kind->share (self->host, sharing && valise_vicinity_may (self));
  if (sharing)
    valise_vicinity_try_all (self);
  valise_vicinity_update_host (self);
  valise_vicinity_tell (self);
}

gboolean
valise_vicinity_get_sharing (ValiseVicinity *self)
{
  return g_atomic_int_get (&self->sharing) != 0;
}

gboolean
valise_vicinity_may (ValiseVicinity *self)
{
  ValiseVerdict verdict;

  valise_scheduler_get_verdict (self->scheduler, &verdict);
  return verdict.may >= VALISE_MAY_TEXT;
}

/* --- start and stop -------------------------------------------------------------------------- */

static void
network_changed_cb (ValiseVicinity *self)
{
  if (!valise_vicinity_get_sharing (self) && !self->door)
    return;
  valise_vicinity_update_host (self);
  valise_vicinity_try_all (self);
}

/* The scheduler tells often; what counts here is whether the policy lets more or less. */
static void
policy_cb (ValiseVicinity *self)
{
  if (valise_vicinity_get_sharing (self) && valise_vicinity_may (self) != self->may)
    valise_vicinity_update_host (self);
}

void
valise_vicinity_start (ValiseVicinity *self)
{
  g_return_if_fail (VALISE_IS_VICINITY (self));

  if (self->started)
    return;
  self->started = TRUE;
  self->monitor = g_object_ref (g_network_monitor_get_default ());
  g_signal_connect_object (self->monitor, "network-changed", G_CALLBACK (network_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->scheduler, "notify", G_CALLBACK (policy_cb), self,
                           G_CONNECT_SWAPPED);
  valise_vicinity_read (self);
  valise_vicinity_run (self, read_wish_in_thread, make_path (self), g_free, self->cancellable,
                       wish_read_cb, NULL);
  if (valise_vicinity_get_sharing (self))
    valise_vicinity_update_host (self);
}

void
valise_vicinity_stop (ValiseVicinity *self)
{
  g_return_if_fail (VALISE_IS_VICINITY (self));

  if (self->stopped)
    return;
  self->stopped = TRUE;
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->look_id, g_source_remove);
  g_clear_handle_id (&self->door_id, g_source_remove);
  valise_vicinity_leave (self);
  valise_vicinity_give_up (self);
  if (self->nearby != NULL)
    g_object_run_dispose (G_OBJECT (self->nearby));
  g_clear_object (&self->nearby);
  g_ptr_array_set_size (self->jobs, 0); /* waits for each */
  if (self->made != NULL)
    self->kind->stop (g_steal_pointer (&self->made));
  if (self->host != NULL)
    self->kind->stop (g_steal_pointer (&self->host));
  valise_later_flush (self->file, NULL);
  self->state = VALISE_SHARING_OFF;
}

void
valise_vicinity_set_addresses (ValiseVicinity *self, const char *const *addresses)
{
  g_strfreev (self->given);
  self->given = g_strdupv ((char **) addresses);
}

/* --- the object ------------------------------------------------------------------------------ */

static void
valise_vicinity_dispose (GObject *object)
{
  ValiseVicinity *self = VALISE_VICINITY (object);

  valise_vicinity_stop (self);
  g_clear_pointer (&self->file, valise_later_free);
  g_clear_object (&self->monitor);
  g_clear_object (&self->scheduler);
  g_clear_object (&self->account);

  G_OBJECT_CLASS (valise_vicinity_parent_class)->dispose (object);
}

static void
valise_vicinity_finalize (GObject *object)
{
  ValiseVicinity *self = VALISE_VICINITY (object);

  g_hash_table_unref (self->colleagues);
  g_ptr_array_unref (self->jobs);
  g_object_unref (self->cancellable);
  g_main_context_unref (self->context);
  g_strfreev (self->given);
  g_strfreev (self->addresses);
  g_free (self->address);

  G_OBJECT_CLASS (valise_vicinity_parent_class)->finalize (object);
}

static void
valise_vicinity_class_init (ValiseVicinityClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = valise_vicinity_dispose;
  object_class->finalize = valise_vicinity_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
valise_vicinity_init (ValiseVicinity *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->jobs = g_ptr_array_new_with_free_func (join);
  self->cancellable = g_cancellable_new ();
  self->colleagues = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, valise_fellow_free);
}

ValiseVicinity *
valise_vicinity_new (ValiseAccount        *account,
                     ValiseScheduler      *scheduler,
                     const ValiseHostKind *kind,
                     ValiseCourierRules    rules)
{
  ValiseVicinity *self = NULL;

  g_return_val_if_fail (VALISE_IS_ACCOUNT (account) && VALISE_IS_SCHEDULER (scheduler), NULL);
  g_return_val_if_fail (kind != NULL, NULL);

  self = g_object_new (VALISE_TYPE_VICINITY, NULL);
  self->account = g_object_ref (account);
  self->scheduler = g_object_ref (scheduler);
  self->kind = kind;
  self->rules = rules;
  self->file = valise_later_new (write_wish, wish_failed, self);
  return self;
}
