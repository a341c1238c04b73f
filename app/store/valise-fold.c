/* valise-fold.c - what a character is to the search, and its plain form
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-fold"

#include "config.h"

#include <string.h>

#include "valise-fold.h"

/* Letters that Unicode doesn't decompose, and what people type for them. */
static const struct
{
  gunichar    from;
  const char *to;
} plain_forms[] = {
  { 0xe6, "ae" },      { 0xf0, "d" },       { 0xf8, "o" },
  { 0xfe, "th" },      { 0xdf, "ss" },      { 0x111, "d" },
  { 0x127, "h" },      { 0x131, "i" },      { 0x142, "l" },
  { 0x153, "oe" },     { 0x167, "t" },      { 0x671, "\u0627" }, /* alef wasla */
  { 0x6a9, "\u0643" }, /* Persian kaf, yeh and heh, as Arabic texts from Persian keyboards have them
                        */
  { 0x6cc, "\u064a" }, { 0x6c1, "\u0647" }, { 0x6c0, "\u0647" },
  { 0x6d5, "\u0647" }, { 0x629, "\u0647" }, /* teh marbuta */
  { 0x649, "\u064a" },                      /* alef maksura */
};

static gboolean
is_han (gunichar c)
{
  return (c >= 0x3400 && c <= 0x4dbf) || (c >= 0x4e00 && c <= 0x9fff)
         || (c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c <= 0x3fffd)
         || (c >= 0x3005 && c <= 0x3007) || (c >= 0x3041 && c <= 0x30ff && c != 0x30fb)
         || (c >= 0x31f0 && c <= 0x31ff);
}

static ValiseScript
find_script (gunichar c)
{
  if (c < 0x250 || (c >= 0x1e00 && c < 0x1f00))
    return VALISE_SCRIPT_LATIN;
  if (c >= 0x400 && c < 0x530)
    return VALISE_SCRIPT_CYRILLIC;
  if (c >= 0x600 && c < 0x780)
    return VALISE_SCRIPT_ARABIC;

  return VALISE_SCRIPT_OTHER;
}

static gboolean
is_ignored (gunichar c)
{
  return c == 0xad || c == 0x640 || (c >= 0x200c && c <= 0x200f) || (c >= 0x202a && c <= 0x202e)
         || (c >= 0x2060 && c <= 0x2069) || c == 0xfeff
         || g_unichar_type (c) == G_UNICODE_NON_SPACING_MARK
         || g_unichar_type (c) == G_UNICODE_ENCLOSING_MARK;
}

static ValiseFoldKind
classify (gunichar c)
{
  if (c == 0x306)
    return VALISE_FOLD_BREVE;
  if (c == 0x1e)
    return VALISE_FOLD_BREAK;
  if (c == '\'' || c == 0x2019 || c == 0x2bc || c == 0x201b || c == 0xff07)
    return VALISE_FOLD_APOSTROPHE;
  if (c == '-' || c == 0x2010 || c == 0x2011)
    return VALISE_FOLD_HYPHEN;
  if (is_ignored (c))
    return VALISE_FOLD_IGNORE;
  if (is_han (c))
    return VALISE_FOLD_HAN;
  if (g_unichar_isdigit (c))
    return VALISE_FOLD_DIGIT;
  if (g_unichar_isalnum (c) || g_unichar_ismark (c))
    return VALISE_FOLD_LETTER;

  return VALISE_FOLD_SEPARATOR;
}

static void
append_plain (ValiseFold *fold, gunichar c)
{
  char  text[6];
  guint length = 0;

  for (guint i = 0; i < G_N_ELEMENTS (plain_forms) && length == 0; i++)
    if (plain_forms[i].from == c)
      {
        length = strlen (plain_forms[i].to);
        memcpy (text, plain_forms[i].to, length);
      }
  if (length == 0)
    length = g_unichar_to_utf8 (c, text);
  if (fold->length + length > VALISE_FOLD_MAX)
    return;
  memcpy (fold->text + fold->length, text, length);
  fold->length += length;
}

/* The letters of @c's decomposition, its marks left out. */
static void
append_decomposed (ValiseFold *fold, gunichar c)
{
  gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
  gsize    n_parts = g_unichar_fully_decompose (c, TRUE, parts, G_N_ELEMENTS (parts));

  for (gsize i = 0; i < MIN (n_parts, G_N_ELEMENTS (parts)); i++)
    {
      gunichar part = g_unichar_tolower (parts[i]);

      if (!is_ignored (part) && part != ' ')
        append_plain (fold, part);
    }
}

ValiseFold
valise_fold_character (gunichar character)
{
  ValiseFold fold = { .kind = classify (character), .script = VALISE_SCRIPT_OTHER };
  gunichar   lower = g_unichar_tolower (character);

  switch ((ValiseFoldKind) fold.kind)
    {
    case VALISE_FOLD_DIGIT:
      fold.text[0] = '0' + g_unichar_digit_value (character);
      fold.length = 1;
      break;
    case VALISE_FOLD_LETTER:
    case VALISE_FOLD_HAN:
      if (lower == 0x439) /* й */
        append_plain (&fold, lower);
      else
        append_decomposed (&fold, lower);
      if (fold.length > 0)
        fold.script = find_script (g_utf8_get_char_validated (fold.text, fold.length));
      else
        fold.kind = VALISE_FOLD_IGNORE;
      break;
    default:
      fold.mark = g_unichar_ismark (character) ? 1 : 0;
      break;
    }

  /* Superscripts, and digits in circles, decompose to ASCII digits. */
  if (fold.kind == VALISE_FOLD_LETTER && g_ascii_isdigit (fold.text[0]))
    fold.kind = VALISE_FOLD_DIGIT;

  return fold;
}

const ValiseFold *
valise_fold_get_table (void)
{
  static ValiseFold *table;

  if (g_once_init_enter (&table))
    {
      ValiseFold *made = g_new (ValiseFold, VALISE_FOLD_TABLE_SIZE);

      for (gunichar c = 0; c <= 0xffff; c++)
        if (valise_fold_get_place (c) != VALISE_FOLD_NO_PLACE)
          made[valise_fold_get_place (c)] = valise_fold_character (c);
      g_once_init_leave (&table, made);
    }

  return table;
}
