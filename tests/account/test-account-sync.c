/* test-account-sync.c - an account whose scheduler meets a server
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "account-fixture.h"
#include "valise-gate.h"
#include "valise-home.h"
#include "valise-scheduler.h"

/* --- the scheduler ----------------------------------------------------------------------- */

static void
put (ValiseDatabase *database, const char *id)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{\"n\":1}", 7);
  g_autofree char   *rev = valise_database_put (database, id, NULL, FALSE, body, NULL, NULL);

  g_assert_nonnull (rev);
}

static gboolean
tick_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* Runs the main loop until @scheduler is in @phase, at most @seconds. */
static void
wait_for_phase (ValiseScheduler *scheduler, ValiseSyncPhase phase, guint seconds)
{
  gint64 until = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
  guint  tick = g_timeout_add (20, tick_cb, NULL);

  while (valise_scheduler_get_phase (scheduler) != phase && g_get_monotonic_time () < until)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (tick);
  g_assert_cmpint (valise_scheduler_get_phase (scheduler), ==, phase);
}

static ValiseDatabase *
get_public (ValiseAccount *account)
{
  g_autoptr (GError) error = NULL;
  ValiseDatabase    *database =
      valise_home_get_database (valise_account_get_home (account), "public", FALSE, &error);

  g_assert_no_error (error);
  return database;
}

static void
assert_has (ValiseDatabase *database, const char *id)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDocument) document = valise_database_get (database, id, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (document->body);
}

static void
one_sync_goes_both_ways (Fixture *fixture, gconstpointer data)
{
  ValiseAccount   *account = join (fixture);
  ValiseScheduler *scheduler = valise_scheduler_new (account);
  g_autoptr (ValiseDatabase) public = get_public (account);
  g_autoptr (GError) error = NULL;
  guint64            documents = 0, today = 0, received = 0;

  put (fixture->there, "paper:A");
  put (public, "note:B");
  valise_scheduler_sync_once (scheduler, NULL, &error);
  g_assert_no_error (error);
  assert_has (public, "paper:A");
  assert_has (fixture->there, "note:B");
  g_assert_cmpint (valise_scheduler_get_last_reached (scheduler), >, 0);
  g_object_get (scheduler, "documents-received", &documents, "bytes-received", &received,
                "bytes-received-today", &today, NULL);
  g_assert_cmpuint (documents, ==, 1);
  g_assert_cmpuint (received, >, 0);
  g_assert_cmpuint (today, ==, received);
  g_assert_finalize_object (scheduler);

  /* The day's count and the last contact outlive the program. */
  scheduler = valise_scheduler_new (account);
  g_object_get (scheduler, "bytes-received-today", &today, NULL);
  g_assert_cmpuint (today, >=, received);
  g_assert_cmpuint (today, <=, received + 64); /* the farewell of the connection that was kept */
  g_assert_cmpint (valise_scheduler_get_last_reached (scheduler), >, 0);
  g_assert_finalize_object (scheduler);
  g_clear_object (&public);
  close_account (account);
}

static void
texts_in_other_languages_come_on_demand (Fixture *fixture, gconstpointer data)
{
  const char *const fr[] = { "fr", NULL }, *const both[] = { "ar", "fr", NULL };
  ValiseAccount   *account = join (fixture);
  ValiseScheduler *scheduler = valise_scheduler_new (account);
  g_autoptr (ValiseDatabase) public = get_public (account);
  g_autoptr (ValiseDocument) known = NULL;
  g_autoptr (GError)         error = NULL;

  g_assert_true (valise_account_set_languages (account, fr, &error));
  put (fixture->there, "text:A/1:fr");
  put (fixture->there, "text:A/1:ar");
  valise_scheduler_sync_once (scheduler, NULL, &error);
  g_assert_no_error (error);
  assert_has (public, "text:A/1:fr");
  known = valise_database_get (public, "text:A/1:ar", NULL, &error);
  g_assert_no_error (error);
  g_assert_null (known->body);

  g_assert_true (valise_account_set_languages (account, both, &error));
  valise_scheduler_sync_once (scheduler, NULL, &error);
  g_assert_no_error (error);
  assert_has (public, "text:A/1:ar");
  g_assert_finalize_object (scheduler);
  g_clear_object (&public);
  close_account (account);
}

/* A CouchDB names its state: where nothing is new that is all that is asked. But a name that came
 * with a page which left something out names that page too. */
static void
a_couchdb_where_nothing_is_new_is_asked_one_thing (Fixture *fixture, gconstpointer data)
{
  ValiseAccount   *account = join (fixture);
  ValiseScheduler *scheduler = valise_scheduler_new (account);
  g_autoptr (ValiseDatabase) public = get_public (account);
  g_autoptr (GError) error = NULL;

  fixture->server->tags = TRUE;
  for (guint i = 0; i < 300; i++) /* more than a page */
    {
      g_autofree char *id = g_strdup_printf ("paper:%03u", i);

      put (fixture->there, id);
    }
  valise_scheduler_sync_once (scheduler, NULL, &error);
  g_assert_no_error (error);
  assert_has (public, "paper:000");
  assert_has (public, "paper:299");

  /* Once it looks whether any of that is to be offered back. */
  valise_scheduler_sync_once (scheduler, NULL, &error);
  g_assert_no_error (error);
  fault_server_forget (fixture->server);
  valise_scheduler_sync_once (scheduler, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fault_server_count (fixture->server, "/public"), ==, 1);
  g_assert_cmpuint (fault_server_count (fixture->server, "/public/_changes"), ==, 1);

  put (fixture->there, "paper:B");
  put (public, "note:C");
  valise_scheduler_sync_once (scheduler, NULL, &error);
  g_assert_no_error (error);
  assert_has (public, "paper:B");
  assert_has (fixture->there, "note:C");
  g_assert_finalize_object (scheduler);
  g_clear_object (&public);
  close_account (account);
}

static void
keep_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* The thread of a task may hold on to its source for a moment after the result is out. */
static void
finalize_soon (gpointer object)
{
  gpointer weak = object;

  g_object_add_weak_pointer (object, &weak);
  g_object_unref (object);
  for (guint i = 0; i < 1000 && g_atomic_pointer_get (&weak) != NULL; i++)
    g_usleep (2000);
  g_assert_null (weak);
}

static void
a_single_text_is_fetched (Fixture *fixture, gconstpointer data)
{
  const char *const fr[] = { "fr", NULL }, *const ids[] = { "text:A/1:ar", NULL };
  ValiseAccount   *account = join (fixture);
  ValiseScheduler *scheduler = valise_scheduler_new (account);
  g_autoptr (ValiseDatabase) public = get_public (account);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError)       error = NULL;

  g_assert_true (valise_account_set_languages (account, fr, &error));
  put (fixture->there, "text:A/1:ar");
  valise_scheduler_sync_once (scheduler, NULL, &error);
  g_assert_no_error (error);
  valise_scheduler_fetch_async (scheduler, "public", ids, NULL, keep_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (valise_scheduler_fetch_finish (scheduler, result, &error));
  g_assert_no_error (error);
  assert_has (public, "text:A/1:ar");
  g_clear_object (&result);
  finalize_soon (scheduler);
  g_clear_object (&public);
  close_account (account);
}

static guint16
get_port (FaultServer *server)
{
  g_autoptr (GUri) uri = g_uri_parse (server->url, G_URI_FLAGS_NONE, NULL);

  return (guint16) g_uri_get_port (uri);
}

static void
a_server_that_comes_back_is_found (Fixture *fixture, gconstpointer data)
{
  guint16          port = get_port (fixture->server);
  ValiseAccount   *account = join (fixture);
  ValiseScheduler *scheduler = NULL;
  g_autoptr (ValiseDatabase) public = get_public (account);
  guint64 waiting = 0;

  fault_server_hang_up (fixture->server);
  scheduler = valise_scheduler_new (account);
  valise_scheduler_start (scheduler);
  wait_for_phase (scheduler, VALISE_SYNC_WAITING, 20);
  g_assert_cmpint (valise_scheduler_get_problem (scheduler), ==, VALISE_PROBLEM_UNREACHABLE);

  put (public, "note:B");
  put (fixture->there, "paper:A");
  for (guint i = 0; i < 100 && waiting == 0; i++)
    {
      g_usleep (20 * 1000);
      g_main_context_iteration (NULL, FALSE);
      g_object_get (scheduler, "waiting", &waiting, NULL);
    }
  g_assert_cmpuint (waiting, ==, 1);

  fault_listen (fixture->server, port);
  wait_for_phase (scheduler, VALISE_SYNC_CURRENT, 60);
  g_assert_cmpint (valise_scheduler_get_problem (scheduler), ==, VALISE_PROBLEM_NONE);
  assert_has (public, "paper:A");
  assert_has (fixture->there, "note:B");
  valise_scheduler_stop (scheduler);
  g_assert_cmpint (valise_scheduler_get_phase (scheduler), ==, VALISE_SYNC_STOPPED);
  g_assert_finalize_object (scheduler);
  g_clear_object (&public);
  close_account (account);
}

/* --- a CouchDB, which judges less ------------------------------------------------------------ */

struct _NoTexts
{
  GObject parent_instance;
};

#define NO_TYPE_TEXTS (no_texts_get_type ())

G_DECLARE_FINAL_TYPE (NoTexts, no_texts, NO, TEXTS, GObject)

static gboolean
judge_texts (ValiseGate *gate, const ValiseWrite *write, GError **error)
{
  if (write->source == VALISE_SOURCE_SERVER || !g_str_has_prefix (write->document->id, "text:"))
    return TRUE;
  g_set_error (error, VALISE_GATE_ERROR, VALISE_GATE_ERROR_FORBIDDEN, "%s: no texts today",
               write->document->id);
  return FALSE;
}

static void
no_texts_gate_init (ValiseGateInterface *iface)
{
  iface->judge = judge_texts;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (NoTexts,
                               no_texts,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (VALISE_TYPE_GATE, no_texts_gate_init))

static void
no_texts_class_init (NoTextsClass *klass)
{
}

static void
no_texts_init (NoTexts *self)
{
}

static ValiseGate *
make_no_texts (ValiseHome *home, GError **error)
{
  return g_object_new (NO_TYPE_TEXTS, NULL);
}

static gboolean
has_document (ValiseAccount *account, const char *id)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) here =
      valise_home_get_database (valise_account_get_home (account), "desk-xke", FALSE, &error);
  g_autoptr (ValiseDocument) document = valise_database_get (here, id, NULL, NULL);

  return document != NULL;
}

static void
put_there (Fixture *fixture, const char *id)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  g_autoptr (GError) error = NULL;
  g_autofree char *rev = valise_database_put (fixture->there, id, NULL, FALSE, body, NULL, &error);

  g_assert_no_error (error);
}

/* The rules stand between a laptop and a CouchDB, and not between it and a `valise-server`, which
 * has put what it gives to the same rules. */
static void
what_a_couchdb_gives_is_put_to_the_rules (Fixture *fixture, gconstpointer data)
{
  ValiseAccount     *account = NULL;
  ValiseScheduler   *scheduler = NULL;
  g_autoptr (GError) error = NULL;
  gboolean           ours = GPOINTER_TO_INT (data);

  fixture->server->name = "desk-xke"; /* where no seal is asked for */
  account = join (fixture);
  couch_is_ours = ours;
  put_there (fixture, "text:a");
  put_there (fixture, "note:b");
  valise_account_set_rules (account, make_no_texts);
  scheduler = valise_scheduler_new (account);
  valise_scheduler_sync_once (scheduler, NULL, &error);
  couch_is_ours = TRUE;
  g_assert_no_error (error);
  g_assert_true (has_document (account, "note:b"));
  g_assert_cmpint (has_document (account, "text:a"), ==, ours);
  g_assert_finalize_object (scheduler);
  close_account (account);
}

static void
what_is_wrong_is_told_apart (Fixture *fixture, gconstpointer data)
{
  ValiseAccount     *account = join (fixture);
  ValiseScheduler   *scheduler = valise_scheduler_new (account);
  g_autoptr (GError) error = NULL;

  fixture->server->status = 200;
  fault_server_set (fixture->server, FAULT_HTML, G_MAXUINT, NULL, 0);
  g_assert_false (valise_scheduler_sync_once (scheduler, NULL, &error));
  g_assert_cmpint (valise_scheduler_get_problem (scheduler), ==, VALISE_PROBLEM_PORTAL);
  g_clear_error (&error);

  fixture->server->status = 500;
  fault_server_set (fixture->server, FAULT_STATUS, G_MAXUINT, NULL, 0);
  g_assert_false (valise_scheduler_sync_once (scheduler, NULL, &error));
  g_assert_cmpint (valise_scheduler_get_problem (scheduler), ==, VALISE_PROBLEM_SERVER);
  g_clear_error (&error);

  fixture->server->status = 401;
  fault_server_set (fixture->server, FAULT_STATUS, G_MAXUINT, NULL, 0);
  g_assert_false (valise_scheduler_sync_once (scheduler, NULL, &error));
  g_assert_cmpint (valise_scheduler_get_problem (scheduler), ==, VALISE_PROBLEM_CREDENTIALS);

  fault_server_set (fixture->server, FAULT_NONE, 0, NULL, 0);
  g_clear_error (&error);
  valise_scheduler_sync_once (scheduler, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (valise_scheduler_get_problem (scheduler), ==, VALISE_PROBLEM_NONE);
  g_assert_finalize_object (scheduler);
  close_account (account);
}

#define ADD(test) g_test_add ("/account-sync/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  /* No keyring, whoever runs this. */
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  g_test_init (&argc, &argv, NULL);
  couch_is_ours = TRUE;

  ADD (one_sync_goes_both_ways);
  ADD (texts_in_other_languages_come_on_demand);
  ADD (a_couchdb_where_nothing_is_new_is_asked_one_thing);
  ADD (a_single_text_is_fetched);
  ADD (a_server_that_comes_back_is_found);
  ADD (what_is_wrong_is_told_apart);
  g_test_add ("/account-sync/what_a_couchdb_gives_is_put_to_the_rules", Fixture, NULL, setup,
              what_a_couchdb_gives_is_put_to_the_rules, teardown);
  g_test_add ("/account-sync/what_our_server_gives_is_not", Fixture, GINT_TO_POINTER (1), setup,
              what_a_couchdb_gives_is_put_to_the_rules, teardown);

  return g_test_run ();
}
