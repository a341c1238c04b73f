/* valise-turn.h - rounds one after another, each going on from the one before
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the scheduler; any thread. What the rounds know of the server is kept here, and beside it the
 * connection of single fetches, which do not wait for a round. Whoever comes while another has the
 * turn begins anew, with a connection of its own.
 */

#pragma once

#include "valise-round.h"

G_BEGIN_DECLS

typedef struct _ValiseTurn ValiseTurn;

/* @account, @trust: lent. */
ValiseTurn *valise_turn_new (ValiseAccount *account, ValiseTrust *trust) G_GNUC_WARN_UNUSED_RESULT;
void        valise_turn_free (ValiseTurn *self);

/* As valise_round_run(); @orders->known is filled in here. */
gboolean valise_turn_run (ValiseTurn                *self,
                          const ValiseRoundOrders   *orders,
                          const ValiseRoundListener *listener,
                          gpointer                   user_data,
                          GCancellable              *cancellable,
                          GError                   **error);

/* As valise_round_fetch(). */
gboolean valise_turn_fetch (ValiseTurn        *self,
                            const char        *database,
                            const char *const *ids,
                            GCancellable      *cancellable,
                            GError           **error);

/* Writes at the server what could wait until after a round: how far it came. A round that runs does
 * so by itself. Blocks. */
gboolean valise_turn_settle (ValiseTurn *self, GCancellable *cancellable, GError **error);

G_END_DECLS
