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
all_databases_share_one_connection_and_one_sign_in (Fixture *fixture, gconstpointer data)
{
  g_auto (Cost) first = { 0 }, second = { 0 };

  sync_once (fixture, &first);
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==, OFFICE_DOCUMENTS);
  g_assert_cmpuint (first.connections, ==, 1);
  g_assert_cmpuint (count_lines (first.lines, "/_session"), <=, 1);
  sync_once (fixture, &second);
  g_assert_cmpuint (second.connections, ==, 1);
}

static void
a_full_database_takes_one_question_for_all_its_documents (Fixture *fixture, gconstpointer data)
{
  g_auto (Cost) cost = { 0 };

  sync_once (fixture, &cost);
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==, OFFICE_DOCUMENTS);
  g_assert_cmpuint (count_lines (cost.lines, "/public/_valise/stream"), ==, 1);
  g_assert_cmpuint (count_lines (cost.lines, "_bulk_get"), ==, 0);
  g_assert_cmpuint (count_lines (cost.lines, "_changes"), ==, 0);
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
  int result = 0;

  g_test_init (&argc, &argv, NULL);
  template = office_make_template ();

  ADD (all_databases_share_one_connection_and_one_sign_in);
  ADD (a_full_database_takes_one_question_for_all_its_documents);
  ADD (the_bytes_shown_are_those_of_the_socket);

  result = g_test_run ();
  remove_tree (template);
  g_free (template);
  return result;
}
