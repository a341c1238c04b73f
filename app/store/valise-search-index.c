/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-search-index"

#include "config.h"

#include "valise-hit.h"
#include "valise-indexer.h"
#include "valise-search-finder.h"
#include "valise-search-index.h"
#include "valise-search-originals.h"

#define ANNOUNCE_US (G_TIME_SPAN_SECOND / 5) /* between two "changed" */

/**
 * ValiseSearchIndex:
 *
 * The indexer's thread writes; those that ask each take a reader from the pool.
 */
struct _ValiseSearchIndex
{
  GObject parent_instance;

  ValiseIndexFunc extract;
  gpointer        extract_data;

  ValiseSearchColumns *columns;
  ValiseReaderPool    *pool;
  ValiseIndexer       *indexer; /* NULL once closed */

  GMutex        mutex;
  GMainContext *context;      /* where "changed" is emitted */
  GSource      *announcement; /* under the mutex: one is on its way */
  gint64        announced_us; /* under the mutex: when the last one was */
};

G_DEFINE_FINAL_TYPE (ValiseSearchIndex, valise_search_index, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- announcing ------------------------------------------------------------------------ */

static gboolean
announce_cb (gpointer user_data)
{
  GWeakRef                     *reference = user_data;
  g_autoptr (ValiseSearchIndex) self = g_weak_ref_get (reference);

  if (self == NULL)
    return G_SOURCE_REMOVE;

  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->announcement, g_source_unref);
  self->announced_us = g_get_monotonic_time ();
  g_mutex_unlock (&self->mutex);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);

  return G_SOURCE_REMOVE;
}

static void
free_weak_ref (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

/* On the indexer's thread. */
static void
announce (gpointer user_data)
{
  ValiseSearchIndex       *self = user_data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  gint64                   wait_us = 0;
  GWeakRef                *reference = NULL;

  if (self->announcement != NULL)
    return;
  wait_us = self->announced_us + ANNOUNCE_US - g_get_monotonic_time ();
  reference = g_new0 (GWeakRef, 1);
  g_weak_ref_init (reference, self);
  self->announcement = g_timeout_source_new ((guint) CLAMP (wait_us / 1000, 0, 1000));
  g_source_set_callback (self->announcement, announce_cb, reference, free_weak_ref);
  g_source_attach (self->announcement, self->context);
}

/* --- the object ------------------------------------------------------------------------ */

static void
valise_search_index_finalize (GObject *object)
{
  ValiseSearchIndex *self = VALISE_SEARCH_INDEX (object);

  valise_search_index_close (self);
  g_clear_pointer (&self->pool, valise_reader_pool_free);
  g_clear_pointer (&self->columns, valise_search_columns_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (valise_search_index_parent_class)->finalize (object);
}

static void
valise_search_index_class_init (ValiseSearchIndexClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_search_index_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
valise_search_index_init (ValiseSearchIndex *self)
{
  g_mutex_init (&self->mutex);
  self->context = g_main_context_ref_thread_default ();
}

/**
 * valise_search_index_open:
 * @path: of search.sqlite
 * @version: of @func's meaning; another than the file's has it made anew
 * @func: says what a document holds; called on several threads
 *
 * Fails with any #ValiseDbError but %VALISE_DB_ERROR_CORRUPT and %VALISE_DB_ERROR_TOO_NEW,
 * for which the file is dropped; with any #GFileError where it can't be.
 *
 * Returns: (transfer full): the index, its thread at work; nothing is followed yet
 */
ValiseSearchIndex *
valise_search_index_open (const char     *path,
                          guint           version,
                          ValiseIndexFunc func,
                          gpointer        user_data,
                          GError        **error)
{
  g_autoptr (ValiseSearchIndex) self = NULL;
  ValiseIndexerParts            parts = { 0 };

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (func != NULL, NULL);

  self = g_object_new (VALISE_TYPE_SEARCH_INDEX, NULL);
  self->extract = func;
  self->extract_data = user_data;
  self->columns = valise_search_columns_new ();
  self->pool = valise_reader_pool_new (path, version);

  parts = (ValiseIndexerParts){
    .path = path,
    .version = version,
    .extract = func,
    .extract_data = user_data,
    .columns = self->columns,
    .pool = self->pool,
    .changed = announce,
    .changed_data = self,
  };
  self->indexer = valise_indexer_new (&parts, error);

  return self->indexer == NULL ? NULL : g_steal_pointer (&self);
}

/**
 * valise_search_index_close:
 *
 * Stops the indexer; what it has not committed is read again next time. No other call may be
 * at work, or follow. Safe to call twice.
 */
void
valise_search_index_close (ValiseSearchIndex *self)
{
  g_return_if_fail (VALISE_IS_SEARCH_INDEX (self));

  /* Readers first: whoever leaves last and may write copies the log into the file. */
  if (self->pool != NULL)
    {
      valise_reader_pool_shut (self->pool);
      valise_reader_pool_reopen (self->pool);
    }
  g_clear_pointer (&self->indexer, valise_indexer_free);

  g_mutex_lock (&self->mutex);
  if (self->announcement != NULL)
    g_source_destroy (self->announcement);
  g_clear_pointer (&self->announcement, g_source_unref);
  g_mutex_unlock (&self->mutex);
}

void
valise_search_index_add (ValiseSearchIndex *self, ValiseDatabase *database)
{
  g_return_if_fail (VALISE_IS_SEARCH_INDEX (self));

  valise_indexer_add (self->indexer, database);
}

void
valise_search_index_read_files (ValiseSearchIndex       *self,
                                const ValiseIndexReader *reader,
                                ValiseIndexFiles         files,
                                gpointer                 user_data)
{
  g_return_if_fail (VALISE_IS_SEARCH_INDEX (self));
  g_return_if_fail (reader != NULL && files != NULL);

  valise_indexer_read_files (self->indexer, reader, files, user_data);
}

/**
 * valise_search_index_catch_up:
 * @timeout_ms: how long to wait at most, in milliseconds
 *
 * Returns: whether everything that was written before the call is searchable
 */
gboolean
valise_search_index_catch_up (ValiseSearchIndex *self, guint timeout_ms)
{
  g_return_val_if_fail (VALISE_IS_SEARCH_INDEX (self), FALSE);

  return valise_indexer_catch_up (self->indexer, timeout_ms);
}

gboolean
valise_search_index_is_behind (ValiseSearchIndex *self)
{
  g_return_val_if_fail (VALISE_IS_SEARCH_INDEX (self), FALSE);

  return valise_indexer_is_behind (self->indexer);
}

gboolean
valise_search_index_wait_tidy (ValiseSearchIndex *self, guint timeout_ms)
{
  g_return_val_if_fail (VALISE_IS_SEARCH_INDEX (self), FALSE);

  return valise_indexer_wait_tidy (self->indexer, timeout_ms);
}

/* --- asking ---------------------------------------------------------------------------- */

/* Gives @store back; where @error says that the file is damaged, has it made anew. */
static void
finish (ValiseSearchIndex *self, ValiseSearchStore *store, GError **error)
{
  valise_reader_pool_give (self->pool, store);
  if (error != NULL && g_error_matches (*error, VALISE_DB_ERROR, VALISE_DB_ERROR_CORRUPT))
    valise_indexer_rebuild (self->indexer);
}

/* Runs @call with a reader as `store` and a place for an error as `&reason`. */
#define ASK(type, call)                                                                            \
  type               answer = NULL;                                                                \
  GError            *reason = NULL;                                                                \
  ValiseSearchStore *store = NULL;                                                                 \
                                                                                                   \
  g_return_val_if_fail (VALISE_IS_SEARCH_INDEX (self), NULL);                                      \
                                                                                                   \
  store = valise_reader_pool_take (self->pool, error);                                             \
  if (store == NULL)                                                                               \
    return NULL;                                                                                   \
  answer = call;                                                                                   \
  finish (self, store, &reason);                                                                   \
  if (reason != NULL)                                                                              \
    g_propagate_error (error, reason);                                                             \
                                                                                                   \
  return answer

GArray *
valise_search_index_list (ValiseSearchIndex *self, const ValiseIndexFilter *filter, GError **error)
{
  ASK (GArray *, valise_search_store_list (store, filter, &reason));
}

GArray *
valise_search_index_count (ValiseSearchIndex       *self,
                           const char              *column,
                           const ValiseIndexFilter *filter,
                           GError                 **error)
{
  ASK (GArray *, valise_search_store_count (store, column, filter, &reason));
}

GArray *
valise_search_index_count_here (ValiseSearchIndex *self, const char *type, GError **error)
{
  g_return_val_if_fail (type != NULL, NULL);

  ASK (GArray *, valise_search_store_count_here (store, type, &reason));
}

GPtrArray *
valise_search_index_get_group (ValiseSearchIndex *self, const char *group, GError **error)
{
  ASK (GPtrArray *, valise_search_store_get_group (store, group, &reason));
}

/* NULL without an error where there is no such entry. */
ValiseIndexRecord *
valise_search_index_get (ValiseSearchIndex *self,
                         const char        *database,
                         const char        *id,
                         GError           **error)
{
  ASK (ValiseIndexRecord *, valise_search_store_get (store, database, id, &reason));
}

GPtrArray *
valise_search_index_get_rows (ValiseSearchIndex *self,
                              const gint64      *rows,
                              guint              n_rows,
                              GError           **error)
{
  ASK (GPtrArray *, valise_search_store_get_rows (store, rows, n_rows, &reason));
}

/* --- searching ------------------------------------------------------------------------- */

/* The document of @record as it is now, read by the extractor; of a file, what was read of it.
 * FALSE where it can't be had: the index may be a moment behind. */
static gboolean
extract (ValiseSearchIndex       *self,
         ValiseSearchStore       *store,
         const ValiseIndexRecord *record,
         ValiseIndexEntry        *entry)
{
  g_autofree char           *pages = NULL;
  g_autoptr (ValiseDatabase) database =
      valise_indexer_dup_database (self->indexer, record->database);
  g_autoptr (ValiseDocument) document = NULL;
  g_autoptr (ValiseJson)     json = NULL;

  if (record->file != NULL)
    {
      valise_search_originals_get_reading (store, record->file, NULL, &pages, NULL);
      entry->paragraphs = pages != NULL ? valise_search_originals_part (pages) : NULL;
      return pages != NULL;
    }
  if (database != NULL)
    document = valise_database_get (database, record->id, NULL, NULL);
  if (document != NULL && document->body != NULL)
    json = valise_document_scan (document, NULL);

  return json != NULL
         && self->extract (record->database, document, json, entry, self->extract_data);
}

static ValiseHit *
make_hit (ValiseSearchIndex *self,
          ValiseSearchStore *store,
          ValiseFindings    *findings,
          const ValiseFound *found,
          GError           **error)
{
  ValiseMatcher     *matcher = valise_findings_get_matcher (findings, store, found->table);
  ValiseIndexEntry   entry = { 0 };
  ValiseHit         *hit = NULL;
  ValiseIndexRecord *record = valise_search_store_get_row (store, found->row, error);

  if (record == NULL)
    return NULL;
  hit = g_new0 (ValiseHit, 1);
  hit->record = record;
  hit->rank = found->score;
  hit->marks = g_array_new (FALSE, FALSE, sizeof (guint));
  extract (self, store, record, &entry);
  valise_hit_cut (hit, &entry, matcher, findings->queries[found->table]->n_terms);
  valise_index_entry_clear (&entry);

  return hit;
}

static GPtrArray *
make_hits (ValiseSearchIndex *self,
           ValiseSearchStore *store,
           ValiseFindings    *findings,
           GCancellable      *cancellable,
           GError           **error)
{
  g_autoptr (GPtrArray) hits = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_hit_free);

  for (guint i = 0; i < findings->found->len; i++)
    {
      g_autoptr (GError) reason = NULL;
      ValiseHit         *hit = NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      hit = make_hit (self, store, findings, &g_array_index (findings->found, ValiseFound, i),
                      &reason);
      if (reason != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return NULL;
        }
      if (hit != NULL) /* else it went a moment ago */
        g_ptr_array_add (hits, hit);
    }

  return g_steal_pointer (&hits);
}

static GPtrArray *
find_hits (ValiseSearchIndex       *self,
           ValiseSearchStore       *store,
           const char              *query,
           const ValiseIndexFilter *filter,
           guint                    limit,
           guint                   *total,
           GCancellable            *cancellable,
           GError                 **error)
{
  g_autoptr (ValiseFindings) findings =
      valise_search_find (store, self->columns, query, filter, limit, cancellable, error);

  if (findings == NULL)
    return NULL;
  if (total != NULL)
    *total = findings->n_groups;

  return make_hits (self, store, findings, cancellable, error);
}

/* All of it reads one moment of the file, which is also locked once only, not for each of some
 * fifty statements. */
static GPtrArray *
search (ValiseSearchIndex       *self,
        ValiseSearchStore       *store,
        const char              *query,
        const ValiseIndexFilter *filter,
        guint                    limit,
        guint                   *total,
        GCancellable            *cancellable,
        GError                 **error)
{
  GPtrArray *hits = NULL;

  if (!valise_db_begin_read (store->db, error))
    return NULL;
  hits = find_hits (self, store, query, filter, limit, total, cancellable, error);
  valise_db_end_read (store->db);

  return hits;
}

/**
 * valise_search_index_search:
 * @query: what was typed
 * @filter: (nullable):
 * @limit: how many groups at most; 0: all
 * @total: (out) (nullable): how many groups there are
 * @cancellable: (nullable):
 *
 * Searches. Any thread; blocks, for some milliseconds, and where the index was just opened,
 * until it is read.
 *
 * Fails with %G_IO_ERROR_CANCELLED or any #ValiseDbError.
 *
 * Returns: (transfer full) (element-type ValiseHit):
 */
GPtrArray *
valise_search_index_search (ValiseSearchIndex       *self,
                            const char              *query,
                            const ValiseIndexFilter *filter,
                            guint                    limit,
                            guint                   *total,
                            GCancellable            *cancellable,
                            GError                 **error)
{
  g_return_val_if_fail (query != NULL, NULL);

  if (total != NULL)
    *total = 0;
  valise_indexer_wait_loaded (self->indexer);
  ASK (GPtrArray *, search (self, store, query, filter, limit, total, cancellable, &reason));
}
