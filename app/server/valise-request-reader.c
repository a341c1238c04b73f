/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-request-reader"

#include "config.h"

#include <gnutls/gnutls.h>

#include "valise-device-certificate.h"
#include "valise-request-reader.h"

/* A client that is refused by its head may send so much more; then it is cut off. */
#define DISCARD_MAX (64 * 1024)

void
valise_request_reader_init (ValiseRequestReader   *self,
                            ValiseExchangeHost    *host,
                            struct MHD_Connection *connection,
                            const char            *target)
{
  self->host = host;
  self->connection = connection;
  self->target = g_strdup (target);
  g_mutex_init (&self->lock);
}

/* Accounts for the memory of this body; FALSE where all of them together are too much. */
static gboolean
set_bodies (ValiseRequestReader *self, gsize held)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->host->lock);

  self->host->bodies += (gint64) held - (gint64) self->held;
  self->held = held;
  return self->host->bodies <= (gint64) self->host->limits.bodies;
}

void
valise_request_reader_release (ValiseRequestReader *self)
{
  set_bodies (self, 0);
}

void
valise_request_reader_clear (ValiseRequestReader *self)
{
  set_bodies (self, 0);
  g_clear_pointer (&self->target, g_free);
  g_clear_pointer (&self->request, valise_request_free);
  g_clear_pointer (&self->upload, valise_upload_free);
  g_mutex_clear (&self->lock);
}

/* --- the head ------------------------------------------------------------------------------- */

static enum MHD_Result
take_header (void *data, enum MHD_ValueKind kind, const char *name, const char *value)
{
  if (value != NULL && g_utf8_validate (value, -1, NULL))
    valise_request_set_header (data, name, value);
  return MHD_YES;
}

static char *
dup_address (struct MHD_Connection *connection)
{
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info (connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  g_autoptr (GSocketAddress) address = NULL;

  if (info != NULL && info->client_addr != NULL)
    address =
        g_socket_address_new_from_native (info->client_addr, sizeof (struct sockaddr_storage));
  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return g_strdup ("unknown");

  return g_inet_address_to_string (
      g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

/* The device key that the client's certificate holds, which the handshake proved it to have;
 * NULL where it showed none. */
static char *
dup_key (struct MHD_Connection *connection)
{
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info (connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
  const gnutls_datum_t *chain = NULL;
  unsigned              n = 0;

  if (info != NULL && info->tls_session != NULL)
    chain = gnutls_certificate_get_peers ((gnutls_session_t) info->tls_session, &n);
  return chain != NULL && n > 0
             ? valise_device_certificate_dup_key (chain[0].data, chain[0].size, NULL)
             : NULL;
}

/* How long the body says it will be; -1: it comes in chunks. */
static gint64
get_announced_length (const ValiseRequest *request)
{
  const char *text = valise_request_get_header (request, "content-length");
  guint64     length = 0;

  if (text == NULL)
    return valise_request_get_header (request, "transfer-encoding") != NULL ? -1 : 0;
  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &length, NULL))
    return G_MAXINT64;

  return (gint64) length;
}

/* What the head alone decides: the route, who asks, and whether the body can be taken. */
static gboolean
judge_head (ValiseRequestReader *self, ValiseAnswer *answer)
{
  ValiseExchangeHost *host = self->host;
  const char         *coding = valise_request_get_header (self->request, "content-encoding");
  gint64              length = get_announced_length (self->request);
  gboolean            gzip = FALSE;

  if (g_atomic_int_get (&host->closing))
    {
      valise_answer_fail (answer, 503, "service_unavailable", "The server is stopping.");
      valise_answer_add_header (answer, "Retry-After", "10");
      return FALSE;
    }
  self->route = valise_routes_admit (host->service, self->request, answer);
  if (self->route == NULL)
    return FALSE;
  if (length > (gint64) host->limits.body
      || (self->request->person == NULL && length > DISCARD_MAX))
    {
      valise_answer_fail (answer, 413, "too_large", "The request entity is too large.");
      return FALSE;
    }
  gzip = coding != NULL && g_ascii_strcasecmp (coding, "gzip") == 0;
  if (coding != NULL && !gzip && g_ascii_strcasecmp (coding, "identity") != 0)
    {
      valise_answer_fail (answer, 415, "bad_content_type", "Content-Encoding may be gzip.");
      return FALSE;
    }

  self->upload = valise_upload_new (gzip);
  return TRUE;
}

static gboolean
read_head (ValiseRequestReader *self, const char *method, ValiseAnswer *answer)
{
  g_autoptr (GError) error = NULL;

  self->admitted = TRUE;
  self->request = valise_request_new (method, self->target, &error);
  if (self->request == NULL)
    {
      valise_answer_fail_with (answer, error);
      return FALSE;
    }

  self->request->address = dup_address (self->connection);
  self->request->key = dup_key (self->connection);
  MHD_get_connection_values (self->connection, MHD_HEADER_KIND, take_header, self->request);
  if (!judge_head (self, answer))
    return FALSE;

  g_mutex_lock (&self->lock);
  self->body_us = g_get_monotonic_time ();
  g_mutex_unlock (&self->lock);
  return TRUE;
}

gboolean
valise_request_reader_read_head (ValiseRequestReader *self,
                                 const char          *method,
                                 ValiseAnswer        *answer)
{
  self->refused = !read_head (self, method, answer);
  return !self->refused;
}

gboolean
valise_request_reader_may_discard (ValiseRequestReader *self)
{
  gint64 announced = self->request != NULL ? get_announced_length (self->request) : G_MAXINT64;

  return announced >= 0 && announced <= DISCARD_MAX;
}

/* --- the body ------------------------------------------------------------------------------- */

static void
refuse_body (ValiseRequestReader *self, const GError *error, ValiseAnswer *answer)
{
  self->refused = TRUE;
  g_clear_pointer (&self->upload, valise_upload_free);
  set_bodies (self, 0);
  valise_answer_fail_with (answer, error);
  if (error->code == 503)
    valise_answer_add_header (answer, "Retry-After", "5");
}

gboolean
valise_request_reader_take (ValiseRequestReader *self,
                            const char          *data,
                            gsize                length,
                            ValiseAnswer        *answer)
{
  gboolean           stranger = self->request == NULL || self->request->person == NULL;
  gsize              limit = stranger ? DISCARD_MAX : self->host->limits.body;
  g_autoptr (GError) error = NULL;

  g_mutex_lock (&self->lock);
  self->received += length;
  g_mutex_unlock (&self->lock);
  if (self->refused)
    return self->received <= limit + DISCARD_MAX;

  if (valise_upload_append (self->upload, data, length, limit, &error)
      && !set_bodies (self, valise_upload_get_held (self->upload)))
    g_set_error (&error, VALISE_HTTP_ERROR, 503, "The server is reading too much at once.");
  if (error != NULL)
    refuse_body (self, error, answer);

  return TRUE;
}

gboolean
valise_request_reader_end (ValiseRequestReader *self, ValiseAnswer *answer)
{
  g_autoptr (GError) error = NULL;
  GBytes            *body = NULL;

  g_mutex_lock (&self->lock);
  self->body_us = 0;
  g_mutex_unlock (&self->lock);
  if (self->refused)
    return FALSE;

  if (g_thread_pool_unprocessed (self->host->readers)
          + g_thread_pool_unprocessed (self->host->greeters)
          + g_thread_pool_unprocessed (self->host->writers)
      >= self->host->limits.waiting)
    g_set_error (&error, VALISE_HTTP_ERROR, 503, "The server is busy.");
  else
    body = valise_upload_finish (self->upload, &error);
  if (body == NULL)
    {
      refuse_body (self, error, answer);
      return FALSE;
    }

  g_bytes_unref (self->request->body);
  self->request->body = body;
  return TRUE;
}

gboolean
valise_request_reader_is_trickling (ValiseRequestReader *self, gint64 now_us)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gint64                   elapsed_us = now_us - self->body_us;

  return self->body_us != 0 && elapsed_us > self->host->limits.grace_s * G_USEC_PER_SEC
         && self->received < self->host->limits.rate * (guint64) (elapsed_us / G_USEC_PER_SEC);
}
