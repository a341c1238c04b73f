/* valise-list-handlers.c - documents by id
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-list-handlers"

#include "config.h"

#include <string.h>

#include "valise-handlers.h"

#define PAGE_ROWS 1000

/* A list under way. */
typedef struct
{
  ValiseDatabase    *database;
  ValiseChangesFlags flags;
  char              *start;
  char              *end;
  char              *resume; /* the last id given: the next page begins with it */
  guint64            skip;
  guint64            left;
  char              *excluded; /* the end itself (inclusive_end=false) */
  guint64            given;
  gint64             total;
  gboolean           begun;
  ValiseJson        *json; /* holds the keys, where there are any */
  guint              key;

  GString *out;
  gsize    from;
  guint    rows; /* of this page, dropped ones included */
  gboolean full;
} List;

static void
free_list (gpointer data)
{
  List *list = data;

  g_object_unref (list->database);
  g_clear_pointer (&list->json, valise_json_unref);
  g_free (list->start);
  g_free (list->end);
  g_free (list->resume);
  g_free (list->excluded);
  g_free (list);
}

static void
begin_row (List *list, const char *key)
{
  g_string_append (list->out, list->given++ > 0 ? ",\n{" : "{");
  if (key == NULL)
    return;
  g_string_append (list->out, "\"id\":");
  valise_json_append_string (list->out, key, -1);
  valise_answer_append_member (list->out, "key", key);
}

static void
append_row (List                 *list,
            const char           *id,
            const char           *rev,
            gboolean              deleted,
            const ValiseDocument *document)
{
  begin_row (list, id);
  g_string_append_printf (list->out, ",\"value\":{\"rev\":\"%s\"%s}", rev,
                          deleted ? ",\"deleted\":true" : "");
  if ((list->flags & VALISE_CHANGES_DOCUMENTS) != 0)
    {
      g_string_append (list->out, ",\"doc\":");
      if (document != NULL && document->body != NULL && !deleted)
        valise_document_append_json (document, VALISE_DOCUMENT_PLAIN, list->out);
      else
        g_string_append (list->out, "null");
    }
  g_string_append_c (list->out, '}');
}

static gboolean
take_row (const ValiseChange *change, gpointer user_data)
{
  List               *list = user_data;
  ValiseRevisionLeaf *winner = g_ptr_array_index (change->leaves, 0);

  list->rows++;
  if (g_strcmp0 (change->id, list->resume) == 0 || g_strcmp0 (change->id, list->excluded) == 0)
    return TRUE;
  g_free (list->resume);
  list->resume = g_strdup (change->id);
  if (list->skip > 0)
    {
      list->skip--;
      return TRUE;
    }

  append_row (list, change->id, winner->rev, FALSE, change->document);
  list->left--;
  list->full = list->left == 0 || list->out->len - list->from >= VALISE_ANSWER_PIECE;
  return !list->full;
}

/* A page of a range; TRUE in @whole where it was the last. */
static gboolean
read_range (List *list, gboolean *whole, GError **error)
{
  gboolean    descending = (list->flags & VALISE_CHANGES_DESCENDING) != 0;
  const char *start = list->start;
  const char *end = list->end;

  if (list->resume != NULL && descending)
    end = list->resume;
  else if (list->resume != NULL)
    start = list->resume;
  list->rows = 0;
  list->full = FALSE;
  if (!valise_database_list (list->database, start, end, PAGE_ROWS, list->flags, take_row, list,
                             error))
    return FALSE;

  *whole = list->left == 0 || (!list->full && list->rows < PAGE_ROWS);
  return TRUE;
}

/* The document that one key names, or what CouchDB says where there is none. */
static gboolean
append_key (List *list, GError **error)
{
  g_autofree char           *id = valise_json_dup_string (list->json, list->key);
  g_autoptr (GError)         local = NULL;
  g_autoptr (GPtrArray)      leaves = NULL;
  g_autoptr (ValiseDocument) document = NULL;
  ValiseRevisionLeaf        *winner = NULL;

  if (id != NULL)
    leaves = valise_database_get_leaves (list->database, id, &local);
  if (leaves == NULL)
    {
      if (local != NULL
          && !g_error_matches (local, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      begin_row (list, NULL);
      g_string_append (list->out, "\"key\":");
      valise_json_append_string (list->out, id != NULL ? id : "", -1);
      g_string_append (list->out, ",\"error\":\"not_found\"}");
      return TRUE;
    }

  winner = g_ptr_array_index (leaves, 0);
  if ((list->flags & VALISE_CHANGES_DOCUMENTS) != 0 && !winner->deleted)
    document = valise_database_get (list->database, id, winner->rev, NULL);
  append_row (list, id, winner->rev, winner->deleted, document);
  return TRUE;
}

static gboolean
read_keys (List *list, gboolean *whole, GError **error)
{
  while (list->key != VALISE_JSON_NONE && list->left > 0
         && list->out->len - list->from < VALISE_ANSWER_PIECE)
    {
      if (list->skip > 0)
        list->skip--;
      else if (!append_key (list, error))
        return FALSE;
      else
        list->left--;
      list->key = valise_json_next (list->json, list->key);
    }

  *whole = list->key == VALISE_JSON_NONE || list->left == 0;
  return TRUE;
}

static ValisePiece
produce_list (gpointer producer, GString *out, ValiseWait *wait, GError **error)
{
  List    *list = producer;
  gboolean whole = list->left == 0;

  list->out = out;
  list->from = out->len;
  if (!list->begun)
    g_string_append_printf (out, "{\"total_rows\":%" G_GINT64_FORMAT ",\"offset\":%s,\"rows\":[\n",
                            list->total, list->json != NULL ? "null" : "0");
  list->begun = TRUE;
  if (!whole && !(list->json != NULL ? read_keys : read_range) (list, &whole, error))
    return VALISE_PIECE_FAILED;
  if (!whole)
    return VALISE_PIECE_MORE;

  g_string_append (out, "\n]}\n");
  return VALISE_PIECE_LAST;
}

/* --- the question --------------------------------------------------------------------------- */

static char *
dup_key (const ValiseRequest *request, const char *name, const char *other)
{
  char *key = valise_request_dup_query_string (request, name);

  return key != NULL ? key : valise_request_dup_query_string (request, other);
}

/* Where a range begins and ends; backwards, CouchDB's start is the higher end. */
static void
read_range_question (List *list, const ValiseRequest *request)
{
  gboolean         descending = (list->flags & VALISE_CHANGES_DESCENDING) != 0;
  g_autofree char *key = valise_request_dup_query_string (request, "key");
  g_autofree char *start = dup_key (request, "startkey", "start_key");
  g_autofree char *end = dup_key (request, "endkey", "end_key");

  if (key != NULL)
    {
      list->start = g_strdup (key);
      list->end = g_steal_pointer (&key);
      return;
    }
  if (g_strcmp0 (valise_request_get_query (request, "inclusive_end"), "false") == 0)
    list->excluded = g_strdup (end);
  list->start = descending ? g_steal_pointer (&end) : g_steal_pointer (&start);
  list->end = descending ? g_steal_pointer (&start) : g_steal_pointer (&end);
}

/* Keys in the body of a POST or as JSON in the query. */
static gboolean
read_keys_question (List *list, const ValiseRequest *request, GError **error)
{
  const char            *query = valise_request_get_query (request, "keys");
  g_autoptr (ValiseJson) json = NULL;
  guint                  keys = VALISE_JSON_NONE;

  if (query != NULL)
    {
      json = valise_json_scan_text (query, -1, VALISE_JSON_ANY, error);
      keys = 0;
    }
  else if (g_bytes_get_size (request->body) > 0)
    {
      json = valise_request_scan (request, error);
      keys = json != NULL ? valise_json_find (json, 0, "keys") : VALISE_JSON_NONE;
      if (json != NULL && keys == VALISE_JSON_NONE)
        return TRUE;
    }
  else
    return TRUE;
  if (json == NULL)
    return FALSE;
  if (valise_json_get_kind (json, keys) != VALISE_JSON_KIND_ARRAY)
    {
      g_set_error (error, VALISE_HTTP_ERROR, 400, "`keys` body member must be an array.");
      return FALSE;
    }

  list->key = valise_json_first (json, keys);
  list->json = g_steal_pointer (&json);
  return TRUE;
}

static gboolean
read_question (List *list, const ValiseRequest *request, GError **error)
{
  ValiseDatabaseInfo info = { 0 };

  list->left = G_MAXUINT64;
  if (valise_request_get_flag (request, "include_docs"))
    list->flags |= VALISE_CHANGES_DOCUMENTS;
  if (valise_request_get_flag (request, "descending"))
    list->flags |= VALISE_CHANGES_DESCENDING;
  if (!valise_request_get_count (request, "limit", G_MAXINT32, &list->left, error)
      || !valise_request_get_count (request, "skip", G_MAXINT32, &list->skip, error)
      || !valise_database_get_info (list->database, &info, error))
    return FALSE;
  list->total = info.documents;
  read_range_question (list, request);

  return read_keys_question (list, request, error);
}

VALISE_HANDLER (all_docs)
{
  g_autoptr (ValiseDatabase) database = valise_service_open (service, request, answer);
  g_autoptr (GError)         error = NULL;
  List                      *list = NULL;

  if (database == NULL)
    return;

  list = g_new0 (List, 1);
  list->database = g_steal_pointer (&database);
  valise_answer_set_producer (answer, produce_list, list, free_list);
  if (read_question (list, request, &error))
    valise_service_set_cacheable (service, request, list->database, answer);
  else
    valise_answer_fail_with (answer, error);
}
