/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Random histories over four replicas that meet by chance: three stores of this machine and a
 * server over HTTPS; what goes from store to store goes now and then by a bundle. A history is
 * one document: edits on either side of a partition, branches extended, deleted, revived, new
 * roots, the same edit made twice. Whatever the order, every replica ends with every leaf and
 * with one winner, which is that of a plain model of CouchDB's rule, and PouchDB's. Only of a
 * document whose every leaf is a deletion a store may know nothing: one that began empty at the
 * server was spared it (DESIGN.md: none that it could delete).
 *
 * VALISE_CONVERGENCE_COUNT: how many histories (200). VALISE_CONVERGENCE_SEED: of the first
 * lot; a failure tells the seed that repeats it alone. */

#include "convergence-model.h"
#include "valise-bundle-peer.h"
#include "valise-http-peer.h"
#include "valise-replicator.h"
#include "valise-store-peer.h"

/* --- replicas ---------------------------------------------------------------------------- */

static char *
dup_name (Fixture *fixture, const char *name)
{
  return g_strdup_printf ("%s-%u", name, fixture->sets);
}

static ValisePeer *
open_peer (Fixture *fixture, int replica)
{
  ValiseServerAddress address = {
    .url = valise_server_get_url (fixture->secretariat.server),
    .user = fixture->account,
    .password = fixture->password,
    .pin = valise_server_get_pin (fixture->secretariat.server),
    .timeout_s = 30,
  };
  g_autoptr (GError) error = NULL;
  g_autofree char   *name = dup_name (fixture, DATABASE);
  ValisePeer        *peer = NULL;

  if (replica != SERVER)
    return valise_store_peer_new (fixture->stores[replica]);
  peer = valise_http_peer_new (&address, name, &error);
  g_assert_no_error (error);
  return peer;
}

static void
run_replicator (ValisePeer *source, ValisePeer *target)
{
  g_autoptr (ValiseReplicator) replicator = valise_replicator_new (source, target, "device");
  g_autoptr (GError)           error = NULL;
  ValiseProgress               progress = { 0 };

  valise_replicator_run (replicator, FALSE, NULL, &error);
  g_assert_no_error (error);
  valise_replicator_get_progress (replicator, &progress);
  g_assert_cmpuint (progress.refused, ==, 0);
}

/* By a file, as on a stick. */
static void
carry (Fixture *fixture, int source, ValisePeer *target)
{
  static const ValiseBundleSecret open = { NULL, NULL };
  g_autoptr (GError)              error = NULL;
  g_autofree char *path = g_build_filename (fixture->folder, "carried.valise-bundle", NULL);
  g_autoptr (ValiseBundleHeader) header = valise_bundle_header_new ();
  g_autoptr (ValiseBundleWriter) writer = NULL;
  g_autoptr (ValiseBundleReader) reader = NULL;
  g_autoptr (ValisePeer)         from = valise_store_peer_new_reading (fixture->stores[source], 0);
  g_autoptr (ValisePeer)         into = NULL, out = NULL;

  header->programme = g_strdup ("test");
  header->maker = g_strdup_printf ("store %d", source);
  header->recipient = g_strdup (VALISE_BUNDLE_FOR_ANYONE);
  valise_bundle_header_add (header, DATABASE, "epoch", 0, 1);
  writer = valise_bundle_writer_new (path, header, &open, 0, &error);
  g_assert_no_error (error);
  into = valise_bundle_peer_new_writing (writer, 0, NULL, NULL);
  run_replicator (from, into);
  g_assert_true (valise_bundle_writer_finish (writer, &error));

  reader = valise_bundle_reader_open (path, &open, NULL, &error);
  g_assert_no_error (error);
  out = valise_bundle_peer_new_reading (reader, 0);
  run_replicator (out, target);
  g_assert_no_errno (g_unlink (path));
}

/* All that @source has, to @target. */
static void
meet (Fixture *fixture, int source, int target)
{
  g_autoptr (ValisePeer) from = open_peer (fixture, source);
  g_autoptr (ValisePeer) to = open_peer (fixture, target);

  if (source != SERVER && target != SERVER && pick (fixture, 4) == 0)
    carry (fixture, source, to);
  else
    run_replicator (from, to);
  for (guint i = 0; i < LOT; i++)
    for (guint j = 0; j < fixture->docs[i].nodes->len; j++)
      {
        Node *node = get_node (&fixture->docs[i], j);

        node->known |= (node->known >> source & 1u) << target;
      }
}

/* Several documents, each edited a few times, at one replica. */
static void
write_some (Fixture *fixture, int replica)
{
  g_autoptr (ValisePeer) peer = open_peer (fixture, replica);
  g_autoptr (GPtrArray)  documents =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);
  g_autoptr (GPtrArray) refusals = NULL;
  g_autoptr (GError)    error = NULL;

  for (guint i = 0; i < LOT; i++)
    for (guint n = pick (fixture, 4); n > 1; n--)
      {
        Doc *doc = &fixture->docs[i];

        g_ptr_array_add (documents, make_document (doc, edit (fixture, doc, replica)));
      }
  refusals = valise_peer_write (peer, documents, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (refusals->len, ==, 0);
}

/* Everybody meets everybody, in some order, so that all know all. Twice: who offers the server what
 * was deleted there hears of that when they meet again. */
static void
meet_all (Fixture *fixture)
{
  int hub = (int) pick (fixture, N_REPLICAS);

  for (guint way = 0; way < 4; way++)
    for (int i = 0; i < N_REPLICAS; i++)
      if (i != hub)
        meet (fixture, way % 2 == 0 ? i : hub, way % 2 == 0 ? hub : i);
}

/* --- what must hold ---------------------------------------------------------------------- */

/* Deleted everywhere, and never heard of here. */
static gboolean
is_spared (ValiseDatabase *store, const Doc *doc, GArray *leaves)
{
  g_autoptr (GPtrArray) found = valise_database_get_leaves (store, doc->id, NULL);

  return found == NULL && find_winner (doc, leaves)->deleted;
}

static gboolean
check_leaves (ValiseDatabase *database, const Doc *doc, GArray *leaves, const char *where)
{
  g_autoptr (GError)    error = NULL;
  g_autoptr (GPtrArray) found = valise_database_get_leaves (database, doc->id, &error);
  const Node           *winner = find_winner (doc, leaves);

  if (found == NULL || found->len != leaves->len)
    {
      g_test_message ("%s in %s: %u leaves, not %u", doc->id, where, found != NULL ? found->len : 0,
                      leaves->len);
      return FALSE;
    }
  for (guint i = 0; i < leaves->len; i++)
    {
      const Node                *node = get_node (doc, g_array_index (leaves, guint, i));
      g_autoptr (ValiseDocument) document =
          valise_database_get (database, doc->id, node->rev, NULL);

      if (document == NULL || document->body == NULL || document->deleted != node->deleted
          || g_bytes_get_size (document->body) != strlen (node->body)
          || memcmp (g_bytes_get_data (document->body, NULL), node->body, strlen (node->body)) != 0)
        {
          g_test_message ("%s in %s: %s is not there as written", doc->id, where, node->rev);
          return FALSE;
        }
    }
  if (!g_str_equal (((ValiseRevisionLeaf *) g_ptr_array_index (found, 0))->rev, winner->rev))
    {
      g_test_message ("%s in %s: the winner is not %s", doc->id, where, winner->rev);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_all (Fixture *fixture)
{
  ValiseOffice              *office = valise_server_get_office (fixture->secretariat.server);
  g_autofree char           *name = dup_name (fixture, DATABASE);
  g_autoptr (ValiseDatabase) served = valise_office_get_database (office, name, FALSE, NULL);
  gboolean                   good = served != NULL;

  for (guint i = 0; good && i < LOT; i++)
    {
      const Doc         *doc = &fixture->docs[i];
      g_autoptr (GArray) leaves = list_leaves (doc, -1);

      if (leaves->len == 0)
        continue;
      for (int store = 0; good && store < N_STORES; store++)
        good = is_spared (fixture->stores[store], doc, leaves)
               || check_leaves (fixture->stores[store], doc, leaves, "a store");
      good = good && check_leaves (served, doc, leaves, "the server");
    }
  return good;
}

/* A line for PouchDB: the leaves in any order, and who wins. */
static void
write_oracle (Fixture *fixture)
{
  for (guint i = 0; fixture->oracle != NULL && i < LOT; i++)
    {
      const Doc          *doc = &fixture->docs[i];
      g_autoptr (GArray)  leaves = list_leaves (doc, -1);
      g_autoptr (GString) line = g_string_new ("{\"docs\":[");

      if (leaves->len == 0)
        continue;
      for (guint j = 0; j < leaves->len; j++)
        {
          g_autoptr (ValiseDocument) document =
              make_document (doc, g_array_index (leaves, guint, j));

          g_string_append (line, j > 0 ? "," : "");
          valise_document_append_json (document, VALISE_DOCUMENT_REVISIONS, line);
        }
      fprintf (fixture->oracle, "%s],\"winner\":\"%s\",\"deleted\":%s}\n", line->str,
               find_winner (doc, leaves)->rev,
               find_winner (doc, leaves)->deleted ? "true" : "false");
    }
}

/* --- a lot ------------------------------------------------------------------------------- */

static void
close_stores (Fixture *fixture)
{
  for (guint i = 0; i < N_STORES; i++)
    if (fixture->stores[i] != NULL)
      {
        valise_database_close (fixture->stores[i]);
        g_clear_object (&fixture->stores[i]);
      }
}

static void
open_stores (Fixture *fixture)
{
  static const char *const   names[N_STORES] = { "one", "two", "three" };
  ValiseOffice              *office = valise_server_get_office (fixture->secretariat.server);
  g_autofree char           *old = dup_name (fixture, DATABASE);
  g_autofree char           *served = NULL;
  g_autoptr (ValiseDatabase) database = NULL;
  g_autoptr (GError)         error = NULL;

  close_stores (fixture);
  if (fixture->sets > 0)
    valise_office_delete_database (office, old, NULL);
  fixture->sets++;
  for (guint i = 0; i < N_STORES; i++)
    {
      g_autofree char *file = g_strdup_printf ("%s-%u.sqlite", names[i], fixture->sets);
      g_autofree char *path = g_build_filename (fixture->folder, file, NULL);

      fixture->stores[i] = valise_database_open (path, names[i], TRUE, &error);
      g_assert_no_error (error);
    }
  served = dup_name (fixture, DATABASE);
  database = valise_office_get_database (office, served, TRUE, &error);
  g_assert_no_error (error);
}

static gboolean
run_lot (Fixture *fixture, guint32 seed)
{
  fixture->rand = g_rand_new_with_seed (seed);
  for (guint i = 0; i < LOT; i++)
    {
      fixture->docs[i].id = g_strdup_printf ("doc:%08x:%u", seed, i);
      fixture->docs[i].nodes = g_array_new (FALSE, FALSE, sizeof (Node));
      g_array_set_clear_func (fixture->docs[i].nodes, clear_node);
    }
  for (guint step = 0; step < STEPS; step++)
    {
      int one = (int) pick (fixture, N_REPLICAS);
      int other = (one + 1 + (int) pick (fixture, N_REPLICAS - 1)) % N_REPLICAS;

      if (pick (fixture, 2) == 0)
        write_some (fixture, one);
      else
        meet (fixture, one, other);
    }
  meet_all (fixture);
  return check_all (fixture);
}

static void
clear_lot (Fixture *fixture)
{
  for (guint i = 0; i < LOT; i++)
    {
      g_free (fixture->docs[i].id);
      g_array_unref (fixture->docs[i].nodes);
    }
  g_rand_free (fixture->rand);
}

/* --- the tests --------------------------------------------------------------------------- */

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
  fixture->folder = g_dir_make_tmp ("valise-convergence-XXXXXX", NULL);
  open_stores (fixture);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  close_stores (fixture);
  secretariat_clear (&fixture->secretariat);
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->account);
  g_free (fixture->password);
}

static guint64
get_number (const char *name, guint64 usual)
{
  const char *given = g_getenv (name);

  return given != NULL ? g_ascii_strtoull (given, NULL, 10) : usual;
}

static void
partitioned_histories_end_alike (Fixture *fixture, gconstpointer data)
{
  guint64 count = get_number ("VALISE_CONVERGENCE_COUNT", 200);
  guint64 lots = (count + LOT - 1) / LOT;
  guint32 first = (guint32) get_number ("VALISE_CONVERGENCE_SEED", (guint64) g_test_rand_int ());
  gint64  start = g_get_monotonic_time ();

  for (guint64 i = 0; i < lots && !g_test_failed (); i++)
    {
      guint32 seed = first + (guint32) i;

      if (i > 0 && i % KEEP == 0)
        open_stores (fixture);
      if (!run_lot (fixture, seed))
        {
          g_test_message ("again: VALISE_CONVERGENCE_SEED=%u VALISE_CONVERGENCE_COUNT=1", seed);
          g_test_fail ();
        }
      clear_lot (fixture);
    }
  g_test_message ("%" G_GUINT64_FORMAT " histories from seed %u, %.1f s", lots * LOT, first,
                  (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
}

static void
pouchdb_finds_the_same_winners (Fixture *fixture, gconstpointer data)
{
  g_autofree char *node = g_find_program_in_path ("node");
  g_autofree char *script =
      g_test_build_filename (G_TEST_DIST, "server", "convergence-oracle.js", NULL);
  g_autofree char   *asked = g_build_filename (fixture->folder, "asked.jsonl", NULL);
  g_autofree char   *said = NULL;
  guint32            first = (guint32) get_number ("VALISE_CONVERGENCE_SEED", g_test_rand_int ());
  g_autoptr (GError) error = NULL;
  int                status = 0;

  if (node == NULL)
    {
      g_test_skip ("node is not on this machine");
      return;
    }
  fixture->oracle = fopen (asked, "w");
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (run_lot (fixture, first + i));
      write_oracle (fixture);
      clear_lot (fixture);
    }
  fclose (fixture->oracle);
  g_spawn_sync (NULL, (char *[]){ node, script, asked, NULL }, NULL, G_SPAWN_DEFAULT, NULL, NULL,
                &said, NULL, &status, &error);
  g_assert_no_error (error);
  g_test_message ("seed %u: %s", first, said);
  if (WIFEXITED (status) && WEXITSTATUS (status) == 77)
    g_test_skip ("PouchDB is not installed: npm ci in tests/interop");
  else
    g_assert_true (g_spawn_check_wait_status (status, &error));
}

#define ADD(test) g_test_add ("/convergence/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (partitioned_histories_end_alike);
  ADD (pouchdb_finds_the_same_winners);

  return g_test_run ();
}
