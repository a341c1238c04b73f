/* gallery.c - every page, dialog, popover and state of the window, as pictures to be looked at
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: gallery STYLE FOLDER, where STYLE is light, dark or narrow. The language is that of the
 * environment. Nothing is asserted here: the tests do that. tests/views/gallery.sh takes all.
 */

#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>

#include "pdf-made.h"
#include "valise-bundle-window.h"
#include "valise-colleagues-window.h"
#include "valise-fake-courier.h"
#include "valise-fake-vicinity.h"
#include "valise-invitation.h"
#include "valise-language.h"
#include "valise-peer-error.h"
#include "valise-pictures.h"
#include "valise-window-fixture.h"

#define NARROW_WIDTH  360
#define NARROW_HEIGHT 720
#define PAPER         "A/RES/77/37" /* in all six, with an original */

typedef struct
{
  WindowFixture   window;
  ValiseVicinity *vicinity; /* the context's */
  const char     *folder;
  gboolean        narrow;
  guint           number;
} Gallery;

/* --- windows and widgets ------------------------------------------------------------------------
 */

/* The window that stands over all others. */
static GtkWidget *
find_top (Gallery *gallery)
{
  GListModel *windows = gtk_window_get_toplevels ();
  GtkWidget  *top = GTK_WIDGET (gallery->window.window);

  for (gboolean found = TRUE; found;)
    {
      found = FALSE;
      for (guint i = 0; i < g_list_model_get_n_items (windows) && !found; i++)
        {
          g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

          found = gtk_window_get_transient_for (window) == GTK_WINDOW (top)
                  && gtk_widget_get_mapped (GTK_WIDGET (window));
          if (found)
            top = GTK_WIDGET (window);
        }
    }
  return top;
}

static void
save (Gallery *gallery, const char *name)
{
  g_autofree char   *file = g_strdup_printf ("%02u-%s.png", ++gallery->number, name);
  g_autofree char   *path = g_build_filename (gallery->folder, file, NULL);
  g_autoptr (GError) error = NULL;
  GtkWidget         *top = find_top (gallery);

  if (gallery->narrow && gtk_widget_get_width (top) > NARROW_WIDTH)
    gtk_window_set_default_size (GTK_WINDOW (top), NARROW_WIDTH, NARROW_HEIGHT);
  for (guint tries = 0; tries < 10; tries++)
    {
      g_clear_error (&error);
      valise_wait_ms (300);
      if (valise_pictures_save (find_top (gallery), path, &error))
        return;
    }
  g_printerr ("%s: %s\n", path, error->message);
}

static void
close_windows (Gallery *gallery)
{
  for (GtkWidget *top = find_top (gallery); top != GTK_WIDGET (gallery->window.window);
       top = find_top (gallery))
    gtk_window_destroy (GTK_WINDOW (top));
  valise_places_popdown_sync (valise_window_get_places (gallery->window.window));
  valise_wait_ms (50);
}

/* What can open a popover below @widget, in its order. */
static void
collect_menus (GtkWidget *widget, GPtrArray *menus)
{
  if (!gtk_widget_get_mapped (widget) || GTK_IS_POPOVER (widget))
    return;
  if ((GTK_IS_MENU_BUTTON (widget) || ADW_IS_COMBO_ROW (widget))
      && gtk_widget_is_sensitive (widget))
    g_ptr_array_add (menus, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect_menus (child, menus);
}

static GtkWidget *
find_popover (GtkWidget *widget)
{
  if (GTK_IS_POPOVER (widget) && gtk_widget_get_mapped (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_popover (child);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* Saves the page, then each popover that a control on it opens. */
static void
save_with_menus (Gallery *gallery, const char *name)
{
  g_autoptr (GPtrArray) menus = g_ptr_array_new ();

  save (gallery, name);
  collect_menus (find_top (gallery), menus);
  for (guint i = 0; i < menus->len; i++)
    {
      GtkWidget       *menu = g_ptr_array_index (menus, i);
      g_autofree char *full = g_strdup_printf ("%s-menu-%u", name, i + 1);
      GtkWidget       *popover = NULL;

      if (GTK_IS_MENU_BUTTON (menu))
        gtk_menu_button_popup (GTK_MENU_BUTTON (menu));
      else
        gtk_widget_activate (menu);
      save (gallery, full);
      popover = find_popover (menu);
      if (popover != NULL)
        gtk_popover_popdown (GTK_POPOVER (popover));
      valise_wait_ms (200);
    }
}

static void
act (Gallery *gallery, const char *action)
{
  g_action_group_activate_action (G_ACTION_GROUP (gallery->window.application), action, NULL);
  valise_wait_ms (150);
}

static void
set_policy (Gallery *gallery, const char *key, const char *value)
{
  ValiseUserPolicy policy;

  valise_scheduler_get_policy (gallery->window.scheduler, &policy);
  valise_user_policy_set (&policy, key, value, NULL);
  valise_scheduler_set_policy (gallery->window.scheduler, &policy);
}

/* --- the record
 * ----------------------------------------------------------------------------------- */

static void
walk_places (Gallery *gallery)
{
  ValiseWindow *window = gallery->window.window;

  valise_window_go (window, "today");
  save_with_menus (gallery, "today");
  if (gallery->narrow)
    {
      gtk_widget_activate_action (GTK_WIDGET (window), "win.show-places", NULL);
      valise_wait_ms (300);
      save_with_menus (gallery, "places");
    }
  valise_window_go (window, "meetings");
  save (gallery, "meetings");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.meeting", "s", "meeting:plenary");
  save_with_menus (gallery, "meeting");
  valise_window_go (window, "papers");
  save_with_menus (gallery, "papers");
  valise_papers_find (valise_window_get_papers (window));
  save (gallery, "papers-find");
  valise_window_go (window, "search");
  save (gallery, "search-empty");
  gtk_editable_set_text (valise_search_page_get_entry (valise_window_get_search (window)),
                         "participants");
  save_with_menus (gallery, "search");
  gtk_editable_set_text (valise_search_page_get_entry (valise_window_get_search (window)), "qqqqq");
  save (gallery, "search-nothing");
}

static void
walk_reader (Gallery *gallery)
{
  ValiseWindow   *window = gallery->window.window;
  ValisePageView *page = NULL;

  valise_window_read (&gallery->window, "A/AC.292/2026/WP.17");
  save (gallery, "paper-unchosen");
  valise_window_read (&gallery->window, PAPER);
  page = valise_reader_get_page (gallery->window.reader);
  valise_page_view_choose (page, 2);
  save_with_menus (gallery, "paper");
  gtk_widget_activate_action (GTK_WIDGET (gallery->window.reader), "reader.find", NULL);
  save (gallery, "paper-find");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.side-by-side", NULL);
  save (gallery, "side-by-side");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.side-by-side", NULL);
  valise_reader_open (gallery->window.reader, PAPER, "ar", NULL);
  save (gallery, "paper-arabic");
  valise_reader_open (gallery->window.reader, PAPER, "zh", NULL);
  save (gallery, "paper-chinese");
  valise_reader_open (gallery->window.reader, PAPER, "ru", NULL);
  save (gallery, "paper-russian");
  valise_reader_open (gallery->window.reader, PAPER, "en", NULL);
  valise_wait_ms (100);
  valise_page_view_choose (page, (int) valise_page_view_get_n_rows (page) - 1);
  save (gallery, "paper-originals");
}

static void
walk_original (Gallery *gallery)
{
  g_autoptr (GBytes) bytes = pdf_made (4, "Norms of responsible behaviour");
  ValiseFileQueue   *queue =
      valise_file_queue_for_account (valise_context_get_account (gallery->window.context));
  const ValiseFileWanted wanted = { .sha256 = (char *) VALISE_FAKE_FILE, .length = 288000 };

  valise_file_queue_want (queue, &wanted, 1, VALISE_FILE_ASKED_FOR);
  valise_fake_file_comes (VALISE_FAKE_FILE, 120000, NULL);
  save (gallery, "originals-on-its-way");
  valise_fake_file_comes (VALISE_FAKE_FILE, 288000, bytes);
  save (gallery, "originals-here");
  gtk_widget_activate_action (GTK_WIDGET (gallery->window.window), "win.original", "(ss)",
                              VALISE_FAKE_FILE, VALISE_FAKE_FILE_NAME);
  valise_wait_ms (400);
  save_with_menus (gallery, "original");
  valise_pdf_page_find (valise_window_get_original (gallery->window.window));
  save (gallery, "original-find");
}

/* --- sync
 * ------------------------------------------------------------------------------------------ */

static void
open_panel (Gallery *gallery)
{
  valise_window_go (gallery->window.window, "today");
  valise_wait_ms (200);
  gtk_widget_activate_action (GTK_WIDGET (gallery->window.window), "win.sync-panel", NULL);
  valise_wait_ms (200);
}

static void
walk_sync (Gallery *gallery)
{
  static const ValiseSyncProblem problems[] = {
    VALISE_PROBLEM_NO_NETWORK, VALISE_PROBLEM_UNREACHABLE, VALISE_PROBLEM_PORTAL,
    VALISE_PROBLEM_IDENTITY,   VALISE_PROBLEM_CREDENTIALS, VALISE_PROBLEM_SERVER,
    VALISE_PROBLEM_DISK,
  };
  static const char *const refused[] = { "paper:A/AC.292/2026/WP.17: no seal", NULL };
  ValiseScheduler         *scheduler = gallery->window.scheduler;
  gint64                   now = valise_scheduler_get_last_reached (scheduler);

  open_panel (gallery);
  save (gallery, "sync-empty");
  valise_fake_scheduler_set_queue (scheduler, 1);
  save (gallery, "sync-queue");
  valise_fake_scheduler_set_metered (scheduler, TRUE);
  save (gallery, "sync-metered");
  set_policy (gallery, "budget", "200kB");
  set_policy (gallery, "after-budget", "stop");
  save (gallery, "sync-budget");
  set_policy (gallery, "budget", "none");
  set_policy (gallery, "hours", "22:00-06:00");
  save (gallery, "sync-hours");
  set_policy (gallery, "hours", "any");
  valise_fake_scheduler_set_metered (scheduler, FALSE);
  valise_fake_scheduler_set (scheduler, VALISE_SYNC_RECEIVING, VALISE_PROBLEM_NONE, now);
  valise_fake_scheduler_progress (scheduler, 31, 120, 41000);
  save (gallery, "sync-receiving");
  valise_fake_scheduler_refuse (scheduler, refused);
  for (guint i = 0; i < G_N_ELEMENTS (problems); i++)
    {
      g_autofree char *name = g_strdup_printf ("sync-problem-%u", problems[i]);

      valise_fake_scheduler_set (scheduler, VALISE_SYNC_CURRENT, problems[i], now);
      save (gallery, name);
    }
  valise_fake_scheduler_refuse (scheduler, NULL);
  valise_fake_scheduler_set (scheduler, VALISE_SYNC_CURRENT, VALISE_PROBLEM_NONE, now);
  close_windows (gallery);
}

static void
walk_policy (Gallery *gallery)
{
  set_policy (gallery, "hours", "22:30-06:15");
  set_policy (gallery, "budget", "1MB");
  act (gallery, "preferences");
  save_with_menus (gallery, "preferences");
  close_windows (gallery);
  act (gallery, "connection");
  save_with_menus (gallery, "connection");
  close_windows (gallery);
  set_policy (gallery, "hours", "any");
  set_policy (gallery, "budget", "none");
  act (gallery, "travel");
  valise_wait_ms (300);
  save_with_menus (gallery, "travel");
  close_windows (gallery);
}

/* --- sticks and colleagues
 * ------------------------------------------------------------------------- */

static void
read_bundle (Gallery *gallery, const char *name)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/media/stick/one.valise-bundle");

  valise_window_open_file (gallery->window.window, file);
  valise_wait_ms (300);
  save (gallery, name);
}

static void
walk_bundles (Gallery *gallery)
{
  static const int    failures[] = { VALISE_BUNDLE_ERROR_DAMAGED, VALISE_BUNDLE_ERROR_PROGRAMME };
  ValiseBundleWindow *writing = NULL;
  AdwMessageDialog   *dialog = NULL;

  act (gallery, "write-bundle");
  save_with_menus (gallery, "bundle");
  writing = VALISE_BUNDLE_WINDOW (find_top (gallery));
  valise_bundle_window_choose (writing, VALISE_COURIER_COLLEAGUES);
  save (gallery, "bundle-colleagues");
  valise_fake_courier_set_failure (VALISE_BUNDLE_ERROR_DAMAGED);
  valise_bundle_window_write (writing, "/media/stick/one.valise-bundle");
  save (gallery, "bundle-not-written");
  close_windows (gallery);
  valise_fake_courier_set_failure (-1);
  valise_fake_courier_set_news (31, 0, NULL);
  read_bundle (gallery, "bundle-came");
  valise_fake_courier_set_news (31, 2, NULL);
  read_bundle (gallery, "bundle-refused");
  close_windows (gallery);
  valise_fake_courier_set_news (31, 0, "a good one");
  read_bundle (gallery, "bundle-passphrase");
  dialog = ADW_MESSAGE_DIALOG (find_top (gallery));
  gtk_editable_set_text (GTK_EDITABLE (adw_message_dialog_get_extra_child (dialog)), "a bad one");
  adw_message_dialog_response (dialog, "open");
  gtk_window_destroy (GTK_WINDOW (dialog));
  save (gallery, "bundle-wrong-passphrase");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (find_top (gallery)), "cancel");
  close_windows (gallery);
  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autofree char *name = g_strdup_printf ("bundle-failed-%d", failures[i]);

      valise_fake_courier_set_failure (failures[i]);
      read_bundle (gallery, name);
      close_windows (gallery);
    }
  valise_fake_courier_set_failure (-1);
}

static void
walk_pairing (Gallery *gallery, ValiseColleaguesWindow *window)
{
  static const int errors[] = { VALISE_PEER_ERROR_NETWORK, VALISE_PEER_ERROR_IDENTITY,
                                VALISE_PEER_ERROR_FORBIDDEN };
  ValiseVicinity  *vicinity = gallery->vicinity;

  valise_colleagues_window_pair (window, TRUE);
  save (gallery, "pairing-alone");
  valise_fake_vicinity_see (vicinity, TRUE, "valise-4f2a");
  save (gallery, "pairing-seen");
  valise_fake_vicinity_see (vicinity, FALSE, NULL);
  save (gallery, "pairing-without-avahi");
  valise_fake_vicinity_pair (vicinity, VALISE_PAIRING_CALLING, NULL, NULL, -1);
  save (gallery, "pairing-calling");
  valise_fake_vicinity_pair (vicinity, VALISE_PAIRING_COMPARE, "Jun Park", "kor", -1);
  save (gallery, "pairing-compare");
  valise_fake_vicinity_pair (vicinity, VALISE_PAIRING_CONFIRMING, "Jun Park", "kor", -1);
  save (gallery, "pairing-waiting");
  for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autofree char *name = g_strdup_printf ("pairing-failed-%d", errors[i]);

      valise_fake_vicinity_pair (vicinity, VALISE_PAIRING_FAILED, NULL, NULL, errors[i]);
      save (gallery, name);
    }
}

static void
walk_colleagues (Gallery *gallery)
{
  act (gallery, "colleagues");
  save (gallery, "colleagues-none");
  valise_fake_vicinity_set_state (gallery->vicinity, VALISE_SHARING_ON, "192.168.1.7");
  valise_fake_vicinity_add (gallery->vicinity, "Jun Park", TRUE, 2, FALSE, -1);
  valise_fake_vicinity_add (gallery->vicinity, "Noor Haddad", TRUE, 0, TRUE, -1);
  valise_fake_vicinity_add (gallery->vicinity, "Otto Weber", FALSE, 0, FALSE,
                            VALISE_PEER_ERROR_CREDENTIALS);
  valise_fake_vicinity_add (gallery->vicinity, "Ana Lima", FALSE, 1, FALSE,
                            VALISE_PEER_ERROR_NETWORK);
  save (gallery, "colleagues");
  walk_pairing (gallery, VALISE_COLLEAGUES_WINDOW (find_top (gallery)));
  close_windows (gallery);
  open_panel (gallery);
  save (gallery, "sync-colleagues");
  close_windows (gallery);
}

/* --- the rest
 * ------------------------------------------------------------------------------------- */

static void
walk_help (Gallery *gallery)
{
  act (gallery, "shortcuts");
  save (gallery, "shortcuts");
  close_windows (gallery);
  act (gallery, "about");
  save (gallery, "about");
  close_windows (gallery);
}

static void
walk_first_run (Gallery *gallery)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/nowhere/an.invitation");

  valise_window_set_context (gallery->window.window, NULL);
  save_with_menus (gallery, "first-run");
  valise_window_open_invitation (gallery->window.window, file);
  save (gallery, "first-run-no-invitation");
}

int
main (int argc, char *argv[])
{
  Gallery     gallery = { 0 };
  const char *language = g_getenv ("LANGUAGE");

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, g_getenv ("VALISE_LOCALEDIR"));
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  valise_window_test_init (&argc, &argv);
  if (argc != 3)
    {
      g_printerr ("Usage: gallery STYLE FOLDER\n");
      return EXIT_FAILURE;
    }
  gallery.narrow = strcmp (argv[1], "narrow") == 0;
  gallery.folder = argv[2];
  g_mkdir_with_parents (gallery.folder, 0777);
  if (language != NULL && valise_language_is_rtl (language))
    gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  valise_window_fixture_set_up (&gallery.window, NULL);
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      strcmp (argv[1], "dark") == 0 ? ADW_COLOR_SCHEME_FORCE_DARK
                                                                    : ADW_COLOR_SCHEME_FORCE_LIGHT);
  if (gallery.narrow)
    gtk_window_set_default_size (GTK_WINDOW (gallery.window.window), NARROW_WIDTH, NARROW_HEIGHT);
  valise_context_share (gallery.window.context, &valise_neighbour_host);
  gallery.vicinity = valise_context_get_vicinity (gallery.window.context);
  walk_places (&gallery);
  walk_reader (&gallery);
  walk_original (&gallery);
  walk_sync (&gallery);
  walk_policy (&gallery);
  walk_bundles (&gallery);
  if (gallery.vicinity != NULL)
    walk_colleagues (&gallery);
  walk_help (&gallery);
  walk_first_run (&gallery);
  valise_window_fixture_tear_down (&gallery.window, NULL);
  return EXIT_SUCCESS;
}
