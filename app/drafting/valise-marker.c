/* valise-marker.c - the number or letter that a paragraph begins with
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-marker"

#include "config.h"

#include <string.h>

#include "valise-marker.h"

#define MAX_DIGITS  3 /* "2011." begins a sentence, not a paragraph 2011 */
#define MAX_ROMAN   39
#define MAX_LETTERS 4

/* The order in which the United Nations letters its items, and what stands for a, b, c… */
static const char ARABIC[] = "أبجدهوزحطيكلمنسعفصقرشتثخذض";
static const char CYRILLIC[] = "абвгдежзиклмнопрстуфхцчшщэюя";
static const char BRANCHES[] = "子丑寅卯辰巳午未申酉戌亥";
static const char HAN_DIGITS[] = "一二三四五六七八九十";

static const struct
{
  const char *cyrillic;
  char        latin;
} LOOKALIKES[] = { { "а", 'a' }, { "с", 'c' }, { "е", 'e' },
                   { "о", 'o' }, { "р", 'p' }, { "х", 'x' } };

/* The place of @c in @set, from 1; 0 where it is not in it. */
static guint
find_place (const char *set, gunichar c)
{
  guint place = 1;

  for (const char *p = set; *p != '\0'; p = g_utf8_next_char (p), place++)
    if (g_utf8_get_char (p) == c)
      return place;

  return 0;
}

static const char *
skip_space (const char *p)
{
  while (g_unichar_isspace (g_utf8_get_char (p)) || g_utf8_get_char (p) == 0x200e
         || g_utf8_get_char (p) == 0x200f)
    p = g_utf8_next_char (p);

  return p;
}

static gboolean
is_end (const char *p)
{
  return *p == '\0' || skip_space (p) != p;
}

static gboolean
take (const char **p, const char *prefix)
{
  if (!g_str_has_prefix (*p, prefix))
    return FALSE;

  *p += strlen (prefix);

  return TRUE;
}

static gboolean
take_any (const char **p, const char *const *prefixes)
{
  for (; *prefixes != NULL; prefixes++)
    if (take (p, *prefixes))
      return TRUE;

  return FALSE;
}

static gboolean
take_open (const char **p)
{
  return take (p, "(") || take (p, "（");
}

static gboolean
take_close (const char **p)
{
  return take (p, ")") || take (p, "）");
}

/* Digits of any script; 0 where there are none, or they say 0 or too much. */
static guint
take_digits (const char **p)
{
  guint value = 0;
  guint n = 0;

  for (; g_unichar_isdigit (g_utf8_get_char (*p)); n++, *p = g_utf8_next_char (*p))
    {
      if (n == MAX_DIGITS)
        return 0;
      value = value * 10 + (guint) g_unichar_digit_value (g_utf8_get_char (*p));
    }

  return value;
}

static void
take_suffix (const char **p, ValiseMarker *marker)
{
  static const char *const suffixes[] = { "bis", "ter", "quater", "quinqu" };
  const char              *word = skip_space (*p);

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (g_str_has_prefix (word, suffixes[i]) && word > *p
        && !g_ascii_isalpha (word[strlen (suffixes[i])]))
      {
        g_strlcpy (marker->suffix, suffixes[i], sizeof marker->suffix);
        *p = word + strlen (suffixes[i]);
      }
}

/* "3 -": a dash that Arabic puts after its numbers, and others put between numbers. */
static gboolean
take_dash (const char **p, gboolean alone)
{
  static const char *const dashes[] = { "-", "\u2013", "\u2014", "\u2011", NULL };
  const char              *start = skip_space (*p);
  const char              *after = NULL;

  if (!take_any (&start, dashes) || !is_end (start))
    return FALSE;

  for (after = skip_space (start); *after == '<'; after += strcspn (after, ">") + (*after != '\0'))
    if (strchr (after, '>') == NULL)
      break;
  if (!alone && g_unichar_get_script (g_utf8_get_char (after)) != G_UNICODE_SCRIPT_ARABIC)
    return FALSE;

  *p = start;

  return TRUE;
}

static gboolean
read_digits (const char **p, gboolean open, gboolean alone, ValiseMarker *marker)
{
  static const char *const stops[] = { ".", "\uff0e", "\u3001", NULL };
  static const char *const quotes[] = { "'", "\u2018", "\u2019", "\u201b", "\"", NULL };
  gboolean                 quoted = take_any (p, quotes);

  marker->value = take_digits (p);
  if (marker->value == 0)
    return FALSE;

  take_suffix (p, marker);
  if (quoted)
    marker->style = take_any (p, quotes) ? VALISE_MARKER_ROMAN : VALISE_MARKER_NONE;
  else if (take_close (p))
    marker->style = VALISE_MARKER_PARENTHESIS;
  else if (open)
    return FALSE;
  else if (take_any (p, stops) || take_dash (p, alone))
    marker->style = VALISE_MARKER_DECIMAL;
  else if (**p == ',' && is_end (*p + 1))
    {
      (*p)++;
      marker->style = VALISE_MARKER_DECIMAL;
      marker->doubtful = TRUE;
    }
  else if (alone)
    marker->style = VALISE_MARKER_DECIMAL;

  if (quoted && open)
    take_close (p);

  return marker->style != VALISE_MARKER_NONE;
}

/* One letter of an item: as Latin, and what it looks like where that differs; 0 where none. */
static char
read_letter (gunichar c, char *lookalike)
{
  guint place = 0;

  *lookalike = '\0';
  if (c >= 'a' && c <= 'z')
    return (char) c;

  place = find_place (ARABIC, c == 0x0627 ? 0x0623 : c); /* a bare alef is أ */
  if (place == 0)
    place = find_place (BRANCHES, c);
  if (place == 0)
    {
      place = find_place (CYRILLIC, c);
      for (guint i = 0; i < G_N_ELEMENTS (LOOKALIKES); i++)
        if (c == g_utf8_get_char (LOOKALIKES[i].cyrillic))
          *lookalike = LOOKALIKES[i].latin;
    }

  return place == 0 || place > 26 ? '\0' : (char) ('a' + place - 1);
}

static gboolean
read_letters (const char **p, ValiseMarker *marker)
{
  gsize n = 0;
  char  lookalike = '\0';

  for (; n < MAX_LETTERS; n++)
    {
      const char *next = n > 0 ? skip_space (*p) : *p; /* "(أ أ)" */
      char        letter = read_letter (g_utf8_get_char (next), &lookalike);

      if (letter == '\0' || (next != *p && (guchar) *next < 0x80))
        break;

      marker->letters[n] = letter;
      marker->other[n] = lookalike;
      *p = g_utf8_next_char (next);
      while (g_utf8_get_char (*p) == 0x0640) /* the stroke of "هـ" */
        *p = g_utf8_next_char (*p);
    }

  marker->style = VALISE_MARKER_LETTER;

  return n > 0 && take_close (p)
         && (valise_marker_get_alphabetic (marker->letters) > 0
             || valise_marker_get_roman (marker->letters) > 0);
}

/* "㈠", "(一)". */
static gboolean
read_han (const char **p, gboolean open, ValiseMarker *marker)
{
  gunichar c = g_utf8_get_char (*p);

  if (!open && c >= 0x3220 && c <= 0x3229)
    marker->value = c - 0x3220 + 1;
  else if (open)
    marker->value = find_place (HAN_DIGITS, c);

  if (marker->value == 0)
    return FALSE;

  marker->style = VALISE_MARKER_ROMAN;
  *p = g_utf8_next_char (*p);

  return !open || take_close (p);
}

static gboolean
read_bullet (const char **p, ValiseMarker *marker)
{
  static const char *const bullets[] = { "-",      "\u2013", "\u2014", "\u2022", "\u25cf",
                                         "\u25aa", "\u2219", "*",      NULL };

  marker->style = VALISE_MARKER_BULLET;

  return take_any (p, bullets) && is_end (*p);
}

static gboolean
read_marker (const char *text, gboolean alone, ValiseMarker *marker)
{
  const char *start = skip_space (text);
  const char *p = start;
  gboolean    open = take_open (&p);
  const char *inner = p;

  memset (marker, 0, sizeof *marker);
  marker->open = open;
  if (!read_digits (&p, open, alone, marker))
    {
      memset (marker, 0, sizeof *marker);
      marker->open = open;
      p = inner;
      if (!read_letters (&p, marker))
        {
          memset (marker, 0, sizeof *marker);
          marker->open = open;
          p = inner;
          if (!read_han (&p, open, marker))
            {
              p = start;
              if (alone || !read_bullet (&p, marker))
                return FALSE;
            }
        }
    }

  /* "3.5 million" is no paragraph 3; Han text follows without a space. */
  if (!is_end (p) && (alone || (guchar) *p < 0x80) && *p != '<' && *p != '&')
    return FALSE;

  marker->length = (gsize) (skip_space (p) - text);

  return !alone || *skip_space (p) == '\0';
}

gboolean
valise_marker_read (const char *text, ValiseMarker *marker)
{
  g_return_val_if_fail (text != NULL && marker != NULL, FALSE);

  if (read_marker (text, FALSE, marker))
    return TRUE;

  memset (marker, 0, sizeof *marker);

  return FALSE;
}

gboolean
valise_marker_read_alone (const char *text, ValiseMarker *marker)
{
  g_return_val_if_fail (text != NULL && marker != NULL, FALSE);

  if (read_marker (text, TRUE, marker))
    return TRUE;

  memset (marker, 0, sizeof *marker);

  return FALSE;
}

guint
valise_marker_get_alphabetic (const char *letters)
{
  gsize n = strlen (letters);

  for (gsize i = 0; i < n; i++)
    if (letters[i] < 'a' || letters[i] > 'z' || letters[i] != letters[0])
      return 0;

  return n == 0 ? 0 : (guint) ((n - 1) * 26 + (gsize) (letters[0] - 'a') + 1);
}

char *
valise_marker_format_alphabetic (guint value)
{
  g_return_val_if_fail (value > 0, NULL);

  return g_strnfill ((value - 1) / 26 + 1, (char) ('a' + (value - 1) % 26));
}

char *
valise_marker_format_roman (guint value)
{
  static const char *const ones[] = { "", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix" };
  GString                 *out = g_string_new (NULL);

  for (guint i = 0; i < MIN (value, MAX_ROMAN) / 10; i++)
    g_string_append_c (out, 'x');
  g_string_append (out, ones[MIN (value, MAX_ROMAN) % 10]);

  return g_string_free (out, FALSE);
}

guint
valise_marker_get_roman (const char *letters)
{
  for (guint value = 1; value <= MAX_ROMAN; value++)
    {
      g_autofree char *roman = valise_marker_format_roman (value);

      if (strcmp (roman, letters) == 0)
        return value;
    }

  return 0;
}
