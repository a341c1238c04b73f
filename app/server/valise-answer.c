/* valise-answer.c - what a handler answers: at once, in pieces, or when something changes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-answer"

#include "config.h"

#include "valise-answer.h"
#include "valise-attachments.h"
#include "valise-database.h"
#include "valise-db.h"
#include "valise-file-store.h"
#include "valise-gate.h"
#include "valise-home.h"
#include "valise-json.h"
#include "valise-request.h"

/* CouchDB's names for its statuses, where one name fits all. */
static const struct
{
  guint       status;
  const char *name;
} names[] = {
  { 400, "bad_request" },
  { 401, "unauthorized" },
  { 403, "forbidden" },
  { 404, "not_found" },
  { 405, "method_not_allowed" },
  { 408, "request_timeout" },
  { 409, "conflict" },
  { 412, "missing_stub" }, /* the only one that comes as an error; see file_exists */
  { 413, "too_large" },
  { 415, "bad_content_type" },
  { 416, "requested_range_not_satisfiable" },
  { 429, "too_many_requests" },
  { 501, "not_implemented" },
  { 503, "service_unavailable" },
  { 507, "insufficient_storage" },
};

ValiseAnswer *
valise_answer_new (void)
{
  ValiseAnswer *self = g_new0 (ValiseAnswer, 1);

  self->status = 200;
  self->length = -1;
  self->type = "application/json";
  self->text = g_string_new (NULL);
  self->headers = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
valise_answer_free (ValiseAnswer *self)
{
  if (self == NULL)
    return;

  valise_answer_set_producer (self, NULL, NULL, NULL);
  g_ptr_array_unref (self->headers);
  g_string_free (self->text, TRUE);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->known, g_bytes_unref);
  g_free (self->cache_key);
  g_free (self);
}

void
valise_answer_add_header (ValiseAnswer *self, const char *name, const char *value)
{
  g_ptr_array_add (self->headers, g_strdup (name));
  g_ptr_array_add (self->headers, g_strdup (value));
}

void
valise_answer_set_producer (ValiseAnswer     *self,
                            ValiseProduceFunc produce,
                            gpointer          producer,
                            GDestroyNotify    destroy)
{
  if (self->producer != NULL && self->destroy != NULL)
    self->destroy (self->producer);
  self->produce = produce;
  self->producer = producer;
  self->destroy = destroy;
}

void
valise_answer_fail (ValiseAnswer *self, guint status, const char *error, const char *reason)
{
  valise_answer_set_producer (self, NULL, NULL, NULL);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->cache_key, g_free);
  self->length = -1;
  self->stored = FALSE;
  self->status = status;
  self->type = "application/json";
  g_string_assign (self->text, "{\"error\":");
  valise_json_append_string (self->text, error, -1);
  valise_answer_append_member (self->text, "reason", reason);
  g_string_append (self->text, "}\n");
}

/* Each domain by itself, so that a code means one thing in one place. */
static guint
status_of_database (int code)
{
  switch (code)
    {
    case VALISE_DATABASE_ERROR_MISSING:
      return 404;
    case VALISE_DATABASE_ERROR_CONFLICT:
      return 409;
    case VALISE_DATABASE_ERROR_TOO_LARGE:
      return 413;
    default:
      return 400;
    }
}

static guint
status_of_engine (int code)
{
  switch (code)
    {
    case VALISE_DB_ERROR_BUSY:
      return 503;
    case VALISE_DB_ERROR_FULL:
      return 507;
    default:
      return 500;
    }
}

static guint
status_of_attachment (int code)
{
  switch ((ValiseAttachmentError) code)
    {
    case VALISE_ATTACHMENT_ERROR_MISSING_STUB:
      return 412;
    case VALISE_ATTACHMENT_ERROR_NO_DATA:
      return 415;
    case VALISE_ATTACHMENT_ERROR_BAD_NAME:
    default:
      return 400;
    }
}

guint
valise_answer_get_status_of (const GError *error)
{
  if (error->domain == VALISE_HTTP_ERROR)
    return (guint) error->code;
  if (error->domain == VALISE_DATABASE_ERROR)
    return status_of_database (error->code);
  if (error->domain == VALISE_DB_ERROR)
    return status_of_engine (error->code);
  if (error->domain == VALISE_GATE_ERROR)
    return 403;
  if (error->domain == VALISE_JSON_ERROR)
    return 400;
  if (error->domain == VALISE_ATTACHMENT_ERROR)
    return status_of_attachment (error->code);
  if (error->domain == VALISE_FILE_ERROR)
    return error->code == VALISE_FILE_ERROR_RANGE ? 416 : 404;
  if (error->domain == VALISE_HOME_ERROR && error->code == VALISE_HOME_ERROR_NO_DATABASE)
    return 404;
  if (error->domain == VALISE_HOME_ERROR && error->code == VALISE_HOME_ERROR_BAD_NAME)
    return 400;

  return 500;
}

const char *
valise_answer_get_name_of (const GError *error)
{
  guint status = valise_answer_get_status_of (error);

  if (g_error_matches (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_TOO_LARGE))
    return "document_too_large";
  if (g_error_matches (error, VALISE_HOME_ERROR, VALISE_HOME_ERROR_BAD_NAME))
    return "illegal_database_name";
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].status == status)
      return names[i].name;

  return "unknown_error";
}

/* What of @error a client may read: never the inside of a failure of ours. */
static const char *
get_reason_of (const GError *error)
{
  if (g_error_matches (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_CONFLICT))
    return "Document update conflict.";
  if (g_error_matches (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING))
    return "missing";
  if (g_error_matches (error, VALISE_HOME_ERROR, VALISE_HOME_ERROR_NO_DATABASE))
    return "Database does not exist.";
  if (valise_answer_get_status_of (error) >= 500 && error->domain != VALISE_HTTP_ERROR)
    return "The server failed; its log says how.";

  return error->message;
}

void
valise_answer_fail_with (ValiseAnswer *self, const GError *error)
{
  guint status = valise_answer_get_status_of (error);

  if (status >= 500 && error->domain != VALISE_HTTP_ERROR)
    g_message ("%s", error->message);
  valise_answer_fail (self, status, valise_answer_get_name_of (error), get_reason_of (error));
}

void
valise_answer_ok (ValiseAnswer *self, guint status)
{
  self->status = status;
  g_string_assign (self->text, "{\"ok\":true}\n");
}

void
valise_answer_append_member (GString *out, const char *name, const char *value)
{
  valise_json_append_member (out, name, value);
}

void
valise_answer_append_error (GString *out, const GError *error)
{
  g_string_append (out, "\"error\":");
  valise_json_append_string (out, valise_answer_get_name_of (error), -1);
  valise_answer_append_member (out, "reason", get_reason_of (error));
}
