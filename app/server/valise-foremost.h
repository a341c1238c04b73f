/* valise-foremost.h - what of a database a laptop needs before the rest, on a given day
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keys, the programme, meetings, the agenda of the meeting that is held or comes next, the papers
 * of that day's items and their texts: so that a connection of seconds is enough to go on working.
 */

#pragma once

#include "valise-database.h"

G_BEGIN_DECLS

/* The order is by rank, and within it by sequence. */
typedef struct
{
  guint  rank;
  gint64 seq;
  char  *id;
} ValiseForemostEntry;

typedef struct _ValiseForemost ValiseForemost; /* one thread at a time */

/* Whether @text (nullable) is a day as we write it: "2026-11-27". */
gboolean valise_foremost_is_day (const char *text);

/* Reads what of it changed after @since and not after @until. @languages: (nullable): of texts.
 * Fails with any #ValiseDbError. */
ValiseForemost *valise_foremost_new (ValiseDatabase    *database,
                                     const char        *day,
                                     const char *const *languages,
                                     gint64             since,
                                     gint64             until,
                                     GError           **error) G_GNUC_WARN_UNUSED_RESULT;
void            valise_foremost_free (ValiseForemost *self);

/* The entries in order, NULL past the last; and the index of the first past a place in the order.
 */
const ValiseForemostEntry *valise_foremost_get (const ValiseForemost *self, guint index);
guint valise_foremost_find (const ValiseForemost *self, guint rank, gint64 seq);

/* Whether one of them has the sequence @seq. */
gboolean valise_foremost_has (const ValiseForemost *self, gint64 seq);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseForemost, valise_foremost_free)

G_END_DECLS
