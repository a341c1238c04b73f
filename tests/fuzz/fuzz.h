/* fuzz.h - what libFuzzer calls in each of these programs, and what they share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A target takes any bytes, and aborts where something that always holds does not. Built by
 * clang with libFuzzer by tests/fuzz/run; and, with fuzz-replay.c in its place, by any compiler,
 * to be run over the corpus.
 */

#pragma once

#include <glib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* @data as terminated text, to be freed. An exact allocation, so that ASan sees one byte too far.
 */
static inline char *
fuzz_dup_text (const guint8 *data, gsize size)
{
  char *text = g_malloc (size + 1);

  if (size > 0)
    memcpy (text, data, size);
  text[size] = '\0';
  return text;
}
