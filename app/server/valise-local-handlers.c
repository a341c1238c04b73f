/* valise-local-handlers.c - `_local` documents: where a replication stands
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each account has its own: nobody can read or reset another's checkpoints. As in CouchDB,
 * a stale or missing `_rev` is no conflict.
 */

#define G_LOG_DOMAIN "valise-local-handlers"

#include "config.h"

#include <string.h>

#include "valise-handlers.h"

/* A reader may write them, so they may not be large; fifty entries of history are 20 KB. */
#define MAX_BYTES (256 * 1024)

char *
valise_local_dup_key (const ValisePerson *person, const char *id)
{
  return g_strconcat (person->account, "/", id, NULL);
}

static char *
dup_key (const ValiseRequest *request)
{
  return valise_local_dup_key (request->person,
                               valise_request_get_segment (request, 1) + strlen ("_local/"));
}

VALISE_HANDLER (get_local)
{
  g_autoptr (ValiseDatabase) database = valise_service_open (service, request, answer);
  g_autofree char           *key = dup_key (request);
  g_autofree char           *rev = NULL;
  g_autofree char           *text = NULL;
  g_autoptr (GError)         error = NULL;
  g_autoptr (GBytes)         body = NULL;
  g_autoptr (ValiseDocument) document = NULL;

  if (database == NULL)
    return;
  text = valise_database_get_local (database, key, &rev, &error);
  if (text == NULL)
    {
      valise_answer_fail_with (answer, error);
      return;
    }

  body = g_bytes_new (text, strlen (text));
  document = valise_document_new (valise_request_get_segment (request, 1), rev, FALSE, body);
  valise_document_append_json (document, VALISE_DOCUMENT_PLAIN, answer->text);
  g_string_append_c (answer->text, '\n');
}

static void
answer_rev (const ValiseRequest *request, ValiseAnswer *answer, guint status, const char *rev)
{
  answer->status = status;
  g_string_assign (answer->text, "{\"ok\":true,\"id\":");
  valise_json_append_string (answer->text, valise_request_get_segment (request, 1), -1);
  valise_answer_append_member (answer->text, "rev", rev);
  g_string_append (answer->text, "}\n");
}

VALISE_HANDLER (put_local)
{
  g_autoptr (ValiseDatabase) database = valise_service_open (service, request, answer);
  g_autofree char           *key = dup_key (request);
  g_autofree char           *rev = NULL;
  g_autofree char           *text = NULL;
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseJson)     json = NULL;
  g_autoptr (ValiseDocument) document = NULL;

  if (database == NULL)
    return;
  if (g_bytes_get_size (request->body) > MAX_BYTES)
    {
      valise_answer_fail (answer, 413, "document_too_large", "A _local document may be 256 KiB.");
      return;
    }

  json = valise_request_scan (request, &error);
  if (json != NULL)
    document = valise_document_from_json (json, 0, &error);
  if (document != NULL)
    {
      text = g_strndup (g_bytes_get_data (document->body, NULL), g_bytes_get_size (document->body));
      rev = valise_database_put_local (database, key, text, &error);
    }
  if (rev != NULL)
    answer_rev (request, answer, 201, rev);
  else
    valise_answer_fail_with (answer, error);
}

VALISE_HANDLER (delete_local)
{
  g_autoptr (ValiseDatabase) database = valise_service_open (service, request, answer);
  g_autofree char           *key = dup_key (request);
  g_autoptr (GError)         error = NULL;

  if (database == NULL)
    return;

  if (valise_database_delete_local (database, key, &error))
    answer_rev (request, answer, 200, "0-0");
  else
    valise_answer_fail_with (answer, error);
}
