/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-db-pool"

#include "config.h"

#include <sys/resource.h>

#include "valise-db-parts.h"
#include "valise-db-pool.h"

#define TIMEOUT_MS  10000 /* wait for another process's lock: only a backup holds one */
#define MAX_READERS 4     /* lent at once, a file */
#define MAX_IDLE    48    /* kept open unused, in the whole program: two descriptors each */

/* Pools awake at once. Each has three descriptors for its writer and the log; its readers,
 * two each, are few at a time: so a twelfth of what the system gives leaves most of it to
 * connections from outside. */
#define LEAST_AWAKE 16
#define MOST_AWAKE  256

/**
 * ValiseDbPool:
 *
 * The connections of one file. A server has hundreds of files, so idle readers are counted
 * over all of them, and closed past a limit; and so are pools that are awake.
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
  gboolean    suspect; /* a connection met damage */

  ValiseDbHealFunc heal; /* set before another thread has the pool */
  gpointer         heal_data;

  GList link; /* in awake, under its mutex */
};

static int n_idle; /* atomic; readers idle in all pools */

/* Those with their files open, used last first. Taken after a pool's own mutex, never before:
 * who holds it only tries for a pool's. */
static GMutex awake_mutex;
static GQueue awake = G_QUEUE_INIT;

/* --- waking and resting -------------------------------------------------------------- */

static guint
get_most_awake (void)
{
  struct rlimit limit = { 0 };

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return MOST_AWAKE;
  return (guint) CLAMP (limit.rlim_cur / 12, LEAST_AWAKE, MOST_AWAKE);
}

guint
valise_db_pool_count_awake (void)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&awake_mutex);

  return awake.length;
}

static gboolean
is_listed (ValiseDbPool *self)
{
  return self->link.prev != NULL || self->link.next != NULL || awake.head == &self->link;
}

/* With its mutex held. */
static void
note_use (ValiseDbPool *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&awake_mutex);

  if (is_listed (self))
    g_queue_unlink (&awake, &self->link);
  g_queue_push_head_link (&awake, &self->link);
}

static void
note_rest (ValiseDbPool *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&awake_mutex);

  if (is_listed (self))
    g_queue_unlink (&awake, &self->link);
}

/* With its mutex held, and nothing lent. The writer last: with nobody else on the file, it
 * copies its log and removes it. Under the mutex to the end, so that no second writer opens
 * the file while the first still checkpoints. */
static void
close_connections (ValiseDbPool *self)
{
  g_atomic_int_add (&n_idle, -(int) self->idle->len);
  for (guint i = 0; i < self->idle->len; i++)
    valise_db_close (g_ptr_array_index (self->idle, i));
  g_ptr_array_set_size (self->idle, 0);
  g_clear_pointer (&self->writer, valise_db_close);
}

static gboolean
is_at_rest (ValiseDbPool *self)
{
  return self->writing == NULL && g_hash_table_size (self->reading) == 0;
}

/* The pool used least lately that is not in use, its mutex taken; NULL: there are not too
 * many. */
static ValiseDbPool *
find_sleeper (guint most)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&awake_mutex);

  if (awake.length <= most)
    return NULL;
  for (GList *link = awake.tail; link != NULL; link = link->prev)
    {
      ValiseDbPool *pool = link->data;

      if (!g_mutex_trylock (&pool->mutex))
        continue;
      if (is_at_rest (pool))
        {
          g_queue_unlink (&awake, link);
          return pool;
        }
      g_mutex_unlock (&pool->mutex);
    }
  return NULL;
}

/* With no pool's mutex held. */
static void
rest_some (void)
{
  guint         most = get_most_awake ();
  ValiseDbPool *pool = NULL;

  while ((pool = find_sleeper (most)) != NULL)
    {
      close_connections (pool);
      g_mutex_unlock (&pool->mutex);
    }
}

/* With the mutex held: the file open, or FALSE. @woken: (out): whether it was not. */
static gboolean
wake (ValiseDbPool *self, gboolean *woken, GError **error)
{
  g_autoptr (ValiseDb) writer = NULL;

  note_use (self);
  if (self->writer != NULL || self->writing != NULL)
    return TRUE;

  writer = valise_db_open (self->path, self->flags | VALISE_DB_WRITER, TIMEOUT_MS, error);
  if (writer == NULL || !valise_db_accept (writer, error))
    {
      note_rest (self);
      return FALSE;
    }
  self->writer = g_steal_pointer (&writer);
  *woken = TRUE;
  return TRUE;
}

/* --- healing ------------------------------------------------------------------------- */

void
valise_db_pool_set_healer (ValiseDbPool *self, ValiseDbHealFunc func, gpointer user_data)
{
  self->heal = func;
  self->heal_data = user_data;
}

static gboolean
holds_reader (ValiseDbPool *self)
{
  GHashTableIter iter;
  gpointer       thread = NULL;

  g_hash_table_iter_init (&iter, self->reading);
  while (g_hash_table_iter_next (&iter, NULL, &thread))
    if (thread == g_thread_self ())
      return TRUE;
  return FALSE;
}

/* Before a connection is lent. A thread that holds another would wait for itself; it goes on
 * with what it has. */
static gboolean
heal (ValiseDbPool *self, GError **error)
{
  if (!self->suspect || self->heal == NULL || holds_reader (self)
      || self->writing == g_thread_self ())
    return TRUE;
  while (self->suspect && !self->closed && !is_at_rest (self))
    g_cond_wait (&self->returned, &self->mutex);
  if (!self->suspect || self->closed)
    return TRUE;

  self->suspect = FALSE; /* tried once: where it fails, what is asked next fails too */
  close_connections (self);
  return self->heal (self->path, self->heal_data, error);
}

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
  self->link.data = self;
  note_use (self);
  rest_some ();
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

  note_rest (self);
  close_connections (self);
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

/* With the mutex held; FALSE where nothing can be lent. */
static gboolean
prepare (ValiseDbPool *self, gboolean *woken, GError **error)
{
  return (!self->closed || refuse_closed (self, error)) && heal (self, error)
         && (!self->closed || refuse_closed (self, error)) && wake (self, woken, error);
}

static ValiseDb *
take_writer (ValiseDbPool *self, gboolean *woken, GError **error)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  g_assert (self->writing != g_thread_self ());
  do /* again where preparing had to wait, and another was quicker */
    {
      while (self->writing != NULL && !self->closed)
        g_cond_wait (&self->returned, &self->mutex);
      if (!prepare (self, woken, error))
        return NULL;
    }
  while (self->writing != NULL);

  self->writing = g_thread_self ();
  return g_steal_pointer (&self->writer);
}

/**
 * valise_db_pool_take_writer:
 *
 * Waits until nobody else writes. A thread that holds the writer must not ask again.
 *
 * Fails with %VALISE_DB_ERROR_ENGINE once the pool is closed, or with any #ValiseDbError.
 *
 * Returns: (transfer none): the writer, until valise_db_pool_give_writer()
 */
ValiseDb *
valise_db_pool_take_writer (ValiseDbPool *self, GError **error)
{
  gboolean  woken = FALSE;
  ValiseDb *writer = take_writer (self, &woken, error);

  if (woken)
    rest_some ();
  return writer;
}

void
valise_db_pool_give_writer (ValiseDbPool *self, ValiseDb *writer)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  g_assert (self->writing != NULL);
  self->suspect |= valise_db_is_suspect (writer);
  self->writer = writer;
  self->writing = NULL;
  g_cond_broadcast (&self->returned);
}

/* Whether this thread must wait: the file's readers are all lent, none of them to it. */
static gboolean
must_wait (ValiseDbPool *self)
{
  return g_hash_table_size (self->reading) >= MAX_READERS && !holds_reader (self);
}

static ValiseDb *
take_idle (ValiseDbPool *self, GError **error)
{
  if (self->idle->len == 0)
    return valise_db_open (self->path, VALISE_DB_READER | self->flags, TIMEOUT_MS, error);

  g_atomic_int_add (&n_idle, -1);
  return g_ptr_array_steal_index_fast (self->idle, self->idle->len - 1);
}

static ValiseDb *
take_reader (ValiseDbPool *self, gboolean *woken, GError **error)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  g_autoptr (ValiseDb)            reader = NULL;

  do /* again where preparing had to wait, and others were quicker */
    {
      while (!self->closed && must_wait (self))
        g_cond_wait (&self->returned, &self->mutex);
      if (!prepare (self, woken, error))
        return NULL;
    }
  while (must_wait (self));

  reader = take_idle (self, error);
  if (reader == NULL || !valise_db_begin_read (reader, error))
    {
      self->suspect |= reader != NULL && valise_db_is_suspect (reader);
      return NULL;
    }

  g_hash_table_insert (self->reading, reader, g_thread_self ());
  return g_steal_pointer (&reader);
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
  gboolean  woken = FALSE;
  ValiseDb *reader = take_reader (self, &woken, error);

  if (woken)
    rest_some ();
  return reader;
}

void
valise_db_pool_give_reader (ValiseDbPool *self, ValiseDb *reader)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  valise_db_end_read (reader);
  self->suspect |= valise_db_is_suspect (reader);
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
