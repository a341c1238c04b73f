/* test-sync-faults.c - whatever is done to the line: in sync, or in a clear state, and soon
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each fault befalls each request of a small exchange, both ways. The run that met it ends in
 * sync, or with an error that says what is the matter, and not later than the stall timer and one
 * more try allow; the next run, without it, ends in sync, and both sides have every byte.
 * VALISE_TEST_COUNT: every fault on every request, and so many cuts below TLS; 0: at every byte.
 */

#include "fault-relay.h"
#include "laptop.h"
#include "valise-test.h"

#define NAME    "notes"
#define NOTES   2
#define STALL_S 2
/* The stall, the pause before another try, and a busy machine under sanitizers. */
#define SOON_US ((STALL_S + 8) * G_USEC_PER_SEC)

static char *template;

typedef struct
{
  Office     office;
  FaultRelay fault;
  Laptop     laptop;
  guint      written;
} Fixture;

/* The secretariat makes the database, and lets delegates in. */
static void
make_database (Office *office)
{
  g_autoptr (ValiseInvitation) invitation =
      office_invite (office, "An officer", "secretariat", "secretariat");
  Laptop                 officer = { 0 };
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseJson) made = NULL, opened = NULL;

  laptop_join (&officer, office, invitation, NULL);
  made = valise_http_exchange (&officer.address, "PUT", "/" NAME, NULL, NULL, &error);
  g_assert_no_error (error);
  opened =
      valise_http_exchange (&officer.address, "PUT", "/" NAME "/_security",
                            "{\"members\":{\"names\":[],\"roles\":[\"delegate\"]}}", NULL, &error);
  g_assert_no_error (error);
  laptop_close (&officer);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  if (data == NULL)
    fault_relay_open (&fixture->fault, &fixture->office, template);
  else
    office_open (&fixture->office, template, relay_pass_bytes, NULL);
  make_database (&fixture->office);
  laptop_open (&fixture->laptop, &fixture->office, NULL);
  fixture->laptop.address.timeout_s = STALL_S;
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  laptop_close (&fixture->laptop);
  office_close (&fixture->office);
  fault_relay_close (&fixture->fault);
}

static void
put_note (ValiseDatabase *database, const char *who, guint number)
{
  g_autofree char   *id = g_strdup_printf ("note:%s-%05u", who, number);
  g_autofree char   *body = g_strdup_printf ("{\"type\":\"note\",\"text\":\"%s %u\"}",
                                             office_words[number % VALISE_N_LANGUAGES], number);
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  g_autoptr (GError) error = NULL;
  g_autofree char   *rev = valise_database_put (database, id, NULL, FALSE, bytes, NULL, &error);

  g_assert_no_error (error);
}

/* Something new on either side, so that both ways have work. */
static void
write_notes (Fixture *fixture)
{
  g_autoptr (ValiseDatabase) here = laptop_get_database (&fixture->laptop, NAME);
  g_autoptr (ValiseDatabase) there = office_get_database (&fixture->office, NAME);

  for (guint i = 0; i < NOTES; i++)
    {
      put_note (here, "here", fixture->written);
      put_note (there, "there", fixture->written++);
    }
}

static gboolean
sync_once (Fixture *fixture, GError **error)
{
  return laptop_push (&fixture->laptop, NAME, NULL, error)
         && laptop_pull (&fixture->laptop, NAME, NULL, error);
}

/* An error that a user can be told of, and after which the same can be tried again. */
static void
assert_clear (const GError *error)
{
  static const ValisePeerError clear[] = { VALISE_PEER_ERROR_NETWORK, VALISE_PEER_ERROR_PORTAL,
                                           VALISE_PEER_ERROR_PROTOCOL, VALISE_PEER_ERROR_SERVER };
  gboolean                     found = FALSE;

  g_assert_nonnull (error);
  for (guint i = 0; i < G_N_ELEMENTS (clear); i++)
    found |= g_error_matches (error, VALISE_PEER_ERROR, (int) clear[i]);
  if (!found)
    g_test_message ("unclear: %s (%s %d)", error->message, g_quark_to_string (error->domain),
                    error->code);
  g_assert_true (found);
}

/* A run that may meet a fault, soon over; then one that meets none. */
static void
assert_ends_in_sync (Fixture *fixture)
{
  g_autoptr (GError) error = NULL, later = NULL;
  gint64             start = g_get_monotonic_time ();
  gboolean           ok = sync_once (fixture, &error);

  g_assert_cmpint (g_get_monotonic_time () - start, <, SOON_US);
  if (!ok)
    assert_clear (error);
  if (fixture->fault.relay != NULL)
    fault_relay_set (&fixture->fault, SPOIL_NOTHING, 0, 0, NULL);
  relay_cut_after (fixture->office.relay, 0, NULL);
  relay_cut_up_after (fixture->office.relay, 0);
  if (!sync_once (fixture, &later))
    g_test_message ("after a fault: %s", later->message);
  g_assert_no_error (later);
  assert_same (&fixture->laptop, &fixture->office, NAME);
}

/* --- who stands between ---------------------------------------------------------------------- */

static const Spoil spoils[] = { SPOIL_REQUEST, SPOIL_ANSWER, SPOIL_HALF,  SPOIL_GZIP, SPOIL_HTML,
                                SPOIL_AWAY,    SPOIL_TWICE,  SPOIL_LATE,  SPOIL_LONG, SPOIL_SHORT,
                                SPOIL_DRIP,    SPOIL_HOLE,   SPOIL_STATUS };

static void
every_request_may_meet_any_fault (Fixture *fixture, gconstpointer data)
{
  gboolean every = g_getenv ("VALISE_TEST_COUNT") != NULL;
  guint    requests = 0, faults = 0;

  write_notes (fixture);
  fault_relay_set (&fixture->fault, SPOIL_NOTHING, 0, 0, NULL);
  assert_ends_in_sync (fixture);
  write_notes (fixture);
  fault_relay_set (&fixture->fault, SPOIL_LATE, 1, G_MAXUINT, NULL);
  g_assert_true (sync_once (fixture, NULL));
  requests = fault_relay_get_spoiled (&fixture->fault);
  g_assert_cmpuint (requests, >=, 4);

  for (guint i = 0; i < G_N_ELEMENTS (spoils); i++)
    for (guint at = every ? 1 : 1 + i * 3 % requests; at <= requests; at += every ? 1 : requests)
      {
        write_notes (fixture);
        fixture->fault.status = 502;
        fault_relay_set (&fixture->fault, spoils[i], at, 1, NULL);
        assert_ends_in_sync (fixture);
        faults++;
      }
  g_test_message ("%u requests, %u faults", requests, faults);
}

static void
a_line_that_swallows_everything_is_given_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64             start = g_get_monotonic_time ();

  write_notes (fixture);
  fault_relay_set (&fixture->fault, SPOIL_HOLE, 1, G_MAXUINT, NULL);
  g_assert_false (sync_once (fixture, &error));
  g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_NETWORK);
  g_assert_cmpint (g_get_monotonic_time () - start, <, SOON_US);
  assert_ends_in_sync (fixture);
}

static gpointer
push_thread (gpointer data)
{
  Fixture           *fixture = data;
  g_autoptr (GError) error = NULL;

  laptop_push (&fixture->laptop, NAME, NULL, &error);
  g_assert_no_error (error);
  return NULL;
}

/* Each third answer is late: what was asked first is often answered last. */
static void
connections_may_overtake_each_other (Fixture *fixture, gconstpointer data)
{
  guint rounds = MIN (valise_test_count (2), 100);

  for (guint i = 0; i < rounds; i++)
    {
      GThread           *thread = NULL;
      g_autoptr (GError) error = NULL;

      write_notes (fixture);
      fault_relay_set (&fixture->fault, SPOIL_LATE, 1 + i % 4, 3, NULL);
      thread = g_thread_new ("push", push_thread, fixture);
      laptop_pull (&fixture->laptop, NAME, NULL, &error);
      g_assert_no_error (error);
      g_thread_join (thread);
      assert_ends_in_sync (fixture);
    }
}

/* --- below TLS ------------------------------------------------------------------------------- */

static void
a_cut_at_any_byte_either_way_is_mended (Fixture *fixture, gconstpointer data)
{
  guint   cuts = valise_test_count (16);
  Relay  *relay = fixture->office.relay;
  guint64 down = 0, up = 0;

  write_notes (fixture);
  assert_ends_in_sync (fixture);
  write_notes (fixture);
  down = relay_get_down (relay);
  up = relay_get_up (relay);
  g_assert_true (sync_once (fixture, NULL));
  down = relay_get_down (relay) - down;
  up = relay_get_up (relay) - up;
  if (cuts == 0)
    cuts = 2 * (guint) MAX (down, up);

  for (guint i = 0; i < cuts; i++)
    {
      write_notes (fixture);
      if (i % 2 == 0)
        relay_cut_after (relay, 1 + down * i / cuts, NULL);
      else
        relay_cut_up_after (relay, 1 + up * i / cuts);
      assert_ends_in_sync (fixture);
    }
  g_test_message ("%" G_GUINT64_FORMAT " bytes down, %" G_GUINT64_FORMAT " up, %u cuts", down, up,
                  cuts);
}

#define ADD(test, data) g_test_add ("/sync-faults/" #test, Fixture, data, setup, test, teardown)

int
main (int argc, char *argv[])
{
  int status = 0;

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "disabled:", TRUE); /* no keyring */
  g_test_init (&argc, &argv, NULL);
  template = office_make_template ();

  ADD (every_request_may_meet_any_fault, NULL);
  ADD (a_line_that_swallows_everything_is_given_up, NULL);
  ADD (connections_may_overtake_each_other, NULL);
  ADD (a_cut_at_any_byte_either_way_is_mended, "below");

  status = g_test_run ();
  remove_folder (template);
  g_free (template);
  return status;
}
