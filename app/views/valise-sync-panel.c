/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-sync-panel"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "valise-bundle-row.h"
#include "valise-document-name.h"
#include "valise-format.h"
#include "valise-nearby-row.h"
#include "valise-sentences.h"
#include "valise-sync-panel.h"
#include "valise-wait-words.h"

#define MOST_REFUSED 20 /* rows */

/**
 * ValiseSyncPanel:
 *
 * One widget, in a popover when the window is wide and on a page of its own when narrow.
 */
struct _ValiseSyncPanel
{
  AdwBin parent_instance;

  ValiseContext *context;
  guint          update_id;
  GCancellable  *listing; /* of the queue; NULL: none */
  gboolean       relist;  /* it changed meanwhile */

  ValiseBundleRow *bundle; /* among the ways */
  ValiseNearbyRow *nearby;

  /* Template */
  GtkLabel        *title;
  GtkLabel        *today;
  GtkWidget       *sync_now;
  GtkWidget       *problem_box;
  GtkLabel        *problem;
  GtkWidget       *beyond;
  GtkWidget       *fetching;
  GtkLabel        *fetched;
  GtkProgressBar  *progress;
  ValiseQueueList *to_send;
  ValiseQueueList *to_fetch;
  GtkWidget       *refused_box;
  GtkListBox      *refused;
  ValiseWays      *ways;
  AdwActionRow    *account;
};

G_DEFINE_FINAL_TYPE (ValiseSyncPanel, valise_sync_panel, ADW_TYPE_BIN)

static ValiseScheduler *
get_scheduler (ValiseSyncPanel *self)
{
  return self->context != NULL ? valise_context_get_scheduler (self->context) : NULL;
}

static void
say_today (ValiseSyncPanel *self)
{
  guint64          sent_bytes = 0;
  guint64          received_bytes = 0;
  g_autofree char *sent = NULL;
  g_autofree char *received = NULL;
  g_autofree char *today = NULL;
  g_autofree char *line = NULL;

  g_object_get (get_scheduler (self), "bytes-sent-today", &sent_bytes, "bytes-received-today",
                &received_bytes, NULL);
  sent = valise_format_size (sent_bytes);
  received = valise_format_size (received_bytes);
  /* Translators: two sizes: "41 kB sent, 212 kB received today". */
  today = g_strdup_printf (_ ("%1$s sent, %2$s received today"), sent, received);
  line = valise_format_join (
      valise_wait_describe_way (valise_scheduler_get_network (get_scheduler (self))), today, NULL);
  gtk_label_set_text (self->today, line);
}

static void
say_progress (ValiseSyncPanel *self)
{
  guint64               received = 0;
  guint64               expected = 0;
  ValiseSyncPhase       phase = valise_scheduler_get_phase (get_scheduler (self));
  g_auto (ValiseStatus) status = { 0 };

  g_object_get (get_scheduler (self), "documents-received", &received, "documents-expected",
                &expected, NULL);
  gtk_widget_set_visible (self->fetching, phase == VALISE_SYNC_RECEIVING);
  if (phase != VALISE_SYNC_RECEIVING)
    return;

  valise_status_read (&status, get_scheduler (self));
  gtk_label_set_text (self->fetched, status.detail);
  /* Until it is known how many there are, a bar would lie. */
  gtk_widget_set_visible (GTK_WIDGET (self->progress), expected > 0);
  if (expected > 0)
    gtk_progress_bar_set_fraction (self->progress,
                                   CLAMP ((double) received / (double) expected, 0, 1));
}

/* --- the queue ------------------------------------------------------------------------------- */

static void list_queue (ValiseSyncPanel *self);

static void
show_queue (ValiseSyncPanel *self, GPtrArray *items)
{
  valise_queue_list_show (self->to_send, get_scheduler (self), items, TRUE);
  valise_queue_list_show (self->to_fetch, get_scheduler (self), items, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->to_fetch),
                          valise_queue_list_get_n_items (self->to_fetch) > 0);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ValiseSyncPanel) self = user_data;
  g_autoptr (GError)          error = NULL;
  g_autoptr (GPtrArray)       items =
      valise_scheduler_list_queue_finish (VALISE_SCHEDULER (source), result, &error);

  if (self->listing != g_task_get_cancellable (G_TASK (result)))
    return;
  g_clear_object (&self->listing);
  if (items != NULL && get_scheduler (self) == VALISE_SCHEDULER (source))
    show_queue (self, items);
  if (self->relist && get_scheduler (self) != NULL)
    list_queue (self);
}

/* One at a time: what changes meanwhile is listed once more after it. */
static void
list_queue (ValiseSyncPanel *self)
{
  self->relist = self->listing != NULL;
  if (self->listing != NULL)
    return;
  self->listing = g_cancellable_new ();
  valise_scheduler_list_queue_async (get_scheduler (self), self->listing, listed_cb,
                                     g_object_ref (self));
}

static void
hold_cb (ValiseSyncPanel *self, const char *name, gboolean hold)
{
  valise_scheduler_hold (get_scheduler (self), name, hold);
  list_queue (self);
}

static void
beyond_cb (ValiseSyncPanel *self)
{
  valise_scheduler_go_beyond (get_scheduler (self));
  valise_scheduler_sync_now (get_scheduler (self));
}

/* What it is; the sentence above says what to do. */
static void
say_refused (ValiseSyncPanel *self)
{
  g_auto (GStrv) refused = NULL;
  guint          n_refused = 0;

  g_object_get (get_scheduler (self), "refused", &refused, NULL);
  n_refused = refused != NULL ? g_strv_length (refused) : 0;
  gtk_widget_set_visible (self->refused_box, n_refused > 0);
  while (gtk_list_box_get_row_at_index (self->refused, 0) != NULL)
    gtk_list_box_remove (self->refused,
                         GTK_WIDGET (gtk_list_box_get_row_at_index (self->refused, 0)));
  for (guint i = 0; i < MIN (n_refused, MOST_REFUSED); i++)
    {
      GtkWidget       *row = adw_action_row_new ();
      g_autofree char *name = valise_document_name_of_reason (refused[i]);

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row),
                                 gtk_image_new_from_icon_name ("valise-seal-broken-symbolic"));
      gtk_list_box_append (self->refused, row);
    }
}

static void
say_account (ValiseSyncPanel *self)
{
  ValiseAccount   *account = valise_context_get_account (self->context);
  const char      *server = valise_account_get_server (account);
  const char      *person = valise_account_get_person (account);
  g_autofree char *subtitle = valise_format_join (
      person != NULL ? person : "", server != NULL ? server : _ ("On this laptop only"), NULL);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->account),
                                 valise_account_is_sample (account)
                                     ? _ ("Sample programme")
                                     : valise_account_get_programme_name (account));
  adw_action_row_set_subtitle (self->account, subtitle);
}

/* What is wrong, or else what stands still because the user chose so. */
static void
say_problem (ValiseSyncPanel *self)
{
  ValiseScheduler *scheduler = get_scheduler (self);
  g_autofree char *sentence =
      valise_sentence_for_problem (valise_scheduler_get_problem (scheduler));
  ValiseVerdict verdict;

  valise_scheduler_get_verdict (scheduler, &verdict);
  gtk_widget_set_visible (self->beyond, sentence == NULL && verdict.send == VALISE_WAIT_BUDGET);
  if (sentence == NULL)
    sentence = valise_wait_sentence (scheduler);
  gtk_label_set_text (self->problem, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (self->problem_box, sentence != NULL);
}

static void
say_title (ValiseSyncPanel *self)
{
  ValiseScheduler *scheduler = get_scheduler (self);
  gint64           reached = valise_scheduler_get_last_reached (scheduler);
  gboolean         local = valise_scheduler_get_phase (scheduler) == VALISE_SYNC_LOCAL;
  g_autofree char *moment = reached > 0 ? valise_format_moment (reached) : NULL;
  g_autofree char *title = NULL;

  if (local)
    title = g_strdup (_ ("The sample programme has no secretariat"));
  else if (moment == NULL)
    title = g_strdup (_ ("The secretariat was not reached yet"));
  else
    /* Translators: %s is a time, "14:05", or a day and a time. */
    title = g_strdup_printf (_ ("Last reached the secretariat at %s"), moment);
  gtk_label_set_text (self->title, title);
  gtk_widget_set_visible (self->sync_now, !local);
  gtk_widget_set_visible (GTK_WIDGET (self->today), !local);
}

static gboolean
update_cb (gpointer user_data)
{
  ValiseSyncPanel *self = user_data;

  self->update_id = 0;
  /* Whoever comes to look finds it brought up to date: see map_cb(). */
  if (get_scheduler (self) == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return G_SOURCE_REMOVE;

  say_problem (self);
  say_title (self);
  say_today (self);
  say_progress (self);
  say_refused (self);
  say_account (self);
  valise_ways_update (self->ways, self->context);
  list_queue (self);

  return G_SOURCE_REMOVE;
}

/* A sync notifies often; the eye needs it ten times a second at most. */
static void
notify_cb (ValiseSyncPanel *self)
{
  if (self->update_id == 0)
    self->update_id = g_timeout_add (100, update_cb, self);
}

static void
map_cb (ValiseSyncPanel *self)
{
  g_clear_handle_id (&self->update_id, g_source_remove);
  update_cb (self);
}

static void
valise_sync_panel_dispose (GObject *object)
{
  ValiseSyncPanel *self = VALISE_SYNC_PANEL (object);

  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_object (&self->listing);
  g_clear_object (&self->context);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), VALISE_TYPE_SYNC_PANEL);

  G_OBJECT_CLASS (valise_sync_panel_parent_class)->dispose (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, ValiseSyncPanel, child)

static void
valise_sync_panel_class_init (ValiseSyncPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = valise_sync_panel_dispose;

  g_type_ensure (VALISE_TYPE_QUEUE_LIST);
  g_type_ensure (VALISE_TYPE_WAYS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/valise/Valise/ui/valise-sync-panel.ui");
  BIND (title);
  BIND (today);
  BIND (sync_now);
  BIND (problem_box);
  BIND (problem);
  BIND (beyond);
  BIND (fetching);
  BIND (fetched);
  BIND (progress);
  BIND (to_send);
  BIND (to_fetch);
  BIND (refused_box);
  BIND (refused);
  BIND (ways);
  BIND (account);
  gtk_widget_class_bind_template_callback (widget_class, hold_cb);
  gtk_widget_class_bind_template_callback (widget_class, beyond_cb);
}

static void
valise_sync_panel_init (ValiseSyncPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->bundle = VALISE_BUNDLE_ROW (valise_bundle_row_new ());
  valise_ways_append (self->ways, GTK_WIDGET (self->bundle));
  valise_ways_append (self->ways, valise_bundle_row_new_request ());
  self->nearby = VALISE_NEARBY_ROW (valise_nearby_row_new ());
  valise_ways_append (self->ways, GTK_WIDGET (self->nearby));
  g_signal_connect (self, "map", G_CALLBACK (map_cb), NULL);
}

GtkWidget *
valise_sync_panel_new (void)
{
  return g_object_new (VALISE_TYPE_SYNC_PANEL, NULL);
}

void
valise_sync_panel_set_context (ValiseSyncPanel *self, ValiseContext *context)
{
  g_return_if_fail (VALISE_IS_SYNC_PANEL (self));

  if (get_scheduler (self) != NULL)
    {
      g_signal_handlers_disconnect_by_data (get_scheduler (self), self);
      g_signal_handlers_disconnect_by_data (valise_context_get_account (self->context), self);
    }
  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_object (&self->listing);
  g_set_object (&self->context, context);
  valise_bundle_row_set_account (self->bundle,
                                 context != NULL ? valise_context_get_account (context) : NULL);
  valise_nearby_row_set_vicinity (self->nearby,
                                  context != NULL ? valise_context_get_vicinity (context) : NULL);
  if (context == NULL)
    return;

  g_signal_connect_object (get_scheduler (self), "notify", G_CALLBACK (notify_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (valise_context_get_account (context), "notify::languages",
                           G_CALLBACK (notify_cb), self, G_CONNECT_SWAPPED);
  update_cb (self);
}

const char *
valise_sync_panel_get_problem (ValiseSyncPanel *self)
{
  g_return_val_if_fail (VALISE_IS_SYNC_PANEL (self), NULL);

  return gtk_widget_get_visible (self->problem_box) ? gtk_label_get_text (self->problem) : NULL;
}

ValiseQueueList *
valise_sync_panel_get_queue (ValiseSyncPanel *self, gboolean outgoing)
{
  g_return_val_if_fail (VALISE_IS_SYNC_PANEL (self), NULL);

  return outgoing ? self->to_send : self->to_fetch;
}
