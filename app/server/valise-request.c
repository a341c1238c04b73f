/* valise-request.c - one HTTP request, read whole before anybody acts on it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-request"

#include "config.h"

#include <string.h>

#include "valise-request.h"

G_DEFINE_QUARK (valise_http_error, valise_http_error)

/* Decodes %XX in @length bytes of @text; NULL for a bad escape, U+0000 or what is not UTF-8. */
static char *
unescape (const char *text, gsize length, gboolean form)
{
  g_autoptr (GString) out = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++)
    {
      int high = 0;
      int low = 0;

      if (text[i] != '%')
        {
          g_string_append_c (out, form && text[i] == '+' ? ' ' : text[i]);
          continue;
        }

      high = i + 2 < length ? g_ascii_xdigit_value (text[i + 1]) : -1;
      low = i + 2 < length ? g_ascii_xdigit_value (text[i + 2]) : -1;
      if (high < 0 || low < 0 || high + low == 0)
        return NULL;
      g_string_append_c (out, (char) (high * 16 + low));
      i += 2;
    }

  if (!g_utf8_validate (out->str, (gssize) out->len, NULL))
    return NULL;
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/**
 * valise_request_parse_form:
 * @text: the part of a URL after "?", or a body of application/x-www-form-urlencoded
 *
 * Returns: (transfer full) (element-type utf8 utf8): names and values; %NULL with 400
 */
GHashTable *
valise_request_parse_form (const char *text, GError **error)
{
  g_autoptr (GHashTable) form = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv)         pairs = g_strsplit (text, "&", 1000);

  for (guint i = 0; pairs[i] != NULL; i++)
    {
      const char      *equals = strchr (pairs[i], '=');
      gsize            length = equals != NULL ? (gsize) (equals - pairs[i]) : strlen (pairs[i]);
      g_autofree char *name = unescape (pairs[i], length, TRUE);
      g_autofree char *value =
          equals != NULL ? unescape (equals + 1, strlen (equals + 1), TRUE) : g_strdup ("");

      if (name == NULL || value == NULL)
        {
          g_set_error (error, VALISE_HTTP_ERROR, 400, "The query is not properly encoded");
          return NULL;
        }
      if (*name != '\0')
        g_hash_table_replace (form, g_steal_pointer (&name), g_steal_pointer (&value));
    }

  return g_steal_pointer (&form);
}

/* Joins "_local", "x", "y" to "_local/x/y" and "_design", "x" to "_design/x": to everybody
 * behind this file they are ids, whether the client encoded the slash or not. */
static void
join_special (GPtrArray *segments)
{
  const char *second = segments->len > 2 ? g_ptr_array_index (segments, 1) : NULL;
  guint       last = 0;
  GString    *joined = NULL;

  if (g_strcmp0 (second, "_local") == 0)
    last = segments->len;
  else if (g_strcmp0 (second, "_design") == 0)
    last = 3;
  else
    return;

  joined = g_string_new (second);
  for (guint i = 2; i < last; i++)
    g_string_append_printf (joined, "/%s", (char *) g_ptr_array_index (segments, i));
  g_free (g_ptr_array_index (segments, 1));
  g_ptr_array_index (segments, 1) = g_string_free (joined, FALSE);
  g_ptr_array_remove_range (segments, 2, last - 2);
}

static char **
split_path (const char *path, GError **error)
{
  g_autoptr (GPtrArray) segments = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv)        parts = g_strsplit (path + 1, "/", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *segment = NULL;

      if (*parts[i] == '\0' && parts[i + 1] == NULL)
        break; /* "/db/" is "/db" */
      segment = unescape (parts[i], strlen (parts[i]), FALSE);
      if (segment == NULL)
        {
          g_set_error (error, VALISE_HTTP_ERROR, 400, "The path is not properly encoded");
          return NULL;
        }
      g_ptr_array_add (segments, segment);
    }

  join_special (segments);
  g_ptr_array_add (segments, NULL);
  g_ptr_array_set_free_func (segments, NULL);

  return (char **) g_ptr_array_free (g_steal_pointer (&segments), FALSE);
}

/**
 * valise_request_new:
 * @method: "GET"
 * @target: path and query, as in the request line
 *
 * Returns: (transfer full): a request without headers and with an empty body; %NULL with
 *   %VALISE_HTTP_ERROR 400
 */
ValiseRequest *
valise_request_new (const char *method, const char *target, GError **error)
{
  g_autoptr (ValiseRequest) self = NULL;
  const char               *query = strchr (target, '?');

  if (*target != '/')
    {
      g_set_error (error, VALISE_HTTP_ERROR, 400, "The request's target is not a path");
      return NULL;
    }

  self = g_new0 (ValiseRequest, 1);
  self->method = g_strdup (method);
  self->path = query != NULL ? g_strndup (target, (gsize) (query - target)) : g_strdup (target);
  self->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->body = g_bytes_new_static ("", 0);
  self->segments = split_path (self->path, error);
  if (self->segments == NULL)
    return NULL;
  self->query = valise_request_parse_form (query != NULL ? query + 1 : "", error);
  if (self->query == NULL)
    return NULL;

  return g_steal_pointer (&self);
}

void
valise_request_free (ValiseRequest *self)
{
  if (self == NULL)
    return;

  g_free (self->method);
  g_free (self->path);
  g_strfreev (self->segments);
  g_clear_pointer (&self->query, g_hash_table_unref);
  g_clear_pointer (&self->headers, g_hash_table_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self->address);
  g_free (self->key);
  g_clear_pointer (&self->person, valise_person_unref);
  g_free (self);
}

void
valise_request_set_header (ValiseRequest *self, const char *name, const char *value)
{
  g_hash_table_replace (self->headers, g_ascii_strdown (name, -1), g_strdup (value));
}

const char *
valise_request_get_header (const ValiseRequest *self, const char *name)
{
  return g_hash_table_lookup (self->headers, name);
}

const char *
valise_request_get_segment (const ValiseRequest *self, guint index)
{
  return index < g_strv_length (self->segments) ? self->segments[index] : NULL;
}

const char *
valise_request_get_query (const ValiseRequest *self, const char *name)
{
  return g_hash_table_lookup (self->query, name);
}

gboolean
valise_request_get_flag (const ValiseRequest *self, const char *name)
{
  return g_strcmp0 (valise_request_get_query (self, name), "true") == 0;
}

/**
 * valise_request_get_count:
 * @maximum: what more than that is cut to
 * @value: (inout): left alone where the query lacks @name
 *
 * Returns: %FALSE with 400 where it is no number without a sign
 */
gboolean
valise_request_get_count (const ValiseRequest *self,
                          const char          *name,
                          guint64              maximum,
                          guint64             *value,
                          GError             **error)
{
  const char *text = valise_request_get_query (self, name);
  guint64     number = 0;

  if (text == NULL)
    return TRUE;

  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &number, NULL))
    {
      g_set_error (error, VALISE_HTTP_ERROR, 400, "Invalid value for integer: \"%s\"", name);
      return FALSE;
    }
  *value = MIN (number, maximum);
  return TRUE;
}

/**
 * valise_request_dup_query_string:
 *
 * Keys come as JSON ("\"a\""); revisions, as bare text. Both are read.
 *
 * Returns: (transfer full) (nullable): the text
 */
char *
valise_request_dup_query_string (const ValiseRequest *self, const char *name)
{
  const char            *text = valise_request_get_query (self, name);
  g_autoptr (ValiseJson) json = NULL;

  if (text == NULL)
    return NULL;
  json = valise_json_scan_text (text, -1, VALISE_JSON_ANY, NULL);
  if (json != NULL && valise_json_get_kind (json, 0) == VALISE_JSON_KIND_STRING)
    return valise_json_dup_string (json, 0);

  return g_strdup (text);
}

/**
 * valise_request_scan:
 *
 * CouchDB wants application/json on a POST; some clients send no type at all, so only a type
 * that says it is something else is refused.
 *
 * Returns: (transfer full): the body; %NULL with %VALISE_HTTP_ERROR 400 or 415
 */
ValiseJson *
valise_request_scan (const ValiseRequest *self, GError **error)
{
  const char            *type = valise_request_get_header (self, "content-type");
  g_autoptr (ValiseJson) json = NULL;
  g_autoptr (GError)     syntax = NULL;

  if (type != NULL && !g_str_has_prefix (type, "application/json")
      && !g_str_has_prefix (type, "text/plain"))
    {
      g_set_error (error, VALISE_HTTP_ERROR, 415, "Content-Type must be application/json");
      return NULL;
    }

  json = valise_json_scan (self->body, VALISE_JSON_ANY, &syntax);
  if (json == NULL)
    g_set_error (error, VALISE_HTTP_ERROR, 400, "Invalid JSON: %s", syntax->message);
  else if (valise_json_get_kind (json, 0) != VALISE_JSON_KIND_OBJECT)
    g_set_error (error, VALISE_HTTP_ERROR, 400, "Request body must be a JSON object");
  else
    return g_steal_pointer (&json);

  return NULL;
}

gboolean
valise_request_takes (const ValiseRequest *self, const char *coding)
{
  const char    *accept = valise_request_get_header (self, "accept-encoding");
  g_auto (GStrv) codings = g_strsplit (accept != NULL ? accept : "", ",", 20);

  for (guint i = 0; codings[i] != NULL; i++)
    {
      char *quality = strchr (codings[i], ';');
      char *zero = NULL;

      if (quality != NULL)
        {
          *quality = '\0';
          zero = strstr (quality + 1, "q=0");
        }
      if (g_ascii_strcasecmp (g_strstrip (codings[i]), coding) == 0)
        return zero == NULL || zero[3] == '.';
    }

  return FALSE;
}

char *
valise_request_escape (const char *text)
{
  return g_uri_escape_string (text, ":@!$&'()*+,;=", FALSE);
}
