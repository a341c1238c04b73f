/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-written"

#include "config.h"

#include "valise-written.h"

#define VERIFY_BYTES (4 * 1024 * 1024) /* of bodies kept until they are read back */

struct _ValiseWritten
{
  GHashTable *bodies; /* row → Written: the last body given to it */
  gsize       bytes;
};

typedef struct
{
  gint64  row; /* the key */
  char   *rev;
  GBytes *body;
} Written;

static void
free_written (gpointer data)
{
  Written *written = data;

  g_free (written->rev);
  g_bytes_unref (written->body);
  g_free (written);
}

ValiseWritten *
valise_written_new (void)
{
  ValiseWritten *self = g_new0 (ValiseWritten, 1);

  self->bodies = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, free_written);
  return self;
}

void
valise_written_free (ValiseWritten *self)
{
  g_hash_table_unref (self->bodies);
  g_free (self);
}

gboolean
valise_written_verify (ValiseWritten *self, ValiseDb *db, GError **error)
{
  GHashTableIter iter;
  Written       *written = NULL;

  g_hash_table_iter_init (&iter, self->bodies);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &written))
    if (!valise_document_table_verify (db, written->row, written->rev, written->body, error))
      return FALSE;

  g_hash_table_remove_all (self->bodies);
  self->bytes = 0;
  return TRUE;
}

gboolean
valise_written_add (ValiseWritten           *self,
                    ValiseDb                *db,
                    const ValiseDocumentRow *row,
                    GBytes                  *body,
                    GError                 **error)
{
  Written *written = NULL;

  if (body == NULL)
    return TRUE;

  written = g_new0 (Written, 1);
  written->row = row->row;
  written->rev = g_strdup (row->rev);
  written->body = g_bytes_ref (body);
  g_hash_table_replace (self->bodies, &written->row, written);
  self->bytes += g_bytes_get_size (body);
  return self->bytes < VERIFY_BYTES || valise_written_verify (self, db, error);
}
