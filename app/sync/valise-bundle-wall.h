/* valise-bundle-wall.h - which database may go to whom, and which only encrypted
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * DESIGN §4: a team's database is never the secretariat's; a desk is its participant's and the
 * secretariat's. The same for bundles and for colleagues on the local network.
 */

#pragma once

#include "valise-bundle-header.h"

G_BEGIN_DECLS

#define VALISE_PARTICIPANT_SECRETARIAT "secretariat"

/* Whether @participant ("xke", or %VALISE_PARTICIPANT_SECRETARIAT) may hold @database at all. */
gboolean valise_bundle_wall_admits (const char *participant, const char *database);

/**
 * valise_bundle_wall_check:
 * @participant: whose laptop, or the secretariat's server, it leaves
 * @recipient: of the bundle, or the participant it is for
 * @database: what is to go there
 *
 * Returns: %FALSE with %VALISE_BUNDLE_ERROR_WALL, which names both
 */
gboolean valise_bundle_wall_check (const char *participant,
                                   const char *recipient,
                                   const char *database,
                                   GError    **error);

/* Why nothing is taken into a database that has rules, where there are none to judge by. */
#define VALISE_BUNDLE_WALL_NO_RULES "the programme is not here yet"

/* Whether the programme's rules judge what a colleague or a bundle brings to @database. Not where
 * the secretariat's seal speaks; nor in a team's own, which is the team's matter, and where a
 * colleague's Valise may be newer than this one. */
gboolean valise_bundle_wall_has_rules (const char *database);

/* Whether @database is a participant's own: a desk, or a team's. */
gboolean valise_bundle_wall_is_own (const char *database);

/* Whether @database goes only encrypted: all but what everybody may read. */
gboolean valise_bundle_wall_is_secret (const char *database);

G_END_DECLS
