/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-shortcuts"

#include "config.h"

#include <glib/gi18n.h>

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

/* GTK 4.8 fills a shortcuts window from a builder file only, so the table is written as one. */
GtkWindow *
valise_shortcuts_make_overlay (void)
{
  g_autoptr (GString)    xml = g_string_new ("<interface><object class='GtkShortcutsWindow' "
                                                "id='overlay'><property name='modal'>1</property><child>"
                                                "<object class='GtkShortcutsSection'>"
                                                "<property name='section-name'>all</property>");
  g_autoptr (GtkBuilder) builder = NULL;
  const char            *group = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *title = g_markup_escape_text (_ (table[i].title), -1);
      g_autofree char *keys = g_markup_escape_text (table[i].keys, -1);

      if (g_strcmp0 (group, table[i].group) != 0)
        {
          g_autofree char *name = g_markup_escape_text (_ (table[i].group), -1);

          g_string_append_printf (xml,
                                  "%s<child><object class='GtkShortcutsGroup'>"
                                  "<property name='title'>%s</property>",
                                  group != NULL ? "</object></child>" : "", name);
          group = table[i].group;
        }
      g_string_append_printf (xml,
                              "<child><object class='GtkShortcutsShortcut'>"
                              "<property name='title'>%s</property>"
                              "<property name='accelerator'>%s</property></object></child>",
                              title, keys);
    }
  g_string_append (xml, "</object></child></object></child></object></interface>");
  builder = gtk_builder_new_from_string (xml->str, (gssize) xml->len);

  return g_object_ref (GTK_WINDOW (gtk_builder_get_object (builder, "overlay")));
}
