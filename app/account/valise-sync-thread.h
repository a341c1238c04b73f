/* valise-sync-thread.h - round after round, as the user's policy lets it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the scheduler. One thread of its own runs the rounds (valise-round.h), and waits between
 * those that fail and while nothing may move. What it finds out is kept in the state. Every
 * function but free and stop may be called from any thread.
 */

#pragma once

#include "valise-sync-state.h"
#include "valise-turn.h"
#include "valise-verdict.h"

G_BEGIN_DECLS

typedef struct _ValiseSyncThread ValiseSyncThread;

/* Stopped. @account, @trust and @state are lent; @wanted and @monitor kept. */
ValiseSyncThread *valise_sync_thread_new (ValiseAccount   *account,
                                          ValiseTrust     *trust,
                                          ValiseSyncState *state,
                                          ValiseWanted    *wanted,
                                          GNetworkMonitor *monitor) G_GNUC_WARN_UNUSED_RESULT;
void              valise_sync_thread_free (ValiseSyncThread *self); /* stops */

void     valise_sync_thread_start (ValiseSyncThread *self);
void     valise_sync_thread_stop (ValiseSyncThread *self); /* returns when it has ended */
gboolean valise_sync_thread_is_running (ValiseSyncThread *self);

/* Ends what runs or waits, so that it looks again. */
void valise_sync_thread_nudge (ValiseSyncThread *self);

/* The user wants a round, hours or not; @beyond: nor does the budget count. Also asks once more
 * for what was refused. */
void valise_sync_thread_ask (ValiseSyncThread *self, gboolean beyond);

/* Something was written: counts what waits. */
void valise_sync_thread_recount (ValiseSyncThread *self);

/* One round, on the caller's thread, as if asked for. Fails as valise_round_run() does, or with
 * %VALISE_SCHEDULER_ERROR_BUDGET where the budget ends it, or keeps it from beginning. */
gboolean valise_sync_thread_run_once (ValiseSyncThread *self,
                                      gboolean          beyond,
                                      GCancellable     *cancellable,
                                      GError          **error);

/* Whose rounds it runs; lent. */
ValiseTurn *valise_sync_thread_get_turn (ValiseSyncThread *self);

/* Whether what the user asks for may go over the network now; else as run_once fails. */
gboolean valise_sync_thread_check (ValiseSyncThread *self, gboolean beyond, GError **error);

void valise_sync_thread_get_policy (ValiseSyncThread *self, ValiseUserPolicy *policy);
void valise_sync_thread_set_policy (ValiseSyncThread *self, const ValiseUserPolicy *policy);

/* What may move now by itself. */
void valise_sync_thread_judge (ValiseSyncThread *self, ValiseVerdict *verdict);

G_END_DECLS
