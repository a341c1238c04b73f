/* valise-bulk-handlers.c - many documents in one request
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-bulk-handlers"

#include "config.h"

#include "valise-access.h"
#include "valise-attachments.h"
#include "valise-handlers.h"
#include "valise-id.h"
#include "valise-writer.h"

/* --- _revs_diff, _missing_revs -------------------------------------------------------------- */

static void
append_strings (GString *out, char **strings)
{
  g_string_append_c (out, '[');
  for (guint i = 0; strings != NULL && strings[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      valise_json_append_string (out, strings[i], -1);
    }
  g_string_append_c (out, ']');
}

/* One document of a diff; @plain: as `_missing_revs` has it. What is a leaf there and deleted here
 * goes to @outlived. */
static gboolean
append_diff (GString          *out,
             ValiseDatabase   *database,
             const ValiseJson *json,
             guint             token,
             gboolean          plain,
             GPtrArray        *outlived,
             GError          **error)
{
  g_autofree char   *id = valise_json_dup_name (json, token);
  g_auto (GStrv)     revs = valise_json_dup_strings (json, token);
  g_auto (GStrv)     ancestors = NULL;
  g_autoptr (GError) local = NULL;
  const char        *past = NULL;
  g_auto (GStrv)     missing =
      valise_database_diff (database, id, (const char *const *) revs, &ancestors, &past, &local);

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (past != NULL)
    g_ptr_array_add (outlived, valise_document_new (id, past, FALSE, NULL));
  if (missing == NULL || missing[0] == NULL)
    return TRUE;

  if (out->str[out->len - 1] != '{')
    g_string_append_c (out, ',');
  valise_json_append_string (out, id, -1);
  g_string_append (out, plain ? ":" : ":{\"missing\":");
  append_strings (out, missing);
  if (!plain && ancestors != NULL && ancestors[0] != NULL)
    {
      g_string_append (out, ",\"possible_ancestors\":");
      append_strings (out, ancestors);
    }
  if (!plain)
    g_string_append_c (out, '}');

  return TRUE;
}

/* Whoever offers what was deleted here began with nothing, and was spared old deletions, or came by
 * it from somebody who had not heard: the feed speaks of them again. */
static gboolean
tell_again (ValiseService       *service,
            const ValiseRequest *request,
            ValiseDatabase      *database,
            GPtrArray           *outlived,
            GError             **error)
{
  ValiseBatch *batch = NULL;

  if (outlived->len == 0 || !valise_access_may (service, request, VALISE_NEED_WRITE, error))
    return *error == NULL;
  batch = valise_database_begin (database, error);
  if (batch == NULL)
    return FALSE;
  for (guint i = 0; i < outlived->len; i++)
    if (!valise_batch_merge (batch, g_ptr_array_index (outlived, i), NULL, error))
      {
        valise_batch_cancel (batch);
        return FALSE;
      }
  return valise_batch_commit (batch, error);
}

static void
answer_diff (ValiseService       *service,
             const ValiseRequest *request,
             ValiseAnswer        *answer,
             gboolean             plain)
{
  g_autoptr (ValiseDatabase) database = valise_service_open (service, request, answer);
  g_autoptr (GPtrArray)      outlived =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseJson) json = NULL;

  if (database == NULL)
    return;
  json = valise_request_scan (request, &error);
  g_string_append (answer->text, plain ? "{\"missing_revs\":{" : "{");
  if (json != NULL)
    for (guint token = valise_json_first (json, 0); token != VALISE_JSON_NONE && error == NULL;
         token = valise_json_next (json, token))
      append_diff (answer->text, database, json, token, plain, outlived, &error);
  g_string_append (answer->text, plain ? "}}\n" : "}\n");

  if (error != NULL || !tell_again (service, request, database, outlived, &error))
    valise_answer_fail_with (answer, error);
}

VALISE_HANDLER (revs_diff) { answer_diff (service, request, answer, FALSE); }

VALISE_HANDLER (missing_revs) { answer_diff (service, request, answer, TRUE); }

/* --- _bulk_get ------------------------------------------------------------------------------ */

/* An answer under way; it holds the question and no document. */
typedef struct
{
  ValiseDatabase     *database;
  ValiseFileStore    *files; /* where attachments are wanted inline; lent */
  ValiseJson         *json;
  guint               token; /* the next question */
  ValiseDocumentFlags flags;
  gboolean            latest;
  gboolean            begun;
} Fetch;

static void
free_fetch (gpointer data)
{
  Fetch *fetch = data;

  g_object_unref (fetch->database);
  valise_json_unref (fetch->json);
  g_free (fetch);
}

static gboolean
append_document (Fetch *fetch, const ValiseDocument *document, GString *out, GError **error)
{
  g_autoptr (ValiseDocument) filled = NULL;

  if (fetch->files != NULL && document->attachments != NULL)
    {
      filled = valise_document_new (document->id, document->rev, document->deleted, document->body);
      filled->ancestors = g_strdupv (document->ancestors);
      filled->attachments = valise_attachments_fill (fetch->files, document->attachments, error);
      if (filled->attachments == NULL)
        return FALSE;
      document = filled;
    }

  g_string_append (out, "{\"ok\":");
  valise_document_append_json (document, fetch->flags, out);
  g_string_append_c (out, '}');
  return TRUE;
}

static void
append_missing (GString *out, const char *id, const char *rev, const GError *error)
{
  g_string_append (out, "{\"error\":{\"id\":");
  valise_json_append_string (out, id, -1);
  valise_answer_append_member (out, "rev", rev != NULL ? rev : "undefined");
  g_string_append_c (out, ',');
  if (error != NULL)
    valise_answer_append_error (out, error);
  else
    g_string_append (out, "\"error\":\"not_found\",\"reason\":\"missing\"");
  g_string_append (out, "}}");
}

/* The documents that answer one question: none, one, or the leaves that follow @rev. */
static GPtrArray *
find_documents (Fetch *fetch, const char *id, const char *rev, GError **error)
{
  g_autoptr (GPtrArray)      found = NULL;
  g_autoptr (ValiseDocument) document = NULL;

  if (rev != NULL && fetch->latest)
    return valise_database_get_latest (fetch->database, id, rev, error);

  document = valise_database_get (fetch->database, id, rev, error);
  if (document == NULL)
    return NULL;
  found = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);
  if (document->body != NULL)
    g_ptr_array_add (found, g_steal_pointer (&document));
  return g_steal_pointer (&found);
}

/* One question's answers; what cannot be given is an entry, never a failure of the rest. */
static void
append_result (Fetch *fetch, GString *out)
{
  g_autofree char      *id = valise_json_dup_member (fetch->json, fetch->token, "id");
  g_autofree char      *rev = valise_json_dup_member (fetch->json, fetch->token, "rev");
  g_autoptr (GError)    error = NULL;
  g_autoptr (GPtrArray) found = id != NULL ? find_documents (fetch, id, rev, &error) : NULL;
  guint                 listed = 0;

  g_string_append (out, "{\"id\":");
  valise_json_append_string (out, id != NULL ? id : "", -1);
  g_string_append (out, ",\"docs\":[");
  for (guint i = 0; found != NULL && i < found->len; i++)
    {
      const ValiseDocument *document = g_ptr_array_index (found, i);
      gsize                 start = out->len;

      if (document->body == NULL)
        continue;
      if (listed > 0)
        g_string_append_c (out, ',');
      if (append_document (fetch, document, out, &error))
        listed++;
      else
        g_string_truncate (out, start);
    }
  if (listed == 0)
    append_missing (out, id != NULL ? id : "", rev, error);
  g_string_append (out, "]}");
}

static ValisePiece
produce_fetch (gpointer producer, GString *out, ValiseWait *wait, GError **error)
{
  Fetch *fetch = producer;
  gsize  start = out->len;

  if (!fetch->begun)
    g_string_append (out, "{\"results\":[");
  while (fetch->token != VALISE_JSON_NONE && out->len - start < VALISE_ANSWER_PIECE)
    {
      if (fetch->begun)
        g_string_append (out, ",\n");
      fetch->begun = TRUE;
      append_result (fetch, out);
      fetch->token = valise_json_next (fetch->json, fetch->token);
    }
  fetch->begun = TRUE;
  if (fetch->token != VALISE_JSON_NONE)
    return VALISE_PIECE_MORE;

  g_string_append (out, "]}\n");
  return VALISE_PIECE_LAST;
}

VALISE_HANDLER (bulk_get)
{
  g_autoptr (ValiseDatabase) database = valise_service_open (service, request, answer);
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseJson)     json = NULL;
  ValiseFileStore           *files = NULL;
  guint                      docs = VALISE_JSON_NONE;
  Fetch                     *fetch = NULL;

  if (database == NULL)
    return;
  json = valise_request_scan (request, &error);
  if (json != NULL)
    docs = valise_json_find (json, 0, "docs");
  if (json != NULL
      && (docs == VALISE_JSON_NONE || valise_json_get_kind (json, docs) != VALISE_JSON_KIND_ARRAY))
    g_set_error (&error, VALISE_HTTP_ERROR, 400, "Missing JSON list of 'docs'.");
  if (error == NULL && valise_request_get_flag (request, "attachments"))
    files = valise_home_get_files (valise_office_get_home (service->office), &error);
  if (error != NULL)
    {
      valise_answer_fail_with (answer, error);
      return;
    }

  fetch = g_new0 (Fetch, 1);
  fetch->token = valise_json_first (json, docs);
  fetch->json = g_steal_pointer (&json);
  fetch->files = files;
  fetch->latest = valise_request_get_flag (request, "latest");
  fetch->flags =
      valise_request_get_flag (request, "revs") ? VALISE_DOCUMENT_REVISIONS : VALISE_DOCUMENT_PLAIN;
  valise_service_set_cacheable (service, request, database, answer);
  fetch->database = g_steal_pointer (&database);
  valise_answer_set_producer (answer, produce_fetch, fetch, free_fetch);
}

/* --- _bulk_docs ----------------------------------------------------------------------------- */

static void
append_refusal (GString *out, const ValiseDocument *document, const GError *error)
{
  g_string_append (out, out->len > 1 ? ",{" : "{");
  g_string_append (out, "\"id\":");
  valise_json_append_string (out, document != NULL && document->id != NULL ? document->id : "", -1);
  if (document != NULL && document->rev != NULL)
    valise_answer_append_member (out, "rev", document->rev);
  g_string_append_c (out, ',');
  valise_answer_append_error (out, error);
  g_string_append_c (out, '}');
}

static void
append_success (GString *out, const char *id, const char *rev)
{
  g_string_append (out, out->len > 1 ? ",{" : "{");
  g_string_append (out, "\"ok\":true,\"id\":");
  valise_json_append_string (out, id, -1);
  valise_answer_append_member (out, "rev", rev);
  g_string_append_c (out, '}');
}

/* One document of the batch; an entry in @out where CouchDB gives one. FALSE: the store itself
 * failed, and so does the request. */
static gboolean
write_one (ValiseWriter   *writer,
           ValiseDocument *document,
           gboolean        edits,
           GString        *out,
           GError        **error)
{
  g_autoptr (GError) refusal = NULL;
  g_autofree char   *rev = NULL;

  if (edits && document->id == NULL)
    document->id = valise_random_hex (16);
  if (document->id == NULL || (!edits && document->rev == NULL))
    g_set_error (&refusal, VALISE_HTTP_ERROR, 400, "A document needs _id and _rev");
  else if (edits)
    rev = valise_writer_edit (writer, document, &refusal);
  else
    valise_writer_merge (writer, document, &refusal);

  if (refusal != NULL && valise_answer_get_status_of (refusal) >= 500)
    {
      g_propagate_error (error, g_steal_pointer (&refusal));
      return FALSE;
    }
  if (refusal != NULL)
    append_refusal (out, document, refusal);
  else if (edits)
    append_success (out, document->id, rev);

  return TRUE;
}

static gboolean
write_all (ValiseWriter     *writer,
           const ValiseJson *json,
           guint             docs,
           gboolean          edits,
           GString          *out,
           GError          **error)
{
  g_string_append_c (out, '[');
  for (guint token = valise_json_first (json, docs); token != VALISE_JSON_NONE;
       token = valise_json_next (json, token))
    {
      g_autoptr (GError)         malformed = NULL;
      g_autoptr (ValiseDocument) document = valise_document_from_json (json, token, &malformed);

      if (document == NULL)
        append_refusal (out, NULL, malformed);
      else if (!write_one (writer, document, edits, out, error))
        return FALSE;
    }
  g_string_append (out, "]\n");

  return valise_writer_commit (writer, error);
}

/* Of a client of ours, by "?span=true": where its documents went, so that it need not ask whether
 * the feed, which moved on by them, has moved on by anything else. */
static void
tell_span (ValiseWriter *writer, ValiseDatabase *database, ValiseAnswer *answer)
{
  g_autoptr (GString) text = g_string_new (NULL);
  ValiseDatabaseInfo  info = { 0 };
  gint64              from = 0, to = 0;

  if (!valise_writer_get_span (writer, &from, &to)
      || !valise_database_get_info (database, &info, NULL))
    return;
  valise_sequence_append (text, from, info.uuid);
  g_string_append_c (text, ' ');
  valise_sequence_append (text, to, info.uuid);
  g_string_replace (text, "\"", "", 0);
  valise_answer_add_header (answer, "X-Valise-Span", text->str);
}

VALISE_HANDLER (bulk_docs)
{
  g_autoptr (ValiseDatabase) database = valise_service_open (service, request, answer);
  g_autoptr (ValiseWriter)   writer = NULL;
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseJson)     json = NULL;
  guint                      docs = VALISE_JSON_NONE;
  guint                      mode = VALISE_JSON_NONE;

  if (database == NULL)
    return;
  json = valise_request_scan (request, &error);
  if (json != NULL)
    {
      docs = valise_json_find (json, 0, "docs");
      mode = valise_json_find (json, 0, "new_edits");
      if (docs == VALISE_JSON_NONE || valise_json_get_kind (json, docs) != VALISE_JSON_KIND_ARRAY)
        g_set_error (&error, VALISE_HTTP_ERROR, 400, "POST body must include `docs` parameter.");
    }
  if (error == NULL)
    {
      gboolean edits =
          mode == VALISE_JSON_NONE || valise_json_get_kind (json, mode) != VALISE_JSON_KIND_FALSE;

      answer->status = 201;
      writer = valise_writer_new (service, request, database);
      if (write_all (writer, json, docs, edits, answer->text, &error)
          && valise_request_get_flag (request, "span"))
        tell_span (writer, database, answer);
    }

  if (error != NULL)
    valise_answer_fail_with (answer, error);
}
