/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-team-key"

#include "config.h"

#include <string.h>

#include "valise-cipher.h"
#include "valise-digest.h"
#include "valise-id.h"
#include "valise-team-key.h"

#define TYPE     "bundle-key"
#define MAX_KEYS 16 /* that are tried */

static gboolean
add_key (const ValiseChange *change, gpointer user_data)
{
  GPtrArray             *keys = user_data;
  g_autoptr (ValiseJson) json =
      change->document != NULL ? valise_document_scan (change->document, NULL) : NULL;
  g_autofree char *text = json != NULL ? valise_json_dup_member (json, 0, "key") : NULL;
  guint8           key[VALISE_CIPHER_KEY_SIZE];

  if (text != NULL && valise_base64url_decode (text, key, sizeof key))
    g_ptr_array_add (keys, g_bytes_new (key, sizeof key));
  valise_secret_wipe (key, sizeof key);
  return keys->len < MAX_KEYS;
}

/* NULL without an error where there is none, and @create is %FALSE. */
static ValiseDatabase *
open_team (ValiseHome *home, const char *participant, gboolean create, GError **error)
{
  g_autofree char   *name = g_strconcat ("team-", participant, NULL);
  g_autoptr (GError) failure = NULL;
  ValiseDatabase    *database = valise_home_get_database (home, name, create, &failure);

  if (database == NULL
      && !g_error_matches (failure, VALISE_HOME_ERROR, VALISE_HOME_ERROR_NO_DATABASE))
    g_propagate_error (error, g_steal_pointer (&failure));
  return database;
}

GPtrArray *
valise_team_keys_list (ValiseHome *home, const char *participant, GError **error)
{
  g_autoptr (GPtrArray)      keys = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GError)         failure = NULL;
  g_autoptr (ValiseDatabase) team =
      participant != NULL ? open_team (home, participant, FALSE, &failure) : NULL;

  if (failure == NULL && team != NULL)
    valise_database_list (team, TYPE ":", TYPE ";", 0, VALISE_CHANGES_DOCUMENTS, add_key, keys,
                          &failure);
  if (failure == NULL)
    return g_steal_pointer (&keys);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

gboolean
valise_team_keys_ensure (ValiseHome *home, const char *participant, GError **error)
{
  g_autoptr (GPtrArray)      keys = valise_team_keys_list (home, participant, error);
  g_autoptr (ValiseDatabase) team = NULL;
  g_autoptr (GBytes)         body = NULL;
  g_autofree char           *id = NULL, *text = NULL, *rev = NULL;
  guint8                     key[VALISE_CIPHER_KEY_SIZE];
  gsize                      length = 0;

  if (keys == NULL || keys->len > 0)
    return keys != NULL;
  team = open_team (home, participant, TRUE, error);
  if (team == NULL)
    return FALSE;
  valise_secret_make (key, sizeof key);
  id = valise_id_new (TYPE);
  text = valise_base64url_encode (key, sizeof key);
  valise_secret_wipe (key, sizeof key);
  length = strlen (text);
  body = g_bytes_new_take (g_strconcat ("{\"type\":\"" TYPE "\",\"key\":\"", text, "\"}", NULL),
                           strlen ("{\"type\":\"" TYPE "\",\"key\":\"\"}") + length);
  rev = valise_database_put (team, id, NULL, FALSE, body, NULL, error);
  return rev != NULL;
}
