/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-db-pool"

#include "config.h"

#include "valise-db-pool.h"

#define TIMEOUT_MS  10000 /* wait for another process's lock: only a backup holds one */
#define MAX_READERS 4     /* lent at once, a file */
#define MAX_IDLE    48    /* kept open unused, in the whole program: two descriptors each */

/**
 * ValiseDbPool:
 *
 * The connections of one file. A server has hundreds of files open, so idle readers are
 * counted over all of them, and closed past a limit.
 */
struct _ValiseDbPool
{
  char         *path;
  ValiseDbFlags flags;

  /* Under the mutex */
  GMutex      mutex;
  GCond       returned; /* a connection came back */
  ValiseDb   *writer;   /* NULL: lent, or closed */
  GThread    *writing;  /* who has it, to catch a thread that waits for itself */
  GPtrArray  *idle;     /* (element-type ValiseDb): readers */
  GHashTable *reading;  /* reader lent → its thread */
  gboolean    closed;
};

static int n_idle; /* atomic; readers idle in all pools */

/**
 * valise_db_pool_open:
 * @path: the file; a pool of ":memory:" is none
 *
 * Returns: (transfer full): the pool
 */
ValiseDbPool *
valise_db_pool_open (const char *path, const ValiseDbKind *kind, GError **error)
{
  g_autoptr (ValiseDb) writer =
      valise_db_open (path, kind->flags | VALISE_DB_WRITER, TIMEOUT_MS, error);
  ValiseDbPool *self = NULL;

  if (writer == NULL
      || !valise_db_migrate (writer, kind->application_id, kind->resource_dir, kind->name, error))
    return NULL;

  self = g_new0 (ValiseDbPool, 1);
  self->path = g_strdup (path);
  self->flags = kind->flags & VALISE_DB_RELAXED;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->returned);
  self->writer = g_steal_pointer (&writer);
  self->idle = g_ptr_array_new ();
  self->reading = g_hash_table_new (NULL, NULL);
  return self;
}

void
valise_db_pool_close (ValiseDbPool *self)
{
  g_mutex_lock (&self->mutex);
  g_assert (self->writing != g_thread_self ());
  self->closed = TRUE;
  while (self->writing != NULL || g_hash_table_size (self->reading) > 0)
    g_cond_wait (&self->returned, &self->mutex);

  /* The writer last: with nobody else on the file, it copies its log and removes it. */
  g_atomic_int_add (&n_idle, -(int) self->idle->len);
  for (guint i = 0; i < self->idle->len; i++)
    valise_db_close (g_ptr_array_index (self->idle, i));
  g_ptr_array_set_size (self->idle, 0);
  g_clear_pointer (&self->writer, valise_db_close);
  g_mutex_unlock (&self->mutex);
}

void
valise_db_pool_free (ValiseDbPool *self)
{
  if (self == NULL)
    return;

  valise_db_pool_close (self);
  g_ptr_array_unref (self->idle);
  g_hash_table_unref (self->reading);
  g_cond_clear (&self->returned);
  g_mutex_clear (&self->mutex);
  g_free (self->path);
  g_free (self);
}

const char *
valise_db_pool_get_path (ValiseDbPool *self)
{
  return self->path;
}

static gboolean
refuse_closed (ValiseDbPool *self, GError **error)
{
  g_set_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_ENGINE, "%s is closed", self->path);
  return FALSE;
}

/**
 * valise_db_pool_take_writer:
 *
 * Waits until nobody else writes. A thread that holds the writer must not ask again.
 *
 * Fails with %VALISE_DB_ERROR_ENGINE once the pool is closed.
 *
 * Returns: (transfer none): the writer, until valise_db_pool_give_writer()
 */
ValiseDb *
valise_db_pool_take_writer (ValiseDbPool *self, GError **error)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  ValiseDb                       *writer = NULL;

  g_assert (self->writing != g_thread_self ());
  while (self->writing != NULL && !self->closed)
    g_cond_wait (&self->returned, &self->mutex);
  if (self->closed)
    {
      refuse_closed (self, error);
      return NULL;
    }

  self->writing = g_thread_self ();
  writer = g_steal_pointer (&self->writer);
  return writer;
}

void
valise_db_pool_give_writer (ValiseDbPool *self, ValiseDb *writer)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  g_assert (self->writing != NULL);
  self->writer = writer;
  self->writing = NULL;
  g_cond_broadcast (&self->returned);
}

/* Whether this thread must wait: the file's readers are all lent, none of them to it. */
static gboolean
must_wait (ValiseDbPool *self)
{
  GHashTableIter iter;
  gpointer       thread = NULL;

  if (g_hash_table_size (self->reading) < MAX_READERS)
    return FALSE;

  g_hash_table_iter_init (&iter, self->reading);
  while (g_hash_table_iter_next (&iter, NULL, &thread))
    if (thread == g_thread_self ())
      return FALSE;
  return TRUE;
}

static ValiseDb *
take_idle (ValiseDbPool *self, GError **error)
{
  if (self->idle->len == 0)
    return valise_db_open (self->path, VALISE_DB_READER | self->flags, TIMEOUT_MS, error);

  g_atomic_int_add (&n_idle, -1);
  return g_ptr_array_steal_index_fast (self->idle, self->idle->len - 1);
}

/**
 * valise_db_pool_take_reader:
 *
 * Waits where four are lent, unless one of them is this thread's own.
 *
 * Fails with %VALISE_DB_ERROR_ENGINE once the pool is closed, or with any #ValiseDbError.
 *
 * Returns: (transfer none): a reader, until valise_db_pool_give_reader()
 */
ValiseDb *
valise_db_pool_take_reader (ValiseDbPool *self, GError **error)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  g_autoptr (ValiseDb)            reader = NULL;

  while (!self->closed && must_wait (self))
    g_cond_wait (&self->returned, &self->mutex);
  if (self->closed)
    {
      refuse_closed (self, error);
      return NULL;
    }

  reader = take_idle (self, error);
  if (reader == NULL || !valise_db_begin_read (reader, error))
    return NULL;

  g_hash_table_insert (self->reading, reader, g_thread_self ());
  return g_steal_pointer (&reader);
}

void
valise_db_pool_give_reader (ValiseDbPool *self, ValiseDb *reader)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  valise_db_end_read (reader);
  g_hash_table_remove (self->reading, reader);
  if (self->idle->len < MAX_READERS && g_atomic_int_get (&n_idle) < MAX_IDLE)
    {
      g_atomic_int_inc (&n_idle);
      g_ptr_array_add (self->idle, reader);
    }
  else
    valise_db_close (reader);
  g_cond_broadcast (&self->returned);
}
