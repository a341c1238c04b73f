/* valise-scheduler.h - when an account syncs, and how it stands
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lives in the main context; the replicators run on threads of its own. All properties change
 * and notify in the main context of the thread that made it.
 */

#pragma once

#include "valise-account.h"
#include "valise-file-queue.h"
#include "valise-network.h"
#include "valise-queue-item.h"
#include "valise-user-policy.h"

G_BEGIN_DECLS

#define VALISE_SCHEDULER_ERROR (valise_scheduler_error_quark ())

/**
 * ValiseSchedulerError:
 * @VALISE_SCHEDULER_ERROR_BUDGET: the day's bytes are used up, and the policy says to stop then
 */
typedef enum
{
  VALISE_SCHEDULER_ERROR_BUDGET,
} ValiseSchedulerError;

GQuark valise_scheduler_error_quark (void);

typedef enum
{
  VALISE_SYNC_LOCAL,    /* a sample account: there is nobody to reach */
  VALISE_SYNC_STOPPED,  /* not asked to sync */
  VALISE_SYNC_REACHING, /* asking the server */
  VALISE_SYNC_RECEIVING,
  VALISE_SYNC_SENDING,
  VALISE_SYNC_CURRENT, /* everything exchanged; listening for more */
  VALISE_SYNC_WAITING, /* could not reach it; will try again by itself */
  VALISE_SYNC_PAUSED,  /* the user's policy lets nothing move now: see the verdict */
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
 * "next-attempt" (int64, µs, 0: not known), "documents-received", "documents-expected" (uint64, of
 * this run; expected 0: not known yet), "bytes-received", "bytes-sent" (uint64, of this run, as the
 * socket carried them), "bytes-received-today", "bytes-sent-today", "waiting" (uint64: documents
 * written here and not yet acknowledged), "refused" (GStrv of "ID: REASON"). */
G_DECLARE_FINAL_TYPE (ValiseScheduler, valise_scheduler, VALISE, SCHEDULER, GObject)

ValiseScheduler *valise_scheduler_new (ValiseAccount *account) G_GNUC_WARN_UNUSED_RESULT;

/* The same with another @monitor than the system's. */
ValiseScheduler *valise_scheduler_new_with_monitor (ValiseAccount   *account,
                                                    GNetworkMonitor *monitor)
    G_GNUC_WARN_UNUSED_RESULT;

/* Syncs now and stays in step: longpoll, retry with back-off and jitter, at once when the
 * network comes back. */
void valise_scheduler_start (ValiseScheduler *self);
void valise_scheduler_stop (ValiseScheduler *self); /* returns when its threads have ended */

/* The user wants a sync: at any hour, but within the day's budget. */
void valise_scheduler_sync_now (ValiseScheduler *self);

/* The user, having seen what it costs, lets what is asked for next go beyond the budget: one
 * sync, once or now, or one fetch. */
void valise_scheduler_go_beyond (ValiseScheduler *self);

/* One run, both ways, of every database; blocks (for programs without a window). Fails as the
 * peers do, or with %VALISE_SCHEDULER_ERROR_BUDGET. */
gboolean valise_scheduler_sync_once (ValiseScheduler *self,
                                     GCancellable    *cancellable,
                                     GError         **error);

/* After valise_scheduler_sync_once(), for a program that is about to end or to be idle: tells the
 * server how far it came, which nobody need wait for. Without it the next program has more to
 * compare. Blocks. */
gboolean valise_scheduler_settle (ValiseScheduler *self, GCancellable *cancellable, GError **error);

/* Fetches documents known but not here: one text, say. Off the main thread. As the user asked
 * for it, only the budget can be in the way: %VALISE_SCHEDULER_ERROR_BUDGET. */
void     valise_scheduler_fetch_async (ValiseScheduler    *self,
                                       const char         *database,
                                       const char *const  *ids,
                                       GCancellable       *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);
gboolean valise_scheduler_fetch_finish (ValiseScheduler *self,
                                        GAsyncResult    *result,
                                        GError         **error);

/* --- the user's policy ------------------------------------------------------------------- */

void valise_scheduler_get_policy (ValiseScheduler *self, ValiseUserPolicy *policy);

/* Counts at once, and is written by another thread: a window must not wait for a disk. Where that
 * fails, it is the problem %VALISE_PROBLEM_DISK. */
void valise_scheduler_set_policy (ValiseScheduler *self, const ValiseUserPolicy *policy);

/* Waits until what was set, held and planned is durable, as the scheduler's end does, too. Any
 * %G_FILE_ERROR. Blocks. */
gboolean valise_scheduler_flush (ValiseScheduler *self, GError **error);

/* What may move now by itself, and why the rest waits. Whoever moves files asks this before
 * each piece. Any thread. */
void valise_scheduler_get_verdict (ValiseScheduler *self, ValiseVerdict *verdict);

/* --- what a transfer will take ----------------------------------------------------------- */

ValiseNetworkKind valise_scheduler_get_network (ValiseScheduler *self);

/* Bytes a second that were last received on a network of that kind; 0: not measured yet. */
guint64 valise_scheduler_get_speed (ValiseScheduler *self, ValiseNetworkKind kind);

/* How many bytes the sockets will carry, both ways, for texts of @weight (valise_plan_weigh()): as
 * the compression last measured has it, without what a connection costs before the first. */
guint64 valise_scheduler_estimate (ValiseScheduler *self, guint64 weight);

/* --- the queue --------------------------------------------------------------------------- */

/* Returns: (element-type ValiseQueueItem): what waits, in the order in which it goes. */
void       valise_scheduler_list_queue_async (ValiseScheduler    *self,
                                              GCancellable       *cancellable,
                                              GAsyncReadyCallback callback,
                                              gpointer            user_data);
GPtrArray *valise_scheduler_list_queue_finish (ValiseScheduler *self,
                                               GAsyncResult    *result,
                                               GError         **error);
GPtrArray *valise_scheduler_list_queue (ValiseScheduler *self); /* blocks */

/* Keeps @name, of a queue's item, back; or lets it go. Written as a policy is. Main thread. */
void valise_scheduler_hold (ValiseScheduler *self, const char *name, gboolean hold);

/* Fetches @plan before anything else that comes, through every cut and restart until all of it
 * is here; written as a policy is. One without documents takes away the plan of its name. */
void valise_scheduler_put_plan (ValiseScheduler *self, ValisePlan *plan);

/* Puts files into the queue, ahead of what nobody prepared for. Main thread. */
void valise_scheduler_want_files (ValiseScheduler        *self,
                                  const ValiseFileWanted *wanted,
                                  guint                   n_wanted);

/* How many bytes of a file are here. Main thread. */
guint64 valise_scheduler_get_file_present (ValiseScheduler *self, const char *sha256);

ValiseSyncPhase   valise_scheduler_get_phase (ValiseScheduler *self);
ValiseSyncProblem valise_scheduler_get_problem (ValiseScheduler *self);
gint64            valise_scheduler_get_last_reached (ValiseScheduler *self);

G_END_DECLS
