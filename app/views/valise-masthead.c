/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-masthead"

#include "config.h"

#include <glib/gi18n.h>

#include "valise-clock.h"
#include "valise-format.h"
#include "valise-language.h"
#include "valise-masthead.h"
#include "valise-wrap.h"

#define TITLES_GAP 58 /* px: the hinge of two columns, see valise-page-row.h */

/**
 * ValiseMasthead:
 *
 * The paper's own line (symbol, kind, author, date), its seal, and its title: chrome above,
 * the paper's serif below.
 */
struct _ValiseMasthead
{
  GtkBox parent_instance;

  /* Template */
  GtkLabel      *symbol;
  GtkLabel      *meta;
  GtkMenuButton *seal;
  GtkLabel      *seal_detail;
  GtkWidget     *titles;
  GtkLabel      *title;
  GtkLabel      *other_title;
};

G_DEFINE_FINAL_TYPE (ValiseMasthead, valise_masthead, GTK_TYPE_BOX)

static void
show_title (GtkLabel *label, ValiseText *text)
{
  const char *language = NULL;
  const char *classes[] = { "read-title", NULL, NULL };

  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
  if (text == NULL)
    return;

  language = valise_text_get_language (text);
  classes[1] = language;
  gtk_widget_set_css_classes (GTK_WIDGET (label), classes);
  gtk_widget_set_direction (
      GTK_WIDGET (label), valise_language_is_rtl (language) ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  gtk_label_set_text (label, valise_text_get_title (text));
  gtk_widget_set_focusable (GTK_WIDGET (label), FALSE);
}

/* Seals of before they said when are dated by their paper, and say that it is the paper's date. */
static char *
describe_sealing (ValisePaper *paper)
{
  const char      *issued = valise_paper_get_issued (paper);
  gint64           moment = issued != NULL ? valise_clock_parse (issued) : -1;
  g_autofree char *when = moment >= 0 ? valise_format_moment_whole (moment)
                                      : valise_format_date (valise_paper_get_date (paper));

  /* Translators: of a seal; %s is a day and a time: "12 December 2026, 14:05". */
  return moment >= 0 ? g_strdup_printf (_ ("sealed %s"), when)
                     /* Translators: of a seal that does not say when; %s is the paper's date. */
                     : g_strdup_printf (_ ("a paper of %s"), when);
}

static void
show_seal (ValiseMasthead *self, ValisePaper *paper)
{
  const char      *key = valise_paper_get_seal_key (paper);
  g_autofree char *when = describe_sealing (paper);
  g_autofree char *detail = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->seal), key != NULL);
  if (key == NULL)
    return;

  /* Translators: what a seal says: its issue number, when it was sealed, the key's number. */
  detail = g_strdup_printf (_ ("Issue %1$u, %2$s\nKey %3$s"),
                            (guint) valise_paper_get_issue (paper), when, key);
  gtk_label_set_text (self->seal_detail, detail);
}

static void
valise_masthead_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), VALISE_TYPE_MASTHEAD);

  G_OBJECT_CLASS (valise_masthead_parent_class)->dispose (object);
}

static void
valise_masthead_class_init (ValiseMastheadClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = valise_masthead_dispose;

  g_type_ensure (VALISE_TYPE_WRAP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/valise/Valise/ui/valise-masthead.ui");
  gtk_widget_class_bind_template_child (widget_class, ValiseMasthead, symbol);
  gtk_widget_class_bind_template_child (widget_class, ValiseMasthead, meta);
  gtk_widget_class_bind_template_child (widget_class, ValiseMasthead, seal);
  gtk_widget_class_bind_template_child (widget_class, ValiseMasthead, seal_detail);
  gtk_widget_class_bind_template_child (widget_class, ValiseMasthead, titles);
  gtk_widget_class_bind_template_child (widget_class, ValiseMasthead, title);
  gtk_widget_class_bind_template_child (widget_class, ValiseMasthead, other_title);
}

static void
valise_masthead_init (ValiseMasthead *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
valise_masthead_new (void)
{
  return g_object_new (VALISE_TYPE_MASTHEAD, NULL);
}

void
valise_masthead_show (ValiseMasthead *self, ValisePaper *paper, ValiseText *text, ValiseText *other)
{
  g_autofree char *symbol = NULL;
  g_autofree char *date = NULL;
  g_autofree char *meta = NULL;
  const char      *author = NULL;

  g_return_if_fail (VALISE_IS_MASTHEAD (self));
  g_return_if_fail (VALISE_IS_PAPER (paper));

  /* Alone, the head runs as its words do; side by side, as the interface. */
  gtk_widget_set_direction (GTK_WIDGET (self),
                            other != NULL ? gtk_widget_get_default_direction ()
                            : valise_language_is_rtl (valise_text_get_language (text))
                                ? GTK_TEXT_DIR_RTL
                                : GTK_TEXT_DIR_LTR);
  symbol = valise_format_isolate (valise_paper_get_symbol (paper));
  date = valise_format_date (valise_paper_get_date (paper));
  author = valise_paper_get_author (paper);
  meta = valise_format_join (valise_format_kind (valise_paper_get_kind (paper)),
                             author != NULL ? author : "", date, NULL);
  gtk_label_set_text (self->symbol, symbol);
  gtk_label_set_text (self->meta, meta);
  show_seal (self, paper);
  show_title (self->title, text);
  show_title (self->other_title, other);
}

void
valise_masthead_set_narrow (ValiseMasthead *self, gboolean narrow)
{
  g_return_if_fail (VALISE_IS_MASTHEAD (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->titles),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_box_set_homogeneous (GTK_BOX (self->titles), !narrow);
  gtk_box_set_spacing (GTK_BOX (self->titles), narrow ? 6 : TITLES_GAP);
}

void
valise_masthead_show_seal (ValiseMasthead *self)
{
  g_return_if_fail (VALISE_IS_MASTHEAD (self));

  if (gtk_widget_get_visible (GTK_WIDGET (self->seal)))
    gtk_menu_button_popup (self->seal);
}
