/* test-sync-pull.c - what a laptop receives from a real server, over HTTPS
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "laptop.h"
#include "valise-test.h"

static char *template;

typedef struct
{
  Office office;
  Laptop laptop;
} Fixture;

static void
setup (Fixture *fixture, gconstpointer data)
{
  office_open (&fixture->office, template, relay_pass_bytes, NULL);
  laptop_open (&fixture->laptop, &fixture->office, NULL);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  laptop_close (&fixture->laptop);
  office_close (&fixture->office);
}

static void
everything_arrives_once_and_is_the_same_to_the_byte (Fixture *fixture, gconstpointer data)
{
  laptop_pull_all (&fixture->laptop);
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==, OFFICE_DOCUMENTS);
  g_assert_cmpuint (fixture->laptop.source->fetched, ==, OFFICE_DOCUMENTS);
  g_assert_cmpuint (fixture->laptop.progress.stored, ==, OFFICE_DOCUMENTS);
  g_assert_cmpuint (fixture->laptop.refused->len, ==, 0);
  assert_same (&fixture->laptop, &fixture->office, "public");
}

static void
the_next_pull_brings_only_what_is_new (Fixture *fixture, gconstpointer data)
{
  laptop_pull_all (&fixture->laptop);
  fixture->laptop.source->rows = fixture->laptop.source->fetched = 0;
  laptop_pull_all (&fixture->laptop);
  g_assert_cmpuint (fixture->laptop.source->rows, ==, 0);
  g_assert_cmpuint (fixture->laptop.source->fetched, ==, 0);

  office_issue (office_get_registry (&fixture->office), 1, "second");
  office_issue (office_get_registry (&fixture->office), OFFICE_PAPERS + 1, "first");
  laptop_pull_all (&fixture->laptop);
  g_assert_cmpuint (fixture->laptop.source->rows, ==, 2 * OFFICE_A_PAPER);
  g_assert_cmpuint (fixture->laptop.source->fetched, ==, 2 * OFFICE_A_PAPER);
  assert_same (&fixture->laptop, &fixture->office, "public");
}

#define ADD(test) g_test_add ("/sync-pull/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  int status = 0;

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "disabled:", TRUE); /* no keyring */
  g_test_init (&argc, &argv, NULL);
  template = office_make_template ();

  ADD (everything_arrives_once_and_is_the_same_to_the_byte);
  ADD (the_next_pull_brings_only_what_is_new);

  status = g_test_run ();
  remove_tree (template);
  g_free (template);
  return status;
}
