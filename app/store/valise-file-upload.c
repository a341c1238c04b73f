/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-file-upload"

#include "config.h"

#include "valise-clock.h"
#include "valise-digest.h"
#include "valise-file-rows.h"
#include "valise-file-store-parts.h"
#include "valise-file-upload.h"

/* One call. */
typedef struct
{
  const char        *sha256;
  const char        *database;
  char              *owner; /* database and account */
  char              *key;   /* the file's name in table file while it comes */
  gint64             length;
  gint64             offset;
  GBytes            *piece;
  ValiseUploadState *state;
  gboolean           is_damaged; /* (out): dropped */
} Upload;

static void
open_upload (Upload *self, const char *sha256, const ValiseUploadOwner *owner)
{
  g_autofree char *digest = NULL;

  self->sha256 = sha256;
  self->database = owner->database;
  self->owner = g_strconcat (owner->database, "/", owner->account, NULL);
  digest = valise_digest_dup_hex (self->owner, strlen (self->owner));
  self->key = g_strconcat (sha256, "@", digest, NULL);
}

static void
close_upload (Upload *self)
{
  g_free (self->owner);
  g_free (self->key);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Upload, close_upload)

/* --- rows -------------------------------------------------------------------------------- */

static gboolean
is_proven (ValiseDb *db, const char *sha256, const char *database, gboolean *proven, GError **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (db, "SELECT 1 FROM proof WHERE sha256 = :sha256 AND database = :database");
  ValiseStep step = VALISE_STEP_ERROR;

  valise_stmt_bind_text (stmt, ":sha256", sha256);
  valise_stmt_bind_text (stmt, ":database", database);
  step = valise_stmt_step (stmt, error);
  *proven = step == VALISE_STEP_ROW;
  return step != VALISE_STEP_ERROR;
}

static gboolean
insert_proof (ValiseDb *db, const char *sha256, const char *database, GError **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      db, "INSERT INTO proof VALUES (:sha256, :database) ON CONFLICT DO NOTHING");

  valise_stmt_bind_text (stmt, ":sha256", sha256);
  valise_stmt_bind_text (stmt, ":database", database);
  return valise_stmt_run (stmt, error);
}

static gboolean
touch (ValiseDb *db, gint64 row, const char *owner, GError **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (db, "INSERT INTO upload VALUES (:row, :owner, :now) "
                             "ON CONFLICT (file) DO UPDATE SET seen_us = excluded.seen_us");

  valise_stmt_bind_int64 (stmt, ":row", row);
  valise_stmt_bind_text (stmt, ":owner", owner);
  valise_stmt_bind_int64 (stmt, ":now", valise_clock_now ());
  return valise_stmt_run (stmt, error);
}

/* The upload becomes the file. */
static gboolean
rename_file (ValiseDb *db, gint64 row, const char *sha256, GError **error)
{
  g_autoptr (ValiseStmt) file =
      valise_db_prepare (db, "UPDATE file SET sha256 = :sha256, complete = 1 WHERE row = :row");
  g_autoptr (ValiseStmt) upload = valise_db_prepare (db, "DELETE FROM upload WHERE file = :row");

  valise_stmt_bind_int64 (file, ":row", row);
  valise_stmt_bind_text (file, ":sha256", sha256);
  valise_stmt_bind_int64 (upload, ":row", row);
  return valise_stmt_run (file, error) && valise_stmt_run (upload, error);
}

/* --- looking ----------------------------------------------------------------------------- */

static gboolean
look (ValiseDb *db, gpointer user_data, GError **error)
{
  Upload       *self = user_data;
  ValiseFileRow file = { 0 }, mine = { 0 };
  gboolean      proven = FALSE;

  if (!valise_file_row_find (db, self->sha256, &file, error)
      || !valise_file_row_find (db, self->key, &mine, error)
      || !is_proven (db, self->sha256, self->database, &proven, error))
    return FALSE;

  self->state->proven = proven && file.complete;
  self->state->known = file.complete;
  self->state->present = self->state->proven ? file.length : mine.present;
  return TRUE;
}

gboolean
valise_file_upload_look (ValiseFileStore         *files,
                         const char              *sha256,
                         const ValiseUploadOwner *owner,
                         ValiseUploadState       *state,
                         GError                 **error)
{
  g_auto (Upload) self = { 0 };

  open_upload (&self, sha256, owner);
  self.state = state;
  return valise_file_store_look (files, look, &self, error);
}

/* --- a piece ----------------------------------------------------------------------------- */

static gboolean
check_open (ValiseDb *db, const Upload *self, GError **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (db, "SELECT count (*) FROM upload WHERE owner = :owner");

  valise_stmt_bind_text (stmt, ":owner", self->owner);
  if (valise_stmt_step (stmt, error) != VALISE_STEP_ROW)
    return FALSE;
  if (valise_stmt_get_int64 (stmt, 0) < VALISE_UPLOAD_MAX_OPEN)
    return TRUE;
  g_set_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_LIMIT,
               "%d uploads were begun and not ended; end those first", VALISE_UPLOAD_MAX_OPEN);
  return FALSE;
}

static gboolean
check_piece (const Upload *self, const ValiseFileRow *mine, GError **error)
{
  gint64 size = (gint64) g_bytes_get_size (self->piece);

  if (self->length < 0 || self->length > VALISE_UPLOAD_MAX_LENGTH)
    g_set_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_LIMIT,
                 "File %s: %" G_GINT64_FORMAT " bytes are more than are taken", self->sha256,
                 self->length);
  else if (self->offset != mine->present || (mine->row != 0 && self->length != mine->length)
           || size > self->length - mine->present)
    g_set_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_RANGE,
                 "File %s: %" G_GINT64_FORMAT " bytes are here", self->sha256, mine->present);
  else
    return TRUE;
  return FALSE;
}

/* Dropped where it is another file than was said; else it is here for all. */
static gboolean
complete (ValiseDb *db, Upload *self, ValiseFileRow *mine, GError **error)
{
  g_autofree char *digest = valise_file_row_digest (db, mine, error);
  ValiseFileRow    file = { 0 };

  if (digest == NULL || !valise_file_row_find (db, self->sha256, &file, error))
    return FALSE;
  if (!g_str_equal (digest, self->sha256))
    {
      self->is_damaged = TRUE;
      return valise_file_row_drop (db, mine->row, error);
    }

  /* A whole one came by another way meanwhile, or a half one is on its way here. */
  if (file.complete ? !valise_file_row_drop (db, mine->row, error)
                    : (file.row != 0 && !valise_file_row_drop (db, file.row, error))
                          || !valise_file_row_update (db, mine, error)
                          || !rename_file (db, mine->row, self->sha256, error))
    return FALSE;
  self->state->proven = self->state->known = TRUE;
  return insert_proof (db, self->sha256, self->database, error);
}

static gboolean
append (ValiseDb *db, gpointer user_data, GError **error)
{
  Upload       *self = user_data;
  ValiseFileRow mine = { 0 };

  if (!look (db, self, error))
    return FALSE;
  if (self->state->proven)
    return TRUE;
  if (!valise_file_row_find (db, self->key, &mine, error) || !check_piece (self, &mine, error))
    return FALSE;

  if (mine.row == 0)
    {
      mine.length = self->length;
      if (!check_open (db, self, error) || !valise_file_row_insert (db, self->key, &mine, error))
        return FALSE;
    }
  if (!valise_file_row_add (db, &mine, self->piece, error))
    return FALSE;
  self->state->present = mine.present;
  if (mine.present == mine.length)
    return complete (db, self, &mine, error);
  return valise_file_row_update (db, &mine, error) && touch (db, mine.row, self->owner, error);
}

gboolean
valise_file_upload_append (ValiseFileStore         *files,
                           const char              *sha256,
                           const ValiseUploadOwner *owner,
                           gint64                   length,
                           gint64                   offset,
                           GBytes                  *piece,
                           ValiseUploadState       *state,
                           GError                 **error)
{
  g_auto (Upload) self = { .length = length, .offset = offset, .piece = piece, .state = state };

  open_upload (&self, sha256, owner);
  if (!valise_file_store_write (files, append, &self, error))
    return FALSE;
  if (self.is_damaged)
    g_set_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_DIGEST,
                 "File %s: its bytes make another digest, and were dropped", sha256);
  else if (state->known)
    valise_file_store_tell (files, sha256);
  return !self.is_damaged;
}

/* --- proofs ------------------------------------------------------------------------------ */

static gboolean
prove (ValiseDb *db, gpointer user_data, GError **error)
{
  const Upload *self = user_data;

  return insert_proof (db, self->sha256, self->database, error);
}

gboolean
valise_file_upload_prove (ValiseFileStore *files,
                          const char      *sha256,
                          const char      *database,
                          GError         **error)
{
  Upload self = { .sha256 = sha256, .database = database };

  return valise_file_store_write (files, prove, &self, error);
}

char *
valise_file_upload_digest (ValiseFileStore *files,
                           const char      *sha256,
                           const char      *challenge,
                           GError         **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gint64                length = 0;

  valise_file_store_get_present (files, sha256, &length, NULL);
  g_checksum_update (checksum, (const guchar *) challenge, -1);
  for (gint64 at = 0; at < length; at += VALISE_FILE_CHUNK)
    {
      g_autoptr (GBytes) bytes =
          valise_file_store_read (files, sha256, at, MIN (VALISE_FILE_CHUNK, length - at), error);

      if (bytes == NULL)
        return NULL;
      g_checksum_update (checksum, g_bytes_get_data (bytes, NULL),
                         (gssize) g_bytes_get_size (bytes));
    }
  return g_strdup (g_checksum_get_string (checksum));
}

/* --- giving up --------------------------------------------------------------------------- */

static gboolean
expire (ValiseDb *db, gpointer user_data, GError **error)
{
  g_autoptr (GArray)     rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (db, "SELECT file FROM upload WHERE seen_us < :before");
  ValiseStep step = VALISE_STEP_DONE;

  valise_stmt_bind_int64 (stmt, ":before", *(const gint64 *) user_data);
  while ((step = valise_stmt_step (stmt, error)) == VALISE_STEP_ROW)
    {
      gint64 row = valise_stmt_get_int64 (stmt, 0);

      g_array_append_val (rows, row);
    }
  for (guint i = 0; step == VALISE_STEP_DONE && i < rows->len; i++)
    if (!valise_file_row_drop (db, g_array_index (rows, gint64, i), error))
      return FALSE;
  return step == VALISE_STEP_DONE;
}

gboolean
valise_file_upload_expire (ValiseFileStore *files, gint64 before_us, GError **error)
{
  return valise_file_store_write (files, expire, &before_us, error);
}
