/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Nothing acknowledged is lost: a child writes and says so on a pipe after each commit; it is
 * killed at any moment; everything it said is there. Then a full disk, a disk that cannot be
 * written, and a file damaged behind our back. */

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "valise-database.h"
#include "valise-db.h"
#include "valise-test.h"

#define BATCH    7  /* documents a batch */
#define SKIPPED  77 /* exit code of a child that may not mount */
#define BODY_MAX 20000

typedef struct
{
  char *root;
  char *path;
} Fixture;

static void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->root, "public.sqlite", NULL);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  static const char *const suffixes[] = { "-wal", "-shm", "" };

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = g_strconcat (fixture->path, suffixes[i], NULL);

      (void) g_unlink (path);
    }
  g_assert_no_errno (g_rmdir (fixture->root));
  g_free (fixture->path);
  g_free (fixture->root);
}

/* --- the child ----------------------------------------------------------------------- */

/* A body that says whose it is, of a length its number gives. */
static GBytes *
make_body (guint number)
{
  g_autofree char *filler = g_strnfill (number * 131 % BODY_MAX, 'x');
  char            *text = g_strdup_printf ("{\"n\":%u,\"filler\":\"%s\"}", number, filler);

  return g_bytes_new_take (text, strlen (text));
}

static gboolean
write_batch (ValiseDatabase *database, guint round)
{
  ValiseBatch     *batch = valise_database_begin (database, NULL);
  g_autofree char *checkpoint = g_strdup_printf ("{\"round\":%u}", round);

  for (guint i = 0; i < BATCH; i++)
    {
      guint                      number = round * BATCH + i;
      g_autofree char           *id = g_strdup_printf ("batch:%u", number);
      g_autoptr (GBytes)         body = make_body (number);
      g_autoptr (ValiseDocument) document = valise_document_new (id, "1-aa", FALSE, body);

      if (!valise_batch_merge (batch, document, NULL, NULL))
        return FALSE;
    }
  return valise_batch_put_local (batch, "checkpoint", checkpoint, NULL)
         && valise_batch_commit (batch, NULL);
}

static gboolean
write_edit (ValiseDatabase *database, guint round)
{
  g_autoptr (GBytes) body = make_body (round);
  g_autofree char   *id = g_strdup_printf ("edit:%u", round);
  g_autofree char   *rev = valise_database_put (database, id, NULL, FALSE, body, NULL, NULL);

  return rev != NULL;
}

/* Writes until it is killed; each round is acknowledged after its commits. */
static int
run_writer (const char *path, guint first_round, int acknowledge)
{
  g_autoptr (ValiseDatabase) database = valise_database_open (path, "public", TRUE, NULL);

  for (guint round = first_round; database != NULL; round++)
    if (!write_batch (database, round) || !write_edit (database, round)
        || write (acknowledge, &round, sizeof round) != sizeof round)
      break;
  return 1;
}

/* --- kill -9 ------------------------------------------------------------------------- */

static void
assert_document (ValiseDatabase *database, const char *type, guint number)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (GBytes)         expected = make_body (number);
  g_autofree char           *id = g_strdup_printf ("%s:%u", type, number);
  g_autoptr (ValiseDocument) document = valise_database_get (database, id, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (document->body, expected));
}

/* Returns: the first round not acknowledged */
static guint
read_acknowledged (int pipe_end, guint next)
{
  guint round = 0;

  while (read (pipe_end, &round, sizeof round) == sizeof round)
    {
      g_assert_cmpuint (round, ==, next);
      next++;
    }
  return next;
}

static guint
write_and_kill (Fixture *fixture, guint first_round, guint delay_us)
{
  int   ends[2] = { -1, -1 };
  guint next = 0;
  pid_t child = -1;

  g_assert_no_errno (pipe2 (ends, O_CLOEXEC));
  child = fork ();
  if (child == 0)
    _exit (run_writer (fixture->path, first_round, ends[1]));

  close (ends[1]);
  g_usleep (delay_us);
  g_assert_no_errno (kill (child, SIGKILL));
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
  next = read_acknowledged (ends[0], first_round);
  close (ends[0]);
  return next;
}

/* What a killed writer left: whole batches, with the checkpoint that covers them. */
static guint
assert_whole (Fixture *fixture, guint acknowledged)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) database =
      valise_database_open (fixture->path, "public", TRUE, &error);
  g_autofree char   *checkpoint = NULL;
  ValiseDatabaseInfo info = { 0 };
  guint              rounds = 0;
  guint              batches = 0;

  g_assert_no_error (error);
  for (guint round = 0; round < acknowledged; round++)
    {
      assert_document (database, "edit", round);
      for (guint i = 0; i < BATCH; i++)
        assert_document (database, "batch", round * BATCH + i);
    }

  valise_database_get_info (database, &info, &error);
  g_assert_no_error (error);
  checkpoint = valise_database_get_local (database, "checkpoint", NULL, NULL);
  batches = checkpoint != NULL ? (guint) g_ascii_strtoull (checkpoint + 9, NULL, 10) + 1 : 0;
  rounds = (guint) info.documents - batches * BATCH;
  g_assert_cmpuint (rounds, <=, batches);
  g_assert_cmpuint (batches, <=, rounds + 1);
  g_assert_cmpuint (rounds, >=, acknowledged);
  return batches;
}

static void
killed_writer_loses_nothing_it_acknowledged (Fixture *fixture, gconstpointer data)
{
  guint acknowledged = 0;

  for (guint i = 0; i < valise_test_count (8); i++)
    {
      acknowledged =
          write_and_kill (fixture, acknowledged, (guint) g_test_rand_int_range (20000, 250000));
      /* A round that was half done is skipped by its number; here it is done again. */
      (void) assert_whole (fixture, acknowledged);
      g_assert_no_errno (g_unlink (fixture->path));
      acknowledged = 0;
    }
}

static void
file_survives_being_killed_again_and_again (Fixture *fixture, gconstpointer data)
{
  guint next = 0;

  for (guint i = 0; i < valise_test_count (6); i++)
    {
      guint acknowledged =
          write_and_kill (fixture, next, (guint) g_test_rand_int_range (20000, 150000));

      next = assert_whole (fixture, acknowledged);
      /* The round whose batch came through and whose edit did not: finish it. */
      {
        g_autoptr (ValiseDatabase) database =
            valise_database_open (fixture->path, "public", FALSE, NULL);

        if (next > 0)
          (void) write_edit (database, next - 1);
      }
    }
  g_assert_cmpuint (next, >, 0);
}

/* --- damage -------------------------------------------------------------------------- */

static void
damage_pages (const char *path)
{
  g_autofree guint8 *rubbish = g_malloc (100 * 8192);
  int                file = g_open (path, O_RDWR | O_CLOEXEC, 0);

  memset (rubbish, 0x55, 100 * 8192);
  g_assert_cmpint (file, >=, 0);
  g_assert_cmpint (pwrite (file, rubbish, 100 * 8192, 10 * 8192), ==, 100 * 8192);
  g_assert_no_errno (close (file));
}

static void
file_damaged_when_nobody_closed_it_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) database = NULL;
  g_autofree char           *log = g_strconcat (fixture->path, "-wal", NULL);
  pid_t                      child = fork ();

  if (child == 0)
    {
      database = valise_database_open (fixture->path, "public", TRUE, NULL);
      for (guint round = 0; round < 300; round++)
        if (!write_batch (database, round))
          _exit (1);
      _exit (0); /* without closing */
    }

  {
    int status = -1;

    g_assert_cmpint (waitpid (child, &status, 0), ==, child);
    g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  }
  damage_pages (fixture->path);
  g_assert_no_errno (g_unlink (log));
  database = valise_database_open (fixture->path, "public", FALSE, &error);
  g_assert_null (database);
  g_assert_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_CORRUPT);
}

/* --- a disk of our own --------------------------------------------------------------- */

/* Fills @path's disk to the last block. */
static void
fill_disk (const char *path)
{
  char block[4096] = { 0 };
  int  file = g_open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

  while (write (file, block, sizeof block) > 0)
    ;
  close (file);
}

static gboolean
fails_with (ValiseDatabase *database, guint number, ValiseDbError code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = make_body (number);
  g_autofree char   *id = g_strdup_printf ("more:%u", number);
  g_autofree char   *rev = valise_database_put (database, id, NULL, FALSE, body, NULL, &error);

  return rev == NULL && g_error_matches (error, VALISE_DB_ERROR, (int) code);
}

/* The number of the step that went wrong, or 0. */
static int
run_on_full_disk (const char *root)
{
  g_autofree char           *path = g_build_filename (root, "public.sqlite", NULL);
  g_autofree char           *filler = g_build_filename (root, "filler", NULL);
  g_autoptr (ValiseDatabase) database = valise_database_open (path, "public", TRUE, NULL);
  g_autofree char           *journal = g_build_filename (root, "journal", "public.edits", NULL);
  gboolean                   is_full = FALSE;

  if (database == NULL || !valise_database_start_journal (database, journal, NULL)
      || !write_edit (database, 1))
    return 1;
  fill_disk (filler);
  for (guint i = 0; i < 500 && !is_full; i++)
    is_full = fails_with (database, i * 7 + 100, VALISE_DB_ERROR_FULL);
  if (!is_full)
    return 2;
  {
    g_autoptr (ValiseDocument) document = valise_database_get (database, "edit:1", NULL, NULL);

    if (document == NULL)
      return 3;
  }
  if (g_unlink (filler) != 0 || !write_edit (database, 2))
    return 4;
  g_clear_object (&database);

  database = valise_database_open (path, "public", FALSE, NULL);
  if (database == NULL)
    return 5;
  assert_document (database, "edit", 1);
  assert_document (database, "edit", 2);
  return 0;
}

static int
run_on_read_only_disk (const char *root)
{
  g_autofree char           *path = g_build_filename (root, "public.sqlite", NULL);
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) database = valise_database_open (path, "public", TRUE, NULL);

  if (database == NULL || !write_edit (database, 1))
    return 1;
  g_clear_object (&database);
  if (mount (NULL, root, NULL, MS_REMOUNT | MS_RDONLY, NULL) != 0)
    return SKIPPED;
  if (valise_database_open (path, "public", TRUE, &error) != NULL)
    return 2;
  return g_error_matches (error, VALISE_DB_ERROR, VALISE_DB_ERROR_READ_ONLY) ? 0 : 3;
}

/* Runs @func in a child with a disk of one MiB of its own, where that is allowed. */
static void
run_on_small_disk (Fixture *fixture, int (*func) (const char *))
{
  int   status = -1;
  pid_t child = fork ();

  if (child == 0)
    {
      if (unshare (CLONE_NEWNS | (getuid () != 0 ? CLONE_NEWUSER : 0)) != 0
          || mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0
          || mount ("small", fixture->root, "tmpfs", 0, "size=1m") != 0)
        _exit (SKIPPED);
      _exit (func (fixture->root));
    }

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  if (WEXITSTATUS (status) == SKIPPED)
    g_test_skip ("This process may not mount a disk of its own");
  else
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

static void
full_disk_is_named_and_survived (Fixture *fixture, gconstpointer data)
{
  run_on_small_disk (fixture, run_on_full_disk);
}

static void
read_only_disk_is_named (Fixture *fixture, gconstpointer data)
{
  run_on_small_disk (fixture, run_on_read_only_disk);
}

#define ADD(test) g_test_add ("/database-crash/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (killed_writer_loses_nothing_it_acknowledged);
  ADD (file_survives_being_killed_again_and_again);
  ADD (file_damaged_when_nobody_closed_it_is_refused);
  ADD (full_disk_is_named_and_survived);
  ADD (read_only_disk_is_named);

  return g_test_run ();
}
