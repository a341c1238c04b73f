/* valise-word-cache.h - the words of a language seen so far, their stems and frequencies
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Stemming costs ten times what finding the word here does, and a text repeats its words.
 */

#pragma once

#include "valise-fold.h"
#include "valise-tokenizer.h"

G_BEGIN_DECLS

typedef struct
{
  guint32  hash;
  guint32  seen;  /* the document that had it last */
  guint32  fresh; /* documents not yet told of */
  guint32  told;
  guint8   length;
  guint8   stem_length;
  guint8   other_length;
  gboolean dirty : 1; /* listed as to be told */
  char     text[];    /* word, NUL, stem, NUL, other */
} ValiseWord;

typedef struct _ValiseWordCache ValiseWordCache; /* one thread at a time */

ValiseWordCache *valise_word_cache_new (const char *language) G_GNUC_WARN_UNUSED_RESULT;
void             valise_word_cache_free (ValiseWordCache *self);

/* @word: folded, not terminated, at most 64 bytes. Lent until the next drain. */
const ValiseWord *valise_word_cache_get (ValiseWordCache *self,
                                         const char      *word,
                                         guint            length,
                                         ValiseScript     scripts);

static inline const char *
valise_word_get_stem (const ValiseWord *word)
{
  return word->text + word->length + 1;
}

static inline const char *
valise_word_get_other (const ValiseWord *word)
{
  return valise_word_get_stem (word) + word->stem_length + 1;
}

void valise_word_cache_begin_document (ValiseWordCache *self);

/* As valise_tokenizer_drain_words(). */
gboolean valise_word_cache_drain (ValiseWordCache *self,
                                  gboolean         all,
                                  ValiseWordFunc   func,
                                  gpointer         user_data);

G_END_DECLS
