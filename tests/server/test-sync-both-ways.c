/* test-sync-both-ways.c - what laptops write, through a real server, to each other
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fault-relay.h"
#include "laptop.h"
#include "valise-acknowledged.h"
#include "valise-file-transfer.h"

#define NAME  "notes" /* a database beside the programme, which its rules leave alone */
#define NOTES 120

static char *template;

typedef struct
{
  Office     office;
  FaultRelay relay;
  Laptop     ours;
  Laptop     theirs;
} Fixture;

/* The secretariat makes the database, and lets delegates in. */
static void
make_database (Office *office)
{
  g_autoptr (ValiseInvitation) invitation =
      office_invite (office, "An officer", "secretariat", "secretariat");
  Laptop                 officer = { 0 };
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseJson) made = NULL, opened = NULL;

  laptop_join (&officer, office, invitation, NULL);
  made = valise_http_exchange (&officer.address, "PUT", "/" NAME, NULL, NULL, &error);
  g_assert_no_error (error);
  opened =
      valise_http_exchange (&officer.address, "PUT", "/" NAME "/_security",
                            "{\"members\":{\"names\":[],\"roles\":[\"delegate\"]}}", NULL, &error);
  g_assert_no_error (error);
  laptop_close (&officer);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  fault_relay_open (&fixture->relay, &fixture->office, template);
  make_database (&fixture->office);
  laptop_open (&fixture->ours, &fixture->office, NULL);
  laptop_open (&fixture->theirs, &fixture->office, NULL);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  laptop_close (&fixture->ours);
  laptop_close (&fixture->theirs);
  office_close (&fixture->office);
  fault_relay_close (&fixture->relay);
}

/* Writes the next revision of @id; without @text, a tombstone. */
static char *
edit (Laptop *laptop, const char *id, const char *parent, const char *text)
{
  g_autoptr (ValiseDatabase) database = laptop_get_database (laptop, NAME);
  g_autofree char           *body = text != NULL
                                        ? g_strdup_printf ("{\"type\":\"note\",\"text\":\"%s\"}", text)
                                        : g_strdup ("{}");
  g_autoptr (GBytes)         bytes = g_bytes_new (body, strlen (body));
  g_autoptr (GError)         error = NULL;
  char *rev = valise_database_put (database, id, parent, text == NULL, bytes, NULL, &error);

  g_assert_no_error (error);
  return rev;
}

static void
edit_many (Laptop *laptop, const char *prefix, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("note:%s-%03u", prefix, i);
      g_autofree char *rev = edit (laptop, id, NULL, office_words[i % VALISE_N_LANGUAGES]);
    }
}

/* Out, then in, as a round does. */
static void
sync_laptop (Laptop *laptop)
{
  g_autoptr (GError) error = NULL;

  laptop_push (laptop, NAME, NULL, &error);
  g_assert_no_error (error);
  laptop_pull (laptop, NAME, NULL, &error);
  g_assert_no_error (error);
}

static void
sync_both (Fixture *fixture)
{
  sync_laptop (&fixture->ours);
  sync_laptop (&fixture->theirs);
  sync_laptop (&fixture->ours);
  assert_same (&fixture->ours, &fixture->office, NAME);
  assert_same (&fixture->theirs, &fixture->office, NAME);
}

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

static char *
dup_winner (Laptop *laptop, const char *id)
{
  g_autoptr (ValiseDatabase) database = laptop_get_database (laptop, NAME);
  g_autoptr (ValiseDocument) document = valise_database_get (database, id, NULL, NULL);

  return document != NULL ? g_strdup (document->rev) : NULL;
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

/* --- a server that forgot -------------------------------------------------------------------- */

static void
put_back (Fixture *fixture, const char *copy, gboolean restore)
{
  const char *folder = fixture->office.server.directory;

  office_stop (&fixture->office);
  if (restore)
    remove_folder (folder);
  folder_copy (restore ? copy : folder, restore ? folder : copy);
  office_start (&fixture->office);
}

typedef struct
{
  ValiseReplicator *replicator;
  GCancellable     *cancellable;
} Sending;

/* Again and again, as a laptop's schedule has it: a run to which a server shows no first sign of
 * life ends. */
static gpointer
send_thread (gpointer data)
{
  Sending *sending = data;

  while (!g_cancellable_is_cancelled (sending->cancellable))
    {
      valise_replicator_run (sending->replicator, TRUE, sending->cancellable, NULL);
      g_usleep (20 * 1000);
    }
  return NULL;
}

/* Waits until the server has it all; FALSE where it does not come to that. */
static gboolean
wait_until_same (Fixture *fixture)
{
  g_autofree char *ours = NULL;

  for (guint i = 0; i < 300; i++)
    {
      g_autoptr (ValiseDatabase) here = laptop_get_database (&fixture->ours, NAME);
      g_autoptr (ValiseDatabase) there = office_get_database (&fixture->office, NAME);
      g_autofree char           *left = describe (here), *right = describe (there);

      if (g_str_equal (left, right))
        return TRUE;
      g_usleep (100 * 1000);
    }
  return FALSE;
}

/* Its log is under way when the server goes, as it always may be. */
static void
what_a_server_put_back_has_lost_is_sent_again (Fixture *fixture, gconstpointer data)
{
  g_autofree char             *copy = g_build_filename (fixture->office.root, "backup", NULL);
  g_autoptr (ValisePeer)       there = laptop_reach (&fixture->ours, NAME);
  g_autoptr (ValisePeer)       here = laptop_get_store (&fixture->ours, NAME);
  g_autoptr (ValiseReplicator) replicator = valise_replicator_new (here, there, "device");
  g_autoptr (GCancellable)     cancellable = g_cancellable_new ();
  Sending                      sending = { replicator, cancellable };
  GThread                     *thread = NULL;

  put_back (fixture, copy, FALSE);
  fault_relay_set (&fixture->relay, SPOIL_LATE, 1, G_MAXUINT, "_local");
  thread = g_thread_new ("sending", send_thread, &sending);
  edit_many (&fixture->ours, "before", 20);
  g_assert_true (wait_until_same (fixture));

  put_back (fixture, copy, TRUE);
  edit_many (&fixture->ours, "after", 3);
  g_assert_true (wait_until_same (fixture));
  g_cancellable_cancel (cancellable);
  g_thread_join (thread);
}

/* Edits @id on from its winner. */
static void
edit_on (Laptop *laptop, const char *id, guint times)
{
  for (guint i = 0; i < times; i++)
    {
      g_autofree char *parent = dup_winner (laptop, id);
      g_autofree char *rev = edit (laptop, id, parent, i % 2 == 0 ? "this" : "that");
    }
}

static guint
count_ancestors (ValiseDatabase *database, const char *id)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDocument) document = valise_database_get (database, id, NULL, &error);

  g_assert_no_error (error);
  return document->ancestors != NULL ? g_strv_length (document->ancestors) : 0;
}

/* Of 300 saves the server has all but the last: the names of those it has stay at home. */
static void
a_long_history_is_not_sent_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseDatabase) there = office_get_database (&fixture->office, NAME);
  g_autoptr (GError)         error = NULL;

  edit_on (&fixture->ours, "note:long", 300);
  laptop_push (&fixture->ours, NAME, NULL, &error);
  g_assert_no_error (error);
  edit_on (&fixture->ours, "note:long", 12);
  laptop_push (&fixture->ours, NAME, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("%" G_GUINT64_FORMAT " bytes sent", fixture->ours.progress.sent);
  g_assert_cmpuint (fixture->ours.progress.sent, <,
                    6000); /* 300 names alone take 5 kB, compressed */
  g_assert_cmpuint (count_ancestors (there, "note:long"), ==, 311);
  g_assert_true (wait_until_same (fixture));

  /* Also where the other end has gone another way since. */
  laptop_pull (&fixture->theirs, NAME, NULL, &error);
  g_assert_no_error (error);
  edit_on (&fixture->ours, "note:long", 20);
  edit_on (&fixture->theirs, "note:long", 15);
  sync_both (fixture);
  sync_both (fixture);
  assert_same (&fixture->ours, &fixture->office, NAME);
  assert_same (&fixture->theirs, &fixture->office, NAME);
}

/* --- what is gone ----------------------------------------------------------------------------- */

static void
delete_note (Laptop *laptop, const char *prefix, guint number)
{
  g_autofree char *id = g_strdup_printf ("note:%s-%03u", prefix, number);
  g_autofree char *parent = dup_winner (laptop, id);
  g_autofree char *rev = edit (laptop, id, parent, NULL);
}

static void
who_begins_with_nothing_is_spared_what_was_deleted_before (Fixture *fixture, gconstpointer data)
{
  edit_many (&fixture->ours, "ours", 10);
  sync_laptop (&fixture->ours);
  for (guint i = 0; i < 6; i++)
    delete_note (&fixture->ours, "ours", i);
  sync_laptop (&fixture->ours);

  sync_laptop (&fixture->theirs);
  g_assert_cmpint (laptop_count (&fixture->theirs, NAME), ==, 4);
  g_assert_cmpuint (fixture->theirs.source->rows, ==, 4);
  g_assert_cmpuint (fixture->theirs.source->fetched, ==, 4);

  /* What is deleted from now on is news to it. */
  delete_note (&fixture->ours, "ours", 9);
  sync_laptop (&fixture->ours);
  sync_laptop (&fixture->theirs);
  g_assert_cmpint (laptop_count (&fixture->theirs, NAME), ==, 3);
}

/* The first revision of a note, from one who was not told that it was deleted since. */
static void
bring_back (Fixture *fixture, const char *id, const char *rev)
{
  g_autoptr (ValiseDatabase) theirs = laptop_get_database (&fixture->theirs, NAME);
  g_autoptr (GBytes)         body = g_bytes_new_static ("{}", 2);
  g_autoptr (ValiseDocument) first = valise_document_new (id, rev, FALSE, body);
  ValiseBatch               *batch = valise_database_begin (theirs, NULL);

  g_assert_true (valise_batch_merge (batch, first, NULL, NULL));
  g_assert_true (valise_batch_commit (batch, NULL));
}

/* Why it is not: see valise-feed-page.h. */
static void
who_begins_with_a_foreign_server_is_spared_no_deletion (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = NULL;

  edit_many (&fixture->ours, "ours", 3);
  first = dup_winner (&fixture->ours, "note:ours-001");
  delete_note (&fixture->ours, "ours", 1);
  sync_laptop (&fixture->ours);

  fixture->theirs.plain = TRUE;
  sync_laptop (&fixture->theirs);
  g_assert_cmpuint (fixture->theirs.source->rows, ==, 3);
  g_assert_cmpint (laptop_count (&fixture->theirs, NAME), ==, 2);
  bring_back (fixture, "note:ours-001", first);
  g_assert_cmpint (laptop_count (&fixture->theirs, NAME), ==, 2);
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
  ADD (what_a_server_put_back_has_lost_is_sent_again);
  ADD (a_long_history_is_not_sent_again);
  ADD (who_begins_with_nothing_is_spared_what_was_deleted_before);
  ADD (who_begins_with_a_foreign_server_is_spared_no_deletion);

  status = g_test_run ();
  remove_folder (template);
  g_free (template);
  return status;
}
