/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-travel-words"

#include "config.h"

#include <glib/gi18n.h>

#include "valise-format.h"
#include "valise-travel-words.h"
#include "valise-wait-words.h"

#define NAMED 2 /* symbols that a subtitle names */

char *
valise_travel_words_policy (const ValiseTravelOrder *order,
                            ValiseScheduler         *scheduler,
                            guint64                  bytes)
{
  ValiseVerdict    verdict;
  g_autofree char *left = NULL;

  valise_scheduler_get_verdict (scheduler, &verdict);
  if (verdict.text != VALISE_WAIT_NOT)
    return valise_wait_sentence (scheduler);
  if (verdict.left < bytes)
    {
      left = valise_format_size (verdict.left);
      /* Translators: %s is a size, "500 kB". */
      return g_strdup_printf (_ ("Today’s limit leaves %s. What is more comes another day."), left);
    }
  if (order->files && verdict.files == VALISE_WAIT_METERED)
    return g_strdup (_ ("This connection is metered, so files wait for another one."));
  return g_strdup (_ ("If the connection ends first, text is complete before any file begins. "
                      "The rest resumes by itself."));
}

char *
valise_travel_words_languages (char **codes)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; codes[i] != NULL; i++)
    {
      if (i > 0)
        /* Translators: between the names of languages: "English, French". */
        g_string_append (names, _ (", "));
      g_string_append (names, valise_format_language (codes[i]));
    }
  return g_string_free (g_steal_pointer (&names), FALSE);
}

char *
valise_travel_words_symbols (GPtrArray *symbols)
{
  g_autoptr (GString) names = g_string_new (NULL);
  guint               more = symbols->len > NAMED ? symbols->len - NAMED : 0;

  for (guint i = 0; i < MIN (symbols->len, NAMED); i++)
    {
      g_autofree char *symbol = valise_format_isolate (g_ptr_array_index (symbols, i));

      g_string_append_printf (names, "%s%s", i > 0 ? _ (", ") : "", symbol);
    }
  if (more == 0)
    return g_strdup (symbols->len > 0 ? names->str : _ ("Nothing that is known here"));
  /* Translators: symbols of papers, and how many more: "A/RES/77/37, A/70/174 and 16 more". */
  return g_strdup_printf (ngettext ("%1$s and %2$u more", "%1$s and %2$u more", more), names->str,
                          more);
}

char *
valise_travel_words_own (const ValiseTravel *travel)
{
  g_autofree char *languages = valise_travel_words_languages (travel->languages);
  guint            papers = travel->needs[VALISE_TRAVEL_OWN].papers;

  if (papers == 0)
    /* Translators: languages: "All that there is in English, French is here". */
    return g_strdup_printf (_ ("All that there is in %s is here"), languages);
  /* Translators: how many papers, and languages: "42 papers in English, French". */
  return g_strdup_printf (ngettext ("%1$u paper in %2$s", "%1$u papers in %2$s", papers), papers,
                          languages);
}

char *
valise_travel_words_files (const ValiseTravel *travel, guint n_absent)
{
  guint n_files = travel->files->len;

  if (n_files == 0)
    return g_strdup (_ ("The papers have none that is known here"));
  /* Translators: files to be fetched, of all, and those here: "17 of 42 · already here: 25". */
  return g_strdup_printf (_ ("%1$u of %2$u · already here: %3$u"), n_absent, n_files,
                          n_files - n_absent);
}
