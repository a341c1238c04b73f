/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-file-shrink"

#include "config.h"

#include "valise-db-parts.h"
#include "valise-file-store-parts.h"

#define CONVERTED_PAGES 4096 /* more of them would all be written anew at a bad moment */

/* SQLite gives back pages only in a file that keeps account of them from the start. */
gboolean
valise_file_pool_make_shrinkable (ValiseDbPool *pool, GError **error)
{
  ValiseDb *db = valise_db_pool_take_writer (pool, error);
  gint64    mode = 0, pages = 0;
  gboolean  ok = db != NULL && valise_db_read_value (db, "PRAGMA auto_vacuum", &mode, NULL, error)
                && valise_db_read_value (db, "PRAGMA page_count", &pages, NULL, error);

  if (ok && mode == 0 && pages <= CONVERTED_PAGES)
    ok = valise_db_execute (db, "PRAGMA auto_vacuum=INCREMENTAL; VACUUM", error);
  if (db != NULL)
    valise_db_pool_give_writer (pool, db);
  return ok;
}

static gboolean
give_back (ValiseDb *db, gpointer none, GError **error)
{
  return valise_db_execute (db, "PRAGMA incremental_vacuum", error);
}

gboolean
valise_file_store_shrink (ValiseFileStore *self, GError **error)
{
  return valise_file_store_write (self, give_back, NULL, error);
}
