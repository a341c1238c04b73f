/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-paper"

#include "config.h"

#include <string.h>

#include "valise-id.h"
#include "valise-language.h"
#include "valise-paper-parts.h"
#include "valise-words.h"

#define MANY_NAMING  50 /* papers that name one, looked through at most */
#define MANY_AUTHORS 3  /* more are named as "Kestria and 5 others" */

char *
valise_texts_dup (const ValiseJson *json, guint texts, const char *language, char **chosen)
{
  const char *const wanted[] = { language, "en" };

  if (chosen != NULL)
    *chosen = NULL;
  if (texts == VALISE_JSON_NONE || valise_json_get_kind (json, texts) != VALISE_JSON_KIND_OBJECT)
    return NULL;

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      char *text = wanted[i] != NULL ? valise_json_dup_member (json, texts, wanted[i]) : NULL;

      if (text != NULL)
        {
          if (chosen != NULL)
            *chosen = g_strdup (wanted[i]);
          return text;
        }
    }

  texts = valise_json_first (json, texts);
  if (chosen != NULL && texts != VALISE_JSON_NONE)
    *chosen = valise_json_dup_name (json, texts);

  return valise_json_dup_string (json, texts);
}

static char *
dup_one_author (const ValiseJson *json, guint author, const char *language)
{
  g_autofree char *key = valise_json_dup_member (json, author, "key");
  gint64           sponsors = valise_json_get_member_int (json, 0, "sponsors", 0);
  const char      *known = key != NULL ? valise_words_get_participant (key, language) : NULL;

  if (g_strcmp0 (key, "cosponsors") == 0 && sponsors > 0)
    {
      g_autofree char *count = g_strdup_printf ("%" G_GINT64_FORMAT, sponsors);

      return valise_words_dup ("states", language, count, NULL);
    }
  if (known != NULL)
    return g_strdup (known);

  return valise_json_dup_member (json, author, "name");
}

/* "Kestria", "Kestria, Oriva", "Kestria and 5 others". */
static char *
dup_author (const ValiseJson *json, const char *language)
{
  guint               list = valise_json_find (json, 0, "authors");
  guint               count = 0;
  g_autoptr (GString) label = g_string_new (NULL);

  if (list == VALISE_JSON_NONE || valise_json_get_kind (json, list) != VALISE_JSON_KIND_ARRAY)
    return NULL;

  count = valise_json_count (json, list);
  for (guint i = valise_json_first (json, list); i != VALISE_JSON_NONE;
       i = valise_json_next (json, i))
    {
      g_autofree char *name = dup_one_author (json, i, language);

      if (name == NULL)
        continue;
      if (count > MANY_AUTHORS)
        {
          g_autofree char *others = g_strdup_printf ("%u", count - 1);

          return valise_words_dup ("others", language, others, name);
        }
      if (label->len > 0)
        {
          g_autofree char *comma = valise_words_dup ("comma", language, NULL, NULL);

          g_string_append (label, comma);
        }
      g_string_append (label, name);
    }

  return label->len > 0 ? g_string_free (g_steal_pointer (&label), FALSE) : NULL;
}

char **
valise_paper_dup_references (const ValiseJson *json)
{
  g_autoptr (GStrvBuilder) symbols = g_strv_builder_new ();
  guint                    relations = valise_json_find (json, 0, "relations");
  guint                    list = valise_json_find (json, 0, "references");

  if (relations != VALISE_JSON_NONE)
    for (guint i = valise_json_first (json, relations); i != VALISE_JSON_NONE;
         i = valise_json_next (json, i))
      {
        g_autofree char *symbol = valise_json_dup_string (json, i);

        if (symbol != NULL)
          g_strv_builder_add (symbols, symbol);
      }
  if (list != VALISE_JSON_NONE)
    for (guint i = valise_json_first (json, list); i != VALISE_JSON_NONE;
         i = valise_json_next (json, i))
      {
        g_autofree char *symbol = valise_json_dup_string (json, i);

        if (symbol != NULL)
          g_strv_builder_add (symbols, symbol);
      }

  return g_strv_builder_end (symbols);
}

static const ValiseIndexRecord *
find_text (const GPtrArray *group, const char *language)
{
  for (guint i = 0; i < group->len; i++)
    {
      const ValiseIndexRecord *record = group->pdata[i];

      if (g_strcmp0 (record->type, "text") == 0 && g_strcmp0 (record->language, language) == 0)
        return record;
    }

  return NULL;
}

static gboolean
is_issued_in (const ValiseJson *json, const char *language)
{
  guint list = valise_json_find (json, 0, "languages");

  for (guint i = list == VALISE_JSON_NONE ? list : valise_json_first (json, list);
       i != VALISE_JSON_NONE; i = valise_json_next (json, i))
    {
      g_autofree char *code = valise_json_dup_string (json, i);

      if (g_strcmp0 (code, language) == 0)
        return TRUE;
    }

  return FALSE;
}

/* The languages in which it is issued, or of which a text is known, in the usual order. */
static GPtrArray *
list_versions (const ValiseJson *json, const GPtrArray *group, const ValiseIndexRecord *paper)
{
  GPtrArray *versions = g_ptr_array_new_with_free_func (g_object_unref);

  for (const char *const *code = valise_language_list (); *code != NULL; code++)
    {
      const ValiseIndexRecord *text = find_text (group, *code);
      g_autofree char         *id = NULL;

      if (text == NULL && !is_issued_in (json, *code))
        continue;

      id = text != NULL ? g_strdup (text->id) : valise_id_for_text (paper->symbol, *code);
      g_ptr_array_add (versions,
                       valise_version_new (*code, text != NULL && text->here,
                                           text != NULL ? text->size : 0,
                                           text != NULL ? text->database : paper->database, id));
    }

  return versions;
}

ValisePaperData *
valise_paper_data_new (ValiseSearchIndex       *index,
                       const ValiseIndexRecord *record,
                       const char              *language,
                       GError                 **error)
{
  g_autoptr (ValisePaperData) data = g_new0 (ValisePaperData, 1);
  g_autoptr (GPtrArray)       group = NULL;
  const ValiseJson           *json = NULL;

  data->summary = valise_json_scan_text (record->summary != NULL ? record->summary : "{}", -1,
                                         VALISE_JSON_INTEGERS, error);
  if (data->summary == NULL)
    return NULL;
  group = valise_search_index_get_group (index, record->group, error);
  if (group == NULL)
    return NULL;

  json = data->summary;
  data->row = record->row;
  data->symbol = g_strdup (record->symbol);
  data->title =
      valise_texts_dup (json, valise_json_find (json, 0, "title"), language, &data->title_language);
  data->kind = g_strdup (record->kind);
  data->date = g_strdup (record->date);
  data->meeting = g_strdup (record->meeting);
  data->item = g_strdup (record->item);
  data->author = dup_author (json, language);
  data->state = valise_json_dup_member (json, 0, "state");
  data->seal_key = valise_json_dup_member (json, 0, "key");
  data->issued = valise_json_dup_member (json, 0, "issued");
  data->issue = valise_json_get_member_int (json, 0, "issue", 0);
  data->source = valise_json_dup_member (json, 0, "source");
  data->references = valise_paper_dup_references (json);
  data->versions = list_versions (json, group, record);
  data->files = valise_paper_files_read (json, record);

  return g_steal_pointer (&data);
}

/* Whether the paper of @group names @symbol, or stands in a relation to it. */
static gboolean
names_symbol (const GPtrArray *group, const char *symbol)
{
  for (guint i = 0; i < group->len; i++)
    {
      const ValiseIndexRecord *record = group->pdata[i];
      g_autoptr (ValiseJson)   json = NULL;
      g_auto (GStrv)           references = NULL;

      if (g_strcmp0 (record->type, "paper") != 0 || record->summary == NULL)
        continue;
      json = valise_json_scan_text (record->summary, -1, VALISE_JSON_INTEGERS, NULL);
      references = json != NULL ? valise_paper_dup_references (json) : NULL;
      if (references != NULL && g_strv_contains ((const char *const *) references, symbol))
        return TRUE;
    }

  return FALSE;
}

gboolean
valise_paper_data_find_named_by (ValisePaperData   *data,
                                 ValiseSearchIndex *index,
                                 GCancellable      *cancellable,
                                 GError           **error)
{
  g_autofree char         *query = g_strdup_printf ("\"%s\"", data->symbol);
  g_autoptr (GStrvBuilder) symbols = g_strv_builder_new ();
  g_autoptr (GHashTable)   seen = g_hash_table_new (g_str_hash, g_str_equal);
  /* Whoever names a symbol has it in its words; the search finds where to look. */
  g_autoptr (GPtrArray) hits =
      valise_search_index_search (index, query, NULL, MANY_NAMING, NULL, cancellable, error);

  if (hits == NULL)
    return FALSE;

  for (guint i = 0; i < hits->len; i++)
    {
      const ValiseIndexRecord *record = ((const ValiseHit *) hits->pdata[i])->record;
      g_autoptr (GPtrArray)    group = NULL;

      if (record->group == NULL || g_strcmp0 (record->group, data->symbol) == 0
          || !g_hash_table_add (seen, record->group))
        continue;
      group = valise_search_index_get_group (index, record->group, error);
      if (group == NULL)
        return FALSE;
      if (names_symbol (group, data->symbol))
        g_strv_builder_add (symbols, record->group);
    }
  data->named_by = g_strv_builder_end (symbols);

  return TRUE;
}

void
valise_paper_data_free (ValisePaperData *data)
{
  g_free (data->symbol);
  g_free (data->title);
  g_free (data->title_language);
  g_free (data->kind);
  g_free (data->date);
  g_free (data->meeting);
  g_free (data->item);
  g_free (data->author);
  g_free (data->state);
  g_free (data->seal_key);
  g_free (data->issued);
  g_free (data->source);
  g_strfreev (data->references);
  g_strfreev (data->named_by);
  g_clear_pointer (&data->versions, g_ptr_array_unref);
  g_clear_pointer (&data->files, g_ptr_array_unref);
  g_clear_pointer (&data->summary, valise_json_unref);
  g_free (data);
}

gboolean
valise_paper_data_equal (const ValisePaperData *a, const ValisePaperData *b)
{
  if (a->versions->len != b->versions->len || g_strcmp0 (a->title, b->title) != 0
      || g_strcmp0 (a->author, b->author) != 0
      || !g_bytes_equal (valise_json_get_text (a->summary), valise_json_get_text (b->summary)))
    return FALSE;

  for (guint i = 0; i < a->versions->len; i++)
    if (!valise_version_equal (a->versions->pdata[i], b->versions->pdata[i]))
      return FALSE;

  return TRUE;
}
