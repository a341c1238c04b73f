/* valise-team-key.h - what a team's bundles are encrypted with, without a passphrase
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A random key, kept as a document `bundle-key:ULID` in the team's own database: so whoever has
 * the team's drafts, by pairing or by one bundle with a passphrase, has it, and nobody else. It
 * protects a stick that is lost; on the laptop it lies beside what it protects. Two laptops may
 * each have made one before they met: all open what they sealed, and both write with the older.
 * Blocks; any thread; fails with any #ValiseDbError.
 */

#pragma once

#include "valise-home.h"

G_BEGIN_DECLS

/* The keys of @participant's team that are here (element-type GBytes, of VALISE_CIPHER_KEY_SIZE),
 * the one to write with first; empty where there is none yet. */
GPtrArray *valise_team_keys_list (ValiseHome *home,
                                  const char *participant,
                                  GError    **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes one where there is none. */
gboolean valise_team_keys_ensure (ValiseHome *home, const char *participant, GError **error);

G_END_DECLS
