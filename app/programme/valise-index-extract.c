/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-index-extract"

#include "config.h"

#include "valise-index-extract.h"

#include <string.h>

#include "valise-id.h"
#include "valise-language.h"
#include "valise-paper-parts.h"
#include "valise-reading.h"
#include "valise-seal.h"

#define DIGITS 6 /* to which numbers are filled up in sort keys */

/* "A/AC.292/2026/WP.9" as "A/AC.000292/002026/WP.000009", so that it sorts before WP.10. */
static char *
dup_sort_key (const char *symbol)
{
  GString *key = g_string_new (NULL);

  for (const char *p = symbol; *p != '\0';)
    {
      gsize length = strspn (p, "0123456789");

      for (gsize i = length; length > 0 && i < DIGITS; i++)
        g_string_append_c (key, '0');
      if (length > 0)
        g_string_append_len (key, p, (gssize) length);
      else
        g_string_append_c (key, *p);
      p += MAX (length, 1);
    }

  return g_string_free (key, FALSE);
}

/* Appends "name": and the member @member of the document as it stands, where it is. */
static void
append_member (GString *out, const ValiseJson *json, const char *member)
{
  guint       token = valise_json_find (json, 0, member);
  gsize       length = 0;
  const char *raw = NULL;

  if (token == VALISE_JSON_NONE)
    return;

  raw = valise_json_get_raw (json, token, &length);
  if (out->len > 1)
    g_string_append_c (out, ',');
  valise_json_append_string (out, member, -1);
  g_string_append_c (out, ':');
  g_string_append_len (out, raw, (gssize) length);
}

/* Co-sponsors are shown by their number. */
static void
append_sponsors (GString *out, const ValiseJson *json)
{
  guint sponsors = valise_json_find (json, 0, "sponsors");

  if (sponsors != VALISE_JSON_NONE && out->len > 1)
    g_string_append_printf (out, ",\"sponsors\":%u", valise_json_count (json, sponsors));
}

static char *
make_summary (const ValiseJson *json)
{
  static const char *const members[] = { "title",     "authors",    "languages", "original",
                                         "relations", "references", "source",    "state",
                                         "issued",    "files" };
  GString                 *out = g_string_new ("{");
  g_autofree char         *key = valise_seal_dup_key_id (json);

  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    append_member (out, json, members[i]);
  append_sponsors (out, json);
  if (key != NULL)
    {
      g_string_append (out, out->len > 1 ? ",\"key\":" : "\"key\":");
      valise_json_append_string (out, key, -1);
      g_string_append_printf (out, ",\"issue\":%" G_GINT64_FORMAT, valise_seal_get_issue (json));
    }
  g_string_append_c (out, '}');

  return g_string_free (out, FALSE);
}

static char *
dup_first (const ValiseJson *json, const char *member)
{
  guint list = valise_json_find (json, 0, member);

  if (list == VALISE_JSON_NONE || valise_json_get_kind (json, list) != VALISE_JSON_KIND_ARRAY)
    return NULL;

  return valise_json_dup_string (json, valise_json_first (json, list));
}

static char *
dup_first_author (const ValiseJson *json)
{
  guint list = valise_json_find (json, 0, "authors");
  guint first = VALISE_JSON_NONE;
  char *key = NULL;

  if (list == VALISE_JSON_NONE || valise_json_get_kind (json, list) != VALISE_JSON_KIND_ARRAY)
    return NULL;

  first = valise_json_first (json, list);
  key = valise_json_dup_member (json, first, "key");

  return key != NULL ? key : valise_json_dup_member (json, first, "name");
}

/* Whether the words of a file of that name can be read. */
static gboolean
has_words (const char *name)
{
  gsize length = strlen (name);

  return length > 4 && g_ascii_strcasecmp (name + length - 4, ".pdf") == 0;
}

static char *
make_file_summary (const char *name, gint64 length)
{
  GString *out = g_string_new ("{\"name\":");

  valise_json_append_string (out, name, -1);
  g_string_append_printf (out, ",\"length\":%" G_GINT64_FORMAT "}", length);

  return g_string_free (out, FALSE);
}

/* NULL for what is no file, or has no words. */
static ValiseIndexOriginal *
make_original (const ValiseJson *json, guint token)
{
  g_autofree char     *sha256 = valise_json_dup_member (json, token, "sha256");
  g_autofree char     *name = valise_json_dup_member (json, token, "name");
  g_autofree char     *language = valise_json_dup_member (json, token, "language");
  ValiseIndexOriginal *original = NULL;

  if (!valise_id_is_sha256 (sha256) || name == NULL || !has_words (name))
    return NULL;

  original = g_new0 (ValiseIndexOriginal, 1);
  original->sha256 = g_steal_pointer (&sha256);
  if (language != NULL && valise_language_is_known (language))
    original->language = g_steal_pointer (&language);
  original->length = MAX (valise_json_get_member_int (json, token, "length", 0), 0);
  original->title = valise_texts_dup (json, valise_json_find (json, 0, "title"),
                                      original->language != NULL ? original->language : "en", NULL);
  original->summary = make_file_summary (name, original->length);

  return original;
}

static GPtrArray *
list_originals (const ValiseJson *json)
{
  GPtrArray *originals =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_index_original_free);
  guint list = valise_json_find (json, 0, "files");

  if (list == VALISE_JSON_NONE || valise_json_get_kind (json, list) != VALISE_JSON_KIND_ARRAY)
    return originals;

  for (guint i = valise_json_first (json, list);
       i != VALISE_JSON_NONE && originals->len < VALISE_PAPER_MAX_FILES;
       i = valise_json_next (json, i))
    {
      ValiseIndexOriginal *original = make_original (json, i);

      if (original != NULL)
        g_ptr_array_add (originals, original);
    }

  return originals;
}

static void
extract_paper (const ValiseJson *json, ValiseIndexEntry *entry)
{
  if (json == NULL)
    return;

  entry->title = valise_texts_dup (json, valise_json_find (json, 0, "title"), "en", NULL);
  entry->kind = valise_json_dup_member (json, 0, "kind");
  entry->date = valise_json_dup_member (json, 0, "date");
  entry->meeting = valise_json_dup_member (json, 0, "meeting");
  entry->item = dup_first (json, "items");
  entry->author = dup_first_author (json);
  entry->order = dup_sort_key (entry->symbol);
  entry->summary = make_summary (json);
  entry->originals = list_originals (json);
}

static GPtrArray *
list_paragraphs (const ValiseJson *json)
{
  GPtrArray *paragraphs =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_index_paragraph_free);
  guint list = valise_json_find (json, 0, "paragraphs");

  if (list == VALISE_JSON_NONE || valise_json_get_kind (json, list) != VALISE_JSON_KIND_ARRAY)
    return paragraphs;

  for (guint i = valise_json_first (json, list); i != VALISE_JSON_NONE;
       i = valise_json_next (json, i))
    {
      g_autofree char      *text = valise_json_dup_member (json, i, "text");
      g_autofree char      *kind = valise_json_dup_member (json, i, "kind");
      ValiseIndexParagraph *paragraph = NULL;

      /* The title is searched as such. */
      if (text == NULL || g_strcmp0 (kind, VALISE_PARAGRAPH_TITLE) == 0)
        continue;

      paragraph = g_new0 (ValiseIndexParagraph, 1);
      paragraph->key = valise_json_dup_member (json, i, "key");
      paragraph->number = valise_json_dup_member (json, i, "number");
      paragraph->text = valise_markup_to_plain (text);
      g_ptr_array_add (paragraphs, paragraph);
    }

  return paragraphs;
}

static void
extract_text (const char *id, const ValiseJson *json, ValiseIndexEntry *entry)
{
  entry->language = g_strdup (valise_id_get_language (id));
  if (json == NULL)
    return;

  entry->title = valise_json_dup_member (json, 0, "title");
  entry->kind = valise_json_dup_member (json, 0, "kind");
  entry->date = valise_json_dup_member (json, 0, "date");
  entry->meeting = valise_json_dup_member (json, 0, "meeting");
  entry->item = valise_json_dup_member (json, 0, "item");
  entry->author = valise_json_dup_member (json, 0, "author");
  entry->paragraphs = list_paragraphs (json);
}

static char *
dup_whole (const ValiseJson *json)
{
  gsize       length = 0;
  const char *raw = valise_json_get_raw (json, 0, &length);

  return g_strndup (raw, length);
}

/* The day by which meetings are put in order; of a session without one, of its year. */
static char *
dup_meeting_date (const ValiseJson *json)
{
  char  *start = valise_json_dup_member (json, 0, "start");
  gint64 year = valise_json_get_member_int (json, 0, "year", 0);

  return start == NULL && year > 0 ? g_strdup_printf ("%04" G_GINT64_FORMAT "-01-01", year) : start;
}

gboolean
valise_index_extract (const char           *database,
                      const ValiseDocument *document,
                      const ValiseJson     *json,
                      ValiseIndexEntry     *entry,
                      gpointer              user_data)
{
  g_autofree char *type = NULL;

  if (strcmp (database, "public") != 0 && strcmp (database, "states") != 0)
    return FALSE;

  type = valise_id_dup_type (document->id);
  if (strcmp (type, "paper") == 0 || strcmp (type, "text") == 0)
    {
      entry->symbol = valise_id_dup_symbol (document->id);
      if (entry->symbol == NULL)
        return FALSE;
      entry->group = g_strdup (entry->symbol);
      if (strcmp (type, "paper") == 0)
        extract_paper (json, entry);
      else
        extract_text (document->id, json, entry);
    }
  else if (json != NULL && strcmp (type, "meeting") == 0)
    {
      entry->date = dup_meeting_date (json);
      entry->summary = dup_whole (json);
    }
  else if (json != NULL && strcmp (type, "agenda") == 0)
    {
      entry->meeting = valise_json_dup_member (json, 0, "meeting");
      entry->summary = dup_whole (json);
    }
  else
    return FALSE;

  entry->type = g_steal_pointer (&type);

  return TRUE;
}
