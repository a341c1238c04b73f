/* valise-attachment-handlers.c - the files of documents
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A file is reached only through a document that names it, in a database that may be read:
 * there is no way in by digest.
 */

#define G_LOG_DOMAIN "valise-attachment-handlers"

#include "config.h"

#include <string.h>

#include "valise-attachments.h"
#include "valise-file-attachment.h"
#include "valise-handlers.h"
#include "valise-id.h"
#include "valise-range.h"
#include "valise-writer.h"

/* The path's segments from @first on, joined again: an attachment's name may hold slashes. */
static char *
join_segments (const ValiseRequest *request, guint first)
{
  return g_strjoinv ("/", request->segments + first);
}

/* --- reading -------------------------------------------------------------------------------- */

/* A file being sent. */
typedef struct
{
  ValiseFileStore *files; /* lent */
  char            *sha256;
  gint64           offset;
  gint64           left;
} Reading;

static void
free_reading (gpointer data)
{
  Reading *reading = data;

  g_free (reading->sha256);
  g_free (reading);
}

static ValisePiece
produce_file (gpointer producer, GString *out, ValiseWait *wait, GError **error)
{
  Reading           *reading = producer;
  gint64             count = MIN (reading->left, VALISE_ANSWER_PIECE);
  g_autoptr (GBytes) bytes = NULL;

  if (count > 0)
    {
      bytes =
          valise_file_store_read (reading->files, reading->sha256, reading->offset, count, error);
      if (bytes == NULL)
        return VALISE_PIECE_FAILED;
      g_string_append_len (out, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
    }
  reading->offset += count;
  reading->left -= count;

  return reading->left > 0 ? VALISE_PIECE_MORE : VALISE_PIECE_LAST;
}

/* Keeps a content type that a header can carry; a stored document can say anything. */
static const char *
get_safe_type (const char *type)
{
  for (const char *c = type; *c != '\0'; c++)
    if (*c < 0x20 || *c > 0x7e)
      return g_intern_static_string ("application/octet-stream");

  return g_intern_string (type);
}

/* Which bytes of @attachment are asked for; FALSE where the answer says that it has none of them.
 */
static gboolean
choose_range (const ValiseRequest    *request,
              const ValiseAttachment *attachment,
              const char             *etag,
              Reading                *reading,
              ValiseAnswer           *answer)
{
  const char      *if_range = valise_request_get_header (request, "if-range");
  gboolean         fresh = if_range == NULL || strcmp (if_range, etag) == 0;
  const char      *header = fresh ? valise_request_get_header (request, "range") : NULL;
  g_autofree char *content_range = NULL;

  switch (valise_range_parse (header, attachment->length, &reading->offset, &reading->left))
    {
    case VALISE_RANGE_NONE:
      content_range = g_strdup_printf ("bytes */%" G_GINT64_FORMAT, attachment->length);
      valise_answer_fail (answer, 416, "requested_range_not_satisfiable",
                          "Requested range not satisfiable");
      valise_answer_add_header (answer, "Content-Range", content_range);
      return FALSE;
    case VALISE_RANGE_PART:
      content_range = g_strdup_printf (
          "bytes %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, reading->offset,
          reading->offset + reading->left - 1, attachment->length);
      answer->status = 206;
      valise_answer_add_header (answer, "Content-Range", content_range);
      return TRUE;
    case VALISE_RANGE_WHOLE:
    default:
      return TRUE;
    }
}

static void
answer_file (ValiseService          *service,
             const ValiseRequest    *request,
             const ValiseAttachment *attachment,
             ValiseAnswer           *answer)
{
  g_autoptr (GError) error = NULL;
  ValiseFileStore *files = valise_home_get_files (valise_office_get_home (service->office), &error);
  g_autofree char *etag = g_strdup_printf ("\"%s\"", attachment->digest);
  Reading          reading = { .files = files };

  if (files == NULL)
    {
      valise_answer_fail_with (answer, error);
      return;
    }
  if (!choose_range (request, attachment, etag, &reading, answer))
    return;

  valise_answer_add_header (answer, "ETag", etag);
  valise_answer_add_header (answer, "Accept-Ranges", "bytes");
  /* What others upload is shown by no browser in our name. */
  valise_answer_add_header (answer, "Content-Disposition", "attachment");
  answer->type = get_safe_type (attachment->type);
  answer->stored = TRUE;
  answer->length = reading.left;
  reading.sha256 = g_strdup (attachment->sha256);
  valise_answer_set_producer (answer, produce_file, g_memdup2 (&reading, sizeof reading),
                              free_reading);
}

/* A client that did not encode the slashes of an id asks for "paper:A" and its attachment
 * "RES/77/37": where there is no such document, the whole path is the id. */
static gboolean
answer_unencoded (ValiseService       *service,
                  const ValiseRequest *request,
                  ValiseDatabase      *database,
                  ValiseAnswer        *answer)
{
  g_autofree char           *id = join_segments (request, 1);
  g_autofree char           *escaped = valise_request_escape (id);
  g_autofree char           *name = valise_request_escape (valise_database_get_name (database));
  g_autofree char           *path = g_strdup_printf ("/%s/%s", name, escaped);
  g_autoptr (ValiseRequest)  joined = NULL;
  g_autoptr (ValiseDocument) document = valise_database_get (database, id, NULL, NULL);

  if (document == NULL)
    return FALSE;
  joined = valise_request_new (request->method, path, NULL);
  if (joined == NULL)
    return FALSE;

  g_hash_table_unref (joined->query);
  joined->query = g_hash_table_ref (request->query);
  g_hash_table_unref (joined->headers);
  joined->headers = g_hash_table_ref (request->headers);
  joined->person = valise_person_ref (request->person);
  valise_handle_get_document (service, joined, answer);
  return TRUE;
}

/* A laptop knows the document of a file by its name alone, and has the bytes: to a colleague who
 * may read the database they are as good. */
static gboolean
answer_known (ValiseService       *service,
              const ValiseRequest *request,
              ValiseDatabase      *database,
              ValiseAnswer        *answer)
{
  const char           *id = valise_request_get_segment (request, 1);
  const char           *sha256 = valise_id_get_sha256 (id);
  g_autoptr (GPtrArray) leaves = NULL;
  ValiseFileStore      *files = NULL;
  ValiseAttachment      attachment = { 0 };
  gboolean              complete = FALSE;

  if (sha256 == NULL)
    return FALSE;
  leaves = valise_database_get_leaves (database, id, NULL);
  files = valise_home_get_files (valise_office_get_home (service->office), NULL);
  if (leaves == NULL || leaves->len == 0 || files == NULL
      || ((const ValiseRevisionLeaf *) g_ptr_array_index (leaves, 0))->deleted)
    return FALSE;
  valise_file_store_get_present (files, sha256, &attachment.length, &complete);
  if (!complete)
    return FALSE;
  attachment.type = g_strdup ("application/octet-stream");
  attachment.sha256 = g_strdup (sha256);
  attachment.digest = valise_file_attachment_dup_digest (sha256);
  answer_file (service, request, &attachment, answer);
  valise_attachment_clear (&attachment);
  return TRUE;
}

VALISE_HANDLER (get_attachment)
{
  const char                *id = valise_request_get_segment (request, 1);
  g_autofree char           *name = join_segments (request, 2);
  g_autofree char           *rev = valise_request_dup_query_string (request, "rev");
  g_autoptr (ValiseDatabase) database = valise_service_open (service, request, answer);
  g_autoptr (ValiseDocument) document = NULL;
  g_autoptr (GError)         error = NULL;
  ValiseAttachment           attachment = { 0 };

  if (database == NULL)
    return;
  document = valise_database_get (database, id, rev, &error);
  if ((document == NULL || document->body == NULL)
      && answer_known (service, request, database, answer))
    return;
  if (document == NULL && answer_unencoded (service, request, database, answer))
    return;
  if (document == NULL)
    {
      valise_answer_fail_with (answer, error);
      return;
    }

  if (valise_attachments_find (document->attachments, name, &attachment))
    answer_file (service, request, &attachment, answer);
  else
    valise_answer_fail (answer, 404, "not_found", "Document is missing attachment");
  valise_attachment_clear (&attachment);
}

/* --- writing -------------------------------------------------------------------------------- */

/* The document that the request changes, or a new one to put a file into; NULL with @error. */
static ValiseDocument *
find_target (ValiseDatabase      *database,
             const ValiseRequest *request,
             const char          *rev,
             GError             **error)
{
  const char                *id = valise_request_get_segment (request, 1);
  g_autoptr (GError)         local = NULL;
  g_autoptr (ValiseDocument) document = valise_database_get (database, id, rev, &local);
  g_autoptr (GBytes)         body = NULL;

  if (document != NULL && (rev != NULL || document->deleted))
    return g_steal_pointer (&document);
  if (document != NULL)
    g_set_error (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_CONFLICT, "%s", id);
  else if (rev == NULL
           && g_error_matches (local, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING)
           && strcmp (request->method, "PUT") == 0)
    {
      body = g_bytes_new_static ("{}", 2);
      return valise_document_new (id, NULL, FALSE, body);
    }
  else if (rev != NULL
           && g_error_matches (local, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING))
    g_set_error (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_CONFLICT, "%s", id);
  else
    g_propagate_error (error, g_steal_pointer (&local));

  return NULL;
}

/* The edit that puts @bytes in (or, NULL, takes the attachment out); its revision. */
static char *
replace (ValiseService        *service,
         const ValiseRequest  *request,
         ValiseDatabase       *database,
         const ValiseDocument *target,
         GBytes               *bytes,
         GError              **error)
{
  ValiseFileStore *files = valise_home_get_files (valise_office_get_home (service->office), error);
  g_autofree char *name = join_segments (request, 2);
  const char      *type = valise_request_get_header (request, "content-type");
  g_autoptr (ValiseWriter)   writer = valise_writer_new (service, request, database);
  g_autoptr (ValiseDocument) edit = NULL;
  g_autoptr (GError)         local = NULL;
  g_autofree char           *rev = NULL;
  guint                      generation = 0;

  if (files == NULL)
    return NULL;
  if (target->rev != NULL)
    valise_revision_parse (target->rev, &generation, NULL);
  edit = valise_document_new (target->id, target->rev, FALSE, target->body);
  edit->attachments = valise_attachments_replace (files, target->attachments, name, type, bytes,
                                                  generation + 1, &local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  rev = valise_writer_edit_settled (writer, edit, error);

  return rev != NULL && valise_writer_commit (writer, error) ? g_steal_pointer (&rev) : NULL;
}

static void
answer_replaced (ValiseService       *service,
                 const ValiseRequest *request,
                 GBytes              *bytes,
                 guint                status,
                 ValiseAnswer        *answer)
{
  const char                *id = valise_request_get_segment (request, 1);
  g_autoptr (ValiseDatabase) database = valise_service_open (service, request, answer);
  g_autofree char           *asked = valise_request_dup_query_string (request, "rev");
  g_autoptr (ValiseDocument) target = NULL;
  g_autoptr (GError)         error = NULL;
  g_autofree char           *rev = NULL;

  if (database == NULL)
    return;
  target = find_target (database, request, asked, &error);
  if (target != NULL)
    rev = replace (service, request, database, target, bytes, &error);
  if (rev == NULL)
    {
      valise_answer_fail_with (answer, error);
      return;
    }

  answer->status = status;
  g_string_assign (answer->text, "{\"ok\":true,\"id\":");
  valise_json_append_string (answer->text, id, -1);
  valise_answer_append_member (answer->text, "rev", rev);
  g_string_append (answer->text, "}\n");
}

VALISE_HANDLER (put_attachment)
{
  if (*valise_request_get_segment (request, 2) == '_')
    valise_answer_fail (answer, 400, "bad_request",
                        "Attachment names starting with an underscore are not allowed");
  else
    answer_replaced (service, request, request->body, 201, answer);
}

VALISE_HANDLER (delete_attachment) { answer_replaced (service, request, NULL, 200, answer); }
