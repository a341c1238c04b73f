/* valise-revision-node.h - one node of a revision tree, and its bytes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Of use to valise-revision alone.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define VALISE_REVISION_MAX_GENERATION 2147483648u /* 2³¹ */

typedef struct _ValiseRevisionNode ValiseRevisionNode;

struct _ValiseRevisionNode
{
  ValiseRevisionNode *parent;     /* NULL: a root, or its parent is forgotten */
  char               *text;       /* the hash, where it is not 32 hex digits; else NULL */
  guint8              digest[16]; /* the bytes that 32 hex digits spell */
  guint               generation;
  guint               mark;    /* scratch of stemming and encoding */
  gboolean            inner;   /* a path named it as an ancestor: no leaf */
  gboolean            deleted; /* a tombstone */
  gboolean            here;    /* a leaf whose body is on this machine */
};

/* Fills a zeroed @self from "N-hash"; FALSE where @rev is not that. */
gboolean valise_revision_node_init (ValiseRevisionNode *self, const char *rev);
void valise_revision_node_init_hash (ValiseRevisionNode *self, guint generation, const char *hash);
void valise_revision_node_clear (ValiseRevisionNode *self);

/* The name of @key, without parent and marks; on the heap. */
ValiseRevisionNode *valise_revision_node_copy (const ValiseRevisionNode *key);
void                valise_revision_node_free (gpointer node);

/* As valise_revision_compare(); 0 only for the same name. */
int      valise_revision_node_compare (const ValiseRevisionNode *a, const ValiseRevisionNode *b);
guint    valise_revision_node_hash (gconstpointer node);
gboolean valise_revision_node_equal (gconstpointer a, gconstpointer b);

char *valise_revision_node_to_string (const ValiseRevisionNode *self);
char *valise_revision_node_hash_to_string (const ValiseRevisionNode *self);

/* @nodes: (element-type ValiseRevisionNode), each after its parent; uses their marks. */
GBytes *valise_revision_nodes_encode (GPtrArray *nodes);

/* Returns: (transfer full) (nullable): the nodes, each after its parent, freed with the array;
 * NULL where the bytes are damaged */
GPtrArray *valise_revision_nodes_decode (gconstpointer data, gsize length);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ValiseRevisionNode, valise_revision_node_clear)

G_END_DECLS
