/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-http-peer"

#include "config.h"

#include <string.h>

#include "valise-http-peer.h"
#include "valise-http-session.h"
#include "valise-splitter.h"
#include "valise-wire.h"

#define READ_SIZE    (64 << 10)
#define MAX_ROW      (1 << 20)                      /* bytes of a row of the feed */
#define MAX_ENTRY    (8 * VALISE_DOCUMENT_MAX_SIZE) /* of one id's leaves */
#define MAX_ANSWER   (32 << 20)                     /* of a diff, or of what was refused */
#define REVS_A_URL   50   /* with open_revs; CouchDB caps a URL at 7,000 */
#define QUIET_MARGIN 5000 /* ms that an answer may come late */

/**
 * ValiseHttpPeer:
 *
 * A database behind CouchDB's replication protocol. Long answers are taken apart while they
 * arrive (see valise-splitter.h), so what came before a cut is not lost.
 */
struct _ValiseHttpPeer
{
  GObject parent_instance;

  ValiseHttpSession *session;
  char              *database;
  char              *path;       /* "/DATABASE", escaped */
  char              *name;       /* URL and database */
  char              *uuid;       /* the server's, once asked */
  GHashTable        *local_revs; /* "0-N" by id of `_local` documents */
  guint              timeout_ms; /* of silence */
  gboolean           single;     /* it has no _bulk_get */
};

static void valise_http_peer_init_peer (ValisePeerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ValiseHttpPeer,
                               valise_http_peer,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (VALISE_TYPE_PEER, valise_http_peer_init_peer))

static const char *
get_name (ValisePeer *peer)
{
  return VALISE_HTTP_PEER (peer)->name;
}

/* CouchDB names the server in `GET /`; our server names the database's epoch in its info. */
static gboolean
find_uuid (ValiseHttpPeer *self, const ValiseJson *info, GCancellable *cancellable, GError **error)
{
  g_autoptr (ValiseJson) root = NULL;
  char                  *uuid = valise_json_dup_member (info, 0, "uuid");

  if (uuid == NULL && self->uuid != NULL)
    return TRUE;
  if (uuid == NULL)
    {
      root =
          valise_http_session_exchange (self->session, "GET", "/", NULL, NULL, cancellable, error);
      if (root == NULL)
        return FALSE;
      uuid = valise_json_dup_member (root, 0, "uuid");
    }
  g_free (self->uuid);
  self->uuid = uuid != NULL ? uuid : g_strdup ("");
  return TRUE;
}

static gboolean
get_info (ValisePeer *peer, ValisePeerInfo *info, GCancellable *cancellable, GError **error)
{
  ValiseHttpPeer        *self = VALISE_HTTP_PEER (peer);
  g_autoptr (ValiseJson) json = valise_http_session_exchange (self->session, "GET", self->path,
                                                              NULL, NULL, cancellable, error);
  guint                  seq = VALISE_JSON_NONE;

  if (json == NULL)
    return FALSE;
  seq = valise_json_find (json, 0, "update_seq");
  if (seq == VALISE_JSON_NONE)
    {
      g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL,
                   "%s does not describe itself as a database", self->name);
      return FALSE;
    }
  if (!find_uuid (self, json, cancellable, error))
    return FALSE;

  info->uuid = g_strdup (self->uuid);
  info->start_time = valise_wire_dup_seq (json, valise_json_find (json, 0, "instance_start_time"));
  if (info->start_time == NULL)
    info->start_time = g_strdup ("0");
  info->update_seq = valise_wire_dup_seq (json, seq);
  info->documents = valise_json_get_member_int (json, 0, "doc_count", 0);
  return TRUE;
}

static void
keep_local_rev (ValiseHttpPeer *self, const char *id, char *rev)
{
  if (rev != NULL)
    g_hash_table_replace (self->local_revs, g_strdup (id), rev);
}

static char *
dup_local_path (ValiseHttpPeer *self, const char *id)
{
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);

  return g_strconcat (self->path, "/_local/", escaped, NULL);
}

static char *
get_local (ValisePeer *peer, const char *id, GCancellable *cancellable, GError **error)
{
  ValiseHttpPeer        *self = VALISE_HTTP_PEER (peer);
  g_autofree char       *path = dup_local_path (self, id);
  g_autoptr (ValiseJson) json =
      valise_http_session_exchange (self->session, "GET", path, NULL, NULL, cancellable, error);

  if (json == NULL)
    return NULL;
  keep_local_rev (self, id, valise_json_dup_member (json, 0, "_rev"));
  return valise_json_dup_raw (json, 0);
}

/* @body with the revision it replaces, where we know it. */
static GString *
make_local (ValiseHttpPeer *self, const char *id, const char *body)
{
  GString    *out = g_string_new ("{");
  const char *rev = g_hash_table_lookup (self->local_revs, id);
  const char *members = strchr (body, '{');

  if (rev != NULL)
    {
      g_string_append (out, "\"_rev\":");
      valise_json_append_string (out, rev, -1);
    }
  members = members != NULL ? members + 1 : "}";
  if (rev != NULL && members[strspn (members, " \n\r\t")] != '}')
    g_string_append_c (out, ',');
  g_string_append (out, members);
  return out;
}

/* CouchDB never answers 409 here, PouchDB does: another hand wrote it, so read it and then
 * write ours. */
static gboolean
put_local (ValisePeer   *peer,
           const char   *id,
           const char   *body,
           GCancellable *cancellable,
           GError      **error)
{
  ValiseHttpPeer  *self = VALISE_HTTP_PEER (peer);
  g_autofree char *path = dup_local_path (self, id);
  guint            status = 409;

  for (int attempt = 0; attempt < 3 && status == 409; attempt++)
    {
      g_autoptr (GString)    text = NULL;
      g_autoptr (ValiseJson) json = NULL;
      g_autofree char       *theirs = NULL;

      if (attempt > 0)
        {
          g_clear_error (error);
          theirs = get_local (peer, id, cancellable, NULL);
        }
      text = make_local (self, id, body);
      json = valise_http_session_exchange (self->session, "PUT", path, text, &status, cancellable,
                                           error);
      if (json != NULL)
        {
          keep_local_rev (self, id, valise_json_dup_member (json, 0, "rev"));
          return TRUE;
        }
    }
  return FALSE;
}

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

/* Reads @answer to its end through @splitter. */
static gboolean
split_answer (ValiseHttpAnswer *answer,
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

typedef struct
{
  ValisePeerChangeFunc func;
  gpointer             user_data;
  gboolean             stopped;
} Feed;

static gboolean
take_row (const char *text, gsize length, gpointer user_data, GError **error)
{
  Feed    *feed = user_data;
  gboolean more = TRUE;

  if (feed->stopped)
    return TRUE;
  if (!valise_wire_read_change (text, length, feed->func, feed->user_data, &more, error))
    return FALSE;
  feed->stopped = !more;
  return TRUE;
}

/* `timeout` alone where that is shorter than the silence we bear: a heartbeat wakes a radio,
 * and CouchDB with one never lets go. */
static char *
dup_changes_path (ValiseHttpPeer *self, const char *since, guint limit, guint wait_ms)
{
  GString         *path = g_string_new (self->path);
  g_autofree char *escaped = g_uri_escape_string (since != NULL ? since : "0", NULL, FALSE);

  g_string_append_printf (path, "/_changes?style=all_docs&since=%s", escaped);
  if (limit > 0)
    g_string_append_printf (path, "&limit=%u&seq_interval=%u", limit, limit);
  if (wait_ms > 0)
    g_string_append_printf (path, "&feed=longpoll&timeout=%u", wait_ms);
  if (wait_ms > 0 && wait_ms + QUIET_MARGIN > self->timeout_ms)
    g_string_append_printf (path, "&heartbeat=%u", self->timeout_ms / 3);
  return g_string_free (path, FALSE);
}

static gboolean
changes (ValisePeer          *peer,
         const char          *since,
         guint                limit,
         guint                wait_ms,
         ValisePeerChangeFunc func,
         gpointer             user_data,
         char               **last_seq,
         gint64              *pending,
         GCancellable        *cancellable,
         GError             **error)
{
  ValiseHttpPeer              *self = VALISE_HTTP_PEER (peer);
  g_autofree char             *path = dup_changes_path (self, since, limit, wait_ms);
  g_autoptr (ValiseHttpAnswer) answer = NULL;
  g_autoptr (ValiseSplitter)   splitter = NULL;
  g_autoptr (ValiseJson)       rest = NULL;
  Feed                         feed = { func, user_data, FALSE };

  answer = valise_http_session_send (self->session, "GET", path, NULL, NULL, cancellable, error);
  if (answer == NULL)
    return FALSE;
  splitter = valise_splitter_new ("results", MAX_ROW, take_row, &feed);
  if (!split_answer (answer, splitter, cancellable, error))
    return FALSE;
  rest = valise_splitter_finish (splitter, error);
  *last_seq =
      rest != NULL ? valise_wire_dup_seq (rest, valise_json_find (rest, 0, "last_seq")) : NULL;
  if (*last_seq == NULL)
    {
      g_clear_error (error);
      g_set_error_literal (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL,
                           "The feed does not say where it ends");
      return FALSE;
    }
  *pending = valise_json_get_member_int (rest, 0, "pending", -1);
  return TRUE;
}

static GPtrArray *
diff (ValisePeer *peer, GPtrArray *wants, GCancellable *cancellable, GError **error)
{
  ValiseHttpPeer              *self = VALISE_HTTP_PEER (peer);
  g_autofree char             *path = g_strconcat (self->path, "/_revs_diff", NULL);
  g_autoptr (GString)          body = valise_wire_make_revs_diff (wants);
  g_autoptr (ValiseHttpAnswer) answer = NULL;
  g_autoptr (ValiseJson)       json = NULL;

  answer = valise_http_session_send (self->session, "POST", path, body, NULL, cancellable, error);
  if (answer == NULL)
    return NULL;
  json = valise_http_answer_read_json (answer, MAX_ANSWER, cancellable, error);
  return json != NULL ? valise_wire_read_revs_diff (json, error) : NULL;
}

/* --- fetching ---------------------------------------------------------------------------- */

typedef struct
{
  ValisePeerDocumentFunc func;
  gpointer               user_data;
} Fetch;

static gboolean
take_documents (const char *text, gsize length, gpointer user_data, GError **error)
{
  Fetch *fetch = user_data;

  return valise_wire_read_documents (text, length, fetch->func, fetch->user_data, error);
}

/* @status: (out): what the server thought of being asked so. */
static gboolean
fetch_bulk (ValiseHttpPeer *self,
            GPtrArray      *wants,
            Fetch          *fetch,
            guint          *status,
            GCancellable   *cancellable,
            GError        **error)
{
  g_autofree char    *path = g_strconcat (self->path, "/_bulk_get?revs=true&latest=true", NULL);
  g_autoptr (GString) body = valise_wire_make_bulk_get (wants);
  g_autoptr (ValiseHttpAnswer) answer = NULL;
  g_autoptr (ValiseSplitter)   splitter = NULL;

  answer = valise_http_session_send (self->session, "POST", path, body, status, cancellable, error);
  if (answer == NULL)
    return FALSE;
  splitter = valise_splitter_new ("results", MAX_ENTRY, take_documents, fetch);
  return split_answer (answer, splitter, cancellable, error);
}

static gboolean
fetch_revs (ValiseHttpPeer    *self,
            const char        *id,
            const char *const *revs,
            guint              n_revs,
            Fetch             *fetch,
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
  path = g_strdup_printf ("%s/%s?revs=true&latest=true&open_revs=%s", self->path, escaped, query);

  answer = valise_http_session_send (self->session, "GET", path, NULL, NULL, cancellable, error);
  if (answer == NULL)
    return FALSE;
  splitter = valise_splitter_new (NULL, MAX_ENTRY, take_documents, fetch);
  return split_answer (answer, splitter, cancellable, error);
}

static gboolean
fetch_winner (ValiseHttpPeer *self,
              const char     *id,
              Fetch          *fetch,
              GCancellable   *cancellable,
              GError        **error)
{
  g_autofree char             *escaped = g_uri_escape_string (id, NULL, FALSE);
  g_autofree char             *path = g_strdup_printf ("%s/%s?revs=true", self->path, escaped);
  g_autoptr (ValiseHttpAnswer) answer = NULL;
  g_autoptr (ValiseJson)       json = NULL;
  g_autoptr (ValiseDocument)   document = NULL;

  answer = valise_http_session_send (self->session, "GET", path, NULL, NULL, cancellable, error);
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
fetch_single (ValiseHttpPeer       *self,
              const ValisePeerWant *want,
              Fetch                *fetch,
              GCancellable         *cancellable,
              GError              **error)
{
  const char *const *revs = (const char *const *) want->revs;
  guint              n_revs = g_strv_length (want->revs);
  g_autoptr (GError) failure = NULL;
  gboolean           ok = TRUE;

  if (n_revs == 0)
    ok = fetch_winner (self, want->id, fetch, cancellable, &failure);
  for (guint at = 0; ok && at < n_revs; at += REVS_A_URL)
    ok = fetch_revs (self, want->id, revs + at, MIN (n_revs - at, REVS_A_URL), fetch, cancellable,
                     &failure);

  if (ok || g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
fetch_documents (ValisePeer            *peer,
                 GPtrArray             *wants,
                 ValisePeerDocumentFunc func,
                 gpointer               user_data,
                 GCancellable          *cancellable,
                 GError               **error)
{
  ValiseHttpPeer    *self = VALISE_HTTP_PEER (peer);
  Fetch              fetch = { func, user_data };
  g_autoptr (GError) failure = NULL;
  guint              status = 0;

  if (wants->len == 0)
    return TRUE;
  if (!self->single)
    {
      if (fetch_bulk (self, wants, &fetch, &status, cancellable, &failure))
        return TRUE;
      if (status != 404 && status != 405 && status != 501)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      self->single = TRUE;
    }

  for (guint i = 0; i < wants->len; i++)
    if (!fetch_single (self, g_ptr_array_index (wants, i), &fetch, cancellable, error))
      return FALSE;
  return TRUE;
}

/* --- writing ----------------------------------------------------------------------------- */

static GPtrArray *
write_documents (ValisePeer   *peer,
                 GPtrArray    *documents,
                 const char   *local_id,
                 const char   *local_body,
                 GCancellable *cancellable,
                 GError      **error)
{
  ValiseHttpPeer       *self = VALISE_HTTP_PEER (peer);
  g_autofree char      *path = g_strconcat (self->path, "/_bulk_docs", NULL);
  g_autoptr (GPtrArray) here = g_ptr_array_new ();
  g_autoptr (GPtrArray) refusals =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_refusal_free);

  for (guint i = 0; i < documents->len; i++)
    if (((ValiseDocument *) g_ptr_array_index (documents, i))->body != NULL)
      g_ptr_array_add (here, g_ptr_array_index (documents, i));

  if (here->len > 0)
    {
      g_autoptr (GString)          body = valise_wire_make_bulk_docs (here);
      g_autoptr (ValiseHttpAnswer) answer = NULL;
      g_autoptr (ValiseJson)       json = NULL;

      answer =
          valise_http_session_send (self->session, "POST", path, body, NULL, cancellable, error);
      if (answer == NULL)
        return NULL;
      json = valise_http_answer_read_json (answer, MAX_ANSWER, cancellable, error);
      g_clear_pointer (&refusals, g_ptr_array_unref);
      if (json != NULL)
        refusals = valise_wire_read_refusals (json, here, error);
      if (refusals == NULL)
        return NULL;
    }
  if (local_id != NULL && !put_local (peer, local_id, local_body, cancellable, error))
    return NULL;
  return g_steal_pointer (&refusals);
}

static void
get_traffic (ValisePeer *peer, guint64 *received, guint64 *sent)
{
  valise_http_session_get_traffic (VALISE_HTTP_PEER (peer)->session, received, sent);
}

static void
valise_http_peer_init_peer (ValisePeerInterface *iface)
{
  iface->get_name = get_name;
  iface->get_info = get_info;
  iface->get_local = get_local;
  iface->put_local = put_local;
  iface->changes = changes;
  iface->diff = diff;
  iface->fetch = fetch_documents;
  iface->write = write_documents;
  iface->get_traffic = get_traffic;
}

static void
valise_http_peer_finalize (GObject *object)
{
  ValiseHttpPeer *self = VALISE_HTTP_PEER (object);

  g_clear_pointer (&self->session, valise_http_session_free);
  g_clear_pointer (&self->local_revs, g_hash_table_unref);
  g_clear_pointer (&self->database, g_free);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->uuid, g_free);

  G_OBJECT_CLASS (valise_http_peer_parent_class)->finalize (object);
}

static void
valise_http_peer_class_init (ValiseHttpPeerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_http_peer_finalize;
}

static void
valise_http_peer_init (ValiseHttpPeer *self)
{
  self->local_revs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * valise_http_peer_new_with_login:
 * @address: the server; copied
 * @database: the name of the database there
 * @login: (nullable): a sign-in that other peers share
 *
 * Nothing is asked of the server yet. The peer may be used from any thread; requests follow
 * one another.
 *
 * Returns: (transfer full): a peer, or %NULL with %VALISE_PEER_ERROR_PROTOCOL where @address
 * is none, %VALISE_PEER_ERROR_IDENTITY where it is plain HTTP to another machine
 */
ValisePeer *
valise_http_peer_new_with_login (const ValiseServerAddress *address,
                                 const char                *database,
                                 ValiseHttpLogin           *login,
                                 GError                   **error)
{
  ValiseHttpSession *session = NULL;
  ValiseHttpPeer    *self = NULL;
  g_autofree char   *escaped = NULL;

  g_return_val_if_fail (address != NULL && database != NULL, NULL);

  session = valise_http_session_new (address, login, error);
  if (session == NULL)
    return NULL;

  escaped = g_uri_escape_string (database, NULL, FALSE);
  self = g_object_new (VALISE_TYPE_HTTP_PEER, NULL);
  self->session = session;
  self->database = g_strdup (database);
  self->path = g_strconcat ("/", escaped, NULL);
  self->name = g_strconcat (valise_http_session_get_url (session), self->path, NULL);
  self->timeout_ms = (address->timeout_s > 0 ? address->timeout_s : 60) * 1000;
  return VALISE_PEER (self);
}

ValisePeer *
valise_http_peer_new (const ValiseServerAddress *address, const char *database, GError **error)
{
  return valise_http_peer_new_with_login (address, database, NULL, error);
}

ValiseJson *
valise_http_exchange (const ValiseServerAddress *address,
                      const char                *method,
                      const char                *path,
                      const char                *body,
                      GCancellable              *cancellable,
                      GError                   **error)
{
  g_autoptr (ValiseHttpSession) session = NULL;
  g_autoptr (GString)           text = body != NULL ? g_string_new (body) : NULL;

  g_return_val_if_fail (address != NULL && method != NULL && path != NULL, NULL);

  session = valise_http_session_new (address, NULL, error);
  if (session == NULL)
    return NULL;
  return valise_http_session_exchange (session, method, path, text, NULL, cancellable, error);
}
