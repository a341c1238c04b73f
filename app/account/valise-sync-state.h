/* valise-sync-state.h - how an account's sync stands, as far as is known now
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Written by the threads that sync, read by whoever asks. For the scheduler; any thread.
 */

#pragma once

#include "valise-network.h"
#include "valise-round.h"
#include "valise-scheduler.h"

G_BEGIN_DECLS

typedef struct _ValiseSyncState ValiseSyncState;

/* @folder: of the account, where its standing is kept. Listens to @meter, whose bytes are those of
 * the run and of the day; @monitor says over what they came. @changed: called without a lock
 * held, after each change, on the thread that made it. */
ValiseSyncState *valise_sync_state_new (const char      *folder,
                                        ValiseMeter     *meter,
                                        GNetworkMonitor *monitor,
                                        GFunc            changed,
                                        gpointer         user_data);
void             valise_sync_state_free (ValiseSyncState *self);

/* --- what happens ---------------------------------------------------------------------- */

/* A round begins; @retry: what was refused before gets another chance. */
void valise_sync_state_begin (ValiseSyncState *self, gboolean retry);
/* Takes what a round tells of itself; its user data is the state. */
extern const ValiseRoundListener valise_sync_state_listener;

/* The server answered, now. */
void valise_sync_state_set_reached (ValiseSyncState *self);

void valise_sync_state_set_waiting (ValiseSyncState *self, guint64 waiting);
void valise_sync_state_set_problem (ValiseSyncState  *self,
                                    ValiseSyncProblem problem,
                                    const char       *detail);

/* @next_attempt: µs since 1970, 0: none is planned. */
ValiseSyncPhase valise_sync_state_get_phase (ValiseSyncState *self);
void            valise_sync_state_set_phase (ValiseSyncState *self,
                                             ValiseSyncPhase  phase,
                                             gint64           next_attempt);

/* Writes the standing, if it is time; @now: in any case. */
void valise_sync_state_save (ValiseSyncState *self, gboolean now);

/* --- what is known ----------------------------------------------------------------------- */

typedef struct
{
  ValiseSyncPhase   phase;
  ValiseSyncProblem problem;
  char             *detail; /* nullable */
  gint64            last_reached;
  gint64            next_attempt;
  ValiseRoundState  round;
  guint64           waiting;
  guint64           received; /* bytes of this run */
  guint64           sent;
  guint64           received_today;
  guint64           sent_today;
  char            **refused; /* "ID: REASON" */
} ValiseSyncReport;

/* Both ways, since local midnight. */
guint64 valise_sync_state_get_bytes_today (ValiseSyncState *self);

/* Bytes a second on a network of that kind, when it was last measured; 0: never. */
guint64 valise_sync_state_get_speed (ValiseSyncState *self, ValiseNetworkKind kind);

/* Bytes that documents of @weight will cost on the sockets, by the last measure. */
guint64 valise_sync_state_estimate (ValiseSyncState *self, guint64 weight);

/* A copy of it all, of one moment. */
void valise_sync_state_report (ValiseSyncState *self, ValiseSyncReport *report);
void valise_sync_report_clear (ValiseSyncReport *report);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ValiseSyncReport, valise_sync_report_clear)

G_END_DECLS
