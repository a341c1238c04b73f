/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-stream-known"

#include "config.h"

#include "valise-known.h"
#include "valise-stream-known.h"

#define ROWS_EACH 4   /* of the feed that are looked at for each name, */
#define ROWS_MORE 256 /* and for all */

typedef struct
{
  ValiseDatabase *database;
  GHashTable     *places; /* name → its index + 1 */
  GPtrArray      *found;  /* (element-type ValiseDocument): NULL where not found */
  guint           missing;
  gsize           bytes; /* left */
} Search;

static void
look (Search *search, const char *id, const char *rev)
{
  guint32                    name = 0;
  guint                      place = 0;
  g_autoptr (ValiseDocument) document = NULL;

  if (!valise_known_read_name (rev, &name))
    return;
  place = GPOINTER_TO_UINT (g_hash_table_lookup (search->places, GUINT_TO_POINTER (name)));
  if (place == 0 || g_ptr_array_index (search->found, place - 1) != NULL)
    return;
  document = valise_database_get (search->database, id, rev, NULL);
  if (document == NULL || !valise_known_is_fit (document)
      || g_bytes_get_size (document->body) > search->bytes)
    return;
  search->bytes -= g_bytes_get_size (document->body);
  search->missing--;
  g_ptr_array_index (search->found, place - 1) = g_steal_pointer (&document);
}

static gboolean
take_change (const ValiseChange *change, gpointer user_data)
{
  Search                   *search = user_data;
  const ValiseRevisionLeaf *winner = g_ptr_array_index (change->leaves, 0);

  if (!change->deleted && change->here)
    look (search, change->id, winner->rev);
  return search->missing > 0;
}

static void
look_ahead (Search *search, const ValiseForemost *foremost, guint ahead)
{
  guint last = ahead - MIN (ahead, ROWS_EACH * search->found->len);

  for (guint i = ahead; i > last && search->missing > 0; i--)
    {
      const char *id = valise_foremost_get (foremost, i - 1)->id;

      if (!valise_database_list (search->database, id, id, 1, VALISE_CHANGES_WINNER, take_change,
                                 search, NULL))
        return;
    }
}

static void
free_found (gpointer document)
{
  if (document != NULL)
    valise_document_unref (document);
}

GBytes *
valise_stream_known_find (const ValiseStreamPast *past, const char *names, char **header)
{
  g_autoptr (GArray)     wanted = valise_known_parse_names (names);
  g_autoptr (GHashTable) places = NULL;
  g_autoptr (GPtrArray)  found = NULL;
  g_autoptr (GError)     failure = NULL;
  Search                 search = { .database = past->database, .bytes = VALISE_KNOWN_BYTES };

  if (wanted == NULL)
    return NULL;
  search.places = places = g_hash_table_new (NULL, NULL);
  search.found = found = g_ptr_array_new_with_free_func (free_found);
  g_ptr_array_set_size (found, (int) wanted->len);
  search.missing = wanted->len;
  for (guint i = 0; i < wanted->len; i++)
    g_hash_table_insert (places, GUINT_TO_POINTER (g_array_index (wanted, guint32, i)),
                         GUINT_TO_POINTER (i + 1));
  if (past->foremost != NULL)
    look_ahead (&search, past->foremost, past->ahead);
  if (search.missing > 0
      && !valise_database_list_recent (past->database, past->since,
                                       ROWS_EACH * wanted->len + ROWS_MORE, take_change, &search,
                                       &failure))
    g_message ("What a laptop knows was not looked for: %s", failure->message);
  return valise_known_make (found, header);
}
