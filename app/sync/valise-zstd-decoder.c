/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-zstd-decoder"

#include "config.h"

#include <zstd.h>

#include "valise-zstd-decoder.h"

#define WINDOW_LOG_MAX 23 /* 8 MiB */

struct _ValiseZstdDecoder
{
  GObject parent_instance;

  ZSTD_DCtx *context;
  GBytes    *dictionary; /* or NULL */
  gboolean   between;    /* frames: here the stream may end, or go on with another */
};

static void valise_zstd_decoder_init_converter (GConverterIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ValiseZstdDecoder,
                               valise_zstd_decoder,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_CONVERTER,
                                                      valise_zstd_decoder_init_converter))

static GConverterResult
convert (GConverter     *converter,
         const void     *in_data,
         gsize           in_length,
         void           *out_data,
         gsize           out_length,
         GConverterFlags flags,
         gsize          *bytes_read,
         gsize          *bytes_written,
         GError        **error)
{
  ValiseZstdDecoder *self = VALISE_ZSTD_DECODER (converter);
  ZSTD_inBuffer      in = { in_data, in_length, 0 };
  ZSTD_outBuffer     out = { out_data, out_length, 0 };
  gsize              left = 0;

  if (self->between && in_length == 0 && (flags & G_CONVERTER_INPUT_AT_END) != 0)
    {
      *bytes_read = *bytes_written = 0;
      return G_CONVERTER_FINISHED;
    }
  left = ZSTD_decompressStream (self->context, &out, &in);
  if (ZSTD_isError (left))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "Not a Zstandard stream: %s",
                   ZSTD_getErrorName (left));
      return G_CONVERTER_ERROR;
    }
  *bytes_read = in.pos;
  *bytes_written = out.pos;
  if (in.pos > 0 || out.pos > 0)
    self->between = left == 0;
  if (self->between && in.pos == in_length && (flags & G_CONVERTER_INPUT_AT_END) != 0)
    return G_CONVERTER_FINISHED;
  if (in.pos > 0 || out.pos > 0)
    return G_CONVERTER_CONVERTED;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                       "The Zstandard stream was cut short");
  return G_CONVERTER_ERROR;
}

static void
reset (GConverter *converter)
{
  ZSTD_DCtx_reset (VALISE_ZSTD_DECODER (converter)->context, ZSTD_reset_session_only);
  VALISE_ZSTD_DECODER (converter)->between = FALSE;
}

static void
valise_zstd_decoder_init_converter (GConverterIface *iface)
{
  iface->convert = convert;
  iface->reset = reset;
}

static void
valise_zstd_decoder_finalize (GObject *object)
{
  ZSTD_freeDCtx (VALISE_ZSTD_DECODER (object)->context);
  g_clear_pointer (&VALISE_ZSTD_DECODER (object)->dictionary, g_bytes_unref);

  G_OBJECT_CLASS (valise_zstd_decoder_parent_class)->finalize (object);
}

static void
valise_zstd_decoder_class_init (ValiseZstdDecoderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_zstd_decoder_finalize;
}

static void
valise_zstd_decoder_init (ValiseZstdDecoder *self)
{
  self->context = ZSTD_createDCtx ();
  g_assert (self->context != NULL);
  ZSTD_DCtx_setParameter (self->context, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
}

GConverter *
valise_zstd_decoder_new (void)
{
  return g_object_new (VALISE_TYPE_ZSTD_DECODER, NULL);
}

void
valise_zstd_decoder_set_dictionary (ValiseZstdDecoder *self, GBytes *dictionary)
{
  gsize         length = 0;
  gconstpointer data = g_bytes_get_data (dictionary, &length);

  g_return_if_fail (self->dictionary == NULL);

  self->dictionary = g_bytes_ref (dictionary);
  ZSTD_DCtx_refPrefix (self->context, data, length);
}
