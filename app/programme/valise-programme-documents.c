/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-programme-documents"

#include "config.h"

#include "valise-programme-documents.h"

#define PUBLIC "public"

static gboolean
add_programme (ValiseIssuer  *issuer,
               ValiseProfile *profile,
               const char    *programme,
               const char    *name,
               GError       **error)
{
  g_autoptr (JsonObject) tree = valise_tree_parse (valise_profile_get_json (profile), error);

  if (tree == NULL)
    return FALSE;

  json_object_set_string_member (tree, "type", "programme");
  json_object_set_string_member (tree, "programme", programme);
  if (name != NULL && *name != '\0')
    json_object_set_string_member (valise_tree_get_object (tree, "name"), "en", name);
  else
    json_object_set_member (tree, "name", json_object_dup_member (tree, "title"));
  json_object_remove_member (tree, "title");

  return valise_issuer_add_tree (issuer, PUBLIC, "programme", tree, NULL, error);
}

static gboolean
add_bodies (ValiseIssuer *issuer, ValiseProfile *described, GError **error)
{
  const ValiseJson *profile = valise_profile_get_json (described);
  guint             bodies = valise_json_find (profile, 0, "bodies");

  for (guint i = bodies == VALISE_JSON_NONE ? bodies : valise_json_first (profile, bodies);
       i != VALISE_JSON_NONE; i = valise_json_next (profile, i))
    {
      g_autofree char    *key = valise_json_dup_member (profile, i, "key");
      g_autofree char    *id = g_strconcat ("body:", key, NULL);
      g_autoptr (GString) body = g_string_new ("{\"type\":\"body\",\"key\":");
      gsize               length = 0;
      const char         *name =
          valise_json_get_raw (profile, valise_json_find (profile, i, "name"), &length);
      g_autofree char *rev = NULL;

      valise_json_append_string (body, key, -1);
      g_string_append (body, ",\"name\":");
      g_string_append_len (body, name, (gssize) length);
      g_string_append_c (body, '}');
      rev = valise_issuer_add (issuer, PUBLIC, id, body->str, NULL, NULL, error);
      if (rev == NULL)
        return FALSE;
    }

  return TRUE;
}

gboolean
valise_programme_documents_add (ValiseIssuer  *issuer,
                                ValiseProfile *profile,
                                const char    *programme,
                                const char    *name,
                                GError       **error)
{
  g_return_val_if_fail (issuer != NULL && VALISE_IS_PROFILE (profile), FALSE);
  g_return_val_if_fail (programme != NULL, FALSE);

  return add_programme (issuer, profile, programme, name, error)
         && add_bodies (issuer, profile, error);
}
