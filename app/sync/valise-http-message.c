/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-http-message"

#include "config.h"

#include "valise-http-message.h"
#include "valise-peer-error.h"

#define COMPRESS_FROM 1024 /* bytes of a request's body */

static gboolean
is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = NULL;

  if (host == NULL)
    return FALSE;
  if (g_ascii_strcasecmp (host, "localhost") == 0)
    return TRUE;
  address = g_inet_address_new_from_string (host);
  return address != NULL && g_inet_address_get_is_loopback (address);
}

gboolean
valise_http_message_check_url (const char *url, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  const char      *scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;

  if (uri == NULL || g_uri_get_host (uri) == NULL || g_uri_get_host (uri)[0] == '\0'
      || (g_strcmp0 (scheme, "https") != 0 && g_strcmp0 (scheme, "http") != 0))
    {
      g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL,
                   "\"%s\" is not the address of a server", url);
      return FALSE;
    }
  if (g_str_equal (scheme, "http") && !is_loopback (g_uri_get_host (uri)))
    {
      g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_IDENTITY,
                   "%s is not https: only this machine may be reached without", url);
      return FALSE;
    }
  return TRUE;
}

static GBytes *
compress (GString *body, GError **error)
{
  g_autoptr (GConverter) gzip =
      G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1));
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) stream = g_converter_output_stream_new (memory, gzip);

  if (!g_output_stream_write_all (stream, body->str, body->len, NULL, NULL, error)
      || !g_output_stream_close (stream, NULL, error))
    return NULL;
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

/* libsoup repeats a PUT by itself where a kept connection turns out to be closed, and then sends
 * an empty body: it has read its stream to the end the first time. */
static void
restarted_cb (SoupMessage *message, GBytes *bytes)
{
  soup_message_set_request_body_from_bytes (message, "application/json", bytes);
}

static void
set_body (SoupMessage *message, GBytes *bytes)
{
  soup_message_set_request_body_from_bytes (message, "application/json", bytes);
  g_signal_connect_data (message, "restarted", G_CALLBACK (restarted_cb), g_bytes_ref (bytes),
                         (GClosureNotify) (void (*) (void)) g_bytes_unref, 0);
}

SoupMessage *
valise_http_message_new (const char *method,
                         const char *url,
                         const char *path,
                         GString    *body,
                         gboolean    gzip,
                         const char *cookie,
                         GError    **error)
{
  g_autofree char        *text = g_strconcat (url, path, NULL);
  g_autoptr (GUri)        uri = g_uri_parse (text, SOUP_HTTP_URI_FLAGS, error);
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GBytes)      bytes = NULL;
  SoupMessageHeaders     *headers = NULL;

  if (uri == NULL)
    return NULL;
  message = soup_message_new_from_uri (method, uri);
  headers = soup_message_get_request_headers (message);
  /* What is asked here may be asked twice; without saying so, libsoup opens a new connection,
   * with its handshake, for every POST. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_IDEMPOTENT);
  soup_message_headers_append (headers, "Accept", "application/json");
  if (cookie != NULL)
    soup_message_headers_append (headers, "Cookie", cookie);
  if (body == NULL)
    return g_steal_pointer (&message);

  if (gzip && body->len >= COMPRESS_FROM)
    {
      bytes = compress (body, error);
      if (bytes == NULL)
        return NULL;
      soup_message_headers_append (headers, "Content-Encoding", "gzip");
    }
  else
    bytes = g_bytes_new (body->str, body->len);
  set_body (message, bytes);
  return g_steal_pointer (&message);
}
