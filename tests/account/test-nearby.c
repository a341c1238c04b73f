/* test-nearby.c - laptops find each other on the local network, and tell strangers nothing
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "fake-avahi.h"
#include "valise-digest.h"
#include "valise-key.h"
#include "valise-nearby.h"

static FakeAvahi avahi;

typedef struct
{
  char         *amina_key;
  char         *jun_key;
  ValiseNearby *amina;
  ValiseNearby *jun;
} Fixture;

static const char *const addresses[] = { "192.168.1.7", NULL };

#define WAIT_UNTIL(condition)                                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 end = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;                                     \
    while (!(condition) && g_get_monotonic_time () < end)                                          \
      if (!g_main_context_iteration (NULL, FALSE))                                                 \
        g_usleep (1000);                                                                           \
    g_assert_true (condition);                                                                     \
  }                                                                                                \
  G_STMT_END

static void
wait_ms (guint ms)
{
  gint64 end = g_get_monotonic_time () + ms * 1000;

  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
}

static char *
make_key (void)
{
  g_autoptr (ValiseKey) key = valise_key_generate (NULL);

  return g_strdup (valise_key_get_public (key));
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->amina_key = make_key ();
  fixture->jun_key = make_key ();
  fixture->amina = valise_nearby_new (fixture->amina_key);
  fixture->jun = valise_nearby_new (fixture->jun_key);
  valise_nearby_start (fixture->amina);
  valise_nearby_start (fixture->jun);
}

static void
drop (ValiseNearby *nearby)
{
  g_object_run_dispose (G_OBJECT (nearby));
  wait_ms (50); /* calls that were given up are told so */
  g_assert_finalize_object (nearby);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  drop (fixture->amina);
  drop (fixture->jun);
  g_free (fixture->amina_key);
  g_free (fixture->jun_key);
}

static guint
count (ValiseNearby *nearby)
{
  g_autoptr (GPtrArray) list = valise_nearby_list (nearby);

  return list->len;
}

static void
who_announces_itself_is_found_and_known_by_who_has_its_key (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray)     list = NULL;
  const ValiseNearbyLaptop *laptop = NULL;
  g_autofree char          *another = make_key ();

  WAIT_UNTIL (valise_nearby_is_available (fixture->jun));
  valise_nearby_announce (fixture->amina, addresses, 6986);
  WAIT_UNTIL (count (fixture->jun) == 1);
  list = valise_nearby_list (fixture->jun);
  laptop = g_ptr_array_index (list, 0);
  g_assert_cmpstr (laptop->address, ==, "192.168.1.7:6986");
  g_assert_cmpstr (laptop->name, ==, valise_nearby_get_name (fixture->amina));
  g_assert_true (valise_nearby_laptop_has_key (laptop, fixture->amina_key));
  g_assert_false (valise_nearby_laptop_has_key (laptop, another));
  g_assert_cmpuint (count (fixture->amina), ==, 0); /* not itself */

  valise_nearby_hush (fixture->amina);
  g_assert_null (valise_nearby_get_name (fixture->amina));
  WAIT_UNTIL (count (fixture->jun) == 0);
}

static void
nothing_is_announced_that_was_not_asked_for (Fixture *fixture, gconstpointer data)
{
  WAIT_UNTIL (valise_nearby_is_available (fixture->amina));
  wait_ms (100);
  g_assert_cmpuint (fake_avahi_count (&avahi), ==, 0);
}

/* Neither the key nor the laptop's own name, and nothing twice. */
static void
strangers_learn_an_address_and_no_name (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = NULL, *second = NULL, *hex = NULL;
  guint8           bytes[32];
  g_auto (GStrv)   one = NULL, other = NULL;

  valise_nearby_announce (fixture->amina, addresses, 6986);
  WAIT_UNTIL (fake_avahi_count (&avahi) == 1);
  first = fake_avahi_overhear (&avahi);
  valise_nearby_hush (fixture->amina);
  WAIT_UNTIL (fake_avahi_count (&avahi) == 0);
  valise_nearby_announce (fixture->amina, addresses, 6986);
  WAIT_UNTIL (fake_avahi_count (&avahi) == 1);
  second = fake_avahi_overhear (&avahi);

  g_assert_true (valise_base64url_decode (fixture->amina_key, bytes, sizeof bytes));
  hex = valise_hex_encode (bytes, sizeof bytes);
  hex[16] = '\0';
  g_assert_null (strstr (first, fixture->amina_key));
  g_assert_null (strstr (first, hex));
  g_assert_null (strstr (first, g_get_host_name ()));
  g_assert_null (strstr (first, g_get_user_name ()));
  one = g_strsplit (first, "|", -1);
  other = g_strsplit (second, "|", -1);
  g_assert_cmpuint (g_strv_length (one), ==, 6); /* name, host, address, port, two of the TXT */
  g_assert_cmpstr (one[0], !=, other[0]);
  g_assert_cmpstr (one[1], !=, other[1]);
  g_assert_cmpstr (one[4], !=, other[4]);
  g_assert_cmpstr (one[5], !=, other[5]);
}

static void
a_name_that_is_taken_is_made_anew (Fixture *fixture, gconstpointer data)
{
  avahi.collisions = 2;
  valise_nearby_announce (fixture->amina, addresses, 6986);
  WAIT_UNTIL (fake_avahi_count (&avahi) == 1);
  WAIT_UNTIL (count (fixture->jun) == 1);
}

/* Text that is none of ours, ports that are none, and addresses of the wide world or of the laptop
 * that asks. */
static void
liars_are_not_shown (Fixture *fixture, gconstpointer data)
{
  static const char good[] = "n=0123456789abcdef|t=0123456789abcdef";

  WAIT_UNTIL (valise_nearby_is_available (fixture->jun));
  fake_avahi_lie (&avahi, "Valise 0001", "8.8.8.8", 6986, good);
  fake_avahi_lie (&avahi, "Valise 0002", "127.0.0.1", 6986, good);
  fake_avahi_lie (&avahi, "Valise 0003", "192.168.1.9", 0, good);
  fake_avahi_lie (&avahi, "Valise 0004", "192.168.1.9", 6986, "n=0123456789abcdef");
  fake_avahi_lie (&avahi, "Valise 0005", "192.168.1.9", 6986, "n=0123|t=0123456789abcdef");
  fake_avahi_lie (&avahi, "Valise Amina", "192.168.1.9", 6986, good);
  fake_avahi_lie (&avahi, "Printer", "192.168.1.9", 6986, good);
  wait_ms (200);
  g_assert_cmpuint (count (fixture->jun), ==, 0);
  fake_avahi_lie (&avahi, "Valise 0006", "192.168.1.9", 6986, good);
  WAIT_UNTIL (count (fixture->jun) == 1);
}

static void
a_flood_is_cut (Fixture *fixture, gconstpointer data)
{
  WAIT_UNTIL (valise_nearby_is_available (fixture->jun));
  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *name = g_strdup_printf ("Valise %04X", i);

      fake_avahi_lie (&avahi, name, "10.0.0.9", 6986, "n=0123456789abcdef|t=0123456789abcdef");
    }
  WAIT_UNTIL (count (fixture->jun) == 64);
  wait_ms (100);
  g_assert_cmpuint (count (fixture->jun), ==, 64);
}

/* A daemon that is started anew is told all again. */
static void
avahi_goes_and_comes_back (Fixture *fixture, gconstpointer data)
{
  valise_nearby_announce (fixture->amina, addresses, 6986);
  WAIT_UNTIL (count (fixture->jun) == 1);
  fake_avahi_go (&avahi);
  WAIT_UNTIL (!valise_nearby_is_available (fixture->jun));
  g_assert_cmpuint (count (fixture->jun), ==, 0);
  fake_avahi_come (&avahi);
  WAIT_UNTIL (count (fixture->jun) == 1);
}

#define ADD(test) g_test_add ("/nearby/" #test, Fixture, NULL, setup, test, teardown)

/* Services of one case are none of the next's. */
static void
clear (Fixture *fixture, gconstpointer data)
{
  fake_avahi_go (&avahi);
  fake_avahi_come (&avahi);
  setup (fixture, data);
}

#define ADD_CLEAR(test) g_test_add ("/nearby/" #test, Fixture, NULL, clear, test, teardown)

int
main (int argc, char *argv[])
{
  g_autofree char *daemon = g_find_program_in_path ("dbus-daemon");
  int              status = 0;

  g_test_init (&argc, &argv, NULL);
  if (daemon == NULL)
    {
      g_print ("1..0 # SKIP no dbus-daemon\n");
      return EXIT_SUCCESS;
    }
  fake_avahi_start (&avahi, TRUE);
  ADD (who_announces_itself_is_found_and_known_by_who_has_its_key);
  ADD_CLEAR (nothing_is_announced_that_was_not_asked_for);
  ADD_CLEAR (strangers_learn_an_address_and_no_name);
  ADD_CLEAR (a_name_that_is_taken_is_made_anew);
  ADD_CLEAR (liars_are_not_shown);
  ADD_CLEAR (a_flood_is_cut);
  ADD_CLEAR (avahi_goes_and_comes_back);
  status = g_test_run ();
  fake_avahi_stop (&avahi);
  return status;
}
