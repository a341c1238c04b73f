/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-bar"

#include "config.h"

#include "valise-bar.h"

/**
 * ValiseBar:
 *
 * Says one thing that lasts, with at most one button. A screen reader is told at once.
 */
struct _ValiseBar
{
  AdwBin parent_instance;

  /* Template */
  GtkRevealer *revealer;
  GtkWidget   *box;
  GtkImage    *icon;
  GtkLabel    *sentence;
  GtkButton   *button;
};

G_DEFINE_FINAL_TYPE (ValiseBar, valise_bar, ADW_TYPE_BIN)

enum
{
  ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
clicked_cb (ValiseBar *self)
{
  g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
valise_bar_dispose (GObject *object)
{
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), VALISE_TYPE_BAR);

  G_OBJECT_CLASS (valise_bar_parent_class)->dispose (object);
}

static void
valise_bar_class_init (ValiseBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = valise_bar_dispose;
  signals[ACTIVATED] = g_signal_new ("activated", VALISE_TYPE_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                     NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/valise/Valise/ui/valise-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, ValiseBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, ValiseBar, box);
  gtk_widget_class_bind_template_child (widget_class, ValiseBar, icon);
  gtk_widget_class_bind_template_child (widget_class, ValiseBar, sentence);
  gtk_widget_class_bind_template_child (widget_class, ValiseBar, button);
  gtk_widget_class_bind_template_callback (widget_class, clicked_cb);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_ALERT);
}

static void
valise_bar_init (ValiseBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
valise_bar_say (ValiseBar  *self,
                const char *icon,
                const char *sentence,
                const char *button,
                gboolean    warning)
{
  g_return_if_fail (VALISE_IS_BAR (self));

  gtk_revealer_set_reveal_child (self->revealer, sentence != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self), sentence != NULL);
  if (sentence == NULL)
    return;

  gtk_image_set_from_icon_name (self->icon, icon);
  gtk_label_set_text (self->sentence, sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->button), button != NULL);
  if (button != NULL)
    gtk_button_set_label (self->button, button);
  if (warning)
    gtk_widget_add_css_class (self->box, "warning");
  else
    gtk_widget_remove_css_class (self->box, "warning");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, sentence,
                                  -1);
}

const char *
valise_bar_get_sentence (ValiseBar *self)
{
  g_return_val_if_fail (VALISE_IS_BAR (self), NULL);

  return gtk_revealer_get_reveal_child (self->revealer) ? gtk_label_get_text (self->sentence)
                                                        : NULL;
}
