/* test-colleagues.c - colleagues on the local network, in the window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "valise-colleagues-window.h"
#include "valise-fake-vicinity.h"
#include "valise-peer-error.h"
#include "valise-window-fixture.h"

/* The window by itself: nothing of it needs the record behind it. */
typedef struct
{
  ValiseVicinity *vicinity;
  GtkWidget      *window;
} Fixture;

static GtkWidget *
open_window (Fixture *fixture, ValiseVicinity **vicinity)
{
  fixture->vicinity = valise_vicinity_new (NULL, NULL, &valise_neighbour_host, NULL);
  fixture->window = valise_colleagues_window_new (NULL, fixture->vicinity);
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
  gtk_window_present (GTK_WINDOW (fixture->window));
  valise_wait_ms (100);
  *vicinity = fixture->vicinity;
  return fixture->window;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->window != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->window));
  valise_wait_ms (20);
  g_clear_object (&fixture->vicinity);
}

static ValisePairingPage *
open_pairing (Fixture *fixture, ValiseVicinity **vicinity, GtkWidget **window)
{
  *window = open_window (fixture, vicinity);
  valise_colleagues_window_pair (VALISE_COLLEAGUES_WINDOW (*window), TRUE);
  valise_wait_ms (50);
  return valise_colleagues_window_get_pairing (VALISE_COLLEAGUES_WINDOW (*window));
}

static void
set_people (ValiseVicinity *vicinity)
{
  valise_fake_vicinity_set_state (vicinity, VALISE_SHARING_ON, "192.168.1.7");
  valise_fake_vicinity_add (vicinity, "Jun Park", TRUE, 2, FALSE, -1);
  valise_fake_vicinity_add (vicinity, "Noor Haddad", TRUE, 0, TRUE, -1);
  valise_fake_vicinity_add (vicinity, "Otto & Söhne <Weber>", FALSE, 0, FALSE,
                            VALISE_PEER_ERROR_CREDENTIALS);
}

static GtkWidget *
find_button (GtkWidget *widget, const char *tooltip)
{
  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_widget_get_tooltip_text (widget), tooltip) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, tooltip);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
press (GtkWidget *button)
{
  g_signal_emit_by_name (button, "clicked");
}

static void
nobody_yet_says_what_to_do (Fixture *fixture, gconstpointer data)
{
  ValiseVicinity *vicinity = NULL;
  GtkWidget      *window = open_window (fixture, &vicinity);

  g_assert_nonnull (valise_window_find_label (window, "Nobody yet"));
  g_assert_nonnull (valise_window_find_label (window, "no other laptop can reach"));
  valise_window_picture_of (window, "colleagues-empty");
}

static void
the_list_says_who_is_near_and_what_waits (Fixture *fixture, gconstpointer data)
{
  ValiseVicinity *vicinity = NULL;
  GtkWidget      *window = open_window (fixture, &vicinity);

  set_people (vicinity);
  valise_wait_ms (100);
  g_assert_null (strstr (gtk_window_get_title (GTK_WINDOW (window)), "Nobody"));
  g_assert_nonnull (valise_window_find_label (window, "Jun Park"));
  g_assert_nonnull (valise_window_find_label (window, "Kestria"));
  g_assert_nonnull (valise_window_find_label (window, "Near"));
  g_assert_nonnull (valise_window_find_label (window, "2 documents wait"));
  g_assert_nonnull (valise_window_find_label (window, "Being exchanged"));
  g_assert_nonnull (valise_window_find_label (window, "Otto & Söhne <Weber>"));
  g_assert_nonnull (valise_window_find_label (window, "pair again"));
  g_assert_nonnull (valise_window_find_label (window, "192.168.1.7"));
  valise_window_picture_of (window, "colleagues");
}

static void
one_may_be_synced_with_now (Fixture *fixture, gconstpointer data)
{
  ValiseVicinity  *vicinity = NULL;
  GtkWidget       *window = open_window (fixture, &vicinity);
  g_autofree char *log = NULL;

  set_people (vicinity);
  valise_wait_ms (50);
  press (find_button (window, "Sync with Jun Park Now"));
  log = valise_fake_vicinity_dup_log (vicinity);
  g_assert_nonnull (strstr (log, "sync key of Jun Park\n"));
  g_assert_false (gtk_widget_get_sensitive (find_button (window, "Sync with Noor Haddad Now")));
}

static void
sharing_is_stopped_with_one_after_a_question (Fixture *fixture, gconstpointer data)
{
  ValiseVicinity *vicinity = NULL;
  GtkWidget      *window = open_window (fixture, &vicinity);
  GListModel     *windows = gtk_window_get_toplevels ();
  GtkWidget      *dialog = NULL;

  set_people (vicinity);
  valise_wait_ms (50);
  press (find_button (window, "Stop Sharing with Jun Park"));
  valise_wait_ms (100);
  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) found = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (found))
        dialog = found;
    }
  g_assert_nonnull (dialog);
  g_assert_nonnull (valise_window_find_label (window, "Jun Park"));
  g_assert_nonnull (valise_window_find_label (window, "Kestria"));
  valise_window_picture_of (dialog, "colleagues-stop");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "stop");
  valise_wait_ms (100);
  g_assert_null (valise_window_find_label (window, "Jun Park"));
  g_assert_nonnull (valise_window_find_label (window, "Noor Haddad"));
}

static void
the_ways_to_another_laptop (Fixture *fixture, gconstpointer data)
{
  ValiseVicinity    *vicinity = NULL;
  GtkWidget         *window = NULL;
  ValisePairingPage *page = open_pairing (fixture, &vicinity, &window);
  g_autofree char   *log = NULL;

  g_assert_nonnull (valise_window_find_label (window, "192.168.1.7"));
  g_assert_nonnull (valise_window_find_label (window, "Laptop 4F2A"));
  g_assert_nonnull (valise_window_find_label (window, "None seen yet"));
  valise_fake_vicinity_see (vicinity, TRUE, "B07C");
  valise_wait_ms (50);
  g_assert_nonnull (valise_window_find_label (window, "Laptop B07C"));
  valise_window_picture_of (window, "pairing-ways");
  valise_pairing_page_call (page, " 192.168.1.9 ");
  log = valise_fake_vicinity_dup_log (vicinity);
  g_assert_nonnull (strstr (log, "door 1\n"));
  g_assert_nonnull (strstr (log, "call 192.168.1.9\n"));
  valise_wait_ms (50);
  valise_window_picture_of (window, "pairing-calling");
}

static void
without_avahi_the_address_is_the_way (Fixture *fixture, gconstpointer data)
{
  ValiseVicinity *vicinity = NULL;
  GtkWidget      *window = NULL;

  open_pairing (fixture, &vicinity, &window);
  valise_fake_vicinity_see (vicinity, FALSE, NULL);
  valise_wait_ms (50);
  g_assert_nonnull (valise_window_find_label (window, "Avahi service is not running"));
  valise_window_picture_of (window, "pairing-without-avahi");
}

static void
two_people_compare_six_digits (Fixture *fixture, gconstpointer data)
{
  ValiseVicinity    *vicinity = NULL;
  GtkWidget         *window = NULL;
  ValisePairingPage *page = open_pairing (fixture, &vicinity, &window);
  g_autofree char   *log = NULL;

  valise_fake_vicinity_pair (vicinity, VALISE_PAIRING_COMPARE, "Jun Park", "xke", -1);
  valise_wait_ms (50);
  g_assert_cmpstr (valise_pairing_page_get_code (page), ==, "\u2066482\u2009913\u2069");
  g_assert_nonnull (valise_window_find_label (window, "Jun Park"));
  g_assert_nonnull (valise_window_find_label (window, "Kestria"));
  valise_window_picture_of (window, "pairing-compare");
  valise_pairing_page_answer (page, TRUE);
  valise_wait_ms (50);
  g_assert_nonnull (valise_window_find_label (window, "Waiting for the Other Laptop"));
  valise_window_picture_of (window, "pairing-waiting");
  valise_fake_vicinity_pair (vicinity, VALISE_PAIRING_DONE, "Jun Park", "xke", -1);
  valise_wait_ms (100);
  g_assert_nonnull (valise_window_find_label (window, "Paired with Jun Park"));
  log = valise_fake_vicinity_dup_log (vicinity);
  g_assert_nonnull (strstr (log, "answer 1\ndoor 0\n"));
}

static void
who_is_not_certified_is_said (Fixture *fixture, gconstpointer data)
{
  ValiseVicinity *vicinity = NULL;
  GtkWidget      *window = NULL;

  open_pairing (fixture, &vicinity, &window);
  valise_fake_vicinity_pair (vicinity, VALISE_PAIRING_COMPARE, "<b>Secretary-General</b>", NULL,
                             -1);
  valise_wait_ms (50);
  g_assert_nonnull (valise_window_find_label (window, "has not certified"));
  valise_window_picture_of (window, "pairing-uncertified");
}

static void
what_went_wrong_has_a_remedy (Fixture *fixture, gconstpointer data)
{
  ValiseVicinity    *vicinity = NULL;
  GtkWidget         *window = NULL;
  ValisePairingPage *page = open_pairing (fixture, &vicinity, &window);

  valise_fake_vicinity_pair (vicinity, VALISE_PAIRING_FAILED, NULL, NULL,
                             VALISE_PEER_ERROR_NETWORK);
  valise_wait_ms (50);
  g_assert_nonnull (valise_window_find_label (window, "on the same network"));
  g_assert_null (valise_pairing_page_get_code (page));
  valise_window_picture_of (window, "pairing-failed");
  valise_fake_vicinity_pair (vicinity, VALISE_PAIRING_FAILED, NULL, NULL,
                             VALISE_PEER_ERROR_IDENTITY);
  valise_wait_ms (50);
  g_assert_nonnull (valise_window_find_label (window, "before you try again"));
}

static void
closing_the_window_closes_the_door (Fixture *fixture, gconstpointer data)
{
  ValiseVicinity  *vicinity = NULL;
  GtkWidget       *window = NULL;
  g_autofree char *log = NULL;

  open_pairing (fixture, &vicinity, &window);
  gtk_window_close (GTK_WINDOW (window));
  valise_wait_ms (50);
  log = valise_fake_vicinity_dup_log (vicinity);
  g_assert_true (g_str_has_suffix (log, "door 0\n"));
}

static void
the_switch_shares (Fixture *fixture, gconstpointer data)
{
  ValiseVicinity *vicinity = NULL;
  GtkWidget      *window = open_window (fixture, &vicinity);
  GtkWidget      *row = gtk_widget_get_ancestor (
           valise_window_find_label (window, "Share with Paired Colleagues"), ADW_TYPE_ACTION_ROW);
  g_autofree char *log = NULL;

  adw_action_row_activate (ADW_ACTION_ROW (row));
  VALISE_WAIT_UNTIL (valise_vicinity_get_sharing (vicinity)); /* the switch moves first */
  log = valise_fake_vicinity_dup_log (vicinity);
  g_assert_cmpstr (log, ==, "share 1\n");
}

static void
the_sync_panel_leads_there (WindowFixture *fixture, gconstpointer data)
{
  ValiseSyncPanel *panel = NULL;
  GListModel      *windows = gtk_window_get_toplevels ();
  gboolean         found = FALSE;

  valise_context_share (fixture->context, &valise_neighbour_host);
  set_people (valise_context_get_vicinity (fixture->context));
  valise_window_set_context (fixture->window, fixture->context);
  valise_window_act (fixture, "win.sync-panel");
  valise_wait_ms (200);
  panel = valise_places_get_sync_panel (valise_window_get_places (fixture->window));
  g_assert_nonnull (valise_window_find_label (GTK_WIDGET (panel), "Colleagues nearby"));
  g_assert_nonnull (valise_window_find_label (GTK_WIDGET (panel), "3 paired"));
  valise_window_picture_of (GTK_WIDGET (gtk_widget_get_native (GTK_WIDGET (panel))),
                            "sync-panel-colleagues");
  g_action_group_activate_action (G_ACTION_GROUP (fixture->application), "colleagues", NULL);
  valise_wait_ms (100);
  for (guint j = 0; j < g_list_model_get_n_items (windows); j++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, j);

      found = found || VALISE_IS_COLLEAGUES_WINDOW (window);
    }
  g_assert_true (found);
}

static void
it_fits_a_narrow_window (Fixture *fixture, gconstpointer data)
{
  gboolean        mirrored = GPOINTER_TO_INT (data);
  ValiseVicinity *vicinity = NULL;
  GtkWidget      *window = NULL;
  int             least = 0;

  gtk_widget_set_default_direction (mirrored ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  window = open_window (fixture, &vicinity);
  set_people (vicinity);
  gtk_widget_measure (window, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  g_assert_cmpint (least, <=, 360);
  gtk_window_set_default_size (GTK_WINDOW (window), 360, 640);
  valise_wait_ms (100);
  valise_window_picture_of (window, mirrored ? "colleagues-mirrored" : "colleagues-narrow");
  valise_colleagues_window_pair (VALISE_COLLEAGUES_WINDOW (window), TRUE);
  valise_fake_vicinity_pair (vicinity, VALISE_PAIRING_COMPARE, "Jun Park", "xke", -1);
  gtk_widget_measure (window, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  g_assert_cmpint (least, <=, 360);
  valise_window_picture_of (window, mirrored ? "pairing-mirrored" : "pairing-narrow");
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

#define ADD(test) g_test_add ("/colleagues/" #test, Fixture, NULL, NULL, test, tear_down)

int
main (int argc, char *argv[])
{
  g_autoptr (ValiseApplication) application = NULL;

  valise_window_test_init (&argc, &argv);
  /* It has the style sheet, without which the windows would not look as they do. */
  application = valise_application_new (G_APPLICATION_NON_UNIQUE);
  g_application_register (G_APPLICATION (application), NULL, NULL);
  ADD (nobody_yet_says_what_to_do);
  ADD (the_list_says_who_is_near_and_what_waits);
  ADD (one_may_be_synced_with_now);
  ADD (sharing_is_stopped_with_one_after_a_question);
  ADD (the_ways_to_another_laptop);
  ADD (without_avahi_the_address_is_the_way);
  ADD (two_people_compare_six_digits);
  ADD (who_is_not_certified_is_said);
  ADD (what_went_wrong_has_a_remedy);
  ADD (closing_the_window_closes_the_door);
  ADD (the_switch_shares);
  g_test_add ("/colleagues/the_sync_panel_leads_there", WindowFixture, NULL,
              valise_window_fixture_set_up, the_sync_panel_leads_there,
              valise_window_fixture_tear_down);
  ADD (it_fits_a_narrow_window);
  g_test_add ("/colleagues/it_fits_from_right_to_left", Fixture, GINT_TO_POINTER (1), NULL,
              it_fits_a_narrow_window, tear_down);
  return g_test_run ();
}
