/* test-rounds-open.c - rounds of a program that stays open, and of a server that is not who it was
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "rounds-fixture.h"

/* --- a server that is not who it was ---------------------------------------------------------- */

static void
a_cookie_that_is_refused_is_renewed_in_the_same_round (Fixture *fixture, gconstpointer data)
{
  g_autofree char *key =
      g_build_filename (fixture->office.server.directory, "server", "session.key", NULL);
  g_auto (Cost) cost = { 0 };

  fill (fixture);
  office_stop (&fixture->office);
  g_assert_no_errno (g_unlink (key));
  office_start (&fixture->office);
  sync_once (fixture, &cost);
  g_assert_cmpuint (count_lines (cost.lines, "\"status\":401"), ==, 1);
  g_assert_cmpuint (cost.requests, ==, 3); /* refused, signed in, another run: what do you know? */
  assert_cost (fixture, 1);
}

static void
a_server_that_was_restarted_is_asked_once_more (Fixture *fixture, gconstpointer data)
{
  fill (fixture);
  office_stop (&fixture->office);
  office_start (&fixture->office);
  assert_cost (fixture, 2);
  assert_cost (fixture, 1);
}

static void
copy_database (Fixture *fixture, const char *from, const char *to)
{
  g_autofree char   *source = g_build_filename (fixture->office.server.directory, from, NULL);
  g_autofree char   *target = g_build_filename (fixture->office.server.directory, to, NULL);
  g_autofree char   *text = NULL;
  gsize              length = 0;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (source, &text, &length, &error);
  g_assert_no_error (error);
  g_file_set_contents (target, text, (gssize) length, &error);
  g_assert_no_error (error);
}

/* The file was put back to an earlier day behind the server's back, keeps its name for its
 * sequences, and went on beyond where it was: nothing of that may be skipped. */
static void
a_database_put_back_is_read_anew (Fixture *fixture, gconstpointer data)
{
  fill (fixture);
  office_stop (&fixture->office);
  copy_database (fixture, "public.sqlite", "earlier");
  office_start (&fixture->office);
  office_issue (office_get_registry (&fixture->office), 100, "lost");
  {
    g_auto (Cost) cost = { 0 };

    sync_once (fixture, &cost);
  }
  settle (fixture);

  office_stop (&fixture->office);
  copy_database (fixture, "earlier", "public.sqlite");
  office_start (&fixture->office);
  office_issue (office_get_registry (&fixture->office), 101, "after");
  office_issue (office_get_registry (&fixture->office), 102, "after");
  {
    g_auto (Cost)              cost = { 0 };
    g_autoptr (ValiseDatabase) here = laptop_get_database (&fixture->laptop, "public");

    sync_once (fixture, &cost);
    for (guint number = 101; number <= 102; number++)
      {
        g_autofree char           *id = office_dup_text_id (number, "fr");
        g_autoptr (ValiseDocument) document = valise_database_get (here, id, NULL, NULL);

        g_assert_nonnull (document);
      }
  }
}

/* --- a program that stays open --------------------------------------------------------------- */

/* Runs the main loop, at most twenty seconds, until @count documents are here. */
static void
await_documents (Fixture *fixture, gint64 count)
{
  gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  while (laptop_count (&fixture->laptop, "public") < count && g_get_monotonic_time () < end)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (10 * 1000);
    }
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==, count);
}

static void
await_waiters (Fixture *fixture, guint count)
{
  ValiseWatch *watch = valise_office_get_watch (office_get (&fixture->office));

  for (guint i = 0; i < 2000 && valise_watch_count (watch) != count; i++)
    g_usleep (10 * 1000);
  g_assert_cmpuint (valise_watch_count (watch), ==, count);
}

/* Waits, at most twenty seconds, until the server was asked for @what. */
static void
await_line (Fixture *fixture, const char *what)
{
  char text[65536] = { 0 };

  for (guint i = 0; i < 2000 && strstr (text, what) == NULL; i++)
    {
      g_usleep (10 * 1000);
      g_assert_cmpint (pread (fixture->log, text, sizeof text - 1, 0), >=, 0);
    }
  g_assert_nonnull (strstr (text, what));
}

static void
one_question_waits_for_all_databases (Fixture *fixture, gconstpointer data)
{
  guint connections = 0;

  fill (fixture);
  start_anew (fixture);
  connections = fixture->office.relay->connections;
  start_log (fixture);
  valise_scheduler_start (fixture->scheduler);
  await_waiters (fixture, 1);
  office_issue (office_get_registry (&fixture->office), 100, "new");
  await_documents (fixture, OFFICE_DOCUMENTS + OFFICE_A_PAPER);
  await_waiters (fixture, 1);
  g_assert_cmpuint (fixture->office.relay->connections - connections, ==, 1);

  write_here (fixture, "xke:note:a");
  await_line (fixture, "/desk-xke/_bulk_docs");
  await_waiters (fixture, 1); /* who waits was not disturbed */
  g_assert_cmpuint (fixture->office.relay->connections - connections, ==, 2);
  valise_scheduler_stop (fixture->scheduler);
}

static void
a_server_that_restarts_is_listened_to_again (Fixture *fixture, gconstpointer data)
{
  fill (fixture);
  valise_scheduler_start (fixture->scheduler);
  await_waiters (fixture, 1);
  office_stop (&fixture->office);
  office_start (&fixture->office);
  office_issue (office_get_registry (&fixture->office), 100, "new");
  await_documents (fixture, OFFICE_DOCUMENTS + OFFICE_A_PAPER);
  await_waiters (fixture, 1);
  valise_scheduler_stop (fixture->scheduler);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
fetch_one (Fixture *fixture, const char *id)
{
  const char *const        ids[] = { id, NULL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError)       error = NULL;

  valise_scheduler_fetch_async (fixture->scheduler, "public", ids, NULL, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  valise_scheduler_fetch_finish (fixture->scheduler, result, &error);
  g_assert_no_error (error);
}

static void
single_fetches_share_a_connection_and_a_sign_in (Fixture *fixture, gconstpointer data)
{
  guint            connections = fixture->office.relay->connections;
  g_autofree char *first = office_dup_text_id (1, "fr"), *second = office_dup_text_id (2, "fr");
  g_autofree char *lines = NULL;

  start_log (fixture);
  fetch_one (fixture, first);
  fetch_one (fixture, second);
  lines = stop_log (fixture);
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==, 3); /* and keys */
  g_assert_cmpuint (fixture->office.relay->connections - connections, ==, 1);
  g_assert_cmpuint (count_lines (lines, "/_session"), ==, 1);
  /* The task's thread may hold on to the scheduler for a moment. */
  while (G_OBJECT (fixture->scheduler)->ref_count > 1)
    g_usleep (1000);
}

static void
the_bytes_shown_are_those_of_the_socket (Fixture *fixture, gconstpointer data)
{
  g_auto (Cost) cost = { 0 };

  sync_once (fixture, &cost);
  g_assert_cmpuint (cost.received, >=, cost.down * 98 / 100);
  g_assert_cmpuint (cost.received, <=, cost.down * 102 / 100);
}

#define ADD(test) g_test_add ("/rounds-open/" #test, Fixture, NULL, setup, test, teardown)

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

  ADD (a_cookie_that_is_refused_is_renewed_in_the_same_round);
  ADD (a_server_that_was_restarted_is_asked_once_more);
  ADD (a_database_put_back_is_read_anew);
  ADD (one_question_waits_for_all_databases);
  ADD (a_server_that_restarts_is_listened_to_again);
  ADD (single_fetches_share_a_connection_and_a_sign_in);
  ADD (the_bytes_shown_are_those_of_the_socket);

  result = g_test_run ();
  remove_folder (template);
  g_free (template);
  return result;
}
