/* valise-revision.h - the names of revisions, and the tree of a document's
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * CouchDB's model (couch_key_tree.erl): a document is a tree of revisions, possibly with
 * several roots; every leaf is kept; one leaf is the winner, chosen alike by every replica.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define VALISE_REVISION_MAX_DEPTH 1000 /* CouchDB's _revs_limit */

/* "N-hash": FALSE where @rev is not that, N from 1 to 2³¹. @hash is lent from @rev. */
gboolean valise_revision_parse (const char *rev, guint *generation, const char **hash);

/* CouchDB's order: generation, then the hash: 32 hex digits as their 16 bytes, anything else
 * as its text. Negative, zero or positive. */
int valise_revision_compare (const char *a, const char *b);

typedef struct _ValiseRevisionTree ValiseRevisionTree; /* one thread at a time */

typedef struct
{
  char    *rev;     /* "N-hash" */
  gboolean deleted; /* of a leaf: whether it is a tombstone */
  gboolean leaf;
  gboolean here; /* whether its body is on this machine */
} ValiseRevisionLeaf;

void valise_revision_leaf_free (ValiseRevisionLeaf *leaf);

ValiseRevisionTree *valise_revision_tree_new (void);
void                valise_revision_tree_free (ValiseRevisionTree *self);

/* The compact form kept beside the document, and back; NULL where @data is damaged. */
GBytes             *valise_revision_tree_to_bytes (ValiseRevisionTree *self);
ValiseRevisionTree *valise_revision_tree_from_bytes (gconstpointer data, gsize length);

typedef enum
{
  VALISE_MERGE_KNOWN,    /* the revision was there already: no new sequence, unless the document's
                            deletion has followed it */
  VALISE_MERGE_LEAF,     /* a new leaf, on a path that existed */
  VALISE_MERGE_CONFLICT, /* a new leaf beside others */
  VALISE_MERGE_INNER,    /* filled in history only, or a body that was missing */
} ValiseMerge;

/* Merges the path whose newest node is @rev and whose ancestors, newest first and without
 * generations, are @ancestors (NULL-terminated, may be NULL). @here: its body comes along. */
ValiseMerge valise_revision_tree_merge (ValiseRevisionTree *self,
                                        const char         *rev,
                                        const char *const  *ancestors,
                                        gboolean            deleted,
                                        gboolean            here);

/* Forgets nodes farther than @depth from every leaf. */
void valise_revision_tree_stem (ValiseRevisionTree *self, guint depth);

/* Returns: (element-type ValiseRevisionLeaf): the leaves, the winner first, then by the
 * winner rule: not deleted before deleted, higher generation, higher hash. Owned by caller. */
GPtrArray *valise_revision_tree_get_leaves (ValiseRevisionTree *self);

/* The same of those leaves whose path holds @rev; empty where it is not in the tree. */
GPtrArray *valise_revision_tree_get_descendants (ValiseRevisionTree *self, const char *rev);

gboolean valise_revision_tree_contains (ValiseRevisionTree *self, const char *rev);
gboolean valise_revision_tree_is_leaf (ValiseRevisionTree *self, const char *rev);
gboolean valise_revision_tree_is_deleted (ValiseRevisionTree *self, const char *rev);

/* @rev as the tree spells it (32 hex digits in lower case); NULL where it is not there. */
char *valise_revision_tree_dup_rev (ValiseRevisionTree *self, const char *rev);

/* The hashes from @rev's parent back to its root, newest first, NULL-terminated; NULL where
 * @rev is not in the tree. */
char **valise_revision_tree_dup_ancestors (ValiseRevisionTree *self, const char *rev);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseRevisionTree, valise_revision_tree_free)

G_END_DECLS
