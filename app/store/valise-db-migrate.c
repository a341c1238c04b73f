/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-db-migrate"

#include "config.h"

#include <string.h>

#include "valise-db-parts.h"
#include "valise-db.h"
#include "valise-store-resources.h"

/* The number of "NAME-NNNN.sql"; 0 where @file is not that. */
static guint
get_script_number (const char *file, const char *name)
{
  gsize   length = strlen (name);
  char   *end = NULL;
  guint64 number = 0;

  if (!g_str_has_prefix (file, name) || file[length] != '-' || !g_ascii_isdigit (file[length + 1]))
    return 0;

  number = g_ascii_strtoull (file + length + 1, &end, 10);
  return g_str_equal (end, ".sql") && number <= G_MAXINT ? (guint) number : 0;
}

/* The linker drops a resource object that nothing names, so it is registered by hand; and once, for
 * a static resource that is put into GLib's list a second time ties that list into a ring, which
 * whoever reads it next follows till the memory is full. */
static void
ensure_registered (void)
{
  static gsize registered = 0;

  if (g_once_init_enter (&registered))
    {
      valise_store_register_resource ();
      g_once_init_leave (&registered, 1);
    }
}

static guint
get_newest_script (const char *resource_dir, const char *name)
{
  g_auto (GStrv) files = NULL;
  guint          newest = 0;

  files = g_resources_enumerate_children (resource_dir, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  for (guint i = 0; files != NULL && files[i] != NULL; i++)
    newest = MAX (newest, get_script_number (files[i], name));

  return newest;
}

typedef struct
{
  guint32     application_id;
  guint       number;
  const char *sql;
} Script;

static gboolean
run_script (ValiseDb *db, gpointer user_data, GError **error)
{
  const Script    *script = user_data;
  g_autofree char *marks = g_strdup_printf ("PRAGMA application_id=%d; PRAGMA user_version=%u",
                                            (gint32) script->application_id, script->number);

  return valise_db_execute (db, script->sql, error) && valise_db_execute (db, marks, error);
}

/* Whether the file is new or of our kind, and not newer than @newest. */
static gboolean
check_kind (ValiseDb *db, guint32 application_id, guint newest, gint64 *version, GError **error)
{
  gint64 kind = 0;
  gint64 tables = 0;

  if (!valise_db_read_value (db, "PRAGMA application_id", &kind, NULL, error)
      || !valise_db_read_value (db, "PRAGMA user_version", version, NULL, error)
      || !valise_db_read_value (db, "SELECT count(*) FROM sqlite_schema", &tables, NULL, error))
    return FALSE;

  if (kind == 0 && *version == 0 && tables == 0)
    return TRUE;
  if ((guint32) kind != application_id)
    {
      g_set_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_CORRUPT,
                   "%s is of kind 0x%08x, not 0x%08x", valise_db_get_path (db), (guint32) kind,
                   application_id);
      return FALSE;
    }
  if (*version > newest)
    {
      g_set_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_TOO_NEW,
                   "%s has schema %" G_GINT64_FORMAT ", this program knows up to %u",
                   valise_db_get_path (db), *version, newest);
      return FALSE;
    }
  return TRUE;
}

/**
 * valise_db_migrate:
 * @db: a writer
 * @application_id: the file's kind
 * @resource_dir: where the scripts are; the store's own are registered here
 * @name: their stem
 *
 * Brings the file to the newest schema.
 *
 * Fails with %VALISE_DB_ERROR_CORRUPT for a file of another kind, with
 * %VALISE_DB_ERROR_TOO_NEW for one of a later program: both keep every byte.
 */
gboolean
valise_db_migrate (ValiseDb   *db,
                   guint32     application_id,
                   const char *resource_dir,
                   const char *name,
                   GError    **error)
{
  guint  newest = 0;
  gint64 version = 0;

  g_return_val_if_fail (db != NULL && valise_db_is_writer (db), FALSE);

  ensure_registered ();
  newest = get_newest_script (resource_dir, name);
  g_return_val_if_fail (newest > 0, FALSE);

  if (!check_kind (db, application_id, newest, &version, error) || !valise_db_accept (db, error))
    return FALSE;

  for (guint number = (guint) version + 1; number <= newest; number++)
    {
      g_autofree char   *path = g_strdup_printf ("%s/%s-%04u.sql", resource_dir, name, number);
      g_autoptr (GBytes) bytes = g_resources_lookup_data (path, 0, error);
      g_autofree char   *sql = NULL;
      Script             script = { application_id, number, NULL };

      if (bytes == NULL)
        return FALSE;
      sql = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      script.sql = sql;
      if (!valise_db_write (db, run_script, &script, error))
        return FALSE;
    }

  return TRUE;
}
