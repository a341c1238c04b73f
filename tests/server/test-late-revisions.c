/* test-late-revisions.c - what somebody still has of a document that was deleted
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A laptop that begins with nothing is spared the deletions that are old. A stick may bring it
 * later what they deleted; the server then says once more that it is gone.
 */

#include "server-fixture.h"
#include "valise-http-peer.h"
#include "valise-replicator.h"
#include "valise-store-peer.h"

#define SHARED "shared"
#define MANY   40 /* documents: more than are sent without asking what is missing */

typedef struct
{
  Secretariat     secretariat;
  char           *account;
  char           *password;
  char           *folder;
  ValiseDatabase *here;
  ValiseDatabase *there;
} Fixture;

static char *
put (ValiseDatabase *database, const char *id, const char *parent, gboolean deleted)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  g_autoptr (GError) error = NULL;
  char              *rev = valise_database_put (database, id, parent, deleted, body, NULL, &error);

  g_assert_no_error (error);
  return rev;
}

/* The revision that was deleted. */
static char *
bury (ValiseDatabase *database, const char *id)
{
  char            *first = put (database, id, NULL, FALSE);
  g_autofree char *last = put (database, id, first, TRUE);

  return first;
}

static gint64
get_seq (ValiseDatabase *database)
{
  ValiseDatabaseInfo info = { 0 };

  g_assert_true (valise_database_get_info (database, &info, NULL));
  return info.update_seq;
}

static gboolean
lives (ValiseDatabase *database, const char *id)
{
  g_autoptr (ValiseDocument) document = valise_database_get (database, id, NULL, NULL);

  return document != NULL && !document->deleted;
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  ValiseOffice            *office = NULL;
  g_autoptr (ValiseKey)    device = valise_key_generate (NULL);
  g_autoptr (ValisePerson) person = NULL;
  g_autofree char         *token = NULL, *path = NULL;
  g_autoptr (GError)       error = NULL;

  secretariat_init (&fixture->secretariat, NULL, NULL);
  office = valise_server_get_office (fixture->secretariat.server);
  token = valise_accounts_invite (valise_office_get_accounts (office), "A", "secretariat",
                                  "secretariat", valise_clock_now () + G_TIME_SPAN_DAY, &error);
  g_assert_no_error (error);
  person = valise_accounts_join (valise_office_get_accounts (office), token,
                                 valise_key_get_public (device), "", &fixture->password, &error);
  g_assert_no_error (error);
  fixture->account = g_strdup (person->account);
  fixture->folder = g_dir_make_tmp ("valise-late-XXXXXX", NULL);
  path = g_build_filename (fixture->folder, "here.sqlite", NULL);
  fixture->here = valise_database_open (path, "here", TRUE, &error);
  g_assert_no_error (error);
  fixture->there = valise_office_get_database (office, SHARED, TRUE, &error);
  g_assert_no_error (error);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  valise_database_close (fixture->here);
  g_clear_object (&fixture->here);
  g_clear_object (&fixture->there);
  secretariat_clear (&fixture->secretariat);
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->account);
  g_free (fixture->password);
}

static void
replicate (Fixture *fixture, gboolean inwards)
{
  ValiseServerAddress address = {
    .url = valise_server_get_url (fixture->secretariat.server),
    .user = fixture->account,
    .password = fixture->password,
    .pin = valise_server_get_pin (fixture->secretariat.server),
    .timeout_s = 30,
  };
  g_autoptr (GError)           error = NULL;
  g_autoptr (ValisePeer)       far = valise_http_peer_new (&address, SHARED, &error);
  g_autoptr (ValisePeer)       near = valise_store_peer_new (fixture->here);
  g_autoptr (ValiseReplicator) replicator =
      valise_replicator_new (inwards ? far : near, inwards ? near : far, "device");

  g_assert_no_error (error);
  valise_replicator_run (replicator, FALSE, NULL, &error);
  g_assert_no_error (error);
}

/* @data: how many documents go along, so that the laptop asks first, or does not. */
static void
what_a_stick_brought_back_is_gone_after_the_next_exchange (Fixture *fixture, gconstpointer data)
{
  g_autofree char *deleted = bury (fixture->there, "gone"), *same = NULL;

  g_free (put (fixture->there, "other", NULL, FALSE));
  replicate (fixture, TRUE);
  g_assert_true (lives (fixture->here, "other"));
  g_assert_cmpint (get_seq (fixture->here), ==, 1); /* spared the deletion */

  same = put (fixture->here, "gone", NULL, FALSE);
  g_assert_cmpstr (same, ==, deleted);
  for (guint i = 0; i < GPOINTER_TO_UINT (data); i++)
    {
      g_autofree char *id = g_strdup_printf ("new:%u", i);

      g_free (put (fixture->here, id, NULL, FALSE));
    }
  replicate (fixture, FALSE);
  g_assert_false (lives (fixture->there, "gone"));
  replicate (fixture, TRUE);
  g_assert_false (lives (fixture->here, "gone"));
}

/* Told again once, and not each time somebody synchronises. */
static void
what_nobody_offers_is_not_told_again (Fixture *fixture, gconstpointer data)
{
  gint64 seq = 0;

  g_free (bury (fixture->there, "gone"));
  g_free (put (fixture->here, "gone", NULL, FALSE));
  replicate (fixture, FALSE);
  replicate (fixture, TRUE);
  g_assert_false (lives (fixture->here, "gone"));
  seq = get_seq (fixture->there);
  g_free (put (fixture->here, "mine", NULL, FALSE));
  replicate (fixture, FALSE);
  replicate (fixture, TRUE);
  g_assert_cmpint (get_seq (fixture->there), ==, seq + 1);
}

static void
ask_diff (Fixture *fixture, const char *who, const char *body)
{
  g_autoptr (Reply) reply =
      secretariat_ask_bytes (&fixture->secretariat, who, "POST", "/public/_revs_diff",
                             "Content-Type: application/json\r\n", body, strlen (body));

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpstr (reply->body->str, ==, "{}\n");
}

static void
who_may_only_read_moves_no_feed (Fixture *fixture, gconstpointer data)
{
  ValiseOffice *office = valise_server_get_office (fixture->secretariat.server);
  g_autoptr (ValiseDatabase) public = valise_office_get_database (office, "public", TRUE, NULL);
  g_autofree char *deleted = bury (public, "gone");
  g_autofree char *body = g_strdup_printf ("{\"gone\":[\"%s\"]}", deleted);
  gint64           seq = get_seq (public);

  ask_diff (fixture, fixture->secretariat.delegate, body);
  g_assert_cmpint (get_seq (public), ==, seq);
  ask_diff (fixture, fixture->secretariat.admin, body);
  g_assert_cmpint (get_seq (public), ==, seq + 1);
}

#define ADD(test, data) g_test_add ("/late-revisions/" #test, Fixture, data, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (what_a_stick_brought_back_is_gone_after_the_next_exchange, NULL);
  g_test_add ("/late-revisions/what_a_stick_brought_back_among_others_is_gone_too", Fixture,
              GUINT_TO_POINTER (MANY), setup,
              what_a_stick_brought_back_is_gone_after_the_next_exchange, teardown);
  ADD (what_nobody_offers_is_not_told_again, NULL);
  ADD (who_may_only_read_moves_no_feed, NULL);

  return g_test_run ();
}
