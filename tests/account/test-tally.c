/* test-tally.c - the day's bytes and what is wanted, whatever happens to the program
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "folder.h"
#include "valise-clock.h"
#include "valise-speed.h"
#include "valise-tally.h"
#include "valise-wanted.h"

typedef struct
{
  char *folder;
} Fixture;

static void
set_clock (const char *time)
{
  valise_clock_set_offset (0);
  valise_clock_set_offset (valise_clock_parse (time) - valise_clock_now ());
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("valise-tally-XXXXXX", NULL);
  set_clock ("2026-07-21T14:05:00Z");
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  valise_clock_set_offset (0);
}

static void
assert_today (Fixture *fixture, guint64 received, guint64 sent)
{
  g_autoptr (ValiseTally) tally = valise_tally_open (fixture->folder);
  guint64                 r = 0, s = 0;

  valise_tally_get_today (tally, &r, &s);
  g_assert_cmpuint (r, ==, received);
  g_assert_cmpuint (s, ==, sent);
}

static void
test_counts_go_on_after_a_restart (Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 3; i++)
    {
      g_autoptr (ValiseTally) tally = valise_tally_open (fixture->folder);

      valise_tally_add (tally, 1000, 10);
    }
  assert_today (fixture, 3000, 30);
}

static void
test_midnight_starts_at_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseTally) tally = valise_tally_open (fixture->folder);
  guint64                 received = 0, sent = 0;

  set_clock ("2026-07-21T23:59:50Z");
  valise_tally_add (tally, 5000, 500);
  valise_tally_get_today (tally, &received, &sent);
  g_assert_cmpuint (received, ==, 5000);
  set_clock ("2026-07-22T00:00:01Z");
  valise_tally_get_today (tally, &received, &sent);
  g_assert_cmpuint (received, ==, 0);
  g_assert_cmpuint (sent, ==, 0);
}

static void
test_a_killed_program_loses_a_few_kilobytes_at_most (Fixture *fixture, gconstpointer data)
{
  guint64 received = 0, sent = 0;
  int     status = 0;
  pid_t   child = fork ();

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      ValiseTally *tally = valise_tally_open (fixture->folder);

      for (int i = 0; i < 1000; i++)
        valise_tally_add (tally, 900, 100);
      kill (getpid (), SIGKILL);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));
  {
    g_autoptr (ValiseTally) tally = valise_tally_open (fixture->folder);

    valise_tally_get_today (tally, &received, &sent);
  }
  g_assert_cmpuint (received + sent, <=, 1000 * 1000);
  g_assert_cmpuint (received + sent, >=, 1000 * 1000 - 4096);
}

static void
test_a_torn_slot_leaves_the_one_before (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "today", NULL);

  for (int slot = 0; slot < 2; slot++)
    {
      g_autofree char *text = NULL;
      gsize            length = 0;
      guint64          received = 0, sent = 0;

      {
        g_autoptr (ValiseTally) tally = valise_tally_open (fixture->folder);

        valise_tally_add (tally, 3000, 0);
        valise_tally_add (tally, 3000, 0);
      }
      g_assert_true (g_file_get_contents (path, &text, &length, NULL));
      text[slot * 128 + 3] ^= 1;
      g_assert_true (g_file_set_contents (path, text, (gssize) length, NULL));
      {
        g_autoptr (ValiseTally) tally = valise_tally_open (fixture->folder);

        valise_tally_get_today (tally, &received, &sent);
        g_assert_cmpuint (received % 3000, ==, 0);
        g_assert_cmpuint (received, >=, 3000);
      }
    }
}

static void
test_speed_is_of_what_flowed_and_not_of_pauses (Fixture *fixture, gconstpointer data)
{
  ValiseSpeed speed = { 0 };
  gint64      now_us = G_USEC_PER_SEC;
  guint64     measured = 0;

  for (int i = 0; i < 40 && measured == 0; i++, now_us += 100 * 1000)
    measured = valise_speed_take (&speed, 800, now_us);
  g_assert_cmpuint (measured, >=, 7500);
  g_assert_cmpuint (measured, <=, 8500);

  now_us += 60 * G_USEC_PER_SEC; /* a night's silence is no measure */
  measured = valise_speed_take (&speed, 100000, now_us);
  g_assert_cmpuint (measured, ==, 0);
}

/* --- what is wanted ------------------------------------------------------------------------ */

static ValisePlan *
make_plan (const char *name, guint n)
{
  ValisePlan *plan = valise_plan_new (name, "First substantive plenary", "public");

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("text:A/%u:fr", i);

      valise_plan_add (plan, id, 1000 + i);
    }
  return plan;
}

static void
test_a_plan_survives_a_restart_until_it_is_done (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValisePlan) plan = make_plan ("meeting:m", 3);
  g_autoptr (GError)     error = NULL;

  {
    g_autoptr (ValiseWanted) wanted = valise_wanted_load (fixture->folder);

    valise_wanted_put (wanted, plan);
    valise_wanted_save (wanted, &error);
    g_assert_no_error (error);
  }
  {
    g_autoptr (ValiseWanted) wanted = valise_wanted_load (fixture->folder);
    g_autoptr (GPtrArray)    plans = valise_wanted_list (wanted);
    ValisePlan              *kept = NULL;

    g_assert_cmpuint (plans->len, ==, 1);
    kept = g_ptr_array_index (plans, 0);
    g_assert_cmpstr (kept->title, ==, "First substantive plenary");
    g_assert_cmpuint (kept->ids->len, ==, 3);
    g_assert_cmpstr (g_ptr_array_index (kept->ids, 2), ==, "text:A/2:fr");
    g_assert_cmpuint (valise_plan_get_bytes (kept), ==, 3003);
    valise_wanted_finish (wanted, plan, &error); /* another than what is kept: nothing is done */
    g_assert_no_error (error);
    valise_wanted_finish (wanted, kept, &error);
    g_assert_no_error (error);
  }
  {
    g_autoptr (ValiseWanted) wanted = valise_wanted_load (fixture->folder);
    g_autoptr (GPtrArray)    plans = valise_wanted_list (wanted);

    g_assert_cmpuint (plans->len, ==, 0);
  }
}

static void
test_what_is_held_is_remembered_and_named (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseWanted) wanted = valise_wanted_load (fixture->folder);
  g_autoptr (GError)       error = NULL;
  g_autofree char         *one = NULL, *two = NULL, *again = NULL;

  g_assert_null (valise_wanted_dup_version (wanted, "desk-xke"));
  valise_wanted_hold (wanted, "desk-xke/a", TRUE);
  valise_wanted_save (wanted, &error);
  g_assert_no_error (error);
  one = valise_wanted_dup_version (wanted, "desk-xke");
  valise_wanted_hold (wanted, "desk-xke/b", TRUE);
  valise_wanted_save (wanted, &error);
  g_assert_no_error (error);
  two = valise_wanted_dup_version (wanted, "desk-xke");
  g_assert_cmpstr (one, !=, two);
  g_assert_null (valise_wanted_dup_version (wanted, "desk"));

  g_clear_pointer (&wanted, valise_wanted_unref);
  wanted = valise_wanted_load (fixture->folder);
  g_assert_true (valise_wanted_is_held (wanted, "desk-xke/a"));
  g_assert_false (valise_wanted_is_held (wanted, "desk-xke/c"));
  valise_wanted_hold (wanted, "desk-xke/b", FALSE);
  valise_wanted_save (wanted, &error);
  g_assert_no_error (error);
  again = valise_wanted_dup_version (wanted, "desk-xke");
  g_assert_cmpstr (again, ==, one);
}

static void
test_a_damaged_list_wants_nothing (Fixture *fixture, gconstpointer data)
{
  g_autofree char         *path = g_build_filename (fixture->folder, "wanted.json", NULL);
  static const char *const damaged[] = { "", "{\"plans\":[{}],\"held\":[{}]}", "{\"plans\":" };

  for (guint i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autoptr (ValiseWanted) wanted = NULL;
      g_autoptr (GPtrArray)    plans = NULL;

      g_assert_true (g_file_set_contents (path, damaged[i], -1, NULL));
      wanted = valise_wanted_load (fixture->folder);
      plans = valise_wanted_list (wanted);
      g_assert_cmpuint (plans->len, ==, 0);
    }
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, setup, func, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/tally/counts-go-on-after-a-restart", test_counts_go_on_after_a_restart);
  ADD ("/tally/midnight-starts-at-nothing", test_midnight_starts_at_nothing);
  ADD ("/tally/a-killed-program-loses-a-few-kilobytes-at-most",
       test_a_killed_program_loses_a_few_kilobytes_at_most);
  ADD ("/tally/a-torn-slot-leaves-the-one-before", test_a_torn_slot_leaves_the_one_before);
  ADD ("/speed/is-of-what-flowed-and-not-of-pauses",
       test_speed_is_of_what_flowed_and_not_of_pauses);
  ADD ("/wanted/a-plan-survives-a-restart-until-it-is-done",
       test_a_plan_survives_a_restart_until_it_is_done);
  ADD ("/wanted/what-is-held-is-remembered-and-named", test_what_is_held_is_remembered_and_named);
  ADD ("/wanted/a-damaged-list-wants-nothing", test_a_damaged_list_wants_nothing);
  return g_test_run ();
}
