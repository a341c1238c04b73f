/* valise-papers-place.h - the place Papers: the library's list beside the page that is read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "valise-papers.h"
#include "valise-reader.h"

G_BEGIN_DECLS

#define VALISE_TYPE_PAPERS_PLACE (valise_papers_place_get_type ())

/* Signal "folded": whether list and page stand side by side has changed, or which of the two a
 * narrow window shows. */
G_DECLARE_FINAL_TYPE (ValisePapersPlace, valise_papers_place, VALISE, PAPERS_PLACE, AdwBin)

ValisePapers *valise_papers_place_get_papers (ValisePapersPlace *self);
ValiseReader *valise_papers_place_get_reader (ValisePapersPlace *self);

/* Whether there is room for one of the two only. */
gboolean valise_papers_place_get_folded (ValisePapersPlace *self);

/* Turns to the list where a place @width px wide shows one of the two only. The place may be out
 * of sight, and so not measured since the window changed. */
void valise_papers_place_show_list (ValisePapersPlace *self, int width);
/* Turns to the page where one of the two only is shown. */
void valise_papers_place_show_page (ValisePapersPlace *self);
/* Shows the list beside the page, or hides it; where it is folded, leaves the page for it. */
void valise_papers_place_toggle_list (ValisePapersPlace *self);

/* From the page to the list where it is folded. Returns whether there was a page to leave. */
gboolean valise_papers_place_leave_page (ValisePapersPlace *self);
/* Whether two languages have taken the list's room. */
gboolean valise_papers_place_is_spread (ValisePapersPlace *self);

G_END_DECLS
