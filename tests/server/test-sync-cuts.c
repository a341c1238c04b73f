/* test-sync-cuts.c - a link that breaks anywhere: nothing is lost, nothing comes twice
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is held to: a document that came whole is durable when the run ends, however it ends,
 * and is never asked for again. What was under way when the link broke, at most the document
 * whose bytes were then arriving, comes again.
 */

#include "fault-relay.h"
#include "laptop.h"
#include "valise-test.h"

#define STREAM "_valise/stream"

static char *template;

typedef struct
{
  Office     office;
  FaultRelay fault;
  Laptop     laptop;
} Fixture;

static void
setup (Fixture *fixture, gconstpointer data)
{
  fault_relay_open (&fixture->fault, &fixture->office, template);
  laptop_open (&fixture->laptop, &fixture->office, NULL);
}

static void
setup_bytes (Fixture *fixture, gconstpointer data)
{
  office_open (&fixture->office, template, relay_pass_bytes, NULL);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  if (fixture->laptop.account != NULL)
    laptop_close (&fixture->laptop);
  office_close (&fixture->office);
  fault_relay_close (&fixture->fault);
}

/* A laptop of its own, since each starts with nothing. */
static void
renew_laptop (Fixture *fixture)
{
  if (fixture->laptop.account != NULL)
    laptop_close (&fixture->laptop);
  laptop_open (&fixture->laptop, &fixture->office, NULL);
}

static void
assert_whole_and_once (Fixture *fixture)
{
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==, OFFICE_DOCUMENTS);
  g_assert_cmpuint (fixture->laptop.source->twice, ==, 0);
  g_assert_cmpuint (fixture->laptop.source->fetched, ==, OFFICE_DOCUMENTS);
  g_assert_cmpuint (fixture->laptop.refused->len, ==, 0);
}

/* Pulls with the @at-th request spoilt, leaving at that moment or staying. FALSE where there
 * were not so many requests. */
static gboolean
pull_spoilt (Fixture *fixture, guint at, Spoil spoil, gboolean leave)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError)       error = NULL;
  gint64                   before = 0;

  fault_relay_set (&fixture->fault, spoil, at, 1, NULL);
  if (leave)
    fault_relay_set_cancellable (&fixture->fault, cancellable);
  if (laptop_pull (&fixture->laptop, "public", cancellable, &error))
    {
      assert_whole_and_once (fixture);
      return fault_relay_get_spoiled (&fixture->fault) > 0;
    }

  /* A first sign of the server that does not come is for whoever plans the next attempt. */
  if (!leave)
    g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_NETWORK);
  before = fixture->laptop.source->fetched;
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==, before);
  fault_relay_set (&fixture->fault, SPOIL_NOTHING, 0, 0, NULL);
  laptop_pull_all (&fixture->laptop);
  assert_whole_and_once (fixture);
  return TRUE;
}

static void
a_pull_cut_at_every_request_goes_on_where_it_was (Fixture *fixture, gconstpointer data)
{
  static const Spoil spoils[] = { SPOIL_REQUEST, SPOIL_ANSWER, SPOIL_HALF };
  guint              ways = MIN (valise_test_count (1), 6);
  guint              at = 1;
  gboolean           more = TRUE;

  for (; more; at++)
    for (guint way = 0; more && way < ways; way++)
      {
        guint turn = ways == 1 ? at : way;

        renew_laptop (fixture);
        more = pull_spoilt (fixture, at, spoils[turn % 3], turn % 2 == 0);
      }
  g_test_message ("%u requests", at - 2);
  /* Signing in, who it is, its log, the stream, the log: none was left out. */
  g_assert_cmpuint (at - 2, >=, 5);
}

static void
a_pull_cut_at_any_byte_goes_on_where_it_was (Fixture *fixture, gconstpointer data)
{
  guint   cuts = valise_test_count (8);
  guint64 total = 0;

  renew_laptop (fixture);
  total = relay_get_down (fixture->office.relay);
  laptop_pull_all (&fixture->laptop);
  total = relay_get_down (fixture->office.relay) - total;

  for (guint i = 0; i < cuts; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError)       error = NULL;
      guint64                  at = total * (i + 1) / (cuts + 1);

      renew_laptop (fixture);
      relay_cut_after (fixture->office.relay, at, i % 2 == 0 ? cancellable : NULL);
      if (!laptop_pull (&fixture->laptop, "public", cancellable, &error))
        {
          g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==,
                           fixture->laptop.source->fetched);
          laptop_pull_all (&fixture->laptop);
        }
      assert_whole_and_once (fixture);
    }
}

static void
a_link_that_never_lasts_brings_everything_in_the_end (Fixture *fixture, gconstpointer data)
{
  guint64 start = 0, paid = 0;
  guint   attempts = 0;

  renew_laptop (fixture);
  start = relay_get_down (fixture->office.relay);
  while (laptop_count (&fixture->laptop, "public") < OFFICE_DOCUMENTS)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError)       error = NULL;

      relay_cut_after (fixture->office.relay, 30000, cancellable);
      laptop_pull (&fixture->laptop, "public", cancellable, &error);
      g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==,
                       fixture->laptop.source->fetched);
      g_assert_cmpuint (++attempts, <, 40);
    }
  relay_cut_after (fixture->office.relay, 0, NULL);
  paid = relay_get_down (fixture->office.relay) - start;
  g_test_message ("%u attempts, %" G_GUINT64_FORMAT " bytes", attempts, paid);
  assert_whole_and_once (fixture);
  assert_same (&fixture->laptop, &fixture->office, "public");
}

/* --- who stands between ---------------------------------------------------------------------- */

static void
assert_outlasts (Fixture *fixture, Spoil spoil, guint status, guint times, const char *only)
{
  renew_laptop (fixture);
  fixture->laptop.plain = !g_str_equal (only, STREAM);
  fixture->fault.status = status;
  fault_relay_set (&fixture->fault, spoil, 1, times, only);
  laptop_pull_all (&fixture->laptop);
  g_assert_cmpuint (fault_relay_get_spoiled (&fixture->fault), ==, times);
  fault_relay_set (&fixture->fault, SPOIL_NOTHING, 0, 0, NULL);
  assert_whole_and_once (fixture);
}

static void
a_proxy_that_fails_for_a_while_is_outlasted (Fixture *fixture, gconstpointer data)
{
  assert_outlasts (fixture, SPOIL_STATUS, 502, 2, STREAM);
  assert_outlasts (fixture, SPOIL_STATUS, 502, 2, "_bulk_get");
  assert_outlasts (fixture, SPOIL_STATUS, 500, 2, "_changes");
  assert_outlasts (fixture, SPOIL_STATUS, 503, 1, "_bulk_get");
  assert_outlasts (fixture, SPOIL_STATUS, 504, 2, "PUT /public/_local");
}

static void
a_compressed_answer_that_ends_early_costs_only_its_rest (Fixture *fixture, gconstpointer data)
{
  assert_outlasts (fixture, SPOIL_GZIP, 0, 2, "_bulk_get");
  g_assert_cmpstr (fixture->fault.coding, ==, "gzip");
  assert_outlasts (fixture, SPOIL_GZIP, 0, 2, "_changes");
  assert_outlasts (fixture, SPOIL_GZIP, 0, 2, STREAM);
  g_assert_cmpstr (fixture->fault.coding, ==, "zstd");
}

static void
a_sign_in_page_is_named_and_changes_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fault_relay_set (&fixture->fault, SPOIL_HTML, 1, G_MAXUINT, STREAM);
  g_assert_false (laptop_pull (&fixture->laptop, "public", NULL, &error));
  g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PORTAL);
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==, 0);

  fault_relay_set (&fixture->fault, SPOIL_NOTHING, 0, 0, NULL);
  laptop_pull_all (&fixture->laptop);
  assert_whole_and_once (fixture);
}

#define ADD(test, setup) g_test_add ("/sync-cuts/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  int status = 0;

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "disabled:", TRUE); /* no keyring */
  g_test_init (&argc, &argv, NULL);
  template = office_make_template ();

  ADD (a_pull_cut_at_every_request_goes_on_where_it_was, setup);
  ADD (a_pull_cut_at_any_byte_goes_on_where_it_was, setup_bytes);
  ADD (a_link_that_never_lasts_brings_everything_in_the_end, setup_bytes);

  ADD (a_proxy_that_fails_for_a_while_is_outlasted, setup);
  ADD (a_compressed_answer_that_ends_early_costs_only_its_rest, setup);
  ADD (a_sign_in_page_is_named_and_changes_nothing, setup);

  status = g_test_run ();
  remove_folder (template);
  g_free (template);
  return status;
}
