/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-batch"

#include "config.h"

#include <string.h>

#include "valise-arrival.h"
#include "valise-batch.h"
#include "valise-canonical.h"
#include "valise-document-table.h"
#include "valise-foreign.h"
#include "valise-meta-table.h"
#include "valise-written.h"

#define MAX_ID 4096 /* bytes */

/**
 * ValiseBatch:
 *
 * Holds the writer from begin to commit. What fails for SQLite's reasons fails the batch:
 * its commit then gives the same error. What is refused for the document's (a bad revision,
 * a conflict) leaves the batch as it was.
 *
 * Before the commit every body that was written is read back (see valise-written.h), and the
 * edits made here go into the journal: so nothing is acknowledged that is in one place alone.
 */
struct _ValiseBatch
{
  ValiseDatabase *database;
  ValiseDbPool   *pool;
  ValiseDb       *db; /* the writer */
  void (*committed) (ValiseDatabase *);

  ValiseMetaRow meta;      /* as it will be committed */
  gint64        first_seq; /* sequences above it were given by this batch */
  gboolean      locals;    /* wrote a _local document */
  GError       *failure;   /* of SQLite: nothing can be committed */

  ValiseForeign *foreign; /* (nullable): what came whole */
  ValiseWritten *written; /* bodies to be read back */
  GPtrArray     *edits;   /* (element-type ValiseDocument): what the journal is to have */
};

static void
end_batch (ValiseBatch *batch)
{
  valise_db_pool_give_writer (batch->pool, batch->db);
  valise_meta_row_clear (&batch->meta);
  g_clear_error (&batch->failure);
  valise_foreign_free (batch->foreign);
  valise_written_free (batch->written);
  g_ptr_array_unref (batch->edits);
  g_object_unref (batch->database);
  g_free (batch);
}

ValiseBatch *
valise_batch_new (ValiseDatabase *database,
                  ValiseDbPool   *pool,
                  void (*committed) (ValiseDatabase *),
                  GError **error)
{
  ValiseBatch *batch = NULL;
  ValiseDb    *db = valise_db_pool_take_writer (pool, error);

  if (db == NULL)
    return NULL;

  batch = g_new0 (ValiseBatch, 1);
  batch->database = g_object_ref (database);
  batch->pool = pool;
  batch->db = db;
  batch->committed = committed;
  batch->written = valise_written_new ();
  batch->edits = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);
  if (!valise_db_begin (db, error))
    {
      end_batch (batch);
      return NULL;
    }
  if (!valise_meta_read (db, &batch->meta, error))
    {
      valise_batch_cancel (batch);
      return NULL;
    }
  batch->first_seq = batch->meta.update_seq;
  return batch;
}

/* Keeps the first failure of SQLite, so that the commit cannot follow it. */
static gboolean
pass_on (ValiseBatch *batch, GError *failure, GError **error)
{
  if (failure == NULL)
    return TRUE;

  if (batch->failure == NULL && failure->domain == VALISE_DB_ERROR)
    batch->failure = g_error_copy (failure);
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
check_usable (ValiseBatch *batch, GError **error)
{
  if (batch->failure != NULL)
    g_propagate_error (error, g_error_copy (batch->failure));
  return batch->failure == NULL;
}

/* --- one revision -------------------------------------------------------------------- */

static gboolean
apply (ValiseBatch          *batch,
       ValiseDocumentRow    *row,
       const ValiseDocument *document,
       ValiseMerge          *merge,
       GError              **error)
{
  gboolean stored = FALSE;

  return valise_arrival_apply (batch->db, &batch->meta, batch->first_seq, row, document, merge,
                               &stored, error)
         && (!stored || valise_written_add (batch->written, batch->db, row, document->body, error));
}

/* --- what callers ask ---------------------------------------------------------------- */

gboolean
valise_document_check_id (const char *id, GError **error)
{
  gsize length = id != NULL ? strlen (id) : 0;

  if (length > 0 && length <= MAX_ID && *id != '_' && g_utf8_validate (id, (gssize) length, NULL))
    return TRUE;

  g_set_error (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_BAD_ID,
               "Not an id for a document: %.64s", id != NULL ? id : "");
  return FALSE;
}

static gboolean
check_size (const char *id, GBytes *body, GError **error)
{
  if (body == NULL || g_bytes_get_size (body) <= VALISE_DOCUMENT_MAX_SIZE)
    return TRUE;

  g_set_error (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_TOO_LARGE,
               "Document %s has %" G_GSIZE_FORMAT " bytes, at most %d go in", id,
               g_bytes_get_size (body), VALISE_DOCUMENT_MAX_SIZE);
  return FALSE;
}

static gboolean
refuse_revision (const ValiseDocument *document, const char *what, GError **error)
{
  g_set_error (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_BAD_REVISION,
               "Document %s: %.300s: %s", document->id,
               document->rev != NULL ? document->rev : "no revision", what);
  return FALSE;
}

static gboolean
check_path (const ValiseDocument *document, GError **error)
{
  guint generation = 0;
  guint length = 0;

  if (!valise_revision_parse (document->rev, &generation, NULL))
    return refuse_revision (document, "not \"N-hash\"", error);

  for (; document->ancestors != NULL && document->ancestors[length] != NULL; length++)
    {
      g_autofree char *name = g_strconcat ("1-", document->ancestors[length], NULL);

      if (!valise_revision_parse (name, NULL, NULL))
        return refuse_revision (document, "an ancestor is no hash", error);
    }
  return length < generation
         || refuse_revision (document, "more ancestors than it can have", error);
}

/* As apply(), and notes where the document's leaves are from. */
static gboolean
apply_noting (ValiseBatch          *batch,
              ValiseDocumentRow    *row,
              const ValiseDocument *document,
              ValiseMerge          *merge,
              GError              **error)
{
  g_autoptr (GPtrArray) before = valise_revision_tree_get_leaves (row->tree);

  if (!apply (batch, row, document, merge, error))
    return FALSE;
  valise_foreign_add (batch->foreign, document->id, document->rev, before, row->tree, row->seq);
  return TRUE;
}

/**
 * valise_batch_merge:
 * @document: with id, revision and ancestors; without a body it is recorded as known, not
 *   here, with the size it names
 * @merge: (out) (optional): what it did
 *
 * Merges one revision as its author made it (new_edits=false). The body is taken as it is:
 * whoever does not trust where it comes from has checked it before.
 *
 * Fails with %VALISE_DATABASE_ERROR_BAD_ID, %VALISE_DATABASE_ERROR_BAD_REVISION or
 * %VALISE_DATABASE_ERROR_TOO_LARGE, which leave the batch as it was, or with any
 * #ValiseDbError, after which it can only be dropped.
 */
gboolean
valise_batch_merge (ValiseBatch          *batch,
                    const ValiseDocument *document,
                    ValiseMerge          *merge,
                    GError              **error)
{
  g_auto (ValiseDocumentRow) row = { 0 };
  ValiseMerge                result = VALISE_MERGE_KNOWN;
  GError                    *failure = NULL;

  if (!check_usable (batch, error) || !valise_document_check_id (document->id, error)
      || !check_path (document, error) || !check_size (document->id, document->body, error))
    return FALSE;

  if (valise_document_table_find (batch->db, document->id, &row, &failure))
    (void) (batch->foreign != NULL ? apply_noting : apply) (batch, &row, document, &result,
                                                            &failure);
  if (merge != NULL)
    *merge = result;
  return pass_on (batch, failure, error);
}

static gboolean
refuse_conflict (const char *id, const char *what, GError **error)
{
  g_set_error (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_CONFLICT, "Document %s: %s", id,
               what);
  return FALSE;
}

/* The leaf that an edit extends, as the tree spells it; NULL in @out for a new document. */
static gboolean
find_parent (const char              *id,
             const ValiseDocumentRow *row,
             const char              *parent,
             char                   **out,
             GError                 **error)
{
  if (parent == NULL)
    {
      if (row->row != 0 && !row->deleted)
        return refuse_conflict (id, "it exists", error);
      *out = g_strdup (row->rev);
      return TRUE;
    }

  if (!valise_revision_tree_is_leaf (row->tree, parent))
    return refuse_conflict (id, "it was edited meanwhile", error);
  *out = valise_revision_tree_dup_rev (row->tree, parent);
  return TRUE;
}

/* The object alone, without white space around it; it may hold no member of the protocol. */
static GBytes *
check_body (const char *id, GBytes *body, ValiseJson **json, GError **error)
{
  const char *raw = NULL;
  gsize       length = 0;

  if (!check_size (id, body, error))
    return NULL;

  *json = valise_json_scan (body, VALISE_JSON_ANY, error);
  if (*json == NULL)
    return NULL;

  for (guint token = valise_json_first (*json, 0); token != VALISE_JSON_NONE;
       token = valise_json_next (*json, token))
    {
      g_autofree char *name = valise_json_dup_name (*json, token);

      if (name == NULL || *name == '_')
        {
          g_set_error (error, VALISE_JSON_ERROR, VALISE_JSON_ERROR_SYNTAX,
                       "Document %s: member %s in a body", id, name);
          return NULL;
        }
    }
  if (valise_json_get_kind (*json, 0) != VALISE_JSON_KIND_OBJECT)
    {
      g_set_error (error, VALISE_JSON_ERROR, VALISE_JSON_ERROR_SYNTAX,
                   "Document %s: a body must be an object", id);
      return NULL;
    }

  raw = valise_json_get_raw (*json, 0, &length);
  return length == g_bytes_get_size (body) ? g_bytes_ref (body) : g_bytes_new (raw, length);
}

/**
 * valise_batch_put:
 * @parent: (nullable): the leaf edited; %NULL: the document is new, or its winner a
 *   tombstone, which it extends
 * @body: the text of a JSON object
 * @attachments: (nullable): the text of `_attachments`
 *
 * An interactive edit, as valise_database_put(), within a batch.
 *
 * Fails with %VALISE_DATABASE_ERROR_CONFLICT, %VALISE_DATABASE_ERROR_BAD_ID,
 * %VALISE_DATABASE_ERROR_TOO_LARGE or any #ValiseJsonError, which leave the batch as it was,
 * or with any #ValiseDbError, after which it can only be dropped.
 *
 * Returns: (transfer full): the new revision
 */
char *
valise_batch_put (ValiseBatch *batch,
                  const char  *id,
                  const char  *parent,
                  gboolean     deleted,
                  GBytes      *body,
                  const char  *attachments,
                  GError     **error)
{
  g_auto (ValiseDocumentRow) row = { 0 };
  g_autoptr (ValiseJson)     json = NULL;
  g_autoptr (GBytes)         object = NULL;
  g_autoptr (ValiseDocument) document = NULL;
  g_autofree char           *leaf = NULL;
  const char                *hash = NULL;
  ValiseMerge                merge = VALISE_MERGE_KNOWN;
  GError                    *failure = NULL;

  g_return_val_if_fail (body != NULL, NULL);

  if (!check_usable (batch, error) || !valise_document_check_id (id, error)
      || (object = check_body (id, body, &json, error)) == NULL)
    return NULL;
  if (!valise_document_table_find (batch->db, id, &row, &failure)
      || !find_parent (id, &row, parent, &leaf, &failure))
    {
      pass_on (batch, failure, error);
      return NULL;
    }

  document = valise_document_new (id, NULL, deleted, object);
  document->rev = valise_canonical_revision (leaf, deleted, json);
  document->attachments = g_strdup (attachments);
  if (leaf != NULL && valise_revision_parse (leaf, NULL, &hash))
    document->ancestors = g_strdupv ((char *[]){ (char *) hash, NULL });
  if (apply (batch, &row, document, &merge, &failure))
    {
      document->seq = row.seq;
      g_ptr_array_add (batch->edits, valise_document_ref (document));
    }
  return pass_on (batch, failure, error) ? g_strdup (document->rev) : NULL;
}

char *
valise_batch_put_local_full (ValiseBatch *batch, const char *id, const char *body, GError **error)
{
  g_autofree char *rev = NULL;
  GError          *failure = NULL;

  if (!check_usable (batch, error))
    return NULL;
  rev = valise_local_table_put (batch->db, id, body, &failure);
  batch->locals = TRUE;
  return pass_on (batch, failure, error) ? g_steal_pointer (&rev) : NULL;
}

/* @id: without "_local/"; @body: JSON text. Fails with any #ValiseDbError, after which the batch
 * can only be dropped. */
gboolean
valise_batch_put_local (ValiseBatch *batch, const char *id, const char *body, GError **error)
{
  g_autofree char *rev = valise_batch_put_local_full (batch, id, body, error);

  return rev != NULL;
}

gboolean
valise_batch_delete_local (ValiseBatch *batch, const char *id, GError **error)
{
  GError *failure = NULL;

  if (!check_usable (batch, error))
    return FALSE;
  (void) valise_local_table_delete (batch->db, id, &failure);
  batch->locals = TRUE;
  return pass_on (batch, failure, error);
}

void
valise_batch_note_spans (ValiseBatch *batch)
{
  g_return_if_fail (batch->foreign == NULL);

  batch->foreign = valise_foreign_new ();
}

GArray *
valise_batch_dup_spans (ValiseBatch *batch)
{
  g_return_val_if_fail (batch->foreign != NULL, NULL);

  return valise_foreign_dup_spans (batch->foreign, batch->first_seq);
}

void
valise_batch_get_span (ValiseBatch *batch, gint64 *from, gint64 *to)
{
  *from = batch->first_seq;
  *to = batch->meta.update_seq;
}

static gboolean
finish (ValiseBatch *batch, GError **error)
{
  gboolean changed = batch->meta.update_seq != batch->first_seq;

  if (!check_usable (batch, error) || !valise_written_verify (batch->written, batch->db, error))
    return FALSE;

  if (changed || (batch->locals && batch->meta.clean))
    {
      batch->meta.clean = FALSE;
      if (!valise_meta_update (batch->db, &batch->meta, error))
        return FALSE;
    }
  return TRUE;
}

/* The journal first: an edit in it whose commit fails is taken back, and one that a power cut
 * separates from its commit was not acknowledged yet. */
static gboolean
commit (ValiseBatch *batch, GError **error)
{
  ValiseJournal *journal = valise_database_get_journal (batch->database);
  gint64         mark = 0;

  if (journal == NULL || batch->edits->len == 0)
    return valise_db_commit (batch->db, error);

  if (!valise_journal_append (journal, batch->meta.uuid, batch->edits, &mark, error))
    {
      valise_db_rollback (batch->db);
      return FALSE;
    }
  if (valise_db_commit (batch->db, error))
    return TRUE;
  valise_journal_undo (journal, mark);
  return FALSE;
}

/**
 * valise_batch_commit:
 * @batch: (transfer full):
 *
 * Reads back what was written, and makes it durable. Fails with any #ValiseDbError, and then
 * nothing of the batch is kept.
 */
gboolean
valise_batch_commit (ValiseBatch *batch, GError **error)
{
  g_autoptr (ValiseDatabase) database = g_object_ref (batch->database);
  void (*committed) (ValiseDatabase *) = batch->committed;
  gboolean changed = batch->meta.update_seq != batch->first_seq;

  if (!finish (batch, error))
    {
      valise_batch_cancel (batch);
      return FALSE;
    }
  if (!commit (batch, error))
    {
      end_batch (batch);
      return FALSE;
    }

  end_batch (batch);
  if (changed)
    committed (database);
  return TRUE;
}

/**
 * valise_batch_cancel:
 * @batch: (transfer full):
 *
 * Drops the batch and all it wrote.
 */
void
valise_batch_cancel (ValiseBatch *batch)
{
  valise_db_rollback (batch->db);
  end_batch (batch);
}
