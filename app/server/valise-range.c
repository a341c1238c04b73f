/* valise-range.c - which bytes of a file are wanted (RFC 9110, 14)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-range"

#include "config.h"

#include <string.h>

#include "valise-range.h"

/* Digits only, up to the end of @text. */
static gboolean
parse_number (const char *text, gint64 *value)
{
  guint64 number = 0;

  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &number, NULL))
    return FALSE;
  *value = (gint64) number;
  return TRUE;
}

ValiseRange
valise_range_parse (const char *header, gint64 length, gint64 *offset, gint64 *count)
{
  g_autofree char *first = NULL;
  const char      *dash = NULL;
  gint64           start = 0;
  gint64           end = length - 1;

  *offset = 0;
  *count = length;
  if (header == NULL || !g_str_has_prefix (header, "bytes=") || strchr (header, ',') != NULL)
    return VALISE_RANGE_WHOLE;
  header += strlen ("bytes=");
  dash = strchr (header, '-');
  if (dash == NULL)
    return VALISE_RANGE_WHOLE;

  first = g_strndup (header, (gsize) (dash - header));
  if (*first == '\0')
    {
      gint64 last = 0;

      if (!parse_number (dash + 1, &last))
        return VALISE_RANGE_WHOLE;
      if (last == 0)
        return VALISE_RANGE_NONE;
      start = MAX (0, length - last);
    }
  else if (!parse_number (first, &start)
           || (dash[1] != '\0' && (!parse_number (dash + 1, &end) || end < start)))
    return VALISE_RANGE_WHOLE;

  if (start >= length)
    return VALISE_RANGE_NONE;
  *offset = start;
  *count = MIN (end, length - 1) - start + 1;
  return VALISE_RANGE_PART;
}
