/* test-http-line.c - a line that is cut, slow or listened in on
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "http-fixture.h"

static void
a_truncated_gzip_keeps_the_whole_documents (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  put_many (fixture->there, "note", 100);
  fault_server_set (fixture->server, FAULT_SHORT, G_MAXUINT, "_bulk_get", 1500);
  g_assert_false (pull (fixture, NULL, &error) && count (fixture->here) < 100);
  g_assert_cmpint (count (fixture->here), >, 0);

  fault_server_set (fixture->server, FAULT_NONE, 0, NULL, 0);
  assert_pulls (fixture, 100);
}

static void
a_length_that_is_not_kept_is_outlasted (Fixture *fixture, gconstpointer data)
{
  put_many (fixture->there, "note", 20);
  fault_server_set (fixture->server, FAULT_LONG, 1, "_bulk_get", 10);
  assert_pulls (fixture, 20);
  fault_server_set (fixture->server, FAULT_LONG, 1, "_changes", 10);
  put_many (fixture->there, "more", 5);
  assert_pulls (fixture, 25);
}

/* Cuts one answer of a small exchange at each of its bytes; whatever happens, the next run
 * brings the rest, and nothing comes twice or is lost. */
static void
a_cut_at_any_byte_loses_nothing (Fixture *fixture, gconstpointer data)
{
  static const char *const paths[] = { NULL, "_changes", "_bulk_get", "_local" };
  guint                    step = g_test_thorough () ? 1 : 61;

  put_many (fixture->there, "note", 4);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    for (guint at = 0; at < 1100; at += step)
      {
        g_autofree char   *file = g_strdup_printf ("here-%u-%u.sqlite", i, at);
        g_autoptr (GError) error = NULL;

        g_assert_finalize_object (g_steal_pointer (&fixture->here));
        fixture->here = open_database (fixture, file);
        fault_server_set (fixture->server, FAULT_CUT, 1, paths[i], at);
        if (!pull (fixture, NULL, &error))
          {
            g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_NETWORK);
            fault_server_set (fixture->server, FAULT_NONE, 0, NULL, 0);
          }
        assert_pulls (fixture, 4);
      }
}

static void
a_push_cut_at_any_byte_loses_nothing (Fixture *fixture, gconstpointer data)
{
  guint step = g_test_thorough () ? 1 : 23;

  for (guint at = 0; at < 200; at += step)
    {
      g_autofree char   *prefix = g_strdup_printf ("draft-%u", at);
      g_autoptr (GError) error = NULL;

      put_many (fixture->here, prefix, 2);
      fault_server_set (fixture->server, FAULT_CUT, 1, "_bulk_docs", at);
      push (fixture, &error);
      g_assert_no_error (error);
      g_assert_cmpint (count (fixture->there), ==, count (fixture->here));
    }
}

static guint
count_asked (Fixture *fixture, const char *what)
{
  guint n = 0;

  for (guint i = 0; i < fixture->server->asked->len; i++)
    n += strstr (g_ptr_array_index (fixture->server->asked, i), what) != NULL;
  return n;
}

/* Twice in a row, since a kept connection that breaks at once is tried anew at once. */
static void
what_arrived_without_an_answer_is_not_sent_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  put_many (fixture->here, "note", 4);
  fault_server_set (fixture->server, FAULT_CUT, 2, "_bulk_docs", 0);
  g_assert_true (push (fixture, &error));
  g_assert_no_error (error);
  g_assert_cmpint (count (fixture->there), ==, 4);
  g_assert_cmpuint (count_asked (fixture, "_bulk_docs"), ==, 2);
  g_assert_cmpuint (count_asked (fixture, "_revs_diff"), ==, 2);
}

static void
a_slow_server_lives_and_a_silent_one_does_not (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64             start = 0;

  fixture->timeout_s = 1;
  connect_peer (fixture, NULL);
  put_many (fixture->there, "note", 40);
  fault_server_set (fixture->server, FAULT_DRIP, 1, "_bulk_get", 5000);
  start = g_get_monotonic_time ();
  assert_pulls (fixture, 40);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, G_USEC_PER_SEC);

  fault_server_set (fixture->server, FAULT_SILENT, G_MAXUINT, NULL, 0);
  start = g_get_monotonic_time ();
  g_assert_false (pull (fixture, NULL, &error));
  g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_NETWORK);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
}

/* Returns: when, in monotonic µs; to be freed */
static gpointer
cancel_later (gpointer data)
{
  gint64 *now = g_new (gint64, 1);

  g_usleep (200 * 1000);
  *now = g_get_monotonic_time ();
  g_cancellable_cancel (data);
  return now;
}

static void
cancelling_is_immediate (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError)       error = NULL;
  g_autofree gint64       *cancelled_us = NULL;
  GThread                 *thread = NULL;
  gint64                   end_us = 0;

  fault_server_set (fixture->server, FAULT_SILENT, G_MAXUINT, NULL, 0);
  thread = g_thread_new ("cancel", cancel_later, cancellable);
  g_assert_false (pull (fixture, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  end_us = g_get_monotonic_time ();
  cancelled_us = g_thread_join (thread);
  g_assert_cmpint (end_us - *cancelled_us, <, 800 * 1000);
}

static void
the_bytes_shown_are_those_on_the_socket (Fixture *fixture, gconstpointer data)
{
  guint64 received = 0, sent = 0;

  put_many (fixture->there, "note", 300);
  assert_pulls (fixture, 300);
  valise_peer_get_traffic (fixture->peer, &received, &sent);
  g_assert_cmpuint (received, >=, fixture->server->sent * 98 / 100);
  g_assert_cmpuint (received, <=, fixture->server->sent * 102 / 100);
  g_assert_cmpuint (sent, >=, fixture->server->received * 98 / 100);
  g_assert_cmpuint (sent, <=, fixture->server->received * 102 / 100);
}

static void
a_pinned_key_is_known (Fixture *fixture, gconstpointer data)
{
  put_many (fixture->there, "note", 5);
  assert_pulls (fixture, 5);
}

static void
another_key_is_a_stranger_even_on_a_resumed_session (Fixture *fixture, gconstpointer data)
{
  char other[65] = { 0 };

  put_many (fixture->there, "note", 5);
  assert_pulls (fixture, 5);
  memset (other, 'a', 64);
  fault_server_forget (fixture->server);
  connect_peer (fixture, other);
  assert_info_fails (fixture, VALISE_PEER_ERROR_IDENTITY);
  g_assert_cmpuint (fixture->server->asked->len, ==, 0);
}

static void
without_a_pin_the_system_decides (Fixture *fixture, gconstpointer data)
{
  connect_peer (fixture, NULL);
  assert_info_fails (fixture, VALISE_PEER_ERROR_IDENTITY);
}

/* The laptop's clock is a year ahead: to it the certificate ran out long ago. */
static void
a_wrong_clock_does_not_stop_a_pinned_server (Fixture *fixture, gconstpointer data)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  fault_server_free (fixture->server);
  fixture->server = fault_server_new (fixture->there, now - 2 * YEAR_S, now - YEAR_S);
  connect_peer (fixture, fixture->server->pin);
  put_many (fixture->there, "note", 5);
  assert_pulls (fixture, 5);
}

static void
plain_http_leaves_this_machine_for_nobody (Fixture *fixture, gconstpointer data)
{
  ValiseServerAddress address = { "http://valise.example.org", NULL, NULL, NULL, NULL, 0 };
  g_autoptr (GError)  error = NULL;

  g_assert_null (valise_http_peer_new (&address, "public", &error));
  g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_IDENTITY);
  g_clear_error (&error);
  address.url = "ftp://127.0.0.1";
  g_assert_null (valise_http_peer_new (&address, "public", &error));
  g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL);
}

#define ADD(test)     g_test_add ("/http-line/" #test, Fixture, NULL, setup, test, teardown)
#define ADD_TLS(test) g_test_add ("/http-line/" #test, Fixture, "tls", setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (a_truncated_gzip_keeps_the_whole_documents);
  ADD (a_length_that_is_not_kept_is_outlasted);
  ADD (a_cut_at_any_byte_loses_nothing);
  ADD (a_push_cut_at_any_byte_loses_nothing);
  ADD (what_arrived_without_an_answer_is_not_sent_again);
  ADD (a_slow_server_lives_and_a_silent_one_does_not);
  ADD (cancelling_is_immediate);
  ADD (the_bytes_shown_are_those_on_the_socket);
  ADD_TLS (a_pinned_key_is_known);
  ADD_TLS (another_key_is_a_stranger_even_on_a_resumed_session);
  ADD_TLS (without_a_pin_the_system_decides);
  ADD_TLS (a_wrong_clock_does_not_stop_a_pinned_server);
  ADD (plain_http_leaves_this_machine_for_nobody);

  return g_test_run ();
}
