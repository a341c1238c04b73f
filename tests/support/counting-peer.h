/* counting-peer.h - a peer that counts what is asked of the one behind it, and can be cut
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-peer.h"

#define COUNTING_TYPE_PEER (counting_peer_get_type ())
G_DECLARE_FINAL_TYPE (CountingPeer, counting_peer, COUNTING, PEER, GObject)

struct _CountingPeer
{
  GObject parent_instance;

  ValisePeer   *peer;
  guint         fetched;            /* documents given so far */
  guint         rows;               /* rows of feeds given so far */
  guint         writes;             /* documents taken */
  guint         puts;               /* `_local` documents taken */
  guint         offered;            /* revisions asked after in diffs */
  GHashTable   *given;              /* set of "id rev" */
  guint         twice;              /* documents given again */
  guint         cancel_after;       /* documents; 0: never */
  GCancellable *cancellable;        /* what is then cancelled; NULL: the fetch fails instead */
  void (*put_func) (gpointer data); /* (nullable): before a `_local` document is taken */
  gpointer put_data;
  gboolean refuses_local;
  gboolean far;   /* not atomic */
  gboolean plain; /* has no streams, as a CouchDB */

  ValisePeerDocumentFunc func; /* of the fetch that runs */
  gpointer               user_data;
};

static void counting_peer_init_peer (ValisePeerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CountingPeer,
                               counting_peer,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (VALISE_TYPE_PEER, counting_peer_init_peer))

static const char *
counting_get_name (ValisePeer *peer)
{
  return valise_peer_get_name (COUNTING_PEER (peer)->peer);
}

static gboolean
counting_get_info (ValisePeer     *peer,
                   ValisePeerInfo *info,
                   GCancellable   *cancellable,
                   GError        **error)
{
  return valise_peer_get_info (COUNTING_PEER (peer)->peer, info, cancellable, error);
}

static gboolean
counting_check_local (CountingPeer *self, GError **error)
{
  if (self->refuses_local)
    g_set_error_literal (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_FORBIDDEN, "read only");
  return !self->refuses_local;
}

static char *
counting_get_local (ValisePeer *peer, const char *id, GCancellable *cancellable, GError **error)
{
  CountingPeer *self = COUNTING_PEER (peer);

  if (!counting_check_local (self, error))
    return NULL;
  return valise_peer_get_local (self->peer, id, cancellable, error);
}

static gboolean
counting_put_local (ValisePeer   *peer,
                    const char   *id,
                    const char   *body,
                    GCancellable *cancellable,
                    GError      **error)
{
  CountingPeer *self = COUNTING_PEER (peer);

  self->puts++;
  if (self->put_func != NULL)
    self->put_func (self->put_data);
  return counting_check_local (self, error)
         && valise_peer_put_local (self->peer, id, body, cancellable, error);
}

typedef struct
{
  CountingPeer        *self;
  ValisePeerChangeFunc func;
  gpointer             user_data;
} CountingFeed;

static gboolean
counting_take_row (const ValisePeerChange *change, gpointer user_data)
{
  CountingFeed *feed = user_data;

  feed->self->rows++;
  return feed->func (change, feed->user_data);
}

static gboolean
counting_changes (ValisePeer          *peer,
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
  CountingFeed feed = { COUNTING_PEER (peer), func, user_data };

  return valise_peer_changes (feed.self->peer, since, limit, wait_ms, counting_take_row, &feed,
                              last_seq, pending, cancellable, error);
}

static GPtrArray *
counting_diff (ValisePeer *peer, GPtrArray *wants, GCancellable *cancellable, GError **error)
{
  CountingPeer *self = COUNTING_PEER (peer);

  for (guint i = 0; i < wants->len; i++)
    self->offered += g_strv_length (((ValisePeerWant *) g_ptr_array_index (wants, i))->revs);
  return valise_peer_diff (COUNTING_PEER (peer)->peer, wants, cancellable, error);
}

static gboolean
counting_take_document (ValiseDocument *document, gpointer user_data, GError **error)
{
  CountingPeer    *self = user_data;
  g_autofree char *key = g_strconcat (document->id, " ", document->rev, NULL);

  if (self->cancel_after > 0 && self->fetched >= self->cancel_after)
    {
      if (self->cancellable != NULL)
        g_cancellable_cancel (self->cancellable);
      if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
        return FALSE;
      g_set_error_literal (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_IDENTITY, "cut");
      return FALSE;
    }
  self->fetched++;
  if (!g_hash_table_add (self->given, g_steal_pointer (&key)))
    self->twice++;
  return self->func (document, self->user_data, error);
}

static gboolean
counting_fetch (ValisePeer            *peer,
                GPtrArray             *wants,
                ValisePeerDocumentFunc func,
                gpointer               user_data,
                GCancellable          *cancellable,
                GError               **error)
{
  CountingPeer *self = COUNTING_PEER (peer);

  self->func = func;
  self->user_data = user_data;
  return valise_peer_fetch (self->peer, wants, counting_take_document, self, cancellable, error);
}

typedef struct
{
  CountingPeer        *self;
  ValisePeerStreamFunc func;
  gpointer             user_data;
} CountingStream;

static gboolean
counting_pass (ValiseDocument *document, gpointer user_data, GError **error)
{
  return TRUE;
}

static gboolean
counting_take_streamed (const ValisePeerChange *change,
                        GPtrArray              *documents,
                        gpointer                user_data,
                        GError                **error)
{
  CountingStream *stream = user_data;

  stream->self->rows++;
  stream->self->func = counting_pass;
  for (guint i = 0; i < documents->len; i++)
    if (!counting_take_document (g_ptr_array_index (documents, i), stream->self, error))
      return FALSE;
  return stream->func (change, documents, stream->user_data, error);
}

static gboolean
counting_stream (ValisePeer                  *peer,
                 const char                  *since,
                 const ValisePeerStreamQuery *query,
                 ValisePeerStreamFunc         func,
                 gpointer                     user_data,
                 char                       **last_seq,
                 GCancellable                *cancellable,
                 GError                     **error)
{
  CountingStream stream = { COUNTING_PEER (peer), func, user_data };

  return valise_peer_stream (stream.self->peer, since, query, counting_take_streamed, &stream,
                             last_seq, cancellable, error);
}

static gboolean
counting_can_stream (ValisePeer *peer)
{
  return !COUNTING_PEER (peer)->plain && valise_peer_can_stream (COUNTING_PEER (peer)->peer);
}

static GPtrArray *
counting_write (ValisePeer   *peer,
                GPtrArray    *documents,
                const char   *local_id,
                const char   *local_body,
                GCancellable *cancellable,
                GError      **error)
{
  CountingPeer *self = COUNTING_PEER (peer);

  self->writes += documents->len;
  return valise_peer_write (self->peer, documents, local_id, local_body, cancellable, error);
}

static gboolean
counting_is_atomic (ValisePeer *peer)
{
  return !COUNTING_PEER (peer)->far && valise_peer_is_atomic (COUNTING_PEER (peer)->peer);
}

static void
counting_peer_init_peer (ValisePeerInterface *iface)
{
  iface->get_name = counting_get_name;
  iface->get_info = counting_get_info;
  iface->get_local = counting_get_local;
  iface->put_local = counting_put_local;
  iface->changes = counting_changes;
  iface->diff = counting_diff;
  iface->fetch = counting_fetch;
  iface->write = counting_write;
  iface->is_atomic = counting_is_atomic;
  iface->stream = counting_stream;
  iface->can_stream = counting_can_stream;
}

static void
counting_peer_finalize (GObject *object)
{
  CountingPeer *self = COUNTING_PEER (object);

  g_object_unref (self->peer);
  g_hash_table_unref (self->given);

  G_OBJECT_CLASS (counting_peer_parent_class)->finalize (object);
}

static void
counting_peer_class_init (CountingPeerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = counting_peer_finalize;
}

static void
counting_peer_init (CountingPeer *self)
{
  self->given = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/* Takes @peer. */
static CountingPeer *
counting_peer_new (ValisePeer *peer)
{
  CountingPeer *self = g_object_new (COUNTING_TYPE_PEER, NULL);

  self->peer = peer;
  return self;
}
