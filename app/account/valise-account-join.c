/* valise-account-join.c - accounts that are new: joined by an invitation, or the sample's
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-account-join"

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "valise-account-folder.h"
#include "valise-clock.h"
#include "valise-folder.h"
#include "valise-join.h"
#include "valise-language.h"

/* Makes the folder of @membership, with @secrets (nullable) first and account.json last: a
 * folder without it is no account. Takes @membership where it succeeds; else leaves nothing. */
static ValiseAccount *
make_folder (const char          *data_dir,
             ValiseMembership   **membership,
             const ValiseSecrets *secrets,
             GError             **error)
{
  ValiseMembership *self = *membership;
  g_autofree char  *folder = NULL;
  ValiseAccount    *account = NULL;
  gboolean          ok = TRUE;

  g_free (self->id);
  self->id = valise_account_make_id (self);
  folder = g_build_filename (data_dir, self->id, NULL);
  if (g_mkdir_with_parents (data_dir, 0700) != 0 || g_mkdir (folder, 0700) != 0)
    {
      g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (errno), "%s: %s", folder,
                   g_strerror (errno));
      return NULL;
    }
  if (secrets != NULL)
    ok = valise_secrets_store (secrets, self->id, folder, &self->in_file, error);
  if (ok && valise_membership_save (self, folder, error))
    account = valise_account_open_folder (folder, membership, error);
  if (account == NULL)
    {
      if (secrets != NULL)
        valise_secrets_forget (self->id, folder);
      valise_folder_remove (folder);
    }
  return account;
}

ValiseAccount *
valise_account_join (const char             *data_dir,
                     const ValiseInvitation *invitation,
                     const char *const      *languages,
                     GCancellable           *cancellable,
                     GError                **error)
{
  g_autoptr (ValiseMembership) membership = NULL;
  g_autoptr (ValiseSecrets)    secrets = NULL;
  ValiseAccount               *self = NULL;
  gboolean                     fresh = !g_file_test (data_dir, G_FILE_TEST_EXISTS);

  g_return_val_if_fail (data_dir != NULL && invitation != NULL, NULL);

  if (g_mkdir_with_parents (data_dir, 0700) != 0)
    {
      g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (errno), "%s: %s", data_dir,
                   g_strerror (errno));
      return NULL;
    }
  if (valise_join (data_dir, invitation, &membership, &secrets, cancellable, error))
    {
      if (languages == NULL)
        languages = invitation->languages != NULL && invitation->languages[0] != NULL
                        ? (const char *const *) invitation->languages
                        : valise_language_list ();
      membership->languages = g_strdupv ((char **) languages);
      self = make_folder (data_dir, &membership, secrets, error);
    }
  if (self != NULL)
    valise_join_settle (data_dir, invitation);
  else if (fresh)
    g_rmdir (data_dir); /* stays where an uncertain exchange left its key */
  return self;
}

typedef struct
{
  char             *data_dir;
  ValiseInvitation *invitation;
  char            **languages;
} Join;

static void
free_join (gpointer data)
{
  Join *join = data;

  g_free (join->data_dir);
  valise_invitation_free (join->invitation);
  g_strfreev (join->languages);
  g_free (join);
}

static void
join_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Join          *join = task_data;
  GError        *failure = NULL;
  ValiseAccount *account =
      valise_account_join (join->data_dir, join->invitation, (const char *const *) join->languages,
                           cancellable, &failure);

  if (account != NULL)
    g_task_return_pointer (task, account, g_object_unref);
  else
    g_task_return_error (task, failure);
}

void
valise_account_join_async (const char             *data_dir,
                           const ValiseInvitation *invitation,
                           const char *const      *languages,
                           GCancellable           *cancellable,
                           GAsyncReadyCallback     callback,
                           gpointer                user_data)
{
  g_autoptr (GTask)  task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char   *text = NULL;
  g_autoptr (GBytes) bytes = NULL;
  Join              *join = NULL;

  g_return_if_fail (data_dir != NULL && invitation != NULL);

  text = valise_invitation_to_text (invitation);
  bytes = g_bytes_new (text, strlen (text));
  join = g_new0 (Join, 1);
  join->data_dir = g_strdup (data_dir);
  join->invitation = valise_invitation_parse (bytes, NULL); /* a copy: it was parsed before */
  join->languages = g_strdupv ((char **) languages);
  g_task_set_source_tag (task, valise_account_join_async);
  g_task_set_task_data (task, join, free_join);
  g_task_run_in_thread (task, join_in_thread);
}

ValiseAccount *
valise_account_join_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, valise_account_join_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

ValiseAccount *
valise_account_new_sample (const char *data_dir,
                           const char *programme,
                           const char *root,
                           GError    **error)
{
  g_autoptr (ValiseMembership) membership = NULL;
  ValiseGrant                 *grant = NULL;

  g_return_val_if_fail (data_dir != NULL && programme != NULL && root != NULL, NULL);

  membership = valise_membership_new ();
  membership->programme = g_strdup (programme);
  membership->root = g_strdup (root);
  membership->languages = g_strdupv ((char **) valise_language_list ());
  membership->joined_us = valise_clock_now ();
  grant = g_new0 (ValiseGrant, 1);
  grant->name = g_strdup ("public");
  g_ptr_array_add (membership->grants, grant);
  return make_folder (data_dir, &membership, NULL, error);
}
