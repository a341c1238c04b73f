/* valise-service.c - what every handler works with
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-service"

#include "config.h"

#include <string.h>

#include "valise-service.h"

ValiseDatabase *
valise_service_open (ValiseService *service, const ValiseRequest *request, ValiseAnswer *answer)
{
  const char        *name = valise_request_get_segment (request, 0);
  g_autoptr (GError) error = NULL;
  ValiseDatabase    *database = valise_office_get_database (service->office, name, FALSE, &error);

  if (database == NULL)
    valise_answer_fail_with (answer, error);

  return database;
}

void
valise_service_set_cacheable (ValiseService       *service,
                              const ValiseRequest *request,
                              ValiseDatabase      *database,
                              ValiseAnswer        *answer)
{
  g_autoptr (GString) key = g_string_new (NULL);
  g_autoptr (GList)   names =
      g_list_sort (g_hash_table_get_keys (request->query), (GCompareFunc) strcmp);
  g_autofree char   *body = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, request->body);
  ValiseDatabaseInfo info = { 0 };

  if (!valise_database_get_info (database, &info, NULL))
    return;

  g_string_append_printf (key, "%s %" G_GINT64_FORMAT " %s %s %s", info.uuid, info.update_seq,
                          request->method, request->path, body);
  for (GList *name = names; name != NULL; name = name->next)
    g_string_append_printf (key, "\n%s=%s", (char *) name->data,
                            valise_request_get_query (request, name->data));
  g_free (answer->cache_key);
  answer->cache_key = g_string_free (g_steal_pointer (&key), FALSE);
}

void
valise_sequence_append (GString *out, gint64 seq, const char *uuid)
{
  g_string_append_printf (out, "\"%" G_GINT64_FORMAT "-%.*s\"", seq, VALISE_EPOCH_LENGTH, uuid);
}

gint64
valise_sequence_parse (const char *text, const ValiseDatabaseInfo *info)
{
  char  *end = NULL;
  gint64 seq = 0;

  if (text == NULL)
    return 0;
  if (strcmp (text, "now") == 0)
    return info->update_seq;

  seq = g_ascii_strtoll (text, &end, 10);
  if (end == text || *end != '-' || strncmp (end + 1, info->uuid, VALISE_EPOCH_LENGTH) != 0)
    return 0;
  /* What a stream adds to it is of no meaning elsewhere. */
  end += 1 + VALISE_EPOCH_LENGTH;
  if (*end != '\0' && *end != '.')
    return 0;

  return seq > 0 && seq <= info->update_seq ? seq : 0;
}
