/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-sample-data"

#include "config.h"

#include "valise-sample-data.h"

#include <string.h>

#include "valise-id.h"
#include "valise-language.h"
#include "valise-programme-data.h"
#include "valise-reading.h"

#define DATABASE "public"

/* Where the lines stand, so that each gets the key of its place. */
typedef struct
{
  JsonArray *list;
  guint      heading;
  guint      plain;
  char      *number; /* of the operative paragraph above */
} Lines;

/* Takes the mark before the words: "3. " or "(a) "; NULL where the line has none. */
static char *
take_mark (const char **line, const char *open, const char *close, const char *allowed)
{
  gsize open_length = strlen (open);
  gsize length = 0;
  char *mark = NULL;

  if (strncmp (*line, open, open_length) != 0)
    return NULL;
  length = strspn (*line + open_length, allowed);
  if (length == 0 || strncmp (*line + open_length + length, close, strlen (close)) != 0)
    return NULL;

  mark = g_strndup (*line + open_length, length);
  *line += open_length + length + strlen (close);

  return mark;
}

static void
add_paragraph (Lines      *lines,
               const char *key,
               const char *kind,
               const char *number,
               guint       level,
               const char *text)
{
  g_autoptr (GString) markup = g_string_new (NULL);
  JsonObject         *tree = json_object_new ();

  valise_markup_append_plain (markup, text, -1);
  json_object_set_string_member (tree, "key", key);
  json_object_set_string_member (tree, "kind", kind);
  valise_tree_set_string (tree, "number", number);
  if (level > 0)
    json_object_set_int_member (tree, "level", level);
  json_object_set_string_member (tree, "text", markup->str);
  json_array_add_object_element (lines->list, tree);
}

static void
add_line (Lines *lines, const char *line)
{
  g_autofree char *key = NULL;
  g_autofree char *number = NULL;
  g_autofree char *mark = NULL;

  if (g_str_has_prefix (line, "# "))
    {
      key = g_strdup_printf ("h%u", ++lines->heading);
      add_paragraph (lines, key, VALISE_PARAGRAPH_HEADING, NULL, 0, line + 2);
    }
  else if ((mark = take_mark (&line, "", ". ", "0123456789")) != NULL)
    {
      key = g_strconcat ("o", mark, NULL);
      add_paragraph (lines, key, VALISE_PARAGRAPH_OPERATIVE, mark, 0, line);
      g_free (lines->number);
      lines->number = g_steal_pointer (&mark);
    }
  else if (lines->number != NULL
           && (mark = take_mark (&line, "(", ") ", "abcdefghijklmnopqrstuvwxyz")) != NULL)
    {
      key = g_strdup_printf ("o%s.%s", lines->number, mark);
      number = g_strdup_printf ("%s (%s)", lines->number, mark);
      add_paragraph (lines, key, VALISE_PARAGRAPH_ITEM, number, 1, line);
    }
  else
    {
      key = g_strdup_printf ("x%u", ++lines->plain);
      add_paragraph (lines, key, VALISE_PARAGRAPH_TEXT, NULL, 0, line);
    }
}

static JsonArray *
make_paragraphs (const char *title, JsonArray *texts)
{
  Lines lines = { .list = json_array_new () };

  add_paragraph (&lines, "t", VALISE_PARAGRAPH_TITLE, NULL, 0, title);
  for (guint i = 0; i < json_array_get_length (texts); i++)
    add_line (&lines, json_array_get_string_element (texts, i));
  g_free (lines.number);

  return lines.list;
}

/* The first of the paper's authors or items, as lists know it. */
static const char *
get_first_author (JsonObject *paper)
{
  JsonArray  *authors = valise_tree_get_array (paper, "authors");
  JsonObject *first =
      json_array_get_length (authors) > 0 ? json_array_get_object_element (authors, 0) : NULL;

  return first != NULL ? valise_tree_get_string (first, "key") : NULL;
}

static const char *
get_first_item (JsonObject *paper)
{
  JsonArray *items = NULL;

  if (!json_object_has_member (paper, "items"))
    return NULL;

  items = valise_tree_get_array (paper, "items");

  return json_array_get_length (items) > 0 ? json_array_get_string_element (items, 0) : NULL;
}

static gboolean
add_text (ValiseIssuer *issuer,
          JsonObject   *paper,
          const char   *language,
          JsonArray    *lines,
          GError      **error)
{
  const char            *symbol = valise_tree_get_string (paper, "symbol");
  g_autofree char       *id = valise_id_for_text (symbol, language);
  g_autofree char       *paper_id = valise_id_for_paper (symbol);
  g_autoptr (JsonObject) text = json_object_new ();
  const char *title = valise_tree_get_string (valise_tree_get_object (paper, "title"), language);

  json_object_set_string_member (text, "type", "text");
  json_object_set_string_member (text, "paper", paper_id);
  json_object_set_string_member (text, "symbol", symbol);
  json_object_set_string_member (text, "language", language);
  json_object_set_string_member (text, "title", title);
  valise_tree_set_string (text, "kind", valise_tree_get_string (paper, "kind"));
  valise_tree_set_string (text, "date", valise_tree_get_string (paper, "date"));
  valise_tree_set_string (text, "meeting", valise_tree_get_string (paper, "meeting"));
  valise_tree_set_string (text, "item", get_first_item (paper));
  valise_tree_set_string (text, "author", get_first_author (paper));
  json_object_set_array_member (text, "paragraphs", make_paragraphs (title, lines));

  return valise_issuer_add_tree (issuer, DATABASE, id, text, NULL, error);
}

/* The paper first, so that whoever follows the feed knows it before its texts. */
static gboolean
add_paper (ValiseIssuer *issuer, JsonObject *paper, GError **error)
{
  g_autofree char       *id = valise_id_for_paper (valise_tree_get_string (paper, "symbol"));
  g_autoptr (JsonObject) texts = json_object_ref (valise_tree_get_object (paper, "texts"));
  JsonArray             *languages = json_array_new ();

  json_object_remove_member (paper, "texts");
  json_object_set_string_member (paper, "type", "paper");
  for (const char *const *code = valise_language_list (); *code != NULL; code++)
    if (json_object_has_member (texts, *code))
      json_array_add_string_element (languages, *code);
  json_object_set_array_member (paper, "languages", languages);
  if (!valise_issuer_add_tree (issuer, DATABASE, id, paper, NULL, error))
    return FALSE;

  for (const char *const *code = valise_language_list (); *code != NULL; code++)
    if (json_object_has_member (texts, *code)
        && !add_text (issuer, paper, *code, json_object_get_array_member (texts, *code), error))
      return FALSE;

  return TRUE;
}

static gboolean
add_document (ValiseIssuer *issuer, JsonObject *document, GError **error)
{
  g_autofree char *id = g_strdup (valise_tree_get_string (document, "id"));

  json_object_remove_member (document, "id");

  return valise_issuer_add_tree (issuer, DATABASE, id, document, NULL, error);
}

static gboolean
add_file (ValiseIssuer *issuer, const char *name, GError **error)
{
  g_autofree char       *path = g_strconcat ("sample/", name, NULL);
  g_autoptr (ValiseJson) json = valise_programme_data_load (path, error);
  g_autoptr (JsonObject) tree = json != NULL ? valise_tree_parse (json, error) : NULL;
  JsonArray             *documents = NULL;
  JsonArray             *papers = NULL;

  if (tree == NULL)
    return FALSE;

  documents = valise_tree_get_array (tree, "documents");
  for (guint i = 0; i < json_array_get_length (documents); i++)
    if (!add_document (issuer, json_array_get_object_element (documents, i), error))
      return FALSE;

  papers = valise_tree_get_array (tree, "papers");
  for (guint i = 0; i < json_array_get_length (papers); i++)
    if (!add_paper (issuer, json_array_get_object_element (papers, i), error))
      return FALSE;

  return TRUE;
}

gboolean
valise_sample_data_add (ValiseIssuer *issuer, GError **error)
{
  g_auto (GStrv) names = valise_programme_data_list ("sample");

  g_return_val_if_fail (issuer != NULL, FALSE);

  for (gsize i = 0; names[i] != NULL; i++)
    if (!add_file (issuer, names[i], error))
      {
        g_prefix_error (error, "%s: ", names[i]);
        return FALSE;
      }

  return TRUE;
}
