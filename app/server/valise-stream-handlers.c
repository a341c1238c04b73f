/* valise-stream-handlers.c - a feed with its documents: everything a laptop lacks in one answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * POST /DB/_valise/stream {since: SEQ, languages: ["en", …], without: ["file:", …],
 * tombstones: BOOL} → the rows of `_changes?style=all_docs`, each with its `seq` and, where it
 * is wanted, `docs`: its leaves with `_revisions`. What is not wanted (other languages' texts,
 * ids that begin with what is named in `without`) is a row alone, with its size. Each row is
 * whole, so a laptop may take up the stream after any of them.
 */

#define G_LOG_DOMAIN "valise-stream-handlers"

#include "config.h"

#include <string.h>

#include "valise-handlers.h"
#include "valise-id.h"

#define PAGE_ROWS 500 /* of the feed read at once */
#define MAX_WORDS 100 /* languages and prefixes that a question may name */

/* A stream under way; it holds the question and no document. */
typedef struct
{
  ValiseDatabase *database;
  char            uuid[33];
  gint64          since;
  gint64          skip_until; /* tombstones up to this sequence are of no use there */
  char          **languages;  /* NULL: all */
  char          **without;
  gboolean        begun;

  /* While a page is read: */
  GString *out;
  gsize    start;
  gboolean full;
  GError  *failure;
} Stream;

static void
free_stream (gpointer data)
{
  Stream *stream = data;

  g_clear_object (&stream->database);
  g_strfreev (stream->languages);
  g_strfreev (stream->without);
  g_free (stream);
}

static gboolean
is_wanted (const Stream *stream, const ValiseChange *change)
{
  const char *language = valise_id_get_language (change->id);

  if (change->deleted)
    return TRUE;
  for (guint i = 0; stream->without != NULL && stream->without[i] != NULL; i++)
    if (g_str_has_prefix (change->id, stream->without[i]))
      return FALSE;
  return language == NULL || stream->languages == NULL
         || g_strv_contains ((const char *const *) stream->languages, language);
}

/* One leaf that changed meanwhile is left out: a later row speaks of it. */
static gboolean
append_leaf (Stream *stream, const char *id, const ValiseRevisionLeaf *leaf, guint *given)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDocument) document =
      leaf->here ? valise_database_get (stream->database, id, leaf->rev, &error) : NULL;

  if (error != NULL
      && !g_error_matches (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING))
    {
      stream->failure = g_steal_pointer (&error);
      return FALSE;
    }
  if (document == NULL || document->body == NULL)
    return TRUE;
  g_string_append (stream->out, (*given)++ > 0 ? "," : ",\"docs\":[");
  valise_document_append_json (document, VALISE_DOCUMENT_REVISIONS, stream->out);
  return TRUE;
}

static gboolean
append_leaves (Stream *stream, const ValiseChange *change)
{
  guint given = 0;

  for (guint i = 0; i < change->leaves->len; i++)
    if (!append_leaf (stream, change->id, g_ptr_array_index (change->leaves, i), &given))
      return FALSE;
  if (given > 0)
    g_string_append_c (stream->out, ']');
  return TRUE;
}

static void
append_head (Stream *stream, const ValiseChange *change)
{
  GString *out = stream->out;

  g_string_append (out, stream->begun ? ",\n{\"seq\":" : "{\"results\":[\n{\"seq\":");
  stream->begun = TRUE;
  valise_sequence_append (out, change->seq, stream->uuid);
  g_string_append (out, ",\"id\":");
  valise_json_append_string (out, change->id, -1);
  g_string_append (out, ",\"changes\":[");
  for (guint i = 0; i < change->leaves->len; i++)
    {
      const ValiseRevisionLeaf *leaf = g_ptr_array_index (change->leaves, i);

      g_string_append_printf (out, "%s{\"rev\":\"%s\"}", i > 0 ? "," : "", leaf->rev);
    }
  g_string_append_printf (out, "],\"size\":%" G_GINT64_FORMAT, change->size);
  if (change->deleted)
    g_string_append (out, ",\"deleted\":true");
}

static gboolean
take_change (const ValiseChange *change, gpointer user_data)
{
  Stream *stream = user_data;
  gsize   before = stream->out->len;

  if (!change->deleted || change->seq > stream->skip_until)
    {
      append_head (stream, change);
      if (is_wanted (stream, change) && !append_leaves (stream, change))
        {
          g_string_truncate (stream->out, before);
          return FALSE;
        }
      g_string_append_c (stream->out, '}');
    }
  stream->since = change->seq;
  stream->full = stream->out->len - stream->start >= VALISE_ANSWER_PIECE;
  return !stream->full;
}

static ValisePiece
produce_stream (gpointer producer, GString *out, ValiseWait *wait, GError **error)
{
  Stream *stream = producer;
  gint64  last = 0, pending = 1;

  stream->out = out;
  stream->start = out->len;
  stream->full = FALSE;
  while (pending > 0 && !stream->full)
    {
      if (!valise_database_changes (stream->database, stream->since, PAGE_ROWS,
                                    VALISE_CHANGES_ALL_LEAVES, take_change, stream, &last, &pending,
                                    error))
        return VALISE_PIECE_FAILED;
      if (stream->failure != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&stream->failure));
          return VALISE_PIECE_FAILED;
        }
    }
  if (stream->full)
    return VALISE_PIECE_MORE;

  g_string_append (out, stream->begun ? "\n],\"last_seq\":" : "{\"results\":[\n],\"last_seq\":");
  valise_sequence_append (out, MAX (last, stream->since), stream->uuid);
  g_string_append (out, ",\"pending\":0}\n");
  return VALISE_PIECE_LAST;
}

/* --- the question --------------------------------------------------------------------------- */

/* The strings of the array @name; NULL where there is none. */
static char **
dup_words (const ValiseJson *json, const char *name)
{
  guint                    array = valise_json_find (json, 0, name);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint                    token = VALISE_JSON_NONE;
  guint                    count = 0;

  if (array == VALISE_JSON_NONE || valise_json_get_kind (json, array) != VALISE_JSON_KIND_ARRAY)
    return NULL;
  for (token = valise_json_first (json, array); token != VALISE_JSON_NONE && count++ < MAX_WORDS;
       token = valise_json_next (json, token))
    {
      g_autofree char *word = valise_json_dup_string (json, token);

      if (word != NULL && *word != '\0')
        g_strv_builder_add (builder, word);
    }
  return g_strv_builder_end (builder);
}

static gboolean
read_question (Stream *stream, const ValiseRequest *request, GError **error)
{
  g_autoptr (ValiseJson) json = valise_request_scan (request, error);
  g_autofree char       *since = NULL;
  guint                  tombstones = VALISE_JSON_NONE;
  ValiseDatabaseInfo     info = { 0 };

  if (json == NULL || !valise_database_get_info (stream->database, &info, error))
    return FALSE;
  since = valise_json_dup_member (json, 0, "since");
  tombstones = valise_json_find (json, 0, "tombstones");
  memcpy (stream->uuid, info.uuid, sizeof stream->uuid);
  stream->since = valise_sequence_parse (since, &info);
  stream->languages = dup_words (json, "languages");
  stream->without = dup_words (json, "without");
  /* Only those that are there now: what is deleted while the answer runs may be in it already. */
  if (tombstones != VALISE_JSON_NONE
      && valise_json_get_kind (json, tombstones) == VALISE_JSON_KIND_FALSE)
    stream->skip_until = info.update_seq;
  return TRUE;
}

VALISE_HANDLER (stream)
{
  g_autoptr (ValiseDatabase) database = valise_service_open (service, request, answer);
  g_autoptr (GError)         error = NULL;
  Stream                    *stream = NULL;

  if (database == NULL)
    return;

  stream = g_new0 (Stream, 1);
  stream->database = g_steal_pointer (&database);
  valise_answer_set_producer (answer, produce_stream, stream, free_stream);
  if (!read_question (stream, request, &error))
    {
      valise_answer_fail_with (answer, error);
      return;
    }
  answer->dense = TRUE;
  valise_service_set_cacheable (service, request, stream->database, answer);
}
