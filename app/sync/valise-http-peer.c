/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-http-peer"

#include "config.h"

#include <string.h>

#include "valise-ancestry.h"
#include "valise-http-bring.h"
#include "valise-http-feed.h"
#include "valise-http-fetch.h"
#include "valise-http-file.h"
#include "valise-http-local.h"
#include "valise-http-write.h"
#include "valise-wire.h"

#define MAX_ANSWER (32 << 20) /* of a diff */

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
  ValiseHttpSession *waiting; /* (nullable): for a feed that may be long in coming */
  char              *path;    /* "/DATABASE", escaped */
  char              *name;    /* URL and database */
  char              *uuid;    /* the server's, once asked */
  ValiseHttpLocal   *local;
  ValiseHttpFeed    *feed;
  ValiseAncestry    *ancestry;  /* of what it said it lacks */
  ValisePeerInfo     expected;  /* what it said of itself by another way … */
  gboolean           expects;   /* … and was not asked for yet */
  gboolean           single;    /* it has no _bulk_get */
  const char        *inlined;   /* what asks for attachments inline, or nothing */
  gboolean           streams;   /* it is one of ours */
  gboolean           spans;     /* it is a secretariat's, and judges nothing that it has */
  gboolean           knows;     /* … and looks for what it is told is here */
  gboolean           doubtful;  /* whether it has what was sent last */
  ValiseHttpSpan     span;      /* of what was written */
  gboolean           streaming; /* the session is busy with that */
  ValiseHttpFeatures features;
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
find_uuid (ValiseHttpPeer *self, ValisePeerInfo *info, GCancellable *cancellable, GError **error)
{
  g_autoptr (ValiseJson) root = NULL;

  info->lax = info->uuid == NULL;
  if (info->uuid == NULL && self->uuid == NULL)
    {
      root =
          valise_http_session_exchange (self->session, "GET", "/", NULL, NULL, cancellable, error);
      if (root == NULL)
        return FALSE;
      self->uuid = valise_json_dup_member (root, 0, "uuid");
    }
  if (info->uuid == NULL)
    info->uuid = g_strdup (self->uuid != NULL ? self->uuid : "");
  return TRUE;
}

static gboolean
take_expected (ValiseHttpPeer *self, ValisePeerInfo *info)
{
  if (!self->expects)
    return FALSE;
  *info = self->expected;
  self->expected = (ValisePeerInfo){ 0 };
  self->expects = FALSE;
  return TRUE;
}

static gboolean
get_info (ValisePeer *peer, ValisePeerInfo *info, GCancellable *cancellable, GError **error)
{
  ValiseHttpPeer        *self = VALISE_HTTP_PEER (peer);
  g_autoptr (ValiseJson) json = NULL;

  if (take_expected (self, info))
    return TRUE;
  json = valise_http_session_exchange (self->session, "GET", self->path, NULL, NULL, cancellable,
                                       error);
  if (json == NULL)
    return FALSE;
  if (!valise_wire_read_info (json, 0, info))
    {
      g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL,
                   "%s does not describe itself as a database", self->name);
      return FALSE;
    }
  self->streams = valise_wire_has_feature (json, 0, "stream");
  self->spans = valise_wire_has_feature (json, 0, "span");
  self->knows = valise_wire_has_feature (json, 0, "known");
  if (find_uuid (self, info, cancellable, error))
    return TRUE;
  valise_peer_info_clear (info);
  return FALSE;
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
  ValiseHttpPeer *self = VALISE_HTTP_PEER (peer);

  return valise_http_local_get (self->local, get_session (self), id, cancellable, error);
}

static gboolean
put_local (ValisePeer   *peer,
           const char   *id,
           const char   *body,
           GCancellable *cancellable,
           GError      **error)
{
  ValiseHttpPeer *self = VALISE_HTTP_PEER (peer);

  return valise_http_local_put (self->local, get_session (self), id, body, cancellable, error);
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
  ValiseHttpPeer *self = VALISE_HTTP_PEER (peer);

  if (wait_ms > 0 && self->waiting == NULL)
    self->waiting = valise_http_session_new_sibling (self->session);
  return valise_http_feed_read (self->feed, wait_ms > 0 ? self->waiting : self->session, since,
                                limit, wait_ms, func, user_data, last_seq, pending, cancellable,
                                error);
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
  if (json == NULL)
    return NULL;
  self->doubtful = FALSE;
  return valise_wire_read_revs_diff (json, self->ancestry, error);
}

static gboolean
takes_unasked (ValisePeer *peer)
{
  ValiseHttpPeer *self = VALISE_HTTP_PEER (peer);

  return self->spans && !self->doubtful;
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
  ValiseHttpPeer       *self = VALISE_HTTP_PEER (peer);
  ValisePeerStreamQuery asked = *query;
  gboolean              ok = FALSE;

  asked.known = self->knows ? query->known : NULL;
  self->streaming = TRUE;
  ok = valise_http_stream (self->session, self->path, since, &asked, func, user_data, last_seq,
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
  g_autoptr (GPtrArray) here =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);
  g_autoptr (GPtrArray) refusals =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_refusal_free);

  for (guint i = 0; i < documents->len; i++)
    if (((ValiseDocument *) g_ptr_array_index (documents, i))->body != NULL)
      g_ptr_array_add (here,
                       valise_ancestry_shorten (self->ancestry, g_ptr_array_index (documents, i)));

  if (here->len > 0)
    {
      self->doubtful = TRUE;
      g_ptr_array_unref (refusals);
      refusals = valise_http_write (self->session, self->path, here,
                                    self->spans ? &self->span : NULL, cancellable, error);
      if (refusals == NULL)
        return NULL;
      self->doubtful = FALSE;
      valise_ancestry_forget (self->ancestry, here);
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
  ValiseHttpBringing    bringing = { &place, peer, &self->features, func, user_data };

  return valise_http_bring (&bringing, document, files, cancellable, error);
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
  iface->takes_unasked = takes_unasked;
}

static void
valise_http_peer_finalize (GObject *object)
{
  ValiseHttpPeer *self = VALISE_HTTP_PEER (object);

  g_clear_pointer (&self->ancestry, valise_ancestry_free);
  g_clear_pointer (&self->waiting, valise_http_session_unref);
  g_clear_pointer (&self->session, valise_http_session_unref);
  g_clear_pointer (&self->local, valise_http_local_free);
  g_clear_pointer (&self->feed, valise_http_feed_free);
  valise_peer_info_clear (&self->expected);
  valise_http_span_clear (&self->span);
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
  self->inlined = "";
  self->ancestry = valise_ancestry_new ();
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
  self->local = valise_http_local_new (self->path);
  self->feed = valise_http_feed_new (self->path, valise_http_session_get_timeout (session) * 1000);
  self->name = g_strconcat (valise_http_session_get_url (session), self->path, NULL);
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
valise_http_peer_use_session (ValiseHttpPeer *self, ValiseHttpSession *session)
{
  valise_http_session_ref (session);
  valise_http_session_unref (self->session);
  self->session = session;
}

void
valise_http_peer_expect (ValiseHttpPeer *self, const ValiseJson *json, guint object)
{
  valise_peer_info_clear (&self->expected);
  self->expects = valise_wire_read_info (json, object, &self->expected);
  if (!self->expects)
    return;
  self->streams = valise_wire_has_feature (json, object, "stream");
  self->knows = valise_wire_has_feature (json, object, "known");
  self->spans = valise_wire_has_feature (json, object, "span");
}

char *
valise_http_peer_take_span (ValiseHttpPeer *self, char **to)
{
  char *from = g_steal_pointer (&self->span.from);

  *to = g_steal_pointer (&self->span.to);
  valise_http_span_clear (&self->span);
  return from;
}

void
valise_http_peer_expect_local (ValiseHttpPeer *self, const char *id, const char *body)
{
  valise_http_local_expect (self->local, id, body);
}

void
valise_http_peer_expect_nothing (ValiseHttpPeer *self)
{
  self->expects = FALSE;
  g_clear_pointer (&self->uuid, g_free);
  valise_http_local_expect_nothing (self->local);
}

gboolean
valise_http_peer_is_unchanged (ValiseHttpPeer *self, GCancellable *cancellable)
{
  return valise_http_feed_is_unchanged (self->feed, self->session, cancellable);
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
