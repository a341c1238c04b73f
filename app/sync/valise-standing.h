/* valise-standing.h - when the server was last reached, and what this day has cost
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Kept in FOLDER/standing.json, written at most every few seconds: what a power cut takes is
 * a few seconds of a count. For the files of this layer; any thread.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ValiseStanding ValiseStanding;

/* An absent or damaged file starts at nothing. */
ValiseStanding *valise_standing_load (const char *folder);

void valise_standing_set_reached (ValiseStanding *self, gint64 time_us);
void valise_standing_add_bytes (ValiseStanding *self, guint64 received, guint64 sent);

gint64 valise_standing_get_reached (ValiseStanding *self); /* µs since 1970; 0: never */

/* Of today, by this laptop's calendar. */
void valise_standing_get_today (ValiseStanding *self, guint64 *received, guint64 *sent);

/* Writes what changed; @now: even if it was written a moment ago. Any %G_FILE_ERROR. */
gboolean valise_standing_save (ValiseStanding *self, gboolean now, GError **error);

void valise_standing_free (ValiseStanding *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseStanding, valise_standing_free)

G_END_DECLS
