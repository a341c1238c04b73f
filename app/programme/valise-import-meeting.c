/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-import"

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "valise-import.h"

#define DATABASE "public"

/* The profile's description of a body, or none. */
static guint
find_body (const ValiseJson *profile, const char *key)
{
  guint bodies = valise_json_find (profile, 0, "bodies");

  for (guint i = bodies == VALISE_JSON_NONE ? bodies : valise_json_first (profile, bodies);
       i != VALISE_JSON_NONE; i = valise_json_next (profile, i))
    {
      g_autofree char *name = valise_json_dup_member (profile, i, "key");

      if (g_strcmp0 (name, key) == 0)
        return i;
    }

  return VALISE_JSON_NONE;
}

static gboolean
is_number (const char *text)
{
  return *text != '\0' && strspn (text, "0123456789") == strlen (text);
}

/* English: "77th", "71st"; of a special session as it is: "ES-11". */
static char *
dup_ordinal (const char *session)
{
  int         n = atoi (session);
  const char *ending = "th";

  if (!is_number (session))
    return g_strdup (session);

  if (n % 100 < 11 || n % 100 > 13)
    ending = n % 10 == 1 ? "st" : n % 10 == 2 ? "nd" : n % 10 == 3 ? "rd" : "th";

  return g_strconcat (session, ending, NULL);
}

static char *
fill (const char *pattern, const char *session)
{
  g_autoptr (GString) text = g_string_new (pattern);
  g_autofree char    *ordinal = dup_ordinal (session);

  g_string_replace (text, "{nth}", ordinal, 0);
  g_string_replace (text, "{n}", session, 0);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static JsonObject *
make_session (const ValiseJson *profile, guint body, const char *key, const char *session)
{
  JsonObject      *tree = json_object_new ();
  JsonObject      *names = NULL;
  guint            patterns = valise_json_find (profile, body, "session");
  gint64           first_year = valise_json_get_member_int (profile, body, "year-of-session-0", 0);
  g_autofree char *mark = valise_json_dup_member (profile, body, "mark");

  json_object_set_string_member (tree, "type", "meeting");
  json_object_set_string_member (tree, "kind", "session");
  names = valise_tree_get_object (tree, "name");
  for (guint i = valise_json_first (profile, patterns); i != VALISE_JSON_NONE;
       i = valise_json_next (profile, i))
    {
      g_autofree char *language = valise_json_dup_name (profile, i);
      g_autofree char *pattern = valise_json_dup_string (profile, i);
      g_autofree char *name = fill (pattern, session);

      json_object_set_string_member (names, language, name);
    }
  json_object_set_string_member (tree, "body", key);
  json_object_set_string_member (tree, "session", session);
  if (mark != NULL)
    {
      g_autofree char *filled = fill (mark, session);

      json_object_set_string_member (tree, "mark", filled);
    }
  if (first_year > 0 && is_number (session))
    json_object_set_int_member (tree, "year", first_year + atoi (session));

  return tree;
}

gboolean
valise_import_add_session (ValiseIssuer  *issuer,
                           ValiseProfile *profile,
                           const char    *body,
                           const char    *session,
                           char         **meeting,
                           GError       **error)
{
  const ValiseJson      *json = valise_profile_get_json (profile);
  guint                  token = find_body (json, body);
  g_autofree char       *key = NULL;
  g_autofree char       *id = NULL;
  g_autoptr (JsonObject) tree = NULL;
  g_autoptr (GError)     unread = NULL;

  *meeting = NULL;
  if (token == VALISE_JSON_NONE || valise_json_find (json, token, "session") == VALISE_JSON_NONE)
    return TRUE;

  key = g_ascii_strdown (session, -1);
  id = g_strdup_printf ("meeting:%s-%s", body, key);
  tree = valise_issuer_get (issuer, DATABASE, id, &unread);
  if (unread != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&unread));
      return FALSE;
    }
  if (tree == NULL)
    {
      tree = make_session (json, token, body, session);
      if (!valise_issuer_add_tree (issuer, DATABASE, id, tree, NULL, error))
        return FALSE;
    }
  *meeting = g_steal_pointer (&id);

  return TRUE;
}

/* "9" before "74 (a)" before "74 (b)": by number, then by letter. */
static int
compare_items (const char *a, const char *b)
{
  int difference = atoi (a) - atoi (b);

  return difference != 0 ? difference : g_strcmp0 (a, b);
}

static JsonObject *
find_item (JsonArray *items, const char *number)
{
  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      JsonObject *item = json_array_get_object_element (items, i);

      if (g_strcmp0 (valise_tree_get_string (item, "number"), number) == 0)
        return item;
    }

  return NULL;
}

/* A new array with @item in its place: json-glib's arrays cannot insert. Takes @item. */
static JsonArray *
insert_item (JsonArray *items, JsonObject *item)
{
  JsonArray  *sorted = json_array_new ();
  const char *number = valise_tree_get_string (item, "number");
  gboolean    placed = FALSE;

  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      JsonObject *other = json_array_get_object_element (items, i);

      if (!placed && compare_items (number, valise_tree_get_string (other, "number")) < 0)
        {
          json_array_add_object_element (sorted, item);
          placed = TRUE;
        }
      json_array_add_object_element (sorted, json_object_ref (other));
    }
  if (!placed)
    json_array_add_object_element (sorted, item);

  return sorted;
}

gboolean
valise_import_has_item (ValiseIssuer *issuer, const char *meeting, const char *item, GError **error)
{
  g_autofree char       *id = g_strconcat ("agenda:", strchr (meeting, ':') + 1, NULL);
  g_autoptr (JsonObject) tree = valise_issuer_get (issuer, DATABASE, id, error);

  return tree != NULL && find_item (valise_tree_get_array (tree, "items"), item) != NULL;
}

gboolean
valise_import_add_item (ValiseIssuer *issuer,
                        const char   *meeting,
                        const char   *item,
                        const char   *title,
                        const char   *language,
                        gboolean     *changed,
                        GError      **error)
{
  g_autofree char       *id = g_strconcat ("agenda:", strchr (meeting, ':') + 1, NULL);
  g_autoptr (GError)     unread = NULL;
  g_autoptr (JsonObject) tree = valise_issuer_get (issuer, DATABASE, id, &unread);
  JsonObject            *found = NULL;

  if (unread != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&unread));
      return FALSE;
    }
  if (tree == NULL)
    {
      tree = json_object_new ();
      json_object_set_string_member (tree, "type", "agenda");
      json_object_set_string_member (tree, "meeting", meeting);
    }

  found = find_item (valise_tree_get_array (tree, "items"), item);
  if (found == NULL)
    {
      JsonArray *items = NULL;

      found = json_object_new ();
      json_object_set_string_member (found, "number", item);
      items = insert_item (valise_tree_get_array (tree, "items"), found);
      json_object_set_array_member (tree, "items", items);
    }
  if (title != NULL && *title != '\0')
    {
      JsonObject *titles = valise_tree_get_object (found, "title");

      if (!json_object_has_member (titles, language))
        json_object_set_string_member (titles, language, title);
    }

  return valise_issuer_add_tree (issuer, DATABASE, id, tree, changed, error);
}
