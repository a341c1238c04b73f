/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "valise-clock.h"
#include "valise-found.h"
#include "valise-shortcuts.h"
#include "valise-window-fixture.h"

#define PAPER "A/AC.292/2026/WP.17"

/* --- keys ------------------------------------------------------------------------------- */

static gboolean
resolves (WindowFixture *fixture, const char *detailed)
{
  g_autofree char     *name = NULL;
  g_autoptr (GVariant) target = NULL;
  const GVariantType  *type = NULL;
  GtkWidgetClass      *klass = GTK_WIDGET_GET_CLASS (fixture->window);
  const char          *class_name = NULL;
  GType                owner = 0;
  const char          *property = NULL;

  g_assert_true (g_action_parse_detailed_name (detailed, &name, &target, NULL));
  if (g_str_has_prefix (name, "app."))
    return g_action_group_has_action (G_ACTION_GROUP (fixture->application),
                                      name + strlen ("app."));

  for (guint i = 0; gtk_widget_class_query_action (klass, i, &owner, &class_name, &type, &property);
       i++)
    if (strcmp (class_name, name) == 0)
      return (type != NULL) == (target != NULL);
  return FALSE;
}

static void
every_shortcut_resolves_to_an_action (WindowFixture *fixture, gconstpointer data)
{
  guint                 n_entries = 0;
  const ValiseShortcut *entries = valise_shortcuts_get (&n_entries);

  for (guint i = 0; i < n_entries; i++)
    {
      g_auto (GStrv) keys = g_strsplit (entries[i].keys, " ", -1);

      for (guint j = 0; keys[j] != NULL; j++)
        {
          guint           key = 0;
          GdkModifierType state = 0;

          g_assert_true (gtk_accelerator_parse (keys[j], &key, &state));
          g_assert_cmpuint (key, !=, 0);
        }
      if (entries[i].action != NULL)
        {
          g_auto (GStrv) accels = gtk_application_get_accels_for_action (
              GTK_APPLICATION (fixture->application), entries[i].action);

          g_test_message ("%s", entries[i].action);
          g_assert_true (resolves (fixture, entries[i].action));
          g_assert_cmpuint (g_strv_length (accels), ==, g_strv_length (keys));
        }
    }
}

static void
no_key_is_given_twice (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint                  n_entries = 0;
  const ValiseShortcut  *entries = valise_shortcuts_get (&n_entries);

  for (guint i = 0; i < n_entries; i++)
    {
      g_auto (GStrv) keys = g_strsplit (entries[i].keys, " ", -1);

      for (guint j = 0; keys[j] != NULL; j++)
        g_assert_true (g_hash_table_add (seen, g_strdup (keys[j])));
    }
}

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
the_overlay_names_every_key (WindowFixture *fixture, gconstpointer data)
{
  GtkWindow            *overlay = valise_shortcuts_make_overlay ();
  guint                 n_entries = 0;
  const ValiseShortcut *entries = valise_shortcuts_get (&n_entries);

  gtk_window_set_transient_for (overlay, GTK_WINDOW (fixture->window));
  gtk_window_set_default_size (overlay, 360, 640);
  gtk_window_present (overlay);
  valise_wait_ms (60);
  for (guint i = 0; i < n_entries; i++)
    g_assert_nonnull (valise_window_find_label (GTK_WIDGET (overlay), entries[i].title));
  valise_window_picture_of (GTK_WIDGET (overlay), "shortcuts");
  gtk_window_destroy (overlay);
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

/* --- reach --------------------------------------------------------------------------------------
 */

static gboolean
is_named (GtkWidget *widget)
{
  char *mismatch = gtk_test_accessible_check_property (
      GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, "a name nothing has");
  /* An unset label reads back as the empty string between quotes or as nothing at all. */
  gboolean named = mismatch != NULL && strlen (mismatch) > 2;

  g_free (mismatch);
  return named;
}

static void
check_names (GtkWidget *widget, guint *n_checked)
{
  if (GTK_IS_BUTTON (widget) && gtk_button_get_icon_name (GTK_BUTTON (widget)) != NULL
      && gtk_widget_get_ancestor (widget, GTK_TYPE_WINDOW_CONTROLS) == NULL
      && gtk_widget_get_ancestor (widget, GTK_TYPE_MENU_BUTTON) == NULL
      && gtk_widget_get_ancestor (widget, GTK_TYPE_POPOVER) == NULL)
    {
      g_test_message ("%s", gtk_button_get_icon_name (GTK_BUTTON (widget)));
      g_assert_true (is_named (widget));
      ++*n_checked;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    check_names (child, n_checked);
}

static void
every_button_that_is_only_an_icon_has_a_name (WindowFixture *fixture, gconstpointer data)
{
  guint n_checked = 0;

  valise_window_read (fixture, PAPER);
  check_names (GTK_WIDGET (fixture->window), &n_checked);
  g_assert_cmpuint (n_checked, >=, 10);
}

static void
f6_goes_through_the_panes (WindowFixture *fixture, gconstpointer data)
{
  GtkWidget *panes[] = { GTK_WIDGET (valise_window_get_places (fixture->window)),
                         GTK_WIDGET (valise_window_get_papers (fixture->window)),
                         GTK_WIDGET (fixture->reader) };

  valise_window_read (fixture, PAPER);
  gtk_widget_child_focus (panes[0], GTK_DIR_TAB_FORWARD);
  for (guint i = 1; i <= 3; i++)
    {
      GtkWidget *focus = NULL;

      valise_window_act (fixture, "win.next-pane");
      focus = gtk_root_get_focus (GTK_ROOT (fixture->window));
      g_assert_nonnull (focus);
      g_assert_true (gtk_widget_is_ancestor (focus, panes[i % 3]));
    }
}

static void
a_narrow_window_shows_one_pane_at_a_time (WindowFixture *fixture, gconstpointer data)
{
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 720);
  valise_wait_ms (500);
  VALISE_WAIT_UNTIL (gtk_widget_get_width (GTK_WIDGET (fixture->window)) <= 372);
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (fixture->window)), <=, 372);
  valise_window_picture (fixture, "narrow-today");
  valise_window_read (fixture, PAPER);
  valise_wait_ms (400);
  VALISE_WAIT_UNTIL (gtk_widget_get_mapped (GTK_WIDGET (fixture->reader)));
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (fixture->reader)));
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (valise_window_get_papers (fixture->window))));
  valise_window_picture (fixture, "narrow-paper");
  valise_window_act (fixture, "win.back");
  valise_wait_ms (400);
  VALISE_WAIT_UNTIL (g_strcmp0 (valise_window_get_place (fixture->window), "today") == 0);
  g_assert_cmpstr (valise_window_get_place (fixture->window), ==, "today");
  valise_window_act (fixture, "win.sync-panel");
  g_assert_cmpstr (valise_window_get_place (fixture->window), ==, "sync");
}

static void
make_narrow (WindowFixture *fixture)
{
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 720);
  VALISE_WAIT_UNTIL (gtk_widget_get_width (GTK_WIDGET (fixture->window)) <= 372);
}

/* Side by side the list is hidden, and a window grown narrow meanwhile has not measured it. */
static void
papers_opens_at_its_list_in_a_window_grown_narrow_on_two_languages (WindowFixture *fixture,
                                                                    gconstpointer  data)
{
  GtkWidget *papers = GTK_WIDGET (valise_window_get_papers (fixture->window));

  valise_window_read (fixture, PAPER);
  valise_window_act (fixture, "win.side-by-side");
  VALISE_WAIT_UNTIL (!gtk_widget_get_mapped (papers));
  valise_window_go (fixture->window, "today");
  make_narrow (fixture);
  valise_window_go (fixture->window, "papers");
  VALISE_WAIT_UNTIL (gtk_widget_get_mapped (papers)
                     && !gtk_widget_get_mapped (GTK_WIDGET (fixture->reader)));

  valise_window_read (fixture, "A/AC.292/2026/INF.1");
  VALISE_WAIT_UNTIL (!gtk_widget_get_mapped (papers));
  valise_window_act (fixture, "win.back");
  VALISE_WAIT_UNTIL (gtk_widget_get_mapped (GTK_WIDGET (fixture->reader)));
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.place", "s", "papers");
  VALISE_WAIT_UNTIL (gtk_widget_get_mapped (papers)
                     && !gtk_widget_get_mapped (GTK_WIDGET (fixture->reader)));
}

static void
back_leaves_a_list_that_was_put_away_alone (WindowFixture *fixture, gconstpointer data)
{
  GtkWidget *papers = GTK_WIDGET (valise_window_get_papers (fixture->window));

  valise_window_read (fixture, PAPER);
  valise_window_act (fixture, "win.show-list");
  VALISE_WAIT_UNTIL (!gtk_widget_get_mapped (papers));
  valise_window_act (fixture, "win.back");
  g_assert_cmpstr (valise_window_get_place (fixture->window), ==, "today");
  g_assert_null (valise_reader_get_other (fixture->reader));
}

static void
the_window_mirrors_from_right_to_left (WindowFixture *fixture, gconstpointer data)
{
  graphene_rect_t places;
  graphene_rect_t page;

  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  fixture->window = valise_application_get_window (fixture->application);
  fixture->reader = valise_window_get_reader (fixture->window);
  g_clear_object (&fixture->context);
  {
    g_autoptr (ValiseAccount) account = valise_fake_account_new (FALSE);

    fixture->context = valise_context_new (account, NULL);
  }
  valise_window_set_context (fixture->window, fixture->context);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1280, 800);
  gtk_window_present (GTK_WINDOW (fixture->window));
  valise_wait_ms (200);
  valise_window_read (fixture, PAPER);
  valise_wait_ms (200);

  VALISE_WAIT_UNTIL (
      gtk_widget_compute_bounds (GTK_WIDGET (valise_window_get_places (fixture->window)),
                                 GTK_WIDGET (fixture->window), &places));

  g_assert_true (gtk_widget_compute_bounds (GTK_WIDGET (valise_window_get_places (fixture->window)),
                                            GTK_WIDGET (fixture->window), &places));
  g_assert_true (gtk_widget_compute_bounds (GTK_WIDGET (fixture->reader),
                                            GTK_WIDGET (fixture->window), &page));
  g_assert_cmpfloat (places.origin.x, >, page.origin.x);
  valise_window_picture (fixture, "right-to-left");
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
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

  ADD (every_shortcut_resolves_to_an_action);
  ADD (no_key_is_given_twice);
  ADD (the_overlay_names_every_key);
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
  ADD (every_button_that_is_only_an_icon_has_a_name);
  ADD (f6_goes_through_the_panes);
  ADD (a_narrow_window_shows_one_pane_at_a_time);
  ADD (papers_opens_at_its_list_in_a_window_grown_narrow_on_two_languages);
  ADD (back_leaves_a_list_that_was_put_away_alone);
  ADD (the_window_mirrors_from_right_to_left);
  ADD (fifty_thousand_papers_are_a_list_like_any_other);

  return g_test_run ();
}
