/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-document-table"

#include "config.h"

#include <string.h>

#include "valise-document-table.h"

void
valise_document_row_clear (ValiseDocumentRow *self)
{
  g_clear_pointer (&self->rev, g_free);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->tree, valise_revision_tree_free);
}

static gboolean
refuse_damage (ValiseDb *db, const char *id, const char *what, GError **error)
{
  valise_db_mark_suspect (db);
  g_set_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_CORRUPT, "Document %s: %s", id, what);
  return FALSE;
}

/**
 * valise_document_table_find:
 * @row: (out): zeroed by the caller
 *
 * Fails with %VALISE_DB_ERROR_CORRUPT where the tree is damaged, or any #ValiseDbError.
 */
gboolean
valise_document_table_find (ValiseDb *db, const char *id, ValiseDocumentRow *row, GError **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (db, "SELECT row, seq, rev, deleted, here, size, leaves, tree "
                             "FROM document WHERE id = :id");
  ValiseStep step = VALISE_STEP_ERROR;

  valise_stmt_bind_text (stmt, ":id", id);
  step = valise_stmt_step (stmt, error);
  if (step == VALISE_STEP_DONE)
    row->tree = valise_revision_tree_new ();
  if (step != VALISE_STEP_ROW)
    return step == VALISE_STEP_DONE;

  row->row = valise_stmt_get_int64 (stmt, 0);
  row->seq = valise_stmt_get_int64 (stmt, 1);
  row->rev = g_strdup (valise_stmt_get_text (stmt, 2));
  row->deleted = valise_stmt_get_int64 (stmt, 3) != 0;
  row->here = valise_stmt_get_int64 (stmt, 4) != 0;
  row->size = valise_stmt_get_int64 (stmt, 5);
  row->leaves = (guint) valise_stmt_get_int64 (stmt, 6);
  row->bytes = valise_stmt_dup_bytes (stmt, 7);
  row->tree = valise_revision_tree_from_bytes (g_bytes_get_data (row->bytes, NULL),
                                               g_bytes_get_size (row->bytes));
  return row->tree != NULL || refuse_damage (db, id, "its revisions cannot be read", error);
}

static void
bind_head (ValiseStmt *stmt, const ValiseDocumentRow *row)
{
  valise_stmt_bind_int64 (stmt, ":seq", row->seq);
  valise_stmt_bind_text (stmt, ":rev", row->rev);
  valise_stmt_bind_int64 (stmt, ":deleted", row->deleted);
  valise_stmt_bind_int64 (stmt, ":here", row->here);
  valise_stmt_bind_int64 (stmt, ":leaves", row->leaves);
  valise_stmt_bind_bytes (stmt, ":tree", row->bytes);
}

static gboolean
insert_row (ValiseDb *db, ValiseDocumentRow *row, const ValiseDocument *document, GError **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      db, "INSERT INTO document VALUES (NULL, :id, :seq, :rev, :deleted, :here, :size, :leaves, "
          ":tree, :attachments, :body) RETURNING row");

  bind_head (stmt, row);
  valise_stmt_bind_text (stmt, ":id", document->id);
  valise_stmt_bind_int64 (stmt, ":size", row->size);
  valise_stmt_bind_text (stmt, ":attachments", document->attachments);
  valise_stmt_bind_bytes (stmt, ":body", document->body);
  if (valise_stmt_step (stmt, error) != VALISE_STEP_ROW)
    return FALSE;

  row->row = valise_stmt_get_int64 (stmt, 0);
  return valise_stmt_run (stmt, error);
}

gboolean
valise_document_table_put (ValiseDb             *db,
                           ValiseDocumentRow    *row,
                           const ValiseDocument *document,
                           GError              **error)
{
  g_autoptr (ValiseStmt) stmt = NULL;

  if (row->row == 0)
    return insert_row (db, row, document, error);

  stmt = valise_db_prepare (
      db, "UPDATE document SET seq = :seq, rev = :rev, deleted = :deleted, here = :here, "
          "size = :size, leaves = :leaves, tree = :tree, attachments = :attachments, "
          "body = :body WHERE row = :row");
  bind_head (stmt, row);
  valise_stmt_bind_int64 (stmt, ":row", row->row);
  valise_stmt_bind_int64 (stmt, ":size", row->size);
  valise_stmt_bind_text (stmt, ":attachments", document->attachments);
  valise_stmt_bind_bytes (stmt, ":body", document->body);
  return valise_stmt_run (stmt, error);
}

gboolean
valise_document_table_put_head (ValiseDb *db, const ValiseDocumentRow *row, GError **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      db, "UPDATE document SET seq = :seq, rev = :rev, deleted = :deleted, here = :here, "
          "leaves = :leaves, tree = :tree WHERE row = :row");

  bind_head (stmt, row);
  valise_stmt_bind_int64 (stmt, ":row", row->row);
  return valise_stmt_run (stmt, error);
}

gboolean
valise_document_table_demote (ValiseDb *db, gint64 row, GError **error)
{
  /* A leaf that won by a body that came had once left its row there: it is written over. */
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      db, "INSERT OR REPLACE INTO leaf SELECT row, rev, size, attachments, body FROM document "
          "WHERE row = :row");

  valise_stmt_bind_int64 (stmt, ":row", row);
  return valise_stmt_run (stmt, error);
}

gboolean
valise_document_table_promote (ValiseDb *db, gint64 row, const char *rev, GError **error)
{
  /* A leaf that lacks makes size NULL, which the schema refuses. */
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      db, "UPDATE document SET (size, attachments, body) = (SELECT size, attachments, body "
          "FROM leaf WHERE document = :row AND rev = :rev) WHERE row = :row");

  valise_stmt_bind_int64 (stmt, ":row", row);
  valise_stmt_bind_text (stmt, ":rev", rev);
  return valise_stmt_run (stmt, error) && valise_leaf_table_drop (db, row, rev, error);
}

gboolean
valise_leaf_table_put (ValiseDb             *db,
                       gint64                row,
                       const char           *rev,
                       const ValiseDocument *document,
                       GError              **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      db, "INSERT OR REPLACE INTO leaf VALUES (:row, :rev, :size, :attachments, :body)");

  valise_stmt_bind_int64 (stmt, ":row", row);
  valise_stmt_bind_text (stmt, ":rev", rev);
  valise_stmt_bind_int64 (stmt, ":size", document->size);
  valise_stmt_bind_text (stmt, ":attachments", document->attachments);
  valise_stmt_bind_bytes (stmt, ":body", document->body);
  return valise_stmt_run (stmt, error);
}

gboolean
valise_leaf_table_drop (ValiseDb *db, gint64 row, const char *rev, GError **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (db, "DELETE FROM leaf WHERE document = :row AND rev = :rev");

  valise_stmt_bind_int64 (stmt, ":row", row);
  valise_stmt_bind_text (stmt, ":rev", rev);
  return valise_stmt_run (stmt, error);
}

/* --- reading back what was written --------------------------------------------------- */

static gboolean
same_blob (ValiseStmt *stmt, int column, GBytes *body)
{
  gsize         length = 0;
  gconstpointer data = valise_stmt_get_blob (stmt, column, &length);

  return length == g_bytes_get_size (body)
         && (length == 0 || memcmp (data, g_bytes_get_data (body, NULL), length) == 0);
}

gboolean
valise_document_table_verify (ValiseDb   *db,
                              gint64      row,
                              const char *rev,
                              GBytes     *body,
                              GError    **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (db, "SELECT rev, id, body FROM document WHERE row = :row");
  ValiseStep step = VALISE_STEP_ERROR;

  valise_stmt_bind_int64 (stmt, ":row", row);
  step = valise_stmt_step (stmt, error);
  if (step == VALISE_STEP_DONE)
    return refuse_damage (db, rev, "what was written is not there", error);
  if (step == VALISE_STEP_ERROR)
    return FALSE;

  return g_strcmp0 (valise_stmt_get_text (stmt, 0), rev) != 0 || same_blob (stmt, 2, body)
         || refuse_damage (db, valise_stmt_get_text (stmt, 1), "read back differs from written",
                           error);
}

gboolean
valise_leaf_table_verify (ValiseDb *db, gint64 row, const char *rev, GBytes *body, GError **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (db, "SELECT body FROM leaf WHERE document = :row AND rev = :rev");
  ValiseStep step = VALISE_STEP_ERROR;

  valise_stmt_bind_int64 (stmt, ":row", row);
  valise_stmt_bind_text (stmt, ":rev", rev);
  step = valise_stmt_step (stmt, error);
  if (step == VALISE_STEP_ERROR)
    return FALSE;

  return (step == VALISE_STEP_ROW && same_blob (stmt, 0, body))
         || refuse_damage (db, rev, "read back differs from written", error);
}

/**
 * valise_document_table_read:
 * @row: as found in the same transaction
 * @rev: a leaf of its tree, spelled as there
 *
 * Fails with %VALISE_DB_ERROR_CORRUPT where the leaf's row lacks.
 *
 * Returns: (transfer full): the leaf, with ancestors, attachments and, where it is here, body
 */
ValiseDocument *
valise_document_table_read (ValiseDb                *db,
                            const char              *id,
                            const ValiseDocumentRow *row,
                            const char              *rev,
                            GError                 **error)
{
  gboolean               wins = g_str_equal (rev, row->rev);
  g_autoptr (ValiseStmt) stmt =
      wins ? valise_db_prepare (db, "SELECT size, attachments, body FROM document "
                                    "WHERE row = :row")
           : valise_db_prepare (db, "SELECT size, attachments, body FROM leaf "
                                    "WHERE document = :row AND rev = :rev");
  g_autoptr (GBytes) body = NULL;
  ValiseDocument    *document = NULL;
  ValiseStep         step = VALISE_STEP_ERROR;

  valise_stmt_bind_int64 (stmt, ":row", row->row);
  if (!wins)
    valise_stmt_bind_text (stmt, ":rev", rev);
  step = valise_stmt_step (stmt, error);
  if (step == VALISE_STEP_DONE)
    refuse_damage (db, id, "a leaf is not kept", error);
  if (step != VALISE_STEP_ROW)
    return NULL;

  body = valise_stmt_dup_bytes (stmt, 2);
  document = valise_document_new (id, rev, valise_revision_tree_is_deleted (row->tree, rev), body);
  document->size = valise_stmt_get_int64 (stmt, 0);
  document->attachments = g_strdup (valise_stmt_get_text (stmt, 1));
  document->ancestors = valise_revision_tree_dup_ancestors (row->tree, rev);
  document->seq = row->seq;
  return document;
}
