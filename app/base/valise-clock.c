/* valise-clock.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-clock"

#include "config.h"

#include <stdatomic.h>
#include <string.h>

#include "valise-clock.h"

/* What tests set; any thread reads it. */
static _Atomic gint64 clock_offset_us;

gint64
valise_clock_now (void)
{
  return g_get_real_time () + atomic_load (&clock_offset_us);
}

void
valise_clock_set_offset (gint64 offset_us)
{
  atomic_store (&clock_offset_us, offset_us);
}

/**
 * valise_clock_format:
 * @time_us: microseconds since 1970, UTC, of a year from 1 to 9999
 *
 * Rounds down to the second. Any thread.
 *
 * Returns: (transfer full): the time as RFC 3339 has it, in UTC, to the second
 */
char *
valise_clock_format (gint64 time_us)
{
  gint64                seconds = time_us / G_USEC_PER_SEC - (time_us % G_USEC_PER_SEC < 0 ? 1 : 0);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (seconds);

  g_return_val_if_fail (time != NULL, NULL);

  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02dZ", g_date_time_get_year (time),
                          g_date_time_get_month (time), g_date_time_get_day_of_month (time),
                          g_date_time_get_hour (time), g_date_time_get_minute (time),
                          g_date_time_get_second (time));
}

/* Whether @text has the very shape of what valise_clock_format() writes. */
static gboolean
has_shape (const char *text)
{
  static const char shape[] = "0000-00-00T00:00:00Z";

  if (strlen (text) != sizeof shape - 1)
    return FALSE;
  for (gsize i = 0; shape[i] != '\0'; i++)
    if (shape[i] == '0' ? !g_ascii_isdigit (text[i]) : text[i] != shape[i])
      return FALSE;

  return TRUE;
}

/**
 * valise_clock_parse:
 * @text: what valise_clock_format() writes; no other form of a time is read
 *
 * Returns: microseconds since 1970, or -1 where @text is no such time, or one before 1970
 */
gint64
valise_clock_parse (const char *text)
{
  g_autoptr (GDateTime) time = NULL;
  gint64                seconds;

  if (text == NULL || !has_shape (text))
    return -1;

  time = g_date_time_new_utc (atoi (text), atoi (text + 5), atoi (text + 8), atoi (text + 11),
                              atoi (text + 14), atoi (text + 17));
  seconds = time == NULL ? -1 : g_date_time_to_unix (time);
  return seconds < 0 ? -1 : seconds * G_USEC_PER_SEC;
}
