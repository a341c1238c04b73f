/* describe.h - what a database holds, as text that two databases can be compared by
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <string.h>

#include "valise-database.h"

static inline gint64
count_documents (ValiseDatabase *database)
{
  ValiseDatabaseInfo info = { 0 };
  g_autoptr (GError) error = NULL;

  valise_database_get_info (database, &info, &error);
  g_assert_no_error (error);
  return info.documents - info.absent;
}

/* Every leaf of @database, but for `_local` ones: "id rev". */
static inline gboolean
describe_change (const ValiseChange *change, gpointer user_data)
{
  GPtrArray *lines = user_data;

  for (guint i = 0; i < change->leaves->len; i++)
    {
      const ValiseRevisionLeaf *leaf = g_ptr_array_index (change->leaves, i);

      g_ptr_array_add (lines, g_strdup_printf ("%s %s", change->id, leaf->rev));
    }
  return TRUE;
}

static inline int
compare_lines (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* Every document's leaves, and every leaf's body. */
static inline char *
describe (ValiseDatabase *database)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  GString              *out = g_string_new (NULL);
  gint64                last = 0;
  g_autoptr (GError)    error = NULL;

  valise_database_changes (database, 0, 0, VALISE_CHANGES_ALL_LEAVES, describe_change, lines, &last,
                           NULL, &error);
  g_assert_no_error (error);
  g_ptr_array_sort (lines, compare_lines);
  for (guint i = 0; i < lines->len; i++)
    {
      g_auto (GStrv)             parts = g_strsplit (g_ptr_array_index (lines, i), " ", 2);
      g_autoptr (ValiseDocument) document =
          valise_database_get (database, parts[0], parts[1], &error);
      g_autofree char *digest = NULL;

      g_assert_no_error (error);
      g_assert_nonnull (document->body);
      digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, document->body);
      g_string_append_printf (out, "%s %s%s %s\n", parts[0], parts[1],
                              document->deleted ? " deleted" : "", digest);
    }
  return g_string_free (out, FALSE);
}
