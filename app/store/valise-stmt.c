/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-stmt"

#include "config.h"

#include <sqlite3.h>
#include <string.h>

#include "valise-db-parts.h"
#include "valise-db.h"

/**
 * ValiseStmt:
 *
 * A prepared statement. It stays in its connection's cache and is lent to one user at a
 * time; what goes wrong before the first step is kept for that step.
 */
struct _ValiseStmt
{
  ValiseDb     *db;
  sqlite3_stmt *handle;
  GError       *failure; /* the first one since the last reset, for the next step */
  gboolean      lent;
  gboolean      cached;
};

static void
finalize_stmt (gpointer data)
{
  ValiseStmt *stmt = data;

  sqlite3_finalize (stmt->handle);
  g_clear_error (&stmt->failure);
  g_free (stmt);
}

GHashTable *
valise_stmt_cache_new (void)
{
  return g_hash_table_new_full (NULL, NULL, NULL, finalize_stmt);
}

static ValiseStmt *
compile (ValiseDb *db, const char *sql)
{
  ValiseStmt *stmt = g_new0 (ValiseStmt, 1);
  const char *tail = NULL;
  int         result = 0;

  stmt->db = db;
  stmt->lent = TRUE;
  result = sqlite3_prepare_v3 (valise_db_get_handle (db), sql, -1, SQLITE_PREPARE_PERSISTENT,
                               &stmt->handle, &tail);
  if (result != SQLITE_OK)
    valise_db_set_error (db, result, &stmt->failure);
  else if (*tail != '\0')
    g_set_error (&stmt->failure, VALISE_DB_ERROR, VALISE_DB_ERROR_ENGINE, "%s: SQL left over: %s",
                 valise_db_get_path (db), tail);

  return stmt;
}

/**
 * valise_db_prepare:
 * @sql: one statement, a string literal: its address is the cache's key
 *
 * Never fails: what is wrong comes out of the first step. Where the statement is lent
 * already (a recursion), the caller gets one of its own.
 *
 * Returns: (transfer full): release it with valise_stmt_release()
 */
ValiseStmt *
valise_db_prepare (ValiseDb *db, const char *sql)
{
  ValiseStmt *known = g_hash_table_lookup (valise_db_get_stmt_cache (db), sql);
  ValiseStmt *stmt = NULL;

  if (known != NULL && !known->lent)
    {
      known->lent = TRUE;
      return known;
    }

  stmt = compile (db, sql);
  if (known == NULL && stmt->failure == NULL)
    {
      stmt->cached = TRUE;
      g_hash_table_insert (valise_db_get_stmt_cache (db), (gpointer) sql, stmt);
    }
  return stmt;
}

/**
 * valise_stmt_release:
 * @stmt: (transfer full) (nullable):
 *
 * Ends what the statement was doing, forgets its parameters and hands it back.
 */
void
valise_stmt_release (ValiseStmt *stmt)
{
  if (stmt == NULL)
    return;

  if (!stmt->cached)
    {
      finalize_stmt (stmt);
      return;
    }
  valise_stmt_reset (stmt);
  sqlite3_clear_bindings (stmt->handle);
  stmt->lent = FALSE;
}

/* The number of parameter @name, or 0 with a failure kept. */
static int
find_parameter (ValiseStmt *stmt, const char *name)
{
  int number = 0;

  if (stmt->failure != NULL)
    return 0;

  number = sqlite3_bind_parameter_index (stmt->handle, name);
  if (number == 0)
    g_set_error (&stmt->failure, VALISE_DB_ERROR, VALISE_DB_ERROR_ENGINE, "No parameter %s in: %s",
                 name, sqlite3_sql (stmt->handle));
  return number;
}

static void
keep_failure (ValiseStmt *stmt, int result)
{
  if (result != SQLITE_OK && stmt->failure == NULL)
    valise_db_set_error (stmt->db, result, &stmt->failure);
}

/**
 * valise_stmt_bind_text:
 * @value: (nullable): UTF-8, copied; %NULL is SQL NULL
 */
void
valise_stmt_bind_text (ValiseStmt *stmt, const char *name, const char *value)
{
  int number = find_parameter (stmt, name);

  if (number > 0)
    keep_failure (stmt, sqlite3_bind_text64 (stmt->handle, number, value,
                                             value != NULL ? strlen (value) : 0, SQLITE_TRANSIENT,
                                             SQLITE_UTF8));
}

/**
 * valise_stmt_bind_lent_text:
 * @value: (nullable): UTF-8, neither copied nor changed until the statement is released or the
 *     parameter is bound anew; %NULL is SQL NULL
 *
 * For what is long, or written often: of a copy SQLite would make another.
 */
void
valise_stmt_bind_lent_text (ValiseStmt *stmt, const char *name, const char *value)
{
  int number = find_parameter (stmt, name);

  if (number > 0)
    keep_failure (stmt, sqlite3_bind_text (stmt->handle, number, value, -1, SQLITE_STATIC));
}

void
valise_stmt_bind_int64 (ValiseStmt *stmt, const char *name, gint64 value)
{
  int number = find_parameter (stmt, name);

  if (number > 0)
    keep_failure (stmt, sqlite3_bind_int64 (stmt->handle, number, value));
}

/**
 * valise_stmt_bind_blob:
 * @data: (nullable): @length bytes, copied
 *
 * Without bytes the value is an empty blob, never SQL NULL.
 */
void
valise_stmt_bind_blob (ValiseStmt *stmt, const char *name, const void *data, gsize length)
{
  int number = find_parameter (stmt, name);

  if (number == 0)
    return;
  if (length == 0)
    keep_failure (stmt, sqlite3_bind_zeroblob (stmt->handle, number, 0));
  else
    keep_failure (stmt, sqlite3_bind_blob64 (stmt->handle, number, data, length, SQLITE_TRANSIENT));
}

/**
 * valise_stmt_bind_bytes:
 * @value: (nullable): copied; %NULL is SQL NULL
 */
void
valise_stmt_bind_bytes (ValiseStmt *stmt, const char *name, GBytes *value)
{
  gsize         length = 0;
  gconstpointer data = value != NULL ? g_bytes_get_data (value, &length) : NULL;
  int           number = 0;

  if (value != NULL)
    valise_stmt_bind_blob (stmt, name, data, length);
  else if ((number = find_parameter (stmt, name)) > 0)
    keep_failure (stmt, sqlite3_bind_null (stmt->handle, number));
}

/**
 * valise_stmt_step:
 *
 * Fails with the first failure since the statement was prepared or reset, else with any
 * #ValiseDbError.
 *
 * Returns: whether there is a row, no more, or an error
 */
ValiseStep
valise_stmt_step (ValiseStmt *stmt, GError **error)
{
  int result = 0;

  if (stmt->failure != NULL)
    {
      g_propagate_error (error, g_error_copy (stmt->failure));
      return VALISE_STEP_ERROR;
    }

  result = sqlite3_step (stmt->handle);
  if (result == SQLITE_ROW)
    return VALISE_STEP_ROW;
  if (result == SQLITE_DONE)
    return VALISE_STEP_DONE;

  valise_db_set_error (stmt->db, result, error);
  return VALISE_STEP_ERROR;
}

/**
 * valise_stmt_run:
 *
 * Steps to the end, then resets; parameters stay bound. Fails as valise_stmt_step().
 */
gboolean
valise_stmt_run (ValiseStmt *stmt, GError **error)
{
  ValiseStep step = VALISE_STEP_ROW;

  while (step == VALISE_STEP_ROW)
    step = valise_stmt_step (stmt, error);
  valise_stmt_reset (stmt);

  return step == VALISE_STEP_DONE;
}

void
valise_stmt_reset (ValiseStmt *stmt)
{
  /* Its result repeats what the last step said. */
  sqlite3_reset (stmt->handle);
  /* One that did not compile fails for ever. */
  if (stmt->cached)
    g_clear_error (&stmt->failure);
}

/* Lent until the next step; NULL for SQL NULL. */
const char *
valise_stmt_get_text (ValiseStmt *stmt, int column)
{
  return (const char *) sqlite3_column_text (stmt->handle, column);
}

gint64
valise_stmt_get_int64 (ValiseStmt *stmt, int column)
{
  return sqlite3_column_int64 (stmt->handle, column);
}

gconstpointer
valise_stmt_get_blob (ValiseStmt *stmt, int column, gsize *length)
{
  gconstpointer data = sqlite3_column_blob (stmt->handle, column);

  *length = (gsize) sqlite3_column_bytes (stmt->handle, column);
  return data;
}

/* Returns: (transfer full) (nullable): a copy; %NULL for SQL NULL */
GBytes *
valise_stmt_dup_bytes (ValiseStmt *stmt, int column)
{
  gconstpointer data = NULL;
  gsize         length = 0;

  if (sqlite3_column_type (stmt->handle, column) == SQLITE_NULL)
    return NULL;

  data = valise_stmt_get_blob (stmt, column, &length);
  return g_bytes_new (data, length);
}
