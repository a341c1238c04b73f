/* valise-file-rows.h - a file as one row and its chunks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of valise-file-store: on the connection given, in the transaction its caller
 * opened. Fails with any #ValiseDbError.
 */

#pragma once

#include "valise-db.h"

G_BEGIN_DECLS

/* The row of table file; row 0: there is none. */
typedef struct
{
  gint64   row;
  gint64   length;
  gint64   present;
  gboolean complete;
} ValiseFileRow;

/* @sha256: or, of an upload, the key that valise-file-upload.c makes. */
gboolean valise_file_row_find (ValiseDb      *db,
                               const char    *sha256,
                               ValiseFileRow *file,
                               GError       **error);
gboolean valise_file_row_insert (ValiseDb      *db,
                                 const char    *sha256,
                                 ValiseFileRow *file,
                                 GError       **error);
gboolean valise_file_row_update (ValiseDb *db, const ValiseFileRow *file, GError **error);
gboolean valise_file_row_drop (ValiseDb *db, gint64 row, GError **error);

/* What is here of chunk @number; empty where nothing is. */
GByteArray *valise_file_row_read_chunk (ValiseDb *db, gint64 row, gint64 number, GError **error);

/* Adds @piece to the end of what is present; the row is not written yet. */
gboolean valise_file_row_add (ValiseDb *db, ValiseFileRow *file, GBytes *piece, GError **error);

/* The SHA-256 of the chunks, read back; NULL with an error. */
char *valise_file_row_digest (ValiseDb *db, const ValiseFileRow *file, GError **error);

G_END_DECLS
