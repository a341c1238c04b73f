/* valise-indexer-wait.c - for those who wait for the indexer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-indexer"

#include "config.h"

#include "valise-indexer-parts.h"

gboolean
valise_indexer_has_originals (ValiseIndexer *self)
{
  ValiseIndexOriginals *originals = g_atomic_pointer_get (&self->originals);

  return originals != NULL && valise_index_originals_has_work (originals);
}

void
valise_indexer_want (ValiseIndexer *self)
{
  self->wanted = TRUE;
  g_cond_signal (&self->wake);
}

/* Where each database stands now; those that can't be asked count as reached. */
static GArray *
read_targets (ValiseIndexer *self)
{
  g_autoptr (GPtrArray) databases = g_ptr_array_new_with_free_func (g_object_unref);
  GArray               *targets = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->followed->len; i++)
    g_ptr_array_add (databases, g_object_ref (((Followed *) self->followed->pdata[i])->database));
  g_mutex_unlock (&self->mutex);

  for (guint i = 0; i < databases->len; i++)
    {
      ValiseDatabaseInfo info = { 0 };

      valise_database_get_info (databases->pdata[i], &info, NULL);
      g_array_append_val (targets, info.update_seq);
    }

  return targets;
}

static gboolean
has_reached (ValiseIndexer *self, GArray *targets)
{
  for (guint i = 0; i < targets->len; i++)
    if (((Followed *) self->followed->pdata[i])->seq < g_array_index (targets, gint64, i))
      return FALSE;

  return self->loaded && !valise_indexer_has_originals (self);
}

gboolean
valise_indexer_is_behind (ValiseIndexer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  for (guint i = 0; i < self->followed->len; i++)
    {
      Followed *followed = self->followed->pdata[i];

      if (followed->read < followed->written)
        return TRUE;
    }

  return !self->loaded;
}

gboolean
valise_indexer_catch_up (ValiseIndexer *self, guint timeout_ms)
{
  gint64                   until_us = g_get_monotonic_time () + (gint64) timeout_ms * 1000;
  g_autoptr (GArray)       targets = read_targets (self);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  valise_indexer_want (self);
  while (!has_reached (self, targets))
    if (self->closing || !g_cond_wait_until (&self->progress, &self->mutex, until_us))
      return has_reached (self, targets);

  return TRUE;
}

void
valise_indexer_wait_loaded (ValiseIndexer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  valise_indexer_want (self);
  while (!self->loaded && !self->closing)
    g_cond_wait (&self->progress, &self->mutex);
}

gboolean
valise_indexer_wait_tidy (ValiseIndexer *self, guint timeout_ms)
{
  gint64                   until_us = g_get_monotonic_time () + (gint64) timeout_ms * 1000;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  valise_indexer_want (self);
  while (self->untidy || !self->loaded)
    if (self->closing || !g_cond_wait_until (&self->progress, &self->mutex, until_us))
      return !self->untidy && self->loaded;

  return TRUE;
}
