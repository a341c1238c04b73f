/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-bundle-row"

#include "config.h"

#include <glib/gi18n.h>

#include "valise-bundle-row.h"
#include "valise-courier.h"
#include "valise-format.h"

struct _ValiseBundleRow
{
  AdwActionRow parent_instance;

  ValiseAccount *account; /* or NULL */
};

G_DEFINE_FINAL_TYPE (ValiseBundleRow, valise_bundle_row, ADW_TYPE_ACTION_ROW)

static void
say (ValiseBundleRow *self)
{
  gint64           when_us = 0;
  guint64          bytes = 0;
  g_autofree char *moment = NULL, *size = NULL, *subtitle = NULL;

  if (self->account == NULL || !valise_courier_get_last (self->account, &when_us, &bytes))
    {
      adw_action_row_set_subtitle (ADW_ACTION_ROW (self),
                                   _ ("Carries documents where there is no network"));
      return;
    }
  moment = valise_format_moment (when_us);
  size = valise_format_size (bytes);
  /* Translators: a time or a day, and a size: "Last written 18 July, 212 kB". */
  subtitle = g_strdup_printf (_ ("Last written %1$s, %2$s"), moment, size);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);
}

static void
valise_bundle_row_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (valise_bundle_row_parent_class)->map (widget);
  say (VALISE_BUNDLE_ROW (widget));
}

static void
valise_bundle_row_dispose (GObject *object)
{
  g_clear_object (&VALISE_BUNDLE_ROW (object)->account);

  G_OBJECT_CLASS (valise_bundle_row_parent_class)->dispose (object);
}

static void
valise_bundle_row_class_init (ValiseBundleRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = valise_bundle_row_dispose;
  GTK_WIDGET_CLASS (klass)->map = valise_bundle_row_map;
}

static void
valise_bundle_row_init (ValiseBundleRow *self)
{
  GtkWidget *icon = gtk_image_new_from_icon_name ("valise-bundle-symbolic");
  GtkWidget *open = gtk_button_new_from_icon_name ("document-open-symbolic");
  /* Translators: verb; opens the window where a bundle is written. */
  GtkWidget *write = gtk_button_new_with_label (_ ("Write…"));

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _ ("Bundle, by USB stick or e-mail"));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
  gtk_widget_set_valign (open, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (write, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (open, "flat");
  gtk_widget_set_tooltip_text (open, _ ("Open a Bundle"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (open), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Open a Bundle"), -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (open), "app.open-bundle");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (write), "app.write-bundle");
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), icon);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), open);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), write);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), write);
}

GtkWidget *
valise_bundle_row_new (void)
{
  return g_object_new (VALISE_TYPE_BUNDLE_ROW, NULL);
}

GtkWidget *
valise_bundle_row_new_request (void)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name ("valise-receipt-symbolic");
  /* Translators: verb; saves the list. */
  GtkWidget *save = gtk_button_new_with_label (_ ("Save…"));

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("List of what is here"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row),
                               _ ("Who opens it can write you a bundle with the rest"));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  gtk_widget_set_valign (save, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (save), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Save a List of What Is Here"), -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (save), "app.write-request");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), save);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), save);
  return row;
}

void
valise_bundle_row_set_account (ValiseBundleRow *self, ValiseAccount *account)
{
  g_return_if_fail (VALISE_IS_BUNDLE_ROW (self));

  g_set_object (&self->account, account);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    say (self);
}
