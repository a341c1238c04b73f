/* valise-notice.h - what is said where a paper is not here in the language wished for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-page-view.h"
#include "valise-spread.h"

G_BEGIN_DECLS

/* "Not yet in Arabic: shown in English"; NULL where what is shown is what was wished for.
 * @version: (out): the version that can be fetched, lent, or NULL. */
char *valise_notice_fallback (ValiseSpread *spread, ValiseVersion **version);

/* "The words of WP.21 are 6 kB…", where no language of it is here. */
char *valise_notice_absent (ValiseSpread *spread, ValiseVersion **version);

/* "English · Sealed" */
char *valise_notice_subtitle (ValiseSpread *spread);

/* Where the chosen paragraph stands: "PP3 · 3 of 16"; without how many are paired where there is
 * room for a @brief line only. */
char *valise_notice_position (ValiseSpread *spread, ValisePageView *page, gboolean brief);

/* The footnote @number of @text, its number before it; NULL where there is none. */
char *valise_notice_note (ValiseText *text, const char *number);

G_END_DECLS
