/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-indexer"

#include "config.h"

#include "valise-index-batch.h"
#include "valise-index-file.h"
#include "valise-indexer-parts.h"

#define RETRY_US (2 * G_TIME_SPAN_SECOND) /* after a failure */

/* So many texts take some 10 ms to be loaded, which is left until a window had time to be drawn. */
#define MANY       5000
#define PUT_OFF_US (1 * G_TIME_SPAN_SECOND)

/* Texts that changed leave their words behind: so many, beyond as many as there are, and the
 * index is made anew when next opened. */
#define MAX_DEAD 5000

/* --- the file -------------------------------------------------------------------------- */

static gboolean
open_store (ValiseIndexer *self, gboolean drop, GError **error)
{
  self->store =
      valise_index_file_open (self->path, self->parts.version, self->parts.pool, drop, error);
  return self->store != NULL;
}

/* @wasteful: (out): the file had better be made anew. */
static gboolean
load_columns (ValiseIndexer *self, gboolean *wasteful, GError **error)
{
  guint    alive = 0;
  gboolean done = FALSE;

  valise_search_columns_lock (self->parts.columns, TRUE);
  valise_search_columns_clear (self->parts.columns);
  done = valise_search_store_load (self->store, self->parts.columns, &alive, error);
  *wasteful = done && self->store->place - alive > (gint64) alive + MAX_DEAD;
  valise_search_columns_unlock (self->parts.columns, TRUE);

  return done;
}

/* Brings store and columns up, from whatever state; with @drop, from nothing. */
static gboolean
start (ValiseIndexer *self, gboolean drop, GError **error)
{
  gboolean wasteful = FALSE;

  if (drop)
    g_clear_pointer (&self->store, valise_search_store_close);
  if (self->store == NULL && !open_store (self, drop, error))
    return FALSE;
  if (!load_columns (self, &wasteful, error))
    return FALSE;
  if (g_atomic_pointer_get (&self->originals) != NULL)
    valise_index_originals_look (self->originals);
  if (!wasteful)
    return TRUE;

  g_clear_pointer (&self->store, valise_search_store_close);

  return open_store (self, TRUE, error) && load_columns (self, &wasteful, error);
}

/* --- the thread ------------------------------------------------------------------------ */

/* There is work for the thread, or something is done. */
static void
wake (gpointer user_data)
{
  ValiseIndexer           *self = user_data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  g_cond_signal (&self->wake);
  g_cond_broadcast (&self->progress);
}

/* One transaction's worth of @followed. Fails with any #ValiseDbError, of either file. */
static gboolean
index_batch (ValiseIndexer *self, Followed *followed, GError **error)
{
  g_autoptr (ValiseDatabase) database = NULL;
  ValiseIndexBatchResult     result = { 0 };
  guint64                    commits = 0;
  ValiseIndexBatchParts      parts = { .store = self->store,
                                       .columns = self->parts.columns,
                                       .extract = self->parts.extract,
                                       .extract_data = self->parts.extract_data,
                                       .closing = &self->closing };

  g_mutex_lock (&self->mutex);
  parts.originals = self->originals;
  commits = followed->written;
  database = g_object_ref (followed->database);
  g_mutex_unlock (&self->mutex);

  if (!valise_index_batch_run (&parts, database, &result, error))
    return FALSE;

  g_mutex_lock (&self->mutex);
  if (followed->database == database)
    {
      followed->seq = result.last_seq;
      if (result.whole)
        followed->read = commits;
    }
  self->untidy |= result.changed;
  g_cond_broadcast (&self->progress);
  g_mutex_unlock (&self->mutex);
  if (result.changed)
    self->parts.changed (self->parts.changed_data);

  return TRUE;
}

/* A piece of a file's words. */
static gboolean
read_originals (ValiseIndexer *self, GError **error)
{
  gboolean changed = FALSE;

  if (!valise_index_originals_step (self->originals, self->store, &changed, error))
    return FALSE;
  if (changed)
    self->parts.changed (self->parts.changed_data);
  wake (self);
  return TRUE;
}

static void
set_untidy (ValiseIndexer *self, gboolean untidy)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->untidy = untidy;
  g_cond_broadcast (&self->progress);
}

/* A piece of merging. Where it can't be done now, as on a full disk, it is left for the next time
 * that something is written: nothing is missing without it. */
static gboolean
merge (ValiseIndexer *self, GError **error)
{
  g_autoptr (GError) reason = NULL;
  gboolean           more = FALSE;

  if (!valise_search_store_merge (self->store, &more, &reason))
    {
      more = FALSE;
      g_info ("the index is not merged: %s", reason->message);
    }
  set_untidy (self, more);
  if (!g_error_matches (reason, VALISE_DB_ERROR, VALISE_DB_ERROR_CORRUPT))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));

  return FALSE;
}

/* A piece of what there is to do where nothing waits to be indexed. */
static gboolean
do_chores (ValiseIndexer *self, GError **error)
{
  if (valise_indexer_has_originals (self))
    return read_originals (self, error);

  return !self->untidy || merge (self, error); /* only this thread changes it */
}

/* The next database with something to read, taken in turn; NULL: none. Under the mutex. */
static Followed *
find_work (ValiseIndexer *self, guint *turn)
{
  for (guint i = 0; i < self->followed->len; i++)
    {
      Followed *followed = self->followed->pdata[++*turn % self->followed->len];

      if (followed->read < followed->written)
        return followed;
    }

  return NULL;
}

/* Waits for work: FALSE where it's time to go. @work: (out): NULL: there are chores;
 * @drop: (out): the file is damaged. */
static gboolean
wait_for_work (ValiseIndexer *self, guint *turn, Followed **work, gboolean *drop)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  *work = NULL;
  while (!self->closing && !self->damaged && (*work = find_work (self, turn)) == NULL
         && !self->untidy && !valise_indexer_has_originals (self))
    g_cond_wait (&self->wake, &self->mutex);
  *drop = self->damaged;

  return !self->closing;
}

/* Everything is to be read again. */
static void
forget_progress (ValiseIndexer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->damaged = FALSE;
  for (guint i = 0; i < self->followed->len; i++)
    {
      Followed *followed = self->followed->pdata[i];

      followed->seq = 0;
      followed->read = 0;
    }
}

/* After a failure: what is in memory is made anew from the file, the file too if need be. */
static void
recover (ValiseIndexer *self, const GError *reason)
{
  gint64 until_us = g_get_monotonic_time () + RETRY_US;

  g_info ("indexing failed, to be tried again: %s", reason->message);
  g_clear_pointer (&self->store, valise_search_store_close);

  g_mutex_lock (&self->mutex);
  if (g_error_matches (reason, VALISE_DB_ERROR, VALISE_DB_ERROR_CORRUPT))
    self->damaged = TRUE;
  while (!self->closing && !self->damaged)
    if (!g_cond_wait_until (&self->wake, &self->mutex, until_us))
      break;
  g_mutex_unlock (&self->mutex);
}

static void
set_loaded (ValiseIndexer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->loaded = TRUE;
  g_cond_broadcast (&self->progress);
}

/* Only a search needs what is loaded, and who has just opened a window hasn't typed yet: loading
 * would be in the way of drawing it. */
static void
put_off (ValiseIndexer *self)
{
  gint64                   until_us = g_get_monotonic_time () + PUT_OFF_US;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  while (self->store->place > MANY && !self->wanted && !self->closing && !self->damaged)
    if (!g_cond_wait_until (&self->wake, &self->mutex, until_us))
      return;
}

static gpointer
run (gpointer data)
{
  ValiseIndexer *self = data;
  Followed      *work = NULL;
  gboolean       drop = FALSE;
  gboolean       ready = FALSE;
  guint          turn = 0;

  put_off (self);
  do
    {
      g_autoptr (GError) error = NULL;

      if (drop)
        forget_progress (self);
      if ((!ready || drop) && !(ready = start (self, drop, &error)))
        recover (self, error);
      else if (!drop
               && !(work != NULL ? index_batch (self, work, &error) : do_chores (self, &error)))
        {
          recover (self, error);
          ready = FALSE;
        }
      if (ready)
        set_loaded (self);
    }
  while (wait_for_work (self, &turn, &work, &drop));

  g_clear_pointer (&self->store, valise_search_store_close);

  return NULL;
}

/* --- for others ------------------------------------------------------------------------ */

static void
call_watch (ValiseDatabase *database, gpointer user_data)
{
  ValiseIndexer           *self = user_data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  for (guint i = 0; i < self->followed->len; i++)
    {
      Followed *followed = self->followed->pdata[i];

      if (followed->database == database)
        followed->written++;
    }
  g_cond_signal (&self->wake);
}

static void
free_followed (gpointer data)
{
  Followed *followed = data;

  g_clear_object (&followed->database);
  g_free (followed);
}

ValiseIndexer *
valise_indexer_new (const ValiseIndexerParts *parts, GError **error)
{
  ValiseIndexer *self = g_new0 (ValiseIndexer, 1);

  self->parts = *parts;
  self->path = g_strdup (parts->path);
  self->untidy = TRUE; /* as it may have been left */
  self->followed = g_ptr_array_new_with_free_func (free_followed);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->wake);
  g_cond_init (&self->progress);

  if (open_store (self, FALSE, error))
    {
      self->thread = g_thread_new ("valise-indexer", run, self);
      return self;
    }
  valise_indexer_free (self);

  return NULL;
}

void
valise_indexer_free (ValiseIndexer *self)
{
  g_mutex_lock (&self->mutex);
  g_atomic_int_set (&self->closing, TRUE);
  g_cond_broadcast (&self->wake);
  g_cond_broadcast (&self->progress);
  g_mutex_unlock (&self->mutex);

  /* Not under the mutex, which a watch at work waits for. */
  for (guint i = 0; i < self->followed->len; i++)
    {
      Followed *followed = self->followed->pdata[i];

      valise_database_unwatch (followed->database, followed->watch);
    }
  g_clear_pointer (&self->thread, g_thread_join);
  g_clear_pointer (&self->store, valise_search_store_close);
  g_clear_pointer (&self->originals, valise_index_originals_free);
  g_clear_pointer (&self->followed, g_ptr_array_unref);
  g_cond_clear (&self->wake);
  g_cond_clear (&self->progress);
  g_mutex_clear (&self->mutex);
  g_free (self->path);
  g_free (self);
}

/* The one of that name, or a new one; under the mutex. */
static Followed *
find_followed (ValiseIndexer *self, const char *name)
{
  Followed *made = NULL;

  for (guint i = 0; i < self->followed->len; i++)
    {
      Followed *followed = self->followed->pdata[i];

      if (g_str_equal (valise_database_get_name (followed->database), name))
        return followed;
    }
  made = g_new0 (Followed, 1);
  g_ptr_array_add (self->followed, made);

  return made;
}

void
valise_indexer_add (ValiseIndexer *self, ValiseDatabase *database)
{
  g_autoptr (ValiseDatabase) old = NULL;
  guint                      watch = valise_database_watch (database, call_watch, self);
  guint                      old_watch = watch;
  Followed                  *followed = NULL;

  g_mutex_lock (&self->mutex);
  followed = find_followed (self, valise_database_get_name (database));
  if (followed->database != database)
    {
      /* Another file of that name takes the old one's place. */
      old = followed->database;
      old_watch = followed->watch;
      followed->database = g_object_ref (database);
      followed->watch = watch;
      followed->seq = 0;
      followed->written++; /* what is in it already */
    }
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->mutex);

  if (followed->watch != watch)
    valise_database_unwatch (database, watch);
  else if (old != NULL)
    valise_database_unwatch (old, old_watch);
}

void
valise_indexer_read_files (ValiseIndexer           *self,
                           const ValiseIndexReader *reader,
                           ValiseIndexFiles         files,
                           gpointer                 user_data)
{
  ValiseIndexOriginalsParts parts = { .columns = self->parts.columns,
                                      .closing = &self->closing,
                                      .reader = reader,
                                      .files = files,
                                      .files_data = user_data,
                                      .wake = wake,
                                      .wake_data = self };

  g_return_if_fail (self->originals == NULL);
  g_atomic_pointer_set (&self->originals, valise_index_originals_new (&parts));
  wake (self);
}

ValiseDatabase *
valise_indexer_dup_database (ValiseIndexer *self, const char *name)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  for (guint i = 0; i < self->followed->len; i++)
    {
      Followed *followed = self->followed->pdata[i];

      if (g_str_equal (valise_database_get_name (followed->database), name))
        return g_object_ref (followed->database);
    }

  return NULL;
}

void
valise_indexer_rebuild (ValiseIndexer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->damaged = TRUE;
  g_cond_signal (&self->wake);
}
