/* test-revision-histories.c - what holds of any history, in any order and through its bytes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "revision-fixture.h"
#include "valise-test.h"

/* --- properties ---------------------------------------------------------------------- */

/* One node of a random history; parents come before their children. */
typedef struct
{
  char    *rev;
  int      parent; /* place in the history; -1: a root */
  gboolean deleted;
} Node;

static void
clear_node (gpointer data)
{
  g_free (((Node *) data)->rev);
}

static GArray *
make_history (GRand *rand, guint n_nodes)
{
  GArray *nodes = g_array_new (FALSE, TRUE, sizeof (Node));

  g_array_set_clear_func (nodes, clear_node);
  for (guint i = 0; i < n_nodes; i++)
    {
      gboolean is_root = i == 0 || g_rand_int_range (rand, 0, 12) == 0;
      int      recent = i > 4 ? (int) i - 4 : 0;
      Node     node = {
            NULL, is_root ? -1 : g_rand_int_range (rand, g_rand_boolean (rand) ? 0 : recent, (int) i)
      };
      guint generation = 1 + (guint) g_rand_int_range (rand, 0, 3);

      if (node.parent >= 0)
        {
          valise_revision_parse (g_array_index (nodes, Node, node.parent).rev, &generation, NULL);
          generation++;
        }
      /* Some hashes of 32 digits, some of another kind, none twice. */
      if (g_rand_boolean (rand))
        node.rev = g_strdup_printf ("%u-%08x%08x%08x%08x", generation, g_rand_int (rand), i, i, i);
      else
        node.rev =
            g_strdup_printf ("%u-%c%u", generation, g_rand_int_range (rand, 'A', 'z') | 1, i);
      node.deleted = g_rand_int_range (rand, 0, 4) == 0;
      g_array_append_val (nodes, node);
    }
  return nodes;
}

/* The hashes above node @place, at most @limit. */
static char **
dup_path (GArray *nodes, guint place, guint limit)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (int at = g_array_index (nodes, Node, place).parent; at >= 0 && limit-- > 0;
       at = g_array_index (nodes, Node, at).parent)
    {
      const char *hash = NULL;

      valise_revision_parse (g_array_index (nodes, Node, at).rev, NULL, &hash);
      g_strv_builder_add (builder, hash);
    }
  return g_strv_builder_end (builder);
}

static ValiseMerge
merge_node (ValiseRevisionTree *tree, GArray *nodes, guint place, guint limit)
{
  const Node    *node = &g_array_index (nodes, Node, place);
  g_auto (GStrv) path = dup_path (nodes, place, limit);

  return valise_revision_tree_merge (tree, node->rev, (const char *const *) path, node->deleted,
                                     TRUE);
}

static void
shuffle (GRand *rand, guint *places, guint n)
{
  for (guint i = n; i > 1; i--)
    {
      guint other = (guint) g_rand_int_range (rand, 0, (int) i);
      guint place = places[i - 1];

      places[i - 1] = places[other];
      places[other] = place;
    }
}

static GBytes *
merge_in_random_order (GRand *rand, GArray *nodes)
{
  g_autoptr (ValiseRevisionTree) tree = valise_revision_tree_new ();
  g_autofree guint              *places = g_new (guint, nodes->len);

  for (guint i = 0; i < nodes->len; i++)
    places[i] = i;
  shuffle (rand, places, nodes->len);
  for (guint i = 0; i < nodes->len; i++)
    merge_node (tree, nodes, places[i], G_MAXUINT);
  return valise_revision_tree_to_bytes (tree);
}

static void
order_of_arrival_does_not_matter (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());

  for (guint i = 0; i < valise_test_count (100); i++)
    {
      g_autoptr (GArray) nodes = make_history (rand, 1 + (guint) g_rand_int_range (rand, 0, 60));
      g_autoptr (GBytes) first = merge_in_random_order (rand, nodes);
      g_autoptr (GBytes) second = merge_in_random_order (rand, nodes);

      g_assert_true (g_bytes_equal (first, second));
    }
}

static void
merging_again_changes_nothing (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());

  for (guint i = 0; i < valise_test_count (100); i++)
    {
      g_autoptr (GArray)             nodes = make_history (rand, 40);
      g_autoptr (ValiseRevisionTree) tree = valise_revision_tree_new ();

      for (guint j = 0; j < nodes->len; j++)
        merge_node (tree, nodes, j, G_MAXUINT);
      for (guint j = 0; j < nodes->len; j++)
        g_assert_cmpint (merge_node (tree, nodes, j, (guint) g_rand_int_range (rand, 0, 40)), ==,
                         VALISE_MERGE_KNOWN);
    }
}

static void
leaves_are_those_without_children (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());

  for (guint i = 0; i < valise_test_count (100); i++)
    {
      g_autoptr (GArray)             nodes = make_history (rand, 40);
      g_autoptr (ValiseRevisionTree) tree = valise_revision_tree_new ();

      for (guint j = 0; j < nodes->len; j++)
        merge_node (tree, nodes, j, G_MAXUINT);
      for (guint j = 0; j < nodes->len; j++)
        {
          const Node *node = &g_array_index (nodes, Node, j);
          gboolean    has_child = FALSE;

          for (guint k = 0; k < nodes->len; k++)
            has_child |= g_array_index (nodes, Node, k).parent == (int) j;
          g_assert_true (valise_revision_tree_contains (tree, node->rev));
          g_assert_cmpint (valise_revision_tree_is_leaf (tree, node->rev), ==, !has_child);
        }
    }
}

/* Two paths that give a node two parents: no honest hash does, but replicas must still agree. */
static void
lying_paths_have_the_same_leaves_in_any_order (void)
{
  static const char *const paths[] = { "3-c b a", "3-c x a", "2-x z", "1-z", "3-d b z", "2-b" };
  g_autoptr (GRand)        rand = g_rand_new_with_seed (g_test_rand_int ());
  g_autoptr (GBytes)       expected = NULL;

  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (ValiseRevisionTree) tree = valise_revision_tree_new ();
      g_autoptr (GBytes)             bytes = NULL;
      guint                          places[] = { 0, 1, 2, 3, 4, 5 };

      shuffle (rand, places, G_N_ELEMENTS (places));
      for (guint j = 0; j < G_N_ELEMENTS (places); j++)
        merge (tree, paths[places[j]]);
      assert_leaves (tree, "3-d 3-c");
      bytes = valise_revision_tree_to_bytes (tree);
      if (expected == NULL)
        expected = g_bytes_ref (bytes);
      g_assert_true (g_bytes_equal (bytes, expected));
    }
}

/* The steps from @place up to @ancestor; -1: it is not above. */
static int
get_distance (GArray *nodes, int place, int ancestor)
{
  int distance = 0;

  while (place >= 0 && place != ancestor)
    {
      place = g_array_index (nodes, Node, place).parent;
      distance++;
    }
  return place >= 0 ? distance : -1;
}

static gboolean
is_near_a_leaf (GArray *nodes, ValiseRevisionTree *whole, guint place, guint depth)
{
  for (guint i = 0; i < nodes->len; i++)
    {
      int distance = get_distance (nodes, (int) i, (int) place);

      if (valise_revision_tree_is_leaf (whole, g_array_index (nodes, Node, i).rev) && distance >= 0
          && distance < (int) depth)
        return TRUE;
    }
  return FALSE;
}

static void
stemming_keeps_all_leaves_and_what_is_near (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());

  for (guint i = 0; i < valise_test_count (60); i++)
    {
      g_autoptr (GArray)             nodes = make_history (rand, 60);
      g_autoptr (ValiseRevisionTree) whole = valise_revision_tree_new ();
      g_autoptr (ValiseRevisionTree) stemmed = valise_revision_tree_new ();
      g_autofree char               *before = NULL;
      guint                          depth = 1 + (guint) g_rand_int_range (rand, 0, 8);

      for (guint j = 0; j < nodes->len; j++)
        {
          merge_node (whole, nodes, j, G_MAXUINT);
          merge_node (stemmed, nodes, j, G_MAXUINT);
        }
      before = describe (whole);
      valise_revision_tree_stem (stemmed, depth);
      assert_leaves (stemmed, before);
      for (guint j = 0; j < nodes->len; j++)
        {
          const char *rev = g_array_index (nodes, Node, j).rev;

          g_assert_cmpint (valise_revision_tree_contains (stemmed, rev), ==,
                           is_near_a_leaf (nodes, whole, j, depth));
        }
    }
}

static void
long_path_is_cut_at_its_depth (void)
{
  g_autoptr (ValiseRevisionTree) tree = valise_revision_tree_new ();
  g_autoptr (GStrvBuilder)       builder = g_strv_builder_new ();
  g_auto (GStrv)                 path = NULL;
  g_auto (GStrv)                 kept = NULL;

  for (guint i = 1499; i > 0; i--)
    {
      g_autofree char *hash = g_strdup_printf ("h%u", i);

      g_strv_builder_add (builder, hash);
    }
  path = g_strv_builder_end (builder);
  valise_revision_tree_merge (tree, "1500-top", (const char *const *) path, FALSE, TRUE);
  valise_revision_tree_stem (tree, VALISE_REVISION_MAX_DEPTH);
  kept = valise_revision_tree_dup_ancestors (tree, "1500-top");
  g_assert_cmpuint (g_strv_length (kept), ==, VALISE_REVISION_MAX_DEPTH - 1);
  g_assert_false (valise_revision_tree_contains (tree, "500-h500"));
  g_assert_true (valise_revision_tree_contains (tree, "501-h501"));
}

/* --- bytes --------------------------------------------------------------------------- */

static void
tree_survives_its_bytes (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());

  for (guint i = 0; i < valise_test_count (50); i++)
    {
      g_autoptr (GArray)             nodes = make_history (rand, 50);
      g_autoptr (GBytes)             bytes = merge_in_random_order (rand, nodes);
      g_autoptr (ValiseRevisionTree) tree = valise_revision_tree_from_bytes (
          g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      g_autoptr (GBytes) again = NULL;

      g_assert_nonnull (tree);
      again = valise_revision_tree_to_bytes (tree);
      g_assert_true (g_bytes_equal (bytes, again));
      for (guint j = 0; j < nodes->len; j++)
        {
          const char    *rev = g_array_index (nodes, Node, j).rev;
          g_auto (GStrv) expected = dup_path (nodes, j, G_MAXUINT);
          g_auto (GStrv) ancestors = valise_revision_tree_dup_ancestors (tree, rev);

          g_assert_cmpstrv (ancestors, expected);
        }
    }
}

static void
damaged_bytes_are_refused_or_harmless (void)
{
  g_autoptr (GRand)  rand = g_rand_new_with_seed (7);
  g_autoptr (GArray) nodes = make_history (rand, 30);
  g_autoptr (GBytes) bytes = merge_in_random_order (rand, nodes);
  gsize              length = 0;
  const guint8      *data = g_bytes_get_data (bytes, &length);

  g_assert_null (valise_revision_tree_from_bytes (NULL, 0));
  for (gsize i = 0; i < length; i++)
    g_assert_null (valise_revision_tree_from_bytes (data, i));
  for (gsize i = 0; i < length; i++)
    {
      g_autofree guint8             *copy = g_memdup2 (data, length);
      g_autoptr (ValiseRevisionTree) tree = NULL;

      copy[i] ^= (guint8) (1u << (i % 8));
      tree = valise_revision_tree_from_bytes (copy, length);
      if (tree != NULL)
        g_free (describe (tree));
    }
}

/* Microseconds that merging and looking up so many leaves takes. @pattern: of their hashes */
static gint64
time_crowd (const char *pattern)
{
  g_autoptr (ValiseRevisionTree) tree = valise_revision_tree_new ();
  gint64                         start = g_get_monotonic_time ();

  for (guint i = 0; i < 4000; i++)
    {
      g_autofree char *number = g_strdup_printf ("%08x", i);
      g_autofree char *hash = g_strdup (pattern);
      g_autofree char *rev = NULL;

      memcpy (strchr (hash, '#'), number, 8);
      rev = g_strconcat ("2-", hash, NULL);
      valise_revision_tree_merge (tree, rev, NULL, FALSE, TRUE);
      g_assert_true (valise_revision_tree_is_leaf (tree, rev));
    }
  return g_get_monotonic_time () - start;
}

/* Whoever writes a revision chooses its hash: none may make a tree slow. */
static void
hashes_that_are_alike_cost_no_more (void)
{
  gint64 spread = time_crowd ("########000000000000000000000000");
  gint64 begin = time_crowd ("000000000000000000000000########");
  gint64 middle = time_crowd ("000000000000########000000000000");

  g_assert_cmpint (begin, <, 5 * spread + G_USEC_PER_SEC / 10);
  g_assert_cmpint (middle, <, 5 * spread + G_USEC_PER_SEC / 10);
}

#define ADD(test) g_test_add_func ("/revision-histories/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (order_of_arrival_does_not_matter);
  ADD (merging_again_changes_nothing);
  ADD (leaves_are_those_without_children);
  ADD (lying_paths_have_the_same_leaves_in_any_order);
  ADD (stemming_keeps_all_leaves_and_what_is_near);
  ADD (long_path_is_cut_at_its_depth);
  ADD (tree_survives_its_bytes);
  ADD (damaged_bytes_are_refused_or_harmless);
  ADD (hashes_that_are_alike_cost_no_more);

  return g_test_run ();
}
