/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-meta-table"

#include "config.h"

#include "valise-clock.h"
#include "valise-database.h"
#include "valise-id.h"
#include "valise-meta-table.h"

void
valise_meta_row_clear (ValiseMetaRow *self)
{
  g_clear_pointer (&self->uuid, g_free);
}

/**
 * valise_meta_read:
 * @meta: (out): zeroed by the caller
 *
 * Fails with %VALISE_DB_ERROR_CORRUPT where the row lacks.
 */
gboolean
valise_meta_read (ValiseDb *db, ValiseMetaRow *meta, GError **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (db, "SELECT uuid, created_us, update_seq, documents, deleted, absent, "
                             "clean FROM meta");
  ValiseStep step = valise_stmt_step (stmt, error);

  if (step == VALISE_STEP_DONE)
    g_set_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_CORRUPT, "Table meta is empty");
  if (step != VALISE_STEP_ROW)
    return FALSE;

  meta->uuid = g_strdup (valise_stmt_get_text (stmt, 0));
  meta->created_us = valise_stmt_get_int64 (stmt, 1);
  meta->update_seq = valise_stmt_get_int64 (stmt, 2);
  meta->documents = valise_stmt_get_int64 (stmt, 3);
  meta->deleted = valise_stmt_get_int64 (stmt, 4);
  meta->absent = valise_stmt_get_int64 (stmt, 5);
  meta->clean = valise_stmt_get_int64 (stmt, 6) != 0;
  return TRUE;
}

/**
 * valise_meta_insert:
 *
 * Gives a new file its row: its epoch, and nothing counted. A file that has one keeps it.
 */
gboolean
valise_meta_insert (ValiseDb *db, GError **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      db, "INSERT OR IGNORE INTO meta VALUES (1, :uuid, :created_us, 0, 0, 0, 0, 1)");
  g_autofree char *uuid = valise_random_hex (16);

  valise_stmt_bind_text (stmt, ":uuid", uuid);
  valise_stmt_bind_int64 (stmt, ":created_us", valise_clock_now ());
  return valise_stmt_run (stmt, error);
}

gboolean
valise_meta_update (ValiseDb *db, const ValiseMetaRow *meta, GError **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (db, "UPDATE meta SET update_seq = :update_seq, documents = :documents, "
                             "deleted = :deleted, absent = :absent, clean = :clean");

  valise_stmt_bind_int64 (stmt, ":update_seq", meta->update_seq);
  valise_stmt_bind_int64 (stmt, ":documents", meta->documents);
  valise_stmt_bind_int64 (stmt, ":deleted", meta->deleted);
  valise_stmt_bind_int64 (stmt, ":absent", meta->absent);
  valise_stmt_bind_int64 (stmt, ":clean", meta->clean);
  return valise_stmt_run (stmt, error);
}

/**
 * valise_meta_renew:
 *
 * Makes the sequences of the file another epoch's: a new uuid, which peers of our own compare,
 * and a new time of creation, which is CouchDB's instance_start_time (since 3.3).
 */
gboolean
valise_meta_renew (ValiseDb *db, GError **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      db, "UPDATE meta SET uuid = :uuid, created_us = max (:now, created_us + 1)");
  g_autofree char *uuid = valise_random_hex (16);

  valise_stmt_bind_text (stmt, ":uuid", uuid);
  valise_stmt_bind_int64 (stmt, ":now", valise_clock_now ());
  return valise_stmt_run (stmt, error);
}

/* --- _local documents ---------------------------------------------------------------- */

/**
 * valise_local_table_get:
 * @id: without "_local/"
 * @rev: (out) (optional): "0-N"
 *
 * Fails with %VALISE_DATABASE_ERROR_MISSING.
 *
 * Returns: (transfer full): the body's text
 */
char *
valise_local_table_get (ValiseDb *db, const char *id, char **rev, GError **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (db, "SELECT rev, body FROM local WHERE id = :id");
  ValiseStep step = VALISE_STEP_ERROR;

  valise_stmt_bind_text (stmt, ":id", id);
  step = valise_stmt_step (stmt, error);
  if (step == VALISE_STEP_DONE)
    g_set_error (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING,
                 "No document _local/%s", id);
  if (step != VALISE_STEP_ROW)
    return NULL;

  if (rev != NULL)
    *rev = g_strdup_printf ("0-%" G_GINT64_FORMAT, valise_stmt_get_int64 (stmt, 0));
  return g_strdup (valise_stmt_get_text (stmt, 1));
}

/* Returns: (transfer full): the new "0-N" */
char *
valise_local_table_put (ValiseDb *db, const char *id, const char *body, GError **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      db, "INSERT INTO local VALUES (:id, 1, :body) "
          "ON CONFLICT (id) DO UPDATE SET rev = rev + 1, body = excluded.body RETURNING rev");
  g_autofree char *rev = NULL;

  valise_stmt_bind_text (stmt, ":id", id);
  valise_stmt_bind_text (stmt, ":body", body);
  if (valise_stmt_step (stmt, error) != VALISE_STEP_ROW)
    return NULL;

  rev = g_strdup_printf ("0-%" G_GINT64_FORMAT, valise_stmt_get_int64 (stmt, 0));
  return valise_stmt_run (stmt, error) ? g_steal_pointer (&rev) : NULL;
}

/* Fails with %VALISE_DATABASE_ERROR_MISSING. */
gboolean
valise_local_table_delete (ValiseDb *db, const char *id, GError **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (db, "DELETE FROM local WHERE id = :id RETURNING id");
  ValiseStep step = VALISE_STEP_ERROR;

  valise_stmt_bind_text (stmt, ":id", id);
  step = valise_stmt_step (stmt, error);
  if (step == VALISE_STEP_DONE)
    g_set_error (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING,
                 "No document _local/%s", id);
  return step == VALISE_STEP_ROW && valise_stmt_run (stmt, error);
}
