/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-file-again"

#include "config.h"

#include "valise-file-again.h"
#include "valise-json.h"

#define TIMEOUT_MS 1000

struct _ValiseFileAgain
{
  ValiseDb *index; /* NULL: it cannot be asked */
};

ValiseFileAgain *
valise_file_again_open (const char *folder)
{
  ValiseFileAgain   *self = g_new0 (ValiseFileAgain, 1);
  g_autofree char   *path = g_build_filename (folder, "search.sqlite", NULL);
  g_autoptr (GError) error = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return self;
  self->index = valise_db_open (path, VALISE_DB_READER, TIMEOUT_MS, &error);
  if (self->index == NULL)
    g_info ("Which files were here is not known: %s", error->message);
  return self;
}

void
valise_file_again_close (ValiseFileAgain *self)
{
  g_clear_pointer (&self->index, valise_db_close);
  g_free (self);
}

GPtrArray *
valise_file_again_list (ValiseFileAgain *self)
{
  GPtrArray             *found = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (ValiseStmt) stmt = NULL;

  if (self->index == NULL)
    return found;
  stmt = valise_db_prepare (self->index, "SELECT DISTINCT file FROM entry "
                                         "WHERE file IS NOT NULL AND here = 1");
  while (valise_stmt_step (stmt, NULL) == VALISE_STEP_ROW)
    g_ptr_array_add (found, g_strdup (valise_stmt_get_text (stmt, 0)));
  return found;
}

static gboolean
revive_wish (ValiseDb *db, const char *sha256, gboolean *revived, GError **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      db, "UPDATE wish SET stage = max (stage, 1), evicted = 0, source = NULL, tag = NULL, "
          "problem = NULL WHERE sha256 = :sha256 RETURNING 1");
  ValiseStep step = VALISE_STEP_ERROR;

  valise_stmt_bind_text (stmt, ":sha256", sha256);
  step = valise_stmt_step (stmt, error);
  *revived = step == VALISE_STEP_ROW;
  return step == VALISE_STEP_DONE || (step == VALISE_STEP_ROW && valise_stmt_run (stmt, error));
}

static char *
dup_name (const char *summary, const char *sha256)
{
  g_autoptr (ValiseJson) json =
      summary != NULL ? valise_json_scan_text (summary, -1, VALISE_JSON_ANY, NULL) : NULL;
  char *name = json != NULL ? valise_json_dup_member (json, 0, "name") : NULL;

  return name != NULL ? name : g_strdup (sha256);
}

/* @entry: a row of the index. */
static gboolean
add_wish (ValiseDb *db, ValiseStmt *entry, const char *sha256, GError **error)
{
  g_autofree char       *name = dup_name (valise_stmt_get_text (entry, 4), sha256);
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      db, "INSERT INTO wish VALUES (:sha256, :database, :name, :symbol, :meeting, :language, "
          ":length, 0, 1, 0, NULL, NULL, NULL) ON CONFLICT DO NOTHING");

  valise_stmt_bind_text (stmt, ":sha256", sha256);
  valise_stmt_bind_text (stmt, ":database", valise_stmt_get_text (entry, 0));
  valise_stmt_bind_text (stmt, ":symbol", valise_stmt_get_text (entry, 1));
  valise_stmt_bind_text (stmt, ":meeting", valise_stmt_get_text (entry, 2));
  valise_stmt_bind_text (stmt, ":language", valise_stmt_get_text (entry, 3));
  valise_stmt_bind_text (stmt, ":name", name);
  valise_stmt_bind_int64 (stmt, ":length", valise_stmt_get_int64 (entry, 5));
  return valise_stmt_run (stmt, error);
}

gboolean
valise_file_again_want (ValiseFileAgain *self,
                        ValiseDb        *db,
                        const char      *sha256,
                        gboolean        *wanted,
                        GError         **error)
{
  g_autoptr (ValiseStmt) entry = NULL;

  if (!revive_wish (db, sha256, wanted, error))
    return FALSE;
  if (*wanted || self->index == NULL)
    return TRUE;
  entry = valise_db_prepare (self->index,
                             "SELECT database, symbol, meeting, language, summary, size FROM entry "
                             "WHERE file = :sha256 LIMIT 1");
  valise_stmt_bind_text (entry, ":sha256", sha256);
  if (valise_stmt_step (entry, NULL) != VALISE_STEP_ROW)
    return TRUE;
  *wanted = TRUE;
  return add_wish (db, entry, sha256, error);
}
