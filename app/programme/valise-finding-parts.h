/* valise-finding-parts.h - a line of a search's answer, made of what the index found
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-library.h"
#include "valise-search-index.h"

G_BEGIN_DECLS

/* NULL for what is no paper's. */
ValiseFinding *valise_finding_new (ValiseSearchIndex *index,
                                   const ValiseHit   *hit) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
