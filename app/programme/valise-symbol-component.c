/* valise-symbol-component.c - what stands between two slashes of a symbol
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-symbol"

#include "config.h"

#include <string.h>

#include "valise-symbol-component.h"

static const struct
{
  const char          *name;
  ValiseSymbolModifier modifier;
} MODIFIERS[] = {
  { "Add", VALISE_SYMBOL_ADDENDUM },     { "Amend", VALISE_SYMBOL_AMENDMENT },
  { "Corr", VALISE_SYMBOL_CORRIGENDUM }, { "Rev", VALISE_SYMBOL_REVISION },
  { "Summary", VALISE_SYMBOL_SUMMARY },
};

static GRegex *number_regex, *numbered_regex, *word_regex, *session_regex, *modifier_regex,
    *part_regex;

static gpointer
compile_once (gpointer data)
{
  const GRegexCompileFlags caseless = G_REGEX_CASELESS | G_REGEX_OPTIMIZE;

  number_regex = g_regex_new ("^([0-9]{1,6}) ?([a-z](?:(?:-| and | to )[a-z])?)?"
                              " ?(\\((?:[ivxlcdm]{1,8}(?:-[a-z])?|(?:19|20)[0-9]{2})\\))?$",
                              caseless, 0, NULL);
  numbered_regex =
      g_regex_new ("^([a-z]{1,12}) ?\\. ?([0-9]{1,5}|[ivx]{1,6})([a-z])?$", caseless, 0, NULL);
  word_regex =
      g_regex_new ("^[a-z]{1,12}(?:-[a-z]{1,8})?(?:\\([0-9]{1,3}\\))?$", caseless, 0, NULL);
  session_regex = g_regex_new ("^(?:e?s)-[0-9]{1,3}$", caseless, 0, NULL);
  modifier_regex =
      g_regex_new ("^(add|amend|corr|rev|summary)(?: ?\\.? ?([0-9]{1,3}))?$", caseless, 0, NULL);
  part_regex = g_regex_new (
      " ?\\((resumption ?[0-9]{1,2}|resumed|resumption|supp(?:\\.? ?[0-9]{1,3})?"
      "|part ?[ivx0-9]{1,5}|vol\\.? ?[ivx0-9]{1,5}|prov\\.?|as orally (?:revised|amended)"
      "|as amended in [a-z0-9/. -]{3,60})\\)$",
      caseless, 0, NULL);

  return NULL;
}

void
valise_symbol_component_clear (ValiseSymbolComponent *self)
{
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->letter, g_free);
  g_clear_pointer (&self->part, g_free);
}

static gboolean
read_number (const char *text, ValiseSymbolComponent *component)
{
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char       *digits = NULL;
  g_autofree char       *letter = NULL;
  g_autofree char       *mark = NULL;

  if (!g_regex_match (number_regex, text, 0, &match))
    return FALSE;

  digits = g_match_info_fetch (match, 1);
  letter = g_match_info_fetch (match, 2);
  mark = g_match_info_fetch (match, 3);

  component->shape = VALISE_SHAPE_NUMBER;
  component->number = (guint) g_ascii_strtoull (digits, NULL, 10);
  component->marked = mark != NULL && *mark != '\0';
  if (letter != NULL && *letter != '\0')
    {
      char last = letter[strlen (letter) - 1];

      component->letter = letter[1] == '\0' ? g_ascii_strup (letter, -1)
                                            : g_strdup_printf ("%c-%c", g_ascii_toupper (*letter),
                                                               g_ascii_toupper (last));
    }

  {
    g_autofree char *upper = g_ascii_strup (component->marked ? mark : "", -1);

    component->text =
        g_strconcat (digits, component->letter != NULL ? " " : "",
                     component->letter != NULL ? component->letter : "",
                     component->letter != NULL && component->marked ? " " : "", upper, NULL);
  }

  return TRUE;
}

/* All but a summary have a number: without, "REV" is a word like another. */
static gboolean
read_modifier (const char *text, ValiseSymbolComponent *component)
{
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char       *name = NULL;
  g_autofree char       *digits = NULL;
  guint                  number = 0;
  guint                  i = 0;

  if (!g_regex_match (modifier_regex, text, 0, &match))
    return FALSE;

  name = g_match_info_fetch (match, 1);
  digits = g_match_info_fetch (match, 2);
  number = digits != NULL ? (guint) g_ascii_strtoull (digits, NULL, 10) : 0;
  while (i < G_N_ELEMENTS (MODIFIERS) && g_ascii_strcasecmp (MODIFIERS[i].name, name) != 0)
    i++;
  if (i == G_N_ELEMENTS (MODIFIERS)
      || (number == 0 && MODIFIERS[i].modifier != VALISE_SYMBOL_SUMMARY))
    return FALSE;

  component->shape = VALISE_SHAPE_MODIFIER;
  component->number = number;
  component->modifier = MODIFIERS[i].modifier;
  component->text = number > 0 ? g_strdup_printf ("%s.%u", MODIFIERS[i].name, number)
                               : g_strdup (MODIFIERS[i].name);

  return TRUE;
}

static gboolean
read_numbered (const char *text, ValiseSymbolComponent *component)
{
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char       *name = NULL;
  g_autofree char       *digits = NULL;
  g_autofree char       *letter = NULL;

  if (!g_regex_match (numbered_regex, text, 0, &match))
    return FALSE;

  name = g_match_info_fetch (match, 1);
  digits = g_match_info_fetch (match, 2);
  letter = g_match_info_fetch (match, 3);

  component->shape = VALISE_SHAPE_NUMBERED;
  component->name = g_ascii_strup (name, -1);
  component->number = (guint) g_ascii_strtoull (digits, NULL, 10);

  /* The two that the United Nations does not write in capitals. */
  if (strcmp (component->name, "SUB") == 0 || strcmp (component->name, "RES") == 0)
    {
      g_autofree char *lower = g_ascii_strdown (component->name + 1, -1);

      component->text = g_strdup_printf ("%c%s.%s", *component->name, lower, digits);
    }
  else
    {
      g_autofree char *upper = g_ascii_strup (digits, -1);
      g_autofree char *suffix = g_ascii_strup (letter != NULL ? letter : "", -1);

      component->text = g_strdup_printf ("%s.%s%s", component->name, upper, suffix);
    }

  return TRUE;
}

/* "(resumption 1)" → "(Resumption 1)", "(partI)" → "(Part I)", "(SUPP)" → "(Supp)". */
static char *
normalise_part (const char *inner)
{
  g_autofree char *lower = g_ascii_strdown (inner, -1);
  const char      *digits = NULL;

  if (g_str_has_prefix (lower, "as amended in "))
    {
      g_autofree char *symbol = valise_symbol_normalise (inner + strlen ("as amended in "));

      return symbol != NULL ? g_strdup_printf (" (as amended in %s)", symbol) : NULL;
    }
  if (g_str_has_prefix (lower, "as ") || strcmp (lower, "resumed") == 0)
    return g_strdup_printf (" (%s)", lower);

  digits = lower + strspn (lower, "abcdefghjklmnopqrstuwyz"); /* not the letters of numerals */
  for (guint i = 0; i < 4; i++)
    {
      static const char *const words[] = { "resumption", "part", "vol", "supp" };
      const char              *word = words[i];
      gsize                    length = strlen (word);

      if (!g_str_has_prefix (lower, word))
        continue;

      digits = lower + length;
      digits += strspn (digits, ". ");
      {
        g_autofree char *upper = g_ascii_strup (digits, -1);

        return g_strdup_printf ("%s(%c%s%s%s%s)", i == 3 ? "" : " ", g_ascii_toupper (*word),
                                word + 1, i == 2 ? "." : "", *upper != '\0' ? " " : "", upper);
      }
    }

  return g_strdup_printf (" (%c%s)", g_ascii_toupper (*lower), lower + 1); /* (Prov.) */
}

gboolean
valise_symbol_component_read (const char *text, ValiseSymbolComponent *component)
{
  static GOnce           once = G_ONCE_INIT;
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char       *rest = NULL;

  g_once (&once, compile_once, NULL);
  if (g_regex_match (part_regex, text, 0, &match))
    {
      g_autofree char *inner = g_match_info_fetch (match, 1);
      int              start = 0;

      g_match_info_fetch_pos (match, 0, &start, NULL);
      rest = g_strndup (text, (gsize) start);
      component->part = normalise_part (inner);
      if (component->part == NULL)
        return FALSE;
    }
  else
    rest = g_strdup (text);

  if (read_number (rest, component) || read_modifier (rest, component)
      || read_numbered (rest, component))
    return TRUE;

  if (g_regex_match (session_regex, rest, 0, NULL))
    component->shape = VALISE_SHAPE_SESSION;
  else if (g_regex_match (word_regex, rest, 0, NULL))
    component->shape = VALISE_SHAPE_WORD;
  else
    return FALSE;

  component->text = g_ascii_strup (rest, -1);

  return TRUE;
}
