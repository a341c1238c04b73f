/* test-sync-forgotten.c - a server that forgot, and what is gone
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "notes-fixture.h"

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

#define ADD(test) g_test_add ("/sync-forgotten/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  int status = 0;

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "disabled:", TRUE); /* no keyring */
  g_test_init (&argc, &argv, NULL);
  template = office_make_template ();

  ADD (what_a_server_put_back_has_lost_is_sent_again);
  ADD (a_long_history_is_not_sent_again);
  ADD (who_begins_with_nothing_is_spared_what_was_deleted_before);
  ADD (who_begins_with_a_foreign_server_is_spared_no_deletion);

  status = g_test_run ();
  remove_folder (template);
  g_free (template);
  return status;
}
