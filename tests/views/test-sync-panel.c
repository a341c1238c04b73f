/* test-sync-panel.c - what moves, what waits and why; the user's policy; preparing for travel
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "valise-pictures.h"
#include "valise-travel-dialog.h"
#include "valise-wait-words.h"
#include "valise-window-fixture.h"

static ValiseSyncPanel *
open_panel (WindowFixture *fixture)
{
  valise_window_act (fixture, "win.sync-panel");
  valise_wait_ms (150);
  return valise_places_get_sync_panel (valise_window_get_places (fixture->window));
}

static void
set_policy (WindowFixture *fixture, const char *key, const char *value)
{
  ValiseUserPolicy   policy;
  g_autoptr (GError) error = NULL;

  valise_scheduler_get_policy (fixture->scheduler, &policy);
  valise_user_policy_set (&policy, key, value, &error);
  g_assert_no_error (error);
  valise_scheduler_set_policy (fixture->scheduler, &policy);
  g_assert_no_error (error);
}

/* Saves @widget, a window or a popover's child, as NAME.png in $VALISE_PICTURES. */
static void
take_picture (GtkWidget *widget, const char *name)
{
  const char        *folder = g_getenv ("VALISE_PICTURES");
  g_autofree char   *file = g_strconcat (name, ".png", NULL);
  g_autofree char   *path = folder != NULL ? g_build_filename (folder, file, NULL) : NULL;
  g_autoptr (GError) error = NULL;

  if (path == NULL)
    return;
  g_mkdir_with_parents (folder, 0777);
  valise_wait_ms (250);
  valise_pictures_save (GTK_WIDGET (gtk_widget_get_native (widget)), path, &error);
  g_assert_no_error (error);
}

static GtkWindow *
find_window (GType type)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (window, type))
        return window;
    }
  return NULL;
}

/* --- the panel ------------------------------------------------------------------------------- */

static void
each_way_says_what_waits (WindowFixture *fixture, gconstpointer data)
{
  ValiseSyncPanel *panel = NULL;
  ValiseQueueList *to_send = NULL, *to_fetch = NULL;

  valise_fake_scheduler_set_queue (fixture->scheduler, 1);
  panel = open_panel (fixture);
  to_send = valise_sync_panel_get_queue (panel, TRUE);
  to_fetch = valise_sync_panel_get_queue (panel, FALSE);
  VALISE_WAIT_UNTIL (valise_queue_list_get_n_items (to_send) == 2);
  g_assert_cmpuint (valise_queue_list_get_n_items (to_fetch), ==, 3);
  g_assert_nonnull (strstr (valise_queue_list_get_subtitle (to_send, 0), "first in line"));
  g_assert_nonnull (strstr (valise_queue_list_get_subtitle (to_fetch, 1), "176 kB of 288 kB here"));
  take_picture (GTK_WIDGET (panel), "sync-panel");
}

static void
nothing_waits_is_said (WindowFixture *fixture, gconstpointer data)
{
  ValiseSyncPanel *panel = open_panel (fixture);

  valise_wait_ms (150);
  g_assert_cmpuint (valise_queue_list_get_n_items (valise_sync_panel_get_queue (panel, TRUE)), ==,
                    0);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (valise_sync_panel_get_queue (panel, FALSE))));
  take_picture (GTK_WIDGET (panel), "sync-panel-empty");
}

static void
what_is_held_says_so_and_goes_on (WindowFixture *fixture, gconstpointer data)
{
  ValiseQueueList *to_fetch = NULL;

  valise_fake_scheduler_set_queue (fixture->scheduler, 1);
  to_fetch = valise_sync_panel_get_queue (open_panel (fixture), FALSE);
  VALISE_WAIT_UNTIL (valise_queue_list_get_n_items (to_fetch) == 3);
  valise_queue_list_press (to_fetch, 1);
  VALISE_WAIT_UNTIL (strstr (valise_queue_list_get_subtitle (to_fetch, 1), "held") != NULL);
  valise_queue_list_press (to_fetch, 1);
  VALISE_WAIT_UNTIL (strstr (valise_queue_list_get_subtitle (to_fetch, 1), "held") == NULL);
}

static void
files_say_why_they_wait_where_bytes_are_paid_for (WindowFixture *fixture, gconstpointer data)
{
  ValiseQueueList *to_fetch = NULL;

  valise_fake_scheduler_set_queue (fixture->scheduler, 1);
  valise_fake_scheduler_set_metered (fixture->scheduler, TRUE);
  to_fetch = valise_sync_panel_get_queue (open_panel (fixture), FALSE);
  VALISE_WAIT_UNTIL (valise_queue_list_get_n_items (to_fetch) == 3);
  g_assert_nonnull (strstr (valise_queue_list_get_subtitle (to_fetch, 1), "not metered"));
  g_assert_null (strstr (valise_queue_list_get_subtitle (to_fetch, 0), "not metered"));
}

static void
a_spent_limit_is_a_sentence_with_a_way_on (WindowFixture *fixture, gconstpointer data)
{
  ValiseSyncPanel *panel = NULL;

  valise_fake_scheduler_set_queue (fixture->scheduler, 1);
  set_policy (fixture, "budget", "200kB");
  set_policy (fixture, "after-budget", "stop");
  panel = open_panel (fixture);
  VALISE_WAIT_UNTIL (valise_sync_panel_get_problem (panel) != NULL);
  g_assert_nonnull (strstr (valise_sync_panel_get_problem (panel), "200 kB"));
  g_assert_false (valise_fake_scheduler_went_beyond (fixture->scheduler));
  take_picture (GTK_WIDGET (panel), "sync-panel-budget");
}

static void
hours_are_said_in_words (WindowFixture *fixture, gconstpointer data)
{
  g_autofree char *sentence = NULL;

  set_policy (fixture, "hours", "22:00-06:00");
  sentence = valise_wait_sentence (fixture->scheduler);
  g_assert_nonnull (strstr (sentence, "between 22:00 and 06:00"));
}

static void
the_panel_is_a_page_when_narrow (WindowFixture *fixture, gconstpointer data)
{
  valise_fake_scheduler_set_queue (fixture->scheduler, 1);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 720);
  valise_wait_ms (400);
  valise_window_act (fixture, "win.sync-panel");
  valise_wait_ms (300);
  g_assert_cmpstr (valise_window_get_place (fixture->window), ==, "sync");
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (fixture->window)), <=, 360);
  valise_window_picture (fixture, "sync-panel-narrow");
}

/* --- preferences ------------------------------------------------------------------------------ */

static void
close_other_windows (WindowFixture *fixture)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *link = windows; link != NULL; link = link->next)
    if (link->data != (gpointer) fixture->window)
      gtk_window_destroy (link->data);
}

static void
what_a_row_opens_is_not_covered (WindowFixture *fixture, gconstpointer data)
{
  static const char *const actions[] = { "open-bundle", "connection", "write-bundle", "colleagues",
                                         "travel" };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      GtkWidget *panel = GTK_WIDGET (open_panel (fixture));
      GtkWidget *popover = gtk_widget_get_ancestor (panel, GTK_TYPE_POPOVER);

      g_assert_true (gtk_widget_get_mapped (popover));
      g_test_message ("%s", actions[i]);
      g_action_group_activate_action (G_ACTION_GROUP (fixture->application), actions[i], NULL);
      VALISE_WAIT_UNTIL (!gtk_widget_get_mapped (popover));
      g_assert_false (gtk_widget_get_mapped (popover));
      valise_wait_ms (150);
      close_other_windows (fixture);
    }
}

static void
the_policy_is_a_page_of_the_preferences (WindowFixture *fixture, gconstpointer data)
{
  GtkWindow *preferences = NULL;

  set_policy (fixture, "hours", "22:00-06:00");
  set_policy (fixture, "budget", "1MB");
  g_action_group_activate_action (G_ACTION_GROUP (fixture->application), "connection", NULL);
  valise_wait_ms (100);
  preferences = find_window (ADW_TYPE_PREFERENCES_WINDOW);
  g_assert_nonnull (preferences);
  g_assert_cmpstr (
      adw_preferences_window_get_visible_page_name (ADW_PREFERENCES_WINDOW (preferences)), ==,
      "connection");
  take_picture (GTK_WIDGET (preferences), "connection");
  gtk_window_destroy (preferences);
}

static GtkWidget *
find_row (GtkWidget *widget, GType type, const char *title)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type)
      && strcmp (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, type, title);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
the_language_of_papers_is_named_whole_on_a_narrow_screen (WindowFixture *fixture,
                                                          gconstpointer  data)
{
  const char *words = "The interface’s language";
  GtkWidget  *preferences = NULL;
  GtkWidget  *label = NULL;

  g_action_group_activate_action (G_ACTION_GROUP (fixture->application), "preferences", NULL);
  valise_wait_ms (100);
  preferences = GTK_WIDGET (find_window (ADW_TYPE_PREFERENCES_WINDOW));
  gtk_window_set_default_size (GTK_WINDOW (preferences), 360, 720);
  VALISE_WAIT_UNTIL (gtk_widget_get_width (preferences) <= 372);
  VALISE_WAIT_UNTIL (valise_window_find_label (preferences, words) != NULL);
  valise_wait_ms (100);
  take_picture (preferences, "preferences-narrow");
  label = valise_window_find_label (preferences, words);
  g_assert_true (gtk_widget_get_mapped (label));
  g_assert_false (pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (label))));
  gtk_window_destroy (GTK_WINDOW (preferences));
}

static void
a_change_that_could_not_be_kept_is_said_where_it_was_made (WindowFixture *fixture,
                                                           gconstpointer  data)
{
  const char *sentence = "What you asked for could not be kept";
  GtkWidget  *preferences = NULL;
  GtkWidget  *label = NULL;

  valise_fake_scheduler_set (fixture->scheduler, VALISE_SYNC_CURRENT, VALISE_PROBLEM_DISK, 0);
  g_action_group_activate_action (G_ACTION_GROUP (fixture->application), "connection", NULL);
  valise_wait_ms (100);
  preferences = GTK_WIDGET (find_window (ADW_TYPE_PREFERENCES_WINDOW));
  label = valise_window_find_label (preferences, sentence);
  g_assert_true (label == NULL || !gtk_widget_get_mapped (label)); /* nothing was changed here */

  valise_fake_scheduler_set (fixture->scheduler, VALISE_SYNC_CURRENT, VALISE_PROBLEM_NONE, 0);
  adw_combo_row_set_selected (ADW_COMBO_ROW (find_row (preferences, ADW_TYPE_COMBO_ROW, "Limit")),
                              3);
  valise_fake_scheduler_set (fixture->scheduler, VALISE_SYNC_CURRENT, VALISE_PROBLEM_DISK, 0);
  VALISE_WAIT_UNTIL (valise_window_find_label (preferences, sentence) != NULL
                     && gtk_widget_get_mapped (valise_window_find_label (preferences, sentence)));
  take_picture (preferences, "connection-problem");
  valise_fake_scheduler_set (fixture->scheduler, VALISE_SYNC_CURRENT, VALISE_PROBLEM_NONE, 0);
  valise_wait_ms (100);
  label = valise_window_find_label (preferences, sentence);
  g_assert_true (label == NULL || !gtk_widget_get_mapped (label));
  gtk_window_destroy (GTK_WINDOW (preferences));
}

static void
hours_to_the_minute_stay_until_hours_are_changed (WindowFixture *fixture, gconstpointer data)
{
  ValiseUserPolicy policy;
  GtkWidget       *preferences = NULL;

  set_policy (fixture, "hours", "22:30-06:15");
  g_action_group_activate_action (G_ACTION_GROUP (fixture->application), "connection", NULL);
  valise_wait_ms (100);
  preferences = GTK_WIDGET (find_window (ADW_TYPE_PREFERENCES_WINDOW));
  adw_combo_row_set_selected (ADW_COMBO_ROW (find_row (preferences, ADW_TYPE_COMBO_ROW, "Limit")),
                              3);
  valise_scheduler_get_policy (fixture->scheduler, &policy);
  g_assert_cmpuint (policy.budget, ==, 1000000);
  g_assert_cmpuint (policy.hours_from, ==, 22 * 60 + 30);
  g_assert_cmpuint (policy.hours_to, ==, 6 * 60 + 15);
  adw_combo_row_set_selected (ADW_COMBO_ROW (find_row (preferences, ADW_TYPE_COMBO_ROW, "From")),
                              21);
  valise_scheduler_get_policy (fixture->scheduler, &policy);
  g_assert_cmpuint (policy.hours_from, ==, 21 * 60);
  gtk_window_destroy (GTK_WINDOW (preferences));
}

/* --- travel ----------------------------------------------------------------------------------- */

/* What it gathers comes when the record is closed already. */
static void
a_journey_left_open_ends_with_its_record (WindowFixture *fixture, gconstpointer data)
{
  GtkWindow *dialog = NULL;

  g_action_group_activate_action (G_ACTION_GROUP (fixture->application), "travel", NULL);
  dialog = find_window (VALISE_TYPE_TRAVEL_DIALOG);
  g_assert_nonnull (dialog);
  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *) &dialog);
  valise_window_set_context (fixture->window, NULL);
  VALISE_WAIT_UNTIL (dialog == NULL);
}

/* The same where something else holds the dialog: it asks a closed record for nothing. */
static void
a_journey_that_is_held_leaves_a_closed_record_alone (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseAccount)      account = valise_fake_account_new (FALSE);
  g_autoptr (GError)             error = NULL;
  g_autoptr (ValiseContext)      context = valise_context_new (account, &error);
  g_autoptr (ValiseTravelDialog) dialog = NULL;

  g_assert_no_error (error);
  dialog = g_object_ref (VALISE_TRAVEL_DIALOG (
      valise_travel_dialog_new (GTK_WINDOW (fixture->window), context, NULL)));
  valise_context_close (context);
  valise_wait_ms (60);
  valise_travel_dialog_choose (dialog, 1, FALSE);
  g_assert_cmpstr (valise_travel_dialog_get_size (dialog), ==, "");
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static ValiseTravelDialog *
open_travel (WindowFixture *fixture)
{
  GtkWindow *dialog = NULL;

  g_action_group_activate_action (G_ACTION_GROUP (fixture->application), "travel", NULL);
  VALISE_WAIT_UNTIL ((dialog = find_window (VALISE_TYPE_TRAVEL_DIALOG)) != NULL);
  VALISE_WAIT_UNTIL (*valise_travel_dialog_get_size (VALISE_TRAVEL_DIALOG (dialog)) != '\0');
  return VALISE_TRAVEL_DIALOG (dialog);
}

static void
each_switch_adds_its_bytes (WindowFixture *fixture, gconstpointer data)
{
  ValiseTravelDialog *dialog = open_travel (fixture);
  g_autofree char    *usual = g_strdup (valise_travel_dialog_get_size (dialog));

  take_picture (GTK_WIDGET (dialog), "travel");
  valise_travel_dialog_choose (dialog, 2, TRUE);
  g_assert_cmpstr (valise_travel_dialog_get_size (dialog), !=, usual);
  valise_travel_dialog_choose (dialog, 2, FALSE);
  g_assert_cmpstr (valise_travel_dialog_get_size (dialog), ==, usual);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
preparing_plans_what_was_chosen (WindowFixture *fixture, gconstpointer data)
{
  ValiseTravelDialog *dialog = open_travel (fixture);
  ValisePlan         *plan = NULL;
  guint               n_files = 0;

  valise_travel_dialog_choose (dialog, 1, FALSE);
  valise_travel_dialog_prepare (dialog);
  valise_wait_ms (100);
  g_assert_null (find_window (VALISE_TYPE_TRAVEL_DIALOG));
  plan = valise_fake_scheduler_get_plan (fixture->scheduler, &n_files);
  g_assert_nonnull (plan);
  g_assert_cmpuint (plan->ids->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (plan->ids, 0), ==, "text:A/AC.292/2026/WP.17:fr");
  g_assert_cmpuint (n_files, ==, 0);
}

static AdwComboRow *
find_combo (GtkWidget *widget)
{
  if (ADW_IS_COMBO_ROW (widget))
    return ADW_COMBO_ROW (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      AdwComboRow *found = find_combo (child);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* The combo stands on the meeting that runs; the first of the list is another one. */
static void
another_meeting_is_never_fetched_by_the_old_ones_plan (WindowFixture *fixture, gconstpointer data)
{
  ValiseTravelDialog *dialog = open_travel (fixture);
  AdwComboRow        *meeting = find_combo (GTK_WIDGET (dialog));
  ValisePlan         *plan = NULL;
  guint               n_files = 0;

  g_assert_cmpuint (adw_combo_row_get_selected (meeting), ==, 1);
  adw_combo_row_set_selected (meeting, 0);
  valise_travel_dialog_choose (dialog, 2, TRUE);
  valise_travel_dialog_prepare (dialog);
  g_assert_null (valise_fake_scheduler_get_plan (fixture->scheduler, &n_files));
  valise_wait_ms (100);
  valise_travel_dialog_prepare (dialog);
  valise_wait_ms (100);
  plan = valise_fake_scheduler_get_plan (fixture->scheduler, &n_files);
  g_assert_nonnull (plan);
  g_assert_true (g_str_has_prefix (plan->name, "meeting:thematic@"));
}

static void
the_chosen_meeting_stays_when_the_list_changes (WindowFixture *fixture, gconstpointer data)
{
  ValiseTravelDialog *dialog = open_travel (fixture);
  AdwComboRow        *meeting = find_combo (GTK_WIDGET (dialog));

  adw_combo_row_set_selected (meeting, 2);
  valise_fake_meetings_change ();
  valise_wait_ms (100);
  g_assert_cmpuint (adw_combo_row_get_selected (meeting), ==, 2);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
cancel_plans_nothing (WindowFixture *fixture, gconstpointer data)
{
  ValiseTravelDialog *dialog = open_travel (fixture);
  guint               n_files = 0;

  gtk_window_close (GTK_WINDOW (dialog));
  valise_wait_ms (50);
  g_assert_null (valise_fake_scheduler_get_plan (fixture->scheduler, &n_files));
}

static void
it_fits_a_narrow_screen (WindowFixture *fixture, gconstpointer data)
{
  ValiseTravelDialog *dialog = NULL;

  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 720);
  valise_wait_ms (300);
  dialog = open_travel (fixture);
  valise_wait_ms (200);
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (dialog)), <=, 360);
  take_picture (GTK_WIDGET (dialog), "travel-narrow");
  gtk_window_destroy (GTK_WINDOW (dialog));
}

#define ADD(func)                                                                                  \
  g_test_add ("/sync-panel/" #func, WindowFixture, NULL, valise_window_fixture_set_up, func,       \
              valise_window_fixture_tear_down)

int
main (int argc, char *argv[])
{
  valise_window_test_init (&argc, &argv);
  ADD (each_way_says_what_waits);
  ADD (nothing_waits_is_said);
  ADD (what_is_held_says_so_and_goes_on);
  ADD (files_say_why_they_wait_where_bytes_are_paid_for);
  ADD (a_spent_limit_is_a_sentence_with_a_way_on);
  ADD (hours_are_said_in_words);
  ADD (the_panel_is_a_page_when_narrow);
  ADD (what_a_row_opens_is_not_covered);
  ADD (the_policy_is_a_page_of_the_preferences);
  ADD (the_language_of_papers_is_named_whole_on_a_narrow_screen);
  ADD (a_change_that_could_not_be_kept_is_said_where_it_was_made);
  ADD (hours_to_the_minute_stay_until_hours_are_changed);
  ADD (a_journey_left_open_ends_with_its_record);
  ADD (a_journey_that_is_held_leaves_a_closed_record_alone);
  ADD (each_switch_adds_its_bytes);
  ADD (preparing_plans_what_was_chosen);
  ADD (another_meeting_is_never_fetched_by_the_old_ones_plan);
  ADD (the_chosen_meeting_stays_when_the_list_changes);
  ADD (cancel_plans_nothing);
  ADD (it_fits_a_narrow_screen);
  return g_test_run ();
}
