/* fuzz-answer.h - any bytes as a long answer of a peer, in pieces as a socket brings them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <string.h>

#include "fuzz.h"
#include "valise-splitter.h"
#include "valise-wire.h"

#define FUZZ_MAX_ELEMENT 4096 /* bytes, small so that it is met */

/* What came of an answer, in words. */
typedef struct
{
  GString           *told;
  ValiseSplitterFunc take;
} FuzzAnswer;

static inline gboolean
fuzz_answer_element_cb (const char *text, gsize length, gpointer user_data, GError **error)
{
  FuzzAnswer *self = user_data;

  g_assert_cmpuint (length, <=, FUZZ_MAX_ELEMENT);
  return self->take (text, length, self->told, error);
}

/* Splits @data, @piece bytes at a time, each given to @take with the words as its data. */
static inline GString *
fuzz_answer_split (const char *data, gsize size, gsize piece, ValiseSplitterFunc take)
{
  FuzzAnswer                 self = { .told = g_string_new (NULL), .take = take };
  g_autoptr (ValiseSplitter) splitter =
      valise_splitter_new ("results", FUZZ_MAX_ELEMENT, fuzz_answer_element_cb, &self);
  g_autoptr (ValiseJson) rest = NULL;
  gboolean               ok = TRUE;

  for (gsize at = 0; ok && at < size; at += piece)
    {
      g_autofree char *copy = g_memdup2 (data + at, MIN (piece, size - at));

      ok = valise_splitter_feed (splitter, copy, MIN (piece, size - at), NULL);
    }
  if (ok)
    rest = valise_splitter_finish (splitter, NULL);
  g_string_append (self.told, !ok ? "refused" : rest != NULL ? "whole" : "unfinished");
  return self.told;
}

/* However the bytes come, the same comes of them. */
static inline void
fuzz_answer_check (const guint8 *data, gsize size, ValiseSplitterFunc take)
{
  gsize               piece = size > 0 ? 1 + data[0] % 61 : 1;
  const char         *text = (const char *) data + MIN (size, 1);
  gsize               length = size - MIN (size, 1);
  g_autoptr (GString) whole = fuzz_answer_split (text, length, MAX (length, 1), take);
  g_autoptr (GString) pieces = fuzz_answer_split (text, length, piece, take);

  g_assert_cmpstr (whole->str, ==, pieces->str);
}
