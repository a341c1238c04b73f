/* valise-trust.h - whose seals count
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A gate: in `public` and `states` every leaf must be sealed by a key that the `keys`
 * document names, and that document by the root key pinned in the invitation. A tombstone or
 * an unsealed leaf there is let through from the account's own server alone. From any other
 * source a revision's id must be the one that its content makes.
 *
 * The `keys` document of `public`: {"type": "keys", "keys": [{"use": "issuing" | "receipting"
 * | "certifying", "public": PUBLIC-KEY, "revoked": true where it was stolen}, …]}, sealed by
 * the root key. A key that was only replaced stays listed: what it sealed stays good. Of two
 * such documents the one with the higher issue number counts.
 */

#pragma once

#include "valise-gate.h"

G_BEGIN_DECLS

#define VALISE_TYPE_TRUST (valise_trust_get_type ())

G_DECLARE_FINAL_TYPE (ValiseTrust, valise_trust, VALISE, TRUST, GObject)

/* @root: public key; @programme: the programme's id. */
ValiseTrust *valise_trust_new (const char *programme,
                               const char *root,
                               GError    **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes the issuing keys from the `keys` document, after checking the root's seal on it. */
gboolean valise_trust_load_keys (ValiseTrust *self, const ValiseJson *keys, GError **error);

G_END_DECLS
