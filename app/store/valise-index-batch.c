/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-index-batch"

#include "config.h"

#include "valise-index-ahead.h"
#include "valise-index-batch.h"

#define BATCH_US    (1 * G_TIME_SPAN_SECOND) /* of one transaction */
#define BATCH_BYTES (16 * 1024 * 1024)       /* of documents in one: the fewer, the less to merge */
#define ROUND_BYTES (4 * 1024 * 1024)        /* of documents made ready together: two are held */

/* What one pass over a feed collects. */
typedef struct
{
  const ValiseIndexBatchParts *parts;
  const char                  *name; /* of the database */
  ValiseIndexAhead            *ahead;
  GPtrArray                   *round;   /* of ValiseDocument: read, and not given ahead yet */
  gint64                       held;    /* bytes of these */
  GArray                      *gone;    /* of gint64: places */
  GPtrArray                   *written; /* of ValiseIndexItem */
  gint64                       until_us;
  gint64                       bytes;   /* read */
  gboolean                     stopped; /* before the end of the feed */
  gint64                       last_seq;
  GError                      *error;
} Batch;

static gboolean
remove_document (Batch *batch, const char *id)
{
  gint64 place = 0;

  if (!valise_search_store_remove (batch->parts->store, batch->name, id, &place, &batch->error))
    return FALSE;
  if (place > 0)
    g_array_append_val (batch->gone, place);

  return valise_search_originals_forget (batch->parts->store, batch->name, id, batch->gone,
                                         &batch->error);
}

/* The files that @entry names, in place of those that its document named before. */
static gboolean
name_originals (Batch *batch, const char *id, const ValiseIndexEntry *entry)
{
  const ValiseIndexBatchParts *parts = batch->parts;

  if (!valise_search_originals_forget (parts->store, batch->name, id, batch->gone, &batch->error)
      || !valise_search_originals_name (parts->store, batch->name, id, entry, &batch->error))
    return FALSE;
  for (guint i = 0;
       parts->originals != NULL && entry->originals != NULL && i < entry->originals->len; i++)
    valise_index_originals_note (((const ValiseIndexOriginal *) entry->originals->pdata[i])->sha256,
                                 parts->originals);

  return TRUE;
}

static gboolean
write_item (Batch *batch, ValiseIndexItem *item)
{
  const char *id = item->document->id;

  if (!item->indexed)
    return remove_document (batch, id);
  if (!valise_search_store_put (batch->parts->store, batch->name, item->document, &item->entry,
                                item->words, &item->change, &item->old_place, &batch->error)
      || !name_originals (batch, id, &item->entry))
    return FALSE;
  g_clear_pointer (&item->words, valise_words_free);
  g_clear_pointer (&item->entry.originals, g_ptr_array_unref);
  g_clear_pointer (&item->document, valise_document_unref);

  return TRUE;
}

/* The next @n documents that are ready. */
static gboolean
write_items (Batch *batch, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ValiseIndexItem) item = valise_index_ahead_take (batch->ahead);

      if (!write_item (batch, item))
        return FALSE;
      if (item->indexed)
        g_ptr_array_add (batch->written, g_steal_pointer (&item));
    }

  return TRUE;
}

static GPtrArray *
new_round (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);
}

/* What was read is made ready while what was read before it is written. */
static gboolean
end_round (Batch *batch)
{
  guint before = valise_index_ahead_get_n_left (batch->ahead);

  valise_index_ahead_give (batch->ahead, batch->round);
  batch->round = new_round ();
  batch->held = 0;

  return write_items (batch, before);
}

static gboolean
end_rounds (Batch *batch)
{
  return end_round (batch) && write_items (batch, valise_index_ahead_get_n_left (batch->ahead));
}

static gboolean
index_change (const ValiseChange *change, gpointer user_data)
{
  Batch *batch = user_data;

  if (!change->deleted && change->document != NULL)
    g_ptr_array_add (batch->round, valise_document_ref ((ValiseDocument *) change->document));
  else if (!remove_document (batch, change->id))
    return FALSE;
  batch->last_seq = change->seq;
  batch->bytes += change->here ? change->size : 0;
  batch->held += change->here ? change->size : 0;
  if (batch->held >= ROUND_BYTES && !end_round (batch))
    return FALSE;
  batch->stopped = batch->bytes >= BATCH_BYTES || g_get_monotonic_time () >= batch->until_us
                   || g_atomic_int_get (batch->parts->closing);

  return !batch->stopped;
}

/* Reads on in the feed of @followed, from where the store says; in a transaction. */
static gboolean
read_feed (Batch *batch, ValiseDatabase *database)
{
  ValiseSearchStore *store = batch->parts->store;
  ValiseDatabaseInfo info = { 0 };
  gint64             since = 0;
  gint64             last = 0;

  if (!valise_database_get_info (database, &info, &batch->error)
      || !valise_search_store_follow (store, batch->name, info.uuid, &since, batch->gone,
                                      &batch->error)
      || !valise_database_changes (database, since, 0, VALISE_CHANGES_DOCUMENTS, index_change,
                                   batch, &last, NULL, &batch->error)
      || batch->error != NULL || !end_rounds (batch))
    return FALSE;
  if (!batch->stopped)
    batch->last_seq = MAX (last, since);

  return valise_search_store_flush_words (store, FALSE, &batch->error)
         && valise_search_store_set_seq (store, batch->name, batch->last_seq, &batch->error)
         && valise_search_store_finish (store, &batch->error);
}

static void
update_columns (Batch *batch)
{
  ValiseSearchColumns *columns = batch->parts->columns;

  valise_search_columns_lock (columns, TRUE);
  for (guint i = 0; i < batch->gone->len; i++)
    valise_search_columns_remove (columns, g_array_index (batch->gone, gint64, i));
  for (guint i = 0; i < batch->written->len; i++)
    {
      const ValiseIndexItem *item = batch->written->pdata[i];

      valise_search_columns_remove (columns, item->old_place);
      if (item->change.place > 0)
        valise_search_columns_set (columns, &item->change);
    }
  valise_search_columns_unlock (columns, TRUE);
}

static gboolean
commit_batch (Batch *batch, ValiseDatabase *database)
{
  ValiseDb *db = batch->parts->store->db;

  if (!valise_db_begin (db, &batch->error))
    return FALSE;
  if (read_feed (batch, database))
    return valise_db_commit (db, &batch->error);

  valise_db_rollback (db);

  return FALSE;
}

gboolean
valise_index_batch_run (const ValiseIndexBatchParts *parts,
                        ValiseDatabase              *database,
                        ValiseIndexBatchResult      *result,
                        GError                     **error)
{
  const char                 *name = valise_database_get_name (database);
  const ValiseIndexAheadParts ahead = { .database = name,
                                        .extract = parts->extract,
                                        .extract_data = parts->extract_data,
                                        .fts = parts->store->fts };
  g_autoptr (GArray)          gone = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GPtrArray)       written =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_index_item_free);
  Batch    batch = { .parts = parts,
                     .name = name,
                     .gone = gone,
                     .written = written,
                     .until_us = g_get_monotonic_time () + BATCH_US };
  gboolean done = FALSE;

  batch.ahead = valise_index_ahead_new (&ahead);
  batch.round = new_round ();
  done = commit_batch (&batch, database);
  g_clear_pointer (&batch.round, g_ptr_array_unref);
  g_clear_pointer (&batch.ahead, valise_index_ahead_free);
  if (!done)
    {
      g_propagate_error (error, batch.error);
      return FALSE;
    }
  update_columns (&batch);
  *result = (ValiseIndexBatchResult){ .last_seq = batch.last_seq,
                                      .whole = !batch.stopped,
                                      .changed = gone->len > 0 || written->len > 0 };

  return TRUE;
}
