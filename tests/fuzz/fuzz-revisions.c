/* fuzz-revisions.c - any history, learnt in any order
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The bytes describe one true tree and what replicas tell of it: leaf by leaf, each with as much
 * of its history as they remember. Whatever the order, the same leaves are kept, none is lost,
 * and the same one wins. Beside that, any bytes are taken for a stored tree.
 */

#include <string.h>

#include "fuzz.h"
#include "valise-revision.h"

#define NODES 48
#define PATHS 32

typedef struct
{
  guint    n_nodes;
  int      parents[NODES]; /* -1: a root */
  guint    depths[NODES];  /* generations */
  gboolean deleted[NODES];

  guint n_paths;
  guint ends[PATHS];
  guint lengths[PATHS]; /* ancestors that are told */
} History;

static void
read_history (History *history, const guint8 *data, gsize size)
{
  gsize at = 1;

  history->n_nodes = 1 + data[0] % NODES;
  for (guint i = 0; i < history->n_nodes; i++)
    {
      guint8 byte = at < size ? data[at++] : 0;

      history->parents[i] = byte % 8 == 0 ? -1 : (int) (byte / 8 % (i + 1)) - 1;
      history->depths[i] =
          history->parents[i] < 0 ? 1 + byte / 128 * 3u : history->depths[history->parents[i]] + 1;
      history->deleted[i] = byte % 5 == 4;
    }
  while (at + 1 < size && history->n_paths < PATHS)
    {
      history->ends[history->n_paths] = data[at++] % history->n_nodes;
      history->lengths[history->n_paths++] = data[at++] % NODES;
    }
}

/* Some hashes are 32 hex digits, some are not; low digits collide in length, not in order. */
static char *
dup_hash (guint node)
{
  return node % 4 == 3 ? g_strdup_printf ("n%u", node)
                       : g_strdup_printf ("%02x%030x", (node * 83) & 0xff, node);
}

static char *
dup_rev (const History *history, guint node)
{
  g_autofree char *hash = dup_hash (node);

  return g_strdup_printf ("%u-%s", history->depths[node], hash);
}

static void
tell_path (const History *history, ValiseRevisionTree *tree, guint path)
{
  guint                 node = history->ends[path];
  g_autofree char      *rev = dup_rev (history, node);
  g_autoptr (GPtrArray) ancestors = g_ptr_array_new_with_free_func (g_free);
  guint                 length = history->lengths[path];

  for (int up = history->parents[node]; up >= 0 && length > 0; up = history->parents[up], length--)
    g_ptr_array_add (ancestors, dup_hash ((guint) up));
  g_ptr_array_add (ancestors, NULL);
  valise_revision_tree_merge (tree, rev, (const char *const *) ancestors->pdata,
                              history->deleted[node], TRUE);
}

/* The leaves, the winner first. */
static char *
describe (ValiseRevisionTree *tree)
{
  g_autoptr (GPtrArray) leaves = valise_revision_tree_get_leaves (tree);
  GString              *text = g_string_new (NULL);

  for (guint i = 0; i < leaves->len; i++)
    {
      const ValiseRevisionLeaf *leaf = g_ptr_array_index (leaves, i);

      g_string_append_printf (text, "%s%s ", leaf->rev, leaf->deleted ? "!" : "");
    }
  return g_string_free (text, FALSE);
}

static char *
learn (const History *history, guint start, int step)
{
  g_autoptr (ValiseRevisionTree) tree = valise_revision_tree_new ();
  g_autoptr (ValiseRevisionTree) copy = NULL;
  g_autoptr (GBytes)             bytes = NULL;
  g_autofree char               *again = NULL;
  char                          *text = NULL;

  for (guint i = 0; i < history->n_paths; i++)
    tell_path (history, tree,
               (guint) ((int) (start + history->n_paths) + step * (int) i) % history->n_paths);
  text = describe (tree);
  bytes = valise_revision_tree_to_bytes (tree);
  copy = valise_revision_tree_from_bytes (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_nonnull (copy);
  again = describe (copy);
  g_assert_cmpstr (again, ==, text);
  return text;
}

/* By the plain rule: what was told of, and is nobody's told ancestor, is a leaf. */
static void
check_leaves (const History *history, const char *text)
{
  gboolean told[NODES] = { FALSE }, inner[NODES] = { FALSE };

  for (guint i = 0; i < history->n_paths; i++)
    {
      guint length = history->lengths[i];

      told[history->ends[i]] = TRUE;
      for (int up = history->parents[history->ends[i]]; up >= 0 && length > 0;
           up = history->parents[up], length--)
        inner[up] = TRUE;
    }
  for (guint i = 0; i < history->n_nodes; i++)
    {
      g_autofree char *rev = dup_rev (history, i);
      g_autofree char *word =
          g_strconcat (" ", rev, told[i] && history->deleted[i] ? "! " : " ", NULL);
      g_autofree char *words = g_strconcat (" ", text, NULL);

      g_assert_cmpint (strstr (words, word) != NULL, ==, told[i] && !inner[i]);
    }
}

static void
check_stored (const guint8 *data, gsize size)
{
  g_autoptr (ValiseRevisionTree) tree = valise_revision_tree_from_bytes (data, size);
  g_autoptr (GPtrArray)          leaves = NULL;
  g_autoptr (GBytes)             bytes = NULL;

  if (tree == NULL)
    return;
  leaves = valise_revision_tree_get_leaves (tree);
  valise_revision_tree_merge (tree, "3-c", (const char *const[]){ "b", "a", NULL }, FALSE, TRUE);
  g_assert_true (valise_revision_tree_contains (tree, "3-c"));
  valise_revision_tree_stem (tree, 2);
  bytes = valise_revision_tree_to_bytes (tree);
  g_assert_nonnull (bytes);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  History          history = { 0 };
  g_autofree char *forwards = NULL, *backwards = NULL, *turned = NULL;

  check_stored (data, size);
  if (size < 4)
    return 0;
  read_history (&history, data, size);
  if (history.n_paths == 0)
    return 0;
  forwards = learn (&history, 0, 1);
  backwards = learn (&history, history.n_paths - 1, -1);
  turned = learn (&history, history.n_paths / 2, 1);
  g_assert_cmpstr (forwards, ==, backwards);
  g_assert_cmpstr (forwards, ==, turned);
  check_leaves (&history, forwards);
  return 0;
}
