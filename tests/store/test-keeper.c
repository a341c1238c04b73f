/* test-keeper.c - when a backup is made by itself, and when it is not
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <sys/statvfs.h>

#include "disk-fixture.h"
#include "valise-backup.h"
#include "valise-db-copy.h"
#include "valise-keeper.h"
#include "valise-salvage.h"

#define NOTES 20

/* A file of holes, as long as the disk has room. */
static void
put_huge (Disk *disk, const char *name)
{
  g_autofree char *path = disk_build_path (disk, name);
  struct statvfs   room = { 0 };
  int              file = g_open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

  g_assert_cmpint (file, >=, 0);
  g_assert_no_errno (statvfs (disk->folder, &room));
  g_assert_no_errno (ftruncate (file, (off_t) (room.f_bavail * room.f_frsize)));
  g_assert_no_errno (close (file));
}

static char *
keep (Disk *disk, GError **error)
{
  char *made = NULL;

  valise_keeper_run (disk->folder, g_get_real_time (), NULL, &made, error);
  return made;
}

static void
what_a_backup_leaves_out_needs_no_room (Disk *disk, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *made = NULL;

  disk_write (disk, "public", 0, NOTES);
  disk_close (disk);
  put_huge (disk, "search.sqlite");
  put_huge (disk, "journal/old.edits");
  made = keep (disk, &error);
  g_assert_no_error (error);
  g_assert_nonnull (made);
}

static void
a_disk_without_room_is_said_so (Disk *disk, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv)     backups = NULL;

  disk_write (disk, "public", 0, NOTES);
  put_huge (disk, "notes.txt");
  g_assert_null (keep (disk, &error));
  g_assert_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_FULL);
  backups = valise_salvage_list_backups (disk->folder);
  g_assert_null (backups[0]);
}

static void
the_bytes_of_files_count_only_where_they_are_taken (Disk *disk, gconstpointer data)
{
  guint64 whole = 0, without = 0;

  disk_write (disk, "public", 0, NOTES);
  g_assert_nonnull (valise_home_get_files (disk->home, NULL));
  disk_close (disk);
  g_assert_true (valise_backup_measure (disk->folder, VALISE_BACKUP_WHOLE, &whole, NULL));
  g_assert_true (valise_backup_measure (disk->folder, VALISE_BACKUP_WITHOUT_FILES, &without, NULL));
  g_assert_cmpuint (without, >, 0);
  g_assert_cmpuint (whole, >, without);
}

static void
a_check_that_was_given_up_is_no_damage (Disk *disk, gconstpointer data)
{
  g_autofree char         *path = disk_build_path (disk, "public.sqlite");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError)       error = NULL;

  disk_write (disk, "public", 0, NOTES);
  g_assert_true (valise_db_check_file (path, cancellable, NULL));
  g_cancellable_cancel (cancellable);
  g_assert_false (valise_db_check_file (path, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define ADD(test) g_test_add ("/keeper/" #test, Disk, NULL, disk_setup, test, disk_teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (what_a_backup_leaves_out_needs_no_room);
  ADD (a_disk_without_room_is_said_so);
  ADD (the_bytes_of_files_count_only_where_they_are_taken);
  ADD (a_check_that_was_given_up_is_no_damage);

  return g_test_run ();
}
