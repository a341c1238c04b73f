/* valise-database-handlers.c - a database as a whole
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-database-handlers"

#include "config.h"

#include <string.h>

#include "valise-access.h"
#include "valise-handlers.h"

VALISE_HANDLER (create_database)
{
  const char                *name = valise_request_get_segment (request, 0);
  g_autofree char           *location = valise_request_escape (name);
  g_autofree char           *path = g_strconcat ("/", location, NULL);
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) database =
      valise_office_get_database (service->office, name, FALSE, &error);

  if (database != NULL)
    {
      valise_answer_fail (answer, 412, "file_exists",
                          "The database could not be created, the file already exists.");
      return;
    }
  if (!g_error_matches (error, VALISE_HOME_ERROR, VALISE_HOME_ERROR_NO_DATABASE))
    {
      valise_answer_fail_with (answer, error);
      return;
    }

  g_clear_error (&error);
  database = valise_office_get_database (service->office, name, TRUE, &error);
  if (database == NULL)
    {
      valise_answer_fail_with (answer, error);
      return;
    }
  valise_answer_ok (answer, 201);
  valise_answer_add_header (answer, "Location", path);
}

VALISE_HANDLER (delete_database)
{
  const char                *name = valise_request_get_segment (request, 0);
  ValiseProfile             *profile = valise_office_get_profile (service->office);
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) database = NULL;

  if (valise_profile_has_database (profile, name))
    {
      valise_answer_fail (answer, 403, "forbidden", "This database is the programme's own.");
      return;
    }
  database = valise_service_open (service, request, answer);
  if (database == NULL)
    return;

  if (valise_office_delete_database (service->office, name, &error))
    valise_answer_ok (answer, 200);
  else
    valise_answer_fail_with (answer, error);
}

static void
append_info (GString *out, const char *name, const ValiseDatabaseInfo *info)
{
  g_string_append (out, "{\"db_name\":");
  valise_json_append_string (out, name, -1);
  g_string_append (out, ",\"purge_seq\":\"0\",\"update_seq\":");
  valise_sequence_append (out, info->update_seq, info->uuid);
  g_string_append_printf (
      out,
      ",\"sizes\":{\"file\":%" G_GINT64_FORMAT ",\"external\":%" G_GINT64_FORMAT
      ",\"active\":%" G_GINT64_FORMAT "},\"props\":{},\"doc_del_count\":%" G_GINT64_FORMAT
      ",\"doc_count\":%" G_GINT64_FORMAT ",\"disk_format_version\":8,\"compact_running\":false,"
      "\"cluster\":{\"q\":1,\"n\":1,\"w\":1,\"r\":1},\"uuid\":\"%s\",",
      info->size, info->size, info->size, info->deleted, info->documents, info->uuid);
  g_string_append_printf (out,
                          "\"instance_start_time\":\"%" G_GINT64_FORMAT
                          "\",\"features\":[\"stream\",\"known\"]}\n",
                          info->created_us);
}

VALISE_HANDLER (get_database)
{
  g_autoptr (ValiseDatabase) database = valise_service_open (service, request, answer);
  g_autoptr (GError)         error = NULL;
  ValiseDatabaseInfo         info = { 0 };

  if (database == NULL)
    return;

  if (valise_database_get_info (database, &info, &error))
    append_info (answer->text, valise_request_get_segment (request, 0), &info);
  else
    valise_answer_fail_with (answer, error);
}

/* Who of the profile's roles may read (or write) @name, as a JSON array. */
static void
append_roles (GString *out, ValiseProfile *profile, const char *name, gboolean writes)
{
  const char *const *roles = valise_profile_get_roles (profile);
  guint              listed = 0;

  g_string_append (out, "{\"names\":[],\"roles\":[");
  for (guint i = 0; roles[i] != NULL; i++)
    {
      gboolean secretariat = strcmp (roles[i], "secretariat") == 0;
      /* A desk is asked for as its own participant would. */
      const char *whose = g_str_has_prefix (name, "desk-") ? name + strlen ("desk-") : "xxx";
      const char *participant = secretariat ? "secretariat" : whose;

      if (writes ? !valise_profile_may_write (profile, name, participant, roles[i])
                 : !valise_profile_may_read (profile, name, participant, roles[i]))
        continue;
      if (listed++ > 0)
        g_string_append_c (out, ',');
      valise_json_append_string (out, roles[i], -1);
    }
  g_string_append (out, "]}");
}

VALISE_HANDLER (get_security)
{
  const char        *name = valise_request_get_segment (request, 0);
  ValiseProfile     *profile = valise_office_get_profile (service->office);
  g_autoptr (GError) error = NULL;
  g_autofree char   *text = NULL;

  if (valise_profile_has_database (profile, name))
    {
      g_string_append (answer->text, "{\"admins\":");
      append_roles (answer->text, profile, name, TRUE);
      g_string_append (answer->text, ",\"members\":");
      append_roles (answer->text, profile, name, FALSE);
      g_string_append (answer->text, "}\n");
      return;
    }

  text = valise_access_dup_security (service, name, &error);
  if (text != NULL)
    g_string_assign (answer->text, text);
  else
    valise_answer_fail_with (answer, error);
}

VALISE_HANDLER (put_security)
{
  const char                *name = valise_request_get_segment (request, 0);
  g_autoptr (ValiseDatabase) database = valise_service_open (service, request, answer);
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseJson)     json = valise_request_scan (request, &error);
  g_autofree char           *text = json != NULL ? valise_json_dup_raw (json, 0) : NULL;
  g_autofree char           *rev = NULL;

  if (database == NULL)
    return;
  if (valise_profile_has_database (valise_office_get_profile (service->office), name))
    {
      valise_answer_fail (answer, 403, "forbidden", "The profile says who may use this database.");
      return;
    }

  if (text != NULL)
    rev = valise_database_put_local (database, VALISE_ACCESS_SECURITY_ID, text, &error);
  if (rev != NULL)
    valise_answer_ok (answer, 200);
  else
    valise_answer_fail_with (answer, error);
}

/* Every write is durable before it is answered, so there is nothing left to do. */
VALISE_HANDLER (ensure_full_commit)
{
  g_autoptr (ValiseDatabase) database = valise_service_open (service, request, answer);
  g_autoptr (GError)         error = NULL;
  ValiseDatabaseInfo         info = { 0 };

  if (database == NULL)
    return;
  if (!valise_database_get_info (database, &info, &error))
    {
      valise_answer_fail_with (answer, error);
      return;
    }

  answer->status = 201;
  g_string_printf (answer->text, "{\"ok\":true,\"instance_start_time\":\"%" G_GINT64_FORMAT "\"}\n",
                   info.created_us);
}

/* SQLite reuses the room of what was replaced; a compaction has nothing to start. */
VALISE_HANDLER (compact)
{
  g_autoptr (ValiseDatabase) database = valise_service_open (service, request, answer);

  if (database != NULL)
    valise_answer_ok (answer, 202);
}

VALISE_HANDLER (get_revs_limit)
{
  g_autoptr (ValiseDatabase) database = valise_service_open (service, request, answer);

  if (database != NULL)
    g_string_printf (answer->text, "%d\n", VALISE_REVISION_MAX_DEPTH);
}
