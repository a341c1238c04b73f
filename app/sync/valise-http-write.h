/* valise-http-write.h - documents written to a database on a server
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For valise-http-peer.c; one thread at a time.
 */

#pragma once

#include "valise-http-session.h"

G_BEGIN_DECLS

/* The sequences that a server of ours gave to what was written: after @from, up to @to, all of them
 * and of nobody else's. Both are NULL where that is not known. */
typedef struct
{
  char    *from;
  char    *to;
  gboolean torn; /* what was written went to several places */
} ValiseHttpSpan;

void valise_http_span_clear (ValiseHttpSpan *self);

/* Writes @documents (element-type ValiseDocument) with new_edits=false, to the database at @path.
 * @span: (inout) (nullable): grows by where they went; of a server of ours.
 * Returns: (element-type ValiseRefusal): as the verb write() of valise-peer.h. */
GPtrArray *valise_http_write (ValiseHttpSession *session,
                              const char        *path,
                              GPtrArray         *documents,
                              ValiseHttpSpan    *span,
                              GCancellable      *cancellable,
                              GError           **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
