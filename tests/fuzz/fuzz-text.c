/* fuzz-text.c - any bytes as a file that is imported
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"
#include "valise-reader.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes)        bytes = g_bytes_new (data, size);
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseReading) reading = valise_reader_read (bytes, "any.txt", &error);

  g_assert_true ((reading != NULL) == (error == NULL));
  return 0;
}
