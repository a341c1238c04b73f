/* valise-stream-place.h - how far a stream came that does not go by sequences alone
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a stream adds to the sequence of a row, after a full stop: the sequence at which it began
 * and the day for which it put some documents first, whether it began without tombstones, and,
 * while it is still giving those, the last one's place among them. With it a stream goes on after
 * any row and neither gives twice nor leaves out. Laptops hand it back as it is, to anyone but a
 * stream it is the sequence alone.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gint64   until;   /* the database's sequence when the stream began; 0: there is no place */
  char     day[11]; /* "2026-11-27" */
  gboolean bare;    /* begun without tombstones */
  gboolean ahead;   /* among what goes first: */
  guint    rank;
  gint64   seq;
} ValiseStreamPlace;

/* FALSE where @text (nullable), a sequence, has none, or one that is not ours. */
gboolean valise_stream_place_parse (const char *text, ValiseStreamPlace *place);
void     valise_stream_place_append (const ValiseStreamPlace *place, GString *out);

G_END_DECLS
