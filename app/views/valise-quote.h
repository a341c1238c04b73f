/* valise-quote.h - words with their exact reference
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-library.h"

G_BEGIN_DECLS

/* “The words” (A/RES/77/37, para. 3), with the quotation marks of the text's language.
 * @words: (nullable): a part of the paragraph; NULL: all of it. */
char *valise_quote_line (ValiseText *text, guint line, const char *words);

/* The line of each language, a quotation each; -1: none. @words: of the first, then alone.
 * Returns: NULL where there is nothing to quote */
char *valise_quote_both (ValiseText *text,
                         int         line,
                         ValiseText *other,
                         int         other_line,
                         const char *words);

G_END_DECLS
