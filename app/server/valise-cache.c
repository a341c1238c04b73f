/* valise-cache.c - compressed answers, kept while they are likely to be asked for again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-cache"

#include "config.h"

#include "valise-cache.h"

/* The table's keys and values and the queue's links are one: an Entry. */
typedef struct
{
  char      *key;
  GPtrArray *pieces; /* (element-type GBytes) */
  gsize      size;   /* bytes of them */
  GList      link;   /* its data is the entry */
} Entry;

struct _ValiseCache
{
  GMutex      lock;
  gsize       capacity;
  gsize       size;
  GHashTable *entries; /* key → Entry, owned */
  GQueue      recent;  /* the newest at the head */
};

static void
free_entry (gpointer data)
{
  Entry *entry = data;

  g_free (entry->key);
  g_ptr_array_unref (entry->pieces);
  g_free (entry);
}

ValiseCache *
valise_cache_new (gsize capacity)
{
  ValiseCache *self = g_new0 (ValiseCache, 1);

  g_mutex_init (&self->lock);
  self->capacity = capacity;
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_entry);
  g_queue_init (&self->recent);

  return self;
}

void
valise_cache_free (ValiseCache *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->entries);
  g_mutex_clear (&self->lock);
  g_free (self);
}

GPtrArray *
valise_cache_get (ValiseCache *self, const char *key)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Entry                   *entry = g_hash_table_lookup (self->entries, key);

  if (entry == NULL)
    return NULL;

  g_queue_unlink (&self->recent, &entry->link);
  g_queue_push_head_link (&self->recent, &entry->link);
  return g_ptr_array_ref (entry->pieces);
}

static void
drop (ValiseCache *self, Entry *entry)
{
  self->size -= entry->size;
  g_queue_unlink (&self->recent, &entry->link);
  g_hash_table_remove (self->entries, entry->key);
}

static gsize
measure (GPtrArray *pieces)
{
  gsize size = 0;

  for (guint i = 0; i < pieces->len; i++)
    size += g_bytes_get_size (g_ptr_array_index (pieces, i));
  return size;
}

void
valise_cache_put (ValiseCache *self, const char *key, GPtrArray *pieces)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Entry                   *entry = g_hash_table_lookup (self->entries, key);
  gsize                    size = measure (pieces);

  if (size > VALISE_CACHE_ENTRY_MAX)
    return;
  if (entry != NULL)
    drop (self, entry);

  entry = g_new0 (Entry, 1);
  entry->key = g_strdup (key);
  entry->pieces = g_ptr_array_ref (pieces);
  entry->size = size;
  entry->link.data = entry;
  g_hash_table_replace (self->entries, entry->key, entry);
  g_queue_push_head_link (&self->recent, &entry->link);
  self->size += size;
  while (self->size > self->capacity)
    drop (self, g_queue_peek_tail (&self->recent));
}
