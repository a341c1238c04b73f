/* valise-words.h - the words of an entry, as they go into the index
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Finding words and stemming them is half of an indexer's work, and writing them the other half.
 * So the one is done apart from the other (valise-index-ahead.h), and FTS5 is given a list of words
 * in place of a text.
 */

#pragma once

#include "valise-search-index.h"
#include "valise-tokenizer.h"

G_BEGIN_DECLS

/* Each member is a list: of each word a byte of flags, a byte of its length, and the word. */
typedef struct
{
  GString *symbol;
  GString *title;
  GString *body;
  guint    length; /* places */
} ValiseWords;

#define VALISE_WORDS_PLAIN     1
#define VALISE_WORDS_COLOCATED 2 /* at the place of the word before */

/* Counts as a document of @tokenizer's. */
ValiseWords *valise_words_new (ValiseTokenizer        *tokenizer,
                               const ValiseIndexEntry *entry) G_GNUC_WARN_UNUSED_RESULT;
void         valise_words_free (ValiseWords *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseWords, valise_words_free)

G_END_DECLS
