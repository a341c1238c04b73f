/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-paper-rows"

#include "config.h"

#include "valise-paper-rows.h"

#include "valise-id.h"
#include "valise-library-parts.h"

static const char *const databases[] = { "public", "states" };

void
valise_paper_query_free (ValisePaperQuery *query)
{
  g_free (query->meeting);
  g_free (query->item);
  g_free (query->author);
  g_free (query->language);
  g_free (query->kind);
  g_free (query);
}

static void
free_heading (gpointer data)
{
  ValisePaperHeading *heading = data;

  g_free (heading->title);
  g_free (heading->meeting);
  g_free (heading->item);
  g_free (heading);
}

void
valise_paper_rows_free (ValisePaperRows *rows)
{
  g_array_unref (rows->ids);
  g_hash_table_unref (rows->headings);
  g_free (rows);
}

static ValisePaperRows *
new_rows (void)
{
  ValisePaperRows *rows = g_new0 (ValisePaperRows, 1);

  rows->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  rows->headings = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, free_heading);

  return rows;
}

/* FNV-1a over meeting and item: a heading keeps its id from one list to the next. */
static gint64
hash_heading (const char *meeting, const char *item)
{
  const char *const parts[] = { meeting != NULL ? meeting : "", item != NULL ? item : "\n" };
  guint64           hash = G_GUINT64_CONSTANT (14695981039346656037);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    for (const char *p = parts[i];; p++)
      {
        hash = (hash ^ (guchar) *p) * G_GUINT64_CONSTANT (1099511628211);
        if (*p == '\0')
          break;
      }

  return -(gint64) (hash >> 2) - 1;
}

static void
add_heading (ValisePaperRows          *rows,
             const ValisePaperSources *sources,
             const char               *meeting,
             const char               *item)
{
  ValisePaperHeading *heading = g_new0 (ValisePaperHeading, 1);

  heading->id = hash_heading (meeting, item);
  heading->meeting = g_strdup (meeting);
  heading->item = g_strdup (item);
  heading->title =
      valise_catalogue_dup_heading (sources->catalogue, meeting, item, sources->language);
  g_array_append_val (rows->ids, heading->id);
  g_hash_table_replace (rows->headings, &heading->id, heading);
}

/* The record of a paper, in whichever database it stands; NULL without an error: nowhere. */
static ValiseIndexRecord *
find_paper (ValiseSearchIndex *index, const char *symbol)
{
  g_autofree char *id = valise_id_for_paper (symbol);

  for (gsize i = 0; i < G_N_ELEMENTS (databases); i++)
    {
      ValiseIndexRecord *record = valise_search_index_get (index, databases[i], id, NULL);

      if (record != NULL)
        return record;
    }

  return NULL;
}

/* The rows of what was read; few beside what there is. */
static GHashTable *
find_read (const ValisePaperSources *sources)
{
  GHashTable    *read = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_auto (GStrv) symbols = valise_read_marks_dup_symbols (sources->marks);

  for (gsize i = 0; symbols[i] != NULL; i++)
    {
      ValiseIndexRecord *record = find_paper (sources->index, symbols[i]);

      if (record == NULL)
        continue;
      g_hash_table_add (read, g_memdup2 (&record->row, sizeof (gint64)));
      valise_index_record_free (record);
    }

  return read;
}

static gboolean
list_all (ValisePaperRows          *rows,
          const ValisePaperSources *sources,
          const ValisePaperQuery   *query,
          GError                  **error)
{
  const ValiseIndexFilter filter = { .type = "paper",
                                     .meeting = query->meeting,
                                     .item = query->item,
                                     .author = query->author,
                                     .language = query->language,
                                     .kind = query->kind };
  g_autoptr (GArray)      found = valise_search_index_list (sources->index, &filter, error);
  g_autoptr (GHashTable)  read = query->unread ? find_read (sources) : NULL;
  const ValiseIndexRow   *last = NULL;

  if (found == NULL)
    return FALSE;

  for (guint i = 0; i < found->len; i++)
    {
      const ValiseIndexRow *row = &g_array_index (found, ValiseIndexRow, i);

      if (read != NULL && g_hash_table_contains (read, &row->row))
        continue;
      if (query->headings
          && (last == NULL || g_strcmp0 (last->meeting, row->meeting) != 0
              || g_strcmp0 (last->item, row->item) != 0))
        add_heading (rows, sources, row->meeting, row->item);
      g_array_append_val (rows->ids, row->row);
      last = row;
    }

  return TRUE;
}

/* --- what arrived last ----------------------------------------------------------------------- */

typedef struct
{
  gint64 row;
  gint64 issue;
} Arrival;

typedef struct
{
  GPtrArray *ids;
  guint      limit;
} Arrivals;

static gboolean
note_arrival (const ValiseChange *change, gpointer user_data)
{
  Arrivals *arrivals = user_data;

  if (g_str_has_prefix (change->id, "paper:") && !change->deleted)
    g_ptr_array_add (arrivals->ids, g_strdup (change->id));

  return arrivals->ids->len < arrivals->limit;
}

static gint64
read_issue (const ValiseIndexRecord *record)
{
  g_autoptr (ValiseJson) json = valise_json_scan_text (
      record->summary != NULL ? record->summary : "{}", -1, VALISE_JSON_INTEGERS, NULL);

  return json != NULL ? valise_json_get_member_int (json, 0, "issue", 0) : 0;
}

static gboolean
add_arrivals (GArray                   *found,
              const ValisePaperSources *sources,
              const char               *name,
              guint                     limit,
              GError                  **error)
{
  g_autoptr (ValiseDatabase) database = valise_home_get_database (sources->home, name, FALSE, NULL);
  g_autoptr (GPtrArray)      ids = g_ptr_array_new_with_free_func (g_free);
  Arrivals                   arrivals = { ids, limit };
  gint64                     last = 0;

  /* An account without that database (an observer's without `states`) misses nothing. */
  if (database == NULL)
    return TRUE;
  if (!valise_database_changes (database, 0, 0, VALISE_CHANGES_DESCENDING, note_arrival, &arrivals,
                                &last, NULL, error))
    return FALSE;

  for (guint i = 0; i < ids->len; i++)
    {
      ValiseIndexRecord *record =
          valise_search_index_get (sources->index, name, ids->pdata[i], NULL);

      if (record == NULL) /* not indexed yet: the next change brings it */
        continue;
      g_array_append_val (found, ((Arrival){ record->row, read_issue (record) }));
      valise_index_record_free (record);
    }

  return TRUE;
}

static int
compare_arrivals (gconstpointer a, gconstpointer b)
{
  gint64 first = ((const Arrival *) a)->issue;
  gint64 second = ((const Arrival *) b)->issue;

  return (first < second) - (first > second);
}

/* Issue numbers rise over all databases, so by them the two lists become one. */
static gboolean
list_arrived (ValisePaperRows          *rows,
              const ValisePaperSources *sources,
              const ValisePaperQuery   *query,
              GError                  **error)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Arrival));

  for (gsize i = 0; i < G_N_ELEMENTS (databases); i++)
    if (!add_arrivals (found, sources, databases[i], query->arrived, error))
      return FALSE;

  g_array_sort (found, compare_arrivals);
  for (guint i = 0; i < MIN (found->len, query->arrived); i++)
    g_array_append_val (rows->ids, g_array_index (found, Arrival, i).row);

  return TRUE;
}

ValisePaperRows *
valise_paper_rows_new (const ValisePaperSources *sources,
                       const ValisePaperQuery   *query,
                       GError                  **error)
{
  g_autoptr (ValisePaperRows) rows = new_rows ();

  if (query->arrived > 0 ? list_arrived (rows, sources, query, error)
                         : list_all (rows, sources, query, error))
    return g_steal_pointer (&rows);

  return NULL;
}

/* --- finding them on a worker ------------------------------------------------------------------
 */

typedef struct
{
  ValiseHome        *home;
  ValiseSearchIndex *index;
  ValiseReadMarks   *marks;
  ValiseCatalogue   *catalogue;
  char              *language;
  ValisePaperQuery  *query; /* its owner's, which outlives the task */
} Search;

static void
free_search (gpointer data)
{
  Search *search = data;

  g_clear_object (&search->home);
  g_clear_object (&search->index);
  g_clear_object (&search->marks);
  g_clear_pointer (&search->catalogue, valise_catalogue_unref);
  g_free (search->language);
  g_free (search);
}

static void
free_rows (gpointer data)
{
  valise_paper_rows_free (data);
}

static void
search_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Search                  *search = task_data;
  GError                  *error = NULL;
  const ValisePaperSources sources = { search->home, search->index, search->marks,
                                       search->catalogue, search->language };
  ValisePaperRows         *rows = valise_paper_rows_new (&sources, search->query, &error);

  if (rows != NULL)
    g_task_return_pointer (task, rows, free_rows);
  else
    g_task_return_error (task, error);
}

void
valise_paper_rows_find_async (GObject            *owner,
                              ValiseLibrary      *library,
                              ValisePaperQuery   *query,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback)
{
  g_autoptr (GTask) task = g_task_new (owner, cancellable, callback, NULL);
  Search           *search = g_new0 (Search, 1);

  search->home = g_object_ref (valise_library_get_home (library));
  search->index = g_object_ref (valise_library_get_index (library));
  search->marks = g_object_ref (valise_library_get_marks (library));
  search->catalogue = valise_catalogue_ref (valise_library_get_catalogue (library));
  search->language = g_strdup (valise_library_get_language (library));
  search->query = query;
  g_task_set_source_tag (task, valise_paper_rows_find_async);
  g_task_set_task_data (task, search, free_search);
  valise_worker_run (valise_library_get_worker (library), task, search_in_thread);
}

ValisePaperRows *
valise_paper_rows_find_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
