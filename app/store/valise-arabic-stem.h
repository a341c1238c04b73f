/* valise-arabic-stem.h - a light stemmer for Arabic
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Takes off the article with what is written onto it, and the commonest endings. It doesn't
 * look for roots: broken plurals that matter are in the table of exceptions.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * valise_arabic_stem:
 * @word: folded (valise-fold.h) Arabic letters, UTF-8, not terminated
 * @length: of @word, in bytes
 * @start: (out): where the stem begins in @word, in bytes
 * @particle: (out): where else it may begin, which the letters alone don't tell: the first
 *     may be a particle (and, so, with, as, for) or part of the word; equal to @start if not
 *
 * Returns: where the stem ends in @word, in bytes. Any thread.
 */
gsize valise_arabic_stem (const char *word, gsize length, gsize *start, gsize *particle);

G_END_DECLS
