/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "valise-clock.h"
#include "valise-found.h"
#include "valise-window-fixture.h"

#define PAPER "A/AC.292/2026/WP.17"

/* --- places ------------------------------------------------------------------------------ */

static void
places_open_by_their_actions_and_back_returns (WindowFixture *fixture, gconstpointer data)
{
  g_assert_cmpstr (valise_window_get_place (fixture->window), ==, "today");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.place", "s", "meetings");
  valise_wait_ms (40);
  VALISE_WAIT_UNTIL (g_strcmp0 (valise_window_get_place (fixture->window), "meetings") == 0);
  g_assert_cmpstr (valise_window_get_place (fixture->window), ==, "meetings");
  valise_window_act (fixture, "win.search");
  g_assert_cmpstr (valise_window_get_place (fixture->window), ==, "search");
  valise_window_act (fixture, "win.back");
  g_assert_cmpstr (valise_window_get_place (fixture->window), ==, "meetings");
  valise_window_act (fixture, "win.back");
  g_assert_cmpstr (valise_window_get_place (fixture->window), ==, "today");
}

static void
a_place_that_does_not_exist_changes_nothing (WindowFixture *fixture, gconstpointer data)
{
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.place", "s", "drafts");
  g_assert_cmpstr (valise_window_get_place (fixture->window), ==, "today");
}

static void
today_shows_the_days_agenda_by_both_clocks (WindowFixture *fixture, gconstpointer data)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);

  valise_wait_ms (80);
  VALISE_WAIT_UNTIL (valise_window_find_label (window, "Tuesday 21 July") != NULL);
  g_assert_nonnull (valise_window_find_label (window, "Tuesday 21 July"));
  g_assert_nonnull (valise_window_find_label (window, "Day 2 of 5"));
  g_assert_nonnull (valise_window_find_label (window, "10:00–11:45"));
  g_assert_nonnull (valise_window_find_label (window, "14:00–15:45 here"));
  g_assert_nonnull (valise_window_find_label (window, "Norms in practice"));
  valise_window_picture (fixture, "today");
}

static void
a_meeting_shows_its_agenda_and_opens_its_papers (WindowFixture *fixture, gconstpointer data)
{
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.meeting", "s", "meeting:plenary");
  valise_wait_ms (120);
  VALISE_WAIT_UNTIL (valise_window_find_label (GTK_WIDGET (fixture->window), "Capacity-building")
                     != NULL);
  g_assert_nonnull (valise_window_find_label (GTK_WIDGET (fixture->window), "Capacity-building"));
  valise_window_picture (fixture, "meetings");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.open", "s", PAPER);
  valise_wait_ms (80);
  VALISE_WAIT_UNTIL (g_strcmp0 (valise_reader_get_symbol (fixture->reader), PAPER) == 0);
  g_assert_cmpstr (valise_reader_get_symbol (fixture->reader), ==, PAPER);
  valise_window_act (fixture, "win.back");
  g_assert_cmpstr (valise_window_get_place (fixture->window), ==, "meetings");
}

/* --- papers -------------------------------------------------------------------------------- */

static void
stepping_through_the_list_opens_papers_over_headings (WindowFixture *fixture, gconstpointer data)
{
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.place", "s", "papers");
  valise_window_act (fixture, "win.next-paper");
  valise_wait_ms (350);
  VALISE_WAIT_UNTIL (g_strcmp0 (valise_reader_get_symbol (fixture->reader), PAPER) == 0);
  g_assert_cmpstr (valise_reader_get_symbol (fixture->reader), ==, PAPER);
  valise_window_act (fixture, "win.next-paper");
  valise_wait_ms (350);
  VALISE_WAIT_UNTIL (g_strcmp0 (valise_reader_get_symbol (fixture->reader), "A/AC.292/2026/WP.18")
                     == 0);
  g_assert_cmpstr (valise_reader_get_symbol (fixture->reader), ==, "A/AC.292/2026/WP.18");
  valise_window_act (fixture, "win.previous-paper");
  valise_wait_ms (350);
  VALISE_WAIT_UNTIL (g_strcmp0 (valise_reader_get_symbol (fixture->reader), PAPER) == 0);
  g_assert_cmpstr (valise_reader_get_symbol (fixture->reader), ==, PAPER);
  valise_window_picture (fixture, "papers");
}

static void
filters_narrow_the_list_and_clear (WindowFixture *fixture, gconstpointer data)
{
  ValisePapers  *papers = valise_window_get_papers (fixture->window);
  ValiseFilters *filters = valise_papers_get_filters (papers);
  guint          n_all = 0;

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.place", "s", "papers");
  valise_wait_ms (60);
  n_all = g_list_model_get_n_items (valise_papers_get_model (papers));

  valise_filters_choose (filters, "author", "Kestria", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (valise_papers_get_model (papers)), ==, 1);
  valise_filters_set_unread (filters, TRUE);
  g_assert_true (valise_filters_get (filters)->unread);
  valise_filters_choose (filters, "author", "Nobody", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (valise_papers_get_model (papers)), ==, 0);
  g_assert_nonnull (valise_window_find_label (GTK_WIDGET (papers), "No paper here"));
  valise_filters_clear (filters);
  g_assert_false (valise_filters_is_set (filters));
  g_assert_cmpuint (g_list_model_get_n_items (valise_papers_get_model (papers)), ==, n_all);
}

static void
another_meeting_takes_back_the_item (WindowFixture *fixture, gconstpointer data)
{
  ValiseFilters *filters = valise_papers_get_filters (valise_window_get_papers (fixture->window));

  valise_filters_choose (filters, "meeting", "meeting:plenary", "First substantive plenary");
  valise_filters_choose (filters, "item", "5", NULL);
  g_assert_cmpstr (valise_filters_get (filters)->item, ==, "5");
  valise_filters_choose (filters, "meeting", "meeting:thematic", NULL);
  g_assert_null (valise_filters_get (filters)->item);
}

static void
typing_in_the_list_searches_it (WindowFixture *fixture, gconstpointer data)
{
  ValisePapers           *papers = valise_window_get_papers (fixture->window);
  g_autoptr (ValiseFound) found = NULL;

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.place", "s", "papers");
  valise_window_act (fixture, "win.find");
  gtk_editable_set_text (valise_papers_get_entry (papers), "exercice");
  valise_wait_ms (250);
  found = g_list_model_get_item (valise_papers_get_model (papers), 0);
  g_assert_true (VALISE_IS_FOUND (found));
  g_assert_cmpstr (valise_found_get_line (found, 0)->language, ==, "fr");
  gtk_editable_set_text (valise_papers_get_entry (papers), "xyzzy");
  valise_wait_ms (250);
  VALISE_WAIT_UNTIL (valise_window_find_label (GTK_WIDGET (papers), "Nothing found") != NULL);
  g_assert_nonnull (valise_window_find_label (GTK_WIDGET (papers), "Nothing found"));
}

/* --- search everything ------------------------------------------------------------------------ */

static void
search_finds_in_every_language_and_opens_at_the_paragraph (WindowFixture *fixture,
                                                           gconstpointer  data)
{
  ValiseSearchPage *search = valise_window_get_search (fixture->window);
  GtkEditable      *entry = valise_search_page_get_entry (search);
  const ValiseLine *line = NULL;
  ValisePageView   *page = valise_reader_get_page (fixture->reader);

  valise_window_act (fixture, "win.search");
  gtk_editable_set_text (entry, "mot");
  valise_wait_ms (200);
  gtk_editable_set_text (entry, "participants");
  valise_wait_ms (250);
  VALISE_WAIT_UNTIL (g_list_model_get_n_items (valise_search_page_get_model (search)) == 7);
  g_assert_cmpuint (g_list_model_get_n_items (valise_search_page_get_model (search)), ==, 7);
  g_assert_cmpstr (valise_search_page_get_count (search), ==, "7 found · nothing was sent");
  valise_window_picture (fixture, "search");

  g_signal_emit_by_name (entry, "activate");
  valise_wait_ms (150);
  VALISE_WAIT_UNTIL (g_strcmp0 (valise_window_get_place (fixture->window), "papers") == 0);
  g_assert_cmpstr (valise_window_get_place (fixture->window), ==, "papers");
  g_assert_nonnull (valise_reader_get_text (fixture->reader));
  line = valise_text_get_line (
      valise_reader_get_text (fixture->reader),
      (guint) valise_page_view_get_line (page, valise_page_view_get_chosen (page), FALSE));
  g_assert_cmpstr (line->key, ==, "o4");
}

static void
finding_nothing_offers_fewer_words (WindowFixture *fixture, gconstpointer data)
{
  ValiseSearchPage *search = valise_window_get_search (fixture->window);

  valise_window_act (fixture, "win.search");
  gtk_editable_set_text (valise_search_page_get_entry (search), "participants xyzzy");
  valise_wait_ms (250);
  VALISE_WAIT_UNTIL (
      valise_window_find_label (GTK_WIDGET (search), "No paper here has “participants xyzzy”.")
      != NULL);
  g_assert_nonnull (
      valise_window_find_label (GTK_WIDGET (search), "No paper here has “participants xyzzy”."));
  g_assert_nonnull (valise_window_find_label (GTK_WIDGET (search), "Search “participants”"));
}

static void
a_search_in_what_is_not_read_whole_says_so_and_asks_again (WindowFixture *fixture,
                                                           gconstpointer  data)
{
  ValiseSearchPage *search = valise_window_get_search (fixture->window);
  ValiseLibrary    *library = valise_context_get_library (fixture->context);
  GListModel       *found = valise_search_page_get_model (search);

  valise_fake_library_set_behind (library, TRUE);
  valise_window_act (fixture, "win.search");
  gtk_editable_set_text (valise_search_page_get_entry (search), "participants");
  VALISE_WAIT_UNTIL (valise_window_find_label (GTK_WIDGET (search), "None so far has") != NULL);
  valise_fake_library_set_behind (library, FALSE);
  VALISE_WAIT_UNTIL (g_list_model_get_n_items (found) > 0);

  gtk_editable_set_text (valise_search_page_get_entry (search), "");
  VALISE_WAIT_UNTIL (g_list_model_get_n_items (found) == 0);
  valise_fake_library_set_behind (library, FALSE); /* nothing is asked, so nothing answers */
  valise_wait_ms (100);
  g_assert_cmpuint (g_list_model_get_n_items (found), ==, 0);
}

/* --- sync ------------------------------------------------------------------------------------- */

static void
the_status_row_says_what_is_known_and_since_when (WindowFixture *fixture, gconstpointer data)
{
  ValiseStatusRow *status = valise_places_get_status (valise_window_get_places (fixture->window));
  gint64           now = valise_clock_parse (VALISE_FAKE_NOW);

  g_assert_cmpstr (valise_status_row_get_title (status), ==, "Reached at 14:05");
  valise_fake_scheduler_set (fixture->scheduler, VALISE_SYNC_WAITING, VALISE_PROBLEM_UNREACHABLE,
                             now);
  valise_wait_ms (150);
  VALISE_WAIT_UNTIL (g_strcmp0 (valise_status_row_get_title (status), "Offline since 14:05") == 0);
  g_assert_cmpstr (valise_status_row_get_title (status), ==, "Offline since 14:05");
  valise_fake_scheduler_progress (fixture->scheduler, 120, 330, 410000);
  valise_wait_ms (150);
  VALISE_WAIT_UNTIL (
      g_strcmp0 (valise_status_row_get_detail (status), "120 of 330 documents · 410 kB") == 0);
  g_assert_cmpstr (valise_status_row_get_detail (status), ==, "120 of 330 documents · 410 kB");
}

static void
each_problem_has_a_sentence_with_a_remedy (WindowFixture *fixture, gconstpointer data)
{
  ValiseSyncPanel *panel =
      valise_places_get_sync_panel (valise_window_get_places (fixture->window));
  const char *const refused[] = { "paper:A/1: the seal does not match", NULL };

  valise_window_act (fixture, "win.sync-panel");
  for (int problem = VALISE_PROBLEM_NO_NETWORK; problem <= VALISE_PROBLEM_REFUSED; problem++)
    {
      valise_fake_scheduler_set (fixture->scheduler, VALISE_SYNC_WAITING,
                                 (ValiseSyncProblem) problem, 1);
      valise_wait_ms (130);
      VALISE_WAIT_UNTIL (valise_sync_panel_get_problem (panel) != NULL);
      g_assert_nonnull (valise_sync_panel_get_problem (panel));
      g_assert_cmpuint (strlen (valise_sync_panel_get_problem (panel)), >, 40);
    }
  valise_fake_scheduler_refuse (fixture->scheduler, refused);
  valise_wait_ms (130);
  VALISE_WAIT_UNTIL (valise_window_find_label (GTK_WIDGET (panel), "A/1") != NULL);
  g_assert_nonnull (valise_window_find_label (GTK_WIDGET (panel), "A/1"));
  g_assert_null (valise_window_find_label (GTK_WIDGET (panel), "the seal does not match"));
  valise_fake_scheduler_set (fixture->scheduler, VALISE_SYNC_CURRENT, VALISE_PROBLEM_NONE, 1);
  valise_wait_ms (130);
  VALISE_WAIT_UNTIL (valise_sync_panel_get_problem (panel) == NULL);
  g_assert_null (valise_sync_panel_get_problem (panel));
}

static void
sync_now_asks_the_scheduler (WindowFixture *fixture, gconstpointer data)
{
  valise_window_act (fixture, "win.sync-now");
  g_assert_cmpuint (valise_fake_scheduler_get_n_syncs (fixture->scheduler), ==, 1);
}

static void
fifty_thousand_papers_are_a_list_like_any_other (WindowFixture *fixture, gconstpointer data)
{
  ValisePapers *papers = valise_window_get_papers (fixture->window);
  gint64        start = 0;

  valise_fake_set_extra (50000);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.place", "s", "papers");
  start = g_get_monotonic_time ();
  valise_filters_clear (valise_papers_get_filters (papers));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_test_message ("relisted in %.1f ms", (double) (g_get_monotonic_time () - start) / 1000);
  g_assert_cmpuint (g_list_model_get_n_items (valise_papers_get_model (papers)), >, 50000);
  valise_window_act (fixture, "win.next-paper");
  valise_wait_ms (300);
  VALISE_WAIT_UNTIL (g_strcmp0 (valise_reader_get_symbol (fixture->reader), PAPER) == 0);
  g_assert_cmpstr (valise_reader_get_symbol (fixture->reader), ==, PAPER);
  valise_fake_set_extra (0);
}

#define ADD(test)                                                                                  \
  g_test_add ("/window/" #test, WindowFixture, NULL, valise_window_fixture_set_up, test,           \
              valise_window_fixture_tear_down)

int
main (int argc, char *argv[])
{
  valise_window_test_init (&argc, &argv);

  ADD (places_open_by_their_actions_and_back_returns);
  ADD (a_place_that_does_not_exist_changes_nothing);
  ADD (today_shows_the_days_agenda_by_both_clocks);
  ADD (a_meeting_shows_its_agenda_and_opens_its_papers);
  ADD (stepping_through_the_list_opens_papers_over_headings);
  ADD (filters_narrow_the_list_and_clear);
  ADD (another_meeting_takes_back_the_item);
  ADD (typing_in_the_list_searches_it);
  ADD (search_finds_in_every_language_and_opens_at_the_paragraph);
  ADD (finding_nothing_offers_fewer_words);
  ADD (a_search_in_what_is_not_read_whole_says_so_and_asks_again);
  ADD (the_status_row_says_what_is_known_and_since_when);
  ADD (each_problem_has_a_sentence_with_a_remedy);
  ADD (sync_now_asks_the_scheduler);
  ADD (fifty_thousand_papers_are_a_list_like_any_other);

  return g_test_run ();
}
