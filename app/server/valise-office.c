/* valise-office.c - a secretariat's folder, open: programme, databases, accounts, keys
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-office"

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "valise-certificate.h"
#include "valise-office.h"

struct _ValiseOffice
{
  char           *directory;
  ValiseLoop     *loop;
  ValiseWatch    *watch;
  ValiseHome     *home;
  gboolean        borrowed; /* the home: a laptop's */
  ValiseRegistry *registry;
  ValiseRules    *rules;
  ValiseAccounts *accounts;

  GMutex      lock;
  GHashTable *databases; /* name → Followed */

  GMutex importing; /* the registry takes one at a time */
};

/* What is passed to the loop's thread and back. */
typedef struct
{
  ValiseOffice *office;
  const char   *name;
  gboolean      create;
  GError      **error;
} Opening;

/* An open database, whose writes wake those who wait. */
typedef struct
{
  ValiseDatabase *database; /* owned */
  guint           watch;
} Followed;

static void
free_followed (gpointer data)
{
  Followed *followed = data;

  valise_database_unwatch (followed->database, followed->watch);
  g_object_unref (followed->database);
  g_free (followed);
}

/* On whichever thread wrote. */
static void
changed_cb (ValiseDatabase *database, gpointer user_data)
{
  ValiseOffice *self = user_data;

  valise_watch_note_change (self->watch, valise_database_get_name (database));
}

static ValiseDatabase *
find_database (ValiseOffice *self, const char *name)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Followed                *followed = g_hash_table_lookup (self->databases, name);

  return followed != NULL ? g_object_ref (followed->database) : NULL;
}

static gpointer
open_database (gpointer data)
{
  Opening        *opening = data;
  ValiseOffice   *self = opening->office;
  ValiseDatabase *database = find_database (self, opening->name);
  Followed       *followed = NULL;

  if (database != NULL)
    return database;

  database = valise_home_get_database (self->home, opening->name, opening->create, opening->error);
  if (database == NULL)
    return NULL;
  followed = g_new0 (Followed, 1);
  followed->database = g_object_ref (database);
  followed->watch = valise_database_watch (database, changed_cb, self);
  g_mutex_lock (&self->lock);
  g_hash_table_replace (self->databases, g_strdup (opening->name), followed);
  g_mutex_unlock (&self->lock);

  return database;
}

/**
 * valise_office_get_database:
 * @create: makes it where it is missing
 *
 * Returns: (transfer full): the database; %NULL with a #ValiseHomeError or #ValiseDbError
 */
ValiseDatabase *
valise_office_get_database (ValiseOffice *self, const char *name, gboolean create, GError **error)
{
  Opening         opening = { self, name, create, error };
  ValiseDatabase *database = find_database (self, name);

  return database != NULL ? database : valise_loop_call (self->loop, open_database, &opening);
}

static gpointer
delete_database (gpointer data)
{
  Opening      *opening = data;
  ValiseOffice *self = opening->office;
  gboolean      deleted = FALSE;

  g_mutex_lock (&self->lock);
  g_hash_table_remove (self->databases, opening->name);
  g_mutex_unlock (&self->lock);

  deleted = valise_home_delete_database (self->home, opening->name, opening->error);
  valise_watch_note_change (self->watch, opening->name);
  return GINT_TO_POINTER (deleted);
}

gboolean
valise_office_delete_database (ValiseOffice *self, const char *name, GError **error)
{
  Opening opening = { self, name, FALSE, error };

  return GPOINTER_TO_INT (valise_loop_call (self->loop, delete_database, &opening));
}

/* What the registry writes to is followed from the start, so that its writes are seen. */
static gboolean
open_databases (ValiseOffice *self, GError **error)
{
  g_auto (GStrv) names = valise_home_list_databases (self->home);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (ValiseDatabase) database = NULL;

      if (g_str_has_prefix (names[i], "desk-"))
        continue; /* one a participant: when somebody asks */
      database = valise_office_get_database (self, names[i], FALSE, error);
      if (database == NULL)
        return FALSE;
    }

  return TRUE;
}

static gpointer
open_parts (gpointer data)
{
  Opening         *opening = data;
  ValiseOffice    *self = opening->office;
  g_autofree char *server = g_build_filename (self->directory, "server", NULL);

  self->home = valise_home_open (self->directory, opening->error);
  if (self->home == NULL || !valise_home_settle (self->home, opening->error)
      || !open_databases (self, opening->error))
    return GINT_TO_POINTER (FALSE);
  self->registry = valise_registry_open (self->home, opening->error);
  if (self->registry == NULL)
    return GINT_TO_POINTER (FALSE);
  self->rules = valise_rules_new (valise_registry_get_profile (self->registry), opening->error);
  if (self->rules == NULL)
    return GINT_TO_POINTER (FALSE);
  self->accounts = valise_accounts_open (server, opening->error);

  return GINT_TO_POINTER (self->accounts != NULL);
}

static ValiseOffice *
make_office (const char *directory)
{
  ValiseOffice *self = g_new0 (ValiseOffice, 1);

  g_mutex_init (&self->lock);
  g_mutex_init (&self->importing);
  self->directory = g_canonicalize_filename (directory, NULL);
  self->databases = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_followed);
  self->loop = valise_loop_new ("valise-office");
  self->watch = valise_watch_new (valise_loop_get_context (self->loop));
  return self;
}

/**
 * valise_office_open:
 * @directory: what valise_office_create() made
 *
 * Returns: (transfer full): the office; %NULL with %VALISE_HOME_ERROR_LOCKED where another
 *   program has it open, %VALISE_REGISTRY_ERROR_NONE where nothing was made, or any
 *   #ValiseDbError
 */
ValiseOffice *
valise_office_open (const char *directory, GError **error)
{
  g_autoptr (ValiseOffice) self = NULL;
  g_autofree char         *keys = g_build_filename (directory, "keys", NULL);
  Opening                  opening = { .error = error };

  /* Opening a home makes its folder, and nothing shall be made by a mistyped path. */
  if (!g_file_test (keys, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, VALISE_REGISTRY_ERROR, VALISE_REGISTRY_ERROR_NONE,
                   "%s holds no programme; valise-server init %s makes one", directory, directory);
      return NULL;
    }

  self = make_office (directory);
  opening.office = self;
  if (!GPOINTER_TO_INT (valise_loop_call (self->loop, open_parts, &opening)))
    return NULL;

  return g_steal_pointer (&self);
}

ValiseOffice *
valise_office_open_laptop (ValiseHome *home)
{
  ValiseOffice *self = make_office (valise_home_get_directory (home));

  self->home = g_object_ref (home);
  self->borrowed = TRUE;
  return self;
}

static gpointer
close_parts (gpointer data)
{
  ValiseOffice *self = data;

  g_hash_table_remove_all (self->databases);
  g_clear_pointer (&self->accounts, valise_accounts_close);
  g_clear_object (&self->rules);
  g_clear_object (&self->registry);
  if (self->home != NULL && !self->borrowed)
    valise_home_close (self->home);
  g_clear_object (&self->home);

  return NULL;
}

void
valise_office_close (ValiseOffice *self)
{
  if (self == NULL)
    return;

  valise_watch_close (self->watch);
  valise_loop_call (self->loop, close_parts, self);
  valise_loop_free (self->loop);
  valise_watch_free (self->watch);
  g_hash_table_unref (self->databases);
  g_mutex_clear (&self->lock);
  g_mutex_clear (&self->importing);
  g_free (self->directory);
  g_free (self);
}

ValiseHome *
valise_office_get_home (ValiseOffice *self)
{
  return self->home;
}

ValiseRegistry *
valise_office_get_registry (ValiseOffice *self)
{
  return self->registry;
}

ValiseProfile *
valise_office_get_profile (ValiseOffice *self)
{
  return self->registry != NULL ? valise_registry_get_profile (self->registry) : NULL;
}

ValiseGate *
valise_office_get_gate (ValiseOffice *self)
{
  return VALISE_GATE (self->rules);
}

ValiseAccounts *
valise_office_get_accounts (ValiseOffice *self)
{
  return self->accounts;
}

ValiseWatch *
valise_office_get_watch (ValiseOffice *self)
{
  return self->watch;
}

GMainContext *
valise_office_get_context (ValiseOffice *self)
{
  return valise_loop_get_context (self->loop);
}

gpointer
valise_office_call (ValiseOffice *self, ValiseLoopFunc func, gpointer data)
{
  return valise_loop_call (self->loop, func, data);
}

const char *
valise_office_get_directory (ValiseOffice *self)
{
  return self->directory;
}

char *
valise_office_dup_server_directory (ValiseOffice *self)
{
  return g_build_filename (self->directory, "server", NULL);
}

/* --- making one ---------------------------------------------------------------------------- */

static gboolean
make_folder (const char *path, GError **error)
{
  int saved = 0;

  if (g_mkdir_with_parents (path, 0700) == 0)
    return TRUE;

  saved = errno;
  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (saved), "%s: %s", path,
               g_strerror (saved));
  return FALSE;
}

/* A certificate that an interrupted init left behind is as good as a new one. */
static gboolean
ensure_certificate (const char *server, GError **error)
{
  g_autofree char *path = g_build_filename (server, "certificate.pem", NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS) || valise_certificate_make (server, error);
}

/**
 * valise_office_create:
 * @directory: made where it is missing; may not hold a programme
 * @sample: whether to issue the sample programme in it
 *
 * The certificate comes before the programme: a folder where something failed can be made
 * again, one that holds a programme can be served.
 */
gboolean
valise_office_create (const char *directory,
                      const char *profile,
                      const char *name,
                      gboolean    sample,
                      GError    **error)
{
  g_autofree char           *server = g_build_filename (directory, "server", NULL);
  g_autoptr (ValiseHome)     home = valise_home_open (directory, error);
  g_autoptr (ValiseRegistry) registry = NULL;
  gboolean                   made = FALSE;

  if (home == NULL)
    return FALSE;

  if (make_folder (server, error) && ensure_certificate (server, error))
    registry = valise_registry_create (home, profile, name, error);
  made = registry != NULL && (!sample || valise_registry_issue_sample (registry, error));
  g_clear_object (&registry);
  valise_home_close (home);

  return made;
}

/* --- importing ----------------------------------------------------------------------------- */

gboolean
valise_office_import (ValiseOffice              *self,
                      ValiseReadFunc             read,
                      GBytes                    *bytes,
                      const ValiseImportOptions *options,
                      ValiseImport              *outcome,
                      char                     **symbol,
                      GError                   **error)
{
  gboolean                  original = valise_registry_get_original_type (bytes) != NULL;
  g_autoptr (ValiseReading) reading = NULL;
  gboolean                  imported = FALSE;

  if (!original)
    {
      reading = read (bytes, options->name, error);
      if (reading == NULL)
        return FALSE;
    }

  g_mutex_lock (&self->importing);
  imported =
      original
          ? valise_registry_import_original (self->registry, bytes, options, outcome, symbol, error)
          : valise_registry_import (self->registry, reading, options, outcome, symbol, error);
  g_mutex_unlock (&self->importing);

  return imported;
}
