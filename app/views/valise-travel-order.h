/* valise-travel-order.h - what somebody who travels chose, and what that comes to
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Main thread.
 */

#pragma once

#include "valise-library.h"
#include "valise-scheduler.h"

G_BEGIN_DECLS

/* @travel and what was chosen of it; lent. */
typedef struct
{
  const ValiseTravel *travel;
  gboolean            parts[VALISE_TRAVEL_N_PARTS];
  gboolean            files;
} ValiseTravelOrder;

/* Bytes that the sockets will carry for one part, or for the files, chosen or not. */
guint64 valise_travel_order_weigh_part (const ValiseTravelOrder *order,
                                        ValiseScheduler         *scheduler,
                                        ValiseTravelPart         part);
guint64 valise_travel_order_weigh_files (const ValiseTravelOrder *order,
                                         ValiseScheduler         *scheduler,
                                         guint                   *n_absent);

/* Of all that is chosen. */
guint64 valise_travel_order_weigh (const ValiseTravelOrder *order, ValiseScheduler *scheduler);

/* Plans the texts and queues the files that are chosen; they come before anything else. */
void valise_travel_order_place (const ValiseTravelOrder *order, ValiseScheduler *scheduler);

G_END_DECLS
