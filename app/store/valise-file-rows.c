/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-file-rows"

#include "config.h"

#include "valise-file-rows.h"
#include "valise-file-store.h"

gboolean
valise_file_row_find (ValiseDb *db, const char *sha256, ValiseFileRow *file, GError **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      db, "SELECT row, length, present, complete FROM file WHERE sha256 = :sha256");
  ValiseStep step = VALISE_STEP_ERROR;

  valise_stmt_bind_text (stmt, ":sha256", sha256);
  step = valise_stmt_step (stmt, error);
  if (step == VALISE_STEP_ROW)
    {
      file->row = valise_stmt_get_int64 (stmt, 0);
      file->length = valise_stmt_get_int64 (stmt, 1);
      file->present = valise_stmt_get_int64 (stmt, 2);
      file->complete = valise_stmt_get_int64 (stmt, 3) != 0;
    }
  return step != VALISE_STEP_ERROR;
}

gboolean
valise_file_row_insert (ValiseDb *db, const char *sha256, ValiseFileRow *file, GError **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      db, "INSERT INTO file VALUES (NULL, :sha256, :length, 0, 0) RETURNING row");

  valise_stmt_bind_text (stmt, ":sha256", sha256);
  valise_stmt_bind_int64 (stmt, ":length", file->length);
  if (valise_stmt_step (stmt, error) != VALISE_STEP_ROW)
    return FALSE;

  file->row = valise_stmt_get_int64 (stmt, 0);
  return valise_stmt_run (stmt, error);
}

gboolean
valise_file_row_update (ValiseDb *db, const ValiseFileRow *file, GError **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      db, "UPDATE file SET present = :present, complete = :complete WHERE row = :row");

  valise_stmt_bind_int64 (stmt, ":row", file->row);
  valise_stmt_bind_int64 (stmt, ":present", file->present);
  valise_stmt_bind_int64 (stmt, ":complete", file->complete);
  return valise_stmt_run (stmt, error);
}

gboolean
valise_file_row_drop (ValiseDb *db, gint64 row, GError **error)
{
  g_autoptr (ValiseStmt) chunks = valise_db_prepare (db, "DELETE FROM chunk WHERE file = :row");
  g_autoptr (ValiseStmt) file = valise_db_prepare (db, "DELETE FROM file WHERE row = :row");

  valise_stmt_bind_int64 (chunks, ":row", row);
  valise_stmt_bind_int64 (file, ":row", row);
  return valise_stmt_run (chunks, error) && valise_stmt_run (file, error);
}

/* What is here of chunk @number; empty where nothing is. */
GByteArray *
valise_file_row_read_chunk (ValiseDb *db, gint64 row, gint64 number, GError **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (db, "SELECT bytes FROM chunk WHERE file = :row AND number = :number");
  g_autoptr (GByteArray) chunk = g_byte_array_sized_new (VALISE_FILE_CHUNK);
  gsize                  length = 0;
  ValiseStep             step = VALISE_STEP_ERROR;

  valise_stmt_bind_int64 (stmt, ":row", row);
  valise_stmt_bind_int64 (stmt, ":number", number);
  step = valise_stmt_step (stmt, error);
  if (step == VALISE_STEP_ROW)
    {
      gconstpointer data = valise_stmt_get_blob (stmt, 0, &length);

      g_byte_array_append (chunk, data, (guint) length);
    }
  return step != VALISE_STEP_ERROR ? g_steal_pointer (&chunk) : NULL;
}

static gboolean
write_chunk (ValiseDb *db, gint64 row, gint64 number, const GByteArray *chunk, GError **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (db, "INSERT OR REPLACE INTO chunk VALUES (:row, :number, :bytes)");

  valise_stmt_bind_int64 (stmt, ":row", row);
  valise_stmt_bind_int64 (stmt, ":number", number);
  valise_stmt_bind_blob (stmt, ":bytes", chunk->data, chunk->len);
  return valise_stmt_run (stmt, error);
}

gboolean
valise_file_row_add (ValiseDb *db, ValiseFileRow *file, GBytes *piece, GError **error)
{
  gsize         left = 0;
  const guint8 *data = g_bytes_get_data (piece, &left);

  while (left > 0)
    {
      gint64                 number = file->present / VALISE_FILE_CHUNK;
      guint                  filled = (guint) (file->present % VALISE_FILE_CHUNK);
      gsize                  part = MIN (left, (gsize) VALISE_FILE_CHUNK - filled);
      g_autoptr (GByteArray) chunk = filled > 0
                                         ? valise_file_row_read_chunk (db, file->row, number, error)
                                         : g_byte_array_sized_new ((guint) part);

      if (chunk == NULL)
        return FALSE;
      g_byte_array_append (chunk, data, (guint) part);
      if (!write_chunk (db, file->row, number, chunk, error))
        return FALSE;
      file->present += (gint64) part;
      data += part;
      left -= part;
    }
  return TRUE;
}

/* NULL with an error. */
char *
valise_file_row_digest (ValiseDb *db, const ValiseFileRow *file, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (gint64 at = 0; at < file->length; at += VALISE_FILE_CHUNK)
    {
      g_autoptr (GByteArray) chunk =
          valise_file_row_read_chunk (db, file->row, at / VALISE_FILE_CHUNK, error);

      if (chunk == NULL)
        return NULL;
      g_checksum_update (checksum, chunk->data, (gssize) chunk->len);
    }
  return g_strdup (g_checksum_get_string (checksum));
}
