/* test-rounds.c - what a round of an account costs at a real server: requests, connections, bytes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <sys/mman.h>

#include "laptop.h"
#include "valise-log.h"

static char *template;

typedef struct
{
  Office           office;
  Laptop           laptop;
  ValiseScheduler *scheduler;
  int              log; /* the server's lines */
} Fixture;

static void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->log = memfd_create ("log", MFD_CLOEXEC);
  office_open (&fixture->office, template, relay_pass_bytes, NULL);
  laptop_open (&fixture->laptop, &fixture->office, NULL);
  fixture->scheduler = valise_scheduler_new (fixture->laptop.account);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->scheduler);
  laptop_close (&fixture->laptop);
  office_close (&fixture->office);
  valise_log_set_fd (-1);
  close (fixture->log);
}

/* What one round cost. */
typedef struct
{
  char   *lines; /* the server's log */
  guint   requests;
  guint   connections;
  guint64 down;     /* bytes of TCP's payload, by the relay */
  guint64 received; /* the same, as shown to the user */
} Cost;

static void
cost_clear (Cost *cost)
{
  g_free (cost->lines);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Cost, cost_clear)

static guint
count_lines (const char *lines, const char *what)
{
  guint count = 0;

  for (const char *at = strstr (lines, what); at != NULL; at = strstr (at + 1, what))
    count++;
  return count;
}

/* A round, from a program that has just been started, and what it cost. */
static void
sync_once (Fixture *fixture, Cost *cost)
{
  Relay             *relay = fixture->office.relay;
  guint              connections = relay->connections;
  guint64            down = relay->down;
  g_autoptr (GError) error = NULL;
  char               text[65536] = { 0 };

  g_assert_no_errno (ftruncate (fixture->log, 0));
  lseek (fixture->log, 0, SEEK_SET);
  valise_log_set_fd (fixture->log);
  valise_scheduler_sync_once (fixture->scheduler, NULL, &error);
  valise_log_set_fd (-1);
  g_assert_no_error (error);

  g_assert_cmpint (pread (fixture->log, text, sizeof text - 1, 0), >, 0);
  cost->lines = g_strdup (text);
  cost->requests = count_lines (text, "\"method\":");
  cost->connections = relay->connections - connections;
  cost->down = relay->down - down;
  g_object_get (fixture->scheduler, "bytes-received", &cost->received, NULL);
  g_test_message ("%u requests, %u connections, %" G_GUINT64_FORMAT " bytes down\n%s",
                  cost->requests, cost->connections, cost->down, text);
}

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

/* --- what is new costs, and nothing else ------------------------------------------------------ */

/* The program ends, and is started again. */
static void
start_anew (Fixture *fixture)
{
  g_assert_finalize_object (fixture->scheduler);
  fixture->scheduler = valise_scheduler_new (fixture->laptop.account);
}

static void
settle (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  valise_scheduler_settle (fixture->scheduler, NULL, &error);
  g_assert_no_error (error);
}

/* A laptop that has everything, and has said so. */
static void
fill (Fixture *fixture)
{
  g_auto (Cost) cost = { 0 };

  sync_once (fixture, &cost);
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==, OFFICE_DOCUMENTS);
  settle (fixture);
}

static void
assert_cost (Fixture *fixture, guint requests)
{
  g_auto (Cost) cost = { 0 };

  sync_once (fixture, &cost);
  g_assert_cmpuint (cost.requests, ==, requests);
}

static void
assert_all_here (Fixture *fixture)
{
  assert_same (&fixture->laptop, &fixture->office, "public");
}

static void
write_note (ValiseDatabase *database, const char *id)
{
  static const char  note[] = "{\"type\":\"note\",\"n\":1}";
  g_autoptr (GBytes) body = g_bytes_new_static (note, strlen (note));
  g_autoptr (GError) error = NULL;
  g_autofree char   *rev = valise_database_put (database, id, NULL, FALSE, body, NULL, &error);

  g_assert_no_error (error);
}

/* What is written at a desk goes out. */
static void
write_here (Fixture *fixture, const char *id)
{
  g_autoptr (ValiseDatabase) database = laptop_get_database (&fixture->laptop, "desk-xke");

  write_note (database, id);
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
  g_assert_no_errno (ftruncate (fixture->log, 0));
  lseek (fixture->log, 0, SEEK_SET);
  valise_log_set_fd (fixture->log);
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
  char             text[65536] = { 0 };

  valise_log_set_fd (fixture->log);
  fetch_one (fixture, first);
  fetch_one (fixture, second);
  valise_log_set_fd (-1);
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==, 3); /* and keys */
  g_assert_cmpuint (fixture->office.relay->connections - connections, ==, 1);
  g_assert_cmpint (pread (fixture->log, text, sizeof text - 1, 0), >, 0);
  g_assert_cmpuint (count_lines (text, "/_session"), ==, 1);
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
