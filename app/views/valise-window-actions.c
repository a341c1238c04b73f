/* valise-window-actions.c - what keys, buttons and rows ask of a window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-window"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "valise-file-queue.h"
#include "valise-panes.h"
#include "valise-reading-size.h"
#include "valise-toast.h"
#include "valise-window-parts.h"

static void
go_back_to (ValiseWindow *self, const char *place, const char *symbol)
{
  if (symbol != NULL && self->context != NULL)
    {
      valise_window_turn_to_paper (self, symbol, NULL, NULL);
      return;
    }
  if (strcmp (place, "papers") == 0)
    valise_papers_place_show_list (valise_window_need_papers (self),
                                   valise_window_content_width (self));
  valise_window_show_place (self, place);
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ValiseWindow    *self = VALISE_WINDOW (widget);
  const char      *place = valise_window_get_place (self);
  g_autofree char *before = NULL;
  g_autofree char *symbol = NULL;

  if (strcmp (place, "papers") == 0 && valise_papers_place_is_spread (self->papers_place))
    {
      gtk_widget_activate_action (widget, "win.side-by-side", NULL);
      return;
    }
  if (valise_history_pop (self->history, &before, &symbol))
    {
      go_back_to (self, before, symbol);
      return;
    }
  if (strcmp (place, "papers") == 0 && valise_papers_place_leave_page (self->papers_place))
    return;
  if (strcmp (place, "meetings") == 0 && valise_meetings_place_leave_page (self->meetings_place))
    return;
  if (adw_leaflet_get_folded (self->outer))
    adw_leaflet_set_visible_child_name (self->outer, "places");
}

static void
place_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ValiseWindow *self = VALISE_WINDOW (widget);
  const char   *place = g_variant_get_string (parameter, NULL);

  if (gtk_stack_get_child_by_name (self->content, place) != NULL)
    valise_window_go (self, place);
}

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  valise_window_open_paper (VALISE_WINDOW (widget), g_variant_get_string (parameter, NULL), NULL,
                            NULL);
}

/* The page of originals, in sight, and the queue that reads for it; NULL: no record is open. */
static ValisePdfPage *
show_original (ValiseWindow *self, ValiseFileQueue **queue)
{
  if (self->context == NULL)
    return NULL;
  *queue = valise_file_queue_for_account (valise_context_get_account (self->context));
  valise_window_go (self, "original");
  return valise_window_need_original (self);
}

/* Shows a file of the paper that is open: its digest and name. */
static void
original_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (ValiseFileQueue) queue = NULL;
  ValisePdfPage              *page = show_original (VALISE_WINDOW (widget), &queue);
  const char                 *sha256 = NULL;
  const char                 *file = NULL;

  if (page == NULL)
    return;
  g_variant_get (parameter, "(&s&s)", &sha256, &file);
  valise_pdf_page_open (page, queue, sha256, file);
}

/* The same at a page, from 0, with words found there. */
static void
original_at_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (ValiseFileQueue) queue = NULL;
  ValisePdfPage              *page = show_original (VALISE_WINDOW (widget), &queue);
  const char                 *sha256 = NULL;
  const char                 *file = NULL;
  const char                 *words = NULL;
  guint                       number = 0;

  if (page == NULL)
    return;
  g_variant_get (parameter, "(&s&su&s)", &sha256, &file, &number, &words);
  valise_pdf_page_open_at (page, queue, sha256, file, number, words);
}

/* Says that a file was saved, by its URI, and offers its folder. */
static void
saved_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GFile) file = g_file_new_for_uri (g_variant_get_string (parameter, NULL));
  g_autoptr (GFile) folder = g_file_get_parent (file);
  g_autofree char  *base = g_file_get_basename (file);
  g_autofree char  *shown = g_filename_display_name (base);
  /* Translators: %s is the name of a file. */
  g_autofree char *sentence = g_strdup_printf (_ ("Saved as “%s”"), shown);
  g_autofree char *uri = folder != NULL ? g_file_get_uri (folder) : NULL;
  AdwToast        *toast = valise_toast_new (sentence);

  if (uri != NULL)
    {
      /* Translators: verb; shows the folder in which a file was saved. */
      adw_toast_set_button_label (toast, _ ("Open Folder"));
      adw_toast_set_action_name (toast, "win.open-folder");
      adw_toast_set_action_target (toast, "s", uri);
    }
  adw_toast_overlay_add_toast (VALISE_WINDOW (widget)->toasts, toast);
}

static void
open_folder_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_show_uri (GTK_WINDOW (widget), g_variant_get_string (parameter, NULL), GDK_CURRENT_TIME);
}

static void
meeting_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ValiseWindow *self = VALISE_WINDOW (widget);

  valise_window_go (self, "meetings");
  valise_meetings_place_choose (self->meetings_place, g_variant_get_string (parameter, NULL));
}

static void
meeting_papers_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ValiseWindow *self = VALISE_WINDOW (widget);

  valise_window_go (self, "papers");
  valise_filters_choose (valise_papers_get_filters (self->papers), "meeting",
                         g_variant_get_string (parameter, NULL), NULL);
}

static void
show_places_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  adw_leaflet_set_visible_child_name (VALISE_WINDOW (widget)->outer, "places");
}

static void
show_list_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  valise_papers_place_toggle_list (VALISE_WINDOW (widget)->papers_place);
}

static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ValiseWindow *self = VALISE_WINDOW (widget);

  if (self->context != NULL)
    valise_window_go (self, "search");
}

/* "Here" is where the focus is: in the list its search, on the page its words. */
static void
find_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ValiseWindow *self = VALISE_WINDOW (widget);
  const char   *place = valise_window_get_place (self);
  GtkWidget    *focus = gtk_root_get_focus (GTK_ROOT (self));
  gboolean      in_list = focus != NULL && self->papers != NULL
                     && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->papers));

  if (strcmp (place, "search") == 0)
    valise_search_page_start (self->search);
  else if (strcmp (place, "original") == 0)
    valise_pdf_page_find (valise_window_need_original (self));
  else if (strcmp (place, "papers") != 0)
    search_action (widget, NULL, NULL);
  else if (in_list || valise_reader_get_text (self->reader) == NULL)
    valise_papers_find (self->papers);
  else
    gtk_widget_activate_action (GTK_WIDGET (self->reader), "reader.find", NULL);
}

/* win.quote is reader.quote, and so on: the page owns the state, the window the keys. */
static void
reader_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ValiseWindow    *self = VALISE_WINDOW (widget);
  gboolean         original = strcmp (valise_window_get_place (self), "original") == 0;
  g_autofree char *action = g_strconcat ("reader.", name + strlen ("win."), NULL);

  if (!original && self->reader != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self->reader), action, NULL);
  else if (original && g_str_has_prefix (name, "win.find-"))
    valise_pdf_page_find_step (valise_window_need_original (self),
                               strcmp (name, "win.find-next") == 0 ? 1 : -1);
}

static void
step_paper_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  valise_papers_step (valise_window_get_papers (VALISE_WINDOW (widget)),
                      strcmp (name, "win.next-paper") == 0 ? 1 : -1);
}

static void
zoom_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  valise_reading_size_turn (VALISE_WINDOW (widget)->settings, name);
}

static void
sync_now_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ValiseWindow *self = VALISE_WINDOW (widget);

  if (self->context != NULL)
    valise_scheduler_sync_now (valise_context_get_scheduler (self->context));
}

static void
sync_panel_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ValiseWindow *self = VALISE_WINDOW (widget);

  if (self->context == NULL)
    return;
  if (adw_leaflet_get_folded (self->outer))
    valise_window_go (self, "sync");
  else
    valise_places_popup_sync (self->places);
}

static void
menu_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ValiseWindow *self = VALISE_WINDOW (widget);

  adw_leaflet_set_visible_child_name (self->outer,
                                      adw_leaflet_get_folded (self->outer) ? "places" : "content");
  valise_places_popup_menu (self->places);
}

/* Places, then what stands beside them; a pane that is not in sight is passed over. */
static void
pane_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ValiseWindow *self = VALISE_WINDOW (widget);
  const char   *place = valise_window_get_place (self);
  GtkWidget    *shown = gtk_stack_get_visible_child (self->content);
  GtkWidget    *panes[] = { GTK_WIDGET (self->places), shown, shown };

  if (strcmp (place, "papers") == 0)
    {
      panes[1] = GTK_WIDGET (self->papers);
      panes[2] = GTK_WIDGET (self->reader);
    }
  else if (strcmp (place, "meetings") == 0)
    {
      panes[1] = valise_meetings_place_get_list (self->meetings_place);
      panes[2] = valise_meetings_place_get_page (self->meetings_place);
    }
  valise_panes_focus (panes, G_N_ELEMENTS (panes), strcmp (name, "win.next-pane") == 0 ? 1 : -1);
}

void
valise_window_install_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char                 *name;
    const char                 *type;
    GtkWidgetActionActivateFunc func;
  } actions[] = {
    { "win.place", "s", place_action },
    { "win.open", "s", open_action },
    { "win.meeting", "s", meeting_action },
    { "win.original", "(ss)", original_action },
    { "win.original-at", "(ssus)", original_at_action },
    { "win.saved", "s", saved_action },
    { "win.open-folder", "s", open_folder_action },
    { "win.meeting-papers", "s", meeting_papers_action },
    { "win.back", NULL, back_action },
    { "win.show-places", NULL, show_places_action },
    { "win.show-list", NULL, show_list_action },
    { "win.next-pane", NULL, pane_action },
    { "win.previous-pane", NULL, pane_action },
    { "win.find", NULL, find_action },
    { "win.search", NULL, search_action },
    { "win.find-next", NULL, reader_action },
    { "win.find-previous", NULL, reader_action },
    { "win.quote", NULL, reader_action },
    { "win.language", NULL, reader_action },
    { "win.side-by-side", NULL, reader_action },
    { "win.mark-unread", NULL, reader_action },
    { "win.next-paper", NULL, step_paper_action },
    { "win.previous-paper", NULL, step_paper_action },
    { "win.zoom-in", NULL, zoom_action },
    { "win.zoom-out", NULL, zoom_action },
    { "win.zoom-reset", NULL, zoom_action },
    { "win.sync-now", NULL, sync_now_action },
    { "win.sync-panel", NULL, sync_panel_action },
    { "win.menu", NULL, menu_action },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].type,
                                     actions[i].func);
}
