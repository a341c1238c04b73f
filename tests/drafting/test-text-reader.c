/* test-text-reader.c - papers as plain text
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib.h>
#include <string.h>

#include "valise-reader.h"

static ValiseReading *
read_text (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  ValiseReading     *reading = valise_reader_read (bytes, "paper.txt", &error);

  g_assert_no_error (error);
  g_assert_nonnull (reading);

  return reading;
}

/* A seed, or NULL where they are not here. */
static ValiseReading *
read_seed (const char *name, char **contents)
{
  const char        *shared = g_getenv ("VALISE_SHARED");
  g_autofree char   *path = g_build_filename (shared != NULL ? shared : "", "seeds", name, NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  ValiseReading     *reading = NULL;

  if (!g_file_get_contents (path, contents, NULL, NULL))
    {
      g_test_skip ("no seeds: set VALISE_SHARED");
      return NULL;
    }

  bytes = g_bytes_new (*contents, strlen (*contents));
  reading = valise_reader_read (bytes, name, &error);
  g_assert_no_error (error);

  return reading;
}

static char *
plain_of (const ValiseReading *reading, const char *key)
{
  const ValiseParagraph *paragraph = valise_reading_find (reading, key);

  if (paragraph == NULL)
    g_error ("no paragraph %s", key);

  return valise_markup_to_plain (paragraph->text);
}

static void
assert_keys (const ValiseReading *reading, const char *expected)
{
  g_autoptr (GString) keys = g_string_new (NULL);

  for (guint i = 0; i < reading->paragraphs->len; i++)
    {
      const ValiseParagraph *p = g_ptr_array_index (reading->paragraphs, i);

      g_assert_true (valise_markup_is_valid (p->text));
      g_string_append_printf (keys, "%s%s", i > 0 ? " " : "", p->key);
    }

  g_assert_cmpstr (keys->str, ==, expected);
}

static guint
count_letters (const char *text)
{
  guint count = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    count += g_unichar_isalpha (g_utf8_get_char (text));

  return count;
}

/* No word is lost: the letters of the file are those of author and paragraphs. */
static void
assert_letters (const ValiseReading *reading, const char *contents)
{
  guint found = reading->author != NULL ? count_letters (reading->author) : 0;

  for (guint i = 0; i < reading->paragraphs->len; i++)
    {
      const ValiseParagraph *p = g_ptr_array_index (reading->paragraphs, i);
      g_autofree char       *plain = valise_markup_to_plain (p->text);

      found += count_letters (plain);
    }

  g_assert_cmpuint (found, ==, count_letters (contents));
}

static void
the_korean_views_are_read_as_they_stand (void)
{
  g_autofree char          *contents = NULL;
  g_autoptr (ValiseReading) reading = read_seed ("000_50884cabfe071f03.txt", &contents);
  g_autofree char          *ninth = NULL;
  g_autofree char          *eighteenth = NULL;
  g_autofree char          *last = NULL;

  if (reading == NULL)
    return;

  assert_keys (reading,
               "t h1 o1 o2 o3 o4 h2 o5 o6 o6.1 o6.2 o6.3 o7 o8 h3 o9 o10 o11 o12 o13 o13.1 o13.2 "
               "o13.3 o13.4 o14 o15 o16 o17 h4 o17~2 o17~2.1 o17~2.2 o17~2.3 o17~2.4 o18 h5 o19");
  assert_letters (reading, contents);

  g_assert_null (reading->symbol);
  g_assert_cmpstr (reading->kind, ==, VALISE_READING_NATIONAL_VIEWS);
  g_assert_cmpstr (reading->language, ==, "en");
  g_assert_cmpstr (reading->author, ==, "Republic of Korea");
  g_assert_true (
      g_str_has_prefix (reading->title, "National Views on the Scope, Structure, and Content"));
  g_assert_true (g_str_has_suffix (reading->title, "Modalities for its Establishment"));

  /* Two paragraphs 17 stay two paragraphs 17, and it is said. */
  g_assert_cmpstr (valise_reading_find (reading, "o17")->number, ==, "17");
  g_assert_cmpstr (valise_reading_find (reading, "o17~2")->number, ==, "17");
  g_assert_cmpstr (valise_reading_find (reading, "o17~2.4")->number, ==, "17 (4)");
  g_assert_cmpstr (valise_reading_find (reading, "o6.2")->number, ==, "6 (2)");
  g_assert_cmpuint (valise_reading_find (reading, "o6.2")->level, ==, 1);
  g_assert_cmpuint (reading->notices->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (reading->notices, 0), ==, "two paragraphs numbered 17");

  /* Pages cut 9 and 18; the last word stays what it is. */
  ninth = plain_of (reading, "o9");
  g_assert_nonnull (
      strstr (ninth, "open to the participation of all Member States. As an inclusive"));
  eighteenth = plain_of (reading, "o18");
  g_assert_nonnull (
      strstr (eighteenth, "contributing to a specifically targeted capacity-building"));
  last = plain_of (reading, "o19");
  g_assert_true (g_str_has_suffix (last, "80th Session of the UN General Assembly. /END/"));

  g_assert_cmpuint (reading->references->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (reading->references, 0), ==, "A/RES/77/37");
  g_assert_cmpstr (g_ptr_array_index (reading->references, 1), ==, "A/RES/75/240");
}

static void
the_working_paper_keeps_its_footnotes_and_oddities (void)
{
  g_autofree char          *contents = NULL;
  g_autoptr (ValiseReading) reading = read_seed ("001_f1bf3641475ea2af.txt", &contents);
  const ValiseParagraph    *vision = NULL;

  if (reading == NULL)
    return;

  assert_keys (reading,
               "t x1 x2 x3 x4 x5 h1 x6 x7 x8 h2 x9 x10 x11 h3 x12 x13 x14 h4 x15 x16 x17 x18 h5 "
               "h6 x19 x20 x21 x22 x23 x24 x25 x26 h7 x27 x28 h8 x29 h9 x30 h10 x31 x32 h11 x33 "
               "x34 x35 n1 n2 n3");
  assert_letters (reading, contents);

  g_assert_cmpstr (reading->kind, ==, VALISE_READING_WORKING_PAPER);
  g_assert_null (reading->author);
  g_assert_true (
      g_str_has_prefix (reading->title, "Working paper for a Programme of Action (PoA)"));
  g_assert_cmpuint (reading->notices->len, ==, 0);

  g_assert_cmpstr (valise_reading_find (reading, "h1")->text, ==,
                   "I/ Elements of vision for the PoA");
  g_assert_cmpuint (valise_reading_find (reading, "h1")->level, ==, 0);
  g_assert_cmpstr (valise_reading_find (reading, "h9")->text, ==, "(4) Secretariat");
  g_assert_cmpuint (valise_reading_find (reading, "h9")->level, ==, 1);

  /* Two footnotes and a page stood in the middle of this sentence. */
  vision = valise_reading_find (reading, "x6");
  g_assert_nonnull (
      strstr (vision->text, "GGE reports and the 2021 OEWG report. The PoA could also support"));
  g_assert_nonnull (strstr (vision->text, "(<i>see below for modalities of adoption</i>)"));

  g_assert_nonnull (
      strstr (valise_reading_find (reading, "x2")->text, "respond\"<note ref=\"1\"/>. It is"));
  g_assert_nonnull (
      strstr (valise_reading_find (reading, "x3")->text, "54 States<note ref=\"2\"/>. This"));
  g_assert_cmpstr (valise_reading_find (reading, "n1")->text, ==,
                   "Paragraph 54, Final report of the 2019-2021 OEWG.");
  g_assert_nonnull (
      strstr (valise_reading_find (reading, "n2")->text, "Romania, Salvador, Singapore"));
  g_assert_true (
      g_str_has_prefix (valise_reading_find (reading, "n3")->text, "Examples of such tools"));

  /* The bullets stay what they are, and the second sentence that a page cut is joined. */
  g_assert_true (
      g_str_has_prefix (valise_reading_find (reading, "x22")->text, "- The OEWG established"));
  g_assert_nonnull (strstr (valise_reading_find (reading, "x27")->text,
                            "The PoA could therefore support the implementation"));
  g_assert_nonnull (
      strstr (valise_reading_find (reading, "x11")->text,
              "<i>[Other stakeholders’ working papers could also be welcome on such a portal "
              ": see below.]</i>"));

  g_assert_cmpuint (reading->references->len, ==, 4);
}

static void
a_masthead_is_understood (void)
{
  g_autoptr (ValiseReading) reading = read_text (
      "A/AC.292/2023/WP.2/Rev.1\nUnited Nations\nGeneral Assembly\nDistr.: Limited\n12 May 2023\n"
      "Original: French\n23-12345 (E)\n\nSeventy-eighth session\nAgenda item 94 (b)\n\n"
      "Kestria\n\nCapacity-building in practice and what it needs\n\n1. The words of the "
      "first paragraph, and of the second.\n");

  g_assert_cmpstr (reading->symbol, ==, "A/AC.292/2023/WP.2/Rev.1");
  g_assert_cmpstr (reading->kind, ==, VALISE_READING_WORKING_PAPER);
  g_assert_cmpstr (reading->date, ==, "2023-05-12");
  g_assert_cmpstr (reading->original_language, ==, "fr");
  g_assert_cmpstr (reading->body, ==, "ga");
  g_assert_cmpstr (reading->session, ==, "78");
  g_assert_cmpstr (reading->job_number, ==, "23-12345 (E)");
  g_assert_cmpuint (reading->agenda_items->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (reading->agenda_items, 0), ==, "94 (b)");
  g_assert_cmpstr (reading->author, ==, "Kestria");
  g_assert_cmpstr (reading->title, ==, "Capacity-building in practice and what it needs");
  assert_keys (reading, "t o1");
}

static void
wrapped_lines_are_one_paragraph (void)
{
  g_autoptr (ValiseReading) reading = read_text (
      "\xef\xbb\xbfTitle of it\r\n\r\n1. The first line of a paragraph that was\r\nwrapped by a "
      "mailer,\r\nand its end.\r\n\f\r\n(a) An item,\r\nwrapped too;\r\n(b) Another.\r\n\r\n12\r\n"
      "\r\n2. The second.\r\n");
  g_autofree char *first = NULL;

  assert_keys (reading, "t o1 o1.a o1.b o2");
  first = plain_of (reading, "o1");
  g_assert_cmpstr (first, ==,
                   "The first line of a paragraph that was wrapped by a mailer, and its end.");
}

static void
raised_digits_without_a_footnote_are_raised (void)
{
  g_autoptr (ValiseReading) reading =
      read_text ("A paper on size\n\n1. It covers 5 m² & more¹ < 7.\n\n¹ Of *all* it covers.\n");

  g_assert_cmpstr (valise_reading_find (reading, "o1")->text, ==,
                   "It covers 5 m<sup>2</sup> &amp; more<note ref=\"1\"/> &lt; 7.");
  g_assert_cmpstr (valise_reading_find (reading, "n1")->text, ==, "Of <i>all</i> it covers.");
}

static void
headings_and_lists_are_told_from_sentences (void)
{
  g_autoptr (ValiseReading) reading = read_text (
      "On order\n\nI. First part\n\nWords follow here.\n\nA. A smaller part\n\n1. Numbered.\n\n"
      "Conclusions\n\nThe end is near.\n\n5 * 3 = 15 and * no pair.\n");

  assert_keys (reading, "t h1 x1 h2 o1 h3 x2 x3");
  g_assert_cmpuint (valise_reading_find (reading, "h2")->level, ==, 1);
  g_assert_cmpstr (valise_reading_find (reading, "x3")->text, ==, "5 * 3 = 15 and * no pair.");
}

static void
languages_are_told_apart (void)
{
  static const struct
  {
    const char *text;
    const char *language;
  } cases[] = { { "The views of the States and of others are to be in the report.", "en" },
                { "Las opiniones de los Estados que se recogen en el informe y por las que", "es" },
                { "Les vues des États et du secrétariat dans le rapport est", "fr" },
                { "Мнения государств-членов", "ru" },
                { "آراء الدول الأعضاء", "ar" },
                { "会员国的意见", "zh" },
                { "xyzzy", NULL } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ValiseReading) reading = read_text (cases[i].text);

      g_assert_cmpstr (reading->language, ==, cases[i].language);
      g_assert_cmpuint (reading->paragraphs->len, ==, 1);
    }
}

#define ADD(test) g_test_add_func ("/text-reader/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (the_korean_views_are_read_as_they_stand);
  ADD (the_working_paper_keeps_its_footnotes_and_oddities);
  ADD (a_masthead_is_understood);
  ADD (wrapped_lines_are_one_paragraph);
  ADD (raised_digits_without_a_footnote_are_raised);
  ADD (headings_and_lists_are_told_from_sentences);
  ADD (languages_are_told_apart);

  return g_test_run ();
}
