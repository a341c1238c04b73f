/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-database"

#include "config.h"

#include <glib/gstdio.h>

#include "valise-batch.h"
#include "valise-database.h"
#include "valise-db-pool.h"
#include "valise-meta-table.h"
#include "valise-weak.h"

#define APPLICATION_ID 0x564c4442 /* "VLDB" */

/**
 * ValiseDatabase:
 *
 * One file of documents. Everything is asked of the file itself, through a connection of
 * the pool, so the object holds nothing that could disagree with it.
 */
struct _ValiseDatabase
{
  GObject parent_instance;

  /* Set once, by open(), so any thread reads them unlocked. */
  char         *name;
  ValiseDbPool *pool;
  GMainContext *context;

  gpointer       healer; /* what the pool's healer is given */
  GDestroyNotify free_healer;
  ValiseJournal *journal; /* set before anybody else has the database; NULL: none is kept */

  int announced; /* atomic; 1: "changed" is on its way and speaks for later writes too */

  GMutex  watching; /* held while watches are called, so that unwatch waits for them */
  GArray *watches;  /* of Watch, under the mutex */
  guint   last_watch;
};

typedef struct
{
  guint           id;
  ValiseWatchFunc func;
  gpointer        user_data;
} Watch;

G_DEFINE_QUARK (valise_database_error, valise_database_error)

G_DEFINE_FINAL_TYPE (ValiseDatabase, valise_database, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- the signal ---------------------------------------------------------------------- */

static gboolean
emit_changed_cb (gpointer user_data)
{
  g_autoptr (ValiseDatabase) self = g_weak_ref_get (user_data);

  if (self != NULL)
    {
      /* First, so that a write from now on announces itself again. */
      g_atomic_int_set (&self->announced, 0);
      g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
    }
  return G_SOURCE_REMOVE;
}

static void
call_watches (ValiseDatabase *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->watching);

  for (guint i = 0; i < self->watches->len; i++)
    {
      Watch *watch = &g_array_index (self->watches, Watch, i);

      watch->func (self, watch->user_data);
    }
}

/* Any thread. The source holds no reference: a database may go without its loop ever running. */
static void
announce_change (ValiseDatabase *self)
{
  g_autoptr (GSource) source = NULL;

  call_watches (self);
  if (!g_atomic_int_compare_and_exchange (&self->announced, 0, 1))
    return;

  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, emit_changed_cb, valise_weak_new (self), valise_weak_free);
  g_source_attach (source, self->context);
}

/**
 * valise_database_watch:
 * @func: called after every commit that gave a new sequence, on the thread that wrote; quick,
 *   and it calls nothing of the database
 *
 * Any thread.
 *
 * Returns: what valise_database_unwatch() takes, never 0
 */
guint
valise_database_watch (ValiseDatabase *self, ValiseWatchFunc func, gpointer user_data)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->watching);
  Watch                           watch = { ++self->last_watch, func, user_data };

  g_array_append_val (self->watches, watch);
  return watch.id;
}

/**
 * valise_database_unwatch:
 *
 * Waits for a call that is under way. Any thread, but not from within the watch.
 */
void
valise_database_unwatch (ValiseDatabase *self, guint watch)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->watching);

  for (guint i = 0; i < self->watches->len; i++)
    if (g_array_index (self->watches, Watch, i).id == watch)
      {
        g_array_remove_index (self->watches, i);
        return;
      }
  g_critical ("%s: no watch %u", self->name, watch);
}

/* --- the object ---------------------------------------------------------------------- */

static void
valise_database_finalize (GObject *object)
{
  ValiseDatabase *self = VALISE_DATABASE (object);

  if (self->pool != NULL)
    valise_database_close (self);
  g_clear_pointer (&self->pool, valise_db_pool_free);
  g_clear_pointer (&self->journal, valise_journal_free);
  if (self->free_healer != NULL)
    self->free_healer (self->healer);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->watches, g_array_unref);
  g_mutex_clear (&self->watching);
  g_clear_pointer (&self->name, g_free);

  G_OBJECT_CLASS (valise_database_parent_class)->finalize (object);
}

static void
valise_database_class_init (ValiseDatabaseClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_database_finalize;

  /**
   * ValiseDatabase::changed:
   *
   * Documents were written. Once for many writes, in the opener's main context.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
valise_database_init (ValiseDatabase *self)
{
  g_mutex_init (&self->watching);
  self->watches = g_array_new (FALSE, FALSE, sizeof (Watch));
}

static gboolean
insert_meta (ValiseDb *db, gpointer user_data, GError **error)
{
  return valise_meta_insert (db, error);
}

/* A file nobody closed is read whole before it is trusted. */
static gboolean
check_file (ValiseDb *db, GError **error)
{
  g_auto (ValiseMetaRow) meta = { 0 };

  if (!valise_meta_read (db, &meta, NULL))
    return valise_db_write (db, insert_meta, NULL, error);
  return meta.clean || valise_db_check (db, error);
}

/**
 * valise_database_open:
 * @path: the file
 * @name: what it is called: "public", "states"…
 * @create: makes the file where there is none
 *
 * Blocks; in proportion to the file's size where the last program did not close it.
 *
 * Fails with any #ValiseDbError; %VALISE_DB_ERROR_ENGINE where there is no file.
 *
 * Returns: (transfer full): the database
 */
ValiseDatabase *
valise_database_open (const char *path, const char *name, gboolean create, GError **error)
{
  ValiseDbKind             kind = { APPLICATION_ID, "/org/valise/Valise/sql", "content",
                        create ? VALISE_DB_CREATE : 0 };
  g_autoptr (ValiseDbPool) pool = valise_db_pool_open (path, &kind, error);
  ValiseDatabase          *self = NULL;
  ValiseDb                *writer = NULL;
  gboolean                 is_sound = FALSE;

  if (pool == NULL || (writer = valise_db_pool_take_writer (pool, error)) == NULL)
    return NULL;

  is_sound = check_file (writer, error);
  valise_db_pool_give_writer (pool, writer);
  if (!is_sound)
    return NULL;

  self = g_object_new (VALISE_TYPE_DATABASE, NULL);
  self->name = g_strdup (name);
  self->pool = g_steal_pointer (&pool);
  self->context = g_main_context_ref_thread_default ();
  return self;
}

static gboolean
mark_clean (ValiseDb *db, gpointer user_data, GError **error)
{
  g_auto (ValiseMetaRow) meta = { 0 };

  if (!valise_meta_read (db, &meta, error))
    return FALSE;
  if (meta.clean)
    return TRUE;

  meta.clean = TRUE;
  return valise_meta_update (db, &meta, error);
}

/**
 * valise_database_close:
 *
 * Waits for whoever reads or writes. Calls made afterwards fail with
 * %VALISE_DB_ERROR_ENGINE.
 */
void
valise_database_close (ValiseDatabase *self)
{
  g_autoptr (GError) error = NULL;
  ValiseDb          *writer = NULL;

  g_return_if_fail (VALISE_IS_DATABASE (self));

  writer = valise_db_pool_take_writer (self->pool, NULL);
  if (writer == NULL)
    return; /* closed already */

  /* Nothing is lost where this fails: the next open reads the file whole. */
  if (!valise_db_write (writer, mark_clean, NULL, &error))
    g_info ("%s not marked as closed: %s", self->name, error->message);
  valise_db_pool_give_writer (self->pool, writer);
  valise_db_pool_close (self->pool);
}

ValiseDbPool *
valise_database_get_pool (ValiseDatabase *self)
{
  return self->pool;
}

ValiseJournal *
valise_database_get_journal (ValiseDatabase *self)
{
  return self->journal;
}

/**
 * valise_database_set_healer:
 * @func: what makes the file whole again, as valise_db_pool_set_healer() has it
 * @destroy: frees @user_data
 *
 * To be called once, before another thread has the database.
 */
void
valise_database_set_healer (ValiseDatabase  *self,
                            ValiseDbHealFunc func,
                            gpointer         user_data,
                            GDestroyNotify   destroy)
{
  g_return_if_fail (self->free_healer == NULL);

  self->healer = user_data;
  self->free_healer = destroy;
  valise_db_pool_set_healer (self->pool, func, user_data);
}

void
valise_database_take_journal (ValiseDatabase *self, ValiseJournal *journal)
{
  g_assert (self->journal == NULL);
  self->journal = journal;
}

const char *
valise_database_get_name (ValiseDatabase *self)
{
  return self->name;
}

static gint64
get_file_size (const char *path, const char *suffix)
{
  g_autofree char *name = g_strconcat (path, suffix, NULL);
  GStatBuf         info = { 0 };

  return g_stat (name, &info) == 0 ? (gint64) info.st_size : 0;
}

/**
 * valise_database_get_info:
 * @info: (out caller-allocates):
 *
 * Reads counters that every write keeps: its time does not depend on the database's size.
 */
gboolean
valise_database_get_info (ValiseDatabase *self, ValiseDatabaseInfo *info, GError **error)
{
  g_auto (ValiseMetaRow) meta = { 0 };
  ValiseDb              *db = valise_db_pool_take_reader (self->pool, error);
  gboolean               is_read = FALSE;

  if (db == NULL)
    return FALSE;

  is_read = valise_meta_read (db, &meta, error);
  valise_db_pool_give_reader (self->pool, db);
  if (!is_read)
    return FALSE;

  info->update_seq = meta.update_seq;
  info->documents = meta.documents;
  info->deleted = meta.deleted;
  info->absent = meta.absent;
  info->created_us = meta.created_us;
  g_strlcpy (info->uuid, meta.uuid, sizeof info->uuid);
  info->size = get_file_size (valise_db_pool_get_path (self->pool), "")
               + get_file_size (valise_db_pool_get_path (self->pool), "-wal");
  return TRUE;
}

/* --- writing ------------------------------------------------------------------------- */

/**
 * valise_database_begin:
 *
 * Waits until nobody else writes. A thread that holds a batch must not begin another.
 *
 * Fails with any #ValiseDbError.
 *
 * Returns: (transfer full): end it with valise_batch_commit() or valise_batch_cancel()
 */
ValiseBatch *
valise_database_begin (ValiseDatabase *self, GError **error)
{
  g_return_val_if_fail (VALISE_IS_DATABASE (self), NULL);

  return valise_batch_new (self, self->pool, announce_change, error);
}

/**
 * valise_database_put:
 *
 * One edit in a transaction of its own: see valise_batch_put().
 */
char *
valise_database_put (ValiseDatabase *self,
                     const char     *id,
                     const char     *parent,
                     gboolean        deleted,
                     GBytes         *body,
                     const char     *attachments,
                     GError        **error)
{
  g_autoptr (ValiseBatch) batch = valise_database_begin (self, error);
  g_autofree char        *rev = NULL;

  if (batch == NULL)
    return NULL;

  rev = valise_batch_put (batch, id, parent, deleted, body, attachments, error);
  if (rev == NULL || !valise_batch_commit (g_steal_pointer (&batch), error))
    return NULL;
  return g_steal_pointer (&rev);
}

/**
 * valise_database_get_local:
 * @id: without "_local/"
 * @rev: (out) (optional): its "0-N"
 *
 * Fails with %VALISE_DATABASE_ERROR_MISSING or any #ValiseDbError.
 *
 * Returns: (transfer full): the body's text
 */
char *
valise_database_get_local (ValiseDatabase *self, const char *id, char **rev, GError **error)
{
  ValiseDb *db = valise_db_pool_take_reader (self->pool, error);
  char     *body = NULL;

  if (db == NULL)
    return NULL;

  body = valise_local_table_get (db, id, rev, error);
  valise_db_pool_give_reader (self->pool, db);
  return body;
}

/**
 * valise_database_put_local:
 *
 * Writes without asking for the revision before, as CouchDB does.
 *
 * Returns: (transfer full): the new "0-N"
 */
char *
valise_database_put_local (ValiseDatabase *self, const char *id, const char *body, GError **error)
{
  g_autoptr (ValiseBatch) batch = valise_database_begin (self, error);
  g_autofree char        *rev = NULL;

  if (batch == NULL)
    return NULL;

  rev = valise_batch_put_local_full (batch, id, body, error);
  if (rev == NULL || !valise_batch_commit (g_steal_pointer (&batch), error))
    return NULL;
  return g_steal_pointer (&rev);
}

/* Fails with %VALISE_DATABASE_ERROR_MISSING or any #ValiseDbError. */
gboolean
valise_database_delete_local (ValiseDatabase *self, const char *id, GError **error)
{
  g_autoptr (ValiseBatch) batch = valise_database_begin (self, error);

  return batch != NULL && valise_batch_delete_local (batch, id, error)
         && valise_batch_commit (g_steal_pointer (&batch), error);
}
