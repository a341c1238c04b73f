/* fuzz-akn.c - any bytes as a file of Akoma Ntoso
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"
#include "valise-akn-reader.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes)        bytes = g_bytes_new (data, size);
  g_autoptr (ValiseReading) reading = NULL;
  g_autoptr (GError)        error = NULL;

  if (!g_utf8_validate_len ((const char *) data, size, NULL))
    return 0;
  reading = valise_akn_reader_read (bytes, &error);
  g_assert_true ((reading != NULL) == (error == NULL));
  return 0;
}
