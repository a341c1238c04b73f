/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-pdf-keys"

#include "config.h"

#include "valise-pdf-keys.h"

#define LINES 48 /* px: a line or two */

/* By so many @screens, and @distance px. */
static gboolean
scroll (ValisePdfView *view, double screens, double distance)
{
  GtkWidget     *window = gtk_widget_get_ancestor (GTK_WIDGET (view), GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *adjustment = NULL;

  if (window == NULL)
    return GDK_EVENT_PROPAGATE;
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (window));
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + distance
                                            + screens * gtk_adjustment_get_page_size (adjustment));
  return GDK_EVENT_STOP;
}

static gboolean
turn (ValisePdfView *view, guint page)
{
  valise_pdf_view_go (view, page);
  return GDK_EVENT_STOP;
}

static gboolean
key_cb (ValisePdfView *view, guint key, guint code, GdkModifierType state)
{
  guint n_pages = valise_pdf_view_get_n_pages (view);
  guint page = valise_pdf_view_get_page (view);

  if (n_pages == 0 || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  switch (key)
    {
    case GDK_KEY_Page_Down:
      return turn (view, MIN (page + 1, n_pages - 1));
    case GDK_KEY_Page_Up:
      return turn (view, page > 0 ? page - 1 : 0);
    case GDK_KEY_Home:
      return turn (view, 0);
    case GDK_KEY_End:
      return turn (view, n_pages - 1);
    case GDK_KEY_space:
      return scroll (view, (state & GDK_SHIFT_MASK) != 0 ? -0.9 : 0.9, 0);
    case GDK_KEY_Down:
      return scroll (view, 0, LINES);
    case GDK_KEY_Up:
      return scroll (view, 0, -LINES);
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

void
valise_pdf_keys_attach (ValisePdfView *view)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_cb), view, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (view), keys);
}
