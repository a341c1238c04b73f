/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-library"

#include "config.h"

#include "valise-library-parts.h"
#include "valise-paper-parts.h"

#define ROWS_AT_ONCE 256

typedef struct
{
  ValiseSearchIndex *index;
  char              *symbol;
  char              *meeting;
  char              *item;
  char              *language; /* of the files */
} Errand;

static void
free_errand (gpointer data)
{
  Errand *errand = data;

  g_clear_object (&errand->index);
  g_free (errand->symbol);
  g_free (errand->meeting);
  g_free (errand->item);
  g_free (errand->language);
  g_free (errand);
}

/* A file that names no language is in all of them. */
static gboolean
is_wanted (const Errand *errand, ValisePaperFile *file)
{
  const char *language = valise_paper_file_get_language (file);

  return errand->language == NULL || language == NULL || g_str_equal (language, errand->language);
}

static void
add_files (const Errand *errand, const ValiseIndexRecord *record, GPtrArray *all)
{
  g_autoptr (ValiseJson) summary = NULL;
  g_autoptr (GPtrArray)  files = NULL;

  if (record->summary != NULL)
    summary = valise_json_scan_text (record->summary, -1, VALISE_JSON_INTEGERS, NULL);
  if (summary == NULL)
    return;

  files = valise_paper_files_read (summary, record);
  for (guint i = 0; i < files->len; i++)
    if (is_wanted (errand, files->pdata[i]))
      g_ptr_array_add (all, g_object_ref (files->pdata[i]));
}

static gboolean
add_rows (const Errand *errand, const GArray *rows, guint start, GPtrArray *all, GError **error)
{
  guint                 count = MIN (rows->len - start, ROWS_AT_ONCE);
  gint64                numbers[ROWS_AT_ONCE];
  g_autoptr (GPtrArray) records = NULL;

  for (guint i = 0; i < count; i++)
    numbers[i] = g_array_index (rows, ValiseIndexRow, start + i).row;
  records = valise_search_index_get_rows (errand->index, numbers, count, error);
  if (records == NULL)
    return FALSE;

  for (guint i = 0; i < records->len; i++)
    if (records->pdata[i] != NULL)
      add_files (errand, records->pdata[i], all);

  return TRUE;
}

static void
list_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Errand           *errand = task_data;
  const ValiseIndexFilter filter = {
    .type = "paper", .symbol = errand->symbol, .meeting = errand->meeting, .item = errand->item
  };
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);
  GError               *error = NULL;
  g_autoptr (GArray)    rows = valise_search_index_list (errand->index, &filter, &error);

  for (guint start = 0; rows != NULL && error == NULL && start < rows->len; start += ROWS_AT_ONCE)
    if (!g_cancellable_set_error_if_cancelled (cancellable, &error))
      (void) add_rows (errand, rows, start, all, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&all), (GDestroyNotify) g_ptr_array_unref);
}

void
valise_library_list_files_async (ValiseLibrary             *self,
                                 const char                *symbol,
                                 const ValiseLibraryFilter *filter,
                                 GCancellable              *cancellable,
                                 GAsyncReadyCallback        callback,
                                 gpointer                   user_data)
{
  g_autoptr (GTask) task = NULL;
  Errand           *errand = NULL;

  g_return_if_fail (VALISE_IS_LIBRARY (self));

  errand = g_new0 (Errand, 1);
  errand->index = g_object_ref (valise_library_get_index (self));
  errand->symbol = g_strdup (symbol);
  if (filter != NULL)
    {
      errand->meeting = g_strdup (filter->meeting);
      errand->item = g_strdup (filter->item);
      errand->language = g_strdup (filter->language);
    }
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, valise_library_list_files_async);
  g_task_set_task_data (task, errand, free_errand);
  valise_worker_run (valise_library_get_worker (self), task, list_in_thread);
}

GPtrArray *
valise_library_list_files_finish (ValiseLibrary *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, valise_library_list_files_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
