/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-search-page"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "valise-found-row.h"
#include "valise-search-page.h"
#include "valise-search.h"
#include "valise-sentences.h"

#define FOUND_LIMIT 200 /* papers */
#define NARROW      500 /* px: symbol, title and date are a line each */

/**
 * ValiseSearchPage:
 *
 * As one types, without a button. What is shown is the last answer, until the next is there.
 */
struct _ValiseSearchPage
{
  GtkBox parent_instance;

  ValiseSearch       *search;
  GtkSingleSelection *results;
  GtkLabel           *count; /* among the filters */

  /* Template */
  GtkSearchEntry *entry;
  ValiseFilters  *filters;
  GtkStack       *stack;
  GtkListView    *list;
  AdwStatusPage  *none;
  GtkWidget      *fewer;
  GtkWidget      *clear;
};

G_DEFINE_FINAL_TYPE (ValiseSearchPage, valise_search_page, GTK_TYPE_BOX)

enum
{
  OPEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *
get_query (ValiseSearchPage *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->entry));
}

/* All but the last word: what one might have meant before the slip; NULL: a single word. */
static char *
dup_fewer (const char *query)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (query));
  const char      *space = strrchr (trimmed, ' ');

  return space != NULL ? g_strndup (trimmed, (gsize) (space - trimmed)) : NULL;
}

static void
say_none (ValiseSearchPage *self)
{
  g_autofree char *fewer = dup_fewer (get_query (self));
  g_autofree char *label = NULL;
  g_autofree char *description = valise_search_describe_none (self->search);
  g_autofree char *escaped = NULL;

  escaped = g_markup_escape_text (description, -1); /* a status page takes markup */
  adw_status_page_set_description (self->none, escaped);
  gtk_widget_set_visible (self->fewer, fewer != NULL);
  if (fewer != NULL)
    {
      /* Translators: verb; %s is a part of what was searched for. */
      label = g_strdup_printf (_ ("Search “%s”"), fewer);
      gtk_button_set_label (GTK_BUTTON (self->fewer), label);
    }
  gtk_widget_set_visible (self->clear, valise_filters_is_set (self->filters));
  gtk_stack_set_visible_child_name (self->stack, "none");
}

static void
answered_cb (ValiseSearchPage *self)
{
  guint            total = valise_search_get_total (self->search);
  g_autofree char *count = NULL;

  if (*get_query (self) == '\0')
    return;
  gtk_single_selection_set_model (self->results, valise_search_get_found (self->search));
  /* Translators: how many papers were found; and a promise: searching stays on this laptop. */
  count = g_strdup_printf (
      ngettext ("%u found · nothing was sent", "%u found · nothing was sent", total), total);
  gtk_label_set_text (self->count, count);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->results)) == 0)
    say_none (self);
  else
    gtk_stack_set_visible_child_name (self->stack, "found");
}

static void
failed_cb (ValiseSearchPage *self, const GError *error)
{
  g_autofree char *sentence = valise_sentence_for_error (error);

  g_debug ("%s", error->message);
  gtk_label_set_text (self->count, sentence);
}

static void
ask (ValiseSearchPage *self)
{
  if (self->search == NULL)
    return;
  if (*get_query (self) == '\0')
    {
      valise_search_stop (self->search);
      gtk_single_selection_set_model (self->results, NULL);
      gtk_label_set_text (self->count, "");
      gtk_stack_set_visible_child_name (self->stack, "start");
      return;
    }
  valise_search_ask (self->search, get_query (self), valise_filters_get (self->filters),
                     FOUND_LIMIT);
}

static void
open_cb (ValiseSearchPage *self, const char *symbol, const char *language, const char *key)
{
  g_signal_emit (self, signals[OPEN], 0, symbol, language, key);
}

static void
activate_cb (ValiseSearchPage *self, guint position)
{
  g_autoptr (ValiseFound) found = g_list_model_get_item (G_LIST_MODEL (self->results), position);
  const ValiseFinding    *line = found != NULL ? valise_found_get_line (found, 0) : NULL;

  if (line != NULL && !valise_found_open_original (line, GTK_WIDGET (self)))
    open_cb (self, line->symbol, line->language, line->key);
}

static void
entry_activate_cb (ValiseSearchPage *self)
{
  activate_cb (self, 0);
}

static void
stop_search_cb (ValiseSearchPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.back", NULL);
}

static void
fewer_cb (ValiseSearchPage *self)
{
  g_autofree char *fewer = dup_fewer (get_query (self));

  gtk_editable_set_text (GTK_EDITABLE (self->entry), fewer != NULL ? fewer : "");
  valise_search_page_start (self);
}

static void
clear_cb (ValiseSearchPage *self)
{
  valise_filters_clear (self->filters);
}

static void
setup_cb (ValiseSearchPage *self, GtkListItem *item)
{
  GtkWidget *row = valise_found_row_new (FALSE);

  g_signal_connect_object (row, "open", G_CALLBACK (open_cb), self, G_CONNECT_SWAPPED);
  gtk_list_item_set_child (item, row);
}

static void
bind_cb (ValiseSearchPage *self, GtkListItem *item)
{
  ValiseFoundRow *row = VALISE_FOUND_ROW (gtk_list_item_get_child (item));

  valise_found_row_set_narrow (row, gtk_widget_get_width (GTK_WIDGET (self)) < NARROW);
  valise_found_row_set_found (row, gtk_list_item_get_item (item));
}

static void
valise_search_page_dispose (GObject *object)
{
  ValiseSearchPage *self = VALISE_SEARCH_PAGE (object);

  if (self->search != NULL)
    valise_search_stop (self->search);
  g_clear_object (&self->search);
  if (self->count != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->count));
  self->count = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (self), VALISE_TYPE_SEARCH_PAGE);
  g_clear_object (&self->results);

  G_OBJECT_CLASS (valise_search_page_parent_class)->dispose (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, ValiseSearchPage, child)

static void
valise_search_page_class_init (ValiseSearchPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = valise_search_page_dispose;
  signals[OPEN] = g_signal_new ("open", VALISE_TYPE_SEARCH_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);

  g_type_ensure (VALISE_TYPE_FILTERS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/valise/Valise/ui/valise-search-page.ui");
  BIND (entry);
  BIND (filters);
  BIND (stack);
  BIND (list);
  BIND (none);
  BIND (fewer);
  BIND (clear);
  gtk_widget_class_bind_template_callback (widget_class, ask);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, fewer_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_cb);
}

/* After the chips, and below them where they fill the line. */
static void
add_count (ValiseSearchPage *self)
{
  self->count =
      GTK_LABEL (g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS,
                               "ellipsize", PANGO_ELLIPSIZE_END, "margin-start", 6, NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->count), "meta");
  gtk_widget_add_css_class (GTK_WIDGET (self->count), "found-count");
  gtk_widget_set_parent (GTK_WIDGET (self->count), GTK_WIDGET (self->filters));
}

static void
valise_search_page_init (ValiseSearchPage *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  add_count (self);
  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, G_CONNECT_SWAPPED);
  self->results = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->results, FALSE);
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->results));
}

void
valise_search_page_set_library (ValiseSearchPage *self, ValiseLibrary *library)
{
  g_return_if_fail (VALISE_IS_SEARCH_PAGE (self));

  if (self->search != NULL)
    {
      valise_search_stop (self->search);
      g_signal_handlers_disconnect_by_data (self->search, self);
    }
  g_clear_object (&self->search);
  gtk_single_selection_set_model (self->results, NULL);
  valise_filters_set_library (self->filters, library);
  if (library == NULL)
    return;

  self->search = valise_search_new (library);
  g_signal_connect_object (self->search, "answered", G_CALLBACK (answered_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search, "again", G_CALLBACK (ask), self, G_CONNECT_SWAPPED);
  ask (self);
}

void
valise_search_page_start (ValiseSearchPage *self)
{
  g_return_if_fail (VALISE_IS_SEARCH_PAGE (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_editable_select_region (GTK_EDITABLE (self->entry), 0, -1);
}

GtkEditable *
valise_search_page_get_entry (ValiseSearchPage *self)
{
  return GTK_EDITABLE (self->entry);
}

GListModel *
valise_search_page_get_model (ValiseSearchPage *self)
{
  return G_LIST_MODEL (self->results);
}

const char *
valise_search_page_get_count (ValiseSearchPage *self)
{
  return gtk_label_get_text (self->count);
}
