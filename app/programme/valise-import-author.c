/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-import"

#include "config.h"

#include <string.h>

#include "valise-import.h"
#include "valise-words.h"

#define COSPONSORED "co-sponsored by"
#define NOTE_REF    "<note ref=\""
#define MAX_NAME    60 /* bytes of a State's name; what is longer is a sentence */
#define FEWEST      3  /* names that make a list */

/* The marker of the note that follows the words "co-sponsored by"; NULL where none does. */
static char *
dup_sponsors_marker (const ValiseReading *reading)
{
  for (guint i = 0; i < reading->paragraphs->len; i++)
    {
      const ValiseParagraph *paragraph = reading->paragraphs->pdata[i];
      const char            *words = strstr (paragraph->text, COSPONSORED);
      const char            *ref = words != NULL ? strstr (words, NOTE_REF) : NULL;
      const char            *end = ref != NULL ? strchr (ref + strlen (NOTE_REF), '"') : NULL;

      if (end != NULL)
        return g_strndup (ref + strlen (NOTE_REF), (gsize) (end - ref) - strlen (NOTE_REF));
    }

  return NULL;
}

/* "Argentina, Australia, … United Kingdom." as names; NULL where it is no such list. */
static GPtrArray *
split_names (const char *list)
{
  g_auto (GStrv)        parts = g_strsplit (list, ",", -1);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; parts[i] != NULL; i++)
    {
      char *name = g_strstrip (parts[i]);
      gsize length = strlen (name);

      if (length > 0 && name[length - 1] == '.')
        name[--length] = '\0';
      if (length == 0 || length > MAX_NAME)
        return NULL;
      g_ptr_array_add (names, g_strdup (name));
    }

  return names->len >= FEWEST ? g_steal_pointer (&names) : NULL;
}

GPtrArray *
valise_import_list_cosponsors (const ValiseReading *reading)
{
  g_autofree char *marker = dup_sponsors_marker (reading);

  for (guint i = 0; marker != NULL && i < reading->paragraphs->len; i++)
    {
      const ValiseParagraph *paragraph = reading->paragraphs->pdata[i];

      if (strcmp (paragraph->kind, VALISE_PARAGRAPH_NOTE) == 0
          && g_strcmp0 (paragraph->number, marker) == 0)
        {
          g_autofree char *plain = valise_markup_to_plain (paragraph->text);

          return split_names (plain);
        }
    }

  return NULL;
}

static void
add_author (JsonObject *paper, const char *key, const char *name)
{
  JsonObject *author = json_object_new ();

  valise_tree_set_string (author, "key", key);
  valise_tree_set_string (author, "name", name);
  json_array_add_object_element (valise_tree_get_array (paper, "authors"), author);
}

void
valise_import_set_author (JsonObject *paper, const ValiseReading *reading)
{
  const char           *name = reading->author;
  const char           *key = name != NULL ? valise_words_find_participant (name) : NULL;
  g_autoptr (GPtrArray) sponsors = NULL;

  /* A body's key says who it is in every language. */
  if (key == NULL && reading->body != NULL
      && valise_words_get_participant (reading->body, NULL) != NULL)
    key = reading->body;
  if (key != NULL || name != NULL)
    {
      add_author (paper, key, key == NULL && strlen (name) <= 400 ? name : NULL);
      return;
    }

  sponsors = valise_import_list_cosponsors (reading);
  if (sponsors == NULL)
    return;

  add_author (paper, "cosponsors", NULL);
  for (guint i = 0; i < sponsors->len; i++)
    json_array_add_string_element (valise_tree_get_array (paper, "sponsors"), sponsors->pdata[i]);
}
