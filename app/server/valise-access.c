/* valise-access.c - who may do what, before the gate judges a document
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-access"

#include "config.h"

#include <string.h>

#include "valise-access.h"

/* As in CouchDB 3, a new database is closed until its `_security` says otherwise. */
#define CLOSED                                                                                     \
  "{\"admins\":{\"names\":[],\"roles\":[\"secretariat\"]},"                                        \
  "\"members\":{\"names\":[],\"roles\":[\"secretariat\"]}}"

/* --- who ------------------------------------------------------------------------------------ */

gboolean
valise_access_may_try (ValiseService *service, const ValiseRequest *request, ValiseAnswer *answer)
{
  g_autofree char *after = NULL;
  guint            wait_s = 0;

  if (valise_throttle_may_try (service->throttle, request->address, &wait_s))
    return TRUE;
  after = g_strdup_printf ("%u", wait_s);
  valise_answer_fail (answer, 429, "too_many_requests", "Too many failed attempts; wait.");
  valise_answer_add_header (answer, "Retry-After", after);
  return FALSE;
}

ValisePerson *
valise_access_sign_in (ValiseService       *service,
                       const ValiseRequest *request,
                       const char          *account,
                       const char          *password,
                       ValiseAnswer        *answer)
{
  ValiseAccounts    *accounts = valise_office_get_accounts (service->office);
  g_autoptr (GError) error = NULL;
  ValisePerson      *person = NULL;

  if (!valise_access_may_try (service, request, answer))
    return NULL;

  person = valise_accounts_check (accounts, account, password, &error);
  if (g_error_matches (error, VALISE_ACCOUNTS_ERROR, VALISE_ACCOUNTS_ERROR_UNKNOWN))
    {
      valise_throttle_note_failure (service->throttle, request->address);
      valise_answer_fail (answer, 401, "unauthorized", error->message);
    }
  else if (person == NULL)
    valise_answer_fail_with (answer, error);

  return person;
}

gboolean
valise_access_confirm (ValiseService *service, ValisePerson *person, ValiseAnswer *answer)
{
  ValiseAccounts    *accounts = valise_office_get_accounts (service->office);
  g_autoptr (GError) error = NULL;

  if (valise_accounts_confirm (accounts, person, &error))
    return TRUE;
  valise_answer_fail_with (answer, error);
  return FALSE;
}

/* Basic authentication: foreign clients send it with every request. */
static gboolean
identify_basic (ValiseService *service,
                ValiseRequest *request,
                const char    *credentials,
                ValiseAnswer  *answer)
{
  gsize              length = 0;
  g_autofree guchar *bytes = g_base64_decode (credentials, &length);
  g_autofree char   *text = g_strndup ((const char *) bytes, length);
  char              *colon = strchr (text, ':');

  if (colon == NULL || !g_utf8_validate (text, -1, NULL))
    {
      valise_answer_fail (answer, 401, "unauthorized", "Name or password is incorrect.");
      return FALSE;
    }

  *colon = '\0';
  request->person = valise_access_sign_in (service, request, text, colon + 1, answer);
  return request->person != NULL;
}

gboolean
valise_access_identify (ValiseService *service, ValiseRequest *request, ValiseAnswer *answer)
{
  const char *authorization = valise_request_get_header (request, "authorization");
  const char *cookies = valise_request_get_header (request, "cookie");
  gboolean    stale = FALSE;

  if (service->neighbours != NULL)
    {
      request->person = valise_neighbours_identify (service->neighbours, request->key);
      return TRUE;
    }
  if (authorization != NULL && g_ascii_strncasecmp (authorization, "Basic ", 6) == 0)
    return identify_basic (service, request, authorization + 6, answer);

  request->person = valise_sessions_check (
      service->sessions, valise_office_get_accounts (service->office), cookies, &stale);
  if (request->person != NULL && stale)
    {
      g_autofree char *cookie = valise_sessions_make_cookie (service->sessions, request->person);

      valise_answer_add_header (answer, "Set-Cookie", cookie);
    }

  return TRUE;
}

gboolean
valise_access_is_secretariat (const ValiseRequest *request)
{
  return request->person != NULL && strcmp (request->person->role, "secretariat") == 0;
}

gboolean
valise_access_check_account (const ValiseRequest *request, ValiseNeed need, ValiseAnswer *answer)
{
  if (need == VALISE_NEED_NOTHING)
    return TRUE;

  if (request->person == NULL)
    valise_answer_fail (answer, 401, "unauthorized", "You are not authorized to access this db.");
  else if (need == VALISE_NEED_SECRETARIAT && !valise_access_is_secretariat (request))
    valise_answer_fail (answer, 403, "forbidden", "Only the secretariat may do this.");
  else
    return TRUE;

  return FALSE;
}

/* --- databases ------------------------------------------------------------------------------ */

char *
valise_access_dup_security (ValiseService *service, const char *name, GError **error)
{
  g_autoptr (ValiseDatabase) database =
      valise_office_get_database (service->office, name, FALSE, error);
  g_autoptr (GError) missing = NULL;
  char              *text = NULL;

  if (database == NULL)
    return NULL;

  text = valise_database_get_local (database, VALISE_ACCESS_SECURITY_ID, NULL, &missing);
  if (text == NULL
      && g_error_matches (missing, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING))
    return g_strdup (CLOSED);
  if (text == NULL)
    g_propagate_error (error, g_steal_pointer (&missing));

  return text;
}

static gboolean
names_it (const ValiseJson *json, guint group, const char *list, const char *word)
{
  guint array = group != VALISE_JSON_NONE ? valise_json_find (json, group, list) : VALISE_JSON_NONE;
  guint token = array != VALISE_JSON_NONE ? valise_json_first (json, array) : VALISE_JSON_NONE;

  for (; token != VALISE_JSON_NONE; token = valise_json_next (json, token))
    {
      g_autofree char *text = valise_json_dup_string (json, token);

      if (g_strcmp0 (text, word) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_empty (const ValiseJson *json, guint group, const char *list)
{
  guint array = group != VALISE_JSON_NONE ? valise_json_find (json, group, list) : VALISE_JSON_NONE;

  return array == VALISE_JSON_NONE || valise_json_count (json, array) == 0;
}

/* Members and admins; without members named, everybody who signed in. */
static gboolean
is_member (const char *security, const ValisePerson *person)
{
  g_autoptr (ValiseJson) json = valise_json_scan_text (security, -1, VALISE_JSON_ANY, NULL);
  guint                  members = VALISE_JSON_NONE;
  guint                  admins = VALISE_JSON_NONE;

  if (json == NULL)
    return FALSE;

  members = valise_json_find (json, 0, "members");
  admins = valise_json_find (json, 0, "admins");
  return (is_empty (json, members, "names") && is_empty (json, members, "roles"))
         || names_it (json, members, "names", person->account)
         || names_it (json, members, "roles", person->role)
         || names_it (json, admins, "names", person->account)
         || names_it (json, admins, "roles", person->role);
}

gboolean
valise_access_allows (ValiseService      *service,
                      const char         *name,
                      const ValisePerson *person,
                      ValiseNeed          need,
                      GError            **error)
{
  ValiseProfile   *profile = valise_office_get_profile (service->office);
  g_autofree char *security = NULL;

  if (valise_profile_has_database (profile, name))
    return need == VALISE_NEED_READ
               ? valise_profile_may_read (profile, name, person->participant, person->role)
               : valise_profile_may_write (profile, name, person->participant, person->role);
  if (strcmp (person->role, "secretariat") == 0)
    return TRUE;

  security = valise_access_dup_security (service, name, error);
  return security != NULL && is_member (security, person);
}

gboolean
valise_access_may (ValiseService       *service,
                   const ValiseRequest *request,
                   ValiseNeed           need,
                   GError             **error)
{
  const char *name = valise_request_get_segment (request, 0);

  if (need < VALISE_NEED_READ)
    return TRUE;
  if (service->neighbours == NULL)
    return valise_access_allows (service, name, request->person, need, error);
  return need == VALISE_NEED_READ
             ? valise_neighbours_may_read (service->neighbours, request->person, name)
             : valise_neighbours_may_write (service->neighbours, request->person, name);
}

gboolean
valise_access_check_database (ValiseService       *service,
                              const ValiseRequest *request,
                              ValiseNeed           need,
                              ValiseAnswer        *answer)
{
  g_autoptr (GError) error = NULL;

  if (valise_access_may (service, request, need, &error))
    return TRUE;

  if (error != NULL)
    valise_answer_fail_with (answer, error);
  else
    valise_answer_fail (answer, 403, "forbidden", "You are not allowed to access this db.");
  return FALSE;
}
