/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-bundle-part"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "valise-bundle-part.h"
#include "valise-digest.h"

#define TRAILER_ROOM 512 /* bytes that the trailer takes at most */

struct _ValiseBundlePart
{
  char               *path;
  char               *temporary; /* NULL: published */
  int                 fd;        /* -1: closed */
  ValiseBundleOpening opening;
  ValiseBundleCoder  *coder;
  GChecksum          *sum; /* of all bytes so far */
  guint64             bytes;
  guint64             frames;
  guint64             documents;
  guint64             pieces;
};

static gboolean
fail (ValiseBundlePart *self, GError **error, int code)
{
  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (code), "%s: %s", self->path,
               g_strerror (code));
  return FALSE;
}

static gboolean
append (ValiseBundlePart *self, gconstpointer data, gsize length, GError **error)
{
  const guint8 *at = data;
  gsize         left = length;

  while (left > 0)
    {
      gssize n = write (self->fd, at, left);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail (self, error, errno);
      at += n;
      left -= (gsize) n;
    }
  g_checksum_update (self->sum, data, (gssize) length);
  self->bytes += length;
  return TRUE;
}

static gboolean
append_frame (ValiseBundlePart *self, GBytes *frame, GError **error)
{
  gsize         length = 0;
  gconstpointer data = g_bytes_get_data (frame, &length);

  if (!append (self, data, length, error))
    return FALSE;
  self->frames++;
  return TRUE;
}

static gboolean
begin (ValiseBundlePart         *self,
       const ValiseBundleHeader *header,
       const ValiseBundleSecret *secret,
       GError                  **error)
{
  g_autofree char   *text = valise_bundle_header_to_text (header);
  g_autoptr (GBytes) frame = NULL;
  guint8             bytes[VALISE_BUNDLE_OPENING_SIZE];

  valise_bundle_opening_init (&self->opening, secret);
  self->coder = valise_bundle_coder_new_writing (&self->opening, secret, error);
  if (self->coder == NULL)
    return FALSE;
  self->fd = g_open (self->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (self->fd < 0)
    return fail (self, error, errno);

  valise_bundle_opening_pack (&self->opening, bytes);
  frame = valise_bundle_coder_pack (self->coder, 0, VALISE_BUNDLE_FRAME_HEADER, text, strlen (text),
                                    error);
  return frame != NULL && append (self, bytes, sizeof bytes, error)
         && append_frame (self, frame, error);
}

ValiseBundlePart *
valise_bundle_part_new (const char               *path,
                        const ValiseBundleHeader *header,
                        const ValiseBundleSecret *secret,
                        GError                  **error)
{
  g_autoptr (ValiseBundlePart) self = g_new0 (ValiseBundlePart, 1);
  g_autofree char             *folder = g_path_get_dirname (path);
  g_autofree char             *name = g_path_get_basename (path);
  g_autofree char             *aside = g_strdup_printf (".%s.part", name);

  self->fd = -1;
  self->path = g_strdup (path);
  self->temporary = g_build_filename (folder, aside, NULL);
  self->sum = g_checksum_new (G_CHECKSUM_SHA256);
  return begin (self, header, secret, error) ? g_steal_pointer (&self) : NULL;
}

void
valise_bundle_part_free (ValiseBundlePart *self)
{
  if (self->fd >= 0)
    close (self->fd);
  if (self->temporary != NULL)
    g_unlink (self->temporary);
  g_clear_pointer (&self->coder, valise_bundle_coder_free);
  g_checksum_free (self->sum);
  g_free (self->path);
  g_free (self->temporary);
  g_free (self);
}

gboolean
valise_bundle_part_write (ValiseBundlePart *self,
                          gconstpointer     block,
                          gsize             length,
                          guint             documents,
                          gint64            max_size,
                          gboolean         *fits,
                          GError          **error)
{
  ValiseBundleFrame kind =
      documents > 0 ? VALISE_BUNDLE_FRAME_DOCUMENTS : VALISE_BUNDLE_FRAME_PIECE;
  g_autoptr (GBytes) frame =
      valise_bundle_coder_pack (self->coder, self->frames, kind, block, length, error);

  if (frame == NULL)
    return FALSE;
  *fits =
      max_size == 0 || self->bytes + g_bytes_get_size (frame) + TRAILER_ROOM <= (guint64) max_size;
  if (!*fits)
    return TRUE;
  self->documents += documents;
  self->pieces += documents == 0;
  return append_frame (self, frame, error);
}

gboolean
valise_bundle_part_end (ValiseBundlePart *self, GError **error)
{
  g_autofree char *text = g_strdup_printf (
      "{\"documents\":%" G_GUINT64_FORMAT ",\"frames\":%" G_GUINT64_FORMAT ",\"digest\":\"%s\"}",
      self->documents, self->frames, g_checksum_get_string (self->sum));
  g_autoptr (GBytes) frame = valise_bundle_coder_pack (
      self->coder, self->frames, VALISE_BUNDLE_FRAME_TRAILER, text, strlen (text), error);
  gsize         length = 0;
  gconstpointer data = frame != NULL ? g_bytes_get_data (frame, &length) : NULL;
  int           fd = self->fd;

  g_checksum_reset (self->sum); /* what was asked is read: it takes no more */
  if (frame == NULL || !append (self, data, length, error))
    return FALSE;
  self->fd = -1;
  if (fsync (fd) != 0)
    {
      fail (self, error, errno);
      close (fd);
      return FALSE;
    }
  return close (fd) == 0 || fail (self, error, errno);
}

gboolean
valise_bundle_part_publish (ValiseBundlePart *self, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  int              fd = -1;

  if (g_rename (self->temporary, self->path) != 0)
    return fail (self, error, errno);
  g_clear_pointer (&self->temporary, g_free);
  /* A stick's file system may not sync folders: then the name is as durable as it makes it. */
  fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (fd >= 0)
    {
      if (fsync (fd) != 0)
        g_debug ("%s: %s", folder, g_strerror (errno));
      close (fd);
    }
  return TRUE;
}

guint64
valise_bundle_part_get_documents (ValiseBundlePart *self)
{
  return self->documents;
}

guint64
valise_bundle_part_get_pieces (ValiseBundlePart *self)
{
  return self->pieces;
}

guint64
valise_bundle_part_get_bytes (ValiseBundlePart *self)
{
  return self->bytes;
}

const char *
valise_bundle_part_get_path (ValiseBundlePart *self)
{
  return self->path;
}

char *
valise_bundle_part_dup_id (ValiseBundlePart *self)
{
  return valise_hex_encode (self->opening.id, sizeof self->opening.id);
}
