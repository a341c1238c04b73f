/* test-local-network.c - which addresses a laptop listens at, and calls
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "valise-local-network.h"

static void
local_addresses_are_those_that_no_router_passes_on (void)
{
  static const char *const local[] = { "10.1.2.3",    "172.16.0.1",  "172.31.255.254",
                                       "192.168.1.7", "169.254.9.9", "fd12:3456::1" };
  static const char *const others[] = { "8.8.8.8",   "172.15.0.1", "172.32.0.1", "192.169.0.1",
                                        "127.0.0.1", "::1",        "fe80::1",    "2001:db8::1",
                                        "0.0.0.0",   "",           "192.168.1",  "example.org" };

  for (guint i = 0; i < G_N_ELEMENTS (local); i++)
    g_assert_true (valise_local_network_has (local[i]));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (valise_local_network_has (others[i]));
}

static void
what_is_listed_is_local (void)
{
  g_auto (GStrv) list = valise_local_network_list ();

  g_assert_cmpuint (g_strv_length (list), <=, VALISE_LOCAL_NETWORK_MAX);
  for (guint i = 0; list[i] != NULL; i++)
    g_assert_true (valise_local_network_has (list[i]));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/local-network/local-addresses-are-those-that-no-router-passes-on",
                   local_addresses_are_those_that_no_router_passes_on);
  g_test_add_func ("/local-network/what-is-listed-is-local", what_is_listed_is_local);
  return g_test_run ();
}
