/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "valise-bundle-intake.h"
#include "valise-bundle-window.h"
#include "valise-fake-courier.h"
#include "valise-pictures.h"
#include "valise-window-fixture.h"

/* The first of @widget's descendants of @type, or itself. */
static GtkWidget *
find (GtkWidget *widget, GType type)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* The window over the fixture's that is of @type, or NULL. */
static GtkWidget *
find_over (WindowFixture *fixture, GType type)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (g_type_is_a (G_OBJECT_TYPE (window), type)
          && gtk_window_get_transient_for (window) == GTK_WINDOW (fixture->window))
        return GTK_WIDGET (window);
    }
  return NULL;
}

static void
save (GtkWidget *widget, const char *name)
{
  const char        *folder = g_getenv ("VALISE_PICTURES");
  g_autofree char   *file = g_strconcat (name, ".png", NULL);
  g_autofree char   *path = folder != NULL ? g_build_filename (folder, file, NULL) : NULL;
  g_autoptr (GError) error = NULL;

  if (path == NULL)
    return;
  g_mkdir_with_parents (folder, 0777);
  valise_wait_ms (250);
  g_assert_true (valise_pictures_save (widget, path, &error));
  g_assert_no_error (error);
}

static ValiseBundleWindow *
open_writing (WindowFixture *fixture)
{
  GtkWidget *window = NULL;

  g_action_group_activate_action (G_ACTION_GROUP (fixture->application), "write-bundle", NULL);
  valise_wait_ms (80);
  window = find_over (fixture, VALISE_TYPE_BUNDLE_WINDOW);
  g_assert_nonnull (window);
  return VALISE_BUNDLE_WINDOW (window);
}

static void
the_public_record_needs_no_passphrase (WindowFixture *fixture, gconstpointer data)
{
  ValiseBundleWindow *window = open_writing (fixture);
  guint               before = valise_fake_courier_get_writings ();

  g_assert_true (valise_bundle_window_is_ready (window));
  save (GTK_WIDGET (window), "bundle-write");
  valise_bundle_window_write (window, "/nowhere/a.valise-bundle");
  VALISE_WAIT_UNTIL (find_over (fixture, VALISE_TYPE_BUNDLE_WINDOW) == NULL);
  g_assert_cmpuint (valise_fake_courier_get_writings (), ==, before + 1);
  g_assert_cmpint (valise_fake_courier_get_recipient (), ==, VALISE_COURIER_ANYONE);
  g_assert_null (valise_fake_courier_get_passphrase ());
  valise_window_picture (fixture, "bundle-written");
}

static void
what_is_the_teams_waits_for_one (WindowFixture *fixture, gconstpointer data)
{
  ValiseBundleWindow *window = open_writing (fixture);
  GtkWidget          *entry = find (GTK_WIDGET (window), ADW_TYPE_PASSWORD_ENTRY_ROW);

  valise_bundle_window_choose (window, VALISE_COURIER_COLLEAGUES);
  g_assert_false (valise_bundle_window_is_ready (window));
  gtk_editable_set_text (GTK_EDITABLE (entry), "short");
  g_assert_false (valise_bundle_window_is_ready (window));
  gtk_editable_set_text (GTK_EDITABLE (entry), "long enough");
  g_assert_true (valise_bundle_window_is_ready (window));
  save (GTK_WIDGET (window), "bundle-write-colleagues");
  valise_bundle_window_write (window, "/nowhere/a.valise-bundle");
  VALISE_WAIT_UNTIL (find_over (fixture, VALISE_TYPE_BUNDLE_WINDOW) == NULL);
  g_assert_cmpint (valise_fake_courier_get_recipient (), ==, VALISE_COURIER_COLLEAGUES);
  g_assert_cmpstr (valise_fake_courier_get_passphrase (), ==, "long enough");
}

static void
a_team_with_a_key_need_not_think_of_one (WindowFixture *fixture, gconstpointer data)
{
  ValiseBundleWindow *window = NULL;
  GtkWidget          *entry = NULL;

  valise_fake_courier_set_team_key (TRUE);
  window = open_writing (fixture);
  entry = find (GTK_WIDGET (window), ADW_TYPE_PASSWORD_ENTRY_ROW);
  valise_bundle_window_choose (window, VALISE_COURIER_COLLEAGUES);
  VALISE_WAIT_UNTIL (valise_bundle_window_is_ready (window));
  gtk_editable_set_text (GTK_EDITABLE (entry), "short");
  g_assert_false (valise_bundle_window_is_ready (window));
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
  save (GTK_WIDGET (window), "bundle-write-team");
  valise_bundle_window_write (window, "/nowhere/a.valise-bundle");
  VALISE_WAIT_UNTIL (find_over (fixture, VALISE_TYPE_BUNDLE_WINDOW) == NULL);
  g_assert_null (valise_fake_courier_get_passphrase ());
  g_assert_true (valise_fake_courier_get_originals ());
  valise_fake_courier_set_team_key (FALSE);
}

/* Whether @widget or one below it says @text. */
static gboolean
says (GtkWidget *widget, const char *text)
{
  if (GTK_IS_LABEL (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (says (child, text))
      return TRUE;
  return FALSE;
}

static void
its_size_is_said_before_and_originals_may_stay (WindowFixture *fixture, gconstpointer data)
{
  ValiseBundleWindow *window = open_writing (fixture);
  GtkWidget          *with = find (GTK_WIDGET (window), GTK_TYPE_SWITCH);

  VALISE_WAIT_UNTIL (says (GTK_WIDGET (window), "About 9.1 MB · 312 documents"));
  g_assert_true (says (GTK_WIDGET (window), "14 files · 8.3 MB"));
  g_assert_true (says (GTK_WIDGET (window), "2 are not on this laptop"));
  gtk_switch_set_active (GTK_SWITCH (with), FALSE);
  g_assert_true (says (GTK_WIDGET (window), "About 812 kB · 312 documents"));
  save (GTK_WIDGET (window), "bundle-write-words");
  valise_bundle_window_write (window, "/nowhere/a.valise-bundle");
  VALISE_WAIT_UNTIL (find_over (fixture, VALISE_TYPE_BUNDLE_WINDOW) == NULL);
  g_assert_false (valise_fake_courier_get_originals ());
}

static void
what_goes_in_can_be_chosen (WindowFixture *fixture, gconstpointer data)
{
  ValiseBundleWindow *window = open_writing (fixture);
  ValiseBundleForm   *form = valise_bundle_window_get_form (window);

  valise_bundle_form_set_meeting (form, "meeting:plenary");
  valise_bundle_form_set_language (form, "ru", FALSE);
  valise_bundle_form_set_language (form, "zh", FALSE);
  valise_bundle_form_set_since (form, "2026-07-03");
  VALISE_WAIT_UNTIL (says (GTK_WIDGET (window), "41 documents")); /* said before */
  g_assert_true (says (GTK_WIDGET (window), "3 July 2026"));
  save (GTK_WIDGET (window), "bundle-write-chosen");
  valise_bundle_window_write (window, "/nowhere/a.valise-bundle");
  VALISE_WAIT_UNTIL (find_over (fixture, VALISE_TYPE_BUNDLE_WINDOW) == NULL);
  g_assert_cmpstr (valise_fake_courier_get_choice (), ==,
                   "meeting:plenary ar,en,es,fr 2026-07-03 -");
}

/* All six languages are no choice: what is in a seventh goes, too. */
static void
what_was_chosen_can_be_taken_back (WindowFixture *fixture, gconstpointer data)
{
  ValiseBundleWindow *window = open_writing (fixture);
  ValiseBundleForm   *form = valise_bundle_window_get_form (window);

  valise_bundle_form_set_meeting (form, "meeting:plenary");
  valise_bundle_form_set_language (form, "ru", FALSE);
  valise_bundle_form_set_since (form, "2026-07-03");
  valise_bundle_form_set_meeting (form, NULL);
  valise_bundle_form_set_language (form, "ru", TRUE);
  valise_bundle_form_set_since (form, NULL);
  VALISE_WAIT_UNTIL (says (GTK_WIDGET (window), "312 documents"));
  valise_bundle_window_write (window, "/nowhere/a.valise-bundle");
  VALISE_WAIT_UNTIL (find_over (fixture, VALISE_TYPE_BUNDLE_WINDOW) == NULL);
  g_assert_cmpstr (valise_fake_courier_get_choice (), ==, "- - - -");
}

static ValiseBundleWindow *
drop_list (WindowFixture *fixture)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/nowhere/jun.valise-request");
  GtkWidget        *window = NULL;

  valise_window_open_file (fixture->window, file);
  valise_wait_ms (120);
  window = find_over (fixture, VALISE_TYPE_BUNDLE_WINDOW);
  g_assert_nonnull (window);
  return VALISE_BUNDLE_WINDOW (window);
}

static void
a_list_that_is_dropped_offers_the_rest (WindowFixture *fixture, gconstpointer data)
{
  ValiseBundleWindow *window = NULL;

  valise_fake_courier_set_team_key (TRUE);
  window = drop_list (fixture);
  VALISE_WAIT_UNTIL (says (GTK_WIDGET (window), "Jun Park"));
  VALISE_WAIT_UNTIL (valise_bundle_window_is_ready (window));
  save (GTK_WIDGET (window), "bundle-write-list");
  valise_bundle_window_write (window, "/nowhere/a.valise-bundle");
  VALISE_WAIT_UNTIL (find_over (fixture, VALISE_TYPE_BUNDLE_WINDOW) == NULL);
  g_assert_cmpint (valise_fake_courier_get_recipient (), ==, VALISE_COURIER_COLLEAGUES);
  g_assert_cmpstr (valise_fake_courier_get_choice (), ==, "- - - /nowhere/jun.valise-request");
  valise_fake_courier_set_team_key (FALSE);
}

static void
a_list_that_is_none_is_left_aside (WindowFixture *fixture, gconstpointer data)
{
  ValiseBundleWindow *window = NULL;

  valise_fake_courier_set_failure (VALISE_BUNDLE_ERROR_DAMAGED);
  window = drop_list (fixture);
  VALISE_WAIT_UNTIL (says (GTK_WIDGET (window), "so it is left aside"));
  save (GTK_WIDGET (window), "bundle-write-list-damaged");
  valise_bundle_window_write (window, "/nowhere/a.valise-bundle");
  VALISE_WAIT_UNTIL (find_over (fixture, VALISE_TYPE_BUNDLE_WINDOW) == NULL);
  g_assert_cmpstr (valise_fake_courier_get_choice (), ==, "- - - -");
}

static void
a_list_of_what_is_here_is_saved_in_passing (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/nowhere/mine.valise-request");

  g_assert_true (
      g_action_group_has_action (G_ACTION_GROUP (fixture->application), "write-request"));
  valise_window_save_request (fixture->window, file);
  VALISE_WAIT_UNTIL (says (GTK_WIDGET (fixture->window), "List saved, 12"));
  valise_window_picture (fixture, "bundle-list-saved");
}

static void
a_failure_is_said_where_it_was_asked_for (WindowFixture *fixture, gconstpointer data)
{
  ValiseBundleWindow *window = open_writing (fixture);

  valise_fake_courier_set_failure (VALISE_BUNDLE_ERROR_EMPTY);
  valise_bundle_window_write (window, "/nowhere/a.valise-bundle");
  valise_wait_ms (80);
  g_assert_true (valise_bundle_window_is_ready (window)); /* again */
  save (GTK_WIDGET (window), "bundle-write-failed");
  gtk_window_close (GTK_WINDOW (window));
  valise_wait_ms (40);
}

static void
open_bundle (WindowFixture *fixture)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/nowhere/a.valise-bundle");

  valise_window_open_file (fixture->window, file);
  valise_wait_ms (120);
}

static void
close_dialog (WindowFixture *fixture, const char *response)
{
  GtkWidget *dialog = find_over (fixture, ADW_TYPE_MESSAGE_DIALOG);

  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), response);
  gtk_window_close (GTK_WINDOW (dialog));
  valise_wait_ms (120);
}

static void
what_came_is_said_in_passing (WindowFixture *fixture, gconstpointer data)
{
  valise_fake_courier_set_news (31, 0, NULL);
  open_bundle (fixture);
  g_assert_null (find_over (fixture, ADW_TYPE_MESSAGE_DIALOG));
  valise_window_picture (fixture, "bundle-came");
}

static void
what_was_refused_is_named (WindowFixture *fixture, gconstpointer data)
{
  GtkWidget *dialog = NULL;

  valise_fake_courier_set_news (30, 1, NULL);
  open_bundle (fixture);
  dialog = find_over (fixture, ADW_TYPE_MESSAGE_DIALOG);
  g_assert_nonnull (dialog);
  g_assert_nonnull (strstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog)), "WP.9"));
  save (dialog, "bundle-refused");
  close_dialog (fixture, "close");
}

static void
a_passphrase_is_asked_for_until_it_fits (WindowFixture *fixture, gconstpointer data)
{
  GtkWidget *dialog = NULL;

  valise_fake_courier_set_news (3, 0, "long enough");
  open_bundle (fixture);
  dialog = find_over (fixture, ADW_TYPE_MESSAGE_DIALOG);
  g_assert_nonnull (dialog);
  save (dialog, "bundle-passphrase");
  gtk_editable_set_text (
      GTK_EDITABLE (adw_message_dialog_get_extra_child (ADW_MESSAGE_DIALOG (dialog))), "wrong");
  close_dialog (fixture, "open");
  dialog = find_over (fixture, ADW_TYPE_MESSAGE_DIALOG);
  g_assert_nonnull (dialog);
  gtk_editable_set_text (
      GTK_EDITABLE (adw_message_dialog_get_extra_child (ADW_MESSAGE_DIALOG (dialog))),
      "long enough");
  close_dialog (fixture, "open");
  g_assert_null (find_over (fixture, ADW_TYPE_MESSAGE_DIALOG));
}

/* With the record that was open goes the question, and what it held. */
static void
a_passphrase_that_nobody_typed_is_let_go_of (WindowFixture *fixture, gconstpointer data)
{
  GtkWidget *dialog = NULL;

  valise_fake_courier_set_news (3, 0, "long enough");
  open_bundle (fixture);
  dialog = find_over (fixture, ADW_TYPE_MESSAGE_DIALOG);
  g_assert_nonnull (dialog);
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "open"));
  valise_window_set_context (fixture->window, NULL);
  g_object_add_weak_pointer (G_OBJECT (fixture->context), (gpointer *) &fixture->context);
  g_object_unref (fixture->context);
  VALISE_WAIT_UNTIL (fixture->context == NULL);
}

static void
a_damaged_one_says_what_to_do (WindowFixture *fixture, gconstpointer data)
{
  GtkWidget *dialog = NULL;

  valise_fake_courier_set_failure (VALISE_BUNDLE_ERROR_CUT);
  open_bundle (fixture);
  dialog = find_over (fixture, ADW_TYPE_MESSAGE_DIALOG);
  g_assert_nonnull (dialog);
  g_assert_nonnull (
      strstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog)), "Copy it again"));
  close_dialog (fixture, "close");
}

/* A share on another machine has no path here. */
static void
what_is_elsewhere_says_what_to_do (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (GFile)   file = g_file_new_for_uri ("valise-test://share/a.valise-bundle");
  ValiseBundleWindow *window = NULL;
  GtkWidget          *dialog = NULL;

  valise_window_open_file (fixture->window, file);
  valise_wait_ms (120);
  dialog = find_over (fixture, ADW_TYPE_MESSAGE_DIALOG);
  g_assert_nonnull (dialog);
  g_assert_nonnull (
      strstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog)), "to this laptop first"));
  close_dialog (fixture, "close");
  window = open_writing (fixture);
  valise_bundle_window_write_file (window, file);
  g_assert_nonnull (
      valise_window_find_label (GTK_WIDGET (window), "That folder is not on this laptop"));
  save (GTK_WIDGET (window), "bundle-write-elsewhere");
  gtk_window_close (GTK_WINDOW (window));
  valise_wait_ms (40);
}

static void
the_panel_has_a_row_for_it (WindowFixture *fixture, gconstpointer data)
{
  valise_window_go (fixture->window, "sync");
  valise_wait_ms (100);
  valise_window_picture (fixture, "bundle-row");
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 720);
  valise_wait_ms (200);
  valise_window_picture (fixture, "bundle-row-narrow");
}

static void
set_up_arabic (WindowFixture *fixture, gconstpointer data)
{
  g_setenv ("LANGUAGE", "ar", TRUE);
  bindtextdomain (GETTEXT_PACKAGE, g_getenv ("VALISE_LOCALEDIR"));
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  valise_window_fixture_set_up (fixture, data);
}

/* For looking at, and because GTK warns of what it measures wrongly, which ends the program. */
static void
in_arabic_it_is_mirrored (WindowFixture *fixture, gconstpointer data)
{
  ValiseBundleWindow *window = NULL;
  GtkWidget          *row = NULL;

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      ADW_COLOR_SCHEME_FORCE_DARK);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 720);
  valise_window_go (fixture->window, "sync");
  valise_wait_ms (200);
  valise_window_picture (fixture, "bundle-row-ar");
  window = open_writing (fixture);
  valise_bundle_window_choose (window, VALISE_COURIER_COLLEAGUES);
  gtk_window_set_default_size (GTK_WINDOW (window), 360, 640);
  valise_wait_ms (100);
  save (GTK_WIDGET (window), "bundle-write-ar");
  row = find (GTK_WIDGET (window), ADW_TYPE_COMBO_ROW);
  g_assert_cmpint (gtk_widget_get_direction (row), ==, GTK_TEXT_DIR_RTL);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (window)), ==, "كتابة حزمة");
  gtk_window_close (GTK_WINDOW (window));
  valise_wait_ms (40);
}

#define ADD(test)                                                                                  \
  g_test_add ("/bundles/" #test, WindowFixture, NULL, valise_window_fixture_set_up, test,          \
              valise_window_fixture_tear_down)

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  valise_window_test_init (&argc, &argv);
  ADD (the_public_record_needs_no_passphrase);
  ADD (what_is_the_teams_waits_for_one);
  ADD (a_team_with_a_key_need_not_think_of_one);
  ADD (its_size_is_said_before_and_originals_may_stay);
  ADD (what_goes_in_can_be_chosen);
  ADD (what_was_chosen_can_be_taken_back);
  ADD (a_list_that_is_dropped_offers_the_rest);
  ADD (a_list_that_is_none_is_left_aside);
  ADD (a_list_of_what_is_here_is_saved_in_passing);
  ADD (a_failure_is_said_where_it_was_asked_for);
  ADD (what_came_is_said_in_passing);
  ADD (what_was_refused_is_named);
  ADD (a_passphrase_is_asked_for_until_it_fits);
  ADD (a_passphrase_that_nobody_typed_is_let_go_of);
  ADD (a_damaged_one_says_what_to_do);
  ADD (what_is_elsewhere_says_what_to_do);
  ADD (the_panel_has_a_row_for_it);
  g_test_add ("/bundles/in_arabic_it_is_mirrored", WindowFixture, NULL, set_up_arabic,
              in_arabic_it_is_mirrored, valise_window_fixture_tear_down);
  return g_test_run ();
}
