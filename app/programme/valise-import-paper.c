/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-import"

#include "config.h"

#include "valise-import-parts.h"

#include <string.h>

#include "valise-language.h"
#include "valise-symbol.h"

#define MAX_LINE 1000 /* bytes of a line that is no title */

gboolean
valise_import_refuse (GError **error, const char *format, ...)
{
  g_autofree char *matter = NULL;
  va_list          arguments;

  va_start (arguments, format);
  matter = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, VALISE_REGISTRY_ERROR, VALISE_REGISTRY_ERROR_REFUSED, matter);

  return FALSE;
}

char *
valise_import_dup_line (const char *text, gsize max)
{
  g_autofree char *line = text != NULL ? g_strdup (text) : NULL;
  char            *end = NULL;

  if (line == NULL)
    return NULL;

  for (char *p = line; *p != '\0'; p++)
    if ((guchar) *p < 0x20 || *p == 0x7f)
      *p = ' ';
  g_strstrip (line);
  if (strlen (line) > max)
    {
      end = g_utf8_find_prev_char (line, line + max + 1);
      if (end != NULL)
        *end = '\0';
    }

  return *line != '\0' ? g_steal_pointer (&line) : NULL;
}

void
valise_import_set_line (JsonObject *tree, const char *name, const char *text)
{
  g_autofree char *line = valise_import_dup_line (text, MAX_LINE);

  valise_tree_set_string (tree, name, line);
}

/* Languages in the order of their codes, whichever came first. */
static void
add_language (JsonObject *paper, const char *language)
{
  JsonArray *before = valise_tree_get_array (paper, "languages");
  JsonArray *after = json_array_new ();

  for (const char *const *code = valise_language_list (); *code != NULL; code++)
    if (strcmp (*code, language) == 0 || valise_tree_contains (before, *code))
      json_array_add_string_element (after, *code);
  json_object_set_array_member (paper, "languages", after);
}

static void
set_relations (JsonObject *paper, const char *text)
{
  static const char *const names[] = {
    [VALISE_SYMBOL_ADDENDUM] = "adds",
    [VALISE_SYMBOL_CORRIGENDUM] = "corrects",
    [VALISE_SYMBOL_REVISION] = "revises",
    [VALISE_SYMBOL_PART] = NULL,
  };
  g_autoptr (ValiseSymbol) symbol = valise_symbol_parse (text);

  if (symbol != NULL && symbol->modified && names[symbol->modifier] != NULL)
    json_object_set_string_member (valise_tree_get_object (paper, "relations"),
                                   names[symbol->modifier], symbol->parent);
}

static void
set_strings (JsonObject *paper, const char *name, const GPtrArray *texts)
{
  if (texts->len == 0 || json_object_has_member (paper, name))
    return;

  for (guint i = 0; i < texts->len; i++)
    {
      g_autofree char *line = valise_import_dup_line (texts->pdata[i], 400);

      if (line != NULL)
        json_array_add_string_element (valise_tree_get_array (paper, name), line);
    }
}

static void
set_adoption (JsonObject *paper, const ValiseReading *reading)
{
  JsonObject *adoption = NULL;

  if (json_object_has_member (paper, "adoption"))
    return;
  if (reading->meeting == NULL && reading->meeting_symbol == NULL && reading->committee == NULL
      && reading->report_symbol == NULL && reading->draft_symbol == NULL && !reading->vote.recorded)
    return;

  adoption = valise_tree_get_object (paper, "adoption");
  valise_import_set_line (adoption, "meeting", reading->meeting);
  valise_import_set_line (adoption, "record", reading->meeting_symbol);
  valise_import_set_line (adoption, "committee", reading->committee);
  valise_import_set_line (adoption, "report", reading->report_symbol);
  valise_import_set_line (adoption, "draft", reading->draft_symbol);
  if (reading->vote.recorded)
    {
      json_object_set_int_member (adoption, "favour", reading->vote.in_favour);
      json_object_set_int_member (adoption, "against", reading->vote.against);
      json_object_set_int_member (adoption, "abstaining", reading->vote.abstaining);
    }
}

/* What the paper is, from the file that brings it first. */
JsonObject *
valise_import_make_paper (ValiseImportFile *import)
{
  const ValiseReading *reading = import->reading;
  JsonObject          *paper = json_object_new ();

  json_object_set_string_member (paper, "type", "paper");
  json_object_set_string_member (paper, "symbol", import->symbol);
  json_object_set_string_member (paper, "kind", reading->kind);
  valise_tree_get_object (paper, "title");
  valise_tree_set_string (paper, "date", reading->date);
  valise_import_set_author (paper, reading);
  set_relations (paper, import->symbol);
  if (import->unnumbered)
    {
      JsonObject *origin = valise_tree_get_object (paper, "origin");

      if (import->options->name != NULL && strlen (import->options->name) <= 400)
        valise_import_set_line (origin, "name", import->options->name);
      json_object_set_string_member (origin, "digest", import->digest);
    }

  return paper;
}

static void
set_if_missing (JsonObject *tree, const char *name, const char *text)
{
  if (!json_object_has_member (tree, name))
    valise_import_set_line (tree, name, text);
}

/* What this language adds to the paper. */
void
valise_import_complete_paper (ValiseImportFile *import, JsonObject *paper, GPtrArray *items)
{
  const ValiseReading *reading = import->reading;

  json_object_set_string_member (valise_tree_get_object (paper, "title"), import->language,
                                 import->title);
  add_language (paper, import->language);
  set_if_missing (paper, "date", reading->date);
  set_if_missing (paper, "published", reading->published);
  set_if_missing (paper, "meeting", import->meeting);
  if (!json_object_has_member (paper, "items"))
    valise_tree_set_strings (paper, "items", (const char *const *) items->pdata);
  set_if_missing (paper, "original",
                  valise_language_normalise (
                      reading->original_language != NULL ? reading->original_language : ""));
  for (guint i = 0; i < reading->references->len; i++)
    if (g_strcmp0 (reading->references->pdata[i], import->symbol) != 0)
      valise_tree_add_once (valise_tree_get_array (paper, "references"),
                            reading->references->pdata[i]);
  set_strings (paper, "sponsors", reading->sponsors);
  set_strings (paper, "joined", reading->additional_sponsors);
  set_adoption (paper, reading);
  set_if_missing (paper, "source", reading->source);
}
