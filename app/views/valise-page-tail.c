/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-page-tail"

#include "config.h"

#include <glib/gi18n.h>

#include "valise-format.h"
#include "valise-markup.h"
#include "valise-originals.h"
#include "valise-page-tail.h"

/**
 * ValisePageTail:
 *
 * The papers this one names, as links, and the note that it is an unofficial copy.
 */
struct _ValisePageTail
{
  GtkBox parent_instance;

  ValiseOriginals *originals;
  GtkLabel        *related;
  GtkLabel        *source;
};

G_DEFINE_FINAL_TYPE (ValisePageTail, valise_page_tail, GTK_TYPE_BOX)

enum
{
  LINK_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
activate_link_cb (GtkLabel *label, const char *uri, ValisePageTail *self)
{
  g_signal_emit (self, signals[LINK_ACTIVATED], 0, uri);
  return GDK_EVENT_STOP;
}

static GtkLabel *
add_label (ValisePageTail *self)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 10);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, "meta");
  gtk_box_append (GTK_BOX (self), label);
  g_signal_connect_object (label, "activate-link", G_CALLBACK (activate_link_cb), self, 0);

  return GTK_LABEL (label);
}

static void
valise_page_tail_class_init (ValisePageTailClass *klass)
{
  signals[LINK_ACTIVATED] =
      g_signal_new ("link-activated", VALISE_TYPE_PAGE_TAIL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
valise_page_tail_init (ValisePageTail *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  gtk_widget_set_margin_top (GTK_WIDGET (self), 18);
  gtk_widget_set_margin_bottom (GTK_WIDGET (self), 18);
  self->originals = VALISE_ORIGINALS (valise_originals_new ());
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->originals));
  self->related = add_label (self);
  self->source = add_label (self);
}

GtkWidget *
valise_page_tail_new (void)
{
  return g_object_new (VALISE_TYPE_PAGE_TAIL, NULL);
}

void
valise_page_tail_set_context (ValisePageTail *self, ValiseContext *context)
{
  g_return_if_fail (VALISE_IS_PAGE_TAIL (self));

  valise_originals_set_context (self->originals, context);
}

static char *
make_links (const char *const *symbols)
{
  g_autoptr (GString) links = g_string_new (NULL);

  for (guint i = 0; symbols[i] != NULL; i++)
    {
      g_autofree char *symbol = g_markup_escape_text (symbols[i], -1);

      g_string_append_printf (links, "%s<a href=\"" VALISE_LINK_PAPER "%s\">\u2068%s\u2069</a>",
                              i > 0 ? " · " : "", symbol, symbol);
    }
  /* Translators: before a list of symbols: the papers connected with this one. */
  return g_strdup_printf (_ ("Related: %s"), links->str);
}

void
valise_page_tail_show (ValisePageTail *self, ValisePaper *paper)
{
  const char *const *references = NULL;
  const char        *source = NULL;

  g_return_if_fail (VALISE_IS_PAGE_TAIL (self));
  g_return_if_fail (VALISE_IS_PAPER (paper));

  valise_originals_show (self->originals, paper);
  references = valise_paper_get_references (paper);
  source = valise_paper_get_source (paper);
  gtk_widget_set_visible (GTK_WIDGET (self->related), references != NULL && references[0] != NULL);
  if (references != NULL && references[0] != NULL)
    {
      g_autofree char *links = make_links (references);

      gtk_label_set_markup (self->related, links);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->source), source != NULL);
  gtk_label_set_text (self->source, source != NULL ? source : "");
}
