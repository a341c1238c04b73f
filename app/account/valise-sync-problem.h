/* valise-sync-problem.h - what to tell a user about a sync that failed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-scheduler.h"

G_BEGIN_DECLS

/* What @error, of a round with @server (its URL), means. @monitor knows whether this laptop has
 * a network at all, or stands before a sign-in page; it is not asked about a server on this
 * same machine. Any thread. */
ValiseSyncProblem valise_sync_problem_explain (const GError    *error,
                                               const char      *server,
                                               GNetworkMonitor *monitor);

G_END_DECLS
