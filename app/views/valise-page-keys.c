/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-page-keys"

#include "config.h"

#include "valise-markup.h"
#include "valise-page-keys.h"
#include "valise-reading.h"

/* The words selected, or else those of the paragraph chosen. */
static gboolean
copy_words (ValisePageView *page)
{
  g_autofree char *words = valise_page_view_dup_selection (page);
  int line = valise_page_view_get_line (page, valise_page_view_get_chosen (page), FALSE);

  if (words == NULL && line >= 0)
    words = valise_markup_to_plain (
        valise_text_get_line (valise_page_view_get_text (page), (guint) line)->text);
  if (words == NULL)
    return FALSE;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (page)), words);
  return TRUE;
}

/* By so many @screens, less a line or two that stay in sight. */
static gboolean
scroll (ValisePageView *page, double screens)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (page));

  gtk_adjustment_set_value (adjustment,
                            gtk_adjustment_get_value (adjustment)
                                + screens * gtk_adjustment_get_page_increment (adjustment));
  return GDK_EVENT_STOP;
}

static gboolean
end_tick (GtkWidget *page, GdkFrameClock *clock, gpointer user_data)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (page));

  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
  return G_SOURCE_REMOVE;
}

/* The last paragraph is chosen, and what follows it is in sight: what is related, the originals.
 * That is measured when it is shown, and then the end may be further on. */
static gboolean
go_to_end (ValisePageView *page)
{
  if (!valise_page_view_choose (page, (int) valise_page_view_get_n_rows (page) - 1))
    return GDK_EVENT_PROPAGATE;
  end_tick (GTK_WIDGET (page), NULL, NULL);
  gtk_widget_add_tick_callback (GTK_WIDGET (page), end_tick, NULL, NULL);
  return GDK_EVENT_STOP;
}

gboolean
valise_page_keys_follow_link (ValisePageView *page)
{
  g_autofree char *symbol = valise_page_view_dup_link (page);
  g_autofree char *uri = symbol != NULL ? g_strconcat (VALISE_LINK_PAPER, symbol, NULL) : NULL;

  if (uri == NULL)
    return FALSE;
  g_signal_emit_by_name (page, "link-activated", uri);
  return TRUE;
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  key,
                guint                  code,
                GdkModifierType        state,
                ValisePageView        *page)
{
  int chosen = valise_page_view_get_chosen (page);

  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) == GDK_CONTROL_MASK && key == GDK_KEY_c)
    return copy_words (page);
  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;

  switch (key)
    {
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      return valise_page_view_choose (page, chosen + 1);
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      return valise_page_view_choose (page, MAX (chosen - 1, 0));
    case GDK_KEY_space:
      return scroll (page, (state & GDK_SHIFT_MASK) != 0 ? -1 : 1);
    case GDK_KEY_Page_Down:
      return scroll (page, 1);
    case GDK_KEY_Page_Up:
      return scroll (page, -1);
    case GDK_KEY_Home:
      return valise_page_view_choose (page, 0);
    case GDK_KEY_End:
      return go_to_end (page);
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
      return valise_page_keys_follow_link (page);
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

void
valise_page_keys_attach (ValisePageView *page)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_pressed_cb), page, 0);
  gtk_widget_add_controller (GTK_WIDGET (page), keys);
}
