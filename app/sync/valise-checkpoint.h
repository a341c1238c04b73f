/* valise-checkpoint.h - how far a replication came, as both its peers remember it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of this layer; one thread, but for what says otherwise. A log is the text of
 * `_local/ID`: session_id, source_last_seq, replication_id_version and history[] as the protocol
 * has them, at most five sessions; and of our own an ordinal that rises with each log written, the
 * epochs of both peers, and `lone`: that the other peer has never yet taken such a log.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ValiseCheckpoint ValiseCheckpoint;

/* The id of the logs: a digest of who replicates what to whom. What it is computed over is
 * frozen: a change would make every laptop read every feed from its beginning. @want: names
 * the choice of what to fetch, or %NULL. */
char *valise_checkpoint_make_id (const char *source,
                                 const char *target,
                                 const char *device,
                                 const char *want);

/* Begins a session. @source_epoch, @target_epoch: what changes when a peer's sequences begin
 * anew. @source_log, @target_log: (nullable): the logs found; untrusted. */
ValiseCheckpoint *valise_checkpoint_new (const char *source_epoch,
                                         const char *target_epoch,
                                         const char *source_log,
                                         const char *target_log);

/* Whether it begins before where @log, one of the two, came to: the other remembers less. */
gboolean valise_checkpoint_is_behind (ValiseCheckpoint *self, const char *log);

/* Where the source's feed is to be taken up; NULL: at its beginning. Not while another thread
 * advances it. */
const char *valise_checkpoint_get_seq (ValiseCheckpoint *self);

/* Now all up to @seq is done. In any thread. Returns: (transfer full): the log for the peer that
 * writes its first; @away: (out): that for the other, which has it only when both have. */
char *valise_checkpoint_advance (ValiseCheckpoint *self, const char *seq, char **away);

/* Both peers have taken a log; says whether that was news. */
gboolean valise_checkpoint_set_shared (ValiseCheckpoint *self);

/* Whether the other peer has not taken a log yet, so that one alone counts. */
gboolean valise_checkpoint_is_lone (ValiseCheckpoint *self);

/* Whether two logs (nullable), as found, are one: a peer whose log is not the one it was given
 * last has been put back to an earlier state. */
gboolean valise_checkpoint_is_same (const char *log, const char *other);

void valise_checkpoint_free (ValiseCheckpoint *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseCheckpoint, valise_checkpoint_free)

G_END_DECLS
