/* fuzz-range.c - any bytes as a Range header; the first two say how long the file is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "fuzz.h"
#include "valise-range.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  gint64           length = size >= 2 ? data[0] * (gint64) (1 + data[1]) : 0;
  g_autofree char *header = fuzz_dup_text (data + MIN (size, 2), size - MIN (size, 2));
  gint64           offset = -1, count = -1;
  ValiseRange      range = valise_range_parse (header, length, &offset, &count);

  switch (range)
    {
    case VALISE_RANGE_WHOLE:
      g_assert_cmpint (offset, ==, 0);
      g_assert_cmpint (count, ==, length);
      break;
    case VALISE_RANGE_PART:
      g_assert_cmpint (offset, >=, 0);
      g_assert_cmpint (count, >=, 1);
      g_assert_cmpint (count, <=, length - offset);
      break;
    case VALISE_RANGE_NONE:
      break;
    default:
      g_assert_not_reached ();
    }
  return 0;
}
