/* valise-routes.c - which handler answers what
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-routes"

#include "config.h"

#include <string.h>

#include "valise-handlers.h"
#include "valise-routes.h"

#define NOTHING     VALISE_NEED_NOTHING
#define ACCOUNT     VALISE_NEED_ACCOUNT
#define SECRETARIAT VALISE_NEED_SECRETARIAT
#define READ        VALISE_NEED_READ
#define WRITE       VALISE_NEED_WRITE

/* `_local` documents are a reader's too: without its checkpoint a reader would start anew
 * each time (couchbase-lite-ios#726). Strangers reach the seven that
 * need nothing, and of a laptop the two that is_for_neighbours() leaves them. */
static const ValiseRoute routes[] = {
  { "GET,HEAD", "", NOTHING, FALSE, valise_handle_welcome },
  { "GET,HEAD", "_up", NOTHING, FALSE, valise_handle_up },
  { "GET,HEAD", "_session", NOTHING, FALSE, valise_handle_get_session },
  { "POST", "_session", NOTHING, FALSE, valise_handle_post_session },
  { "DELETE", "_session", NOTHING, FALSE, valise_handle_delete_session },
  { "GET,HEAD", "_all_dbs", SECRETARIAT, FALSE, valise_handle_all_dbs },
  { "POST", "_valise/join", NOTHING, TRUE, valise_handle_join },
  { "POST", "_valise/pair", NOTHING, TRUE, valise_handle_pair },
  { "GET,HEAD", "_valise/account", ACCOUNT, FALSE, valise_handle_account },
  { "POST", "_valise/poll", ACCOUNT, FALSE, valise_handle_poll },

  { "PUT", "$db", SECRETARIAT, TRUE, valise_handle_create_database },
  { "DELETE", "$db", SECRETARIAT, TRUE, valise_handle_delete_database },
  { "GET,HEAD", "$db", READ, FALSE, valise_handle_get_database },
  { "POST", "$db", WRITE, TRUE, valise_handle_post_document },
  { "GET,HEAD", "$db/_security", READ, FALSE, valise_handle_get_security },
  { "PUT", "$db/_security", SECRETARIAT, TRUE, valise_handle_put_security },
  { "POST", "$db/_ensure_full_commit", READ, FALSE, valise_handle_ensure_full_commit },
  { "POST", "$db/_compact", SECRETARIAT, FALSE, valise_handle_compact },
  { "GET,HEAD", "$db/_revs_limit", READ, FALSE, valise_handle_get_revs_limit },
  { "GET,HEAD,POST", "$db/_all_docs", READ, FALSE, valise_handle_all_docs },
  { "GET,HEAD,POST", "$db/_changes", READ, FALSE, valise_handle_changes },
  { "POST", "$db/_revs_diff", READ, FALSE, valise_handle_revs_diff },
  { "POST", "$db/_missing_revs", READ, FALSE, valise_handle_missing_revs },
  { "POST", "$db/_bulk_get", READ, FALSE, valise_handle_bulk_get },
  { "POST", "$db/_valise/stream", READ, FALSE, valise_handle_stream },
  { "POST", "$db/_bulk_docs", WRITE, TRUE, valise_handle_bulk_docs },
  { "GET,HEAD", "$db/_files/$id", WRITE, FALSE, valise_handle_get_upload },
  { "PUT", "$db/_files/$id", WRITE, TRUE, valise_handle_put_upload },

  { "GET,HEAD", "$db/$local", READ, FALSE, valise_handle_get_local },
  { "PUT", "$db/$local", READ, TRUE, valise_handle_put_local },
  { "DELETE", "$db/$local", READ, TRUE, valise_handle_delete_local },
  { "GET,HEAD", "$db/$id", READ, FALSE, valise_handle_get_document },
  { "PUT", "$db/$id", WRITE, TRUE, valise_handle_put_document },
  { "DELETE", "$db/$id", WRITE, TRUE, valise_handle_delete_document },
  { "GET,HEAD", "$db/$id/$rest", READ, FALSE, valise_handle_get_attachment },
  { "PUT", "$db/$id/$rest", WRITE, TRUE, valise_handle_put_attachment },
  { "DELETE", "$db/$id/$rest", WRITE, TRUE, valise_handle_delete_attachment },
};

/* Whether @segment is what @part of a pattern says. */
static gboolean
matches_part (const char *part, gsize length, const char *segment)
{
  if (strncmp (part, "$db", length) == 0)
    return *segment != '_' && *segment != '\0';
  if (strncmp (part, "$local", length) == 0)
    return g_str_has_prefix (segment, "_local/");
  if (strncmp (part, "$id", length) == 0)
    return *segment != '\0' && (*segment != '_' || g_str_has_prefix (segment, "_design/"));

  return strlen (segment) == length && strncmp (part, segment, length) == 0;
}

static gboolean
matches (const ValiseRoute *route, char **segments)
{
  const char *part = route->pattern;

  while (*part != '\0' && *segments != NULL)
    {
      gsize length = strcspn (part, "/");

      if (strncmp (part, "$rest", length) == 0 && length == strlen ("$rest"))
        return TRUE;
      if (!matches_part (part, length, *segments))
        return FALSE;
      segments++;
      part += length + (part[length] == '/' ? 1 : 0);
    }

  return *part == '\0' && *segments == NULL;
}

static gboolean
has_method (const ValiseRoute *route, const char *method)
{
  g_auto (GStrv) methods = g_strsplit (route->methods, ",", -1);

  return g_strv_contains ((const char *const *) methods, method);
}

/* The route, or NULL with 404 or 405 in @answer. */
static const ValiseRoute *
find (const ValiseRequest *request, ValiseAnswer *answer)
{
  g_autoptr (GString) allowed = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      if (!matches (&routes[i], request->segments))
        continue;
      if (has_method (&routes[i], request->method))
        return &routes[i];
      g_string_append_printf (allowed, "%s%s", allowed->len > 0 ? "," : "", routes[i].methods);
    }

  if (allowed->len > 0)
    {
      g_autofree char *reason = g_strdup_printf ("Only %s allowed", allowed->str);

      valise_answer_fail (answer, 405, "method_not_allowed", reason);
      valise_answer_add_header (answer, "Allow", allowed->str);
    }
  else
    valise_answer_fail (answer, 404, "not_found", "missing");
  return NULL;
}

/* A laptop has no accounts and no secretariat: it pairs, colleagues read,
 * and bring what they wrote, files before the documents that name them. */
static gboolean
is_for_neighbours (const ValiseRoute *route)
{
  return route->handler == valise_handle_pair || route->handler == valise_handle_welcome
         || route->handler == valise_handle_bulk_docs || route->handler == valise_handle_get_upload
         || route->handler == valise_handle_put_upload
         || (route->need == VALISE_NEED_READ && !route->writes);
}

const ValiseRoute *
valise_routes_admit (ValiseService *service, ValiseRequest *request, ValiseAnswer *answer)
{
  const ValiseRoute *route = find (request, answer);

  if (route == NULL)
    return NULL;

  if (service->neighbours != NULL && !is_for_neighbours (route))
    {
      valise_answer_fail (answer, 403, "forbidden", "A laptop lets its colleagues replicate.");
      return NULL;
    }
  /* A sign-in replaces whoever one was, so an old password in the way does no harm. */
  if (route->handler != valise_handle_post_session
      && !valise_access_identify (service, request, answer))
    return NULL;
  if (!valise_access_check_account (request, route->need, answer))
    return NULL;

  return route;
}

void
valise_routes_run (ValiseService       *service,
                   const ValiseRoute   *route,
                   const ValiseRequest *request,
                   ValiseAnswer        *answer)
{
  /* Who came with a password was let in by the network's thread, which waits for no disk. */
  if (valise_request_get_header (request, "authorization") != NULL && request->person != NULL
      && service->neighbours == NULL && !valise_access_confirm (service, request->person, answer))
    return;
  if (valise_access_check_database (service, request, route->need, answer))
    route->handler (service, request, answer);
}
