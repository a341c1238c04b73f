/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-http-message"

#include "config.h"

#include "valise-http-message.h"
#include "valise-peer-error.h"

#define COMPRESS_FROM 200 /* bytes of a request's body, … */
#define LEAST_SAVED   32  /* … and as much is to be saved: the header that says so costs, too */

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

/* A body that can be given again. */
typedef struct
{
  char   *type;
  GBytes *bytes; /* or NULL: */
  GInputStream *(*open) (gpointer user_data);
  gint64   length;
  gpointer user_data;
} Body;

static void
free_body (gpointer data, GClosure *closure)
{
  Body *body = data;

  g_free (body->type);
  g_clear_pointer (&body->bytes, g_bytes_unref);
  g_free (body);
}

static void
give_body (SoupMessage *message, Body *body)
{
  g_autoptr (GInputStream) stream = NULL;

  if (body->bytes != NULL)
    {
      soup_message_set_request_body_from_bytes (message, body->type, body->bytes);
      return;
    }
  stream = body->open (body->user_data);
  soup_message_set_request_body (message, body->type, stream, (gssize) body->length);
}

/* libsoup repeats a PUT by itself where a kept connection turns out to be closed, and then sends
 * an empty body: it has read its stream to the end the first time. */
static void
set_body (SoupMessage *message, const Body *given)
{
  Body *body = g_memdup2 (given, sizeof *given);

  body->type = g_strdup (given->type);
  if (body->bytes != NULL)
    g_bytes_ref (body->bytes);
  give_body (message, body);
  g_signal_connect_data (message, "restarted", G_CALLBACK (give_body), body, free_body, 0);
}

static void
add_extras (SoupMessage *message, const ValiseHttpExtras *extras)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  const Body          body = { (char *) extras->type, extras->bytes, extras->open, extras->length,
                               extras->user_data };

  for (const char *const *name = extras->headers; name != NULL && *name != NULL; name += 2)
    soup_message_headers_replace (headers, name[0], name[1]);
  if (extras->bytes != NULL || extras->open != NULL)
    set_body (message, &body);
}

/* @body as JSON, compressed where @gzip and where that pays. */
static gboolean
add_json (SoupMessage *message, GString *text, gboolean gzip, GError **error)
{
  g_autoptr (GBytes) plain = g_bytes_new (text->str, text->len), packed = NULL;
  Body               body = { .type = (char *) "application/json", .bytes = plain };

  if (gzip && text->len >= COMPRESS_FROM)
    {
      packed = compress (text, error);
      if (packed == NULL)
        return FALSE;
    }
  if (packed != NULL && g_bytes_get_size (packed) + LEAST_SAVED <= text->len)
    {
      soup_message_headers_append (soup_message_get_request_headers (message), "Content-Encoding",
                                   "gzip");
      body.bytes = packed;
    }
  set_body (message, &body);
  return TRUE;
}

/* libsoup says `Connection: Keep-Alive` with each request, which in HTTP/1.1 goes without saying
 * (RFC 9112, 9.3). */
static void
starting_cb (SoupMessage *message, gpointer user_data)
{
  if (soup_message_get_http_version (message) == SOUP_HTTP_1_1)
    soup_message_headers_remove (soup_message_get_request_headers (message), "Connection");
}

SoupMessage *
valise_http_message_new (const char             *method,
                         const char             *url,
                         const char             *path,
                         GString                *body,
                         gboolean                gzip,
                         const char             *cookie,
                         const ValiseHttpExtras *extras,
                         GError                **error)
{
  g_autofree char        *text = g_strconcat (url, path, NULL);
  g_autoptr (GUri)        uri = g_uri_parse (text, SOUP_HTTP_URI_FLAGS, error);
  g_autoptr (SoupMessage) message = NULL;
  SoupMessageHeaders     *headers = NULL;

  if (uri == NULL)
    return NULL;
  message = soup_message_new_from_uri (method, uri);
  headers = soup_message_get_request_headers (message);
  g_signal_connect (message, "starting", G_CALLBACK (starting_cb), NULL);
  /* What is asked here may be asked twice; without saying so, libsoup opens a new connection,
   * with its handshake, for every POST. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_IDEMPOTENT);
  soup_message_headers_append (headers, "Accept", "application/json");
  soup_message_headers_append (headers, "Accept-Encoding", "zstd, gzip");
  if (cookie != NULL)
    soup_message_headers_append (headers, "Cookie", cookie);
  if (extras != NULL)
    add_extras (message, extras);
  if (body != NULL && !add_json (message, body, gzip, error))
    return NULL;
  return g_steal_pointer (&message);
}
