/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-archive"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "valise-archive.h"
#include "valise-disk.h"
#include "valise-folder.h"
#include "valise-json.h"

#define HEADER "Valise backup 1\n"
#define BLOCK  (256 * 1024)

G_DEFINE_QUARK (valise_archive_error, valise_archive_error)

/**
 * ValiseArchive:
 *
 * Written to PATH.part; its name comes last, so that under PATH there is never half a file.
 */
struct _ValiseArchive
{
  char      *path;
  char      *part;
  int        file;
  GChecksum *digests;
  guint      parts;
};

gboolean
valise_archive_is_name (const char *name)
{
  g_auto (GStrv) words = g_strsplit (name, "/", 5);
  guint          n = g_strv_length (words);

  for (guint i = 0; i < n; i++)
    {
      gsize length = strlen (words[i]);

      if (length == 0 || length > 220 || words[i][0] == '.'
          || strspn (words[i], G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_$()+.-") != length)
        return FALSE;
    }
  return n >= 1 && n <= 3;
}

static gboolean
set_system_error (const char *path, GError **error)
{
  int reason = errno;

  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (reason), "%s: %s", path,
               g_strerror (reason));
  return FALSE;
}

static gboolean
write_all (ValiseArchive *self, const void *data, gsize length, GError **error)
{
  return valise_disk_write_all (self->file, data, length) || set_system_error (self->part, error);
}

ValiseArchive *
valise_archive_create (const char *path, GError **error)
{
  g_autoptr (ValiseArchive) self = g_new0 (ValiseArchive, 1);

  self->path = g_strdup (path);
  self->part = g_strconcat (path, ".part", NULL);
  self->digests = g_checksum_new (G_CHECKSUM_SHA256);
  self->file = g_open (self->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (self->file < 0)
    {
      set_system_error (self->part, error);
      g_clear_pointer (&self->part, g_free); /* it may be somebody else's */
      return NULL;
    }
  return write_all (self, HEADER, strlen (HEADER), error) ? g_steal_pointer (&self) : NULL;
}

static gboolean
begin_part (ValiseArchive *self, const char *name, gint64 length, GError **error)
{
  g_autofree char *head =
      g_strdup_printf ("{\"name\": \"%s\", \"length\": %" G_GINT64_FORMAT "}\n", name, length);

  g_return_val_if_fail (valise_archive_is_name (name), FALSE);

  self->parts++;
  return write_all (self, head, strlen (head), error);
}

static gboolean
end_part (ValiseArchive *self, const char *digest, GError **error)
{
  g_checksum_update (self->digests, (const guchar *) digest, (gssize) strlen (digest));
  return write_all (self, digest, strlen (digest), error) && write_all (self, "\n", 1, error);
}

gboolean
valise_archive_add_text (ValiseArchive *self, const char *name, const char *text, GError **error)
{
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  return begin_part (self, name, (gint64) strlen (text), error)
         && write_all (self, text, strlen (text), error) && end_part (self, digest, error);
}

/* Exactly @length bytes: a file that grows meanwhile is copied as it was. */
static gboolean
copy_bytes (ValiseArchive *self,
            int            source,
            const char    *path,
            gint64         length,
            GChecksum     *sum,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autofree guint8 *block = g_malloc (BLOCK);

  while (length > 0)
    {
      ssize_t got = read (source, block, (gsize) MIN (length, BLOCK));

      if (got < 0 && errno == EINTR)
        continue;
      if (got == 0)
        errno = EIO; /* it shrank */
      if (got <= 0)
        return set_system_error (path, error);
      if (g_cancellable_set_error_if_cancelled (cancellable, error)
          || !write_all (self, block, (gsize) got, error))
        return FALSE;
      g_checksum_update (sum, block, got);
      length -= got;
    }
  return TRUE;
}

gboolean
valise_archive_add_file (ValiseArchive *self,
                         const char    *name,
                         const char    *path,
                         GCancellable  *cancellable,
                         GError       **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  int                   source = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  GStatBuf              info = { 0 };
  gboolean              ok = FALSE;

  if (source < 0 || fstat (source, &info) != 0)
    set_system_error (path, error);
  else
    ok = begin_part (self, name, info.st_size, error)
         && copy_bytes (self, source, path, info.st_size, sum, cancellable, error)
         && end_part (self, g_checksum_get_string (sum), error);
  if (source >= 0)
    g_close (source, NULL);
  return ok;
}

gboolean
valise_archive_finish (ValiseArchive *self, GError **error)
{
  g_autofree char *end =
      g_strdup_printf ("{\"parts\": %u}\n%s\n", self->parts, g_checksum_get_string (self->digests));

  if (!write_all (self, end, strlen (end), error))
    return FALSE;
  if (fsync (self->file) != 0 || g_rename (self->part, self->path) != 0)
    return set_system_error (self->part, error);
  g_clear_pointer (&self->part, g_free);
  return valise_folder_flush_parent (self->path, error);
}

void
valise_archive_free (ValiseArchive *self)
{
  if (self == NULL)
    return;

  if (self->file >= 0)
    g_close (self->file, NULL);
  if (self->part != NULL)
    (void) g_unlink (self->part);
  g_free (self->part);
  g_free (self->path);
  g_checksum_free (self->digests);
  g_free (self);
}
