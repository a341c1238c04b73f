/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-registry"

#include "config.h"

#include "valise-registry.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "valise-clock.h"
#include "valise-import.h"
#include "valise-issuer.h"
#include "valise-programme-documents.h"
#include "valise-sample-data.h"

#define PUBLIC "public"

enum
{
  KEY_ROOT,
  KEY_ISSUING,
  KEY_RECEIPTING,
  KEY_CERTIFYING,
  N_KEYS
};

static const char *const key_names[N_KEYS] = { "root", "issuing", "receipting", "certifying" };

/**
 * ValiseRegistry:
 *
 * A programme in a folder, and the keys that speak for it. Every document that it issues is
 * sealed; the numbers of the seals rise over all databases together.
 */
struct _ValiseRegistry
{
  GObject parent_instance;

  ValiseHome    *home;
  ValiseProfile *profile;
  ValiseIssuer  *issuer;
  ValiseKey     *keys[N_KEYS]; /* the root's may be NULL: kept elsewhere */
  char          *programme;
  char          *root; /* its public key */
  char          *name;
};

G_DEFINE_QUARK (valise_registry_error, valise_registry_error)

G_DEFINE_FINAL_TYPE (ValiseRegistry, valise_registry, G_TYPE_OBJECT)

static char *
dup_key_path (ValiseHome *home, guint key)
{
  g_autofree char *name = g_strconcat (key_names[key], ".key", NULL);

  return g_build_filename (valise_home_get_directory (home), "keys", name, NULL);
}

/* The body of a public document; NULL without an error where it is missing. */
static ValiseJson *
read_public (ValiseHome *home, const char *id, GError **error)
{
  g_autoptr (ValiseDatabase) database = NULL;
  g_autoptr (ValiseDocument) document = NULL;
  g_autoptr (GError)         missing = NULL;

  database = valise_home_get_database (home, PUBLIC, FALSE, &missing);
  if (database != NULL)
    document = valise_database_get (database, id, NULL, &missing);
  if (document != NULL)
    return valise_document_scan (document, error);

  if (!g_error_matches (missing, VALISE_HOME_ERROR, VALISE_HOME_ERROR_NO_DATABASE)
      && !g_error_matches (missing, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING))
    g_propagate_error (error, g_steal_pointer (&missing));

  return NULL;
}

/* Loads a key, or makes it where @make and there is no file. */
static gboolean
take_key (ValiseRegistry *self, guint key, gboolean make, GError **error)
{
  g_autofree char *path = dup_key_path (self->home, key);

  if (!make || g_file_test (path, G_FILE_TEST_EXISTS))
    {
      self->keys[key] = valise_key_load (path, error);
      return self->keys[key] != NULL;
    }

  self->keys[key] = valise_key_generate (error);

  return self->keys[key] != NULL && valise_key_save (self->keys[key], path, error);
}

static gboolean
make_keys (ValiseRegistry *self, GError **error)
{
  g_autofree char *folder = g_build_filename (valise_home_get_directory (self->home), "keys", NULL);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      int code = errno;

      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code), "%s: %s", folder,
                   g_strerror (code));
      return FALSE;
    }

  for (guint i = 0; i < N_KEYS; i++)
    if (!take_key (self, i, TRUE, error))
      return FALSE;

  return TRUE;
}

static gboolean
make_databases (ValiseRegistry *self, GError **error)
{
  g_auto (GStrv) names = valise_profile_dup_server_databases (self->profile);

  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_autoptr (ValiseDatabase) database =
          valise_home_get_database (self->home, names[i], TRUE, error);

      if (database == NULL)
        return FALSE;
    }

  return TRUE;
}

static gboolean
add_keys_document (ValiseRegistry *self, GError **error)
{
  g_autoptr (JsonObject) tree = json_object_new ();
  g_autofree char       *now = valise_clock_format (valise_clock_now ());
  g_autofree char       *body = NULL;
  g_autofree char       *rev = NULL;
  JsonArray             *list = NULL;

  json_object_set_string_member (tree, "type", "keys");
  json_object_set_string_member (tree, "programme", self->programme);
  json_object_set_string_member (tree, "root", self->root);
  list = valise_tree_get_array (tree, "keys");
  for (guint i = KEY_ISSUING; i < N_KEYS; i++)
    {
      JsonObject *key = json_object_new ();

      json_object_set_string_member (key, "id", valise_key_get_id (self->keys[i]));
      json_object_set_string_member (key, "public", valise_key_get_public (self->keys[i]));
      json_object_set_string_member (key, "use", key_names[i]);
      json_object_set_string_member (key, "from", now);
      json_array_add_object_element (list, key);
    }

  body = valise_tree_to_text (tree);
  rev = valise_issuer_add (self->issuer, PUBLIC, "keys", body, self->keys[KEY_ROOT], NULL, error);

  return rev != NULL;
}

/* Takes what a programme calls itself from its document. */
static gboolean
read_programme (ValiseRegistry *self, const ValiseJson *json, GError **error)
{
  guint names = valise_json_find (json, 0, "name");
  guint first = names == VALISE_JSON_NONE ? names : valise_json_first (json, names);

  self->programme = valise_json_dup_member (json, 0, "programme");
  self->name = valise_json_dup_member (json, names, "en");
  if (self->name == NULL)
    self->name = valise_json_dup_string (json, first);
  if (self->programme != NULL && self->name != NULL)
    return TRUE;

  g_set_error_literal (error, VALISE_REGISTRY_ERROR, VALISE_REGISTRY_ERROR_NONE,
                       "The document “programme” names no programme");

  return FALSE;
}

static gboolean
start_issuer (ValiseRegistry *self, GError **error)
{
  self->issuer = valise_issuer_new (self->home, self->profile, self->programme,
                                    self->keys[KEY_ISSUING], error);

  return self->issuer != NULL;
}

static gboolean
make_programme (ValiseRegistry *self, const char *profile, const char *name, GError **error)
{
  self->profile = valise_profile_load (profile, error);
  if (self->profile == NULL || !make_keys (self, error))
    return FALSE;

  self->root = g_strdup (valise_key_get_public (self->keys[KEY_ROOT]));
  self->programme = g_strdup_printf ("%s-%s", profile, valise_key_get_id (self->keys[KEY_ROOT]));

  return start_issuer (self, error) && make_databases (self, error)
         && add_keys_document (self, error)
         && valise_programme_documents_add (self->issuer, self->profile, self->programme, name,
                                            error)
         && valise_issuer_commit (self->issuer, error);
}

static gboolean
open_programme (ValiseRegistry *self, const ValiseJson *programme, GError **error)
{
  g_autoptr (ValiseJson) keys = read_public (self->home, "keys", error);
  g_autofree char       *root = dup_key_path (self->home, KEY_ROOT);

  if (keys == NULL)
    {
      if (error != NULL && *error == NULL)
        g_set_error_literal (error, VALISE_REGISTRY_ERROR, VALISE_REGISTRY_ERROR_NONE,
                             "The folder's programme has no document “keys”");
      return FALSE;
    }

  self->root = valise_json_dup_member (keys, 0, "root");
  self->profile = valise_profile_parse (valise_json_get_text (programme), error);
  if (self->profile == NULL || !read_programme (self, programme, error))
    return FALSE;

  for (guint i = 0; i < N_KEYS; i++)
    if ((i != KEY_ROOT || g_file_test (root, G_FILE_TEST_EXISTS))
        && !take_key (self, i, FALSE, error))
      return FALSE;

  return start_issuer (self, error);
}

static void
valise_registry_dispose (GObject *object)
{
  ValiseRegistry *self = VALISE_REGISTRY (object);

  g_clear_pointer (&self->issuer, valise_issuer_free);
  g_clear_object (&self->profile);
  g_clear_object (&self->home);

  G_OBJECT_CLASS (valise_registry_parent_class)->dispose (object);
}

static void
valise_registry_finalize (GObject *object)
{
  ValiseRegistry *self = VALISE_REGISTRY (object);

  for (guint i = 0; i < N_KEYS; i++)
    g_clear_pointer (&self->keys[i], valise_key_unref);
  g_free (self->programme);
  g_free (self->root);
  g_free (self->name);

  G_OBJECT_CLASS (valise_registry_parent_class)->finalize (object);
}

static void
valise_registry_class_init (ValiseRegistryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = valise_registry_dispose;
  object_class->finalize = valise_registry_finalize;
}

static void
valise_registry_init (ValiseRegistry *self)
{
}

ValiseRegistry *
valise_registry_create (ValiseHome *home, const char *profile, const char *name, GError **error)
{
  g_autoptr (ValiseRegistry) self = NULL;
  g_autoptr (ValiseJson)     programme = NULL;
  g_autoptr (GError)         unread = NULL;

  g_return_val_if_fail (VALISE_IS_HOME (home), NULL);
  g_return_val_if_fail (profile != NULL, NULL);

  programme = read_public (home, "programme", &unread);
  if (unread != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&unread));
      return NULL;
    }
  if (programme != NULL)
    {
      g_set_error (error, VALISE_REGISTRY_ERROR, VALISE_REGISTRY_ERROR_EXISTS,
                   "%s holds a programme already", valise_home_get_directory (home));
      return NULL;
    }

  self = g_object_new (VALISE_TYPE_REGISTRY, NULL);
  self->home = g_object_ref (home);
  if (!make_programme (self, profile, name, error))
    return NULL;

  programme = read_public (home, "programme", error);
  g_clear_pointer (&self->programme, g_free);
  if (programme == NULL || !read_programme (self, programme, error))
    return NULL;

  return g_steal_pointer (&self);
}

ValiseRegistry *
valise_registry_open (ValiseHome *home, GError **error)
{
  g_autoptr (ValiseRegistry) self = NULL;
  g_autoptr (ValiseJson)     programme = NULL;
  g_autoptr (GError)         wrong = NULL;

  g_return_val_if_fail (VALISE_IS_HOME (home), NULL);

  programme = read_public (home, "programme", &wrong);
  if (programme == NULL)
    {
      if (wrong == NULL)
        g_set_error (&wrong, VALISE_REGISTRY_ERROR, VALISE_REGISTRY_ERROR_NONE,
                     "%s holds no programme", valise_home_get_directory (home));
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }

  self = g_object_new (VALISE_TYPE_REGISTRY, NULL);
  self->home = g_object_ref (home);
  if (!open_programme (self, programme, &wrong))
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }

  return g_steal_pointer (&self);
}

const char *
valise_registry_get_programme (ValiseRegistry *self)
{
  g_return_val_if_fail (VALISE_IS_REGISTRY (self), NULL);

  return self->programme;
}

const char *
valise_registry_get_name (ValiseRegistry *self)
{
  g_return_val_if_fail (VALISE_IS_REGISTRY (self), NULL);

  return self->name;
}

const char *
valise_registry_get_root (ValiseRegistry *self)
{
  g_return_val_if_fail (VALISE_IS_REGISTRY (self), NULL);

  return self->root;
}

ValiseProfile *
valise_registry_get_profile (ValiseRegistry *self)
{
  g_return_val_if_fail (VALISE_IS_REGISTRY (self), NULL);

  return self->profile;
}

ValiseKey *
valise_registry_get_certifying_key (ValiseRegistry *self)
{
  g_return_val_if_fail (VALISE_IS_REGISTRY (self), NULL);

  return self->keys[KEY_CERTIFYING];
}

char *
valise_registry_issue (ValiseRegistry *self,
                       const char     *database,
                       const char     *id,
                       const char     *body,
                       GError        **error)
{
  g_autofree char *rev = NULL;

  g_return_val_if_fail (VALISE_IS_REGISTRY (self), NULL);
  g_return_val_if_fail (database != NULL && id != NULL && body != NULL, NULL);

  rev = valise_issuer_add (self->issuer, database, id, body, NULL, NULL, error);
  if (rev == NULL || !valise_issuer_commit (self->issuer, error))
    return NULL;

  return g_steal_pointer (&rev);
}

gboolean
valise_registry_issue_sample (ValiseRegistry *self, GError **error)
{
  g_return_val_if_fail (VALISE_IS_REGISTRY (self), FALSE);

  if (valise_sample_data_add (self->issuer, error))
    return valise_issuer_commit (self->issuer, error);

  valise_issuer_drop (self->issuer);

  return FALSE;
}

/* Ends an import: what the gate would not pass is a paper that cannot be registered. */
static gboolean
settle_import (ValiseRegistry *self, GError *wrong, GError **error)
{
  if (wrong == NULL)
    return valise_issuer_commit (self->issuer, error);

  valise_issuer_drop (self->issuer);
  if (wrong->domain == VALISE_GATE_ERROR)
    g_set_error_literal (error, VALISE_REGISTRY_ERROR, VALISE_REGISTRY_ERROR_REFUSED,
                         wrong->message);
  else
    g_propagate_error (error, g_error_copy (wrong));
  return FALSE;
}

static void
tell_outcome (ValiseImport result, char *given, ValiseImport *outcome, char **symbol)
{
  if (outcome != NULL)
    *outcome = result;
  if (symbol != NULL)
    *symbol = g_strdup (given);
}

gboolean
valise_registry_import (ValiseRegistry            *self,
                        ValiseReading             *reading,
                        const ValiseImportOptions *options,
                        ValiseImport              *outcome,
                        char                     **symbol,
                        GError                   **error)
{
  g_autofree char   *given = NULL;
  g_autoptr (GError) wrong = NULL;
  ValiseImport       result = VALISE_IMPORT_UNCHANGED;

  g_return_val_if_fail (VALISE_IS_REGISTRY (self), FALSE);
  g_return_val_if_fail (reading != NULL && options != NULL, FALSE);

  (void) valise_import_add (self->issuer, self->profile, self->home, reading, options, &result,
                            &given, &wrong);
  if (!settle_import (self, wrong, error))
    return FALSE;

  tell_outcome (result, given, outcome, symbol);
  return TRUE;
}

const char *
valise_registry_get_original_type (GBytes *bytes)
{
  g_return_val_if_fail (bytes != NULL, NULL);

  return valise_import_get_original_type (bytes);
}

gboolean
valise_registry_import_original (ValiseRegistry            *self,
                                 GBytes                    *bytes,
                                 const ValiseImportOptions *options,
                                 ValiseImport              *outcome,
                                 char                     **symbol,
                                 GError                   **error)
{
  g_autofree char   *given = NULL;
  g_autoptr (GError) wrong = NULL;
  ValiseImport       result = VALISE_IMPORT_UNCHANGED;

  g_return_val_if_fail (VALISE_IS_REGISTRY (self), FALSE);
  g_return_val_if_fail (bytes != NULL && options != NULL && options->name != NULL, FALSE);

  (void) valise_import_add_original (self->issuer, self->home, bytes, options, &result, &given,
                                     &wrong);
  if (!settle_import (self, wrong, error))
    return FALSE;

  tell_outcome (result, given, outcome, symbol);
  return TRUE;
}
