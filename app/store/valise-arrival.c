/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-arrival"

#include "config.h"

#include "valise-arrival.h"

/* A merge between the tree and the tables. */
typedef struct
{
  ValiseDocumentRow    *row;
  const ValiseDocument *document;
  const char           *rev;        /* its revision, as the tree spells it */
  GPtrArray            *old_leaves; /* (element-type ValiseRevisionLeaf) */
  GPtrArray            *leaves;
  gboolean              brings; /* the leaf is new, or its body was missing */
  gboolean              stored; /* and the body went to the winner's place */
} Arrival;

static const ValiseRevisionLeaf *
find_leaf (GPtrArray *leaves, const char *rev)
{
  for (guint i = 0; i < leaves->len; i++)
    {
      const ValiseRevisionLeaf *leaf = g_ptr_array_index (leaves, i);

      if (g_str_equal (leaf->rev, rev))
        return leaf;
    }
  return NULL;
}

/* Takes @sign times what @row is out of the counters of meta. */
static void
count_row (ValiseMetaRow *meta, const ValiseDocumentRow *row, int sign)
{
  if (row->deleted)
    meta->deleted += sign;
  else
    {
      meta->documents += sign;
      meta->absent += row->here ? 0 : sign;
    }
}

/* Whether @old keeps its place among the leaves that did not win: not where it is a leaf no longer,
 * nor where it wins now by the body that came, which goes into the winner's row. */
static gboolean
stays_beside (const Arrival *arrival, const char *old, const char *winner)
{
  return valise_revision_tree_is_leaf (arrival->row->tree, old)
         && !(arrival->brings && g_str_equal (old, winner) && g_str_equal (arrival->rev, winner));
}

/* Bodies of leaves that are leaves no longer go; the old winner's is kept where it is one. */
static gboolean
settle_leaves (ValiseDb *db, const Arrival *arrival, const char *winner, GError **error)
{
  ValiseDocumentRow *row = arrival->row;

  for (guint i = 0; i < arrival->old_leaves->len; i++)
    {
      const ValiseRevisionLeaf *old = g_ptr_array_index (arrival->old_leaves, i);
      gboolean                  stays = stays_beside (arrival, old->rev, winner);

      if (!g_str_equal (old->rev, row->rev))
        {
          if (!stays && !valise_leaf_table_drop (db, row->row, old->rev, error))
            return FALSE;
        }
      else if (stays && !g_str_equal (old->rev, winner)
               && !valise_document_table_demote (db, row->row, error))
        return FALSE;
    }

  if (!arrival->brings || g_str_equal (arrival->rev, winner))
    return TRUE;
  return valise_leaf_table_put (db, row->row, arrival->rev, arrival->document, error)
         && (arrival->document->body == NULL
             || valise_leaf_table_verify (db, row->row, arrival->rev, arrival->document->body,
                                          error));
}

/* The winner's own row: with the body that came, with one from among the leaves, or as it was. */
static gboolean
settle_winner (ValiseDb *db, Arrival *arrival, GError **error)
{
  ValiseDocumentRow        *row = arrival->row;
  const ValiseRevisionLeaf *winner = g_ptr_array_index (arrival->leaves, 0);
  gboolean                  is_other = g_strcmp0 (winner->rev, row->rev) != 0;

  if (is_other)
    {
      g_free (row->rev);
      row->rev = g_strdup (winner->rev);
    }
  row->deleted = winner->deleted;
  row->here = winner->here;
  row->leaves = arrival->leaves->len;

  if (arrival->brings && g_str_equal (arrival->rev, winner->rev))
    {
      row->size = arrival->document->size;
      arrival->stored = arrival->document->body != NULL;
      return valise_document_table_put (db, row, arrival->document, error);
    }
  return (!is_other || valise_document_table_promote (db, row->row, winner->rev, error))
         && valise_document_table_put_head (db, row, error);
}

static gboolean
store (ValiseDb *db, ValiseMetaRow *meta, gint64 first_seq, Arrival *arrival, GError **error)
{
  ValiseDocumentRow        *row = arrival->row;
  const ValiseRevisionLeaf *winner = g_ptr_array_index (arrival->leaves, 0);

  if (row->row != 0)
    count_row (meta, row, -1);
  /* One sequence a document and transaction. */
  if (row->seq <= first_seq)
    row->seq = ++meta->update_seq;

  if (row->row != 0 && !settle_leaves (db, arrival, winner->rev, error))
    return FALSE;
  if (!settle_winner (db, arrival, error))
    return FALSE;

  count_row (meta, row, 1);
  return TRUE;
}

/* Merges into the tree alone; KNOWN where its bytes stay as they were. */
static ValiseMerge
merge_into_tree (ValiseDocumentRow *row, const ValiseDocument *document)
{
  g_autoptr (GBytes) bytes = NULL;
  ValiseMerge        merge = valise_revision_tree_merge (row->tree, document->rev,
                                                         (const char *const *) document->ancestors,
                                                         document->deleted, document->body != NULL);

  if (merge == VALISE_MERGE_KNOWN)
    return merge;

  valise_revision_tree_stem (row->tree, VALISE_REVISION_MAX_DEPTH);
  bytes = valise_revision_tree_to_bytes (row->tree);
  /* History that came in and was stemmed away at once is no change. */
  if (row->bytes != NULL && g_bytes_equal (bytes, row->bytes))
    return VALISE_MERGE_KNOWN;

  g_clear_pointer (&row->bytes, g_bytes_unref);
  row->bytes = g_steal_pointer (&bytes);
  return merge;
}

/* Whoever gives a revision that the deletion of its document has followed has not heard of the
 * deletion, and may have read past it in the feed, as a store does that begins with nothing: the
 * feed speaks of it again. */
static gboolean
tell_again (ValiseDb          *db,
            ValiseMetaRow     *meta,
            gint64             first_seq,
            ValiseDocumentRow *row,
            const char        *rev,
            GError           **error)
{
  if (!row->deleted || row->seq > first_seq || !valise_revision_tree_contains (row->tree, rev)
      || valise_revision_tree_is_leaf (row->tree, rev))
    return TRUE;
  row->seq = ++meta->update_seq;
  return valise_document_table_put_head (db, row, error);
}

gboolean
valise_arrival_apply (ValiseDb             *db,
                      ValiseMetaRow        *meta,
                      gint64                first_seq,
                      ValiseDocumentRow    *row,
                      const ValiseDocument *document,
                      ValiseMerge          *merge,
                      gboolean             *stored,
                      GError              **error)
{
  g_autoptr (GPtrArray)     old_leaves = valise_revision_tree_get_leaves (row->tree);
  g_autoptr (GPtrArray)     leaves = NULL;
  g_autofree char          *rev = NULL;
  const ValiseRevisionLeaf *old = NULL;
  Arrival                   arrival = { row, document };

  *stored = FALSE;
  *merge = merge_into_tree (row, document);
  if (*merge == VALISE_MERGE_KNOWN)
    return tell_again (db, meta, first_seq, row, document->rev, error);

  rev = valise_revision_tree_dup_rev (row->tree, document->rev);
  leaves = valise_revision_tree_get_leaves (row->tree);
  old = rev != NULL ? find_leaf (old_leaves, rev) : NULL;
  arrival.rev = rev;
  arrival.old_leaves = old_leaves;
  arrival.leaves = leaves;
  arrival.brings = rev != NULL && valise_revision_tree_is_leaf (row->tree, rev)
                   && (old == NULL || (!old->here && document->body != NULL));
  if (!store (db, meta, first_seq, &arrival, error))
    return FALSE;

  *stored = arrival.stored;
  return TRUE;
}
