/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-file-read"

#include "config.h"

#include "valise-file-again.h"
#include "valise-file-rows.h"
#include "valise-file-spare.h"
#include "valise-file-store-parts.h"

/* --- a range ----------------------------------------------------------------------------- */

static GBytes *
read_range (ValiseDb *db, const ValiseFileRow *file, gint64 offset, gint64 length, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_sized_new ((guint) length);
  gint64                 end = offset + length;

  for (gint64 at = offset; at < end; at = (at / VALISE_FILE_CHUNK + 1) * VALISE_FILE_CHUNK)
    {
      gint64                 number = at / VALISE_FILE_CHUNK;
      g_autoptr (GByteArray) chunk = valise_file_row_read_chunk (db, file->row, number, error);
      gint64                 from = at % VALISE_FILE_CHUNK;
      gint64                 to = MIN (end - number * VALISE_FILE_CHUNK, VALISE_FILE_CHUNK);

      if (chunk == NULL)
        return NULL;
      if (to > (gint64) chunk->len)
        {
          valise_db_mark_suspect (db);
          g_set_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_CORRUPT,
                       "Chunk %" G_GINT64_FORMAT " of a complete file is short", number);
          return NULL;
        }
      g_byte_array_append (bytes, chunk->data + from, (guint) (to - from));
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static gboolean
find_complete (ValiseDb      *db,
               const char    *sha256,
               gint64         offset,
               gint64         length,
               ValiseFileRow *file,
               GError       **error)
{
  if (!valise_file_row_find (db, sha256, file, error))
    return FALSE;

  if (!file->complete)
    g_set_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_MISSING, "File %.80s is not here",
                 sha256);
  else if (offset < 0 || length < 0 || length > G_MAXINT32 || offset > file->length - length)
    g_set_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_RANGE,
                 "File %s: %" G_GINT64_FORMAT " bytes at %" G_GINT64_FORMAT
                 " are outside its %" G_GINT64_FORMAT,
                 sha256, length, offset, file->length);
  else
    return TRUE;
  return FALSE;
}

typedef struct
{
  const char *sha256;
  gint64      offset;
  gint64      length; /* -1: to the end */
  GBytes     *bytes;  /* (out) */
} Reading;

static gboolean
read_bytes (ValiseDb *db, gpointer user_data, GError **error)
{
  Reading      *reading = user_data;
  ValiseFileRow file = { 0 };

  if (reading->length < 0 && valise_file_row_find (db, reading->sha256, &file, NULL))
    reading->length = file.length;
  if (!find_complete (db, reading->sha256, reading->offset, reading->length, &file, error))
    return FALSE;
  reading->bytes = read_range (db, &file, reading->offset, reading->length, error);
  return reading->bytes != NULL;
}

/**
 * valise_file_store_read:
 * @offset: in bytes
 * @length: in bytes, below 2³¹
 *
 * What others read, who compare it with its digest themselves: see valise_file_store_read_whole().
 *
 * Fails with %VALISE_FILE_ERROR_MISSING, %VALISE_FILE_ERROR_RANGE or any #ValiseDbError.
 *
 * Returns: (transfer full): exactly @length bytes
 */
GBytes *
valise_file_store_read (ValiseFileStore *self,
                        const char      *sha256,
                        gint64           offset,
                        gint64           length,
                        GError         **error)
{
  Reading reading = { sha256, offset, length, NULL };

  if (length < 0)
    {
      g_set_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_RANGE, "File %s: a length below 0",
                   sha256);
      return NULL;
    }
  return valise_file_store_look (self, read_bytes, &reading, error) ? reading.bytes : NULL;
}

/* --- bytes that are not what they were ---------------------------------------------------- */

typedef struct
{
  const char      *sha256;
  ValiseFileAgain *again;
  gboolean         dropped; /* (out) */
  gboolean         wanted;  /* (out) */
} Doubt;

static gboolean
doubt (ValiseDb *db, gpointer user_data, GError **error)
{
  Doubt           *doubt = user_data;
  ValiseFileRow    file = { 0 };
  g_autofree char *digest = NULL;

  if (!valise_file_row_find (db, doubt->sha256, &file, error))
    return FALSE;
  if (!file.complete)
    return TRUE;
  digest = valise_file_row_digest (db, &file, error);
  if (digest == NULL)
    return FALSE;
  if (g_str_equal (digest, doubt->sha256))
    return TRUE;
  doubt->dropped = TRUE;
  return valise_file_row_drop (db, file.row, error)
         && valise_file_again_want (doubt->again, db, doubt->sha256, &doubt->wanted, error);
}

static gboolean
put_back (const char *sha256,
          const char *database,
          GBytes     *bytes,
          gpointer    user_data,
          GError    **error)
{
  g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_autofree char *kept = NULL;

  if (!g_str_equal (digest, sha256))
    return TRUE;
  kept = valise_file_store_put (user_data, bytes, error);
  return kept != NULL;
}

/**
 * valise_file_store_doubt:
 * @wanted: (out) (optional): whether it is to be fetched again now
 *
 * Reads a file that is here against its digest. Bytes that make another, which a disk changed
 * behind our back, are dropped, and the file is put into the queue again, or put back from the
 * copy that is kept of what nobody else has.
 *
 * Fails with any #ValiseDbError.
 *
 * Returns: %TRUE where it is not damaged, or is whole again
 */
gboolean
valise_file_store_doubt (ValiseFileStore *self,
                         const char      *sha256,
                         gboolean        *wanted,
                         GError         **error)
{
  g_autofree char            *folder = valise_file_store_dup_folder (self);
  g_autoptr (ValiseFileAgain) again = valise_file_again_open (folder);
  Doubt                       doubting = { sha256, again, FALSE, FALSE };
  gboolean                    complete = FALSE;

  if (wanted != NULL)
    *wanted = FALSE;
  if (!valise_file_store_write (self, doubt, &doubting, error))
    return FALSE;
  if (!doubting.dropped)
    return TRUE;

  g_message ("File %s was damaged on this disk%s", sha256,
             doubting.wanted ? ", and is to be fetched again" : "");
  if (!valise_file_spare_each (folder, sha256, put_back, self, error))
    return FALSE;
  valise_file_store_get_present (self, sha256, NULL, &complete);
  if (!complete)
    valise_file_store_tell (self, sha256);
  if (wanted != NULL)
    *wanted = doubting.wanted && !complete;
  if (!complete)
    g_set_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_DIGEST,
                 "File %s was damaged on this disk, and has to be fetched again", sha256);
  return complete;
}

/**
 * valise_file_store_read_whole:
 *
 * What is shown, and what words are read from: its digest is compared first.
 *
 * Fails with %VALISE_FILE_ERROR_MISSING, with %VALISE_FILE_ERROR_DIGEST where the disk changed
 * it (it is in the queue again then), or any #ValiseDbError.
 *
 * Returns: (transfer full): all its bytes
 */
GBytes *
valise_file_store_read_whole (ValiseFileStore *self, const char *sha256, GError **error)
{
  Reading            reading = { sha256, 0, -1, NULL };
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char   *digest = NULL;

  if (!valise_file_store_look (self, read_bytes, &reading, error))
    return NULL;
  bytes = reading.bytes;
  digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  if (g_str_equal (digest, sha256))
    return g_steal_pointer (&bytes);
  return valise_file_store_doubt (self, sha256, NULL, error)
             ? valise_file_store_read (self, sha256, 0, (gint64) g_bytes_get_size (bytes), error)
             : NULL;
}
