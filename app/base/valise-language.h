/* valise-language.h - the six languages of the United Nations
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define VALISE_N_LANGUAGES 6

/* "ar", "en", "es", "fr", "ru", "zh", then %NULL: the order in which the UN lists them is
 * alphabetical in English: Arabic, Chinese, English, French, Russian, Spanish. */
const char *const *valise_language_list (void);

gboolean valise_language_is_known (const char *code);

/* Accepts "fr", "fra", "fre", "F" (the letter of a UN job number), "fr_CH.UTF-8"; %NULL if none. */
const char *valise_language_normalise (const char *text);

/* The language's name in itself: "français"; @code itself where unknown. */
const char *valise_language_get_endonym (const char *code);

/* The English name, a msgid for views to translate. */
const char *valise_language_get_name (const char *code);

/* Whether its text runs from right to left. */
gboolean valise_language_is_rtl (const char *code);

/* The letter of UN job numbers and of the corpus's file names: A C E F R S; 0 if unknown. */
char valise_language_get_letter (const char *code);

G_END_DECLS
