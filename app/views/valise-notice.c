/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-notice"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "valise-format.h"
#include "valise-notice.h"
#include "valise-page-row.h"
#include "valise-reading.h"

static char *
format_version_size (ValiseVersion *version)
{
  return valise_format_size ((guint64) MAX (valise_version_get_size (version), 0));
}

char *
valise_notice_fallback (ValiseSpread *spread, ValiseVersion **version)
{
  const char      *wanted = valise_spread_get_wanted (spread);
  const char      *shown = valise_text_get_language (valise_spread_get_text (spread));
  g_autofree char *size = NULL;

  *version = NULL;
  if (strcmp (shown, wanted) == 0)
    return NULL;

  *version = valise_spread_find_version (spread, wanted);
  if (*version == NULL)
    /* Translators: languages: "Not yet in Arabic: shown in English". */
    return g_strdup_printf (_ ("Not yet in %1$s: shown in %2$s"),
                            valise_format_in_language (wanted), valise_format_in_language (shown));

  size = format_version_size (*version);
  /* Translators: "French is not on this laptop (41 kB): shown in English". */
  return g_strdup_printf (_ ("%1$s is not on this laptop (%2$s): shown in %3$s"),
                          valise_format_language (wanted), size, valise_format_in_language (shown));
}

static ValiseVersion *
find_wanted_or_any (ValiseSpread *spread)
{
  GListModel    *versions = valise_paper_get_versions (valise_spread_get_paper (spread));
  ValiseVersion *version = valise_spread_find_version (spread, valise_spread_get_wanted (spread));

  if (version == NULL && versions != NULL && g_list_model_get_n_items (versions) > 0)
    {
      g_autoptr (ValiseVersion) first = g_list_model_get_item (versions, 0);

      version = first; /* the model keeps it */
    }
  return version;
}

char *
valise_notice_absent (ValiseSpread *spread, ValiseVersion **version)
{
  g_autofree char *symbol = valise_format_isolate (valise_spread_get_symbol (spread));
  g_autofree char *size = NULL;

  *version = find_wanted_or_any (spread);
  if (*version == NULL)
    /* Translators: %s is a symbol. */
    return g_strdup_printf (_ ("%s is announced; its words have not been issued yet."), symbol);

  size = format_version_size (*version);
  /* Translators: a symbol, and the size of its words: "The words of WP.21 are 6 kB…". */
  return g_strdup_printf (_ ("The words of %1$s are %2$s and not on this laptop yet."), symbol,
                          size);
}

char *
valise_notice_subtitle (ValiseSpread *spread)
{
  ValiseText *text = valise_spread_get_text (spread);
  ValiseText *other = valise_spread_get_other (spread);
  gboolean    sealed = valise_paper_get_seal_key (valise_spread_get_paper (spread)) != NULL;

  if (text == NULL)
    return g_strdup ("");
  return valise_format_join (
      valise_format_language (valise_text_get_language (text)),
      other != NULL ? valise_format_language (valise_text_get_language (other)) : "",
      sealed ? C_ ("mark", "Sealed") : "", NULL);
}

char *
valise_notice_note (ValiseText *text, const char *number)
{
  for (guint i = 0; i < valise_text_get_n_lines (text); i++)
    {
      const ValiseLine *line = valise_text_get_line (text, i);

      if (strcmp (line->kind, VALISE_PARAGRAPH_NOTE) == 0 && g_strcmp0 (line->number, number) == 0)
        {
          g_autofree char *words = valise_markup_to_plain (line->text);

          return g_strdup_printf ("%s  %s", number, words);
        }
    }
  return NULL;
}

/* "para. 3"; a preamble's says it itself: "PP3". */
static char *
describe_number (ValiseText *text, int line)
{
  const ValiseLine *words =
      line >= 0 && text != NULL ? valise_text_get_line (text, (guint) line) : NULL;

  if (words == NULL || words->number == NULL)
    return g_strdup ("");
  if (g_str_has_prefix (words->number, "PP"))
    return valise_page_row_number_label (words->number, valise_text_get_language (text));

  /* Translators: the number of a paragraph: "para. 3". A preamble's says it itself: "PP3". */
  return g_strdup_printf (_ ("para. %s"), words->number);
}

char *
valise_notice_position (ValiseSpread *spread, ValisePageView *page, gboolean brief)
{
  int              chosen = valise_page_view_get_chosen (page);
  guint            n_rows = valise_page_view_get_n_rows (page);
  g_autofree char *number = describe_number (valise_spread_get_text (spread),
                                             valise_page_view_get_line (page, chosen, FALSE));
  g_autofree char *place = NULL;
  g_autofree char *pairs = NULL;

  if (chosen >= 0)
    /* Translators: the sixth paragraph of thirty: "6 of 30". */
    place = g_strdup_printf (C_ ("position", "%1$d of %2$u"), chosen + 1, n_rows);
  if (valise_spread_get_other (spread) != NULL && !brief)
    /* Translators: side by side: how many paragraphs have their pair, of all. */
    pairs = g_strdup_printf (_ ("Paired by paragraph: %1$u of %2$u"),
                             valise_page_view_get_n_pairs (page), n_rows);

  return valise_format_join (pairs != NULL ? pairs : "", number, place != NULL ? place : "", NULL);
}
