/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "fault-server.h"
#include "folder.h"
#include "valise-http-peer.h"
#include "valise-key.h"
#include "valise-replicator.h"
#include "valise-store-peer.h"
#include "valise-trust.h"

#define PAPER "paper:A"

/* A server with a paper that nobody sealed, and a laptop that takes the server's word for such. */
typedef struct
{
  char             *root;
  ValiseDatabase   *there;
  ValiseDatabase   *here;
  FaultServer      *server;
  ValiseReplicator *replicator;
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
setup (Fixture *fixture, gconstpointer data)
{
  ValiseServerAddress     address = { 0 };
  g_autoptr (ValiseKey)   root = valise_key_generate (NULL);
  g_autoptr (ValisePeer)  source = NULL, target = NULL;
  g_autoptr (ValiseTrust) trust = NULL;
  g_autoptr (GBytes)      body = g_bytes_new_static ("{\"n\":1}", strlen ("{\"n\":1}"));
  g_autoptr (GError)      error = NULL;
  g_autofree char        *rev = NULL;

  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->there = open_database (fixture, "there.sqlite");
  fixture->here = open_database (fixture, "here.sqlite");
  fixture->server = fault_server_new (fixture->there, 0, 0);
  address.url = fixture->server->url;
  source = valise_http_peer_new (&address, "public", &error);
  g_assert_no_error (error);
  target = valise_store_peer_new (fixture->here);
  trust = valise_trust_new ("poa-test", valise_key_get_public (root), &error);
  g_assert_no_error (error);
  fixture->replicator = valise_replicator_new (source, target, "device");
  valise_replicator_add_gate (fixture->replicator, VALISE_GATE (trust), "public",
                              VALISE_SOURCE_SERVER);
  rev = valise_database_put (fixture->there, PAPER, NULL, FALSE, body, NULL, &error);
  g_assert_no_error (error);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->replicator);
  fault_server_free (fixture->server);
  g_assert_finalize_object (fixture->there);
  g_assert_finalize_object (fixture->here);
  remove_folder (fixture->root);
  g_free (fixture->root);
  couch_is_ours = FALSE;
}

static gboolean
is_here (Fixture *fixture)
{
  g_autoptr (ValiseDocument) document = valise_database_get (fixture->here, PAPER, NULL, NULL);

  return document != NULL;
}

static gboolean
fetch (Fixture *fixture, GError **error)
{
  static const char *const ids[] = { PAPER, NULL };

  return valise_replicator_fetch (fixture->replicator, ids, NULL, error);
}

static void
what_a_couchdb_gives_by_name_needs_a_seal (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (fetch (fixture, &error));
  g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_FORBIDDEN);
  g_assert_false (is_here (fixture));
}

static void
so_does_what_its_feed_gives (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  valise_replicator_run (fixture->replicator, FALSE, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (is_here (fixture));
}

static void
our_own_server_is_taken_at_its_word_by_name (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  couch_is_ours = TRUE;
  fetch (fixture, &error);
  g_assert_no_error (error);
  g_assert_true (is_here (fixture));
}

/* A server may be moved: what it is counts for the run that asked it, and for no later one. */
static void
distrust_of_a_couchdb_ends_with_it (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (fetch (fixture, NULL));
  valise_replicator_run (fixture->replicator, FALSE, NULL, &error);
  g_assert_no_error (error);

  couch_is_ours = TRUE;
  fetch (fixture, &error);
  g_assert_no_error (error);
  g_assert_true (is_here (fixture));
}

#define ADD(test) g_test_add ("/gates/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (what_a_couchdb_gives_by_name_needs_a_seal);
  ADD (so_does_what_its_feed_gives);
  ADD (our_own_server_is_taken_at_its_word_by_name);
  ADD (distrust_of_a_couchdb_ends_with_it);

  return g_test_run ();
}
