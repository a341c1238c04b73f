/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-words"

#include "config.h"

#include "valise-words.h"

#include "valise-programme-data.h"

#define FALLBACK "en"

/* "LANGUAGE\nKEY" to text; names folded to keys. Made once, then only read. */
typedef struct
{
  GHashTable *words;
  GHashTable *names;
  GHashTable *keys;
} Tables;

static void
add_texts (GHashTable *table, const ValiseJson *json, guint object, const char *key)
{
  if (object == VALISE_JSON_NONE || valise_json_get_kind (json, object) != VALISE_JSON_KIND_OBJECT)
    return;

  for (guint i = valise_json_first (json, object); i != VALISE_JSON_NONE;
       i = valise_json_next (json, i))
    {
      g_autofree char *language = valise_json_dup_name (json, i);

      g_hash_table_insert (table, g_strdup_printf ("%s\n%s", language, key),
                           valise_json_dup_string (json, i));
    }
}

static char *
fold (const char *name)
{
  g_autofree char *normal = g_utf8_normalize (name, -1, G_NORMALIZE_ALL_COMPOSE);

  return normal != NULL ? g_utf8_casefold (normal, -1) : g_strdup (name);
}

static void
add_participant (Tables *tables, const ValiseJson *json, guint token)
{
  char *key = valise_json_dup_member (json, token, "key"); /* kept for good by the tables */
  guint names = valise_json_find (json, token, "name");

  add_texts (tables->names, json, names, key);
  for (guint i = valise_json_first (json, names); i != VALISE_JSON_NONE;
       i = valise_json_next (json, i))
    {
      g_autofree char *name = valise_json_dup_string (json, i);

      g_hash_table_insert (tables->keys, fold (name), g_strdup (key));
    }
  g_free (key);
}

static GHashTable *
new_table (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/* What is missing here was left out of the program when it was built. */
static ValiseJson *
load_or_abort (const char *path)
{
  g_autoptr (GError) error = NULL;
  ValiseJson        *json = valise_programme_data_load (path, &error);

  if (json == NULL)
    g_error ("%s: %s", path, error->message);

  return json;
}

static const Tables *
get_tables (void)
{
  static gsize  made = 0;
  static Tables tables;

  if (g_once_init_enter (&made))
    {
      g_autoptr (ValiseJson) words = load_or_abort ("words.json");
      g_autoptr (ValiseJson) people = load_or_abort ("participants.json");

      tables = (Tables){ new_table (), new_table (), new_table () };
      for (guint i = valise_json_first (words, 0); i != VALISE_JSON_NONE;
           i = valise_json_next (words, i))
        {
          g_autofree char *name = valise_json_dup_name (words, i);

          add_texts (tables.words, words, i, name);
        }
      for (guint i = valise_json_first (people, valise_json_find (people, 0, "participants"));
           i != VALISE_JSON_NONE; i = valise_json_next (people, i))
        add_participant (&tables, people, i);
      g_once_init_leave (&made, 1);
    }

  return &tables;
}

static const char *
look_up (GHashTable *table, const char *key, const char *language)
{
  g_autofree char *wanted = g_strdup_printf ("%s\n%s", language != NULL ? language : FALLBACK, key);
  g_autofree char *fallback = g_strdup_printf (FALLBACK "\n%s", key);
  const char      *found = g_hash_table_lookup (table, wanted);

  return found != NULL ? found : g_hash_table_lookup (table, fallback);
}

char *
valise_words_dup (const char *name, const char *language, const char *n, const char *filled_name)
{
  const char         *word = NULL;
  g_autoptr (GString) text = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  word = look_up (get_tables ()->words, name, language);
  text = g_string_new (word != NULL ? word : name);
  if (n != NULL)
    g_string_replace (text, "{n}", n, 0);
  if (filled_name != NULL)
    g_string_replace (text, "{name}", filled_name, 0);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

const char *
valise_words_get_participant (const char *key, const char *language)
{
  g_return_val_if_fail (key != NULL, NULL);

  return look_up (get_tables ()->names, key, language);
}

const char *
valise_words_find_participant (const char *name)
{
  g_autofree char *folded = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  folded = fold (name);

  return g_hash_table_lookup (get_tables ()->keys, folded);
}
