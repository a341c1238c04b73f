/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-wire"

#include "config.h"

#include <string.h>

#include "valise-known.h"
#include "valise-wire.h"

#define MAX_ID     4096 /* bytes, as the store has it */
#define MAX_LEAVES 5000 /* of one document in one row */

static gboolean
fail (GError **error, const char *message)
{
  g_set_error_literal (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL, message);
  return FALSE;
}

static ValiseJson *
scan (const char *text, gsize length, GError **error)
{
  g_autoptr (GError) failure = NULL;
  ValiseJson *json = valise_json_scan_text (text, (gssize) length, VALISE_JSON_ANY, &failure);

  if (json == NULL)
    g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL,
                 "A part of the answer is not JSON: %s", failure->message);
  return json;
}

gboolean
valise_wire_has_feature (const ValiseJson *info, guint object, const char *feature)
{
  guint array = valise_json_find (info, object, "features");
  guint token = array != VALISE_JSON_NONE ? valise_json_first (info, array) : VALISE_JSON_NONE;

  for (; token != VALISE_JSON_NONE; token = valise_json_next (info, token))
    {
      g_autofree char *name = valise_json_dup_string (info, token);

      if (g_strcmp0 (name, feature) == 0)
        return TRUE;
    }
  return FALSE;
}

char *
valise_wire_dup_seq (const ValiseJson *json, guint token)
{
  if (token == VALISE_JSON_NONE || valise_json_get_kind (json, token) == VALISE_JSON_KIND_NULL)
    return NULL;
  if (valise_json_get_kind (json, token) == VALISE_JSON_KIND_STRING)
    return valise_json_dup_string (json, token);
  return valise_json_dup_raw (json, token);
}

gboolean
valise_wire_read_info (const ValiseJson *json, guint object, ValisePeerInfo *info)
{
  guint seq = valise_json_find (json, object, "update_seq");

  if (seq == VALISE_JSON_NONE)
    return FALSE;
  info->uuid = valise_json_dup_member (json, object, "uuid");
  info->start_time =
      valise_wire_dup_seq (json, valise_json_find (json, object, "instance_start_time"));
  if (info->start_time == NULL)
    info->start_time = g_strdup ("0");
  info->update_seq = valise_wire_dup_seq (json, seq);
  info->documents = valise_json_get_member_int (json, object, "doc_count", 0);
  return TRUE;
}

/* The revisions of a row's `changes`, the winner first as the server gave them. */
static GPtrArray *
read_revs (const ValiseJson *json, guint changes)
{
  g_autoptr (GPtrArray) revs = g_ptr_array_new_with_free_func (g_free);

  if (changes == VALISE_JSON_NONE || valise_json_get_kind (json, changes) != VALISE_JSON_KIND_ARRAY)
    return NULL;
  for (guint leaf = valise_json_first (json, changes);
       leaf != VALISE_JSON_NONE && revs->len < MAX_LEAVES; leaf = valise_json_next (json, leaf))
    {
      char *rev = valise_json_dup_member (json, leaf, "rev");

      if (rev == NULL)
        return NULL;
      g_ptr_array_add (revs, rev);
    }
  if (revs->len == 0)
    return NULL;
  g_ptr_array_add (revs, NULL);
  return g_steal_pointer (&revs);
}

/* What @row borrows from. */
typedef struct
{
  char      *id;
  char      *seq;
  GPtrArray *revs;
} Row;

static void
row_clear (Row *row)
{
  g_free (row->id);
  g_free (row->seq);
  g_clear_pointer (&row->revs, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Row, row_clear)

static gboolean
read_row (const ValiseJson *json, Row *row, ValisePeerChange *change, GError **error)
{
  row->id = valise_json_dup_member (json, 0, "id");
  row->revs = read_revs (json, valise_json_find (json, 0, "changes"));
  if (row->id == NULL || row->id[0] == '\0' || strlen (row->id) > MAX_ID || row->revs == NULL)
    return fail (error, "A row of the feed has no id or no revisions");

  row->seq = valise_wire_dup_seq (json, valise_json_find (json, 0, "seq"));
  change->id = row->id;
  change->seq = row->seq;
  change->deleted = valise_json_get_member_true (json, 0, "deleted");
  change->revs = (const char *const *) row->revs->pdata;
  change->size = MAX (valise_json_get_member_int (json, 0, "size", 0), 0);
  return TRUE;
}

gboolean
valise_wire_read_change (const char          *text,
                         gsize                length,
                         ValisePeerChangeFunc func,
                         gpointer             user_data,
                         gboolean            *more,
                         GError             **error)
{
  g_autoptr (ValiseJson) json = scan (text, length, error);
  g_auto (Row)           row = { 0 };
  ValisePeerChange       change = { 0 };

  if (json == NULL || !read_row (json, &row, &change, error))
    return FALSE;
  *more = func (&change, user_data);
  return TRUE;
}

/* A document of the answer, with id and revision. */
static ValiseDocument *
make_document (const ValiseJson *json, guint token, GError **error)
{
  g_autoptr (GError)         failure = NULL;
  g_autoptr (ValiseDocument) document = valise_document_from_json (json, token, &failure);

  if (document == NULL)
    g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL,
                 "A document of the answer is none: %s", failure->message);
  else if (document->id == NULL || document->rev == NULL)
    fail (error, "A document of the answer has no id or no revision");
  else
    return g_steal_pointer (&document);
  return NULL;
}

gboolean
valise_wire_read_streamed (const char          *text,
                           gsize                length,
                           ValisePeerStreamFunc func,
                           gpointer             user_data,
                           GError             **error)
{
  g_autoptr (ValiseJson) json = scan (text, length, error);
  g_autoptr (GPtrArray)  documents =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);
  g_auto (Row)     row = { 0 };
  ValisePeerChange change = { 0 };
  guint            docs = VALISE_JSON_NONE, token = VALISE_JSON_NONE;

  if (json == NULL || !read_row (json, &row, &change, error))
    return FALSE;
  if (row.seq == NULL)
    return fail (error, "A row of the stream has no sequence");
  change.ahead = valise_json_get_member_true (json, 0, "ahead");
  change.given = valise_json_get_member_true (json, 0, "given");
  docs = valise_json_find (json, 0, "docs");
  if (docs != VALISE_JSON_NONE)
    token = valise_json_first (json, docs);
  for (; token != VALISE_JSON_NONE; token = valise_json_next (json, token))
    {
      ValiseDocument *document = make_document (json, token, error);

      if (document == NULL)
        return FALSE;
      g_ptr_array_add (documents, document);
      if (!g_str_equal (document->id, row.id))
        return fail (error, "A row of the stream brings another's document");
    }
  return func (&change, documents, user_data, error);
}

static void
append_words (GString *out, const char *name, const char *const *words)
{
  if (words == NULL)
    return;
  g_string_append_printf (out, "%s\"%s\":[", out->len > 1 ? "," : "", name);
  for (guint i = 0; words[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      valise_json_append_string (out, words[i], -1);
    }
  g_string_append_c (out, ']');
}

GString *
valise_wire_make_stream (const char *since, const ValisePeerStreamQuery *query)
{
  GString *out = g_string_new ("{");

  if (since != NULL)
    {
      g_string_append (out, "\"since\":");
      valise_json_append_string (out, since, -1);
    }
  if (query->day != NULL)
    {
      g_string_append (out, out->len > 1 ? ",\"day\":" : "\"day\":");
      valise_json_append_string (out, query->day, -1);
    }
  if (query->known != NULL && query->known->len > 0)
    {
      g_autofree char *names = valise_known_dup_names (query->known);

      g_string_append_printf (out, "%s\"known\":\"%s\"", out->len > 1 ? "," : "", names);
    }
  append_words (out, "languages", query->languages);
  append_words (out, "without", query->without);
  if (!query->tombstones)
    g_string_append (out, out->len > 1 ? ",\"tombstones\":false" : "\"tombstones\":false");
  g_string_append_c (out, '}');
  return out;
}

/* One of `docs`: {"ok": DOCUMENT}, or one of the ways to say that there is none. */
static gboolean
read_document (const ValiseJson      *json,
               guint                  token,
               ValisePeerDocumentFunc func,
               gpointer               user_data,
               GError               **error)
{
  g_autoptr (ValiseDocument) document = NULL;
  guint                      ok = valise_json_find (json, token, "ok");

  if (ok == VALISE_JSON_NONE)
    return TRUE;
  document = make_document (json, ok, error);
  return document != NULL && func (document, user_data, error);
}

gboolean
valise_wire_read_documents (const char            *text,
                            gsize                  length,
                            ValisePeerDocumentFunc func,
                            gpointer               user_data,
                            GError               **error)
{
  g_autoptr (ValiseJson) json = scan (text, length, error);
  guint                  docs = VALISE_JSON_NONE;

  if (json == NULL)
    return FALSE;
  docs = valise_json_find (json, 0, "docs");
  if (docs == VALISE_JSON_NONE)
    return read_document (json, 0, func, user_data, error);

  for (guint token = valise_json_first (json, docs); token != VALISE_JSON_NONE;
       token = valise_json_next (json, token))
    if (!read_document (json, token, func, user_data, error))
      return FALSE;
  return TRUE;
}

static void
append_wanted (GString *out, const char *id, const char *rev)
{
  g_string_append (out, out->str[out->len - 1] == '[' ? "{\"id\":" : ",{\"id\":");
  valise_json_append_string (out, id, -1);
  if (rev != NULL)
    {
      g_string_append (out, ",\"rev\":");
      valise_json_append_string (out, rev, -1);
    }
  g_string_append_c (out, '}');
}

GString *
valise_wire_make_bulk_get (GPtrArray *wants)
{
  GString *out = g_string_new ("{\"docs\":[");

  for (guint i = 0; i < wants->len; i++)
    {
      const ValisePeerWant *want = g_ptr_array_index (wants, i);

      if (want->revs[0] == NULL)
        append_wanted (out, want->id, NULL);
      for (guint j = 0; want->revs[j] != NULL; j++)
        append_wanted (out, want->id, want->revs[j]);
    }
  g_string_append (out, "]}");
  return out;
}

GString *
valise_wire_make_revs_diff (GPtrArray *wants)
{
  GString *out = g_string_new ("{");

  for (guint i = 0; i < wants->len; i++)
    {
      const ValisePeerWant *want = g_ptr_array_index (wants, i);

      if (i > 0)
        g_string_append_c (out, ',');
      valise_json_append_string (out, want->id, -1);
      g_string_append (out, ":[");
      for (guint j = 0; want->revs[j] != NULL; j++)
        {
          if (j > 0)
            g_string_append_c (out, ',');
          valise_json_append_string (out, want->revs[j], -1);
        }
      g_string_append_c (out, ']');
    }
  g_string_append_c (out, '}');
  return out;
}

GString *
valise_wire_make_bulk_docs (GPtrArray *documents)
{
  GString *out = g_string_new ("{\"new_edits\":false,\"docs\":[");

  for (guint i = 0; i < documents->len; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      valise_document_append_json (g_ptr_array_index (documents, i), VALISE_DOCUMENT_REVISIONS,
                                   out);
    }
  g_string_append (out, "]}");
  return out;
}

GPtrArray *
valise_wire_read_revs_diff (const ValiseJson *json, ValiseAncestry *ancestry, GError **error)
{
  g_autoptr (GPtrArray) missing =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_peer_want_free);

  if (valise_json_get_kind (json, 0) != VALISE_JSON_KIND_OBJECT)
    {
      fail (error, "The answer to _revs_diff is not an object");
      return NULL;
    }
  for (guint token = valise_json_first (json, 0); token != VALISE_JSON_NONE;
       token = valise_json_next (json, token))
    {
      guint            array = valise_json_find (json, token, "missing");
      guint            possible = valise_json_find (json, token, "possible_ancestors");
      g_autofree char *id = valise_json_dup_name (json, token);
      g_auto (GStrv)   revs = NULL, leaves = NULL;

      if (array == VALISE_JSON_NONE)
        continue;
      if (possible != VALISE_JSON_NONE)
        {
          leaves = valise_json_dup_strings (json, possible);
          valise_ancestry_note (ancestry, id, (const char *const *) leaves);
        }
      revs = valise_json_dup_strings (json, array);
      if (revs[0] != NULL)
        g_ptr_array_add (missing, valise_peer_want_new (id, (const char *const *) revs));
    }
  return g_steal_pointer (&missing);
}

/* PouchDB's server leaves the revision out. */
static char *
find_rev (GPtrArray *documents, const char *id)
{
  for (guint i = 0; i < documents->len; i++)
    {
      const ValiseDocument *document = g_ptr_array_index (documents, i);

      if (g_strcmp0 (document->id, id) == 0)
        return g_strdup (document->rev);
    }
  return NULL;
}

GPtrArray *
valise_wire_read_refusals (const ValiseJson *json, GPtrArray *documents, GError **error)
{
  g_autoptr (GPtrArray) refusals =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_refusal_free);

  if (valise_json_get_kind (json, 0) != VALISE_JSON_KIND_ARRAY)
    {
      fail (error, "The answer to _bulk_docs is not an array");
      return NULL;
    }
  for (guint token = valise_json_first (json, 0); token != VALISE_JSON_NONE;
       token = valise_json_next (json, token))
    {
      char          *name = valise_json_dup_member (json, token, "error");
      ValiseRefusal *refusal = NULL;

      if (name == NULL)
        continue;
      refusal = g_new0 (ValiseRefusal, 1);
      refusal->error = name;
      refusal->id = valise_json_dup_member (json, token, "id");
      refusal->rev = valise_json_dup_member (json, token, "rev");
      refusal->reason = valise_json_dup_member (json, token, "reason");
      if (refusal->rev == NULL)
        refusal->rev = find_rev (documents, refusal->id);
      g_ptr_array_add (refusals, refusal);
    }
  return g_steal_pointer (&refusals);
}
