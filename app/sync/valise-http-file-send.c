/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-http-file"

#include "config.h"

#include "valise-file-attachment.h"
#include "valise-file-stream.h"
#include "valise-file-upload.h"
#include "valise-http-file.h"
#include "valise-id.h"

#define MAX_ROUNDS 5 /* in a row in which the server says that it stands elsewhere */

/* One sending. */
typedef struct
{
  const ValiseHttpPlace *place;
  ValiseFileStore       *files;
  const char            *sha256;
  gint64                 length;
  ValisePeerSentFunc     func; /* or NULL */
  gpointer               user_data;
  GCancellable          *cancellable;
} Sending;

/* How the server stands: what it answers to every question about an upload. */
typedef struct
{
  gint64   present;
  gboolean complete;
  char    *challenge; /* it has the bytes, and wants to see that we have them */
} Standing;

static void
clear_standing (Standing *standing)
{
  g_clear_pointer (&standing->challenge, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Standing, clear_standing)

static gboolean
open_sending (Sending *self, const ValiseDocument *document, GError **error)
{
  gboolean complete = FALSE;

  self->sha256 = valise_id_get_sha256 (document->id);
  if (self->sha256 != NULL)
    valise_file_store_get_present (self->files, self->sha256, &self->length, &complete);
  if (complete)
    return TRUE;
  g_set_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_MISSING, "The bytes of %s are not here",
               document->id);
  return FALSE;
}

static gboolean
tell (const Sending *self, gint64 sent, GError **error)
{
  return self->func == NULL || self->func (sent, self->user_data, error);
}

/* --- in pieces --------------------------------------------------------------------------- */

static gboolean
read_standing (const Sending *self, const ValiseJson *json, Standing *standing, GError **error)
{
  clear_standing (standing);
  standing->present = valise_json_get_member_int (json, 0, "present", -1);
  standing->complete = valise_json_get_member_true (json, 0, "complete");
  standing->challenge = valise_json_dup_member (json, 0, "challenge");
  if (standing->present >= 0 && standing->present <= self->length)
    return TRUE;
  g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL,
               "The server does not say how much of %s it has", self->sha256);
  return FALSE;
}

static gboolean
ask_standing (const Sending *self, Standing *standing, GError **error)
{
  g_autofree char       *path = g_strconcat (self->place->path, "/_files/", self->sha256, NULL);
  g_autoptr (ValiseJson) json = valise_http_session_exchange (self->place->session, "GET", path,
                                                              NULL, NULL, self->cancellable, error);

  return json != NULL && read_standing (self, json, standing, error);
}

/* @query: what to do; @bytes: (nullable). @status: (out). */
static gboolean
put (const Sending *self,
     const char    *query,
     GBytes        *bytes,
     Standing      *standing,
     guint         *status,
     GError       **error)
{
  g_autofree char *path =
      g_strconcat (self->place->path, "/_files/", self->sha256, "?", query, NULL);
  g_autoptr (GBytes)           nothing = g_bytes_new_static ("", 0);
  const ValiseHttpExtras       extras = { .type = "application/octet-stream",
                                          .bytes = bytes != NULL ? bytes : nothing };
  g_autoptr (ValiseHttpAnswer) answer = valise_http_session_send_with (
      self->place->session, "PUT", path, NULL, &extras, status, self->cancellable, error);
  g_autoptr (ValiseJson) json = NULL;

  if (answer != NULL)
    json = valise_http_answer_read_json (answer, 1 << 16, self->cancellable, error);
  return json != NULL && read_standing (self, json, standing, error);
}

/* Shows that we have the bytes that the server has: SHA-256 over its challenge and all of them. */
static gboolean
prove (const Sending *self, Standing *standing, guint *status, GError **error)
{
  g_autofree char *digest =
      valise_file_upload_digest (self->files, self->sha256, standing->challenge, error);
  g_autofree char *query = NULL;

  if (digest == NULL)
    return FALSE;
  query = g_strconcat ("proof=", digest, NULL);
  return put (self, query, NULL, standing, status, error);
}

static gboolean
send_piece (const Sending *self, Standing *standing, guint *status, GError **error)
{
  gint64             at = standing->present;
  gint64             count = MIN (VALISE_FILE_CHUNK - at % VALISE_FILE_CHUNK, self->length - at);
  g_autoptr (GBytes) bytes = valise_file_store_read (self->files, self->sha256, at, count, error);
  g_autofree char   *query =
      g_strdup_printf ("offset=%" G_GINT64_FORMAT "&length=%" G_GINT64_FORMAT, at, self->length);

  return bytes != NULL && put (self, query, bytes, standing, status, error);
}

static gboolean
send_bytes (const Sending *self, GError **error)
{
  g_auto (Standing) standing = { 0 };
  guint             rounds = 0;

  if (!ask_standing (self, &standing, error))
    return FALSE;
  while (tell (self, standing.present, error) && !standing.complete)
    {
      g_autoptr (GError) failure = NULL;
      gint64             before = standing.present;
      guint              status = 0;
      gboolean ok = standing.challenge != NULL ? prove (self, &standing, &status, &failure)
                                               : send_piece (self, &standing, &status, &failure);

      /* Another sending of ours, an answer that was lost, or a challenge that has passed: it
       * says where it stands. */
      if (!ok && status == 409 && ++rounds < MAX_ROUNDS)
        {
          g_clear_error (&failure);
          ok = ask_standing (self, &standing, &failure);
        }
      else if (ok && standing.present > before)
        rounds = 0;
      /* A smaller one may fit: it is this file's matter, and not the server's. */
      if (!ok && status == 507)
        failure->code = VALISE_PEER_ERROR_TOO_LARGE;
      if (!ok)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
    }
  return standing.complete;
}

gboolean
valise_http_file_send_pieces (const ValiseHttpPlace *place,
                              ValiseDocument        *document,
                              ValiseFileStore       *files,
                              ValisePeerSentFunc     func,
                              gpointer               user_data,
                              GCancellable          *cancellable,
                              GError               **error)
{
  Sending self = { place, files, NULL, 0, func, user_data, cancellable };

  return open_sending (&self, document, error) && send_bytes (&self, error);
}

/* --- whole ------------------------------------------------------------------------------- */

/* The body of one PUT: the document, then its file. */
typedef struct
{
  const Sending *sending;
  char          *before;
  char          *after;
} Parts;

/* {NAME: {"follows": true, …}}: the bytes come in the next part. */
static char *
make_following (const Sending *self, const ValiseDocument *document)
{
  g_autofree char *type = NULL;
  g_autofree char *name = valise_file_attachment_dup_name (document->attachments, &type);
  GString         *out = g_string_new ("{");

  valise_json_append_string (out, name != NULL ? name : VALISE_FILE_ATTACHMENT, -1);
  g_string_append (out, ":{\"follows\":true,\"content_type\":");
  valise_json_append_string (out, type != NULL ? type : "application/octet-stream", -1);
  g_string_append_printf (out, ",\"length\":%" G_GINT64_FORMAT "}}", self->length);
  return g_string_free (out, FALSE);
}

static void
make_parts (const Sending *self, const ValiseDocument *document, const char *boundary, Parts *parts)
{
  g_autoptr (ValiseDocument) copy =
      valise_document_new (document->id, document->rev, document->deleted, document->body);
  g_autoptr (GString) before = g_string_new (NULL);
  g_autofree char    *type = NULL;
  g_autofree char    *name = valise_file_attachment_dup_name (document->attachments, &type);

  copy->ancestors = g_strdupv (document->ancestors);
  copy->attachments = make_following (self, document);
  g_string_printf (before, "--%s\r\nContent-Type: application/json\r\n\r\n", boundary);
  valise_document_append_json (copy, VALISE_DOCUMENT_REVISIONS, before);
  g_string_append_printf (before,
                          "\r\n--%s\r\nContent-Disposition: attachment; filename=\"%s\"\r\n"
                          "Content-Type: %s\r\nContent-Length: %" G_GINT64_FORMAT "\r\n\r\n",
                          boundary, name != NULL ? name : VALISE_FILE_ATTACHMENT,
                          type != NULL ? type : "application/octet-stream", self->length);
  parts->sending = self;
  parts->before = g_string_free (g_steal_pointer (&before), FALSE);
  parts->after = g_strdup_printf ("\r\n--%s--", boundary);
}

static GInputStream *
open_parts (gpointer user_data)
{
  const Parts *parts = user_data;

  return valise_file_stream_new (parts->sending->files, parts->sending->sha256,
                                 parts->sending->length, parts->before, parts->after);
}

static gboolean
put_parts (const Sending *self, const ValiseDocument *document, GError **error)
{
  g_autofree char *id = g_uri_escape_string (document->id, NULL, FALSE);
  g_autofree char *path = g_strconcat (self->place->path, "/", id, "?new_edits=false", NULL);
  g_autofree char *boundary = valise_random_hex (16);
  g_autofree char *type = g_strdup_printf ("multipart/related; boundary=\"%s\"", boundary);
  Parts            parts = { 0 };
  ValiseHttpExtras extras = { .type = type, .open = open_parts, .user_data = &parts };
  g_autoptr (ValiseHttpAnswer) answer = NULL;
  g_autoptr (ValiseJson)       json = NULL;

  make_parts (self, document, boundary, &parts);
  extras.length = (gint64) (strlen (parts.before) + strlen (parts.after)) + self->length;
  answer = valise_http_session_send_with (self->place->session, "PUT", path, NULL, &extras, NULL,
                                          self->cancellable, error);
  if (answer != NULL)
    json = valise_http_answer_read_json (answer, 1 << 16, self->cancellable, error);
  g_free (parts.before);
  g_free (parts.after);
  return json != NULL;
}

gboolean
valise_http_file_send_whole (const ValiseHttpPlace *place,
                             ValiseDocument        *document,
                             ValiseFileStore       *files,
                             ValisePeerSentFunc     func,
                             gpointer               user_data,
                             GCancellable          *cancellable,
                             GError               **error)
{
  Sending self = { place, files, NULL, 0, func, user_data, cancellable };

  return open_sending (&self, document, error) && tell (&self, 0, error)
         && put_parts (&self, document, error) && tell (&self, self.length, error);
}
