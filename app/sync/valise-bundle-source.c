/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-bundle-source"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "valise-bundle-reader-parts.h"

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
valise_bundle_source_open (ValiseBundleSource  *self,
                           const char          *path,
                           ValiseBundleOpening *opening,
                           guint8               bytes[VALISE_BUNDLE_OPENING_SIZE],
                           GError             **error)
{
  self->path = g_strdup (path);
  self->fd = open_file (path, &self->size, error);
  return self->fd >= 0 && read_opening (path, self->fd, self->size, opening, bytes, error);
}

void
valise_bundle_source_close (ValiseBundleSource *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
  g_clear_pointer (&self->coder, valise_bundle_coder_free);
  g_clear_pointer (&self->path, g_free);
}

GBytes *
valise_bundle_source_read (const ValiseBundleSource *self,
                           guint64                   offset,
                           guint64                   number,
                           ValiseBundleFrame        *kind,
                           gsize                    *length,
                           GChecksum                *sum,
                           GError                  **error)
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
