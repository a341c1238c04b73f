/* valise-colleague-client.h - reaches a colleague's laptop on the local network
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any thread; everything blocks and can be cancelled. Fails with #ValisePeerError,
 * #ValisePairingError, #ValiseAccountError.
 */

#pragma once

#include "valise-bundle.h"
#include "valise-colleague.h"
#include "valise-pairing.h"

G_BEGIN_DECLS

typedef struct _ValiseColleagueCall ValiseColleagueCall; /* a pairing that this laptop asked for */

/**
 * valise_colleague_call_new:
 * @address: "192.168.1.7", "192.168.1.7:6986"
 *
 * Connects, learns the other's key from the TLS that proves it, and exchanges commitments and
 * nonces. Then valise_colleague_call_get_code() is to be compared by two people.
 */
ValiseColleagueCall *valise_colleague_call_new (ValiseAccount *account,
                                                const char    *address,
                                                GCancellable  *cancellable,
                                                GError       **error) G_GNUC_WARN_UNUSED_RESULT;
void                 valise_colleague_call_free (ValiseColleagueCall *self);
const char          *valise_colleague_call_get_code (ValiseColleagueCall *self);
const char          *valise_colleague_call_get_person (ValiseColleagueCall *self);

/* As the secretariat certified; NULL: it did not, and the person's name is what the other says. */
const char *valise_colleague_call_get_participant (ValiseColleagueCall *self);

/* The person here has said that the codes are the same; waits until the other has too, and then
 * remembers the colleague. FORBIDDEN (#ValisePeerError) where the other said no. */
gboolean valise_colleague_call_confirm (ValiseColleagueCall *self,
                                        GCancellable        *cancellable,
                                        GError             **error);

/**
 * valise_colleague_receive:
 * @address: (nullable): where it listens now; else where it did last
 * @rules: (nullable): judges what no seal speaks for; without, such a database takes nothing, and
 *   is told as refused
 *
 * Brings what the colleague has of the databases that both may hold, judged as what any stranger
 * brings; and brings there what is here of the desk and the team, where both are of one
 * participant.
 *
 * Returns: (transfer full): what came
 */
ValiseBundleArrival *valise_colleague_receive (ValiseAccount         *account,
                                               const ValiseColleague *colleague,
                                               const char            *address,
                                               ValiseGate            *rules,
                                               GCancellable          *cancellable,
                                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a server is pinned by that proves to have the key of @colleague: the SHA-256 of what its
 * certificate holds. %NULL with %VALISE_PEER_ERROR_IDENTITY where the key is none. */
char *valise_colleague_dup_pin (const ValiseColleague *colleague,
                                GError               **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseColleagueCall, valise_colleague_call_free)

G_END_DECLS
