/* test-sync-both-ways.c - what laptops write, through a real server, to each other
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "notes-fixture.h"
#include "valise-acknowledged.h"
#include "valise-file-transfer.h"

static void
trim (Laptop *laptop)
{
  g_autoptr (ValiseDatabase) database = laptop_get_database (laptop, NAME);

  valise_acknowledged_trim (valise_account_get_home (laptop->account), database, laptop->membership,
                            NAME);
}

static void
edits_leave_the_journal_once_the_server_has_them (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseDatabase) database = laptop_get_database (&fixture->ours, NAME);
  g_autoptr (GError)         error = NULL;

  edit_many (&fixture->ours, "ours", 3);
  trim (&fixture->ours);
  g_assert_cmpint (valise_database_get_unsafe_bytes (database), >, 0);

  laptop_push (&fixture->ours, NAME, NULL, &error);
  g_assert_no_error (error);
  trim (&fixture->ours);
  g_assert_cmpint (valise_database_get_unsafe_bytes (database), ==, 0);
}

/* Outwards as a round goes: files go beside it. */
static void
push_all_but_files (Laptop *laptop)
{
  g_autoptr (ValisePeer)       there = laptop_reach (laptop, NAME);
  g_autoptr (ValisePeer)       here = laptop_get_store (laptop, NAME);
  g_autoptr (ValiseReplicator) replicator =
      valise_replicator_new (here, there, laptop->membership->device);
  g_autoptr (GError) error = NULL;

  valise_replicator_set_want (replicator, valise_file_transfer_want_outwards, NULL, NULL);
  valise_replicator_run (replicator, FALSE, NULL, &error);
  g_assert_no_error (error);
}

static void
a_file_stays_in_the_journal_until_its_bytes_are_there (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseDatabase) database = laptop_get_database (&fixture->ours, NAME);
  g_autoptr (GBytes)         bytes = g_bytes_new_static ("A map", 5);
  g_autoptr (GError)         error = NULL;
  ValiseFileStore           *files =
      valise_home_get_files (valise_account_get_home (fixture->ours.account), &error);
  g_autofree char *sha256 = valise_file_transfer_put (files, database, bytes, "text/plain", &error);
  g_autoptr (ValisePeer) there = laptop_reach (&fixture->ours, NAME);

  g_assert_no_error (error);
  edit_many (&fixture->ours, "ours", 3);
  push_all_but_files (&fixture->ours);
  trim (&fixture->ours);
  g_assert_cmpint (valise_database_get_unsafe_bytes (database), >, 0);

  valise_file_transfer_send (there, files, database, sha256, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  trim (&fixture->ours);
  g_assert_cmpint (valise_database_get_unsafe_bytes (database), ==, 0);
}

static guint
count_leaves (Laptop *laptop, const char *id)
{
  g_autoptr (ValiseDatabase) database = laptop_get_database (laptop, NAME);
  g_autoptr (GPtrArray)      leaves = valise_database_get_leaves (database, id, NULL);

  return leaves != NULL ? leaves->len : 0;
}

static void
what_each_wrote_reaches_the_other (Fixture *fixture, gconstpointer data)
{
  edit_many (&fixture->ours, "ours", NOTES);
  edit_many (&fixture->theirs, "theirs", NOTES);
  sync_both (fixture);
  g_assert_cmpint (laptop_count (&fixture->ours, NAME), ==, 2 * NOTES);
  g_assert_cmpint (laptop_count (&fixture->theirs, NAME), ==, 2 * NOTES);
  /* Nothing that one sent comes back to it. */
  g_assert_cmpuint (fixture->ours.source->fetched, ==, NOTES);
  g_assert_cmpuint (fixture->theirs.source->fetched, ==, NOTES);
}

static void
edits_of_one_note_are_a_conflict_with_one_winner (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = edit (&fixture->ours, "note:a", NULL, "first");
  g_autofree char *ours = NULL, *longer = NULL, *theirs = NULL, *winner = NULL, *other = NULL;

  sync_both (fixture);
  ours = edit (&fixture->ours, "note:a", first, "ours");
  longer = edit (&fixture->ours, "note:a", ours, "ours again");
  theirs = edit (&fixture->theirs, "note:a", first, "theirs");
  sync_both (fixture);
  g_assert_cmpuint (count_leaves (&fixture->ours, "note:a"), ==, 2);
  g_assert_cmpuint (count_leaves (&fixture->theirs, "note:a"), ==, 2);
  winner = dup_winner (&fixture->ours, "note:a");
  other = dup_winner (&fixture->theirs, "note:a");
  g_assert_cmpstr (winner, ==, longer); /* the longer history */
  g_assert_cmpstr (other, ==, longer);
}

static void
a_deletion_arrives_and_gives_way_to_an_edit (Fixture *fixture, gconstpointer data)
{
  g_autofree char *gone = edit (&fixture->ours, "note:gone", NULL, "gone");
  g_autofree char *kept = edit (&fixture->ours, "note:kept", NULL, "kept");
  g_autofree char *a = NULL, *b = NULL, *c = NULL, *winner = NULL;

  sync_both (fixture);
  a = edit (&fixture->ours, "note:gone", gone, NULL);
  b = edit (&fixture->ours, "note:kept", kept, NULL);
  c = edit (&fixture->theirs, "note:kept", kept, "edited meanwhile");
  sync_both (fixture);
  g_assert_cmpint (laptop_count (&fixture->ours, NAME), ==, 1);
  g_assert_cmpint (laptop_count (&fixture->theirs, NAME), ==, 1);
  g_assert_null (dup_winner (&fixture->theirs, "note:gone"));
  winner = dup_winner (&fixture->ours, "note:kept");
  g_assert_cmpstr (winner, ==, c);
  g_assert_cmpuint (count_leaves (&fixture->theirs, "note:kept"), ==, 2);
}

static gint64
count_there (Fixture *fixture)
{
  g_autoptr (ValiseDatabase) database = office_get_database (&fixture->office, NAME);
  ValiseDatabaseInfo         info = { 0 };

  g_assert_true (valise_database_get_info (database, &info, NULL));
  return info.update_seq;
}

static void
a_push_cut_at_every_request_loses_and_repeats_nothing (Fixture *fixture, gconstpointer data)
{
  static const Spoil spoils[] = { SPOIL_ANSWER, SPOIL_REQUEST, SPOIL_HALF };
  gint64             before = count_there (fixture);
  guint              written = 0;
  gboolean           more = TRUE;

  for (guint at = 1; more; at++)
    {
      g_autofree char   *prefix = g_strdup_printf ("%u", at);
      g_autoptr (GError) error = NULL;

      edit_many (&fixture->ours, prefix, 10);
      written += 10;
      fault_relay_set (&fixture->relay, spoils[at % 3], at, 1, NULL);
      if (!laptop_push (&fixture->ours, NAME, NULL, &error))
        {
          g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_NETWORK);
          g_clear_error (&error);
          laptop_push (&fixture->ours, NAME, NULL, &error);
          g_assert_no_error (error);
        }
      more = fault_relay_get_spoiled (&fixture->relay) > 0;
      assert_same (&fixture->ours, &fixture->office, NAME);
    }
  g_assert_cmpuint (written, >, 50);
  g_assert_cmpint (count_there (fixture), ==, before + written); /* each was written once */
}

#define ADD(test) g_test_add ("/sync-both-ways/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  int status = 0;

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "disabled:", TRUE); /* no keyring */
  g_test_init (&argc, &argv, NULL);
  template = office_make_template ();

  ADD (edits_leave_the_journal_once_the_server_has_them);
  ADD (a_file_stays_in_the_journal_until_its_bytes_are_there);
  ADD (what_each_wrote_reaches_the_other);
  ADD (edits_of_one_note_are_a_conflict_with_one_winner);
  ADD (a_deletion_arrives_and_gives_way_to_an_edit);
  ADD (a_push_cut_at_every_request_loses_and_repeats_nothing);

  status = g_test_run ();
  remove_folder (template);
  g_free (template);
  return status;
}
