/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-library"

#include "config.h"

#include "valise-library-parts.h"
#include "valise-travel-parts.h"

typedef struct
{
  ValiseSearchIndex *index;
  ValiseCatalogue   *catalogue; /* may be NULL */
  char              *meeting;
  char              *language; /* of the title */
  char             **languages;
} Errand;

static void
free_errand (gpointer data)
{
  Errand *errand = data;

  g_clear_object (&errand->index);
  g_clear_pointer (&errand->catalogue, valise_catalogue_unref);
  g_free (errand->meeting);
  g_free (errand->language);
  g_strfreev (errand->languages);
  g_free (errand);
}

static gboolean
knows_meeting (ValiseCatalogue *catalogue, const char *meeting)
{
  for (guint i = 0; i < valise_catalogue_get_n_meetings (catalogue); i++)
    if (g_strcmp0 (valise_catalogue_get_meeting_id (catalogue, i), meeting) == 0)
      return TRUE;
  return FALSE;
}

static void
plan_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Errand                     *errand = task_data;
  GError                     *error = NULL;
  ValiseTravel               *travel = NULL;
  g_autofree char            *title = NULL;
  g_autoptr (ValiseCatalogue) catalogue = errand->catalogue != NULL
                                              ? valise_catalogue_ref (errand->catalogue)
                                              : valise_catalogue_load (errand->index, &error);

  if (catalogue != NULL && !knows_meeting (catalogue, errand->meeting))
    g_set_error (&error, VALISE_LIBRARY_ERROR, VALISE_LIBRARY_ERROR_MISSING,
                 "There is no meeting %s here", errand->meeting);
  else if (catalogue != NULL)
    {
      title = valise_catalogue_dup_name (catalogue, errand->meeting, errand->language);
      travel = valise_travel_gather (errand->index, errand->meeting, title,
                                     (const char *const *) errand->languages, cancellable, &error);
    }
  if (travel != NULL)
    g_task_return_pointer (task, travel, (GDestroyNotify) valise_travel_free);
  else
    g_task_return_error (task, error);
}

void
valise_library_plan_travel_async (ValiseLibrary      *self,
                                  const char         *meeting,
                                  const char *const  *languages,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  Errand           *errand = NULL;
  ValiseCatalogue  *catalogue = NULL;

  g_return_if_fail (VALISE_IS_LIBRARY (self));
  g_return_if_fail (meeting != NULL);

  catalogue = valise_library_get_catalogue (self);
  errand = g_new0 (Errand, 1);
  errand->index = g_object_ref (valise_library_get_index (self));
  errand->catalogue = catalogue != NULL ? valise_catalogue_ref (catalogue) : NULL;
  errand->meeting = g_strdup (meeting);
  errand->language = g_strdup (valise_library_get_language (self));
  errand->languages = g_strdupv ((char **) languages);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, valise_library_plan_travel_async);
  g_task_set_task_data (task, errand, free_errand);
  valise_worker_run (valise_library_get_worker (self), task, plan_in_thread);
}

ValiseTravel *
valise_library_plan_travel_finish (ValiseLibrary *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, valise_library_plan_travel_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
