/* database-model.h - what a database should hold, kept as plainly as can be
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <stdlib.h>
#include <string.h>

#include "valise-database.h"

#define N_DOCUMENTS 24
#define MAX_NODES   60 /* a document; then a fresh one takes its place */

/* A revision that somebody made, somewhere. */
typedef struct
{
  char    *rev;
  int      parent; /* place among the document's nodes; -1: a root */
  gboolean deleted;
  char    *body;
  /* What the database under test was told. */
  gboolean known;
  gboolean has_edge; /* a path named its parent */
  gboolean here;     /* its body came, while it was a leaf */
} Node;

typedef struct
{
  char   *id;
  GArray *nodes; /* of Node */
  gint64  seq;   /* of its last change; 0: the database does not know it */
} Doc;

typedef struct
{
  char           *root;
  char           *path;
  ValiseDatabase *database;
  GRand          *rand;
  GPtrArray      *docs;
  Doc            *current[N_DOCUMENTS];
  gint64          seq;
} Model;

static inline int
pick (Model *model, int n)
{
  return g_rand_int_range (model->rand, 0, n);
}

/* --- the model ----------------------------------------------------------------------- */

static inline void
clear_node (gpointer data)
{
  Node *node = data;

  g_free (node->rev);
  g_free (node->body);
}

static inline void
free_doc (gpointer data)
{
  Doc *doc = data;

  g_array_unref (doc->nodes);
  g_free (doc->id);
  g_free (doc);
}

static inline Doc *
new_doc (Model *model)
{
  Doc *doc = g_new0 (Doc, 1);

  doc->id = g_strdup_printf ("%c:%u", 'a' + pick (model, 26), model->docs->len);
  doc->nodes = g_array_new (FALSE, TRUE, sizeof (Node));
  g_array_set_clear_func (doc->nodes, clear_node);
  g_ptr_array_add (model->docs, doc);
  return doc;
}

static inline Node *
get_node (const Doc *doc, int place)
{
  return &g_array_index (doc->nodes, Node, place);
}

static inline guint
get_generation (const char *rev)
{
  return (guint) strtoul (rev, NULL, 10);
}

static inline gboolean
is_leaf (const Doc *doc, int place)
{
  for (guint i = 0; i < doc->nodes->len; i++)
    {
      const Node *node = get_node (doc, (int) i);

      if (node->known && node->has_edge && node->parent == place)
        return FALSE;
    }
  return get_node (doc, place)->known;
}

static inline void
decode_hash (const char *rev, GByteArray *out)
{
  const char *hash = strchr (rev, '-') + 1;

  if (strlen (hash) != 32 || strspn (hash, "0123456789abcdef") != 32)
    {
      g_byte_array_append (out, (const guint8 *) hash, (guint) strlen (hash));
      return;
    }
  for (guint i = 0; i < 32; i += 2)
    {
      char   pair[3] = { hash[i], hash[i + 1], '\0' };
      guint8 byte = (guint8) strtoul (pair, NULL, 16);

      g_byte_array_append (out, &byte, 1);
    }
}

/* Whether @a wins over @b: written from SYNC's sentence, not from the code under test. */
static inline gboolean
wins (const Node *a, const Node *b)
{
  g_autoptr (GByteArray) left = g_byte_array_new ();
  g_autoptr (GByteArray) right = g_byte_array_new ();
  int                    order = 0;

  if (a->deleted != b->deleted)
    return b->deleted;
  if (get_generation (a->rev) != get_generation (b->rev))
    return get_generation (a->rev) > get_generation (b->rev);

  decode_hash (a->rev, left);
  decode_hash (b->rev, right);
  order = memcmp (left->data, right->data, MIN (left->len, right->len));
  return order != 0 ? order > 0 : left->len > right->len;
}

/* Places of the leaves known, the winner first. */
static inline GArray *
list_leaves (const Doc *doc)
{
  GArray *leaves = g_array_new (FALSE, FALSE, sizeof (int));

  for (int i = 0; i < (int) doc->nodes->len; i++)
    {
      guint at = 0;

      if (!is_leaf (doc, i))
        continue;
      while (at < leaves->len
             && wins (get_node (doc, g_array_index (leaves, int, at)), get_node (doc, i)))
        at++;
      g_array_insert_val (leaves, at, i);
    }
  return leaves;
}

static inline int
find_node (const Doc *doc, const char *rev)
{
  for (int i = 0; i < (int) doc->nodes->len; i++)
    if (g_str_equal (get_node (doc, i)->rev, rev))
      return i;
  return -1;
}

/* Tells the model of a path of @length ancestors; returns what a merge must say. */
static inline ValiseMerge
learn (Doc *doc, int place, guint length, gboolean here)
{
  gboolean empty = doc->seq == 0;
  gboolean is_new = !get_node (doc, place)->known;
  gboolean extended = FALSE;
  gboolean changed = FALSE;
  int      at = place;

  if (is_new)
    {
      get_node (doc, place)->known = TRUE;
      get_node (doc, place)->here = here;
    }
  else if (here && is_leaf (doc, place) && !get_node (doc, place)->here)
    {
      get_node (doc, place)->here = TRUE;
      changed = TRUE;
    }
  for (; length > 0 && get_node (doc, at)->parent >= 0; length--)
    {
      int parent = get_node (doc, at)->parent;

      extended |= get_node (doc, parent)->known && is_leaf (doc, parent);
      changed |= !get_node (doc, at)->has_edge;
      get_node (doc, at)->has_edge = TRUE;
      get_node (doc, parent)->known = TRUE;
      at = parent;
    }

  if (is_new)
    return empty || extended ? VALISE_MERGE_LEAF : VALISE_MERGE_CONFLICT;
  return changed ? VALISE_MERGE_INNER : VALISE_MERGE_KNOWN;
}

/* Whether whoever has @place has not heard that the document was deleted. */
static inline gboolean
is_outlived (const Doc *doc, int place)
{
  g_autoptr (GArray) leaves = list_leaves (doc);

  return get_node (doc, g_array_index (leaves, int, 0))->deleted && !is_leaf (doc, place);
}

static inline char *
make_body (Model *model)
{
  static const char *const shapes[] = {
    "{\"n\":%u,\"a\":1e3,\"z\":1.0}",
    "{ \"z\" : -0.0 , \"big\":12345678901234567890, \"n\":%u }",
    "{\"unknown\":{\"b\":[1,2.50,{}]},\"a\":null,\"n\":%u}",
    "{\"text\":\"\\u00e9 \xc3\xa9 \\/ \\\"\",\"n\":%u}",
  };
  const char *shape = shapes[pick (model, G_N_ELEMENTS (shapes))];
  char      **halves = g_strsplit (shape, "%u", 2);
  char       *body = g_strdup_printf ("%s%u%s", halves[0], g_rand_int (model->rand), halves[1]);

  g_strfreev (halves);
  return body;
}
