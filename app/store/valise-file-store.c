/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-file-store"

#include "config.h"

#include <string.h>

#include "valise-db-pool.h"
#include "valise-file-store.h"

#define APPLICATION_ID 0x564c4653 /* "VLFS" */

/**
 * ValiseFileStore:
 *
 * Files as rows of chunks. Appending to one is a transaction of its own, so after a crash
 * all that was acknowledged is there; whether a file is complete is decided by reading its
 * chunks back, never by what was sent.
 */
struct _ValiseFileStore
{
  GObject parent_instance;

  ValiseDbPool *pool; /* set once, by open() */
};

G_DEFINE_QUARK (valise_file_error, valise_file_error)

G_DEFINE_FINAL_TYPE (ValiseFileStore, valise_file_store, G_TYPE_OBJECT)

/* The row of table file; row 0: there is none. */
typedef struct
{
  gint64   row;
  gint64   length;
  gint64   present;
  gboolean complete;
} File;

/* --- rows ---------------------------------------------------------------------------- */

static gboolean
find_file (ValiseDb *db, const char *sha256, File *file, GError **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      db, "SELECT row, length, present, complete FROM file WHERE sha256 = :sha256");
  ValiseStep step = VALISE_STEP_ERROR;

  valise_stmt_bind_text (stmt, ":sha256", sha256);
  step = valise_stmt_step (stmt, error);
  if (step == VALISE_STEP_ROW)
    {
      file->row = valise_stmt_get_int64 (stmt, 0);
      file->length = valise_stmt_get_int64 (stmt, 1);
      file->present = valise_stmt_get_int64 (stmt, 2);
      file->complete = valise_stmt_get_int64 (stmt, 3) != 0;
    }
  return step != VALISE_STEP_ERROR;
}

static gboolean
insert_file (ValiseDb *db, const char *sha256, File *file, GError **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      db, "INSERT INTO file VALUES (NULL, :sha256, :length, 0, 0) RETURNING row");

  valise_stmt_bind_text (stmt, ":sha256", sha256);
  valise_stmt_bind_int64 (stmt, ":length", file->length);
  if (valise_stmt_step (stmt, error) != VALISE_STEP_ROW)
    return FALSE;

  file->row = valise_stmt_get_int64 (stmt, 0);
  return valise_stmt_run (stmt, error);
}

static gboolean
update_file (ValiseDb *db, const File *file, GError **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      db, "UPDATE file SET present = :present, complete = :complete WHERE row = :row");

  valise_stmt_bind_int64 (stmt, ":row", file->row);
  valise_stmt_bind_int64 (stmt, ":present", file->present);
  valise_stmt_bind_int64 (stmt, ":complete", file->complete);
  return valise_stmt_run (stmt, error);
}

static gboolean
drop_file (ValiseDb *db, gint64 row, GError **error)
{
  g_autoptr (ValiseStmt) chunks = valise_db_prepare (db, "DELETE FROM chunk WHERE file = :row");
  g_autoptr (ValiseStmt) file = valise_db_prepare (db, "DELETE FROM file WHERE row = :row");

  valise_stmt_bind_int64 (chunks, ":row", row);
  valise_stmt_bind_int64 (file, ":row", row);
  return valise_stmt_run (chunks, error) && valise_stmt_run (file, error);
}

/* What is here of chunk @number; empty where nothing is. */
static GByteArray *
read_chunk (ValiseDb *db, gint64 row, gint64 number, GError **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (db, "SELECT bytes FROM chunk WHERE file = :row AND number = :number");
  g_autoptr (GByteArray) chunk = g_byte_array_sized_new (VALISE_FILE_CHUNK);
  gsize                  length = 0;
  ValiseStep             step = VALISE_STEP_ERROR;

  valise_stmt_bind_int64 (stmt, ":row", row);
  valise_stmt_bind_int64 (stmt, ":number", number);
  step = valise_stmt_step (stmt, error);
  if (step == VALISE_STEP_ROW)
    {
      gconstpointer data = valise_stmt_get_blob (stmt, 0, &length);

      g_byte_array_append (chunk, data, (guint) length);
    }
  return step != VALISE_STEP_ERROR ? g_steal_pointer (&chunk) : NULL;
}

static gboolean
write_chunk (ValiseDb *db, gint64 row, gint64 number, const GByteArray *chunk, GError **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (db, "INSERT OR REPLACE INTO chunk VALUES (:row, :number, :bytes)");

  valise_stmt_bind_int64 (stmt, ":row", row);
  valise_stmt_bind_int64 (stmt, ":number", number);
  valise_stmt_bind_blob (stmt, ":bytes", chunk->data, chunk->len);
  return valise_stmt_run (stmt, error);
}

/* --- arriving ------------------------------------------------------------------------ */

/* One call of append, or of put. */
typedef struct
{
  const char *sha256;
  gint64      length;
  gint64      offset; /* -1: whatever is here is written anew */
  GBytes     *piece;
  gboolean    is_damaged; /* (out): complete, and another digest: dropped */
} Arrival;

static gboolean
add_bytes (ValiseDb *db, File *file, GBytes *piece, GError **error)
{
  gsize         left = 0;
  const guint8 *data = g_bytes_get_data (piece, &left);

  while (left > 0)
    {
      gint64                 number = file->present / VALISE_FILE_CHUNK;
      guint                  filled = (guint) (file->present % VALISE_FILE_CHUNK);
      gsize                  part = MIN (left, (gsize) VALISE_FILE_CHUNK - filled);
      g_autoptr (GByteArray) chunk = filled > 0 ? read_chunk (db, file->row, number, error)
                                                : g_byte_array_sized_new ((guint) part);

      if (chunk == NULL)
        return FALSE;
      g_byte_array_append (chunk, data, (guint) part);
      if (!write_chunk (db, file->row, number, chunk, error))
        return FALSE;
      file->present += (gint64) part;
      data += part;
      left -= part;
    }
  return TRUE;
}

/* NULL with an error. */
static char *
digest_chunks (ValiseDb *db, const File *file, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (gint64 at = 0; at < file->length; at += VALISE_FILE_CHUNK)
    {
      g_autoptr (GByteArray) chunk = read_chunk (db, file->row, at / VALISE_FILE_CHUNK, error);

      if (chunk == NULL)
        return NULL;
      g_checksum_update (checksum, chunk->data, (gssize) chunk->len);
    }
  return g_strdup (g_checksum_get_string (checksum));
}

static gboolean
complete_file (ValiseDb *db, File *file, Arrival *arrival, GError **error)
{
  g_autofree char *digest = digest_chunks (db, file, error);

  if (digest == NULL)
    return FALSE;

  file->complete = g_str_equal (digest, arrival->sha256);
  if (file->complete)
    return update_file (db, file, error);

  arrival->is_damaged = TRUE;
  return drop_file (db, file->row, error);
}

static gboolean
check_range (const File *file, const Arrival *arrival, GError **error)
{
  gint64 size = (gint64) g_bytes_get_size (arrival->piece);

  if (arrival->length == file->length && arrival->offset == file->present && !file->complete
      && size <= file->length - file->present)
    return TRUE;

  g_set_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_RANGE,
               "File %s: %" G_GINT64_FORMAT " bytes at %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
               ", where %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " are here",
               arrival->sha256, size, arrival->offset, arrival->length, file->present,
               file->length);
  return FALSE;
}

static gboolean
receive (ValiseDb *db, gpointer user_data, GError **error)
{
  Arrival *arrival = user_data;
  File     file = { 0 };

  if (!find_file (db, arrival->sha256, &file, error))
    return FALSE;

  if (arrival->offset < 0)
    {
      if (file.complete)
        return TRUE;
      if (file.row != 0 && !drop_file (db, file.row, error))
        return FALSE;
      file = (File){ 0 };
      arrival->offset = 0;
    }
  if (file.row == 0)
    file.length = arrival->length;
  if (!check_range (&file, arrival, error)
      || (file.row == 0 && !insert_file (db, arrival->sha256, &file, error))
      || !add_bytes (db, &file, arrival->piece, error))
    return FALSE;

  return file.present == file.length ? complete_file (db, &file, arrival, error)
                                     : update_file (db, &file, error);
}

static gboolean
run_arrival (ValiseFileStore *self, Arrival *arrival, GError **error)
{
  ValiseDb *db = valise_db_pool_take_writer (self->pool, error);
  gboolean  is_done = FALSE;

  if (db == NULL)
    return FALSE;

  is_done = valise_db_write (db, receive, arrival, error);
  valise_db_pool_give_writer (self->pool, db);
  if (is_done && arrival->is_damaged)
    g_set_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_DIGEST,
                 "File %s: its bytes make another digest, and were dropped", arrival->sha256);
  return is_done && !arrival->is_damaged;
}

/* --- the object ---------------------------------------------------------------------- */

static void
valise_file_store_finalize (GObject *object)
{
  ValiseFileStore *self = VALISE_FILE_STORE (object);

  g_clear_pointer (&self->pool, valise_db_pool_free);

  G_OBJECT_CLASS (valise_file_store_parent_class)->finalize (object);
}

static void
valise_file_store_class_init (ValiseFileStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_file_store_finalize;
}

static void
valise_file_store_init (ValiseFileStore *self)
{
}

/**
 * valise_file_store_open:
 * @path: files.sqlite; made where there is none
 *
 * Fails with any #ValiseDbError.
 *
 * Returns: (transfer full): the store
 */
ValiseFileStore *
valise_file_store_open (const char *path, GError **error)
{
  ValiseDbKind kind = { APPLICATION_ID, "/org/valise/Valise/sql", "files", VALISE_DB_CREATE };
  g_autoptr (ValiseDbPool) pool = valise_db_pool_open (path, &kind, error);
  ValiseFileStore         *self = NULL;

  if (pool == NULL)
    return NULL;

  self = g_object_new (VALISE_TYPE_FILE_STORE, NULL);
  self->pool = g_steal_pointer (&pool);
  return self;
}

/**
 * valise_file_store_close:
 *
 * Waits for whoever reads or writes; safe to call twice. Calls made afterwards fail with
 * %VALISE_DB_ERROR_ENGINE.
 */
void
valise_file_store_close (ValiseFileStore *self)
{
  valise_db_pool_close (self->pool);
}

/**
 * valise_file_store_put:
 * @bytes: the whole file
 *
 * Keeps @bytes, once however often they are put; what had arrived of them in pieces is
 * replaced. They are read back and digested before the transaction ends.
 *
 * Fails with any #ValiseDbError.
 *
 * Returns: (transfer full): the SHA-256, 64 lower-case hex digits
 */
char *
valise_file_store_put (ValiseFileStore *self, GBytes *bytes, GError **error)
{
  g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  Arrival          arrival = { sha256, (gint64) g_bytes_get_size (bytes), -1, bytes, FALSE };

  return run_arrival (self, &arrival, error) ? g_steal_pointer (&sha256) : NULL;
}

static gboolean
is_digest (const char *text)
{
  return strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}

/**
 * valise_file_store_append:
 * @sha256: of the whole file, 64 lower-case hex digits
 * @length: of the whole file, in bytes
 * @offset: how much of it is here, in bytes
 * @piece: what follows
 *
 * Keeps a piece, durably. With the last one the digest is verified.
 *
 * Fails with %VALISE_FILE_ERROR_RANGE where the piece does not follow or @length is not what
 * it was, %VALISE_FILE_ERROR_DIGEST where @sha256 is no digest or the bytes make another,
 * and then drops them all, or with any #ValiseDbError.
 */
gboolean
valise_file_store_append (ValiseFileStore *self,
                          const char      *sha256,
                          gint64           length,
                          gint64           offset,
                          GBytes          *piece,
                          GError         **error)
{
  Arrival arrival = { sha256, length, offset, piece, FALSE };

  if (!is_digest (sha256))
    {
      g_set_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_DIGEST, "Not a SHA-256: %.80s",
                   sha256);
      return FALSE;
    }
  if (length < 0 || offset < 0)
    {
      g_set_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_RANGE,
                   "File %s: a length or offset below 0", sha256);
      return FALSE;
    }
  return run_arrival (self, &arrival, error);
}

/**
 * valise_file_store_get_present:
 * @length: (out) (optional): how many bytes it has, as announced
 * @complete: (out) (optional): whether all are here and were verified
 *
 * A store that cannot be read has nothing, and says so in the log.
 *
 * Returns: how many bytes are here
 */
gint64
valise_file_store_get_present (ValiseFileStore *self,
                               const char      *sha256,
                               gint64          *length,
                               gboolean        *complete)
{
  g_autoptr (GError) error = NULL;
  ValiseDb          *db = valise_db_pool_take_reader (self->pool, &error);
  File               file = { 0 };

  if (db != NULL)
    {
      (void) find_file (db, sha256, &file, &error);
      valise_db_pool_give_reader (self->pool, db);
    }
  if (error != NULL)
    g_warning ("File %s: %s", sha256, error->message);

  if (length != NULL)
    *length = file.length;
  if (complete != NULL)
    *complete = file.complete;
  return file.present;
}

static GBytes *
read_range (ValiseDb *db, const File *file, gint64 offset, gint64 length, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_sized_new ((guint) length);
  gint64                 end = offset + length;

  for (gint64 at = offset; at < end; at = (at / VALISE_FILE_CHUNK + 1) * VALISE_FILE_CHUNK)
    {
      gint64                 number = at / VALISE_FILE_CHUNK;
      g_autoptr (GByteArray) chunk = read_chunk (db, file->row, number, error);
      gint64                 from = at % VALISE_FILE_CHUNK;
      gint64                 to = MIN (end - number * VALISE_FILE_CHUNK, VALISE_FILE_CHUNK);

      if (chunk == NULL)
        return NULL;
      if (to > (gint64) chunk->len)
        {
          g_set_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_CORRUPT,
                       "Chunk %" G_GINT64_FORMAT " of a complete file is short", number);
          return NULL;
        }
      g_byte_array_append (bytes, chunk->data + from, (guint) (to - from));
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static gboolean
find_complete (ValiseDb   *db,
               const char *sha256,
               gint64      offset,
               gint64      length,
               File       *file,
               GError    **error)
{
  if (!find_file (db, sha256, file, error))
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

/**
 * valise_file_store_read:
 * @offset: in bytes
 * @length: in bytes, below 2³¹
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
  ValiseDb *db = valise_db_pool_take_reader (self->pool, error);
  GBytes   *bytes = NULL;
  File      file = { 0 };

  if (db == NULL)
    return NULL;

  if (find_complete (db, sha256, offset, length, &file, error))
    bytes = read_range (db, &file, offset, length, error);
  valise_db_pool_give_reader (self->pool, db);
  return bytes;
}
