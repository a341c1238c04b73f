/* valise-disk.h - plain files, where SQLite is not asked
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of this layer; any thread; blocks.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Sets a #ValiseDbError from errno, as SQLite would have it of @path: full, read only, or another
 * failure. Always FALSE, so that a failing caller can return it. */
gboolean valise_disk_set_error (const char *path, GError **error);

/* Writes all of @data to the descriptor @file; FALSE with errno. */
gboolean valise_disk_write_all (int file, gconstpointer data, gsize length);

G_END_DECLS
