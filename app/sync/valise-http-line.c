/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-http-line"

#include "config.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "valise-authorities.h"
#include "valise-http-error.h"
#include "valise-http-line.h"
#include "valise-peer-error.h"
#include "valise-spki.h"
#include "valise-zstd-decoder.h"

/* A connection that nobody used for so long may be gone without a word: routers forget them, and
 * servers close them. Asking on it would cost the whole silence that we bear. */
#define STALE_US (60 * G_USEC_PER_SEC)

/**
 * ValiseHttpLine:
 *
 * One SoupSession, used by one request at a time.
 *
 * A key that is pinned decides alone: there are no certificate authorities then, so that
 * every certificate is put to us, and neither a clock that is wrong nor a certificate that
 * ran out stops it. A resumed TLS session is not put to us; so the key is looked at once more
 * when the handshake is done, before anything is said.
 */
struct _ValiseHttpLine
{
  SoupSession       *soup;
  ValiseHttpTraffic *traffic;
  gint64             used_us; /* monotonic, by the last reply; 0: never */
  char              *pins[2];
  GTlsCertificate   *identity; /* or NULL */
};

/* One attempt at a request, for the handlers that run during it. */
typedef struct
{
  ValiseHttpLine *line;
  GCancellable   *cancellable;
  gboolean        stranger; /* the key shown is none of the pinned ones */
  int             fd;       /* a second handle of a new connection's socket, or -1 */
} Attempt;

ValiseHttpLine *
valise_http_line_new (const char *const *pins, guint timeout_s, ValiseHttpTraffic *traffic)
{
  ValiseHttpLine *self = g_new0 (ValiseHttpLine, 1);

  self->traffic = valise_http_traffic_ref (traffic);
  self->pins[0] = g_strdup (pins[0]);
  self->pins[1] = g_strdup (pins[1]);
  self->soup =
      soup_session_new_with_options ("idle-timeout", 0, "timeout", timeout_s, "user-agent",
                                     "Valise/" VALISE_VERSION, "max-conns-per-host", 2, NULL);
  soup_session_remove_feature_by_type (self->soup, SOUP_TYPE_AUTH_MANAGER);
  soup_session_set_tls_database (self->soup, valise_authorities_none ());
  return self;
}

void
valise_http_line_set_identity (ValiseHttpLine *self, GTlsCertificate *identity)
{
  g_set_object (&self->identity, identity);
}

void
valise_http_line_free (ValiseHttpLine *self)
{
  soup_session_abort (self->soup);
  g_object_unref (self->soup);
  valise_http_traffic_sample (self->traffic);
  valise_http_traffic_unref (self->traffic);
  g_free (self->pins[0]);
  g_free (self->pins[1]);
  g_clear_object (&self->identity);
  g_free (self);
}

/* --- who answers ------------------------------------------------------------------------- */

static gboolean
is_pinned (ValiseHttpLine *self)
{
  return self->pins[0] != NULL || self->pins[1] != NULL;
}

static gboolean
matches_pin (ValiseHttpLine *self, GTlsCertificate *certificate)
{
  g_autoptr (GByteArray) der = NULL;
  g_autofree char       *digest = NULL;

  if (certificate == NULL)
    return FALSE;
  g_object_get (certificate, "certificate", &der, NULL);
  if (der == NULL)
    return FALSE;
  digest = valise_spki_digest (der->data, der->len, NULL);
  return digest != NULL
         && (g_strcmp0 (digest, self->pins[0]) == 0 || g_strcmp0 (digest, self->pins[1]) == 0);
}

static gboolean
accept_certificate_cb (SoupMessage         *message,
                       GTlsCertificate     *certificate,
                       GTlsCertificateFlags flags,
                       gpointer             user_data)
{
  Attempt *attempt = user_data;

  if (!is_pinned (attempt->line))
    return FALSE;
  if (matches_pin (attempt->line, certificate))
    return TRUE;
  attempt->stranger = TRUE;
  return FALSE;
}

static void
network_event_cb (SoupMessage       *message,
                  GSocketClientEvent event,
                  GIOStream         *connection,
                  gpointer           user_data)
{
  Attempt *attempt = user_data;

  if (G_IS_SOCKET_CONNECTION (connection))
    {
      GSocket *socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (connection));

      valise_http_traffic_add (attempt->line->traffic, socket);
      /* A head and its body are two writes: the second must not wait a round trip for the first to
       * be acknowledged. */
      (void) g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
      if (attempt->fd < 0)
        attempt->fd = fcntl (g_socket_get_fd (socket), F_DUPFD_CLOEXEC, 0);
    }
  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKED && is_pinned (attempt->line)
      && !matches_pin (attempt->line,
                       g_tls_connection_get_peer_certificate (G_TLS_CONNECTION (connection))))
    {
      attempt->stranger = TRUE;
      g_cancellable_cancel (attempt->cancellable);
    }
}

static void
starting_cb (SoupMessage *message, gpointer user_data)
{
  Attempt *attempt = user_data;

  valise_http_traffic_hold (attempt->line->traffic, TRUE);
}

static void
wrote_body_cb (SoupMessage *message, gpointer user_data)
{
  Attempt *attempt = user_data;

  valise_http_traffic_hold (attempt->line->traffic, FALSE);
}

/* --- one request ------------------------------------------------------------------------- */

static void
cancel_cb (GCancellable *cancellable, GCancellable *inner)
{
  g_cancellable_cancel (inner);
}

/* To GIO, who hangs up on a handshake speaks no TLS, as a hotel's gateway that answers in plain
 * words does. But a forwarder whose server is down hangs up without a word. */
static void
tell_silence (const Attempt *attempt, GError *failure)
{
  if (failure != NULL && g_error_matches (failure, G_TLS_ERROR, G_TLS_ERROR_NOT_TLS)
      && valise_http_traffic_is_silent (attempt->fd))
    {
      failure->domain = VALISE_PEER_ERROR;
      failure->code = VALISE_PEER_ERROR_NETWORK;
    }
  if (attempt->fd >= 0)
    close (attempt->fd);
}

/* libsoup reads gzip by itself, and leaves what it does not know as it came. */
static void
decode (ValiseHttpReply *reply)
{
  const char *coding = soup_message_headers_get_one (
      soup_message_get_response_headers (reply->message), "Content-Encoding");
  g_autoptr (GConverter)   decoder = NULL;
  g_autoptr (GInputStream) encoded = NULL;

  if (coding == NULL || g_ascii_strcasecmp (coding, "zstd") != 0)
    return;
  decoder = valise_zstd_decoder_new ();
  encoded = g_steal_pointer (&reply->stream);
  reply->stream = g_converter_input_stream_new (encoded, decoder);
}

/* Where no key is pinned, the system's authorities decide; they are read for TLS alone. */
static void
choose_authorities (ValiseHttpLine *self, SoupMessage *message)
{
  if (!is_pinned (self) && g_str_equal (g_uri_get_scheme (soup_message_get_uri (message)), "https")
      && soup_session_get_tls_database (self->soup) != valise_authorities_system ())
    soup_session_set_tls_database (self->soup, valise_authorities_system ());
}

ValiseHttpReply *
valise_http_line_send (ValiseHttpLine *self,
                       SoupMessage    *message,
                       GCancellable   *cancellable,
                       GError        **error)
{
  g_autoptr (GCancellable)    inner = g_cancellable_new ();
  g_autoptr (ValiseHttpReply) reply = g_new0 (ValiseHttpReply, 1);
  Attempt                     attempt = { self, inner, FALSE, -1 };
  GError                     *failure = NULL;
  gulong                      chain = 0;

  if (self->used_us > 0 && g_get_monotonic_time () - self->used_us > STALE_US)
    soup_session_abort (self->soup);
  choose_authorities (self, message);
  reply->line = self;
  reply->message = message;
  if (cancellable != NULL)
    chain = g_cancellable_connect (cancellable, G_CALLBACK (cancel_cb), inner, NULL);
  g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_certificate_cb), &attempt);
  g_signal_connect (message, "network-event", G_CALLBACK (network_event_cb), &attempt);
  g_signal_connect (message, "starting", G_CALLBACK (starting_cb), &attempt);
  g_signal_connect (message, "wrote-body", G_CALLBACK (wrote_body_cb), &attempt);

  if (self->identity != NULL)
    soup_message_set_tls_client_certificate (message, self->identity);
  reply->stream = soup_session_send (self->soup, message, inner, &failure);

  g_signal_handlers_disconnect_by_data (message, &attempt);
  g_cancellable_disconnect (cancellable, chain);
  valise_http_traffic_sample (self->traffic);
  tell_silence (&attempt, failure);

  if (!attempt.stranger && reply->stream != NULL)
    {
      decode (reply);
      return g_steal_pointer (&reply);
    }
  if (!attempt.stranger)
    {
      valise_http_error_propagate (error, failure);
      return NULL;
    }
  g_clear_error (&failure);
  g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_IDENTITY,
               "The key shown by %s is not the one that it is known by",
               g_uri_get_host (soup_message_get_uri (message)));
  return NULL;
}

void
valise_http_reply_set_dictionary (ValiseHttpReply *self, GBytes *dictionary)
{
  GConverter *decoder = NULL;

  if (G_IS_CONVERTER_INPUT_STREAM (self->stream))
    decoder = g_converter_input_stream_get_converter (G_CONVERTER_INPUT_STREAM (self->stream));
  if (VALISE_IS_ZSTD_DECODER (decoder))
    valise_zstd_decoder_set_dictionary (VALISE_ZSTD_DECODER (decoder), dictionary);
}

gssize
valise_http_reply_read (ValiseHttpReply *self,
                        char            *buffer,
                        gsize            size,
                        GCancellable    *cancellable,
                        GError         **error)
{
  GError *failure = NULL;
  gssize  n = g_input_stream_read (self->stream, buffer, size, cancellable, &failure);

  valise_http_traffic_sample (self->line->traffic);
  if (n < 0)
    valise_http_error_propagate (error, failure);
  else if (!valise_http_traffic_keep_rate (self->line->traffic, cancellable, error))
    return -1;
  return n;
}

gssize
valise_http_reply_read_ready (ValiseHttpReply *self, char *buffer, gsize size)
{
  GPollableInputStream *stream = NULL;

  if (!G_IS_POLLABLE_INPUT_STREAM (self->stream))
    return -1;
  stream = G_POLLABLE_INPUT_STREAM (self->stream);
  if (!g_pollable_input_stream_can_poll (stream))
    return -1;
  return g_pollable_input_stream_read_nonblocking (stream, buffer, size, NULL, NULL);
}

void
valise_http_reply_free (ValiseHttpReply *self)
{
  valise_http_traffic_sample (self->line->traffic);
  self->line->used_us = g_get_monotonic_time ();
  g_clear_object (&self->stream);
  g_clear_object (&self->message);
  g_free (self);
}
