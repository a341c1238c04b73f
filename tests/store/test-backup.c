/* test-backup.c - a record in one file, and back; and backups that are made by themselves
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <signal.h>
#include <sys/resource.h>

#include "disk-fixture.h"
#include "valise-backup.h"
#include "valise-db.h"
#include "valise-keeper.h"
#include "valise-salvage.h"

#define NOTES  60
#define DAY_US (G_TIME_SPAN_DAY)
#define START  ((gint64) 1795750386 * G_USEC_PER_SEC) /* 27 November 2026 */

static const char *const nothing[] = { NULL };

static char *
make_backup (Disk *disk)
{
  g_autoptr (GError) error = NULL;
  char              *file = g_build_filename (disk->root, "all.backup", NULL);

  valise_backup_write (disk->folder, file, VALISE_BACKUP_WHOLE, NULL, NULL, &error);
  g_assert_no_error (error);
  valise_backup_check (file, NULL, &error);
  g_assert_no_error (error);
  return file;
}

static void
restore (Disk *disk, const char *file)
{
  g_autofree char   *aside = g_build_filename (disk->root, "replaced", "old", NULL);
  g_autoptr (GError) error = NULL;

  disk_close (disk);
  valise_backup_restore (file, disk->folder, aside, nothing, &error);
  g_assert_no_error (error);
  disk_open (disk);
}

static void
get_info (Disk *disk, ValiseDatabaseInfo *info)
{
  g_autoptr (ValiseDatabase) database = disk_get_database (disk, "public");

  g_assert_true (valise_database_get_info (database, info, NULL));
}

static void
what_was_backed_up_comes_back (Disk *disk, gconstpointer data)
{
  g_autofree char   *file = NULL;
  g_autofree char   *old = g_build_filename (disk->root, "replaced", "old", NULL);
  ValiseDatabaseInfo before = { 0 }, after = { 0 };

  disk_write (disk, "public", 0, NOTES);
  get_info (disk, &before);
  file = make_backup (disk);
  disk_write (disk, "public", NOTES, NOTES + 5);
  restore (disk, file);

  disk_assert_notes (disk, "public", NOTES);
  get_info (disk, &after);
  g_assert_cmpint (after.documents, ==, NOTES);
  /* Peers that knew the file must not take its sequences for those they knew. */
  g_assert_cmpstr (before.uuid, !=, after.uuid);
  g_assert_true (g_file_test (old, G_FILE_TEST_IS_DIR));
}

static gpointer
write_thread (gpointer data)
{
  disk_write (data, "public", NOTES, 4 * NOTES);
  return NULL;
}

static void
backup_of_a_database_in_use_is_one_moment (Disk *disk, gconstpointer data)
{
  GThread *thread = NULL;

  disk_write (disk, "public", 0, NOTES);
  thread = g_thread_new ("writer", write_thread, disk);
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *file = make_backup (disk);

      g_assert_no_errno (g_unlink (file));
    }
  g_thread_join (thread);
  {
    g_autofree char *file = make_backup (disk);

    restore (disk, file);
    disk_assert_notes (disk, "public", 4 * NOTES);
  }
}

static void
secrets_and_what_is_of_this_machine_stay_behind (Disk *disk, gconstpointer data)
{
  static const char *const names[] = { "secrets.json", "identity", "search.sqlite",
                                       "journal/public.edits" };
  g_autofree char         *secrets = disk_build_path (disk, "secrets.json");
  g_autofree char         *account = disk_build_path (disk, "account.json");
  g_autofree char         *target = g_build_filename (disk->root, "part", NULL);
  g_autofree char         *file = NULL;
  g_autoptr (GError)       error = NULL;

  disk_write (disk, "public", 0, 3);
  g_assert_true (g_file_set_contents (secrets, "{}", -1, NULL));
  g_assert_true (g_file_set_contents (account, "{}", -1, NULL));
  file = make_backup (disk);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_assert_false (valise_archive_extract (file, names[i], target, &error));
      g_assert_error (error, VALISE_ARCHIVE_ERROR, VALISE_ARCHIVE_ERROR_MISSING);
      g_clear_error (&error);
    }
  g_assert_true (valise_archive_extract (file, "account.json", target, NULL));
}

static void
damaged_backup_is_refused_and_changes_nothing (Disk *disk, gconstpointer data)
{
  g_autofree char *whole = NULL;
  gsize            length = 0;
  g_autofree char *aside = g_build_filename (disk->root, "replaced", "old", NULL);
  g_autofree char *file = NULL;

  disk_write (disk, "public", 0, 3);
  file = make_backup (disk);
  disk_close (disk);
  g_assert_true (g_file_get_contents (file, &whole, &length, NULL));
  for (gsize at = 0; at < length; at += length / 23)
    for (guint cut = 0; cut < 2; cut++)
      {
        g_autoptr (GError) error = NULL;
        g_autofree char   *bytes = g_memdup2 (whole, length);

        bytes[at] ^= 1;
        g_assert_true (
            g_file_set_contents (file, bytes, cut ? (gssize) at : (gssize) length, NULL));
        g_assert_false (valise_backup_restore (file, disk->folder, aside, nothing, &error));
        g_assert_error (error, VALISE_ARCHIVE_ERROR, VALISE_ARCHIVE_ERROR_DAMAGED);
        g_assert_false (g_file_test (aside, G_FILE_TEST_EXISTS));
      }
  disk_open (disk);
  disk_assert_notes (disk, "public", 3);
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The names and sizes of what lies in @folder, in order. */
static char *
list_folder (const char *folder)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir)      dir = g_dir_open (folder, 0, NULL);
  const char           *name = NULL;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_ptr_array_add (lines,
                       g_file_test (path, G_FILE_TEST_IS_DIR)
                           ? g_strdup (name)
                           : g_strdup_printf ("%s %" G_GINT64_FORMAT, name, disk_get_size (path)));
    }
  g_ptr_array_sort (lines, compare_lines);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

/* Files may not grow past @bytes, as on a disk that has no more. */
static gboolean
write_within (Disk *disk, const char *file, rlim_t bytes, GError **error)
{
  struct rlimit before = { 0 }, limit = { 0 };
  gboolean      ok = FALSE;

  g_assert_no_errno (getrlimit (RLIMIT_FSIZE, &before));
  limit = before;
  limit.rlim_cur = bytes;
  g_assert_no_errno (setrlimit (RLIMIT_FSIZE, &limit));
  ok = valise_backup_write (disk->folder, file, VALISE_BACKUP_WHOLE, NULL, NULL, error);
  g_assert_no_errno (setrlimit (RLIMIT_FSIZE, &before));
  return ok;
}

static void
backup_that_has_no_room_leaves_nothing (Disk *disk, gconstpointer data)
{
  g_autofree char *file = g_build_filename (disk->root, "all.backup", NULL);
  g_autofree char *beside = NULL, *inside = NULL;
  void (*before) (int) = NULL;
  guint   failures = 0;
  rlim_t  bytes = 4096;
  GError *error = NULL;

  /* In use, as it is when backups are made: what SQLite keeps beside it is there already. */
  disk_write (disk, "public", 0, NOTES);
  beside = list_folder (disk->root);
  inside = list_folder (disk->folder);
  before = signal (SIGXFSZ, SIG_IGN);
  for (; !write_within (disk, file, bytes, &error); bytes *= 2)
    {
      g_autofree char *beside_now = list_folder (disk->root);
      g_autofree char *inside_now = list_folder (disk->folder);

      g_test_message ("%lu bytes: %s", (gulong) bytes, error->message);
      g_assert_nonnull (error);
      g_assert_cmpstr (beside_now, ==, beside);
      g_assert_cmpstr (inside_now, ==, inside);
      g_clear_error (&error);
      failures++;
      g_assert_cmpuint (failures, <, 30);
    }
  signal (SIGXFSZ, before);
  g_assert_no_error (error);
  g_assert_cmpuint (failures, >=, 3);
  valise_backup_check (file, NULL, &error);
  g_assert_no_error (error);
}

static void
backup_into_a_missing_folder_is_refused (Disk *disk, gconstpointer data)
{
  g_autofree char   *file = g_build_filename (disk->root, "missing", "all.backup", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (
      valise_backup_write (disk->folder, file, VALISE_BACKUP_WHOLE, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
damaged_database_makes_no_backup (Disk *disk, gconstpointer data)
{
  g_autofree char   *path = disk_build_path (disk, "public.sqlite");
  g_autofree char   *file = g_build_filename (disk->root, "all.backup", NULL);
  g_autoptr (GError) error = NULL;

  disk_write (disk, "public", 0, NOTES);
  disk_close (disk);
  disk_damage (path, 5 * 8192, 4 * 8192);
  g_assert_false (
      valise_backup_write (disk->folder, file, VALISE_BACKUP_WHOLE, NULL, NULL, &error));
  g_assert_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_CORRUPT);
  g_assert_false (g_file_test (file, G_FILE_TEST_EXISTS));
}

/* --- made by themselves ---------------------------------------------------------------- */

static gboolean
keep (Disk *disk, gint64 now_us)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *made = NULL;

  valise_keeper_run (disk->folder, now_us, NULL, &made, &error);
  g_assert_no_error (error);
  return made != NULL;
}

static void
one_a_day_where_something_changed (Disk *disk, gconstpointer data)
{
  disk_write (disk, "public", 0, 3);
  g_assert_true (keep (disk, START));
  g_assert_false (keep (disk, START + G_TIME_SPAN_HOUR));
  g_assert_false (keep (disk, START + DAY_US)); /* nothing new */
  disk_write (disk, "public", 3, 4);
  g_assert_true (keep (disk, START + DAY_US));
  g_assert_false (keep (disk, START - DAY_US)); /* a clock put back */
}

static void
days_then_weeks_are_kept (Disk *disk, gconstpointer data)
{
  g_auto (GStrv)   backups = NULL;
  g_autofree char *oldest = NULL;
  guint            count = 0;

  for (guint day = 0; day < 40; day++)
    {
      disk_write (disk, "public", day, day + 1);
      g_assert_true (keep (disk, START + day * DAY_US));
    }
  backups = valise_salvage_list_backups (disk->folder);
  count = g_strv_length (backups);
  g_assert_cmpuint (count, ==, 7 + 4);
  oldest = g_path_get_basename (backups[count - 1]);
  g_assert_cmpstr (oldest, >, "20261201");
  g_assert_cmpstr (oldest, <, "20261215");
}

static void
keeper_works_while_edits_go_on_and_ends_at_once (Disk *disk, gconstpointer data)
{
  ValiseKeeper  *keeper = NULL;
  g_auto (GStrv) backups = NULL;

  disk_write (disk, "public", 0, NOTES);
  keeper = valise_keeper_start (disk->folder, 0, NULL, NULL);
  for (guint i = 0; i < 600 && (backups == NULL || backups[0] == NULL); i++)
    {
      g_clear_pointer (&backups, g_strfreev);
      disk_write (disk, "public", NOTES + i, NOTES + i + 1);
      backups = valise_salvage_list_backups (disk->folder);
    }
  valise_keeper_stop (keeper);
  g_assert_nonnull (backups[0]);
}

#define ADD(test) g_test_add ("/backup/" #test, Disk, NULL, disk_setup, test, disk_teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (what_was_backed_up_comes_back);
  ADD (backup_of_a_database_in_use_is_one_moment);
  ADD (secrets_and_what_is_of_this_machine_stay_behind);
  ADD (damaged_backup_is_refused_and_changes_nothing);
  ADD (backup_that_has_no_room_leaves_nothing);
  ADD (backup_into_a_missing_folder_is_refused);
  ADD (damaged_database_makes_no_backup);
  ADD (one_a_day_where_something_changed);
  ADD (days_then_weeks_are_kept);
  ADD (keeper_works_while_edits_go_on_and_ends_at_once);

  return g_test_run ();
}
