/* valise-db-copy.h - a copy of a database file that is in use
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * By SQLite's online backup: one moment of the file, while others read and write it, in this
 * program or another. A copy of the bytes would lack what is still in the log.
 */

#pragma once

#include "valise-db.h"

G_BEGIN_DECLS

/**
 * valise_db_copy:
 * @from: a database file
 * @to: a file that is not there yet
 * @cancellable: (nullable): looked at every two MiB
 *
 * Copies, flushes to the disk, and reads the copy whole (quick_check). Blocks; any thread.
 *
 * Fails with any #ValiseDbError, %VALISE_DB_ERROR_CORRUPT where the copy is damaged, or
 * %G_IO_ERROR_CANCELLED; then there is no @to.
 */
gboolean valise_db_copy (const char   *from,
                         const char   *to,
                         GCancellable *cancellable,
                         GError      **error);

/* Whether the file at @path is sound: opened for reading, quick_check. Fails with any
 * #ValiseDbError, or %G_IO_ERROR_CANCELLED: @cancellable (nullable) is looked at as it is read,
 * at the latest with the next table. */
gboolean valise_db_check_file (const char *path, GCancellable *cancellable, GError **error);

G_END_DECLS
