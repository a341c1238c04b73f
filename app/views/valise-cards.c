/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-cards"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "valise-cards.h"
#include "valise-format.h"
#include "valise-paper-row.h"

static void
row_activated_cb (GtkListBox *card, GtkListBoxRow *row)
{
  const char *action = g_object_get_data (G_OBJECT (row), "action");
  const char *target = g_object_get_data (G_OBJECT (row), "target");

  if (action != NULL && target != NULL)
    gtk_widget_activate_action (GTK_WIDGET (row), action, "s", target);
}

GtkWidget *
valise_card_new (const char *accessible_name)
{
  GtkWidget *card = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (card), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (card, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (card), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  accessible_name, -1);
  g_signal_connect (card, "row-activated", G_CALLBACK (row_activated_cb), NULL);

  return card;
}

/* Titles are data, not markup. */
static GtkWidget *
make_row (void)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 2);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 2);
  gtk_widget_add_css_class (row, "paper-card");
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);

  return row;
}

static void
set_target (GtkWidget *row, const char *action, const char *target)
{
  g_object_set_data (G_OBJECT (row), "action", (gpointer) action);
  g_object_set_data_full (G_OBJECT (row), "target", g_strdup (target), g_free);
}

static void
paper_loaded_cb (GtkWidget *row, GParamSpec *pspec, ValisePaper *paper)
{
  GtkWidget       *dot = g_object_get_data (G_OBJECT (row), "dot");
  const char      *title = valise_paper_get_title (paper);
  g_autofree char *subtitle = NULL;

  if (!valise_paper_get_loaded (paper))
    return;

  subtitle = valise_paper_row_describe (paper);
  set_target (row, "win.open", valise_paper_get_symbol (paper));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title != NULL ? title : "");
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  if (dot != NULL)
    gtk_widget_set_opacity (dot, valise_paper_get_unread (paper) ? 1 : 0);
  if (valise_paper_get_unread (paper))
    gtk_widget_add_css_class (row, "unread");
  else
    gtk_widget_remove_css_class (row, "unread");
}

static void
paper_notify_cb (ValisePaper *paper, GParamSpec *pspec, GtkWidget *row)
{
  paper_loaded_cb (row, pspec, paper);
}

GtkWidget *
valise_card_paper_row (ValisePaper *paper, gboolean dot)
{
  GtkWidget *row = make_row ();
  GtkWidget *mark = dot ? gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0)
                        : gtk_image_new_from_icon_name ("valise-papers-symbolic");

  gtk_widget_set_valign (mark, GTK_ALIGN_CENTER);
  if (dot)
    {
      gtk_widget_add_css_class (mark, "dot");
      g_object_set_data (G_OBJECT (row), "dot", mark);
    }
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), mark);
  g_signal_connect_object (paper, "notify", G_CALLBACK (paper_notify_cb), row, 0);
  g_object_set_data_full (G_OBJECT (row), "paper", g_object_ref (paper), g_object_unref);
  paper_loaded_cb (row, NULL, paper);

  return row;
}

GtkWidget *
valise_card_clocks (ValiseAgendaItem *item, const char *zone)
{
  g_autofree char *venue = NULL;
  g_autofree char *here = NULL;
  GtkWidget       *box = NULL;
  GtkWidget       *label = NULL;

  if (!valise_format_clocks (valise_agenda_item_get_starts (item),
                             valise_agenda_item_get_minutes (item), zone, &venue, &here))
    return NULL;

  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  label = gtk_label_new (venue);
  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_add_css_class (label, "agenda-clock");
  gtk_box_append (GTK_BOX (box), label);
  if (here != NULL)
    {
      label = gtk_label_new (here);
      gtk_label_set_xalign (GTK_LABEL (label), 1);
      gtk_widget_add_css_class (label, "agenda-here");
      gtk_box_append (GTK_BOX (box), label);
    }
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);

  return box;
}

char *
valise_card_count_papers (ValiseAgendaItem *item)
{
  guint n_papers = g_list_model_get_n_items (valise_agenda_item_get_papers (item));

  return n_papers > 0 ? g_strdup_printf (ngettext ("%u paper", "%u papers", n_papers), n_papers)
                      : g_strdup ("");
}

GtkWidget *
valise_card_agenda_row (ValiseAgendaItem *item, const char *meeting, const char *zone)
{
  GtkWidget  *row = make_row ();
  GtkWidget  *clocks = valise_card_clocks (item, zone);
  const char *number = valise_agenda_item_get_number (item);
  /* Translators: an agenda item by its number: "Item 5". */
  g_autofree char *name = number != NULL ? g_strdup_printf (_ ("Item %s"), number) : g_strdup ("");
  g_autofree char *papers = valise_card_count_papers (item);
  g_autofree char *subtitle = valise_format_join (name, papers, NULL);

  set_target (row, "win.meeting", meeting);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), valise_agenda_item_get_title (item));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  if (clocks != NULL)
    {
      gtk_widget_set_size_request (clocks, 84, -1);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), clocks);
    }
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));

  return row;
}
