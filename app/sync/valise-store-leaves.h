/* valise-store-leaves.h - what a database lacks, and has, of what a peer names
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For valise-store-peer.c. Any thread; blocks; fails with any #ValiseDbError.
 */

#pragma once

#include "valise-peer.h"

G_BEGIN_DECLS

/* Adds to @missing (element-type ValisePeerWant) the revisions of @want that are not here: neither
 * in the tree, nor known by more than their name. */
gboolean valise_store_leaves_diff (ValiseDatabase       *database,
                                   const ValisePeerWant *want,
                                   GPtrArray            *missing,
                                   GError              **error);

/* Adds to @found (element-type ValiseDocument) what is here of @want: the leaves that descend
 * from its revisions, or, where it names none, the winner. */
gboolean valise_store_leaves_collect (ValiseDatabase       *database,
                                      const ValisePeerWant *want,
                                      GPtrArray            *found,
                                      GError              **error);

G_END_DECLS
