/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-index-file"

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "valise-index-file.h"

static gboolean
drop_file (const char *file, GError **error)
{
  static const char *const endings[] = { "-wal", "-shm", "" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *path = g_strconcat (file, endings[i], NULL);

      if (g_unlink (path) != 0 && errno != ENOENT)
        {
          g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), "%s: %s", path,
                       g_strerror (errno));
          return FALSE;
        }
    }

  return TRUE;
}

ValiseSearchStore *
valise_index_file_open (const char       *path,
                        guint             version,
                        ValiseReaderPool *pool,
                        gboolean          drop,
                        GError          **error)
{
  g_autoptr (GError) reason = NULL;
  ValiseSearchStore *store = NULL;

  if (!drop)
    {
      store = valise_search_store_open (path, TRUE, version, &reason);
      if (store != NULL)
        return store;
      if (!g_error_matches (reason, VALISE_DB_ERROR, VALISE_DB_ERROR_CORRUPT)
          && !g_error_matches (reason, VALISE_DB_ERROR, VALISE_DB_ERROR_TOO_NEW))
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return NULL;
        }
      g_info ("making the search index anew: %s", reason->message);
    }

  valise_reader_pool_shut (pool);
  if (drop_file (path, error))
    store = valise_search_store_open (path, TRUE, version, error);
  valise_reader_pool_reopen (pool);

  return store;
}
