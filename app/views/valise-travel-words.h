/* valise-travel-words.h - what is gathered for a journey, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All return text that is the caller's.
 */

#pragma once

#include "valise-travel-order.h"

G_BEGIN_DECLS

/* What the user's own policy will make of @order, which comes to @bytes. */
char *valise_travel_words_policy (const ValiseTravelOrder *order,
                                  ValiseScheduler         *scheduler,
                                  guint64                  bytes);

/* "English, French" of @codes. */
char *valise_travel_words_languages (char **codes);

/* "A/RES/77/37, A/70/174 and 16 more"; @symbols: (element-type utf8) */
char *valise_travel_words_symbols (GPtrArray *symbols);

/* The agenda's own papers: "42 papers in English, French". */
char *valise_travel_words_own (const ValiseTravel *travel);

/* The originals, @n_absent of which are not here. */
char *valise_travel_words_files (const ValiseTravel *travel, guint n_absent);

G_END_DECLS
