/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-context"

#include "config.h"

#include "valise-context.h"
#include "valise-format.h"
#include "valise-pdf-words.h"
#include "valise-rules-gate.h"
#include "valise-sample.h"

#define SHARE_MS 1000 /* after the record is open: the window comes first */

/**
 * ValiseContext:
 *
 * Joins an account with the library that shows its record and the scheduler that keeps it in
 * step. A window holds one and hands it to its pages; opening another account means another
 * context.
 */
struct _ValiseContext
{
  GObject parent_instance;

  ValiseAccount   *account;
  ValiseLibrary   *library;
  ValiseScheduler *scheduler;
  ValiseVicinity  *vicinity; /* or NULL */
  guint            share_id;
};

G_DEFINE_FINAL_TYPE (ValiseContext, valise_context, G_TYPE_OBJECT)

static void
open_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const char        *data_dir = task_data;
  g_autoptr (GError) error = NULL;
  ValiseAccount     *account = valise_account_open (data_dir, &error);

  if (account != NULL)
    g_task_return_pointer (task, account, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static ValiseAccount *
make_sample (const char *data_dir, GError **error)
{
  g_autoptr (ValiseAccount) account = NULL;
  g_autofree char          *secretariat = g_build_filename (data_dir, "sample-secretariat", NULL);
  g_autofree char          *programme = NULL;
  g_autofree char          *root = NULL;

  if (!valise_sample_issue (secretariat, &programme, &root, error))
    return NULL;

  account = valise_account_new_sample (data_dir, programme, root, error);
  if (account == NULL)
    return NULL;

  if (!valise_sample_copy (secretariat, valise_account_get_home (account), error))
    {
      valise_account_close (account);
      return NULL;
    }
  return g_steal_pointer (&account);
}

static void
sample_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  ValiseAccount     *account = make_sample (task_data, &error);

  if (account != NULL)
    g_task_return_pointer (task, account, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static ValiseContext *
finish_opening (GAsyncResult *result, gpointer tag, GError **error)
{
  g_autoptr (ValiseAccount) account = NULL;

  g_return_val_if_fail (g_async_result_is_tagged (result, tag), NULL);

  account = g_task_propagate_pointer (G_TASK (result), error);
  return account != NULL ? valise_context_new (account, error) : NULL;
}

static void
valise_context_dispose (GObject *object)
{
  valise_context_close (VALISE_CONTEXT (object));

  G_OBJECT_CLASS (valise_context_parent_class)->dispose (object);
}

static void
valise_context_class_init (ValiseContextClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = valise_context_dispose;
}

static void
valise_context_init (ValiseContext *self)
{
}

ValiseContext *
valise_context_new (ValiseAccount *account, GError **error)
{
  g_autoptr (ValiseContext) self = g_object_new (VALISE_TYPE_CONTEXT, NULL);

  g_return_val_if_fail (VALISE_IS_ACCOUNT (account), NULL);

  self->account = g_object_ref (account);
  valise_pdf_words_read_for (valise_account_get_home (account));
  self->library = valise_library_new (valise_account_get_home (account),
                                      valise_format_interface_language (), error);
  if (self->library == NULL)
    return NULL;

  valise_account_set_rules (account, valise_rules_gate_for_home);
  valise_account_keep_backups (account);
  self->scheduler = valise_scheduler_new (account);
  valise_scheduler_start (self->scheduler);

  return g_steal_pointer (&self);
}

void
valise_context_open_async (const char         *data_dir,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, valise_context_open_async);
  g_task_set_task_data (task, g_strdup (data_dir), g_free);
  g_task_run_in_thread (task, open_in_thread);
}

ValiseContext *
valise_context_open_finish (GAsyncResult *result, GError **error)
{
  return finish_opening (result, valise_context_open_async, error);
}

void
valise_context_open_sample_async (const char         *data_dir,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, valise_context_open_sample_async);
  g_task_set_task_data (task, g_strdup (data_dir), g_free);
  g_task_run_in_thread (task, sample_in_thread);
}

ValiseContext *
valise_context_open_sample_finish (GAsyncResult *result, GError **error)
{
  return finish_opening (result, valise_context_open_sample_async, error);
}

static gboolean
share_cb (gpointer user_data)
{
  ValiseContext *self = user_data;

  self->share_id = 0;
  valise_vicinity_start (self->vicinity);
  return G_SOURCE_REMOVE;
}

void
valise_context_share (ValiseContext *self, const ValiseHostKind *kind)
{
  g_return_if_fail (VALISE_IS_CONTEXT (self) && kind != NULL);

  if (self->vicinity != NULL || self->account == NULL || valise_account_is_sample (self->account))
    return;
  self->vicinity =
      valise_vicinity_new (self->account, self->scheduler, kind, valise_rules_gate_for_home);
  self->share_id = g_timeout_add (SHARE_MS, share_cb, self);
}

void
valise_context_close (ValiseContext *self)
{
  g_return_if_fail (VALISE_IS_CONTEXT (self));

  g_clear_handle_id (&self->share_id, g_source_remove);
  if (self->vicinity != NULL)
    valise_vicinity_stop (self->vicinity);
  g_clear_object (&self->vicinity);
  if (self->scheduler != NULL)
    valise_scheduler_stop (self->scheduler);
  g_clear_object (&self->scheduler);
  g_clear_object (&self->library);
  if (self->account != NULL)
    valise_account_close (self->account);
  g_clear_object (&self->account);
}

ValiseAccount *
valise_context_get_account (ValiseContext *self)
{
  return self->account;
}

ValiseLibrary *
valise_context_get_library (ValiseContext *self)
{
  return self->library;
}

ValiseScheduler *
valise_context_get_scheduler (ValiseContext *self)
{
  return self->scheduler;
}

ValiseVicinity *
valise_context_get_vicinity (ValiseContext *self)
{
  return self->vicinity;
}
