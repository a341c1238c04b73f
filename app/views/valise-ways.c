/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-ways"

#include "config.h"

#include <glib/gi18n.h>

#include "valise-format.h"
#include "valise-wait-words.h"
#include "valise-ways.h"

/**
 * ValiseWays:
 *
 * A card whose first rows are about the connection; other files append theirs.
 */
struct _ValiseWays
{
  GtkBox parent_instance;

  GtkWidget *card;
  GtkWidget *budget;
  GtkWidget *languages;
};

G_DEFINE_FINAL_TYPE (ValiseWays, valise_ways, GTK_TYPE_BOX)

/* A row that opens the preferences where this is changed. */
static GtkWidget *
make_row (const char *title, const char *icon_name)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name (icon_name);
  GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, "", -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (arrow), GTK_ACCESSIBLE_PROPERTY_LABEL, "", -1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  return row;
}

static void
valise_ways_class_init (ValiseWaysClass *klass)
{
}

static void
valise_ways_init (ValiseWays *self)
{
  /* Translators: the ways by which documents travel. */
  GtkWidget *title = gtk_label_new (_ ("Ways"));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 9);
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "group");
  self->card = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->card), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->card, "boxed-list");
  self->budget = make_row (_ ("Limit on this connection"), "network-cellular-signal-good-symbolic");
  self->languages = make_row (_ ("Languages fetched"), "valise-translation-symbolic");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->budget), "app.connection");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->languages), "app.preferences");
  gtk_list_box_append (GTK_LIST_BOX (self->card), self->budget);
  gtk_list_box_append (GTK_LIST_BOX (self->card), self->languages);
  gtk_box_append (GTK_BOX (self), title);
  gtk_box_append (GTK_BOX (self), self->card);
}

void
valise_ways_update (ValiseWays *self, ValiseContext *context)
{
  ValiseAccount      *account = valise_context_get_account (context);
  ValiseScheduler    *scheduler = valise_context_get_scheduler (context);
  g_auto (GStrv)      codes = valise_account_dup_languages (account);
  g_autoptr (GString) languages = g_string_new (NULL);
  g_autofree char    *budget = valise_wait_describe_budget (scheduler);

  g_return_if_fail (VALISE_IS_WAYS (self));

  for (guint i = 0; codes != NULL && codes[i] != NULL; i++)
    g_string_append_printf (languages, "%s%s", i > 0 ? " · " : "",
                            valise_format_language (codes[i]));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->languages),
                               languages->len > 0 ? languages->str : _ ("All six"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->budget), budget);
  gtk_widget_set_visible (self->budget, !valise_account_is_sample (account));
}

void
valise_ways_append (ValiseWays *self, GtkWidget *row)
{
  g_return_if_fail (VALISE_IS_WAYS (self));

  gtk_list_box_append (GTK_LIST_BOX (self->card), row);
}
