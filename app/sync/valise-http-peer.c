/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-http-peer"

#include "config.h"

#include <string.h>

#include "valise-http-fetch.h"
#include "valise-http-file.h"
#include "valise-wire.h"

#define MAX_ROW      (1 << 20)  /* bytes of a row of the feed */
#define MAX_ANSWER   (32 << 20) /* of a diff, or of what was refused */
#define QUIET_MARGIN 5000       /* ms that an answer may come late */

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
  ValiseHttpSession *waiting;    /* (nullable): for a feed that may be long in coming */
  char              *path;       /* "/DATABASE", escaped */
  char              *name;       /* URL and database */
  char              *uuid;       /* the server's, once asked */
  GHashTable        *local_revs; /* "0-N" by id of `_local` documents */
  guint              timeout_ms; /* of silence */
  gboolean           single;     /* it has no _bulk_get */
  const char        *inlined;    /* what asks for attachments inline, or nothing */
  gboolean           streams;    /* it is one of ours */
  gboolean           streaming;  /* the session is busy with that */
  gboolean           asked;      /* the server for its features, which says: */
  gboolean           pieces;     /* it takes files in pieces */
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

/* CouchDB names the server in `GET /`; our server names the database's epoch in its info. A
 * CouchDB runs our rules and sees less than our server: neither seals, nor the winner where a new
 * root arrives. */
static gboolean
find_uuid (ValiseHttpPeer   *self,
           const ValiseJson *info,
           gboolean         *lax,
           GCancellable     *cancellable,
           GError          **error)
{
  g_autoptr (ValiseJson) root = NULL;
  char                  *uuid = valise_json_dup_member (info, 0, "uuid");

  *lax = uuid == NULL;
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
  if (!find_uuid (self, json, &info->lax, cancellable, error))
    return FALSE;

  self->streams = valise_wire_has_feature (json, "stream");
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

/* While a stream is read, its log goes by another way. */
static ValiseHttpSession *
get_session (ValiseHttpPeer *self)
{
  if (!self->streaming)
    return self->session;
  if (self->waiting == NULL)
    self->waiting = valise_http_session_new_sibling (self->session);
  return self->waiting;
}

static char *
get_local (ValisePeer *peer, const char *id, GCancellable *cancellable, GError **error)
{
  ValiseHttpPeer        *self = VALISE_HTTP_PEER (peer);
  g_autofree char       *path = dup_local_path (self, id);
  g_autoptr (ValiseJson) json = valise_http_session_exchange (get_session (self), "GET", path, NULL,
                                                              NULL, cancellable, error);

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
      json = valise_http_session_exchange (get_session (self), "PUT", path, text, &status,
                                           cancellable, error);
      if (json != NULL)
        {
          keep_local_rev (self, id, valise_json_dup_member (json, 0, "rev"));
          return TRUE;
        }
    }
  return FALSE;
}

/* --- the feed ----------------------------------------------------------------------------- */

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

  if (wait_ms > 0 && self->waiting == NULL)
    self->waiting = valise_http_session_new_sibling (self->session);
  answer = valise_http_session_send (wait_ms > 0 ? self->waiting : self->session, "GET", path, NULL,
                                     NULL, cancellable, error);
  if (answer == NULL)
    return FALSE;
  splitter = valise_splitter_new ("results", MAX_ROW, take_row, &feed);
  if (!valise_http_answer_split (answer, splitter, cancellable, error))
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

static gboolean
fetch_documents (ValisePeer            *peer,
                 GPtrArray             *wants,
                 ValisePeerDocumentFunc func,
                 gpointer               user_data,
                 GCancellable          *cancellable,
                 GError               **error)
{
  ValiseHttpPeer *self = VALISE_HTTP_PEER (peer);
  ValiseHttpFetch fetch = { self->session, self->path, self->inlined, func, user_data };

  return wants->len == 0 || valise_http_fetch (&fetch, wants, &self->single, cancellable, error);
}

static gboolean
stream (ValisePeer                  *peer,
        const char                  *since,
        const ValisePeerStreamQuery *query,
        ValisePeerStreamFunc         func,
        gpointer                     user_data,
        char                       **last_seq,
        GCancellable                *cancellable,
        GError                     **error)
{
  ValiseHttpPeer *self = VALISE_HTTP_PEER (peer);
  gboolean        ok = FALSE;

  self->streaming = TRUE;
  ok = valise_http_stream (self->session, self->path, since, query, func, user_data, last_seq,
                           cancellable, error);
  self->streaming = FALSE;
  return ok;
}

static gboolean
can_stream (ValisePeer *peer)
{
  ValiseHttpPeer *self = VALISE_HTTP_PEER (peer);

  /* A stream never brings files inline. */
  return self->streams && self->inlined[0] == '\0';
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

/* --- files ------------------------------------------------------------------------------- */

static gboolean
fetch_file (ValisePeer           *peer,
            const ValisePeerFile *file,
            ValisePeerPieceFunc   func,
            gpointer              user_data,
            GCancellable         *cancellable,
            GError              **error)
{
  ValiseHttpPeer       *self = VALISE_HTTP_PEER (peer);
  const ValiseHttpPlace place = { self->session, self->path };

  return valise_http_file_fetch (&place, file, func, user_data, cancellable, error);
}

/* Whether @document is there already, and so is its file. */
static gboolean
has_document (ValisePeer     *peer,
              ValiseDocument *document,
              gboolean       *has,
              GCancellable   *cancellable,
              GError        **error)
{
  const char *const     revs[] = { document->rev, NULL };
  g_autoptr (GPtrArray) wants =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_peer_want_free);
  g_autoptr (GPtrArray) missing = NULL;

  g_ptr_array_add (wants, valise_peer_want_new (document->id, revs));
  missing = diff (peer, wants, cancellable, error);
  *has = missing != NULL && missing->len == 0;
  return missing != NULL;
}

/* The document after its bytes, to a server that takes those in pieces. */
static gboolean
write_one (ValisePeer *peer, ValiseDocument *document, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) documents = g_ptr_array_new ();
  g_autoptr (GPtrArray) refusals = NULL;
  const ValiseRefusal  *refusal = NULL;

  g_ptr_array_add (documents, document);
  refusals = write_documents (peer, documents, NULL, NULL, cancellable, error);
  if (refusals == NULL || refusals->len == 0)
    return refusals != NULL;
  refusal = refusals->pdata[0];
  g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_FORBIDDEN, "%s: %s", document->id,
               refusal->reason != NULL ? refusal->reason : refusal->error);
  return FALSE;
}

/* Asked once: a server that learns it meanwhile is asked by the next round. */
static gboolean
find_pieces (ValiseHttpPeer *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (ValiseJson) root = NULL;

  if (self->asked)
    return TRUE;
  root = valise_http_session_exchange (self->session, "GET", "/", NULL, NULL, cancellable, error);
  if (root == NULL)
    return FALSE;
  self->pieces = valise_wire_has_feature (root, "files");
  self->asked = TRUE;
  return TRUE;
}

static gboolean
send_file (ValisePeer        *peer,
           ValiseDocument    *document,
           ValiseFileStore   *files,
           ValisePeerSentFunc func,
           gpointer           user_data,
           GCancellable      *cancellable,
           GError           **error)
{
  ValiseHttpPeer       *self = VALISE_HTTP_PEER (peer);
  const ValiseHttpPlace place = { self->session, self->path };
  gboolean              has = FALSE;

  if (!has_document (peer, document, &has, cancellable, error))
    return FALSE;
  if (has)
    return TRUE;
  if (!find_pieces (self, cancellable, error))
    return FALSE;
  if (!self->pieces)
    return valise_http_file_send_whole (&place, document, files, func, user_data, cancellable,
                                        error);
  return valise_http_file_send_pieces (&place, document, files, func, user_data, cancellable, error)
         && write_one (peer, document, cancellable, error);
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
  iface->fetch_file = fetch_file;
  iface->send_file = send_file;
  iface->stream = stream;
  iface->can_stream = can_stream;
}

static void
valise_http_peer_finalize (GObject *object)
{
  ValiseHttpPeer *self = VALISE_HTTP_PEER (object);

  g_clear_pointer (&self->waiting, valise_http_session_unref);
  g_clear_pointer (&self->session, valise_http_session_unref);
  g_clear_pointer (&self->local_revs, g_hash_table_unref);
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
  self->inlined = "";
}

/**
 * valise_http_peer_new_with_session:
 * @session: kept; other peers may share it, and then follow one another
 * @database: the name of the database there
 *
 * Nothing is asked of the server yet. The peer may be used from any thread; requests follow
 * one another, but for a feed that waits, which has a connection of its own.
 *
 * Returns: (transfer full): a peer
 */
ValisePeer *
valise_http_peer_new_with_session (ValiseHttpSession *session, const char *database)
{
  ValiseHttpPeer  *self = NULL;
  g_autofree char *escaped = NULL;

  g_return_val_if_fail (session != NULL && database != NULL, NULL);

  escaped = g_uri_escape_string (database, NULL, FALSE);
  self = g_object_new (VALISE_TYPE_HTTP_PEER, NULL);
  self->session = valise_http_session_ref (session);
  self->path = g_strconcat ("/", escaped, NULL);
  self->name = g_strconcat (valise_http_session_get_url (session), self->path, NULL);
  self->timeout_ms = valise_http_session_get_timeout (session) * 1000;
  return VALISE_PEER (self);
}

/**
 * valise_http_peer_new:
 * @address: the server; copied
 * @database: the name of the database there
 *
 * A peer with a session of its own.
 *
 * Returns: (transfer full): a peer, or %NULL with %VALISE_PEER_ERROR_PROTOCOL where @address
 * is none, %VALISE_PEER_ERROR_IDENTITY where it is plain HTTP to another machine
 */
ValisePeer *
valise_http_peer_new (const ValiseServerAddress *address, const char *database, GError **error)
{
  g_autoptr (ValiseHttpSession) session = NULL;

  g_return_val_if_fail (address != NULL && database != NULL, NULL);

  session = valise_http_session_new (address, NULL, error);
  return session != NULL ? valise_http_peer_new_with_session (session, database) : NULL;
}

void
valise_http_peer_fetch_files (ValiseHttpPeer *self)
{
  g_return_if_fail (VALISE_IS_HTTP_PEER (self));

  self->inlined = "&attachments=true";
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
