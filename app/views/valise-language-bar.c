/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-language-bar"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "valise-format.h"
#include "valise-language-bar.h"
#include "valise-language.h"

/**
 * ValiseLanguageBar:
 *
 * Two letters a language. The one on the page is filled; one that is not on this laptop is
 * dashed, and a click fetches it. Ctrl and a click puts a language beside the one shown.
 */
struct _ValiseLanguageBar
{
  GtkBox parent_instance;
};

G_DEFINE_FINAL_TYPE (ValiseLanguageBar, valise_language_bar, GTK_TYPE_BOX)

enum
{
  PICKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
clicked_cb (GtkButton *button, ValiseLanguageBar *self)
{
  g_signal_emit (self, signals[PICKED], 0, g_object_get_data (G_OBJECT (button), "version"), FALSE);
}

/* The button's own gesture does not say whether Ctrl was held, so it is asked first. */
static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, ValiseLanguageBar *self)
{
  GtkEventController *controller = GTK_EVENT_CONTROLLER (gesture);
  GdkModifierType     state = gtk_event_controller_get_current_event_state (controller);
  GtkWidget          *button = gtk_event_controller_get_widget (controller);

  if ((state & GDK_CONTROL_MASK) == 0)
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  g_signal_emit (self, signals[PICKED], 0, g_object_get_data (G_OBJECT (button), "version"), TRUE);
}

static gboolean
key_cb (GtkEventControllerKey *keys,
        guint                  key,
        guint                  code,
        GdkModifierType        state,
        ValiseLanguageBar     *self)
{
  GtkWidget *button = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (keys));

  if ((state & GDK_CONTROL_MASK) == 0 || (key != GDK_KEY_Return && key != GDK_KEY_space))
    return GDK_EVENT_PROPAGATE;
  g_signal_emit (self, signals[PICKED], 0, g_object_get_data (G_OBJECT (button), "version"), TRUE);
  return GDK_EVENT_STOP;
}

char *
valise_language_bar_describe (ValiseVersion *version)
{
  const char      *language = NULL;
  g_autofree char *size = NULL;

  g_return_val_if_fail (VALISE_IS_PAPER_VERSION (version), NULL);

  language = valise_version_get_language (version);
  if (valise_version_get_here (version))
    return g_strdup (valise_language_get_endonym (language));

  if (valise_version_get_size (version) <= 0)
    /* Translators: %s is a language, "French". */
    return g_strdup_printf (_ ("%s is not on this laptop: fetch"),
                            valise_format_language (language));

  size = valise_format_size ((guint64) valise_version_get_size (version));
  /* Translators: a language and a size: "French is not on this laptop: 41 kB, fetch". */
  return g_strdup_printf (_ ("%1$s is not on this laptop: %2$s, fetch"),
                          valise_format_language (language), size);
}

static GtkWidget *
make_button (ValiseLanguageBar *self, ValiseVersion *version, gboolean shown)
{
  const char         *language = valise_version_get_language (version);
  GtkWidget          *button = gtk_button_new_with_label (language);
  GtkGesture         *click = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  g_autofree char    *description = valise_language_bar_describe (version);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "circular");
  if (shown)
    gtk_widget_add_css_class (button, "shown");
  if (!valise_version_get_here (version))
    gtk_widget_add_css_class (button, "absent");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, description);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  description, -1);
  gtk_accessible_update_state (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_STATE_SELECTED,
                               (GtkAccessibleTristate) shown, -1);

  g_object_set_data_full (G_OBJECT (button), "version", g_object_ref (version), g_object_unref);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect_object (click, "pressed", G_CALLBACK (pressed_cb), self, 0);
  gtk_widget_add_controller (button, GTK_EVENT_CONTROLLER (click));
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_cb), self, 0);
  gtk_widget_add_controller (button, keys);
  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked_cb), self, 0);

  return button;
}

static void
valise_language_bar_class_init (ValiseLanguageBarClass *klass)
{
  signals[PICKED] = g_signal_new ("picked", VALISE_TYPE_LANGUAGE_BAR, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 2, VALISE_TYPE_VERSION, G_TYPE_BOOLEAN);
}

static void
valise_language_bar_init (ValiseLanguageBar *self)
{
  gtk_widget_add_css_class (GTK_WIDGET (self), "languages");
  gtk_box_set_spacing (GTK_BOX (self), 2);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Languages of this paper"), -1);
}

void
valise_language_bar_show (ValiseLanguageBar *self,
                          GListModel        *versions,
                          const char        *language,
                          const char        *other)
{
  guint n_versions = 0;

  g_return_if_fail (VALISE_IS_LANGUAGE_BAR (self));

  while (gtk_widget_get_first_child (GTK_WIDGET (self)) != NULL)
    gtk_box_remove (GTK_BOX (self), gtk_widget_get_first_child (GTK_WIDGET (self)));

  n_versions = versions != NULL ? g_list_model_get_n_items (versions) : 0;
  for (guint i = 0; i < n_versions; i++)
    {
      g_autoptr (ValiseVersion) version = g_list_model_get_item (versions, i);
      const char               *code = valise_version_get_language (version);
      gboolean shown = g_strcmp0 (code, language) == 0 || g_strcmp0 (code, other) == 0;

      gtk_box_append (GTK_BOX (self), make_button (self, version, shown));
    }
}
