/* valise-scheduler.h - when an account syncs, and how it stands
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lives in the main context; the replicators run on threads of its own. All properties change
 * and notify in the main context of the thread that made it.
 */

#pragma once

#include "valise-account.h"

G_BEGIN_DECLS

typedef enum
{
  VALISE_SYNC_LOCAL,    /* a sample account: there is nobody to reach */
  VALISE_SYNC_STOPPED,  /* not asked to sync */
  VALISE_SYNC_REACHING, /* asking the server */
  VALISE_SYNC_RECEIVING,
  VALISE_SYNC_SENDING,
  VALISE_SYNC_CURRENT, /* everything exchanged; listening for more */
  VALISE_SYNC_WAITING, /* could not reach it; will try again by itself */
} ValiseSyncPhase;

typedef enum
{
  VALISE_PROBLEM_NONE,
  VALISE_PROBLEM_NO_NETWORK,  /* this laptop has no network */
  VALISE_PROBLEM_UNREACHABLE, /* the server does not answer */
  VALISE_PROBLEM_PORTAL,      /* a sign-in page answered in its place */
  VALISE_PROBLEM_IDENTITY,    /* whoever answered is not the secretariat's server */
  VALISE_PROBLEM_CREDENTIALS, /* the server no longer knows this laptop */
  VALISE_PROBLEM_SERVER,      /* it answers with failures */
  VALISE_PROBLEM_DISK,        /* no room, or not writable, here */
  VALISE_PROBLEM_REFUSED,     /* something that arrived was refused: see "refused" */
} ValiseSyncProblem;

#define VALISE_TYPE_SCHEDULER (valise_scheduler_get_type ())

/* Properties (all read-only): "phase" (int), "problem" (int), "problem-detail" (string, for
 * the log), "last-reached" (int64, µs since 1970, 0: never; survives restarts),
 * "next-attempt" (int64, µs), "documents-received", "documents-expected" (uint64, of this
 * run; expected 0: not known yet), "bytes-received", "bytes-sent" (uint64, of this run, as
 * the socket carried them), "bytes-received-today", "bytes-sent-today", "waiting" (uint64:
 * documents written here and not yet acknowledged), "refused" (GStrv of
 * "ID: REASON"). */
G_DECLARE_FINAL_TYPE (ValiseScheduler, valise_scheduler, VALISE, SCHEDULER, GObject)

ValiseScheduler *valise_scheduler_new (ValiseAccount *account) G_GNUC_WARN_UNUSED_RESULT;

/* Syncs now and stays in step: longpoll, retry with back-off and jitter, at once when the
 * network comes back. */
void valise_scheduler_start (ValiseScheduler *self);
void valise_scheduler_stop (ValiseScheduler *self); /* returns when its threads have ended */
void valise_scheduler_sync_now (ValiseScheduler *self);

/* One run, both ways, of every database; blocks (for programs without a window). */
gboolean valise_scheduler_sync_once (ValiseScheduler *self,
                                     GCancellable    *cancellable,
                                     GError         **error);

/* Fetches documents known but not here: one text, say. Off the main thread. */
void     valise_scheduler_fetch_async (ValiseScheduler    *self,
                                       const char         *database,
                                       const char *const  *ids,
                                       GCancellable       *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);
gboolean valise_scheduler_fetch_finish (ValiseScheduler *self,
                                        GAsyncResult    *result,
                                        GError         **error);

ValiseSyncPhase   valise_scheduler_get_phase (ValiseScheduler *self);
ValiseSyncProblem valise_scheduler_get_problem (ValiseScheduler *self);
gint64            valise_scheduler_get_last_reached (ValiseScheduler *self);

G_END_DECLS
