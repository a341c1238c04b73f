/* valise-reader-actions.c - what is done with the words on the page: finding, quoting, following
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-reader"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "valise-markup.h"
#include "valise-masthead.h"
#include "valise-notice.h"
#include "valise-quote.h"
#include "valise-reader-parts.h"

static void
find_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ValiseReader *self = VALISE_READER (widget);

  if (valise_reader_get_text (self) == NULL)
    return;
  if (strcmp (name, "reader.find") == 0)
    valise_find_bar_open (self->find_bar);
  else
    valise_find_bar_step (self->find_bar, strcmp (name, "reader.find-next") == 0 ? 1 : -1);
}

static void
quote_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ValiseReader    *self = VALISE_READER (widget);
  ValiseText      *text = valise_reader_get_text (self);
  ValiseText      *beside = valise_reader_get_other (self);
  int              chosen = valise_page_view_get_chosen (self->page);
  int              line = valise_page_view_get_line (self->page, chosen, FALSE);
  int              other = valise_page_view_get_line (self->page, chosen, TRUE);
  g_autofree char *words = valise_page_view_dup_selection (self->page);
  g_autofree char *both = valise_quote_both (text, line, beside, other, words);

  if (both == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), both);
  valise_reader_tell (self, _ ("Quoted with its reference"));
}

static void
seal_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  valise_masthead_show_seal (VALISE_MASTHEAD (VALISE_READER (widget)->masthead));
}

static void
mark_unread_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ValiseReader *self = VALISE_READER (widget);

  if (!valise_reader_is_open (self))
    return;
  valise_library_mark_read (valise_context_get_library (self->context),
                            valise_spread_get_symbol (self->spread), FALSE);
  valise_reader_tell (self, _ ("Marked unread"));
}

static void
show_note (ValiseReader *self, const char *number)
{
  g_autofree char *note = valise_notice_note (valise_reader_get_text (self), number);

  if (note == NULL)
    return;
  gtk_label_set_text (self->note, note);
  gtk_popover_popup (self->note_popover);
}

void
valise_reader_follow (ValiseReader *self, const char *uri)
{
  if (g_str_has_prefix (uri, VALISE_LINK_NOTE))
    show_note (self, uri + strlen (VALISE_LINK_NOTE));
  else if (g_str_has_prefix (uri, VALISE_LINK_PAPER))
    g_signal_emit_by_name (self, "link", uri + strlen (VALISE_LINK_PAPER));
}

void
valise_reader_install_actions (GtkWidgetClass *widget_class)
{
  static const char *const finding[] = { "reader.find", "reader.find-next",
                                         "reader.find-previous" };

  for (guint i = 0; i < G_N_ELEMENTS (finding); i++)
    gtk_widget_class_install_action (widget_class, finding[i], NULL, find_action);
  gtk_widget_class_install_action (widget_class, "reader.quote", NULL, quote_action);
  gtk_widget_class_install_action (widget_class, "reader.seal", NULL, seal_action);
  gtk_widget_class_install_action (widget_class, "reader.mark-unread", NULL, mark_unread_action);
}
