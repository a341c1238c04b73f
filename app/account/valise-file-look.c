/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-file-look"

#include "config.h"

#include "valise-file-queue-parts.h"

void
valise_file_queue_get_counts (ValiseFileQueue *self, ValiseFileCounts *counts)
{
  static const ValiseFileCounts none = { 0 };
  const ValiseFileSnapshot     *shown = NULL;

  g_return_if_fail (VALISE_IS_FILE_QUEUE (self));
  g_return_if_fail (counts != NULL);

  shown = valise_file_queue_get_shown (self);
  *counts = shown != NULL ? shown->counts : none;
}

ValiseFileItem *
valise_file_queue_find (ValiseFileQueue *self, const char *sha256)
{
  GPtrArray *items = NULL;

  g_return_val_if_fail (VALISE_IS_FILE_QUEUE (self), NULL);
  g_return_val_if_fail (sha256 != NULL, NULL);

  items = valise_file_queue_get_items (self);
  for (guint i = 0; i < items->len; i++)
    if (g_str_equal (valise_file_item_get_sha256 (items->pdata[i]), sha256))
      return items->pdata[i];
  return NULL;
}

GPtrArray *
valise_file_queue_list_all (ValiseFileQueue *self)
{
  g_autoptr (GPtrArray)     all = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable)    listed = g_hash_table_new (g_str_hash, g_str_equal);
  const ValiseFileSnapshot *shown = NULL;
  GPtrArray                *items = NULL;

  g_return_val_if_fail (VALISE_IS_FILE_QUEUE (self), NULL);

  shown = valise_file_queue_get_shown (self);
  items = valise_file_queue_get_items (self);
  for (guint i = 0; i < items->len; i++)
    {
      g_hash_table_add (listed, (gpointer) valise_file_item_get_sha256 (items->pdata[i]));
      g_ptr_array_add (all, g_object_ref (items->pdata[i]));
    }
  for (guint i = 0; shown != NULL && i < shown->wishes->len; i++)
    {
      const ValiseFileWish *wish = shown->wishes->pdata[i];
      ValiseFileItem       *item = NULL;

      if (g_hash_table_contains (listed, wish->sha256))
        continue;
      item = valise_file_item_new (wish, FALSE);
      valise_file_item_take (item, wish,
                             wish->complete ? VALISE_FILE_MOVES : VALISE_FILE_NOT_ASKED);
      g_ptr_array_add (all, item);
    }
  return g_steal_pointer (&all);
}

ValiseFileState
valise_file_queue_get_state (ValiseFileQueue *self, const char *sha256, gint64 *present)
{
  const ValiseFileSnapshot *shown = NULL;
  const ValiseFileHere     *here = NULL;
  ValiseFileState           state = VALISE_FILE_KNOWN;

  g_return_val_if_fail (VALISE_IS_FILE_QUEUE (self), VALISE_FILE_KNOWN);
  g_return_val_if_fail (sha256 != NULL, VALISE_FILE_KNOWN);

  shown = valise_file_queue_get_shown (self);
  here = shown != NULL ? g_hash_table_lookup (shown->here, sha256) : NULL;
  if (present != NULL)
    *present = here != NULL ? here->present : 0;
  if (here != NULL)
    return here->complete ? VALISE_FILE_PRESENT : VALISE_FILE_PARTIAL;
  for (guint i = 0; shown != NULL && i < shown->wishes->len; i++)
    if (g_str_equal (((ValiseFileWish *) shown->wishes->pdata[i])->sha256, sha256))
      state = valise_file_wish_get_state (shown->wishes->pdata[i]);
  return state;
}

static void
read_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const char        *sha256 = task_data;
  GError            *failure = NULL;
  ValiseFileStore   *files = valise_file_queue_get_store (source, &failure);
  g_autoptr (GBytes) bytes =
      files != NULL ? valise_file_store_read_whole (files, sha256, &failure) : NULL;

  if (bytes != NULL)
    g_task_return_pointer (task, g_steal_pointer (&bytes), (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, failure);
}

void
valise_file_queue_read_async (ValiseFileQueue    *self,
                              const char         *sha256,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (VALISE_IS_FILE_QUEUE (self));
  g_return_if_fail (sha256 != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, valise_file_queue_read_async);
  g_task_set_task_data (task, g_strdup (sha256), g_free);
  g_task_run_in_thread (task, read_in_thread);
}

GBytes *
valise_file_queue_read_finish (ValiseFileQueue *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, valise_file_queue_read_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
