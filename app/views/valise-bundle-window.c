/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-bundle-window"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "valise-bundle-window.h"
#include "valise-format.h"
#include "valise-sentences.h"

#define PASSPHRASE_MIN 8                  /* characters */
#define LETTER_SIZE    (10 * 1000 * 1000) /* bytes that most mail servers let through */

/**
 * ValiseBundleWindow:
 *
 * Asks for whom, then where to, and writes; it stays open, and can be closed, meanwhile.
 */
struct _ValiseBundleWindow
{
  AdwWindow parent_instance;

  ValiseAccount *account;
  GCancellable  *cancellable;
  gboolean       busy;

  /* Template */
  GtkWidget           *write;
  AdwPreferencesGroup *recipient_group;
  AdwComboRow         *recipient;
  GtkWidget           *passphrase_group;
  GtkEditable         *passphrase;
  GtkSwitch           *letters;
  AdwActionRow        *letters_row;
  GtkWidget           *working;
  GtkWidget           *problem_box;
  GtkLabel            *problem;
};

G_DEFINE_FINAL_TYPE (ValiseBundleWindow, valise_bundle_window, ADW_TYPE_WINDOW)

enum
{
  SIGNAL_TOLD,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static ValiseCourierRecipient
get_recipient (ValiseBundleWindow *self)
{
  guint chosen = adw_combo_row_get_selected (self->recipient);

  return chosen <= VALISE_COURIER_COLLEAGUES ? (ValiseCourierRecipient) chosen
                                             : VALISE_COURIER_ANYONE;
}

gboolean
valise_bundle_window_is_ready (ValiseBundleWindow *self)
{
  g_return_val_if_fail (VALISE_IS_BUNDLE_WINDOW (self), FALSE);

  return !self->busy
         && (get_recipient (self) == VALISE_COURIER_ANYONE
             || g_utf8_strlen (gtk_editable_get_text (self->passphrase), -1) >= PASSPHRASE_MIN);
}

static void
update (ValiseBundleWindow *self)
{
  const char *const holds[] = {
    _ ("The public record: meetings, agendas, papers and their texts"),
    _ ("What your delegation sends: submissions, reports, positions"),
    _ ("The public record, your delegation’s desk, and your team’s drafts and notes"),
  };
  ValiseCourierRecipient recipient = get_recipient (self);

  adw_preferences_group_set_description (self->recipient_group, holds[recipient]);
  gtk_widget_set_visible (self->passphrase_group, recipient != VALISE_COURIER_ANYONE);
  gtk_widget_set_sensitive (self->write, valise_bundle_window_is_ready (self));
  gtk_widget_set_visible (self->working, self->busy);
}

/* @sentence: (nullable): nothing is wrong. */
static void
say (ValiseBundleWindow *self, const char *sentence)
{
  gtk_label_set_text (self->problem, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (self->problem_box, sentence != NULL);
}

static char *
describe (const ValiseCourierParcel *parcel)
{
  g_autofree char *size = valise_format_size (parcel->bytes);
  g_autofree char *documents =
      g_strdup_printf (ngettext ("%u document", "%u documents", (gulong) parcel->documents),
                       (guint) parcel->documents);
  g_autofree char *files = NULL;

  if (parcel->files > 1)
    files = g_strdup_printf (ngettext ("%u file", "%u files", parcel->files), parcel->files);
  /* Translators: "Bundle written: 31 documents · 212 kB". */
  return files != NULL
             ? g_strdup_printf (_ ("Bundle written: %1$s · %2$s · %3$s"), documents, size, files)
             : g_strdup_printf (_ ("Bundle written: %1$s · %2$s"), documents, size);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ValiseBundleWindow)  self = user_data;
  g_autoptr (GError)              error = NULL;
  g_autoptr (ValiseCourierParcel) parcel = valise_courier_write_finish (result, &error);
  g_autofree char                *sentence = NULL;

  self->busy = FALSE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  update (self);
  sentence = parcel != NULL ? describe (parcel) : valise_sentence_for_error (error);
  say (self, parcel == NULL ? sentence : NULL);
  if (parcel == NULL)
    return;
  g_signal_emit (self, signals[SIGNAL_TOLD], 0, sentence);
  gtk_window_close (GTK_WINDOW (self));
}

void
valise_bundle_window_write (ValiseBundleWindow *self, const char *path)
{
  ValiseCourierRecipient recipient = get_recipient (self);
  const char            *passphrase =
      recipient != VALISE_COURIER_ANYONE ? gtk_editable_get_text (self->passphrase) : NULL;

  g_return_if_fail (VALISE_IS_BUNDLE_WINDOW (self) && path != NULL);

  self->busy = TRUE;
  say (self, NULL);
  update (self);
  valise_courier_write_async (self->account, path, recipient, passphrase,
                              gtk_switch_get_active (self->letters) ? LETTER_SIZE : 0,
                              self->cancellable, written_cb, g_object_ref (self));
}

void
valise_bundle_window_write_file (ValiseBundleWindow *self, GFile *file)
{
  g_autofree char *path = g_file_get_path (file);

  g_return_if_fail (VALISE_IS_BUNDLE_WINDOW (self));

  if (path != NULL)
    valise_bundle_window_write (self, path);
  else
    say (self, _ ("That folder is not on this laptop. Write the bundle to one that is, or to a USB "
                  "stick, then copy it there."));
}

static void
chosen_cb (GtkNativeDialog *dialog, int response, ValiseBundleWindow *self)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL)
    valise_bundle_window_write_file (self, file);
  g_object_unref (dialog);
}

static void
write_cb (ValiseBundleWindow *self)
{
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (_ ("Write a Bundle"), GTK_WINDOW (self),
                                   GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Write"), _ ("_Cancel"));

  /* Translators: a file's name; keep the ending. */
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), _ ("valise.valise-bundle"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static gboolean
close_cb (ValiseBundleWindow *self)
{
  g_cancellable_cancel (self->cancellable);
  return FALSE;
}

static void
valise_bundle_window_dispose (GObject *object)
{
  ValiseBundleWindow *self = VALISE_BUNDLE_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->account);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), VALISE_TYPE_BUNDLE_WINDOW);

  G_OBJECT_CLASS (valise_bundle_window_parent_class)->dispose (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, ValiseBundleWindow, child)

static void
valise_bundle_window_class_init (ValiseBundleWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = valise_bundle_window_dispose;
  signals[SIGNAL_TOLD] = g_signal_new ("told", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/valise/Valise/ui/valise-bundle-window.ui");
  BIND (write);
  BIND (recipient_group);
  BIND (recipient);
  BIND (passphrase_group);
  BIND (passphrase);
  BIND (letters);
  BIND (letters_row);
  BIND (working);
  BIND (problem_box);
  BIND (problem);
  gtk_widget_class_bind_template_callback (widget_class, write_cb);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, close_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
valise_bundle_window_init (ValiseBundleWindow *self)
{
  const char *const names[] = { _ ("Anyone"), _ ("The secretariat"), _ ("My colleagues"), NULL };
  g_autoptr (GtkStringList) list = gtk_string_list_new (names);
  g_autofree char          *size = valise_format_size (LETTER_SIZE);
  g_autofree char          *subtitle = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
  adw_combo_row_set_model (self->recipient, G_LIST_MODEL (list));
  /* Translators: %s is a size: "10 MB". */
  subtitle = g_strdup_printf (_ ("Several files of at most %s, each good by itself"), size);
  adw_action_row_set_subtitle (self->letters_row, subtitle);
  say (self, NULL);
  update (self);
}

GtkWidget *
valise_bundle_window_new (GtkWindow *parent, ValiseAccount *account)
{
  ValiseBundleWindow *self = NULL;

  g_return_val_if_fail (VALISE_IS_ACCOUNT (account), NULL);

  self = g_object_new (VALISE_TYPE_BUNDLE_WINDOW, "transient-for", parent, NULL);
  self->account = g_object_ref (account);
  return GTK_WIDGET (self);
}

void
valise_bundle_window_choose (ValiseBundleWindow *self, ValiseCourierRecipient recipient)
{
  g_return_if_fail (VALISE_IS_BUNDLE_WINDOW (self));

  adw_combo_row_set_selected (self->recipient, recipient);
}
