/* valise-text-pieces.h - plain text taken apart into paragraphs, headings and footnotes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-marker.h"

G_BEGIN_DECLS

typedef struct
{
  char        *text; /* plain, on one line, its marker still before it */
  char        *note; /* of a footnote, its marker: "1"; else NULL */
  gboolean     heading;
  guint        level;  /* of a heading */
  ValiseMarker marker; /* NONE of a heading */
} ValisePiece;

void valise_piece_free (ValisePiece *self);

/* Whether its last sentence is complete. */
gboolean valise_piece_is_finished (const ValisePiece *self);

/**
 * valise_pieces_read:
 * @lines: the lines of the text; those of the masthead emptied
 *
 * Returns: (element-type ValisePiece) (transfer full): in the order of the page, footnotes
 * where they stood
 */
GPtrArray *valise_pieces_read (const char *const *lines) G_GNUC_WARN_UNUSED_RESULT;

/* Joins what a page parted and tells headings, from the @from-th piece on; footnotes must have
 * been taken out. */
void valise_pieces_mend (GPtrArray *pieces, guint from);

/* The marker of a run of raised digits at @text, "12" of "¹²"; its length in bytes, or 0. */
gsize valise_pieces_read_raised (const char *text, char marker[8]);

G_END_DECLS
