/* revision-fixture.h - a tree of revisions, merged by hand
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-revision.h"

/* --- merging by hand ----------------------------------------------------------------- */

/* @path: "N-hash hash hash…", or with a leading "!" a tombstone. */
static inline ValiseMerge
merge (ValiseRevisionTree *tree, const char *path)
{
  gboolean       deleted = *path == '!';
  g_auto (GStrv) words = g_strsplit (path + deleted, " ", -1);

  return valise_revision_tree_merge (tree, words[0], (const char *const *) words + 1, deleted,
                                     TRUE);
}

/* The leaves, the winner first: "3-c 2-b 1-a!", "!" marking tombstones. */
static inline char *
describe (ValiseRevisionTree *tree)
{
  g_autoptr (GPtrArray) leaves = valise_revision_tree_get_leaves (tree);
  GString              *text = g_string_new (NULL);

  for (guint i = 0; i < leaves->len; i++)
    {
      const ValiseRevisionLeaf *leaf = g_ptr_array_index (leaves, i);

      g_string_append_printf (text, "%s%s%s", i > 0 ? " " : "", leaf->rev,
                              leaf->deleted ? "!" : "");
      g_assert_true (leaf->leaf);
    }
  return g_string_free (text, FALSE);
}

static inline void
assert_leaves (ValiseRevisionTree *tree, const char *expected)
{
  g_autofree char *leaves = describe (tree);

  g_assert_cmpstr (leaves, ==, expected);
}
