/* valise-plan-fetch.h - brings what of a plan is not here
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of this layer; blocks.
 */

#pragma once

#include "valise-home.h"
#include "valise-replicator.h"
#include "valise-wanted.h"

G_BEGIN_DECLS

/* What it came to. */
typedef struct
{
  guint64 weight;   /* of the documents, see valise_plan_weigh() */
  guint64 received; /* on the sockets */
  guint64 sent;
} ValisePlanCost;

/* How much of @plan is here. */
typedef struct
{
  guint   documents;
  guint64 weight;
} ValisePlanHere;

void valise_plan_look (const ValisePlan *plan, ValiseHome *home, ValisePlanHere *here);

/* Fetches what is absent, in the plan's order, by @replicator; nothing where all is here. What
 * arrived is durable, so the next call takes up where this one ended. Fails as
 * valise_replicator_fetch() does; @cost counts in any case. */
gboolean valise_plan_fetch (const ValisePlan *plan,
                            ValiseHome       *home,
                            ValiseReplicator *replicator,
                            ValisePlanCost   *cost,
                            GCancellable     *cancellable,
                            GError          **error);

G_END_DECLS
