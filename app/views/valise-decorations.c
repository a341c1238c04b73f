/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-decorations"

#include "config.h"

#include <string.h>

#include "valise-decorations.h"

#define NARROW 500 /* px: below it, one button */

static AdwHeaderBar *
find_header (GtkWidget *widget)
{
  if (ADW_IS_HEADER_BAR (widget))
    return ADW_HEADER_BAR (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      AdwHeaderBar *found = find_header (child);

      if (found != NULL)
        return found;
    }
  return NULL;
}

void
valise_decorations_set_last (GtkWidget *pane, gboolean last)
{
  AdwHeaderBar *header = NULL;

  g_return_if_fail (GTK_IS_WIDGET (pane));

  header = find_header (pane);
  if (header != NULL)
    adw_header_bar_set_show_end_title_buttons (header, last);
}

/* @layout, as "icon:minimize,maximize,close", without what a narrow window does not need. */
static char *
dup_narrow_layout (const char *layout)
{
  g_auto (GStrv)      sides = g_strsplit (layout != NULL ? layout : ":close", ":", 2);
  g_autoptr (GString) kept = g_string_new (NULL);

  for (guint i = 0; sides[i] != NULL; i++)
    {
      g_auto (GStrv) buttons = g_strsplit (sides[i], ",", -1);

      if (i > 0)
        g_string_append_c (kept, ':');
      if (g_strv_contains ((const char *const *) buttons, "close"))
        g_string_append (kept, "close");
    }
  return g_string_free (g_steal_pointer (&kept), FALSE);
}

static void
set_layout (GtkWidget *widget, const char *layout)
{
  if (ADW_IS_HEADER_BAR (widget))
    {
      adw_header_bar_set_decoration_layout (ADW_HEADER_BAR (widget), layout);
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    set_layout (child, layout);
}

void
valise_decorations_settle (GtkWindow *window)
{
  g_autofree char *usual = NULL;
  g_autofree char *narrow = NULL;
  int              width = 0;

  g_return_if_fail (GTK_IS_WINDOW (window));

  width = gtk_widget_get_width (GTK_WIDGET (window));
  g_object_get (gtk_widget_get_settings (GTK_WIDGET (window)), "gtk-decoration-layout", &usual,
                NULL);
  narrow = width > 0 && width < NARROW ? dup_narrow_layout (usual) : NULL;
  set_layout (GTK_WIDGET (window), narrow);
}

static gboolean
settle_cb (gpointer user_data)
{
  GtkWindow *window = user_data;

  g_object_set_data (G_OBJECT (window), "valise-decorations", NULL);
  if (gtk_widget_get_realized (GTK_WIDGET (window)))
    valise_decorations_settle (window);
  return G_SOURCE_REMOVE;
}

/* In the middle of a layout nothing may be shown or hidden: so after it. */
static void
resized_cb (GtkWindow *window)
{
  if (g_object_get_data (G_OBJECT (window), "valise-decorations") != NULL)
    return;
  g_object_set_data (G_OBJECT (window), "valise-decorations", window);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, settle_cb, g_object_ref (window), g_object_unref);
}

static void
realize_cb (GtkWindow *window)
{
  g_signal_connect_object (gtk_native_get_surface (GTK_NATIVE (window)), "notify::width",
                           G_CALLBACK (resized_cb), window, G_CONNECT_SWAPPED);
}

void
valise_decorations_follow (GtkWindow *window)
{
  g_return_if_fail (GTK_IS_WINDOW (window));

  g_signal_connect (window, "realize", G_CALLBACK (realize_cb), NULL);
}
