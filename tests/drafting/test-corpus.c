/* test-corpus.c - forty-eight resolutions in six languages, as the United Nations files them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the reader finds is held against figures that a walk of this test's own takes from the
 * XML: elements counted by XPath, numbers read by patterns.
 */

#include <string.h>

#include "corpus-fixture.h"
#include "valise-symbol.h"

/* Where the files differ among themselves, and what the reader makes of it. */
static const struct
{
  const char *symbol;
  const char *language;
  int         preamble; /* paragraphs it finds beyond the file's own elements */
  int         body;
} EXCEPTIONS[] = {
  /* Their last preamble paragraph stands among the operative ones, unnumbered. */
  { "A/RES/78/16", "ar", 1, -1 },
  { "A/RES/78/172", "ar", 1, -1 },
  /* Two preamble paragraphs ran into one. */
  { "A/RES/78/179", "ar", 1, 0 },
  /* Paragraph 53 stands in two elements. */
  { "A/RES/78/188", "ru", 0, -1 },
};

/* Numbered otherwise than in the other five languages; their keys agree nevertheless. */
static const struct
{
  const char *symbol;
  const char *language;
  const char *notice;
} MISPRINTS[] = {
  { "A/RES/78/187", "zh", "paragraph 23 is numbered 22" },
  { "A/RES/78/190", "es", "paragraph 35 is numbered 34" },
};

static int
count_kinds (const ValiseReading *reading, const char *first, const char *second)
{
  int count = 0;

  for (guint i = 0; i < reading->paragraphs->len; i++)
    {
      const ValiseParagraph *p = g_ptr_array_index (reading->paragraphs, i);

      count += strcmp (p->kind, first) == 0 || (second != NULL && strcmp (p->kind, second) == 0);
    }

  return count;
}

static void
check_counts (const char *symbol, guint language, const File *file)
{
  int preamble = count_in_xml (file, "//a:preamble/a:container");
  int body = count_in_xml (file, "//a:mainBody//a:paragraph | //a:mainBody//a:point");

  for (guint i = 0; i < G_N_ELEMENTS (EXCEPTIONS); i++)
    if (strcmp (EXCEPTIONS[i].symbol, symbol) == 0
        && strcmp (EXCEPTIONS[i].language, LANGUAGES[language]) == 0)
      {
        preamble += EXCEPTIONS[i].preamble;
        body += EXCEPTIONS[i].body;
      }

  if (count_kinds (file->reading, "preamble", NULL) != preamble
      || count_kinds (file->reading, "operative", "item") != body)
    g_error ("%s: %d and %d paragraphs, not %d and %d", file->name,
             count_kinds (file->reading, "preamble", NULL),
             count_kinds (file->reading, "operative", "item"), preamble, body);

  g_assert_cmpint (count_kinds (file->reading, "title", NULL), ==, 1);
  g_assert_cmpint (count_kinds (file->reading, "organ", NULL), ==, 1);
  g_assert_cmpint (count_kinds (file->reading, "closing", NULL), ==, 1);
  g_assert_cmpint (count_kinds (file->reading, "text", "heading"), ==, 0);
  g_assert_cmpint (count_kinds (file->reading, "note", NULL), ==,
                   count_in_xml (file, "//a:authorialNote"));
}

static void
paragraphs_are_as_many_as_in_the_xml (void)
{
  for_each (check_counts);
}

static void
check_numbers (const char *symbol, guint language, const File *file)
{
  g_autofree char    *expected = numbers_in_xml (file);
  g_autoptr (GString) found = g_string_new (NULL);

  for (guint i = 0; i < file->reading->paragraphs->len; i++)
    {
      const ValiseParagraph *p = g_ptr_array_index (file->reading->paragraphs, i);

      if (strcmp (p->kind, "operative") == 0 && p->number != NULL)
        g_string_append_printf (found, "%s ", p->number);
    }

  if (strcmp (found->str, expected) != 0)
    g_error ("%s: %s, not %s", file->name, found->str, expected);
}

static void
numbers_are_those_of_the_xml (void)
{
  for_each (check_numbers);
}

/* One line a paragraph: key, kind, level and, where @numbers, number. */
static char *
describe (const ValiseReading *reading, gboolean numbers)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < reading->paragraphs->len; i++)
    {
      const ValiseParagraph *p = g_ptr_array_index (reading->paragraphs, i);

      g_string_append_printf (out, "%s %s %u %s\n", p->key, p->kind, p->level,
                              numbers && p->number != NULL ? p->number : "");
    }

  return g_string_free (out, FALSE);
}

static gboolean
has_misprint (const char *symbol, const char *language)
{
  for (guint i = 0; i < G_N_ELEMENTS (MISPRINTS); i++)
    if (strcmp (MISPRINTS[i].symbol, symbol) == 0 && strcmp (MISPRINTS[i].language, language) == 0)
      return TRUE;

  return FALSE;
}

static void
keys_agree_in_all_six_languages_and_numbers_in_46_of_48 (void)
{
  GHashTableIter iter;
  gpointer       symbol = NULL;
  gpointer       data = NULL;
  guint          equal = 0;

  g_hash_table_iter_init (&iter, symbols);
  while (g_hash_table_iter_next (&iter, &symbol, &data))
    {
      const File      *files = data;
      g_autofree char *keys = describe (files[0].reading, FALSE);
      g_autofree char *numbers = describe (files[0].reading, TRUE);
      gboolean         all = TRUE;

      for (guint i = 1; i < N_LANGUAGES; i++)
        {
          g_autofree char *other_keys = describe (files[i].reading, FALSE);
          g_autofree char *other_numbers = describe (files[i].reading, TRUE);
          gboolean         same = strcmp (numbers, other_numbers) == 0;

          if (strcmp (keys, other_keys) != 0)
            g_error ("%s", files[i].name);
          if (same == has_misprint (symbol, LANGUAGES[i]))
            g_error ("%s: numbers %s", files[i].name, same ? "agree" : "differ");
          all = all && same;
        }
      equal += all;
    }

  g_assert_cmpuint (equal, ==, N_RESOLUTIONS - G_N_ELEMENTS (MISPRINTS));
}

static void
oddities_are_told_and_no_others (void)
{
  guint          notices = 0;
  GHashTableIter iter;
  gpointer       data = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (MISPRINTS); i++)
    {
      const File *files = g_hash_table_lookup (symbols, MISPRINTS[i].symbol);
      guint       language = strcmp (MISPRINTS[i].language, "zh") == 0 ? 5 : 2;

      g_assert_cmpuint (files[language].reading->notices->len, ==, 1);
      g_assert_cmpstr (g_ptr_array_index (files[language].reading->notices, 0), ==,
                       MISPRINTS[i].notice);
    }

  g_hash_table_iter_init (&iter, symbols);
  while (g_hash_table_iter_next (&iter, NULL, &data))
    for (guint i = 0; i < N_LANGUAGES; i++)
      notices += ((File *) data)[i].reading->notices->len;

  /* Beside the two: a sentence in two elements (ru), two paragraphs in one (ar). */
  g_assert_cmpuint (notices, ==, 4);
}

static void
check_meta (const char *symbol, guint language, const File *file)
{
  const ValiseReading *reading = file->reading;
  g_autofree char     *adopted = text_in_xml (file, "//a:FRBRdate[@name='adoption']/@date");
  g_autofree char     *issued = text_in_xml (file, "//a:FRBRdate[@name='publication']/@date");
  g_autofree char     *session = text_in_xml (file, "//a:session/@value");

  g_assert_cmpstr (reading->kind, ==, "resolution");
  g_assert_cmpstr (reading->language, ==, LANGUAGES[language]);
  g_assert_cmpstr (reading->symbol, ==, symbol);
  g_assert_cmpstr (reading->body, ==, "ga");
  g_assert_cmpstr (reading->date, ==, adopted);
  g_assert_cmpstr (reading->published, ==, issued);
  g_assert_cmpstr (reading->session, ==, session);
  g_assert_cmpstr (reading->source, ==, "United Nations, through UNxml; unofficial copy");
  g_assert_cmpuint (reading->agenda_items->len, ==, 1);
  g_assert_nonnull (reading->title);
  g_assert_nonnull (reading->author);
  g_assert_nonnull (reading->meeting);
  g_assert_nonnull (reading->meeting_symbol);
  g_assert_nonnull (reading->report_symbol);
  g_assert_nonnull (reading->draft_symbol);
  g_assert_cmpuint (reading->sponsors->len, >, 0);
  g_assert_cmpuint (reading->references->len, >, 0);

  /* Eleven of the Arabic and French covers lack the item's name; nothing is put in its place.
   * One Chinese cover has it in two lines. */
  g_assert_cmpuint (
      count_letters (reading->agenda_title != NULL ? reading->agenda_title : ""), ==,
      count_letters_in_xml (file, "//a:coverPage//a:inline[@name='agenda item name']"));
}

static void
title_item_date_and_symbols_are_there (void)
{
  for_each (check_meta);
}

static void
check_symbols (const char *symbol, guint language, const File *file)
{
  static const char *const paths[] = { "//a:step/@as", "//a:docNumber[@refersTo='#symbol']",
                                       "//a:keyword[@refersTo='agenda']/@dictionary" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      xmlXPathObject *found = evaluate (file, paths[i]);

      for (int j = 0; found->nodesetval != NULL && j < found->nodesetval->nodeNr; j++)
        {
          xmlChar         *text = xmlNodeGetContent (found->nodesetval->nodeTab[j]);
          g_autofree char *normal = valise_symbol_normalise ((const char *) text);

          if (normal == NULL)
            g_error ("%s: %s is no symbol", file->name, text);
          xmlFree (text);
        }
      xmlXPathFreeObject (found);
    }
}

static void
every_symbol_of_the_metadata_is_one (void)
{
  for_each (check_symbols);
}

/* The letters of items' markers that stand in the words, "(أ)", by this test's own pattern. */
static guint
count_marker_letters (const File *file)
{
  g_autoptr (GRegex) marker = g_regex_new ("^\\s*\\(?(\\pL{1,2}(?:\\s\\pL)?)\\)\\s", 0, 0, NULL);
  xmlXPathObject    *found = evaluate (file, "//a:mainBody//a:paragraph[not(a:num)]");
  guint              count = 0;

  for (int i = 0; found->nodesetval != NULL && i < found->nodesetval->nodeNr; i++)
    {
      xmlChar               *text = xmlNodeGetContent (found->nodesetval->nodeTab[i]);
      g_autoptr (GMatchInfo) match = NULL;

      if (g_regex_match (marker, (const char *) text, 0, &match))
        {
          g_autofree char *letters = g_match_info_fetch (match, 1);

          count += count_letters (letters);
        }
      xmlFree (text);
    }
  xmlXPathFreeObject (found);

  return count;
}

static void
check_words (const char *symbol, guint language, const File *file)
{
  guint expected =
      count_letters_in_xml (file, "//a:preface//a:docTitle | //a:preamble | //a:mainBody"
                                  " | //a:conclusions")
      - count_letters_in_xml (file, "//a:mainBody//a:num") - count_marker_letters (file);
  guint found = 0;

  for (guint i = 0; i < file->reading->paragraphs->len; i++)
    {
      const ValiseParagraph *p = g_ptr_array_index (file->reading->paragraphs, i);
      g_autofree char       *plain = valise_markup_to_plain (p->text);

      if (!valise_markup_is_valid (p->text))
        g_error ("%s, %s: %s", file->name, p->key, p->text);
      found += count_letters (plain);
    }

  if (found != expected)
    g_error ("%s: %u letters, not %u", file->name, found, expected);
}

static void
no_letter_is_lost_or_added (void)
{
  for_each (check_words);
}

static void
check_notes (const char *symbol, guint language, const File *file)
{
  GHashTable *markers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const File *files = g_hash_table_lookup (symbols, symbol);
  guint       references = 0;

  g_assert_cmpint (count_kinds (file->reading, "note", NULL), ==,
                   count_kinds (files[0].reading, "note", NULL));

  for (guint i = 0; i < file->reading->paragraphs->len; i++)
    {
      const ValiseParagraph *p = g_ptr_array_index (file->reading->paragraphs, i);

      if (strcmp (p->kind, "note") == 0)
        {
          g_assert_true (g_hash_table_add (markers, g_strdup (p->number)));
          g_assert_null (strstr (p->text, "()"));
        }
      else
        for (const char *at = strstr (p->text, "<note "); at != NULL;
             at = strstr (at + 1, "<note "))
          references++;

      /* No parentheses are left of those that Arabic sets around a mark. */
      if (strstr (p->text, "<sup>(") != NULL || strstr (p->text, "<sup>)") != NULL)
        g_error ("%s, %s: %s", file->name, p->key, p->text);
    }

  g_assert_cmpuint (references, ==, g_hash_table_size (markers));
  g_hash_table_unref (markers);
}

static void
every_footnote_has_its_mark_in_all_languages (void)
{
  for_each (check_notes);
}

static void
resolution_77_37_is_read_whole (void)
{
  const File            *files = g_hash_table_lookup (symbols, "A/RES/77/37");
  const ValiseReading   *reading = files[0].reading;
  const ValiseParagraph *third = valise_reading_find (reading, "o3");

  g_assert_cmpstr (
      reading->title, ==,
      "Programme of action to advance responsible State behaviour in the use of information "
      "and communications technologies in the context of international security");
  g_assert_cmpstr (reading->date, ==, "2022-12-07");
  g_assert_cmpstr (reading->published, ==, "2022-12-12");
  g_assert_cmpstr (reading->meeting, ==, "46th plenary meeting");
  g_assert_cmpstr (reading->meeting_symbol, ==, "A/77/PV.46");
  g_assert_cmpstr (g_ptr_array_index (reading->agenda_items, 0), ==, "94");
  g_assert_cmpstr (reading->agenda_document, ==, "A/77/251");
  g_assert_cmpstr (reading->committee, ==, "First Committee");
  g_assert_cmpstr (reading->draft_symbol, ==, "A/C.1/77/L.73");
  g_assert_cmpstr (reading->report_symbol, ==, "A/77/380");
  g_assert_cmpstr (reading->job_number, ==, "22-28102 (E)");
  g_assert_cmpuint (reading->sponsors->len, ==, 49);
  g_assert_cmpuint (reading->additional_sponsors->len, ==, 25);
  g_assert_true (reading->vote.recorded);
  g_assert_cmpuint (reading->vote.in_favour, ==, 156);
  g_assert_cmpuint (reading->vote.against, ==, 7);
  g_assert_cmpuint (reading->vote.abstaining, ==, 14);
  g_assert_true (
      g_ptr_array_find_with_equal_func (reading->references, "A/RES/43/78", g_str_equal, NULL));
  g_assert_true (
      g_ptr_array_find_with_equal_func (reading->references, "A/77/275", g_str_equal, NULL));

  g_assert_cmpstr (third->number, ==, "3");
  g_assert_true (
      g_str_has_prefix (third->text, "<i>Requests</i> the Secretary-General, within existing"));
  g_assert_cmpstr (valise_reading_find (reading, "p1")->text, ==, "<i>The General Assembly</i>,");
  g_assert_cmpstr (valise_reading_find (reading, "p3")->number, ==, "PP3");
  g_assert_cmpstr (valise_reading_find (reading, "n2")->text, ==, "See A/77/275.");
  g_assert_cmpstr (valise_reading_find (reading, "c1")->text, ==,
                   "46th plenary meeting\n7\u00a0December 2022");
}

static void
agenda_items_are_the_same_in_all_languages (void)
{
  GHashTableIter iter;
  gpointer       symbol = NULL;
  gpointer       data = NULL;

  g_hash_table_iter_init (&iter, symbols);
  while (g_hash_table_iter_next (&iter, &symbol, &data))
    for (guint i = 1; i < N_LANGUAGES; i++)
      {
        const File *files = data;
        const char *item = g_ptr_array_index (files[i].reading->agenda_items, 0);
        gboolean    odd = strcmp (symbol, "A/RES/78/177") == 0 && strcmp (LANGUAGES[i], "ru") == 0;

        /* That cover says "24", the others "24 (b)". */
        g_assert_cmpstr (item, ==,
                         odd ? "24" : g_ptr_array_index (files[0].reading->agenda_items, 0));
        g_assert_cmpuint (files[i].reading->sponsors->len, ==, files[0].reading->sponsors->len);
      }
}

static void
six_languages_pair_by_symbol (void)
{
  GHashTableIter iter;
  gpointer       data = NULL;

  g_assert_cmpuint (n_files, ==, N_RESOLUTIONS * N_LANGUAGES);
  g_assert_cmpuint (g_hash_table_size (symbols), ==, N_RESOLUTIONS);

  g_hash_table_iter_init (&iter, symbols);
  while (g_hash_table_iter_next (&iter, NULL, &data))
    for (guint i = 0; i < N_LANGUAGES; i++)
      g_assert_nonnull (((File *) data)[i].reading);
}

#define ADD(test) g_test_add_func ("/corpus/" #test, test)

int
main (int argc, char *argv[])
{
  int status = 0;

  g_test_init (&argc, &argv, NULL);

  if (!read_all ())
    {
      g_hash_table_unref (symbols);
      g_print ("1..0 # SKIP no corpus: set VALISE_SHARED\n");
      return 0;
    }

  ADD (six_languages_pair_by_symbol);
  ADD (paragraphs_are_as_many_as_in_the_xml);
  ADD (numbers_are_those_of_the_xml);
  ADD (keys_agree_in_all_six_languages_and_numbers_in_46_of_48);
  ADD (oddities_are_told_and_no_others);
  ADD (title_item_date_and_symbols_are_there);
  ADD (every_symbol_of_the_metadata_is_one);
  ADD (no_letter_is_lost_or_added);
  ADD (every_footnote_has_its_mark_in_all_languages);
  ADD (agenda_items_are_the_same_in_all_languages);
  ADD (resolution_77_37_is_read_whole);

  status = g_test_run ();
  g_hash_table_unref (symbols);
  xmlCleanupParser ();

  return status;
}
