/* test-rounds.c - what a round of an account costs at a real server: requests, connections, bytes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "rounds-fixture.h"

static void
all_databases_share_one_connection_and_the_polls_sign_in (Fixture *fixture, gconstpointer data)
{
  g_auto (Cost) first = { 0 }, second = { 0 };

  sync_once (fixture, &first);
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==, OFFICE_DOCUMENTS);
  g_assert_cmpuint (first.connections, ==, 1);
  g_assert_cmpuint (count_lines (first.lines, "/_session"), ==, 0); /* the poll has done it */
  sync_once (fixture, &second);
  g_assert_cmpuint (second.connections, ==, 0); /* it is kept */
}

static void
a_full_database_takes_one_question_for_all_its_documents (Fixture *fixture, gconstpointer data)
{
  g_auto (Cost) cost = { 0 };

  sync_once (fixture, &cost);
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==, OFFICE_DOCUMENTS);
  g_assert_cmpuint (count_lines (cost.lines, "/public/_valise/stream"), ==, 1);
  g_assert_cmpuint (cost.requests, ==, 2); /* how does all stand?, and this */
  g_assert_cmpuint (count_lines (cost.lines, "_bulk_get"), ==, 0);
  g_assert_cmpuint (count_lines (cost.lines, "_changes"), ==, 0);
}

static void
assert_all_here (Fixture *fixture)
{
  assert_same (&fixture->laptop, &fixture->office, "public");
}

/* As a colleague's laptop would have brought it. */
static void
write_there (Fixture *fixture, const char *id)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) database =
      valise_office_get_database (office_get (&fixture->office), "desk-xke", FALSE, &error);

  g_assert_no_error (error);
  write_note (database, id);
}

static void
nothing_new_is_one_question (Fixture *fixture, gconstpointer data)
{
  g_auto (Cost) cost = { 0 };

  fill (fixture);
  sync_once (fixture, &cost);
  g_assert_cmpuint (cost.requests, ==, 1);
  g_assert_cmpuint (count_lines (cost.lines, "/_valise/poll"), ==, 1);
  g_assert_cmpuint (cost.connections, ==, 0);
  g_assert_cmpuint (cost.down, <, 700);
}

static void
nothing_new_to_a_new_program_is_one_question_too (Fixture *fixture, gconstpointer data)
{
  fill (fixture);
  start_anew (fixture);
  assert_cost (fixture, 1); /* which signs in */
  assert_cost (fixture, 1);
}

static void
one_change_is_two_questions (Fixture *fixture, gconstpointer data)
{
  fill (fixture);
  office_issue (office_get_registry (&fixture->office), 100, "new");
  assert_cost (fixture, 2);
  assert_all_here (fixture);
  assert_cost (fixture, 1);
  settle (fixture);
  start_anew (fixture);
  office_issue (office_get_registry (&fixture->office), 101, "new");
  assert_cost (fixture, 2);
  assert_all_here (fixture);
}

static void
what_is_written_here_is_one_more (Fixture *fixture, gconstpointer data)
{
  fill (fixture);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *id = g_strdup_printf ("xke:note:%u", i);
      g_auto (Cost)    cost = { 0 };

      write_here (fixture, id);
      sync_once (fixture, &cost);
      g_assert_cmpuint (count_lines (cost.lines, "/desk-xke/_bulk_docs"), ==, 1);
      g_assert_cmpuint (cost.requests, ==, 2);
      assert_cost (fixture, 1);
    }
}

/* The feed moves on by what left from here, which is no news; but whatever else is in it is, before
 * it and behind it. */
static void
what_a_colleague_writes_among_ones_own_arrives (Fixture *fixture, gconstpointer data)
{
  g_auto (Cost) cost = { 0 };

  fill (fixture);
  write_here (fixture, "xke:note:1");
  assert_cost (fixture, 2);
  assert_cost (fixture, 1);
  write_there (fixture, "xke:note:2");
  assert_cost (fixture, 3); /* what is new?, what changed?, this one */
  g_assert_cmpint (laptop_count (&fixture->laptop, "desk-xke"), ==, 2);
  write_there (fixture, "xke:note:3");
  write_here (fixture, "xke:note:4");
  assert_cost (fixture, 4);
  g_assert_cmpint (laptop_count (&fixture->laptop, "desk-xke"), ==, 4);
  assert_cost (fixture, 1);
  write_here (fixture, "xke:note:5");
  assert_cost (fixture, 2);

  start_anew (fixture); /* which was not told */
  write_there (fixture, "xke:note:6");
  sync_once (fixture, &cost);
  assert_same (&fixture->laptop, &fixture->office, "desk-xke");
  g_assert_cmpint (laptop_count (&fixture->laptop, "desk-xke"), ==, 6);
}

/* The server may have some of it from a stick. */
static void
much_that_is_written_here_is_asked_after_first (Fixture *fixture, gconstpointer data)
{
  g_auto (Cost) cost = { 0 };

  fill (fixture);
  for (guint i = 0; i < 17; i++)
    {
      g_autofree char *id = g_strdup_printf ("xke:note:%u", i);

      write_here (fixture, id);
    }
  sync_once (fixture, &cost);
  g_assert_cmpuint (count_lines (cost.lines, "/desk-xke/_revs_diff"), ==, 1);
  g_assert_cmpuint (count_lines (cost.lines, "/desk-xke/_bulk_docs"), ==, 1);
  g_assert_cmpuint (cost.requests, ==, 3);
  assert_cost (fixture, 1);
}

/* Nobody said how far it came: the next program compares, and has it all the same. */
static void
a_program_that_was_killed_is_no_further_than_its_logs (Fixture *fixture, gconstpointer data)
{
  fill (fixture);
  office_issue (office_get_registry (&fixture->office), 100, "new");
  assert_cost (fixture, 2);
  start_anew (fixture);
  office_issue (office_get_registry (&fixture->office), 101, "new");
  {
    g_auto (Cost) cost = { 0 };

    sync_once (fixture, &cost);
  }
  assert_all_here (fixture);
  settle (fixture);
  assert_cost (fixture, 1);
}

#define ADD(test) g_test_add ("/rounds/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  const char      *source = g_getenv ("G_TEST_SRCDIR");
  g_autofree char *records = g_strdup_printf (
      "/org/valise/Valise/programme/records=%s/bench/records", source != NULL ? source : "");
  int result = 0;

  g_setenv ("G_RESOURCE_OVERLAYS", records, TRUE); /* a record that may be written at a desk */
  g_test_init (&argc, &argv, NULL);
  template = office_make_template ();

  ADD (all_databases_share_one_connection_and_the_polls_sign_in);
  ADD (a_full_database_takes_one_question_for_all_its_documents);
  ADD (nothing_new_is_one_question);
  ADD (nothing_new_to_a_new_program_is_one_question_too);
  ADD (one_change_is_two_questions);
  ADD (what_is_written_here_is_one_more);
  ADD (what_a_colleague_writes_among_ones_own_arrives);
  ADD (much_that_is_written_here_is_asked_after_first);
  ADD (a_program_that_was_killed_is_no_further_than_its_logs);

  result = g_test_run ();
  remove_folder (template);
  g_free (template);
  return result;
}
