/* valise-reader-languages.c - which languages are on the page, and fetching those that are not here
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-reader"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "valise-format.h"
#include "valise-reader-parts.h"

void
valise_reader_offer (ValiseReader *self, const char *language)
{
  char *copy = g_strdup (language);

  g_free (self->to_fetch);
  self->to_fetch = copy;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "reader.fetch", language != NULL);
}

/* --- fetching --------------------------------------------------------------------------------- */

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ValiseReader) self = user_data;
  g_autoptr (GError)       error = NULL;
  gboolean fetched = valise_scheduler_fetch_finish (VALISE_SCHEDULER (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!fetched)
    {
      valise_reader_say_error (self, error);
      gtk_widget_action_set_enabled (GTK_WIDGET (self), "reader.fetch", self->to_fetch != NULL);
      return;
    }
  if (self->to_fetch != NULL && valise_reader_is_open (self))
    valise_spread_turn_to_fetched (self->spread, self->to_fetch);
}

static void
fetch_language (ValiseReader *self, const char *language)
{
  ValiseVersion   *version = valise_spread_find_version (self->spread, language);
  const char      *ids[] = { NULL, NULL };
  g_autofree char *sentence = NULL;

  if (version == NULL)
    return;

  valise_reader_offer (self, language);
  ids[0] = valise_version_get_id (version);
  /* Translators: a language being fetched: "French on its way". */
  sentence = g_strdup_printf (_ ("%s on its way"), valise_format_language (language));
  valise_bar_say (self->bar, "valise-arriving-symbolic", sentence, NULL, FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "reader.fetch", FALSE);
  valise_scheduler_fetch_async (valise_context_get_scheduler (self->context),
                                valise_version_get_database (version), ids, self->fetching,
                                fetched_cb, g_object_ref (self));
}

void
valise_reader_fetch_offered (ValiseReader *self)
{
  g_autofree char *language = g_strdup (self->to_fetch);

  if (language != NULL && valise_reader_is_open (self))
    fetch_language (self, language);
}

static void
fetch_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  valise_reader_fetch_offered (VALISE_READER (widget));
}

/* --- choosing --------------------------------------------------------------------------------- */

/* Ctrl on the language beside takes it away again. */
static void
turn_beside (ValiseReader *self, const char *language)
{
  ValiseText *other = valise_spread_get_other (self->spread);
  gboolean    off = other != NULL && strcmp (valise_text_get_language (other), language) == 0;

  valise_spread_turn (self->spread, valise_spread_get_wanted (self->spread), off ? NULL : language);
}

static void
turn_to (ValiseReader *self, const char *language)
{
  ValiseText *other = valise_spread_get_other (self->spread);

  g_settings_set_string (self->settings, "reading-language", language);
  valise_spread_turn (self->spread, language,
                      other != NULL ? valise_text_get_language (other) : NULL);
}

void
valise_reader_pick (ValiseReader *self, ValiseVersion *version, gboolean beside)
{
  g_autofree char *language = g_strdup (valise_version_get_language (version));
  gboolean         here = valise_version_get_here (version);

  gtk_popover_popdown (self->language_popover);
  if (!valise_reader_is_open (self))
    return;
  if (!here)
    fetch_language (self, language);
  else if (beside && valise_spread_get_text (self->spread) != NULL)
    turn_beside (self, language);
  else
    turn_to (self, language);
}

static void
side_by_side_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ValiseReader *self = VALISE_READER (widget);
  const char   *beside = NULL;

  if (valise_reader_get_text (self) == NULL || !valise_reader_is_open (self))
    return;

  if (valise_reader_get_other (self) == NULL)
    {
      beside = valise_spread_suggest_beside (self->spread, valise_format_interface_language ());
      if (beside == NULL)
        valise_reader_tell (self, _ ("This paper is here in one language only"));
    }
  valise_spread_turn (self->spread, valise_text_get_language (valise_reader_get_text (self)),
                      beside);
}

static void
language_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ValiseReader *self = VALISE_READER (widget);

  if (gtk_widget_get_visible (self->language_button))
    gtk_menu_button_popup (GTK_MENU_BUTTON (self->language_button));
  else
    gtk_widget_child_focus (GTK_WIDGET (self->languages), GTK_DIR_TAB_FORWARD);
}

void
valise_reader_install_languages (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "reader.fetch", NULL, fetch_action);
  gtk_widget_class_install_action (widget_class, "reader.language", NULL, language_action);
  gtk_widget_class_install_action (widget_class, "reader.side-by-side", NULL, side_by_side_action);
}
