/* valise-foreign.h - of the sequences of a batch, those that say nothing its sender does not know
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A document of which every leaf came in the batch is known to whoever sent it; one that also
 * has a leaf from elsewhere is not, and must be offered. For valise-batch's own files.
 */

#pragma once

#include "valise-revision.h"

G_BEGIN_DECLS

typedef struct _ValiseForeign ValiseForeign; /* one thread */

ValiseForeign *valise_foreign_new (void);
void           valise_foreign_free (ValiseForeign *self);

/* @rev of @id has arrived: @before (element-type ValiseRevisionLeaf) were the leaves, @tree is as
 * it stands now, @seq the document's sequence now. */
void valise_foreign_add (ValiseForeign      *self,
                         const char         *id,
                         const char         *rev,
                         GPtrArray          *before,
                         ValiseRevisionTree *tree,
                         gint64              seq);

/* Returns: (transfer full) (element-type ValiseSpan): those above @first_seq, in order and joined
 * where they follow each other. */
GArray *valise_foreign_dup_spans (ValiseForeign *self, gint64 first_seq);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseForeign, valise_foreign_free)

G_END_DECLS
