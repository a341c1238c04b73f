/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-papers"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "valise-found-row.h"
#include "valise-paper-row.h"
#include "valise-papers.h"
#include "valise-search.h"
#include "valise-sentences.h"

#define FOUND_LIMIT  100 /* papers; who wants more types one more letter */
#define PASS_OVER_MS 180 /* an arrow held down does not open what it passes */

/**
 * ValisePapers:
 *
 * Headings and papers, as the library lists them, loaded as they are looked at. While there are
 * words in the search entry, the list is what was found instead. A click opens; arrows choose,
 * and what they rest on opens beside the list; Enter opens and goes there.
 */
struct _ValisePapers
{
  GtkBox parent_instance;

  ValiseLibrary      *library;
  ValiseSearch       *search;
  GtkSingleSelection *papers;
  GtkSingleSelection *results;
  guint               rest_id; /* source that opens what the arrows rest on */
  ValisePaper        *pending; /* to open once it is loaded, or NULL */
  gboolean            pending_focus;
  gboolean            quiet; /* the selection moves by itself */
  gboolean            stale; /* not listed yet: nobody has looked */

  /* Template */
  GtkWidget      *back;
  AdwWindowTitle *title;
  GtkSearchBar   *search_bar;
  GtkWidget      *search_button;
  GtkSearchEntry *entry;
  ValiseFilters  *filters;
  GtkStack       *stack;
  GtkListView    *list;
  GtkListView    *found;
  AdwStatusPage  *empty;
  GtkWidget      *empty_button;
};

G_DEFINE_FINAL_TYPE (ValisePapers, valise_papers, GTK_TYPE_BOX)

enum
{
  OPEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- opening -------------------------------------------------------------------------------- */

static void
forget_pending (ValisePapers *self)
{
  if (self->pending != NULL)
    g_signal_handlers_disconnect_by_data (self->pending, self);
  g_clear_object (&self->pending);
}

static void
pending_loaded_cb (ValisePapers *self)
{
  g_autoptr (ValisePaper) paper = g_object_ref (self->pending);

  if (valise_paper_get_symbol (paper) == NULL)
    return;
  forget_pending (self);
  g_signal_emit (self, signals[OPEN], 0, valise_paper_get_symbol (paper), NULL, NULL,
                 self->pending_focus);
}

/* A row may be chosen before it is loaded, and so before it has a symbol. */
static void
open_position (ValisePapers *self, guint position, gboolean focus)
{
  g_autoptr (ValisePaper) paper = g_list_model_get_item (G_LIST_MODEL (self->papers), position);

  g_clear_handle_id (&self->rest_id, g_source_remove);
  forget_pending (self);
  if (paper == NULL || valise_paper_is_heading (paper))
    return;
  self->pending = g_object_ref (paper);
  self->pending_focus = focus;
  g_signal_connect_object (paper, "notify::loaded", G_CALLBACK (pending_loaded_cb), self,
                           G_CONNECT_SWAPPED);
  pending_loaded_cb (self);
}

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  open_position (VALISE_PAPERS (widget), g_variant_get_uint32 (parameter), TRUE);
}

static void
list_activate_cb (ValisePapers *self, guint position)
{
  open_position (self, position, TRUE);
}

static gboolean
rested_cb (gpointer user_data)
{
  ValisePapers *self = user_data;

  self->rest_id = 0;
  open_position (self, gtk_single_selection_get_selected (self->papers), FALSE);
  return G_SOURCE_REMOVE;
}

static void
selected_cb (ValisePapers *self)
{
  g_clear_handle_id (&self->rest_id, g_source_remove);
  if (!self->quiet && gtk_single_selection_get_selected (self->papers) != GTK_INVALID_LIST_POSITION)
    self->rest_id = g_timeout_add (PASS_OVER_MS, rested_cb, self);
}

static void
found_activate_cb (ValisePapers *self, guint position)
{
  g_autoptr (ValiseFound) found = g_list_model_get_item (G_LIST_MODEL (self->results), position);
  const ValiseFinding    *line = found != NULL ? valise_found_get_line (found, 0) : NULL;

  if (line != NULL && !valise_found_open_original (line, GTK_WIDGET (self)))
    g_signal_emit (self, signals[OPEN], 0, line->symbol, line->language, line->key, TRUE);
}

static void
found_open_cb (ValisePapers *self, const char *symbol, const char *language, const char *key)
{
  g_signal_emit (self, signals[OPEN], 0, symbol, language, key, TRUE);
}

static void
setup_found_cb (ValisePapers *self, GtkListItem *item)
{
  GtkWidget *row = valise_found_row_new (TRUE);

  g_signal_connect_object (row, "open", G_CALLBACK (found_open_cb), self, G_CONNECT_SWAPPED);
  gtk_list_item_set_child (item, row);
}

static void
bind_found_cb (ValisePapers *self, GtkListItem *item)
{
  valise_found_row_set_found (VALISE_FOUND_ROW (gtk_list_item_get_child (item)),
                              gtk_list_item_get_item (item));
}

/* --- what is listed ------------------------------------------------------------------------- */

static void
say_title (ValisePapers *self)
{
  guint n_papers = self->library != NULL ? valise_library_get_n_papers (self->library) : 0;
  guint n_unread = self->library != NULL ? valise_library_get_n_unread (self->library) : 0;
  g_autofree char *subtitle = NULL;

  if (n_papers > 0)
    /* Translators: how many papers are unread and how many there are:
     * "7 unread · 1842 on this laptop". */
    subtitle = g_strdup_printf (_ ("%1$u unread · %2$u on this laptop"), n_unread, n_papers);
  adw_window_title_set_subtitle (self->title, subtitle != NULL ? subtitle : "");
}

static gboolean
is_searching (ValisePapers *self)
{
  return *gtk_editable_get_text (GTK_EDITABLE (self->entry)) != '\0';
}

static void
say_empty (ValisePapers *self, const char *title, const char *description, const char *button)
{
  g_autofree char *escaped = g_markup_escape_text (description, -1); /* it takes markup */

  adw_status_page_set_title (self->empty, title);
  adw_status_page_set_description (self->empty, escaped);
  gtk_widget_set_visible (self->empty_button, button != NULL);
  gtk_button_set_label (GTK_BUTTON (self->empty_button), button != NULL ? button : "");
  gtk_stack_set_visible_child_name (self->stack, "empty");
}

static void
show_state (ValisePapers *self)
{
  GListModel      *listed = gtk_single_selection_get_model (self->papers);
  g_autofree char *none = is_searching (self) ? valise_search_describe_none (self->search) : NULL;

  say_title (self);
  if (none != NULL)
    say_empty (self, _ ("Nothing found"), none,
               valise_filters_is_set (self->filters) ? _ ("Clear Filters") : NULL);
  else if (is_searching (self) && g_list_model_get_n_items (G_LIST_MODEL (self->results)) == 0)
    return; /* what stands is left until there is an answer */
  else if (is_searching (self))
    gtk_stack_set_visible_child_name (self->stack, "found");
  else if (listed != NULL && g_list_model_get_n_items (listed) > 0)
    gtk_stack_set_visible_child_name (self->stack, "list");
  else if (valise_library_is_behind (self->library))
    say_empty (self, _ ("Papers have come"), _ ("They are listed here as they are read."), NULL);
  else if (valise_filters_is_set (self->filters))
    say_empty (self, _ ("No paper here"), _ ("No paper on this laptop passes these filters."),
               _ ("Clear Filters"));
  else
    say_empty (self, _ ("No papers yet"),
               _ ("The record of the programme stands here once it has arrived. It comes with the "
                  "first sync."),
               _ ("Sync Now"));
}

static void
relist (ValisePapers *self)
{
  g_autoptr (GListModel) model = NULL;

  if (self->library == NULL)
    return;

  self->stale = FALSE;
  model = valise_library_list_papers (self->library, valise_filters_get (self->filters));
  g_signal_connect_object (model, "items-changed", G_CALLBACK (show_state), self,
                           G_CONNECT_SWAPPED);
  self->quiet = TRUE;
  gtk_single_selection_set_model (self->papers, model);
  self->quiet = FALSE;
  show_state (self);
}

/* A list view makes two hundred rows at once, in sight or not: at start-up, nobody asked. */
static void
map_cb (ValisePapers *self)
{
  if (self->stale)
    relist (self);
}

static void
answered_cb (ValisePapers *self)
{
  gtk_single_selection_set_model (self->results, valise_search_get_found (self->search));
  show_state (self);
}

static void
failed_cb (ValisePapers *self, const GError *error)
{
  g_autofree char *sentence = valise_sentence_for_error (error);

  g_debug ("%s", error->message);
  say_empty (self, _ ("Nothing found"), sentence, NULL);
}

static void
ask (ValisePapers *self)
{
  if (self->search != NULL && is_searching (self))
    valise_search_ask (self->search, gtk_editable_get_text (GTK_EDITABLE (self->entry)),
                       valise_filters_get (self->filters), FOUND_LIMIT);
  else
    show_state (self);
}

static void
search_changed_cb (ValisePapers *self)
{
  ask (self);
}

static void
filter_changed_cb (ValisePapers *self)
{
  relist (self);
  ask (self);
}

static void
entry_activate_cb (ValisePapers *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->results)) > 0)
    found_activate_cb (self, 0);
}

static void
stop_search_cb (ValisePapers *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

static void
empty_clicked_cb (ValisePapers *self)
{
  if (valise_filters_is_set (self->filters))
    valise_filters_clear (self->filters);
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "win.sync-now", NULL);
}

/* --- object --------------------------------------------------------------------------------- */

static void
valise_papers_dispose (GObject *object)
{
  ValisePapers *self = VALISE_PAPERS (object);

  g_clear_handle_id (&self->rest_id, g_source_remove);
  forget_pending (self);
  if (self->search != NULL)
    valise_search_stop (self->search);
  g_clear_object (&self->search);
  g_clear_object (&self->library);
  gtk_widget_dispose_template (GTK_WIDGET (self), VALISE_TYPE_PAPERS);
  g_clear_object (&self->papers);
  g_clear_object (&self->results);

  G_OBJECT_CLASS (valise_papers_parent_class)->dispose (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, ValisePapers, child)

static void
valise_papers_class_init (ValisePapersClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = valise_papers_dispose;
  signals[OPEN] =
      g_signal_new ("open", VALISE_TYPE_PAPERS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                    4, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_BOOLEAN);

  g_type_ensure (VALISE_TYPE_FILTERS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/valise/Valise/ui/valise-papers.ui");
  BIND (back);
  BIND (title);
  BIND (search_bar);
  BIND (search_button);
  BIND (entry);
  BIND (filters);
  BIND (stack);
  BIND (list);
  BIND (found);
  BIND (empty);
  BIND (empty_button);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_install_action (widget_class, "papers.open", "u", open_action);
  gtk_widget_class_bind_template_callback (widget_class, entry_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, list_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, found_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, empty_clicked_cb);
}

static GtkSingleSelection *
make_selection (void)
{
  GtkSingleSelection *selection = gtk_single_selection_new (NULL);

  gtk_single_selection_set_autoselect (selection, FALSE);
  gtk_single_selection_set_can_unselect (selection, TRUE);
  return selection;
}

static void
valise_papers_init (ValisePapers *self)
{
  g_autoptr (GtkListItemFactory) factory = valise_paper_row_new_factory ();
  g_autoptr (GtkListItemFactory) found_factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (found_factory, "setup", G_CALLBACK (setup_found_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (found_factory, "bind", G_CALLBACK (bind_found_cb), self,
                           G_CONNECT_SWAPPED);

  self->papers = make_selection ();
  self->results = make_selection ();
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->papers));
  gtk_list_view_set_factory (self->found, found_factory);
  gtk_list_view_set_model (self->found, GTK_SELECTION_MODEL (self->results));
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->entry));
  g_signal_connect (self, "map", G_CALLBACK (map_cb), NULL);
  g_signal_connect_object (self->papers, "notify::selected", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
}

void
valise_papers_set_library (ValisePapers *self, ValiseLibrary *library)
{
  g_return_if_fail (VALISE_IS_PAPERS (self));

  if (self->library != NULL)
    g_signal_handlers_disconnect_by_data (self->library, self);
  if (self->search != NULL)
    {
      valise_search_stop (self->search);
      g_signal_handlers_disconnect_by_data (self->search, self);
    }
  g_clear_object (&self->search);
  g_set_object (&self->library, library);
  valise_filters_set_library (self->filters, library);
  gtk_single_selection_set_model (self->results, NULL);
  if (library == NULL)
    {
      gtk_single_selection_set_model (self->papers, NULL);
      return;
    }

  self->search = valise_search_new (library);
  g_signal_connect_object (self->search, "answered", G_CALLBACK (answered_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search, "again", G_CALLBACK (ask), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (library, "changed", G_CALLBACK (show_state), self, G_CONNECT_SWAPPED);
  self->stale = TRUE;
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    relist (self);
}

void
valise_papers_find (ValisePapers *self)
{
  g_return_if_fail (VALISE_IS_PAPERS (self));

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

void
valise_papers_step (ValisePapers *self, int direction)
{
  guint n_items = 0;
  guint position = 0;

  g_return_if_fail (VALISE_IS_PAPERS (self));

  map_cb (self);
  n_items = g_list_model_get_n_items (G_LIST_MODEL (self->papers));
  position = gtk_single_selection_get_selected (self->papers);
  if (position == GTK_INVALID_LIST_POSITION)
    position = direction > 0 ? G_MAXUINT : 0;
  /* Unsigned: before the first and after the last are both out of range. */
  for (position += (guint) direction; position < n_items; position += (guint) direction)
    {
      g_autoptr (ValisePaper) paper = g_list_model_get_item (G_LIST_MODEL (self->papers), position);

      if (paper != NULL && !valise_paper_is_heading (paper))
        {
          gtk_single_selection_set_selected (self->papers, position);
          gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u",
                                      position);
          return;
        }
    }
}

void
valise_papers_set_folded (ValisePapers *self, gboolean folded)
{
  g_return_if_fail (VALISE_IS_PAPERS (self));

  gtk_widget_set_visible (self->back, folded);
}

ValiseFilters *
valise_papers_get_filters (ValisePapers *self)
{
  return self->filters;
}

GtkEditable *
valise_papers_get_entry (ValisePapers *self)
{
  return GTK_EDITABLE (self->entry);
}

GListModel *
valise_papers_get_model (ValisePapers *self)
{
  return is_searching (self) ? G_LIST_MODEL (self->results) : G_LIST_MODEL (self->papers);
}
