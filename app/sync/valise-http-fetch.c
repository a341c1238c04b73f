/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-http-fetch"

#include "config.h"

#include "valise-http-fetch.h"
#include "valise-known.h"
#include "valise-wire.h"

#define READY_MAX  (1 << 20) /* bytes of what has arrived that are still read after a cancel */
#define READ_SIZE  (64 << 10)
#define MAX_ENTRY  (8 * VALISE_DOCUMENT_MAX_SIZE) /* bytes of one id's leaves */
#define REVS_A_URL 50                             /* with open_revs; CouchDB caps a URL at 7,000 */

/* --- long answers ------------------------------------------------------------------------ */

/* Says what is wrong with an answer that the splitter would not take. */
static gboolean
fail_split (const char *data, gsize length, GError *failure, GError **error)
{
  gsize start = 0;

  if (failure->domain != VALISE_JSON_ERROR)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  while (start < length && g_ascii_isspace (data[start]))
    start++;
  g_set_error (error, VALISE_PEER_ERROR,
               start < length && data[start] == '<' ? VALISE_PEER_ERROR_PORTAL
                                                    : VALISE_PEER_ERROR_PROTOCOL,
               "The answer is not the protocol's: %s", failure->message);
  g_error_free (failure);
  return FALSE;
}

/* A user who leaves has paid for what has arrived: it is kept, if it is not much work. */
static void
split_ready (ValiseHttpAnswer *answer, ValiseSplitter *splitter, char *buffer)
{
  gsize  left = READY_MAX;
  gssize n = 0;

  while (left > 0 && (n = valise_http_answer_read_ready (answer, buffer, READ_SIZE)) > 0)
    {
      if (!valise_splitter_feed (splitter, buffer, (gsize) n, NULL))
        return;
      left -= MIN (left, (gsize) n);
    }
}

gboolean
valise_http_answer_split (ValiseHttpAnswer *answer,
                          ValiseSplitter   *splitter,
                          GCancellable     *cancellable,
                          GError          **error)
{
  g_autofree char *buffer = g_malloc (READ_SIZE);
  gssize           n = 0;

  while ((n = valise_http_answer_read (answer, buffer, READ_SIZE, cancellable, error)) > 0)
    {
      GError *failure = NULL;

      if (!valise_splitter_feed (splitter, buffer, (gsize) n, &failure))
        return fail_split (buffer, (gsize) n, failure, error);
    }
  if (n < 0 && g_cancellable_is_cancelled (cancellable))
    split_ready (answer, splitter, buffer);
  if (n < 0)
    return FALSE;
  if (!valise_splitter_is_complete (splitter))
    {
      g_set_error_literal (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_NETWORK,
                           "The answer was cut short");
      return FALSE;
    }
  return TRUE;
}

/* --- documents --------------------------------------------------------------------------- */

static gboolean
take_documents (const char *text, gsize length, gpointer user_data, GError **error)
{
  ValiseHttpFetch *fetch = user_data;

  return valise_wire_read_documents (text, length, fetch->func, fetch->user_data, error);
}

/* @status: (out): what the server thought of being asked so. */
static gboolean
fetch_bulk (GPtrArray       *wants,
            ValiseHttpFetch *fetch,
            guint           *status,
            GCancellable    *cancellable,
            GError         **error)
{
  g_autofree char *path =
      g_strconcat (fetch->path, "/_bulk_get?revs=true&latest=true", fetch->inlined, NULL);
  g_autoptr (GString)          body = valise_wire_make_bulk_get (wants);
  g_autoptr (ValiseHttpAnswer) answer = NULL;
  g_autoptr (ValiseSplitter)   splitter = NULL;

  answer =
      valise_http_session_send (fetch->session, "POST", path, body, status, cancellable, error);
  if (answer == NULL)
    return FALSE;
  splitter = valise_splitter_new ("results", MAX_ENTRY, take_documents, fetch);
  return valise_http_answer_split (answer, splitter, cancellable, error);
}

static gboolean
fetch_revs (const char        *id,
            const char *const *revs,
            guint              n_revs,
            ValiseHttpFetch   *fetch,
            GCancellable      *cancellable,
            GError           **error)
{
  g_autofree char             *escaped = g_uri_escape_string (id, NULL, FALSE);
  g_autoptr (GString)          list = g_string_new ("[");
  g_autofree char             *query = NULL, *path = NULL;
  g_autoptr (ValiseHttpAnswer) answer = NULL;
  g_autoptr (ValiseSplitter)   splitter = NULL;

  for (guint i = 0; i < n_revs; i++)
    {
      if (i > 0)
        g_string_append_c (list, ',');
      valise_json_append_string (list, revs[i], -1);
    }
  g_string_append_c (list, ']');
  query = g_uri_escape_string (list->str, NULL, FALSE);
  path = g_strdup_printf ("%s/%s?revs=true&latest=true%s&open_revs=%s", fetch->path, escaped,
                          fetch->inlined, query);

  answer = valise_http_session_send (fetch->session, "GET", path, NULL, NULL, cancellable, error);
  if (answer == NULL)
    return FALSE;
  splitter = valise_splitter_new (NULL, MAX_ENTRY, take_documents, fetch);
  return valise_http_answer_split (answer, splitter, cancellable, error);
}

static gboolean
fetch_winner (const char *id, ValiseHttpFetch *fetch, GCancellable *cancellable, GError **error)
{
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);
  g_autofree char *path =
      g_strdup_printf ("%s/%s?revs=true%s", fetch->path, escaped, fetch->inlined);
  g_autoptr (ValiseHttpAnswer) answer = NULL;
  g_autoptr (ValiseJson)       json = NULL;
  g_autoptr (ValiseDocument)   document = NULL;

  answer = valise_http_session_send (fetch->session, "GET", path, NULL, NULL, cancellable, error);
  if (answer == NULL)
    return FALSE;
  json = valise_http_answer_read_json (answer, MAX_ENTRY, cancellable, error);
  if (json == NULL)
    return FALSE;
  document = valise_document_from_json (json, 0, error);
  if (document == NULL || document->id == NULL || document->rev == NULL)
    {
      g_clear_error (error);
      g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL,
                   "The answer for %s is not a document", id);
      return FALSE;
    }
  return fetch->func (document, fetch->user_data, error);
}

/* One document at a time, for a peer without _bulk_get; one that is gone is left out. */
static gboolean
fetch_single (const ValisePeerWant *want,
              ValiseHttpFetch      *fetch,
              GCancellable         *cancellable,
              GError              **error)
{
  const char *const *revs = (const char *const *) want->revs;
  guint              n_revs = g_strv_length (want->revs);
  g_autoptr (GError) failure = NULL;
  gboolean           ok = TRUE;

  if (n_revs == 0)
    ok = fetch_winner (want->id, fetch, cancellable, &failure);
  for (guint at = 0; ok && at < n_revs; at += REVS_A_URL)
    ok = fetch_revs (want->id, revs + at, MIN (n_revs - at, REVS_A_URL), fetch, cancellable,
                     &failure);

  if (ok || g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

gboolean
valise_http_fetch (ValiseHttpFetch *self,
                   GPtrArray       *wants,
                   gboolean        *single,
                   GCancellable    *cancellable,
                   GError         **error)
{
  g_autoptr (GError) failure = NULL;
  guint              status = 0;

  if (!*single)
    {
      if (fetch_bulk (wants, self, &status, cancellable, &failure))
        return TRUE;
      if (status != 404 && status != 405 && status != 501)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      *single = TRUE;
    }

  for (guint i = 0; i < wants->len; i++)
    if (!fetch_single (g_ptr_array_index (wants, i), self, cancellable, error))
      return FALSE;
  return TRUE;
}

/* --- a stream ---------------------------------------------------------------------------- */

typedef struct
{
  ValisePeerStreamFunc func;
  gpointer             user_data;
} Stream;

static gboolean
take_streamed (const char *text, gsize length, gpointer user_data, GError **error)
{
  Stream *stream = user_data;

  return valise_wire_read_streamed (text, length, stream->func, stream->user_data, error);
}

/* The answer, and before it what it may refer back to. *@mistaken: (out): that is not what is
 * here; with %NULL. */
static ValiseHttpAnswer *
ask_stream (ValiseHttpSession           *session,
            const char                  *target,
            const char                  *since,
            const ValisePeerStreamQuery *query,
            gboolean                    *mistaken,
            GCancellable                *cancellable,
            GError                     **error)
{
  g_autoptr (GString)          body = valise_wire_make_stream (since, query);
  g_autoptr (ValiseHttpAnswer) answer = NULL;
  g_autoptr (GBytes)           dictionary = NULL;
  const char                  *header = NULL;

  *mistaken = FALSE;
  answer = valise_http_session_send (session, "POST", target, body, NULL, cancellable, error);
  if (answer == NULL)
    return NULL;
  header = valise_http_answer_get_header (answer, VALISE_KNOWN_HEADER);
  if (header == NULL)
    return g_steal_pointer (&answer);
  dictionary = query->known != NULL ? valise_known_find (query->known, header) : NULL;
  *mistaken = dictionary == NULL;
  if (*mistaken)
    return NULL;
  valise_http_answer_set_dictionary (answer, dictionary);
  return g_steal_pointer (&answer);
}

/* Where the server means other documents by the names, or makes other bytes of them, it is asked
 * anew without any. */
static ValiseHttpAnswer *
open_stream (ValiseHttpSession           *session,
             const char                  *path,
             const char                  *since,
             const ValisePeerStreamQuery *query,
             GCancellable                *cancellable,
             GError                     **error)
{
  g_autofree char      *target = g_strconcat (path, "/_valise/stream", NULL);
  ValisePeerStreamQuery plain = *query;
  gboolean              mistaken = FALSE;
  ValiseHttpAnswer     *answer =
      ask_stream (session, target, since, query, &mistaken, cancellable, error);

  if (!mistaken)
    return answer;
  plain.known = NULL;
  answer = ask_stream (session, target, since, &plain, &mistaken, cancellable, error);
  if (mistaken)
    g_set_error_literal (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL,
                         "The answer refers to documents that were not named");
  return answer;
}

gboolean
valise_http_stream (ValiseHttpSession           *session,
                    const char                  *path,
                    const char                  *since,
                    const ValisePeerStreamQuery *query,
                    ValisePeerStreamFunc         func,
                    gpointer                     user_data,
                    char                       **last_seq,
                    GCancellable                *cancellable,
                    GError                     **error)
{
  g_autoptr (ValiseHttpAnswer) answer = NULL;
  g_autoptr (ValiseSplitter)   splitter = NULL;
  g_autoptr (ValiseJson)       rest = NULL;
  Stream                       stream = { func, user_data };

  answer = open_stream (session, path, since, query, cancellable, error);
  if (answer == NULL)
    return FALSE;
  splitter = valise_splitter_new ("results", MAX_ENTRY, take_streamed, &stream);
  if (!valise_http_answer_split (answer, splitter, cancellable, error))
    return FALSE;
  rest = valise_splitter_finish (splitter, error);
  if (rest == NULL)
    return FALSE;
  *last_seq = valise_wire_dup_seq (rest, valise_json_find (rest, 0, "last_seq"));
  if (*last_seq == NULL)
    g_set_error_literal (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL,
                         "The stream does not say where it ends");
  return *last_seq != NULL;
}
