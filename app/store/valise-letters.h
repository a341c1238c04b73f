/* valise-letters.h - the letters that words begin with, as a set
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether a word's stem can be one of those looked for shows by its first letter: a stemmer
 * leaves that alone, except of Arabic words; of what else changes it, a table tells.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A bit for each letter, shared by letters alike in their lowest eight bits: the set may hold
 * some that weren't added. */
typedef struct
{
  guint64 bits[4];
} ValiseLetters;

/* The letters that words with the stem @stem (folded, not empty) begin with. Any thread. */
void valise_letters_add_stem (ValiseLetters *self, const char *stem);

/* Whether the letter is there that @word, folded, @length bytes long and not empty, begins with. */
static inline gboolean
valise_letters_have (const ValiseLetters *self, const char *word, gsize length)
{
  const guchar *at = (const guchar *) word;
  guint letter = length > 1 && at[0] >= 0xc0 ? ((guint) at[0] << 6 | (at[1] & 0x3f)) & 0xff : at[0];

  return (self->bits[letter / 64] >> letter % 64 & 1) != 0;
}

G_END_DECLS
