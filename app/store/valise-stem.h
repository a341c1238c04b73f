/* valise-stem.h - what the inflections of a word have in common
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Exceptions first (valise-exceptions.h), then Snowball for en, es, fr and ru, and our own for
 * Arabic. Words come folded, so accents don't matter; where Snowball's rules need one, the
 * ending is put right first.
 */

#pragma once

#include "valise-fold.h"

G_BEGIN_DECLS

typedef struct _ValiseStemmer ValiseStemmer; /* one thread at a time */

#define VALISE_STEM_SIZE 64

typedef struct
{
  char  stem[VALISE_STEM_SIZE];
  guint length;
  char  other[VALISE_STEM_SIZE]; /* another reading */
  guint other_length;            /* 0: none */
} ValiseStem;

ValiseStemmer *valise_stemmer_new (const char *language) G_GNUC_WARN_UNUSED_RESULT;
void           valise_stemmer_free (ValiseStemmer *self);

/* @word: folded, at most 63 bytes, not terminated; @scripts: of its letters. */
void valise_stemmer_run (ValiseStemmer *self,
                         const char    *word,
                         gsize          length,
                         ValiseScript   scripts,
                         ValiseStem    *stem);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseStemmer, valise_stemmer_free)

G_END_DECLS
