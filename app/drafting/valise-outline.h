/* valise-outline.h - blocks in the order of the page become numbered paragraphs with keys
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A reader adds what it finds; valise_outline_finish() sees it all at once, so that a later
 * block can explain an earlier one ("(i)" is a numeral if "(ii)" follows, else a letter).
 * Belongs to one thread.
 */

#pragma once

#include "valise-block.h"
#include "valise-reader.h"

G_BEGIN_DECLS

typedef struct _ValiseOutline ValiseOutline;

ValiseOutline *valise_outline_new (void) G_GNUC_WARN_UNUSED_RESULT;
void           valise_outline_free (ValiseOutline *self);

/**
 * valise_outline_add:
 * @number: the marker where the file has it apart from the words, or %NULL
 * @text: markup; a marker at its beginning is taken off where @number is none or wrong
 * @level: of a heading, its rank from 0
 *
 * A block without words and number is nothing.
 */
void valise_outline_add (ValiseOutline  *self,
                         ValiseBlockKind kind,
                         const char     *number,
                         const char     *text,
                         guint           level);

/* What follows belongs to the next annex, until there is another. */
void valise_outline_begin_annex (ValiseOutline *self);

/* @marker: what <note ref> says; text in markup. Notes come last, whenever they are added. */
void valise_outline_add_note (ValiseOutline *self, const char *marker, const char *text);

/**
 * valise_outline_finish:
 *
 * Appends the paragraphs and the oddities to @reading. Fails with LIMIT, naming the paragraph.
 * Once only.
 */
gboolean valise_outline_finish (ValiseOutline *self, ValiseReading *reading, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseOutline, valise_outline_free)

G_END_DECLS
