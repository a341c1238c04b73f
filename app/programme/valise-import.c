/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-import"

#include "config.h"

#include "valise-import-parts.h"

#include <string.h>

#include "valise-id.h"
#include "valise-language.h"

static void
clear_import (ValiseImportFile *import)
{
  g_free (import->symbol);
  g_free (import->title);
  g_free (import->digest);
  g_free (import->meeting);
  g_free (import->item);
  g_clear_pointer (&import->paragraphs, json_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ValiseImportFile, clear_import)

/* --- what is asked of the file ------------------------------------------------------------ */

static gboolean
find_language (ValiseImportFile *import, GError **error)
{
  const char *given =
      import->options->language != NULL ? import->options->language : import->reading->language;

  if (given == NULL)
    return valise_import_refuse (error, "Its language cannot be told; name it");

  import->language = valise_language_normalise (given);
  if (import->language == NULL
      || !g_strv_contains (valise_profile_get_languages (import->profile), import->language))
    return valise_import_refuse (error, "“%s” is no language of the programme", given);

  return TRUE;
}

/* The title; without one, the beginning of the words. */
static char *
dup_title (const ValiseReading *reading)
{
  char *title = valise_import_dup_line (reading->title, VALISE_IMPORT_MAX_TITLE);

  for (guint i = 0; title == NULL && i < reading->paragraphs->len; i++)
    {
      const ValiseParagraph *paragraph = reading->paragraphs->pdata[i];
      g_autofree char       *plain = valise_markup_to_plain (paragraph->text);

      title = valise_import_dup_line (plain, 200);
    }

  return title;
}

static JsonArray *
make_paragraphs (const ValiseReading *reading)
{
  JsonArray *list = json_array_sized_new (reading->paragraphs->len);

  for (guint i = 0; i < reading->paragraphs->len; i++)
    {
      const ValiseParagraph *paragraph = reading->paragraphs->pdata[i];
      JsonObject            *tree = json_object_new ();

      json_object_set_string_member (tree, "key", paragraph->key);
      json_object_set_string_member (tree, "kind", paragraph->kind);
      valise_tree_set_string (tree, "number", paragraph->number);
      if (paragraph->level > 0)
        json_object_set_int_member (tree, "level", paragraph->level);
      json_object_set_string_member (tree, "text", paragraph->text);
      json_array_add_object_element (list, tree);
    }

  return list;
}

static char *
dup_digest (ValiseImportFile *import)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  g_checksum_update (checksum, (const guchar *) import->title, (gssize) strlen (import->title) + 1);
  for (guint i = 0; i < import->reading->paragraphs->len; i++)
    {
      const ValiseParagraph *paragraph = import->reading->paragraphs->pdata[i];

      /* The ends are hashed too, so that two lists cannot read alike. */
      g_checksum_update (checksum, (const guchar *) paragraph->key,
                         (gssize) strlen (paragraph->key) + 1);
      g_checksum_update (checksum, (const guchar *) paragraph->text,
                         (gssize) strlen (paragraph->text) + 1);
    }

  return g_strdup (g_checksum_get_string (checksum));
}

/* --- meeting and item --------------------------------------------------------------------- */

static gboolean
check_meeting (ValiseImportFile *import, GError **error)
{
  g_autoptr (GError)     unread = NULL;
  g_autoptr (JsonObject) tree =
      valise_issuer_get (import->issuer, VALISE_IMPORT_DATABASE, import->options->meeting, &unread);

  if (unread != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&unread));
      return FALSE;
    }
  if (tree == NULL || !g_str_has_prefix (import->options->meeting, "meeting:"))
    return valise_import_refuse (error, "There is no meeting “%s”", import->options->meeting);

  import->meeting = g_strdup (import->options->meeting);

  return TRUE;
}

/* The meeting asked for, or that of the paper as it stands, or the session that the file names. */
static gboolean
find_meeting (ValiseImportFile *import, JsonObject *paper, GError **error)
{
  const char *registered = paper != NULL ? valise_tree_get_string (paper, "meeting") : NULL;

  if (import->options->meeting != NULL)
    {
      if (registered != NULL && strcmp (registered, import->options->meeting) != 0)
        return valise_import_refuse (error, "%s is registered for %s", import->symbol, registered);
      return check_meeting (import, error);
    }
  if (paper != NULL)
    {
      import->meeting = g_strdup (registered);
      return TRUE;
    }
  if (import->reading->body == NULL || import->reading->session == NULL)
    return TRUE;

  return valise_import_add_session (import->issuer, import->profile, import->reading->body,
                                    import->reading->session, &import->meeting, error);
}

/* The items: asked for, or registered, or in the file. NULL-terminated, lent strings. */
static GPtrArray *
list_items (ValiseImportFile *import, JsonObject *paper)
{
  GPtrArray *items = g_ptr_array_new ();

  if (import->options->item != NULL)
    g_ptr_array_add (items, (gpointer) import->options->item);
  else if (paper != NULL && json_object_has_member (paper, "items"))
    for (guint i = 0; i < json_array_get_length (valise_tree_get_array (paper, "items")); i++)
      g_ptr_array_add (items, (gpointer) json_array_get_string_element (
                                  valise_tree_get_array (paper, "items"), i));
  else if (import->meeting != NULL && import->options->meeting == NULL)
    for (guint i = 0; i < import->reading->agenda_items->len; i++)
      g_ptr_array_add (items, import->reading->agenda_items->pdata[i]);
  g_ptr_array_add (items, NULL);

  return items;
}

/* A meeting that somebody names has an agenda that somebody wrote: nothing is added to it. */
static gboolean
check_item (ValiseImportFile *import, const char *number, GError **error)
{
  g_autoptr (GError) unread = NULL;

  if (import->options->meeting == NULL
      || valise_import_has_item (import->issuer, import->meeting, number, &unread))
    return TRUE;
  if (unread == NULL)
    return valise_import_refuse (error, "The agenda of %s has no item %s", import->meeting, number);

  g_propagate_error (error, g_steal_pointer (&unread));

  return FALSE;
}

static gboolean
add_items (ValiseImportFile *import, GPtrArray *items, GError **error)
{
  for (guint i = 0; items->pdata[i] != NULL; i++)
    {
      gboolean         changed = FALSE;
      const char      *number = items->pdata[i];
      g_autofree char *title = NULL;

      /* The file's title is that of its first item; and of an agenda given, it knows nothing. */
      if (i == 0 && import->options->item == NULL)
        title = valise_import_dup_line (import->reading->agenda_title, VALISE_IMPORT_MAX_TITLE);
      if (import->meeting == NULL)
        return valise_import_refuse (error, "Item %s of which meeting? None is given", number);
      if (!check_item (import, number, error))
        return FALSE;
      if (!valise_import_add_item (import->issuer, import->meeting, number, title, import->language,
                                   &changed, error))
        return FALSE;
      import->changed |= changed;
    }
  if (items->pdata[0] != NULL)
    import->item = g_strdup (items->pdata[0]);

  return TRUE;
}

/* --- the paper ------------------------------------------------------------------------------ */

static gboolean
check_same (const char *symbol,
            const char *what,
            const char *before,
            const char *now,
            GError    **error)
{
  if (before == NULL || now == NULL || strcmp (before, now) == 0)
    return TRUE;

  return valise_import_refuse (error, "%s is registered with another %s: %s, not %s", symbol, what,
                               before, now);
}

/* What was registered under the symbol must be the same paper. */
static gboolean
check_paper (ValiseImportFile *import, JsonObject *paper, GError **error)
{
  JsonArray  *items = NULL;
  const char *item = NULL;

  if (json_object_has_member (paper, "items"))
    items = valise_tree_get_array (paper, "items");
  if (items != NULL && json_array_get_length (items) > 0)
    item = json_array_get_string_element (items, 0);

  return check_same (import->symbol, "kind", valise_tree_get_string (paper, "kind"),
                     import->reading->kind, error)
         && check_same (import->symbol, "date", valise_tree_get_string (paper, "date"),
                        import->reading->date, error)
         && check_same (import->symbol, "agenda item", item, import->options->item, error);
}

static gboolean
add_paper (ValiseImportFile *import, JsonObject *paper, GPtrArray *items, GError **error)
{
  g_autofree char *id = valise_id_for_paper (import->symbol);
  gboolean         changed = FALSE;

  valise_import_complete_paper (import, paper, items);
  if (!valise_issuer_add_tree (import->issuer, VALISE_IMPORT_DATABASE, id, paper, &changed, error))
    return FALSE;
  import->changed |= changed;

  return TRUE;
}

/* --- the text --------------------------------------------------------------------------------- */

/* By which name lists and searches know the first author. */
static const char *
get_author (JsonObject *paper)
{
  JsonArray  *authors = NULL;
  JsonObject *first = NULL;
  const char *key = NULL;

  if (!json_object_has_member (paper, "authors"))
    return NULL;

  authors = valise_tree_get_array (paper, "authors");
  if (json_array_get_length (authors) == 0)
    return NULL;

  first = json_array_get_object_element (authors, 0);
  key = valise_tree_get_string (first, "key");

  return key != NULL ? key : valise_tree_get_string (first, "name");
}

static gboolean
add_text (ValiseImportFile *import, JsonObject *paper, gboolean *is_new, GError **error)
{
  g_autofree char       *id = valise_id_for_text (import->symbol, import->language);
  g_autofree char       *paper_id = valise_id_for_paper (import->symbol);
  g_autoptr (GError)     unread = NULL;
  g_autoptr (JsonObject) before =
      valise_issuer_get (import->issuer, VALISE_IMPORT_DATABASE, id, &unread);
  g_autoptr (JsonObject) text = json_object_new ();
  gboolean               changed = FALSE;

  if (unread != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&unread));
      return FALSE;
    }

  json_object_set_string_member (text, "type", "text");
  json_object_set_string_member (text, "paper", paper_id);
  json_object_set_string_member (text, "symbol", import->symbol);
  json_object_set_string_member (text, "language", import->language);
  json_object_set_string_member (text, "title", import->title);
  json_object_set_string_member (text, "kind", valise_tree_get_string (paper, "kind"));
  valise_tree_set_string (text, "date", valise_tree_get_string (paper, "date"));
  valise_tree_set_string (text, "meeting", valise_tree_get_string (paper, "meeting"));
  valise_tree_set_string (text, "item", import->item);
  valise_tree_set_string (text, "author", get_author (paper));
  json_object_set_array_member (text, "paragraphs", json_array_ref (import->paragraphs));
  valise_import_set_line (text, "source", import->reading->source);
  valise_import_set_line (text, "job", import->reading->job_number);
  if (!valise_issuer_add_tree (import->issuer, VALISE_IMPORT_DATABASE, id, text, &changed, error))
    return FALSE;

  *is_new = before == NULL;
  import->changed |= changed;

  return TRUE;
}

static gboolean
read_file (ValiseImportFile *import, GError **error)
{
  import->title = dup_title (import->reading);
  if (import->title == NULL)
    return valise_import_refuse (error, "It has no words");

  import->paragraphs = make_paragraphs (import->reading);
  import->digest = dup_digest (import);

  return find_language (import, error) && valise_import_find_symbol (import, error);
}

gboolean
valise_import_add (ValiseIssuer              *issuer,
                   ValiseProfile             *profile,
                   ValiseHome                *home,
                   const ValiseReading       *reading,
                   const ValiseImportOptions *options,
                   ValiseImport              *outcome,
                   char                     **symbol,
                   GError                   **error)
{
  g_auto (ValiseImportFile) import = { issuer, profile, home, reading, options };
  g_autofree char          *id = NULL;
  g_autoptr (JsonObject)    paper = NULL;
  g_autoptr (GPtrArray)     items = NULL;
  g_autoptr (GError)        unread = NULL;
  gboolean                  is_new = FALSE;

  if (!read_file (&import, error))
    return FALSE;

  id = valise_id_for_paper (import.symbol);
  paper = valise_issuer_get (issuer, VALISE_IMPORT_DATABASE, id, &unread);
  if (unread != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&unread));
      return FALSE;
    }
  if ((paper != NULL && !check_paper (&import, paper, error))
      || !find_meeting (&import, paper, error))
    return FALSE;

  items = list_items (&import, paper);
  if (paper == NULL)
    paper = valise_import_make_paper (&import);
  if (!add_items (&import, items, error) || !add_paper (&import, paper, items, error)
      || !add_text (&import, paper, &is_new, error))
    return FALSE;

  *outcome = is_new           ? VALISE_IMPORT_REGISTERED
             : import.changed ? VALISE_IMPORT_UPDATED
                              : VALISE_IMPORT_UNCHANGED;
  *symbol = g_steal_pointer (&import.symbol);

  return TRUE;
}
