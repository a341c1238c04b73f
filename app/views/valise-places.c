/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-places"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "valise-format.h"
#include "valise-places.h"

#define PANEL_WIDTH 470 /* px */

static const struct
{
  const char *name;
  const char *icon;
  const char *title;
} places[] = {
  { "today", "valise-today-symbolic", N_ ("Today") },
  { "meetings", "valise-meetings-symbolic", N_ ("Meetings") },
  { "papers", "valise-papers-symbolic", N_ ("Papers") },
};

/**
 * ValisePlaces:
 *
 * A count stands beside a place only where it asks for work: papers unread.
 */
struct _ValisePlaces
{
  GtkBox parent_instance;

  ValiseContext *context;
  GtkWidget     *count; /* of papers unread */
  GtkWidget     *sync_popover;
  GtkWidget     *sync_panel;

  /* Template */
  AdwHeaderBar    *header;
  AdwWindowTitle  *title;
  GtkMenuButton   *menu;
  GtkListBox      *list;
  ValiseStatusRow *status;
};

G_DEFINE_FINAL_TYPE (ValisePlaces, valise_places, GTK_TYPE_BOX)

static void
row_activated_cb (ValisePlaces *self, GtkListBoxRow *row)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.place", "s",
                              places[gtk_list_box_row_get_index (row)].name);
}

static void
library_changed_cb (ValisePlaces *self)
{
  guint n_unread = valise_library_get_n_unread (valise_context_get_library (self->context));
  g_autofree char *count = n_unread > 0 ? g_strdup_printf ("%u", n_unread) : g_strdup ("");

  gtk_label_set_text (GTK_LABEL (self->count), count);
}

static GtkWidget *
make_place (ValisePlaces *self, guint index)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (_ (places[index].title));

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (places[index].icon));
  gtk_box_append (GTK_BOX (box), label);
  if (strcmp (places[index].name, "papers") == 0)
    {
      self->count = gtk_label_new (NULL);
      gtk_widget_add_css_class (self->count, "count");
      gtk_box_append (GTK_BOX (box), self->count);
    }
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_add_css_class (row, "place");
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (places[index].title), -1);
  return row;
}

/* Made when it is first asked for: a start has no use for it. */
static ValiseSyncPanel *
ensure_sync_panel (ValisePlaces *self)
{
  if (self->sync_panel != NULL)
    return VALISE_SYNC_PANEL (self->sync_panel);

  self->sync_popover = gtk_popover_new ();
  self->sync_panel = valise_sync_panel_new ();
  valise_sync_panel_set_context (VALISE_SYNC_PANEL (self->sync_panel), self->context);
  gtk_widget_set_size_request (self->sync_panel, PANEL_WIDTH, -1);
  gtk_popover_set_child (GTK_POPOVER (self->sync_popover), self->sync_panel);
  gtk_popover_set_position (GTK_POPOVER (self->sync_popover), GTK_POS_TOP);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->sync_popover), FALSE);
  /* A popover's alignment does not mirror: it stands over the row's own edge either way. */
  gtk_widget_set_halign (self->sync_popover,
                         gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL
                             ? GTK_ALIGN_END
                             : GTK_ALIGN_START);
  gtk_widget_set_parent (self->sync_popover, GTK_WIDGET (self->status));

  return VALISE_SYNC_PANEL (self->sync_panel);
}

/* The panel goes before the window does that it stands over: what GTK still wants of it then, as
 * a tooltip that waits for the pointer to rest, finds its surface gone. */
static void
valise_places_unmap (GtkWidget *widget)
{
  valise_places_popdown_sync (VALISE_PLACES (widget));

  GTK_WIDGET_CLASS (valise_places_parent_class)->unmap (widget);
}

static void
valise_places_dispose (GObject *object)
{
  ValisePlaces *self = VALISE_PLACES (object);

  g_clear_pointer (&self->sync_popover, gtk_widget_unparent);
  g_clear_object (&self->context);
  gtk_widget_dispose_template (GTK_WIDGET (self), VALISE_TYPE_PLACES);

  G_OBJECT_CLASS (valise_places_parent_class)->dispose (object);
}

static void
valise_places_class_init (ValisePlacesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = valise_places_dispose;
  widget_class->unmap = valise_places_unmap;

  g_type_ensure (VALISE_TYPE_STATUS_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/valise/Valise/ui/valise-places.ui");
  gtk_widget_class_bind_template_child (widget_class, ValisePlaces, header);
  gtk_widget_class_bind_template_child (widget_class, ValisePlaces, title);
  gtk_widget_class_bind_template_child (widget_class, ValisePlaces, menu);
  gtk_widget_class_bind_template_child (widget_class, ValisePlaces, list);
  gtk_widget_class_bind_template_child (widget_class, ValisePlaces, status);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
valise_places_init (ValisePlaces *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    gtk_list_box_append (self->list, make_place (self, i));
}

void
valise_places_set_context (ValisePlaces *self, ValiseContext *context)
{
  g_autofree char *participant = NULL;

  g_return_if_fail (VALISE_IS_PLACES (self));

  if (self->context != NULL)
    g_signal_handlers_disconnect_by_data (valise_context_get_library (self->context), self);
  if (self->sync_panel != NULL)
    valise_sync_panel_set_context (VALISE_SYNC_PANEL (self->sync_panel), context);
  valise_status_row_set_scheduler (self->status,
                                   context != NULL ? valise_context_get_scheduler (context) : NULL);
  g_set_object (&self->context, context);
  if (context == NULL)
    return;

  participant = valise_format_participant (
      valise_account_get_participant (valise_context_get_account (context)));
  adw_window_title_set_subtitle (self->title, participant);
  g_signal_connect_object (valise_context_get_library (context), "changed",
                           G_CALLBACK (library_changed_cb), self, G_CONNECT_SWAPPED);
  library_changed_cb (self);
}

void
valise_places_select (ValisePlaces *self, const char *place)
{
  g_return_if_fail (VALISE_IS_PLACES (self));

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (strcmp (places[i].name, place) == 0)
      gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, (int) i));
}

void
valise_places_set_folded (ValisePlaces *self, gboolean folded)
{
  g_return_if_fail (VALISE_IS_PLACES (self));

  adw_header_bar_set_show_end_title_buttons (self->header, folded);
}

void
valise_places_focus (ValisePlaces *self)
{
  GtkListBoxRow *row = NULL;

  g_return_if_fail (VALISE_IS_PLACES (self));

  row = gtk_list_box_get_selected_row (self->list);
  gtk_widget_grab_focus (row != NULL ? GTK_WIDGET (row) : GTK_WIDGET (self->list));
}

void
valise_places_popup_menu (ValisePlaces *self)
{
  g_return_if_fail (VALISE_IS_PLACES (self));

  gtk_menu_button_popup (self->menu);
}

void
valise_places_popup_sync (ValisePlaces *self)
{
  g_return_if_fail (VALISE_IS_PLACES (self));

  ensure_sync_panel (self);
  gtk_popover_popup (GTK_POPOVER (self->sync_popover));
}

void
valise_places_popdown_sync (ValisePlaces *self)
{
  g_return_if_fail (VALISE_IS_PLACES (self));

  if (self->sync_popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (self->sync_popover));
}

ValiseStatusRow *
valise_places_get_status (ValisePlaces *self)
{
  return self->status;
}

ValiseSyncPanel *
valise_places_get_sync_panel (ValisePlaces *self)
{
  return ensure_sync_panel (self);
}
