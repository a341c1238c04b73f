/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-colleagues-window"

#include "config.h"

#include <glib/gi18n.h>

#include "valise-colleague-row.h"
#include "valise-colleague-words.h"
#include "valise-colleagues-window.h"
#include "valise-sentences.h"
#include "valise-toast.h"

/**
 * ValiseColleaguesWindow:
 *
 * A list, and the page where one pairs. It shows the vicinity, and keeps nothing of its own.
 */
struct _ValiseColleaguesWindow
{
  AdwWindow parent_instance;

  ValiseVicinity *vicinity;
  gboolean        filling;

  GtkWidget  *back;
  GtkWidget  *title;
  GtkWidget  *toasts;
  GtkWidget  *stack;
  GtkWidget  *share;
  GtkWidget  *share_row;
  GtkWidget  *people;
  GtkWidget  *nobody;
  GtkWidget  *pairing;
  GHashTable *rows; /* key → ValiseColleagueRow */
};

G_DEFINE_FINAL_TYPE (ValiseColleaguesWindow, valise_colleagues_window, ADW_TYPE_WINDOW)

static void
tell (ValiseColleaguesWindow *self, const char *sentence)
{
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (self->toasts), valise_toast_new (sentence));
}

/* --- un-pairing ------------------------------------------------------------------------------- */

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ValiseColleaguesWindow) self = user_data;
  g_autoptr (GError)                 error = NULL;

  /* A window that was closed meanwhile has nowhere to say it. */
  if (!valise_vicinity_remove_finish (VALISE_VICINITY (source), result, &error)
      && self->vicinity != NULL)
    {
      g_autofree char *sentence = valise_sentence_for_error (error);

      tell (self, sentence);
    }
}

static void
confirmed_cb (AdwMessageDialog *dialog, const char *response, ValiseColleaguesWindow *self)
{
  if (g_str_equal (response, "stop") && self->vicinity != NULL)
    valise_vicinity_remove_async (self->vicinity, g_object_get_data (G_OBJECT (dialog), "key"),
                                  removed_cb, g_object_ref (self));
}

/* To pair again takes two people and two laptops: so it is asked before, and not undone after. */
static void
remove_cb (ValiseColleaguesWindow *self, ValiseColleagueRow *row)
{
  g_autofree char *heading =
      g_strdup_printf (_ ("Stop Sharing with %s?"), valise_colleague_row_get_person (row));
  GtkWidget *dialog = adw_message_dialog_new (
      GTK_WINDOW (self), heading,
      _ ("The two laptops exchange nothing any more. What was exchanged stays on both. To share "
         "again, pair again."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "stop",
                                    _ ("_Stop Sharing"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "stop",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "key", g_strdup (valise_colleague_row_get_key (row)),
                          g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (confirmed_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- the list --------------------------------------------------------------------------------- */

static void
sync_cb (ValiseColleaguesWindow *self, ValiseColleagueRow *row)
{
  valise_vicinity_sync (self->vicinity, valise_colleague_row_get_key (row));
}

static GtkWidget *
get_row (ValiseColleaguesWindow *self, const char *key)
{
  GtkWidget *row = g_hash_table_lookup (self->rows, key);

  if (row != NULL)
    return row;
  row = valise_colleague_row_new (key);
  g_signal_connect_object (row, "sync", G_CALLBACK (sync_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "remove", G_CALLBACK (remove_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->people), row);
  g_hash_table_insert (self->rows, g_strdup (key), row);
  return row;
}

static gboolean
is_gone (ValiseColleaguesWindow *self, const char *key, GPtrArray *list)
{
  for (guint i = 0; i < list->len; i++)
    if (g_str_equal (((const ValiseVicinityColleague *) g_ptr_array_index (list, i))->key, key))
      return FALSE;
  return TRUE;
}

/* Rows stay where they are while their words change: nobody's focus is taken away. */
static void
show_people (ValiseColleaguesWindow *self)
{
  g_autoptr (GPtrArray) list = valise_vicinity_list (self->vicinity);
  GHashTableIter        iter;
  gpointer              key = NULL, row = NULL;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &key, &row))
    if (is_gone (self, key, list))
      {
        adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self->people), row);
        g_hash_table_iter_remove (&iter);
      }
  for (guint i = 0; i < list->len; i++)
    {
      const ValiseVicinityColleague *colleague = g_ptr_array_index (list, i);

      valise_colleague_row_show (VALISE_COLLEAGUE_ROW (get_row (self, colleague->key)), colleague);
    }
  gtk_widget_set_visible (self->nobody, list->len == 0);
}

static void
update (ValiseColleaguesWindow *self)
{
  g_autofree char *state = valise_colleague_describe_sharing (self->vicinity);

  self->filling = TRUE;
  gtk_switch_set_active (GTK_SWITCH (self->share), valise_vicinity_get_sharing (self->vicinity));
  self->filling = FALSE;
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->share_row), state);
  show_people (self);
}

static void
share_cb (ValiseColleaguesWindow *self)
{
  if (!self->filling)
    valise_vicinity_set_sharing (self->vicinity, gtk_switch_get_active (GTK_SWITCH (self->share)));
}

/* --- pages ------------------------------------------------------------------------------------ */

void
valise_colleagues_window_pair (ValiseColleaguesWindow *self, gboolean pair)
{
  g_return_if_fail (VALISE_IS_COLLEAGUES_WINDOW (self));

  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), pair ? "pair" : "list");
  gtk_widget_set_visible (self->back, pair);
  adw_window_title_set_title (ADW_WINDOW_TITLE (self->title),
                              pair ? _ ("Pair with a Colleague") : _ ("Colleagues Nearby"));
  valise_pairing_page_set_open (VALISE_PAIRING_PAGE (self->pairing), pair);
}

static void
pair_cb (ValiseColleaguesWindow *self)
{
  valise_colleagues_window_pair (self, TRUE);
}

static void
back_cb (ValiseColleaguesWindow *self)
{
  valise_colleagues_window_pair (self, FALSE);
}

static void
paired_cb (ValiseColleaguesWindow *self, const char *person)
{
  g_autofree char *sentence = g_strdup_printf (_ ("Paired with %s"), person);

  valise_colleagues_window_pair (self, FALSE);
  tell (self, sentence);
}

/* --- the object ------------------------------------------------------------------------------- */

static void
valise_colleagues_window_dispose (GObject *object)
{
  ValiseColleaguesWindow *self = VALISE_COLLEAGUES_WINDOW (object);

  if (self->vicinity != NULL)
    g_signal_handlers_disconnect_by_data (self->vicinity, self); /* its pages tell it still */
  g_clear_object (&self->vicinity);
  g_hash_table_remove_all (self->rows);

  G_OBJECT_CLASS (valise_colleagues_window_parent_class)->dispose (object);
}

static void
valise_colleagues_window_finalize (GObject *object)
{
  g_hash_table_unref (VALISE_COLLEAGUES_WINDOW (object)->rows);

  G_OBJECT_CLASS (valise_colleagues_window_parent_class)->finalize (object);
}

static void
valise_colleagues_window_class_init (ValiseColleaguesWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = valise_colleagues_window_dispose;
  object_class->finalize = valise_colleagues_window_finalize;
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close",
                                       NULL);
}

static GtkWidget *
make_sharing (ValiseColleaguesWindow *self)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_description (
      ADW_PREFERENCES_GROUP (group),
      _ ("Laptops that are paired exchange the record on a local network, without the secretariat; "
         "within a delegation its desk and drafts too."));
  self->share = gtk_switch_new ();
  gtk_widget_set_valign (self->share, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->share), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Share with Paired Colleagues"), -1);
  g_signal_connect_object (self->share, "notify::active", G_CALLBACK (share_cb), self,
                           G_CONNECT_SWAPPED);
  self->share_row = adw_action_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->share_row),
                                 _ ("Share with Paired Colleagues"));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self->share_row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self->share_row), 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self->share_row), self->share);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self->share_row), self->share);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), self->share_row);
  return group;
}

static GtkWidget *
make_people (ValiseColleaguesWindow *self)
{
  /* Translators: verb; opens the page where two laptops are paired. */
  GtkWidget *pair = gtk_button_new_with_label (_ ("Pair…"));

  self->people = adw_preferences_group_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self->people), _ ("Colleagues"));
  gtk_widget_set_valign (pair, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (pair, _ ("Pair with a Colleague"));
  g_signal_connect_object (pair, "clicked", G_CALLBACK (pair_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (self->people), pair);
  self->nobody = adw_action_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->nobody), _ ("Nobody yet"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->nobody),
                               _ ("Choose Pair on both laptops, side by side."));
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self->nobody), 0);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->people), self->nobody);
  return self->people;
}

static GtkWidget *
make_header (ValiseColleaguesWindow *self)
{
  GtkWidget *header = adw_header_bar_new ();

  self->back = gtk_button_new_from_icon_name ("go-previous-symbolic");
  gtk_widget_set_tooltip_text (self->back, _ ("Back"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->back), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Back"), -1);
  g_signal_connect_object (self->back, "clicked", G_CALLBACK (back_cb), self, G_CONNECT_SWAPPED);
  self->title = adw_window_title_new (NULL, NULL);
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header), self->title);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), self->back);
  return header;
}

static void
valise_colleagues_window_init (ValiseColleaguesWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *page = adw_preferences_page_new ();

  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page),
                            ADW_PREFERENCES_GROUP (make_sharing (self)));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page),
                            ADW_PREFERENCES_GROUP (make_people (self)));
  self->stack = gtk_stack_new ();
  gtk_widget_set_vexpand (self->stack, TRUE);
  gtk_stack_add_named (GTK_STACK (self->stack), page, "list");
  self->toasts = adw_toast_overlay_new ();
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (self->toasts), self->stack);
  gtk_box_append (GTK_BOX (box), make_header (self));
  gtk_box_append (GTK_BOX (box), self->toasts);
  adw_window_set_content (ADW_WINDOW (self), box);
  gtk_window_set_title (GTK_WINDOW (self), _ ("Colleagues Nearby"));
  gtk_widget_set_size_request (GTK_WIDGET (self), 300, -1);
}

GtkWidget *
valise_colleagues_window_new (GtkWindow *parent, ValiseVicinity *vicinity)
{
  ValiseColleaguesWindow *self = NULL;
  int                     width = parent != NULL ? gtk_widget_get_width (GTK_WIDGET (parent)) : 0;

  g_return_val_if_fail (VALISE_IS_VICINITY (vicinity), NULL);

  self = g_object_new (VALISE_TYPE_COLLEAGUES_WINDOW, "transient-for", parent,
                       "destroy-with-parent", TRUE, NULL);
  /* Not wider than the window it stands over. */
  gtk_window_set_default_size (GTK_WINDOW (self), width > 0 ? MIN (width, 480) : 480, 560);
  self->vicinity = g_object_ref (vicinity);
  self->pairing = valise_pairing_page_new (vicinity);
  gtk_stack_add_named (GTK_STACK (self->stack), self->pairing, "pair");
  g_signal_connect_object (self->pairing, "paired", G_CALLBACK (paired_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (vicinity, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  valise_colleagues_window_pair (self, FALSE);
  update (self);
  return GTK_WIDGET (self);
}

ValisePairingPage *
valise_colleagues_window_get_pairing (ValiseColleaguesWindow *self)
{
  g_return_val_if_fail (VALISE_IS_COLLEAGUES_WINDOW (self), NULL);

  return VALISE_PAIRING_PAGE (self->pairing);
}
