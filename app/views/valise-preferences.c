/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-preferences"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "valise-connection-page.h"
#include "valise-format.h"
#include "valise-language-group.h"
#include "valise-language.h"
#include "valise-preferences.h"
#include "valise-sentences.h"
#include "valise-toast.h"

/**
 * ValisePreferences:
 *
 * Follows the settings as they stand; what is changed counts at once.
 */
struct _ValisePreferences
{
  AdwPreferencesWindow parent_instance;

  GSettings     *settings;
  ValiseAccount *account;

  /* Template */
  AdwComboRow         *style;
  GtkSpinButton       *size;
  AdwComboRow         *reading_language;
  ValiseLanguageGroup *languages;
  GtkWidget           *secrets;
};

G_DEFINE_FINAL_TYPE (ValisePreferences, valise_preferences, ADW_TYPE_PREFERENCES_WINDOW)

static void
say_error (ValisePreferences *self, GError *error)
{
  g_autofree char *sentence = valise_sentence_for_error (error);

  g_debug ("%s", error->message);
  adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self), valise_toast_new (sentence));
}

static void
languages_changed_cb (ValisePreferences *self)
{
  g_auto (GStrv)     chosen = valise_language_group_dup_chosen (self->languages);
  g_autoptr (GError) error = NULL;

  if (!valise_account_set_languages (self->account, (const char *const *) chosen, &error))
    say_error (self, error);
}

static void
style_changed_cb (ValisePreferences *self)
{
  g_settings_set_enum (self->settings, "style", (int) adw_combo_row_get_selected (self->style));
}

/* The first choice is the interface's own language, kept as the empty string. */
static void
reading_language_changed_cb (ValisePreferences *self)
{
  guint selected = adw_combo_row_get_selected (self->reading_language);

  if (selected == 0)
    g_settings_reset (self->settings, "reading-language");
  else if (selected <= VALISE_N_LANGUAGES)
    g_settings_set_string (self->settings, "reading-language",
                           valise_language_list ()[selected - 1]);
}

static void
fill_reading_languages (ValisePreferences *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  g_autofree char          *kept = g_settings_get_string (self->settings, "reading-language");
  guint                     selected = 0;

  gtk_string_list_append (names, _ ("The interface’s language"));
  for (guint i = 0; valise_language_list ()[i] != NULL; i++)
    {
      gtk_string_list_append (names, valise_format_language (valise_language_list ()[i]));
      if (strcmp (valise_language_list ()[i], kept) == 0)
        selected = i + 1;
    }
  adw_combo_row_set_model (self->reading_language, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->reading_language, selected);
}

static void
valise_preferences_dispose (GObject *object)
{
  ValisePreferences *self = VALISE_PREFERENCES (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->account);
  gtk_widget_dispose_template (GTK_WIDGET (self), VALISE_TYPE_PREFERENCES);

  G_OBJECT_CLASS (valise_preferences_parent_class)->dispose (object);
}

static void
valise_preferences_class_init (ValisePreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = valise_preferences_dispose;

  g_type_ensure (VALISE_TYPE_LANGUAGE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/valise/Valise/ui/valise-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, ValisePreferences, style);
  gtk_widget_class_bind_template_child (widget_class, ValisePreferences, size);
  gtk_widget_class_bind_template_child (widget_class, ValisePreferences, reading_language);
  gtk_widget_class_bind_template_child (widget_class, ValisePreferences, languages);
  gtk_widget_class_bind_template_child (widget_class, ValisePreferences, secrets);
}

static void
valise_preferences_init (ValisePreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
offer_languages (ValisePreferences *self)
{
  g_auto (GStrv) chosen = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->languages), self->account != NULL);
  gtk_widget_set_visible (self->secrets,
                          self->account != NULL && valise_account_secrets_in_file (self->account));
  if (self->account == NULL)
    return;
  chosen = valise_account_dup_languages (self->account);
  valise_language_group_offer (self->languages, NULL, (const char *const *) chosen);
  g_signal_connect_object (self->languages, "changed", G_CALLBACK (languages_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
valise_preferences_new (GtkWindow *parent, GSettings *settings, ValiseAccount *account)
{
  ValisePreferences *self = g_object_new (VALISE_TYPE_PREFERENCES, "transient-for", parent, NULL);
  int                width = gtk_widget_get_width (GTK_WIDGET (parent)), least = 0;

  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  /* Not wider than the window it stands over. */
  g_object_get (self, "default-width", &least, NULL);
  if (width > 0 && width < least)
    g_object_set (self, "default-width", width, NULL);
  self->settings = g_object_ref (settings);
  g_set_object (&self->account, account);
  g_settings_bind (settings, "reading-size", self->size, "value", G_SETTINGS_BIND_DEFAULT);
  adw_combo_row_set_selected (self->style, (guint) g_settings_get_enum (settings, "style"));
  fill_reading_languages (self);
  offer_languages (self);
  g_signal_connect_object (self->style, "notify::selected", G_CALLBACK (style_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->reading_language, "notify::selected",
                           G_CALLBACK (reading_language_changed_cb), self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}

void
valise_preferences_add_connection (ValisePreferences *self,
                                   ValiseScheduler   *scheduler,
                                   gboolean           now)
{
  GtkWidget *page = NULL;

  g_return_if_fail (VALISE_IS_PREFERENCES (self));

  page = valise_connection_page_new (scheduler);
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (self), ADW_PREFERENCES_PAGE (page));
  if (now)
    adw_preferences_window_set_visible_page (ADW_PREFERENCES_WINDOW (self),
                                             ADW_PREFERENCES_PAGE (page));
}
