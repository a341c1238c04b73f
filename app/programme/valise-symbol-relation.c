/* valise-symbol-relation.c - what symbols say about each other, and where prose names them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-symbol"

#include "config.h"

#include <string.h>

#include "valise-reading.h"
#include "valise-symbol.h"

#define MAX_PARENTHESIS 80 /* bytes of "(as amended in A/77/L.40)" and the like */
#define MAX_CHAIN                                                                                  \
  80 /* bytes between two numbers of "resolutions 43/78 H of 7 December 1988, …"                 \
      */

/* Digits by value, the end before all else, a slash before other characters. */
static int
compare_natural (const char *a, const char *b)
{
  while (*a != '\0' && *b != '\0')
    {
      if (g_ascii_isdigit (*a) && g_ascii_isdigit (*b))
        {
          char   *a_end = NULL;
          char   *b_end = NULL;
          guint64 a_value = g_ascii_strtoull (a, &a_end, 10);
          guint64 b_value = g_ascii_strtoull (b, &b_end, 10);

          if (a_value != b_value)
            return a_value < b_value ? -1 : 1;
          a = a_end;
          b = b_end;
          continue;
        }

      if (*a != *b)
        {
          if (*a == '/' || *b == '/')
            return *a == '/' ? -1 : 1;
          return (guchar) *a < (guchar) *b ? -1 : 1;
        }

      a++;
      b++;
    }

  return (*a != '\0') - (*b != '\0');
}

int
valise_symbol_compare (const ValiseSymbol *a, const ValiseSymbol *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, 0);

  return compare_natural (a->text, b->text);
}

int
valise_symbol_compare_text (const char *a, const char *b)
{
  g_autoptr (ValiseSymbol) first = valise_symbol_parse (a != NULL ? a : "");
  g_autoptr (ValiseSymbol) second = valise_symbol_parse (b != NULL ? b : "");

  if (first != NULL && second != NULL)
    return valise_symbol_compare (first, second);
  if (first == NULL && second == NULL)
    return g_strcmp0 (a, b);

  return first != NULL ? -1 : 1;
}

/* Whether @a is a later revision of what @b is a revision of: Rev.2 and Rev.1. */
static gboolean
is_later (const ValiseSymbol *a, const ValiseSymbol *b)
{
  return b->modified && a->modifier == b->modifier && strcmp (a->parent, b->parent) == 0
         && a->modifier_number > b->modifier_number;
}

ValiseSymbolRelation
valise_symbol_relate (const ValiseSymbol *a, const ValiseSymbol *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, VALISE_SYMBOL_UNRELATED);

  if (strcmp (a->text, b->text) == 0)
    return VALISE_SYMBOL_SAME;
  if (strcmp (a->base, b->base) != 0)
    return VALISE_SYMBOL_UNRELATED;

  if (a->modified && a->modifier == VALISE_SYMBOL_REVISION && is_later (a, b))
    return VALISE_SYMBOL_REPLACES;

  if (a->modified && strcmp (a->parent, b->text) == 0)
    switch (a->modifier)
      {
      case VALISE_SYMBOL_ADDENDUM:
        return VALISE_SYMBOL_ADDS_TO;
      case VALISE_SYMBOL_AMENDMENT:
        return VALISE_SYMBOL_AMENDS;
      case VALISE_SYMBOL_CORRIGENDUM:
        return VALISE_SYMBOL_CORRECTS;
      case VALISE_SYMBOL_REVISION:
      case VALISE_SYMBOL_REISSUE:
        return VALISE_SYMBOL_REPLACES;
      case VALISE_SYMBOL_SUMMARY:
        return VALISE_SYMBOL_SUMMARISES;
      case VALISE_SYMBOL_PART:
        return VALISE_SYMBOL_CONTINUES;
      default:
        break;
      }

  return VALISE_SYMBOL_FAMILY;
}

const char *
valise_symbol_get_kind (const ValiseSymbol *self)
{
  static const struct
  {
    const char *nature;
    const char *kind;
  } kinds[] = {
    { "RES", VALISE_READING_RESOLUTION },   { "DEC", VALISE_READING_DECISION },
    { "WP", VALISE_READING_WORKING_PAPER }, { "INF", VALISE_READING_NOTE },
    { "L", VALISE_READING_PAPER },          { "CRP", VALISE_READING_PAPER },
    { "NGO", VALISE_READING_PAPER },        { "PV", VALISE_READING_PAPER },
    { "SR", VALISE_READING_PAPER },         { "PRST", VALISE_READING_PAPER },
  };

  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (self->nature, kinds[i].nature) == 0)
      return kinds[i].kind;

  return NULL;
}

char *
valise_symbol_dup_link (const ValiseSymbol *self, const char *language)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (self != NULL && language != NULL, NULL);

  path = g_uri_escape_string (self->text, "/()*", FALSE);

  return g_strdup_printf ("https://docs.un.org/%s/%s", language, path);
}

void
valise_symbol_span_free (ValiseSymbolSpan *self)
{
  if (self == NULL)
    return;

  g_free (self->symbol);
  g_free (self);
}

static void
add_span (GPtrArray *spans, gsize start, gsize end, char *symbol)
{
  ValiseSymbolSpan *span = g_new0 (ValiseSymbolSpan, 1);

  span->start = start;
  span->end = end;
  span->symbol = symbol;
  g_ptr_array_add (spans, span);
}

/* Bytes of the space at @text, of the kinds that stand within a symbol; 0 where none. */
static gsize
match_space (const char *text)
{
  static const char *const spaces[] = { " ", "\u00a0", "\u202f", "\u2009" };

  for (guint i = 0; i < G_N_ELEMENTS (spaces); i++)
    if (g_str_has_prefix (text, spaces[i]))
      return strlen (spaces[i]);

  return 0;
}

/* Bytes of " H" or " A-C" after a resolution's number. An "A" or "I" that a word follows is an
 * article or a pronoun, unless the word is "of" or "and". */
static gsize
match_letter (const char *text)
{
  gsize       space = match_space (text);
  const char *p = text + space;

  if (space == 0 || !g_ascii_isupper (*p))
    return 0;

  if (p[1] == '-' && g_ascii_isupper (p[2]) && !g_ascii_isalnum (p[3]))
    return space + 3;
  if (g_ascii_isalnum (p[1]) || p[1] == '/' || p[1] == '.' || p[1] == '\'' || (guchar) p[1] >= 0xc3)
    return 0;
  if ((*p == 'A' || *p == 'I') && p[1] == ' ' && g_ascii_islower (p[2])
      && !g_str_has_prefix (p + 2, "of ") && !g_str_has_prefix (p + 2, "and "))
    return 0;

  return space + 1;
}

/* Bytes of " (Resumption 1)" or "(III)". */
static gsize
match_parenthesis (const char *text)
{
  gsize space = match_space (text);

  if (text[space] != '(')
    return 0;

  for (gsize i = space; i < MAX_PARENTHESIS && text[i] != '\0' && text[i] != '\n' && text[i] != ';';
       i++)
    if (text[i] == ')')
      return i + 1;

  return 0;
}

static char *
normalise_range (const char *text, gsize length)
{
  g_autofree char *piece = g_strndup (text, length);

  return valise_symbol_normalise (piece);
}

/* The longest symbol that begins at @text, whose letters and slash were seen. */
static char *
match_symbol (const char *text, gsize *length)
{
  gsize run = strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./-");

  while (run > 2 && run < VALISE_SYMBOL_MAX)
    {
      gsize ends[4] = { 0 };
      guint n = 0;
      gsize letter = 0;

      while (run > 2 && strchr ("./-", text[run - 1]) != NULL)
        run--;

      letter = match_letter (text + run);
      if (letter > 0 && match_parenthesis (text + run + letter) > 0)
        ends[n++] = run + letter + match_parenthesis (text + run + letter);
      if (match_parenthesis (text + run) > 0)
        ends[n++] = run + match_parenthesis (text + run);
      if (letter > 0)
        ends[n++] = run + letter;
      ends[n++] = run;

      for (guint i = 0; i < n; i++)
        {
          char *symbol = normalise_range (text, ends[i]);

          if (symbol != NULL)
            {
              *length = ends[i];
              return symbol;
            }
        }

      /* "A/77/251/and": try without the last component. */
      while (run > 0 && text[run - 1] != '/')
        run--;
    }

  return NULL;
}

/* A capital run and a slash where nothing before it makes it part of a path or a word. */
static gboolean
begins_symbol (const char *text, const char *p)
{
  gsize letters = strspn (p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

  if (letters == 0 || letters > 8 || p[letters] != '/')
    return FALSE;

  return p == text || (!g_ascii_isalnum (p[-1]) && strchr ("/.-_:@#=&%\\", p[-1]) == NULL);
}

/* "77/37" or "77/37 H" at @text, by itself. */
static gsize
match_bare (const char *text, const char *p)
{
  gsize session = 0;
  gsize number = 0;

  if (p > text && (g_ascii_isalnum (p[-1]) || strchr ("/.-:", p[-1]) != NULL))
    return 0;
  session = strspn (p, "0123456789");
  if (session == 0 || session > 4 || p[session] != '/')
    return 0;

  number = strspn (p + session + 1, "0123456789");
  if (number == 0 || number > 4)
    return 0;

  p += session + 1 + number;
  if (g_ascii_isalpha (*p) || *p == '/' || (*p == '.' && g_ascii_isdigit (p[1])))
    return 0;

  return session + 1 + number;
}

/* The word that ends before @p, and whether it speaks of several. */
static char *
word_before (const char *text, const char *p, gboolean *plural)
{
  const char      *end = p;
  const char      *start = NULL;
  g_autofree char *word = NULL;
  g_autofree char *lower = NULL;

  while (end > text && g_unichar_isspace (g_utf8_get_char (g_utf8_prev_char (end))))
    end = g_utf8_prev_char (end);
  for (start = end; start > text; start = g_utf8_prev_char (start))
    if (!g_unichar_isalpha (g_utf8_get_char (g_utf8_prev_char (start))))
      break;

  word = g_strndup (start, (gsize) (end - start));
  lower = g_utf8_strdown (word, -1);
  *plural = g_str_has_suffix (lower, "s") || strstr (lower, "резолюци") != NULL
            || strstr (lower, "قرارات") != NULL;

  return g_steal_pointer (&word);
}

/* Whether one sentence leads from the last number to this one. */
static gboolean
continues_chain (const char *from, const char *to)
{
  gsize length = (gsize) (to - from);

  if (length > MAX_CHAIN)
    return FALSE;

  for (const char *p = from; p < to; p++)
    if (*p == ';' || *p == '\n' || (*p == '.' && p[1] == ' '))
      return FALSE;

  return TRUE;
}

/* Where @p begins a bare number that the words make a resolution: its symbol. */
static char *
match_prose (const char *text, const char *p, const char **chain, gsize *length)
{
  gsize            bare = match_bare (text, p);
  gboolean         plural = FALSE;
  g_autofree char *word = NULL;
  g_autofree char *phrase = NULL;
  char            *symbol = NULL;

  if (bare == 0)
    return NULL;

  bare += match_letter (p + bare);
  word = word_before (text, p, &plural);
  phrase = g_strdup_printf ("%s %.*s", word, (int) bare, p);
  symbol = valise_symbol_normalise (phrase);
  if (symbol == NULL && g_str_has_suffix (word, "第") && g_str_has_prefix (p + bare, "号决议"))
    plural = FALSE;

  if (symbol == NULL
      && ((*chain != NULL && continues_chain (*chain, p))
          || (g_str_has_suffix (word, "第") && g_str_has_prefix (p + bare, "号决议"))))
    {
      g_autofree char *assumed = g_strdup_printf ("resolution %.*s", (int) bare, p);

      plural = *chain != NULL;
      symbol = valise_symbol_normalise (assumed);
    }

  if (symbol != NULL)
    {
      *chain = plural ? p + bare : NULL;
      *length = bare;
    }

  return symbol;
}

GPtrArray *
valise_symbol_find_in_text (const char *text)
{
  GPtrArray  *spans = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_symbol_span_free);
  const char *chain = NULL; /* the end of the last number of a list, while the list lasts */
  const char *p = text;

  g_return_val_if_fail (text != NULL, spans);

  if (!g_utf8_validate (text, -1, NULL))
    return spans;

  while (*p != '\0')
    {
      gsize length = 0;
      char *symbol = NULL;

      if (g_ascii_isupper (*p) && begins_symbol (text, p))
        symbol = match_symbol (p, &length);
      else if (g_ascii_isdigit (*p))
        symbol = match_prose (text, p, &chain, &length);

      if (symbol != NULL)
        {
          add_span (spans, (gsize) (p - text), (gsize) (p - text) + length, symbol);
          p += length;
        }
      else
        p = g_utf8_next_char (p);
    }

  return spans;
}
