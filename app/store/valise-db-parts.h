/* valise-db-parts.h - what the files of the one door share; nobody else includes it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-db.h"

G_BEGIN_DECLS

/* Sets @error from an SQLite result. Always FALSE, so that a failing caller can return it. */
gboolean valise_db_set_error (ValiseDb *db, int result, GError **error);

/* From now on the file is ours to change, so it gets its write-ahead log and checkpoints. */
gboolean valise_db_accept (ValiseDb *db, GError **error);

/* Undoes what a writer that was killed left of a transaction from before there was a write-ahead
 * log: the first, that makes the tables. A connection that only reads may not, and fails
 * (SQLITE_READONLY_ROLLBACK). What is the matter otherwise is left to be met by who opens @path
 * next; @timeout_ms: as valise_db_open(). */
void valise_db_undo (const char *path, guint timeout_ms);

/* The first column of the one row that @sql gives: as a number or a text, either NULL. */
gboolean valise_db_read_value (ValiseDb   *db,
                               const char *sql,
                               gint64     *number,
                               char      **text,
                               GError    **error);

/* From now on what runs is interrupted once @cancellable (nullable), which is lent for as long,
 * is cancelled. */
void valise_db_heed (ValiseDb *db, GCancellable *cancellable);

/* A damaged page is damaged for good, and what it held is missing; any other @failure (nullable)
 * may be a moment's, and who saves what can be read tries once more. */
gboolean valise_db_may_pass (const GError *failure);

/* Whether it met damage since it was opened. */
gboolean valise_db_is_suspect (ValiseDb *db);

/* Where SQLite is one whose log two connections can damage by checkpointing at once. */
gboolean valise_db_has_reset_race (int version_number);

const char *valise_db_get_path (ValiseDb *db);
gboolean    valise_db_is_writer (ValiseDb *db);

/* Address of the SQL literal → ValiseStmt. */
GHashTable *valise_stmt_cache_new (void);
GHashTable *valise_db_get_stmt_cache (ValiseDb *db);

G_END_DECLS
