/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-home-check"

#include "config.h"

#include "valise-batch.h"
#include "valise-db-copy.h"
#include "valise-file-store-parts.h"
#include "valise-home.h"

/* By a connection of its own: what others read once, they have in memory, and not from the disk.
 * Anything but damage says nothing of the file. */
static gboolean
is_damaged (ValiseHome *self, const char *name)
{
  g_autofree char   *file = g_strconcat (name, ".sqlite", NULL);
  g_autofree char   *path = g_build_filename (valise_home_get_directory (self), file, NULL);
  g_autoptr (GError) error = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS) || valise_db_check_file (path, NULL, &error))
    return FALSE;
  g_message ("%s", error->message);
  return g_error_matches (error, VALISE_DB_ERROR, VALISE_DB_ERROR_CORRUPT);
}

static gboolean
mark (ValiseDb *db, gpointer none, GError **error)
{
  valise_db_mark_suspect (db);
  return TRUE;
}

/* A file is mended by who asks for it next; that is us. */
static gboolean
mend_database (ValiseHome *self, const char *name, GError **error)
{
  g_autoptr (ValiseDatabase) database = valise_home_get_database (self, name, FALSE, error);
  ValiseDbPool              *pool = database != NULL ? valise_database_get_pool (database) : NULL;
  ValiseDb                  *db = pool != NULL ? valise_db_pool_take_reader (pool, error) : NULL;
  ValiseDatabaseInfo         info = { 0 };

  if (db == NULL)
    return FALSE;
  mark (db, NULL, NULL);
  valise_db_pool_give_reader (pool, db);
  return valise_database_get_info (database, &info, error);
}

static gboolean
mend_files (ValiseHome *self, GError **error)
{
  ValiseFileStore *files = valise_home_get_files (self, error);

  if (files == NULL || !valise_file_store_look (files, mark, NULL, error))
    return FALSE;
  (void) valise_file_store_get_present (files, "", NULL, NULL);
  return TRUE;
}

void
valise_home_look_for_damage (ValiseHome *self)
{
  g_auto (GStrv)     names = valise_home_list_databases (self);
  g_autoptr (GError) unread = NULL;

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      if (is_damaged (self, names[i]) && !mend_database (self, names[i], &error))
        g_message ("%s", error->message);
    }
  if (is_damaged (self, VALISE_SALVAGE_FILES) && !mend_files (self, &unread))
    g_message ("%s", unread->message);
}
