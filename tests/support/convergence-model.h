/* convergence-model.h - random histories of documents, and what every replica must hold of them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <stdlib.h>

#include "server-fixture.h"
#include "valise-canonical.h"

#define N_STORES   3
#define SERVER     N_STORES /* the last replica */
#define N_REPLICAS (N_STORES + 1)
#define LOT        25 /* histories that share their partitions */
#define STEPS      14 /* of a lot: edits at one replica, or a meeting of two */
#define KEEP       3  /* lots before the databases are made anew: who begins empty is spared much */
#define DATABASE   "shared"

typedef struct
{
  char    *rev;
  int      parent; /* place among the nodes; -1: a root */
  gboolean deleted;
  char    *body;
  guint    known; /* a bit for each replica */
} Node;

typedef struct
{
  char   *id;
  GArray *nodes; /* of Node, parents first */
} Doc;

typedef struct
{
  Secretariat     secretariat;
  char           *account;
  char           *password;
  char           *folder;
  ValiseDatabase *stores[N_STORES];
  guint           sets; /* of databases made so far */
  GRand          *rand;
  Doc             docs[LOT];
  FILE           *oracle; /* what PouchDB is asked, or NULL */
} Fixture;

/* --- the model --------------------------------------------------------------------------- */

static inline void
clear_node (gpointer data)
{
  Node *node = data;

  g_free (node->rev);
  g_free (node->body);
}

static inline guint
pick (Fixture *fixture, guint n)
{
  return (guint) g_rand_int_range (fixture->rand, 0, (gint32) n);
}

static inline Node *
get_node (const Doc *doc, guint i)
{
  return &g_array_index (doc->nodes, Node, i);
}

/* The nodes that are leaves among those known at @replica (-1: anywhere), by place. */
static inline GArray *
list_leaves (const Doc *doc, int replica)
{
  guint   mask = replica < 0 ? G_MAXUINT : 1u << replica;
  GArray *leaves = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < doc->nodes->len; i++)
    {
      gboolean leaf = (get_node (doc, i)->known & mask) != 0;

      for (guint j = i + 1; leaf && j < doc->nodes->len; j++)
        leaf = get_node (doc, j)->parent != (int) i || (get_node (doc, j)->known & mask) == 0;
      if (leaf)
        g_array_append_val (leaves, i);
    }
  return leaves;
}

static inline guint
get_generation (const Node *node)
{
  return (guint) atoi (node->rev);
}

/* CouchDB's rule, on hashes of 32 hex digits: not deleted, then long, then high. */
static inline gboolean
beats (const Node *a, const Node *b)
{
  if (a->deleted != b->deleted)
    return b->deleted;
  if (get_generation (a) != get_generation (b))
    return get_generation (a) > get_generation (b);
  return strcmp (strchr (a->rev, '-'), strchr (b->rev, '-')) > 0;
}

static inline const Node *
find_winner (const Doc *doc, GArray *leaves)
{
  const Node *winner = get_node (doc, g_array_index (leaves, guint, 0));

  for (guint i = 1; i < leaves->len; i++)
    {
      const Node *other = get_node (doc, g_array_index (leaves, guint, i));

      winner = beats (other, winner) ? other : winner;
    }
  return winner;
}

/* --- edits ------------------------------------------------------------------------------- */

static inline char *
make_rev (Fixture *fixture, const char *parent, gboolean deleted, const char *body)
{
  g_autoptr (ValiseJson) json = valise_json_scan_text (body, -1, VALISE_JSON_ANY, NULL);

  /* Now and then by another program, whose hashes are its own. */
  if (pick (fixture, 8) == 0)
    return g_strdup_printf ("%d-%08x%08x%08x%08x", parent != NULL ? atoi (parent) + 1 : 1,
                            g_rand_int (fixture->rand), g_rand_int (fixture->rand),
                            g_rand_int (fixture->rand), g_rand_int (fixture->rand));
  return valise_canonical_revision (parent, deleted, json);
}

/* A new node at @replica, or the one that the same edit made elsewhere. */
static inline guint
edit (Fixture *fixture, Doc *doc, int replica)
{
  g_autoptr (GArray) leaves = list_leaves (doc, replica);
  gboolean           root = leaves->len == 0 || pick (fixture, 20) == 0;
  int  parent = root ? -1 : (int) g_array_index (leaves, guint, pick (fixture, leaves->len));
  Node node = { .parent = parent, .known = 1u << replica };

  node.deleted = !root && pick (fixture, 6) == 0;
  node.body = g_strdup_printf ("{\"n\":%u}", pick (fixture, 3));
  node.rev = make_rev (fixture, root ? NULL : get_node (doc, (guint) parent)->rev, node.deleted,
                       node.body);
  for (guint i = 0; i < doc->nodes->len; i++)
    if (g_str_equal (get_node (doc, i)->rev, node.rev))
      {
        get_node (doc, i)->known |= node.known;
        clear_node (&node);
        return i;
      }

  g_array_append_val (doc->nodes, node);
  return doc->nodes->len - 1;
}

static inline ValiseDocument *
make_document (const Doc *doc, guint place)
{
  const Node           *node = get_node (doc, place);
  g_autoptr (GBytes)    body = g_bytes_new (node->body, strlen (node->body));
  g_autoptr (GPtrArray) ancestors = g_ptr_array_new ();
  ValiseDocument       *document = valise_document_new (doc->id, node->rev, node->deleted, body);

  for (int i = node->parent; i >= 0; i = get_node (doc, (guint) i)->parent)
    g_ptr_array_add (ancestors, strchr (get_node (doc, (guint) i)->rev, '-') + 1);
  g_ptr_array_add (ancestors, NULL);
  if (ancestors->len > 1)
    document->ancestors = g_strdupv ((char **) ancestors->pdata);
  return document;
}
