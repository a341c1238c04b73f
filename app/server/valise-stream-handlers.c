/* valise-stream-handlers.c - a feed with its documents: everything a laptop lacks in one answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * POST /DB/_valise/stream {since: SEQ, languages: ["en", …], without: ["file:", …],
 * tombstones: BOOL, day: "YYYY-MM-DD"} → the rows of `_changes?style=all_docs`, each with its
 * `seq` and, where it is wanted, `docs`: its leaves with `_revisions`. What is not wanted (other
 * languages' texts, ids that begin with what is named in `without`) is a row alone, with its size.
 * Each row is whole, so a laptop may take up the stream after any of them.
 *
 * With `day`, what is needed first on that day comes first, its rows marked `ahead`; where its turn
 * is by sequence, it is a row alone, marked `given`. Rows up to the sequence at which the stream
 * began then have a full stop in their `seq`: who goes on from one goes on with a stream that was
 * cut.
 *
 * With `known: NAMES`, what the laptop has is not said once more: see valise-known.h.
 */

#define G_LOG_DOMAIN "valise-stream-handlers"

#include "config.h"

#include <string.h>

#include "valise-foremost.h"
#include "valise-handlers.h"
#include "valise-id.h"
#include "valise-known.h"
#include "valise-stream-known.h"
#include "valise-stream-place.h"

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
  gboolean        resumed; /* another stream came to the place below */

  ValiseStreamPlace place;
  ValiseForemost   *foremost; /* (nullable): what goes first */
  guint             next;     /* of it */

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
  valise_foremost_free (stream->foremost);
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
  /* A first revision's history is itself. */
  valise_document_append_json (document,
                               !g_str_has_prefix (leaf->rev, "1-") ? VALISE_DOCUMENT_REVISIONS
                                                                   : VALISE_DOCUMENT_PLAIN,
                               stream->out);
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

/* @seq and where the stream is, as long as that is more than @seq. */
static void
append_seq (Stream *stream, gint64 seq)
{
  GString *out = stream->out;

  valise_sequence_append (out, seq, stream->uuid);
  if (!stream->place.ahead && seq >= stream->place.until)
    return;
  g_string_truncate (out, out->len - 1); /* the quote */
  valise_stream_place_append (&stream->place, out);
  g_string_append_c (out, '"');
}

static void
append_head (Stream *stream, const ValiseChange *change, gint64 seq)
{
  GString *out = stream->out;

  g_string_append (out, stream->begun ? ",\n{\"seq\":" : "{\"results\":[\n{\"seq\":");
  stream->begun = TRUE;
  append_seq (stream, seq);
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

/* A row and what goes with it; FALSE, and then not a part of it, where that cannot be read. */
static gboolean
append_row (Stream *stream, const ValiseChange *change, gint64 seq, const char *mark)
{
  gsize    before = stream->out->len;
  gboolean given = mark != NULL && !stream->place.ahead;

  append_head (stream, change, seq);
  if (mark != NULL)
    g_string_append_printf (stream->out, ",\"%s\":true", mark);
  if (!given && is_wanted (stream, change) && !append_leaves (stream, change))
    {
      g_string_truncate (stream->out, before);
      return FALSE;
    }
  g_string_append_c (stream->out, '}');
  return TRUE;
}

static gboolean
was_ahead (const Stream *stream, gint64 seq)
{
  return stream->foremost != NULL && seq <= stream->place.until
         && valise_foremost_has (stream->foremost, seq);
}

static gboolean
take_change (const ValiseChange *change, gpointer user_data)
{
  Stream *stream = user_data;

  if ((!change->deleted || change->seq > stream->skip_until)
      && !append_row (stream, change, change->seq,
                      was_ahead (stream, change->seq) ? "given" : NULL))
    return FALSE;
  stream->since = change->seq;
  stream->full = stream->out->len - stream->start >= VALISE_ANSWER_PIECE;
  return !stream->full;
}

/* One that changed meanwhile has another sequence, and its turn by that. */
static gboolean
take_ahead (const ValiseChange *change, gpointer user_data)
{
  Stream *stream = user_data;

  if (change->seq == stream->place.seq)
    (void) append_row (stream, change, stream->since, "ahead");
  return FALSE;
}

/* What goes first, as far as the piece has room. */
static gboolean
produce_ahead (Stream *stream, GError **error)
{
  const ValiseForemostEntry *entry = NULL;

  while (stream->place.ahead && !stream->full)
    {
      entry = valise_foremost_get (stream->foremost, stream->next);
      stream->place.ahead = entry != NULL;
      if (entry == NULL)
        break;
      stream->next++;
      stream->place.rank = entry->rank;
      stream->place.seq = entry->seq;
      if (!valise_database_list (stream->database, entry->id, entry->id, 1,
                                 VALISE_CHANGES_ALL_LEAVES, take_ahead, stream, error))
        return FALSE;
      if (stream->failure != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&stream->failure));
          return FALSE;
        }
      stream->full = stream->out->len - stream->start >= VALISE_ANSWER_PIECE;
    }
  return TRUE;
}

static ValisePiece
produce_stream (gpointer producer, GString *out, ValiseWait *wait, GError **error)
{
  Stream *stream = producer;
  gint64  last = 0, pending = 1;

  stream->out = out;
  stream->start = out->len;
  stream->full = FALSE;
  if (!produce_ahead (stream, error))
    return VALISE_PIECE_FAILED;
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

/* How many of the foremost the reader has already. */
static guint
count_given (const Stream *stream)
{
  guint n = stream->next;

  while (!stream->place.ahead && stream->resumed && stream->foremost != NULL
         && valise_foremost_get (stream->foremost, n) != NULL)
    n++;
  return n;
}

/* What the reader says it has, so far as it was given that. */
static void
find_known (Stream              *stream,
            const ValiseJson    *json,
            const ValiseRequest *request,
            ValiseAnswer        *answer)
{
  ValiseStreamPast past = { stream->database, stream->since, stream->foremost,
                            count_given (stream) };
  g_autofree char *names = valise_json_dup_member (json, 0, "known");
  g_autofree char *header = NULL;

  if (names == NULL || !valise_request_takes (request, "zstd"))
    return;
  answer->known = valise_stream_known_find (&past, names, &header);
  if (answer->known != NULL)
    valise_answer_add_header (answer, VALISE_KNOWN_HEADER, header);
}

/* Goes on from @since (nullable), or begins anew. */
static gboolean
find_place (Stream                   *stream,
            const ValiseJson         *json,
            const char               *since,
            const ValiseDatabaseInfo *info,
            GError                  **error)
{
  ValiseStreamPlace *place = &stream->place;
  g_autofree char   *day = valise_json_dup_member (json, 0, "day");
  g_autofree char   *own = NULL;
  guint              tombstones = valise_json_find (json, 0, "tombstones");
  gboolean           resumed = FALSE;

  stream->since = valise_sequence_parse (since, info);
  own = g_strdup_printf ("%" G_GINT64_FORMAT "-%.*s.", stream->since, VALISE_EPOCH_LENGTH,
                         info->uuid);
  resumed = since != NULL && g_str_has_prefix (since, own)
            && valise_stream_place_parse (since, place) && place->until <= info->update_seq;
  stream->resumed = resumed;
  if (!resumed)
    {
      *place = (ValiseStreamPlace){ .until = info->update_seq };
      place->bare = tombstones != VALISE_JSON_NONE
                    && valise_json_get_kind (json, tombstones) == VALISE_JSON_KIND_FALSE;
      place->ahead = valise_foremost_is_day (day);
      if (place->ahead)
        g_strlcpy (place->day, day, sizeof place->day);
    }
  /* Only those that were there then: what is deleted while the answer runs may be in it already. */
  if (place->bare)
    stream->skip_until = place->until;
  if (place->day[0] == '\0')
    {
      place->until = 0;
      return TRUE;
    }
  stream->foremost =
      valise_foremost_new (stream->database, place->day, (const char *const *) stream->languages,
                           stream->since, place->until, error);
  if (stream->foremost != NULL && resumed && place->ahead)
    stream->next = valise_foremost_find (stream->foremost, place->rank, place->seq);
  return stream->foremost != NULL;
}

static gboolean
read_question (Stream *stream, const ValiseRequest *request, ValiseAnswer *answer, GError **error)
{
  g_autoptr (ValiseJson) json = valise_request_scan (request, error);
  g_autofree char       *since = NULL;
  ValiseDatabaseInfo     info = { 0 };

  if (json == NULL || !valise_database_get_info (stream->database, &info, error))
    return FALSE;
  since = valise_json_dup_member (json, 0, "since");
  memcpy (stream->uuid, info.uuid, sizeof stream->uuid);
  stream->languages = dup_words (json, "languages");
  stream->without = dup_words (json, "without");
  if (!find_place (stream, json, since, &info, error))
    return FALSE;
  find_known (stream, json, request, answer);
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
  if (!read_question (stream, request, answer, &error))
    {
      valise_answer_fail_with (answer, error);
      return;
    }
  answer->dense = TRUE;
  valise_service_set_cacheable (service, request, stream->database, answer);
}
