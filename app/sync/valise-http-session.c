/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-http-session"

#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "valise-http-error.h"
#include "valise-http-login.h"
#include "valise-http-message.h"
#include "valise-http-session.h"
#include "valise-http-traffic.h"
#include "valise-retry.h"
#include "valise-spki.h"

#define DEFAULT_TIMEOUT_S 60
#define MAX_ERROR_BODY    (64 << 10)   /* bytes read of an answer that says no */
#define MAX_EXCHANGE      (1 << 20)    /* bytes of an answer outside of feeds and fetches */
#define PACE_START_US     (100 * 1000) /* after the first 429 */
#define PACE_CAP_US       (25 * G_USEC_PER_SEC)
#define PACE_EASE_US      (20 * 1000) /* taken off by each success */
#define READ_SIZE         (16 << 10)

/**
 * ValiseHttpSession:
 *
 * One SoupSession, used by one request at a time.
 *
 * A key that is pinned decides alone: the session has no certificate authorities then, so
 * that every certificate is put to us, and neither a clock that is wrong nor a certificate
 * that ran out stops it. A resumed TLS session is not put to us; so the key is looked at once
 * more when the handshake is done, before anything is said.
 */
struct _ValiseHttpSession
{
  GMutex             mutex; /* held while a request or its answer is open */
  SoupSession       *soup;
  ValiseHttpLogin   *login;
  ValiseHttpTraffic *traffic;

  char *url;
  char *user;
  char *password;
  char *pins[2];

  gboolean plain;      /* the server does not take compressed requests */
  gboolean answered;   /* it has answered once, so a connection may have gone stale */
  gint64   not_before; /* monotonic µs: the server asked for patience */
  gint64   interval;   /* µs between requests, while it says 429 */
};

struct _ValiseHttpAnswer
{
  ValiseHttpSession *session;
  SoupMessage       *message;
  GInputStream      *stream;
};

/* One attempt at a request, for the handlers that run during it. */
typedef struct
{
  ValiseHttpSession *session;
  GCancellable      *cancellable;
  gboolean           stranger; /* the key shown is none of the pinned ones */
  int                fd;       /* a second handle of a new connection's socket, or -1 */
} Attempt;

ValiseHttpSession *
valise_http_session_new (const ValiseServerAddress *address, ValiseHttpLogin *login, GError **error)
{
  ValiseHttpSession *self = NULL;
  gsize              length = 0;

  g_return_val_if_fail (address != NULL && address->url != NULL, NULL);

  if (!valise_http_message_check_url (address->url, error))
    return NULL;

  self = g_new0 (ValiseHttpSession, 1);
  g_mutex_init (&self->mutex);
  self->login = login != NULL ? valise_http_login_ref (login) : valise_http_login_new ();
  self->traffic = valise_http_traffic_new ();
  length = strlen (address->url);
  while (length > 0 && address->url[length - 1] == '/')
    length--;
  self->url = g_strndup (address->url, length);
  self->user = g_strdup (address->user);
  self->password = g_strdup (address->password);
  self->pins[0] = address->pin != NULL ? g_ascii_strdown (address->pin, -1) : NULL;
  self->pins[1] = address->backup_pin != NULL ? g_ascii_strdown (address->backup_pin, -1) : NULL;

  self->soup = soup_session_new_with_options (
      "idle-timeout", 0, "timeout", address->timeout_s > 0 ? address->timeout_s : DEFAULT_TIMEOUT_S,
      "user-agent", "Valise/" VALISE_VERSION, "max-conns-per-host", 2, NULL);
  soup_session_remove_feature_by_type (self->soup, SOUP_TYPE_AUTH_MANAGER);
  if (self->pins[0] != NULL || self->pins[1] != NULL)
    soup_session_set_tls_database (self->soup, NULL);
  return self;
}

void
valise_http_session_free (ValiseHttpSession *self)
{
  soup_session_abort (self->soup);
  g_object_unref (self->soup);
  valise_http_login_unref (self->login);
  valise_http_traffic_free (self->traffic);
  g_free (self->url);
  g_free (self->user);
  if (self->password != NULL)
    explicit_bzero (self->password, strlen (self->password));
  g_free (self->password);
  g_free (self->pins[0]);
  g_free (self->pins[1]);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

const char *
valise_http_session_get_url (ValiseHttpSession *self)
{
  return self->url;
}

void
valise_http_session_get_traffic (ValiseHttpSession *self, guint64 *received, guint64 *sent)
{
  valise_http_traffic_get (self->traffic, received, sent);
}

/* --- who answers ------------------------------------------------------------------------- */

static gboolean
is_pinned (ValiseHttpSession *self)
{
  return self->pins[0] != NULL || self->pins[1] != NULL;
}

static gboolean
matches_pin (ValiseHttpSession *self, GTlsCertificate *certificate)
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

  if (!is_pinned (attempt->session))
    return FALSE;
  if (matches_pin (attempt->session, certificate))
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

      valise_http_traffic_add (attempt->session->traffic, socket);
      if (attempt->fd < 0)
        attempt->fd = fcntl (g_socket_get_fd (socket), F_DUPFD_CLOEXEC, 0);
    }
  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKED && is_pinned (attempt->session)
      && !matches_pin (attempt->session,
                       g_tls_connection_get_peer_certificate (G_TLS_CONNECTION (connection))))
    {
      attempt->stranger = TRUE;
      g_cancellable_cancel (attempt->cancellable);
    }
}

/* --- pace -------------------------------------------------------------------------------- */

/* Sleeps as long as the server asked for; FALSE where cancelled. */
static gboolean
keep_pace (ValiseHttpSession *self, GCancellable *cancellable, GError **error)
{
  gint64 wait_us = self->not_before - g_get_monotonic_time ();

  return valise_retry_sleep (MAX (wait_us, 0), cancellable, error);
}

static void
adapt_pace (ValiseHttpSession *self, SoupMessage *message)
{
  guint  status = soup_message_get_status (message);
  gint64 asked = (gint64) valise_http_error_get_retry_after (message) * G_USEC_PER_SEC;

  if (status == 429)
    self->interval =
        self->interval == 0 ? PACE_START_US : MIN (self->interval * 6 / 5, PACE_CAP_US);
  else if (SOUP_STATUS_IS_SUCCESSFUL (status))
    self->interval = MAX (self->interval - PACE_EASE_US, 0);

  if (status != 429 && status != 503)
    asked = 0;
  self->not_before = g_get_monotonic_time () + MAX (asked, self->interval);
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

/* The head of the answer to @message, whatever its status. */
static GInputStream *
attempt_message (ValiseHttpSession *self,
                 SoupMessage       *message,
                 GCancellable      *cancellable,
                 GError           **error)
{
  g_autoptr (GCancellable) inner = g_cancellable_new ();
  Attempt                  attempt = { self, inner, FALSE, -1 };
  GError                  *failure = NULL;
  GInputStream            *stream = NULL;
  gulong                   chain = 0;

  if (cancellable != NULL)
    chain = g_cancellable_connect (cancellable, G_CALLBACK (cancel_cb), inner, NULL);
  g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_certificate_cb), &attempt);
  g_signal_connect (message, "network-event", G_CALLBACK (network_event_cb), &attempt);

  stream = soup_session_send (self->soup, message, inner, &failure);

  g_signal_handlers_disconnect_by_data (message, &attempt);
  g_cancellable_disconnect (cancellable, chain);
  valise_http_traffic_sample (self->traffic);
  tell_silence (&attempt, failure);

  if (attempt.stranger)
    {
      g_clear_error (&failure);
      g_clear_object (&stream);
      g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_IDENTITY,
                   "The key shown by %s is not the one in the invitation", self->url);
    }
  else if (stream == NULL)
    valise_http_error_propagate (error, failure);
  return stream;
}

/* A connection kept from before may have been closed by the server meanwhile; that costs one
 * more try at once, not a wait. All that is asked here may be asked twice. */
static GInputStream *
send_message (ValiseHttpSession *self,
              const char        *method,
              const char        *path,
              GString           *body,
              const char        *cookie,
              SoupMessage      **message,
              GCancellable      *cancellable,
              GError           **error)
{
  g_autoptr (GError) failure = NULL;
  GInputStream      *stream = NULL;
  gint64             start = g_get_monotonic_time ();

  for (int i = 0; stream == NULL && i < 2; i++)
    {
      g_clear_error (&failure);
      g_clear_object (message);
      *message =
          valise_http_message_new (method, self->url, path, body, !self->plain, cookie, error);
      if (*message == NULL)
        return NULL;
      stream = attempt_message (self, *message, cancellable, &failure);
      if (stream == NULL
          && (!self->answered || g_get_monotonic_time () - start > G_USEC_PER_SEC
              || !g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_NETWORK)))
        break;
    }
  if (stream == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  self->answered = TRUE;
  adapt_pace (self, *message);
  valise_http_login_take (self->login, *message);
  return stream;
}

/* --- reading ----------------------------------------------------------------------------- */

static GString *
read_all (ValiseHttpSession *self,
          GInputStream      *stream,
          gsize              max,
          GCancellable      *cancellable,
          GError           **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char    *buffer = g_malloc (READ_SIZE);
  gssize              n = 0;
  GError             *failure = NULL;

  while ((n = g_input_stream_read (stream, buffer, READ_SIZE, cancellable, &failure)) > 0)
    {
      valise_http_traffic_sample (self->traffic);
      if (text->len + (gsize) n > max)
        {
          g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL,
                       "An answer is longer than %" G_GSIZE_FORMAT " bytes", max);
          return NULL;
        }
      g_string_append_len (text, buffer, n);
    }
  if (n < 0)
    {
      valise_http_error_propagate (error, failure);
      return NULL;
    }
  return g_steal_pointer (&text);
}

/* Whether what came of @text ends as JSON ends. */
static gboolean
looks_whole (const GString *text)
{
  gsize end = text->len;

  while (end > 0 && g_ascii_isspace (text->str[end - 1]))
    end--;
  return end > 0 && (text->str[end - 1] == '}' || text->str[end - 1] == ']');
}

static ValiseJson *
parse_answer (GString *text, GError **error)
{
  g_autoptr (GError) failure = NULL;
  ValiseJson        *json =
      valise_json_scan_text (text->str, (gssize) text->len, VALISE_JSON_ANY, &failure);
  ValisePeerError code = VALISE_PEER_ERROR_PROTOCOL;

  if (json != NULL)
    return json;
  if (text->len > 0 && text->str[0] == '<')
    code = VALISE_PEER_ERROR_PORTAL;
  else if (!looks_whole (text))
    code = VALISE_PEER_ERROR_NETWORK; /* cut short */
  g_set_error (error, VALISE_PEER_ERROR, (int) code, "The answer is not JSON: %s",
               failure->message);
  return NULL;
}

/* Says why @message's answer is not 2xx, with what its body says. */
static void
set_error_from_answer (ValiseHttpSession *self,
                       SoupMessage       *message,
                       GInputStream      *stream,
                       GCancellable      *cancellable,
                       GError           **error)
{
  g_autoptr (GString)    text = read_all (self, stream, MAX_ERROR_BODY, cancellable, NULL);
  g_autoptr (ValiseJson) json = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return;
  if (text != NULL)
    json = valise_json_scan_text (text->str, (gssize) text->len, VALISE_JSON_ANY, NULL);
  valise_http_error_set (error, message, json);
}

/* 417 is how some servers head the results of `_bulk_docs` when all were refused. */
static gboolean
is_good (SoupMessage *message)
{
  guint status = soup_message_get_status (message);

  return (SOUP_STATUS_IS_SUCCESSFUL (status) || status == 417)
         && !valise_http_error_is_portal (message);
}

/* --- signing in -------------------------------------------------------------------------- */

/* POST /_session, CouchDB's; the cookie is taken by send_message(). */
static gboolean
sign_in (ValiseHttpSession *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (SoupMessage)  message = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GString)      body = g_string_new ("{\"name\":");
  g_autofree char         *cookie = NULL;

  valise_json_append_string (body, self->user, -1);
  g_string_append (body, ",\"password\":");
  valise_json_append_string (body, self->password != NULL ? self->password : "", -1);
  g_string_append_c (body, '}');

  stream = send_message (self, "POST", "/_session", body, NULL, &message, cancellable, error);
  explicit_bzero (body->str, body->len);
  if (stream == NULL)
    return FALSE;
  if (!is_good (message))
    {
      set_error_from_answer (self, message, stream, cancellable, error);
      return FALSE;
    }
  cookie = valise_http_login_dup_cookie (self->login);
  if (cookie == NULL)
    {
      g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL,
                   "%s signed in without a cookie", self->url);
      return FALSE;
    }
  return TRUE;
}

static gboolean
needs_sign_in (ValiseHttpSession *self)
{
  g_autofree char *cookie = valise_http_login_dup_cookie (self->login);

  return self->user != NULL && cookie == NULL;
}

/* --- asking and answering ---------------------------------------------------------------- */

/* What a refusal may be mended by: a compressed body sent plainly, a session renewed. */
static gboolean
may_mend (ValiseHttpSession *self, SoupMessage *message, const char *cookie, gboolean *renewed)
{
  guint       status = soup_message_get_status (message);
  const char *encoding =
      soup_message_headers_get_one (soup_message_get_request_headers (message), "Content-Encoding");

  if (status == 415 && encoding != NULL)
    {
      self->plain = TRUE;
      return TRUE;
    }
  if (status == 401 && self->user != NULL && !*renewed)
    {
      *renewed = TRUE;
      valise_http_login_forget (self->login, cookie);
      return TRUE;
    }
  return FALSE;
}

/* Holds the mutex; the answer's stream on success. */
static GInputStream *
ask (ValiseHttpSession *self,
     const char        *method,
     const char        *path,
     GString           *body,
     SoupMessage      **message,
     GCancellable      *cancellable,
     GError           **error)
{
  gboolean renewed = FALSE;

  for (;;)
    {
      g_autoptr (GInputStream) stream = NULL;
      g_autofree char         *cookie = NULL;

      if (!keep_pace (self, cancellable, error)
          || (needs_sign_in (self) && !sign_in (self, cancellable, error)))
        return NULL;
      cookie = self->user != NULL ? valise_http_login_dup_cookie (self->login) : NULL;
      stream = send_message (self, method, path, body, cookie, message, cancellable, error);
      if (stream == NULL)
        return NULL;
      if (is_good (*message))
        return g_steal_pointer (&stream);
      if (!may_mend (self, *message, cookie, &renewed))
        {
          set_error_from_answer (self, *message, stream, cancellable, error);
          return NULL;
        }
    }
}

ValiseHttpAnswer *
valise_http_session_send (ValiseHttpSession *self,
                          const char        *method,
                          const char        *path,
                          GString           *body,
                          guint             *status,
                          GCancellable      *cancellable,
                          GError           **error)
{
  g_autoptr (SoupMessage)  message = NULL;
  g_autoptr (GInputStream) stream = NULL;
  ValiseHttpAnswer        *answer = NULL;

  g_return_val_if_fail (self != NULL && method != NULL && path != NULL, NULL);

  g_mutex_lock (&self->mutex);
  stream = ask (self, method, path, body, &message, cancellable, error);
  if (status != NULL)
    *status = message != NULL ? soup_message_get_status (message) : 0;
  if (stream == NULL)
    {
      g_mutex_unlock (&self->mutex);
      return NULL;
    }

  answer = g_new0 (ValiseHttpAnswer, 1);
  answer->session = self; /* whose mutex stays locked until the answer is freed */
  answer->message = g_steal_pointer (&message);
  answer->stream = g_steal_pointer (&stream);
  return answer;
}

gssize
valise_http_answer_read (ValiseHttpAnswer *self,
                         char             *buffer,
                         gsize             size,
                         GCancellable     *cancellable,
                         GError          **error)
{
  GError *failure = NULL;
  gssize  n = g_input_stream_read (self->stream, buffer, size, cancellable, &failure);

  valise_http_traffic_sample (self->session->traffic);
  if (n < 0)
    valise_http_error_propagate (error, failure);
  return n;
}

ValiseJson *
valise_http_answer_read_json (ValiseHttpAnswer *self,
                              gsize             max,
                              GCancellable     *cancellable,
                              GError          **error)
{
  g_autoptr (GString) text = read_all (self->session, self->stream, max, cancellable, error);

  return text != NULL ? parse_answer (text, error) : NULL;
}

void
valise_http_answer_free (ValiseHttpAnswer *self)
{
  ValiseHttpSession *session = self->session;

  valise_http_traffic_sample (session->traffic);
  g_object_unref (self->stream);
  g_object_unref (self->message);
  g_free (self);
  g_mutex_unlock (&session->mutex);
}

ValiseJson *
valise_http_session_exchange (ValiseHttpSession *self,
                              const char        *method,
                              const char        *path,
                              GString           *body,
                              guint             *status,
                              GCancellable      *cancellable,
                              GError           **error)
{
  g_autoptr (ValiseHttpAnswer) answer =
      valise_http_session_send (self, method, path, body, status, cancellable, error);

  return answer != NULL ? valise_http_answer_read_json (answer, MAX_EXCHANGE, cancellable, error)
                        : NULL;
}
