/* valise-search-finder.h - from what was typed to the texts that have it, the best first
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-search-query.h"
#include "valise-search-store.h"
#include "valise-snippet.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 row;
  guint  table; /* whose query found it */
  double score;
} ValiseFound;

typedef struct
{
  GArray        *found;    /* of ValiseFound: groups together, the best first */
  guint          n_groups; /* in all */
  ValiseQuery   *queries[VALISE_SEARCH_TABLES];  /* NULL where a table wasn't asked */
  ValiseMatcher *matchers[VALISE_SEARCH_TABLES]; /* of these, made when needed */
} ValiseFindings;

/* At most @limit groups (0: all), each with its best texts. Fails with %G_IO_ERROR_CANCELLED
 * or any #ValiseDbError. */
ValiseFindings *valise_search_find (ValiseSearchStore       *store,
                                    ValiseSearchColumns     *columns,
                                    const char              *text,
                                    const ValiseIndexFilter *filter,
                                    guint                    limit,
                                    GCancellable            *cancellable,
                                    GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
void            valise_findings_free (ValiseFindings *self);

/* For snippets of what @table's query found. @store: the one that found it. */
ValiseMatcher *valise_findings_get_matcher (ValiseFindings    *self,
                                            ValiseSearchStore *store,
                                            guint              table);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseFindings, valise_findings_free)

G_END_DECLS
