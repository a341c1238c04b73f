/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-account"

#include "config.h"

#include <string.h>

#include "valise-account-copy.h"
#include "valise-account-folder.h"
#include "valise-account-trust.h"
#include "valise-home.h"
#include "valise-keeper.h"

#define BACKUP_AFTER_S 120 /* from the start: the window has its own work first */

/**
 * ValiseAccount:
 *
 * What account.json says, and the home that is open. The names are set once; the languages
 * and the grants change under the mutex.
 */
struct _ValiseAccount
{
  GObject parent_instance;

  GMainContext     *context; /* the opener's, for notifications */
  ValiseHome       *home;
  char             *folder;
  ValiseMeter      *meter;
  ValiseKeeper     *keeper; /* NULL: backups are not made */
  GMutex            mutex;
  ValiseMembership *membership;
  ValiseRulesFunc   make_rules; /* NULL: none are known */
};

G_DEFINE_QUARK (valise_account_error, valise_account_error)

G_DEFINE_FINAL_TYPE (ValiseAccount, valise_account, G_TYPE_OBJECT)

enum
{
  PROP_LANGUAGES = 1,
  PROP_INCIDENTS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
valise_account_finalize (GObject *object)
{
  ValiseAccount *self = VALISE_ACCOUNT (object);

  valise_account_close (self);
  g_clear_object (&self->home);
  g_clear_pointer (&self->membership, valise_membership_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_free (self->folder);
  g_clear_pointer (&self->meter, valise_meter_unref);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (valise_account_parent_class)->finalize (object);
}

static void
valise_account_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ValiseAccount *self = VALISE_ACCOUNT (object);

  switch (id)
    {
    case PROP_LANGUAGES:
      g_value_take_boxed (value, valise_account_dup_languages (self));
      break;
    case PROP_INCIDENTS:
      g_value_take_boxed (value, valise_account_list_incidents (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
valise_account_class_init (ValiseAccountClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = valise_account_finalize;
  object_class->get_property = valise_account_get_property;

  properties[PROP_LANGUAGES] = g_param_spec_boxed ("languages", NULL, NULL, G_TYPE_STRV,
                                                   G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_INCIDENTS] = g_param_spec_boxed ("incidents", NULL, NULL, G_TYPE_PTR_ARRAY,
                                                   G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
valise_account_init (ValiseAccount *self)
{
  g_mutex_init (&self->mutex);
  self->meter = valise_meter_new ();
}

/* --- opening ----------------------------------------------------------------------------- */

/* Opened now, on the opener's thread, so that their signals come in its main context. */
static gboolean
open_databases (ValiseHome *home, const ValiseMembership *membership, GError **error)
{
  for (guint i = 0; i < membership->grants->len; i++)
    {
      const ValiseGrant         *grant = g_ptr_array_index (membership->grants, i);
      g_autoptr (ValiseDatabase) database =
          valise_home_get_database (home, grant->name, TRUE, error);

      if (database == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
notify_incidents_cb (gpointer user_data)
{
  g_object_notify_by_pspec (user_data, properties[PROP_INCIDENTS]);
  return G_SOURCE_REMOVE;
}

/* On whichever thread met the damage. */
static void
mended_cb (gpointer user_data)
{
  ValiseAccount *self = user_data;

  g_main_context_invoke_full (self->context, G_PRIORITY_DEFAULT, notify_incidents_cb,
                              g_object_ref (self), g_object_unref);
}

/* A copy writes and remembers as another device, from its first moment on. */
static gboolean
prepare_home (ValiseAccount *self, GError **error)
{
  valise_home_keep_journals (self->home);
  valise_home_watch_mending (self->home, mended_cb, self);
  return (!valise_home_is_copy (self->home)
          || valise_account_become_another (self->folder, self->membership, error))
         && valise_home_settle (self->home, error)
         && open_databases (self->home, self->membership, error);
}

ValiseAccount *
valise_account_open_folder (const char *folder, ValiseMembership **membership, GError **error)
{
  g_autoptr (ValiseHome)    home = valise_home_open (folder, error);
  g_autoptr (ValiseAccount) self = NULL;

  if (home == NULL)
    return NULL;

  self = g_object_new (VALISE_TYPE_ACCOUNT, NULL);
  self->context = g_main_context_ref_thread_default ();
  self->home = g_steal_pointer (&home);
  self->folder = g_strdup (folder);
  self->membership = *membership;
  if (prepare_home (self, error))
    {
      *membership = NULL;
      return g_steal_pointer (&self);
    }
  self->membership = NULL; /* the caller's still */
  return NULL;
}

/**
 * valise_account_open:
 * @data_dir: where accounts are kept
 *
 * Needs no network and no password: what is on this laptop can be read without. Fails with
 * %VALISE_ACCOUNT_ERROR_NONE, %VALISE_ACCOUNT_ERROR_DAMAGED, any #ValiseHomeError or
 * #ValiseDbError.
 *
 * Returns: (transfer full): the account joined last in @data_dir
 */
ValiseAccount *
valise_account_open (const char *data_dir, GError **error)
{
  g_autoptr (ValiseMembership) newest = NULL;
  g_autofree char             *path = NULL;

  g_return_val_if_fail (data_dir != NULL, NULL);

  path = valise_account_find_newest (data_dir, &newest, error);
  return path != NULL ? valise_account_open_folder (path, &newest, error) : NULL;
}

void
valise_account_close (ValiseAccount *self)
{
  g_return_if_fail (VALISE_IS_ACCOUNT (self));

  g_clear_pointer (&self->keeper, valise_keeper_stop);
  if (self->home != NULL)
    valise_home_close (self->home);
}

/* --- its safety -------------------------------------------------------------------------- */

/* What a backup has need not stay in a journal; a file of which none can be made is mended. */
static void
kept_cb (const char *about, gpointer user_data)
{
  ValiseAccount               *self = user_data;
  g_autoptr (ValiseMembership) membership = NULL;

  if (about == NULL)
    {
      valise_home_look_for_damage (self->home);
      return;
    }
  membership = valise_account_dup_membership (self);
  valise_account_trim_after_backup (self->home, membership, about);
}

void
valise_account_set_rules (ValiseAccount *self, ValiseRulesFunc make)
{
  g_return_if_fail (VALISE_IS_ACCOUNT (self));

  self->make_rules = make;
}

ValiseGate *
valise_account_make_rules (ValiseAccount *self)
{
  g_autoptr (GError) error = NULL;
  ValiseGate        *rules = NULL;

  g_return_val_if_fail (VALISE_IS_ACCOUNT (self), NULL);

  if (self->make_rules != NULL)
    rules = self->make_rules (self->home, &error);
  /* A programme that a newer version describes must not keep the record from coming. */
  if (error != NULL)
    g_message ("Records are not judged by the programme's rules: %s", error->message);
  return rules;
}

void
valise_account_keep_backups (ValiseAccount *self)
{
  g_return_if_fail (VALISE_IS_ACCOUNT (self));

  if (self->keeper == NULL)
    self->keeper = valise_keeper_start (self->folder, BACKUP_AFTER_S, kept_cb, self);
}

GPtrArray *
valise_account_list_incidents (ValiseAccount *self)
{
  g_return_val_if_fail (VALISE_IS_ACCOUNT (self), NULL);
  return valise_incident_list (self->folder);
}

gboolean
valise_account_get_mending (ValiseAccount *self, char **backup)
{
  g_autoptr (GPtrArray) incidents = valise_account_list_incidents (self);
  const ValiseIncident *last = NULL;

  *backup = NULL;
  if (incidents->len == 0)
    return FALSE;
  last = g_ptr_array_index (incidents, incidents->len - 1);
  if (last->backup != NULL)
    *backup = g_strndup (last->backup, strcspn (last->backup, "T"));
  return TRUE;
}

void
valise_account_clear_incidents (ValiseAccount *self)
{
  g_return_if_fail (VALISE_IS_ACCOUNT (self));

  valise_incident_clear (self->folder);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INCIDENTS]);
}

const char *
valise_account_get_folder (ValiseAccount *self)
{
  g_return_val_if_fail (VALISE_IS_ACCOUNT (self), NULL);
  return self->folder;
}

/* --- what it says ------------------------------------------------------------------------ */

ValiseHome *
valise_account_get_home (ValiseAccount *self)
{
  g_return_val_if_fail (VALISE_IS_ACCOUNT (self), NULL);
  return self->home;
}

gboolean
valise_account_is_sample (ValiseAccount *self)
{
  g_return_val_if_fail (VALISE_IS_ACCOUNT (self), FALSE);
  return self->membership->server == NULL;
}

const char *
valise_account_get_programme (ValiseAccount *self)
{
  g_return_val_if_fail (VALISE_IS_ACCOUNT (self), NULL);
  return self->membership->programme;
}

const char *
valise_account_get_programme_name (ValiseAccount *self)
{
  g_return_val_if_fail (VALISE_IS_ACCOUNT (self), NULL);
  return self->membership->programme_name != NULL ? self->membership->programme_name
                                                  : self->membership->programme;
}

const char *
valise_account_get_server (ValiseAccount *self)
{
  g_return_val_if_fail (VALISE_IS_ACCOUNT (self), NULL);
  return self->membership->server;
}

const char *
valise_account_get_person (ValiseAccount *self)
{
  g_return_val_if_fail (VALISE_IS_ACCOUNT (self), NULL);
  return self->membership->person;
}

const char *
valise_account_get_participant (ValiseAccount *self)
{
  g_return_val_if_fail (VALISE_IS_ACCOUNT (self), NULL);
  return self->membership->participant;
}

const char *
valise_account_get_role (ValiseAccount *self)
{
  g_return_val_if_fail (VALISE_IS_ACCOUNT (self), NULL);
  return self->membership->role;
}

const char *
valise_account_get_root (ValiseAccount *self)
{
  g_return_val_if_fail (VALISE_IS_ACCOUNT (self), NULL);
  return self->membership->root;
}

const char *
valise_account_get_device (ValiseAccount *self)
{
  g_return_val_if_fail (VALISE_IS_ACCOUNT (self), NULL);
  return self->membership->device;
}

gboolean
valise_account_secrets_in_file (ValiseAccount *self)
{
  g_return_val_if_fail (VALISE_IS_ACCOUNT (self), FALSE);
  return self->membership->in_file;
}

ValiseMembership *
valise_account_dup_membership (ValiseAccount *self)
{
  ValiseMembership *copy = NULL;

  g_mutex_lock (&self->mutex);
  copy = valise_membership_copy (self->membership);
  g_mutex_unlock (&self->mutex);
  return copy;
}

char **
valise_account_dup_languages (ValiseAccount *self)
{
  char **languages = NULL;

  g_return_val_if_fail (VALISE_IS_ACCOUNT (self), NULL);

  g_mutex_lock (&self->mutex);
  languages = g_strdupv (self->membership->languages);
  g_mutex_unlock (&self->mutex);
  return languages;
}

static gboolean
notify_languages_cb (gpointer user_data)
{
  g_object_notify_by_pspec (user_data, properties[PROP_LANGUAGES]);
  return G_SOURCE_REMOVE;
}

gboolean
valise_account_set_languages (ValiseAccount *self, const char *const *languages, GError **error)
{
  g_auto (GStrv) old = NULL;
  gboolean       ok = FALSE;

  g_return_val_if_fail (VALISE_IS_ACCOUNT (self), FALSE);
  g_return_val_if_fail (languages != NULL, FALSE);

  g_mutex_lock (&self->mutex);
  old = g_steal_pointer (&self->membership->languages);
  self->membership->languages = g_strdupv ((char **) languages);
  ok = valise_membership_save (self->membership, self->folder, error);
  if (!ok)
    {
      g_strfreev (self->membership->languages);
      self->membership->languages = g_steal_pointer (&old);
    }
  g_mutex_unlock (&self->mutex);

  if (ok)
    g_main_context_invoke_full (self->context, G_PRIORITY_DEFAULT, notify_languages_cb,
                                g_object_ref (self), g_object_unref);
  return ok;
}

gboolean
valise_account_set_grants (ValiseAccount *self, GPtrArray *grants, const char *tag, GError **error)
{
  gboolean ok = TRUE;

  g_mutex_lock (&self->mutex);
  if (!valise_grants_equal (self->membership->grants, grants)
      || g_strcmp0 (self->membership->tag, tag) != 0)
    {
      g_free (self->membership->tag);
      self->membership->tag = g_strdup (tag);
      g_ptr_array_unref (self->membership->grants);
      self->membership->grants = g_ptr_array_ref (grants);
      ok = valise_membership_save (self->membership, self->folder, error);
    }
  g_mutex_unlock (&self->mutex);
  return ok;
}

ValiseMeter *
valise_account_get_meter (ValiseAccount *self)
{
  g_return_val_if_fail (VALISE_IS_ACCOUNT (self), NULL);

  return self->meter;
}
