/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-home"

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "valise-db.h"
#include "valise-home-lock.h"
#include "valise-home.h"
#include "valise-identity.h"

#define MAX_NAME 200
#define SUFFIX   ".sqlite"

/**
 * ValiseHome:
 *
 * A folder and its lock. The lock is the kernel's, on the open file: it goes with the
 * process, however that ends, so none is ever stale.
 */
struct _ValiseHome
{
  GObject parent_instance;

  char *directory; /* set once, by open() */

  /* Under the mutex */
  GMutex             mutex;
  int                lock;     /* descriptor; -1: closed */
  gboolean           journals; /* whether edits are kept apart, too */
  ValiseIdentity     identity;
  ValiseMendFunc     mended;
  gpointer           mended_data;
  GHashTable        *databases; /* name → ValiseDatabase, open */
  ValiseFileStore   *files;
  ValiseSearchIndex *index;

  const ValiseIndexReader *reader; /* set before the index is started */
};

G_DEFINE_QUARK (valise_home_error, valise_home_error)

G_DEFINE_FINAL_TYPE (ValiseHome, valise_home, G_TYPE_OBJECT)

static void
valise_home_finalize (GObject *object)
{
  ValiseHome *self = VALISE_HOME (object);

  valise_home_close (self);
  g_clear_object (&self->files);
  g_hash_table_unref (self->databases);
  g_mutex_clear (&self->mutex);
  g_free (self->directory);

  G_OBJECT_CLASS (valise_home_parent_class)->finalize (object);
}

static void
valise_home_class_init (ValiseHomeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_home_finalize;
}

static void
valise_home_init (ValiseHome *self)
{
  g_mutex_init (&self->mutex);
  self->lock = -1;
  self->databases = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

static gboolean
set_system_error (const char *path, const char *what, GError **error)
{
  int reason = errno;

  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (reason), "%s: %s: %s", path,
               what, g_strerror (reason));
  return FALSE;
}

/**
 * valise_home_open:
 * @directory: made, with mode 0700, where it is missing
 *
 * Fails with %VALISE_HOME_ERROR_LOCKED, whose message names the process that has it, or any
 * #GFileError.
 *
 * Returns: (transfer full): the folder, locked
 */
ValiseHome *
valise_home_open (const char *directory, GError **error)
{
  ValiseHome *self = NULL;
  int         lock = -1;

  if (g_mkdir_with_parents (directory, 0700) != 0)
    {
      set_system_error (directory, "cannot be made", error);
      return NULL;
    }
  lock = valise_home_take_lock (directory, error);
  if (lock < 0)
    return NULL;

  self = g_object_new (VALISE_TYPE_HOME, NULL);
  self->directory = g_strdup (directory);
  self->lock = lock;
  self->identity = valise_identity_check (directory, lock);
  return self;
}

/**
 * valise_home_close:
 *
 * Closes the index, every database and the files, then lets go of the lock. What others still
 * hold of them fails from now on. Safe to call twice.
 */
void
valise_home_close (ValiseHome *self)
{
  g_autoptr (GMutexLocker)      locker = g_mutex_locker_new (&self->mutex);
  g_autoptr (ValiseSearchIndex) index = g_steal_pointer (&self->index);
  GHashTableIter                iter;
  ValiseDatabase               *database = NULL;

  /* The index first: it reads the databases. Its thread may be asking for the files just now. */
  g_clear_pointer (&locker, g_mutex_locker_free);
  if (index != NULL)
    valise_search_index_close (index);
  locker = g_mutex_locker_new (&self->mutex);

  g_hash_table_iter_init (&iter, self->databases);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &database))
    valise_database_close (database);
  g_hash_table_remove_all (self->databases);

  /* Closed and not dropped: it was lent, and a queue's thread may be asking it just now. */
  if (self->files != NULL)
    valise_file_store_close (self->files);

  if (self->lock >= 0)
    g_close (self->lock, NULL);
  self->lock = -1;
}

const char *
valise_home_get_directory (ValiseHome *self)
{
  return self->directory;
}

/* --- databases ----------------------------------------------------------------------- */

static gboolean
is_name (const char *name)
{
  gsize length = strlen (name);

  return length <= MAX_NAME && g_ascii_islower (*name)
         && strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789_$()+-") == length
         && !g_str_equal (name, "files") && !g_str_equal (name, "search");
}

static gboolean
check_name (ValiseHome *self, const char *name, GError **error)
{
  if (self->lock < 0)
    {
      g_set_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_ENGINE, "%s is closed", self->directory);
      return FALSE;
    }
  if (!is_name (name))
    {
      g_set_error (error, VALISE_HOME_ERROR, VALISE_HOME_ERROR_BAD_NAME,
                   "Not a name for a database: %.220s", name);
      return FALSE;
    }
  return TRUE;
}

static char *
build_path (ValiseHome *self, const char *name, const char *suffix)
{
  g_autofree char *file = g_strconcat (name, SUFFIX, suffix, NULL);

  return g_build_filename (self->directory, file, NULL);
}

static char *
build_journal_path (ValiseHome *self, const char *name)
{
  g_autofree char *file = g_strconcat (name, ".edits", NULL);

  return g_build_filename (self->directory, "journal", file, NULL);
}

static gboolean
refuse_missing (const char *name, GError **error)
{
  g_set_error (error, VALISE_HOME_ERROR, VALISE_HOME_ERROR_NO_DATABASE, "No database %s", name);
  return FALSE;
}

void
valise_home_keep_journals (ValiseHome *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  g_return_if_fail (g_hash_table_size (self->databases) == 0);
  self->journals = TRUE;
}

/* On whichever thread met the damage. */
static void
mended_cb (gpointer user_data)
{
  ValiseHome *self = user_data;

  if (self->mended != NULL)
    self->mended (self->mended_data);
}

/* With the lock held. */
static ValiseDatabase *
open_database (ValiseHome *self, const char *name, gboolean create, GError **error)
{
  g_autofree char *edits = build_journal_path (self, name);

  return valise_mend_open (self->directory, name, create, self->journals ? edits : NULL, mended_cb,
                           self, error);
}

/**
 * valise_home_watch_mending:
 * @func: called on the thread that met the damage; quick, and it asks nothing of the home
 *
 * To be called before any database is open.
 */
void
valise_home_watch_mending (ValiseHome *self, ValiseMendFunc func, gpointer user_data)
{
  self->mended = func;
  self->mended_data = user_data;
}

/* --- the place ----------------------------------------------------------------------- */

gboolean
valise_home_is_copy (ValiseHome *self)
{
  return self->identity == VALISE_IDENTITY_COPY;
}

static gboolean
renew_epochs (ValiseHome *self, GError **error)
{
  g_auto (GStrv) names = valise_home_list_databases (self);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (ValiseDatabase) database = valise_home_get_database (self, names[i], FALSE, error);

      if (database == NULL || !valise_database_renew_epoch (database, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * valise_home_settle:
 *
 * Notes that the folder is at home here. Where it is a copy, every database gets a new epoch
 * first, so that a program killed meanwhile does that again.
 *
 * Fails with any #ValiseDbError or %G_FILE_ERROR.
 */
gboolean
valise_home_settle (ValiseHome *self, GError **error)
{
  if (self->identity == VALISE_IDENTITY_SAME)
    return TRUE;
  if ((self->identity == VALISE_IDENTITY_COPY && !renew_epochs (self, error))
      || !valise_identity_keep (self->directory, self->lock, error))
    return FALSE;
  self->identity = VALISE_IDENTITY_SAME;
  return TRUE;
}

/**
 * valise_home_get_database:
 * @create: makes it where there is none
 *
 * Any thread. The index, once started, follows it.
 *
 * Fails with %VALISE_HOME_ERROR_BAD_NAME, %VALISE_HOME_ERROR_NO_DATABASE or any
 * #ValiseDbError.
 *
 * Returns: (transfer full): opened, or the one already open
 */
ValiseDatabase *
valise_home_get_database (ValiseHome *self, const char *name, gboolean create, GError **error)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  g_autofree char                *path = NULL;
  ValiseDatabase                 *database = NULL;

  if (!check_name (self, name, error))
    return NULL;

  database = g_hash_table_lookup (self->databases, name);
  if (database != NULL)
    return g_object_ref (database);

  path = build_path (self, name, "");
  if (!create && !g_file_test (path, G_FILE_TEST_EXISTS))
    {
      refuse_missing (name, error);
      return NULL;
    }
  database = open_database (self, name, create, error);
  if (database == NULL)
    return NULL;

  g_hash_table_insert (self->databases, g_strdup (name), g_object_ref (database));
  if (self->index != NULL)
    valise_search_index_add (self->index, database);
  return database;
}

/**
 * valise_home_delete_database:
 *
 * Closes it and deletes its file. What others still hold of it fails from now on.
 *
 * Fails with %VALISE_HOME_ERROR_BAD_NAME, %VALISE_HOME_ERROR_NO_DATABASE or any #GFileError.
 */
gboolean
valise_home_delete_database (ValiseHome *self, const char *name, GError **error)
{
  static const char *const        suffixes[] = { "-wal", "-shm", "" };
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  g_autofree char                *main_path = NULL;
  g_autofree char                *edits = NULL;
  ValiseDatabase                 *database = NULL;

  if (!check_name (self, name, error))
    return FALSE;
  main_path = build_path (self, name, "");
  if (!g_file_test (main_path, G_FILE_TEST_EXISTS))
    return refuse_missing (name, error);

  database = g_hash_table_lookup (self->databases, name);
  if (database != NULL)
    valise_database_close (database);
  g_hash_table_remove (self->databases, name);

  /* The file itself last: a log without its file would be taken for the next one's. */
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = build_path (self, name, suffixes[i]);

      if (g_unlink (path) != 0 && errno != ENOENT)
        return set_system_error (path, "cannot be deleted", error);
    }
  edits = build_journal_path (self, name);
  if (g_unlink (edits) != 0 && errno != ENOENT) /* they would come back with its name */
    return set_system_error (edits, "cannot be deleted", error);
  return TRUE;
}

static int
compare_names_cb (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/**
 * valise_home_list_databases:
 *
 * Returns: (transfer full): the names of all databases here, open or not, sorted; empty where
 *   the folder cannot be read
 */
char **
valise_home_list_databases (ValiseHome *self)
{
  g_autoptr (GError)    error = NULL;
  g_autoptr (GDir)      dir = g_dir_open (self->directory, 0, &error);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char           *file = NULL;

  if (dir == NULL)
    g_warning ("%s", error->message);
  while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *name = NULL;

      if (!g_str_has_suffix (file, SUFFIX))
        continue;
      name = g_strndup (file, strlen (file) - strlen (SUFFIX));
      if (is_name (name))
        g_ptr_array_add (names, g_steal_pointer (&name));
    }
  g_ptr_array_sort (names, compare_names_cb);
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

/* --- files and index ----------------------------------------------------------------- */

/**
 * valise_home_get_files:
 *
 * Any thread. Fails with any #ValiseDbError.
 *
 * Returns: (transfer none): the files, opened at the first call
 */
ValiseFileStore *
valise_home_get_files (ValiseHome *self, GError **error)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  if (self->lock < 0)
    {
      g_set_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_ENGINE, "%s is closed", self->directory);
      return NULL;
    }
  if (self->files == NULL)
    self->files = valise_mend_open_files (self->directory, mended_cb, self, error);
  return self->files;
}

void
valise_home_set_reader (ValiseHome *self, const ValiseIndexReader *reader)
{
  g_return_if_fail (self->index == NULL);
  self->reader = reader;
}

/* On the indexer's thread. */
static ValiseFileStore *
lend_files (gpointer user_data, GError **error)
{
  return valise_home_get_files (user_data, error);
}

/**
 * valise_home_start_index:
 * @version: of what @func says of a document
 * @func: called on other threads too; it and @user_data last until the home is closed
 *
 * Opens search.sqlite, and has it follow every database open now or later. To be called once.
 *
 * Fails with any #ValiseDbError.
 *
 * Returns: (transfer none): the index
 */
ValiseSearchIndex *
valise_home_start_index (ValiseHome     *self,
                         guint           version,
                         ValiseIndexFunc func,
                         gpointer        user_data,
                         GError        **error)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  g_autofree char                *path = g_build_filename (self->directory, "search" SUFFIX, NULL);
  GHashTableIter                  iter;
  ValiseDatabase                 *database = NULL;

  g_return_val_if_fail (self->index == NULL && self->lock >= 0, NULL);

  self->index = valise_search_index_open (path, version, func, user_data, error);
  if (self->index == NULL)
    return NULL;
  if (self->reader != NULL)
    valise_search_index_read_files (self->index, self->reader, lend_files, self);

  g_hash_table_iter_init (&iter, self->databases);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &database))
    valise_search_index_add (self->index, database);
  return self->index;
}

/* Returns: (transfer none) (nullable): the index; %NULL before it is started */
ValiseSearchIndex *
valise_home_get_index (ValiseHome *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  return self->index;
}
