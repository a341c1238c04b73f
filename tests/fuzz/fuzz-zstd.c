/* fuzz-zstd.c - any bytes as a compressed answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What comes out is the same in whatever pieces it comes, and no step goes on for ever.
 */

#include <gio/gio.h>

#include "fuzz.h"
#include "valise-zstd-decoder.h"

#define MAX_OUT (1 << 20) /* bytes after which whoever reads has had enough */

static GByteArray *
decode (const guint8 *data, gsize size, gsize piece)
{
  g_autoptr (GConverter) decoder = valise_zstd_decoder_new ();
  GByteArray            *out = g_byte_array_new ();
  GConverterResult       result = G_CONVERTER_CONVERTED;
  guint8                 buffer[4096];

  for (gsize at = 0; result == G_CONVERTER_CONVERTED && out->len < MAX_OUT;)
    {
      gsize              given = MIN (piece, size - at), read = 0, written = 0;
      g_autofree guint8 *copy = g_memdup2 (data + at, given);
      GConverterFlags flags = at + given == size ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS;

      result = g_converter_convert (decoder, copy != NULL ? copy : buffer, given, buffer,
                                    sizeof buffer, flags, &read, &written, NULL);
      if (result == G_CONVERTER_ERROR)
        break;
      g_assert_cmpuint (read, <=, given);
      g_assert_cmpuint (written, <=, sizeof buffer);
      g_assert_true (read > 0 || written > 0 || result == G_CONVERTER_FINISHED);
      g_byte_array_append (out, buffer, (guint) written);
      at += read;
    }
  return out;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  gsize                  piece = size > 0 ? 1 + data[0] % 61 : 1;
  g_autoptr (GByteArray) whole = NULL, pieces = NULL;

  data += MIN (size, 1);
  size -= MIN (size, 1);
  whole = decode (data, size, MAX (size, 1));
  pieces = decode (data, size, piece);
  g_assert_cmpmem (whole->data, MIN (whole->len, pieces->len), pieces->data,
                   MIN (whole->len, pieces->len));
  return 0;
}
