/* valise-round.h - all of an account's databases, both ways, once or for as long as it lasts
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the scheduler. Asks the server, in one question where it is one of ours, what this account
 * may read and write and where something is new; sends what was written here, then receives,
 * database by database in the server's order; and, where it is to go on, listens to all of them at
 * once: by one question that waits, or else each on a thread of its own.
 */

#pragma once

#include "valise-acquaintance.h"
#include "valise-trust.h"
#include "valise-user-policy.h"
#include "valise-wanted.h"

G_BEGIN_DECLS

/* How a round stands: sums over its databases. */
typedef struct
{
  gboolean reached;   /* the server has answered */
  gboolean current;   /* everything was exchanged once */
  gboolean receiving; /* something is on its way here */
  gboolean sending;   /* something is on its way there */
  guint64  documents; /* received, durable here */
  guint64  expected;
  guint64  waiting;  /* to be sent, not yet acknowledged */
  guint64  received; /* bytes on the sockets */
  guint64  sent;
} ValiseRoundState;

/* Called on the round's threads, one at a time. */
typedef struct
{
  void (*changed) (const ValiseRoundState *state, gpointer user_data);
  void (*refused) (const char *id, const char *reason, gpointer user_data);

  /* Documents of a plan came, and cost so many bytes on the sockets. */
  void (*measured) (guint64 weight, guint64 carried, gpointer user_data);
} ValiseRoundListener;

/* What a round is to do. */
typedef struct
{
  gboolean      continuous; /* goes on until it fails or is cancelled */
  gboolean      retry;      /* asks once more for what was refused before */
  ValiseMay     may;        /* SEND: nothing is fetched */
  ValiseWanted *wanted;     /* lent: plans are fetched before the rest; what is held stays here */

  ValiseAcquaintance *known; /* (inout) lent: of the rounds before */
} ValiseRoundOrders;

/**
 * valise_round_run:
 *
 * Blocks. A database that the server keeps from this account does not keep it from the
 * others: the round goes on, and fails at its end with what the server said.
 */
gboolean valise_round_run (ValiseAccount             *account,
                           ValiseTrust               *trust,
                           const ValiseRoundOrders   *orders,
                           const ValiseRoundListener *listener,
                           gpointer                   user_data,
                           GCancellable              *cancellable,
                           GError                   **error);

/* Fetches the winners of @ids of @database, by the connection of @known. Blocks. */
gboolean valise_round_fetch (ValiseAccount      *account,
                             ValiseTrust        *trust,
                             ValiseAcquaintance *known,
                             const char         *database,
                             const char *const  *ids,
                             GCancellable       *cancellable,
                             GError            **error);

G_END_DECLS
