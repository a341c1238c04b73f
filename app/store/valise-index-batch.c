/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-index-batch"

#include "config.h"

#include "valise-index-batch.h"

#define BATCH_US    (1 * G_TIME_SPAN_SECOND) /* of one transaction */
#define BATCH_BYTES (16 * 1024 * 1024)       /* of documents in one: the fewer, the less to merge */
#define ROUND_BYTES (4 * 1024 * 1024)        /* of documents held, to be written by language */

/* An entry that was read; then written, until the transaction is through. */
typedef struct
{
  ValiseDocument   *document; /* NULL once written */
  ValiseIndexEntry  entry;
  ValisePlaceChange change; /* strings lent from entry */
  gint64            old_place;
} Written;

/* What one pass over a feed collects. */
typedef struct
{
  const ValiseIndexBatchParts *parts;
  const char                  *name;    /* of the database */
  GArray                      *gone;    /* of gint64: places */
  GArray                      *written; /* of Written */
  guint                        n_done;  /* of them are written, the others read */
  gint64                       until_us;
  gint64                       bytes;   /* read */
  gint64                       held;    /* of these, not written yet */
  gboolean                     stopped; /* before the end of the feed */
  gint64                       last_seq;
  GError                      *error;
} Batch;

static void
clear_written (gpointer data)
{
  Written *written = data;

  g_clear_pointer (&written->document, valise_document_unref);
  valise_index_entry_clear (&written->entry);
}

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

/* Whether there is something to list or to find in @document. */
static gboolean
extract (Batch *batch, const ValiseDocument *document, ValiseIndexEntry *entry)
{
  const ValiseIndexBatchParts *parts = batch->parts;
  g_autoptr (ValiseJson)       json = NULL;

  if (document->body != NULL)
    {
      json = valise_document_scan (document, NULL);
      if (json == NULL) /* the database took it, so that's not for us to report */
        return FALSE;
    }

  return parts->extract (batch->name, document, json, entry, parts->extract_data);
}

/* What @document holds is read now and written with others of its round. */
static gboolean
read_document (Batch *batch, const ValiseDocument *document)
{
  Written written = { 0 };

  if (!extract (batch, document, &written.entry))
    {
      valise_index_entry_clear (&written.entry);
      return remove_document (batch, document->id);
    }
  written.document = valise_document_ref ((ValiseDocument *) document);
  g_array_append_val (batch->written, written);

  return TRUE;
}

static gboolean
write_entry (Batch *batch, Written *written, const ValiseWords *words)
{
  const char *id = written->document->id;

  if (!valise_search_store_put (batch->parts->store, batch->name, written->document,
                                &written->entry, words, &written->change, &written->old_place,
                                &batch->error)
      || !name_originals (batch, id, &written->entry))
    return FALSE;
  g_clear_pointer (&written->entry.paragraphs, g_ptr_array_unref);
  g_clear_pointer (&written->entry.originals, g_ptr_array_unref);
  g_clear_pointer (&written->document, valise_document_unref);

  return TRUE;
}

/* What was read and not written, one language after the other: the words of one, and what FTS5
 * has of them, stay in the processor's cache, those of six don't. @order: (of guint). */
static void
list_round (Batch *batch, GArray *order, GArray *jobs)
{
  ValiseSearchFts *fts = batch->parts->store->fts;

  for (guint table = 0; table < VALISE_SEARCH_TABLES; table++)
    for (guint i = batch->n_done; i < batch->written->len; i++)
      {
        Written       *written = &g_array_index (batch->written, Written, i);
        ValiseWordsJob job = { .entry = &written->entry };

        if (valise_search_table_of (written->entry.language) != table)
          continue;
        g_array_append_val (order, i);
        if (written->document->body == NULL)
          continue;
        job.tokenizer = valise_search_fts_get_tokenizer (fts, table);
        g_array_append_val (jobs, job);
      }
}

static gboolean
write_round (Batch *batch)
{
  g_autoptr (GArray)           order = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray)           jobs = g_array_new (FALSE, FALSE, sizeof (ValiseWordsJob));
  g_autoptr (ValiseWordsAhead) ahead = NULL;

  list_round (batch, order, jobs);
  ahead = valise_words_ahead_new (jobs);
  for (guint i = 0; i < order->len; i++)
    {
      Written *written = &g_array_index (batch->written, Written, g_array_index (order, guint, i));
      g_autoptr (ValiseWords) words =
          written->document->body != NULL ? valise_words_ahead_take (ahead) : NULL;

      if (!write_entry (batch, written, words))
        return FALSE;
    }
  batch->n_done = batch->written->len;
  batch->held = 0;

  return TRUE;
}

static gboolean
index_change (const ValiseChange *change, gpointer user_data)
{
  Batch   *batch = user_data;
  gboolean done = change->deleted || change->document == NULL
                      ? remove_document (batch, change->id)
                      : read_document (batch, change->document);

  if (!done)
    return FALSE;
  batch->last_seq = change->seq;
  batch->bytes += change->here ? change->size : 0;
  batch->held += change->here ? change->size : 0;
  if (batch->held >= ROUND_BYTES && !write_round (batch))
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
      || batch->error != NULL || !write_round (batch))
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
      const Written *written = &g_array_index (batch->written, Written, i);

      valise_search_columns_remove (columns, written->old_place);
      if (written->change.place > 0)
        valise_search_columns_set (columns, &written->change);
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
  g_autoptr (GArray) gone = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) written = g_array_new (FALSE, FALSE, sizeof (Written));
  Batch              batch = { .parts = parts,
                               .name = valise_database_get_name (database),
                               .gone = gone,
                               .written = written,
                               .until_us = g_get_monotonic_time () + BATCH_US };

  g_array_set_clear_func (written, clear_written);
  if (!commit_batch (&batch, database))
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
