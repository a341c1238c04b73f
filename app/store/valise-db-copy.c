/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-db-copy"

#include "config.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "valise-db-copy.h"
#include "valise-db-parts.h"

#define STEP_PAGES 256   /* between two looks at the cancellable */
#define TIMEOUT_MS 10000 /* wait for another's lock */

static gboolean
set_error (sqlite3 *handle, int result, const char *path, GError **error)
{
  int           primary = result & 0xff;
  ValiseDbError code = VALISE_DB_ERROR_ENGINE;

  if (primary == SQLITE_FULL)
    code = VALISE_DB_ERROR_FULL;
  else if (primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB)
    code = VALISE_DB_ERROR_CORRUPT;
  else if (primary == SQLITE_READONLY || primary == SQLITE_CANTOPEN)
    code = VALISE_DB_ERROR_READ_ONLY;
  else if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED)
    code = VALISE_DB_ERROR_BUSY;
  g_set_error (error, VALISE_DB_ERROR, (int) code, "%s: %s (%d)", path, sqlite3_errstr (result),
               handle != NULL ? sqlite3_extended_errcode (handle) : result);
  return FALSE;
}

/* @source is inside a read transaction, so that no writer makes the copy begin anew. */
static gboolean
run_backup (ValiseDb     *source,
            sqlite3      *target,
            const char   *to,
            GCancellable *cancellable,
            GError      **error)
{
  sqlite3_backup *backup =
      sqlite3_backup_init (target, "main", valise_db_get_handle (source), "main");
  int      result = SQLITE_OK;
  gboolean cancelled = FALSE;

  if (backup == NULL)
    return set_error (target, sqlite3_errcode (target), to, error);
  while (result == SQLITE_OK && !cancelled)
    {
      result = sqlite3_backup_step (backup, STEP_PAGES);
      cancelled = g_cancellable_is_cancelled (cancellable);
    }
  if (sqlite3_backup_finish (backup) != SQLITE_OK || (result != SQLITE_DONE && !cancelled))
    return set_error (target, result == SQLITE_OK ? sqlite3_errcode (target) : result, to, error);
  return result == SQLITE_DONE || !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static gboolean
copy (ValiseDb *source, const char *to, GCancellable *cancellable, GError **error)
{
  sqlite3 *target = NULL;
  int      result = sqlite3_open_v2 (
           to, &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
  gboolean ok = FALSE;

  if (result != SQLITE_OK)
    set_error (target, result, to, error);
  else
    ok = run_backup (source, target, to, cancellable, error);
  sqlite3_close (target);
  return ok;
}

static void
remove_copy (const char *to)
{
  static const char *const suffixes[] = { "-journal", "-wal", "-shm", "" };

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = g_strconcat (to, suffixes[i], NULL);

      (void) g_unlink (path);
    }
}

/* What a reader leaves beside a file in write-ahead mode. */
static void
remove_log (const char *path)
{
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_autofree char *index = g_strconcat (path, "-shm", NULL);

  (void) g_unlink (log);
  (void) g_unlink (index);
}

gboolean
valise_db_check_file (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (ValiseDb) db = NULL;
  g_autoptr (GError)   failure = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  db = valise_db_open (path, VALISE_DB_READER, TIMEOUT_MS, error);
  if (db == NULL)
    return FALSE;
  valise_db_heed (db, cancellable);
  if (valise_db_check (db, &failure))
    return TRUE;
  if (!g_cancellable_set_error_if_cancelled (cancellable, error))
    g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

gboolean
valise_db_copy (const char *from, const char *to, GCancellable *cancellable, GError **error)
{
  g_autoptr (ValiseDb) source = valise_db_open (from, VALISE_DB_READER, TIMEOUT_MS, error);
  gint64               tables = 0;
  gboolean             ok = FALSE;

  if (source == NULL || !valise_db_begin_read (source, error))
    return FALSE;

  /* Reading anything fixes the moment. */
  ok = valise_db_read_value (source, "SELECT count(*) FROM sqlite_schema", &tables, NULL, error)
       && copy (source, to, cancellable, error) && valise_db_check_file (to, cancellable, error);
  valise_db_end_read (source);
  if (ok)
    remove_log (to);
  else
    remove_copy (to);
  return ok;
}
