/* valise-scheduler-user.c - what the scheduler does for its user: the policy, the queue, plans
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-scheduler"

#include "config.h"

#include "valise-home.h"
#include "valise-id.h"
#include "valise-scheduler-parts.h"

/* --- the user's policy --------------------------------------------------------------------- */

void
valise_scheduler_get_policy (ValiseScheduler *self, ValiseUserPolicy *policy)
{
  g_return_if_fail (VALISE_IS_SCHEDULER (self) && policy != NULL);

  valise_sync_thread_get_policy (self->thread, policy);
}

void
valise_scheduler_set_policy (ValiseScheduler *self, const ValiseUserPolicy *policy)
{
  g_return_if_fail (VALISE_IS_SCHEDULER (self) && policy != NULL);

  valise_sync_thread_set_policy (self->thread, policy);
  valise_later_mark (self->policy_file);
  valise_file_queue_guard_changed (self->files);
  if (valise_scheduler_get_phase (self) == VALISE_SYNC_PAUSED)
    valise_sync_thread_nudge (self->thread);
  valise_scheduler_tell (self);
}

void
valise_scheduler_get_verdict (ValiseScheduler *self, ValiseVerdict *verdict)
{
  g_return_if_fail (VALISE_IS_SCHEDULER (self) && verdict != NULL);

  valise_sync_thread_judge (self->thread, verdict);
}

/* --- what a transfer will take ------------------------------------------------------------- */

ValiseNetworkKind
valise_scheduler_get_network (ValiseScheduler *self)
{
  g_return_val_if_fail (VALISE_IS_SCHEDULER (self), VALISE_NETWORK_OTHER);

  return valise_network_get_kind (self->monitor);
}

guint64
valise_scheduler_get_speed (ValiseScheduler *self, ValiseNetworkKind kind)
{
  g_return_val_if_fail (VALISE_IS_SCHEDULER (self), 0);

  return valise_sync_state_get_speed (self->state, kind);
}

guint64
valise_scheduler_estimate (ValiseScheduler *self, guint64 weight)
{
  g_return_val_if_fail (VALISE_IS_SCHEDULER (self), 0);

  return valise_sync_state_estimate (self->state, weight);
}

/* --- the queue ------------------------------------------------------------------------------ */

GPtrArray *
valise_scheduler_list_queue (ValiseScheduler *self)
{
  ValiseVerdict verdict;

  g_return_val_if_fail (VALISE_IS_SCHEDULER (self), NULL);

  valise_sync_thread_judge (self->thread, &verdict);
  return valise_queue_list (self->account, self->wanted, self->state, &verdict);
}

static void
list_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_task_return_pointer (task, valise_scheduler_list_queue (source),
                         (GDestroyNotify) g_ptr_array_unref);
}

void
valise_scheduler_list_queue_async (ValiseScheduler    *self,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (VALISE_IS_SCHEDULER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, valise_scheduler_list_queue_async);
  g_task_run_in_thread (task, list_in_thread);
}

GPtrArray *
valise_scheduler_list_queue_finish (ValiseScheduler *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, valise_scheduler_list_queue_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
hold_file (ValiseScheduler *self, const char *sha256, gboolean hold)
{
  const char *const sha256s[] = { sha256, NULL };

  if (hold)
    valise_file_queue_hold (self->files, sha256s);
  else
    valise_file_queue_resume (self->files, sha256s);
}

void
valise_scheduler_hold (ValiseScheduler *self, const char *name, gboolean hold)
{
  g_return_if_fail (VALISE_IS_SCHEDULER (self) && name != NULL);

  if (valise_id_get_sha256 (name) != NULL)
    hold_file (self, valise_id_get_sha256 (name), hold);
  else
    {
      valise_wanted_hold (self->wanted, name, hold);
      valise_later_mark (self->wanted_file);
      valise_sync_thread_nudge (self->thread);
    }
  valise_scheduler_tell (self);
}

void
valise_scheduler_put_plan (ValiseScheduler *self, ValisePlan *plan)
{
  g_return_if_fail (VALISE_IS_SCHEDULER (self) && plan != NULL);

  valise_wanted_put (self->wanted, plan);
  valise_later_mark (self->wanted_file);
  valise_sync_thread_nudge (self->thread);
  valise_scheduler_tell (self);
}

/* --- what lasts ------------------------------------------------------------------------------ */

static gboolean
write_policy (gpointer user_data, GError **error)
{
  ValiseScheduler *self = user_data;
  ValiseUserPolicy policy;

  valise_sync_thread_get_policy (self->thread, &policy);
  return valise_user_policy_save (
      &policy, valise_home_get_directory (valise_account_get_home (self->account)), error);
}

static gboolean
write_wanted (gpointer user_data, GError **error)
{
  return valise_wanted_save (((ValiseScheduler *) user_data)->wanted, error);
}

static void
tell_failure (const GError *failure, gpointer user_data)
{
  ValiseScheduler *self = user_data;

  g_message ("%s", failure->message);
  valise_sync_state_set_problem (self->state, VALISE_PROBLEM_DISK, failure->message);
}

void
valise_scheduler_begin_keeping (ValiseScheduler *self)
{
  self->policy_file = valise_later_new (write_policy, tell_failure, self);
  self->wanted_file = valise_later_new (write_wanted, tell_failure, self);
}

void
valise_scheduler_end_keeping (ValiseScheduler *self)
{
  g_clear_pointer (&self->policy_file, valise_later_free);
  g_clear_pointer (&self->wanted_file, valise_later_free);
}

gboolean
valise_scheduler_flush (ValiseScheduler *self, GError **error)
{
  g_return_val_if_fail (VALISE_IS_SCHEDULER (self), FALSE);

  return valise_later_flush (self->policy_file, error)
         && valise_later_flush (self->wanted_file, error);
}

/* --- files ----------------------------------------------------------------------------------- */

void
valise_scheduler_want_files (ValiseScheduler *self, const ValiseFileWanted *wanted, guint n_wanted)
{
  g_return_if_fail (VALISE_IS_SCHEDULER (self));

  if (n_wanted > 0)
    valise_file_queue_want (self->files, wanted, n_wanted, VALISE_FILE_PINNED);
  valise_scheduler_tell (self);
}

guint64
valise_scheduler_get_file_present (ValiseScheduler *self, const char *sha256)
{
  gint64 present = 0;

  g_return_val_if_fail (VALISE_IS_SCHEDULER (self), 0);

  valise_file_queue_get_state (self->files, sha256, &present);
  return (guint64) MAX (present, 0);
}

static ValiseFileReason
explain_files (const ValiseVerdict *verdict)
{
  switch (verdict->files)
    {
    case VALISE_WAIT_METERED:
      return VALISE_FILE_METERED;
    case VALISE_WAIT_BUDGET:
      return VALISE_FILE_BUDGET;
    case VALISE_WAIT_HOURS:
      return VALISE_FILE_HOURS;
    case VALISE_WAIT_TEXT_ONLY:
      return VALISE_FILE_TEXT_ONLY;
    case VALISE_WAIT_NOT:
    case VALISE_WAIT_TURN:
    case VALISE_WAIT_CONNECTION:
    case VALISE_WAIT_HELD:
    default:
      return VALISE_FILE_MOVES;
    }
}

/* A file that its user asked for is let through where only their general wishes are against it;
 * what a byte costs is not. */
static ValiseFileReason
guard_cb (gboolean outgoing, int priority, gint64 bytes, gpointer user_data)
{
  ValiseScheduler *self = user_data;
  ValiseVerdict    verdict;
  ValiseFileReason reason = VALISE_FILE_MOVES;

  valise_sync_thread_judge (self->thread, &verdict);
  reason = explain_files (&verdict);
  if (reason == VALISE_FILE_MOVES && verdict.left < (guint64) MAX (bytes, 0))
    reason = VALISE_FILE_BUDGET;
  if (reason == VALISE_FILE_TEXT_ONLY && (outgoing || priority >= VALISE_FILE_PINNED))
    reason = VALISE_FILE_MOVES;
  return reason;
}

void
valise_scheduler_guard_files (ValiseScheduler *self)
{
  self->files = valise_file_queue_for_account (self->account);
  valise_file_queue_set_guard (self->files, guard_cb, self, NULL);
}

void
valise_scheduler_leave_files (ValiseScheduler *self)
{
  if (self->files != NULL)
    valise_file_queue_set_guard (self->files, NULL, NULL, NULL);
  g_clear_object (&self->files);
}
