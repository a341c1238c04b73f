/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-ancestry"

#include "config.h"

#include "valise-ancestry.h"
#include "valise-revision.h"

#define MAX_NOTED 10000 /* documents; who forgets sends more than is needed */

/* Fewer are not worth it: should the peer be put back between its answer and the writing, it makes
 * a root of what it cannot join. */
#define LEAST_SAVED 8

struct _ValiseAncestry
{
  GMutex      mutex;
  GHashTable *leaves; /* GStrv by id */
};

ValiseAncestry *
valise_ancestry_new (void)
{
  ValiseAncestry *self = g_new0 (ValiseAncestry, 1);

  g_mutex_init (&self->mutex);
  self->leaves =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_strfreev);
  return self;
}

void
valise_ancestry_free (ValiseAncestry *self)
{
  g_hash_table_unref (self->leaves);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

void
valise_ancestry_note (ValiseAncestry *self, const char *id, const char *const *leaves)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (g_hash_table_size (self->leaves) >= MAX_NOTED)
    g_hash_table_remove_all (self->leaves);
  g_hash_table_replace (self->leaves, g_strdup (id), g_strdupv ((char **) leaves));
}

void
valise_ancestry_forget (ValiseAncestry *self, GPtrArray *documents)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  for (guint i = 0; i < documents->len; i++)
    g_hash_table_remove (self->leaves, ((ValiseDocument *) g_ptr_array_index (documents, i))->id);
}

/* How many of @document's ancestors are needed so that the newest of @leaves is among them; all
 * where none is. */
static guint
count_needed (const ValiseDocument *document, const char *const *leaves)
{
  guint length = g_strv_length (document->ancestors);
  guint needed = length, own = 0;

  if (!valise_revision_parse (document->rev, &own, NULL))
    return length;
  for (guint i = 0; leaves[i] != NULL; i++)
    {
      const char *hash = NULL;
      guint       generation = 0;

      if (valise_revision_parse (leaves[i], &generation, &hash) && generation < own
          && own - generation <= length
          && g_str_equal (document->ancestors[own - generation - 1], hash))
        needed = MIN (needed, own - generation);
    }
  return needed;
}

static ValiseDocument *
dup_short (const ValiseDocument *document, guint needed)
{
  ValiseDocument *copy =
      valise_document_new (document->id, document->rev, document->deleted, document->body);

  copy->ancestors = g_new0 (char *, needed + 1);
  for (guint i = 0; i < needed; i++)
    copy->ancestors[i] = g_strdup (document->ancestors[i]);
  copy->attachments = g_strdup (document->attachments);
  copy->seq = document->seq;
  copy->size = document->size;
  return copy;
}

ValiseDocument *
valise_ancestry_shorten (ValiseAncestry *self, ValiseDocument *document)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  const char *const       *leaves = g_hash_table_lookup (self->leaves, document->id);
  guint                    needed = 0;

  if (leaves == NULL || document->ancestors == NULL)
    return valise_document_ref (document);
  needed = count_needed (document, leaves);
  return g_strv_length (document->ancestors) - needed < LEAST_SAVED ? valise_document_ref (document)
                                                                    : dup_short (document, needed);
}
