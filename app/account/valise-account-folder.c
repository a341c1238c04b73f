/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-account-folder"

#include "config.h"

#include "valise-account-folder.h"
#include "valise-id.h"

char *
valise_account_default_data_dir (void)
{
  return g_build_filename (g_get_user_data_dir (), "valise", NULL);
}

/* The membership in @folder, where it is newer than @newest. */
static gboolean
consider (const char *folder, ValiseMembership **newest, char **path, GError **error)
{
  g_autoptr (ValiseMembership) found = valise_membership_load (folder, error);

  if (found == NULL)
    return FALSE;
  if (*newest == NULL || found->joined_us >= (*newest)->joined_us)
    {
      g_clear_pointer (newest, valise_membership_free);
      *newest = g_steal_pointer (&found);
      g_free (*path);
      *path = g_strdup (folder);
    }
  return TRUE;
}

char *
valise_account_find_newest (const char *data_dir, ValiseMembership **membership, GError **error)
{
  g_autoptr (GDir)   folders = g_dir_open (data_dir, 0, NULL);
  g_autoptr (GError) damage = NULL;
  g_autofree char   *path = NULL;
  const char        *name = NULL;

  while (folders != NULL && (name = g_dir_read_name (folders)) != NULL)
    {
      g_autofree char   *folder = g_build_filename (data_dir, name, NULL);
      g_autoptr (GError) failure = NULL;

      if (!consider (folder, membership, &path, &failure)
          && failure->code == VALISE_ACCOUNT_ERROR_DAMAGED && damage == NULL)
        damage = g_steal_pointer (&failure);
    }
  if (path != NULL)
    return g_steal_pointer (&path);
  if (damage != NULL)
    g_propagate_error (error, g_steal_pointer (&damage));
  else
    g_set_error (error, VALISE_ACCOUNT_ERROR, VALISE_ACCOUNT_ERROR_NONE,
                 "Nobody has joined in %s yet", data_dir);
  return NULL;
}

char *
valise_account_find_folder (const char *data_dir, GError **error)
{
  g_autoptr (ValiseMembership) newest = NULL;

  g_return_val_if_fail (data_dir != NULL, NULL);

  return valise_account_find_newest (data_dir, &newest, error);
}

static void
append_safe (GString *out, const char *text)
{
  for (const char *c = text; c != NULL && *c != '\0' && out->len < 80; c++)
    g_string_append_c (out, g_ascii_isalnum (*c) || *c == '.' ? g_ascii_tolower (*c) : '-');
}

char *
valise_account_make_id (const ValiseMembership *membership)
{
  GString         *id = g_string_new (NULL);
  g_autofree char *random = valise_random_hex (2);
  g_autoptr (GUri) uri =
      membership->server != NULL ? g_uri_parse (membership->server, G_URI_FLAGS_NONE, NULL) : NULL;

  append_safe (id, uri != NULL ? g_uri_get_host (uri) : "sample");
  if (membership->participant != NULL)
    {
      g_string_append_c (id, '-');
      append_safe (id, membership->participant);
    }
  if (id->str[0] == '.') /* nothing hidden */
    id->str[0] = '-';
  g_string_append_printf (id, "-%s", random);
  return g_string_free (id, FALSE);
}
