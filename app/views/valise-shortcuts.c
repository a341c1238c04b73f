/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-shortcuts"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "valise-shortcuts.h"

/* Translators: groups of shortcuts: the places are Today, Meetings and Papers. */
#define PLACES  N_ ("Places")
#define FINDING N_ ("Finding")
#define READING N_ ("Reading")
#define GENERAL N_ ("General")

static const ValiseShortcut table[] = {
  { "win.place::today", "<Alt>1", PLACES, N_ ("Today") },
  { "win.place::meetings", "<Alt>2", PLACES, N_ ("Meetings") },
  { "win.place::papers", "<Alt>3", PLACES, N_ ("Papers") },
  { "win.back", "<Alt>Left", PLACES, N_ ("Back") },
  { "win.next-pane", "F6", PLACES, N_ ("Next pane") },
  { "win.previous-pane", "<Shift>F6", PLACES, N_ ("Previous pane") },
  { "win.show-list", "F9", PLACES, N_ ("Show or hide the list") },

  { "win.find", "<Control>f", FINDING, N_ ("Find here") },
  { "win.search", "<Control><Shift>f", FINDING, N_ ("Search everything") },
  { "win.find-next", "<Control>g F3", FINDING, N_ ("Next place found") },
  { "win.find-previous", "<Control><Shift>g <Shift>F3", FINDING, N_ ("Previous place found") },

  { NULL, "Up Down", READING, N_ ("Previous and next paragraph") },
  { NULL, "space <Shift>space", READING, N_ ("Next and previous screen") },
  { "win.quote", "<Control><Shift>c", READING, N_ ("Quote with its reference") },
  { "win.language", "<Control>l", READING, N_ ("Choose the language") },
  { "win.side-by-side", "<Control>d", READING, N_ ("Two languages side by side") },
  { "win.next-paper", "<Control>Page_Down", READING, N_ ("Next paper in the list") },
  { "win.previous-paper", "<Control>Page_Up", READING, N_ ("Previous paper in the list") },
  { "win.mark-unread", "<Control>u", READING, N_ ("Mark the paper unread") },
  { "win.zoom-in", "<Control>plus <Control>equal <Control>KP_Add", READING, N_ ("Larger words") },
  { "win.zoom-out", "<Control>minus <Control>KP_Subtract", READING, N_ ("Smaller words") },
  { "win.zoom-reset", "<Control>0 <Control>KP_0", READING, N_ ("Words of the usual size") },

  { "win.sync-now", "F5", GENERAL, N_ ("Sync now") },
  { "win.sync-panel", "<Control>F5", GENERAL, N_ ("What moves between here and the secretariat") },
  { "app.travel", "<Control>t", GENERAL, N_ ("Prepare for travel") },
  { "app.open-invitation", "<Control>o", GENERAL, N_ ("Open an invitation") },
  { "app.preferences", "<Control>comma", GENERAL, N_ ("Preferences") },
  { "app.shortcuts", "<Control>question F1", GENERAL, N_ ("Keyboard shortcuts") },
  { "win.menu", "F10", GENERAL, N_ ("Main menu") },
  { "window.close", "<Control>w", GENERAL, N_ ("Close the window") },
  { "app.quit", "<Control>q", GENERAL, N_ ("Quit") },
};

const ValiseShortcut *
valise_shortcuts_get (guint *n_entries)
{
  *n_entries = G_N_ELEMENTS (table);
  return table;
}

void
valise_shortcuts_install (GtkApplication *application)
{
  g_return_if_fail (GTK_IS_APPLICATION (application));

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_auto (GStrv) keys = g_strsplit (table[i].keys, " ", -1);

      if (table[i].action != NULL)
        gtk_application_set_accels_for_action (application, table[i].action,
                                               (const char *const *) keys);
    }
}

/* Each way to press it in a line of its own, so that the window fits a narrow screen. The number
 * pad's keys and "=" for "+" are there for whoever tries them, and would tell nobody more. */
static GtkWidget *
make_keys (const char *keys)
{
  GtkWidget     *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  g_auto (GStrv) ways = g_strsplit (keys, " ", -1);

  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  for (guint i = 0; ways[i] != NULL; i++)
    if (strstr (ways[i], "KP_") == NULL && strstr (ways[i], "equal") == NULL)
      {
        GtkWidget *label = gtk_shortcut_label_new (ways[i]);

        gtk_widget_set_halign (label, GTK_ALIGN_END);
        gtk_box_append (GTK_BOX (box), label);
      }
  return box;
}

static GtkWidget *
make_row (const ValiseShortcut *entry)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (entry->title));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), make_keys (entry->keys));

  return row;
}

/* Not a GtkShortcutsWindow: its lines do not wrap, and in French it wants 700 pixels. */
GtkWindow *
valise_shortcuts_make_overlay (void)
{
  GtkWidget *page = adw_preferences_page_new ();
  GtkWidget *group = NULL;
  GtkWindow *window =
      g_object_new (ADW_TYPE_PREFERENCES_WINDOW, "title", _ ("Keyboard shortcuts"), "modal", TRUE,
                    "search-enabled", TRUE, "default-width", 520, "default-height", 640, NULL);
  const char *heading = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      if (g_strcmp0 (heading, table[i].group) != 0)
        {
          heading = table[i].group;
          group = adw_preferences_group_new ();
          adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _ (heading));
          adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (group));
        }
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), make_row (&table[i]));
    }
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (window), ADW_PREFERENCES_PAGE (page));

  return window;
}
