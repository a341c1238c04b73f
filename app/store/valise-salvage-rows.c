/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-salvage-rows"

#include "config.h"

#include "valise-canonical.h"
#include "valise-db-parts.h"
#include "valise-salvage-rows.h"

#define TIMEOUT_MS 10000
#define MAX_MISSED 20000 /* rows in a row that are not there: the end, where it is not known */
#define PER_BATCH  500

typedef struct
{
  ValiseDb       *db;
  ValiseDatabase *target;
  ValiseBatch    *batch;
  guint           in_batch;
  guint           rows;
  guint           doubtful;
} Salvage;

/* Whether @document's revision is the digest of what it says. */
static gboolean
is_proven (const ValiseDocument *document)
{
  g_autoptr (ValiseJson) json = valise_document_scan (document, NULL);
  guint                  generation = 0;
  g_autofree char       *parent = NULL;
  g_autofree char       *made = NULL;

  if (json == NULL || !valise_revision_parse (document->rev, &generation, NULL)
      || (generation > 1 && (document->ancestors == NULL || document->ancestors[0] == NULL)))
    return FALSE;
  if (generation > 1)
    parent = g_strdup_printf ("%u-%s", generation - 1, document->ancestors[0]);
  made = valise_canonical_revision (parent, document->deleted, json);
  return g_str_equal (made, document->rev);
}

/* The winner's body and attachments are in the document's row, another leaf's in its own. What of
 * a leaf cannot be read is as if it were not here. */
static ValiseDocument *
read_leaf (Salvage                  *self,
           gint64                    row,
           const char               *id,
           const ValiseRevisionLeaf *leaf,
           gboolean                  wins,
           GError                  **failure)
{
  g_autoptr (ValiseStmt) stmt =
      wins ? valise_db_prepare (self->db, "SELECT body, attachments FROM document WHERE row = :row")
           : valise_db_prepare (self->db, "SELECT body, attachments FROM leaf "
                                          "WHERE document = :row AND rev = :rev");
  g_autoptr (GBytes) body = NULL;
  ValiseDocument    *document = NULL;
  gsize              length = 0;
  gconstpointer      data = NULL;

  valise_stmt_bind_int64 (stmt, ":row", row);
  if (!wins)
    valise_stmt_bind_text (stmt, ":rev", leaf->rev);
  if (valise_stmt_step (stmt, failure) == VALISE_STEP_ROW)
    data = valise_stmt_get_blob (stmt, 0, &length);
  if (data != NULL)
    body = g_bytes_new (data, length);
  document = valise_document_new (id, leaf->rev, leaf->deleted, body);
  if (body != NULL)
    document->attachments = g_strdup (valise_stmt_get_text (stmt, 1));
  return document;
}

static gboolean
merge_leaf (Salvage *self, ValiseDocument *document, GError **error)
{
  g_autoptr (GError) failure = NULL;

  if (document->body != NULL && !is_proven (document))
    {
      g_clear_pointer (&document->body, g_bytes_unref);
      g_clear_pointer (&document->attachments, g_free);
      self->doubtful++;
    }
  if (self->batch == NULL && (self->batch = valise_database_begin (self->target, error)) == NULL)
    return FALSE;
  if (valise_batch_merge (self->batch, document, NULL, &failure)
      || failure->domain == VALISE_DATABASE_ERROR) /* rubbish; the rest may be sound */
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
commit (Salvage *self, GError **error)
{
  self->in_batch = 0;
  return self->batch == NULL || valise_batch_commit (g_steal_pointer (&self->batch), error);
}

/* The leaves of a row (element-type ValiseDocument); NULL, with @failure or without, where there
 * is no such row or none that can be read. */
static GPtrArray *
read_leaves (Salvage *self, gint64 row, GError **failure)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (self->db, "SELECT id, tree FROM document WHERE row = :row");
  g_autoptr (ValiseRevisionTree) tree = NULL;
  g_autoptr (GPtrArray)          leaves = NULL;
  g_autofree char               *id = NULL;
  gsize                          length = 0;
  gconstpointer                  data = NULL;
  GPtrArray                     *documents = NULL;

  valise_stmt_bind_int64 (stmt, ":row", row);
  if (valise_stmt_step (stmt, failure) != VALISE_STEP_ROW)
    return NULL;
  id = g_strdup (valise_stmt_get_text (stmt, 0));
  data = valise_stmt_get_blob (stmt, 1, &length);
  if (id != NULL && data != NULL)
    tree = valise_revision_tree_from_bytes (data, length);
  if (tree == NULL)
    return NULL;

  documents = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);
  leaves = valise_revision_tree_get_leaves (tree);
  for (guint i = 0; i < leaves->len && *failure == NULL; i++)
    {
      const ValiseRevisionLeaf *leaf = g_ptr_array_index (leaves, i);
      ValiseDocument           *document = read_leaf (self, row, id, leaf, i == 0, failure);

      document->ancestors = valise_revision_tree_dup_ancestors (tree, leaf->rev);
      g_ptr_array_add (documents, document);
      if (!valise_db_may_pass (*failure))
        g_clear_error (failure);
    }
  return documents;
}

/* FALSE, without @error, where there is no such row, or none that can be read. */
static gboolean
salvage_row (Salvage *self, gint64 row, GError **error)
{
  g_autoptr (GPtrArray) documents = NULL;
  g_autoptr (GError)    failure = NULL;

  documents = read_leaves (self, row, &failure);
  if (valise_db_may_pass (failure))
    {
      g_clear_error (&failure);
      g_clear_pointer (&documents, g_ptr_array_unref);
      documents = read_leaves (self, row, &failure);
    }
  if (documents == NULL)
    return FALSE;
  for (guint i = 0; i < documents->len; i++)
    if (!merge_leaf (self, g_ptr_array_index (documents, i), error))
      return FALSE;
  self->rows++;
  return ++self->in_batch < PER_BATCH || commit (self, error);
}

/* One by one, by their numbers: what a damaged page holds is missed, and nothing after it. */
static gboolean
salvage_all (Salvage *self, GError **error)
{
  gint64 last = G_MAXINT64;
  guint  missed = 0;

  if (!valise_db_read_value (self->db, "SELECT max(row) FROM document", &last, NULL, NULL))
    last = G_MAXINT64;
  for (gint64 row = 1; row <= last && missed < MAX_MISSED; row++)
    {
      GError *failure = NULL;

      if (salvage_row (self, row, &failure))
        missed = 0;
      else if (failure != NULL)
        {
          g_propagate_error (error, failure);
          return FALSE;
        }
      else
        missed++;
    }
  return commit (self, error);
}

gboolean
valise_salvage_rows (const char     *path,
                     ValiseDatabase *target,
                     guint          *rows,
                     guint          *doubtful,
                     GError        **error)
{
  Salvage              self = { .target = target };
  g_autoptr (GError)   failure = NULL;
  g_autoptr (ValiseDb) db = valise_db_open (path, VALISE_DB_READER, TIMEOUT_MS, &failure);
  gboolean             ok = TRUE;

  if (valise_db_may_pass (failure))
    {
      g_clear_error (&failure);
      db = valise_db_open (path, VALISE_DB_READER, TIMEOUT_MS, &failure);
    }
  if (db == NULL)
    {
      g_info ("Nothing can be read: %s", failure->message);
      return TRUE;
    }
  self.db = db;
  ok = salvage_all (&self, error);
  if (self.batch != NULL)
    valise_batch_cancel (self.batch);
  *rows = self.rows;
  *doubtful = self.doubtful;
  return ok;
}
