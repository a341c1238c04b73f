/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-store-leaves"

#include "config.h"

#include "valise-store-leaves.h"

/* Adds to @lacking the revisions of @want that are in the tree and whose body is not here. */
static gboolean
add_absent (ValiseDatabase       *database,
            const ValisePeerWant *want,
            GPtrArray            *lacking,
            GError              **error)
{
  g_autoptr (GPtrArray) leaves = valise_database_get_leaves (database, want->id, error);

  if (leaves == NULL)
    return FALSE;

  for (guint i = 0; i < leaves->len; i++)
    {
      const ValiseRevisionLeaf *leaf = g_ptr_array_index (leaves, i);

      if (!leaf->here && !leaf->deleted
          && g_strv_contains ((const char *const *) want->revs, leaf->rev))
        g_ptr_array_add (lacking, g_strdup (leaf->rev));
    }
  return TRUE;
}

gboolean
valise_store_leaves_diff (ValiseDatabase       *database,
                          const ValisePeerWant *want,
                          GPtrArray            *missing,
                          GError              **error)
{
  g_auto (GStrv)        absent = NULL;
  g_autoptr (GPtrArray) lacking = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError)    failure = NULL;

  absent = valise_database_diff (database, want->id, (const char *const *) want->revs, NULL, NULL,
                                 &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  for (guint i = 0; absent != NULL && absent[i] != NULL; i++)
    g_ptr_array_add (lacking, g_strdup (absent[i]));
  if (lacking->len < g_strv_length (want->revs) && !add_absent (database, want, lacking, error))
    return FALSE;
  if (lacking->len == 0)
    return TRUE;

  g_ptr_array_add (lacking, NULL);
  g_ptr_array_add (missing, valise_peer_want_new (want->id, (const char *const *) lacking->pdata));
  return TRUE;
}

/* The winner, where @want names no revision; nothing where it is not here. */
static gboolean
collect_winner (ValiseDatabase *database, const char *id, GPtrArray *found, GError **error)
{
  g_autoptr (GError)         failure = NULL;
  g_autoptr (ValiseDocument) document = valise_database_get (database, id, NULL, &failure);

  if (document != NULL)
    g_ptr_array_add (found, g_steal_pointer (&document));
  else if (!g_error_matches (failure, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  return TRUE;
}

static gboolean
has_document (GPtrArray *found, const ValiseDocument *document)
{
  for (guint i = 0; i < found->len; i++)
    if (g_str_equal (((ValiseDocument *) g_ptr_array_index (found, i))->rev, document->rev))
      return TRUE;

  return FALSE;
}

/* Two revisions asked for may have one descendant: it is given once. */
gboolean
valise_store_leaves_collect (ValiseDatabase       *database,
                             const ValisePeerWant *want,
                             GPtrArray            *found,
                             GError              **error)
{
  if (want->revs[0] == NULL)
    return collect_winner (database, want->id, found, error);

  for (guint i = 0; want->revs[i] != NULL; i++)
    {
      g_autoptr (GPtrArray) latest =
          valise_database_get_latest (database, want->id, want->revs[i], error);

      if (latest == NULL)
        return FALSE;
      for (guint j = 0; j < latest->len; j++)
        if (!has_document (found, g_ptr_array_index (latest, j)))
          g_ptr_array_add (found, valise_document_ref (g_ptr_array_index (latest, j)));
    }
  return TRUE;
}
