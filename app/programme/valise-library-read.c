/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-library"

#include "config.h"

#include "valise-finding-parts.h"
#include "valise-id.h"
#include "valise-language.h"
#include "valise-library-parts.h"
#include "valise-paper-parts.h"
#include "valise-words.h"

/* What a worker needs of the library, and of who asks. */
typedef struct
{
  ValiseHome        *home;
  ValiseSearchIndex *index;
  ValiseCatalogue   *catalogue; /* may be NULL */
  char              *language;  /* of titles; of a text, which */
  char              *subject;   /* a symbol, a query, a column */
  ValisePaperQuery  *filter;
  guint              limit;
  guint              total;
} Errand;

static void
free_errand (gpointer data)
{
  Errand *errand = data;

  g_clear_object (&errand->home);
  g_clear_object (&errand->index);
  g_clear_pointer (&errand->catalogue, valise_catalogue_unref);
  g_free (errand->language);
  g_free (errand->subject);
  g_clear_pointer (&errand->filter, valise_paper_query_free);
  g_free (errand);
}

static Errand *
make_errand (ValiseLibrary             *self,
             const char                *subject,
             const char                *language,
             const ValiseLibraryFilter *filter)
{
  Errand          *errand = g_new0 (Errand, 1);
  ValiseCatalogue *catalogue = valise_library_get_catalogue (self);

  errand->home = g_object_ref (valise_library_get_home (self));
  errand->index = g_object_ref (valise_library_get_index (self));
  errand->catalogue = catalogue != NULL ? valise_catalogue_ref (catalogue) : NULL;
  errand->language = g_strdup (language);
  errand->subject = g_strdup (subject);
  errand->filter = g_new0 (ValisePaperQuery, 1);
  if (filter != NULL)
    {
      errand->filter->meeting = g_strdup (filter->meeting);
      errand->filter->item = g_strdup (filter->item);
      errand->filter->author = g_strdup (filter->author);
      errand->filter->language = g_strdup (filter->language);
      errand->filter->kind = g_strdup (filter->kind);
    }

  return errand;
}

static void
run_errand (ValiseLibrary      *self,
            Errand             *errand,
            gpointer            tag,
            GTaskThreadFunc     func,
            GCancellable       *cancellable,
            GAsyncReadyCallback callback,
            gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, errand, free_errand);
  valise_worker_run (valise_library_get_worker (self), task, func);
}

static ValiseIndexFilter
get_index_filter (const Errand *errand, const char *type)
{
  return (ValiseIndexFilter){
    .type = type,
    .meeting = errand->filter->meeting,
    .item = errand->filter->item,
    .author = errand->filter->author,
    .language = errand->filter->language,
    .kind = errand->filter->kind,
  };
}

/* --- opening a paper -----------------------------------------------------------------------------
 */

static const ValiseIndexRecord *
find_record (const GPtrArray *group, const char *type, const char *language)
{
  for (guint i = 0; group != NULL && i < group->len; i++)
    {
      const ValiseIndexRecord *record = group->pdata[i];

      if (g_strcmp0 (record->type, type) == 0
          && (language == NULL || g_strcmp0 (record->language, language) == 0))
        return record;
    }

  return NULL;
}

static void
free_data (gpointer data)
{
  valise_paper_data_free (data);
}

static void
open_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Errand               *errand = task_data;
  GError               *error = NULL;
  g_autoptr (GPtrArray) group =
      valise_search_index_get_group (errand->index, errand->subject, &error);
  const ValiseIndexRecord *paper = find_record (group, "paper", NULL);
  ValisePaperData         *data = NULL;

  if (paper != NULL)
    data = valise_paper_data_new (errand->index, paper, errand->language, &error);
  if (data == NULL && error == NULL)
    g_set_error (&error, VALISE_LIBRARY_ERROR, VALISE_LIBRARY_ERROR_MISSING,
                 "No paper %s on this laptop", errand->subject);
  if (data != NULL && !valise_paper_data_find_named_by (data, errand->index, cancellable, &error))
    g_clear_pointer (&data, valise_paper_data_free);

  if (data != NULL)
    g_task_return_pointer (task, data, free_data);
  else
    g_task_return_error (task, error);
}

void
valise_library_open_async (ValiseLibrary      *self,
                           const char         *symbol,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_return_if_fail (VALISE_IS_LIBRARY (self));
  g_return_if_fail (symbol != NULL);

  run_errand (self, make_errand (self, symbol, valise_library_get_language (self), NULL),
              valise_library_open_async, open_in_thread, cancellable, callback, user_data);
}

ValisePaper *
valise_library_open_finish (ValiseLibrary *self, GAsyncResult *result, GError **error)
{
  ValisePaperData *data = NULL;
  ValisePaper     *paper = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, valise_library_open_async), NULL);

  data = g_task_propagate_pointer (G_TASK (result), error);
  if (data == NULL)
    return NULL;

  paper = valise_paper_new ();
  valise_paper_set_unread (
      paper, !valise_read_marks_contains (valise_library_get_marks (self), data->symbol));
  valise_paper_fill (paper, data);

  return paper;
}

/* --- reading a text
 * ------------------------------------------------------------------------------- */

/* Where the text stands; `public`, where the index does not know it. */
static const char *
find_database (const GPtrArray *group, const char *language)
{
  const ValiseIndexRecord *text = find_record (group, "text", language);

  return text != NULL ? text->database : "public";
}

static ValiseText *
read_text (Errand *errand, GError **error)
{
  g_autoptr (GPtrArray) group =
      valise_search_index_get_group (errand->index, errand->subject, error);
  g_autofree char           *id = valise_id_for_text (errand->subject, errand->language);
  g_autoptr (ValiseDatabase) database = NULL;
  g_autoptr (ValiseDocument) document = NULL;
  g_autoptr (ValiseJson)     json = NULL;
  g_autoptr (GError)         missing = NULL;

  if (group == NULL)
    return NULL;
  database = valise_home_get_database (errand->home, find_database (group, errand->language), FALSE,
                                       error);
  if (database == NULL)
    return NULL;

  document = valise_database_get (database, id, NULL, &missing);
  if (document == NULL)
    {
      if (g_error_matches (missing, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING))
        g_set_error (error, VALISE_LIBRARY_ERROR, VALISE_LIBRARY_ERROR_MISSING,
                     "No text %s on this laptop", id);
      else
        g_propagate_error (error, g_steal_pointer (&missing));
      return NULL;
    }
  if (document->body == NULL)
    {
      g_set_error (error, VALISE_LIBRARY_ERROR, VALISE_LIBRARY_ERROR_NOT_HERE, "%s was not fetched",
                   id);
      return NULL;
    }

  json = valise_document_scan (document, error);

  return json != NULL ? valise_text_new (json) : NULL;
}

static void
read_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError     *error = NULL;
  ValiseText *text = read_text (task_data, &error);

  if (text != NULL)
    g_task_return_pointer (task, text, g_object_unref);
  else
    g_task_return_error (task, error);
}

void
valise_library_read_async (ValiseLibrary      *self,
                           const char         *symbol,
                           const char         *language,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_return_if_fail (VALISE_IS_LIBRARY (self));
  g_return_if_fail (symbol != NULL && language != NULL);

  run_errand (self, make_errand (self, symbol, language, NULL), valise_library_read_async,
              read_in_thread, cancellable, callback, user_data);
}

ValiseText *
valise_library_read_finish (ValiseLibrary *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, valise_library_read_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- values of a filter
 * ---------------------------------------------------------------------------- */

static char *
dup_label (const Errand *errand, const char *value)
{
  const char *column = errand->subject;
  const char *known = NULL;

  if (strcmp (column, "meeting") == 0 && errand->catalogue != NULL)
    return valise_catalogue_dup_name (errand->catalogue, value, errand->language);
  if (strcmp (column, "item") == 0 && errand->catalogue != NULL && errand->filter->meeting != NULL)
    return valise_catalogue_dup_heading (errand->catalogue, errand->filter->meeting, value,
                                         errand->language);
  if (strcmp (column, "item") == 0)
    return valise_words_dup ("item", errand->language, value, NULL);
  if (strcmp (column, "author") == 0)
    known = valise_words_get_participant (value, errand->language);
  if (strcmp (column, "language") == 0)
    known = valise_language_get_endonym (value);

  return g_strdup (known != NULL ? known : value);
}

/* A tab parts value from label, so neither may hold one. */
static void
append_value (GStrvBuilder *values, const Errand *errand, const ValiseIndexCount *count)
{
  g_autofree char *label = dup_label (errand, count->value);
  g_autofree char *line = NULL;

  g_strdelimit (label, "\t", ' ');
  line = g_strdup_printf ("%s\t%s\t%u", count->value, label, count->count);
  g_strv_builder_add (values, line);
}

static void
list_values_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Errand                  *errand = task_data;
  GError                  *error = NULL;
  g_autoptr (GStrvBuilder) values = g_strv_builder_new ();
  gboolean                 by_language = strcmp (errand->subject, "language") == 0;
  /* Papers have no language of their own; their texts have. */
  ValiseIndexFilter  filter = get_index_filter (errand, by_language ? "text" : "paper");
  g_autoptr (GArray) counts =
      valise_search_index_count (errand->index, errand->subject, &filter, &error);

  if (counts == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < counts->len; i++)
    {
      const ValiseIndexCount *count = &g_array_index (counts, ValiseIndexCount, i);

      if (count->value != NULL && *count->value != '\0')
        append_value (values, errand, count);
    }
  g_task_return_pointer (task, g_strv_builder_end (values), (GDestroyNotify) g_strfreev);
}

void
valise_library_list_values_async (ValiseLibrary             *self,
                                  const char                *column,
                                  const ValiseLibraryFilter *filter,
                                  GCancellable              *cancellable,
                                  GAsyncReadyCallback        callback,
                                  gpointer                   user_data)
{
  g_return_if_fail (VALISE_IS_LIBRARY (self));
  g_return_if_fail (column != NULL);

  run_errand (self, make_errand (self, column, valise_library_get_language (self), filter),
              valise_library_list_values_async, list_values_in_thread, cancellable, callback,
              user_data);
}

char **
valise_library_list_values_finish (ValiseLibrary *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, valise_library_list_values_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- search
 * ------------------------------------------------------------------------------------------ */

static void
search_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Errand               *errand = task_data;
  GError               *error = NULL;
  ValiseIndexFilter     filter = get_index_filter (errand, NULL);
  g_autoptr (GPtrArray) hits = valise_search_index_search (
      errand->index, errand->subject, &filter, errand->limit, &errand->total, cancellable, &error);
  GPtrArray *findings = NULL;

  if (hits == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  findings = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_finding_free);
  for (guint i = 0; i < hits->len; i++)
    {
      ValiseFinding *finding = valise_finding_new (errand->index, hits->pdata[i]);

      if (finding != NULL)
        g_ptr_array_add (findings, finding);
    }
  g_task_return_pointer (task, findings, (GDestroyNotify) g_ptr_array_unref);
}

void
valise_library_search_async (ValiseLibrary             *self,
                             const char                *query,
                             const ValiseLibraryFilter *filter,
                             guint                      limit,
                             GCancellable              *cancellable,
                             GAsyncReadyCallback        callback,
                             gpointer                   user_data)
{
  Errand *errand = NULL;

  g_return_if_fail (VALISE_IS_LIBRARY (self));
  g_return_if_fail (query != NULL);

  errand = make_errand (self, query, valise_library_get_language (self), filter);
  errand->limit = limit;
  run_errand (self, errand, valise_library_search_async, search_in_thread, cancellable, callback,
              user_data);
}

GPtrArray *
valise_library_search_finish (ValiseLibrary *self,
                              GAsyncResult  *result,
                              guint         *total,
                              GError       **error)
{
  GPtrArray *findings = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, valise_library_search_async), NULL);

  findings = g_task_propagate_pointer (G_TASK (result), error);
  if (total != NULL)
    *total = findings != NULL ? ((Errand *) g_task_get_task_data (G_TASK (result)))->total : 0;

  return findings;
}
