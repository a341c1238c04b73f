/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-account-restore"

#include "config.h"

#include <glib/gstdio.h>

#include "valise-backup.h"
#include "valise-clock.h"
#include "valise-folder.h"
#include "valise-home.h"
#include "valise-id.h"
#include "valise-membership.h"

/* What of the account on this laptop stays with it. */
static const char *const carried[] = { "secrets.json", "journal", NULL };

/* What account.json in @file says. */
static ValiseMembership *
read_membership (const char *data_dir, const char *file, GError **error)
{
  g_autofree char  *random = valise_random_hex (4);
  g_autofree char  *name = g_strconcat ("about-", random, NULL);
  g_autofree char  *folder = g_build_filename (data_dir, "replaced", name, NULL);
  g_autofree char  *path = g_build_filename (folder, "account.json", NULL);
  ValiseMembership *membership = NULL;

  if (valise_archive_extract (file, "account.json", path, error))
    membership = valise_membership_load (folder, error);
  valise_folder_remove (folder);
  return membership;
}

/* The id comes from a file: it may name nothing but a folder beside the others. */
static gboolean
check_id (const char *file, const ValiseMembership *membership, GError **error)
{
  if (valise_archive_is_name (membership->id) && g_strrstr (membership->id, "/") == NULL
      && !g_str_equal (membership->id, "replaced"))
    return TRUE;
  g_set_error (error, VALISE_ACCOUNT_ERROR, VALISE_ACCOUNT_ERROR_DAMAGED,
               "%s: not the backup of an account", file);
  return FALSE;
}

gboolean
valise_account_restore (const char *data_dir, const char *file, char **folder, GError **error)
{
  g_autoptr (ValiseMembership) membership = read_membership (data_dir, file, error);
  g_autoptr (ValiseHome)       held = NULL;
  g_autofree char             *place = NULL;
  g_autofree char             *aside = NULL;
  g_autofree char             *name = NULL;

  if (membership == NULL || !check_id (file, membership, error))
    return FALSE;
  place = g_build_filename (data_dir, membership->id, NULL);
  /* The lock stays held to the end: it is on the file, and goes where the folder goes. */
  if (g_file_test (place, G_FILE_TEST_IS_DIR) && (held = valise_home_open (place, error)) == NULL)
    return FALSE;

  name = g_strdup_printf ("%s-%" G_GINT64_FORMAT, membership->id, valise_clock_now ());
  aside = g_build_filename (data_dir, "replaced", name, NULL);
  if (!valise_backup_restore (file, place, aside, carried, error))
    return FALSE;
  if (folder != NULL)
    *folder = g_steal_pointer (&place);
  return TRUE;
}
