/* valise-library-parts.h - what the library's lists share with it; nobody else's
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-catalogue.h"
#include "valise-home.h"
#include "valise-library.h"
#include "valise-paper-rows.h"
#include "valise-read-marks.h"
#include "valise-worker.h"

G_BEGIN_DECLS

/* All lent. The library emits "refreshed" (no argument) when the record changed: then its
 * catalogue is a new one. "changed" says the same to the outside, and more often. */
ValiseHome        *valise_library_get_home (ValiseLibrary *self);
ValiseSearchIndex *valise_library_get_index (ValiseLibrary *self);
ValiseWorker      *valise_library_get_worker (ValiseLibrary *self);
ValiseReadMarks   *valise_library_get_marks (ValiseLibrary *self);
ValiseCatalogue   *valise_library_get_catalogue (ValiseLibrary *self); /* NULL at first */
const char        *valise_library_get_language (ValiseLibrary *self);

/* A GListModel of ValisePaper. Takes @query. Main thread. */
GListModel *valise_paper_list_new (ValiseLibrary    *library,
                                   ValisePaperQuery *query) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
