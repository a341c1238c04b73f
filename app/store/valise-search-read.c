/* valise-search-read.c - what is read from the tables of search.sqlite
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-search-read"

#include "config.h"

#include <string.h>

#include "valise-search-store.h"

#define MAX_WEIGHED VALISE_SEARCH_MAX_WEIGHED
#define STEP        256 /* rows between two looks at the cancellable */

gboolean
valise_search_store_load (ValiseSearchStore   *self,
                          ValiseSearchColumns *columns,
                          guint               *alive,
                          GError             **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      self->db, "SELECT place, row, length, type, kind, meeting, item, author, language, symbol,"
                " belongs, date FROM entry WHERE place > 0");
  ValiseStep step = VALISE_STEP_DONE;

  *alive = 0;
  while ((step = valise_stmt_step (stmt, error)) == VALISE_STEP_ROW)
    {
      ValisePlaceChange change = {
        .place = valise_stmt_get_int64 (stmt, 0),
        .row = valise_stmt_get_int64 (stmt, 1),
        .length = (guint) valise_stmt_get_int64 (stmt, 2),
        .strings = { .type = valise_stmt_get_text (stmt, 3),
                     .kind = valise_stmt_get_text (stmt, 4),
                     .meeting = valise_stmt_get_text (stmt, 5),
                     .item = valise_stmt_get_text (stmt, 6),
                     .author = valise_stmt_get_text (stmt, 7),
                     .symbol = valise_stmt_get_text (stmt, 9) },
        .group = valise_stmt_get_text (stmt, 10),
        .date = valise_stmt_get_text (stmt, 11),
        .table = valise_search_table_of (valise_stmt_get_text (stmt, 8)),
      };

      valise_search_columns_set (columns, &change);
      ++*alive;
    }

  return step == VALISE_STEP_DONE;
}

/* The newest first, so that where there are too many these are the ones weighed. */
#define SEARCH(table)                                                                              \
  "SELECT valise_collect(" table ") FROM " table " WHERE " table " MATCH :match ORDER BY rowid "   \
  "DESC"
#define SEARCHES(language)                                                                         \
  {                                                                                                \
    SEARCH ("words_" language), SEARCH ("heads_" language)                                         \
  }

/* By table, in the order of valise_search_table_of(). */
static const struct
{
  const char *words;
  const char *heads;
} searches[VALISE_SEARCH_TABLES] = { SEARCHES ("ar"),  SEARCHES ("en"), SEARCHES ("es"),
                                     SEARCHES ("fr"),  SEARCHES ("ru"), SEARCHES ("zh"),
                                     SEARCHES ("none") };

/* Collects what @match finds until there is enough more. */
static gboolean
run_search (ValiseSearchStore *self,
            const char        *sql,
            const char        *match,
            ValiseCollector   *collector,
            GCancellable      *cancellable,
            GError           **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (self->db, sql);
  ValiseStep             step = VALISE_STEP_DONE;
  guint                  before = collector->matches->len;
  guint                  n_rows = 0;

  g_array_set_size (collector->weights, 0);
  valise_stmt_bind_text (stmt, ":match", match);
  valise_search_fts_set_collector (self->fts, collector);
  while (collector->matches->len - before < MAX_WEIGHED
         && (step = valise_stmt_step (stmt, error)) == VALISE_STEP_ROW)
    if (++n_rows % STEP == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
      {
        step = VALISE_STEP_ERROR;
        break;
      }
  valise_search_fts_set_collector (self->fts, NULL);

  return step != VALISE_STEP_ERROR;
}

gboolean
valise_search_store_search (ValiseSearchStore *self,
                            guint              table,
                            const char        *match,
                            ValiseCollector   *collector,
                            GCancellable      *cancellable,
                            GError           **error)
{
  guint before = collector->matches->len;

  valise_search_columns_get_size (collector->columns, table, &collector->texts, &collector->length);
  collector->n_places = valise_search_columns_get_n_places (collector->columns);
  if (!run_search (self, searches[table].words, match, collector, cancellable, error))
    return FALSE;
  if (collector->matches->len - before < MAX_WEIGHED)
    return TRUE;

  /* Words so common tell texts apart by title, if at all: of the others, those that have them
   * there. */
  return run_search (self, searches[table].heads, match, collector, cancellable, error);
}

/* --- lists ----------------------------------------------------------------------------- */

/* Of a text, its own language; of what has none, that of a text that belongs to it. */
#define WHERE                                                                                      \
  " (:kind IS NULL OR e.kind = :kind) AND (:meeting IS NULL OR e.meeting = :meeting)"              \
  " AND (:item IS NULL OR e.item = :item) AND (:author IS NULL OR e.author = :author)"             \
  " AND (:symbol IS NULL OR e.symbol = :symbol)"                                                   \
  " AND (:language IS NULL OR (e.language = :language AND e.here) OR (e.language IS NULL AND"      \
  " EXISTS (SELECT 1 FROM entry AS t WHERE t.belongs = e.belongs AND t.language = :language"       \
  " AND t.here AND t.type <> 'file')))"

#define LIST       "SELECT e.row, e.meeting, e.item FROM entry AS e INDEXED BY entry_list WHERE"
#define LIST_ORDER " ORDER BY e.type, e.meeting, e.item_key, e.order_key, e.date DESC, e.row"

static void
bind_filter (ValiseStmt *stmt, const ValiseIndexFilter *filter)
{
  static const ValiseIndexFilter any = { 0 };

  if (filter == NULL)
    filter = &any;
  if (filter->type != NULL)
    valise_stmt_bind_text (stmt, ":type", filter->type);
  valise_stmt_bind_text (stmt, ":kind", filter->kind);
  valise_stmt_bind_text (stmt, ":meeting", filter->meeting);
  valise_stmt_bind_text (stmt, ":item", filter->item);
  valise_stmt_bind_text (stmt, ":author", filter->author);
  valise_stmt_bind_text (stmt, ":language", filter->language);
  valise_stmt_bind_text (stmt, ":symbol", filter->symbol);
}

static void
clear_row (gpointer data)
{
  ValiseIndexRow *row = data;

  g_clear_pointer (&row->meeting, g_free);
  g_clear_pointer (&row->item, g_free);
}

/* Dates of meetings, by id. */
static GHashTable *
read_meeting_dates (ValiseSearchStore *self, GError **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      self->db, "SELECT id, date FROM entry WHERE type = 'meeting' AND date IS NOT NULL");
  g_autoptr (GHashTable) dates = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  ValiseStep             step = VALISE_STEP_DONE;

  while ((step = valise_stmt_step (stmt, error)) == VALISE_STEP_ROW)
    g_hash_table_insert (dates, g_strdup (valise_stmt_get_text (stmt, 0)),
                         g_strdup (valise_stmt_get_text (stmt, 1)));

  return step == VALISE_STEP_DONE ? g_steal_pointer (&dates) : NULL;
}

/* A stretch of rows of one meeting. */
typedef struct
{
  guint       first;
  guint       n_rows;
  const char *meeting;
  const char *date; /* "" where not known */
} Stretch;

/* Newest first; of one date, by id, the newest last made first; without a meeting, last. */
static int
compare_stretches (gconstpointer a, gconstpointer b)
{
  const Stretch *first = a;
  const Stretch *second = b;
  int            order = (first->meeting == NULL) - (second->meeting == NULL);

  if (order == 0)
    order = g_strcmp0 (second->date, first->date);
  if (order == 0)
    order = g_strcmp0 (second->meeting, first->meeting);

  return order != 0 ? order : (int) first->first - (int) second->first;
}

static GArray *
find_stretches (GArray *rows, GHashTable *dates)
{
  GArray *stretches = g_array_new (FALSE, FALSE, sizeof (Stretch));

  for (guint i = 0; i < rows->len; i++)
    {
      const char *meeting = g_array_index (rows, ValiseIndexRow, i).meeting;
      Stretch    *last =
          stretches->len == 0 ? NULL : &g_array_index (stretches, Stretch, stretches->len - 1);

      if (last != NULL && g_strcmp0 (last->meeting, meeting) == 0)
        {
          last->n_rows++;
          continue;
        }
      g_array_append_val (stretches, ((Stretch){ i, 1, meeting, NULL }));
      last = &g_array_index (stretches, Stretch, stretches->len - 1);
      last->date = meeting == NULL ? NULL : g_hash_table_lookup (dates, meeting);
      if (last->date == NULL)
        last->date = "";
    }

  return stretches;
}

/* The rows come by meetings' ids; what a reader wants first is the newest meeting. */
static GArray *
sort_by_meeting (GArray *rows, GHashTable *dates)
{
  g_autoptr (GArray) stretches = find_stretches (rows, dates);
  GArray            *sorted = g_array_sized_new (FALSE, FALSE, sizeof (ValiseIndexRow), rows->len);

  g_array_sort (stretches, compare_stretches);
  for (guint i = 0; i < stretches->len; i++)
    {
      const Stretch *stretch = &g_array_index (stretches, Stretch, i);

      g_array_append_vals (sorted, &g_array_index (rows, ValiseIndexRow, stretch->first),
                           stretch->n_rows);
    }

  return sorted;
}

/* What begins the index and is asked for is sought there, not looked for among all. */
static ValiseStmt *
prepare_list (ValiseSearchStore *self, const ValiseIndexFilter *filter)
{
  if (filter == NULL || filter->type == NULL)
    return valise_db_prepare (self->db, LIST WHERE LIST_ORDER);
  if (filter->meeting == NULL)
    return valise_db_prepare (self->db, LIST " e.type = :type AND" WHERE LIST_ORDER);

  return valise_db_prepare (self->db,
                            LIST " e.type = :type AND e.meeting = :meeting AND" WHERE LIST_ORDER);
}

GArray *
valise_search_store_list (ValiseSearchStore *self, const ValiseIndexFilter *filter, GError **error)
{
  g_autoptr (ValiseStmt) stmt = prepare_list (self, filter);
  g_autoptr (GArray)     rows = g_array_sized_new (FALSE, FALSE, sizeof (ValiseIndexRow), 1024);
  g_autoptr (GHashTable) dates = read_meeting_dates (self, error);
  GArray                *sorted = NULL;
  ValiseStep             step = VALISE_STEP_DONE;

  if (dates == NULL)
    return NULL;
  bind_filter (stmt, filter);
  while ((step = valise_stmt_step (stmt, error)) == VALISE_STEP_ROW)
    {
      ValiseIndexRow row = { .row = valise_stmt_get_int64 (stmt, 0),
                             .meeting = g_strdup (valise_stmt_get_text (stmt, 1)),
                             .item = g_strdup (valise_stmt_get_text (stmt, 2)) };

      g_array_append_val (rows, row);
    }

  sorted = sort_by_meeting (rows, dates);
  g_array_set_clear_func (sorted, clear_row);
  if (step == VALISE_STEP_DONE)
    return sorted;
  g_array_unref (sorted);

  return NULL;
}

#define COUNT(column)                                                                              \
  "SELECT e." column ", count(*) FROM entry AS e INDEXED BY entry_list"                            \
  " WHERE (:type IS NULL OR e.type = :type) AND e." column " IS NOT NULL AND" WHERE                \
  " GROUP BY e." column " ORDER BY e." column

static ValiseStmt *
prepare_count (ValiseSearchStore *self, const char *column)
{
  if (g_str_equal (column, "meeting"))
    return valise_db_prepare (self->db, COUNT ("meeting"));
  if (g_str_equal (column, "item"))
    return valise_db_prepare (self->db, COUNT ("item"));
  if (g_str_equal (column, "author"))
    return valise_db_prepare (self->db, COUNT ("author"));
  if (g_str_equal (column, "kind"))
    return valise_db_prepare (self->db, COUNT ("kind"));
  if (g_str_equal (column, "language"))
    return valise_db_prepare (self->db, COUNT ("language"));

  return NULL;
}

static void
clear_count (gpointer data)
{
  g_clear_pointer (&((ValiseIndexCount *) data)->value, g_free);
}

/* What @stmt says, of a value and how often it is there. */
static GArray *
read_counts (ValiseStmt *stmt, GError **error)
{
  g_autoptr (GArray) counts = g_array_new (FALSE, FALSE, sizeof (ValiseIndexCount));
  ValiseStep         step = VALISE_STEP_DONE;

  g_array_set_clear_func (counts, clear_count);
  while ((step = valise_stmt_step (stmt, error)) == VALISE_STEP_ROW)
    {
      ValiseIndexCount count = { g_strdup (valise_stmt_get_text (stmt, 0)),
                                 (guint) valise_stmt_get_int64 (stmt, 1) };

      g_array_append_val (counts, count);
    }

  return step == VALISE_STEP_DONE ? g_steal_pointer (&counts) : NULL;
}

GArray *
valise_search_store_count (ValiseSearchStore       *self,
                           const char              *column,
                           const ValiseIndexFilter *filter,
                           GError                 **error)
{
  g_autoptr (ValiseStmt) stmt = prepare_count (self, column);

  g_return_val_if_fail (stmt != NULL, NULL);

  bind_filter (stmt, filter);

  return read_counts (stmt, error);
}

/* In the order of its index, so that nothing is sorted and no entry is read: 50,000 are a few ms.
 */
GArray *
valise_search_store_count_here (ValiseSearchStore *self, const char *type, GError **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (self->db, "SELECT meeting, count(*) FROM entry INDEXED BY entry_here"
                                   " WHERE type = :type AND here GROUP BY meeting");

  valise_stmt_bind_text (stmt, ":type", type);

  return read_counts (stmt, error);
}

/* --- records --------------------------------------------------------------------------- */

#define RECORD                                                                                     \
  "SELECT row, database, id, type, belongs, title, language, symbol, kind, date, meeting, item,"   \
  " author, summary, file, here, size FROM entry WHERE "

static ValiseIndexRecord *
read_record (ValiseStmt *stmt)
{
  ValiseIndexRecord *record = g_new0 (ValiseIndexRecord, 1);
  char **strings[] = { &record->database, &record->id,       &record->type,   &record->group,
                       &record->title,    &record->language, &record->symbol, &record->kind,
                       &record->date,     &record->meeting,  &record->item,   &record->author,
                       &record->summary,  &record->file };

  record->row = valise_stmt_get_int64 (stmt, 0);
  for (guint i = 0; i < G_N_ELEMENTS (strings); i++)
    *strings[i] = g_strdup (valise_stmt_get_text (stmt, (int) i + 1));
  record->here = valise_stmt_get_int64 (stmt, 15) != 0;
  record->size = valise_stmt_get_int64 (stmt, 16);

  return record;
}

/* NULL without an error where there is none. */
static ValiseIndexRecord *
read_one (ValiseStmt *stmt, GError **error)
{
  return valise_stmt_step (stmt, error) == VALISE_STEP_ROW ? read_record (stmt) : NULL;
}

ValiseIndexRecord *
valise_search_store_get_row (ValiseSearchStore *self, gint64 row, GError **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (self->db, RECORD "row = :row");

  valise_stmt_bind_int64 (stmt, ":row", row);

  return read_one (stmt, error);
}

ValiseIndexRecord *
valise_search_store_get (ValiseSearchStore *self,
                         const char        *database,
                         const char        *id,
                         GError           **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (self->db, RECORD "database = :database AND id = :id");

  valise_stmt_bind_text (stmt, ":database", database);
  valise_stmt_bind_text (stmt, ":id", id);

  return read_one (stmt, error);
}

GPtrArray *
valise_search_store_get_group (ValiseSearchStore *self, const char *group, GError **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      self->db, RECORD
      "belongs = :group AND type <> 'file' ORDER BY language IS NOT NULL, type, language, row");
  g_autoptr (GPtrArray) records =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_index_record_free);
  ValiseStep step = VALISE_STEP_DONE;

  valise_stmt_bind_text (stmt, ":group", group);
  while ((step = valise_stmt_step (stmt, error)) == VALISE_STEP_ROW)
    g_ptr_array_add (records, read_record (stmt));

  return step == VALISE_STEP_DONE ? g_steal_pointer (&records) : NULL;
}

GPtrArray *
valise_search_store_get_rows (ValiseSearchStore *self,
                              const gint64      *rows,
                              guint              n_rows,
                              GError           **error)
{
  g_autoptr (GPtrArray) records =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_index_record_free);

  for (guint i = 0; i < n_rows; i++)
    {
      g_autoptr (GError) reason = NULL;
      ValiseIndexRecord *record = valise_search_store_get_row (self, rows[i], &reason);

      if (reason != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return NULL;
        }
      if (record == NULL) /* it went since the list was made: an empty place keeps the order */
        record = g_new0 (ValiseIndexRecord, 1);
      g_ptr_array_add (records, record);
    }

  return g_steal_pointer (&records);
}
