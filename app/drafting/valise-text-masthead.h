/* valise-text-masthead.h - what plain text says about itself before its title
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-reading.h"

G_BEGIN_DECLS

/* Takes symbol, distribution, date, original language, body, session, item and job number from
 * the first of @lines, and empties the lines that held them. */
void valise_text_masthead_read (char **lines, ValiseReading *reading);

/* Judges language and kind, once symbol and title are known. @text is the whole, @length bytes. */
void valise_text_masthead_judge (const char *text, gsize length, ValiseReading *reading);

G_END_DECLS
