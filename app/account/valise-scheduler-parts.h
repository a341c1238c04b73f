/* valise-scheduler-parts.h - what the scheduler's files share; nobody else's
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-file-queue.h"
#include "valise-later.h"
#include "valise-queue.h"
#include "valise-sync-thread.h"

G_BEGIN_DECLS

struct _ValiseScheduler
{
  GObject parent_instance;

  ValiseAccount    *account;
  ValiseTrust      *trust;
  ValiseSyncState  *state;
  ValiseWanted     *wanted;
  ValiseSyncThread *thread;
  ValiseFileQueue  *files;
  ValiseLater      *policy_file;
  ValiseLater      *wanted_file;
  GMainContext     *context;
  GNetworkMonitor  *monitor;

  GMutex   mutex;
  GSource *notify; /* waiting to tell */
  gboolean beyond; /* what is asked for next may go beyond the budget */
};

/* Tells in the maker's main context that something changed. Any thread. */
void valise_scheduler_tell (ValiseScheduler *self);

/* Whether there is a server to sync with and a key to verify by; fails with a #ValiseAccountError.
 */
gboolean valise_scheduler_can_sync (ValiseScheduler *self, GError **error);

/* Whether what is asked for now may go beyond the budget; what follows may not. Any thread. */
gboolean valise_scheduler_take_beyond (ValiseScheduler *self);

/* Has what its user set and wants written, from now on; and waits until it is. */
void valise_scheduler_begin_keeping (ValiseScheduler *self);
void valise_scheduler_end_keeping (ValiseScheduler *self);

/* Asks the policy before files move, from now on; and no longer. */
void valise_scheduler_guard_files (ValiseScheduler *self);
void valise_scheduler_leave_files (ValiseScheduler *self);

G_END_DECLS
