/* valise-search.h - searching as one types: the last question counts
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-library.h"

G_BEGIN_DECLS

#define VALISE_TYPE_SEARCH (valise_search_get_type ())

/* Signals: "answered"; "failed" (error: GError, never cancelled); "again" (what was answered may
 * have more to it now: worth asking again). */
G_DECLARE_FINAL_TYPE (ValiseSearch, valise_search, VALISE, SEARCH, GObject)

ValiseSearch *valise_search_new (ValiseLibrary *library) G_GNUC_WARN_UNUSED_RESULT;

/* Asks for the papers with @query, at most @limit; drops the question before. */
void valise_search_ask (ValiseSearch              *self,
                        const char                *query,
                        const ValiseLibraryFilter *filter,
                        guint                      limit);
void valise_search_stop (ValiseSearch *self);

/* The answer to the last question answered: (element-type ValiseFound), or NULL before. */
GListModel *valise_search_get_found (ValiseSearch *self);
guint       valise_search_get_total (ValiseSearch *self); /* papers, beyond the limit too */

/* That the last answer has nothing, as a sentence; NULL where it has, or there is none yet. */
char *valise_search_describe_none (ValiseSearch *self);

G_END_DECLS
