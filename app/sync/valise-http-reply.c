/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-http-reply"

#include "config.h"

#include "valise-http-error.h"
#include "valise-http-reply.h"

#define MAX_SHORT_BODY (64 << 10) /* bytes read of an answer that says no, or that nobody wants */
#define READ_SIZE      (16 << 10)

static GString *
read_all (ValiseHttpReply *self, gsize max, GCancellable *cancellable, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char    *buffer = g_malloc (READ_SIZE);
  gssize              n = 0;

  while ((n = valise_http_reply_read (self, buffer, READ_SIZE, cancellable, error)) > 0)
    {
      if (text->len + (gsize) n > max)
        {
          g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL,
                       "An answer is longer than %" G_GSIZE_FORMAT " bytes", max);
          return NULL;
        }
      g_string_append_len (text, buffer, n);
    }
  return n < 0 ? NULL : g_steal_pointer (&text);
}

void
valise_http_reply_drain (ValiseHttpReply *self, GCancellable *cancellable)
{
  g_autoptr (GString) rest = read_all (self, MAX_SHORT_BODY, cancellable, NULL);
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

ValiseJson *
valise_http_reply_read_json (ValiseHttpReply *self,
                             gsize            max,
                             GCancellable    *cancellable,
                             GError         **error)
{
  g_autoptr (GString) text = read_all (self, max, cancellable, error);

  return text != NULL ? parse_answer (text, error) : NULL;
}

void
valise_http_reply_set_error (ValiseHttpReply *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GString)    text = read_all (self, MAX_SHORT_BODY, cancellable, NULL);
  g_autoptr (ValiseJson) json = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return;
  if (text != NULL)
    json = valise_json_scan_text (text->str, (gssize) text->len, VALISE_JSON_ANY, NULL);
  valise_http_error_set (error, self->message, json);
}
