/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-store-recent"

#include "config.h"

#include "valise-known.h"
#include "valise-store-recent.h"

#define ROWS_EACH 4 /* that are looked at for each that is wanted */

typedef struct
{
  ValiseDatabase *database;
  GPtrArray      *found; /* (element-type ValiseDocument): the newest first */
  guint           documents;
  gsize           bytes; /* left */
} Search;

static gboolean
take_change (const ValiseChange *change, gpointer user_data)
{
  Search                    *search = user_data;
  const ValiseRevisionLeaf  *winner = g_ptr_array_index (change->leaves, 0);
  g_autoptr (ValiseDocument) document = NULL;

  if (change->deleted || !change->here || change->size > (gint64) search->bytes)
    return TRUE;
  document = valise_database_get (search->database, change->id, winner->rev, NULL);
  if (document == NULL || !valise_known_is_fit (document))
    return TRUE;
  search->bytes -= MIN (search->bytes, g_bytes_get_size (document->body));
  g_ptr_array_add (search->found, g_steal_pointer (&document));
  return search->found->len < search->documents;
}

GPtrArray *
valise_store_recent (ValiseDatabase *database, guint documents, gsize bytes)
{
  g_autoptr (GPtrArray) found =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);
  GPtrArray *ordered = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);
  Search     search = { database, found, documents, bytes };
  g_autoptr (GError) failure = NULL;

  if (!valise_database_list_recent (database, G_MAXINT64, documents * ROWS_EACH, take_change,
                                    &search, &failure))
    g_debug ("What is known is not named: %s", failure->message);
  for (guint i = found->len; i > 0; i--)
    g_ptr_array_add (ordered, valise_document_ref (g_ptr_array_index (found, i - 1)));
  return ordered;
}
