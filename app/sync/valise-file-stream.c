/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-file-stream"

#include "config.h"

#include <string.h>

#include "valise-file-stream.h"

struct _ValiseFileStream
{
  GInputStream parent_instance;

  ValiseFileStore *files;
  char            *sha256;
  gint64           length;
  gint64           offset; /* of the file, of what is read next */
  GString         *text;   /* ahead of the file or, once it is read, behind it */
  char            *after;
};

G_DEFINE_FINAL_TYPE (ValiseFileStream, valise_file_stream, G_TYPE_INPUT_STREAM)

static gssize
read_text (ValiseFileStream *self, void *buffer, gsize count)
{
  gsize n = MIN (count, self->text->len);

  memcpy (buffer, self->text->str, n);
  g_string_erase (self->text, 0, (gssize) n);
  return (gssize) n;
}

static gssize
read_file (ValiseFileStream *self, void *buffer, gsize count, GError **error)
{
  gint64             n = MIN ((gint64) MIN (count, VALISE_FILE_CHUNK), self->length - self->offset);
  g_autoptr (GBytes) bytes =
      valise_file_store_read (self->files, self->sha256, self->offset, n, error);

  if (bytes == NULL)
    return -1;
  memcpy (buffer, g_bytes_get_data (bytes, NULL), (gsize) n);
  self->offset += n;
  if (self->offset == self->length)
    g_string_assign (self->text, self->after);
  return (gssize) n;
}

static gssize
read_fn (GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  ValiseFileStream *self = VALISE_FILE_STREAM (stream);

  if (self->text->len > 0)
    return read_text (self, buffer, count);
  return self->offset < self->length ? read_file (self, buffer, count, error) : 0;
}

static void
valise_file_stream_finalize (GObject *object)
{
  ValiseFileStream *self = VALISE_FILE_STREAM (object);

  g_clear_object (&self->files);
  g_string_free (self->text, TRUE);
  g_free (self->sha256);
  g_free (self->after);

  G_OBJECT_CLASS (valise_file_stream_parent_class)->finalize (object);
}

static void
valise_file_stream_class_init (ValiseFileStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_file_stream_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = read_fn;
}

static void
valise_file_stream_init (ValiseFileStream *self)
{
}

GInputStream *
valise_file_stream_new (ValiseFileStore *files,
                        const char      *sha256,
                        gint64           length,
                        const char      *before,
                        const char      *after)
{
  ValiseFileStream *self = g_object_new (VALISE_TYPE_FILE_STREAM, NULL);

  self->files = g_object_ref (files);
  self->sha256 = g_strdup (sha256);
  self->length = length;
  self->text = g_string_new (before);
  self->after = g_strdup (after);
  if (length == 0)
    g_string_append (self->text, after);
  return G_INPUT_STREAM (self);
}
