/* test-colleague.c - what is remembered of colleagues, and what a stranger may call itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "valise-colleague.h"
#include "valise-peer-error.h"

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

/* The knock and every request go to one port, said or not. */
static void
an_address_without_a_port_has_ours (void)
{
  static const char *const cases[][2] = {
    { "192.168.1.7", "https://192.168.1.7:6986" },
    { "192.168.1.7:7000", "https://192.168.1.7:7000" },
    { "amina.local", "https://amina.local:6986" },
    { "2001:db8::7", "https://[2001:db8::7]:6986" },
    { "[2001:db8::7]", "https://[2001:db8::7]:6986" },
    { "[2001:db8::7]:7000", "https://[2001:db8::7]:7000" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char   *url = valise_colleague_dup_url (cases[i][0], &error);

      g_assert_no_error (error);
      g_assert_cmpstr (url, ==, cases[i][1]);
      g_assert_true (g_uri_is_valid (url, G_URI_FLAGS_NONE, NULL));
    }
}

static void
what_is_no_address_is_named (void)
{
  static const char *const cases[] = { "", "192.168.1.7:", "192.168.1.7:0x", "192.168.1.7:70000" };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char   *url = valise_colleague_dup_url (cases[i], &error);

      g_assert_null (url);
      g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_NETWORK);
      g_assert_nonnull (strstr (error->message, cases[i]));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/colleague/names_of_people_are_names", names_of_people_are_names);
  g_test_add_func ("/colleague/what_steers_a_screen_is_no_name", what_steers_a_screen_is_no_name);
  g_test_add_func ("/colleague/a_name_has_at_most_200_bytes", a_name_has_at_most_200_bytes);
  g_test_add_func ("/colleague/an_address_without_a_port_has_ours",
                   an_address_without_a_port_has_ours);
  g_test_add_func ("/colleague/what_is_no_address_is_named", what_is_no_address_is_named);
  return g_test_run ();
}
