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
#include "valise-file-store.h"
#include "valise-gate.h"
#include "valise-peer-error.h"

G_BEGIN_DECLS

typedef struct
{
  char    *uuid;       /* who it is: with the start time, the epoch of its sequences */
  char    *start_time; /* instance_start_time, opaque */
  char    *update_seq; /* opaque */
  gint64   documents;  /* not deleted */
  gboolean lax;        /* what it gives was judged by a gate that sees less than ours */
} ValisePeerInfo;

void valise_peer_info_clear (ValisePeerInfo *info);

/* What changes when the peer's sequences begin anew. To be freed. */
char *valise_peer_info_dup_epoch (const ValisePeerInfo *info);

#define VALISE_SEQ_MAX G_MAXINT64

/* Another peer, of which a store remembers what came from there; lent. */
typedef struct
{
  const char *name;
  const char *epoch;   /* under another one nothing that is remembered counts */
  gint64      trusted; /* what is remembered past this sequence does not count: VALISE_SEQ_MAX: all
                        * does */
  gboolean redone;     /* all past `redo` was offered again */
  gint64   redo; /* (inout): the sequence past which all is to be offered again, since something
                  * was left out that did not count; VALISE_SEQ_MAX: nothing */
} ValisePeerOrigin;

/* One row of a feed; lent for the call. */
typedef struct
{
  const char        *id;
  const char        *seq; /* opaque; NULL where the peer gave none (seq_interval) */
  gboolean           deleted;
  const char *const *revs;  /* the leaves, NULL-terminated, winner first */
  gint64             size;  /* bytes of the winner's JSON, 0 where the peer does not say */
  gboolean           ahead; /* of a stream: it comes before its turn … */
  gboolean           given; /* … or this is its turn, and it came before that */
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

/* What need not travel in a stream; what does come is judged like any other. */
typedef struct
{
  const char *const *languages;  /* texts of others are rows alone; NULL: all come whole */
  const char *const *without;    /* (nullable): what ids of rows alone begin with */
  gboolean           tombstones; /* FALSE: not those that are there already */
  const char        *day;        /* (nullable): "2026-11-27": its papers come first */
  GPtrArray         *known;      /* (nullable) (element-type ValiseDocument): what came last, oldest
                                  * first, and need not be said again; see valise-known.h */
} ValisePeerStreamQuery;

/* A row of a stream, and what came with it (element-type ValiseDocument); lent. FALSE, with
 * @error set, ends the stream. */
typedef gboolean (*ValisePeerStreamFunc) (const ValisePeerChange *row,
                                          GPtrArray              *documents,
                                          gpointer                user_data,
                                          GError                **error);

/* What a peer refused of a write. */
typedef struct
{
  char *id;
  char *rev;
  char *error; /* "forbidden", "unauthorized", "too_large"… */
  char *reason;
} ValiseRefusal;

void valise_refusal_free (ValiseRefusal *refusal);

/* --- files ----------------------------------------------------------------------------------- */

/* A file to be fetched, and what is here of it. Lent. */
typedef struct
{
  const char *sha256;
  const char *rev;    /* of its document `file:SHA256` as known here, or NULL */
  gint64      length; /* bytes, as announced */
  gint64      offset; /* of them, here */
  const char *tag;    /* what this peer called the bytes that are here; NULL: it did not say */
} ValisePeerFile;

/* The next bytes of a file, at most 64 KiB and never over a multiple of that. The first piece of
 * a fetch may have no bytes: it says where the peer begins. One at offset 0 makes what was here
 * before void. FALSE, with @error set, ends the fetch. */
typedef struct
{
  gint64      offset;
  const void *data;
  gsize       length;
  const char *tag; /* or NULL */
} ValisePeerPiece;

typedef gboolean (*ValisePeerPieceFunc) (const ValisePeerPiece *piece,
                                         gpointer               user_data,
                                         GError               **error);

/* How many bytes of a file the peer has; FALSE, with @error set, ends the sending. */
typedef gboolean (*ValisePeerSentFunc) (gint64 sent, gpointer user_data, GError **error);

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

  /* (nullable): the bytes of a file from @file->offset on, as they come. Fails with MISSING or
   * FORBIDDEN where no document readable there names it, PROTOCOL where it is another file. */
  gboolean (*fetch_file) (ValisePeer           *self,
                          const ValisePeerFile *file,
                          ValisePeerPieceFunc   func,
                          gpointer              user_data,
                          GCancellable         *cancellable,
                          GError              **error);

  /* (nullable): brings @document, a `file:` document, and its bytes from @files; going on where
   * an earlier sending stopped, and sending no bytes that the peer has. Durable there when it
   * returns. */
  gboolean (*send_file) (ValisePeer        *self,
                         ValiseDocument    *document,
                         ValiseFileStore   *files,
                         ValisePeerSentFunc func,
                         gpointer           user_data,
                         GCancellable      *cancellable,
                         GError           **error);

  /* (nullable): the rows after @since (NULL: from the beginning) with their documents, all in
   * one answer, in the order of their sequences: after each row the rest may be asked for by its
   * `seq`. @last_seq: (out): where the feed stood at the end. Where stream() is, can_stream()
   * says whether this peer has it, once it was asked for its info. */
  gboolean (*stream) (ValisePeer                  *self,
                      const char                  *since,
                      const ValisePeerStreamQuery *query,
                      ValisePeerStreamFunc         func,
                      gpointer                     user_data,
                      char                       **last_seq,
                      GCancellable                *cancellable,
                      GError                     **error);
  gboolean (*can_stream) (ValisePeer *self);

  /* (nullable): whether it knows by itself what it has, so that a little may be written to it
   * without diff(); once it was asked for its info. */
  gboolean (*takes_unasked) (ValisePeer *self);

  /* (nullable, of a store): from now on write() remembers, with what it writes, what @origin need
   * not be offered since it came from there, and changes() leaves that out. For one replication
   * at a time. */
  gboolean (*set_origin) (ValisePeer *self, ValisePeerOrigin *origin, GError **error);

  /* (nullable, of a store): what came last and fits in a dictionary (element-type ValiseDocument),
   * the oldest first: at most so many @documents of together at most @bytes. */
  GPtrArray *(*recent) (ValisePeer *self, guint documents, gsize bytes);
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
gboolean    valise_peer_fetch_file (ValisePeer           *self,
                                    const ValisePeerFile *file,
                                    ValisePeerPieceFunc   func,
                                    gpointer              user_data,
                                    GCancellable         *cancellable,
                                    GError              **error);
gboolean    valise_peer_send_file (ValisePeer        *self,
                                   ValiseDocument    *document,
                                   ValiseFileStore   *files,
                                   ValisePeerSentFunc func,
                                   gpointer           user_data,
                                   GCancellable      *cancellable,
                                   GError           **error);
gboolean    valise_peer_set_origin (ValisePeer *self, ValisePeerOrigin *origin, GError **error);
GPtrArray  *valise_peer_recent (ValisePeer *self, guint documents, gsize bytes);
gboolean    valise_peer_can_stream (ValisePeer *self);
gboolean    valise_peer_takes_unasked (ValisePeer *self);
gboolean    valise_peer_stream (ValisePeer                  *self,
                                const char                  *since,
                                const ValisePeerStreamQuery *query,
                                ValisePeerStreamFunc         func,
                                gpointer                     user_data,
                                char                       **last_seq,
                                GCancellable                *cancellable,
                                GError                     **error);

G_END_DECLS
