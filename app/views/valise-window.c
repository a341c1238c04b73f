/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-window"

#include "config.h"

#include <string.h>

#include "valise-decorations.h"
#include "valise-mending.h"
#include "valise-natural.h"
#include "valise-toast.h"
#include "valise-window-parts.h"

G_DEFINE_FINAL_TYPE (ValiseWindow, valise_window, ADW_TYPE_APPLICATION_WINDOW)

enum
{
  SIGNAL_OPENS,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- where one is ----------------------------------------------------------------------------- */

const char *
valise_window_get_place (ValiseWindow *self)
{
  g_return_val_if_fail (VALISE_IS_WINDOW (self), NULL);

  return gtk_stack_get_visible_child_name (self->content);
}

static void
remember (ValiseWindow *self)
{
  const char *place = valise_window_get_place (self);

  valise_history_push (self->history, place,
                       strcmp (place, "papers") == 0 ? valise_reader_get_symbol (self->reader)
                                                     : NULL);
}

/* px for what stands beside the places, or takes their room. */
int
valise_window_content_width (ValiseWindow *self)
{
  return gtk_widget_get_width (adw_leaflet_get_folded (self->outer) ? GTK_WIDGET (self->outer)
                                                                    : GTK_WIDGET (self->content));
}

void
valise_window_show_place (ValiseWindow *self, const char *place)
{
  valise_window_need_place (self, place);
  gtk_stack_set_visible_child_name (self->content, place);
  valise_places_select (self->places, place);
  adw_leaflet_set_visible_child_name (self->outer, "content");
  if (strcmp (place, "search") == 0)
    valise_search_page_start (self->search);
}

void
valise_window_go (ValiseWindow *self, const char *place)
{
  g_return_if_fail (VALISE_IS_WINDOW (self));
  g_return_if_fail (gtk_stack_get_child_by_name (self->content, place) != NULL);

  if (strcmp (place, valise_window_get_place (self)) != 0)
    remember (self);
  /* A place not shown has not been measured since the window grew narrow, so the window's own
   * pane is asked for its width. */
  if (strcmp (place, "papers") == 0)
    valise_papers_place_show_list (valise_window_need_papers (self),
                                   valise_window_content_width (self));
  if (strcmp (place, "meetings") == 0)
    valise_meetings_place_show_list (valise_window_need_meetings (self));
  valise_window_show_place (self, place);
}

void
valise_window_turn_to_paper (ValiseWindow *self,
                             const char   *symbol,
                             const char   *language,
                             const char   *key)
{
  valise_window_show_place (self, "papers");
  valise_papers_place_show_page (self->papers_place);
  valise_reader_open (self->reader, symbol, language, key);
}

void
valise_window_open_paper (ValiseWindow *self,
                          const char   *symbol,
                          const char   *language,
                          const char   *key)
{
  g_return_if_fail (VALISE_IS_WINDOW (self));
  g_return_if_fail (symbol != NULL);

  if (self->context == NULL)
    return;
  remember (self);
  valise_window_turn_to_paper (self, symbol, language, key);
}

/* --- what the pages ask for ------------------------------------------------------------------- */

void
valise_window_tell (ValiseWindow *self, const char *sentence)
{
  adw_toast_overlay_add_toast (self->toasts, valise_toast_new (sentence));
}

static gboolean
drop_cb (ValiseWindow *self, const GValue *value)
{
  valise_window_open_file (self, g_value_get_object (value));
  return TRUE;
}

/* --- object ----------------------------------------------------------------------------------- */

/* What stands over the window is of the record that was shown: its preferences, a bundle, what a
 * journey needs. With another record, or none, it would ask an account that is closed. */
static void
close_dialogs (ValiseWindow *self)
{
  g_autoptr (GListModel) windows = g_object_ref (gtk_window_get_toplevels ());

  for (guint i = g_list_model_get_n_items (windows); i-- > 0;)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (window != NULL && gtk_window_get_transient_for (window) == GTK_WINDOW (self))
        gtk_window_destroy (window);
    }
}

static void
take_context (ValiseWindow *self, ValiseContext *context)
{
  g_autoptr (ValiseContext) before = g_steal_pointer (&self->context);
  ValiseScheduler *scheduler = context != NULL ? valise_context_get_scheduler (context) : NULL;

  if (before != NULL && before != context)
    close_dialogs (self);
  g_set_object (&self->context, context);
  g_signal_emit (self, signals[SIGNAL_OPENS], 0, context);
  valise_history_clear (self->history);
  valise_places_set_context (self->places, context);
  valise_mending_follow (self->mending,
                         context != NULL ? valise_context_get_account (context) : NULL);
  valise_status_row_set_scheduler (VALISE_STATUS_ROW (self->foot), scheduler);
  valise_window_follow_context (self);
  if (before != NULL && before != context)
    valise_context_close (before);
}

static void
valise_window_dispose (GObject *object)
{
  ValiseWindow *self = VALISE_WINDOW (object);

  if (self->context != NULL)
    take_context (self, NULL);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->data_dir, g_free);
  g_clear_pointer (&self->history, valise_history_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), VALISE_TYPE_WINDOW);

  G_OBJECT_CLASS (valise_window_parent_class)->dispose (object);
}

static void
ensure_types (void)
{
  g_type_ensure (VALISE_TYPE_NATURAL);
  g_type_ensure (VALISE_TYPE_PLACES);
  g_type_ensure (VALISE_TYPE_TODAY);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, ValiseWindow, child)

static void
valise_window_class_init (ValiseWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = valise_window_dispose;
  signals[SIGNAL_OPENS] = g_signal_new ("opens", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, VALISE_TYPE_CONTEXT);

  ensure_types ();
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/valise/Valise/ui/valise-window.ui");
  BIND (toasts);
  BIND (root);
  BIND (welcome_bin);
  BIND (outer);
  BIND (mending);
  BIND (places);
  BIND (content);
  BIND (today);
  BIND (meetings_bin);
  BIND (papers_bin);
  BIND (search_bin);
  BIND (sync_bin);
  BIND (original_bin);
  gtk_widget_class_bind_template_callback (widget_class, valise_window_fold);
  valise_window_install_actions (widget_class);
}

/* An invitation may be dropped anywhere, on a record that is open too. */
static void
take_drops (ValiseWindow *self)
{
  GtkDropTarget *drop = gtk_drop_target_new (G_TYPE_FILE, GDK_ACTION_COPY);

  g_signal_connect_object (drop, "drop", G_CALLBACK (drop_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
}

static void
valise_window_init (ValiseWindow *self)
{
  self->history = valise_history_new ();
  gtk_widget_init_template (GTK_WIDGET (self));

  valise_places_select (self->places, "today");
  adw_leaflet_set_visible_child_name (self->outer, "content");
  take_drops (self);
  valise_decorations_follow (GTK_WINDOW (self));
  self->foot = valise_status_row_new ();
  valise_today_set_foot (self->today, self->foot);
}

static void
keep_size (ValiseWindow *self)
{
  g_settings_bind (self->settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-height", self, "default-height",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
}

ValiseWindow *
valise_window_new (GtkApplication *application, GSettings *settings, const char *data_dir)
{
  ValiseWindow *self = NULL;

  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  self = g_object_new (VALISE_TYPE_WINDOW, "application", application, NULL);
  self->settings = g_object_ref (settings);
  keep_size (self);
  self->data_dir = g_strdup (data_dir);
  g_signal_connect_object (settings, "changed::reading-size", G_CALLBACK (valise_window_zoom_pages),
                           self, G_CONNECT_SWAPPED);
  valise_window_zoom_pages (self);
  valise_window_fold (self);

  return self;
}

/* The first run, made where it was not. */
static ValiseWelcome *
show_welcome (ValiseWindow *self)
{
  ValiseWelcome *welcome = valise_window_need_welcome (self);

  gtk_stack_set_visible_child_name (self->root, "welcome");
  return welcome;
}

void
valise_window_set_context (ValiseWindow *self, ValiseContext *context)
{
  g_return_if_fail (VALISE_IS_WINDOW (self));

  take_context (self, context);
  if (context == NULL)
    {
      show_welcome (self);
      return;
    }
  gtk_stack_set_visible_child_name (self->root, "record");
  valise_window_show_place (self, "today");
}

ValiseContext *
valise_window_get_context (ValiseWindow *self)
{
  return self->context;
}

void
valise_window_open_invitation (ValiseWindow *self, GFile *file)
{
  g_return_if_fail (VALISE_IS_WINDOW (self));

  valise_welcome_open (show_welcome (self), file);
}

void
valise_window_say (ValiseWindow *self, const GError *error)
{
  g_return_if_fail (VALISE_IS_WINDOW (self));

  valise_welcome_say (show_welcome (self), error);
}

ValisePdfPage *
valise_window_get_original (ValiseWindow *self)
{
  g_return_val_if_fail (VALISE_IS_WINDOW (self), NULL);

  return valise_window_need_original (self);
}

ValisePapers *
valise_window_get_papers (ValiseWindow *self)
{
  g_return_val_if_fail (VALISE_IS_WINDOW (self), NULL);

  return valise_papers_place_get_papers (valise_window_need_papers (self));
}

ValiseReader *
valise_window_get_reader (ValiseWindow *self)
{
  g_return_val_if_fail (VALISE_IS_WINDOW (self), NULL);

  return valise_papers_place_get_reader (valise_window_need_papers (self));
}

ValiseSearchPage *
valise_window_get_search (ValiseWindow *self)
{
  g_return_val_if_fail (VALISE_IS_WINDOW (self), NULL);

  return valise_window_need_search (self);
}

ValiseWelcome *
valise_window_get_welcome (ValiseWindow *self)
{
  g_return_val_if_fail (VALISE_IS_WINDOW (self), NULL);

  return valise_window_need_welcome (self);
}

ValisePlaces *
valise_window_get_places (ValiseWindow *self)
{
  g_return_val_if_fail (VALISE_IS_WINDOW (self), NULL);

  return self->places;
}
