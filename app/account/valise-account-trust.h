/* valise-account-trust.h - what an account's own databases say of keys, and of what was sent
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of this layer; any thread; blocks.
 */

#pragma once

#include "valise-database.h"
#include "valise-membership.h"
#include "valise-trust.h"

G_BEGIN_DECLS

/* Tells @trust the keys that the `keys` document here names; without one, nothing. */
void valise_account_load_keys (ValiseAccount *account, ValiseTrust *trust);

/* The gate of valise_account_set_rules(), as the programme stands now; NULL where there is none.
 * Transfer full. */
ValiseGate *valise_account_make_rules (ValiseAccount *account);

/* A gate of one's own, with those keys loaded. Fails with a #ValiseKeyError. */
ValiseTrust *valise_account_make_trust (ValiseAccount *account,
                                        GError       **error) G_GNUC_WARN_UNUSED_RESULT;

/* Up to which sequence of @database the server has acknowledged what was written here, by runs of
 * @version (nullable): what they left out, see valise_wanted_dup_version(); 0 where there
 * was none. @epoch: (out) (optional) (transfer full) (nullable): in which epoch of its file,
 * "UUID/TIME". */
gint64 valise_membership_get_sent (const ValiseMembership *membership,
                                   ValiseDatabase         *database,
                                   const char             *version,
                                   char                  **epoch);

G_END_DECLS
