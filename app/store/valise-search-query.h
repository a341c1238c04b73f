/* valise-search-query.h - what someone typed, as one language's index has it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A query is words and "quoted phrases", all of which a text must have. What is typed without
 * a space becomes a phrase of its parts (77/37; 网络安全 of 网络 络安 安全). Each place of a
 * phrase is a slot: the readings of a word that will do there.
 */

#pragma once

#include "valise-tokenizer.h"

G_BEGIN_DECLS

#define VALISE_QUERY_MAX_SLOTS 64 /* what is typed beyond is left out */

/* Stems of the words that begin with @prefix, the most frequent first (transfer full),
 * terminated; NULL: none. */
typedef char **(*ValiseCompleteFunc) (const char *prefix, gpointer user_data);

typedef struct
{
  GPtrArray *readings; /* (element-type utf8) */
  gboolean   prefix;   /* the words that begin so will do too */
} ValiseQuerySlot;

typedef struct
{
  guint first; /* slot */
  guint n_slots;
  guint term; /* phrases of one term are alternatives */
} ValiseQueryPhrase;

typedef struct
{
  GArray *slots;   /* of ValiseQuerySlot */
  GArray *phrases; /* of ValiseQueryPhrase, by term */
  guint   n_terms; /* 0: nothing to look for */
} ValiseQuery;

/**
 * ValiseQueryHan:
 * @VALISE_QUERY_HAN_PHRASE: Han without a space stands together
 * @VALISE_QUERY_HAN_EVEN: it is words of two characters each, from the first on, anywhere
 * @VALISE_QUERY_HAN_ODD: the same from the second on
 */
typedef enum
{
  VALISE_QUERY_HAN_PHRASE,
  VALISE_QUERY_HAN_EVEN,
  VALISE_QUERY_HAN_ODD,
} ValiseQueryHan;

/* @text: any bytes. */
ValiseQuery *valise_query_new (const char        *text,
                               ValiseTokenizer   *tokenizer,
                               ValiseCompleteFunc complete,
                               gpointer           user_data,
                               ValiseQueryHan     han) G_GNUC_WARN_UNUSED_RESULT;
void         valise_query_free (ValiseQuery *self);

/* For MATCH; the tokenizer takes it apart again as valise-search-fts.c says. @origins: (of guint):
 * for each of the phrases it has for FTS5, which of @self's it stands for is appended. */
char *valise_query_to_match (const ValiseQuery *self, GArray *origins);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseQuery, valise_query_free)

G_END_DECLS
