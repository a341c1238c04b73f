/* valise-replicator.h - brings one peer's documents to another
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-peer.h"

G_BEGIN_DECLS

/* What of a feed's row to do; judged by the id alone. */
typedef enum
{
  VALISE_WANT_FETCH, /* bring it */
  VALISE_WANT_KNOW,  /* record that it exists, with its size */
  VALISE_WANT_SKIP,  /* nothing */
} ValiseWant;

typedef ValiseWant (*ValiseWantFunc) (const char *id, gboolean deleted, gpointer user_data);

typedef struct
{
  guint64 listed;   /* rows of the feed seen */
  guint64 expected; /* documents to fetch, as far as known */
  guint64 stored;   /* written to the target and durable */
  guint64 known;    /* recorded as known, not here */
  guint64 refused;
  guint64 received; /* bytes on the sockets of both peers */
  guint64 sent;
} ValiseProgress;

#define VALISE_TYPE_REPLICATOR (valise_replicator_get_type ())

/* Signals, on the thread that runs it: "progress" (no argument; read it with
 * valise_replicator_get_progress()), "refused" (id, rev, reason: strings), "caught-up" (no
 * argument): the feed was read to its end and all of it is durable. */
G_DECLARE_FINAL_TYPE (ValiseReplicator, valise_replicator, VALISE, REPLICATOR, GObject)

/* @device: names this replica in the checkpoint's id, so that a copied folder under another
 * device starts anew. */
ValiseReplicator *valise_replicator_new (ValisePeer *source,
                                         ValisePeer *target,
                                         const char *device) G_GNUC_WARN_UNUSED_RESULT;

/* Each arriving document must pass every gate; one refused is named and not written. */
void valise_replicator_add_gate (ValiseReplicator *self,
                                 ValiseGate       *gate,
                                 const char       *database,
                                 ValiseSource      source);
void valise_replicator_set_want (ValiseReplicator *self,
                                 ValiseWantFunc    func,
                                 gpointer          user_data,
                                 GDestroyNotify    destroy);

/* Names the choice that the function makes, such as the languages: under another name the
 * feed is read from its beginning, since what was only known may now be wanted. */
void valise_replicator_set_want_version (ValiseReplicator *self, const char *version);

/* Nothing is written at the target that the source could give back. So what is new may be asked
 * for unseen, in one answer, where the source can give it so (valise_peer_stream()); without
 * this, only an empty target is filled like that. */
void valise_replicator_set_one_way (ValiseReplicator *self, gboolean one_way);

/* The next run asks once more for all that was refused before, not only for what an unknown
 * key had sealed. */
void valise_replicator_retry_refused (ValiseReplicator *self);

/* For who knows by other means whether the far peer is still who it was (a poll): each run goes on
 * where the one before ended, without asking either peer what it remembers, and the far peer's log
 * is left for valise_replicator_deliver(). */
void valise_replicator_go_on (ValiseReplicator *self);

/* Between runs: where the source's feed ended when it was read last, %NULL: it was not, or that run
 * failed; and forgets that, so that the next run asks as the first. */
const char *valise_replicator_get_position (ValiseReplicator *self);
void        valise_replicator_forget (ValiseReplicator *self);

/* Between runs: whether the far peer's log waits to be written, and writes it. Blocks. */
gboolean valise_replicator_is_due (ValiseReplicator *self);
gboolean valise_replicator_deliver (ValiseReplicator *self,
                                    GCancellable     *cancellable,
                                    GError          **error);

/* Until the source has no more (once), or (@continuous) until cancelled or failed. Blocks. */
gboolean valise_replicator_run (ValiseReplicator *self,
                                gboolean          continuous,
                                GCancellable     *cancellable,
                                GError          **error);

/* Brings the winners of @ids, whatever was wanted so far; durable when it returns. Blocks.
 * Fails as the peers do; with %VALISE_PEER_ERROR_MISSING where the source lacks one, with
 * %VALISE_PEER_ERROR_FORBIDDEN where one was refused. The others are stored. */
gboolean valise_replicator_fetch (ValiseReplicator  *self,
                                  const char *const *ids,
                                  GCancellable      *cancellable,
                                  GError           **error);

/* Any thread. */
void valise_replicator_get_progress (ValiseReplicator *self, ValiseProgress *progress);

G_END_DECLS
