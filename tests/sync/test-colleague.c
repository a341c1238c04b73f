/* test-colleague.c - what is remembered of colleagues, and what a stranger may call itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "valise-colleague.h"

static void
names_of_people_are_names (void)
{
  static const char *const names[] = { "Amina Diallo", "李俊", "نادية", "N", "O’Brien-Šmíd, Dr." };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_true (valise_colleague_is_name (names[i]));
}

/* What could hide the code beside it, or show another in its place. */
static void
what_steers_a_screen_is_no_name (void)
{
  static const char *const names[] = {
    "",
    "Amina\r\x1b[2KCode 000000",
    "Amina\nCode 000000",
    "Amina\b\b\b",
    "Amina\x7f",
    "Amina\xc2\x9b[2K",
    "\u202eAmina",
    "Amina\u2066",
    "Amina\u2028Code 000000",
    "Amina\u2029Code 000000",
    "Amina\xff",
    "\xed\xa0\x80",
  };

  g_assert_false (valise_colleague_is_name (NULL));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_false (valise_colleague_is_name (names[i]));
}

static void
a_name_has_at_most_200_bytes (void)
{
  g_autofree char *longest = g_strnfill (200, 'n');
  g_autofree char *longer = g_strnfill (201, 'n');

  g_assert_true (valise_colleague_is_name (longest));
  g_assert_false (valise_colleague_is_name (longer));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/colleague/names_of_people_are_names", names_of_people_are_names);
  g_test_add_func ("/colleague/what_steers_a_screen_is_no_name", what_steers_a_screen_is_no_name);
  g_test_add_func ("/colleague/a_name_has_at_most_200_bytes", a_name_has_at_most_200_bytes);
  return g_test_run ();
}
