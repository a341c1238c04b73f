/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-status-row"

#include "config.h"

#include "valise-sentences.h"
#include "valise-status-row.h"

/**
 * ValiseStatusRow:
 *
 * Says what is known, and since when. It never says "online".
 */
struct _ValiseStatusRow
{
  AdwBin parent_instance;

  ValiseScheduler *scheduler;
  guint            update_id;

  /* Template */
  GtkWidget *button;
  GtkImage  *icon;
  GtkLabel  *title;
  GtkLabel  *detail;
};

G_DEFINE_FINAL_TYPE (ValiseStatusRow, valise_status_row, ADW_TYPE_BIN)

static gboolean
update_cb (gpointer user_data)
{
  ValiseStatusRow      *self = user_data;
  g_auto (ValiseStatus) status = { 0 };
  g_autofree char      *name = NULL;

  self->update_id = 0;
  valise_status_read (&status, self->scheduler);
  gtk_image_set_from_icon_name (self->icon, status.icon);
  gtk_label_set_text (self->title, status.title);
  gtk_label_set_text (self->detail, status.detail);
  gtk_widget_set_visible (GTK_WIDGET (self->detail), *status.detail != '\0');
  name = g_strdup_printf ("%s. %s", status.title, status.detail);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
  return G_SOURCE_REMOVE;
}

/* A sync notifies often; the eye needs it ten times a second at most. */
static void
notify_cb (ValiseStatusRow *self)
{
  if (self->update_id == 0)
    self->update_id = g_timeout_add (100, update_cb, self);
}

static void
valise_status_row_dispose (GObject *object)
{
  ValiseStatusRow *self = VALISE_STATUS_ROW (object);

  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_object (&self->scheduler);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), VALISE_TYPE_STATUS_ROW);

  G_OBJECT_CLASS (valise_status_row_parent_class)->dispose (object);
}

static void
valise_status_row_class_init (ValiseStatusRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = valise_status_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/valise/Valise/ui/valise-status-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ValiseStatusRow, button);
  gtk_widget_class_bind_template_child (widget_class, ValiseStatusRow, icon);
  gtk_widget_class_bind_template_child (widget_class, ValiseStatusRow, title);
  gtk_widget_class_bind_template_child (widget_class, ValiseStatusRow, detail);
}

static void
valise_status_row_init (ValiseStatusRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
valise_status_row_new (void)
{
  return g_object_new (VALISE_TYPE_STATUS_ROW, NULL);
}

void
valise_status_row_set_scheduler (ValiseStatusRow *self, ValiseScheduler *scheduler)
{
  g_return_if_fail (VALISE_IS_STATUS_ROW (self));

  if (self->scheduler != NULL)
    g_signal_handlers_disconnect_by_data (self->scheduler, self);
  g_clear_handle_id (&self->update_id, g_source_remove);
  g_set_object (&self->scheduler, scheduler);
  if (scheduler != NULL)
    g_signal_connect_object (scheduler, "notify", G_CALLBACK (notify_cb), self, G_CONNECT_SWAPPED);
  update_cb (self);
}

const char *
valise_status_row_get_title (ValiseStatusRow *self)
{
  return gtk_label_get_text (self->title);
}

const char *
valise_status_row_get_detail (ValiseStatusRow *self)
{
  return gtk_label_get_text (self->detail);
}
