/* test-journal.c - edits outlive the database they were made in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "valise-database.h"
#include "valise-journal.h"

#define EDITS 5

typedef struct
{
  char           *root;
  char           *path;
  char           *journal;
  ValiseDatabase *database;
  char           *revs[EDITS]; /* of note:0… */
} Fixture;

static void
open_database (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->database = valise_database_open (fixture->path, "desk", TRUE, &error);
  g_assert_no_error (error);
  valise_database_start_journal (fixture->database, fixture->journal, &error);
  g_assert_no_error (error);
}

static void
close_database (Fixture *fixture)
{
  if (fixture->database != NULL)
    valise_database_close (fixture->database);
  g_clear_object (&fixture->database);
}

static char *
write_note (Fixture *fixture, guint number, const char *parent)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *id = g_strdup_printf ("note:%u", number);
  g_autofree char   *text = g_strdup_printf ("{\"text\":\"Note %u after %s\"}", number, parent);
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  char *rev = valise_database_put (fixture->database, id, parent, FALSE, body, NULL, &error);

  g_assert_no_error (error);
  return rev;
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->root, "desk.sqlite", NULL);
  fixture->journal = g_build_filename (fixture->root, "journal", "desk.edits", NULL);
  open_database (fixture);
  for (guint i = 0; i < EDITS; i++)
    fixture->revs[i] = write_note (fixture, i, NULL);
}

static void
remove_database (Fixture *fixture)
{
  static const char *const suffixes[] = { "-wal", "-shm", "" };

  close_database (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = g_strconcat (fixture->path, suffixes[i], NULL);

      (void) g_unlink (path);
    }
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_path_get_dirname (fixture->journal);

  remove_database (fixture);
  g_assert_no_errno (g_unlink (fixture->journal));
  g_assert_no_errno (g_rmdir (folder));
  g_assert_no_errno (g_rmdir (fixture->root));
  for (guint i = 0; i < EDITS; i++)
    g_free (fixture->revs[i]);
  g_free (fixture->journal);
  g_free (fixture->path);
  g_free (fixture->root);
}

/* Notes from @first on are here, at the revisions they had. */
static void
assert_notes (Fixture *fixture, guint first)
{
  for (guint i = first; i < EDITS; i++)
    {
      g_autoptr (GError)         error = NULL;
      g_autofree char           *id = g_strdup_printf ("note:%u", i);
      g_autoptr (ValiseDocument) note = valise_database_get (fixture->database, id, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (note->rev, ==, fixture->revs[i]);
    }
}

static gboolean
count_edit (const char *epoch, const ValiseDocument *document, gpointer user_data)
{
  ++*(guint *) user_data;
  return TRUE;
}

static guint
count_edits (const char *path, guint *damaged)
{
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseJournal) journal = valise_journal_open (path, &error);
  guint                     count = 0;

  g_assert_no_error (error);
  valise_journal_read (journal, count_edit, &count, damaged, &error);
  g_assert_no_error (error);
  return count;
}

static void
lost_database_has_its_edits_again (Fixture *fixture, gconstpointer data)
{
  ValiseDatabaseInfo info = { 0 };

  remove_database (fixture);
  open_database (fixture);
  assert_notes (fixture, 0);
  g_assert_true (valise_database_get_info (fixture->database, &info, NULL));
  g_assert_cmpint (info.documents, ==, EDITS);
}

static void
edit_of_an_edit_keeps_its_history (Fixture *fixture, gconstpointer data)
{
  g_autofree char           *first = g_steal_pointer (&fixture->revs[1]);
  g_autoptr (ValiseDocument) note = NULL;
  g_autoptr (GPtrArray)      leaves = NULL;

  fixture->revs[1] = write_note (fixture, 1, first);
  remove_database (fixture);
  open_database (fixture);
  assert_notes (fixture, 0);
  note = valise_database_get (fixture->database, "note:1", NULL, NULL);
  leaves = valise_database_get_leaves (fixture->database, "note:1", NULL);
  g_assert_cmpstr (note->ancestors[0], ==, first + 2);
  g_assert_cmpuint (leaves->len, ==, 1);
}

static void
replay_twice_is_once (Fixture *fixture, gconstpointer data)
{
  ValiseDatabaseInfo before = { 0 }, after = { 0 };

  remove_database (fixture);
  open_database (fixture);
  g_assert_true (valise_database_get_info (fixture->database, &before, NULL));
  close_database (fixture);
  open_database (fixture);
  g_assert_true (valise_database_get_info (fixture->database, &after, NULL));
  g_assert_cmpint (before.update_seq, ==, after.update_seq);
  g_assert_cmpstr (before.uuid, ==, after.uuid);
  g_assert_cmpuint (count_edits (fixture->journal, NULL), ==, EDITS);
}

static void
earlier_copy_of_the_file_is_noticed (Fixture *fixture, gconstpointer data)
{
  g_autofree char   *copy = NULL;
  gsize              length = 0;
  g_autofree char   *last = g_steal_pointer (&fixture->revs[EDITS - 1]);
  ValiseDatabaseInfo before = { 0 }, after = { 0 };

  g_assert_true (valise_database_get_info (fixture->database, &before, NULL));
  close_database (fixture);
  g_assert_true (g_file_get_contents (fixture->path, &copy, &length, NULL));
  open_database (fixture);
  fixture->revs[EDITS - 1] = write_note (fixture, EDITS - 1, last);
  remove_database (fixture);
  g_assert_true (g_file_set_contents (fixture->path, copy, (gssize) length, NULL));

  open_database (fixture);
  assert_notes (fixture, 0);
  g_assert_true (valise_database_get_info (fixture->database, &after, NULL));
  g_assert_cmpstr (before.uuid, !=, after.uuid);
  g_assert_cmpint (before.created_us, <, after.created_us);
}

static void
what_the_server_has_goes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  ValiseDatabaseInfo info = { 0 };

  g_assert_true (valise_database_get_info (fixture->database, &info, NULL));
  valise_database_trim_journal (fixture->database, info.uuid, info.update_seq - 1, NULL, NULL,
                                &error);
  g_assert_no_error (error);
  g_assert_cmpint (valise_database_get_unsafe_bytes (fixture->database), >, 0);

  valise_database_trim_journal (fixture->database, "another epoch", info.update_seq, NULL, NULL,
                                &error);
  g_assert_no_error (error);
  g_assert_cmpint (valise_database_get_unsafe_bytes (fixture->database), >, 0);

  valise_database_trim_journal (fixture->database, info.uuid, info.update_seq, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (valise_database_get_unsafe_bytes (fixture->database), ==, 0);

  g_free (fixture->revs[2]);
  fixture->revs[2] = NULL;
  {
    g_autoptr (ValiseDocument) note =
        valise_database_get (fixture->database, "note:2", NULL, &error);

    fixture->revs[2] = write_note (fixture, 2, note->rev);
  }
  g_assert_cmpuint (count_edits (fixture->journal, NULL), ==, 1);
}

static gboolean
keep_third (const char *id, const char *rev, gpointer user_data)
{
  return g_str_equal (id, "note:2");
}

static void
what_the_server_refused_stays (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  ValiseDatabaseInfo info = { 0 };

  for (guint i = EDITS; i < 400; i++) /* enough that trimming pays */
    g_free (write_note (fixture, i, NULL));
  g_assert_true (valise_database_get_info (fixture->database, &info, NULL));
  valise_database_trim_journal (fixture->database, info.uuid, info.update_seq, keep_third, NULL,
                                &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_edits (fixture->journal, NULL), ==, 1);
}

static void
torn_end_loses_only_what_was_torn (Fixture *fixture, gconstpointer data)
{
  g_autofree char *whole = NULL;
  gsize            length = 0;
  guint            last = 0;

  close_database (fixture);
  g_assert_true (g_file_get_contents (fixture->journal, &whole, &length, NULL));
  for (gsize cut = 0; cut <= length; cut += 3)
    {
      guint damaged = 0, count = 0;

      g_assert_true (g_file_set_contents (fixture->journal, whole, (gssize) cut, NULL));
      count = count_edits (fixture->journal, &damaged);
      g_assert_cmpuint (damaged, ==, 0);
      g_assert_cmpuint (count, >=, last);
      last = count;
    }
  g_assert_cmpuint (last, >=, EDITS - 1);
  g_assert_true (g_file_set_contents (fixture->journal, whole, (gssize) length, NULL));
}

static void
damaged_place_is_passed_over (Fixture *fixture, gconstpointer data)
{
  g_autofree char *whole = NULL;
  gsize            length = 0;

  close_database (fixture);
  g_assert_true (g_file_get_contents (fixture->journal, &whole, &length, NULL));
  for (gsize at = 20; at < length; at += 7)
    {
      g_autofree char *bytes = g_memdup2 (whole, length);
      guint            damaged = 0, count = 0;

      bytes[at] ^= 0x20;
      g_assert_true (g_file_set_contents (fixture->journal, bytes, (gssize) length, NULL));
      count = count_edits (fixture->journal, &damaged);
      g_assert_cmpuint (count, ==, EDITS - 1);
    }
  g_assert_true (g_file_set_contents (fixture->journal, whole, (gssize) length, NULL));
}

static void
edit_that_cannot_be_journalled_is_not_made (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  g_autofree char   *rev = NULL;
  g_autofree char   *again = NULL;
  int                limit = open ("/dev/full", O_WRONLY | O_CLOEXEC);
  int                file = -1;

  /* The journal's descriptor leads to a full disk for a while. */
  for (int i = 3; i < 64; i++)
    {
      g_autofree char *link = g_strdup_printf ("/proc/self/fd/%d", i);
      g_autofree char *target = g_file_read_link (link, NULL);

      if (g_strcmp0 (target, fixture->journal) == 0)
        file = i;
    }
  g_assert_cmpint (file, >, 0);
  {
    int kept = dup (file);

    g_assert_cmpint (dup2 (limit, file), ==, file);
    rev = valise_database_put (fixture->database, "note:9", NULL, FALSE, body, NULL, &error);
    g_assert_null (rev);
    g_assert_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_FULL);
    g_assert_null (valise_database_get (fixture->database, "note:9", NULL, NULL));
    g_assert_cmpint (dup2 (kept, file), ==, file);
    close (kept);
    close (limit);
  }
  again = valise_database_put (fixture->database, "note:9", NULL, FALSE, body, NULL, NULL);
  g_assert_nonnull (again);
  g_assert_cmpuint (count_edits (fixture->journal, NULL), ==, EDITS + 1);
}

/* A file of memory that grows and never shrinks, with what @path holds. */
static int
open_unshrinkable (const char *path)
{
  g_autofree char *whole = NULL;
  gsize            length = 0;
  int              file = memfd_create ("journal", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  g_assert_true (g_file_get_contents (path, &whole, &length, NULL));
  g_assert_cmpint (file, >=, 0);
  g_assert_cmpint (write (file, whole, length), ==, (ssize_t) length);
  g_assert_no_errno (fcntl (file, F_ADD_SEALS, F_SEAL_SHRINK));
  return file;
}

static gboolean
append_note (ValiseJournal *journal, GError **error)
{
  g_autoptr (GPtrArray) edits =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  gint64             mark = 0;

  g_ptr_array_add (
      edits, valise_document_new ("note:9", "1-00000000000000000000000000000009", FALSE, body));
  return valise_journal_append (journal, "epoch", edits, &mark, error);
}

static void
edit_after_half_of_one_that_could_not_be_taken_back_is_kept (Fixture *fixture, gconstpointer data)
{
  int                       file = open_unshrinkable (fixture->journal);
  g_autofree char          *path = g_strdup_printf ("/proc/self/fd/%d", file);
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseJournal) journal = valise_journal_open (path, &error);
  struct rlimit             whole = { 0 }, tight = { 0 };
  guint                     count = 0, damaged = 0;

  g_assert_no_error (error);
  g_assert_no_errno (getrlimit (RLIMIT_FSIZE, &whole));
  tight = whole;
  tight.rlim_cur = (rlim_t) lseek (file, 0, SEEK_END) + 10;
  signal (SIGXFSZ, SIG_IGN);
  g_assert_no_errno (setrlimit (RLIMIT_FSIZE, &tight));
  g_assert_false (append_note (journal, NULL));
  g_assert_no_errno (setrlimit (RLIMIT_FSIZE, &whole));
  g_assert_cmpint (lseek (file, 0, SEEK_END), ==, (off_t) tight.rlim_cur); /* half of it stays */

  append_note (journal, &error);
  g_assert_no_error (error);
  valise_journal_read (journal, count_edit, &count, &damaged, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count, ==, EDITS + 1);
  g_assert_cmpuint (damaged, ==, 1);
  close (file);
}

#define ADD(test) g_test_add ("/journal/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (lost_database_has_its_edits_again);
  ADD (edit_of_an_edit_keeps_its_history);
  ADD (replay_twice_is_once);
  ADD (earlier_copy_of_the_file_is_noticed);
  ADD (what_the_server_has_goes);
  ADD (what_the_server_refused_stays);
  ADD (torn_end_loses_only_what_was_torn);
  ADD (damaged_place_is_passed_over);
  ADD (edit_that_cannot_be_journalled_is_not_made);
  ADD (edit_after_half_of_one_that_could_not_be_taken_back_is_kept);

  return g_test_run ();
}
