/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-panes"

#include "config.h"

#include "valise-panes.h"
#include "valise-places.h"
#include "valise-reader.h"

static gboolean
focus_pane (GtkWidget *pane)
{
  if (!gtk_widget_get_mapped (pane))
    return FALSE;
  if (VALISE_IS_PLACES (pane))
    valise_places_focus (VALISE_PLACES (pane));
  else if (VALISE_IS_READER (pane) && valise_reader_get_text (VALISE_READER (pane)) != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (valise_reader_get_page (VALISE_READER (pane))));
  else
    {
      /* From its beginning, wherever the focus was in it before. */
      gtk_widget_set_focus_child (pane, NULL);
      return gtk_widget_child_focus (pane, GTK_DIR_TAB_FORWARD);
    }
  return TRUE;
}

void
valise_panes_focus (GtkWidget *const *panes, int n_panes, int direction)
{
  GtkWidget *focus = NULL;
  int        current = 0;

  g_return_if_fail (n_panes > 0);

  focus = gtk_root_get_focus (gtk_widget_get_root (panes[0]));
  for (int i = 0; i < n_panes; i++)
    if (focus != NULL && (focus == panes[i] || gtk_widget_is_ancestor (focus, panes[i])))
      current = i;
  for (int i = 1; i <= n_panes; i++)
    if (focus_pane (panes[(current + i * (n_panes + direction)) % n_panes]))
      return;
}
