/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-feed"

#include "config.h"

#include "valise-feed.h"

/* Each statement is a literal of its own: its address is its place in the cache. What is not
 * asked for is read as NULL, so that a plain feed stays out of overflow pages. */
#define HEAD   "SELECT id, seq, rev, deleted, here, size, leaves, "
#define PLAIN  HEAD "NULL, NULL, NULL FROM document "
#define LEAVES HEAD "iif(leaves > 1, tree, NULL), NULL, NULL FROM document "
#define BODIES HEAD "tree, attachments, body FROM document "

#define BY_SEQ      "WHERE seq > :since ORDER BY seq LIMIT :limit"
#define BY_SEQ_DESC "WHERE seq > :since AND seq <= :until ORDER BY seq DESC LIMIT :limit"
#define BY_ID       "WHERE id >= :start AND (:end IS NULL OR id <= :end) AND NOT deleted "
#define UP          "ORDER BY id LIMIT :limit"
#define DOWN        "ORDER BY id DESC LIMIT :limit"

enum
{
  COLUMN_ID,
  COLUMN_SEQ,
  COLUMN_REV,
  COLUMN_DELETED,
  COLUMN_HERE,
  COLUMN_SIZE,
  COLUMN_LEAVES,
  COLUMN_TREE,
  COLUMN_ATTACHMENTS,
  COLUMN_BODY,
};

static const char *
choose_sql (const ValiseFeedQuery *query)
{
  static const char *const by_seq[] = { PLAIN BY_SEQ, LEAVES BY_SEQ, BODIES BY_SEQ };
  static const char *const by_seq_desc[] = { PLAIN BY_SEQ_DESC, LEAVES BY_SEQ_DESC,
                                             BODIES BY_SEQ_DESC };
  static const char *const by_id[] = { PLAIN BY_ID UP, LEAVES BY_ID UP, BODIES BY_ID UP };
  static const char *const by_id_desc[] = { PLAIN BY_ID DOWN, LEAVES BY_ID DOWN,
                                            BODIES BY_ID DOWN };
  guint                    detail = 0;

  if (query->flags & VALISE_CHANGES_DOCUMENTS)
    detail = 2;
  else if (query->flags & VALISE_CHANGES_ALL_LEAVES)
    detail = 1;

  if (query->start != NULL)
    return (query->flags & VALISE_CHANGES_DESCENDING ? by_id_desc : by_id)[detail];
  return (query->flags & VALISE_CHANGES_DESCENDING ? by_seq_desc : by_seq)[detail];
}

static ValiseStmt *
prepare_query (ValiseDb *db, const ValiseFeedQuery *query)
{
  ValiseStmt *stmt = valise_db_prepare (db, choose_sql (query));

  if (query->start != NULL)
    {
      valise_stmt_bind_text (stmt, ":start", query->start);
      valise_stmt_bind_text (stmt, ":end", query->end);
    }
  else
    valise_stmt_bind_int64 (stmt, ":since", query->since);
  if (query->start == NULL && (query->flags & VALISE_CHANGES_DESCENDING))
    valise_stmt_bind_int64 (stmt, ":until", query->until > 0 ? query->until : G_MAXINT64);
  valise_stmt_bind_int64 (stmt, ":limit", query->limit > 0 ? (gint64) query->limit : -1);
  return stmt;
}

static GPtrArray *
dup_winner (ValiseStmt *stmt)
{
  GPtrArray *leaves = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_revision_leaf_free);
  ValiseRevisionLeaf *leaf = g_new0 (ValiseRevisionLeaf, 1);

  leaf->rev = g_strdup (valise_stmt_get_text (stmt, COLUMN_REV));
  leaf->deleted = valise_stmt_get_int64 (stmt, COLUMN_DELETED) != 0;
  leaf->here = valise_stmt_get_int64 (stmt, COLUMN_HERE) != 0;
  leaf->leaf = TRUE;
  g_ptr_array_add (leaves, leaf);
  return leaves;
}

/* NULL, without an error, where the row was read without it. */
static gboolean
read_tree (ValiseStmt *stmt, ValiseRevisionTree **tree, GError **error)
{
  gsize         length = 0;
  gconstpointer data = valise_stmt_get_blob (stmt, COLUMN_TREE, &length);

  if (data == NULL)
    return TRUE;

  *tree = valise_revision_tree_from_bytes (data, length);
  if (*tree == NULL)
    g_set_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_CORRUPT,
                 "Document %s: its revisions cannot be read",
                 valise_stmt_get_text (stmt, COLUMN_ID));
  return *tree != NULL;
}

static ValiseDocument *
dup_document (ValiseStmt *stmt, ValiseRevisionTree *tree)
{
  g_autoptr (GBytes) body = valise_stmt_dup_bytes (stmt, COLUMN_BODY);
  const char        *rev = valise_stmt_get_text (stmt, COLUMN_REV);
  ValiseDocument    *document =
      valise_document_new (valise_stmt_get_text (stmt, COLUMN_ID), rev,
                           valise_stmt_get_int64 (stmt, COLUMN_DELETED) != 0, body);

  document->seq = valise_stmt_get_int64 (stmt, COLUMN_SEQ);
  document->size = valise_stmt_get_int64 (stmt, COLUMN_SIZE);
  document->attachments = g_strdup (valise_stmt_get_text (stmt, COLUMN_ATTACHMENTS));
  document->ancestors = valise_revision_tree_dup_ancestors (tree, rev);
  return document;
}

static gboolean
give_row (ValiseStmt *stmt, const ValiseFeedQuery *query, gboolean *go_on, GError **error)
{
  g_autoptr (ValiseRevisionTree) tree = NULL;
  g_autoptr (GPtrArray)          leaves = NULL;
  g_autoptr (ValiseDocument)     document = NULL;
  ValiseChange                   change = { 0 };

  if (!read_tree (stmt, &tree, error))
    return FALSE;

  if (tree != NULL && (query->flags & VALISE_CHANGES_ALL_LEAVES))
    leaves = valise_revision_tree_get_leaves (tree);
  else
    leaves = dup_winner (stmt);
  if (query->flags & VALISE_CHANGES_DOCUMENTS)
    document = dup_document (stmt, tree);

  change.id = valise_stmt_get_text (stmt, COLUMN_ID);
  change.seq = valise_stmt_get_int64 (stmt, COLUMN_SEQ);
  change.deleted = valise_stmt_get_int64 (stmt, COLUMN_DELETED) != 0;
  change.here = valise_stmt_get_int64 (stmt, COLUMN_HERE) != 0;
  change.size = valise_stmt_get_int64 (stmt, COLUMN_SIZE);
  change.leaves = leaves;
  change.document = document;
  *go_on = query->func (&change, query->user_data);
  return TRUE;
}

/**
 * valise_feed_run:
 * @last_seq: (out): of the last row given; untouched where there was none
 * @whole: (out): whether the feed came to its end
 *
 * Gives the rows that @query asks for. Fails with any #ValiseDbError.
 */
gboolean
valise_feed_run (ValiseDb              *db,
                 const ValiseFeedQuery *query,
                 gint64                *last_seq,
                 gboolean              *whole,
                 GError               **error)
{
  g_autoptr (ValiseStmt) stmt = prepare_query (db, query);
  ValiseStep             step = VALISE_STEP_ERROR;
  gboolean               go_on = TRUE;
  guint                  given = 0;

  while (go_on && (step = valise_stmt_step (stmt, error)) == VALISE_STEP_ROW)
    {
      *last_seq = valise_stmt_get_int64 (stmt, COLUMN_SEQ);
      given++;
      if (!give_row (stmt, query, &go_on, error))
        {
          valise_db_mark_suspect (db);
          return FALSE;
        }
    }

  *whole = go_on && (query->limit == 0 || given < query->limit);
  return step != VALISE_STEP_ERROR;
}

/**
 * valise_feed_count:
 *
 * Counts the documents whose sequence is above @after and below @before. Fails with any
 * #ValiseDbError.
 */
gboolean
valise_feed_count (ValiseDb *db, gint64 after, gint64 before, gint64 *count, GError **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (db, "SELECT count(*) FROM document WHERE seq > :after AND seq < :before");

  valise_stmt_bind_int64 (stmt, ":after", after);
  valise_stmt_bind_int64 (stmt, ":before", before);
  if (valise_stmt_step (stmt, error) != VALISE_STEP_ROW)
    return FALSE;

  *count = valise_stmt_get_int64 (stmt, 0);
  return TRUE;
}
