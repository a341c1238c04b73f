/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-journal"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "valise-disk.h"
#include "valise-folder.h"
#include "valise-journal-frame.h"
#include "valise-journal.h"

#define HEADER      "Valise edits 1\n"
#define HEADER_SIZE 15
#define TRIM_BYTES  16384 /* fewer freed are not worth rewriting the rest */

/**
 * ValiseJournal:
 *
 * The file, open for appending. Where a trim rewrites it, the new one takes its place under
 * the same name, flushed first, so that at every moment one of the two is whole.
 */
struct _ValiseJournal
{
  char *path;

  /* Under the mutex */
  GMutex mutex;
  int    file;
  gint64 size; /* bytes, header included */
};

static guint8 *
read_file (ValiseJournal *self, gsize *length, GError **error)
{
  g_autofree guint8 *data = g_malloc ((gsize) self->size + 1);
  gsize              have = 0;

  while (have < (gsize) self->size)
    {
      ssize_t more = pread (self->file, data + have, (gsize) self->size - have, (off_t) have);

      if (more < 0 && errno == EINTR)
        continue;
      if (more <= 0)
        {
          valise_disk_set_error (self->path, error);
          return NULL;
        }
      have += (gsize) more;
    }
  *length = have;
  return g_steal_pointer (&data);
}

/* --- opening ----------------------------------------------------------------------------- */

static gboolean
begin_file (ValiseJournal *self)
{
  self->size = HEADER_SIZE;
  return ftruncate (self->file, 0) == 0 && valise_disk_write_all (self->file, HEADER, HEADER_SIZE)
         && fdatasync (self->file) == 0 && valise_folder_flush_parent (self->path, NULL);
}

/* The end of the last whole frame: what a cut write left behind it goes. */
static gint64
find_end (const guint8 *data, gsize length)
{
  gsize end = HEADER_SIZE;

  for (gsize at = HEADER_SIZE; at < length;)
    {
      g_autofree char           *epoch = NULL;
      gsize                      used = 0;
      g_autoptr (ValiseDocument) document =
          valise_journal_frame_read (data + at, length - at, &used, &epoch);

      if (document != NULL)
        end = at += used;
      else
        at += 1 + valise_journal_frame_find (data + at + 1, length - at - 1);
    }
  return (gint64) end;
}

static gboolean
check_file (ValiseJournal *self, GError **error)
{
  gsize              length = 0;
  g_autofree guint8 *data = read_file (self, &length, error);
  gint64             end = 0;

  if (data == NULL)
    return FALSE;
  if (memcmp (data, HEADER, MIN (length, HEADER_SIZE)) != 0)
    {
      g_set_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_ENGINE, "%s is not a journal of edits",
                   self->path);
      return FALSE;
    }
  if (length < HEADER_SIZE)
    return begin_file (self) || valise_disk_set_error (self->path, error);

  end = find_end (data, length);
  if (end == self->size)
    return TRUE;
  g_info ("%s: %" G_GINT64_FORMAT " bytes of a cut write dropped", self->path, self->size - end);
  self->size = end;
  return ftruncate (self->file, end) == 0 || valise_disk_set_error (self->path, error);
}

/**
 * valise_journal_open:
 * @path: the file; one database's
 *
 * Reads it whole, and drops what a cut write left at its end. Fails with any
 * #ValiseJournalError.
 *
 * Returns: (transfer full): the journal; any thread
 */
ValiseJournal *
valise_journal_open (const char *path, GError **error)
{
  g_autoptr (ValiseJournal) self = g_new0 (ValiseJournal, 1);
  g_autofree char          *folder = g_path_get_dirname (path);
  GStatBuf                  info = { 0 };

  g_mutex_init (&self->mutex);
  self->path = g_strdup (path);
  self->file = g_mkdir_with_parents (folder, 0700) == 0
                   ? g_open (path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600)
                   : -1;
  if (self->file < 0 || fstat (self->file, &info) != 0)
    {
      valise_disk_set_error (path, error);
      return NULL;
    }
  self->size = info.st_size;
  if (self->size == 0 && !begin_file (self))
    {
      valise_disk_set_error (path, error);
      return NULL;
    }
  return check_file (self, error) ? g_steal_pointer (&self) : NULL;
}

void
valise_journal_free (ValiseJournal *self)
{
  if (self == NULL)
    return;

  if (self->file >= 0)
    g_close (self->file, NULL);
  g_mutex_clear (&self->mutex);
  g_free (self->path);
  g_free (self);
}

/* --- writing ----------------------------------------------------------------------------- */

/* What a failed write left goes; where it stays, the end is behind it, where the next edit will
 * be appended. With the lock held. */
static void
drop_tail (ValiseJournal *self)
{
  off_t end = 0;

  if (ftruncate (self->file, (off_t) self->size) == 0)
    return;
  g_info ("%s keeps an edit that failed: %s", self->path, g_strerror (errno));
  end = lseek (self->file, 0, SEEK_END);
  if (end > (off_t) self->size)
    self->size = end;
}

/**
 * valise_journal_append:
 *
 * One write and one flush for all of @edits. Any thread.
 *
 * Fails with %VALISE_DB_ERROR_FULL, %VALISE_DB_ERROR_READ_ONLY or
 * %VALISE_DB_ERROR_ENGINE; nothing of @edits is then kept.
 */
gboolean
valise_journal_append (ValiseJournal *self,
                       const char    *epoch,
                       GPtrArray     *edits,
                       gint64        *mark,
                       GError       **error)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  g_autoptr (GByteArray)          frames = g_byte_array_new ();

  for (guint i = 0; i < edits->len; i++)
    valise_journal_frame_append (frames, epoch, g_ptr_array_index (edits, i));

  *mark = self->size;
  if (valise_disk_write_all (self->file, frames->data, frames->len) && fdatasync (self->file) == 0)
    {
      self->size += frames->len;
      return TRUE;
    }

  valise_disk_set_error (self->path, error);
  drop_tail (self);
  return FALSE;
}

/**
 * valise_journal_undo:
 *
 * Where that fails the edit comes back with a replay, which harms nobody: its user wrote it,
 * and was only told that it might not have been kept.
 */
void
valise_journal_undo (ValiseJournal *self, gint64 mark)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  if (mark >= HEADER_SIZE && mark <= self->size && ftruncate (self->file, mark) == 0)
    self->size = mark;
  else
    g_info ("%s keeps an edit that failed", self->path);
}

/* --- reading ----------------------------------------------------------------------------- */

/* Calls @func for each frame; counts the places between them that are none. */
static guint
walk (const guint8 *data, gsize length, ValiseJournalFunc func, gpointer user_data)
{
  guint    damaged = 0;
  gboolean sound = TRUE;

  for (gsize at = HEADER_SIZE; at < length;)
    {
      g_autofree char           *epoch = NULL;
      gsize                      used = 0;
      g_autoptr (ValiseDocument) document =
          valise_journal_frame_read (data + at, length - at, &used, &epoch);

      if (document == NULL)
        {
          damaged += sound;
          sound = FALSE;
          at += 1 + valise_journal_frame_find (data + at + 1, length - at - 1);
          continue;
        }
      sound = TRUE;
      at += used;
      if (!func (epoch, document, user_data))
        break;
    }
  return damaged;
}

/**
 * valise_journal_read:
 *
 * Any thread; the journal is locked meanwhile. Fails with %VALISE_DB_ERROR_FULL,
 * %VALISE_DB_ERROR_READ_ONLY or %VALISE_DB_ERROR_ENGINE.
 */
gboolean
valise_journal_read (ValiseJournal    *self,
                     ValiseJournalFunc func,
                     gpointer          user_data,
                     guint            *damaged,
                     GError          **error)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  gsize                           length = 0;
  g_autofree guint8              *data = read_file (self, &length, error);
  guint                           places = 0;

  if (data == NULL)
    return FALSE;
  places = walk (data, length, func, user_data);
  if (damaged != NULL)
    *damaged = places;
  return TRUE;
}

/* --- trimming ---------------------------------------------------------------------------- */

typedef struct
{
  const char       *epoch;
  gint64            seq;
  gboolean          others;
  ValiseJournalFunc keep;
  gpointer          user_data;
  GByteArray       *left; /* header and frames that stay */
} Trim;

static gboolean
sift (const char *epoch, const ValiseDocument *document, gpointer user_data)
{
  Trim    *trim = user_data;
  gboolean same = g_str_equal (epoch, trim->epoch);
  gboolean goes = same ? document->seq <= trim->seq : trim->others;

  if (goes && trim->keep != NULL)
    goes = !trim->keep (epoch, document, trim->user_data);
  if (!goes)
    valise_journal_frame_append (trim->left, epoch, document);
  return TRUE;
}

/* Puts @bytes in the file's place. With the lock held. */
static gboolean
replace_file (ValiseJournal *self, GByteArray *bytes, GError **error)
{
  g_autofree char *path = g_strconcat (self->path, ".new", NULL);
  int              file = g_open (path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);

  if (file < 0)
    return valise_disk_set_error (path, error);
  if (!valise_disk_write_all (file, bytes->data, bytes->len) || fdatasync (file) != 0
      || g_rename (path, self->path) != 0)
    {
      valise_disk_set_error (path, error);
      g_close (file, NULL);
      g_unlink (path);
      return FALSE;
    }
  g_close (self->file, NULL);
  self->file = file;
  self->size = bytes->len;
  return valise_folder_flush_parent (self->path, NULL) || valise_disk_set_error (self->path, error);
}

/**
 * valise_journal_trim:
 * @epoch: of the database's file, as its uuid has it
 * @seq: the last sequence that is safe elsewhere
 *
 * Any thread. Fails with %VALISE_DB_ERROR_FULL, %VALISE_DB_ERROR_READ_ONLY or
 * %VALISE_DB_ERROR_ENGINE; then more is kept than need be.
 */
gboolean
valise_journal_trim (ValiseJournal    *self,
                     const char       *epoch,
                     gint64            seq,
                     gboolean          others,
                     ValiseJournalFunc keep,
                     gpointer          user_data,
                     GError          **error)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  g_autoptr (GByteArray)          left = g_byte_array_new ();
  Trim                            trim = { epoch, seq, others, keep, user_data, left };
  gsize                           length = 0;
  g_autofree guint8              *data = NULL;

  if (self->size == HEADER_SIZE)
    return TRUE;
  data = read_file (self, &length, error);
  if (data == NULL)
    return FALSE;

  g_byte_array_append (left, (const guint8 *) HEADER, HEADER_SIZE);
  (void) walk (data, length, sift, &trim);
  if (left->len == length || (left->len > HEADER_SIZE && length - left->len < TRIM_BYTES))
    return TRUE;
  return replace_file (self, left, error);
}

typedef struct
{
  const char *epoch;
  gint64      seq;
  GByteArray *bytes;
} Rebase;

static gboolean
rebase (const char *epoch, const ValiseDocument *document, gpointer user_data)
{
  Rebase        *job = user_data;
  ValiseDocument copy = *document; /* of names alone: what they name is lent */

  copy.seq = job->seq;
  valise_journal_frame_append (job->bytes, job->epoch, &copy);
  return TRUE;
}

/**
 * valise_journal_rebase:
 *
 * Any thread. Fails with %VALISE_DB_ERROR_FULL, %VALISE_DB_ERROR_READ_ONLY or
 * %VALISE_DB_ERROR_ENGINE; then the edits are replayed once more another time.
 */
gboolean
valise_journal_rebase (ValiseJournal *self, const char *epoch, gint64 seq, GError **error)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  g_autoptr (GByteArray)          bytes = g_byte_array_new ();
  Rebase                          job = { epoch, seq, bytes };
  gsize                           length = 0;
  g_autofree guint8              *data = read_file (self, &length, error);

  if (data == NULL)
    return FALSE;
  g_byte_array_append (bytes, (const guint8 *) HEADER, HEADER_SIZE);
  (void) walk (data, length, rebase, &job);
  return replace_file (self, bytes, error);
}

gint64
valise_journal_get_size (ValiseJournal *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  return self->size - HEADER_SIZE;
}
