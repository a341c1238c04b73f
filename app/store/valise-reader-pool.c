/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-reader-pool"

#include "config.h"

#include "valise-reader-pool.h"

#define KEPT 4 /* readers at rest; each keeps a page cache of up to 2 MB */

struct _ValiseReaderPool
{
  char      *path;
  guint      version;
  GRWLock    gate; /* shared by readers at work; held alone while the file is dropped */
  GMutex     mutex;
  GPtrArray *idle; /* of ValiseSearchStore, under the mutex */
};

ValiseReaderPool *
valise_reader_pool_new (const char *path, guint version)
{
  ValiseReaderPool *self = g_new0 (ValiseReaderPool, 1);

  self->path = g_strdup (path);
  self->version = version;
  self->idle = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_search_store_close);
  g_rw_lock_init (&self->gate);
  g_mutex_init (&self->mutex);

  return self;
}

void
valise_reader_pool_free (ValiseReaderPool *self)
{
  g_clear_pointer (&self->idle, g_ptr_array_unref);
  g_rw_lock_clear (&self->gate);
  g_mutex_clear (&self->mutex);
  g_free (self->path);
  g_free (self);
}

ValiseSearchStore *
valise_reader_pool_take (ValiseReaderPool *self, GError **error)
{
  ValiseSearchStore *store = NULL;

  g_rw_lock_reader_lock (&self->gate);
  g_mutex_lock (&self->mutex);
  if (self->idle->len > 0)
    store = g_ptr_array_steal_index_fast (self->idle, self->idle->len - 1);
  g_mutex_unlock (&self->mutex);

  if (store == NULL)
    store = valise_search_store_open (self->path, FALSE, self->version, error);
  if (store == NULL)
    g_rw_lock_reader_unlock (&self->gate);

  return store;
}

void
valise_reader_pool_give (ValiseReaderPool *self, ValiseSearchStore *store)
{
  g_mutex_lock (&self->mutex);
  if (self->idle->len < KEPT)
    g_ptr_array_add (self->idle, g_steal_pointer (&store));
  g_mutex_unlock (&self->mutex);

  g_clear_pointer (&store, valise_search_store_close);
  g_rw_lock_reader_unlock (&self->gate);
}

void
valise_reader_pool_shut (ValiseReaderPool *self)
{
  g_rw_lock_writer_lock (&self->gate);
  g_ptr_array_set_size (self->idle, 0);
}

void
valise_reader_pool_reopen (ValiseReaderPool *self)
{
  g_rw_lock_writer_unlock (&self->gate);
}
