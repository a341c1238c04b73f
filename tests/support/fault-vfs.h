/* fault-vfs.h - a disk under SQLite that loses power, fails, and fills up, when it is told to
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A layer over SQLite's own, for databases, logs and journals. It writes through, and knows
 * beside it what a disk without power would have: what was flushed, and of what was not, any
 * part. At each flush it can leave pictures of such disks in folders, to be looked at later.
 * One thread at a time.
 */

#pragma once

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#define FAULT_SECTOR 512

typedef enum
{
  FAULT_DROP,    /* nothing of what was not flushed came to the disk */
  FAULT_REORDER, /* some writes did, whole, whatever their order was */
  FAULT_TEAR,    /* some sectors of some writes did */
  FAULT_N_MODES,
} FaultMode;

typedef struct
{
  gint64  offset;
  GBytes *bytes; /* NULL: the file was cut to offset */
} FaultWrite;

/* What is known of one path. */
typedef struct
{
  GByteArray *flushed;
  GPtrArray  *pending; /* of FaultWrite */
} FaultDisk;

typedef struct
{
  sqlite3_file  base;
  FaultDisk    *disk;
  sqlite3_file *real; /* follows in memory */
} FaultFile;

static struct
{
  sqlite3_vfs  vfs;
  sqlite3_vfs *real;
  GHashTable  *disks; /* path → FaultDisk */

  /* Pictures */
  const char *pictures; /* folder they go to; NULL: none are made */
  guint       n_pictures;
  guint32     seed;
  void (*taken) (const char *folder, gpointer user_data); /* of each */
  gpointer user_data;

  /* Failures: the nth call, and with forever all after it. */
  guint    calls;
  guint    fail_at; /* 0: never */
  gboolean forever;
  int      code; /* of a write; a read fails as reads do */
  guint    failed;
} fault;

/* --- disks without power ----------------------------------------------------------------- */

static void
fault_write_free (gpointer data)
{
  FaultWrite *write = data;

  g_clear_pointer (&write->bytes, g_bytes_unref);
  g_free (write);
}

static void
fault_disk_free (gpointer data)
{
  FaultDisk *disk = data;

  g_byte_array_unref (disk->flushed);
  g_ptr_array_unref (disk->pending);
  g_free (disk);
}

static FaultDisk *
fault_get_disk (const char *path)
{
  FaultDisk *disk = g_hash_table_lookup (fault.disks, path);

  if (disk == NULL)
    {
      g_autofree char *data = NULL;
      gsize            length = 0;

      disk = g_new0 (FaultDisk, 1);
      disk->flushed = g_byte_array_new ();
      disk->pending = g_ptr_array_new_with_free_func (fault_write_free);
      if (g_file_get_contents (path, &data, &length, NULL))
        g_byte_array_append (disk->flushed, (const guint8 *) data, (guint) length);
      g_hash_table_insert (fault.disks, g_strdup (path), disk);
    }
  return disk;
}

static void
fault_apply (GByteArray *image, gint64 offset, const guint8 *data, gsize length)
{
  gsize end = (gsize) offset + length;

  if (image->len < end)
    {
      guint before = image->len;

      g_byte_array_set_size (image, (guint) end);
      memset (image->data + before, 0, end - before);
    }
  memcpy (image->data + offset, data, length);
}

static void
fault_apply_write (GByteArray *image, const FaultWrite *write, FaultMode mode, GRand *rand)
{
  gsize         length = 0;
  const guint8 *data = write->bytes != NULL ? g_bytes_get_data (write->bytes, &length) : NULL;

  if (mode == FAULT_DROP || g_rand_boolean (rand))
    return;
  if (data == NULL)
    {
      if (image->len > write->offset)
        g_byte_array_set_size (image, (guint) write->offset);
      return;
    }
  for (gsize at = 0; at < length; at += FAULT_SECTOR)
    if (mode != FAULT_TEAR || g_rand_boolean (rand))
      fault_apply (image, write->offset + (gint64) at, data + at, MIN (FAULT_SECTOR, length - at));
}

static void
fault_take_picture (FaultMode mode)
{
  g_autofree char  *name = g_strdup_printf ("%05u", fault.n_pictures++);
  g_autofree char  *folder = g_build_filename (fault.pictures, name, NULL);
  g_autoptr (GRand) rand = g_rand_new_with_seed (fault.seed++);
  GHashTableIter    iter;
  char             *path = NULL;
  FaultDisk        *disk = NULL;

  g_assert_no_errno (g_mkdir (folder, 0700));
  g_hash_table_iter_init (&iter, fault.disks);
  while (g_hash_table_iter_next (&iter, (gpointer *) &path, (gpointer *) &disk))
    {
      g_autoptr (GByteArray) image = g_byte_array_new ();
      g_autofree char       *base = g_path_get_basename (path);
      g_autofree char       *to = g_build_filename (folder, base, NULL);

      g_byte_array_append (image, disk->flushed->data, disk->flushed->len);
      for (guint i = 0; i < disk->pending->len; i++)
        fault_apply_write (image, g_ptr_array_index (disk->pending, i), mode, rand);
      g_assert_true (g_file_set_contents_full (to, (const char *) image->data, image->len,
                                               G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    }
  fault.taken (folder, fault.user_data);
}

static void
fault_note (FaultDisk *disk, gint64 offset, const void *data, int length)
{
  FaultWrite *write = NULL;

  if (disk == NULL || fault.pictures == NULL)
    return;
  write = g_new0 (FaultWrite, 1);
  write->offset = offset;
  write->bytes = data != NULL ? g_bytes_new (data, (gsize) length) : NULL;
  g_ptr_array_add (disk->pending, write);
}

static void
fault_flush (FaultDisk *disk)
{
  if (disk == NULL || fault.pictures == NULL)
    return;
  for (int mode = 0; mode < FAULT_N_MODES; mode++)
    fault_take_picture ((FaultMode) mode);
  for (guint i = 0; i < disk->pending->len; i++)
    {
      const FaultWrite *write = g_ptr_array_index (disk->pending, i);
      gsize             length = 0;

      if (write->bytes != NULL)
        {
          const guint8 *data = g_bytes_get_data (write->bytes, &length);

          fault_apply (disk->flushed, write->offset, data, length);
        }
      else if (disk->flushed->len > write->offset)
        g_byte_array_set_size (disk->flushed, (guint) write->offset);
    }
  g_ptr_array_set_size (disk->pending, 0);
}

/* --- failures ---------------------------------------------------------------------------- */

static gboolean
fault_strikes (void)
{
  fault.calls++;
  if (fault.fail_at == 0 || fault.calls < fault.fail_at
      || (fault.calls > fault.fail_at && !fault.forever))
    return FALSE;
  fault.failed++;
  return TRUE;
}

/* Fails the call number @nth from now on, with @code; 0: no more. */
static G_GNUC_UNUSED void
fault_arm (guint nth, gboolean forever, int code)
{
  fault.calls = fault.failed = 0;
  fault.fail_at = nth;
  fault.forever = forever;
  fault.code = code;
}

/* --- SQLite's interface ------------------------------------------------------------------ */

static sqlite3_file *
fault_real (sqlite3_file *file)
{
  return ((FaultFile *) file)->real;
}

static int
fault_close (sqlite3_file *file)
{
  return fault_real (file)->pMethods->xClose (fault_real (file));
}

static int
fault_read (sqlite3_file *file, void *data, int length, sqlite3_int64 offset)
{
  if (fault_strikes ())
    return SQLITE_IOERR_READ;
  return fault_real (file)->pMethods->xRead (fault_real (file), data, length, offset);
}

/* A failing write leaves half of what it was to write, as a full disk does. */
static int
fault_write (sqlite3_file *file, const void *data, int length, sqlite3_int64 offset)
{
  sqlite3_file *real = fault_real (file);
  int           result = SQLITE_OK;

  if (fault_strikes ())
    {
      (void) real->pMethods->xWrite (real, data, length / 2, offset);
      return fault.code;
    }
  result = real->pMethods->xWrite (real, data, length, offset);
  if (result == SQLITE_OK)
    fault_note (((FaultFile *) file)->disk, offset, data, length);
  return result;
}

static int
fault_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  if (fault_strikes ())
    return SQLITE_IOERR_TRUNCATE;
  fault_note (((FaultFile *) file)->disk, size, NULL, 0);
  return fault_real (file)->pMethods->xTruncate (fault_real (file), size);
}

static int
fault_sync (sqlite3_file *file, int flags)
{
  if (fault_strikes ())
    return SQLITE_IOERR_FSYNC;
  fault_flush (((FaultFile *) file)->disk);
  return SQLITE_OK; /* the real disk keeps its power; what counts is in the pictures */
}

static int
fault_file_size (sqlite3_file *file, sqlite3_int64 *size)
{
  if (fault_strikes ())
    return SQLITE_IOERR_FSTAT;
  return fault_real (file)->pMethods->xFileSize (fault_real (file), size);
}

static int
fault_lock (sqlite3_file *file, int lock)
{
  return fault_real (file)->pMethods->xLock (fault_real (file), lock);
}

static int
fault_unlock (sqlite3_file *file, int lock)
{
  return fault_real (file)->pMethods->xUnlock (fault_real (file), lock);
}

static int
fault_check_reserved (sqlite3_file *file, int *out)
{
  return fault_real (file)->pMethods->xCheckReservedLock (fault_real (file), out);
}

static int
fault_control (sqlite3_file *file, int op, void *argument)
{
  return fault_real (file)->pMethods->xFileControl (fault_real (file), op, argument);
}

static int
fault_sector_size (sqlite3_file *file)
{
  return FAULT_SECTOR;
}

/* Promises nothing: not that a crash leaves neighbours alone, not that appends are safe. */
static int
fault_characteristics (sqlite3_file *file)
{
  return 0;
}

static int
fault_shm_map (sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
  if (fault_strikes ())
    return SQLITE_IOERR_SHMMAP;
  return fault_real (file)->pMethods->xShmMap (fault_real (file), page, size, extend, out);
}

static int
fault_shm_lock (sqlite3_file *file, int offset, int n, int flags)
{
  return fault_real (file)->pMethods->xShmLock (fault_real (file), offset, n, flags);
}

static void
fault_shm_barrier (sqlite3_file *file)
{
  fault_real (file)->pMethods->xShmBarrier (fault_real (file));
}

static int
fault_shm_unmap (sqlite3_file *file, int remove)
{
  return fault_real (file)->pMethods->xShmUnmap (fault_real (file), remove);
}

static const sqlite3_io_methods fault_methods = {
  2,
  fault_close,
  fault_read,
  fault_write,
  fault_truncate,
  fault_sync,
  fault_file_size,
  fault_lock,
  fault_unlock,
  fault_check_reserved,
  fault_control,
  fault_sector_size,
  fault_characteristics,
  fault_shm_map,
  fault_shm_lock,
  fault_shm_barrier,
  fault_shm_unmap,
  NULL,
  NULL,
};

static int
fault_open (sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out)
{
  FaultFile *self = (FaultFile *) file;
  int        result = SQLITE_OK;

  self->real = (sqlite3_file *) (self + 1);
  self->disk = NULL;
  if (fault_strikes ())
    {
      file->pMethods = NULL;
      return SQLITE_CANTOPEN;
    }
  result = fault.real->xOpen (fault.real, path, self->real, flags, out);
  file->pMethods = self->real->pMethods != NULL ? &fault_methods : NULL;
  if (result == SQLITE_OK && path != NULL
      && (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL))
      && fault.pictures != NULL)
    self->disk = fault_get_disk (path);
  return result;
}

/* A name that goes is gone: file systems order that after what was flushed before. */
static int
fault_delete (sqlite3_vfs *vfs, const char *path, int flush)
{
  if (fault_strikes ())
    return SQLITE_IOERR_DELETE;
  if (fault.pictures != NULL)
    g_hash_table_remove (fault.disks, path);
  return fault.real->xDelete (fault.real, path, 0);
}

static int
fault_access (sqlite3_vfs *vfs, const char *path, int flags, int *out)
{
  if (fault_strikes ())
    return SQLITE_IOERR_ACCESS;
  return fault.real->xAccess (fault.real, path, flags, out);
}

/* Makes it the disk of every database opened from now on. */
static G_GNUC_UNUSED void
fault_install (void)
{
  fault.real = sqlite3_vfs_find (NULL);
  fault.vfs = *fault.real;
  fault.vfs.zName = "fault";
  fault.vfs.szOsFile = (int) sizeof (FaultFile) + fault.real->szOsFile;
  fault.vfs.xOpen = fault_open;
  fault.vfs.xDelete = fault_delete;
  fault.vfs.xAccess = fault_access;
  fault.disks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, fault_disk_free);
  g_assert_cmpint (sqlite3_vfs_register (&fault.vfs, 1), ==, SQLITE_OK);
}

/* From now on, at each flush, a picture of each mode in a new folder of @pictures. */
static G_GNUC_UNUSED void
fault_begin_pictures (const char *pictures,
                      guint32     seed,
                      void (*taken) (const char *, gpointer),
                      gpointer user_data)
{
  g_hash_table_remove_all (fault.disks);
  fault.pictures = pictures;
  fault.n_pictures = 0;
  fault.seed = seed;
  fault.taken = taken;
  fault.user_data = user_data;
}

static G_GNUC_UNUSED void
fault_end_pictures (void)
{
  fault.pictures = NULL;
  g_hash_table_remove_all (fault.disks);
}
