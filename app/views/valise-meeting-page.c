/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-meeting-page"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "valise-cards.h"
#include "valise-format.h"
#include "valise-meeting-page.h"

#define MOST_PAPERS 40 /* a card; the rest are a filter away */

/**
 * ValiseMeetingPage:
 *
 * An item is a heading with its number and both clocks; its papers are the card below it.
 */
struct _ValiseMeetingPage
{
  GtkBox parent_instance;

  ValiseLibrary *library;
  ValiseMeeting *meeting;
  GListModel    *agenda;
  guint          refresh_id;

  /* Template */
  GtkWidget *back;
  GtkWidget *travel;
  GtkStack  *stack;
  GtkLabel  *hero;
  GtkLabel  *subtitle;
  GtkWidget *items;
};

G_DEFINE_FINAL_TYPE (ValiseMeetingPage, valise_meeting_page, GTK_TYPE_BOX)

static void schedule_refresh (ValiseMeetingPage *self);

static GtkWidget *
make_heading (ValiseMeetingPage *self, ValiseAgendaItem *item)
{
  GtkWidget  *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  const char *number = valise_agenda_item_get_number (item);
  GtkWidget  *number_label = gtk_label_new (number);
  GtkWidget  *title = gtk_label_new (valise_agenda_item_get_title (item));
  GtkWidget  *clocks = valise_card_clocks (item, valise_meeting_get_time_zone (self->meeting));

  gtk_label_set_xalign (GTK_LABEL (number_label), 0);
  gtk_widget_set_size_request (number_label, 20, -1);
  gtk_widget_set_valign (number_label, GTK_ALIGN_START);
  gtk_widget_add_css_class (number_label, "item-number");
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_wrap (GTK_LABEL (title), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (title), 10);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_set_valign (title, GTK_ALIGN_START);
  gtk_widget_add_css_class (title, "h2");
  gtk_box_append (GTK_BOX (box), number_label);
  gtk_box_append (GTK_BOX (box), title);
  if (clocks != NULL)
    {
      gtk_widget_set_valign (clocks, GTK_ALIGN_START);
      gtk_box_append (GTK_BOX (box), clocks);
    }

  return box;
}

static GtkWidget *
make_rest_row (ValiseMeetingPage *self, ValiseAgendaItem *item, guint n_papers)
{
  GtkWidget       *row = adw_action_row_new ();
  g_autofree char *title =
      g_strdup_printf (ngettext ("All %u paper", "All %u papers", n_papers), n_papers);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  g_object_set_data (G_OBJECT (row), "action", (gpointer) "win.meeting-papers");
  g_object_set_data_full (G_OBJECT (row), "target",
                          g_strdup (valise_meeting_get_id (self->meeting)), g_free);
  return row;
}

static GtkWidget *
make_card (ValiseMeetingPage *self, ValiseAgendaItem *item)
{
  GListModel *papers = valise_agenda_item_get_papers (item);
  guint       n_papers = papers != NULL ? g_list_model_get_n_items (papers) : 0;
  GtkWidget  *card = NULL;

  if (n_papers == 0)
    return NULL;

  card = valise_card_new (valise_agenda_item_get_title (item));
  for (guint i = 0; i < MIN (n_papers, MOST_PAPERS); i++)
    {
      g_autoptr (ValisePaper) paper = g_list_model_get_item (papers, i);

      gtk_list_box_append (GTK_LIST_BOX (card), valise_card_paper_row (paper, FALSE));
    }
  if (n_papers > MOST_PAPERS)
    gtk_list_box_append (GTK_LIST_BOX (card), make_rest_row (self, item, n_papers));

  return card;
}

static void
add_item (ValiseMeetingPage *self, ValiseAgendaItem *item)
{
  GtkWidget  *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget  *card = make_card (self, item);
  GListModel *papers = valise_agenda_item_get_papers (item);

  gtk_box_append (GTK_BOX (box), make_heading (self, item));
  if (card != NULL)
    gtk_box_append (GTK_BOX (box), card);
  gtk_box_append (GTK_BOX (self->items), box);
  if (papers != NULL)
    {
      g_signal_handlers_disconnect_by_func (papers, schedule_refresh, self);
      g_signal_connect_object (papers, "items-changed", G_CALLBACK (schedule_refresh), self,
                               G_CONNECT_SWAPPED);
    }
}

/* A heading where the agenda comes to another day; of a meeting of one day, none. */
static void
add_day (ValiseMeetingPage *self, ValiseAgendaItem *item, char **day)
{
  const char      *starts = valise_agenda_item_get_starts (item);
  g_autofree char *date = starts != NULL ? g_strndup (starts, 10) : NULL;
  g_autofree char *name = NULL;
  GtkWidget       *label = NULL;

  if (date == NULL || g_strcmp0 (date, *day) == 0
      || g_strcmp0 (valise_meeting_get_start (self->meeting),
                    valise_meeting_get_end (self->meeting))
             == 0)
    return;

  name = valise_format_day (date);
  label = gtk_label_new (name);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "group");
  gtk_box_append (GTK_BOX (self->items), label);
  g_free (*day);
  *day = g_steal_pointer (&date);
}

static gboolean
refresh_cb (gpointer user_data)
{
  ValiseMeetingPage *self = user_data;
  guint              n_items = g_list_model_get_n_items (self->agenda);
  g_autofree char   *day = NULL;

  self->refresh_id = 0;
  while (gtk_widget_get_first_child (self->items) != NULL)
    gtk_box_remove (GTK_BOX (self->items), gtk_widget_get_first_child (self->items));
  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr (ValiseAgendaItem) item = g_list_model_get_item (self->agenda, i);

      add_day (self, item, &day);
      add_item (self, item);
    }
  if (n_items == 0 && !valise_library_is_behind (self->library))
    {
      GtkWidget *label = gtk_label_new (_ ("Its agenda is not here yet"));

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_widget_add_css_class (label, "subtitle");
      gtk_box_append (GTK_BOX (self->items), label);
    }
  return G_SOURCE_REMOVE;
}

static void
schedule_refresh (ValiseMeetingPage *self)
{
  if (self->refresh_id == 0)
    self->refresh_id = g_timeout_add (30, refresh_cb, self);
}

/* That there is no agenda is known once all that has come was read. */
static void
changed_cb (ValiseMeetingPage *self)
{
  if (g_list_model_get_n_items (self->agenda) == 0)
    schedule_refresh (self);
}

static void
forget (ValiseMeetingPage *self)
{
  g_clear_handle_id (&self->refresh_id, g_source_remove);
  if (self->agenda != NULL)
    g_signal_handlers_disconnect_by_data (self->agenda, self);
  if (self->library != NULL)
    g_signal_handlers_disconnect_by_data (self->library, self);
  g_clear_object (&self->library);
  g_clear_object (&self->agenda);
  g_clear_object (&self->meeting);
}

static void
valise_meeting_page_dispose (GObject *object)
{
  forget (VALISE_MEETING_PAGE (object));
  gtk_widget_dispose_template (GTK_WIDGET (object), VALISE_TYPE_MEETING_PAGE);

  G_OBJECT_CLASS (valise_meeting_page_parent_class)->dispose (object);
}

static void
valise_meeting_page_class_init (ValiseMeetingPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = valise_meeting_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/valise/Valise/ui/valise-meeting-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ValiseMeetingPage, back);
  gtk_widget_class_bind_template_child (widget_class, ValiseMeetingPage, travel);
  gtk_widget_class_bind_template_child (widget_class, ValiseMeetingPage, stack);
  gtk_widget_class_bind_template_child (widget_class, ValiseMeetingPage, hero);
  gtk_widget_class_bind_template_child (widget_class, ValiseMeetingPage, subtitle);
  gtk_widget_class_bind_template_child (widget_class, ValiseMeetingPage, items);
}

static void
valise_meeting_page_init (ValiseMeetingPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static char *
describe (ValiseMeeting *meeting)
{
  const char      *zone = valise_meeting_get_time_zone (meeting);
  const char      *venue = valise_meeting_get_venue (meeting);
  g_autofree char *city = zone != NULL ? valise_format_city (zone) : g_strdup ("");
  g_autofree char *days =
      valise_format_days (valise_meeting_get_start (meeting), valise_meeting_get_end (meeting));

  return valise_format_join (days, venue != NULL ? venue : "",
                             venue != NULL && strstr (venue, city) != NULL ? "" : city, NULL);
}

void
valise_meeting_page_show (ValiseMeetingPage *self, ValiseLibrary *library, ValiseMeeting *meeting)
{
  g_autofree char *title = NULL;
  g_autofree char *subtitle = NULL;

  g_return_if_fail (VALISE_IS_MEETING_PAGE (self));

  forget (self);
  gtk_stack_set_visible_child_name (self->stack, meeting != NULL ? "agenda" : "none");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->travel), NULL);
  if (meeting == NULL)
    return;

  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->travel), "s",
                                    valise_meeting_get_id (meeting));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->travel), "app.travel-to");
  self->meeting = g_object_ref (meeting);
  title = valise_meeting_dup_title_in (meeting, valise_format_interface_language ());
  subtitle = describe (meeting);
  gtk_label_set_text (self->hero, title != NULL ? title : valise_meeting_get_title (meeting));
  gtk_label_set_text (self->subtitle, subtitle);
  self->library = g_object_ref (library);
  g_signal_connect_object (library, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  self->agenda = valise_library_list_agenda (library, valise_meeting_get_id (meeting));
  g_signal_connect_object (self->agenda, "items-changed", G_CALLBACK (schedule_refresh), self,
                           G_CONNECT_SWAPPED);
  refresh_cb (self);
}

void
valise_meeting_page_set_can_go_back (ValiseMeetingPage *self, gboolean can_go_back)
{
  g_return_if_fail (VALISE_IS_MEETING_PAGE (self));

  gtk_widget_set_visible (self->back, can_go_back);
}
