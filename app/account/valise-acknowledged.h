/* valise-acknowledged.h - lets go of journalled edits that the account's server has
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of this layer.
 */

#pragma once

#include "valise-home.h"
#include "valise-membership.h"

G_BEGIN_DECLS

/* Trims the journal of @database, the grant @name, up to where its run outwards came, as the
 * log of that run here says: the server answered durably for all before it. What the server
 * refused stays, and so does a `file:` document until its bytes are there too. Where it fails, that
 * is logged and more is kept than need be. */
void valise_acknowledged_trim (ValiseHome             *home,
                               ValiseDatabase         *database,
                               const ValiseMembership *membership,
                               const char             *name);

G_END_DECLS
