/* valise-document-handlers.c - one document
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-document-handlers"

#include "config.h"

#include <string.h>

#include "valise-attachments.h"
#include "valise-handlers.h"
#include "valise-id.h"
#include "valise-writer.h"

/* --- reading -------------------------------------------------------------------------------- */

static char *
dup_rev_header (const ValiseRequest *request, const char *name)
{
  const char *text = valise_request_get_header (request, name);
  gsize       length = text != NULL ? strlen (text) : 0;

  if (length < 2 || text[0] != '"' || text[length - 1] != '"')
    return g_strdup (text);

  return g_strndup (text + 1, length - 2);
}

/* The document as the wire has it, its files inline where the client wants them. */
static gboolean
append_wire (ValiseService        *service,
             const ValiseRequest  *request,
             const ValiseDocument *document,
             GString              *out,
             GError              **error)
{
  ValiseDocumentFlags flags =
      valise_request_get_flag (request, "revs") ? VALISE_DOCUMENT_REVISIONS : VALISE_DOCUMENT_PLAIN;
  g_autoptr (ValiseDocument) filled = NULL;

  if (valise_request_get_flag (request, "attachments") && document->attachments != NULL)
    {
      ValiseFileStore *files =
          valise_home_get_files (valise_office_get_home (service->office), error);

      if (files == NULL)
        return FALSE;
      filled = valise_document_new (document->id, document->rev, document->deleted, document->body);
      filled->ancestors = g_strdupv (document->ancestors);
      filled->attachments = valise_attachments_fill (files, document->attachments, error);
      if (filled->attachments == NULL)
        return FALSE;
      document = filled;
    }

  valise_document_append_json (document, flags, out);
  return TRUE;
}

static void
append_revs (GString *out, const char *name, GPtrArray *leaves, const char *rev, gboolean deleted)
{
  guint listed = 0;

  for (guint i = 0; i < leaves->len; i++)
    {
      ValiseRevisionLeaf *leaf = g_ptr_array_index (leaves, i);

      if (leaf->deleted != deleted || strcmp (leaf->rev, rev) == 0)
        continue;
      g_string_append_printf (out, listed++ > 0 ? ",\"%s\"" : "\"%s\"", leaf->rev);
    }
  if (listed > 0)
    {
      g_autofree char *list = g_strdup (out->str);

      g_string_printf (out, ",\"%s\":[%s]", name, list);
    }
}

/* What CouchDB adds when asked: conflicts, and which revisions there are. */
static gboolean
append_extras (ValiseDatabase       *database,
               const ValiseRequest  *request,
               const ValiseDocument *document,
               GString              *out,
               GError              **error)
{
  gboolean              meta = valise_request_get_flag (request, "meta");
  gboolean              conflicts = meta || valise_request_get_flag (request, "conflicts");
  gboolean              deleted = meta || valise_request_get_flag (request, "deleted_conflicts");
  g_autoptr (GString)   one = g_string_new (NULL);
  g_autoptr (GString)   other = g_string_new (NULL);
  g_autoptr (GPtrArray) leaves = NULL;

  if (conflicts || deleted)
    {
      leaves = valise_database_get_leaves (database, document->id, error);
      if (leaves == NULL)
        return FALSE;
    }
  if (conflicts)
    append_revs (one, "_conflicts", leaves, document->rev, FALSE);
  if (deleted)
    append_revs (other, "_deleted_conflicts", leaves, document->rev, TRUE);
  g_string_append_printf (out, "%s%s", one->str, other->str);
  if (valise_request_get_flag (request, "local_seq"))
    g_string_append_printf (out, ",\"_local_seq\":%" G_GINT64_FORMAT, document->seq);

  return TRUE;
}

static void
append_revs_info (const ValiseDocument *document, GString *out)
{
  guint generation = 0;

  valise_revision_parse (document->rev, &generation, NULL);
  g_string_append_printf (out, ",\"_revs_info\":[{\"rev\":\"%s\",\"status\":\"%s\"}", document->rev,
                          document->deleted ? "deleted" : "available");
  for (guint i = 0; document->ancestors != NULL && document->ancestors[i] != NULL; i++)
    g_string_append_printf (out, ",{\"rev\":\"%u-%s\",\"status\":\"missing\"}", generation - 1 - i,
                            document->ancestors[i]);
  g_string_append_c (out, ']');
}

/* The winner, the revision asked for, or (latest=true) the first leaf that follows it. */
static ValiseDocument *
find_document (ValiseDatabase      *database,
               const ValiseRequest *request,
               const char          *id,
               GError             **error)
{
  g_autofree char      *rev = valise_request_dup_query_string (request, "rev");
  g_autoptr (GPtrArray) latest = NULL;
  ValiseDocument       *document = NULL;

  if (rev != NULL && valise_request_get_flag (request, "latest"))
    {
      latest = valise_database_get_latest (database, id, rev, error);
      if (latest == NULL)
        return NULL;
      if (latest->len > 0)
        return valise_document_ref (g_ptr_array_index (latest, 0));
    }

  document = valise_database_get (database, id, rev, error);
  if (document != NULL && document->body == NULL)
    {
      g_clear_pointer (&document, valise_document_unref);
      g_set_error (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING, "%s", id);
    }
  return document;
}

/* "deleted" where the document is there but its winner is a tombstone. */
static void
fail_missing (ValiseDatabase *database, const char *id, ValiseAnswer *answer, const GError *error)
{
  g_autoptr (GPtrArray) leaves = NULL;

  if (g_error_matches (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING))
    leaves = valise_database_get_leaves (database, id, NULL);
  if (leaves != NULL && ((ValiseRevisionLeaf *) g_ptr_array_index (leaves, 0))->deleted)
    valise_answer_fail (answer, 404, "not_found", "deleted");
  else
    valise_answer_fail_with (answer, error);
}

static void
answer_document (ValiseService       *service,
                 const ValiseRequest *request,
                 ValiseDatabase      *database,
                 const char          *id,
                 ValiseAnswer        *answer)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDocument) document = find_document (database, request, id, &error);
  g_autofree char           *seen = dup_rev_header (request, "if-none-match");
  g_autofree char           *etag = NULL;

  if (document == NULL)
    {
      if (valise_request_get_query (request, "rev") != NULL)
        valise_answer_fail_with (answer, error);
      else
        fail_missing (database, id, answer, error);
      return;
    }
  etag = g_strdup_printf ("\"%s\"", document->rev);
  valise_answer_add_header (answer, "ETag", etag);
  if (g_strcmp0 (seen, document->rev) == 0)
    {
      answer->status = 304;
      return;
    }

  if (!append_wire (service, request, document, answer->text, &error))
    {
      valise_answer_fail_with (answer, error);
      return;
    }
  g_string_truncate (answer->text, answer->text->len - 1);
  if (!append_extras (database, request, document, answer->text, &error))
    {
      valise_answer_fail_with (answer, error);
      return;
    }
  if (valise_request_get_flag (request, "revs_info") || valise_request_get_flag (request, "meta"))
    append_revs_info (document, answer->text);
  g_string_append (answer->text, "}\n");
}

/* --- open_revs ------------------------------------------------------------------------------ */

/* One revision of open_revs, or the leaves that follow it. */
static gboolean
append_open_rev (ValiseService       *service,
                 const ValiseRequest *request,
                 ValiseDatabase      *database,
                 const char          *id,
                 const char          *rev,
                 GString             *out,
                 GError             **error)
{
  gboolean              latest = valise_request_get_flag (request, "latest");
  g_autoptr (GPtrArray) found = NULL;

  if (latest)
    found = valise_database_get_latest (database, id, rev, NULL);
  if (found == NULL)
    found = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);
  if (!latest)
    {
      ValiseDocument *document = valise_database_get (database, id, rev, NULL);

      if (document != NULL)
        g_ptr_array_add (found, document);
    }

  for (guint i = 0; i < found->len; i++)
    {
      g_string_append (out, out->len > 1 ? ",{\"ok\":" : "{\"ok\":");
      if (!append_wire (service, request, g_ptr_array_index (found, i), out, error))
        return FALSE;
      g_string_append_c (out, '}');
    }
  if (found->len == 0)
    {
      g_string_append (out, out->len > 1 ? ",{\"missing\":" : "{\"missing\":");
      valise_json_append_string (out, rev, -1);
      g_string_append_c (out, '}');
    }

  return TRUE;
}

/* The revisions to open: all leaves, or those listed. NULL with @error. */
static GPtrArray *
list_open_revs (ValiseDatabase *database, const char *id, const char *question, GError **error)
{
  g_autoptr (GPtrArray)  revs = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray)  leaves = NULL;
  g_autoptr (ValiseJson) json = NULL;

  if (strcmp (question, "all") == 0)
    {
      leaves = valise_database_get_leaves (database, id, error);
      if (leaves == NULL)
        return NULL;
      for (guint i = 0; i < leaves->len; i++)
        g_ptr_array_add (revs, g_strdup (((ValiseRevisionLeaf *) leaves->pdata[i])->rev));
      return g_steal_pointer (&revs);
    }

  json = valise_json_scan_text (question, -1, VALISE_JSON_ANY, error);
  if (json == NULL)
    return NULL;
  for (guint token = valise_json_first (json, 0); token != VALISE_JSON_NONE;
       token = valise_json_next (json, token))
    {
      char *rev = valise_json_dup_string (json, token);

      if (rev != NULL)
        g_ptr_array_add (revs, rev);
    }
  return g_steal_pointer (&revs);
}

static void
answer_open_revs (ValiseService       *service,
                  const ValiseRequest *request,
                  ValiseDatabase      *database,
                  const char          *id,
                  ValiseAnswer        *answer)
{
  const char           *question = valise_request_get_query (request, "open_revs");
  g_autoptr (GError)    error = NULL;
  g_autoptr (GPtrArray) revs = list_open_revs (database, id, question, &error);

  g_string_append_c (answer->text, '[');
  for (guint i = 0; revs != NULL && i < revs->len && error == NULL; i++)
    append_open_rev (service, request, database, id, g_ptr_array_index (revs, i), answer->text,
                     &error);
  g_string_append (answer->text, "]\n");
  if (error != NULL)
    valise_answer_fail_with (answer, error);
}

VALISE_HANDLER (get_document)
{
  const char                *id = valise_request_get_segment (request, 1);
  g_autoptr (ValiseDatabase) database = valise_service_open (service, request, answer);

  if (database == NULL)
    return;
  if (valise_request_get_query (request, "open_revs") != NULL)
    answer_open_revs (service, request, database, id, answer);
  else
    answer_document (service, request, database, id, answer);
}

/* --- writing -------------------------------------------------------------------------------- */

/* The revision that a request says it edits: in its document, its query or If-Match. */
static gboolean
take_rev (const ValiseRequest *request, ValiseDocument *document, GError **error)
{
  g_autofree char *query = valise_request_dup_query_string (request, "rev");
  g_autofree char *header = dup_rev_header (request, "if-match");
  const char      *rev = query != NULL ? query : header;

  if (rev != NULL && document->rev != NULL && strcmp (rev, document->rev) != 0)
    {
      g_set_error (error, VALISE_HTTP_ERROR, 400,
                   "Document rev from request body and query string have different values");
      return FALSE;
    }
  if (document->rev == NULL)
    document->rev = g_strdup (rev);
  if (document->rev != NULL && !valise_revision_parse (document->rev, NULL, NULL))
    {
      g_set_error (error, VALISE_HTTP_ERROR, 400, "Invalid rev format");
      return FALSE;
    }

  return TRUE;
}

/* Writes @document alone; its new revision, or NULL with @error. */
static char *
write_alone (ValiseService       *service,
             const ValiseRequest *request,
             ValiseDatabase      *database,
             ValiseDocument      *document,
             GError             **error)
{
  g_autoptr (ValiseWriter) writer = valise_writer_new (service, request, database);
  gboolean merges = g_strcmp0 (valise_request_get_query (request, "new_edits"), "false") == 0;
  g_autofree char *rev = NULL;

  if (merges && document->rev == NULL)
    g_set_error (error, VALISE_HTTP_ERROR, 400, "A replicated document needs _rev");
  else if (!merges)
    rev = valise_writer_edit (writer, document, error);
  else if (valise_writer_merge (writer, document, error))
    rev = g_strdup (document->rev);

  return rev != NULL && valise_writer_commit (writer, error) ? g_steal_pointer (&rev) : NULL;
}

static void
answer_written (ValiseAnswer *answer, guint status, const char *id, const char *rev)
{
  g_autofree char *etag = g_strdup_printf ("\"%s\"", rev);

  answer->status = status;
  valise_answer_add_header (answer, "ETag", etag);
  g_string_assign (answer->text, "{\"ok\":true,\"id\":");
  valise_json_append_string (answer->text, id, -1);
  valise_answer_append_member (answer->text, "rev", rev);
  g_string_append (answer->text, "}\n");
}

/* The document in the body, under @id (or, where NULL, its own or a new one). */
static ValiseDocument *
read_document (const ValiseRequest *request, const char *id, GError **error)
{
  g_autoptr (ValiseJson)     json = valise_request_scan (request, error);
  g_autoptr (ValiseDocument) document = NULL;

  if (json == NULL)
    return NULL;
  document = valise_document_from_json (json, 0, error);
  if (document == NULL)
    return NULL;
  if (id != NULL && document->id != NULL && strcmp (id, document->id) != 0)
    {
      g_set_error (error, VALISE_HTTP_ERROR, 400,
                   "Document ID in the body is not that of the path");
      return NULL;
    }
  if (document->id == NULL)
    document->id = id != NULL ? g_strdup (id) : valise_random_hex (16);

  return take_rev (request, document, error) ? g_steal_pointer (&document) : NULL;
}

static void
answer_write (ValiseService       *service,
              const ValiseRequest *request,
              const char          *id,
              ValiseAnswer        *answer)
{
  g_autoptr (ValiseDatabase) database = valise_service_open (service, request, answer);
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDocument) document = NULL;
  g_autofree char           *rev = NULL;

  if (database == NULL)
    return;

  document = read_document (request, id, &error);
  if (document != NULL)
    rev = write_alone (service, request, database, document, &error);
  if (rev != NULL)
    answer_written (answer, 201, document->id, rev);
  else
    valise_answer_fail_with (answer, error);
}

VALISE_HANDLER (put_document)
{
  answer_write (service, request, valise_request_get_segment (request, 1), answer);
}

VALISE_HANDLER (post_document) { answer_write (service, request, NULL, answer); }

VALISE_HANDLER (delete_document)
{
  const char                *id = valise_request_get_segment (request, 1);
  g_autoptr (ValiseDatabase) database = valise_service_open (service, request, answer);
  g_autoptr (GBytes)         body = g_bytes_new_static ("{}", 2);
  g_autoptr (ValiseDocument) document = valise_document_new (id, NULL, TRUE, body);
  g_autoptr (ValiseDocument) winner = NULL;
  g_autoptr (GError)         error = NULL;
  g_autofree char           *rev = NULL;

  if (database == NULL)
    return;

  winner = valise_database_get (database, id, NULL, &error);
  if (winner == NULL)
    {
      fail_missing (database, id, answer, error);
      return;
    }
  if (take_rev (request, document, &error))
    {
      if (document->rev == NULL)
        g_set_error (&error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_CONFLICT, "%s", id);
      else
        rev = write_alone (service, request, database, document, &error);
    }
  if (rev != NULL)
    answer_written (answer, 200, id, rev);
  else
    valise_answer_fail_with (answer, error);
}
