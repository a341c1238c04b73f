/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-verify-files"

#include "config.h"

#include "valise-db-parts.h"
#include "valise-file-rows.h"
#include "valise-verify-parts.h"

#define TIMEOUT_MS 10000

/* --- what all of them do ----------------------------------------------------------------- */

void
valise_verify_tell (const ValiseVerifier *verifier, gint64 *problems, const char *format, ...)
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

gboolean
valise_verify_pages (ValiseDb             *db,
                     const char           *what,
                     const ValiseVerifier *verifier,
                     gint64               *problems,
                     GError              **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (db, "PRAGMA integrity_check(20)");
  ValiseStep             step = VALISE_STEP_ERROR;

  while ((step = valise_stmt_step (stmt, error)) == VALISE_STEP_ROW)
    if (g_strcmp0 (valise_stmt_get_text (stmt, 0), "ok") != 0)
      {
        valise_verify_tell (verifier, problems, "%s%s", what, valise_stmt_get_text (stmt, 0));
        valise_db_mark_suspect (db);
      }
  return step == VALISE_STEP_DONE;
}

/* --- the files --------------------------------------------------------------------------- */

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
  if (g_str_equal (digest, sha256))
    return TRUE;
  valise_verify_tell (verifier, problems, "file %s: its bytes make %s", sha256, digest);
  if (verifier->damaged != NULL)
    verifier->damaged (sha256, verifier->user_data);
  return TRUE;
}

static gboolean
check_complete (ValiseDb             *db,
                const ValiseVerifier *verifier,
                gint64               *files,
                gint64               *problems,
                GError              **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (db, "SELECT sha256 FROM file WHERE complete = 1");
  ValiseStep step = VALISE_STEP_ERROR;

  while ((step = valise_stmt_step (stmt, error)) == VALISE_STEP_ROW)
    {
      g_autofree char   *sha256 = g_strdup (valise_stmt_get_text (stmt, 0));
      g_autoptr (GError) failure = NULL;

      ++*files;
      if (!check_file (db, sha256, verifier, problems, &failure))
        valise_verify_tell (verifier, problems, "file %s: %s", sha256, failure->message);
    }
  return step == VALISE_STEP_DONE;
}

/* Of one that is half here only this can be said before the rest has come. */
static gboolean
check_partial (ValiseDb *db, const ValiseVerifier *verifier, gint64 *problems, GError **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      db, "SELECT sha256, present, "
          "(SELECT ifnull (sum (length (bytes)), 0) FROM chunk WHERE file = file.row) AS held "
          "FROM file WHERE present <> held");
  ValiseStep step = VALISE_STEP_ERROR;

  while ((step = valise_stmt_step (stmt, error)) == VALISE_STEP_ROW)
    valise_verify_tell (verifier, problems,
                        "file %s: %" G_GINT64_FORMAT " bytes are here, not %" G_GINT64_FORMAT,
                        valise_stmt_get_text (stmt, 0), valise_stmt_get_int64 (stmt, 2),
                        valise_stmt_get_int64 (stmt, 1));
  return step == VALISE_STEP_DONE;
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
  g_autoptr (ValiseDb) db = NULL;
  gboolean             made = FALSE;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  db = valise_db_open (path, VALISE_DB_READER, TIMEOUT_MS, error);
  if (db == NULL || !has_tables (db, &made, error))
    return FALSE;
  return !made
         || (valise_verify_pages (db, "files: ", verifier, problems, error)
             && check_complete (db, verifier, files, problems, error)
             && check_partial (db, verifier, problems, error));
}
