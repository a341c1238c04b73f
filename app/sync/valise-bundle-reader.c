/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-bundle-reader"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "valise-bundle-reader.h"
#include "valise-digest.h"

/* A frame of documents, as it was found when the bundle was looked through. */
typedef struct
{
  guint64 offset; /* bytes from the file's start */
  guint64 number; /* of the frame */
  guint64 first;  /* of its section's documents */
  guint32 documents;
  guint8  section;
} Frame;

struct _ValiseBundleReader
{
  gatomicrefcount     refs;
  char               *path;
  int                 fd;
  guint64             size;
  gboolean            encrypted;
  char               *id;
  ValiseBundleCoder  *coder;
  ValiseBundleHeader *header;
  GArray             *frames; /* of Frame */
  guint64             counts[VALISE_BUNDLE_MAX_DATABASES];
};

/* The look through it, while it goes on. */
typedef struct
{
  ValiseBundleReader *reader;
  GChecksum          *sum; /* of all bytes before `offset` */
  guint64             offset;
  guint64             number;
  guint64             documents;
  guint64             inflated;
} Scan;

static gboolean
refuse (GError **error, ValiseBundleError code, const char *why)
{
  g_set_error_literal (error, VALISE_BUNDLE_ERROR, (int) code, why);
  return FALSE;
}

static gboolean
fail (const char *path, GError **error)
{
  int code = errno;

  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (code), "%s: %s", path,
               g_strerror (code));
  return FALSE;
}

/* All of @length bytes, or CUT. */
static gboolean
read_at (const char *path, int fd, guint64 offset, gpointer out, gsize length, GError **error)
{
  gsize done = 0;

  while (done < length)
    {
      gssize n = pread (fd, (guint8 *) out + done, length - done, (off_t) (offset + done));

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail (path, error);
      if (n == 0)
        return refuse (error, VALISE_BUNDLE_ERROR_CUT, "The bundle is cut short");
      done += (gsize) n;
    }
  return TRUE;
}

static int
open_file (const char *path, guint64 *size, GError **error)
{
  struct stat status;
  int         fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);

  if (fd < 0 || fstat (fd, &status) != 0)
    {
      fail (path, error);
      if (fd >= 0)
        close (fd);
      return -1;
    }
  if (!S_ISREG (status.st_mode))
    {
      refuse (error, VALISE_BUNDLE_ERROR_FOREIGN, "This is not a file");
      close (fd);
      return -1;
    }
  *size = (guint64) status.st_size;
  return fd;
}

static gboolean
read_opening (const char          *path,
              int                  fd,
              guint64              size,
              ValiseBundleOpening *opening,
              guint8               bytes[VALISE_BUNDLE_OPENING_SIZE],
              GError             **error)
{
  memset (bytes, 0, VALISE_BUNDLE_OPENING_SIZE);
  if (!read_at (path, fd, 0, bytes, (gsize) MIN (size, VALISE_BUNDLE_OPENING_SIZE), error))
    return FALSE;
  /* A short file that begins as one is a bundle cut short; any other is none. */
  if (size < VALISE_BUNDLE_OPENING_SIZE && bytes[0] == 0x89)
    return refuse (error, VALISE_BUNDLE_ERROR_CUT, "The bundle is cut short");
  return valise_bundle_opening_unpack (opening, bytes, error);
}

gboolean
valise_bundle_reader_peek (const char *path, ValiseBundleKey *key, GError **error)
{
  ValiseBundleOpening opening = { 0 };
  guint8              bytes[VALISE_BUNDLE_OPENING_SIZE];
  guint64             size = 0;
  int                 fd = open_file (path, &size, error);
  gboolean            ok = fd >= 0 && read_opening (path, fd, size, &opening, bytes, error);

  if (fd >= 0)
    close (fd);
  *key = opening.key;
  return ok;
}

/* --- frames ------------------------------------------------------------------------------- */

/* Frame @number at @offset. @kind, @length: (out): what it is, and its bytes, head and mark
 * included. @sum: (nullable): takes the bytes. */
static GBytes *
read_frame (ValiseBundleReader *self,
            guint64             offset,
            guint64             number,
            ValiseBundleFrame  *kind,
            gsize              *length,
            GChecksum          *sum,
            GError            **error)
{
  guint8             head[VALISE_BUNDLE_HEAD_SIZE];
  gsize              following = 0, inflated = 0;
  g_autofree guint8 *bytes = NULL;
  GBytes            *data = NULL;

  if (!read_at (self->path, self->fd, offset, head, sizeof head, error)
      || !valise_bundle_head_unpack (head, kind, &following, &inflated, error))
    return NULL;
  /* Before any memory is asked for. */
  if (offset + sizeof head + following > self->size)
    {
      refuse (error, VALISE_BUNDLE_ERROR_CUT, "The bundle is cut short");
      return NULL;
    }
  bytes = g_malloc (following);
  if (!read_at (self->path, self->fd, offset + sizeof head, bytes, following, error))
    return NULL;
  data = valise_bundle_coder_unpack (self->coder, number, head, bytes, following, error);
  if (data == NULL)
    return NULL;
  if (sum != NULL && *kind != VALISE_BUNDLE_FRAME_TRAILER)
    {
      g_checksum_update (sum, head, sizeof head);
      g_checksum_update (sum, bytes, (gssize) following);
    }
  *length = sizeof head + following;
  return data;
}

/* The document at *@at of @data, and *@at past it; NULL with DAMAGED. */
static ValiseDocument *
take_document (GBytes *data, gsize *at, GError **error)
{
  gsize                      size = 0;
  const guint8              *bytes = g_bytes_get_data (data, &size);
  guint32                    length = 0;
  g_autoptr (ValiseJson)     json = NULL;
  g_autoptr (ValiseDocument) document = NULL;
  g_autoptr (GBytes)         text = NULL;

  if (size - *at >= sizeof length)
    {
      memcpy (&length, bytes + *at, sizeof length);
      length = GUINT32_FROM_BE (length);
      *at += sizeof length;
    }
  if (length > 0 && length <= VALISE_BUNDLE_MAX_DOCUMENT && length <= size - *at)
    {
      text = g_bytes_new_from_bytes (data, *at, length);
      json = valise_json_scan (text, VALISE_JSON_ANY, NULL);
      *at += length;
    }
  if (json != NULL)
    document = valise_document_from_json (json, 0, NULL);
  if (document == NULL || document->id == NULL || document->rev == NULL || document->body == NULL
      || document->id[0] == '_')
    {
      refuse (error, VALISE_BUNDLE_ERROR_DAMAGED, "The bundle holds something that is no document");
      return NULL;
    }
  return g_steal_pointer (&document);
}

/* --- looking through ------------------------------------------------------------------------ */

static gboolean
check_limits (Scan *scan, gsize inflated, GError **error)
{
  scan->inflated += inflated;
  if (scan->inflated <= VALISE_BUNDLE_MAX_INFLATED && scan->number < VALISE_BUNDLE_MAX_FRAMES
      && scan->documents <= VALISE_BUNDLE_MAX_DOCUMENTS)
    return TRUE;
  return refuse (error, VALISE_BUNDLE_ERROR_TOO_LARGE, "The bundle holds more than is read");
}

static gboolean
scan_documents (Scan *scan, GBytes *data, GError **error)
{
  ValiseBundleReader *self = scan->reader;
  const guint8       *bytes = g_bytes_get_data (data, NULL);
  Frame               frame = { scan->offset, scan->number, 0, 0, bytes[0] };
  gsize               at = 1;

  if (frame.section >= self->header->sections->len)
    return refuse (error, VALISE_BUNDLE_ERROR_DAMAGED,
                   "The bundle holds documents of a database that it does not name");
  while (at < g_bytes_get_size (data))
    {
      g_autoptr (ValiseDocument) document = take_document (data, &at, error);

      if (document == NULL)
        return FALSE;
      frame.documents++;
    }
  frame.first = self->counts[frame.section];
  self->counts[frame.section] += frame.documents;
  scan->documents += frame.documents;
  g_array_append_val (self->frames, frame);
  return TRUE;
}

static gboolean
scan_trailer (Scan *scan, GBytes *data, gsize length, GError **error)
{
  g_autoptr (ValiseJson) json = valise_json_scan (data, VALISE_JSON_INTEGERS, NULL);
  g_autofree char       *digest = json != NULL ? valise_json_dup_member (json, 0, "digest") : NULL;

  if (json == NULL
      || valise_json_get_member_int (json, 0, "documents", -1) != (gint64) scan->documents
      || valise_json_get_member_int (json, 0, "frames", -1) != (gint64) scan->number
      || g_strcmp0 (digest, g_checksum_get_string (scan->sum)) != 0)
    return refuse (error, VALISE_BUNDLE_ERROR_DAMAGED,
                   "The bundle does not add up to what its end says");
  if (scan->offset + length != scan->reader->size)
    return refuse (error, VALISE_BUNDLE_ERROR_CUT, "Something follows the end of the bundle");
  return TRUE;
}

/* One frame; @more: (out): whether others follow. */
static gboolean
scan_frame (Scan *scan, gboolean *more, GError **error)
{
  ValiseBundleReader *self = scan->reader;
  ValiseBundleFrame   kind = 0;
  gsize               length = 0;
  g_autoptr (GBytes)  data =
      read_frame (self, scan->offset, scan->number, &kind, &length, scan->sum, error);

  *more = kind != VALISE_BUNDLE_FRAME_TRAILER;
  if (data == NULL || !check_limits (scan, g_bytes_get_size (data), error))
    return FALSE;
  if ((kind == VALISE_BUNDLE_FRAME_HEADER) != (scan->number == 0))
    return refuse (error, VALISE_BUNDLE_ERROR_DAMAGED, "The bundle's frames are out of order");
  if (!*more)
    return scan_trailer (scan, data, length, error);
  if (kind == VALISE_BUNDLE_FRAME_HEADER)
    {
      self->header = valise_bundle_header_parse (data, error);
      if (self->header == NULL)
        return FALSE;
    }
  else if (!scan_documents (scan, data, error))
    return FALSE;
  scan->offset += length;
  scan->number++;
  return TRUE;
}

static gboolean
look_through (ValiseBundleReader *self,
              const guint8        opening[VALISE_BUNDLE_OPENING_SIZE],
              GCancellable       *cancellable,
              GError            **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  Scan                  scan = { self, sum, VALISE_BUNDLE_OPENING_SIZE, 0, 0, 0 };
  gboolean              more = TRUE;

  g_checksum_update (sum, opening, VALISE_BUNDLE_OPENING_SIZE);
  while (more)
    if (g_cancellable_set_error_if_cancelled (cancellable, error)
        || !scan_frame (&scan, &more, error))
      return FALSE;
  return TRUE;
}

ValiseBundleReader *
valise_bundle_reader_open (const char               *path,
                           const ValiseBundleSecret *secret,
                           GCancellable             *cancellable,
                           GError                  **error)
{
  g_autoptr (ValiseBundleReader) self = NULL;
  ValiseBundleOpening            opening = { 0 };
  guint8                         bytes[VALISE_BUNDLE_OPENING_SIZE];

  g_return_val_if_fail (path != NULL && secret != NULL, NULL);

  self = g_new0 (ValiseBundleReader, 1);
  g_atomic_ref_count_init (&self->refs);
  self->path = g_strdup (path);
  self->frames = g_array_new (FALSE, FALSE, sizeof (Frame));
  self->fd = open_file (path, &self->size, error);
  if (self->fd < 0 || !read_opening (path, self->fd, self->size, &opening, bytes, error))
    return NULL;
  self->encrypted = opening.key != VALISE_BUNDLE_KEY_NONE;
  self->id = valise_hex_encode (opening.id, sizeof opening.id);
  self->coder = valise_bundle_coder_new_reading (&opening, secret, error);
  if (self->coder == NULL || !look_through (self, bytes, cancellable, error))
    return NULL;
  return g_steal_pointer (&self);
}

ValiseBundleReader *
valise_bundle_reader_ref (ValiseBundleReader *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
valise_bundle_reader_unref (ValiseBundleReader *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  if (self->fd >= 0)
    close (self->fd);
  g_clear_pointer (&self->coder, valise_bundle_coder_free);
  g_clear_pointer (&self->header, valise_bundle_header_free);
  g_array_unref (self->frames);
  g_free (self->path);
  g_free (self->id);
  g_free (self);
}

/* --- reading ------------------------------------------------------------------------------ */

const ValiseBundleHeader *
valise_bundle_reader_get_header (ValiseBundleReader *self)
{
  return self->header;
}

const char *
valise_bundle_reader_get_id (ValiseBundleReader *self)
{
  return self->id;
}

guint64
valise_bundle_reader_get_bytes (ValiseBundleReader *self)
{
  return self->size;
}

gboolean
valise_bundle_reader_is_encrypted (ValiseBundleReader *self)
{
  return self->encrypted;
}

guint64
valise_bundle_reader_count (ValiseBundleReader *self, guint section)
{
  g_return_val_if_fail (section < self->header->sections->len, 0);

  return self->counts[section];
}

/* The documents of @frame from the @start-th of its section; @more: (out): what @func said. */
static gboolean
give_frame (ValiseBundleReader  *self,
            const Frame         *frame,
            guint64              start,
            ValiseBundleReadFunc func,
            gpointer             user_data,
            gboolean            *more,
            GError             **error)
{
  ValiseBundleFrame  kind = 0;
  gsize              length = 0, at = 1;
  g_autoptr (GBytes) data =
      read_frame (self, frame->offset, frame->number, &kind, &length, NULL, error);

  if (data == NULL)
    return FALSE;
  for (guint64 i = frame->first; *more && i < frame->first + frame->documents; i++)
    {
      g_autoptr (ValiseDocument) document = take_document (data, &at, error);

      if (document == NULL)
        return FALSE;
      if (i >= start)
        *more = func (document, user_data);
    }
  return TRUE;
}

gboolean
valise_bundle_reader_read (ValiseBundleReader  *self,
                           guint                section,
                           guint64              start,
                           ValiseBundleReadFunc func,
                           gpointer             user_data,
                           GCancellable        *cancellable,
                           GError             **error)
{
  gboolean more = TRUE;

  for (guint i = 0; more && i < self->frames->len; i++)
    {
      const Frame *frame = &g_array_index (self->frames, Frame, i);

      if (frame->section != section || frame->first + frame->documents <= start)
        continue;
      if (g_cancellable_set_error_if_cancelled (cancellable, error)
          || !give_frame (self, frame, start, func, user_data, &more, error))
        return FALSE;
    }
  return TRUE;
}
