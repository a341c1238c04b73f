/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-backup"

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "valise-backup.h"
#include "valise-clock.h"
#include "valise-db-copy.h"
#include "valise-db-parts.h"
#include "valise-digest.h"
#include "valise-folder.h"
#include "valise-identity.h"

#define ABOUT      "backup.json"
#define SUFFIX     ".sqlite"
#define TIMEOUT_MS 10000

/* Folders and files at the top that stay behind. */
static const char *const left_out[] = { "lock",          "control", "identity", "secrets.json",
                                        "incident",      "journal", "backups",  "damaged",
                                        "search.sqlite", ABOUT,     NULL };

static gboolean
is_left_out (const char *name)
{
  g_autofree char *top = g_strndup (name, strcspn (name, "/"));

  return g_strv_contains (left_out, top) || g_str_has_suffix (name, "-wal")
         || g_str_has_suffix (name, "-shm") || g_str_has_suffix (name, "-journal")
         || g_str_has_suffix (name, ".part") || g_str_has_suffix (name, ".new");
}

/* --- what the databases hold --------------------------------------------------------------- */

typedef struct
{
  GString *state;
  GString *list; /* JSON */
} Survey;

/* A file that has no table meta of ours counts by its size. */
static gboolean
survey_database (const char *name, const char *path, Survey *survey, GError **error)
{
  g_autoptr (ValiseDb)   db = valise_db_open (path, VALISE_DB_READER, TIMEOUT_MS, error);
  g_autoptr (ValiseStmt) stmt = NULL;
  GStatBuf               info = { 0 };

  if (db == NULL)
    return FALSE;
  stmt = valise_db_prepare (db, "SELECT uuid, update_seq FROM meta");
  if (valise_stmt_step (stmt, NULL) == VALISE_STEP_ROW)
    {
      g_autofree char *stem = g_strndup (name, strlen (name) - strlen (SUFFIX));

      g_string_append_printf (survey->state, "%s %s %" G_GINT64_FORMAT "\n", name,
                              valise_stmt_get_text (stmt, 0), valise_stmt_get_int64 (stmt, 1));
      g_string_append_printf (
          survey->list,
          "%s{\"name\": \"%s\", \"uuid\": \"%s\", \"update_seq\": %" G_GINT64_FORMAT "}",
          survey->list->len > 0 ? ", " : "", stem, valise_stmt_get_text (stmt, 0),
          valise_stmt_get_int64 (stmt, 1));
    }
  else if (g_stat (path, &info) == 0)
    g_string_append_printf (survey->state, "%s %" G_GINT64_FORMAT "\n", name,
                            (gint64) info.st_size);
  return TRUE;
}

static gboolean
survey_cb (const char *name, const char *path, gpointer user_data, GError **error)
{
  if (is_left_out (name) || !g_str_has_suffix (name, SUFFIX))
    return TRUE;
  return survey_database (name, path, user_data, error);
}

static gboolean
survey_folder (const char *folder, char **state, char **list, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) json = g_string_new (NULL);
  Survey              survey = { text, json };

  if (!valise_folder_walk (folder, survey_cb, &survey, error))
    return FALSE;
  *state = valise_digest_dup_hex (text->str, text->len);
  if (list != NULL)
    *list = g_strdup (json->str);
  return TRUE;
}

char *
valise_backup_make_state (const char *folder, GError **error)
{
  char *state = NULL;

  return survey_folder (folder, &state, NULL, error) ? state : NULL;
}

/* --- writing --------------------------------------------------------------------------------- */

typedef struct
{
  ValiseArchive      *archive;
  char               *copy; /* where a database is copied to */
  ValiseBackupFlags   flags;
  GCancellable       *cancellable;
  ValiseBackupReport *report;
} Writing;

static gboolean
is_taken (const char *name, ValiseBackupFlags flags)
{
  return !is_left_out (name)
         && !(g_str_equal (name, "files.sqlite") && (flags & VALISE_BACKUP_WITHOUT_FILES));
}

typedef struct
{
  ValiseBackupFlags flags;
  guint64           bytes;
} Measure;

static gboolean
measure_cb (const char *name, const char *path, gpointer user_data, GError **error)
{
  Measure *measure = user_data;
  GStatBuf info = { 0 };

  if (is_taken (name, measure->flags) && g_stat (path, &info) == 0)
    measure->bytes += (guint64) info.st_size;
  return TRUE;
}

gboolean
valise_backup_measure (const char *folder, ValiseBackupFlags flags, guint64 *bytes, GError **error)
{
  Measure measure = { flags, 0 };

  if (!valise_folder_walk (folder, measure_cb, &measure, error))
    return FALSE;
  *bytes = measure.bytes;
  return TRUE;
}

static gboolean
add_cb (const char *name, const char *path, gpointer user_data, GError **error)
{
  Writing *writing = user_data;
  gboolean ok = FALSE;

  if (!is_taken (name, writing->flags))
    return TRUE;
  if (!g_str_has_suffix (name, SUFFIX))
    {
      writing->report->files++;
      return valise_archive_add_file (writing->archive, name, path, writing->cancellable, error);
    }

  writing->report->databases++;
  ok = valise_db_copy (path, writing->copy, writing->cancellable, error)
       && valise_archive_add_file (writing->archive, name, writing->copy, writing->cancellable,
                                   error);
  (void) g_unlink (writing->copy);
  return ok;
}

static gboolean
add_about (ValiseArchive *archive, const char *folder, GError **error)
{
  g_autofree char *state = NULL, *list = NULL, *text = NULL;
  g_autofree char *made = valise_clock_format (valise_clock_now ());

  if (!survey_folder (folder, &state, &list, error))
    return FALSE;
  text = g_strdup_printf ("{\"made\": \"%s\", \"state\": \"%s\", \"databases\": [%s]}\n", made,
                          state, list);
  return valise_archive_add_text (archive, ABOUT, text, error);
}

gboolean
valise_backup_write (const char         *folder,
                     const char         *file,
                     ValiseBackupFlags   flags,
                     GCancellable       *cancellable,
                     ValiseBackupReport *report,
                     GError            **error)
{
  ValiseBackupReport        ignored = { 0 };
  Writing                   writing = { .flags = flags, .cancellable = cancellable };
  g_autoptr (ValiseArchive) archive = valise_archive_create (file, error);
  g_autofree char          *copy = g_strconcat (file, ".copy", NULL);
  GStatBuf                  info = { 0 };

  if (archive == NULL)
    return FALSE;
  writing.archive = archive;
  writing.copy = copy;
  writing.report = report != NULL ? report : &ignored;
  *writing.report = (ValiseBackupReport){ 0 };
  (void) g_unlink (copy); /* left by one that was killed */
  if (!add_about (archive, folder, error) || !valise_folder_walk (folder, add_cb, &writing, error)
      || !valise_archive_finish (archive, error))
    return FALSE;
  if (g_stat (file, &info) == 0)
    writing.report->bytes = info.st_size;
  return TRUE;
}

char *
valise_backup_read_about (const char *file, GError **error)
{
  return valise_archive_read_first (file, ABOUT, error);
}

/* --- reading --------------------------------------------------------------------------------- */

static char *
place_cb (const char *name, gint64 length, gpointer user_data)
{
  return g_str_equal (name, ABOUT) ? NULL : g_build_filename (user_data, name, NULL);
}

static gboolean
check_cb (const char *name, const char *path, gpointer user_data, GError **error)
{
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_autofree char *index = g_strconcat (path, "-shm", NULL);

  if (!g_str_has_suffix (name, SUFFIX))
    return TRUE;
  if (!valise_db_check_file (path, user_data, error))
    return FALSE;
  (void) g_unlink (log);
  (void) g_unlink (index);
  return TRUE;
}

/* Everything of @file, into the folder @fresh, which is made; and read there. */
static gboolean
unpack (const char *file, const char *fresh, GCancellable *cancellable, GError **error)
{
  g_autofree char *about = valise_backup_read_about (file, error);

  if (about == NULL)
    return FALSE;
  valise_folder_remove (fresh); /* left by one that was killed */
  if (g_mkdir_with_parents (fresh, 0700) == 0
      && valise_archive_read (file, place_cb, (gpointer) fresh, cancellable, error)
      && valise_folder_walk (fresh, check_cb, cancellable, error))
    return TRUE;

  if (error != NULL && *error == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s cannot be made", fresh);
  valise_folder_remove (fresh);
  return FALSE;
}

gboolean
valise_backup_check (const char *file, GCancellable *cancellable, GError **error)
{
  g_autofree char *fresh = g_strconcat (file, ".check", NULL);
  gboolean         ok = unpack (file, fresh, cancellable, error);

  valise_folder_remove (fresh);
  return ok;
}

/* --- restoring ------------------------------------------------------------------------------- */

typedef struct
{
  const char        *fresh;
  const char *const *carry;
} Carrying;

static gboolean
carry_cb (const char *name, const char *path, gpointer user_data, GError **error)
{
  Carrying        *carrying = user_data;
  g_autofree char *top = g_strndup (name, strcspn (name, "/"));
  g_autofree char *to = g_build_filename (carrying->fresh, name, NULL);
  g_autofree char *parent = g_path_get_dirname (to);

  if (!g_strv_contains (carrying->carry, top))
    return TRUE;
  (void) g_mkdir_with_parents (parent, 0700); /* what follows says whether it is there */
  return valise_folder_copy_file (path, to, error);
}

gboolean
valise_backup_restore (const char        *file,
                       const char        *folder,
                       const char        *aside,
                       const char *const *carry,
                       GError           **error)
{
  g_autofree char *fresh = g_strconcat (aside, ".restoring", NULL);
  g_autofree char *parent = g_path_get_dirname (aside);
  Carrying         carrying = { fresh, carry };

  (void) g_mkdir_with_parents (parent, 0700); /* unpacking says whether it is there */
  if (!unpack (file, fresh, NULL, error))
    return FALSE;
  if ((g_file_test (folder, G_FILE_TEST_IS_DIR)
       && !valise_folder_walk (folder, carry_cb, &carrying, error))
      || !valise_identity_spoil (fresh, error) || !valise_folder_flush (fresh, error)
      || !valise_folder_replace (folder, fresh, aside, error))
    {
      valise_folder_remove (fresh);
      return FALSE;
    }
  return TRUE;
}
