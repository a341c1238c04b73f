/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <pango/pango.h>
#include <string.h>

#include "valise-document-name.h"
#include "valise-faces.h"
#include "valise-format.h"
#include "valise-markup.h"
#include "valise-page-row.h"

static const char *const references[] = { "A/RES/77/37", "A/AC.292/2026/WP.18", NULL };

static void
check (const char *text, const char *expected)
{
  g_autofree char *shown = valise_markup_show (text, references);

  g_assert_cmpstr (shown, ==, expected);
}

static void
notes_become_raised_links (void)
{
  check ("spring<note ref=\"12\"/> showed", "spring<a href=\"note:12\">¹²</a> showed");
}

static void
symbols_become_links_where_the_paper_names_them (void)
{
  check ("in A/AC.292/2026/WP.18, and",
         "in <a href=\"paper:A/AC.292/2026/WP.18\">A/AC.292/2026/WP.18</a>, and");
  check ("resolution 77/37 of 7", "resolution <a href=\"paper:A/RES/77/37\">77/37</a> of 7");
  check ("resolution 78/16 of", "resolution 78/16 of");
  check ("第77/37号决议", "第<a href=\"paper:A/RES/77/37\">77/37</a>号决议");
}

static void
what_is_no_markup_is_shown_as_it_stands (void)
{
  const char *const odd[] = { "a < b & c", "<script>x</script>", "<i>open", "<note ref=\"\"/>",
                              "&bad;" };

  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      g_autofree char *shown = valise_markup_show (odd[i], references);

      g_assert_true (g_utf8_validate (shown, -1, NULL));
      g_assert_null (strstr (shown, "<script"));
    }
}

static void
shown_text_is_what_a_label_would_show (void)
{
  g_autofree char *shown = valise_markup_shown_text ("<i>A</i> &amp; B<note ref=\"1\"/> &lt;");

  g_assert_cmpstr (shown, ==, "A & B¹ <");
}

static void
check_find (const char *text, const char *query, guint n_expected, guint start, guint end)
{
  g_autoptr (GArray) ranges = valise_find_in (text, query);

  g_assert_cmpuint (ranges->len, ==, 2 * n_expected);
  if (n_expected > 0)
    {
      g_assert_cmpuint (g_array_index (ranges, guint, 0), ==, start);
      g_assert_cmpuint (g_array_index (ranges, guint, 1), ==, end);
    }
}

static void
finding_forgets_case_accents_and_vowel_signs (void)
{
  check_find ("The Record", "record", 1, 4, 10);
  check_find ("la cybersécurité", "CYBERSECURITE", 1, 3, 18);
  check_find ("aaa", "aa", 1, 0, 2);
  check_find ("网络安全与网络", "网络", 2, 0, 6);
  check_find ("يُعقد", "يعقد", 1, 0, 10);
  check_find ("nothing", "", 0, 0, 0);
}

static void
numbers_are_written_as_they_hang (void)
{
  static const struct
  {
    const char *number, *language, *label;
  } cases[] = {
    { "3", "en", "3" },       { "PP2", "en", "PP2" },       { "PP2", "ar", "د 2" },
    { "3 (a)", "en", "(a)" }, { "3 (a) (i)", "fr", "(i)" }, { "annex II, 3", "en", "3" },
    { NULL, "en", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *label = valise_page_row_number_label (cases[i].number, cases[i].language);

      g_assert_cmpstr (label, ==, cases[i].label);
    }
}

static void
both_clocks_venue_first (void)
{
  g_autofree char *venue = NULL;
  g_autofree char *here = NULL;

  g_assert_true (valise_format_clocks ("2026-07-21T10:00", 105, "America/New_York", &venue, &here));
  g_assert_cmpstr (venue, ==, "10:00–11:45");
  g_assert_cmpstr (here, ==, "14:00–15:45 here");
}

static void
a_late_sitting_is_on_another_day_here (void)
{
  g_autofree char *venue = NULL;
  g_autofree char *here = NULL;

  g_assert_true (valise_format_clocks ("2026-07-23T21:00", 0, "America/New_York", &venue, &here));
  g_assert_cmpstr (here, ==, "01:00 Fri here");
}

static void
what_is_no_time_has_no_clocks (void)
{
  g_autofree char *venue = NULL;
  g_autofree char *here = NULL;

  g_assert_false (valise_format_clocks ("tomorrow", 0, NULL, &venue, &here));
  g_assert_null (venue);
  g_assert_null (here);
}

static void
dates_and_sizes_are_short_and_whole (void)
{
  g_autofree char *date = valise_format_date ("2022-12-07");
  g_autofree char *odd = valise_format_date ("soon");
  g_autofree char *days = valise_format_days ("2026-07-20", "2026-07-24");
  g_autofree char *bytes = valise_format_size (1);
  g_autofree char *kilo = valise_format_size (41400);
  g_autofree char *mega = valise_format_size (2100000);

  g_assert_cmpstr (date, ==, "7 December 2022");
  g_assert_cmpstr (odd, ==, "soon");
  g_assert_cmpstr (days, ==, "20–24 July 2026");
  g_assert_cmpstr (bytes, ==, "1 byte");
  g_assert_cmpstr (kilo, ==, "41 kB");
  g_assert_cmpstr (mega, ==, "2.1 MB");
}

static void
documents_are_named_by_what_they_are (void)
{
  g_autofree char *paper = valise_document_name ("paper:A/AC.292/2026/WP.9");
  g_autofree char *refused =
      valise_document_name_of_reason ("text:A/AC.292/2026/WP.9:fr: it carries no seal");
  g_autofree char *own = valise_document_name ("xke:submission:01J");

  g_assert_cmpstr (paper, ==, "\u2068A/AC.292/2026/WP.9\u2069");
  g_assert_cmpstr (refused, ==, paper);
  g_assert_cmpstr (own, ==, "Submission");
}

static void
a_line_begins_as_a_sentence_does (void)
{
  g_autofree char *latin = valise_format_capital ("\u2068near\u2069 · now");
  g_autofree char *russian = valise_format_capital ("рядом");
  g_autofree char *arabic = valise_format_capital ("\u200f\u2068قريب\u2069");
  g_autofree char *nothing = valise_format_capital ("");

  g_assert_cmpstr (latin, ==, "\u2068Near\u2069 · now");
  g_assert_cmpstr (russian, ==, "Рядом");
  g_assert_cmpstr (arabic, ==, "\u200f\u2068قريب\u2069");
  g_assert_cmpstr (nothing, ==, "");
}

static void
right_to_left_the_letters_and_digits_are_of_one_cut (void)
{
  g_autofree char *alias = valise_faces_dup_families ("Sans 10");
  g_autofree char *own = valise_faces_dup_families ("Cantarell Bold 11");
  g_autofree char *none = valise_faces_dup_families (NULL);
  g_autofree char *odd = valise_faces_dup_families ("A\"; } * { 11");

  g_assert_cmpstr (alias, ==, "\"Noto Sans\", \"Noto Sans Arabic\", sans-serif");
  g_assert_cmpstr (own, ==, "\"Cantarell\", \"Noto Sans Arabic\", sans-serif");
  g_assert_cmpstr (none, ==, alias);
  g_assert_true (g_str_has_prefix (odd, "\"A\\\""));
}

#define ADD(test) g_test_add_func ("/shown-words/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (notes_become_raised_links);
  ADD (symbols_become_links_where_the_paper_names_them);
  ADD (what_is_no_markup_is_shown_as_it_stands);
  ADD (shown_text_is_what_a_label_would_show);
  ADD (finding_forgets_case_accents_and_vowel_signs);
  ADD (numbers_are_written_as_they_hang);
  ADD (both_clocks_venue_first);
  ADD (a_late_sitting_is_on_another_day_here);
  ADD (what_is_no_time_has_no_clocks);
  ADD (dates_and_sizes_are_short_and_whole);
  ADD (documents_are_named_by_what_they_are);
  ADD (a_line_begins_as_a_sentence_does);
  ADD (right_to_left_the_letters_and_digits_are_of_one_cut);

  return g_test_run ();
}
