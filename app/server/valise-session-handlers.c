/* valise-session-handlers.c - signing in and out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-session-handlers"

#include "config.h"

#include <string.h>

#include "valise-access.h"
#include "valise-handlers.h"

static void
append_person (GString *out, const ValisePerson *person)
{
  g_string_append (out, "\"name\":");
  if (person != NULL)
    valise_json_append_string (out, person->account, -1);
  else
    g_string_append (out, "null");
  g_string_append (out, ",\"roles\":[");
  if (person != NULL)
    valise_json_append_string (out, person->role, -1);
  g_string_append_c (out, ']');
}

VALISE_HANDLER (get_session)
{
  g_string_assign (answer->text, "{\"ok\":true,\"userCtx\":{");
  append_person (answer->text, request->person);
  g_string_append (answer->text,
                   "},\"info\":{\"authentication_handlers\":[\"cookie\",\"default\"]");
  if (request->person != NULL)
    g_string_append (answer->text, valise_request_get_header (request, "authorization") != NULL
                                       ? ",\"authenticated\":\"default\""
                                       : ",\"authenticated\":\"cookie\"");
  g_string_append (answer->text, "}}\n");
}

/* Name and password from a form or a JSON object. */
static gboolean
read_credentials (const ValiseRequest *request, char **name, char **password, GError **error)
{
  const char            *type = valise_request_get_header (request, "content-type");
  g_autoptr (ValiseJson) json = NULL;

  if (type != NULL && g_str_has_prefix (type, "application/x-www-form-urlencoded"))
    {
      gsize                  length = 0;
      const char            *data = g_bytes_get_data (request->body, &length);
      g_autofree char       *text = g_strndup (data, length);
      g_autoptr (GHashTable) form = valise_request_parse_form (text, error);

      if (form == NULL)
        return FALSE;
      *name = g_strdup (g_hash_table_lookup (form, "name"));
      *password = g_strdup (g_hash_table_lookup (form, "password"));
      return TRUE;
    }

  json = valise_request_scan (request, error);
  if (json == NULL)
    return FALSE;
  *name = valise_json_dup_member (json, 0, "name");
  *password = valise_json_dup_member (json, 0, "password");
  return TRUE;
}

VALISE_HANDLER (post_session)
{
  g_autofree char         *name = NULL;
  g_autofree char         *password = NULL;
  g_autofree char         *cookie = NULL;
  g_autoptr (GError)       error = NULL;
  g_autoptr (ValisePerson) person = NULL;

  if (!read_credentials (request, &name, &password, &error))
    {
      valise_answer_fail_with (answer, error);
      return;
    }
  person = valise_access_sign_in (service, request, name != NULL ? name : "",
                                  password != NULL ? password : "", answer);
  if (person == NULL || !valise_access_confirm (service, person, answer))
    return;

  cookie = valise_sessions_make_cookie (service->sessions, person);
  valise_answer_add_header (answer, "Set-Cookie", cookie);
  g_string_assign (answer->text, "{\"ok\":true,");
  append_person (answer->text, person);
  g_string_append (answer->text, "}\n");
}

VALISE_HANDLER (delete_session)
{
  g_autofree char *cookie = valise_sessions_make_cookie (service->sessions, NULL);

  valise_answer_ok (answer, 200);
  valise_answer_add_header (answer, "Set-Cookie", cookie);
}
