/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "valise-fake.h"
#include "valise-peer-error.h"
#include "valise-sample.h"

static GError *join_error = NULL;

struct _ValiseAccount
{
  GObject  parent_instance;
  gboolean sample;
  char   **languages;
};

G_DEFINE_FINAL_TYPE (ValiseAccount, valise_account, G_TYPE_OBJECT)

G_DEFINE_QUARK (valise_account_error, valise_account_error)

static void
valise_account_finalize (GObject *object)
{
  g_strfreev (VALISE_ACCOUNT (object)->languages);
  G_OBJECT_CLASS (valise_account_parent_class)->finalize (object);
}

static void
valise_account_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == 1)
    g_value_set_boxed (value, VALISE_ACCOUNT (object)->languages);
}

static void
valise_account_class_init (ValiseAccountClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = valise_account_finalize;
  object_class->get_property = valise_account_get_property;
  g_object_class_install_property (
      object_class, 1, g_param_spec_boxed ("languages", NULL, NULL, G_TYPE_STRV, G_PARAM_READABLE));
  g_object_class_install_property (
      object_class, 2, g_param_spec_boxed ("incidents", NULL, NULL, G_TYPE_STRV, G_PARAM_READABLE));
}

static void
valise_account_init (ValiseAccount *self)
{
  self->languages = g_strsplit ("en fr", " ", -1);
}

ValiseAccount *
valise_fake_account_new (gboolean sample)
{
  ValiseAccount *self = g_object_new (VALISE_TYPE_ACCOUNT, NULL);

  self->sample = sample;
  return self;
}

void
valise_fake_set_join_error (GError *error)
{
  g_clear_error (&join_error);
  join_error = error;
}

char *
valise_account_default_data_dir (void)
{
  return g_build_filename (g_get_user_data_dir (), "valise", NULL);
}

void
valise_account_join_async (const char             *data_dir,
                           const ValiseInvitation *invitation,
                           const char *const      *languages,
                           GCancellable           *cancellable,
                           GAsyncReadyCallback     callback,
                           gpointer                user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  if (join_error != NULL)
    g_task_return_error (task, g_steal_pointer (&join_error));
  else
    g_task_return_pointer (task, valise_fake_account_new (FALSE), g_object_unref);
}

ValiseAccount *
valise_account_join_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

ValiseAccount *
valise_account_open (const char *data_dir, GError **error)
{
  if (strstr (data_dir, "joined") != NULL)
    return valise_fake_account_new (FALSE);

  g_set_error (error, VALISE_ACCOUNT_ERROR, VALISE_ACCOUNT_ERROR_NONE, "Nobody has joined");
  return NULL;
}

ValiseAccount *
valise_account_new_sample (const char *data_dir,
                           const char *programme,
                           const char *root,
                           GError    **error)
{
  return valise_fake_account_new (TRUE);
}

gboolean
valise_sample_issue (const char *directory, char **programme, char **root, GError **error)
{
  *programme = g_strdup ("sample");
  *root = g_strdup ("root");
  return TRUE;
}

gboolean
valise_sample_copy (const char *directory, ValiseHome *home, GError **error)
{
  return TRUE;
}

void
valise_account_close (ValiseAccount *self)
{
}

void
valise_account_keep_backups (ValiseAccount *self)
{
}

void
valise_account_set_rules (ValiseAccount *self, ValiseRulesFunc make)
{
}

/* As if a damaged database had been mended, where the environment says of when the backup was;
 * empty: without one. */
gboolean
valise_account_get_mending (ValiseAccount *self, char **backup)
{
  const char *day = g_getenv ("VALISE_FAKE_MENDING");

  *backup = day != NULL && *day != '\0' ? g_strdup (day) : NULL;
  return day != NULL;
}

void
valise_account_clear_incidents (ValiseAccount *self)
{
  g_unsetenv ("VALISE_FAKE_MENDING");
  g_object_notify (G_OBJECT (self), "incidents");
}

ValiseHome *
valise_account_get_home (ValiseAccount *self)
{
  return NULL;
}

gboolean
valise_account_is_sample (ValiseAccount *self)
{
  return self->sample;
}

const char *
valise_account_get_programme_name (ValiseAccount *self)
{
  return "Programme of action";
}

const char *
valise_account_get_server (ValiseAccount *self)
{
  return self->sample ? NULL : "https://127.0.0.1:5984";
}

const char *
valise_account_get_person (ValiseAccount *self)
{
  return "Amina Diallo";
}

const char *
valise_account_get_participant (ValiseAccount *self)
{
  return "xke";
}

const char *
valise_account_get_role (ValiseAccount *self)
{
  return "delegate";
}

const char *
valise_account_get_root (ValiseAccount *self)
{
  return "KESTRIAROOTKEY";
}

gboolean
valise_account_secrets_in_file (ValiseAccount *self)
{
  return FALSE;
}

char **
valise_account_dup_languages (ValiseAccount *self)
{
  return g_strdupv (self->languages);
}

gboolean
valise_account_set_languages (ValiseAccount *self, const char *const *languages, GError **error)
{
  g_strfreev (self->languages);
  self->languages = g_strdupv ((char **) languages);
  g_object_notify (G_OBJECT (self), "languages");
  return TRUE;
}
