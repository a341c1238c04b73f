/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-http-session"

#include "config.h"

#include <string.h>

#include "valise-http-error.h"
#include "valise-http-login.h"
#include "valise-http-message.h"
#include "valise-http-reply.h"
#include "valise-http-session.h"
#include "valise-retry.h"

#define DEFAULT_TIMEOUT_S 60
#define PACE_START_US     (100 * 1000) /* after the first 429 */
#define PACE_CAP_US       (25 * G_USEC_PER_SEC)
#define PACE_EASE_US      (20 * 1000) /* taken off by each success */

/**
 * ValiseHttpSession:
 *
 * One line, used by one request at a time, so that all of an account's databases share one
 * connection and one handshake. Who has to wait for news takes a sibling.
 */
struct _ValiseHttpSession
{
  gatomicrefcount    refs;
  GMutex             mutex; /* held while a request or its answer is open */
  ValiseHttpLine    *line;
  ValiseHttpLogin   *login;
  ValiseHttpTraffic *traffic;
  guint              timeout_s;

  char            *url;
  char            *user;
  char            *password;
  char            *pins[2];
  GTlsCertificate *identity; /* or NULL */

  gboolean plain;      /* the server does not take compressed requests */
  gboolean shy;        /* nor a question that says itself who asks */
  gboolean answered;   /* it has answered once, so a connection may have gone stale */
  gint64   not_before; /* monotonic µs: the server asked for patience */
  gint64   interval;   /* µs between requests, while it says 429 */
};

struct _ValiseHttpAnswer
{
  ValiseHttpSession *session;
  ValiseHttpReply   *reply;
};

/* Takes @login and @traffic. */
static ValiseHttpSession *
create (const ValiseServerAddress *address, ValiseHttpLogin *login, ValiseHttpTraffic *traffic)
{
  ValiseHttpSession *self = g_new0 (ValiseHttpSession, 1);
  gsize              length = strlen (address->url);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->mutex);
  self->login = login;
  self->traffic = traffic;
  self->timeout_s = address->timeout_s > 0 ? address->timeout_s : DEFAULT_TIMEOUT_S;
  while (length > 0 && address->url[length - 1] == '/')
    length--;
  self->url = g_strndup (address->url, length);
  self->user = g_strdup (address->user);
  self->password = g_strdup (address->password);
  self->pins[0] = address->pin != NULL ? g_ascii_strdown (address->pin, -1) : NULL;
  self->pins[1] = address->backup_pin != NULL ? g_ascii_strdown (address->backup_pin, -1) : NULL;
  g_set_object (&self->identity, address->identity);
  self->line =
      valise_http_line_new ((const char *const *) self->pins, self->timeout_s, self->traffic);
  valise_http_line_set_identity (self->line, self->identity);
  return self;
}

ValiseHttpSession *
valise_http_session_new (const ValiseServerAddress *address, ValiseHttpLogin *login, GError **error)
{
  g_return_val_if_fail (address != NULL && address->url != NULL, NULL);

  if (!valise_http_message_check_url (address->url, error))
    return NULL;
  return create (address, login != NULL ? valise_http_login_ref (login) : valise_http_login_new (),
                 valise_http_traffic_new (address->meter));
}

ValiseHttpSession *
valise_http_session_new_sibling (ValiseHttpSession *other)
{
  ValiseServerAddress address = {
    .url = other->url,
    .user = other->user,
    .password = other->password,
    .pin = other->pins[0],
    .backup_pin = other->pins[1],
    .identity = other->identity,
    .timeout_s = other->timeout_s,
  };

  return create (&address, valise_http_login_ref (other->login),
                 valise_http_traffic_ref (other->traffic));
}

ValiseHttpSession *
valise_http_session_ref (ValiseHttpSession *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
valise_http_session_unref (ValiseHttpSession *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  valise_http_line_free (self->line);
  valise_http_login_unref (self->login);
  valise_http_traffic_unref (self->traffic);
  g_free (self->url);
  g_free (self->user);
  if (self->password != NULL)
    explicit_bzero (self->password, strlen (self->password));
  g_free (self->password);
  g_free (self->pins[0]);
  g_free (self->pins[1]);
  g_clear_object (&self->identity);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

const char *
valise_http_session_get_url (ValiseHttpSession *self)
{
  return self->url;
}

guint
valise_http_session_get_timeout (ValiseHttpSession *self)
{
  return self->timeout_s;
}

void
valise_http_session_get_traffic (ValiseHttpSession *self, guint64 *received, guint64 *sent)
{
  valise_http_traffic_get (self->traffic, received, sent);
}

/* --- pace -------------------------------------------------------------------------------- */

/* Sleeps as long as the user's rate and the server ask for; FALSE where cancelled. */
static gboolean
keep_pace (ValiseHttpSession *self, GCancellable *cancellable, GError **error)
{
  gint64 wait_us = self->not_before - g_get_monotonic_time ();

  return valise_http_traffic_keep_rate (self->traffic, cancellable, error)
         && valise_retry_sleep (MAX (wait_us, 0), cancellable, error);
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

/* A connection kept from before may have been closed by the server meanwhile; that costs one
 * more try at once, not a wait. All that is asked here may be asked twice. */
static ValiseHttpReply *
send_message (ValiseHttpSession      *self,
              const char             *method,
              const char             *path,
              GString                *body,
              const char             *cookie,
              const ValiseHttpExtras *extras,
              GCancellable           *cancellable,
              GError                **error)
{
  g_autoptr (GError) failure = NULL;
  ValiseHttpReply   *reply = NULL;
  gint64             start = g_get_monotonic_time ();

  for (int i = 0; reply == NULL && i < 2; i++)
    {
      SoupMessage *message = valise_http_message_new (method, self->url, path, body, !self->plain,
                                                      cookie, extras, error);

      if (message == NULL)
        return NULL;
      g_clear_error (&failure);
      reply = valise_http_line_send (self->line, message, cancellable, &failure);
      if (reply == NULL
          && (!self->answered || g_get_monotonic_time () - start > G_USEC_PER_SEC
              || !g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_NETWORK)))
        break;
    }
  if (reply == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  self->answered = TRUE;
  adapt_pace (self, reply->message);
  valise_http_login_take (self->login, reply->message);
  return reply;
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
  g_autoptr (ValiseHttpReply) reply = NULL;
  g_autoptr (GString)         body = valise_http_login_make_body (self->user, self->password);
  g_autofree char            *cookie = NULL;

  reply = send_message (self, "POST", "/_session", body, NULL, NULL, cancellable, error);
  explicit_bzero (body->str, body->len);
  if (reply == NULL)
    return FALSE;
  if (!is_good (reply->message))
    {
      valise_http_reply_set_error (reply, cancellable, error);
      return FALSE;
    }
  valise_http_reply_drain (reply, cancellable);
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

/* A question that says itself who asks: our server's answer brings the cookie. */
static ValiseHttpReply *
greet (ValiseHttpSession *self,
       const char        *method,
       const char        *path,
       GString           *body,
       GCancellable      *cancellable,
       GError           **error)
{
  char             *greeting = valise_http_login_make_greeting (self->user, self->password);
  const char *const headers[] = { "Authorization", greeting, NULL };
  ValiseHttpExtras  extras = { .headers = headers };
  ValiseHttpReply  *reply =
      send_message (self, method, path, body, NULL, &extras, cancellable, error);

  explicit_bzero (greeting, strlen (greeting));
  g_free (greeting);
  return reply;
}

/* --- asking and answering ---------------------------------------------------------------- */

/* What a refusal may be mended by: a compressed body sent plainly, a session renewed, a sign-in by
 * CouchDB's own way. */
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
  if (status != 401 || self->user == NULL)
    return FALSE;
  if (cookie == NULL) /* it was greeted */
    {
      self->shy = !valise_http_login_knows_greetings (message);
      return self->shy;
    }
  if (*renewed)
    return FALSE;
  *renewed = TRUE;
  valise_http_login_forget (self->login, cookie);
  return TRUE;
}

/* Holds the mutex; the reply where it is good. @status: (out) */
static ValiseHttpReply *
ask (ValiseHttpSession      *self,
     const char             *method,
     const char             *path,
     GString                *body,
     const ValiseHttpExtras *extras,
     guint                  *status,
     GCancellable           *cancellable,
     GError                **error)
{
  gboolean renewed = FALSE;

  *status = 0;
  for (;;)
    {
      g_autoptr (ValiseHttpReply) reply = NULL;
      g_autofree char            *cookie = NULL;
      gboolean greets = extras != NULL && extras->greets && !self->shy && needs_sign_in (self);

      if (!keep_pace (self, cancellable, error)
          || (!greets && needs_sign_in (self) && !sign_in (self, cancellable, error)))
        return NULL;
      cookie = self->user != NULL ? valise_http_login_dup_cookie (self->login) : NULL;
      reply = greets ? greet (self, method, path, body, cancellable, error)
                     : send_message (self, method, path, body, cookie, extras, cancellable, error);
      if (reply == NULL)
        return NULL;
      *status = soup_message_get_status (reply->message);
      if (is_good (reply->message))
        return g_steal_pointer (&reply);
      if (!may_mend (self, reply->message, cookie, &renewed))
        {
          valise_http_reply_set_error (reply, cancellable, error);
          return NULL;
        }
      valise_http_reply_drain (reply, cancellable);
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
  return valise_http_session_send_with (self, method, path, body, NULL, status, cancellable, error);
}

ValiseHttpAnswer *
valise_http_session_send_with (ValiseHttpSession      *self,
                               const char             *method,
                               const char             *path,
                               GString                *body,
                               const ValiseHttpExtras *extras,
                               guint                  *status,
                               GCancellable           *cancellable,
                               GError                **error)
{
  ValiseHttpReply  *reply = NULL;
  ValiseHttpAnswer *answer = NULL;
  guint             code = 0;

  g_return_val_if_fail (self != NULL && method != NULL && path != NULL, NULL);

  g_mutex_lock (&self->mutex);
  reply = ask (self, method, path, body, extras, &code, cancellable, error);
  if (status != NULL)
    *status = code;
  if (reply == NULL)
    {
      g_mutex_unlock (&self->mutex);
      return NULL;
    }

  answer = g_new0 (ValiseHttpAnswer, 1);
  answer->session = valise_http_session_ref (self); /* whose mutex stays locked until it is freed */
  answer->reply = reply;
  return answer;
}

gssize
valise_http_answer_read (ValiseHttpAnswer *self,
                         char             *buffer,
                         gsize             size,
                         GCancellable     *cancellable,
                         GError          **error)
{
  return valise_http_reply_read (self->reply, buffer, size, cancellable, error);
}

guint
valise_http_answer_get_status (ValiseHttpAnswer *self)
{
  return soup_message_get_status (self->reply->message);
}

const char *
valise_http_answer_get_header (ValiseHttpAnswer *self, const char *name)
{
  return soup_message_headers_get_one (soup_message_get_response_headers (self->reply->message),
                                       name);
}

void
valise_http_answer_set_dictionary (ValiseHttpAnswer *self, GBytes *dictionary)
{
  valise_http_reply_set_dictionary (self->reply, dictionary);
}

gboolean
valise_http_answer_is_dry (ValiseHttpAnswer *self)
{
  GInputStream *stream = self->reply->stream;

  return G_IS_POLLABLE_INPUT_STREAM (stream)
         && g_pollable_input_stream_can_poll (G_POLLABLE_INPUT_STREAM (stream))
         && !g_pollable_input_stream_is_readable (G_POLLABLE_INPUT_STREAM (stream));
}

gssize
valise_http_answer_read_ready (ValiseHttpAnswer *self, char *buffer, gsize size)
{
  return valise_http_reply_read_ready (self->reply, buffer, size);
}

ValiseJson *
valise_http_answer_read_json (ValiseHttpAnswer *self,
                              gsize             max,
                              GCancellable     *cancellable,
                              GError          **error)
{
  return valise_http_reply_read_json (self->reply, max, cancellable, error);
}

void
valise_http_answer_free (ValiseHttpAnswer *self)
{
  ValiseHttpSession *session = self->session;

  valise_http_reply_free (self->reply);
  g_free (self);
  g_mutex_unlock (&session->mutex);
  valise_http_session_unref (session);
}
