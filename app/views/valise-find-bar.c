/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-find-bar"

#include "config.h"

#include <glib/gi18n.h>

#include "valise-find-bar.h"

/**
 * ValiseFindBar:
 *
 * An entry above the page that says how many places there are and goes from one to the next.
 * What was typed stays when another paper is shown, and is counted anew there.
 */
struct _ValiseFindBar
{
  AdwBin parent_instance;

  ValisePageView *page; /* not owned: both have one parent; or */
  ValisePdfView  *pdf;  /* likewise */
  guint           n_places;
  char           *sought; /* in the PDF, last */

  /* Template */
  GtkRevealer    *revealer;
  GtkSearchEntry *entry;
  GtkLabel       *count;
  GtkLabel       *wordless;
};

G_DEFINE_FINAL_TYPE (ValiseFindBar, valise_find_bar, ADW_TYPE_BIN)

static void
say_count (ValiseFindBar *self, guint place)
{
  g_autofree char *text = NULL;

  if (*gtk_editable_get_text (GTK_EDITABLE (self->entry)) == '\0')
    text = g_strdup ("");
  else if (self->n_places == 0)
    text = g_strdup (_ ("Nothing found"));
  else
    /* Translators: the second of fourteen places found: "2 of 14". */
    text = g_strdup_printf (C_ ("find", "%1$u of %2$u"), place, self->n_places);
  gtk_label_set_text (self->count, text);
}

/* A PDF is looked through off the main thread, and says when it was. */
static void
found_cb (ValiseFindBar *self)
{
  guint chosen = 0;

  self->n_places = valise_pdf_view_get_n_found (self->pdf, &chosen);
  say_count (self, chosen);
  gtk_widget_set_visible (GTK_WIDGET (self->wordless), valise_pdf_view_is_wordless (self->pdf));
}

static void
keep_sought (ValiseFindBar *self, const char *words)
{
  g_free (self->sought);
  self->sought = g_strdup (words);
}

static void
search_changed_cb (ValiseFindBar *self)
{
  const char *query = gtk_editable_get_text (GTK_EDITABLE (self->entry));

  /* The entry says so a moment later, and then it may be known, from another page on. */
  if (self->pdf != NULL && g_strcmp0 (query, self->sought) != 0)
    {
      keep_sought (self, query);
      valise_pdf_view_find (self->pdf, query);
    }
  if (self->page == NULL)
    return;
  self->n_places = valise_page_view_find (self->page, query);
  say_count (self, valise_page_view_find_step (self->page, 1));
}

static void
next_cb (ValiseFindBar *self)
{
  valise_find_bar_step (self, 1);
}

static void
previous_cb (ValiseFindBar *self)
{
  valise_find_bar_step (self, -1);
}

static void
valise_find_bar_dispose (GObject *object)
{
  adw_bin_set_child (ADW_BIN (object), NULL);
  g_clear_pointer (&VALISE_FIND_BAR (object)->sought, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), VALISE_TYPE_FIND_BAR);

  G_OBJECT_CLASS (valise_find_bar_parent_class)->dispose (object);
}

static void
valise_find_bar_class_init (ValiseFindBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = valise_find_bar_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/valise/Valise/ui/valise-find-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, ValiseFindBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, ValiseFindBar, entry);
  gtk_widget_class_bind_template_child (widget_class, ValiseFindBar, count);
  gtk_widget_class_bind_template_child (widget_class, ValiseFindBar, wordless);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_cb);
  gtk_widget_class_bind_template_callback (widget_class, previous_cb);
  gtk_widget_class_bind_template_callback (widget_class, valise_find_bar_close);
}

static void
valise_find_bar_init (ValiseFindBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
valise_find_bar_set_page (ValiseFindBar *self, ValisePageView *page)
{
  g_return_if_fail (VALISE_IS_FIND_BAR (self));

  self->page = page;
}

void
valise_find_bar_set_pdf (ValiseFindBar *self, ValisePdfView *pdf)
{
  g_return_if_fail (VALISE_IS_FIND_BAR (self));

  self->pdf = pdf;
  g_signal_connect_object (pdf, "turned", G_CALLBACK (found_cb), self, G_CONNECT_SWAPPED);
}

void
valise_find_bar_find (ValiseFindBar *self, const char *words, guint page)
{
  g_return_if_fail (VALISE_IS_FIND_BAR (self) && self->pdf != NULL);

  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
  keep_sought (self, words);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), words);
  valise_pdf_view_find_from (self->pdf, words, page);
}

gboolean
valise_find_bar_is_open (ValiseFindBar *self)
{
  g_return_val_if_fail (VALISE_IS_FIND_BAR (self), FALSE);

  return gtk_revealer_get_reveal_child (self->revealer);
}

void
valise_find_bar_open (ValiseFindBar *self)
{
  g_return_if_fail (VALISE_IS_FIND_BAR (self));

  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  valise_find_bar_refresh (self);
}

void
valise_find_bar_close (ValiseFindBar *self)
{
  g_return_if_fail (VALISE_IS_FIND_BAR (self));

  if (self->pdf != NULL)
    {
      /* Whoever is elsewhere stays there. */
      if (gtk_widget_get_focus_child (GTK_WIDGET (self)) != NULL)
        gtk_widget_grab_focus (GTK_WIDGET (self->pdf));
      keep_sought (self, "");
      gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
      valise_pdf_view_find (self->pdf, "");
    }
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  if (self->page == NULL)
    return;
  valise_page_view_find (self->page, NULL);
  gtk_widget_grab_focus (GTK_WIDGET (self->page));
}

void
valise_find_bar_step (ValiseFindBar *self, int direction)
{
  g_return_if_fail (VALISE_IS_FIND_BAR (self));

  if (!gtk_revealer_get_reveal_child (self->revealer))
    valise_find_bar_open (self);
  else if (self->pdf != NULL)
    valise_pdf_view_step (self->pdf, direction);
  else if (self->page != NULL)
    say_count (self, valise_page_view_find_step (self->page, direction));
}

void
valise_find_bar_refresh (ValiseFindBar *self)
{
  g_return_if_fail (VALISE_IS_FIND_BAR (self));

  if (gtk_revealer_get_reveal_child (self->revealer))
    search_changed_cb (self);
}

const char *
valise_find_bar_get_count (ValiseFindBar *self)
{
  g_return_val_if_fail (VALISE_IS_FIND_BAR (self), NULL);

  return gtk_label_get_text (self->count);
}

GtkEditable *
valise_find_bar_get_entry (ValiseFindBar *self)
{
  g_return_val_if_fail (VALISE_IS_FIND_BAR (self), NULL);

  return GTK_EDITABLE (self->entry);
}
