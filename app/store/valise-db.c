/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-db"

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "valise-db-parts.h"
#include "valise-db.h"

#define PAGE_SIZE      8192              /* bytes: most documents then touch two pages, not four */
#define WAL_SIZE_LIMIT (5 * 1024 * 1024) /* bytes the log keeps on disk once it is copied */
#define HEED_STEPS     1000              /* of SQLite, between two looks at a cancellable */

/**
 * ValiseDb:
 *
 * One connection and the statements prepared on it.
 *
 * A writer copies its log into the file (checkpoints) only once the file is accepted as
 * ours: made by this connection, or passed by valise_db_migrate(). So a file that is
 * refused keeps every byte.
 */
struct _ValiseDb
{
  sqlite3    *handle;
  char       *path;
  GHashTable *stmts; /* address of the SQL literal → ValiseStmt */
  gboolean    writer;
  gboolean    accepted;
  gboolean    suspect; /* it met damage */
  gboolean    stuck;   /* a rollback failed: the transaction is still open */
};

G_DEFINE_QUARK (valise_db_error, valise_db_error)

static ValiseDbError
get_error_code (sqlite3 *handle, int result)
{
  int system_errno = handle != NULL ? sqlite3_system_errno (handle) : 0;

  switch (result & 0xff)
    {
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
      return VALISE_DB_ERROR_CONSTRAINT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return VALISE_DB_ERROR_BUSY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return VALISE_DB_ERROR_CORRUPT;
    case SQLITE_FULL:
      return VALISE_DB_ERROR_FULL;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return VALISE_DB_ERROR_READ_ONLY;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      if (system_errno == ENOSPC || system_errno == EDQUOT)
        return VALISE_DB_ERROR_FULL;
      if (system_errno == EACCES || system_errno == EROFS || system_errno == EPERM)
        return VALISE_DB_ERROR_READ_ONLY;
      return VALISE_DB_ERROR_ENGINE;
    default:
      return VALISE_DB_ERROR_ENGINE;
    }
}

gboolean
valise_db_set_error (ValiseDb *db, int result, GError **error)
{
  ValiseDbError code = get_error_code (db->handle, result);

  db->suspect |= code == VALISE_DB_ERROR_CORRUPT;
  g_set_error (error, VALISE_DB_ERROR, (int) code, "%s: %s (%d)", db->path,
               db->handle != NULL ? sqlite3_errmsg (db->handle) : sqlite3_errstr (result),
               db->handle != NULL ? sqlite3_extended_errcode (db->handle) : result);
  return FALSE;
}

gboolean
valise_db_read_value (ValiseDb *db, const char *sql, gint64 *number, char **text, GError **error)
{
  sqlite3_stmt *handle = NULL;
  int           result = sqlite3_prepare_v2 (db->handle, sql, -1, &handle, NULL);

  if (result == SQLITE_OK)
    result = sqlite3_step (handle);
  if (result == SQLITE_ROW && number != NULL)
    *number = sqlite3_column_int64 (handle, 0);
  if (result == SQLITE_ROW && text != NULL)
    *text = g_strdup ((const char *) sqlite3_column_text (handle, 0));
  if (result != SQLITE_ROW)
    valise_db_set_error (db, result, error);
  sqlite3_finalize (handle);

  return result == SQLITE_ROW;
}

static gboolean
use_write_ahead_log (ValiseDb *db, GError **error)
{
  g_autofree char *mode = NULL;

  if (!valise_db_read_value (db, "PRAGMA journal_mode=WAL", NULL, &mode, error))
    return FALSE;
  if (g_str_equal (mode, "wal") || g_str_equal (mode, "memory"))
    return TRUE;

  g_set_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_ENGINE,
               "%s: no write-ahead log here, only mode %s", db->path, mode);
  return FALSE;
}

gboolean
valise_db_accept (ValiseDb *db, GError **error)
{
  if (!use_write_ahead_log (db, error))
    return FALSE;

  sqlite3_db_config (db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
  db->accepted = TRUE;
  return TRUE;
}

/* Settings that concern this connection alone and write nothing. */
static gboolean
configure (ValiseDb *db, gboolean relaxed, guint timeout_ms, GError **error)
{
  static const int off[] = { SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_DQS_DML,
                             SQLITE_DBCONFIG_DQS_DDL };
  static const int on[] = { SQLITE_DBCONFIG_ENABLE_FKEY, SQLITE_DBCONFIG_DEFENSIVE,
                            SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE };
  g_autofree char *pragmas = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (off); i++)
    sqlite3_db_config (db->handle, off[i], 0, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (on); i++)
    sqlite3_db_config (db->handle, on[i], 1, NULL);

  sqlite3_extended_result_codes (db->handle, 1);
  sqlite3_busy_timeout (db->handle, (int) MIN (timeout_ms, G_MAXINT));
  /* SQLite before 3.51.3 can damage a file where two connections checkpoint (the WAL-reset
   * race): the one writer alone does. */
  if (!db->writer)
    sqlite3_wal_autocheckpoint (db->handle, 0);

  pragmas = g_strdup_printf ("PRAGMA synchronous=%s; PRAGMA mmap_size=0; "
                             "PRAGMA journal_size_limit=%d; PRAGMA temp_store=MEMORY",
                             relaxed ? "NORMAL" : "FULL", WAL_SIZE_LIMIT);
  return valise_db_execute (db, pragmas, error);
}

/**
 * valise_db_has_reset_race:
 * @version_number: as sqlite3_libversion_number() has it
 *
 * The WAL-reset race is in 3.7.0 to 3.51.2; fixed in 3.51.3, 3.50.7 and 3.44.6 (SQLite's
 * release notes). With it, two connections that checkpoint at once can leave the file without
 * pages of a commit. We keep one connection a file that checkpoints, so that it cannot happen,
 * and whoever weakens that must know which version runs.
 */
gboolean
valise_db_has_reset_race (int version_number)
{
  int minor = version_number / 1000, patch = version_number % 1000;

  if (version_number < 3007000 || version_number >= 3051003)
    return FALSE;
  return !(minor == 3050 && patch >= 7) && !(minor == 3044 && patch >= 6);
}

static void
log_version (void)
{
  static gsize once = 0;

  if (!g_once_init_enter (&once))
    return;
  g_info ("SQLite %s%s", sqlite3_libversion (),
          valise_db_has_reset_race (sqlite3_libversion_number ())
              ? ", with the WAL-reset race: one connection a file checkpoints"
              : "");
  g_once_init_leave (&once, 1);
}

/* SQLite falls back to reading what it may not write, and then stumbles over the log. */
static gboolean
check_writable (ValiseDb *db, GError **error)
{
  if (!db->writer || sqlite3_db_readonly (db->handle, "main") == 0)
    return TRUE;

  g_set_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_READ_ONLY, "%s cannot be written", db->path);
  return FALSE;
}

static gboolean
prepare_file (ValiseDb *db, GError **error)
{
  g_autofree char *page_size = g_strdup_printf ("PRAGMA page_size=%d", PAGE_SIZE);
  gint64           pages = 0;

  if (!valise_db_read_value (db, "PRAGMA page_count", &pages, NULL, error))
    return FALSE;

  return pages > 0 || (valise_db_execute (db, page_size, error) && valise_db_accept (db, error));
}

/**
 * valise_db_open:
 * @path: a file, or ":memory:" for a writer
 * @flags: what the connection is for
 * @timeout_ms: how long it waits for another writer, in milliseconds
 *
 * Opens a connection; a new file gets its page size and write-ahead log here. An existing
 * one is only read until valise_db_migrate() has accepted it.
 *
 * Fails with any #ValiseDbError; %VALISE_DB_ERROR_ENGINE where there is no file.
 *
 * Returns: (transfer full): a connection, for one thread at a time
 */
ValiseDb *
valise_db_open (const char *path, ValiseDbFlags flags, guint timeout_ms, GError **error)
{
  g_autoptr (ValiseDb) db = NULL;
  int                  mode = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READONLY;
  int                  result = 0;

  g_return_val_if_fail (path != NULL, NULL);

  if (flags & VALISE_DB_WRITER)
    mode = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE
           | (flags & VALISE_DB_CREATE ? SQLITE_OPEN_CREATE : 0);
  else
    valise_db_undo (path, timeout_ms);

  db = g_new0 (ValiseDb, 1);
  db->path = g_strdup (path);
  db->stmts = valise_stmt_cache_new ();
  db->writer = (flags & VALISE_DB_WRITER) != 0;

  result = sqlite3_open_v2 (path, &db->handle, mode, NULL);
  if (result != SQLITE_OK)
    {
      valise_db_set_error (db, result, error);
      return NULL;
    }
  if (!check_writable (db, error)
      || !configure (db, (flags & VALISE_DB_RELAXED) != 0, timeout_ms, error)
      || (db->writer && !prepare_file (db, error)))
    return NULL;

  log_version ();
  return g_steal_pointer (&db);
}

/**
 * valise_db_close:
 * @db: (transfer full) (nullable): no statement of it may be lent
 *
 * Closes. A writer that leaves last copies its log into the file and removes it.
 */
void
valise_db_close (ValiseDb *db)
{
  g_autofree char *log = NULL;
  GStatBuf         info = { 0 };

  if (db == NULL)
    return;

  /* A refused file whose log is empty is unchanged by dropping the log; with frames in it,
   * log and all stay as they are. */
  log = g_strconcat (db->path, "-wal", NULL);
  if (db->writer && !db->accepted && g_stat (log, &info) == 0 && info.st_size == 0)
    sqlite3_db_config (db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);

  g_hash_table_unref (db->stmts);
  if (sqlite3_close (db->handle) != SQLITE_OK)
    g_critical ("%s closed with a statement still lent", db->path);
  g_free (db->path);
  g_free (db);
}

/**
 * valise_db_check:
 *
 * Reads the whole file for damage: time in proportion to its size.
 *
 * Fails with %VALISE_DB_ERROR_CORRUPT.
 */
gboolean
valise_db_check (ValiseDb *db, GError **error)
{
  g_autofree char *answer = NULL;

  if (!valise_db_read_value (db, "PRAGMA quick_check(1)", NULL, &answer, error))
    return FALSE;
  if (g_str_equal (answer, "ok"))
    return TRUE;

  db->suspect = TRUE;
  g_set_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_CORRUPT, "%s is damaged: %s", db->path,
               answer);
  return FALSE;
}

static int
is_cancelled_cb (gpointer cancellable)
{
  return g_cancellable_is_cancelled (cancellable);
}

void
valise_db_heed (ValiseDb *db, GCancellable *cancellable)
{
  sqlite3_progress_handler (db->handle, cancellable != NULL ? HEED_STEPS : 0, is_cancelled_cb,
                            cancellable);
}

/* --- transactions -------------------------------------------------------------------- */

/**
 * valise_db_execute:
 * @sql: one or more statements without parameters; rows are dropped
 *
 * Fails with any #ValiseDbError.
 */
gboolean
valise_db_execute (ValiseDb *db, const char *sql, GError **error)
{
  int result = sqlite3_exec (db->handle, sql, NULL, NULL, NULL);

  return result == SQLITE_OK || valise_db_set_error (db, result, error);
}

/* Without memory even a rollback can fail; then it is tried again before the next begin. */
static gboolean
roll_back (ValiseDb *db, GError **error)
{
  /* After a failure that ended the transaction there is nothing left to roll back; and what
   * a rollback cannot undo now, the next reader of the log ignores. */
  db->stuck = !sqlite3_get_autocommit (db->handle) && !valise_db_execute (db, "ROLLBACK", error);
  return !db->stuck;
}

static gboolean
check_free (ValiseDb *db, GError **error)
{
  if (db->stuck && !roll_back (db, error))
    return FALSE;
  g_assert (sqlite3_get_autocommit (db->handle));
  return TRUE;
}

/**
 * valise_db_begin:
 *
 * Begins a write transaction. Fails with any #ValiseDbError, %VALISE_DB_ERROR_BUSY where
 * another writer outlasts the timeout.
 */
gboolean
valise_db_begin (ValiseDb *db, GError **error)
{
  g_autoptr (ValiseStmt) stmt = NULL;

  if (!check_free (db, error))
    return FALSE;
  stmt = valise_db_prepare (db, "BEGIN IMMEDIATE");
  return valise_stmt_run (stmt, error);
}

/**
 * valise_db_commit:
 *
 * Commits. Where that fails, with any #ValiseDbError, the transaction is rolled back.
 */
gboolean
valise_db_commit (ValiseDb *db, GError **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (db, "COMMIT");

  if (valise_stmt_run (stmt, error))
    return TRUE;

  valise_db_rollback (db);
  return FALSE;
}

/**
 * valise_db_rollback:
 *
 * Ends the transaction, if SQLite did not already end it itself, and undoes its writes.
 */
void
valise_db_rollback (ValiseDb *db)
{
  g_autoptr (GError) error = NULL;

  if (!roll_back (db, &error))
    g_message ("Not rolled back yet: %s", error->message);
}

/**
 * valise_db_write:
 * @func: the work; it fails with @error set
 *
 * Runs @func in one transaction. Fails as @func does, or with any #ValiseDbError.
 */
gboolean
valise_db_write (ValiseDb *db, ValiseDbFunc func, gpointer user_data, GError **error)
{
  if (!valise_db_begin (db, error))
    return FALSE;
  if (func (db, user_data, error))
    return valise_db_commit (db, error);

  valise_db_rollback (db);
  return FALSE;
}

/**
 * valise_db_begin_read:
 *
 * What is read from now to valise_db_end_read() is one moment of the file.
 */
gboolean
valise_db_begin_read (ValiseDb *db, GError **error)
{
  g_autoptr (ValiseStmt) stmt = NULL;

  if (!check_free (db, error))
    return FALSE;
  stmt = valise_db_prepare (db, "BEGIN");
  return valise_stmt_run (stmt, error);
}

void
valise_db_end_read (ValiseDb *db)
{
  valise_db_rollback (db);
}

/* The raw connection. */
gpointer
valise_db_get_handle (ValiseDb *db)
{
  return db->handle;
}

GHashTable *
valise_db_get_stmt_cache (ValiseDb *db)
{
  return db->stmts;
}

const char *
valise_db_get_path (ValiseDb *db)
{
  return db->path;
}

void
valise_db_mark_suspect (ValiseDb *db)
{
  db->suspect = TRUE;
}

gboolean
valise_db_may_pass (const GError *failure)
{
  return failure != NULL && !g_error_matches (failure, VALISE_DB_ERROR, VALISE_DB_ERROR_CORRUPT);
}

gboolean
valise_db_is_suspect (ValiseDb *db)
{
  return db->suspect;
}

gboolean
valise_db_is_writer (ValiseDb *db)
{
  return db->writer;
}
