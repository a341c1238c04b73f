/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-file-store"

#include "config.h"

#include "valise-file-rows.h"
#include "valise-file-store-parts.h"
#include "valise-id.h"

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

  ValiseDbPool  *pool;   /* set once, by open() */
  gpointer       healer; /* what the pool's healer is given */
  GDestroyNotify free_healer;

  GMutex         mutex; /* over what follows */
  ValiseFileFunc watch;
  gpointer       watch_data;
};

G_DEFINE_QUARK (valise_file_error, valise_file_error)

G_DEFINE_FINAL_TYPE (ValiseFileStore, valise_file_store, G_TYPE_OBJECT)

/* --- arriving ------------------------------------------------------------------------ */

/* One call of append, or of put. */
typedef struct
{
  const char *sha256;
  gint64      length;
  gint64      offset; /* -1: whatever is here is written anew */
  GBytes     *piece;
  gboolean    is_soon;    /* need not be on the disk yet */
  gboolean    is_damaged; /* (out): complete, and another digest: dropped */
  gboolean    is_whole;   /* (out): complete now, and was not before */
} Arrival;

static gboolean
complete_file (ValiseDb *db, ValiseFileRow *file, Arrival *arrival, GError **error)
{
  g_autofree char *digest = valise_file_row_digest (db, file, error);

  if (digest == NULL)
    return FALSE;

  file->complete = arrival->is_whole = g_str_equal (digest, arrival->sha256);
  if (file->complete)
    return valise_file_row_update (db, file, error);

  arrival->is_damaged = TRUE;
  return valise_file_row_drop (db, file->row, error);
}

static gboolean
check_range (const ValiseFileRow *file, const Arrival *arrival, GError **error)
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
  Arrival      *arrival = user_data;
  ValiseFileRow file = { 0 };

  if (!valise_file_row_find (db, arrival->sha256, &file, error))
    return FALSE;

  if (arrival->offset < 0)
    {
      if (file.complete)
        return TRUE;
      if (file.row != 0 && !valise_file_row_drop (db, file.row, error))
        return FALSE;
      file = (ValiseFileRow){ 0 };
      arrival->offset = 0;
    }
  if (file.row == 0)
    file.length = arrival->length;
  if (!check_range (&file, arrival, error)
      || (file.row == 0 && !valise_file_row_insert (db, arrival->sha256, &file, error))
      || !valise_file_row_add (db, &file, arrival->piece, error))
    return FALSE;

  return file.present == file.length ? complete_file (db, &file, arrival, error)
                                     : valise_file_row_update (db, &file, error);
}

gboolean
valise_file_store_write (ValiseFileStore *self,
                         ValiseDbFunc     func,
                         gpointer         user_data,
                         GError         **error)
{
  ValiseDb *db = valise_db_pool_take_writer (self->pool, error);
  gboolean  is_done = FALSE;

  if (db == NULL)
    return FALSE;

  is_done = valise_db_write (db, func, user_data, error);
  valise_db_pool_give_writer (self->pool, db);
  return is_done;
}

gboolean
valise_file_store_look (ValiseFileStore *self,
                        ValiseDbFunc     func,
                        gpointer         user_data,
                        GError         **error)
{
  ValiseDb *db = valise_db_pool_take_reader (self->pool, error);
  gboolean  is_done = FALSE;

  if (db == NULL)
    return FALSE;

  is_done = func (db, user_data, error);
  valise_db_pool_give_reader (self->pool, db);
  return is_done;
}

/* Without waiting for the disk. In the write-ahead log an unsynced transaction outlives the
 * program, and the next synced one takes it along. */
static gboolean
write_soon (ValiseFileStore *self, Arrival *arrival, GError **error)
{
  ValiseDb          *db = valise_db_pool_take_writer (self->pool, error);
  g_autoptr (GError) failure = NULL;
  gboolean           is_done = FALSE;

  if (db == NULL)
    return FALSE;

  is_done = valise_db_execute (db, "PRAGMA synchronous = NORMAL", error)
            && valise_db_write (db, receive, arrival, error);
  if (!valise_db_execute (db, "PRAGMA synchronous = FULL", &failure) && is_done)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      is_done = FALSE;
    }
  valise_db_pool_give_writer (self->pool, db);
  return is_done;
}

static gboolean
run_arrival (ValiseFileStore *self, Arrival *arrival, GError **error)
{
  gboolean is_done = arrival->is_soon ? write_soon (self, arrival, error)
                                      : valise_file_store_write (self, receive, arrival, error);

  if (is_done && arrival->is_damaged)
    g_set_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_DIGEST,
                 "File %s: its bytes make another digest, and were dropped", arrival->sha256);
  if (is_done && arrival->is_whole)
    valise_file_store_tell (self, arrival->sha256);
  return is_done && !arrival->is_damaged;
}

/* --- the object ---------------------------------------------------------------------- */

static void
valise_file_store_finalize (GObject *object)
{
  ValiseFileStore *self = VALISE_FILE_STORE (object);

  g_clear_pointer (&self->pool, valise_db_pool_free);
  if (self->free_healer != NULL)
    self->free_healer (self->healer);
  g_mutex_clear (&self->mutex);

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
  g_mutex_init (&self->mutex);
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
  g_autoptr (GError)       failure = NULL;

  if (pool == NULL)
    return NULL;
  /* On a disk that is full or only read, the files are worth as much. */
  if (!valise_file_pool_make_shrinkable (pool, &failure))
    g_message ("%s: %s", path, failure->message);

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

void
valise_file_store_set_healer (ValiseFileStore *self,
                              ValiseDbHealFunc func,
                              gpointer         user_data,
                              GDestroyNotify   destroy)
{
  g_return_if_fail (self->free_healer == NULL);

  self->healer = user_data;
  self->free_healer = destroy;
  valise_db_pool_set_healer (self->pool, func, user_data);
}

char *
valise_file_store_dup_folder (ValiseFileStore *self)
{
  return g_path_get_dirname (valise_db_pool_get_path (self->pool));
}

void
valise_file_store_watch (ValiseFileStore *self, ValiseFileFunc func, gpointer user_data)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->watch = func;
  self->watch_data = user_data;
}

void
valise_file_store_tell (ValiseFileStore *self, const char *sha256)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (self->watch != NULL)
    self->watch (sha256, self->watch_data);
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
  Arrival          arrival = { sha256, (gint64) g_bytes_get_size (bytes), -1, bytes };

  return run_arrival (self, &arrival, error) ? g_steal_pointer (&sha256) : NULL;
}

static gboolean
check_arrival (const Arrival *arrival, GError **error)
{
  if (!valise_id_is_sha256 (arrival->sha256))
    {
      g_set_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_DIGEST, "Not a SHA-256: %.80s",
                   arrival->sha256);
      return FALSE;
    }
  if (arrival->length < 0 || arrival->offset < 0)
    {
      g_set_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_RANGE,
                   "File %s: a length or offset below 0", arrival->sha256);
      return FALSE;
    }
  return TRUE;
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
  Arrival arrival = { sha256, length, offset, piece };

  return check_arrival (&arrival, error) && run_arrival (self, &arrival, error);
}

/**
 * valise_file_store_append_soon:
 *
 * As valise_file_store_append(), of whose arguments and failures it has the same; a power cut
 * may take the piece back, and never more than the pieces since the last durable one.
 */
gboolean
valise_file_store_append_soon (ValiseFileStore *self,
                               const char      *sha256,
                               gint64           length,
                               gint64           offset,
                               GBytes          *piece,
                               GError         **error)
{
  Arrival arrival = { sha256, length, offset, piece, .is_soon = TRUE };

  return check_arrival (&arrival, error) && run_arrival (self, &arrival, error);
}

static gboolean
restart (ValiseDb *db, gpointer user_data, GError **error)
{
  ValiseFileRow file = { 0 };

  return valise_file_row_find (db, user_data, &file, error)
         && (file.row == 0 || file.complete || valise_file_row_drop (db, file.row, error));
}

/**
 * valise_file_store_restart:
 *
 * What is complete stays. Fails with any #ValiseDbError.
 */
gboolean
valise_file_store_restart (ValiseFileStore *self, const char *sha256, GError **error)
{
  return valise_file_store_write (self, restart, (gpointer) sha256, error);
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
  ValiseFileRow      file = { 0 };

  if (db != NULL)
    {
      (void) valise_file_row_find (db, sha256, &file, &error);
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
