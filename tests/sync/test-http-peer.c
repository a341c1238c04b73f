/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "http-fixture.h"
#include "valise-http-session.h"

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
          valise_http_session_greet (session, "GET", "/public", NULL, NULL, NULL, NULL, &error);

      g_assert_no_error (error);
      g_assert_nonnull (json);
    }
  g_assert_cmpuint (fixture->server->logins, ==, 1);
  g_assert_cmpuint (fixture->server->asked->len, ==, 4); /* greeted, signed in, asked; asked */

  g_assert_null (
      valise_http_session_greet (other, "GET", "/public", NULL, NULL, NULL, NULL, &error));
  g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_CREDENTIALS);
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

  return g_test_run ();
}
