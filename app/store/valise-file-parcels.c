/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-file-parcels"

#include "config.h"

#include "valise-file-spare.h"
#include "valise-file-store-parts.h"
#include "valise-file-wishes.h"

typedef struct
{
  const char *sha256;
  const char *database;
  const char *problem;
} Note;

void
valise_file_parcel_free (ValiseFileParcel *parcel)
{
  g_free (parcel->sha256);
  g_free (parcel->database);
  g_free (parcel->problem);
  g_free (parcel);
}

static gboolean
run_note (ValiseStmt *stmt, const Note *note, GError **error)
{
  valise_stmt_bind_text (stmt, ":sha256", note->sha256);
  valise_stmt_bind_text (stmt, ":database", note->database);
  return valise_stmt_run (stmt, error);
}

static gboolean
add_parcel (ValiseDb *db, gpointer user_data, GError **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      db, "INSERT INTO parcel VALUES (:sha256, :database, 0, NULL) ON CONFLICT DO NOTHING");

  return run_note (stmt, user_data, error);
}

gboolean
valise_file_parcels_add (ValiseFileStore *files,
                         const char      *sha256,
                         const char      *database,
                         GError         **error)
{
  Note note = { sha256, database, NULL };

  return valise_file_spare_keep (files, sha256, database, error)
         && valise_file_store_write (files, add_parcel, &note, error);
}

static gboolean
acknowledge (ValiseDb *db, gpointer user_data, GError **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (db, "UPDATE parcel SET acknowledged = 1, problem = NULL "
                             "WHERE sha256 = :sha256 AND database = :database");

  return run_note (stmt, user_data, error);
}

gboolean
valise_file_parcels_acknowledge (ValiseFileStore *files,
                                 const char      *sha256,
                                 const char      *database,
                                 GError         **error)
{
  Note note = { sha256, database, NULL };

  if (!valise_file_store_write (files, acknowledge, &note, error))
    return FALSE;
  valise_file_spare_drop (files, sha256, database);
  return TRUE;
}

typedef struct
{
  Note     note;
  gboolean acknowledged;
} Question;

static gboolean
find_acknowledged (ValiseDb *db, gpointer user_data, GError **error)
{
  Question              *question = user_data;
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      db, "SELECT acknowledged FROM parcel WHERE sha256 = :sha256 AND database = :database");
  ValiseStep step = VALISE_STEP_DONE;

  valise_stmt_bind_text (stmt, ":sha256", question->note.sha256);
  valise_stmt_bind_text (stmt, ":database", question->note.database);
  step = valise_stmt_step (stmt, error);
  question->acknowledged = step == VALISE_STEP_ROW && valise_stmt_get_int64 (stmt, 0) != 0;
  return step != VALISE_STEP_ERROR;
}

gboolean
valise_file_parcels_get_acknowledged (ValiseFileStore *files,
                                      const char      *sha256,
                                      const char      *database,
                                      gboolean        *acknowledged,
                                      GError         **error)
{
  Question question = { { sha256, database, NULL }, FALSE };
  gboolean ok = valise_file_store_look (files, find_acknowledged, &question, error);

  *acknowledged = question.acknowledged;
  return ok;
}

static gboolean
note_problem (ValiseDb *db, gpointer user_data, GError **error)
{
  const Note            *note = user_data;
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (db, "UPDATE parcel SET problem = :problem "
                             "WHERE sha256 = :sha256 AND database = :database");

  valise_stmt_bind_text (stmt, ":problem", note->problem);
  return run_note (stmt, note, error);
}

gboolean
valise_file_parcels_set_problem (ValiseFileStore *files,
                                 const char      *sha256,
                                 const char      *database,
                                 const char      *problem,
                                 GError         **error)
{
  Note note = { sha256, database, problem };

  return valise_file_store_write (files, note_problem, &note, error);
}

static gboolean
list_parcels (ValiseDb *db, gpointer user_data, GError **error)
{
  GPtrArray             *parcels = user_data;
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      db, "SELECT parcel.sha256, database, length, acknowledged, problem FROM parcel "
          "JOIN file ON file.sha256 = parcel.sha256 WHERE acknowledged = 0 AND complete "
          "ORDER BY length, parcel.sha256, database");
  ValiseStep step = VALISE_STEP_DONE;

  while ((step = valise_stmt_step (stmt, error)) == VALISE_STEP_ROW)
    {
      ValiseFileParcel *parcel = g_new0 (ValiseFileParcel, 1);

      parcel->sha256 = g_strdup (valise_stmt_get_text (stmt, 0));
      parcel->database = g_strdup (valise_stmt_get_text (stmt, 1));
      parcel->length = valise_stmt_get_int64 (stmt, 2);
      parcel->acknowledged = valise_stmt_get_int64 (stmt, 3) != 0;
      parcel->problem = g_strdup (valise_stmt_get_text (stmt, 4));
      g_ptr_array_add (parcels, parcel);
    }
  return step == VALISE_STEP_DONE;
}

GPtrArray *
valise_file_parcels_list (ValiseFileStore *files, GError **error)
{
  g_autoptr (GPtrArray) parcels =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_file_parcel_free);

  return valise_file_store_look (files, list_parcels, parcels, error) ? g_steal_pointer (&parcels)
                                                                      : NULL;
}
