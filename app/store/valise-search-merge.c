/* valise-search-merge.c - fewer segments, a piece at a time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-search-merge"

#include "config.h"

#include "valise-search-store.h"

/* 256 pages of 4 kB a piece: some 20 ms, which a text that has just come can wait. */
#define MERGE(language)                                                                            \
  "INSERT INTO words_" language " (words_" language ", rank) VALUES ('merge', 256)"

/* By table, in the order of valise_search_table_of(). Titles are few, and merge by themselves. */
static const char *const merges[VALISE_SEARCH_TABLES] = { MERGE ("ar"),  MERGE ("en"), MERGE ("es"),
                                                          MERGE ("fr"),  MERGE ("ru"), MERGE ("zh"),
                                                          MERGE ("none") };

static gboolean
count_changes (ValiseSearchStore *self, gint64 *changes, GError **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (self->db, "SELECT total_changes()");

  if (valise_stmt_step (stmt, error) != VALISE_STEP_ROW)
    return FALSE;
  *changes = valise_stmt_get_int64 (stmt, 0);

  return TRUE;
}

/* Whether there was something to do shows by what it wrote, as FTS5's documentation of "merge"
 * has it: the command itself counts as one change. */
static gboolean
merge_table (ValiseSearchStore *self, guint table, gboolean *worked, GError **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (self->db, merges[table]);
  gint64                 before = 0;
  gint64                 after = 0;

  if (!count_changes (self, &before, error) || !valise_stmt_run (stmt, error)
      || !count_changes (self, &after, error))
    return FALSE;
  *worked = after - before >= 2;

  return TRUE;
}

static gboolean
merge_some (ValiseSearchStore *self, gboolean *worked, GError **error)
{
  *worked = FALSE;
  for (guint i = 0; i < VALISE_SEARCH_TABLES && !*worked; i++)
    if (!merge_table (self, i, worked, error))
      return FALSE;

  return TRUE;
}

gboolean
valise_search_store_merge (ValiseSearchStore *self, gboolean *more, GError **error)
{
  if (!valise_db_begin (self->db, error))
    return FALSE;
  if (merge_some (self, more, error))
    return valise_db_commit (self->db, error);

  valise_db_rollback (self->db);

  return FALSE;
}
