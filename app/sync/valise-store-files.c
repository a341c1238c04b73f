/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-store-files"

#include "config.h"

#include "valise-id.h"
#include "valise-store-files.h"

/* The bytes from @offset to the next multiple of 64 KiB, or to the end. */
static GBytes *
read_piece (ValiseFileStore *files,
            const char      *sha256,
            gint64           offset,
            gint64           length,
            GError         **error)
{
  gint64 end = MIN ((offset / VALISE_FILE_CHUNK + 1) * VALISE_FILE_CHUNK, length);

  return valise_file_store_read (files, sha256, offset, end - offset, error);
}

/* --- giving --------------------------------------------------------------------------------- */

/* Nobody reads by digest alone: the database has to know of it. */
static gboolean
is_known (ValiseDatabase *database, const char *sha256)
{
  g_autofree char      *id = valise_id_for_file (sha256);
  g_autoptr (GPtrArray) leaves = valise_database_get_leaves (database, id, NULL);

  return leaves != NULL && leaves->len > 0
         && !((const ValiseRevisionLeaf *) g_ptr_array_index (leaves, 0))->deleted;
}

gboolean
valise_store_files_fetch (ValiseDatabase       *database,
                          ValiseFileStore      *files,
                          const ValisePeerFile *file,
                          ValisePeerPieceFunc   func,
                          gpointer              user_data,
                          GCancellable         *cancellable,
                          GError              **error)
{
  gboolean complete = FALSE;
  gint64   length = 0;

  valise_file_store_get_present (files, file->sha256, &length, &complete);
  if (!complete || !is_known (database, file->sha256))
    {
      g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING, "File %s is not in %s",
                   file->sha256, valise_database_get_name (database));
      return FALSE;
    }
  if (length != file->length)
    {
      g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL,
                   "File %s is of another length in %s", file->sha256,
                   valise_database_get_name (database));
      return FALSE;
    }
  for (gint64 at = file->offset; at < length;)
    {
      g_autoptr (GBytes) bytes = NULL;
      ValisePeerPiece    piece = { .offset = at };

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      bytes = read_piece (files, file->sha256, at, length, error);
      if (bytes == NULL)
        return FALSE;
      piece.data = g_bytes_get_data (bytes, &piece.length);
      if (!func (&piece, user_data, error))
        return FALSE;
      at += (gint64) piece.length;
    }
  return TRUE;
}

/* --- taking --------------------------------------------------------------------------------- */

gboolean
valise_store_files_copy (ValiseDocument    *document,
                         ValiseFileStore   *from,
                         ValiseFileStore   *to,
                         ValisePeerSentFunc func,
                         gpointer           user_data,
                         GCancellable      *cancellable,
                         GError           **error)
{
  const char *sha256 = valise_id_get_sha256 (document->id);
  gboolean    complete = FALSE;
  gint64      length = 0, present = 0;

  g_return_val_if_fail (sha256 != NULL, FALSE);

  valise_file_store_get_present (from, sha256, &length, NULL);
  present = valise_file_store_get_present (to, sha256, NULL, &complete);
  while (!complete)
    {
      g_autoptr (GBytes) bytes = NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, error)
          || (func != NULL && !func (present, user_data, error)))
        return FALSE;
      bytes = read_piece (from, sha256, present, length, error);
      if (bytes == NULL || !valise_file_store_append (to, sha256, length, present, bytes, error))
        return FALSE;
      present += (gint64) g_bytes_get_size (bytes);
      complete = present == length;
    }
  return func == NULL || func (length, user_data, error);
}
