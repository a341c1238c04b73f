/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "valise-page-keys.h"
#include "valise-window-fixture.h"

#define PAPER      "A/AC.292/2026/WP.17" /* en and fr here, es known */
#define FRENCH     "A/AC.292/2026/WP.20" /* fr alone here */
#define RESOLUTION "A/RES/77/37"         /* all six here */

static const char *
shown_language (WindowFixture *fixture)
{
  return valise_text_get_language (valise_reader_get_text (fixture->reader));
}

static void
pick (WindowFixture *fixture, const char *language)
{
  GSettings *settings = valise_application_get_settings (fixture->application);

  g_settings_set_string (settings, "reading-language", language);
}

static void
a_paper_opens_in_the_language_of_the_interface (WindowFixture *fixture, gconstpointer data)
{
  valise_window_read (fixture, PAPER);
  g_assert_cmpstr (valise_reader_get_state (fixture->reader), ==, "page");
  g_assert_cmpstr (shown_language (fixture), ==, "en");
  g_assert_null (valise_reader_get_sentence (fixture->reader));
}

static void
open_seal (WindowFixture *fixture, const char *symbol)
{
  valise_window_read (fixture, symbol);
  gtk_widget_activate_action (GTK_WIDGET (fixture->reader), "reader.seal", NULL);
  VALISE_WAIT_UNTIL (valise_window_find_label (GTK_WIDGET (fixture->reader), "Issue") != NULL);
}

/* A window that is destroyed under an open popover has GDK ask for a surface that is gone. */
static void
close_seal (WindowFixture *fixture)
{
  GtkWidget *label = valise_window_find_label (GTK_WIDGET (fixture->reader), "Issue");

  gtk_popover_popdown (GTK_POPOVER (gtk_widget_get_ancestor (label, GTK_TYPE_POPOVER)));
  valise_wait_ms (100);
}

static void
the_seal_opens_who_when_and_which_key (WindowFixture *fixture, gconstpointer data)
{
  GtkWidget *reader = GTK_WIDGET (fixture->reader);

  open_seal (fixture, PAPER);
  g_assert_nonnull (valise_window_find_label (reader, "Sealed by the secretariat"));
  g_assert_nonnull (valise_window_find_label (reader, "sealed 18 July 2026, 09:12"));
  g_assert_nonnull (valise_window_find_label (reader, "Key 4f2a8c1d90e3b756"));
  valise_window_picture (fixture, "seal");
  close_seal (fixture);
}

static void
a_seal_of_before_they_said_when_gives_the_papers_date_as_that (WindowFixture *fixture,
                                                               gconstpointer  data)
{
  open_seal (fixture, RESOLUTION);
  g_assert_nonnull (
      valise_window_find_label (GTK_WIDGET (fixture->reader), "a paper of 7 December 2022"));
  close_seal (fixture);
}

static void
a_language_not_issued_falls_back_and_says_so (WindowFixture *fixture, gconstpointer data)
{
  pick (fixture, "ar");
  valise_window_read (fixture, PAPER);
  g_assert_cmpstr (shown_language (fixture), ==, "en");
  g_assert_cmpstr (valise_reader_get_sentence (fixture->reader), ==,
                   "Not yet in Arabic: shown in English");
}

static void
a_language_not_fetched_is_offered_with_its_size (WindowFixture *fixture, gconstpointer data)
{
  pick (fixture, "es");
  valise_window_read (fixture, PAPER);
  g_assert_cmpstr (valise_reader_get_sentence (fixture->reader), ==,
                   "Spanish is not on this laptop (41 kB): shown in English");
  gtk_widget_activate_action (GTK_WIDGET (fixture->reader), "reader.fetch", NULL);
  valise_wait_ms (100);
  VALISE_WAIT_UNTIL (
      g_strcmp0 (valise_fake_scheduler_get_fetched (fixture->scheduler), "public text:" PAPER ":es")
      == 0);
  g_assert_cmpstr (valise_fake_scheduler_get_fetched (fixture->scheduler), ==,
                   "public text:" PAPER ":es");
  g_assert_cmpstr (shown_language (fixture), ==, "es");
  g_assert_null (valise_reader_get_sentence (fixture->reader));
}

static void
fetching_without_a_network_says_why_and_can_be_tried_again (WindowFixture *fixture,
                                                            gconstpointer  data)
{
  valise_fake_scheduler_set (fixture->scheduler, VALISE_SYNC_WAITING, VALISE_PROBLEM_NO_NETWORK, 1);
  pick (fixture, "es");
  valise_window_read (fixture, PAPER);
  gtk_widget_activate_action (GTK_WIDGET (fixture->reader), "reader.fetch", NULL);
  valise_wait_ms (100);
  VALISE_WAIT_UNTIL (valise_reader_get_sentence (fixture->reader) != NULL
                     && strstr (valise_reader_get_sentence (fixture->reader), "does not answer")
                            != NULL);
  g_assert_nonnull (strstr (valise_reader_get_sentence (fixture->reader), "does not answer"));
  g_assert_cmpstr (shown_language (fixture), ==, "en");
  valise_fake_scheduler_set (fixture->scheduler, VALISE_SYNC_CURRENT, VALISE_PROBLEM_NONE, 1);
  gtk_widget_activate_action (GTK_WIDGET (fixture->reader), "reader.fetch", NULL);
  valise_wait_ms (100);
  VALISE_WAIT_UNTIL (g_strcmp0 (shown_language (fixture), "es") == 0);
  g_assert_cmpstr (shown_language (fixture), ==, "es");
}

static void
a_paper_in_another_language_alone_is_shown_in_it (WindowFixture *fixture, gconstpointer data)
{
  valise_window_read (fixture, FRENCH);
  g_assert_cmpstr (shown_language (fixture), ==, "fr");
  g_assert_nonnull (strstr (valise_reader_get_sentence (fixture->reader), "shown in French"));
}

static void
an_unknown_symbol_is_explained (WindowFixture *fixture, gconstpointer data)
{
  valise_window_read (fixture, "A/NOWHERE/1");
  g_assert_nonnull (strstr (valise_reader_get_sentence (fixture->reader), "not in the record"));
}

/* px from the page's edge, left, to the label that says @words. */
static int
find_edge (ValisePageView *page, const char *words)
{
  GtkWidget      *label = valise_window_find_label (GTK_WIDGET (page), words);
  graphene_rect_t at;

  g_assert_nonnull (label);
  g_assert_true (gtk_widget_compute_bounds (label, GTK_WIDGET (page), &at));
  return (int) (at.origin.x + 0.5f);
}

static void
two_languages_stand_side_by_side_by_number (WindowFixture *fixture, gconstpointer data)
{
  ValisePageView *page = valise_reader_get_page (fixture->reader);
  guint           n_alone = 0;
  gboolean        unpaired = FALSE;

  valise_window_read (fixture, PAPER);
  n_alone = valise_page_view_get_n_rows (page);
  valise_window_act (fixture, "win.side-by-side");
  valise_wait_ms (100);
  VALISE_WAIT_UNTIL (valise_reader_get_other (fixture->reader) != NULL);
  g_assert_nonnull (valise_reader_get_other (fixture->reader));
  g_assert_cmpstr (valise_text_get_language (valise_reader_get_other (fixture->reader)), ==, "fr");
  /* The French has an item (a) under 2 that the English lacks. */
  g_assert_cmpuint (valise_page_view_get_n_rows (page), ==, n_alone + 1);
  g_assert_cmpuint (valise_page_view_get_n_pairs (page), ==, n_alone);
  for (int i = 0; i < (int) n_alone + 1; i++)
    unpaired = unpaired || valise_page_view_get_line (page, i, FALSE) < 0;
  g_assert_true (unpaired);
  /* Each title stands over its own words. */
  g_assert_cmpint (
      find_edge (page, valise_text_get_title (valise_reader_get_other (fixture->reader))), ==,
      find_edge (page, "les travaux restent ouverts"));
  g_assert_cmpint (
      find_edge (page, valise_text_get_title (valise_reader_get_text (fixture->reader))), ==,
      find_edge (page, "the record stays open"));
  valise_window_picture (fixture, "side-by-side");
  valise_window_act (fixture, "win.side-by-side");
  valise_wait_ms (100);
  VALISE_WAIT_UNTIL (valise_reader_get_other (fixture->reader) == NULL);
  g_assert_null (valise_reader_get_other (fixture->reader));
}

static void
the_chosen_paragraph_is_quoted_with_its_reference (WindowFixture *fixture, gconstpointer data)
{
  g_autofree char *quoted = NULL;

  valise_window_read (fixture, PAPER);
  g_assert_true (valise_page_view_choose_key (valise_reader_get_page (fixture->reader), "o3"));
  valise_window_act (fixture, "win.quote");
  quoted = valise_window_dup_clipboard (fixture);
  g_assert_cmpstr (quoted, ==,
                   "“Decides that the record stays open to every participant, with or without a "
                   "network.” (" PAPER ", para. 3)");
}

static void
side_by_side_quotes_both (WindowFixture *fixture, gconstpointer data)
{
  g_autofree char *quoted = NULL;

  valise_window_read (fixture, PAPER);
  valise_window_act (fixture, "win.side-by-side");
  valise_wait_ms (100);
  valise_page_view_choose_key (valise_reader_get_page (fixture->reader), "o3");
  valise_window_act (fixture, "win.quote");
  quoted = valise_window_dup_clipboard (fixture);
  g_assert_nonnull (strstr (quoted, "“Decides"));
  g_assert_nonnull (strstr (quoted, "«\u00a0Décide"));
}

static void
finding_counts_and_goes_round (WindowFixture *fixture, gconstpointer data)
{
  ValiseFindBar  *bar = valise_reader_get_find_bar (fixture->reader);
  ValisePageView *page = valise_reader_get_page (fixture->reader);
  int             first = 0;

  valise_window_read (fixture, PAPER);
  gtk_widget_grab_focus (GTK_WIDGET (page));
  valise_window_act (fixture, "win.find");
  gtk_editable_set_text (valise_find_bar_get_entry (bar), "RECORD");
  valise_wait_ms (300);
  VALISE_WAIT_UNTIL (g_strcmp0 (valise_find_bar_get_count (bar), "1 of 6") == 0);
  g_assert_cmpstr (valise_find_bar_get_count (bar), ==, "1 of 6");
  first = valise_page_view_get_chosen (page);
  valise_window_act (fixture, "win.find-next");
  g_assert_cmpstr (valise_find_bar_get_count (bar), ==, "2 of 6");
  g_assert_cmpint (valise_page_view_get_chosen (page), >, first);
  valise_window_act (fixture, "win.find-previous");
  valise_window_act (fixture, "win.find-previous");
  g_assert_cmpstr (valise_find_bar_get_count (bar), ==, "6 of 6");
  valise_window_picture (fixture, "find");
  gtk_editable_set_text (valise_find_bar_get_entry (bar), "xyzzy");
  valise_wait_ms (300);
  VALISE_WAIT_UNTIL (g_strcmp0 (valise_find_bar_get_count (bar), "Nothing found") == 0);
  g_assert_cmpstr (valise_find_bar_get_count (bar), ==, "Nothing found");
}

static void
zoom_changes_the_words_alone (WindowFixture *fixture, gconstpointer data)
{
  GSettings *settings = valise_application_get_settings (fixture->application);

  valise_window_read (fixture, PAPER);
  valise_window_act (fixture, "win.zoom-in");
  g_assert_cmpint (g_settings_get_int (settings, "reading-size"), ==, 110);
  valise_window_act (fixture, "win.zoom-out");
  valise_window_act (fixture, "win.zoom-out");
  g_assert_cmpint (g_settings_get_int (settings, "reading-size"), ==, 90);
  for (guint i = 0; i < 20; i++)
    valise_window_act (fixture, "win.zoom-in");
  g_assert_cmpint (g_settings_get_int (settings, "reading-size"), ==, 250);
  valise_window_act (fixture, "win.zoom-reset");
  g_assert_cmpint (g_settings_get_int (settings, "reading-size"), ==, 100);
}

static void
a_paper_named_on_the_page_opens_and_back_returns (WindowFixture *fixture, gconstpointer data)
{
  ValisePageView *page = valise_reader_get_page (fixture->reader);

  valise_window_read (fixture, PAPER);
  g_assert_true (valise_page_view_choose_key (page, "p3"));
  valise_wait_ms (60);
  g_assert_true (valise_page_keys_follow_link (page));
  valise_wait_ms (100);
  VALISE_WAIT_UNTIL (g_strcmp0 (valise_reader_get_symbol (fixture->reader), RESOLUTION) == 0);
  g_assert_cmpstr (valise_reader_get_symbol (fixture->reader), ==, RESOLUTION);
  valise_window_act (fixture, "win.back");
  valise_wait_ms (100);
  VALISE_WAIT_UNTIL (g_strcmp0 (valise_reader_get_symbol (fixture->reader), PAPER) == 0);
  g_assert_cmpstr (valise_reader_get_symbol (fixture->reader), ==, PAPER);
}

static void
a_long_paper_is_a_handful_of_widgets (WindowFixture *fixture, gconstpointer data)
{
  ValisePageView *page = valise_reader_get_page (fixture->reader);
  gint64          start = 0;
  guint           n_children = 0;

  valise_fake_set_lines (500);
  valise_window_read (fixture, PAPER);
  start = g_get_monotonic_time ();
  valise_page_view_show (page, valise_reader_get_text (fixture->reader), NULL, NULL);
  gtk_test_widget_wait_for_draw (GTK_WIDGET (page));
  g_test_message ("first frame of %u paragraphs: %.1f ms", valise_page_view_get_n_rows (page),
                  (double) (g_get_monotonic_time () - start) / 1000);
  g_assert_cmpuint (valise_page_view_get_n_rows (page), >, 500);
  g_assert_true (valise_page_view_choose_key (page, "o499"));
  valise_wait_ms (100);
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (page)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n_children++;
  g_assert_cmpuint (n_children, <, 80);
  valise_fake_set_lines (0);
}

/* Rows were once filled within an allocation, whose own request for another was then lost. */
static void
choosing_before_the_page_is_drawn_leaves_no_blank (WindowFixture *fixture, gconstpointer data)
{
  ValisePageView *page = valise_reader_get_page (fixture->reader);
  guint           n_placed = 0;

  valise_fake_set_lines (120);
  valise_window_open_paper (fixture->window, PAPER, NULL, "p4");
  VALISE_WAIT_UNTIL (valise_page_view_get_chosen (page) >= 0);
  valise_page_view_choose (page, 2);
  valise_wait_ms (300);
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (page)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n_placed += gtk_widget_get_mapped (child) && gtk_widget_get_height (child) > 10;
  g_assert_cmpuint (n_placed, >=, 5);
  valise_fake_set_lines (0);
}

static void
the_chosen_paragraph_stays_when_the_language_turns (WindowFixture *fixture, gconstpointer data)
{
  ValisePageView *page = valise_reader_get_page (fixture->reader);
  int             line = 0;

  valise_window_read (fixture, RESOLUTION);
  valise_page_view_choose_key (page, "o5");
  valise_window_open_paper (fixture->window, RESOLUTION, "zh", NULL);
  valise_wait_ms (100);
  VALISE_WAIT_UNTIL (g_strcmp0 (shown_language (fixture), "zh") == 0);
  g_assert_cmpstr (shown_language (fixture), ==, "zh");
  line = valise_page_view_get_line (page, valise_page_view_get_chosen (page), FALSE);
  g_assert_cmpstr (
      valise_text_get_line (valise_reader_get_text (fixture->reader), (guint) line)->key, ==, "o5");
}

static void
arabic_words_run_from_the_right_in_an_english_window (WindowFixture *fixture, gconstpointer data)
{
  valise_window_open_paper (fixture->window, RESOLUTION, "ar", NULL);
  valise_wait_ms (150);
  VALISE_WAIT_UNTIL (g_strcmp0 (shown_language (fixture), "ar") == 0);
  g_assert_cmpstr (shown_language (fixture), ==, "ar");
  valise_window_picture (fixture, "arabic-paper");
}

#define ADD(test)                                                                                  \
  g_test_add ("/paper-page/" #test, WindowFixture, NULL, valise_window_fixture_set_up, test,       \
              valise_window_fixture_tear_down)

int
main (int argc, char *argv[])
{
  valise_window_test_init (&argc, &argv);

  ADD (a_paper_opens_in_the_language_of_the_interface);
  ADD (the_seal_opens_who_when_and_which_key);
  ADD (a_seal_of_before_they_said_when_gives_the_papers_date_as_that);
  ADD (a_language_not_issued_falls_back_and_says_so);
  ADD (a_language_not_fetched_is_offered_with_its_size);
  ADD (fetching_without_a_network_says_why_and_can_be_tried_again);
  ADD (a_paper_in_another_language_alone_is_shown_in_it);
  ADD (an_unknown_symbol_is_explained);
  ADD (two_languages_stand_side_by_side_by_number);
  ADD (the_chosen_paragraph_is_quoted_with_its_reference);
  ADD (side_by_side_quotes_both);
  ADD (finding_counts_and_goes_round);
  ADD (zoom_changes_the_words_alone);
  ADD (a_paper_named_on_the_page_opens_and_back_returns);
  ADD (a_long_paper_is_a_handful_of_widgets);
  ADD (choosing_before_the_page_is_drawn_leaves_no_blank);
  ADD (the_chosen_paragraph_stays_when_the_language_turns);
  ADD (arabic_words_run_from_the_right_in_an_english_window);

  return g_test_run ();
}
