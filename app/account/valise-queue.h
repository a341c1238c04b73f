/* valise-queue.h - everything that waits, in the order in which it goes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the scheduler; blocks.
 */

#pragma once

#include "valise-sync-state.h"

G_BEGIN_DECLS

/* Returns: (element-type ValiseQueueItem). */
GPtrArray *valise_queue_list (ValiseAccount       *account,
                              ValiseWanted        *wanted,
                              ValiseSyncState     *state,
                              const ValiseVerdict *verdict);

G_END_DECLS
