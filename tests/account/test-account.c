/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>
#include <string.h>

#include "fault-server.h"
#include "valise-account.h"
#include "valise-gate.h"
#include "valise-home.h"
#include "valise-key.h"
#include "valise-peer-error.h"
#include "valise-scheduler.h"

#define DAY_S (24 * 3600)

/* A server with TLS, and an invitation to it; the account's folder is in `data`. */
typedef struct
{
  char             *root;
  char             *data;
  ValiseDatabase   *there;
  FaultServer      *server;
  ValiseInvitation *invitation;
} Fixture;

static void
setup (Fixture *fixture, gconstpointer data)
{
  gint64                now = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char      *path = NULL, *text = NULL;
  g_autoptr (ValiseKey) root = valise_key_generate (NULL);
  g_autoptr (GBytes)    bytes = NULL;
  g_autoptr (GError)    error = NULL;

  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->data = g_build_filename (fixture->root, "data", NULL);
  path = g_build_filename (fixture->root, "there.sqlite", NULL);
  fixture->there = valise_database_open (path, "public", TRUE, &error);
  g_assert_no_error (error);
  fixture->server = fault_server_new (fixture->there, now - DAY_S, now + DAY_S);
  fixture->server->login_needed = TRUE;
  text = g_strdup_printf (
      "{\"valise-invitation\":1,\"programme\":{\"id\":\"poa-test\",\"name\":"
      "{\"fr\":\"Programme\"}},\"server\":\"%s\",\"pins\":[\"%s\"],\"root\":\"%s\","
      "\"token\":\"t0ken\",\"person\":\"Ada\",\"participant\":\"xke\",\"role\":"
      "\"delegate\",\"expires\":\"2026-11-22T10:01:34Z\",\"languages\":[\"fr\"]}",
      fixture->server->url, fixture->server->pin, valise_key_get_public (root));
  bytes = g_bytes_new (text, strlen (text));
  fixture->invitation = valise_invitation_parse (bytes, &error);
  g_assert_no_error (error);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char      *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_assert_no_errno (g_remove (path));
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  fault_server_free (fixture->server);
  g_assert_finalize_object (fixture->there);
  valise_invitation_free (fixture->invitation);
  remove_tree (fixture->root);
  g_free (fixture->data);
  g_free (fixture->root);
}

static ValiseAccount *
join (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  ValiseAccount     *account =
      valise_account_join (fixture->data, fixture->invitation, NULL, NULL, &error);

  g_assert_no_error (error);
  return account;
}

static guint
count_entries (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint            n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
close_account (ValiseAccount *account)
{
  valise_account_close (account);
  g_assert_finalize_object (account);
}

static void
joining_makes_an_account_that_opens_again (Fixture *fixture, gconstpointer data)
{
  ValiseAccount     *account = join (fixture);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv)     languages = valise_account_dup_languages (account);
  g_autofree char   *device = g_strdup (valise_account_get_device (account));

  g_assert_cmpstr (valise_account_get_programme_name (account), ==, "Programme");
  g_assert_cmpstr (valise_account_get_participant (account), ==, "xke");
  g_assert_cmpstr (languages[0], ==, "fr");
  close_account (account);
  g_assert_cmpuint (count_entries (fixture->data), ==, 1);

  account = valise_account_open (fixture->data, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (valise_account_get_device (account), ==, device);
  g_assert_cmpstr (valise_account_get_person (account), ==, "Ada");
  g_assert_false (valise_account_is_sample (account));
  close_account (account);
}

static void
without_a_keyring_secrets_lie_in_a_file_that_says_so (Fixture *fixture, gconstpointer data)
{
  ValiseAccount   *account = join (fixture);
  g_autofree char *path = g_build_filename (
      valise_home_get_directory (valise_account_get_home (account)), "secrets.json", NULL);
  g_autofree char *text = NULL;
  GStatBuf         status = { 0 };

  g_assert_true (valise_account_secrets_in_file (account));
  g_assert_no_errno (g_stat (path, &status));
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "no keyring"));
  close_account (account);
}

static void
a_failed_join_leaves_nothing (Fixture *fixture, gconstpointer data)
{
  static const guint statuses[] = { 403, 404 };
  g_autoptr (GError) error = NULL;
  char               other[65] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      fixture->server->status = statuses[i];
      fault_server_set (fixture->server, FAULT_STATUS, G_MAXUINT, "join", 0);
      g_clear_error (&error);
      g_assert_null (valise_account_join (fixture->data, fixture->invitation, NULL, NULL, &error));
      if (statuses[i] == 403)
        g_assert_error (error, VALISE_INVITATION_ERROR, VALISE_INVITATION_ERROR_EXPIRED);
      else
        g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING);
      g_assert_false (g_file_test (fixture->data, G_FILE_TEST_EXISTS));
    }

  memset (other, 'b', 64);
  g_free (fixture->invitation->pin);
  fixture->invitation->pin = g_strdup (other);
  g_clear_error (&error);
  g_assert_null (valise_account_join (fixture->data, fixture->invitation, NULL, NULL, &error));
  g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_IDENTITY);
  g_assert_false (g_file_test (fixture->data, G_FILE_TEST_EXISTS));
}

static void
an_answer_lost_once_is_asked_for_again (Fixture *fixture, gconstpointer data)
{
  fault_server_set (fixture->server, FAULT_CUT, 2, "join", 0);
  close_account (join (fixture));
  g_assert_cmpuint (count_entries (fixture->data), ==, 1);
  g_assert_cmpuint (fault_server_count (fixture->server, "join"), ==, 3);
}

/* The token was used and no answer came, however often it was asked: the invitation is still
 * good for the key that it was used with. */
static void
an_answer_lost_for_good_does_not_lose_the_invitation (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fault_server_set (fixture->server, FAULT_CUT, G_MAXUINT, "join", 10);
  g_assert_null (valise_account_join (fixture->data, fixture->invitation, NULL, NULL, &error));
  g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_NETWORK);
  g_assert_nonnull (fixture->server->device);
  g_assert_cmpuint (count_entries (fixture->data), ==, 1);

  fault_server_set (fixture->server, FAULT_NONE, 0, NULL, 0);
  close_account (join (fixture));
  g_assert_cmpuint (count_entries (fixture->data), ==, 1); /* the account alone */
}

static void
a_used_invitation_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char   *elsewhere = g_build_filename (fixture->root, "elsewhere", NULL);
  g_autoptr (GError) error = NULL;

  close_account (join (fixture));
  g_assert_null (valise_account_join (elsewhere, fixture->invitation, NULL, NULL, &error));
  g_assert_error (error, VALISE_INVITATION_ERROR, VALISE_INVITATION_ERROR_EXPIRED);
  g_assert_nonnull (strstr (error->message, "invitation_used"));
}

static void
nobody_has_joined_in_an_empty_folder (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (valise_account_open (fixture->data, &error));
  g_assert_error (error, VALISE_ACCOUNT_ERROR, VALISE_ACCOUNT_ERROR_NONE);
}

static void
a_sample_has_no_server (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  ValiseAccount     *account =
      valise_account_new_sample (fixture->data, "poa-sample", fixture->invitation->root, &error);
  ValiseScheduler *scheduler = NULL;

  g_assert_no_error (error);
  g_assert_true (valise_account_is_sample (account));
  scheduler = valise_scheduler_new (account);
  g_assert_cmpint (valise_scheduler_get_phase (scheduler), ==, VALISE_SYNC_LOCAL);
  valise_scheduler_start (scheduler);
  g_assert_false (valise_scheduler_sync_once (scheduler, NULL, &error));
  g_assert_error (error, VALISE_ACCOUNT_ERROR, VALISE_ACCOUNT_ERROR_NONE);
  g_assert_finalize_object (scheduler);
  close_account (account);
}

static void
invitations_are_read_strictly (Fixture *fixture, gconstpointer data)
{
  static const char *const bad[] = {
    "",
    "[]",
    "{}",
    "{\"valise-invitation\":\"1\"}",
    "{\"valise-invitation\":1}",
    "{\"valise-invitation\":1,\"programme\":{\"id\":\"p\"},\"server\":\"file:///"
    "etc\",\"token\":\"t\","
    "\"root\":\"x\",\"person\":\"a\",\"participant\":\"b\",\"role\":\"c\"}",
  };
  g_autofree char             *text = valise_invitation_to_text (fixture->invitation);
  g_autoptr (GBytes)           bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GBytes)           newer = g_bytes_new_static ("{\"valise-invitation\":2}", 23);
  g_autoptr (GError)           error = NULL;
  g_autoptr (ValiseInvitation) again = valise_invitation_parse (bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (again->token, ==, "t0ken");
  g_assert_cmpint (again->expires_us, ==, fixture->invitation->expires_us);
  g_assert_null (valise_invitation_parse (newer, &error));
  g_assert_error (error, VALISE_INVITATION_ERROR, VALISE_INVITATION_ERROR_NEWER);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GBytes) junk = g_bytes_new_static (bad[i], strlen (bad[i]));

      g_clear_error (&error);
      g_assert_null (valise_invitation_parse (junk, &error));
      g_assert_error (error, VALISE_INVITATION_ERROR, VALISE_INVITATION_ERROR_FORMAT);
    }
}

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

#define ADD(test) g_test_add ("/account/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  /* No keyring, whoever runs this. */
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  g_test_init (&argc, &argv, NULL);
  couch_is_ours = TRUE;

  ADD (joining_makes_an_account_that_opens_again);
  ADD (without_a_keyring_secrets_lie_in_a_file_that_says_so);
  ADD (a_failed_join_leaves_nothing);
  ADD (an_answer_lost_once_is_asked_for_again);
  ADD (an_answer_lost_for_good_does_not_lose_the_invitation);
  ADD (a_used_invitation_is_refused);
  ADD (nobody_has_joined_in_an_empty_folder);
  ADD (a_sample_has_no_server);
  ADD (invitations_are_read_strictly);
  ADD (one_sync_goes_both_ways);
  ADD (texts_in_other_languages_come_on_demand);
  ADD (a_couchdb_where_nothing_is_new_is_asked_one_thing);
  ADD (a_single_text_is_fetched);
  ADD (a_server_that_comes_back_is_found);
  ADD (what_is_wrong_is_told_apart);
  g_test_add ("/account/what_a_couchdb_gives_is_put_to_the_rules", Fixture, NULL, setup,
              what_a_couchdb_gives_is_put_to_the_rules, teardown);
  g_test_add ("/account/what_our_server_gives_is_not", Fixture, GINT_TO_POINTER (1), setup,
              what_a_couchdb_gives_is_put_to_the_rules, teardown);

  return g_test_run ();
}
