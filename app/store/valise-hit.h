/* valise-hit.h - where in a document that was found its words are best seen
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-search-index.h"
#include "valise-snippet.h"

G_BEGIN_DECLS

/* Cuts the snippet of @hit, whose record is set, from the paragraph of @entry that has most of the
 * query's @n_terms, or from the title where that has more of them. */
void valise_hit_cut (ValiseHit              *hit,
                     const ValiseIndexEntry *entry,
                     ValiseMatcher          *matcher,
                     guint                   n_terms);

G_END_DECLS
