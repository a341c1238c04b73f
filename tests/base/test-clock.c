/* test-clock.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "valise-clock.h"

static void
clock_is_as_wrong_as_it_is_set (void)
{
  gint64 year_us = G_GINT64_CONSTANT (365) * 86400 * G_USEC_PER_SEC;
  gint64 now = valise_clock_now ();

  g_assert_cmpint (ABS (now - g_get_real_time ()), <, 10 * G_USEC_PER_SEC);
  valise_clock_set_offset (year_us);
  g_assert_cmpint (valise_clock_now () - now, >=, year_us);
  g_assert_cmpint (valise_clock_now () - now, <, year_us + 10 * G_USEC_PER_SEC);
  valise_clock_set_offset (0);
  g_assert_cmpint (valise_clock_now () - now, <, 10 * G_USEC_PER_SEC);
}

static void
times_are_written_and_read_to_the_second (void)
{
  static const struct
  {
    gint64      seconds;
    const char *text;
  } cases[] = {
    { 0, "1970-01-01T00:00:00Z" },          { 951782399, "2000-02-28T23:59:59Z" },
    { 951782400, "2000-02-29T00:00:00Z" },  { 1795341694, "2026-11-22T10:01:34Z" },
    { 4102444800, "2100-01-01T00:00:00Z" }, { 253402300799, "9999-12-31T23:59:59Z" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64           time_us = cases[i].seconds * G_USEC_PER_SEC;
      g_autofree char *text = valise_clock_format (time_us);
      g_autofree char *late = valise_clock_format (time_us + G_USEC_PER_SEC - 1);

      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_cmpstr (late, ==, cases[i].text);
      g_assert_cmpint (valise_clock_parse (text), ==, time_us);
    }
}

static void
time_before_1970_is_written_rounded_down (void)
{
  g_autofree char *text = valise_clock_format (-1);

  g_assert_cmpstr (text, ==, "1969-12-31T23:59:59Z");
}

static void
what_is_no_time_is_minus_one (void)
{
  static const char *const texts[] = {
    "",
    "2026",
    "2026-11-22",
    "2026-11-22 10:01:34Z",
    "2026-11-22T10:01:34",
    "2026-11-22T10:01:34z",
    "2026-11-22T10:01:34+00:00",
    "2026-11-22T10:01:34.0Z",
    " 2026-11-22T10:01:34Z",
    "2026-11-22T10:01:34Z ",
    "2026-13-22T10:01:34Z",
    "2026-00-22T10:01:34Z",
    "2026-02-29T10:01:34Z",
    "2026-11-31T10:01:34Z",
    "2026-11-22T24:01:34Z",
    "2026-11-22T10:60:34Z",
    "2026-11-22T10:01:60Z",
    "0000-01-01T00:00:00Z",
    "1969-12-31T23:59:59Z",
    "-026-11-22T10:01:34Z",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_cmpint (valise_clock_parse (texts[i]), ==, -1);
  g_assert_cmpint (valise_clock_parse (NULL), ==, -1);
}

#define ADD(test) g_test_add_func ("/clock/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (clock_is_as_wrong_as_it_is_set);
  ADD (times_are_written_and_read_to_the_second);
  ADD (time_before_1970_is_written_rounded_down);
  ADD (what_is_no_time_is_minus_one);

  return g_test_run ();
}
