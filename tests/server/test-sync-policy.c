/* test-sync-policy.c - what the user lets the network cost, on real sockets to a real server
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "policy-fixture.h"

#define WAIT_MS 20000

static void
set_policy (Fixture *fixture, const char *key, const char *value)
{
  ValiseUserPolicy   policy;
  g_autoptr (GError) error = NULL;

  valise_scheduler_get_policy (fixture->scheduler, &policy);
  valise_user_policy_set (&policy, key, value, &error);
  g_assert_no_error (error);
  valise_scheduler_set_policy (fixture->scheduler, &policy);
  valise_scheduler_flush (fixture->scheduler, &error);
  g_assert_no_error (error);
}

static guint64
get_count (Fixture *fixture, const char *name)
{
  guint64 count = 0;

  g_object_get (fixture->scheduler, name, &count, NULL);
  return count;
}

#define WAIT_UNTIL(condition)                                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    for (guint waited_ = 0; waited_ < WAIT_MS / 10 && !(condition); waited_++)                     \
      {                                                                                            \
        while (g_main_context_iteration (NULL, FALSE))                                             \
          ;                                                                                        \
        g_usleep (10000);                                                                          \
      }                                                                                            \
    g_assert_true (condition);                                                                     \
  }                                                                                                \
  G_STMT_END

/* --- bytes ---------------------------------------------------------------------------------- */

static void
test_the_bytes_shown_are_those_the_sockets_carried (Fixture *fixture, gconstpointer data)
{
  mark_relay (fixture);
  sync_once (fixture);
  g_usleep (50000);
  assert_within (get_count (fixture, "bytes-received"),
                 relay_get_down (fixture->office.relay) - fixture->down, 2);
  assert_within (get_count (fixture, "bytes-sent"),
                 relay_get_up (fixture->office.relay) - fixture->up, 2);
}

static void
test_the_days_bytes_go_on_over_runs_and_restarts (Fixture *fixture, gconstpointer data)
{
  mark_relay (fixture);
  for (int i = 0; i < 3; i++)
    {
      sync_once (fixture);
      restart (fixture);
    }
  g_usleep (50000);
  assert_within (get_count (fixture, "bytes-received-today"),
                 relay_get_down (fixture->office.relay) - fixture->down, 2);
  assert_within (get_count (fixture, "bytes-sent-today"),
                 relay_get_up (fixture->office.relay) - fixture->up, 2);
}

static void
test_a_cut_run_is_counted_too (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  mark_relay (fixture);
  relay_cut_after (fixture->office.relay, 12000, NULL);
  valise_scheduler_sync_once (fixture->scheduler, NULL, &error);
  g_usleep (50000);
  assert_within (get_count (fixture, "bytes-received-today"),
                 relay_get_down (fixture->office.relay) - fixture->down, 2);
}

/* --- the rate ------------------------------------------------------------------------------- */

static void
test_a_rate_slows_the_peer_itself (Fixture *fixture, gconstpointer data)
{
  const guint64 rate = 8000;
  gint64        start = 0;
  double        seconds = 0;
  guint64       carried = 0;

  set_policy (fixture, "rate", "8kB");
  mark_relay (fixture);
  start = g_get_monotonic_time ();
  sync_once (fixture);
  seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  carried = relay_get_down (fixture->office.relay) - fixture->down
            + relay_get_up (fixture->office.relay) - fixture->up;
  g_test_message ("%" G_GUINT64_FORMAT " bytes in %.2f s: %.0f bytes a second", carried, seconds,
                  (double) carried / seconds);
  g_assert_cmpuint (carried, >, 2 * rate);
  g_assert_cmpfloat ((double) carried, <=, (double) rate * (seconds * 1.05 + 0.5));
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), >, OFFICE_PAPERS);
}

/* --- the budget ----------------------------------------------------------------------------- */

static void
test_a_spent_budget_stops_until_the_user_goes_beyond (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64             here = 0;

  set_policy (fixture, "rate", "20kB"); /* so that it is looked after while it lasts */
  set_policy (fixture, "budget", "15kB");
  set_policy (fixture, "after-budget", "stop");
  g_assert_false (valise_scheduler_sync_once (fixture->scheduler, NULL, &error));
  g_assert_error (error, VALISE_SCHEDULER_ERROR, VALISE_SCHEDULER_ERROR_BUDGET);
  g_assert_cmpuint (get_count (fixture, "bytes-received-today"), <, 15000 + 15000);
  g_clear_error (&error);

  restart (fixture);
  here = laptop_count (&fixture->laptop, "public");
  g_assert_false (valise_scheduler_sync_once (fixture->scheduler, NULL, &error));
  g_assert_error (error, VALISE_SCHEDULER_ERROR, VALISE_SCHEDULER_ERROR_BUDGET);
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==, here);
  g_assert_cmpuint (get_count (fixture, "bytes-received"), ==, 0);

  set_policy (fixture, "rate", "none");
  valise_scheduler_go_beyond (fixture->scheduler);
  sync_once (fixture);
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==,
                   OFFICE_OTHERS + 2 * OFFICE_PAPERS);
}

/* --- metered, hours ------------------------------------------------------------------------- */

static void
test_on_a_metered_connection_nothing_but_what_is_sent (Fixture *fixture, gconstpointer data)
{
  set_policy (fixture, "metered", "send");
  made_up_monitor_set_metered (fixture->monitor, TRUE);
  sync_once (fixture);
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==, 0);
  made_up_monitor_set_metered (fixture->monitor, FALSE);
  sync_once (fixture);
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), >, OFFICE_PAPERS);
}

static void
test_a_connection_that_becomes_free_is_used_at_once (Fixture *fixture, gconstpointer data)
{
  set_policy (fixture, "metered", "send");
  made_up_monitor_set_metered (fixture->monitor, TRUE);
  valise_scheduler_start (fixture->scheduler);
  WAIT_UNTIL (valise_scheduler_get_phase (fixture->scheduler) == VALISE_SYNC_CURRENT);
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==, 0);
  made_up_monitor_set_metered (fixture->monitor, FALSE);
  WAIT_UNTIL (laptop_count (&fixture->laptop, "public") == OFFICE_OTHERS + 2 * OFFICE_PAPERS);
  valise_scheduler_stop (fixture->scheduler);
}

static void
test_outside_its_hours_it_waits_and_sync_now_goes (Fixture *fixture, gconstpointer data)
{
  gint64 next = 0;

  valise_clock_set_offset (valise_clock_parse ("2026-07-21T14:05:00Z") - valise_clock_now ());
  set_policy (fixture, "hours", "22:00-06:00");
  valise_scheduler_start (fixture->scheduler);
  WAIT_UNTIL (valise_scheduler_get_phase (fixture->scheduler) == VALISE_SYNC_PAUSED);
  g_object_get (fixture->scheduler, "next-attempt", &next, NULL);
  g_assert_cmpint (next, ==, valise_clock_parse ("2026-07-21T22:00:00Z"));
  g_assert_cmpuint (get_count (fixture, "bytes-sent-today"), ==, 0);

  valise_scheduler_sync_now (fixture->scheduler);
  WAIT_UNTIL (laptop_count (&fixture->laptop, "public") == OFFICE_OTHERS + 2 * OFFICE_PAPERS);
  WAIT_UNTIL (valise_scheduler_get_phase (fixture->scheduler) == VALISE_SYNC_PAUSED);
  valise_scheduler_stop (fixture->scheduler);
  valise_clock_set_offset (0);
}

static void
note_look (gpointer user_data)
{
  g_atomic_int_inc ((gint *) user_data);
}

static void
test_while_there_is_no_news_it_hardly_looks (Fixture *fixture, gconstpointer data)
{
  ValiseMeter *meter = valise_account_get_meter (fixture->laptop.account);
  gint         looks = 0;

  valise_scheduler_start (fixture->scheduler);
  WAIT_UNTIL (valise_scheduler_get_phase (fixture->scheduler) == VALISE_SYNC_CURRENT);
  g_usleep (2 * G_USEC_PER_SEC); /* the last logs and files are done with */
  valise_meter_add_source (meter, note_look, &looks);
  g_usleep (3 * G_USEC_PER_SEC);
  valise_meter_remove_source (meter, &looks);
  g_assert_cmpint (g_atomic_int_get (&looks), <=, 4);
  valise_scheduler_stop (fixture->scheduler);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, setup, func, teardown)

int
main (int argc, char *argv[])
{
  int status = 0;

  g_test_init (&argc, &argv, NULL);
  template = office_make_template ();
  ADD ("/sync-policy/the-bytes-shown-are-those-the-sockets-carried",
       test_the_bytes_shown_are_those_the_sockets_carried);
  ADD ("/sync-policy/the-days-bytes-go-on-over-runs-and-restarts",
       test_the_days_bytes_go_on_over_runs_and_restarts);
  ADD ("/sync-policy/a-cut-run-is-counted-too", test_a_cut_run_is_counted_too);
  ADD ("/sync-policy/a-rate-slows-the-peer-itself", test_a_rate_slows_the_peer_itself);
  ADD ("/sync-policy/a-spent-budget-stops-until-the-user-goes-beyond",
       test_a_spent_budget_stops_until_the_user_goes_beyond);
  ADD ("/sync-policy/on-a-metered-connection-nothing-but-what-is-sent",
       test_on_a_metered_connection_nothing_but_what_is_sent);
  ADD ("/sync-policy/a-connection-that-becomes-free-is-used-at-once",
       test_a_connection_that_becomes_free_is_used_at_once);
  ADD ("/sync-policy/outside-its-hours-it-waits-and-sync-now-goes",
       test_outside_its_hours_it_waits_and_sync_now_goes);
  ADD ("/sync-policy/while-there-is-no-news-it-hardly-looks",
       test_while_there_is_no_news_it_hardly_looks);
  status = g_test_run ();
  remove_folder (template);
  g_free (template);
  return status;
}
