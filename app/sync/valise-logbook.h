/* valise-logbook.h - the two logs of a replication: found, compared, and kept
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Of the peers' logs (see valise-checkpoint.h) one rides with the documents, where the target
 * is a store; the others are written now and then. For the replicator's thread; marks
 * become logs in the thread that writes them.
 */

#pragma once

#include "valise-pipeline.h"
#include "valise-transfer.h"

G_BEGIN_DECLS

typedef struct _ValiseLogbook ValiseLogbook;

/* Asks both peers who they are and what they remember of each other; @want as for
 * valise_checkpoint_make_id(). @remembers: whether what comes may be offered back one day, so that
 * it is worth remembering where it came from. The peers are borrowed. Fails as they do. */
ValiseLogbook *valise_logbook_open (ValisePeer   *source,
                                    ValisePeer   *target,
                                    const char   *device,
                                    const char   *want,
                                    gboolean      remembers,
                                    GCancellable *cancellable,
                                    GError      **error) G_GNUC_WARN_UNUSED_RESULT;

/* The logs' id; and where to take up the feed, NULL: at its beginning. */
const char *valise_logbook_get_id (ValiseLogbook *self);
const char *valise_logbook_get_start (ValiseLogbook *self);

/* A #ValisePipelineLogFunc, for a pipeline that ends before the logbook @user_data does. */
char *valise_logbook_make (const char *seq, char **away, gpointer user_data);

/* Writes the logs that do not ride with the documents, for what is durable: where it is due,
 * or @now. A peer that takes none is left alone. */
gboolean valise_logbook_keep (ValiseLogbook  *self,
                              ValisePipeline *pipeline,
                              ValiseTransfer *transfer,
                              gboolean        now,
                              GError        **error);

/* Somebody knows by other means whether the far peer is still who it was: valise_logbook_check()
 * looks only after a failure. */
void valise_logbook_set_watched (ValiseLogbook *self);

/* Takes up one that is watched again, for another run, without asking either peer. */
void valise_logbook_resume (ValiseLogbook *self, GCancellable *cancellable);

/* Instead of keeping the logs now: the far one is to be delivered later. The near peer is a store.
 */
gboolean valise_logbook_put_off (ValiseLogbook *self, ValisePipeline *pipeline, GError **error);

/* Whether a log waits to be written far away; and writes it, trying once. Between runs. */
gboolean valise_logbook_is_due (ValiseLogbook *self);
gboolean valise_logbook_deliver (ValiseLogbook *self, GCancellable *cancellable, GError **error);

/* Whether only one of the peers has a log yet; and whether all begins here: there is none, and
 * the target has no documents. */
gboolean valise_logbook_is_lone (ValiseLogbook *self);
gboolean valise_logbook_is_fresh (ValiseLogbook *self);

/* Whether the near peer has logged more than the two agree on: it was stopped before it told the
 * far one. That may have come back as an older copy of itself as well, so what follows the start is
 * offered again; but much of it may be here. */
gboolean valise_logbook_is_ahead (ValiseLogbook *self);

/* Whether the source is one that judges less than we do: see #ValisePeerInfo. */
gboolean valise_logbook_is_lax (ValiseLogbook *self);

/**
 * valise_logbook_check:
 * @sent: whether anything was
 * @rewound: (out): whether valise_logbook_get_start() is to be taken up anew
 *
 * A server that was away may have come back as an older copy of itself, whose sequences mean
 * something else, and which lacks what it was given since. Whenever something was sent there,
 * looks whether the far log is the one it had; after a failure that passed, and after a log was
 * written there, also whether the far database is.
 */
gboolean valise_logbook_check (ValiseLogbook  *self,
                               ValisePipeline *pipeline,
                               ValiseTransfer *transfer,
                               gboolean        sent,
                               gboolean       *rewound,
                               GError        **error);

/* All there was has been offered: what had been left out wrongly is made good. */
gboolean valise_logbook_settle (ValiseLogbook *self, GError **error);

/* In how many milliseconds a log is due; -1: none waits. */
gint64 valise_logbook_get_due (ValiseLogbook *self, ValisePipeline *pipeline);

void valise_logbook_free (ValiseLogbook *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseLogbook, valise_logbook_free)

G_END_DECLS
