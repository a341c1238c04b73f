/* fault-relay.h - a relay that ends TLS, counts the requests, and spoils the one that is named
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * It holds the server's own key, so a laptop takes it for the server.
 */

#pragma once

#include <gnutls/gnutls.h>

#include "office-fixture.h"

typedef enum
{
  SPOIL_NOTHING,
  SPOIL_REQUEST, /* lost on its way: the server never hears of it */
  SPOIL_ANSWER,  /* done, and the answer lost */
  SPOIL_HALF,    /* done, and the connection ends in the middle of the answer's body */
  SPOIL_GZIP,    /* done, and the body, compressed or not, ends early, as if it were whole */
  SPOIL_STATUS,  /* answered by somebody between with `status`, and Retry-After: 1 for 503 */
  SPOIL_HTML,    /* answered by a hotel's sign-in page */
  SPOIL_AWAY,    /* sent to a hotel's sign-in page */
  SPOIL_TWICE,   /* done twice, as by a proxy that thought the first was lost */
  SPOIL_LATE,    /* done, and the answer kept for a while: others overtake it */
  SPOIL_LONG,    /* more bytes promised than come, and the connection stays */
  SPOIL_SHORT,   /* fewer bytes promised than come: the rest is taken for the next answer */
  SPOIL_DRIP,    /* done, and the answer comes in many small pieces with pauses */
  SPOIL_HOLE,    /* swallowed; the connection stays, and nothing more is heard */
} Spoil;

typedef struct
{
  Relay                           *relay;
  gnutls_certificate_credentials_t identity; /* the server's */
  gnutls_certificate_credentials_t nobody;

  /* Under the relay's mutex */
  guint         requests; /* so far */
  Spoil         spoil;
  guint         at;    /* the number of the first request to be spoiled, from 1 */
  guint         times; /* how many from there */
  const char   *only;  /* of those on paths that hold this; NULL: all. Counted by themselves. */
  guint         status;
  guint         spoiled;     /* so far */
  char         *coding;      /* of the last body that SPOIL_GZIP cut; NULL: none */
  GCancellable *cancellable; /* (nullable): then cancelled, as by a user who goes */
} FaultRelay;

/* The next requests are counted from 1. */
static inline void
fault_relay_set (FaultRelay *self, Spoil spoil, guint at, guint times, const char *only)
{
  g_mutex_lock (&self->relay->mutex);
  self->requests = self->spoiled = 0;
  self->spoil = spoil;
  self->at = at;
  self->times = times;
  self->only = only;
  g_clear_object (&self->cancellable);
  g_mutex_unlock (&self->relay->mutex);
}

static inline void
fault_relay_set_cancellable (FaultRelay *self, GCancellable *cancellable)
{
  g_mutex_lock (&self->relay->mutex);
  g_set_object (&self->cancellable, cancellable);
  g_mutex_unlock (&self->relay->mutex);
}

static inline guint
fault_relay_get_spoiled (FaultRelay *self)
{
  guint spoiled = 0;

  g_mutex_lock (&self->relay->mutex);
  spoiled = self->spoiled;
  g_mutex_unlock (&self->relay->mutex);
  return spoiled;
}

/* --- TLS ------------------------------------------------------------------------------------- */

/* One end of a connection. Not GIO's TLS: that reads all the system's authorities for each. */
typedef struct
{
  gnutls_session_t session;
  char             buffer[16384];
  gsize            start, end; /* of what was read and not yet taken */
} FaultLine;

static inline gssize
fault_line_pull (gnutls_transport_ptr_t socket, void *data, size_t size)
{
  return g_socket_receive (socket, data, size, NULL, NULL);
}

static inline gssize
fault_line_push (gnutls_transport_ptr_t socket, const void *data, size_t size)
{
  return g_socket_send (socket, data, size, NULL, NULL);
}

/* FALSE where there is nobody to shake hands with. */
static inline gboolean
fault_line_open (FaultLine                       *self,
                 GSocket                         *socket,
                 gnutls_certificate_credentials_t who,
                 unsigned                         role)
{
  int result = 0;

  self->start = self->end = 0;
  g_assert_cmpint (gnutls_init (&self->session, role), ==, 0);
  gnutls_set_default_priority (self->session);
  gnutls_credentials_set (self->session, GNUTLS_CRD_CERTIFICATE, who);
  gnutls_transport_set_ptr (self->session, socket);
  gnutls_transport_set_pull_function (self->session, fault_line_pull);
  gnutls_transport_set_push_function (self->session, fault_line_push);
  do
    result = gnutls_handshake (self->session);
  while (result < 0 && !gnutls_error_is_fatal (result));
  return result == 0;
}

/* At most @n bytes; 0 where the other side has gone. */
static inline gsize
fault_line_read (FaultLine *self, char *bytes, gsize n)
{
  if (self->start == self->end)
    {
      gssize got = 0;

      do
        got = gnutls_record_recv (self->session, self->buffer, sizeof self->buffer);
      while (got == GNUTLS_E_INTERRUPTED); /* whatever else is said in between */
      self->start = 0;
      self->end = got > 0 ? (gsize) got : 0;
    }
  n = MIN (n, self->end - self->start);
  memcpy (bytes, self->buffer + self->start, n);
  self->start += n;
  return n;
}

static inline gboolean
fault_line_write (FaultLine *self, const char *bytes, gsize n)
{
  while (n > 0)
    {
      gssize sent = gnutls_record_send (self->session, bytes, n);

      if (sent <= 0)
        return FALSE;
      bytes += sent;
      n -= (gsize) sent;
    }
  return TRUE;
}

/* --- one message of HTTP/1.1 ----------------------------------------------------------------- */

typedef struct
{
  GString *head; /* with its empty line */
  GString *body; /* out of its chunks */
} FaultMessage;

static inline void
fault_message_clear (FaultMessage *message)
{
  g_string_free (message->head, TRUE);
  g_string_free (message->body, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FaultMessage, fault_message_clear)

/* Adds to @text until it holds @n bytes, or @end; FALSE where the other side has gone. */
static inline gboolean
fault_read_until (FaultLine *in, GString *text, gsize n, const char *end)
{
  while (end != NULL ? strstr (text->str, end) == NULL : text->len < n)
    {
      char  byte[8192];
      gsize most = end != NULL ? 1 : MIN (n - text->len, sizeof byte);
      gsize got = fault_line_read (in, byte, most);

      if (got == 0)
        return FALSE;
      g_string_append_len (text, byte, (gssize) got);
    }
  return TRUE;
}

static inline char *
fault_dup_header (const GString *head, const char *name)
{
  g_auto (GStrv) lines = g_strsplit (head->str, "\r\n", -1);

  for (guint i = 1; lines[i] != NULL; i++)
    if (g_ascii_strncasecmp (lines[i], name, strlen (name)) == 0 && lines[i][strlen (name)] == ':')
      return g_strstrip (g_strdup (lines[i] + strlen (name) + 1));
  return NULL;
}

static inline gboolean
fault_read_chunks (FaultLine *in, GString *body)
{
  gsize length = 1;

  while (length > 0)
    {
      g_autoptr (GString) line = g_string_new (NULL), chunk = g_string_new (NULL);

      if (!fault_read_until (in, line, 0, "\r\n"))
        return FALSE;
      length = (gsize) g_ascii_strtoull (line->str, NULL, 16);
      if (!fault_read_until (in, chunk, length + 2, NULL))
        return FALSE;
      g_string_append_len (body, chunk->str, (gssize) length);
    }
  return TRUE;
}

static inline gboolean
fault_read_message (FaultLine *in, FaultMessage *message)
{
  g_autofree char *length = NULL, *coding = NULL;

  message->head = g_string_new (NULL);
  message->body = g_string_new (NULL);
  if (!fault_read_until (in, message->head, 0, "\r\n\r\n"))
    return FALSE;
  coding = fault_dup_header (message->head, "Transfer-Encoding");
  length = fault_dup_header (message->head, "Content-Length");
  if (coding != NULL)
    return fault_read_chunks (in, message->body);
  return length == NULL
         || fault_read_until (in, message->body, (gsize) g_ascii_strtoull (length, NULL, 10), NULL);
}

/* Writes the head with the length of @promised, then @n bytes of the body. */
static inline gboolean
fault_write_message (FaultLine *out, const FaultMessage *message, gsize promised, gsize n)
{
  g_auto (GStrv)      lines = g_strsplit (message->head->str, "\r\n", -1);
  g_autoptr (GString) text = g_string_new (lines[0]);

  g_string_append (text, "\r\n");
  for (guint i = 1; lines[i] != NULL && *lines[i] != '\0'; i++)
    if (g_ascii_strncasecmp (lines[i], "Transfer-Encoding:", 18) != 0
        && g_ascii_strncasecmp (lines[i], "Content-Length:", 15) != 0)
      g_string_append_printf (text, "%s\r\n", lines[i]);
  g_string_append_printf (text, "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n", promised);
  g_string_append_len (text, message->body->str, (gssize) n);
  return fault_line_write (out, text->str, text->len);
}

/* --- spoiling -------------------------------------------------------------------------------- */

/* What is to happen to @request. */
static inline Spoil
fault_relay_choose (FaultRelay *self, const FaultMessage *request)
{
  const char      *end = strstr (request->head->str, "\r\n");
  g_autofree char *line = g_strndup (request->head->str, (gsize) (end - request->head->str));
  Spoil            spoil = SPOIL_NOTHING;

  g_mutex_lock (&self->relay->mutex);
  if (self->only == NULL || strstr (line, self->only) != NULL)
    {
      self->requests++;
      if (self->requests >= self->at && self->requests - self->at < self->times)
        spoil = self->spoil;
    }
  if (spoil != SPOIL_NOTHING)
    {
      self->spoiled++;
      if (self->cancellable != NULL)
        g_cancellable_cancel (self->cancellable);
    }
  g_mutex_unlock (&self->relay->mutex);
  return spoil;
}

static inline gboolean
fault_relay_answer (FaultRelay *self, FaultLine *out, Spoil spoil)
{
  gboolean         html = spoil != SPOIL_STATUS;
  guint            status = spoil == SPOIL_HTML ? 200 : spoil == SPOIL_AWAY ? 302 : self->status;
  const char      *more = spoil == SPOIL_AWAY ? "Location: http://portal.invalid/in\r\n"
                          : status == 503     ? "Retry-After: 1\r\n"
                                              : "";
  g_autofree char *head = g_strdup_printf ("HTTP/1.1 %u Spoiled\r\nContent-Type: %s\r\n%s\r\n",
                                           status, html ? "text/html" : "application/json", more);
  g_auto (FaultMessage) message = { g_string_new (head),
                                    g_string_new (html ? "<html>Room number?</html>"
                                                       : "{\"error\":\"spoiled\"}") };

  return fault_write_message (out, &message, message.body->len, message.body->len);
}

#define SPOIL_LATE_US  (300 * 1000)
#define SPOIL_DRIPS    40
#define SPOIL_DRIP_US  (20 * 1000)
#define SPOIL_TOO_LONG 100 /* bytes promised that do not come */

/* Until the laptop hangs up. */
static inline gboolean
fault_relay_keep_silent (FaultLine *laptop)
{
  char bytes[1024];

  while (fault_line_read (laptop, bytes, sizeof bytes) > 0)
    continue;
  return FALSE;
}

static inline gboolean
fault_relay_drip (FaultLine *out, const FaultMessage *answer)
{
  gsize    n = answer->body->len, piece = n / SPOIL_DRIPS + 1;
  gboolean ok = fault_write_message (out, answer, n, 0);

  for (gsize at = 0; ok && at < n; at += piece)
    {
      g_usleep (SPOIL_DRIP_US);
      ok = fault_line_write (out, answer->body->str + at, MIN (piece, n - at));
    }
  return ok;
}

/* The server's answer to the laptop, as far as @spoil lets it; FALSE: the connection ends. */
static inline gboolean
fault_relay_pass_answer (FaultLine *out, const FaultMessage *answer, Spoil spoil)
{
  gsize n = answer->body->len;

  switch (spoil)
    {
    case SPOIL_LATE:
      g_usleep (SPOIL_LATE_US);
      return fault_write_message (out, answer, n, n);
    case SPOIL_NOTHING:
    case SPOIL_TWICE:
      return fault_write_message (out, answer, n, n);
    case SPOIL_DRIP:
      return fault_relay_drip (out, answer);
    case SPOIL_LONG:
      return fault_write_message (out, answer, n + SPOIL_TOO_LONG, n)
             && fault_relay_keep_silent (out);
    case SPOIL_SHORT:
      return fault_write_message (out, answer, n / 2, n);
    case SPOIL_HALF:
      fault_write_message (out, answer, n, n / 2);
      return FALSE;
    case SPOIL_GZIP:
      return fault_write_message (out, answer, n / 2, n / 2);
    default:
      return FALSE;
    }
}

/* @request to the server, and what it answers. */
static inline gboolean
fault_relay_ask (FaultLine *server, const FaultMessage *request, FaultMessage *answer)
{
  if (!fault_write_message (server, request, request->body->len, request->body->len))
    return FALSE;
  fault_message_clear (answer);
  return fault_read_message (server, answer);
}

static inline void
fault_relay_note_coding (FaultRelay *self, const FaultMessage *answer)
{
  g_mutex_lock (&self->relay->mutex);
  g_free (self->coding);
  self->coding = fault_dup_header (answer->head, "Content-Encoding");
  g_mutex_unlock (&self->relay->mutex);
}

/* One request and its answer; FALSE where the connection is over. */
static inline gboolean
fault_relay_exchange (FaultRelay *self, FaultLine *laptop, FaultLine *server)
{
  g_auto (FaultMessage) request = { 0 }, answer = { 0 };
  Spoil                 spoil = SPOIL_NOTHING;

  answer.head = g_string_new (NULL);
  answer.body = g_string_new (NULL);
  if (!fault_read_message (laptop, &request))
    return FALSE;
  spoil = fault_relay_choose (self, &request);
  if (spoil == SPOIL_REQUEST)
    return FALSE;
  if (spoil == SPOIL_HOLE)
    return fault_relay_keep_silent (laptop);
  if (spoil == SPOIL_STATUS || spoil == SPOIL_HTML || spoil == SPOIL_AWAY)
    return fault_relay_answer (self, laptop, spoil);

  if (!fault_relay_ask (server, &request, &answer)
      || (spoil == SPOIL_TWICE && !fault_relay_ask (server, &request, &answer)))
    return FALSE;
  if (spoil == SPOIL_GZIP)
    fault_relay_note_coding (self, &answer);
  return fault_relay_pass_answer (laptop, &answer, spoil);
}

/* A #RelayHandler. What it ends, it ends without the words by which TLS ends in good order. */
static inline void
fault_relay_pass_requests (Relay *relay, GSocket *socket)
{
  FaultRelay         *self = relay->data;
  g_autoptr (GSocket) behind = relay_connect (relay);
  FaultLine           laptop = { 0 }, server = { 0 };

  if (behind == NULL)
    return;
  g_socket_set_timeout (socket, 20);
  g_socket_set_timeout (behind, 20);
  if (fault_line_open (&laptop, socket, self->identity, GNUTLS_SERVER)
      && fault_line_open (&server, behind, self->nobody, GNUTLS_CLIENT))
    while (fault_relay_exchange (self, &laptop, &server))
      continue;
  gnutls_deinit (laptop.session);
  if (server.session != NULL)
    gnutls_deinit (server.session);
  g_socket_close (behind, NULL);
}

/* A secretariat behind such a relay. */
static inline void
fault_relay_open (FaultRelay *self, Office *office, const char *template)
{
  g_autofree char *certificate = g_build_filename (template, "server", "certificate.pem", NULL);
  g_autofree char *key = g_build_filename (template, "server", "key.pem", NULL);

  memset (self, 0, sizeof *self);
  gnutls_certificate_allocate_credentials (&self->nobody);
  gnutls_certificate_allocate_credentials (&self->identity);
  g_assert_cmpint (
      gnutls_certificate_set_x509_key_file (self->identity, certificate, key, GNUTLS_X509_FMT_PEM),
      >=, 0);
  office_open (office, template, fault_relay_pass_requests, self);
  self->relay = office->relay;
}

/* After the office is closed. */
static inline void
fault_relay_close (FaultRelay *self)
{
  g_clear_pointer (&self->coding, g_free);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->identity, gnutls_certificate_free_credentials);
  g_clear_pointer (&self->nobody, gnutls_certificate_free_credentials);
}
