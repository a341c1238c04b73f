/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-quote"

#include "config.h"

#include <string.h>

#include "valise-quote.h"
#include "valise-reading.h"

/* The quotation marks United Nations texts use in each language. */
static const struct
{
  const char *language;
  const char *open;
  const char *close;
} marks[] = {
  { "ar", "”", "“" }, { "en", "“", "”" }, { "es", "“", "”" }, { "fr", "«\u00a0", "\u00a0»" },
  { "ru", "«", "»" }, { "zh", "“", "”" },
};

char *
valise_quote_line (ValiseText *text, guint line, const char *words)
{
  const ValiseLine *quoted = NULL;
  g_autofree char  *plain = NULL;
  g_autofree char  *reference = NULL;
  guint             i = 0;

  g_return_val_if_fail (VALISE_IS_TEXT (text), NULL);

  quoted = valise_text_get_line (text, line);
  g_return_val_if_fail (quoted != NULL, NULL);

  plain = words != NULL ? g_strdup (words) : valise_markup_to_plain (quoted->text);
  reference = valise_text_dup_reference (text, line);
  while (i < G_N_ELEMENTS (marks) - 1
         && strcmp (marks[i].language, valise_text_get_language (text)) != 0)
    i++;

  return g_strdup_printf ("%s%s%s (%s)", marks[i].open, g_strstrip (plain), marks[i].close,
                          reference);
}

char *
valise_quote_both (ValiseText *text, int line, ValiseText *other, int other_line, const char *words)
{
  g_autofree char *first =
      text != NULL && line >= 0 ? valise_quote_line (text, (guint) line, words) : NULL;
  g_autofree char *second = other != NULL && other_line >= 0 && words == NULL
                                ? valise_quote_line (other, (guint) other_line, NULL)
                                : NULL;

  if (first == NULL)
    return g_steal_pointer (&second);
  return second != NULL ? g_strconcat (first, "\n\n", second, NULL) : g_steal_pointer (&first);
}
