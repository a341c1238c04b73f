/* valise-words.h - the words of an entry, as they go into the index
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Finding words and stemming them is half of an indexer's work, and writing them the other half.
 * So the one is done apart from the other, a thread ahead where there are many, and FTS5 is given
 * a list of words in place of a text.
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

/* One entry to be read, with the tokenizer of its table; both lent. */
typedef struct
{
  const ValiseIndexEntry *entry;
  ValiseTokenizer        *tokenizer;
} ValiseWordsJob;

typedef struct _ValiseWordsAhead ValiseWordsAhead;

/* Begins to read @jobs (of ValiseWordsJob) in their order, on a thread of its own where they are
 * more than a few. Until it is freed the tokenizers belong to it. */
ValiseWordsAhead *valise_words_ahead_new (const GArray *jobs) G_GNUC_WARN_UNUSED_RESULT;
void              valise_words_ahead_free (ValiseWordsAhead *self);

/* The words of the next job, each in turn; waits for them. Transfer full. */
ValiseWords *valise_words_ahead_take (ValiseWordsAhead *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseWords, valise_words_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseWordsAhead, valise_words_ahead_free)

G_END_DECLS
