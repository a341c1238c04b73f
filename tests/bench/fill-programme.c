/* fill-programme.c - makes a programme of many invented texts, for the benchmarks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: fill-programme DIR COUNT [FIRST]. DIR is a secretariat's folder as `valise-server init`
 * made it; FIRST of them are there already. Each text has about 40 paragraphs and 4 to 12 kB of
 * words drawn from a Zipf distribution over an invented vocabulary, in one of the six languages'
 * scripts: mean 9.5 kB of JSON. The same COUNT and FIRST give the same words.
 */

#include "config.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <stdlib.h>

#include "valise-id.h"
#include "valise-language.h"
#include "valise-registry.h"

#define N_WORDS 4000

/* The letters words are made of, by the order of valise_language_list(). */
static const char *const letters[VALISE_N_LANGUAGES] = {
  "ابتثجحخدرزسشصطعفقكلمنهوي", "abcdefghijklmnoprstuvwy",    "abcdefghijlmnopqrstuvz",
  "abcdefghijlmnopqrstuvé",   "абвгдежзиклмнопрстуфхцчшья", "的一是不了在人有我他这中大来上国",
};

static char  *words[VALISE_N_LANGUAGES][N_WORDS];
static double cumulative[N_WORDS];
static GRand *dice;

static void
make_words (void)
{
  double sum = 0;

  for (guint i = 0; i < N_WORDS; i++)
    cumulative[i] = sum += 1.0 / (i + 2.7);
  for (guint language = 0; language < VALISE_N_LANGUAGES; language++)
    for (guint i = 0; i < N_WORDS; i++)
      {
        GString *word = g_string_new (NULL);
        glong    n = g_utf8_strlen (letters[language], -1);

        for (int length = g_rand_int_range (dice, 2, 11); length > 0; length--)
          g_string_append_unichar (word, g_utf8_get_char (g_utf8_offset_to_pointer (
                                             letters[language], g_rand_int_range (dice, 0, n))));
        words[language][i] = g_string_free (word, FALSE);
      }
}

static const char *
draw_word (guint language)
{
  double roll = g_rand_double (dice) * cumulative[N_WORDS - 1];
  guint  low = 0, high = N_WORDS - 1;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (cumulative[middle] < roll)
        low = middle + 1;
      else
        high = middle;
    }
  return words[language][low];
}

static void
append_sentence (GString *out, guint language, gsize bytes)
{
  gsize start = out->len;

  while (out->len - start < bytes)
    g_string_append_printf (out, "%s%s", out->len > start ? " " : "", draw_word (language));
  g_string_append_c (out, '.');
}

static char *
make_text (const char *symbol, guint language)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode)    root = NULL;
  g_autofree char        *paper = valise_id_for_paper (symbol);
  g_autoptr (GString)     title = g_string_new (NULL);
  gsize                   per_paragraph = (gsize) g_rand_int_range (dice, 4000, 12001) / 40;

  append_sentence (title, language, 60);
  json_builder_begin_object (builder);
#define STRING(name, value)                                                                        \
  json_builder_set_member_name (builder, name), json_builder_add_string_value (builder, value)
  STRING ("type", "text");
  STRING ("paper", paper);
  STRING ("symbol", symbol);
  STRING ("language", valise_language_list ()[language]);
  STRING ("title", title->str);
  json_builder_set_member_name (builder, "paragraphs");
  json_builder_begin_array (builder);
  for (int i = 1; i <= 40; i++)
    {
      g_autofree char    *number = g_strdup_printf ("%d", i);
      g_autofree char    *key = g_strdup_printf ("o%d", i);
      g_autoptr (GString) text = g_string_new (NULL);

      append_sentence (text, language, per_paragraph);
      json_builder_begin_object (builder);
      STRING ("key", key);
      STRING ("kind", "operative");
      STRING ("number", number);
      STRING ("text", text->str);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseHome)     home = NULL;
  g_autoptr (ValiseRegistry) registry = NULL;
  guint                      count = argc > 2 ? (guint) atoi (argv[2]) : 0;
  guint                      first = argc > 3 ? (guint) atoi (argv[3]) : 0;
  guint64                    bytes = 0;

  if (count == 0)
    {
      g_printerr ("usage: fill-programme DIR COUNT [FIRST]\n");
      return 2;
    }

  dice = g_rand_new_with_seed (20261122);
  make_words ();
  if (first > 0)
    g_rand_set_seed (dice, 20261122 + first);
  home = valise_home_open (argv[1], &error);
  registry = home != NULL ? valise_registry_open (home, &error) : NULL;
  for (guint i = first; registry != NULL && i < first + count; i++)
    {
      guint            language = i % VALISE_N_LANGUAGES;
      g_autofree char *symbol = g_strdup_printf ("A/AC.999/2026/WP.%u", i / VALISE_N_LANGUAGES + 1);
      g_autofree char *id = valise_id_for_text (symbol, valise_language_list ()[language]);
      g_autofree char *body = make_text (symbol, language);
      g_autofree char *rev = valise_registry_issue (registry, "public", id, body, &error);

      if (rev == NULL)
        break;
      bytes += strlen (body);
    }
  if (error != NULL)
    {
      g_printerr ("fill-programme: %s\n", error->message);
      return 1;
    }
  g_print ("%u texts, %" G_GUINT64_FORMAT " bytes of JSON\n", count, bytes);
  valise_home_close (home);
  return 0;
}
