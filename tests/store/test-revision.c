/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "revision-fixture.h"

#define HEX_1 "10000000000000000000000000000000"
#define HEX_9 "90000000000000000000000000000000"

/* --- names --------------------------------------------------------------------------- */

static void
revisions_are_parsed (void)
{
  static const struct
  {
    const char *rev;
    guint       generation;
    const char *hash;
  } cases[] = {
    { "1-a", 1, "a" },
    { "1-" HEX_1, 1, HEX_1 },
    { "12-x-y", 12, "x-y" },
    { "2147483648-z", 2147483648u, "z" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *hash = NULL;
      guint       generation = 0;

      g_assert_true (valise_revision_parse (cases[i].rev, &generation, &hash));
      g_assert_cmpuint (generation, ==, cases[i].generation);
      g_assert_cmpstr (hash, ==, cases[i].hash);
    }
}

static void
what_is_no_revision_is_refused (void)
{
  g_autofree char  *filler = g_strnfill (256, 'a');
  g_autofree char  *long_hash = g_strconcat ("1-", filler, NULL);
  g_autofree char  *longest = g_strndup (long_hash, 257);
  const char *const cases[] = { NULL,
                                "",
                                "1",
                                "-",
                                "1-",
                                "-a",
                                "0-a",
                                "01-a",
                                "+1-a",
                                " 1-a",
                                "1 -a",
                                "a-b",
                                "2147483649-a",
                                "99999999999-a",
                                "18446744073709551617-a",
                                "1-a b",
                                "1-a\n",
                                "1-\"",
                                "1-a\\",
                                "1-\xc3\xa9",
                                "1-\x7f",
                                long_hash };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_false (valise_revision_parse (cases[i], NULL, NULL));
  g_assert_true (valise_revision_parse (longest, NULL, NULL));
}

/* Highest first, as CouchDB 3.5 orders them: 32 hex digits by the bytes they spell, others as
 * text, so 0x90 is above "z" (0x7a), which is above 0x10. */
static const char *const in_order[] = {
  "10-a",
  "2-" HEX_9,
  "2-zz",
  "2-z",
  "2-Z",
  "2-9",
  "2-32ffffffffffffffffffffffffffffff",
  "2-31ffffffffffffffffffffffffffffff",
  "2-" HEX_1,
  "1-ffffffffffffffffffffffffffffffff",
};

static void
order_is_couchdbs (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (in_order); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (in_order); j++)
      {
        int order = valise_revision_compare (in_order[i], in_order[j]);

        g_assert_cmpint ((order > 0) - (order < 0), ==, (j > i) - (j < i));
      }

  /* 16 bytes against a text that they begin with, and the same digits in capitals. */
  g_assert_cmpint (
      valise_revision_compare ("1-61616161616161616161616161616161", "1-aaaaaaaaaaaaaaaaa"), <, 0);
  g_assert_cmpint (valise_revision_compare ("1-ABCDEF00000000000000000000000000",
                                            "1-abcdef00000000000000000000000000"),
                   ==, 0);
  g_assert_cmpint (
      valise_revision_compare ("1-61616161616161616161616161616161", "1-aaaaaaaaaaaaaaaa"), !=, 0);
}

static void
winner_is_not_deleted_then_long_then_high (void)
{
  g_autoptr (ValiseRevisionTree) tree = valise_revision_tree_new ();

  for (gsize i = G_N_ELEMENTS (in_order); i > 0; i--)
    merge (tree, in_order[i - 1]);
  merge (tree, "!11-a");
  {
    g_autoptr (GPtrArray) leaves = valise_revision_tree_get_leaves (tree);

    g_assert_cmpuint (leaves->len, ==, G_N_ELEMENTS (in_order) + 1);
    for (gsize i = 0; i < G_N_ELEMENTS (in_order); i++)
      {
        const ValiseRevisionLeaf *leaf = g_ptr_array_index (leaves, i);

        g_assert_cmpstr (leaf->rev, ==, in_order[i]);
        g_assert_false (leaf->deleted);
      }
  }
}

static void
merge_says_what_it_did (void)
{
  g_autoptr (ValiseRevisionTree) tree = valise_revision_tree_new ();

  g_assert_cmpint (merge (tree, "2-b a"), ==, VALISE_MERGE_LEAF);
  g_assert_cmpint (merge (tree, "2-b a"), ==, VALISE_MERGE_KNOWN);
  g_assert_cmpint (merge (tree, "2-b"), ==, VALISE_MERGE_KNOWN);
  g_assert_cmpint (merge (tree, "1-a"), ==, VALISE_MERGE_KNOWN);
  g_assert_cmpint (merge (tree, "4-d c b a"), ==, VALISE_MERGE_LEAF);
  g_assert_cmpint (merge (tree, "2-x a"), ==, VALISE_MERGE_CONFLICT);
  g_assert_cmpint (merge (tree, "!3-y x"), ==, VALISE_MERGE_LEAF);
  assert_leaves (tree, "4-d 3-y!");
}

static void
history_joins_what_were_two_roots (void)
{
  g_autoptr (ValiseRevisionTree) tree = valise_revision_tree_new ();
  g_auto (GStrv)                 ancestors = NULL;

  merge (tree, "4-d");
  g_assert_cmpint (merge (tree, "1-a"), ==, VALISE_MERGE_CONFLICT);
  assert_leaves (tree, "4-d 1-a");

  g_assert_cmpint (merge (tree, "4-d c b a"), ==, VALISE_MERGE_INNER);
  assert_leaves (tree, "4-d");
  ancestors = valise_revision_tree_dup_ancestors (tree, "4-d");
  g_assert_cmpstrv (ancestors, ((const char *[]){ "c", "b", "a", NULL }));
}

static void
body_that_was_missing_is_filled_once (void)
{
  g_autoptr (ValiseRevisionTree) tree = valise_revision_tree_new ();

  g_assert_cmpint (valise_revision_tree_merge (tree, "1-a", NULL, FALSE, FALSE), ==,
                   VALISE_MERGE_LEAF);
  g_assert_cmpint (valise_revision_tree_merge (tree, "1-a", NULL, FALSE, FALSE), ==,
                   VALISE_MERGE_KNOWN);
  g_assert_cmpint (valise_revision_tree_merge (tree, "1-a", NULL, FALSE, TRUE), ==,
                   VALISE_MERGE_INNER);
  g_assert_cmpint (valise_revision_tree_merge (tree, "1-a", NULL, FALSE, FALSE), ==,
                   VALISE_MERGE_KNOWN);
  {
    g_autoptr (GPtrArray)     leaves = valise_revision_tree_get_leaves (tree);
    const ValiseRevisionLeaf *leaf = g_ptr_array_index (leaves, 0);

    g_assert_true (leaf->here);
  }
}

static void
capitals_name_the_same_node (void)
{
  g_autoptr (ValiseRevisionTree) tree = valise_revision_tree_new ();
  g_autofree char               *rev = NULL;

  merge (tree, "1-ABCDEF00000000000000000000000000");
  g_assert_cmpint (merge (tree, "1-abcdef00000000000000000000000000"), ==, VALISE_MERGE_KNOWN);
  rev = valise_revision_tree_dup_rev (tree, "1-ABCDEF00000000000000000000000000");
  g_assert_cmpstr (rev, ==, "1-abcdef00000000000000000000000000");
}

static void
ancestors_past_the_first_generation_are_ignored (void)
{
  g_autoptr (ValiseRevisionTree) tree = valise_revision_tree_new ();
  g_auto (GStrv)                 ancestors = NULL;

  merge (tree, "2-b a z y x");
  ancestors = valise_revision_tree_dup_ancestors (tree, "2-b");
  g_assert_cmpstrv (ancestors, ((const char *[]){ "a", NULL }));
  g_assert_false (valise_revision_tree_contains (tree, "1-z"));
}

static void
descendants_are_the_leaves_of_one_branch (void)
{
  g_autoptr (ValiseRevisionTree) tree = valise_revision_tree_new ();
  g_autoptr (GPtrArray)          branch = NULL;
  g_autoptr (GPtrArray)          nothing = NULL;

  merge (tree, "3-c b a");
  merge (tree, "3-d b a");
  merge (tree, "2-x a");
  branch = valise_revision_tree_get_descendants (tree, "2-b");
  g_assert_cmpuint (branch->len, ==, 2);
  g_assert_cmpstr (((ValiseRevisionLeaf *) branch->pdata[0])->rev, ==, "3-d");
  g_assert_cmpstr (((ValiseRevisionLeaf *) branch->pdata[1])->rev, ==, "3-c");
  nothing = valise_revision_tree_get_descendants (tree, "2-none");
  g_assert_cmpuint (nothing->len, ==, 0);
}

#define ADD(test) g_test_add_func ("/revision/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (revisions_are_parsed);
  ADD (what_is_no_revision_is_refused);
  ADD (order_is_couchdbs);
  ADD (winner_is_not_deleted_then_long_then_high);
  ADD (merge_says_what_it_did);
  ADD (history_joins_what_were_two_roots);
  ADD (body_that_was_missing_is_filled_once);
  ADD (capitals_name_the_same_node);
  ADD (ancestors_past_the_first_generation_are_ignored);
  ADD (descendants_are_the_leaves_of_one_branch);

  return g_test_run ();
}
