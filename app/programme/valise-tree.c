/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-tree"

#include "config.h"

#include "valise-tree.h"

JsonObject *
valise_tree_parse (const ValiseJson *json, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (JsonNode)   root = NULL;
  gsize                  length = 0;
  const char            *data = NULL;
  JsonObject            *tree = NULL;

  g_return_val_if_fail (json != NULL, NULL);

  data = g_bytes_get_data (valise_json_get_text (json), &length);
  if (!json_parser_load_from_data (parser, data, (gssize) length, error))
    return NULL;

  root = json_parser_steal_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, VALISE_JSON_ERROR, VALISE_JSON_ERROR_SYNTAX, "Not an object");
      return NULL;
    }

  tree = json_node_dup_object (root);
  if (json_object_has_member (tree, "seal"))
    json_object_remove_member (tree, "seal");

  return tree;
}

char *
valise_tree_to_text (JsonObject *tree)
{
  g_autoptr (JsonNode) node = NULL;

  g_return_val_if_fail (tree != NULL, NULL);

  node = json_node_init_object (json_node_alloc (), tree);

  return json_to_string (node, FALSE);
}

void
valise_tree_set_string (JsonObject *tree, const char *name, const char *text)
{
  if (text != NULL && *text != '\0')
    json_object_set_string_member (tree, name, text);
}

void
valise_tree_set_strings (JsonObject *tree, const char *name, const char *const *texts)
{
  JsonArray *array = NULL;

  if (texts == NULL || texts[0] == NULL)
    return;

  array = json_array_new ();
  for (gsize i = 0; texts[i] != NULL; i++)
    json_array_add_string_element (array, texts[i]);
  json_object_set_array_member (tree, name, array);
}

JsonObject *
valise_tree_get_object (JsonObject *tree, const char *name)
{
  if (!json_object_has_member (tree, name))
    json_object_set_object_member (tree, name, json_object_new ());

  return json_object_get_object_member (tree, name);
}

JsonArray *
valise_tree_get_array (JsonObject *tree, const char *name)
{
  if (!json_object_has_member (tree, name))
    json_object_set_array_member (tree, name, json_array_new ());

  return json_object_get_array_member (tree, name);
}

const char *
valise_tree_get_string (JsonObject *tree, const char *name)
{
  return json_object_get_string_member_with_default (tree, name, NULL);
}

gboolean
valise_tree_contains (JsonArray *array, const char *text)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (g_strcmp0 (json_array_get_string_element (array, i), text) == 0)
      return TRUE;

  return FALSE;
}

void
valise_tree_add_once (JsonArray *array, const char *text)
{
  if (!valise_tree_contains (array, text))
    json_array_add_string_element (array, text);
}
