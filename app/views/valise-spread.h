/* valise-spread.h - the paper that lies open: its words in one language, or in two
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-library.h"

G_BEGIN_DECLS

#define VALISE_TYPE_SPREAD (valise_spread_get_type ())

/* Signals: "shown": the words wished for, or the nearest here, are there; "absent": none are on
 * this laptop; "updated": what is known of the paper changed, not its words; "failed" (error:
 * GError, never cancelled). */
G_DECLARE_FINAL_TYPE (ValiseSpread, valise_spread, VALISE, SPREAD, GObject)

ValiseSpread *valise_spread_new (ValiseLibrary *library) G_GNUC_WARN_UNUSED_RESULT;

/* Opens @symbol in @wanted, or the nearest that is here. Supersedes what was under way. */
void valise_spread_open (ValiseSpread *self, const char *symbol, const char *wanted);
/* The same paper in @wanted, and beside it @beside (nullable). */
void valise_spread_turn (ValiseSpread *self, const char *wanted, const char *beside);
/* The same paper in @language, which was just fetched and may not be listed yet. */
void valise_spread_turn_to_fetched (ValiseSpread *self, const char *language);
/* Drops what is under way: nothing is signalled any more. */
void valise_spread_close (ValiseSpread *self);

const char  *valise_spread_get_symbol (ValiseSpread *self);
const char  *valise_spread_get_wanted (ValiseSpread *self);
ValisePaper *valise_spread_get_paper (ValiseSpread *self); /* NULL until it is known */
ValiseText  *valise_spread_get_text (ValiseSpread *self);
ValiseText  *valise_spread_get_other (ValiseSpread *self);

/* The paper's version in @language, lent; NULL where there is none. */
ValiseVersion *valise_spread_find_version (ValiseSpread *self, const char *language);
/* A language to put beside the one shown: @own, English, or another that is here; or NULL. */
const char *valise_spread_suggest_beside (ValiseSpread *self, const char *own);

G_END_DECLS
