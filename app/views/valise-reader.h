/* valise-reader.h - a paper on its page: languages, words, quoting
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "valise-context.h"
#include "valise-find-bar.h"
#include "valise-page-view.h"

G_BEGIN_DECLS

#define VALISE_TYPE_READER (valise_reader_get_type ())

/* Actions: reader.find, .find-next, .find-previous, .quote, .side-by-side, .language, .seal,
 * .mark-unread, .fetch. Signals: "link" (symbol: string): a paper named on the page was
 * chosen; "told" (sentence: string): something of the reader's own was done, for a toast;
 * "turned": another text, or a second one, is on the page. */
G_DECLARE_FINAL_TYPE (ValiseReader, valise_reader, VALISE, READER, GtkBox)

/* Shows papers of @context from now on; NULL: none. @settings keeps the reading language. */
void valise_reader_set_context (ValiseReader *self, ValiseContext *context, GSettings *settings);

/* Opens the paper @symbol; @language and the paragraph's @key: (nullable). */
void valise_reader_open (ValiseReader *self,
                         const char   *symbol,
                         const char   *language,
                         const char   *key);
/* Shows no paper. */
void valise_reader_clear (ValiseReader *self);

/* Whether a Back button stands before the title. */
void valise_reader_set_can_go_back (ValiseReader *self, gboolean can_go_back);
/* Follows the words' zoom, in per cent. */
void valise_reader_set_zoom (ValiseReader *self, int percent);

const char     *valise_reader_get_symbol (ValiseReader *self); /* NULL: no paper */
ValiseText     *valise_reader_get_text (ValiseReader *self);
ValiseText     *valise_reader_get_other (ValiseReader *self);
ValisePageView *valise_reader_get_page (ValiseReader *self);
ValiseFindBar  *valise_reader_get_find_bar (ValiseReader *self);
/* The sentence in the bar above the page, or NULL. */
const char *valise_reader_get_sentence (ValiseReader *self);
/* "none", "absent" or "page". */
const char *valise_reader_get_state (ValiseReader *self);

G_END_DECLS
