/* valise-feed.h - documents in order: by sequence, or by id
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * On the connection given, in the transaction its caller opened. Fails with any
 * #ValiseDbError.
 */

#pragma once

#include "valise-database.h"
#include "valise-db.h"

G_BEGIN_DECLS

/* What valise_database_changes(), valise_database_list() and valise_database_list_recent() ask. */
typedef struct
{
  const char        *start; /* by id, where not NULL; else by sequence */
  const char        *end;   /* NULL: open */
  gint64             since;
  guint              limit; /* 0: all */
  ValiseChangesFlags flags;
  ValiseChangeFunc   func;
  gpointer           user_data;
  gint64             until; /* descending, by sequence; 0: open */
} ValiseFeedQuery;

/* @last_seq: (out): of the last row given, untouched where there was none; @whole: (out):
 * whether the feed came to its end. */
gboolean valise_feed_run (ValiseDb              *db,
                          const ValiseFeedQuery *query,
                          gint64                *last_seq,
                          gboolean              *whole,
                          GError               **error);
gboolean valise_feed_count (ValiseDb *db,
                            gint64    after,
                            gint64    before,
                            gint64   *count,
                            GError  **error);

G_END_DECLS
