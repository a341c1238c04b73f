/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-http-error"

#include "config.h"

#include "valise-clock.h"
#include "valise-http-error.h"

#define MAX_RETRY_AFTER_S 300

/* No answer a captive portal gives has these as its type, and no CouchDB gives that one. */
#define PORTAL_TYPE "text/html"

static ValisePeerError
classify (const GError *failure)
{
  if (failure->domain != G_TLS_ERROR)
    return VALISE_PEER_ERROR_NETWORK;

  switch (failure->code)
    {
    case G_TLS_ERROR_BAD_CERTIFICATE:
    case G_TLS_ERROR_BAD_CERTIFICATE_PASSWORD:
      return VALISE_PEER_ERROR_IDENTITY;
    case G_TLS_ERROR_NOT_TLS: /* plain words on the secure port: a portal's trick */
      return VALISE_PEER_ERROR_PORTAL;
    default:
      return VALISE_PEER_ERROR_NETWORK;
    }
}

void
valise_http_error_propagate (GError **error, GError *failure)
{
  if (!g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      && failure->domain != VALISE_PEER_ERROR)
    {
      failure->code = (int) classify (failure);
      failure->domain = VALISE_PEER_ERROR;
    }
  g_propagate_error (error, failure);
}

gboolean
valise_http_error_is_portal (SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  SoupStatus          status = soup_message_get_status (message);
  const char         *type = soup_message_headers_get_content_type (headers, NULL);
  gboolean            html = type != NULL && g_ascii_strcasecmp (type, PORTAL_TYPE) == 0;

  /* A proxy before the real server may say in HTML that it is down or that a body is too
   * long; that is the server's own failure. */
  return status == 511 || SOUP_STATUS_IS_REDIRECTION (status)
         || (html
             && (SOUP_STATUS_IS_SUCCESSFUL (status) || status == 401 || status == 403
                 || status == 404));
}

static ValisePeerError
classify_status (SoupMessage *message)
{
  SoupStatus status = soup_message_get_status (message);

  if (valise_http_error_is_portal (message))
    return VALISE_PEER_ERROR_PORTAL;

  switch ((guint) status)
    {
    case 401:
      return VALISE_PEER_ERROR_CREDENTIALS;
    case 403:
      return VALISE_PEER_ERROR_FORBIDDEN;
    case 404:
      return VALISE_PEER_ERROR_MISSING;
    case 408:
      return VALISE_PEER_ERROR_SERVER;
    case 413:
      return VALISE_PEER_ERROR_TOO_LARGE;
    case 429:
      return VALISE_PEER_ERROR_BUSY;
    case 503:
      return valise_http_error_get_retry_after (message) > 0 ? VALISE_PEER_ERROR_BUSY
                                                             : VALISE_PEER_ERROR_SERVER;
    default:
      return status >= 500 ? VALISE_PEER_ERROR_SERVER : VALISE_PEER_ERROR_PROTOCOL;
    }
}

void
valise_http_error_set (GError **error, SoupMessage *message, const ValiseJson *body)
{
  g_autofree char *name = NULL, *reason = NULL;

  if (body != NULL)
    {
      name = valise_json_dup_member (body, 0, "error");
      reason = valise_json_dup_member (body, 0, "reason");
    }
  g_set_error (error, VALISE_PEER_ERROR, (int) classify_status (message), "%s %s: %u%s%s%s%s",
               soup_message_get_method (message), g_uri_get_path (soup_message_get_uri (message)),
               soup_message_get_status (message), name != NULL ? " " : "", name != NULL ? name : "",
               reason != NULL ? ": " : "", reason != NULL ? reason : "");
}

guint
valise_http_error_get_retry_after (SoupMessage *message)
{
  const char *text =
      soup_message_headers_get_one (soup_message_get_response_headers (message), "Retry-After");
  g_autoptr (GDateTime) date = NULL;
  guint64               seconds = 0;

  if (text == NULL)
    return 0;
  if (g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT, &seconds, NULL))
    return (guint) MIN (seconds, MAX_RETRY_AFTER_S);

  date = soup_date_time_new_from_http_string (text);
  if (date == NULL)
    return 0;
  return (guint) CLAMP (g_date_time_to_unix (date) - valise_clock_now () / G_USEC_PER_SEC, 1,
                        MAX_RETRY_AFTER_S);
}
