/* test-faults.c - the disk fails at every call, and memory at every allocation
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A scenario is run again and again, failing the first call, the second, and so on, until one
 * run meets no failure: once, and from there on for good. Whatever fails says so; afterwards,
 * with the fault gone, the file is sound, and has what was acknowledged. In the short form
 * most calls are passed over; VALISE_TEST_COUNT=0 takes every one.
 */

#include "disk-fixture.h"
#include "fault-vfs.h"
#include "valise-db.h"
#include "valise-test.h"
#include "valise-verify.h"

#define EDITS 4

typedef struct
{
  Disk  disk;
  guint acknowledged;
  guint tries;
} Fixture;

static void
setup (Fixture *fixture, gconstpointer data)
{
  disk_setup (&fixture->disk, data);
  disk_close (&fixture->disk);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  disk_teardown (&fixture->disk, data);
}

/* --- memory ------------------------------------------------------------------------------ */

static sqlite3_mem_methods real_memory;

static struct
{
  guint    calls;
  guint    fail_at; /* 0: never */
  gboolean forever;
  guint    failed;
} memory;

static gboolean
memory_strikes (void)
{
  memory.calls++;
  if (memory.fail_at == 0 || memory.calls < memory.fail_at
      || (memory.calls > memory.fail_at && !memory.forever))
    return FALSE;
  memory.failed++;
  return TRUE;
}

static void *
memory_malloc (int size)
{
  return memory_strikes () ? NULL : real_memory.xMalloc (size);
}

static void *
memory_realloc (void *block, int size)
{
  return memory_strikes () ? NULL : real_memory.xRealloc (block, size);
}

static void
memory_install (void)
{
  sqlite3_mem_methods mine = { 0 };

  g_assert_cmpint (sqlite3_config (SQLITE_CONFIG_GETMALLOC, &real_memory), ==, SQLITE_OK);
  mine = real_memory;
  mine.xMalloc = memory_malloc;
  mine.xRealloc = memory_realloc;
  g_assert_cmpint (sqlite3_config (SQLITE_CONFIG_MALLOC, &mine), ==, SQLITE_OK);
  /* Else most would come from a pool that never fails. */
  g_assert_cmpint (sqlite3_config (SQLITE_CONFIG_LOOKASIDE, 0, 0), ==, SQLITE_OK);
}

/* --- what is run ------------------------------------------------------------------------- */

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
work (Fixture *fixture)
{
  g_autofree char           *path = disk_build_path (&fixture->disk, "desk.sqlite");
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) database = valise_database_open (path, "desk", TRUE, &error);
  gboolean                   ok = database != NULL;

  for (guint i = 0; ok && i < EDITS; i++)
    {
      ok = put_note (database, i, &error);
      if (ok)
        fixture->acknowledged = MAX (fixture->acknowledged, i + 1);
      else if (g_error_matches (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_CONFLICT))
        {
          g_clear_error (&error); /* an earlier try wrote it */
          ok = TRUE;
        }
    }
  ok = ok && merge_batch (database, &error);
  if (!ok)
    {
      g_assert_nonnull (error);
      g_assert_cmpstr (error->message, !=, "");
    }
  if (database != NULL)
    valise_database_close (database);
}

static void
problem_cb (const char *what, gpointer user_data)
{
  g_test_message ("%s", what);
}

/* With the fault gone. */
static void
assert_whole (Fixture *fixture)
{
  g_autofree char           *path = disk_build_path (&fixture->disk, "desk.sqlite");
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) database = valise_database_open (path, "desk", TRUE, &error);
  const ValiseVerifier       verifier = { problem_cb, NULL, NULL };
  ValiseVerifyReport         report = { 0 };
  g_autofree char           *checkpoint = NULL;

  g_assert_no_error (error);
  valise_verify_database (database, &verifier, &report, &error);
  g_assert_no_error (error);
  g_assert_cmpint (report.problems, ==, 0);
  for (guint i = 0; i < fixture->acknowledged; i++)
    {
      g_autofree char           *id = g_strdup_printf ("note:%04u", i);
      g_autoptr (ValiseDocument) note = valise_database_get (database, id, NULL, &error);

      g_assert_no_error (error);
    }
  checkpoint = valise_database_get_local (database, "checkpoint", NULL, NULL);
  if (checkpoint != NULL)
    {
      g_autoptr (ValiseDocument) last = valise_database_get (database, "pulled:4", NULL, &error);

      g_assert_no_error (error);
    }
  valise_database_close (database);
}

static void
remove_database (Fixture *fixture)
{
  static const char *const names[] = { "desk.sqlite-wal", "desk.sqlite-shm", "desk.sqlite" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = disk_build_path (&fixture->disk, names[i]);

      (void) g_unlink (path);
    }
  fixture->acknowledged = 0;
}

/* How many calls are passed over between two that fail. */
static guint
get_stride (guint brief)
{
  guint wanted = valise_test_count (brief);

  return wanted == 0 ? 1 : wanted;
}

/* --- the loops --------------------------------------------------------------------------- */

static void
loop_disk (Fixture *fixture, gboolean forever, int code, guint stride)
{
  for (guint nth = 1;; nth += stride)
    {
      guint failed = 0;

      remove_database (fixture);
      fault_arm (nth, forever, code);
      work (fixture);
      failed = fault.failed;
      fault_arm (0, FALSE, 0);
      assert_whole (fixture);
      fixture->tries++;
      if (failed == 0)
        break;
    }
  g_test_message ("%u runs", fixture->tries);
  g_assert_cmpuint (fixture->tries, >, 5);
}

static void
one_failing_call_harms_nothing (Fixture *fixture, gconstpointer data)
{
  loop_disk (fixture, FALSE, SQLITE_IOERR_WRITE, get_stride (11));
}

static void
disk_that_fails_for_good_harms_nothing (Fixture *fixture, gconstpointer data)
{
  loop_disk (fixture, TRUE, SQLITE_IOERR_WRITE, get_stride (11));
}

static void
disk_that_fills_up_harms_nothing (Fixture *fixture, gconstpointer data)
{
  loop_disk (fixture, TRUE, SQLITE_FULL, get_stride (13));
}

static void
loop_memory (Fixture *fixture, gboolean forever, guint stride)
{
  for (guint nth = 1;; nth += stride)
    {
      guint failed = 0;

      remove_database (fixture);
      memory.calls = memory.failed = 0;
      memory.forever = forever;
      memory.fail_at = nth;
      work (fixture);
      memory.fail_at = 0;
      failed = memory.failed;
      assert_whole (fixture);
      fixture->tries++;
      if (failed == 0)
        break;
    }
  g_test_message ("%u runs", fixture->tries);
  g_assert_cmpuint (fixture->tries, >, 5);
}

static void
one_failing_allocation_harms_nothing (Fixture *fixture, gconstpointer data)
{
  loop_memory (fixture, FALSE, get_stride (61));
}

static void
memory_that_is_gone_for_good_harms_nothing (Fixture *fixture, gconstpointer data)
{
  loop_memory (fixture, TRUE, get_stride (61));
}

#define ADD(test) g_test_add ("/faults/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  memory_install ();
  g_test_init (&argc, &argv, NULL);
  fault_install ();

  ADD (one_failing_call_harms_nothing);
  ADD (disk_that_fails_for_good_harms_nothing);
  ADD (disk_that_fills_up_harms_nothing);
  ADD (one_failing_allocation_harms_nothing);
  ADD (memory_that_is_gone_for_good_harms_nothing);

  return g_test_run ();
}
