/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-mending"

#include "config.h"

#include <glib/gi18n.h>

#include "valise-format.h"
#include "valise-mending.h"

#define ACCOUNT_KEY "valise-mending-account"

char *
valise_mending_dup_sentence (ValiseAccount *account)
{
  g_autofree char *backup = NULL;
  g_autofree char *date = NULL;

  if (!valise_account_get_mending (account, &backup))
    return NULL;
  if (backup == NULL)
    return g_strdup (_ ("Part of the record on this laptop was damaged and has been put together "
                        "again: what you wrote is kept, and what is missing comes with the next "
                        "sync."));
  date = valise_format_date (backup);
  /* Translators: %s is a date. */
  return g_strdup_printf (_ ("Part of the record on this laptop was damaged and has been restored "
                             "from the backup of %s: what you wrote since is kept, and the rest "
                             "comes with the next sync."),
                          date);
}

static void
look_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_task_return_pointer (task, valise_mending_dup_sentence (task_data), g_free);
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ValiseBar       *bar = VALISE_BAR (source);
  g_autofree char *sentence = g_task_propagate_pointer (G_TASK (result), NULL);

  /* Of an account that is not shown any more nothing is said. */
  if (g_object_get_data (G_OBJECT (bar), ACCOUNT_KEY) == g_task_get_task_data (G_TASK (result)))
    valise_bar_say (bar, "dialog-information-symbolic", sentence, _ ("Dismiss"), FALSE);
}

/* What was done is in a file, which is read off the main thread. */
static void
say (ValiseBar *bar, ValiseAccount *account)
{
  g_autoptr (GTask) task = NULL;

  if (account == NULL)
    {
      valise_bar_say (bar, "dialog-information-symbolic", NULL, _ ("Dismiss"), FALSE);
      return;
    }
  task = g_task_new (bar, NULL, looked_cb, NULL);
  g_task_set_source_tag (task, say);
  g_task_set_task_data (task, g_object_ref (account), g_object_unref);
  g_task_run_in_thread (task, look_in_thread);
}

static void
incidents_cb (ValiseBar *bar, GParamSpec *pspec, ValiseAccount *account)
{
  if (g_object_get_data (G_OBJECT (bar), ACCOUNT_KEY) == account)
    say (bar, account);
}

static void
activated_cb (ValiseBar *bar)
{
  ValiseAccount *account = g_object_get_data (G_OBJECT (bar), ACCOUNT_KEY);

  if (account != NULL)
    valise_account_clear_incidents (account); /* which says so */
}

void
valise_mending_follow (ValiseBar *bar, ValiseAccount *account)
{
  g_return_if_fail (VALISE_IS_BAR (bar));

  g_signal_handlers_disconnect_by_func (bar, activated_cb, NULL);
  g_object_set_data_full (G_OBJECT (bar), ACCOUNT_KEY,
                          account != NULL ? g_object_ref (account) : NULL, g_object_unref);
  if (account != NULL)
    {
      g_signal_connect_object (account, "notify::incidents", G_CALLBACK (incidents_cb), bar,
                               G_CONNECT_SWAPPED);
      g_signal_connect (bar, "activated", G_CALLBACK (activated_cb), NULL);
    }
  say (bar, account);
}
