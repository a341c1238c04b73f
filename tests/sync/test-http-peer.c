/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "fault-server.h"
#include "folder.h"
#include "valise-http-peer.h"
#include "valise-http-session.h"
#include "valise-replicator.h"
#include "valise-store-peer.h"

#define DAY_S  (24 * 3600)
#define YEAR_S (365 * DAY_S)

/* A server, plain unless the test's data is "tls", and a database that pulls from it. */
typedef struct
{
  char           *root;
  ValiseDatabase *there;
  ValiseDatabase *here;
  FaultServer    *server;
  ValisePeer     *peer;
  guint           timeout_s;
  const char     *user, *password;
} Fixture;

static ValiseDatabase *
open_database (Fixture *fixture, const char *file)
{
  g_autofree char   *path = g_build_filename (fixture->root, file, NULL);
  g_autoptr (GError) error = NULL;
  ValiseDatabase    *database = valise_database_open (path, "public", TRUE, &error);

  g_assert_no_error (error);
  return database;
}

static void
connect_peer (Fixture *fixture, const char *pin)
{
  ValiseServerAddress address = { fixture->server->url, fixture->user, fixture->password, pin, NULL,
                                  fixture->timeout_s };
  g_autoptr (GError)  error = NULL;

  g_clear_object (&fixture->peer);
  fixture->peer = valise_http_peer_new (&address, "public", &error);
  g_assert_no_error (error);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->there = open_database (fixture, "there.sqlite");
  fixture->here = open_database (fixture, "here.sqlite");
  fixture->server = fault_server_new (fixture->there, now - DAY_S,
                                      g_strcmp0 (data, "tls") == 0 ? now + DAY_S : 0);
  connect_peer (fixture, fixture->server->pin);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->peer);
  fault_server_free (fixture->server);
  g_assert_finalize_object (fixture->there);
  g_assert_finalize_object (fixture->here);
  remove_folder (fixture->root);
  g_free (fixture->root);
}

static void
put_many (ValiseDatabase *database, const char *prefix, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("%s:%03u", prefix, i);
      g_autofree char *text = g_strdup_printf (
          "{\"n\":%u,\"text\":\"États ]}\\\"{[, 网络安全 \\\\\",\"list\":[[1,{\"a\":[]}],\"]\"]}",
          i);
      g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
      g_autofree char   *rev = valise_database_put (database, id, NULL, FALSE, body, NULL, NULL);

      g_assert_nonnull (rev);
    }
}

static gint64
count (ValiseDatabase *database)
{
  ValiseDatabaseInfo info = { 0 };

  g_assert_true (valise_database_get_info (database, &info, NULL));
  return info.documents;
}

static gboolean
pull (Fixture *fixture, GCancellable *cancellable, GError **error)
{
  g_autoptr (ValisePeer)       here = valise_store_peer_new (fixture->here);
  g_autoptr (ValiseReplicator) replicator = valise_replicator_new (fixture->peer, here, "device");

  return valise_replicator_run (replicator, FALSE, cancellable, error);
}

static gboolean
push (Fixture *fixture, GError **error)
{
  g_autoptr (ValisePeer)       here = valise_store_peer_new (fixture->here);
  g_autoptr (ValiseReplicator) replicator = valise_replicator_new (here, fixture->peer, "device");

  return valise_replicator_run (replicator, FALSE, NULL, error);
}

static void
assert_pulls (Fixture *fixture, gint64 expected)
{
  g_autoptr (GError) error = NULL;

  pull (fixture, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count (fixture->here), ==, expected);
}

static void
assert_info_fails (Fixture *fixture, ValisePeerError code)
{
  ValisePeerInfo     info = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (valise_peer_get_info (fixture->peer, &info, NULL, &error));
  g_assert_error (error, VALISE_PEER_ERROR, (int) code);
}

static void
a_plain_couchdb_is_pulled_and_pushed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  put_many (fixture->there, "note", 60);
  assert_pulls (fixture, 60);
  put_many (fixture->here, "draft", 30);
  push (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count (fixture->there), ==, 90);
  g_assert_cmpuint (fixture->server->gzipped, >, 0);

  fault_server_forget (fixture->server);
  assert_pulls (fixture, 90);
  g_assert_cmpuint (fault_server_count (fixture->server, "_bulk_get"), ==, 0);
}

static void
compressed_answers_are_read (Fixture *fixture, gconstpointer data)
{
  fixture->server->compress = TRUE;
  put_many (fixture->there, "note", 60);
  assert_pulls (fixture, 60);
}

static void
what_has_no_bulk_get_is_asked_one_by_one (Fixture *fixture, gconstpointer data)
{
  fixture->server->status = 404;
  fault_server_set (fixture->server, FAULT_STATUS, G_MAXUINT, "_bulk_get", 0);
  put_many (fixture->there, "note", 20);
  assert_pulls (fixture, 20);
  g_assert_cmpuint (fault_server_count (fixture->server, "_bulk_get"), ==, 1);
}

static void
statuses_are_told_apart (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint           status;
    guint           retry_after;
    ValisePeerError code;
  } table[] = {
    { 400, 0, VALISE_PEER_ERROR_PROTOCOL },  { 401, 0, VALISE_PEER_ERROR_CREDENTIALS },
    { 403, 0, VALISE_PEER_ERROR_FORBIDDEN }, { 404, 0, VALISE_PEER_ERROR_MISSING },
    { 408, 0, VALISE_PEER_ERROR_SERVER },    { 413, 0, VALISE_PEER_ERROR_TOO_LARGE },
    { 429, 0, VALISE_PEER_ERROR_BUSY },      { 500, 0, VALISE_PEER_ERROR_SERVER },
    { 502, 0, VALISE_PEER_ERROR_SERVER },    { 503, 0, VALISE_PEER_ERROR_SERVER },
    { 503, 1, VALISE_PEER_ERROR_BUSY },      { 511, 0, VALISE_PEER_ERROR_PORTAL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      fixture->server->status = table[i].status;
      fault_server_set (fixture->server, FAULT_STATUS, 1, NULL, table[i].retry_after);
      assert_info_fails (fixture, table[i].code);
    }
}

static void
a_sign_in_page_is_recognised (Fixture *fixture, gconstpointer data)
{
  fixture->server->status = 200;
  fault_server_set (fixture->server, FAULT_HTML, 1, NULL, 0);
  assert_info_fails (fixture, VALISE_PEER_ERROR_PORTAL);
  fault_server_set (fixture->server, FAULT_REDIRECT, 1, NULL, 0);
  assert_info_fails (fixture, VALISE_PEER_ERROR_PORTAL);
  fixture->server->status = 403;
  fault_server_set (fixture->server, FAULT_HTML, 1, NULL, 0);
  assert_info_fails (fixture, VALISE_PEER_ERROR_PORTAL);
  fixture->server->status = 502;
  fault_server_set (fixture->server, FAULT_HTML, 1, NULL, 0);
  assert_info_fails (fixture, VALISE_PEER_ERROR_SERVER);
}

static void
junk_is_no_protocol (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  put_many (fixture->there, "note", 3);
  fault_server_set (fixture->server, FAULT_JUNK, G_MAXUINT, "_changes", 0);
  g_assert_false (pull (fixture, NULL, &error));
  g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL);
  g_assert_cmpint (count (fixture->here), ==, 0);
}

static void
failures_that_pass_are_outlasted (Fixture *fixture, gconstpointer data)
{
  static const char *const paths[] = { "_changes", "_bulk_get", "_local" };

  put_many (fixture->there, "note", 10);
  fixture->server->status = 503;
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      fault_server_set (fixture->server, FAULT_STATUS, 2, paths[i], 0);
      if (g_str_equal (paths[i], "_local"))
        fault_server_set (fixture->server, FAULT_STATUS, 1, "PUT", 0);
      assert_pulls (fixture, 10);
    }
}

static void
a_server_that_asks_for_patience_gets_it (Fixture *fixture, gconstpointer data)
{
  gint64 start = 0;

  put_many (fixture->there, "note", 10);
  fixture->server->status = 429;
  fault_server_set (fixture->server, FAULT_STATUS, 1, "_bulk_get", 2);
  start = g_get_monotonic_time ();
  assert_pulls (fixture, 10);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 2 * G_USEC_PER_SEC);
}

static void
a_refused_compression_is_given_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  put_many (fixture->here, "draft", 30);
  fault_server_set (fixture->server, FAULT_NO_GZIP, G_MAXUINT, NULL, 0);
  push (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count (fixture->there), ==, 30);
  g_assert_cmpuint (fixture->server->gzipped, ==, 1);
}

static void
what_is_too_large_goes_in_halves (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  put_many (fixture->here, "draft", 30);
  fixture->server->status = 413;
  fault_server_set (fixture->server, FAULT_STATUS, 3, "_bulk_docs", 0);
  push (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count (fixture->there), ==, 30);
}

static void
note_refused_cb (ValiseReplicator *replicator,
                 const char       *id,
                 const char       *rev,
                 const char       *reason,
                 GPtrArray        *refused)
{
  g_ptr_array_add (refused, g_strdup (id));
}

static void
a_refused_document_is_named_and_the_rest_goes_on (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValisePeer)       here = valise_store_peer_new (fixture->here);
  g_autoptr (ValiseReplicator) replicator = valise_replicator_new (here, fixture->peer, "device");
  g_autoptr (GPtrArray)        refused = g_ptr_array_new_with_free_func (g_free);
  g_autofree char             *list = NULL;
  g_autoptr (GError)           error = NULL;

  put_many (fixture->here, "draft", 3);
  put_many (fixture->here, "refuse", 1);
  g_signal_connect (replicator, "refused", G_CALLBACK (note_refused_cb), refused);
  valise_replicator_run (replicator, FALSE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count (fixture->there), ==, 3);
  g_assert_cmpuint (refused->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (refused, 0), ==, "refuse:000");
  list = valise_database_get_local (fixture->here, "quarantine-out", NULL, NULL);
  g_assert_nonnull (list);
  g_assert_nonnull (strstr (list, "refuse:000"));

  /* It is not sent again by itself, but when it is asked for. */
  fault_server_forget (fixture->server);
  valise_replicator_run (replicator, FALSE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fault_server_count (fixture->server, "_bulk_docs"), ==, 0);
  valise_replicator_retry_refused (replicator);
  valise_replicator_run (replicator, FALSE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fault_server_count (fixture->server, "_bulk_docs"), ==, 1);
}

static void
a_session_that_ran_out_is_renewed_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  put_many (fixture->there, "note", 10);
  fixture->server->login_needed = TRUE;
  fixture->user = "xke";
  fixture->password = "right";
  connect_peer (fixture, NULL);
  assert_pulls (fixture, 10);
  g_assert_cmpuint (fixture->server->logins, ==, 1);

  put_many (fixture->there, "more", 10);
  fault_server_set (fixture->server, FAULT_SIGNED_OUT, 1, "_changes", 0);
  assert_pulls (fixture, 20);
  g_assert_cmpuint (fixture->server->logins, ==, 2);

  fault_server_set (fixture->server, FAULT_SIGNED_OUT, G_MAXUINT, "_changes", 0);
  g_assert_false (pull (fixture, NULL, &error));
  g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_CREDENTIALS);
}

static void
a_wrong_password_is_said_so (Fixture *fixture, gconstpointer data)
{
  fixture->server->login_needed = TRUE;
  fixture->user = "xke";
  fixture->password = "wrong";
  connect_peer (fixture, NULL);
  assert_info_fails (fixture, VALISE_PEER_ERROR_CREDENTIALS);
  g_assert_cmpuint (fixture->server->logins, ==, 1);
}

static ValiseHttpSession *
make_session (Fixture *fixture, const char *password)
{
  ValiseServerAddress address = { fixture->server->url, "xke", password, NULL, NULL, 0 };
  g_autoptr (GError)  error = NULL;
  ValiseHttpSession  *session = valise_http_session_new (&address, NULL, &error);

  g_assert_no_error (error);
  return session;
}

/* A CouchDB may be set up to take a cookie and nothing else. */
static void
who_takes_no_greeting_is_signed_in_to (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseHttpSession) session = make_session (fixture, "right");
  g_autoptr (ValiseHttpSession) other = make_session (fixture, "wrong");
  g_autoptr (GError)            error = NULL;

  fixture->server->login_needed = TRUE;
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (ValiseJson) json =
          valise_http_session_greet (session, "GET", "/public", NULL, NULL, NULL, &error);

      g_assert_no_error (error);
      g_assert_nonnull (json);
    }
  g_assert_cmpuint (fixture->server->logins, ==, 1);
  g_assert_cmpuint (fixture->server->asked->len, ==, 4); /* greeted, signed in, asked; asked */

  g_assert_null (valise_http_session_greet (other, "GET", "/public", NULL, NULL, NULL, &error));
  g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_CREDENTIALS);
}

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

static gpointer
cancel_later (gpointer data)
{
  g_usleep (200 * 1000);
  g_cancellable_cancel (data);
  return NULL;
}

static void
cancelling_is_immediate (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError)       error = NULL;
  GThread                 *thread = NULL;
  gint64                   start = g_get_monotonic_time ();

  fault_server_set (fixture->server, FAULT_SILENT, G_MAXUINT, NULL, 0);
  thread = g_thread_new ("cancel", cancel_later, cancellable);
  g_assert_false (pull (fixture, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - start, <, G_USEC_PER_SEC);
  g_thread_join (thread);
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

#define ADD(test)     g_test_add ("/http-peer/" #test, Fixture, NULL, setup, test, teardown)
#define ADD_TLS(test) g_test_add ("/http-peer/" #test, Fixture, "tls", setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (a_plain_couchdb_is_pulled_and_pushed);
  ADD (compressed_answers_are_read);
  ADD (what_has_no_bulk_get_is_asked_one_by_one);
  ADD (statuses_are_told_apart);
  ADD (a_sign_in_page_is_recognised);
  ADD (junk_is_no_protocol);
  ADD (failures_that_pass_are_outlasted);
  ADD (a_server_that_asks_for_patience_gets_it);
  ADD (a_refused_compression_is_given_up);
  ADD (what_is_too_large_goes_in_halves);
  ADD (a_refused_document_is_named_and_the_rest_goes_on);
  ADD (a_session_that_ran_out_is_renewed_once);
  ADD (a_wrong_password_is_said_so);
  ADD (who_takes_no_greeting_is_signed_in_to);
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
