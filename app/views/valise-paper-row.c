/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-paper-row"

#include "config.h"

#include <glib/gi18n.h>

#include "valise-format.h"
#include "valise-language.h"
#include "valise-paper-row.h"

/**
 * ValisePaperRow:
 *
 * What it is, then where it stands. The row is drawn at once and filled when its paper, which
 * is loaded as it is looked at, is there.
 */
struct _ValisePaperRow
{
  GtkBox parent_instance;

  ValisePaper *paper;

  /* Template */
  GtkLabel  *heading;
  GtkWidget *paper_box;
  GtkLabel  *symbol;
  GtkWidget *dot;
  GtkLabel  *title;
  GtkLabel  *meta;
  GtkLabel  *languages;
};

G_DEFINE_FINAL_TYPE (ValisePaperRow, valise_paper_row, GTK_TYPE_BOX)

char *
valise_paper_row_describe_languages (ValisePaper *paper)
{
  GListModel *versions = valise_paper_get_versions (paper);
  GString    *codes = g_string_new (NULL);
  guint       n_here = 0;

  for (guint i = 0; versions != NULL && i < g_list_model_get_n_items (versions); i++)
    {
      g_autoptr (ValiseVersion) version = g_list_model_get_item (versions, i);

      if (!valise_version_get_here (version))
        continue;
      g_string_append_printf (codes, "%s%s", n_here++ > 0 ? " " : "",
                              valise_version_get_language (version));
    }
  if (n_here < VALISE_N_LANGUAGES)
    return g_string_free (codes, FALSE);

  g_string_free (codes, TRUE);
  /* Translators: the paper is here in all six languages of the United Nations. */
  return g_strdup (_ ("all six"));
}

static const char *
get_author_or_kind (ValisePaper *paper)
{
  const char *author = valise_paper_get_author (paper);

  return author != NULL ? author : valise_format_kind (valise_paper_get_kind (paper));
}

char *
valise_paper_row_describe (ValisePaper *paper)
{
  const char      *symbol = valise_paper_get_symbol (paper);
  g_autofree char *languages = valise_paper_row_describe_languages (paper);

  return valise_format_join (symbol != NULL ? symbol : "", get_author_or_kind (paper), languages,
                             NULL);
}

static void
show_heading (ValisePaperRow *self)
{
  const char *title = valise_paper_get_title (self->paper);

  gtk_label_set_text (self->heading, title != NULL ? title : "");
}

static void
show_paper (ValisePaperRow *self)
{
  const char      *title = valise_paper_get_title (self->paper);
  const char      *symbol = valise_paper_get_symbol (self->paper);
  g_autofree char *isolated = valise_format_isolate (symbol);
  g_autofree char *date = valise_format_date_short (valise_paper_get_date (self->paper));
  g_autofree char *meta = valise_format_join (get_author_or_kind (self->paper), date, NULL);
  g_autofree char *languages = valise_paper_row_describe_languages (self->paper);
  gboolean         unread = valise_paper_get_unread (self->paper);
  /* Translators: said by a screen reader after an unread paper's symbol and title. */
  g_autofree char *name = g_strdup_printf ("%s %s %s", symbol != NULL ? symbol : "",
                                           title != NULL ? title : "", unread ? _ ("unread") : "");

  gtk_label_set_text (self->symbol, isolated);
  gtk_label_set_text (self->title, title != NULL ? title : "");
  gtk_label_set_text (self->meta, meta);
  gtk_label_set_text (self->languages, languages);
  gtk_widget_set_visible (self->dot, unread);
  if (unread)
    gtk_widget_add_css_class (GTK_WIDGET (self), "unread");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "unread");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
update (ValisePaperRow *self)
{
  gboolean heading = self->paper != NULL && valise_paper_is_heading (self->paper);

  gtk_widget_set_visible (GTK_WIDGET (self->heading), heading);
  gtk_widget_set_visible (self->paper_box, !heading);
  if (heading)
    show_heading (self);
  else if (self->paper != NULL)
    show_paper (self);
}

static void
valise_paper_row_dispose (GObject *object)
{
  ValisePaperRow *self = VALISE_PAPER_ROW (object);

  valise_paper_row_set_paper (self, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), VALISE_TYPE_PAPER_ROW);

  G_OBJECT_CLASS (valise_paper_row_parent_class)->dispose (object);
}

static void
valise_paper_row_class_init (ValisePaperRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = valise_paper_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/valise/Valise/ui/valise-paper-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ValisePaperRow, heading);
  gtk_widget_class_bind_template_child (widget_class, ValisePaperRow, paper_box);
  gtk_widget_class_bind_template_child (widget_class, ValisePaperRow, symbol);
  gtk_widget_class_bind_template_child (widget_class, ValisePaperRow, dot);
  gtk_widget_class_bind_template_child (widget_class, ValisePaperRow, title);
  gtk_widget_class_bind_template_child (widget_class, ValisePaperRow, meta);
  gtk_widget_class_bind_template_child (widget_class, ValisePaperRow, languages);
}

static void
valise_paper_row_init (ValisePaperRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
valise_paper_row_new (void)
{
  return g_object_new (VALISE_TYPE_PAPER_ROW, NULL);
}

void
valise_paper_row_set_paper (ValisePaperRow *self, ValisePaper *paper)
{
  g_return_if_fail (VALISE_IS_PAPER_ROW (self));

  if (self->paper == paper)
    return;
  if (self->paper != NULL)
    g_signal_handlers_disconnect_by_func (self->paper, update, self);
  g_set_object (&self->paper, paper);
  if (paper == NULL)
    return;
  g_signal_connect_object (paper, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

/* --- in a list ---------------------------------------------------------------------------------
 */

static void
row_released_cb (GtkGestureClick *gesture, int n_press, double x, double y, gpointer user_data)
{
  GtkListItem *item = user_data;
  GtkWidget   *row = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));

  gtk_widget_activate_action (row, "papers.open", "u", gtk_list_item_get_position (item));
}

static void
setup_row_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget  *row = valise_paper_row_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect_object (click, "released", G_CALLBACK (row_released_cb), item, 0);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));
  gtk_list_item_set_child (item, row);
}

static void
bind_row_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  ValisePaper *paper = gtk_list_item_get_item (item);
  GtkWidget   *row = gtk_list_item_get_child (item);
  GtkWidget   *holder = gtk_widget_get_parent (row);
  gboolean     heading = valise_paper_is_heading (paper);

  valise_paper_row_set_paper (VALISE_PAPER_ROW (row), paper);
  gtk_list_item_set_selectable (item, !heading);
  gtk_list_item_set_activatable (item, !heading);
  if (holder != NULL && heading)
    gtk_widget_add_css_class (holder, "heading-row");
  else if (holder != NULL)
    gtk_widget_remove_css_class (holder, "heading-row");
}

static void
unbind_row_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  valise_paper_row_set_paper (VALISE_PAPER_ROW (gtk_list_item_get_child (item)), NULL);
}

GtkListItemFactory *
valise_paper_row_new_factory (void)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_row_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_row_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_row_cb), NULL);
  return factory;
}
