/* valise-fold.h - what a character is to the search, and its plain form
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lower case, without the marks of Latin, Cyrillic and Arabic letters, compatibility forms
 * undone, digits of any script as ASCII. й stays й: Snowball's Russian endings are told apart
 * by it, and nobody leaves it out as they leave out the dots of ё, which becomes е.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  VALISE_FOLD_SEPARATOR,
  VALISE_FOLD_LETTER,
  VALISE_FOLD_DIGIT,
  VALISE_FOLD_HAN,        /* Han and kana: written without spaces */
  VALISE_FOLD_IGNORE,     /* marks, tatweel, soft hyphen, joiners, directions */
  VALISE_FOLD_BREVE,      /* U+0306, which makes й of и; ignored elsewhere */
  VALISE_FOLD_APOSTROPHE, /* within a word only */
  VALISE_FOLD_HYPHEN,     /* joins two words */
  VALISE_FOLD_BREAK,      /* U+001E: the end of a paragraph */
} ValiseFoldKind;

/* The scripts that have rules of their own. */
typedef enum
{
  VALISE_SCRIPT_LATIN = 1 << 0,
  VALISE_SCRIPT_CYRILLIC = 1 << 1,
  VALISE_SCRIPT_ARABIC = 1 << 2,
  VALISE_SCRIPT_OTHER = 1 << 3,
} ValiseScript;

#define VALISE_FOLD_MAX 10 /* bytes of the plain form of one character */

typedef struct
{
  guint8 kind;   /* #ValiseFoldKind */
  guint8 script; /* #ValiseScript, of letters */
  guint8 length; /* bytes of text; 0 of what is not kept */
  guint8 mark;   /* 1: belongs to the letter before it */
  char   text[VALISE_FOLD_MAX];
} ValiseFold;

/* Any thread. */
ValiseFold valise_fold_character (gunichar character);

/* The same from a table that is made at the first call, for the characters with a place there:
 * [0, 0x3100), and the full-width forms. */
const ValiseFold *valise_fold_get_table (void);

#define VALISE_FOLD_TABLE_SIZE 0x3200
#define VALISE_FOLD_NO_PLACE   G_MAXUINT

static inline guint
valise_fold_get_place (gunichar character)
{
  if (character < 0x3100)
    return character;
  if (character >= 0xff00 && character <= 0xffff)
    return 0x3100 + (character - 0xff00);

  return VALISE_FOLD_NO_PLACE;
}

/* Decodes the character at @text, before @end: its length in bytes, at least 1. Anything that
 * is not UTF-8 is one byte long and U+FFFD. */
static inline guint
valise_fold_decode (const guchar *text, const guchar *end, gunichar *character)
{
  guint    length = text[0] < 0x80   ? 1
                    : text[0] < 0xc2 ? 0
                    : text[0] < 0xe0 ? 2
                    : text[0] < 0xf0 ? 3
                    : text[0] < 0xf5 ? 4
                                     : 0;
  gunichar value = length == 1 ? text[0] : text[0] & (0x7f >> length);

  *character = 0xfffd;
  if (length == 0 || length > (gsize) (end - text))
    return 1;
  for (guint i = 1; i < length; i++)
    {
      if ((text[i] & 0xc0) != 0x80)
        return 1;
      value = value << 6 | (text[i] & 0x3f);
    }
  *character = value;

  return length;
}

G_END_DECLS
