/* couch-answers.h - enough of CouchDB's protocol, on a database, to test a client against
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Written apart from what it tests, and without its parts for reading and writing JSON of the
 * protocol.
 */

#pragma once

#include <string.h>

#include "valise-database.h"

/* One question, and what is answered. */
typedef struct
{
  const char *method;
  const char *path;  /* without the query */
  GHashTable *query; /* unescaped, or NULL */
  GBytes     *body;
  GString    *answer;
  guint       status;
} CouchCall;

static void
couch_fail (CouchCall *call, guint status, const char *error)
{
  call->status = status;
  g_string_printf (call->answer, "{\"error\":\"%s\",\"reason\":\"as the test wants it\"}\n", error);
}

static const char *
couch_get_query (CouchCall *call, const char *name)
{
  return call->query != NULL ? g_hash_table_lookup (call->query, name) : NULL;
}

/* Whether it names its database's epoch, as our own server does: then what it gives is believed
 * without a seal, which a CouchDB's is not. */
static gboolean couch_is_ours = FALSE;

static void
couch_describe (CouchCall *call, ValiseDatabase *database)
{
  ValiseDatabaseInfo info = { 0 };

  g_assert_true (valise_database_get_info (database, &info, NULL));
  g_string_append_c (call->answer, '{');
  if (couch_is_ours)
    g_string_append_printf (call->answer, "\"uuid\":\"%s\",", info.uuid);
  g_string_append_printf (
      call->answer,
      "\"db_name\":\"%s\",\"doc_count\":%" G_GINT64_FORMAT ",\"update_seq\":\"%" G_GINT64_FORMAT
      "-x\",\"instance_start_time\":\"%" G_GINT64_FORMAT "\"}\n",
      valise_database_get_name (database), info.documents, info.update_seq, info.created_us);
}

static void
couch_local (CouchCall *call, ValiseDatabase *database, const char *id)
{
  g_autofree char *rev = NULL, *body = NULL, *text = NULL;

  if (g_str_equal (call->method, "GET"))
    {
      body = valise_database_get_local (database, id, &rev, NULL);
      if (body == NULL)
        couch_fail (call, 404, "not_found");
      else
        g_string_append_printf (call->answer, "{\"_id\":\"_local/%s\",\"_rev\":\"%s\",%s", id, rev,
                                strchr (body, '{') + 1);
      return;
    }
  text = g_strndup (g_bytes_get_data (call->body, NULL), g_bytes_get_size (call->body));
  body = g_str_has_prefix (text, "{\"_rev\":") ? g_strconcat ("{", strchr (text, ',') + 1, NULL)
                                               : g_steal_pointer (&text);
  rev = valise_database_put_local (database, id, body, NULL);
  g_assert_nonnull (rev);
  call->status = 201;
  g_string_append_printf (call->answer, "{\"ok\":true,\"id\":\"_local/%s\",\"rev\":\"%s\"}\n", id,
                          rev);
}

static gboolean
couch_append_row (const ValiseChange *change, gpointer user_data)
{
  GString *out = user_data;

  g_string_append (out, out->str[out->len - 2] == '[' ? "" : ",\n");
  g_string_append_printf (out, "{\"seq\": null , \"changes\": [");
  for (guint i = 0; i < change->leaves->len; i++)
    g_string_append_printf (out, "%s{\"rev\":\"%s\"}", i > 0 ? "," : "",
                            ((ValiseRevisionLeaf *) g_ptr_array_index (change->leaves, i))->rev);
  g_string_append (out, "], \"id\": ");
  valise_json_append_string (out, change->id, -1);
  g_string_append (out, change->deleted ? ",\"deleted\":true}" : "}");
  return TRUE;
}

static void
couch_changes (CouchCall *call, ValiseDatabase *database)
{
  const char *since = couch_get_query (call, "since"), *limit = couch_get_query (call, "limit");
  gint64      last = 0, pending = 0;

  g_string_append (call->answer, "{\"results\":[\n");
  g_assert_true (valise_database_changes (
      database, since != NULL ? g_ascii_strtoll (since, NULL, 10) : 0,
      limit != NULL ? (guint) g_ascii_strtoull (limit, NULL, 10) : 0, VALISE_CHANGES_ALL_LEAVES,
      couch_append_row, call->answer, &last, &pending, NULL));
  g_string_append_printf (call->answer,
                          "\n],\n\"last_seq\":\"%" G_GINT64_FORMAT
                          "-x/y\",\"pending\":%" G_GINT64_FORMAT "}\n",
                          last, pending);
}

static void
couch_append_leaves (GString *out, ValiseDatabase *database, const char *id, const char *rev)
{
  g_autoptr (GPtrArray)      found = NULL;
  g_autoptr (ValiseDocument) winner = NULL;

  if (rev != NULL)
    found = valise_database_get_latest (database, id, rev, NULL);
  else
    winner = valise_database_get (database, id, NULL, NULL);
  if (winner == NULL && (found == NULL || found->len == 0))
    g_string_append_printf (out, "{\"error\":{\"error\":\"not_found\",\"reason\":\"missing\"}}");
  for (guint i = 0; i < (found != NULL ? found->len : winner != NULL); i++)
    {
      g_string_append (out, i > 0 ? ", {\"ok\" : " : "{\"ok\" : ");
      valise_document_append_json (found != NULL ? g_ptr_array_index (found, i) : winner,
                                   VALISE_DOCUMENT_REVISIONS, out);
      g_string_append_c (out, '}');
    }
}

static void
couch_bulk_get (CouchCall *call, ValiseDatabase *database)
{
  g_autoptr (ValiseJson) json = valise_json_scan (call->body, VALISE_JSON_ANY, NULL);
  guint                  docs = valise_json_find (json, 0, "docs");

  g_string_append (call->answer, "{\"results\": [");
  for (guint token = valise_json_first (json, docs); token != VALISE_JSON_NONE;
       token = valise_json_next (json, token))
    {
      g_autofree char *id = valise_json_dup_member (json, token, "id");
      g_autofree char *rev = valise_json_dup_member (json, token, "rev");

      if (token != valise_json_first (json, docs))
        g_string_append_c (call->answer, ',');
      g_string_append (call->answer, "\n {\"docs\":[");
      couch_append_leaves (call->answer, database, id, rev);
      g_string_append (call->answer, "],\"id\":");
      valise_json_append_string (call->answer, id, -1);
      g_string_append_c (call->answer, '}');
    }
  g_string_append (call->answer, "]}\n");
}

static void
couch_revs_diff (CouchCall *call, ValiseDatabase *database)
{
  g_autoptr (ValiseJson) json = valise_json_scan (call->body, VALISE_JSON_ANY, NULL);

  g_string_append_c (call->answer, '{');
  for (guint token = valise_json_first (json, 0); token != VALISE_JSON_NONE;
       token = valise_json_next (json, token))
    {
      g_autofree char *id = valise_json_dup_name (json, token);
      g_autofree char *rev = valise_json_dup_string (json, valise_json_first (json, token));
      const char      *revs[] = { rev, NULL };
      g_auto (GStrv)   missing = valise_database_diff (database, id, revs, NULL, NULL, NULL);

      if (missing == NULL)
        continue;
      g_string_append (call->answer, call->answer->len > 1 ? "," : "");
      valise_json_append_string (call->answer, id, -1);
      g_string_append_printf (call->answer, ":{\"missing\":[\"%s\"]}", rev);
    }
  g_string_append (call->answer, "}\n");
}

/* A document whose id holds "refuse" is refused. */
static void
couch_bulk_docs (CouchCall *call, ValiseDatabase *database)
{
  g_autoptr (ValiseJson) json = valise_json_scan (call->body, VALISE_JSON_ANY, NULL);
  guint                  docs = valise_json_find (json, 0, "docs");
  ValiseBatch           *batch = valise_database_begin (database, NULL);

  call->status = 201;
  g_string_append_c (call->answer, '[');
  for (guint token = valise_json_first (json, docs); token != VALISE_JSON_NONE;
       token = valise_json_next (json, token))
    {
      g_autoptr (ValiseDocument) document = valise_document_from_json (json, token, NULL);
      ValiseMerge                merge = VALISE_MERGE_KNOWN;

      g_assert_nonnull (document);
      if (strstr (document->id, "refuse") == NULL)
        g_assert_true (valise_batch_merge (batch, document, &merge, NULL));
      else
        g_string_append_printf (call->answer,
                                "%s{\"id\":\"%s\",\"error\":\"forbidden\",\"reason\":\"no\"}",
                                call->answer->len > 1 ? "," : "", document->id);
    }
  g_assert_true (valise_batch_commit (batch, NULL));
  g_string_append (call->answer, "]\n");
}

static void
couch_document (CouchCall *call, ValiseDatabase *database, const char *id)
{
  const char                *open_revs = couch_get_query (call, "open_revs");
  g_autoptr (ValiseDocument) document = NULL;

  if (open_revs != NULL)
    {
      g_autoptr (ValiseJson) json = valise_json_scan_text (open_revs, -1, VALISE_JSON_ANY, NULL);
      g_autofree char       *rev = valise_json_dup_string (json, valise_json_first (json, 0));

      g_string_append_c (call->answer, '[');
      couch_append_leaves (call->answer, database, id, rev);
      g_string_append_c (call->answer, ']');
      return;
    }
  document = valise_database_get (database, id, NULL, NULL);
  if (document == NULL)
    couch_fail (call, 404, "not_found");
  else
    valise_document_append_json (document, VALISE_DOCUMENT_REVISIONS, call->answer);
}

/* Answers what is below "/DATABASE". @rest: unescaped, without a slash before it. */
static G_GNUC_UNUSED void
couch_answer (CouchCall *call, ValiseDatabase *database, const char *rest)
{
  if (rest[0] == '\0')
    couch_describe (call, database);
  else if (g_str_has_prefix (rest, "_local/"))
    couch_local (call, database, rest + strlen ("_local/"));
  else if (g_str_equal (rest, "_changes"))
    couch_changes (call, database);
  else if (g_str_equal (rest, "_bulk_get"))
    couch_bulk_get (call, database);
  else if (g_str_equal (rest, "_revs_diff"))
    couch_revs_diff (call, database);
  else if (g_str_equal (rest, "_bulk_docs"))
    couch_bulk_docs (call, database);
  else
    couch_document (call, database, rest);
}
