/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-nearby-row"

#include "config.h"

#include <glib/gi18n.h>

#include "valise-colleague-words.h"
#include "valise-nearby-row.h"

struct _ValiseNearbyRow
{
  AdwActionRow parent_instance;

  ValiseVicinity *vicinity; /* or NULL */
};

G_DEFINE_FINAL_TYPE (ValiseNearbyRow, valise_nearby_row, ADW_TYPE_ACTION_ROW)

static void
say (ValiseNearbyRow *self)
{
  g_autofree char *summary = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), self->vicinity != NULL);
  if (self->vicinity == NULL)
    return;
  summary = valise_colleague_summarise (self->vicinity);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), summary);
}

static void
valise_nearby_row_dispose (GObject *object)
{
  g_clear_object (&VALISE_NEARBY_ROW (object)->vicinity);

  G_OBJECT_CLASS (valise_nearby_row_parent_class)->dispose (object);
}

static void
valise_nearby_row_class_init (ValiseNearbyRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = valise_nearby_row_dispose;
}

static void
valise_nearby_row_init (ValiseNearbyRow *self)
{
  GtkWidget *icon = gtk_image_new_from_icon_name ("system-users-symbolic");
  /* The whole row opens it: a button with a word beside the words is too wide for Russian. */
  GtkWidget *next = gtk_image_new_from_icon_name ("go-next-symbolic");

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _ ("Colleagues nearby"));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, "", -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (next), GTK_ACCESSIBLE_PROPERTY_LABEL, "", -1);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self), "app.colleagues");
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), icon);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), next);
  say (self);
}

GtkWidget *
valise_nearby_row_new (void)
{
  return g_object_new (VALISE_TYPE_NEARBY_ROW, NULL);
}

void
valise_nearby_row_set_vicinity (ValiseNearbyRow *self, ValiseVicinity *vicinity)
{
  g_return_if_fail (VALISE_IS_NEARBY_ROW (self));

  if (self->vicinity != NULL)
    g_signal_handlers_disconnect_by_data (self->vicinity, self);
  g_set_object (&self->vicinity, vicinity);
  if (vicinity != NULL)
    g_signal_connect_object (vicinity, "changed", G_CALLBACK (say), self, G_CONNECT_SWAPPED);
  say (self);
}
