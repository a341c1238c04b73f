/* valise-snippet.h - the paragraph that was found, and the words in it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * FTS5's highlight() marks pairs of Han characters wrongly and needs the text in the index.
 * This reads the text again, with the same tokenizer, as it is.
 */

#pragma once

#include "valise-search-query.h"

G_BEGIN_DECLS

#define VALISE_SNIPPET_LENGTH 200 /* characters */

typedef struct _ValiseMatcher ValiseMatcher; /* one thread at a time; lends what it's made of */

ValiseMatcher *valise_matcher_new (const ValiseQuery *query,
                                   ValiseTokenizer   *tokenizer) G_GNUC_WARN_UNUSED_RESULT;
void           valise_matcher_free (ValiseMatcher *self);

/* Reads @text, lent until the next is read. Returns: how many of the query's terms are in it. */
guint valise_matcher_read (ValiseMatcher *self, const char *text);

/* Of the text last read, the part where most of them are: at most VALISE_SNIPPET_LENGTH
 * characters, "…" where cut, and in @marks (guint pairs) where they stand in it, in bytes.
 * What is matched side by side is one mark. */
char *valise_matcher_cut (ValiseMatcher *self, GArray *marks);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseMatcher, valise_matcher_free)

G_END_DECLS
