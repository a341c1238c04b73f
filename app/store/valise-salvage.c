/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-salvage"

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "valise-backup.h"
#include "valise-clock.h"
#include "valise-database.h"
#include "valise-db-copy.h"
#include "valise-db-parts.h"
#include "valise-file-salvage.h"
#include "valise-folder.h"
#include "valise-json.h"
#include "valise-salvage-rows.h"
#include "valise-salvage.h"

#define BACKUP_SUFFIX ".backup"
#define TIMEOUT_MS    10000

/* The file itself last: what lies beside it is taken for that of any file of the name. */
static const char *const suffixes[] = { "-journal", "-wal", "-shm", "" };

static char *
build_path (const char *folder, const char *name, const char *suffix)
{
  g_autofree char *file = g_strconcat (name, ".sqlite", suffix, NULL);

  return g_build_filename (folder, file, NULL);
}

static gboolean
set_system_error (const char *path, GError **error)
{
  int reason = errno;

  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (reason), "%s: %s", path,
               g_strerror (reason));
  return FALSE;
}

static int
compare_names_cb (gconstpointer a, gconstpointer b)
{
  return -strcmp (*(const char *const *) a, *(const char *const *) b);
}

char **
valise_salvage_list_backups (const char *folder)
{
  g_autofree char      *backups = g_build_filename (folder, "backups", NULL);
  g_autoptr (GDir)      dir = g_dir_open (backups, 0, NULL);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  const char           *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, BACKUP_SUFFIX))
      g_ptr_array_add (paths, g_build_filename (backups, name, NULL));
  g_ptr_array_sort (paths, compare_names_cb);
  g_ptr_array_add (paths, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&paths), FALSE);
}

/* --- building the new file --------------------------------------------------------------- */

static void
remove_file (const char *path)
{
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *file = g_strconcat (path, suffixes[i], NULL);

      (void) g_unlink (file);
    }
}

/* The newest backup that has a sound copy of the file becomes @fresh; none: there is no
 * @fresh. */
static void
take_backup (const char *folder, const char *name, const char *fresh, ValiseSalvageReport *report)
{
  g_auto (GStrv)   backups = valise_salvage_list_backups (folder);
  g_autofree char *part = g_strconcat (name, ".sqlite", NULL);

  for (guint i = 0; backups[i] != NULL; i++)
    {
      g_autoptr (GError)     failure = NULL;
      g_autofree char       *about = valise_backup_read_about (backups[i], &failure);
      g_autoptr (ValiseJson) json = NULL;
      g_autofree char       *made = NULL;

      remove_file (fresh);
      if (about != NULL && valise_archive_extract (backups[i], part, fresh, &failure)
          && valise_db_check_file (fresh, NULL, &failure))
        {
          json = valise_json_scan_text (about, -1, VALISE_JSON_ANY, NULL);
          made = json != NULL ? valise_json_dup_member (json, 0, "made") : NULL;
          g_strlcpy (report->backup, made != NULL ? made : "", sizeof report->backup);
          return;
        }
      g_info ("A backup does not serve: %s", failure->message);
    }
  remove_file (fresh);
}

static gboolean
replay_journal (const char          *folder,
                const char          *name,
                ValiseDatabase      *database,
                ValiseSalvageReport *report,
                GError             **error)
{
  g_autofree char *file = g_strconcat (name, ".edits", NULL);
  g_autofree char *path = g_build_filename (folder, "journal", file, NULL);

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  return valise_database_merge_journal (database, path, &report->edits, error);
}

static gboolean
fill (const char          *folder,
      const char          *name,
      ValiseDatabase      *database,
      ValiseSalvageReport *report,
      GError             **error)
{
  g_autofree char   *damaged = build_path (folder, name, "");
  ValiseDatabaseInfo info = { 0 };

  if (!valise_database_renew_epoch (database, error)
      || !valise_salvage_rows (damaged, database, &report->rows, &report->doubtful, error)
      || !replay_journal (folder, name, database, report, error)
      || !valise_database_get_info (database, &info, error))
    return FALSE;
  report->documents = (guint) info.documents;
  return TRUE;
}

static gboolean
build_files (const char *folder, const char *fresh, ValiseSalvageReport *report, GError **error)
{
  g_autofree char            *damaged = build_path (folder, VALISE_SALVAGE_FILES, "");
  g_autoptr (ValiseFileStore) files = valise_file_store_open (fresh, error);
  gboolean                    ok = FALSE;

  if (files == NULL)
    return FALSE;
  ok = valise_file_salvage (folder, damaged, files, report, error);
  valise_file_store_close (files);
  return ok;
}

static gboolean
build_database (const char          *folder,
                const char          *name,
                const char          *fresh,
                ValiseSalvageReport *report,
                GError             **error)
{
  g_autoptr (ValiseDatabase) database = NULL;
  gboolean                   ok = FALSE;

  database = valise_database_open (fresh, name, TRUE, error);
  if (database == NULL)
    return FALSE;
  ok = fill (folder, name, database, report, error);
  valise_database_close (database);
  return ok;
}

/* A close does not say whether it copied the log into the file. What it did not copy would stay
 * behind when the file alone takes its place, so that this is asked for again, and must succeed. */
static gboolean
copy_log (const char *fresh, GError **error)
{
  g_autoptr (ValiseDb) db = valise_db_open (fresh, VALISE_DB_WRITER, TIMEOUT_MS, error);
  gint64               busy = 0;

  if (db == NULL || !valise_db_accept (db, error)
      || !valise_db_read_value (db, "PRAGMA wal_checkpoint(TRUNCATE)", &busy, NULL, error))
    return FALSE;
  if (busy == 0)
    return TRUE;

  g_set_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_BUSY, "%s is read by another", fresh);
  return FALSE;
}

static gboolean
build (const char          *folder,
       const char          *name,
       const char          *fresh,
       ValiseSalvageReport *report,
       GError             **error)
{
  take_backup (folder, name, fresh, report);
  return (g_str_equal (name, VALISE_SALVAGE_FILES)
              ? build_files (folder, fresh, report, error)
              : build_database (folder, name, fresh, report, error))
         && copy_log (fresh, error) && valise_db_check_file (fresh, NULL, error);
}

/* --- putting it in its place ------------------------------------------------------------- */

/* Links, so that it costs no room and the file stays where it was. */
static gboolean
keep_damaged (const char *folder, const char *name, GError **error)
{
  g_autofree char *aside = g_build_filename (folder, "damaged", NULL);
  g_autofree char *stem = g_strdup_printf ("%s-%" G_GINT64_FORMAT, name, valise_clock_now ());

  if (g_mkdir_with_parents (aside, 0700) != 0)
    return set_system_error (aside, error);
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *from = build_path (folder, name, suffixes[i]);
      g_autofree char *to = build_path (aside, stem, suffixes[i]);

      if (link (from, to) != 0 && errno != ENOENT)
        return set_system_error (to, error);
    }
  return valise_folder_flush (aside, error);
}

/* The new file under its name of between: from here on it counts, and the damaged one's log
 * must go before it takes the name, since a log is taken for that of any file beside it. */
gboolean
valise_salvage_finish (const char *folder, const char *name, GError **error)
{
  g_autofree char *ready = build_path (folder, name, ".salvaged");
  g_autofree char *path = build_path (folder, name, "");

  if (!g_file_test (ready, G_FILE_TEST_EXISTS))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes) - 1; i++)
    {
      g_autofree char *log = build_path (folder, name, suffixes[i]);

      if (g_unlink (log) != 0 && errno != ENOENT)
        return set_system_error (log, error);
    }
  if (!valise_folder_flush (folder, error))
    return FALSE;
  return g_rename (ready, path) == 0 ? valise_folder_flush (folder, error)
                                     : set_system_error (path, error);
}

gboolean
valise_salvage_database (const char          *folder,
                         const char          *name,
                         ValiseSalvageReport *report,
                         GError             **error)
{
  g_autofree char *fresh = build_path (folder, name, ".salvage");
  g_autofree char *ready = build_path (folder, name, ".salvaged");

  *report = (ValiseSalvageReport){ 0 };
  if (!build (folder, name, fresh, report, error) || !keep_damaged (folder, name, error)
      || (g_rename (fresh, ready) != 0 && !set_system_error (ready, error)))
    {
      remove_file (fresh);
      return FALSE;
    }
  remove_file (fresh); /* what its readers left: an empty log and its index */
  return valise_folder_flush (folder, error) && valise_salvage_finish (folder, name, error);
}
