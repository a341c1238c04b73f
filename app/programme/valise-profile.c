/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-profile"

#include "config.h"

#include "valise-id.h"
#include "valise-profile.h"

#include "valise-language.h"
#include "valise-programme-data.h"

#define MAX_PARTICIPANT 64 /* bytes */

typedef struct
{
  char    *pattern; /* a name, or with a `*` last for the participant */
  char   **readers; /* audience words */
  char   **writers;
  gboolean sealed;
  gboolean elsewhere; /* kept by the participant's own people, never by the secretariat */
  char    *ids;       /* whose ids are prefixed: "participant", "any-participant" or NULL */
} Database;

/**
 * ValiseProfile:
 *
 * What a programme is made of. Read once, then never changed, so any thread may ask it.
 *
 * Who may do a thing is a list of audience words: "everyone" (who has a role of the
 * profile), "states" (a participant that is a State), "participant" (the one after whom the
 * database is named), or the name of a role.
 */
struct _ValiseProfile
{
  GObject parent_instance;

  ValiseJson *json;
  char      **languages;
  char      **roles;
  GPtrArray  *databases; /* of Database, the first that fits counts */
};

G_DEFINE_QUARK (valise_profile_error, valise_profile_error)

G_DEFINE_FINAL_TYPE (ValiseProfile, valise_profile, G_TYPE_OBJECT)

static void
free_database (gpointer data)
{
  Database *database = data;

  g_free (database->pattern);
  g_strfreev (database->readers);
  g_strfreev (database->writers);
  g_free (database->ids);
  g_free (database);
}

static gboolean
is_participant (const char *text)
{
  gsize length = strlen (text);

  if (length < 3 || length > MAX_PARTICIPANT)
    return FALSE;
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_islower (*p) && (p == text || (!g_ascii_isdigit (*p) && *p != '-')))
      return FALSE;

  return TRUE;
}

/* Where @pattern ends in `*`, the rest of @name must be a participant, lent in @rest. */
static gboolean
fits (const char *pattern, const char *name, const char **rest)
{
  gsize length = strlen (pattern);

  *rest = NULL;
  if (length == 0 || pattern[length - 1] != '*')
    return strcmp (pattern, name) == 0;
  if (strncmp (pattern, name, length - 1) != 0 || !is_participant (name + length - 1))
    return FALSE;

  *rest = name + length - 1;

  return TRUE;
}

static const Database *
find_database (ValiseProfile *self, const char *name, const char **rest)
{
  for (guint i = 0; i < self->databases->len; i++)
    {
      const Database *database = self->databases->pdata[i];

      if (fits (database->pattern, name, rest))
        return database;
    }

  return NULL;
}

static gboolean
is_state (const char *participant)
{
  return participant != NULL && strlen (participant) == 3 && is_participant (participant);
}

static gboolean
holds (const char *const *roles, const char *role)
{
  return roles != NULL && g_strv_contains (roles, role);
}

static gboolean
has_any_role (ValiseProfile *self, const char *const *roles)
{
  for (gsize i = 0; roles != NULL && roles[i] != NULL; i++)
    if (holds ((const char *const *) self->roles, roles[i]))
      return TRUE;

  return FALSE;
}

static gboolean
read_databases (ValiseProfile *self, GError **error)
{
  guint array = valise_json_find (self->json, 0, "databases");

  for (guint token = array == VALISE_JSON_NONE ? array : valise_json_first (self->json, array);
       token != VALISE_JSON_NONE; token = valise_json_next (self->json, token))
    {
      Database *database = g_new0 (Database, 1);

      g_ptr_array_add (self->databases, database);
      database->pattern = valise_json_dup_member (self->json, token, "name");
      database->readers =
          valise_json_dup_strings (self->json, valise_json_find (self->json, token, "read"));
      database->writers =
          valise_json_dup_strings (self->json, valise_json_find (self->json, token, "write"));
      database->sealed = valise_json_get_member_true (self->json, token, "sealed");
      database->elsewhere = valise_json_get_member_true (self->json, token, "elsewhere");
      database->ids = valise_json_dup_member (self->json, token, "ids");
      if (database->pattern == NULL || *database->pattern == '\0')
        {
          g_set_error_literal (error, VALISE_PROFILE_ERROR, VALISE_PROFILE_ERROR_FORMAT,
                               "A database of the profile has no name");
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
read_profile (ValiseProfile *self, GError **error)
{
  self->languages =
      valise_json_dup_strings (self->json, valise_json_find (self->json, 0, "languages"));
  self->roles = valise_json_dup_strings (self->json, valise_json_find (self->json, 0, "roles"));
  if (self->languages[0] == NULL || self->roles[0] == NULL)
    {
      g_set_error_literal (error, VALISE_PROFILE_ERROR, VALISE_PROFILE_ERROR_FORMAT,
                           "A profile needs languages and roles");
      return FALSE;
    }
  for (gsize i = 0; self->languages[i] != NULL; i++)
    if (!valise_language_is_known (self->languages[i]))
      {
        g_set_error (error, VALISE_PROFILE_ERROR, VALISE_PROFILE_ERROR_FORMAT,
                     "The profile names an unknown language, “%s”", self->languages[i]);
        return FALSE;
      }

  return read_databases (self, error);
}

static void
valise_profile_finalize (GObject *object)
{
  ValiseProfile *self = VALISE_PROFILE (object);

  g_clear_pointer (&self->json, valise_json_unref);
  g_clear_pointer (&self->languages, g_strfreev);
  g_clear_pointer (&self->roles, g_strfreev);
  g_clear_pointer (&self->databases, g_ptr_array_unref);

  G_OBJECT_CLASS (valise_profile_parent_class)->finalize (object);
}

static void
valise_profile_class_init (ValiseProfileClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_profile_finalize;
}

static void
valise_profile_init (ValiseProfile *self)
{
  self->databases = g_ptr_array_new_with_free_func (free_database);
}

/* Takes @json. */
static ValiseProfile *
new_from_json (ValiseJson *json, GError **error)
{
  g_autoptr (ValiseProfile) self = g_object_new (VALISE_TYPE_PROFILE, NULL);

  self->json = json;
  if (!read_profile (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

ValiseProfile *
valise_profile_load (const char *name, GError **error)
{
  g_autofree char *path = NULL;
  ValiseJson      *json = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  path = g_strconcat ("profiles/", name, ".json", NULL);
  json = valise_programme_data_load (path, error);
  if (json == NULL)
    {
      g_prefix_error (error, "Profile “%s”: ", name);
      return NULL;
    }

  return new_from_json (json, error);
}

ValiseProfile *
valise_profile_parse (GBytes *text, GError **error)
{
  ValiseJson *json = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  json = valise_json_scan (text, VALISE_JSON_INTEGERS, error);

  return json != NULL ? new_from_json (json, error) : NULL;
}

const char *const *
valise_profile_get_languages (ValiseProfile *self)
{
  g_return_val_if_fail (VALISE_IS_PROFILE (self), NULL);

  return (const char *const *) self->languages;
}

const char *const *
valise_profile_get_roles (ValiseProfile *self)
{
  g_return_val_if_fail (VALISE_IS_PROFILE (self), NULL);

  return (const char *const *) self->roles;
}

const ValiseJson *
valise_profile_get_json (ValiseProfile *self)
{
  g_return_val_if_fail (VALISE_IS_PROFILE (self), NULL);

  return self->json;
}

gboolean
valise_profile_admits (ValiseProfile     *self,
                       const char *const *audience,
                       const char        *database,
                       const char        *participant,
                       const char *const *roles)
{
  const char *named = NULL;

  g_return_val_if_fail (VALISE_IS_PROFILE (self), FALSE);
  g_return_val_if_fail (database != NULL, FALSE);

  if (!has_any_role (self, roles))
    return FALSE;

  find_database (self, database, &named);
  for (gsize i = 0; audience != NULL && audience[i] != NULL; i++)
    {
      const char *word = audience[i];

      if (strcmp (word, "everyone") == 0 || (strcmp (word, "states") == 0 && is_state (participant))
          || (strcmp (word, "participant") == 0 && named != NULL
              && g_strcmp0 (named, participant) == 0)
          || holds (roles, word))
        return TRUE;
    }

  return FALSE;
}

static gboolean
may (ValiseProfile *self,
     const char    *name,
     const char    *participant,
     const char    *role,
     gboolean       write)
{
  const char     *named = NULL;
  const Database *database = find_database (self, name, &named);
  const char     *roles[] = { role, NULL };

  if (database == NULL)
    return FALSE;

  return valise_profile_admits (
      self, (const char *const *) (write ? database->writers : database->readers), name,
      participant, roles);
}

gboolean
valise_profile_may_read (ValiseProfile *self,
                         const char    *database,
                         const char    *participant,
                         const char    *role)
{
  g_return_val_if_fail (VALISE_IS_PROFILE (self), FALSE);
  g_return_val_if_fail (database != NULL, FALSE);

  return may (self, database, participant, role, FALSE);
}

gboolean
valise_profile_may_write (ValiseProfile *self,
                          const char    *database,
                          const char    *participant,
                          const char    *role)
{
  g_return_val_if_fail (VALISE_IS_PROFILE (self), FALSE);
  g_return_val_if_fail (database != NULL, FALSE);

  return may (self, database, participant, role, TRUE);
}

char **
valise_profile_dup_databases (ValiseProfile *self, const char *participant, const char *role)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  g_return_val_if_fail (VALISE_IS_PROFILE (self), NULL);

  for (guint i = 0; i < self->databases->len; i++)
    {
      const Database  *database = self->databases->pdata[i];
      gsize            length = strlen (database->pattern);
      gboolean         pattern = database->pattern[length - 1] == '*';
      g_autofree char *name = NULL;

      /* The secretariat reads every desk in `inbox`, and has none of its own. */
      if (database->elsewhere
          || (pattern && (participant == NULL || strcmp (participant, "secretariat") == 0)))
        continue;

      name = pattern ? g_strdup_printf ("%.*s%s", (int) length - 1, database->pattern, participant)
                     : g_strdup (database->pattern);
      if (valise_profile_may_read (self, name, participant, role))
        g_strv_builder_add (names, name);
    }

  return g_strv_builder_end (names);
}

gboolean
valise_profile_has_database (ValiseProfile *self, const char *database)
{
  const char *named = NULL;

  g_return_val_if_fail (VALISE_IS_PROFILE (self), FALSE);
  g_return_val_if_fail (database != NULL, FALSE);

  return find_database (self, database, &named) != NULL;
}

const char *
valise_profile_get_id_rule (ValiseProfile *self, const char *database, const char **named)
{
  const Database *found = NULL;

  g_return_val_if_fail (VALISE_IS_PROFILE (self), NULL);
  g_return_val_if_fail (database != NULL && named != NULL, NULL);

  *named = NULL;
  found = find_database (self, database, named);

  return found != NULL ? found->ids : NULL;
}

gboolean
valise_profile_is_sealed (ValiseProfile *self, const char *database)
{
  const char     *named = NULL;
  const Database *found = NULL;

  g_return_val_if_fail (VALISE_IS_PROFILE (self), FALSE);
  g_return_val_if_fail (database != NULL, FALSE);

  found = find_database (self, database, &named);

  return found != NULL && found->sealed;
}

gboolean
valise_profile_check_prefix (ValiseProfile *self,
                             const char    *database,
                             const char    *id,
                             const char   **rest)
{
  const char      *named = NULL;
  const Database  *found = NULL;
  const char      *colon = NULL;
  g_autofree char *prefix = NULL;

  g_return_val_if_fail (VALISE_IS_PROFILE (self), FALSE);
  g_return_val_if_fail (database != NULL && id != NULL && rest != NULL, FALSE);

  found = find_database (self, database, &named);
  *rest = id;
  /* A file is called by its digest, and is the same whoever has it. */
  if (found == NULL || found->ids == NULL || valise_id_get_sha256 (id) != NULL)
    return TRUE;

  colon = strchr (id, ':');
  if (colon == NULL)
    return FALSE;

  *rest = colon + 1;
  prefix = g_strndup (id, (gsize) (colon - id));
  if (strcmp (found->ids, "participant") == 0)
    return g_strcmp0 (prefix, named) == 0;

  /* A type of record reads like a participant ("paper"), so a second colon must follow. */
  return is_participant (prefix) && strchr (*rest, ':') != NULL;
}

char **
valise_profile_dup_server_databases (ValiseProfile *self)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  g_return_val_if_fail (VALISE_IS_PROFILE (self), NULL);

  for (guint i = 0; i < self->databases->len; i++)
    {
      const Database *database = self->databases->pdata[i];

      if (strchr (database->pattern, '*') == NULL)
        g_strv_builder_add (names, database->pattern);
    }

  return g_strv_builder_end (names);
}
