/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-toast"

#include "config.h"

#include <string.h>

#include "valise-toast.h"

#define LINE_LONG     28 /* characters */
#define SENTENCE_LONG 40 /* bytes: it takes its time to be read */

/* A toast's own title is one line of markup, cut where the window ends. */
static GtkWidget *
make_title (const char *sentence)
{
  GtkWidget *label = gtk_label_new (sentence);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  /* An overlay gives a toast the height of its natural width, which a phone must have room for. */
  gtk_label_set_max_width_chars (GTK_LABEL (label), LINE_LONG);
  gtk_widget_add_css_class (label, "heading");
  return label;
}

AdwToast *
valise_toast_new (const char *sentence)
{
  g_autofree char *title = NULL;
  AdwToast        *toast = NULL;

  g_return_val_if_fail (sentence != NULL, NULL);

  title = g_markup_escape_text (sentence, -1);
  toast = adw_toast_new (title);
  adw_toast_set_custom_title (toast, make_title (sentence));
  adw_toast_set_timeout (toast, strlen (sentence) > SENTENCE_LONG ? 6 : 2);
  return toast;
}
