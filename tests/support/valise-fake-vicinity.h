/* valise-fake-vicinity.h - colleagues on no network: what a test of views sets is what is near
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-vicinity.h"

G_BEGIN_DECLS

extern const ValiseHostKind valise_neighbour_host; /* serves nobody */

/* @busy, @problem: a #ValisePeerError, -1: none. */
void valise_fake_vicinity_add (ValiseVicinity *self,
                               const char     *person,
                               gboolean        near,
                               guint64         waiting,
                               gboolean        busy,
                               int             problem);
void valise_fake_vicinity_set_state (ValiseVicinity *self,
                                     ValiseSharing   state,
                                     const char     *address);
void valise_fake_vicinity_see (ValiseVicinity *self, gboolean available, const char *name);

/* @error: a #ValisePeerError, -1: none. */
void valise_fake_vicinity_pair (ValiseVicinity    *self,
                                ValisePairingPhase phase,
                                const char        *person,
                                const char        *participant,
                                int                error);
char *valise_fake_vicinity_dup_log (ValiseVicinity *self); /* what was asked: "call X", "sync K"… */

G_END_DECLS
