/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-verify-derived"

#include "config.h"

#include "valise-batch.h"
#include "valise-db-parts.h"
#include "valise-document-table.h"
#include "valise-file-rows.h"
#include "valise-verify.h"

#define TIMEOUT_MS 10000

G_GNUC_PRINTF (3, 4)
static void
tell (const ValiseVerifier *verifier, gint64 *problems, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list          list;

  va_start (list, format);
  what = g_strdup_vprintf (format, list);
  va_end (list);
  ++*problems;
  if (verifier->problem != NULL)
    verifier->problem (what, verifier->user_data);
}

/* --- the index ------------------------------------------------------------------------------- */

/* How far the index follows @database; -1: not this file, or not at all. */
static gint64
read_followed (ValiseDb *index, const char *name, const char *uuid)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (index, "SELECT seq FROM followed WHERE database = :name AND uuid = :uuid");

  valise_stmt_bind_text (stmt, ":name", name);
  valise_stmt_bind_text (stmt, ":uuid", uuid);
  return valise_stmt_step (stmt, NULL) == VALISE_STEP_ROW ? valise_stmt_get_int64 (stmt, 0) : -1;
}

/* An entry of a document that has changed since is only late. */
static gboolean
check_entry (ValiseDb             *db,
             ValiseStmt           *entry,
             gint64                followed,
             const ValiseVerifier *verifier,
             gint64               *problems,
             GError              **error)
{
  g_auto (ValiseDocumentRow) row = { 0 };
  g_autofree char           *id = g_strdup (valise_stmt_get_text (entry, 0));

  if (!valise_document_table_find (db, id, &row, error))
    return FALSE;
  if (row.row != 0 && row.seq > followed)
    return TRUE;
  if (row.row == 0)
    tell (verifier, problems, "index: %s is in no database", id);
  else if (row.deleted)
    tell (verifier, problems, "index: %s is deleted", id);
  else if (row.here != (valise_stmt_get_int64 (entry, 1) != 0))
    tell (verifier, problems, "index: whether %s is here is not so", id);
  else if (row.size != valise_stmt_get_int64 (entry, 2))
    tell (verifier, problems, "index: %s has another size", id);
  return TRUE;
}

static gboolean
check_entries (ValiseDb             *index,
               ValiseDb             *db,
               const char           *name,
               gint64                followed,
               const ValiseVerifier *verifier,
               gint64               *entries,
               gint64               *problems,
               GError              **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (index, "SELECT id, here, size FROM entry WHERE database = :name"
                                " AND file IS NULL"); /* those are no documents */
  ValiseStep step = VALISE_STEP_ERROR;

  valise_stmt_bind_text (stmt, ":name", name);
  while ((step = valise_stmt_step (stmt, error)) == VALISE_STEP_ROW)
    {
      ++*entries;
      if (!check_entry (db, stmt, followed, verifier, problems, error))
        return FALSE;
    }
  return step == VALISE_STEP_DONE;
}

gboolean
valise_verify_index (const char           *path,
                     ValiseDatabase       *database,
                     const ValiseVerifier *verifier,
                     gint64               *entries,
                     gint64               *problems,
                     GError              **error)
{
  ValiseDbPool        *pool = valise_database_get_pool (database);
  const char          *name = valise_database_get_name (database);
  g_autoptr (ValiseDb) index = NULL;
  ValiseDatabaseInfo   info = { 0 };
  ValiseDb            *db = NULL;
  gint64               followed = -1;
  gboolean             ok = TRUE;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  index = valise_db_open (path, VALISE_DB_READER, TIMEOUT_MS, error);
  if (index == NULL || !valise_database_get_info (database, &info, error))
    return FALSE;
  followed = read_followed (index, name, info.uuid);
  if (followed > info.update_seq)
    tell (verifier, problems, "index: it is ahead of %s", name);
  if (followed < 0)
    return TRUE;

  db = valise_db_pool_take_reader (pool, error);
  ok = db != NULL && check_entries (index, db, name, followed, verifier, entries, problems, error);
  if (db != NULL)
    valise_db_pool_give_reader (pool, db);
  return ok;
}

/* --- the files ------------------------------------------------------------------------------- */

static gboolean
check_file (ValiseDb             *db,
            const char           *sha256,
            const ValiseVerifier *verifier,
            gint64               *problems,
            GError              **error)
{
  ValiseFileRow    file = { 0 };
  g_autofree char *digest = NULL;

  if (!valise_file_row_find (db, sha256, &file, error))
    return FALSE;
  digest = valise_file_row_digest (db, &file, error);
  if (digest == NULL)
    return FALSE;
  if (!g_str_equal (digest, sha256))
    tell (verifier, problems, "file %s: its bytes make %s", sha256, digest);
  return TRUE;
}

/* Whether @db has its tables: its program may have been killed after making the file, and before
 * them. The next one makes them, and nothing is lost. */
static gboolean
has_tables (ValiseDb *db, gboolean *has, GError **error)
{
  gint64 version = 0;

  if (!valise_db_read_value (db, "PRAGMA user_version", &version, NULL, error))
    return FALSE;
  *has = version > 0;
  return TRUE;
}

gboolean
valise_verify_files (const char           *path,
                     const ValiseVerifier *verifier,
                     gint64               *files,
                     gint64               *problems,
                     GError              **error)
{
  g_autoptr (ValiseDb)   db = NULL;
  g_autoptr (ValiseStmt) stmt = NULL;
  ValiseStep             step = VALISE_STEP_ERROR;
  gboolean               made = FALSE;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  db = valise_db_open (path, VALISE_DB_READER, TIMEOUT_MS, error);
  if (db == NULL || !has_tables (db, &made, error))
    return FALSE;
  if (!made)
    return TRUE;
  stmt = valise_db_prepare (db, "SELECT sha256 FROM file WHERE complete = 1");
  while ((step = valise_stmt_step (stmt, error)) == VALISE_STEP_ROW)
    {
      g_autofree char   *sha256 = g_strdup (valise_stmt_get_text (stmt, 0));
      g_autoptr (GError) failure = NULL;

      ++*files;
      if (!check_file (db, sha256, verifier, problems, &failure))
        tell (verifier, problems, "file %s: %s", sha256, failure->message);
    }
  g_clear_pointer (&stmt, valise_stmt_release);
  return step == VALISE_STEP_DONE;
}
