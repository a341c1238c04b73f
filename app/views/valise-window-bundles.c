/* valise-window-bundles.c - bundles that a window takes and writes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-window"

#include "config.h"

#include <glib/gi18n.h>

#include "valise-bundle-intake.h"
#include "valise-bundle-window.h"
#include "valise-format.h"
#include "valise-window.h"

static void
told_cb (const char *sentence, gpointer user_data)
{
  valise_window_tell (user_data, sentence);
}

static gboolean
is_request (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);

  return name != NULL && g_str_has_suffix (name, VALISE_REQUEST_SUFFIX);
}

static ValiseBundleWindow *
open_writing (ValiseWindow *self, ValiseContext *context)
{
  GtkWidget *window = valise_bundle_window_new (GTK_WINDOW (self), context);

  g_signal_connect_object (window, "told", G_CALLBACK (valise_window_tell), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (window));
  return VALISE_BUNDLE_WINDOW (window);
}

void
valise_window_open_file (ValiseWindow *self, GFile *file)
{
  ValiseContext     *context = valise_window_get_context (self);
  g_autoptr (GError) none = NULL;

  g_return_if_fail (VALISE_IS_WINDOW (self) && G_IS_FILE (file));

  if (!valise_bundle_intake_takes (file) && !is_request (file))
    valise_window_open_invitation (self, file);
  else if (context == NULL)
    {
      none = g_error_new_literal (VALISE_ACCOUNT_ERROR, VALISE_ACCOUNT_ERROR_NONE, "Not joined");
      valise_window_say (self, none);
    }
  else if (is_request (file))
    valise_bundle_window_answer (open_writing (self, context), file);
  else
    valise_bundle_intake_open (GTK_WINDOW (self), context, file, told_cb, self);
}

void
valise_window_write_bundle (ValiseWindow *self)
{
  ValiseContext *context = valise_window_get_context (self);

  g_return_if_fail (VALISE_IS_WINDOW (self));

  if (context != NULL)
    open_writing (self, context);
}

/* --- the list of what is here ------------------------------------------------------------------
 */

static void
requested_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ValiseWindow) self = user_data;
  g_autoptr (GError)       error = NULL;
  gint64                   bytes = valise_courier_request_finish (result, &error);
  g_autofree char         *size = NULL, *sentence = NULL;

  if (!gtk_widget_get_realized (GTK_WIDGET (self)))
    return;
  if (bytes < 0)
    {
      valise_window_say (self, error);
      return;
    }
  size = valise_format_size ((guint64) bytes);
  /* Translators: %s is a size, "12 kB". */
  sentence = g_strdup_printf (_ ("List saved, %s. Give it to whoever writes you a bundle."), size);
  valise_window_tell (self, sentence);
}

void
valise_window_save_request (ValiseWindow *self, GFile *file)
{
  ValiseContext     *context = valise_window_get_context (self);
  g_autofree char   *path = g_file_get_path (file);
  g_autoptr (GError) elsewhere = NULL;

  g_return_if_fail (VALISE_IS_WINDOW (self) && context != NULL);

  if (path != NULL)
    {
      valise_courier_request_async (valise_context_get_account (context), path, NULL, requested_cb,
                                    g_object_ref (self));
      return;
    }
  elsewhere = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "Not on this laptop");
  valise_window_say (self, elsewhere);
}

static void
place_chosen_cb (GtkNativeDialog *dialog, int response, ValiseWindow *self)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL)
    valise_window_save_request (self, file);
  g_object_unref (dialog);
}

void
valise_window_write_request (ValiseWindow *self)
{
  GtkFileChooserNative *dialog = NULL;

  g_return_if_fail (VALISE_IS_WINDOW (self));

  if (valise_window_get_context (self) == NULL)
    return;
  dialog = gtk_file_chooser_native_new (_ ("Save a List of What Is Here"), GTK_WINDOW (self),
                                        GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), _ ("_Cancel"));
  /* Translators: a file's name; keep the ending. */
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), _ ("what-i-have.valise-request"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (place_chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}
