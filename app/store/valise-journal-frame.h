/* valise-journal-frame.h - one edit as bytes of the journal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For valise-journal.c. See valise-journal.h for the form.
 */

#pragma once

#include "valise-document.h"

G_BEGIN_DECLS

void valise_journal_frame_append (GByteArray           *out,
                                  const char           *epoch,
                                  const ValiseDocument *document);

/* The edit at @data; NULL where it is torn or damaged. @used: (out): how many bytes it has.
 * @epoch: (out) (transfer full). */
ValiseDocument *valise_journal_frame_read (const guint8 *data,
                                           gsize         length,
                                           gsize        *used,
                                           char        **epoch) G_GNUC_WARN_UNUSED_RESULT;

/* Where the next frame may begin, after damage: @length where none does. */
gsize valise_journal_frame_find (const guint8 *data, gsize length);

G_END_DECLS
