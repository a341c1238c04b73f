/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-bundle-form"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "valise-bundle-form.h"
#include "valise-day-row.h"
#include "valise-format.h"
#include "valise-language-row.h"
#include "valise-language.h"

/**
 * ValiseBundleForm:
 *
 * What is chosen here narrows what goes; all of it together says which documents.
 */
struct _ValiseBundleForm
{
  AdwPreferencesGroup parent_instance;

  GListModel *meetings; /* NULL without a context */
  char       *request;  /* path, or NULL */
  char       *person;   /* whose it is, or NULL */
  char      **codes;    /* lent by read() */
  char       *id;       /* of the meeting, or NULL */
  gboolean    filling;

  AdwComboRow  *meeting;
  GtkWidget    *languages;
  GtkWidget    *since;
  AdwActionRow *list;
  GtkWidget    *forget;
};

G_DEFINE_FINAL_TYPE (ValiseBundleForm, valise_bundle_form, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
tell (ValiseBundleForm *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* --- meetings ------------------------------------------------------------------------------- */

/* The one that was chosen stays chosen, when more arrive. */
static void
fill_meetings (ValiseBundleForm *self)
{
  const char *const         any[] = { _ ("Any meeting"), NULL };
  g_autoptr (GtkStringList) names = gtk_string_list_new (any);
  guint                     n_meetings = g_list_model_get_n_items (self->meetings), chosen = 0;

  self->filling = TRUE;
  for (guint i = 0; i < n_meetings; i++)
    {
      g_autoptr (ValiseMeeting) meeting = g_list_model_get_item (self->meetings, i);

      gtk_string_list_append (names, valise_meeting_get_title (meeting));
      if (g_strcmp0 (valise_meeting_get_id (meeting), self->id) == 0)
        chosen = i + 1;
    }
  adw_combo_row_set_model (self->meeting, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->meeting, chosen);
  self->filling = FALSE;
  if (chosen == 0)
    g_clear_pointer (&self->id, g_free);
}

static void
meeting_cb (ValiseBundleForm *self)
{
  guint                     chosen = adw_combo_row_get_selected (self->meeting);
  g_autoptr (ValiseMeeting) meeting = NULL;

  if (self->filling)
    return;
  if (chosen > 0 && chosen != GTK_INVALID_LIST_POSITION)
    meeting = g_list_model_get_item (self->meetings, chosen - 1);
  g_free (self->id);
  self->id = g_strdup (meeting != NULL ? valise_meeting_get_id (meeting) : NULL);
  tell (self);
}

gboolean
valise_bundle_form_set_meeting (ValiseBundleForm *self, const char *meeting)
{
  g_return_val_if_fail (VALISE_IS_BUNDLE_FORM (self), FALSE);

  g_free (self->id);
  self->id = g_strdup (meeting);
  fill_meetings (self);
  tell (self);
  return meeting == NULL || self->id != NULL;
}

/* --- their list ------------------------------------------------------------------------------ */

char *
valise_bundle_form_describe_list (ValiseBundleForm *self)
{
  g_autofree char *name = self->person != NULL ? valise_format_isolate (self->person) : NULL;

  g_return_val_if_fail (VALISE_IS_BUNDLE_FORM (self), NULL);

  if (self->request == NULL)
    return NULL;
  /* Translators: %s is a person's name. */
  return name != NULL ? g_strdup_printf (_ ("Without what %s has already"), name)
                      : g_strdup (_ ("Without what is on that laptop already"));
}

void
valise_bundle_form_name (ValiseBundleForm *self, const char *person)
{
  char            *copy = g_strdup (person);
  g_autofree char *sentence = NULL;

  g_return_if_fail (VALISE_IS_BUNDLE_FORM (self));

  g_free (self->person);
  self->person = copy;
  sentence = valise_bundle_form_describe_list (self);
  adw_action_row_set_subtitle (
      self->list, sentence != NULL ? sentence
                                   : _ ("A list of what is on their laptop, which Valise saves "
                                        "there, leaves that out"));
  gtk_widget_set_visible (self->forget, self->request != NULL);
}

void
valise_bundle_form_set_request (ValiseBundleForm *self, const char *path)
{
  char *copy = g_strdup (path);

  g_return_if_fail (VALISE_IS_BUNDLE_FORM (self));

  g_free (self->request);
  self->request = copy;
  valise_bundle_form_name (self, NULL);
  tell (self);
}

static void
forget_cb (ValiseBundleForm *self)
{
  valise_bundle_form_set_request (self, NULL);
}

static void
chosen_cb (GtkNativeDialog *dialog, int response, ValiseBundleForm *self)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_autofree char  *path = file != NULL ? g_file_get_path (file) : NULL;

  if (response == GTK_RESPONSE_ACCEPT && path != NULL)
    valise_bundle_form_set_request (self, path);
  g_object_unref (dialog);
}

static void
choose_cb (ValiseBundleForm *self)
{
  GtkWidget                *window = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  GtkFileChooserNative     *dialog =
      gtk_file_chooser_native_new (_ ("Choose Their List"), GTK_WINDOW (window),
                                   GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), _ ("_Cancel"));

  gtk_file_filter_set_name (filter, _ ("Lists of what a laptop has"));
  gtk_file_filter_add_pattern (filter, "*" VALISE_REQUEST_SUFFIX);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* --- languages and days ----------------------------------------------------------------------- */

void
valise_bundle_form_set_language (ValiseBundleForm *self, const char *code, gboolean on)
{
  g_return_if_fail (VALISE_IS_BUNDLE_FORM (self));

  valise_language_row_set (VALISE_LANGUAGE_ROW (self->languages), code, on);
}

void
valise_bundle_form_set_since (ValiseBundleForm *self, const char *day)
{
  g_return_if_fail (VALISE_IS_BUNDLE_FORM (self));

  valise_day_row_set_day (VALISE_DAY_ROW (self->since), day);
}

void
valise_bundle_form_read (ValiseBundleForm *self, ValiseCourierOrder *order)
{
  g_return_if_fail (VALISE_IS_BUNDLE_FORM (self));

  g_clear_pointer (&self->codes, g_strfreev);
  self->codes = valise_language_row_dup_chosen (VALISE_LANGUAGE_ROW (self->languages));
  order->meeting = self->id;
  /* All six: also what is in a seventh. */
  order->languages =
      g_strv_length (self->codes) < VALISE_N_LANGUAGES ? (const char *const *) self->codes : NULL;
  order->since = valise_day_row_get_day (VALISE_DAY_ROW (self->since));
  order->request = self->request;
}

/* --- object ---------------------------------------------------------------------------------- */

static void
valise_bundle_form_dispose (GObject *object)
{
  ValiseBundleForm *self = VALISE_BUNDLE_FORM (object);

  g_clear_object (&self->meetings);
  g_clear_pointer (&self->request, g_free);
  g_clear_pointer (&self->person, g_free);
  g_clear_pointer (&self->codes, g_strfreev);
  g_clear_pointer (&self->id, g_free);

  G_OBJECT_CLASS (valise_bundle_form_parent_class)->dispose (object);
}

static void
valise_bundle_form_class_init (ValiseBundleFormClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = valise_bundle_form_dispose;
  signals[CHANGED] = g_signal_new ("changed", VALISE_TYPE_BUNDLE_FORM, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
make_list_row (ValiseBundleForm *self)
{
  GtkWidget *choose = gtk_button_new_with_label (_ ("Choose…"));

  self->list = ADW_ACTION_ROW (adw_action_row_new ());
  self->forget = gtk_button_new_from_icon_name ("edit-clear-symbolic");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->list), _ ("Only What They Lack"));
  adw_action_row_set_title_lines (self->list, 0);
  adw_action_row_set_subtitle_lines (self->list, 0);
  gtk_widget_set_valign (choose, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (self->forget, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->forget, "flat");
  gtk_widget_set_tooltip_text (self->forget, _ ("Write Without Their List"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->forget), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Write Without Their List"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (choose), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Choose Their List"), -1);
  adw_action_row_add_suffix (self->list, self->forget);
  adw_action_row_add_suffix (self->list, choose);
  adw_action_row_set_activatable_widget (self->list, choose);
  g_signal_connect_object (choose, "clicked", G_CALLBACK (choose_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->forget, "clicked", G_CALLBACK (forget_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
valise_bundle_form_init (ValiseBundleForm *self)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (self);

  self->meeting = ADW_COMBO_ROW (adw_combo_row_new ());
  self->languages = valise_language_row_new (NULL);
  self->since = valise_day_row_new (_ ("Issued Since"));
  make_list_row (self);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->meeting), _ ("Meeting"));
  adw_preferences_group_set_title (group, _ ("What Goes In"));
  adw_preferences_group_set_description (
      group, _ ("Everything, until you choose here. What is of no meeting, or has no date, goes "
                "along."));
  adw_preferences_group_add (group, GTK_WIDGET (self->meeting));
  adw_preferences_group_add (group, self->languages);
  adw_preferences_group_add (group, self->since);
  adw_preferences_group_add (group, GTK_WIDGET (self->list));
  valise_bundle_form_name (self, NULL);
  g_signal_connect_object (self->languages, "changed", G_CALLBACK (tell), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->since, "changed", G_CALLBACK (tell), self, G_CONNECT_SWAPPED);
}

void
valise_bundle_form_set_context (ValiseBundleForm *self, ValiseContext *context)
{
  g_return_if_fail (VALISE_IS_BUNDLE_FORM (self) && self->meetings == NULL);

  self->meetings = valise_library_list_meetings (valise_context_get_library (context));
  fill_meetings (self);
  g_signal_connect_object (self->meeting, "notify::selected", G_CALLBACK (meeting_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->meetings, "items-changed", G_CALLBACK (fill_meetings), self,
                           G_CONNECT_SWAPPED);
}
