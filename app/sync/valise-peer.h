/* valise-peer.h - whoever holds a copy: a store, an HTTPS server, a bundle
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The protocol's verbs (CouchDB's replication protocol), as an interface: the replicator
 * joins any two peers and knows none of them. Every verb blocks, is called on the
 * replicator's own thread, can be cancelled at any point, and fails with a
 * #ValisePeerError, a #ValiseDbError of its store, or %G_IO_ERROR_CANCELLED.
 */

#pragma once

#include "valise-database.h"
#include "valise-gate.h"
#include "valise-peer-error.h"

G_BEGIN_DECLS

typedef struct
{
  char  *uuid;       /* who it is: with the start time, the epoch of its sequences */
  char  *start_time; /* instance_start_time, opaque */
  char  *update_seq; /* opaque */
  gint64 documents;  /* not deleted */
} ValisePeerInfo;

void valise_peer_info_clear (ValisePeerInfo *info);

/* One row of a feed; lent for the call. */
typedef struct
{
  const char        *id;
  const char        *seq; /* opaque; NULL where the peer gave none (seq_interval) */
  gboolean           deleted;
  const char *const *revs; /* the leaves, NULL-terminated, winner first */
  gint64             size; /* bytes of the winner's JSON, 0 where the peer does not say */
} ValisePeerChange;

typedef gboolean (*ValisePeerChangeFunc) (const ValisePeerChange *change, gpointer user_data);

/* What to fetch: revisions of a document, or, where `revs` is empty, its winner. */
typedef struct
{
  char  *id;
  char **revs;
} ValisePeerWant;

ValisePeerWant *valise_peer_want_new (const char *id, const char *const *revs);
void            valise_peer_want_free (ValisePeerWant *want);

/* A document as it arrives; FALSE, with @error set, stops the fetch. */
typedef gboolean (*ValisePeerDocumentFunc) (ValiseDocument *document,
                                            gpointer        user_data,
                                            GError        **error);

/* What a peer refused of a write. */
typedef struct
{
  char *id;
  char *rev;
  char *error; /* "forbidden", "unauthorized", "too_large"… */
  char *reason;
} ValiseRefusal;

void valise_refusal_free (ValiseRefusal *refusal);

#define VALISE_TYPE_PEER (valise_peer_get_type ())

G_DECLARE_INTERFACE (ValisePeer, valise_peer, VALISE, PEER, GObject)

struct _ValisePeerInterface
{
  GTypeInterface parent_iface;

  const char *(*get_name) (ValisePeer *self); /* for messages and checkpoint ids; stable */

  gboolean (*get_info) (ValisePeer *self, ValisePeerInfo *info, GCancellable *, GError **);

  /* `_local` documents, by id without "_local/". get: NULL with MISSING. put: sets the body. */
  char *(*get_local) (ValisePeer *self, const char *id, GCancellable *, GError **);
  gboolean (
      *put_local) (ValisePeer *self, const char *id, const char *body, GCancellable *, GError **);

  /* Rows after @since (NULL: from the beginning), at most @limit. @wait_ms > 0: where there are
   * none, waits so long for one (longpoll with heartbeat). @last_seq (out): where it stands;
   * @pending (out): rows left, -1 unknown. */
  gboolean (*changes) (ValisePeer          *self,
                       const char          *since,
                       guint                limit,
                       guint                wait_ms,
                       ValisePeerChangeFunc func,
                       gpointer             user_data,
                       char               **last_seq,
                       gint64              *pending,
                       GCancellable        *cancellable,
                       GError             **error);

  /* Of @wants, what the peer lacks (element-type ValisePeerWant). */
  GPtrArray *(*diff) (ValisePeer *self, GPtrArray *wants, GCancellable *, GError **);

  /* @func gets each document as it arrives, `latest=true`; one that is gone is left out. */
  gboolean (*fetch) (ValisePeer            *self,
                     GPtrArray             *wants,
                     ValisePeerDocumentFunc func,
                     gpointer               user_data,
                     GCancellable          *cancellable,
                     GError               **error);

  /* Writes @documents (element-type ValiseDocument) with new_edits=false, durable when it
   * returns. Returns: (element-type ValiseRefusal): those refused, empty where all went well;
   * NULL with @error. @local_id, @local_body: (nullable): a `_local` document to store with the
   * last of them, in the same transaction where the peer is a store. */
  GPtrArray *(*write) (ValisePeer   *self,
                       GPtrArray    *documents,
                       const char   *local_id,
                       const char   *local_body,
                       GCancellable *cancellable,
                       GError      **error);

  /* Bytes that the socket carried since the peer was made. */
  void (*get_traffic) (ValisePeer *self, guint64 *received, guint64 *sent);

  /* (nullable): whether write() stores its documents and the `_local` one in one transaction,
   * at no cost of a round trip. */
  gboolean (*is_atomic) (ValisePeer *self);
};

/* One function a verb, of the same name: valise_peer_get_info() … */
const char *valise_peer_get_name (ValisePeer *self);
gboolean    valise_peer_get_info (ValisePeer     *self,
                                  ValisePeerInfo *info,
                                  GCancellable   *cancellable,
                                  GError        **error);
char       *valise_peer_get_local (ValisePeer   *self,
                                   const char   *id,
                                   GCancellable *cancellable,
                                   GError      **error);
gboolean    valise_peer_put_local (ValisePeer   *self,
                                   const char   *id,
                                   const char   *body,
                                   GCancellable *cancellable,
                                   GError      **error);
gboolean    valise_peer_changes (ValisePeer          *self,
                                 const char          *since,
                                 guint                limit,
                                 guint                wait_ms,
                                 ValisePeerChangeFunc func,
                                 gpointer             user_data,
                                 char               **last_seq,
                                 gint64              *pending,
                                 GCancellable        *cancellable,
                                 GError             **error);
GPtrArray  *valise_peer_diff (ValisePeer   *self,
                              GPtrArray    *wants,
                              GCancellable *cancellable,
                              GError      **error);
gboolean    valise_peer_fetch (ValisePeer            *self,
                               GPtrArray             *wants,
                               ValisePeerDocumentFunc func,
                               gpointer               user_data,
                               GCancellable          *cancellable,
                               GError               **error);
GPtrArray  *valise_peer_write (ValisePeer   *self,
                               GPtrArray    *documents,
                               const char   *local_id,
                               const char   *local_body,
                               GCancellable *cancellable,
                               GError      **error);
void        valise_peer_get_traffic (ValisePeer *self, guint64 *received, guint64 *sent);
gboolean    valise_peer_is_atomic (ValisePeer *self);

G_END_DECLS
