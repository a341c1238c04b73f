/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-stream-place"

#include "config.h"

#include <string.h>

#include "valise-foremost.h"
#include "valise-stream-place.h"

#define N_SHORT 3
#define N_LONG  5

static gboolean
parse_number (const char *text, gint64 *number)
{
  return g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, number, NULL);
}

gboolean
valise_stream_place_parse (const char *text, ValiseStreamPlace *place)
{
  const char    *start = text != NULL ? strchr (text, '.') : NULL;
  g_auto (GStrv) parts = start != NULL ? g_strsplit (start + 1, ".", N_LONG + 1) : NULL;
  guint          n = parts != NULL ? g_strv_length (parts) : 0;
  gint64         rank = 0;

  *place = (ValiseStreamPlace){ 0 };
  if ((n != N_SHORT && n != N_LONG) || !valise_foremost_is_day (parts[1])
      || !parse_number (parts[0], &place->until))
    return FALSE;
  g_strlcpy (place->day, parts[1], sizeof place->day);
  place->bare = g_str_equal (parts[2], "b");
  place->ahead = n == N_LONG;
  if (place->ahead && (!parse_number (parts[3], &rank) || !parse_number (parts[4], &place->seq)))
    return FALSE;
  place->rank = (guint) MIN (rank, G_MAXINT);
  return place->until > 0;
}

void
valise_stream_place_append (const ValiseStreamPlace *place, GString *out)
{
  g_string_append_printf (out, ".%" G_GINT64_FORMAT ".%s.%s", place->until, place->day,
                          place->bare ? "b" : "t");
  if (place->ahead)
    g_string_append_printf (out, ".%u.%" G_GINT64_FORMAT, place->rank, place->seq);
}
