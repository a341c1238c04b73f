/* valise-command-backup.c - valise-server backup and restore
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-command-backup"

#include "config.h"

#include "valise-backup.h"
#include "valise-clock.h"
#include "valise-command.h"

static gboolean
check_folder (const char *directory, GError **error)
{
  g_autofree char *keys = g_build_filename (directory, "keys", NULL);

  if (g_file_test (keys, G_FILE_TEST_IS_DIR))
    return TRUE;
  g_set_error (error, VALISE_REGISTRY_ERROR, VALISE_REGISTRY_ERROR_NONE, "%s holds no programme",
               directory);
  return FALSE;
}

/* By connections of its own that only read: it asks nothing of a server that runs. */
int
valise_command_backup (int argc, char **argv)
{
  const GOptionEntry entries[] = { { NULL } };
  int                status = 0;
  ValiseBackupReport report = { 0 };
  g_autoptr (GError) error = NULL;

  if (!valise_command_parse ("backup DIR FILE",
                             "Writes databases, accounts and keys into one file, each database as "
                             "it was at one moment, and reads it back. Guard the file as you guard "
                             "DIR: the secretariat's keys are in it.",
                             entries, &argc, &argv, 2, 2, &status))
    return status;
  if (!check_folder (argv[1], &error)
      || !valise_backup_write (argv[1], argv[2], VALISE_BACKUP_WHOLE, NULL, &report, &error)
      || !valise_backup_check (argv[2], NULL, &error))
    return valise_command_fail (error);

  g_print ("%s: %u databases and %u other files, %" G_GINT64_FORMAT " bytes; read back and sound\n",
           argv[2], report.databases, report.files, report.bytes);
  return VALISE_EXIT_OK;
}

static gboolean
names_accounts (const ValiseJson *json, guint list)
{
  for (guint token = valise_json_first (json, list); token != VALISE_JSON_NONE;
       token = valise_json_next (json, token))
    {
      g_autofree char *name = valise_json_dup_member (json, token, "name");

      if (g_strcmp0 (name, "accounts") == 0)
        return TRUE;
    }
  return FALSE;
}

/* An account's backup would be a folder that does not serve. */
static gboolean
check_backup (const char *file, GError **error)
{
  g_autofree char       *about = valise_backup_read_about (file, error);
  g_autoptr (ValiseJson) json = NULL;
  guint                  list = VALISE_JSON_NONE;

  if (about == NULL)
    return FALSE;
  json = valise_json_scan_text (about, -1, VALISE_JSON_ANY, error);
  if (json == NULL)
    return FALSE;
  list = valise_json_find (json, 0, "databases");
  if (list != VALISE_JSON_NONE && valise_json_get_kind (json, list) == VALISE_JSON_KIND_ARRAY
      && names_accounts (json, list))
    return TRUE;
  g_set_error (error, VALISE_ARCHIVE_ERROR, VALISE_ARCHIVE_ERROR_MISSING,
               "%s is not the backup of a secretariat", file);
  return FALSE;
}

int
valise_command_restore (int argc, char **argv)
{
  static const char *const carry[] = { NULL };
  const GOptionEntry       entries[] = { { NULL } };
  int                      status = 0;
  g_autofree char         *directory = NULL;
  g_autofree char         *aside = NULL;
  g_autoptr (GError)       error = NULL;
  g_autoptr (ValiseHome)   held = NULL;

  if (!valise_command_parse ("restore DIR FILE",
                             "Puts a backup in the place of DIR, which nobody may serve meanwhile. "
                             "What was there is kept as DIR.replaced-TIME. Laptops then ask for "
                             "all that they may lack, and send what the backup lacks.",
                             entries, &argc, &argv, 2, 2, &status))
    return status;

  directory = g_canonicalize_filename (argv[1], NULL);
  aside = g_strdup_printf ("%s.replaced-%" G_GINT64_FORMAT, directory, valise_clock_now ());
  if (!check_backup (argv[2], &error)
      || (g_file_test (directory, G_FILE_TEST_IS_DIR)
          && (held = valise_home_open (directory, &error)) == NULL)
      || !valise_backup_restore (argv[2], directory, aside, carry, &error))
    return valise_command_fail (error);

  g_print ("%s is restored%s%s\n", directory, held != NULL ? "; what was there is " : "",
           held != NULL ? aside : "");
  return VALISE_EXIT_OK;
}
