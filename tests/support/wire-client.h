/* wire-client.h - a small HTTPS client that can also misbehave
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Blocking, GnuTLS, HTTP/1.1. It sends the bytes it is given and hides nothing of the answer.
 * Whoever includes it uses what it needs.
 */

#pragma once

#include <gio/gio.h>
#include <gnutls/gnutls.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WIRE_UNUSED G_GNUC_UNUSED

typedef struct
{
  int                              fd;
  gnutls_session_t                 session; /* NULL: no TLS was begun */
  gnutls_certificate_credentials_t credentials;
  GByteArray                      *read; /* received and not yet taken */
} Wire;

typedef struct
{
  guint       status;
  GHashTable *headers; /* names in lower case */
  GString    *body;    /* inflated */
  gsize       carried; /* bytes of the body as they came */
  gboolean    cut;     /* it ended before its end */
} Reply;

static WIRE_UNUSED void
reply_free (Reply *reply)
{
  if (reply == NULL)
    return;
  g_hash_table_unref (reply->headers);
  g_string_free (reply->body, TRUE);
  g_free (reply);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reply, reply_free)

static WIRE_UNUSED Wire *
wire_connect (guint16 port)
{
  Wire              *wire = g_new0 (Wire, 1);
  struct sockaddr_in where = { .sin_family = AF_INET, .sin_port = htons (port) };

  where.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  wire->read = g_byte_array_new ();
  wire->fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (connect (wire->fd, (struct sockaddr *) &where, sizeof where), ==, 0);

  return wire;
}

/* FALSE where the server does not speak @priorities, or hung up. */
static WIRE_UNUSED gboolean
wire_handshake (Wire *wire, const char *priorities)
{
  int result = 0;

  gnutls_certificate_allocate_credentials (&wire->credentials);
  gnutls_init (&wire->session, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL);
  gnutls_priority_set_direct (wire->session, priorities, NULL);
  gnutls_credentials_set (wire->session, GNUTLS_CRD_CERTIFICATE, wire->credentials);
  gnutls_transport_set_int (wire->session, wire->fd);
  do
    result = gnutls_handshake (wire->session);
  while (result < 0 && !gnutls_error_is_fatal (result));

  return result >= 0;
}

static WIRE_UNUSED Wire *
wire_open (guint16 port)
{
  Wire *wire = wire_connect (port);

  g_assert_true (wire_handshake (wire, "NORMAL"));
  return wire;
}

static WIRE_UNUSED void
wire_close (Wire *wire)
{
  if (wire == NULL)
    return;
  if (wire->session != NULL)
    gnutls_deinit (wire->session);
  if (wire->credentials != NULL)
    gnutls_certificate_free_credentials (wire->credentials);
  close (wire->fd);
  g_byte_array_unref (wire->read);
  g_free (wire);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Wire, wire_close)

/* FALSE: the server hung up. */
static WIRE_UNUSED gboolean
wire_send (Wire *wire, const void *data, gsize length)
{
  const char *next = data;

  while (length > 0)
    {
      ssize_t sent = gnutls_record_send (wire->session, next, length);

      if (sent == GNUTLS_E_AGAIN || sent == GNUTLS_E_INTERRUPTED)
        continue;
      if (sent < 0)
        return FALSE;
      next += sent;
      length -= (gsize) sent;
    }

  return TRUE;
}

/* More of what the server sends; FALSE at its end. */
static WIRE_UNUSED gboolean
wire_fill (Wire *wire)
{
  guint8  block[16384];
  ssize_t got = 0;

  do
    got = gnutls_record_recv (wire->session, block, sizeof block);
  while (got == GNUTLS_E_AGAIN || got == GNUTLS_E_INTERRUPTED);
  if (got <= 0)
    return FALSE;

  g_byte_array_append (wire->read, block, (guint) got);
  return TRUE;
}

/* Up to and without CR LF; NULL at the end. */
static WIRE_UNUSED char *
wire_read_line (Wire *wire)
{
  for (;;)
    {
      const char *start = (const char *) wire->read->data;
      const char *end = start != NULL ? memmem (start, wire->read->len, "\r\n", 2) : NULL;
      char       *line = NULL;

      if (end == NULL && wire_fill (wire))
        continue;
      if (end == NULL)
        return NULL;
      line = g_strndup (start, (gsize) (end - start));
      g_byte_array_remove_range (wire->read, 0, (guint) (end - start) + 2);
      return line;
    }
}

static WIRE_UNUSED gboolean
wire_read_bytes (Wire *wire, GByteArray *out, gsize length)
{
  while (wire->read->len < length)
    if (!wire_fill (wire))
      return FALSE;
  g_byte_array_append (out, wire->read->data, (guint) length);
  g_byte_array_remove_range (wire->read, 0, (guint) length);

  return TRUE;
}

static WIRE_UNUSED gboolean
wire_read_chunks (Wire *wire, GByteArray *out)
{
  for (;;)
    {
      g_autofree char *size = wire_read_line (wire);
      g_autofree char *end = NULL;
      guint64          length = size != NULL ? g_ascii_strtoull (size, NULL, 16) : 0;

      if (size == NULL || !wire_read_bytes (wire, out, length))
        return FALSE;
      end = wire_read_line (wire);
      if (end == NULL)
        return FALSE;
      if (length == 0)
        return TRUE;
    }
}

static WIRE_UNUSED void
reply_inflate (Reply *reply, GByteArray *raw)
{
  g_autoptr (GZlibDecompressor) gunzip = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr (GInputStream) bytes = g_memory_input_stream_new_from_data (raw->data, raw->len, NULL);
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (bytes, G_CONVERTER (gunzip));
  char                     block[8192];
  gssize                   got = 0;

  while ((got = g_input_stream_read (stream, block, sizeof block, NULL, NULL)) > 0)
    g_string_append_len (reply->body, block, got);
  reply->cut = reply->cut || got < 0;
}

/* The next answer; NULL where the server hung up instead. @head: of a HEAD request. */
static WIRE_UNUSED Reply *
wire_read (Wire *wire, gboolean head)
{
  g_autofree char       *line = wire_read_line (wire);
  g_autoptr (GByteArray) raw = g_byte_array_new ();
  g_autoptr (Reply)      reply = NULL;
  const char            *length = NULL;

  if (line == NULL || !g_str_has_prefix (line, "HTTP/1.1 "))
    return NULL;
  reply = g_new0 (Reply, 1);
  reply->status = (guint) g_ascii_strtoull (line + 9, NULL, 10);
  reply->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  reply->body = g_string_new (NULL);
  for (;;)
    {
      g_autofree char *header = wire_read_line (wire);
      char            *colon = header != NULL ? strchr (header, ':') : NULL;

      if (header == NULL || *header == '\0')
        break;
      if (colon != NULL)
        g_hash_table_replace (reply->headers, g_ascii_strdown (header, colon - header),
                              g_strdup (g_strchug (colon + 1)));
    }
  if (reply->status == 100)
    return wire_read (wire, head);

  length = g_hash_table_lookup (reply->headers, "content-length");
  if (!head && length != NULL)
    reply->cut = !wire_read_bytes (wire, raw, g_ascii_strtoull (length, NULL, 10));
  else if (!head && g_hash_table_contains (reply->headers, "transfer-encoding"))
    reply->cut = !wire_read_chunks (wire, raw);
  reply->carried = raw->len;
  if (g_strcmp0 (g_hash_table_lookup (reply->headers, "content-encoding"), "gzip") == 0 && !head)
    reply_inflate (reply, raw);
  else
    g_string_append_len (reply->body, (const char *) raw->data, raw->len);

  return g_steal_pointer (&reply);
}

/* "NAME:PASSWORD" as the header that says so. */
static WIRE_UNUSED char *
wire_basic (const char *credentials)
{
  g_autofree char *base64 = g_base64_encode ((const guchar *) credentials, strlen (credentials));

  return g_strdup_printf ("Authorization: Basic %s\r\n", base64);
}

/* Sends one request. @headers: (nullable): lines, each with CR LF. */
static WIRE_UNUSED gboolean
wire_request (Wire       *wire,
              const char *method,
              const char *path,
              const char *headers,
              const void *body,
              gsize       length)
{
  g_autoptr (GString) head = g_string_new (NULL);

  g_string_append_printf (head, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s", method, path,
                          headers != NULL ? headers : "");
  if (body != NULL)
    g_string_append_printf (head, "Content-Length: %" G_GSIZE_FORMAT "\r\n", length);
  g_string_append (head, "\r\n");
  g_string_append_len (head, body, body != NULL ? (gssize) length : 0);

  return wire_send (wire, head->str, head->len);
}
