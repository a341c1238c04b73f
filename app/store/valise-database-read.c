/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-database-read"

#include "config.h"

#include "valise-batch.h"
#include "valise-database.h"
#include "valise-document-table.h"
#include "valise-feed.h"
#include "valise-meta-table.h"

static gboolean
refuse_missing (const char *id, const char *rev, GError **error)
{
  g_set_error (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING,
               "No document %.200s%s%.200s", id, rev != NULL ? " at " : "", rev != NULL ? rev : "");
  return FALSE;
}

/* FALSE with MISSING too. */
static gboolean
find_row (ValiseDb *db, const char *id, ValiseDocumentRow *row, GError **error)
{
  return valise_document_table_find (db, id, row, error)
         && (row->row != 0 || refuse_missing (id, NULL, error));
}

static ValiseDocument *
read_document (ValiseDb *db, const char *id, const char *rev, GError **error)
{
  g_auto (ValiseDocumentRow) row = { 0 };
  g_autofree char           *leaf = NULL;

  if (!find_row (db, id, &row, error))
    return NULL;
  if (rev != NULL ? !valise_revision_tree_is_leaf (row.tree, rev) : row.deleted)
    {
      refuse_missing (id, rev, error);
      return NULL;
    }

  leaf = rev != NULL ? valise_revision_tree_dup_rev (row.tree, rev) : g_strdup (row.rev);
  return valise_document_table_read (db, id, &row, leaf, error);
}

/**
 * valise_database_get:
 * @rev: (nullable): a leaf; %NULL: the winner, where it is no tombstone
 *
 * Bodies are kept of leaves alone. A leaf that is known and not here comes without a body.
 *
 * Fails with %VALISE_DATABASE_ERROR_MISSING or any #ValiseDbError.
 *
 * Returns: (transfer full): the document
 */
ValiseDocument *
valise_database_get (ValiseDatabase *self, const char *id, const char *rev, GError **error)
{
  ValiseDb       *db = valise_db_pool_take_reader (valise_database_get_pool (self), error);
  ValiseDocument *document = NULL;

  if (db == NULL)
    return NULL;

  document = read_document (db, id, rev, error);
  valise_db_pool_give_reader (valise_database_get_pool (self), db);
  return document;
}

static GPtrArray *
read_latest (ValiseDb *db, const char *id, const char *rev, GError **error)
{
  g_auto (ValiseDocumentRow) row = { 0 };
  g_autoptr (GPtrArray)      leaves = NULL;
  g_autoptr (GPtrArray)      documents =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);

  if (!valise_document_table_find (db, id, &row, error))
    return NULL;

  leaves = valise_revision_tree_get_descendants (row.tree, rev);
  for (guint i = 0; i < leaves->len; i++)
    {
      const ValiseRevisionLeaf *leaf = g_ptr_array_index (leaves, i);
      ValiseDocument *document = valise_document_table_read (db, id, &row, leaf->rev, error);

      if (document == NULL)
        return NULL;
      g_ptr_array_add (documents, document);
    }
  return g_steal_pointer (&documents);
}

/**
 * valise_database_get_latest:
 *
 * Returns: (transfer full) (element-type ValiseDocument): the leaves that descend from @rev,
 *   itself where it is one, best first; empty where @rev is not known
 */
GPtrArray *
valise_database_get_latest (ValiseDatabase *self, const char *id, const char *rev, GError **error)
{
  ValiseDb  *db = valise_db_pool_take_reader (valise_database_get_pool (self), error);
  GPtrArray *documents = NULL;

  if (db == NULL)
    return NULL;

  documents = read_latest (db, id, rev, error);
  valise_db_pool_give_reader (valise_database_get_pool (self), db);
  return documents;
}

/**
 * valise_database_get_leaves:
 *
 * Fails with %VALISE_DATABASE_ERROR_MISSING or any #ValiseDbError.
 *
 * Returns: (transfer full) (element-type ValiseRevisionLeaf): the winner first
 */
GPtrArray *
valise_database_get_leaves (ValiseDatabase *self, const char *id, GError **error)
{
  g_auto (ValiseDocumentRow) row = { 0 };
  ValiseDb *db = valise_db_pool_take_reader (valise_database_get_pool (self), error);
  gboolean  is_found = FALSE;

  if (db == NULL)
    return NULL;

  is_found = find_row (db, id, &row, error);
  valise_db_pool_give_reader (valise_database_get_pool (self), db);
  return is_found ? valise_revision_tree_get_leaves (row.tree) : NULL;
}

/* The leaves that a revision of a generation up to @highest may descend from. */
static char **
dup_possible_ancestors (ValiseRevisionTree *tree, guint highest)
{
  g_autoptr (GPtrArray)    leaves = valise_revision_tree_get_leaves (tree);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv)           ancestors = NULL;

  for (guint i = 0; i < leaves->len; i++)
    {
      const ValiseRevisionLeaf *leaf = g_ptr_array_index (leaves, i);
      guint                     generation = 0;

      if (valise_revision_parse (leaf->rev, &generation, NULL) && generation < highest)
        g_strv_builder_add (builder, leaf->rev);
    }
  ancestors = g_strv_builder_end (builder);
  return *ancestors != NULL ? g_steal_pointer (&ancestors) : NULL;
}

/**
 * valise_database_diff:
 * @possible_ancestors: (out) (nullable): leaves here of a lower generation than the highest
 *   missing one, %NULL-terminated; %NULL: none
 * @outlived: (out) (nullable): one of @revs that is no leaf here of a document that is deleted:
 *   who has it as a leaf has not heard of that; %NULL: none
 *
 * Fails with %VALISE_DATABASE_ERROR_BAD_REVISION or any #ValiseDbError.
 *
 * Returns: (transfer full) (nullable): those of @revs not known here; %NULL, without an
 *   error, where all are
 */
char **
valise_database_diff (ValiseDatabase    *self,
                      const char        *id,
                      const char *const *revs,
                      char            ***possible_ancestors,
                      const char       **outlived,
                      GError           **error)
{
  g_auto (ValiseDocumentRow) row = { 0 };
  g_autoptr (GStrvBuilder)   missing = g_strv_builder_new ();
  ValiseDb *db = valise_db_pool_take_reader (valise_database_get_pool (self), error);
  guint     highest = 0;
  gboolean  is_read = FALSE;

  if (possible_ancestors != NULL)
    *possible_ancestors = NULL;
  if (outlived != NULL)
    *outlived = NULL;
  if (db == NULL)
    return NULL;

  is_read = valise_document_table_find (db, id, &row, error);
  valise_db_pool_give_reader (valise_database_get_pool (self), db);
  for (guint i = 0; is_read && revs[i] != NULL; i++)
    {
      guint generation = 0;

      if (!valise_revision_parse (revs[i], &generation, NULL))
        {
          g_set_error (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_BAD_REVISION,
                       "Document %.200s: not a revision: %.200s", id, revs[i]);
          return NULL;
        }
      if (!valise_revision_tree_contains (row.tree, revs[i]))
        {
          g_strv_builder_add (missing, revs[i]);
          highest = MAX (highest, generation);
        }
      else if (outlived != NULL && row.deleted && !valise_revision_tree_is_leaf (row.tree, revs[i]))
        *outlived = revs[i];
    }
  if (highest == 0)
    return NULL;

  if (possible_ancestors != NULL)
    *possible_ancestors = dup_possible_ancestors (row.tree, highest);
  return g_strv_builder_end (missing);
}

/* --- feeds --------------------------------------------------------------------------- */

static gboolean
read_changes (ValiseDb              *db,
              const ValiseFeedQuery *query,
              gint64                *last_seq,
              gint64                *pending,
              GError               **error)
{
  g_auto (ValiseMetaRow) meta = { 0 };
  gboolean               descending = (query->flags & VALISE_CHANGES_DESCENDING) != 0;
  gboolean               whole = FALSE;
  gint64                 last = query->since;

  if (!valise_meta_read (db, &meta, error) || !valise_feed_run (db, query, &last, &whole, error))
    return FALSE;

  if (pending != NULL && whole)
    *pending = 0;
  else if (pending != NULL
           && !valise_feed_count (db, descending ? query->since : last,
                                  descending ? last : G_MAXINT64, pending, error))
    return FALSE;
  if (last_seq != NULL)
    *last_seq = whole ? MAX (meta.update_seq, query->since) : last;
  return TRUE;
}

/**
 * valise_database_changes:
 * @since: a sequence of this database; 0: from the start
 * @limit: at most so many rows; 0: all
 * @func: called in this thread; it may read this database, not write to it
 * @last_seq: (out) (optional):
 * @pending: (out) (optional):
 *
 * Gives the documents changed after @since, as they were at one moment. Fails with any
 * #ValiseDbError.
 */
gboolean
valise_database_changes (ValiseDatabase    *self,
                         gint64             since,
                         guint              limit,
                         ValiseChangesFlags flags,
                         ValiseChangeFunc   func,
                         gpointer           user_data,
                         gint64            *last_seq,
                         gint64            *pending,
                         GError           **error)
{
  ValiseFeedQuery query = { NULL, NULL, since, limit, flags, func, user_data };
  ValiseDb       *db = valise_db_pool_take_reader (valise_database_get_pool (self), error);
  gboolean        is_read = FALSE;

  if (db == NULL)
    return FALSE;

  is_read = read_changes (db, &query, last_seq, pending, error);
  valise_db_pool_give_reader (valise_database_get_pool (self), db);
  return is_read;
}

/**
 * valise_database_list_recent:
 * @until: a sequence of this database
 * @limit: at most so many rows; 0: all
 * @func: called in this thread; it may read this database, not write to it
 *
 * Gives documents, deleted ones too, from @until backwards. Fails with any #ValiseDbError.
 */
gboolean
valise_database_list_recent (ValiseDatabase  *self,
                             gint64           until,
                             guint            limit,
                             ValiseChangeFunc func,
                             gpointer         user_data,
                             GError         **error)
{
  ValiseFeedQuery query = { .limit = limit,
                            .flags = VALISE_CHANGES_DESCENDING,
                            .func = func,
                            .user_data = user_data,
                            .until = until };
  ValiseDb       *db = NULL;
  gint64          last_seq = 0;
  gboolean        whole = FALSE, is_read = FALSE;

  if (until <= 0)
    return TRUE;
  db = valise_db_pool_take_reader (valise_database_get_pool (self), error);
  if (db == NULL)
    return FALSE;
  is_read = valise_feed_run (db, &query, &last_seq, &whole, error);
  valise_db_pool_give_reader (valise_database_get_pool (self), db);
  return is_read;
}

/**
 * valise_database_list:
 * @start: (nullable): the first id, inclusive; ids are ordered by their bytes
 * @end: (nullable): the last id, inclusive
 * @limit: at most so many rows; 0: all
 * @func: called in this thread; it may read this database, not write to it
 *
 * Gives the documents that are not deleted. Fails with any #ValiseDbError.
 */
gboolean
valise_database_list (ValiseDatabase    *self,
                      const char        *start,
                      const char        *end,
                      guint              limit,
                      ValiseChangesFlags flags,
                      ValiseChangeFunc   func,
                      gpointer           user_data,
                      GError           **error)
{
  ValiseFeedQuery query = { start != NULL ? start : "", end, 0, limit, flags, func, user_data };
  ValiseDb       *db = valise_db_pool_take_reader (valise_database_get_pool (self), error);
  gint64          last_seq = 0;
  gboolean        whole = FALSE;
  gboolean        is_read = FALSE;

  if (db == NULL)
    return FALSE;

  is_read = valise_feed_run (db, &query, &last_seq, &whole, error);
  valise_db_pool_give_reader (valise_database_get_pool (self), db);
  return is_read;
}
