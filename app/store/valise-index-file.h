/* valise-index-file.h - search.sqlite as a file: opened, or dropped and made anew
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-reader-pool.h"
#include "valise-search-store.h"

G_BEGIN_DECLS

/* Opens the file at @path for writing; one that is damaged or of another version, or any with
 * @drop, is dropped and made anew, while @pool is shut. Fails with any #ValiseDbError but
 * CORRUPT and TOO_NEW, or any #GFileError. */
ValiseSearchStore *valise_index_file_open (const char       *path,
                                           guint             version,
                                           ValiseReaderPool *pool,
                                           gboolean          drop,
                                           GError          **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
