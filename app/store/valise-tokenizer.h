/* valise-tokenizer.h - text as the words one searches for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Folds (valise-fold.h), stems by language and script, cuts Han into overlapping pairs of
 * characters, leaves out elided articles (l', d’), and says where each word stood. A symbol
 * falls into its parts ("A/RES/77/37" is a, res, 77, 37), so it is found whole, as a phrase,
 * and in parts.
 */

#pragma once

#include "valise-letters.h"

G_BEGIN_DECLS

#define VALISE_TOKEN_MAX 63 /* bytes; a longer word is cut */

/* The word that ends a paragraph in the index: no phrase reaches across it. */
#define VALISE_TOKEN_BREAK "\x1e"

typedef struct
{
  const char *text; /* not terminated */
  guint       length;
  guint       start; /* where it stands in the source, in bytes */
  guint       end;
  gboolean    colocated; /* another reading of the word before, at the same place */
  const char *raw;       /* the folded word before it was stemmed; text itself where it wasn't */
  guint       raw_length;
} ValiseToken; /* lent for the call */

/* FALSE stops. */
typedef gboolean (*ValiseTokenFunc) (const ValiseToken *token, gpointer user_data);

/**
 * ValiseTokenizerFlags:
 * @VALISE_TOKENIZER_TEXT: a text, or a part of one
 * @VALISE_TOKENIZER_QUERY: what someone looks for: the Han character that ends it is given
 *     only where it is alone, and a hyphenated word only in its parts
 */
typedef enum
{
  VALISE_TOKENIZER_TEXT = 0,
  VALISE_TOKENIZER_QUERY = 1 << 0,
} ValiseTokenizerFlags;

typedef struct _ValiseTokenizer ValiseTokenizer; /* one thread at a time: it keeps a cache */

/* @language: a code of valise-language.h; anything else, or NULL: none, so Latin letters are
 * taken for English. Cyrillic is always stemmed as Russian, Arabic as Arabic. */
ValiseTokenizer *valise_tokenizer_new (const char *language) G_GNUC_WARN_UNUSED_RESULT;
void             valise_tokenizer_free (ValiseTokenizer *self);

/* Gives the words of @text in order. @length in bytes, -1 for a terminated string; what isn't
 * UTF-8 separates words. FALSE where @func stopped it. */
gboolean valise_tokenizer_run (ValiseTokenizer     *self,
                               const char          *text,
                               gssize               length,
                               ValiseTokenizerFlags flags,
                               ValiseTokenFunc      func,
                               gpointer             user_data);

/* valise_tokenizer_run() for who looks for the stems that @letters were made of: a word that can't
 * have one of them is given folded, not stemmed, which is much sooner done. */
gboolean valise_tokenizer_look (ValiseTokenizer     *self,
                                const char          *text,
                                const ValiseLetters *letters,
                                ValiseTokenFunc      func,
                                gpointer             user_data);

/* Words are counted once a document: this begins one. */
void valise_tokenizer_begin_document (ValiseTokenizer *self);

/* Places given since the document began. */
guint valise_tokenizer_get_length (ValiseTokenizer *self);

/* @word was in @documents more documents than @func was last told; @stem: what it is found
 * by. Both are terminated. FALSE stops. */
typedef gboolean (*ValiseWordFunc) (const char *word,
                                    const char *stem,
                                    guint       documents,
                                    gpointer    user_data);

/* Tells @func of the words that are new, or twice as frequent as when last told (with
 * @all: of every change), and forgets them all where they have become many. FALSE where @func
 * stopped it: what it was told by then stays told. */
gboolean valise_tokenizer_drain_words (ValiseTokenizer *self,
                                       gboolean         all,
                                       ValiseWordFunc   func,
                                       gpointer         user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseTokenizer, valise_tokenizer_free)

G_END_DECLS
