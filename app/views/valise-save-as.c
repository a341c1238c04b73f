/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-save-as"

#include "config.h"

#include <glib/gi18n.h>

#include "valise-save-as.h"
#include "valise-sentences.h"

GtkFileChooserNative *
valise_save_as_new_chooser (GtkWindow *parent, const char *name)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (
      _ ("Save As"), parent, GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), _ ("_Cancel"));
  g_autofree char *plain = g_strdelimit (g_strdup (name), "/\\", '_');

  /* One that begins with a dot would not be seen again. */
  if (*plain == '.')
    *plain = '_';
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), plain);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  return chooser;
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError           *error = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    g_task_return_boolean (task, TRUE);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE)
           || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, error);
  else
    {
      g_debug ("%s", error->message);
      g_error_free (error);
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_READ_ONLY, "not written");
    }
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask)  task = user_data;
  GError            *error = NULL;
  g_autoptr (GBytes) bytes =
      valise_file_queue_read_finish (VALISE_FILE_QUEUE (source), result, &error);

  if (bytes == NULL)
    g_task_return_error (task, error);
  else
    g_file_replace_contents_bytes_async (g_task_get_task_data (task), bytes, NULL, FALSE,
                                         G_FILE_CREATE_NONE, g_task_get_cancellable (task),
                                         written_cb, g_object_ref (task));
}

void
valise_save_as_async (ValiseFileQueue    *queue,
                      const char         *sha256,
                      GFile              *file,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, valise_save_as_async);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  valise_file_queue_read_async (queue, sha256, cancellable, read_cb, task);
}

char *
valise_save_as_finish (GAsyncResult *result, GFile **file)
{
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (g_async_result_is_tagged (result, valise_save_as_async), NULL);

  if (g_task_propagate_boolean (G_TASK (result), &error))
    {
      *file = g_object_ref (g_task_get_task_data (G_TASK (result)));
      return NULL;
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return NULL;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_READ_ONLY))
    return g_strdup (
        _ ("The file could not be written there. Choose another folder, then try again."));
  return valise_sentence_for_error (error);
}
