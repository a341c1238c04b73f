/* valise-upload.c - the body of a request as it comes in, inflated and limited
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-upload"

#include "config.h"

#include "valise-gzip.h"
#include "valise-request.h"
#include "valise-upload.h"

struct _ValiseUpload
{
  GByteArray     *bytes;
  ValiseInflater *inflater; /* NULL: it comes as it is */
};

ValiseUpload *
valise_upload_new (gboolean gzip)
{
  ValiseUpload *self = g_new0 (ValiseUpload, 1);

  self->bytes = g_byte_array_new ();
  self->inflater = gzip ? valise_inflater_new () : NULL;

  return self;
}

void
valise_upload_free (ValiseUpload *self)
{
  if (self == NULL)
    return;

  g_byte_array_unref (self->bytes);
  g_clear_pointer (&self->inflater, valise_inflater_free);
  g_free (self);
}

static gboolean
inflate_more (ValiseUpload *self, const void *data, gsize length, gsize limit, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (valise_inflater_append (self->inflater, data, length, limit, self->bytes, &local))
    return TRUE;

  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    g_set_error (error, VALISE_HTTP_ERROR, 413, "The request entity inflates to too much.");
  else
    g_set_error (error, VALISE_HTTP_ERROR, 400, "The request entity is not gzip.");
  return FALSE;
}

static gboolean
append (ValiseUpload *self, const void *data, gsize length, gsize limit, GError **error)
{
  if (self->inflater != NULL)
    return inflate_more (self, data, length, limit, error);
  if (self->bytes->len + length > limit)
    {
      g_set_error (error, VALISE_HTTP_ERROR, 413, "The request entity is too large.");
      return FALSE;
    }

  g_byte_array_append (self->bytes, data, (guint) length);
  return TRUE;
}

gboolean
valise_upload_append (ValiseUpload *self,
                      const void   *data,
                      gsize         length,
                      gsize         limit,
                      GError      **error)
{
  if (append (self, data, length, limit, error))
    return TRUE;

  g_byte_array_unref (self->bytes);
  self->bytes = g_byte_array_new ();
  return FALSE;
}

gsize
valise_upload_get_held (ValiseUpload *self)
{
  return self->bytes->len;
}

GBytes *
valise_upload_finish (ValiseUpload *self, GError **error)
{
  GByteArray *bytes = self->bytes;

  if (self->inflater != NULL && !valise_inflater_is_complete (self->inflater))
    {
      g_set_error (error, VALISE_HTTP_ERROR, 400, "The request entity is cut short.");
      return NULL;
    }

  self->bytes = g_byte_array_new ();
  return g_byte_array_free_to_bytes (bytes);
}
