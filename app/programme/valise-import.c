/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-import"

#include "config.h"

#include "valise-import.h"

#include <stdlib.h>
#include <string.h>

#include "valise-clock.h"
#include "valise-id.h"
#include "valise-language.h"
#include "valise-symbol.h"

#define DATABASE  "public"
#define MAX_TITLE 4000           /* bytes, as data/records has it */
#define MAX_LINE  1000           /* bytes of any other line */
#define PAST_ALL  "\xef\xbf\xbf" /* U+FFFF: sorts after what a symbol may hold */

/* One file on its way into the record. */
typedef struct
{
  ValiseIssuer              *issuer;
  ValiseProfile             *profile;
  ValiseHome                *home;
  const ValiseReading       *reading;
  const ValiseImportOptions *options;
  const char                *language;
  char                      *symbol;
  char                      *title;
  char      *digest; /* of title and paragraphs: by it an unnumbered paper is known */
  gboolean   unnumbered;
  char      *meeting; /* id, or NULL */
  char      *item;    /* the first, or NULL */
  JsonArray *paragraphs;
  gboolean   changed;
} Import;

static void
clear_import (Import *import)
{
  g_free (import->symbol);
  g_free (import->title);
  g_free (import->digest);
  g_free (import->meeting);
  g_free (import->item);
  g_clear_pointer (&import->paragraphs, json_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Import, clear_import)

G_GNUC_PRINTF (2, 3)
static gboolean
refuse (GError **error, const char *format, ...)
{
  g_autofree char *matter = NULL;
  va_list          arguments;

  va_start (arguments, format);
  matter = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, VALISE_REGISTRY_ERROR, VALISE_REGISTRY_ERROR_REFUSED, matter);

  return FALSE;
}

/* One line of at most @max bytes, cut at a character; NULL for nothing. */
static char *
dup_line (const char *text, gsize max)
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

static void
set_line (JsonObject *tree, const char *name, const char *text)
{
  g_autofree char *line = dup_line (text, MAX_LINE);

  valise_tree_set_string (tree, name, line);
}

/* --- what is asked of the file ------------------------------------------------------------ */

static gboolean
find_language (Import *import, GError **error)
{
  const char *given =
      import->options->language != NULL ? import->options->language : import->reading->language;

  if (given == NULL)
    return refuse (error, "Its language cannot be told; name it");

  import->language = valise_language_normalise (given);
  if (import->language == NULL
      || !g_strv_contains (valise_profile_get_languages (import->profile), import->language))
    return refuse (error, "“%s” is no language of the programme", given);

  return TRUE;
}

/* The title; without one, the beginning of the words. */
static char *
dup_title (const ValiseReading *reading)
{
  char *title = dup_line (reading->title, MAX_TITLE);

  for (guint i = 0; title == NULL && i < reading->paragraphs->len; i++)
    {
      const ValiseParagraph *paragraph = reading->paragraphs->pdata[i];
      g_autofree char       *plain = valise_markup_to_plain (paragraph->text);

      title = dup_line (plain, 200);
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
dup_digest (Import *import)
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

/* --- the symbol --------------------------------------------------------------------------- */

typedef struct
{
  Import     *import;
  const char *prefix; /* "paper:A/AC.292/2026/WP." */
  guint64     highest;
  char       *known; /* the symbol under which the same words, or the same file, came before */
} Series;

static gboolean
is_same_paper (Import *import, JsonObject *paper)
{
  JsonObject *origin = NULL;
  JsonObject *titles = NULL;

  if (!json_object_has_member (paper, "origin"))
    return FALSE;

  origin = valise_tree_get_object (paper, "origin");
  titles = valise_tree_get_object (paper, "title");

  return g_strcmp0 (valise_tree_get_string (origin, "digest"), import->digest) == 0
         || (import->options->name != NULL
             && g_strcmp0 (valise_tree_get_string (origin, "name"), import->options->name) == 0
             && g_strcmp0 (valise_tree_get_string (titles, import->language), import->title) == 0);
}

static gboolean
look_at_paper (const ValiseChange *change, gpointer user_data)
{
  Series                *series = user_data;
  g_autoptr (ValiseJson) json = NULL;
  g_autoptr (JsonObject) paper = NULL;

  if (g_str_has_prefix (change->id, series->prefix))
    series->highest =
        MAX (series->highest, g_ascii_strtoull (change->id + strlen (series->prefix), NULL, 10));
  if (series->known != NULL || change->document == NULL || change->document->body == NULL)
    return TRUE;

  json = valise_document_scan (change->document, NULL);
  paper = json != NULL ? valise_tree_parse (json, NULL) : NULL;
  if (paper != NULL && is_same_paper (series->import, paper))
    series->known = valise_id_dup_symbol (change->id);

  return TRUE;
}

static gboolean
read_series (Import *import, Series *series, GError **error)
{
  g_autofree char *root = valise_profile_dup_series_root (import->profile, import->reading->kind);
  g_autofree char *start = g_strconcat ("paper:", root, NULL);
  g_autofree char *end = g_strconcat (start, PAST_ALL, NULL);
  g_autoptr (ValiseDatabase) database =
      valise_home_get_database (import->home, DATABASE, FALSE, error);

  return database != NULL
         && valise_database_list (database, start, end, 0, VALISE_CHANGES_DOCUMENTS, look_at_paper,
                                  series, error);
}

/* The next symbol of its series, or that under which it is known. */
static gboolean
give_symbol (Import *import, GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (valise_clock_now () / G_USEC_PER_SEC);
  g_autofree char      *pattern = valise_profile_dup_series (import->profile, import->reading->kind,
                                                             g_date_time_get_year (now));
  g_autofree char      *prefix = NULL;
  const char           *place = pattern != NULL ? strstr (pattern, "%u") : NULL;
  Series                series = { .import = import };

  if (place == NULL)
    return refuse (error, "It has no symbol, and there is no series for a %s",
                   import->reading->kind);

  prefix = g_strdup_printf ("paper:%.*s", (int) (place - pattern), pattern);
  series.prefix = prefix;
  if (!read_series (import, &series, error))
    return FALSE;

  import->unnumbered = TRUE;
  import->symbol = series.known != NULL
                       ? series.known
                       : g_strdup_printf ("%s%" G_GUINT64_FORMAT "%s", prefix + strlen ("paper:"),
                                          series.highest + 1, place + strlen ("%u"));

  return TRUE;
}

static gboolean
find_symbol (Import *import, GError **error)
{
  const char *given =
      import->options->symbol != NULL ? import->options->symbol : import->reading->symbol;

  if (given == NULL)
    return give_symbol (import, error);

  import->symbol = valise_symbol_normalise (given);

  return import->symbol != NULL ? TRUE : refuse (error, "“%s” is no symbol", given);
}

/* --- meeting and item --------------------------------------------------------------------- */

static gboolean
check_meeting (Import *import, GError **error)
{
  g_autoptr (GError)     unread = NULL;
  g_autoptr (JsonObject) tree =
      valise_issuer_get (import->issuer, DATABASE, import->options->meeting, &unread);

  if (unread != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&unread));
      return FALSE;
    }
  if (tree == NULL || !g_str_has_prefix (import->options->meeting, "meeting:"))
    return refuse (error, "There is no meeting “%s”", import->options->meeting);

  import->meeting = g_strdup (import->options->meeting);

  return TRUE;
}

/* The meeting asked for, or that of the paper as it stands, or the session that the file names. */
static gboolean
find_meeting (Import *import, JsonObject *paper, GError **error)
{
  const char *registered = paper != NULL ? valise_tree_get_string (paper, "meeting") : NULL;

  if (import->options->meeting != NULL)
    {
      if (registered != NULL && strcmp (registered, import->options->meeting) != 0)
        return refuse (error, "%s is registered for %s", import->symbol, registered);
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
list_items (Import *import, JsonObject *paper)
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

static gboolean
add_items (Import *import, GPtrArray *items, GError **error)
{
  for (guint i = 0; items->pdata[i] != NULL; i++)
    {
      gboolean         changed = FALSE;
      const char      *number = items->pdata[i];
      g_autofree char *title = NULL;

      /* The file's title is that of its first item; and of an agenda given, it knows nothing. */
      if (i == 0 && import->options->item == NULL)
        title = dup_line (import->reading->agenda_title, MAX_TITLE);
      if (import->meeting == NULL)
        return refuse (error, "Item %s of which meeting? None is given", number);
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

  return refuse (error, "%s is registered with another %s: %s, not %s", symbol, what, before, now);
}

/* What was registered under the symbol must be the same paper. */
static gboolean
check_paper (Import *import, JsonObject *paper, GError **error)
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
      g_autofree char *line = dup_line (texts->pdata[i], 400);

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
  set_line (adoption, "meeting", reading->meeting);
  set_line (adoption, "record", reading->meeting_symbol);
  set_line (adoption, "committee", reading->committee);
  set_line (adoption, "report", reading->report_symbol);
  set_line (adoption, "draft", reading->draft_symbol);
  if (reading->vote.recorded)
    {
      json_object_set_int_member (adoption, "favour", reading->vote.in_favour);
      json_object_set_int_member (adoption, "against", reading->vote.against);
      json_object_set_int_member (adoption, "abstaining", reading->vote.abstaining);
    }
}

/* What the paper is, from the file that brings it first. */
static JsonObject *
make_paper (Import *import)
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
        set_line (origin, "name", import->options->name);
      json_object_set_string_member (origin, "digest", import->digest);
    }

  return paper;
}

static void
set_if_missing (JsonObject *tree, const char *name, const char *text)
{
  if (!json_object_has_member (tree, name))
    set_line (tree, name, text);
}

/* What this language adds to the paper. */
static void
complete_paper (Import *import, JsonObject *paper, GPtrArray *items)
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

static gboolean
add_paper (Import *import, JsonObject *paper, GPtrArray *items, GError **error)
{
  g_autofree char *id = valise_id_for_paper (import->symbol);
  gboolean         changed = FALSE;

  complete_paper (import, paper, items);
  if (!valise_issuer_add_tree (import->issuer, DATABASE, id, paper, &changed, error))
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
add_text (Import *import, JsonObject *paper, gboolean *is_new, GError **error)
{
  g_autofree char       *id = valise_id_for_text (import->symbol, import->language);
  g_autofree char       *paper_id = valise_id_for_paper (import->symbol);
  g_autoptr (GError)     unread = NULL;
  g_autoptr (JsonObject) before = valise_issuer_get (import->issuer, DATABASE, id, &unread);
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
  set_line (text, "source", import->reading->source);
  set_line (text, "job", import->reading->job_number);
  if (!valise_issuer_add_tree (import->issuer, DATABASE, id, text, &changed, error))
    return FALSE;

  *is_new = before == NULL;
  import->changed |= changed;

  return TRUE;
}

static gboolean
read_file (Import *import, GError **error)
{
  import->title = dup_title (import->reading);
  if (import->title == NULL)
    return refuse (error, "It has no words");

  import->paragraphs = make_paragraphs (import->reading);
  import->digest = dup_digest (import);

  return find_language (import, error) && find_symbol (import, error);
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
  g_auto (Import)        import = { issuer, profile, home, reading, options };
  g_autofree char       *id = NULL;
  g_autoptr (JsonObject) paper = NULL;
  g_autoptr (GPtrArray)  items = NULL;
  g_autoptr (GError)     unread = NULL;
  gboolean               is_new = FALSE;

  if (!read_file (&import, error))
    return FALSE;

  id = valise_id_for_paper (import.symbol);
  paper = valise_issuer_get (issuer, DATABASE, id, &unread);
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
    paper = make_paper (&import);
  if (!add_items (&import, items, error) || !add_paper (&import, paper, items, error)
      || !add_text (&import, paper, &is_new, error))
    return FALSE;

  *outcome = is_new           ? VALISE_IMPORT_REGISTERED
             : import.changed ? VALISE_IMPORT_UPDATED
                              : VALISE_IMPORT_UNCHANGED;
  *symbol = g_steal_pointer (&import.symbol);

  return TRUE;
}
