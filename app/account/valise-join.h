/* valise-join.h - trades an invitation's token for an account
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of this layer. See valise-http-peer.h for the exchange.
 */

#pragma once

#include "valise-membership.h"
#include "valise-secrets.h"

G_BEGIN_DECLS

/**
 * valise_join:
 * @data_dir: where accounts are kept
 * @membership: (out): what the server granted; without id and languages
 * @secrets: (out): its password, and the device key made
 *
 * Nothing is left behind by a failure that is certain. One that is not (the token may have
 * been used, the answer was lost) leaves the device key in DATA/joining-….key, mode 0600:
 * with it the same invitation can be tried again, without it it would be lost. Once all is
 * kept elsewhere, valise_join_settle() takes it away.
 */
gboolean valise_join (const char             *data_dir,
                      const ValiseInvitation *invitation,
                      ValiseMembership      **membership,
                      ValiseSecrets         **secrets,
                      GCancellable           *cancellable,
                      GError                **error);

void valise_join_settle (const char *data_dir, const ValiseInvitation *invitation);

G_END_DECLS
