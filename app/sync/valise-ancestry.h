/* valise-ancestry.h - what of documents' histories a peer is known to have
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A revision travels with the names of its ancestors, 35 bytes each and up to a thousand: a draft
 * that was saved often is mostly that. A peer that is asked what it lacks names leaves that may be
 * ancestors; down to the newest of them in the document's own path is enough for it to join the
 * two, since what is older it has. Any thread.
 */

#pragma once

#include "valise-document.h"

G_BEGIN_DECLS

typedef struct _ValiseAncestry ValiseAncestry;

ValiseAncestry *valise_ancestry_new (void) G_GNUC_WARN_UNUSED_RESULT;
void            valise_ancestry_free (ValiseAncestry *self);

/* The peer has @leaves ("N-hash", NULL-terminated) of @id. */
void valise_ancestry_note (ValiseAncestry *self, const char *id, const char *const *leaves);

/* What was noted of @documents (element-type ValiseDocument) has served its purpose. */
void valise_ancestry_forget (ValiseAncestry *self, GPtrArray *documents);

/* Returns: (transfer full): @document itself, or as much of it as the peer needs. */
ValiseDocument *valise_ancestry_shorten (ValiseAncestry *self, ValiseDocument *document);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseAncestry, valise_ancestry_free)

G_END_DECLS
