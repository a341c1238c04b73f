/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A database against a plain model: random edits, replicated revisions, deletions and
 * documents known but not here, over a few documents, so that histories become deep and
 * forked. After each step the documents touched are compared; now and then, and after
 * reopening, everything. */

#include <glib/gstdio.h>

#include "database-model.h"
#include "valise-canonical.h"
#include "valise-db.h"
#include "valise-test.h"

/* --- comparing ----------------------------------------------------------------------- */

static void
assert_path (const Doc *doc, int place, char **ancestors)
{
  guint i = 0;

  for (int at = place; get_node (doc, at)->has_edge; i++)
    {
      at = get_node (doc, at)->parent;
      g_assert_cmpstr (ancestors[i], ==, strchr (get_node (doc, at)->rev, '-') + 1);
    }
  g_assert_null (ancestors[i]);
}

static void
assert_leaf (Model *model, const Doc *doc, int place)
{
  g_autoptr (GError)         error = NULL;
  const Node                *node = get_node (doc, place);
  g_autoptr (ValiseDocument) document =
      valise_database_get (model->database, doc->id, node->rev, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (document->rev, ==, node->rev);
  g_assert_cmpint (document->deleted, ==, node->deleted);
  g_assert_cmpint (document->seq, ==, doc->seq);
  g_assert_cmpint (document->size, ==, (gint64) strlen (node->body));
  assert_path (doc, place, document->ancestors);
  g_assert_cmpint (document->body != NULL, ==, node->here);
  if (node->here)
    g_assert_cmpmem (g_bytes_get_data (document->body, NULL), g_bytes_get_size (document->body),
                     node->body, strlen (node->body));
}

static void
assert_winner (Model *model, const Doc *doc, const Node *winner)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDocument) document =
      valise_database_get (model->database, doc->id, NULL, &error);

  if (winner->deleted)
    g_assert_error (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING);
  else
    {
      g_assert_no_error (error);
      g_assert_cmpstr (document->rev, ==, winner->rev);
    }
}

static void
assert_doc (Model *model, const Doc *doc)
{
  g_autoptr (GError)    error = NULL;
  g_autoptr (GArray)    expected = list_leaves (doc);
  g_autoptr (GPtrArray) leaves = valise_database_get_leaves (model->database, doc->id, &error);

  if (doc->seq == 0)
    {
      g_assert_error (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpuint (leaves->len, ==, expected->len);
  for (guint i = 0; i < leaves->len; i++)
    {
      const ValiseRevisionLeaf *leaf = g_ptr_array_index (leaves, i);
      int                       place = g_array_index (expected, int, i);

      g_assert_cmpstr (leaf->rev, ==, get_node (doc, place)->rev);
      g_assert_cmpint (leaf->deleted, ==, get_node (doc, place)->deleted);
      g_assert_cmpint (leaf->here, ==, get_node (doc, place)->here);
      assert_leaf (model, doc, place);
    }
  assert_winner (model, doc, get_node (doc, g_array_index (expected, int, 0)));
}

typedef struct
{
  Model *model;
  gint64 last_seq;
  gint64 documents;
  gint64 deleted;
  gint64 absent;
} Feed;

static gboolean
check_change_cb (const ValiseChange *change, gpointer user_data)
{
  Feed      *feed = user_data;
  const Doc *doc = NULL;

  for (guint i = 0; i < feed->model->docs->len && doc == NULL; i++)
    if (g_str_equal (((Doc *) feed->model->docs->pdata[i])->id, change->id))
      doc = feed->model->docs->pdata[i];

  g_assert_nonnull (doc);
  g_assert_cmpint (change->seq, >, feed->last_seq);
  g_assert_cmpint (change->seq, ==, doc->seq);
  {
    g_autoptr (GArray)        leaves = list_leaves (doc);
    const Node               *winner = get_node (doc, g_array_index (leaves, int, 0));
    const ValiseRevisionLeaf *first = g_ptr_array_index (change->leaves, 0);

    g_assert_cmpuint (change->leaves->len, ==, leaves->len);
    g_assert_cmpstr (first->rev, ==, winner->rev);
    g_assert_cmpint (change->deleted, ==, winner->deleted);
    g_assert_cmpint (change->here, ==, winner->here);
    feed->deleted += winner->deleted;
    feed->documents += !winner->deleted;
    feed->absent += !winner->deleted && !winner->here;
  }
  feed->last_seq = change->seq;
  return TRUE;
}

/* Bodies of what are leaves no longer must not pile up where no question reaches them. */
static void
assert_no_leaf_is_left_over (Model *model)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseDb)   db = valise_db_open (model->path, VALISE_DB_READER, 1000, &error);
  g_autoptr (ValiseStmt) stmt = NULL;

  g_assert_no_error (error);
  stmt = valise_db_prepare (
      db, "SELECT (SELECT count(*) FROM leaf), (SELECT total(leaves - 1) FROM document)");
  g_assert_cmpint (valise_stmt_step (stmt, &error), ==, VALISE_STEP_ROW);
  g_assert_cmpint (valise_stmt_get_int64 (stmt, 0), ==, valise_stmt_get_int64 (stmt, 1));
}

static void
assert_everything (Model *model)
{
  g_autoptr (GError) error = NULL;
  ValiseDatabaseInfo info = { 0 };
  Feed               feed = { model };
  gint64             last_seq = -1;
  gint64             pending = -1;

  for (guint i = 0; i < model->docs->len; i++)
    assert_doc (model, model->docs->pdata[i]);

  valise_database_changes (model->database, 0, 0, VALISE_CHANGES_ALL_LEAVES, check_change_cb, &feed,
                           &last_seq, &pending, &error);
  g_assert_no_error (error);
  g_assert_cmpint (last_seq, ==, model->seq);
  g_assert_cmpint (pending, ==, 0);
  valise_database_get_info (model->database, &info, &error);
  g_assert_no_error (error);
  g_assert_cmpint (info.update_seq, ==, model->seq);
  g_assert_cmpint (info.documents, ==, feed.documents);
  g_assert_cmpint (info.deleted, ==, feed.deleted);
  g_assert_cmpint (info.absent, ==, feed.absent);
  assert_no_leaf_is_left_over (model);
}

/* --- steps --------------------------------------------------------------------------- */

/* An edit here: of a leaf, of what is no leaf, or of nothing. */
static void
step_put (Model *model, Doc *doc, gboolean deleted)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *body = deleted && pick (model, 2) == 0 ? g_strdup ("{}") : make_body (model);
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  g_autoptr (ValiseJson) json = valise_json_scan (bytes, VALISE_JSON_ANY, NULL);
  g_autoptr (GArray)     leaves = list_leaves (doc);
  int asked = doc->nodes->len > 0 && pick (model, 4) > 0 ? pick (model, (int) doc->nodes->len) : -1;
  int parent = asked;
  const char      *parent_rev = asked >= 0 ? get_node (doc, asked)->rev : NULL;
  gboolean         may = asked >= 0 && is_leaf (doc, asked);
  g_autofree char *rev = NULL;

  if (asked < 0)
    {
      may = leaves->len == 0 || get_node (doc, g_array_index (leaves, int, 0))->deleted;
      parent = leaves->len > 0 ? g_array_index (leaves, int, 0) : -1;
    }

  rev = valise_database_put (model->database, doc->id, parent_rev, deleted, bytes, NULL, &error);
  if (!may)
    {
      g_assert_null (rev);
      g_assert_error (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_CONFLICT);
      return;
    }
  g_assert_no_error (error);
  {
    g_autofree char *expected =
        valise_canonical_revision (parent >= 0 ? get_node (doc, parent)->rev : NULL, deleted, json);
    Node node = { rev, parent, deleted, body };

    g_assert_cmpstr (rev, ==, expected);
    if (find_node (doc, rev) < 0)
      {
        g_array_append_val (doc->nodes, node);
        rev = body = NULL;
      }
    learn (doc, find_node (doc, expected), 1, TRUE);
  }
  doc->seq = ++model->seq;
}

/* Somebody else edits, wherever they are in its history. */
static void
grow_elsewhere (Model *model, Doc *doc)
{
  Node  node = { NULL, doc->nodes->len > 0 && pick (model, 8) > 0
                           ? pick (model, (int) doc->nodes->len)
                           : -1 };
  guint generation = node.parent >= 0 ? get_generation (get_node (doc, node.parent)->rev) + 1
                                      : 1 + (guint) pick (model, 3);

  if (pick (model, 4) > 0)
    node.rev = g_strdup_printf ("%u-%08x%08x%08x%08x", generation, g_rand_int (model->rand),
                                g_rand_int (model->rand), g_rand_int (model->rand), 7u);
  else
    node.rev =
        g_strdup_printf ("%u-%c%x", generation, 'G' + pick (model, 40), g_rand_int (model->rand));
  if (strchr (node.rev, '\\') != NULL)
    *strchr (node.rev, '\\') = '+';
  node.deleted = pick (model, 5) == 0;
  node.body = make_body (model);
  g_array_append_val (doc->nodes, node);
}

static ValiseDocument *
make_path (Doc *doc, int place, guint length, gboolean here)
{
  const Node              *node = get_node (doc, place);
  g_autoptr (GBytes)       body = here ? g_bytes_new (node->body, strlen (node->body)) : NULL;
  ValiseDocument          *document = valise_document_new (doc->id, node->rev, node->deleted, body);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  document->size = (gint64) strlen (node->body);
  for (int at = node->parent; at >= 0 && length > 0; at = get_node (doc, at)->parent, length--)
    g_strv_builder_add (builder, strchr (get_node (doc, at)->rev, '-') + 1);
  document->ancestors = g_strv_builder_end (builder);
  return document;
}

/* A batch of paths, with whole or partial histories, with bodies or without. */
static void
step_merge (Model *model, gboolean cancel)
{
  g_autoptr (GError) error = NULL;
  ValiseBatch       *batch = valise_database_begin (model->database, &error);
  gint64             first_seq = model->seq;
  int                n = 1 + pick (model, 6);

  g_assert_no_error (error);
  for (int i = 0; i < n; i++)
    {
      Doc                       *doc = model->current[pick (model, N_DOCUMENTS)];
      g_autoptr (ValiseDocument) document = NULL;
      ValiseMerge                merge = VALISE_MERGE_KNOWN;
      gboolean                   here = pick (model, 4) > 0;
      guint                      length = pick (model, 3) > 0 ? G_MAXUINT : (guint) pick (model, 4);
      int                        place = 0;

      if (doc->nodes->len == 0 || pick (model, 2) == 0)
        grow_elsewhere (model, doc);
      place = pick (model, (int) doc->nodes->len);
      document = make_path (doc, place, length, here);
      valise_batch_merge (batch, document, &merge, &error);
      g_assert_no_error (error);
      if (cancel)
        continue;

      g_assert_cmpint (merge, ==, learn (doc, place, length, here));
      if ((merge != VALISE_MERGE_KNOWN || is_outlived (doc, place)) && doc->seq <= first_seq)
        doc->seq = ++model->seq;
    }

  if (cancel)
    valise_batch_cancel (batch);
  else
    {
      valise_batch_commit (batch, &error);
      g_assert_no_error (error);
    }
}

static void
step_reopen (Model *model)
{
  g_autoptr (GError) error = NULL;

  if (model->database != NULL)
    g_assert_finalize_object (model->database);
  model->database = valise_database_open (model->path, "model", TRUE, &error);
  g_assert_no_error (error);
}

static void
take_step (Model *model)
{
  Doc **place = &model->current[pick (model, N_DOCUMENTS)];
  int   kind = pick (model, 100);

  if (*place == NULL || (*place)->nodes->len >= MAX_NODES)
    *place = new_doc (model);

  if (kind < 35)
    step_put (model, *place, FALSE);
  else if (kind < 45)
    step_put (model, *place, TRUE);
  else if (kind < 95)
    step_merge (model, FALSE);
  else
    step_merge (model, TRUE);
  assert_doc (model, *place);
}

static void
random_histories_end_as_in_the_model (void)
{
  Model model = { 0 };
  guint n_steps = valise_test_count (10000);

  model.rand = g_rand_new_with_seed (g_test_rand_int ());
  model.root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  model.path = g_build_filename (model.root, "model.sqlite", NULL);
  model.docs = g_ptr_array_new_with_free_func (free_doc);
  for (guint i = 0; i < N_DOCUMENTS; i++)
    model.current[i] = new_doc (&model);
  step_reopen (&model);

  for (guint i = 1; i <= n_steps; i++)
    {
      take_step (&model);
      if (i % 1000 == 0)
        {
          assert_everything (&model);
          step_reopen (&model);
          assert_everything (&model);
        }
    }
  step_reopen (&model);
  assert_everything (&model);
  g_test_message ("%u documents, sequence %" G_GINT64_FORMAT, model.docs->len, model.seq);

  g_assert_finalize_object (model.database);
  g_assert_no_errno (g_unlink (model.path));
  g_assert_no_errno (g_rmdir (model.root));
  g_ptr_array_unref (model.docs);
  g_rand_free (model.rand);
  g_free (model.path);
  g_free (model.root);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/database-model/random_histories_end_as_in_the_model",
                   random_histories_end_as_in_the_model);

  return g_test_run ();
}
