/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-meetings-place"

#include "config.h"

#include "valise-decorations.h"
#include "valise-meeting-page.h"
#include "valise-meetings-place.h"
#include "valise-meetings.h"

struct _ValiseMeetingsPlace
{
  AdwBin parent_instance;

  ValiseLibrary *library;

  /* Template */
  AdwLeaflet        *leaflet;
  ValiseMeetings    *meetings;
  ValiseMeetingPage *page;
};

G_DEFINE_FINAL_TYPE (ValiseMeetingsPlace, valise_meetings_place, ADW_TYPE_BIN)

static void
folded_cb (ValiseMeetingsPlace *self)
{
  gboolean folded = adw_leaflet_get_folded (self->leaflet);

  valise_meeting_page_set_can_go_back (self->page, folded);
  valise_decorations_set_last (GTK_WIDGET (self->meetings), folded);
}

static void
open_cb (ValiseMeetingsPlace *self, ValiseMeeting *meeting, gboolean focus)
{
  valise_meeting_page_show (self->page, self->library, meeting);
  if (focus)
    adw_leaflet_set_visible_child_name (self->leaflet, "page");
}

static void
valise_meetings_place_dispose (GObject *object)
{
  ValiseMeetingsPlace *self = VALISE_MEETINGS_PLACE (object);

  if (self->leaflet != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->leaflet, self);
      adw_bin_set_child (ADW_BIN (self), NULL);
    }
  g_clear_object (&self->library);
  gtk_widget_dispose_template (GTK_WIDGET (self), VALISE_TYPE_MEETINGS_PLACE);

  G_OBJECT_CLASS (valise_meetings_place_parent_class)->dispose (object);
}

static void
valise_meetings_place_class_init (ValiseMeetingsPlaceClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = valise_meetings_place_dispose;

  g_type_ensure (VALISE_TYPE_MEETINGS);
  g_type_ensure (VALISE_TYPE_MEETING_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/valise/Valise/ui/valise-meetings-place.ui");
  gtk_widget_class_bind_template_child (widget_class, ValiseMeetingsPlace, leaflet);
  gtk_widget_class_bind_template_child (widget_class, ValiseMeetingsPlace, meetings);
  gtk_widget_class_bind_template_child (widget_class, ValiseMeetingsPlace, page);
  gtk_widget_class_bind_template_callback (widget_class, folded_cb);
}

static void
valise_meetings_place_init (ValiseMeetingsPlace *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->meetings, "open", G_CALLBACK (open_cb), self, G_CONNECT_SWAPPED);
}

void
valise_meetings_place_set_library (ValiseMeetingsPlace *self, ValiseLibrary *library)
{
  g_return_if_fail (VALISE_IS_MEETINGS_PLACE (self));

  g_set_object (&self->library, library);
  valise_meeting_page_show (self->page, NULL, NULL);
  valise_meetings_set_library (self->meetings, library);
  if (library != NULL)
    valise_meetings_choose (self->meetings, NULL);
}

void
valise_meetings_place_choose (ValiseMeetingsPlace *self, const char *id)
{
  g_return_if_fail (VALISE_IS_MEETINGS_PLACE (self));

  valise_meetings_choose (self->meetings, id);
  adw_leaflet_set_visible_child_name (self->leaflet, "page");
}

void
valise_meetings_place_show_list (ValiseMeetingsPlace *self)
{
  g_return_if_fail (VALISE_IS_MEETINGS_PLACE (self));

  adw_leaflet_set_visible_child_name (self->leaflet, "list");
}

gboolean
valise_meetings_place_leave_page (ValiseMeetingsPlace *self)
{
  g_return_val_if_fail (VALISE_IS_MEETINGS_PLACE (self), FALSE);

  if (!adw_leaflet_get_folded (self->leaflet)
      || g_strcmp0 (adw_leaflet_get_visible_child_name (self->leaflet), "page") != 0)
    return FALSE;
  adw_leaflet_set_visible_child_name (self->leaflet, "list");
  return TRUE;
}

void
valise_meetings_place_set_alone (ValiseMeetingsPlace *self, gboolean alone)
{
  g_return_if_fail (VALISE_IS_MEETINGS_PLACE (self));

  valise_meetings_set_folded (self->meetings, alone);
}

GtkWidget *
valise_meetings_place_get_list (ValiseMeetingsPlace *self)
{
  return GTK_WIDGET (self->meetings);
}

GtkWidget *
valise_meetings_place_get_page (ValiseMeetingsPlace *self)
{
  return GTK_WIDGET (self->page);
}
