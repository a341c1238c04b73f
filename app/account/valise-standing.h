/* valise-standing.h - when the server was last reached, and what was measured of the way there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Kept in FOLDER/standing.json, written at most every few seconds. The day's bytes are in
 * valise-tally.h. For the files of this layer; any thread.
 */

#pragma once

#include "valise-network.h"

G_BEGIN_DECLS

typedef struct _ValiseStanding ValiseStanding;

/* An absent or damaged file starts at nothing. */
ValiseStanding *valise_standing_load (const char *folder);

void   valise_standing_set_reached (ValiseStanding *self, gint64 time_us);
gint64 valise_standing_get_reached (ValiseStanding *self); /* µs since 1970; 0: never */

/* Bytes a second that were last received on a network of that kind; 0: not measured yet. */
void    valise_standing_set_speed (ValiseStanding *self, ValiseNetworkKind kind, guint64 speed);
guint64 valise_standing_get_speed (ValiseStanding *self, ValiseNetworkKind kind);

/* Bytes that the sockets carried for each thousand of what texts weigh (see valise_plan_weigh()),
 * when some were last fetched; 0: not measured yet. */
void  valise_standing_set_ratio (ValiseStanding *self, guint per_mille);
guint valise_standing_get_ratio (ValiseStanding *self);

/* Writes what changed; @now: even if it was written a moment ago. Any %G_FILE_ERROR. */
gboolean valise_standing_save (ValiseStanding *self, gboolean now, GError **error);

void valise_standing_free (ValiseStanding *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseStanding, valise_standing_free)

G_END_DECLS
