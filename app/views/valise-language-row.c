/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-language-row"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "valise-format.h"
#include "valise-language-row.h"
#include "valise-language.h"

struct _ValiseLanguageRow
{
  AdwPreferencesRow parent_instance;

  GtkToggleButton *buttons[VALISE_N_LANGUAGES];
};

G_DEFINE_FINAL_TYPE (ValiseLanguageRow, valise_language_row, ADW_TYPE_PREFERENCES_ROW)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
toggled_cb (ValiseLanguageRow *self, GtkToggleButton *button)
{
  g_auto (GStrv) codes = valise_language_row_dup_chosen (self);

  if (codes[0] == NULL)
    gtk_toggle_button_set_active (button, TRUE);
  else
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
valise_language_row_class_init (ValiseLanguageRowClass *klass)
{
  signals[CHANGED] = g_signal_new ("changed", VALISE_TYPE_LANGUAGE_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
add_button (ValiseLanguageRow *self, GtkWidget *box, guint i)
{
  const char *code = valise_language_list ()[i];
  GtkWidget  *button = gtk_toggle_button_new_with_label (code);

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
  gtk_widget_set_tooltip_text (button, valise_format_language (code));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  valise_format_language (code), -1);
  gtk_widget_add_css_class (button, "flat");
  gtk_box_append (GTK_BOX (box), button);
  self->buttons[i] = GTK_TOGGLE_BUTTON (button);
}

static void
valise_language_row_init (ValiseLanguageRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  for (guint i = 0; i < VALISE_N_LANGUAGES; i++)
    add_button (self, box, i);
  gtk_widget_add_css_class (box, "languages");
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Languages"), -1);
}

GtkWidget *
valise_language_row_new (const char *const *chosen)
{
  ValiseLanguageRow *self = g_object_new (VALISE_TYPE_LANGUAGE_ROW, NULL);

  for (guint i = 0; i < VALISE_N_LANGUAGES; i++)
    {
      if (chosen != NULL && chosen[0] != NULL)
        gtk_toggle_button_set_active (self->buttons[i],
                                      g_strv_contains (chosen, valise_language_list ()[i]));
      g_signal_connect_object (self->buttons[i], "toggled", G_CALLBACK (toggled_cb), self,
                               G_CONNECT_SWAPPED);
    }
  return GTK_WIDGET (self);
}

char **
valise_language_row_dup_chosen (ValiseLanguageRow *self)
{
  g_autoptr (GStrvBuilder) codes = g_strv_builder_new ();

  for (guint i = 0; i < VALISE_N_LANGUAGES; i++)
    if (gtk_toggle_button_get_active (self->buttons[i]))
      g_strv_builder_add (codes, valise_language_list ()[i]);
  return g_strv_builder_end (codes);
}

void
valise_language_row_set (ValiseLanguageRow *self, const char *code, gboolean on)
{
  for (guint i = 0; i < VALISE_N_LANGUAGES; i++)
    if (strcmp (valise_language_list ()[i], code) == 0)
      gtk_toggle_button_set_active (self->buttons[i], on);
}
