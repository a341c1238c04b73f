/* test-tombstones.c - deletions in the feed of a CouchDB, and copies from before them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <string.h>

#include "fault-server.h"
#include "valise-http-peer.h"
#include "valise-key.h"
#include "valise-replicator.h"
#include "valise-store-peer.h"
#include "valise-trust.h"

#define OLD 200

/* A CouchDB whose database `public` is full of graves, and a store that begins with nothing. A
 * laptop has its gates; without them it is `valisectl replicate`, which copies. */
typedef struct
{
  char           *root;
  ValiseDatabase *there;
  ValiseDatabase *here;
  FaultServer    *server;
  ValisePeer     *source;
  ValiseTrust    *trust; /* NULL: without */
  guint           refused;
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

static char *
put (ValiseDatabase *database, const char *id, const char *rev, gboolean deleted)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{\"n\":1}", strlen ("{\"n\":1}"));
  g_autoptr (GError) error = NULL;
  char              *made = valise_database_put (database, id, rev, deleted, body, NULL, &error);

  g_assert_no_error (error);
  return made;
}

static void
bury (Fixture *fixture, const char *id)
{
  g_autofree char *first = put (fixture->there, id, NULL, FALSE);

  g_free (put (fixture->there, id, first, TRUE));
}

static void
setup (Fixture *fixture, gconstpointer gated)
{
  ValiseServerAddress   address = { 0 };
  g_autoptr (ValiseKey) root = valise_key_generate (NULL);
  g_autoptr (GError)    error = NULL;

  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->there = open_database (fixture, "there.sqlite");
  fixture->here = open_database (fixture, "here.sqlite");
  fixture->server = fault_server_new (fixture->there, 0, 0);
  address.url = fixture->server->url;
  fixture->source = valise_http_peer_new (&address, "public", &error);
  g_assert_no_error (error);
  if (gated != NULL)
    fixture->trust = valise_trust_new ("poa-test", valise_key_get_public (root), &error);
  g_assert_no_error (error);
}

static void
teardown (Fixture *fixture, gconstpointer gated)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->root, 0, NULL);
  const char      *name = NULL;

  g_clear_object (&fixture->trust);
  g_assert_finalize_object (fixture->source);
  fault_server_free (fixture->server);
  g_assert_finalize_object (fixture->there);
  g_assert_finalize_object (fixture->here);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->root, name, NULL);

      g_assert_no_errno (g_unlink (path));
    }
  g_assert_no_errno (g_rmdir (fixture->root));
  g_free (fixture->root);
}

static void
refused_cb (ValiseReplicator *replicator,
            const char       *id,
            const char       *rev,
            const char       *reason,
            gpointer          user_data)
{
  Fixture *fixture = user_data;

  g_assert_cmpstr (id, ==, "here");
  g_assert_nonnull (strstr (reason, "here: only the secretariat withdraws here"));
  fixture->refused++;
}

/* From @source into the store; without gates but for the fixture's own. */
static void
pull_from (Fixture *fixture, ValisePeer *source, ValiseTrust *trust)
{
  g_autoptr (ValisePeer)       target = valise_store_peer_new (fixture->here);
  g_autoptr (ValiseReplicator) replicator = valise_replicator_new (source, target, "device");
  g_autoptr (GError)           error = NULL;

  if (trust != NULL)
    valise_replicator_add_gate (replicator, VALISE_GATE (trust), "public", VALISE_SOURCE_SERVER);
  g_signal_connect (replicator, "refused", G_CALLBACK (refused_cb), fixture);
  valise_replicator_run (replicator, FALSE, NULL, &error);
  g_assert_no_error (error);
}

static void
pull (Fixture *fixture)
{
  pull_from (fixture, fixture->source, fixture->trust);
}

static guint
count_asked (Fixture *fixture, const char *what)
{
  guint n = 0;

  for (guint i = 0; i < fixture->server->asked->len; i++)
    n += strstr (g_ptr_array_index (fixture->server->asked, i), what) != NULL;
  return n;
}

static void
old_tombstones_cost_an_empty_laptop_their_rows_alone (Fixture *fixture, gconstpointer gated)
{
  guint64            received = 0, sent = 0, feed = 0;
  ValiseDatabaseInfo info = { 0 };

  for (guint i = 0; i < OLD; i++)
    {
      g_autofree char *id = g_strdup_printf ("old:%03u", i);

      bury (fixture, id);
    }
  pull (fixture);
  g_assert_cmpuint (count_asked (fixture, "_bulk_get"), ==, 0);
  g_assert_cmpuint (fixture->refused, ==, 0); /* nobody is told of what they never had */
  g_assert_true (valise_database_get_info (fixture->here, &info, NULL));
  g_assert_cmpint (info.documents + info.deleted, ==, 0);
  valise_peer_get_traffic (fixture->source, &received, &sent);
  feed = OLD
             * strlen ("{\"seq\": null , \"changes\": [{\"rev\":\"2-\"}], \"id\": \"old:000\""
                       ",\"deleted\":true},\n")
         + (guint64) OLD * 32;
  g_test_message ("%u tombstones: %" G_GUINT64_FORMAT " bytes received, %" G_GUINT64_FORMAT
                  " sent; their rows are %" G_GUINT64_FORMAT,
                  OLD, received, sent, feed);
  g_assert_cmpuint (received, <, feed + 4096);
  g_assert_cmpuint (sent, <, 4096);
}

/* The laptop of an officer who was let into the CouchDB deletes a paper there. */
static void
a_tombstone_of_what_is_here_is_refused_by_its_name (Fixture *fixture, gconstpointer gated)
{
  g_autoptr (ValiseDocument) document = NULL;
  g_autofree char           *rev = put (fixture->there, "here", NULL, FALSE);
  g_autofree char           *same = put (fixture->here, "here", NULL, FALSE);

  g_assert_cmpstr (rev, ==, same);
  g_free (put (fixture->there, "here", rev, TRUE));
  bury (fixture, "elsewhere");
  pull (fixture);
  g_assert_cmpuint (fixture->refused, ==, 1);
  g_assert_cmpuint (count_asked (fixture, "_bulk_get"), ==, 0);
  document = valise_database_get (fixture->here, "here", NULL, NULL);
  g_assert_nonnull (document);

  /* It is remembered, and not refused anew each time. */
  bury (fixture, "later");
  pull (fixture);
  g_assert_cmpuint (fixture->refused, ==, 1);
}

static void
a_document_that_is_deleted_between_two_pulls_is_still_here (Fixture *fixture, gconstpointer gated)
{
  bury (fixture, "elsewhere");
  pull (fixture);
  g_free (put (fixture->here, "here", NULL, FALSE)); /* a stick brought it */
  bury (fixture, "here");
  pull (fixture);
  g_assert_cmpuint (fixture->refused, ==, 1);
  g_assert_cmpuint (count_asked (fixture, "_bulk_get"), ==, 0);
}

/* --- a copy without gates ------------------------------------------------------------------- */

/* The first revision of "gone", as somebody had it before it was deleted. */
static ValiseDatabase *
open_late_copy (Fixture *fixture)
{
  ValiseDatabase *copy = open_database (fixture, "late.sqlite");

  g_free (put (copy, "gone", NULL, FALSE));
  return copy;
}

static gboolean
lives (ValiseDatabase *database, const char *id)
{
  g_autoptr (ValiseDocument) document = valise_database_get (database, id, NULL, NULL);

  return document != NULL;
}

static void
a_copy_has_every_deletion_and_a_late_revision_raises_none (Fixture *fixture, gconstpointer gated)
{
  g_autoptr (ValiseDatabase) copy = open_late_copy (fixture);
  g_autoptr (ValisePeer)     late = valise_store_peer_new (copy);

  bury (fixture, "gone");
  pull (fixture);
  g_assert_cmpuint (count_asked (fixture, "_bulk_get"), ==, 1);
  pull_from (fixture, late, NULL);
  g_assert_false (lives (fixture->here, "gone"));
}

/* Why a copy fetches them: the leaf that a row names, kept without its ancestors, would be a
 * root beside the late revision's, which then lives; and the server, having both, has nothing to
 * offer that would end that. */
static void
a_leaf_without_ancestors_could_not_hold_a_late_revision (Fixture *fixture, gconstpointer gated)
{
  g_autoptr (ValiseDatabase) copy = open_late_copy (fixture);
  g_autoptr (ValisePeer)     late = valise_store_peer_new (copy);
  g_autoptr (ValiseDocument) leaf = NULL;
  g_autofree char           *first = put (fixture->there, "gone", NULL, FALSE);
  g_autofree char           *last = put (fixture->there, "gone", first, TRUE);
  const char *const          revs[] = { first, NULL };
  g_auto (GStrv)             missing = NULL;
  ValiseBatch               *batch = valise_database_begin (fixture->here, NULL);
  ValiseMerge                merge = VALISE_MERGE_KNOWN;

  leaf = valise_document_new ("gone", last, TRUE, NULL);
  g_assert_true (valise_batch_merge (batch, leaf, &merge, NULL));
  g_assert_true (valise_batch_commit (batch, NULL));
  g_assert_false (lives (fixture->here, "gone"));
  pull_from (fixture, late, NULL);
  g_assert_true (lives (fixture->here, "gone"));
  missing = valise_database_diff (fixture->there, "gone", revs, NULL, NULL, NULL);
  g_assert_null (missing);
}

#define ADD(test, gated) g_test_add ("/tombstones/" #test, Fixture, gated, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (old_tombstones_cost_an_empty_laptop_their_rows_alone, "gated");
  ADD (a_tombstone_of_what_is_here_is_refused_by_its_name, "gated");
  ADD (a_document_that_is_deleted_between_two_pulls_is_still_here, "gated");
  ADD (a_copy_has_every_deletion_and_a_late_revision_raises_none, NULL);
  ADD (a_leaf_without_ancestors_could_not_hold_a_late_revision, NULL);

  return g_test_run ();
}
