/* valise-tally.h - what this day has cost, in bytes, whatever happens to the program
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Kept in FOLDER/today: two slots, written in turn, each with a checksum, so that one of them
 * is always whole. A few KB at most are not in the file when the program is killed; what a
 * power cut takes is a few seconds' worth. Any thread.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ValiseTally ValiseTally;

/* Counts on from what the file says of today; an absent or damaged file starts at nothing. A
 * file that cannot be written is logged, and counting goes on without. */
ValiseTally *valise_tally_open (const char *folder) G_GNUC_WARN_UNUSED_RESULT;

void valise_tally_add (ValiseTally *self, guint64 received, guint64 sent);

/* Bytes since midnight by this laptop's calendar and clock (valise-clock.h). */
void valise_tally_get_today (ValiseTally *self, guint64 *received, guint64 *sent);

/* Puts everything on the disk. */
void valise_tally_sync (ValiseTally *self);

void valise_tally_free (ValiseTally *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseTally, valise_tally_free)

G_END_DECLS
