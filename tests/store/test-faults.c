/* test-faults.c - the disk fails at every call, and memory at every allocation
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * See fault-loop.h. Each scenario begins with a copy of the same folder.
 */

#include "disk-fixture.h"
#include "fault-loop.h"
#include "first-files.h"
#include "valise-backup.h"
#include "valise-db-copy.h"
#include "valise-file-wishes.h"
#include "valise-mend.h"
#include "valise-verify.h"

#define EDITS 4
#define NOTES 12 /* in the folder that is copied */

typedef struct
{
  char *root;
  char *template; /* a folder with NOTES notes in desk.sqlite */
  char    *folder;
  guint    acknowledged; /* what is not to be lost, now */
  gboolean done;         /* whether the work says that it is */
} Fixture;

static void
setup (Fixture *fixture, gconstpointer data)
{
  Disk disk = { 0 };

  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->template = g_build_filename (fixture->root, "template", NULL);
  fixture->folder = g_build_filename (fixture->root, "folder", NULL);
  disk.folder = fixture->template;
  disk_open (&disk);
  disk_write (&disk, "desk", 0, NOTES);
  disk_close (&disk);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  valise_folder_remove (fixture->root);
  g_free (fixture->folder);
  g_free (fixture->template);
  g_free (fixture->root);
}

static char *
build_path (Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

static void
clear_folder (gpointer user_data)
{
  Fixture *fixture = user_data;

  valise_folder_remove (fixture->folder);
  g_assert_no_errno (g_mkdir (fixture->folder, 0700));
  fixture->acknowledged = 0;
  fixture->done = FALSE;
}

static void
copy_folder (gpointer user_data)
{
  Fixture           *fixture = user_data;
  g_autofree char   *from = g_build_filename (fixture->template, "desk.sqlite", NULL);
  g_autofree char   *to = build_path (fixture, "desk.sqlite");
  g_autoptr (GError) error = NULL;

  clear_folder (fixture);
  valise_folder_copy_file (from, to, &error);
  g_assert_no_error (error);
  fixture->acknowledged = NOTES;
}

static void
assert_told (gboolean ok, const GError *error)
{
  if (ok)
    return;
  g_assert_nonnull (error);
  g_assert_cmpstr (error->message, !=, "");
}

static void
problem_cb (const char *what, gpointer user_data)
{
  g_test_message ("%s", what);
}

/* What a pull brings has revisions of others. */
static gboolean
proves_cb (const ValiseDocument *leaf, const ValiseJson *json, gpointer user_data)
{
  return g_str_has_prefix (leaf->id, "pulled:");
}

static ValiseDatabase *
open_desk (Fixture *fixture)
{
  g_autofree char   *path = build_path (fixture, "desk.sqlite");
  g_autoptr (GError) error = NULL;
  ValiseDatabase    *database = valise_database_open (path, "desk", TRUE, &error);

  g_assert_no_error (error);
  return database;
}

/* The desk is sound, and has the notes that were acknowledged. */
static void
check_desk (gpointer user_data)
{
  Fixture                   *fixture = user_data;
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) database = open_desk (fixture);
  const ValiseVerifier       verifier = { problem_cb, NULL, NULL, proves_cb, NULL };
  ValiseVerifyReport         report = { 0 };

  valise_verify_database (database, &verifier, &report, &error);
  g_assert_no_error (error);
  g_assert_cmpint (report.problems, ==, 0);
  for (guint i = 0; i < fixture->acknowledged; i++)
    {
      g_autofree char           *id = g_strdup_printf ("note:%04u", i);
      g_autoptr (ValiseDocument) note = valise_database_get (database, id, NULL, &error);

      g_assert_no_error (error);
    }
  valise_database_close (database);
}

/* --- edits, and a batch as a pull writes it ----------------------------------------------- */

static gboolean
put_note (ValiseDatabase *database, guint number, GError **error)
{
  g_autofree char   *id = g_strdup_printf ("note:%04u", number);
  g_autofree char   *filler = g_strnfill (number * 97 % 3000 + 9000, 'n');
  g_autofree char   *text = g_strdup_printf ("{\"n\":%u,\"text\":\"%s\"}", number, filler);
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  g_autofree char   *rev = valise_database_put (database, id, NULL, FALSE, body, NULL, error);

  return rev != NULL;
}

/* Batches, as a pull writes them: the checkpoint with the documents. */
static gboolean
merge_batch (ValiseDatabase *database, GError **error)
{
  g_autofree char *checkpoint = g_strdup ("{\"batch\":1}");
  ValiseBatch     *batch = valise_database_begin (database, error);
  gboolean         ok = batch != NULL;

  for (guint i = 0; ok && i < 5; i++)
    {
      g_autofree char           *id = g_strdup_printf ("pulled:%u", i);
      g_autoptr (GBytes)         body = g_bytes_new_static ("{\"type\":\"note\"}", 15);
      g_autoptr (ValiseDocument) document = valise_document_new (id, "1-aa", FALSE, body);

      ok = valise_batch_merge (batch, document, NULL, error);
    }
  if (ok)
    return valise_batch_put_local (batch, "checkpoint", checkpoint, error)
               ? valise_batch_commit (batch, error)
               : (valise_batch_cancel (batch), FALSE);
  if (batch != NULL)
    valise_batch_cancel (batch);
  return FALSE;
}

/* Opens, writes, reads, closes; stops at the first failure, which has a message. */
static void
write_desk (gpointer user_data)
{
  Fixture                   *fixture = user_data;
  g_autofree char           *path = build_path (fixture, "desk.sqlite");
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) database = valise_database_open (path, "desk", TRUE, &error);
  gboolean                   ok = database != NULL;

  for (guint i = 0; ok && i < EDITS; i++)
    {
      ok = put_note (database, i, &error);
      if (ok)
        fixture->acknowledged = i + 1;
    }
  ok = ok && merge_batch (database, &error);
  assert_told (ok, error);
  if (database != NULL)
    valise_database_close (database);
}

static void
check_written (gpointer user_data)
{
  Fixture                   *fixture = user_data;
  g_autoptr (ValiseDatabase) database = NULL;
  g_autofree char           *checkpoint = NULL;

  check_desk (fixture);
  database = open_desk (fixture);
  checkpoint = valise_database_get_local (database, "checkpoint", NULL, NULL);
  if (checkpoint != NULL)
    {
      g_autoptr (GError)         error = NULL;
      g_autoptr (ValiseDocument) last = valise_database_get (database, "pulled:4", NULL, &error);

      g_assert_no_error (error);
    }
  valise_database_close (database);
}

static void
what_is_written_is_whole (Fixture *fixture, gconstpointer data)
{
  fault_loop_run (&(FaultScenario){ clear_folder, write_desk, check_written }, fixture);
}

/* --- vacuum ------------------------------------------------------------------------------- */

/* Maintenance of a database by hand, as no part of Valise does it. */
static void
vacuum (gpointer user_data)
{
  Fixture             *fixture = user_data;
  g_autofree char     *path = build_path (fixture, "desk.sqlite");
  g_autoptr (GError)   error = NULL;
  g_autoptr (ValiseDb) db = valise_db_open (path, VALISE_DB_WRITER, 1000, &error);
  gboolean             ok = db != NULL && valise_db_accept (db, &error);

  for (guint i = 0; ok && i < 2; i++)
    ok = valise_db_execute (db, "PRAGMA wal_checkpoint(TRUNCATE); VACUUM", &error);
  assert_told (ok, error);
}

static void
vacuum_loses_nothing (Fixture *fixture, gconstpointer data)
{
  fault_loop_run (&(FaultScenario){ copy_folder, vacuum, check_desk }, fixture);
}

/* --- files: they come, they go, and an older store becomes a newer one -------------------- */

static gboolean
put_file (ValiseFileStore *files, guint number, GError **error)
{
  g_autoptr (GBytes) bytes = first_files_bytes (number);
  g_autofree char   *digest = valise_file_store_put (files, bytes, error);

  return digest != NULL;
}

/* In pieces, of which the last is the first that is durable. */
static gboolean
append_file (ValiseFileStore *files, guint number, GError **error)
{
  g_autofree char   *digest = first_files_digest (number);
  g_autoptr (GBytes) bytes = first_files_bytes (number);
  g_autoptr (GBytes) half = g_bytes_new_from_bytes (bytes, 0, FIRST_BYTES / 2);
  g_autoptr (GBytes) rest =
      g_bytes_new_from_bytes (bytes, FIRST_BYTES / 2, FIRST_BYTES / 2 + number);
  gint64 length = FIRST_BYTES + number;

  return valise_file_store_append_soon (files, digest, length, 0, half, error)
         && valise_file_store_append (files, digest, length, FIRST_BYTES / 2, rest, error);
}

/* The last one goes again. */
static void
move_files (gpointer user_data)
{
  Fixture                    *fixture = user_data;
  g_autofree char            *path = build_path (fixture, "files.sqlite");
  g_autofree char            *last = first_files_digest (3);
  const char *const           evicted[] = { last, NULL };
  g_autoptr (GError)          error = NULL;
  g_autoptr (ValiseFileStore) files = valise_file_store_open (path, &error);
  gboolean                    ok = files != NULL;

  for (guint i = 0; ok && i < 3; i++)
    {
      ok = i % 2 == 0 ? put_file (files, i, &error) : append_file (files, i, &error);
      if (ok)
        fixture->acknowledged = i + 1;
    }
  ok = ok && put_file (files, 3, &error) && valise_file_wishes_evict (files, evicted, NULL, &error);
  assert_told (ok, error);
  if (files != NULL)
    valise_file_store_close (files);
}

static void
check_files (gpointer user_data)
{
  Fixture                    *fixture = user_data;
  g_autofree char            *path = build_path (fixture, "files.sqlite");
  const ValiseVerifier        verifier = { problem_cb, NULL, NULL };
  g_autoptr (GError)          error = NULL;
  g_autoptr (ValiseFileStore) files = valise_file_store_open (path, &error);
  gint64                      found = 0, problems = 0;

  g_assert_no_error (error);
  valise_verify_files (path, &verifier, &found, &problems, &error);
  g_assert_no_error (error);
  g_assert_cmpint (problems, ==, 0);
  for (guint i = 0; i < fixture->acknowledged; i++)
    {
      g_autofree char   *digest = first_files_digest (i);
      g_autoptr (GBytes) bytes = valise_file_store_read_whole (files, digest, &error);

      g_assert_no_error (error);
    }
  valise_file_store_close (files);
}

static void
files_that_came_stay (Fixture *fixture, gconstpointer data)
{
  fault_loop_run (&(FaultScenario){ clear_folder, move_files, check_files }, fixture);
}

static void
copy_first_files (gpointer user_data)
{
  Fixture           *fixture = user_data;
  g_autofree char   *from = g_build_filename (fixture->template, "first.sqlite", NULL);
  g_autofree char   *to = build_path (fixture, "files.sqlite");
  g_autoptr (GError) error = NULL;

  clear_folder (fixture);
  if (!g_file_test (from, G_FILE_TEST_EXISTS))
    first_files_write (from);
  valise_folder_copy_file (from, to, &error);
  g_assert_no_error (error);
  fixture->acknowledged = FIRST_FILES;
}

static void
migrate (gpointer user_data)
{
  Fixture                    *fixture = user_data;
  g_autofree char            *path = build_path (fixture, "files.sqlite");
  g_autoptr (GError)          error = NULL;
  g_autoptr (ValiseFileStore) files = valise_file_store_open (path, &error);

  assert_told (files != NULL, error);
  if (files != NULL)
    valise_file_store_close (files);
}

static void
migration_loses_nothing (Fixture *fixture, gconstpointer data)
{
  fault_loop_run (&(FaultScenario){ copy_first_files, migrate, check_files }, fixture);
}

/* --- backup ------------------------------------------------------------------------------- */

static void
back_up (gpointer user_data)
{
  Fixture           *fixture = user_data;
  g_autofree char   *file = build_path (fixture, "backups");
  g_autoptr (GError) error = NULL;

  fixture->done =
      valise_backup_write (fixture->folder, file, VALISE_BACKUP_WHOLE, NULL, NULL, &error);
  assert_told (fixture->done, error);
}

/* There is one that is whole, or there is none; and the desk is as it was. */
static void
check_backup (gpointer user_data)
{
  Fixture           *fixture = user_data;
  g_autofree char   *file = build_path (fixture, "backups");
  g_autofree char   *copy = build_path (fixture, "backups.copy");
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_test (file, G_FILE_TEST_EXISTS) == fixture->done);
  g_assert_false (g_file_test (copy, G_FILE_TEST_EXISTS));
  if (fixture->done)
    valise_backup_check (file, NULL, &error);
  g_assert_no_error (error);
  check_desk (fixture);
}

static void
backup_is_whole_or_is_none (Fixture *fixture, gconstpointer data)
{
  fault_loop_run (&(FaultScenario){ copy_folder, back_up, check_backup }, fixture);
}

/* --- salvage ------------------------------------------------------------------------------ */

static void
damage_folder (gpointer user_data)
{
  Fixture         *fixture = user_data;
  g_autofree char *path = build_path (fixture, "desk.sqlite");

  copy_folder (fixture);
  disk_damage (path, disk_get_size (path) - 8192, 8192);
}

static void
salvage (gpointer user_data)
{
  Fixture            *fixture = user_data;
  g_autoptr (GError)  error = NULL;
  ValiseSalvageReport report = { 0 };

  fixture->done = valise_salvage_database (fixture->folder, "desk", &report, &error);
  assert_told (fixture->done, error);
}

/* What a run without faults saves is saved, by this one or by the next. */
static void
check_salvaged (gpointer user_data)
{
  Fixture            *fixture = user_data;
  g_autoptr (GError)  error = NULL;
  ValiseSalvageReport report = { 0 };
  ValiseDatabaseInfo  info = { 0 };
  static gint64       expected = 0;

  valise_salvage_finish (fixture->folder, "desk", &error);
  g_assert_no_error (error);
  if (!fixture->done)
    valise_salvage_database (fixture->folder, "desk", &report, &error);
  g_assert_no_error (error);
  {
    g_autoptr (ValiseDatabase) database = open_desk (fixture);

    valise_database_get_info (database, &info, &error);
    g_assert_no_error (error);
    valise_database_close (database);
  }
  expected = expected == 0 ? info.documents : expected;
  g_assert_cmpint (info.documents, ==, expected);
  g_assert_cmpint (info.documents, >, NOTES / 2);
  fixture->acknowledged = 0;
  check_desk (fixture);
}

static void
salvage_that_fails_can_be_done_again (Fixture *fixture, gconstpointer data)
{
  fault_loop_run (&(FaultScenario){ damage_folder, salvage, check_salvaged }, fixture);
}

#define ADD(test) g_test_add ("/faults/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  fault_loop_install ();
  g_test_init (&argc, &argv, NULL);

  ADD (what_is_written_is_whole);
  ADD (vacuum_loses_nothing);
  ADD (files_that_came_stay);
  ADD (migration_loses_nothing);
  ADD (backup_is_whole_or_is_none);
  ADD (salvage_that_fails_can_be_done_again);

  return g_test_run ();
}
