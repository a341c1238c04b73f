/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-revision"

#include "config.h"

#include <string.h>

#include "valise-revision-node.h"
#include "valise-revision.h"

#define MAX_HASH 255 /* bytes of a foreign hash; ours have 32 */

/**
 * ValiseRevisionTree:
 *
 * A set of nodes, each named by its generation and hash, each knowing its parent.
 *
 * A merge only adds nodes, and marks as inner those that a path names as ancestors; what is
 * not inner is a leaf. Both are unions of sets, so paths may arrive in any order, and any
 * number of times, and every replica has the same leaves. Where two paths disagree about a
 * node's parent (no honest hash lets them), the higher hash is kept, everywhere alike.
 */
struct _ValiseRevisionTree
{
  GHashTable *nodes; /* a set of ValiseRevisionNode */
};

/* The revision "N-hash"; FALSE where @hash is too long or holds what no revision may. */
static gboolean
check_hash (const char *hash)
{
  gsize length = strlen (hash);

  if (length == 0 || length > MAX_HASH)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (hash[i]) || hash[i] == '"' || hash[i] == '\\')
      return FALSE;

  return TRUE;
}

/**
 * valise_revision_parse:
 * @rev: untrusted text
 * @generation: (out) (optional): N
 * @hash: (out) (optional): lent from @rev
 *
 * Returns: whether @rev is "N-hash": N a decimal number from 1 to 2³¹ without leading
 *   zeros, the hash 1 to 255 printable ASCII characters without quotes and backslashes
 */
gboolean
valise_revision_parse (const char *rev, guint *generation, const char **hash)
{
  guint64     number = 0;
  const char *end = rev;

  if (rev == NULL || *rev < '1' || *rev > '9')
    return FALSE;

  while (g_ascii_isdigit (*end) && end - rev < 10)
    number = number * 10 + (guint64) (*end++ - '0');
  if (*end != '-' || number > VALISE_REVISION_MAX_GENERATION || !check_hash (end + 1))
    return FALSE;

  if (generation != NULL)
    *generation = (guint) number;
  if (hash != NULL)
    *hash = end + 1;
  return TRUE;
}

/**
 * valise_revision_compare:
 *
 * CouchDB's order (couch_doc:parse_rev): generation, then the hash as bytes, where a hash of
 * 32 hex digits is the 16 bytes it spells and any other its own text. So "2-90…" is above
 * "2-zz", which is above "2-10…". What is not a revision is below what is.
 */
int
valise_revision_compare (const char *a, const char *b)
{
  g_auto (ValiseRevisionNode) left = { 0 };
  g_auto (ValiseRevisionNode) right = { 0 };
  gboolean                    a_is_one = valise_revision_node_init (&left, a);
  gboolean                    b_is_one = valise_revision_node_init (&right, b);

  if (!a_is_one || !b_is_one)
    return a_is_one - b_is_one;
  return valise_revision_node_compare (&left, &right);
}

ValiseRevisionTree *
valise_revision_tree_new (void)
{
  ValiseRevisionTree *self = g_new0 (ValiseRevisionTree, 1);

  self->nodes = g_hash_table_new_full (valise_revision_node_hash, valise_revision_node_equal,
                                       valise_revision_node_free, NULL);
  return self;
}

void
valise_revision_tree_free (ValiseRevisionTree *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->nodes);
  g_free (self);
}

static ValiseRevisionNode *
find_node (ValiseRevisionTree *self, const char *rev)
{
  g_auto (ValiseRevisionNode) key = { 0 };

  if (!valise_revision_node_init (&key, rev))
    return NULL;
  return g_hash_table_lookup (self->nodes, &key);
}

/* --- merging ------------------------------------------------------------------------- */

/* What a merge did to the tree. */
typedef struct
{
  gboolean is_new;   /* the leaf was not there */
  gboolean extended; /* it, or its path, grew from what was a leaf */
  gboolean filled;   /* a body that was missing, or history, came in */
} Effect;

static ValiseRevisionNode *
add_node (ValiseRevisionTree *self, ValiseRevisionNode *key)
{
  ValiseRevisionNode *node = valise_revision_node_copy (key);

  g_hash_table_add (self->nodes, node);
  return node;
}

static ValiseRevisionNode *
merge_leaf (ValiseRevisionTree *self,
            ValiseRevisionNode *key,
            gboolean            deleted,
            gboolean            here,
            Effect             *effect)
{
  ValiseRevisionNode *node = g_hash_table_lookup (self->nodes, key);

  if (node == NULL)
    {
      effect->is_new = TRUE;
      node = add_node (self, key);
      node->deleted = deleted;
      node->here = here;
    }
  else if (here && !node->here && !node->inner)
    {
      /* The body itself knows better than whoever announced it. */
      effect->filled = TRUE;
      node->deleted = deleted;
      node->here = TRUE;
    }
  return node;
}

/* Returns the ancestor of @child that @key names. */
static ValiseRevisionNode *
merge_ancestor (ValiseRevisionTree *self,
                ValiseRevisionNode *child,
                ValiseRevisionNode *key,
                Effect             *effect)
{
  ValiseRevisionNode *node = g_hash_table_lookup (self->nodes, key);

  if (node == NULL)
    {
      node = add_node (self, key);
      node->inner = TRUE;
    }
  if (!node->inner)
    {
      node->inner = TRUE;
      /* Said of leaves alone, or the order of arrival would show. */
      node->deleted = FALSE;
      node->here = FALSE;
      effect->extended = TRUE;
      effect->filled = TRUE;
    }
  if (child->parent == NULL
      || (child->parent != node && valise_revision_node_compare (node, child->parent) > 0))
    {
      child->parent = node;
      effect->filled = TRUE;
    }
  return node;
}

/**
 * valise_revision_tree_merge:
 * @rev: the newest node of the path; it must parse
 * @ancestors: (nullable): hashes from its parent back, %NULL-terminated; the path ends where
 *   one is no hash, or where generations do
 * @deleted: whether @rev is a tombstone
 * @here: whether its body comes along
 *
 * Merges a path (couch_key_tree:merge). Never fails; what was there stays.
 */
ValiseMerge
valise_revision_tree_merge (ValiseRevisionTree *self,
                            const char         *rev,
                            const char *const  *ancestors,
                            gboolean            deleted,
                            gboolean            here)
{
  g_auto (ValiseRevisionNode) key = { 0 };
  ValiseRevisionNode         *node = NULL;
  Effect                      effect = { 0 };
  gboolean                    empty = g_hash_table_size (self->nodes) == 0;
  guint                       generation = 0;

  g_return_val_if_fail (valise_revision_node_init (&key, rev), VALISE_MERGE_KNOWN);

  generation = key.generation;
  node = merge_leaf (self, &key, deleted, here, &effect);
  for (guint i = 0; ancestors != NULL && ancestors[i] != NULL && i + 1 < generation; i++)
    {
      g_auto (ValiseRevisionNode) ancestor = { 0 };

      if (!check_hash (ancestors[i]))
        break;
      valise_revision_node_init_hash (&ancestor, generation - i - 1, ancestors[i]);
      node = merge_ancestor (self, node, &ancestor, &effect);
    }

  if (effect.is_new)
    return empty || effect.extended ? VALISE_MERGE_LEAF : VALISE_MERGE_CONFLICT;
  return effect.filled ? VALISE_MERGE_INNER : VALISE_MERGE_KNOWN;
}

/* --- stemming ------------------------------------------------------------------------ */

static gboolean
is_deeper_than (ValiseRevisionTree *self, guint depth)
{
  GHashTableIter      iter;
  ValiseRevisionNode *node = NULL;
  guint               lowest = G_MAXUINT;
  guint               highest = 0;

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, (gpointer *) &node, NULL))
    {
      lowest = MIN (lowest, node->generation);
      highest = MAX (highest, node->generation);
    }
  return highest >= lowest && highest - lowest >= depth;
}

/* Marks the @depth nodes from @leaf towards its root; stops where another leaf, as near or
 * nearer, has marked the rest. */
static void
mark_path (ValiseRevisionNode *leaf, guint depth)
{
  for (ValiseRevisionNode *node = leaf; node != NULL && node->mark < depth; node = node->parent)
    node->mark = depth--;
}

/**
 * valise_revision_tree_stem:
 * @depth: how many nodes each leaf keeps of its path, itself counted; at least 1
 *
 * Forgets all nodes but these (couch_key_tree:stem). Every leaf stays.
 */
void
valise_revision_tree_stem (ValiseRevisionTree *self, guint depth)
{
  GHashTableIter      iter;
  ValiseRevisionNode *node = NULL;

  g_return_if_fail (depth > 0);

  if (!is_deeper_than (self, depth))
    return;

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, (gpointer *) &node, NULL))
    node->mark = 0;
  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, (gpointer *) &node, NULL))
    if (!node->inner)
      mark_path (node, depth);

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, (gpointer *) &node, NULL))
    if (node->parent != NULL && node->parent->mark == 0)
      node->parent = NULL;
  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, (gpointer *) &node, NULL))
    if (node->mark == 0)
      g_hash_table_iter_remove (&iter);
}

/* --- asking -------------------------------------------------------------------------- */

void
valise_revision_leaf_free (ValiseRevisionLeaf *leaf)
{
  g_free (leaf->rev);
  g_free (leaf);
}

static GPtrArray *
new_leaves (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) valise_revision_leaf_free);
}

/* The winner rule: not deleted, then generation, then hash; best first. */
static int
compare_leaves (gconstpointer a, gconstpointer b)
{
  const ValiseRevisionNode *left = *(const ValiseRevisionNode *const *) a;
  const ValiseRevisionNode *right = *(const ValiseRevisionNode *const *) b;

  if (left->deleted != right->deleted)
    return left->deleted ? 1 : -1;
  return valise_revision_node_compare (right, left);
}

/* Those leaves that have @ancestor (NULL: any) on their path, best first. */
static GPtrArray *
dup_leaves (ValiseRevisionTree *self, const ValiseRevisionNode *ancestor)
{
  g_autoptr (GPtrArray) nodes = g_ptr_array_new ();
  GPtrArray            *leaves = new_leaves ();
  GHashTableIter        iter;
  ValiseRevisionNode   *node = NULL;

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, (gpointer *) &node, NULL))
    {
      const ValiseRevisionNode *step = node;

      while (ancestor != NULL && step != NULL && step != ancestor)
        step = step->parent;
      if (step != NULL && !node->inner)
        g_ptr_array_add (nodes, node);
    }
  g_ptr_array_sort (nodes, compare_leaves);

  for (guint i = 0; i < nodes->len; i++)
    {
      ValiseRevisionLeaf *leaf = g_new0 (ValiseRevisionLeaf, 1);

      node = g_ptr_array_index (nodes, i);
      leaf->rev = valise_revision_node_to_string (node);
      leaf->deleted = node->deleted;
      leaf->leaf = TRUE;
      leaf->here = node->here;
      g_ptr_array_add (leaves, leaf);
    }
  return leaves;
}

GPtrArray *
valise_revision_tree_get_leaves (ValiseRevisionTree *self)
{
  return dup_leaves (self, NULL);
}

/**
 * valise_revision_tree_get_descendants:
 *
 * Returns: (transfer full) (element-type ValiseRevisionLeaf): the leaves whose path holds
 *   @rev, itself where it is one, best first; empty where @rev is not in the tree
 */
GPtrArray *
valise_revision_tree_get_descendants (ValiseRevisionTree *self, const char *rev)
{
  ValiseRevisionNode *node = find_node (self, rev);

  return node != NULL ? dup_leaves (self, node) : new_leaves ();
}

gboolean
valise_revision_tree_contains (ValiseRevisionTree *self, const char *rev)
{
  return find_node (self, rev) != NULL;
}

gboolean
valise_revision_tree_is_leaf (ValiseRevisionTree *self, const char *rev)
{
  ValiseRevisionNode *node = find_node (self, rev);

  return node != NULL && !node->inner;
}

gboolean
valise_revision_tree_is_deleted (ValiseRevisionTree *self, const char *rev)
{
  ValiseRevisionNode *node = find_node (self, rev);

  return node != NULL && node->deleted;
}

/* Returns: (transfer full) (nullable): @rev as the tree spells it */
char *
valise_revision_tree_dup_rev (ValiseRevisionTree *self, const char *rev)
{
  ValiseRevisionNode *node = find_node (self, rev);

  return node != NULL ? valise_revision_node_to_string (node) : NULL;
}

char **
valise_revision_tree_dup_ancestors (ValiseRevisionTree *self, const char *rev)
{
  ValiseRevisionNode   *node = find_node (self, rev);
  g_autoptr (GPtrArray) hashes = NULL;

  if (node == NULL)
    return NULL;

  hashes = g_ptr_array_new ();
  for (node = node->parent; node != NULL; node = node->parent)
    g_ptr_array_add (hashes, valise_revision_node_hash_to_string (node));
  g_ptr_array_add (hashes, NULL);

  return (char **) g_ptr_array_free (g_steal_pointer (&hashes), FALSE);
}

/* --- the compact form ---------------------------------------------------------------- */

static int
compare_nodes_cb (gconstpointer a, gconstpointer b)
{
  return valise_revision_node_compare (*(const ValiseRevisionNode *const *) a,
                                       *(const ValiseRevisionNode *const *) b);
}

/**
 * valise_revision_tree_to_bytes:
 *
 * The same tree gives the same bytes, so they may be compared.
 */
GBytes *
valise_revision_tree_to_bytes (ValiseRevisionTree *self)
{
  g_autoptr (GPtrArray) nodes = g_ptr_array_new ();
  GHashTableIter        iter;
  ValiseRevisionNode   *node = NULL;

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, (gpointer *) &node, NULL))
    g_ptr_array_add (nodes, node);
  /* By generation first: a parent comes before its children. */
  g_ptr_array_sort (nodes, compare_nodes_cb);

  return valise_revision_nodes_encode (nodes);
}

ValiseRevisionTree *
valise_revision_tree_from_bytes (gconstpointer data, gsize length)
{
  g_autoptr (GPtrArray) nodes = valise_revision_nodes_decode (data, length);
  ValiseRevisionTree   *self = NULL;

  if (nodes == NULL)
    return NULL;

  self = valise_revision_tree_new ();
  g_ptr_array_set_free_func (nodes, NULL);
  for (guint i = 0; i < nodes->len; i++)
    g_hash_table_add (self->nodes, g_ptr_array_index (nodes, i));
  if (g_hash_table_size (self->nodes) == nodes->len)
    return self;

  valise_revision_tree_free (self);
  return NULL;
}
