/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-travel-dialog"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "valise-format.h"
#include "valise-language-row.h"
#include "valise-sentences.h"
#include "valise-travel-dialog.h"
#include "valise-travel-words.h"
#include "valise-wait-words.h"
#include "valise-weak.h"

#define N_ROWS    (VALISE_TRAVEL_N_PARTS + 1) /* the last is the files */
#define ROW_FILES VALISE_TRAVEL_N_PARTS
#define WAITS_MS  300

/**
 * ValiseTravelDialog:
 *
 * The meeting and its languages are chosen above; each switch below adds its bytes to the one
 * number. What is gathered is of one moment, and gathered anew with another meeting.
 */
struct _ValiseTravelDialog
{
  AdwWindow parent_instance;

  ValiseContext *context;
  GListModel    *meetings;
  ValiseTravel  *travel;    /* NULL: not gathered yet */
  GCancellable  *gathering; /* NULL: not now */
  char          *wanted;    /* the meeting that was asked for or chosen, or NULL */
  gboolean       filling;   /* the meetings */

  GtkWidget *prepare;
  GtkWidget *title;
  GtkWidget *size;
  GtkWidget *time;
  GtkWidget *meeting;
  GtkWidget *languages;
  GtkWidget *rows[N_ROWS];
  GtkWidget *sizes[N_ROWS];
  GtkWidget *switches[N_ROWS];
  GtkWidget *note;
};

G_DEFINE_FINAL_TYPE (ValiseTravelDialog, valise_travel_dialog, ADW_TYPE_WINDOW)

/* NULL once the record was closed. */
static ValiseScheduler *
get_scheduler (ValiseTravelDialog *self)
{
  return self->context != NULL ? valise_context_get_scheduler (self->context) : NULL;
}

/* --- the number ------------------------------------------------------------------------------ */

static void
read_order (ValiseTravelDialog *self, ValiseTravelOrder *order)
{
  *order = (ValiseTravelOrder){ .travel = self->travel };
  for (int part = 0; part < VALISE_TRAVEL_N_PARTS; part++)
    order->parts[part] = gtk_switch_get_active (GTK_SWITCH (self->switches[part]));
  order->files = gtk_switch_get_active (GTK_SWITCH (self->switches[ROW_FILES]));
}

static void
say_sum (ValiseTravelDialog *self)
{
  ValiseTravelOrder order;
  guint64           bytes = 0;
  g_autofree char  *size = NULL, *time = NULL, *note = NULL;

  if (self->travel == NULL || get_scheduler (self) == NULL)
    return;
  read_order (self, &order);
  bytes = valise_travel_order_weigh (&order, get_scheduler (self));
  size = valise_format_size (bytes);
  time = bytes > 0 ? valise_wait_describe_time (get_scheduler (self), bytes)
                   : g_strdup (_ ("All that is chosen is on this laptop"));
  note = valise_travel_words_policy (&order, get_scheduler (self), bytes);
  gtk_label_set_text (GTK_LABEL (self->size), size);
  gtk_label_set_text (GTK_LABEL (self->time), time);
  gtk_label_set_text (GTK_LABEL (self->note), note != NULL ? note : "");
  gtk_widget_set_sensitive (self->prepare, bytes > 0);
}

/* --- rows ------------------------------------------------------------------------------------ */

static void
fill_row (ValiseTravelDialog *self, guint row, const char *subtitle, guint64 bytes)
{
  g_autofree char *size = valise_format_size (bytes);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->rows[row]), subtitle);
  gtk_label_set_text (GTK_LABEL (self->sizes[row]), bytes > 0 ? size : "");
  gtk_widget_set_sensitive (self->switches[row], bytes > 0);
}

static void
fill_rows (ValiseTravelDialog *self)
{
  ValiseTravelOrder order = { .travel = self->travel };
  guint             n_absent = 0;
  guint64 files = valise_travel_order_weigh_files (&order, get_scheduler (self), &n_absent);
  g_autofree char *own = valise_travel_words_own (self->travel);
  g_autofree char *cited =
      valise_travel_words_symbols (self->travel->needs[VALISE_TRAVEL_CITED].symbols);
  g_autofree char *others = valise_travel_words_languages (self->travel->others);
  g_autofree char *original = valise_travel_words_files (self->travel, n_absent);
  const char      *subtitles[VALISE_TRAVEL_N_PARTS] = { own, cited, others };

  for (guint part = 0; part < VALISE_TRAVEL_N_PARTS; part++)
    fill_row (self, part, subtitles[part],
              valise_travel_order_weigh_part (&order, get_scheduler (self), part));
  fill_row (self, ROW_FILES, original, files);
  gtk_widget_set_visible (self->rows[VALISE_TRAVEL_OTHERS], self->travel->others[0] != NULL);
  adw_window_title_set_subtitle (ADW_WINDOW_TITLE (self->title), self->travel->title);
}

/* --- gathering ------------------------------------------------------------------------------- */

static void
gathered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ValiseTravelDialog) self = user_data;
  g_autoptr (GError)             error = NULL;
  ValiseTravel                  *travel =
      valise_library_plan_travel_finish (VALISE_LIBRARY (source), result, &error);

  if (get_scheduler (self) == NULL || self->gathering != g_task_get_cancellable (G_TASK (result)))
    {
      g_clear_pointer (&travel, valise_travel_free);
      return;
    }
  g_clear_object (&self->gathering);
  g_clear_pointer (&self->travel, valise_travel_free);
  self->travel = travel;
  if (travel == NULL)
    {
      g_autofree char *sentence = valise_sentence_for_error (error);

      gtk_label_set_text (GTK_LABEL (self->size), "");
      gtk_label_set_text (GTK_LABEL (self->time), sentence);
      return;
    }
  fill_rows (self);
  say_sum (self);
}

static gboolean
looking_cb (gpointer user_data)
{
  g_autoptr (ValiseTravelDialog) self = g_weak_ref_get (user_data);

  if (self != NULL && self->gathering != NULL)
    gtk_label_set_text (GTK_LABEL (self->time), _ ("Looking…"));
  return G_SOURCE_REMOVE;
}

static void
gather (ValiseTravelDialog *self)
{
  guint                     index = adw_combo_row_get_selected (ADW_COMBO_ROW (self->meeting));
  g_autoptr (ValiseMeeting) meeting = g_list_model_get_item (self->meetings, index);
  g_auto (GStrv) codes = valise_language_row_dup_chosen (VALISE_LANGUAGE_ROW (self->languages));

  gtk_widget_set_sensitive (self->prepare, FALSE);
  if (meeting == NULL || self->filling || get_scheduler (self) == NULL)
    return;
  /* What was gathered is of another choice: no switch may ask for it any more. */
  g_clear_pointer (&self->travel, valise_travel_free);
  g_free (self->wanted);
  self->wanted = g_strdup (valise_meeting_get_id (meeting));
  if (self->gathering != NULL)
    g_cancellable_cancel (self->gathering);
  g_clear_object (&self->gathering);
  self->gathering = g_cancellable_new ();
  valise_library_plan_travel_async (valise_context_get_library (self->context),
                                    valise_meeting_get_id (meeting), (const char *const *) codes,
                                    self->gathering, gathered_cb, g_object_ref (self));
  g_timeout_add_full (G_PRIORITY_DEFAULT, WAITS_MS, looking_cb, valise_weak_new (self),
                      valise_weak_free);
}

/* --- meetings and languages --------------------------------------------------------------------
 */

/* The one asked for or chosen; or the first that is not over; or the newest. */
static guint
find_meeting (ValiseTravelDialog *self)
{
  g_autofree char *today = valise_format_today ();
  g_autofree char *best = NULL;
  guint            found = 0;

  for (guint i = 0; i < g_list_model_get_n_items (self->meetings); i++)
    {
      g_autoptr (ValiseMeeting) meeting = g_list_model_get_item (self->meetings, i);
      const char               *start = valise_meeting_get_start (meeting);
      const char               *end = valise_meeting_get_end (meeting);

      if (self->wanted != NULL && strcmp (valise_meeting_get_id (meeting), self->wanted) == 0)
        return i;
      if (start == NULL || strcmp (end != NULL ? end : start, today) < 0
          || (best != NULL && strcmp (start, best) >= 0))
        continue;
      g_free (best);
      best = g_strdup (start);
      found = i;
    }
  return found;
}

static void
fill_meetings (ValiseTravelDialog *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint                     n_meetings = g_list_model_get_n_items (self->meetings);

  self->filling = TRUE;
  for (guint i = 0; i < n_meetings; i++)
    {
      g_autoptr (ValiseMeeting) meeting = g_list_model_get_item (self->meetings, i);

      gtk_string_list_append (names, valise_meeting_get_title (meeting));
    }
  adw_combo_row_set_model (ADW_COMBO_ROW (self->meeting), G_LIST_MODEL (names));
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->meeting), find_meeting (self));
  self->filling = FALSE;
  if (n_meetings > 0)
    gather (self);
  else
    gtk_label_set_text (GTK_LABEL (self->time),
                        _ ("No meeting has arrived yet. Sync, then look again."));
}

static void
prepare_cb (ValiseTravelDialog *self)
{
  valise_travel_dialog_prepare (self);
}

/* --- the parts ------------------------------------------------------------------------------- */

static GtkWidget *
make_header (ValiseTravelDialog *self)
{
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_ ("_Cancel"));

  self->title = adw_window_title_new (_ ("Prepare for Travel"), NULL);
  /* Translators: verb: fetch all this for a journey. */
  self->prepare = gtk_button_new_with_mnemonic (_ ("_Prepare"));
  gtk_widget_add_css_class (self->prepare, "suggested-action");
  gtk_widget_set_sensitive (self->prepare, FALSE);
  adw_header_bar_set_show_start_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header), self->title);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), cancel);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), self->prepare);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (cancel), "window.close");
  g_signal_connect_object (self->prepare, "clicked", G_CALLBACK (prepare_cb), self,
                           G_CONNECT_SWAPPED);
  return header;
}

static GtkWidget *
make_number (ValiseTravelDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  self->size = gtk_label_new (NULL);
  self->time = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->size, "clock");
  gtk_widget_add_css_class (self->time, "subtitle");
  gtk_label_set_wrap (GTK_LABEL (self->time), TRUE);
  gtk_label_set_justify (GTK_LABEL (self->time), GTK_JUSTIFY_CENTER);
  gtk_box_append (GTK_BOX (box), self->size);
  gtk_box_append (GTK_BOX (box), self->time);
  return box;
}

static GtkWidget *
make_choice (ValiseTravelDialog *self, guint row, const char *title, gboolean on)
{
  GtkWidget *toggle = gtk_switch_new ();
  GtkWidget *size = gtk_label_new (NULL);

  self->rows[row] = adw_action_row_new ();
  self->sizes[row] = size;
  self->switches[row] = toggle;
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->rows[row]), title);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->rows[row]), FALSE);
  gtk_widget_add_css_class (size, "meta");
  gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
  gtk_switch_set_active (GTK_SWITCH (toggle), on);
  gtk_accessible_update_property (GTK_ACCESSIBLE (toggle), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self->rows[row]), size);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self->rows[row]), toggle);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self->rows[row]), toggle);
  g_signal_connect_object (toggle, "notify::active", G_CALLBACK (say_sum), self, G_CONNECT_SWAPPED);
  return self->rows[row];
}

static GtkWidget *
make_group (const char *title, GtkWidget *first, GtkWidget *second, GtkWidget *third)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), first);
  if (second != NULL)
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), second);
  if (third != NULL)
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), third);
  return group;
}

static GtkWidget *
make_note (ValiseTravelDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *icon = gtk_image_new_from_icon_name ("valise-note-symbolic");

  self->note = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->note), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->note), 0);
  gtk_widget_set_hexpand (self->note, TRUE);
  gtk_widget_set_valign (self->note, GTK_ALIGN_START);
  gtk_label_set_max_width_chars (GTK_LABEL (self->note), 10);
  gtk_widget_add_css_class (self->note, "subtitle");
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, "", -1);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), self->note);
  return box;
}

static GtkWidget *
make_body (ValiseTravelDialog *self)
{
  g_auto (GStrv) own_languages =
      valise_account_dup_languages (valise_context_get_account (self->context));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *own = make_choice (self, VALISE_TRAVEL_OWN, _ ("Agenda and papers"), TRUE);
  GtkWidget *cited = make_choice (self, VALISE_TRAVEL_CITED, _ ("What they cite"), TRUE);
  GtkWidget *others = make_choice (self, VALISE_TRAVEL_OTHERS, _ ("The other languages"), FALSE);
  GtkWidget *files = make_choice (self, ROW_FILES, _ ("Original files of the papers"), FALSE);

  self->languages = valise_language_row_new ((const char *const *) own_languages);
  g_signal_connect_object (self->languages, "changed", G_CALLBACK (gather), self,
                           G_CONNECT_SWAPPED);
  self->meeting = adw_combo_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->meeting), _ ("Meeting"));
  g_signal_connect_object (self->meeting, "notify::selected", G_CALLBACK (gather), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 24);
  gtk_widget_set_margin_start (box, 18);
  gtk_widget_set_margin_end (box, 18);
  gtk_box_append (GTK_BOX (box), make_number (self));
  gtk_box_append (GTK_BOX (box), make_group (_ ("Where to"), self->meeting, self->languages, NULL));
  gtk_box_append (GTK_BOX (box), make_group (_ ("Text"), own, cited, others));
  gtk_box_append (GTK_BOX (box), make_group (_ ("Files"), files, NULL, NULL));
  gtk_box_append (GTK_BOX (box), make_note (self));
  return box;
}

static void
build (ValiseTravelDialog *self)
{
  GtkWidget *outer = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *clamp = adw_clamp_new ();

  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 560);
  gtk_box_append (GTK_BOX (outer), make_header (self));
  adw_clamp_set_child (ADW_CLAMP (clamp), make_body (self));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (outer), scrolled);
  adw_window_set_content (ADW_WINDOW (self), outer);
}

/* --- object ---------------------------------------------------------------------------------- */

static void
valise_travel_dialog_dispose (GObject *object)
{
  ValiseTravelDialog *self = VALISE_TRAVEL_DIALOG (object);

  if (self->gathering != NULL)
    g_cancellable_cancel (self->gathering);
  g_clear_object (&self->gathering);
  g_clear_pointer (&self->travel, valise_travel_free);
  g_clear_object (&self->meetings);
  g_clear_object (&self->context);
  g_clear_pointer (&self->wanted, g_free);

  G_OBJECT_CLASS (valise_travel_dialog_parent_class)->dispose (object);
}

static gboolean
escape_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  gtk_window_close (GTK_WINDOW (widget));
  return TRUE;
}

static void
valise_travel_dialog_class_init (ValiseTravelDialogClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = valise_travel_dialog_dispose;

  gtk_widget_class_add_binding (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, escape_cb, NULL);
}

static void
valise_travel_dialog_init (ValiseTravelDialog *self)
{
}

GtkWidget *
valise_travel_dialog_new (GtkWindow *parent, ValiseContext *context, const char *meeting)
{
  ValiseTravelDialog *self = NULL;
  int                 width = MIN (520, MAX (gtk_widget_get_width (GTK_WIDGET (parent)), 340));

  g_return_val_if_fail (VALISE_IS_CONTEXT (context), NULL);

  self = g_object_new (VALISE_TYPE_TRAVEL_DIALOG, "transient-for", parent, "modal", TRUE,
                       "default-width", width, "default-height", 640, "title",
                       _ ("Prepare for Travel"), NULL);
  self->context = g_object_ref (context);
  self->wanted = g_strdup (meeting);
  self->meetings = valise_library_list_meetings (valise_context_get_library (context));
  build (self);
  g_signal_connect_object (self->meetings, "items-changed", G_CALLBACK (fill_meetings), self,
                           G_CONNECT_SWAPPED);
  fill_meetings (self);
  return GTK_WIDGET (self);
}

const char *
valise_travel_dialog_get_size (ValiseTravelDialog *self)
{
  g_return_val_if_fail (VALISE_IS_TRAVEL_DIALOG (self), NULL);

  return gtk_label_get_text (GTK_LABEL (self->size));
}

void
valise_travel_dialog_choose (ValiseTravelDialog *self, guint row, gboolean on)
{
  g_return_if_fail (VALISE_IS_TRAVEL_DIALOG (self) && row < N_ROWS);

  gtk_switch_set_active (GTK_SWITCH (self->switches[row]), on);
}

/* The status row and the panel then show how far it has come. The panel is not popped up here: GDK
 * does not bear a popover that opens while the window under the pointer goes. */
void
valise_travel_dialog_prepare (ValiseTravelDialog *self)
{
  ValiseTravelOrder order;

  g_return_if_fail (VALISE_IS_TRAVEL_DIALOG (self));

  if (self->travel == NULL)
    return;
  read_order (self, &order);
  valise_travel_order_place (&order, get_scheduler (self));
  gtk_window_destroy (GTK_WINDOW (self));
}
