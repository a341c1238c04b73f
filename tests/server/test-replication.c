/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "server-fixture.h"

#include "valise-http-peer.h"
#include "valise-peer-error.h"
#include "valise-replicator.h"
#include "valise-store-peer.h"

/* A laptop beside a secretariat: its own database, and its account. */
typedef struct
{
  Secretariat     secretariat;
  char           *account;
  char           *password;
  char           *folder;
  ValiseDatabase *laptop;
} Fixture;

static ValiseDatabase *
open_laptop (Fixture *fixture, const char *name)
{
  g_autofree char   *file = g_strconcat (name, ".sqlite", NULL);
  g_autofree char   *path = g_build_filename (fixture->folder, file, NULL);
  g_autoptr (GError) error = NULL;
  ValiseDatabase    *database = valise_database_open (path, name, TRUE, &error);

  g_assert_no_error (error);
  return database;
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  ValiseAccounts          *accounts = NULL;
  g_autoptr (ValiseKey)    device = valise_key_generate (NULL);
  g_autoptr (ValisePerson) person = NULL;
  g_autofree char         *token = NULL;

  secretariat_init (&fixture->secretariat, NULL, NULL);
  accounts = valise_office_get_accounts (valise_server_get_office (fixture->secretariat.server));
  token = valise_accounts_invite (accounts, "A", "secretariat", "secretariat",
                                  valise_clock_now () + G_TIME_SPAN_DAY, NULL);
  person = valise_accounts_join (accounts, token, valise_key_get_public (device), "",
                                 &fixture->password, NULL);
  fixture->account = g_strdup (person->account);
  fixture->folder = g_dir_make_tmp ("valise-laptop-XXXXXX", NULL);
  fixture->laptop = open_laptop (fixture, "laptop");
  g_free (secretariat_expect (&fixture->secretariat, fixture->secretariat.admin, "PUT", "/shared",
                              NULL, 201));
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  valise_database_close (fixture->laptop);
  g_clear_object (&fixture->laptop);
  secretariat_clear (&fixture->secretariat);
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->account);
  g_free (fixture->password);
}

static ValisePeer *
open_remote (Fixture *fixture, const char *password, const char *pin)
{
  ValiseServerAddress address = {
    .url = valise_server_get_url (fixture->secretariat.server),
    .user = fixture->account,
    .password = password != NULL ? password : fixture->password,
    .pin = pin != NULL ? pin : valise_server_get_pin (fixture->secretariat.server),
    .timeout_s = 20,
  };
  g_autoptr (GError) error = NULL;
  ValisePeer        *peer = valise_http_peer_new (&address, "shared", &error);

  g_assert_no_error (error);
  return peer;
}

/* One run in one direction; how many documents the target took. */
static guint64
replicate (ValisePeer *source, ValisePeer *target, GError **error)
{
  g_autoptr (ValiseReplicator) replicator = valise_replicator_new (source, target, "device");
  ValiseProgress               progress = { 0 };

  valise_replicator_run (replicator, FALSE, NULL, error);
  valise_replicator_get_progress (replicator, &progress);
  g_assert_cmpuint (progress.refused, ==, 0);

  return progress.stored;
}

static guint64
pull (Fixture *fixture, ValiseDatabase *into)
{
  g_autoptr (ValisePeer) remote = open_remote (fixture, NULL, NULL);
  g_autoptr (ValisePeer) store = valise_store_peer_new (into);
  g_autoptr (GError)     error = NULL;
  guint64                stored = replicate (remote, store, &error);

  g_assert_no_error (error);
  return stored;
}

static guint64
push (Fixture *fixture, ValiseDatabase *from)
{
  g_autoptr (ValisePeer) remote = open_remote (fixture, NULL, NULL);
  g_autoptr (ValisePeer) store = valise_store_peer_new (from);
  g_autoptr (GError)     error = NULL;
  guint64                stored = replicate (store, remote, &error);

  g_assert_no_error (error);
  return stored;
}

static char *
write_here (ValiseDatabase *database,
            const char     *id,
            const char     *parent,
            gboolean        deleted,
            const char     *body)
{
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  g_autoptr (GError) error = NULL;
  char              *rev = valise_database_put (database, id, parent, deleted, bytes, NULL, &error);

  g_assert_no_error (error);
  return rev;
}

static void
fill_server (Fixture *fixture, guint from, guint count)
{
  g_autoptr (GString) docs = g_string_new ("{\"docs\":[");

  for (guint i = from; i < from + count; i++)
    g_string_append_printf (docs, "%s{\"_id\":\"text:A/X/%u:fr\",\"n\":%u,\"text\":\"%0*d\"}",
                            i > from ? "," : "", i, i, 3000, 0);
  g_string_append (docs, "]}");
  g_free (secretariat_expect (&fixture->secretariat, fixture->secretariat.admin, "POST",
                              "/shared/_bulk_docs", docs->str, 201));
}

/* Every leaf of @id, joined, the winner first. */
static char *
dup_leaves (ValiseDatabase *database, const char *id)
{
  g_autoptr (GPtrArray) leaves = valise_database_get_leaves (database, id, NULL);
  g_autoptr (GString)   out = g_string_new (NULL);

  for (guint i = 0; leaves != NULL && i < leaves->len; i++)
    {
      ValiseRevisionLeaf *leaf = g_ptr_array_index (leaves, i);

      g_string_append_printf (out, "%s%s ", leaf->rev, leaf->deleted ? " deleted" : "");
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static ValiseDatabase *
get_server_database (Fixture *fixture)
{
  return valise_office_get_database (valise_server_get_office (fixture->secretariat.server),
                                     "shared", FALSE, NULL);
}

static void
all_arrives_once_and_then_only_news (Fixture *fixture, gconstpointer data)
{
  ValiseDatabaseInfo info = { 0 };

  fill_server (fixture, 0, 700);
  g_assert_cmpuint (pull (fixture, fixture->laptop), ==, 700);
  g_assert_cmpuint (pull (fixture, fixture->laptop), ==, 0);
  fill_server (fixture, 700, 3);
  g_assert_cmpuint (pull (fixture, fixture->laptop), ==, 3);
  g_assert_true (valise_database_get_info (fixture->laptop, &info, NULL));
  g_assert_cmpint (info.documents, ==, 703);
  /* What came from there is not sent back. */
  g_assert_cmpuint (push (fixture, fixture->laptop), ==, 0);
}

static void
what_is_written_here_arrives_there (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *id = g_strdup_printf ("note:%u", i);

      g_free (write_here (fixture->laptop, id, NULL, FALSE, "{\"text\":\"exactly 1.0\",\"n\":1}"));
    }
  g_assert_cmpuint (push (fixture, fixture->laptop), ==, 300);
  g_assert_cmpuint (push (fixture, fixture->laptop), ==, 0);
  g_free (secretariat_expect (&fixture->secretariat, fixture->secretariat.admin, "GET",
                              "/shared/note:299", NULL, 200));
}

static void
conflicts_and_deletions_are_the_same_on_both_sides (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseDatabase) there = get_server_database (fixture);
  const char                *ids[] = { "edited", "deleted-here", "deleted-there", "against" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    g_free (write_here (there, ids[i], NULL, FALSE, "{\"n\":0}"));
  pull (fixture, fixture->laptop);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (ValiseDocument) base = valise_database_get (there, ids[i], NULL, NULL);
      gboolean                   here = i == 0 || i == 1 || i == 3;
      gboolean                   other = i == 0 || i == 2 || i == 3;

      if (here)
        g_free (write_here (fixture->laptop, ids[i], base->rev, i == 1, "{\"n\":1}"));
      if (other)
        g_free (write_here (there, ids[i], base->rev, i >= 2, "{\"n\":2}"));
    }
  push (fixture, fixture->laptop);
  pull (fixture, fixture->laptop);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autofree char *one = dup_leaves (fixture->laptop, ids[i]);
      g_autofree char *two = dup_leaves (there, ids[i]);

      g_assert_cmpstr (one, ==, two);
    }
}

/* --- interrupted ------------------------------------------------------------------------------ */

static void
cancel_after (ValiseReplicator *replicator, gpointer user_data)
{
  ValiseProgress progress = { 0 };

  valise_replicator_get_progress (replicator, &progress);
  if (progress.stored > 0)
    g_cancellable_cancel (user_data);
}

static void
a_pull_cut_off_goes_on_where_it_stood (Fixture *fixture, gconstpointer data)
{
  guint64            stored = 0;
  ValiseDatabaseInfo info = { 0 };

  fill_server (fixture, 0, 1500);
  for (guint run = 0; run < 50 && stored < 1500; run++)
    {
      g_autoptr (ValisePeer)       remote = open_remote (fixture, NULL, NULL);
      g_autoptr (ValisePeer)       store = valise_store_peer_new (fixture->laptop);
      g_autoptr (ValiseReplicator) replicator = valise_replicator_new (remote, store, "device");
      g_autoptr (GCancellable)     cancellable = g_cancellable_new ();
      g_autoptr (GError)           error = NULL;
      ValiseProgress               progress = { 0 };

      g_signal_connect (replicator, "progress", G_CALLBACK (cancel_after), cancellable);
      valise_replicator_run (replicator, FALSE, cancellable, &error);
      valise_replicator_get_progress (replicator, &progress);
      stored += progress.stored;
    }
  /* The sum over all runs is what there is: nothing came twice. */
  g_assert_cmpuint (stored, ==, 1500);
  g_assert_cmpuint (pull (fixture, fixture->laptop), ==, 0);
  g_assert_true (valise_database_get_info (fixture->laptop, &info, NULL));
  g_assert_cmpint (info.documents, ==, 1500);
}

static void
a_restart_of_the_server_loses_no_place (Fixture *fixture, gconstpointer data)
{
  fill_server (fixture, 0, 50);
  g_assert_cmpuint (pull (fixture, fixture->laptop), ==, 50);
  secretariat_stop (&fixture->secretariat);
  secretariat_start (&fixture->secretariat, NULL, NULL);
  fill_server (fixture, 50, 5);
  g_assert_cmpuint (pull (fixture, fixture->laptop), ==, 5);
}

static void
a_database_made_anew_is_read_from_its_beginning (Fixture *fixture, gconstpointer data)
{
  const char *admin = fixture->secretariat.admin;

  fill_server (fixture, 0, 50);
  pull (fixture, fixture->laptop);
  g_free (secretariat_expect (&fixture->secretariat, admin, "DELETE", "/shared", NULL, 200));
  g_free (secretariat_expect (&fixture->secretariat, admin, "PUT", "/shared", NULL, 201));
  fill_server (fixture, 100, 20);
  g_assert_cmpuint (pull (fixture, fixture->laptop), ==, 20);
}

/* --- refused ---------------------------------------------------------------------------------- */

static void
a_wrong_password_and_a_wrong_key_are_told_apart (Fixture *fixture, gconstpointer data)
{
  g_autofree char       *zeros = g_strnfill (64, '0');
  g_autoptr (ValisePeer) store = valise_store_peer_new (fixture->laptop);
  g_autoptr (ValisePeer) wrong = open_remote (fixture, "wrong", NULL);
  g_autoptr (ValisePeer) stranger = open_remote (fixture, NULL, zeros);
  g_autoptr (GError)     error = NULL;

  replicate (wrong, store, &error);
  g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_CREDENTIALS);
  g_clear_error (&error);
  replicate (stranger, store, &error);
  g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_IDENTITY);
}

/* --- continuous ------------------------------------------------------------------------------- */

typedef struct
{
  Fixture      *fixture;
  GCancellable *cancellable;
} Follower;

static gpointer
follow (gpointer data)
{
  Follower                    *follower = data;
  g_autoptr (ValisePeer)       remote = open_remote (follower->fixture, NULL, NULL);
  g_autoptr (ValisePeer)       store = valise_store_peer_new (follower->fixture->laptop);
  g_autoptr (ValiseReplicator) replicator = valise_replicator_new (remote, store, "device");
  g_autoptr (GError)           error = NULL;

  g_assert_false (valise_replicator_run (replicator, TRUE, follower->cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  return NULL;
}

static void
who_follows_has_news_within_a_second (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable)   cancellable = g_cancellable_new ();
  Follower                   follower = { fixture, cancellable };
  GThread                   *thread = g_thread_new ("follow", follow, &follower);
  g_autoptr (ValiseDocument) arrived = NULL;
  gint64                     written = 0;

  g_usleep (1500 * 1000);
  fill_server (fixture, 7, 1);
  written = g_get_monotonic_time ();
  for (guint i = 0; i < 500 && arrived == NULL; i++)
    {
      arrived = valise_database_get (fixture->laptop, "text:A/X/7:fr", NULL, NULL);
      g_usleep (10 * 1000);
    }
  g_assert_nonnull (arrived);
  g_test_message ("after %" G_GINT64_FORMAT " ms", (g_get_monotonic_time () - written) / 1000);
  g_cancellable_cancel (cancellable);
  g_thread_join (thread);
}

#define ADD(test) g_test_add ("/replication/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (all_arrives_once_and_then_only_news);
  ADD (what_is_written_here_arrives_there);
  ADD (conflicts_and_deletions_are_the_same_on_both_sides);
  ADD (a_pull_cut_off_goes_on_where_it_stood);
  ADD (a_restart_of_the_server_loses_no_place);
  ADD (a_database_made_anew_is_read_from_its_beginning);
  ADD (a_wrong_password_and_a_wrong_key_are_told_apart);
  ADD (who_follows_has_news_within_a_second);

  return g_test_run ();
}
