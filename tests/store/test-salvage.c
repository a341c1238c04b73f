/* test-salvage.c - a damaged database is whole again, by itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "disk-fixture.h"
#include "valise-db.h"
#include "valise-keeper.h"
#include "valise-mend.h"
#include "valise-salvage.h"
#include "valise-verify.h"

#define NOTES 200
#define PAGE  8192

static void
make_backup (Disk *disk)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *made = NULL;

  valise_keeper_run (disk->folder, g_get_real_time (), NULL, &made, &error);
  g_assert_no_error (error);
  g_assert_nonnull (made);
}

/* Marks the file as one that nobody closed, so that it is read whole when it is opened. */
static void
leave_unclosed (const char *path)
{
  g_autoptr (ValiseDb) db = valise_db_open (path, VALISE_DB_WRITER, 1000, NULL);

  g_assert_nonnull (db);
  g_assert_true (valise_db_execute (db, "UPDATE meta SET clean = 0", NULL));
}

static gint64
count_documents (Disk *disk)
{
  g_autoptr (ValiseDatabase) database = disk_get_database (disk, "desk");
  ValiseDatabaseInfo         info = { 0 };

  g_assert_true (valise_database_get_info (database, &info, NULL));
  return info.documents;
}

static guint
count_incidents (Disk *disk)
{
  g_autoptr (GPtrArray) incidents = valise_incident_list (disk->folder);

  return incidents->len;
}

static void
assert_damaged_file_is_kept (Disk *disk)
{
  g_autofree char *aside = disk_build_path (disk, "damaged");
  g_autoptr (GDir) dir = g_dir_open (aside, 0, NULL);

  g_assert_nonnull (dir);
  g_assert_nonnull (g_dir_read_name (dir));
}

static void
file_that_is_none_any_more_comes_back_from_backup_and_journal (Disk *disk, gconstpointer data)
{
  g_autofree char *path = disk_build_path (disk, "desk.sqlite");

  disk_write (disk, "desk", 0, NOTES);
  make_backup (disk);
  disk_acknowledge (disk, "desk");
  disk_write (disk, "desk", NOTES, NOTES + 20); /* in the journal alone, once the file goes */
  disk_close (disk);
  disk_damage (path, 0, (gsize) disk_get_size (path));

  disk_open (disk);
  disk_assert_notes (disk, "desk", NOTES + 20);
  assert_damaged_file_is_kept (disk);
  {
    g_autoptr (GPtrArray) incidents = valise_incident_list (disk->folder);
    const ValiseIncident *incident = g_ptr_array_index (incidents, 0);

    g_assert_cmpuint (incidents->len, ==, 1);
    g_assert_cmpstr (incident->database, ==, "desk");
    g_assert_nonnull (incident->backup);
    g_assert_cmpint (incident->documents, ==, NOTES + 20);
    g_assert_cmpint (incident->edits, ==, 20);
  }
  valise_incident_clear (disk->folder);
  g_assert_cmpuint (count_incidents (disk), ==, 0);
}

static void
readable_rows_are_taken_from_the_damaged_file (Disk *disk, gconstpointer data)
{
  g_autofree char *path = disk_build_path (disk, "desk.sqlite");
  gint64           left = 0;

  disk_write (disk, "desk", 0, NOTES);
  disk_acknowledge (disk, "desk"); /* neither journal nor backup has them */
  disk_close (disk);
  disk_damage (path, disk_get_size (path) / 2, 3 * PAGE);
  leave_unclosed (path);

  disk_open (disk);
  left = count_documents (disk);
  g_assert_cmpint (left, >, NOTES / 2);
  g_assert_cmpint (left, <, NOTES);
  g_assert_cmpuint (count_incidents (disk), ==, 1);
}

static void
new_epoch_makes_peers_begin_anew (Disk *disk, gconstpointer data)
{
  g_autofree char   *path = disk_build_path (disk, "desk.sqlite");
  ValiseDatabaseInfo before = { 0 }, after = { 0 };

  disk_write (disk, "desk", 0, 5);
  make_backup (disk);
  {
    g_autoptr (ValiseDatabase) database = disk_get_database (disk, "desk");

    g_assert_true (valise_database_get_info (database, &before, NULL));
  }
  disk_close (disk);
  disk_damage (path, 0, PAGE);
  disk_open (disk);
  {
    g_autoptr (ValiseDatabase) database = disk_get_database (disk, "desk");

    g_assert_true (valise_database_get_info (database, &after, NULL));
  }
  g_assert_cmpstr (before.uuid, !=, after.uuid);
}

static void
damage_met_while_it_runs_is_mended_at_once (Disk *disk, gconstpointer data)
{
  g_autofree char           *path = disk_build_path (disk, "desk.sqlite");
  g_autoptr (ValiseDatabase) database = NULL;
  guint                      failures = 0;

  disk_write (disk, "desk", 0, NOTES);
  disk_close (disk);
  disk_open (disk);
  database = disk_get_database (disk, "desk");
  disk_damage (path, 2 * PAGE, (gsize) disk_get_size (path) - 2 * PAGE);

  for (guint i = 0; i < NOTES; i++)
    {
      g_autofree char           *id = g_strdup_printf ("note:%04u", i);
      g_autoptr (GError)         error = NULL;
      g_autoptr (ValiseDocument) note = valise_database_get (database, id, NULL, &error);

      failures += note == NULL;
    }
  g_assert_cmpuint (failures, >, 0);
  g_assert_cmpuint (failures, <, 5);
  g_assert_cmpuint (count_incidents (disk), ==, 1);
  disk_assert_notes (disk, "desk", NOTES);
  disk_write (disk, "desk", NOTES, NOTES + 1);
}

/* Nobody has read the damaged pages: who looks for damage finds it. */
static void
damage_is_looked_for_and_mended (Disk *disk, gconstpointer data)
{
  g_autofree char           *path = disk_build_path (disk, "desk.sqlite");
  g_autoptr (ValiseDatabase) database = NULL;

  disk_write (disk, "desk", 0, NOTES);
  disk_close (disk);
  disk_open (disk);
  database = disk_get_database (disk, "desk");
  valise_home_look_for_damage (disk->home);
  g_assert_cmpuint (count_incidents (disk), ==, 0);
  disk_damage (path, disk_get_size (path) / 2, 3 * PAGE);

  valise_home_look_for_damage (disk->home);
  g_assert_cmpuint (count_incidents (disk), ==, 1);
  disk_assert_notes (disk, "desk", NOTES);
}

static void
what_verifying_finds_is_mended (Disk *disk, gconstpointer data)
{
  g_autofree char           *path = disk_build_path (disk, "desk.sqlite");
  g_autoptr (ValiseDatabase) database = NULL;
  const ValiseVerifier       verifier = { NULL, NULL, NULL };
  ValiseVerifyReport         report = { 0 };

  disk_write (disk, "desk", 0, NOTES);
  disk_close (disk);
  disk_open (disk);
  database = disk_get_database (disk, "desk");
  disk_damage (path, disk_get_size (path) / 2, 3 * PAGE);

  (void) valise_verify_database (database, &verifier, &report, NULL);
  g_assert_cmpint (report.problems, >, 0);
  disk_assert_notes (disk, "desk", NOTES);
  g_assert_cmpuint (count_incidents (disk), ==, 1);
}

static void
row_that_proves_nothing_is_fetched_again (Disk *disk, gconstpointer data)
{
  g_autofree char   *path = disk_build_path (disk, "desk.sqlite");
  g_autoptr (GError) error = NULL;

  disk_write (disk, "desk", 0, 10);
  {
    g_autoptr (ValiseDatabase) database = disk_get_database (disk, "desk");
    g_autoptr (GBytes)         body = g_bytes_new_static ("{\"n\":1}", 7);
    g_autoptr (ValiseDocument) foreign =
        valise_document_new ("foreign", "1-0123456789abcdef0123456789abcdef", FALSE, body);
    ValiseBatch *batch = valise_database_begin (database, NULL);

    g_assert_true (valise_batch_merge (batch, foreign, NULL, NULL));
    g_assert_true (valise_batch_commit (batch, NULL));
  }
  disk_acknowledge (disk, "desk");
  disk_close (disk);
  disk_damage (path, disk_get_size (path) - PAGE, PAGE);
  leave_unclosed (path);
  {
    ValiseSalvageReport report = { 0 };

    valise_salvage_database (disk->folder, "desk", &report, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (report.doubtful, <=, 1);
  }
  disk_open (disk);
  {
    g_autoptr (ValiseDatabase) database = disk_get_database (disk, "desk");
    g_autoptr (GPtrArray)      leaves = valise_database_get_leaves (database, "foreign", NULL);

    if (leaves != NULL) /* its page was not the damaged one */
      g_assert_false (((ValiseRevisionLeaf *) g_ptr_array_index (leaves, 0))->here);
  }
}

/* Killed between the commit and the last rename: the next program goes on from there. */
static void
salvage_that_was_killed_is_finished (Disk *disk, gconstpointer data)
{
  g_autofree char *path = disk_build_path (disk, "desk.sqlite");
  g_autofree char *ready = disk_build_path (disk, "desk.sqlite.salvaged");
  g_autofree char *log = disk_build_path (disk, "desk.sqlite-wal");
  g_autofree char *data_of_log = g_strnfill (100000, 'w');
  g_autofree char *whole = NULL;
  gsize            length = 0;

  disk_write (disk, "desk", 0, NOTES);
  disk_close (disk);
  g_assert_true (g_file_get_contents (path, &whole, &length, NULL));
  g_assert_true (g_file_set_contents (ready, whole, (gssize) length, NULL));
  g_assert_true (g_file_set_contents (log, data_of_log, -1, NULL));
  disk_damage (path, 0, PAGE);

  disk_open (disk);
  disk_assert_notes (disk, "desk", NOTES);
  g_assert_false (g_file_test (ready, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_incidents (disk), ==, 0);
}

#define ADD(test) g_test_add ("/salvage/" #test, Disk, NULL, disk_setup, test, disk_teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (file_that_is_none_any_more_comes_back_from_backup_and_journal);
  ADD (readable_rows_are_taken_from_the_damaged_file);
  ADD (new_epoch_makes_peers_begin_anew);
  ADD (damage_met_while_it_runs_is_mended_at_once);
  ADD (damage_is_looked_for_and_mended);
  ADD (what_verifying_finds_is_mended);
  ADD (row_that_proves_nothing_is_fetched_again);
  ADD (salvage_that_was_killed_is_finished);

  return g_test_run ();
}
