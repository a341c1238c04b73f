/* valise-words.h - names and words in the language of a text
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The window's own words are gettext's and follow the locale. These follow a document: a
 * reference quoted from a French text reads "par. 3" in whatever window. From
 * data/words.json and data/participants.json, read once. Any thread.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The word @name with {n} and {name} filled in (either may be NULL): "item", "5" → "Item 5".
 * A language without it speaks English. */
char *valise_words_dup (const char *name,
                        const char *language,
                        const char *n,
                        const char *filled_name) G_GNUC_WARN_UNUSED_RESULT;

/* The name of a participant, body or office in @language; NULL for a key not known. */
const char *valise_words_get_participant (const char *key, const char *language);

/* The key of a participant by its name in any language, whatever its case; NULL if none. */
const char *valise_words_find_participant (const char *name);

G_END_DECLS
