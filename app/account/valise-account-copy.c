/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-account-copy"

#include "config.h"

#include <string.h>

#include "valise-account-copy.h"
#include "valise-id.h"
#include "valise-key.h"
#include "valise-secrets.h"

/* Under a name of its own in the keyring, which the original may share. */
static gboolean
keep_secrets (const char *folder, ValiseMembership *membership, ValiseKey *key, GError **error)
{
  g_autoptr (ValiseSecrets) secrets =
      valise_secrets_load (membership->id, folder, membership->in_file, NULL);
  g_autofree char *id = NULL;

  if (secrets == NULL)
    return TRUE; /* a backup has none: this laptop reads, and must be invited to write */

  if (!membership->in_file)
    {
      g_autofree char *suffix = valise_random_hex (4);

      id = g_strconcat (membership->id, "-", suffix, NULL);
      g_free (membership->id);
      membership->id = g_steal_pointer (&id);
    }
  explicit_bzero (secrets->device, strlen (secrets->device));
  g_free (secrets->device);
  secrets->device = valise_key_to_secret (key);
  return valise_secrets_store (secrets, membership->id, folder, &membership->in_file, error);
}

gboolean
valise_account_become_another (const char *folder, ValiseMembership *membership, GError **error)
{
  g_autoptr (ValiseKey) key = NULL;

  if (membership->server == NULL)
    return TRUE; /* a sample: it writes to nobody */
  key = valise_key_generate (error);
  if (key == NULL || !keep_secrets (folder, membership, key, error))
    return FALSE;

  g_message ("%s is a copy: it is another device now", folder);
  g_free (membership->device);
  membership->device = g_strdup (valise_key_get_id (key));
  g_clear_pointer (&membership->certificate, g_free);
  return valise_membership_save (membership, folder, error);
}

static gboolean
has_server (const ValiseMembership *membership, const char *name)
{
  for (guint i = 0; membership->server != NULL && i < membership->grants->len; i++)
    {
      const ValiseGrant *grant = g_ptr_array_index (membership->grants, i);

      if (grant->write && g_str_equal (grant->name, name))
        return TRUE;
    }
  return FALSE;
}

void
valise_account_trim_after_backup (ValiseHome             *home,
                                  const ValiseMembership *membership,
                                  const char             *about)
{
  g_autoptr (ValiseJson) json = valise_json_scan_text (about, -1, VALISE_JSON_INTEGERS, NULL);
  guint list = json != NULL ? valise_json_find (json, 0, "databases") : VALISE_JSON_NONE;

  for (guint token = list != VALISE_JSON_NONE ? valise_json_first (json, list) : VALISE_JSON_NONE;
       token != VALISE_JSON_NONE; token = valise_json_next (json, token))
    {
      g_autofree char           *name = valise_json_dup_member (json, token, "name");
      g_autofree char           *uuid = valise_json_dup_member (json, token, "uuid");
      gint64                     seq = valise_json_get_member_int (json, token, "update_seq", 0);
      g_autoptr (ValiseDatabase) database = NULL;
      g_autoptr (GError)         error = NULL;

      if (name == NULL || uuid == NULL || has_server (membership, name))
        continue;
      database = valise_home_get_database (home, name, FALSE, &error);
      if (database == NULL
          || !valise_database_trim_journal (database, uuid, seq, NULL, NULL, &error))
        g_info ("%s keeps its journal: %s", name, error->message);
    }
}
