/* valise-file-spare.h - a second copy of each file that nobody else has yet
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the journal is for edits: a file made here is in files.sqlite, and until the peer of its
 * database has it, in FOLDER/journal/SHA256.DATABASE.file too, flushed before anybody is told
 * that it is kept. Any thread; blocks.
 */

#pragma once

#include "valise-file-store.h"

G_BEGIN_DECLS

/* @sha256 is complete in @files. Fails with %VALISE_DB_ERROR_FULL, %VALISE_DB_ERROR_READ_ONLY
 * or any #ValiseFileError or #ValiseDbError, and then leaves nothing. */
gboolean valise_file_spare_keep (ValiseFileStore *files,
                                 const char      *sha256,
                                 const char      *database,
                                 GError         **error);

/* The peer of @database has it. */
void valise_file_spare_drop (ValiseFileStore *files, const char *sha256, const char *database);

/* One spare; its bytes are mapped, and not looked at yet. FALSE with @error set stops. */
typedef gboolean (*ValiseFileSpareFunc) (const char *sha256,
                                         const char *database,
                                         GBytes     *bytes,
                                         gpointer    user_data,
                                         GError    **error);

/* @only: (nullable): of this digest alone. Fails as @func does. */
gboolean valise_file_spare_each (const char         *folder,
                                 const char         *only,
                                 ValiseFileSpareFunc func,
                                 gpointer            user_data,
                                 GError            **error);

G_END_DECLS
