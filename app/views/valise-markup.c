/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-markup"

#include "config.h"

#include <string.h>

#include "valise-markup.h"
#include "valise-reading.h"

/* A whole symbol, "A/AC.292/2026/WP.18", or the short way resolutions are cited, "77/37". */
#define SYMBOL_PATTERN                                                                             \
  "[A-Z]{1,4}/[A-Z0-9][A-Za-z0-9./()-]*[A-Za-z0-9)]|(?<![0-9/])[0-9]{2,3}/[0-9]{1,3}(?![0-9/])"

static const char *
find_reference (const char *const *references, const char *cited)
{
  g_autofree char *resolution = g_strconcat ("A/RES/", cited, NULL);

  for (guint i = 0; references[i] != NULL; i++)
    if (strcmp (references[i], cited) == 0 || strcmp (references[i], resolution) == 0)
      return references[i];

  return NULL;
}

static gboolean
link_reference (const GMatchInfo *match, GString *out, gpointer user_data)
{
  g_autofree char *cited = g_match_info_fetch (match, 0);
  const char      *symbol = find_reference (user_data, cited);
  g_autofree char *escaped = symbol != NULL ? g_markup_escape_text (symbol, -1) : NULL;

  if (escaped == NULL)
    g_string_append (out, cited);
  else
    g_string_append_printf (out, "<a href=\"" VALISE_LINK_PAPER "%s\">%s</a>", escaped, cited);

  return FALSE;
}

static GRegex *
get_symbol_regex (void)
{
  static GRegex *regex = NULL;

  if (g_once_init_enter (&regex))
    g_once_init_leave (&regex, g_regex_new (SYMBOL_PATTERN, G_REGEX_OPTIMIZE, 0, NULL));
  return regex;
}

/* @length bytes without tags, as markup has them. */
static void
append_words (GString *out, const char *words, gssize length, const char *const *references)
{
  g_autofree char *linked = references != NULL
                                ? g_regex_replace_eval (get_symbol_regex (), words, length, 0, 0,
                                                        link_reference, (gpointer) references, NULL)
                                : NULL;

  if (linked != NULL)
    g_string_append (out, linked);
  else
    g_string_append_len (out, words, length);
}

/* Raised digits are letters of the font's own: raising the text would push its line down. */
static void
append_raised (GString *out, const char *number)
{
  static const char *const raised[] = { "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹" };

  for (const char *at = number; *at != '\0'; at++)
    if (g_ascii_isdigit (*at))
      g_string_append (out, raised[*at - '0']);
    else
      g_string_append_c (out, *at);
}

/* `<note ref="1"/>` becomes a raised link; the rest of the closed set is Pango's own. */
static void
append_tag (GString *out, const char *tag, gsize length)
{
  static const char note[] = "<note ref=\"";

  if (strncmp (tag, note, strlen (note)) == 0)
    {
      const char      *ref = tag + strlen (note);
      g_autofree char *number = g_strndup (ref, strcspn (ref, "\""));

      g_string_append_printf (out, "<a href=\"" VALISE_LINK_NOTE "%s\">", number);
      append_raised (out, number);
      g_string_append (out, "</a>");
    }
  else
    g_string_append_len (out, tag, (gssize) length);
}

char *
valise_markup_show (const char *text, const char *const *references)
{
  g_autofree char *plain = NULL;
  GString         *out = NULL;
  const char      *at = text;

  g_return_val_if_fail (text != NULL, NULL);

  if (!valise_markup_is_valid (text))
    {
      plain = valise_markup_to_plain (text);
      return g_markup_escape_text (plain, -1);
    }

  out = g_string_sized_new (strlen (text) + 64);
  while (*at != '\0')
    {
      gsize words = strcspn (at, "<");
      gsize tag = at[words] == '<' ? strcspn (at + words, ">") + 1 : 0;

      append_words (out, at, (gssize) words, references);
      if (tag > 0)
        append_tag (out, at + words, tag);
      at += words + tag;
    }
  return g_string_free (out, FALSE);
}

static void
append_entity (GString *out, const char **at)
{
  static const struct
  {
    const char *entity;
    char        character;
  } entities[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' } };

  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    if (g_str_has_prefix (*at, entities[i].entity))
      {
        g_string_append_c (out, entities[i].character);
        *at += strlen (entities[i].entity);
        return;
      }
  g_string_append_c (out, *(*at)++);
}

char *
valise_markup_shown_text (const char *text)
{
  g_autofree char *shown = valise_markup_show (text, NULL);
  GString         *out = g_string_sized_new (strlen (shown));
  const char      *at = shown;

  while (*at != '\0')
    if (*at == '<')
      at += strcspn (at, ">") + 1;
    else if (*at == '&')
      append_entity (out, &at);
    else
      g_string_append_c (out, *at++);

  return g_string_free (out, FALSE);
}

/* --- finding ------------------------------------------------------------------------------ */

typedef struct
{
  GString *text; /* without case, accents and Arabic vowel signs */
  GArray
      *offsets; /* of guint: for each of its bytes, the byte it came from; one more for the end */
} Folded;

static void
fold (Folded *folded, const char *text)
{
  folded->text = g_string_new (NULL);
  folded->offsets = g_array_new (FALSE, FALSE, sizeof (guint));

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      guint            offset = (guint) (at - text);
      g_autofree char *lower = g_utf8_casefold (at, g_utf8_next_char (at) - at);
      g_autofree char *parts = g_utf8_normalize (lower, -1, G_NORMALIZE_ALL);

      for (const char *part = parts; part != NULL && *part != '\0'; part = g_utf8_next_char (part))
        if (!g_unichar_ismark (g_utf8_get_char (part)))
          {
            gsize length = (gsize) (g_utf8_next_char (part) - part);

            g_string_append_len (folded->text, part, (gssize) length);
            while (length-- > 0)
              g_array_append_val (folded->offsets, offset);
          }
    }
  g_array_set_size (folded->offsets, folded->text->len + 1);
  g_array_index (folded->offsets, guint, folded->text->len) = (guint) strlen (text);
}

static void
unfold (Folded *folded)
{
  g_string_free (folded->text, TRUE);
  g_array_unref (folded->offsets);
}

GArray *
valise_find_in (const char *text, const char *query)
{
  GArray     *ranges = g_array_new (FALSE, FALSE, sizeof (guint));
  Folded      where;
  Folded      what;
  const char *at = NULL;

  g_return_val_if_fail (text != NULL && query != NULL, ranges);

  fold (&where, text);
  fold (&what, query);
  at = where.text->str;
  while (what.text->len > 0 && (at = strstr (at, what.text->str)) != NULL)
    {
      gsize start = (gsize) (at - where.text->str);
      guint range[2] = { g_array_index (where.offsets, guint, start),
                         g_array_index (where.offsets, guint, start + what.text->len) };

      g_array_append_vals (ranges, range, 2);
      at += what.text->len;
    }
  unfold (&where);
  unfold (&what);

  return ranges;
}
