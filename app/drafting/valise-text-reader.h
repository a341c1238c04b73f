/* valise-text-reader.h - papers as plain text, as they are pasted, mailed and extracted
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-reader.h"

G_BEGIN_DECLS

/**
 * valise_text_reader_read:
 * @file: valid UTF-8
 *
 * A masthead, an author and a title where it begins with them; headings ("I.", "II/", "(1) …");
 * numbered paragraphs and their items; footnotes, wherever the page put them; the rest as it
 * stands. Lines of one paragraph are joined, and so are the two halves of a sentence that a
 * page parted. Fails with FORMAT (control characters, no words) or LIMIT.
 */
ValiseReading *valise_text_reader_read (GBytes *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
