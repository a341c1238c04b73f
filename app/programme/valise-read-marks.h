/* valise-read-marks.h - which papers were read on this laptop
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Kept in `_local/read` of `public`, which is never replicated, and written a moment after the
 * last mark, on a worker. Signal "changed" on the main thread.
 */

#pragma once

#include "valise-home.h"
#include "valise-worker.h"

G_BEGIN_DECLS

#define VALISE_TYPE_READ_MARKS (valise_read_marks_get_type ())

G_DECLARE_FINAL_TYPE (ValiseReadMarks, valise_read_marks, VALISE, READ_MARKS, GObject)

ValiseReadMarks *valise_read_marks_new (ValiseHome   *home,
                                        ValiseWorker *worker) G_GNUC_WARN_UNUSED_RESULT;

/* Reads what was kept, once; blocks, any thread. Fails with any error of the store. */
gboolean valise_read_marks_load (ValiseReadMarks *self, GError **error);

gboolean valise_read_marks_contains (ValiseReadMarks *self, const char *symbol); /* any thread */
char   **valise_read_marks_dup_symbols (ValiseReadMarks *self);                  /* any thread */

void valise_read_marks_set (ValiseReadMarks *self, const char *symbol, gboolean read);

/* Writes at once what waits to be written; blocks. */
gboolean valise_read_marks_flush (ValiseReadMarks *self, GError **error);

G_END_DECLS
