/* test-db-file.c - files that are new, newer, foreign, or were killed while they were made
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db-fixture.h"
#include "valise-database.h"
#include "valise-db-parts.h"

#define KIND 0x564c4442 /* "VLDB" */
#define SQL  "/org/valise/Valise/sql"

/* --- files --------------------------------------------------------------------------- */

static GBytes *
read_file (Fixture *fixture)
{
  char *text = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (fixture->path, &text, &length, NULL));
  return g_bytes_new_take (text, length);
}

static gboolean
migrate (ValiseDb *db, GError **error)
{
  return valise_db_migrate (db, KIND, SQL, "content", error);
}

/* Opens the file as a database of ours, expects @code, and no byte changed. */
static void
assert_refused (Fixture *fixture, ValiseDbError code)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (GBytes)         before = NULL;
  g_autoptr (GBytes)         after = NULL;
  g_autoptr (ValiseDatabase) database = NULL;

  before = read_file (fixture);
  database = valise_database_open (fixture->path, "public", TRUE, &error);
  g_assert_null (database);
  g_assert_error (error, VALISE_DB_ERROR, (int) code);
  after = read_file (fixture);
  g_assert_true (g_bytes_equal (before, after));
}

static void
new_file_gets_the_newest_schema_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (migrate (fixture->db, &error));
  g_assert_cmpint (read_number (fixture->db, "PRAGMA application_id"), ==, KIND);
  g_assert_cmpint (read_number (fixture->db, "PRAGMA user_version"), >=, 1);
  g_assert_true (migrate (fixture->db, &error));
  g_assert_no_error (error);
  g_assert_true (valise_db_check (fixture->db, &error));
}

static void
newer_file_is_left_untouched (Fixture *fixture, gconstpointer data)
{
  g_assert_true (migrate (fixture->db, NULL));
  execute (fixture->db, "PRAGMA user_version = 999");
  g_clear_pointer (&fixture->db, valise_db_close);
  assert_refused (fixture, VALISE_DB_ERROR_TOO_NEW);
}

static void
newer_file_with_a_log_keeps_both (Fixture *fixture, gconstpointer data)
{
  g_autofree char   *log = g_strconcat (fixture->path, "-wal", NULL);
  g_autofree char   *log_text = NULL;
  g_autofree char   *log_after = NULL;
  gsize              log_length = 0;
  gsize              length_after = 0;
  g_autoptr (GBytes) bytes = NULL;

  g_assert_true (migrate (fixture->db, NULL));
  execute (fixture->db, "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA user_version = 999");
  /* As a crash leaves it: the file, and its log with the newer schema in it. */
  bytes = read_file (fixture);
  g_assert_true (g_file_get_contents (log, &log_text, &log_length, NULL));
  g_clear_pointer (&fixture->db, valise_db_close);
  g_assert_true (g_file_set_contents (fixture->path, g_bytes_get_data (bytes, NULL),
                                      (gssize) g_bytes_get_size (bytes), NULL));
  g_assert_true (g_file_set_contents (log, log_text, (gssize) log_length, NULL));

  assert_refused (fixture, VALISE_DB_ERROR_TOO_NEW);
  g_assert_true (g_file_get_contents (log, &log_after, &length_after, NULL));
  g_assert_cmpmem (log_text, log_length, log_after, length_after);
}

static void
file_of_another_kind_is_left_untouched (Fixture *fixture, gconstpointer data)
{
  execute (fixture->db, "PRAGMA journal_mode = DELETE; CREATE TABLE t (a);"
                        "PRAGMA application_id = 7; PRAGMA user_version = 1");
  g_clear_pointer (&fixture->db, valise_db_close);
  assert_refused (fixture, VALISE_DB_ERROR_CORRUPT);
}

static void
somebodys_tables_are_no_new_file (Fixture *fixture, gconstpointer data)
{
  execute (fixture->db, "CREATE TABLE t (a)");
  execute (fixture->db, "PRAGMA wal_checkpoint(TRUNCATE)");
  g_clear_pointer (&fixture->db, valise_db_close);
  assert_refused (fixture, VALISE_DB_ERROR_CORRUPT);
}

static void
what_is_no_database_is_corrupt (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = g_strnfill (5000, 'x');

  g_clear_pointer (&fixture->db, valise_db_close);
  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
  assert_refused (fixture, VALISE_DB_ERROR_CORRUPT);
}

static void
missing_file_is_made_only_when_asked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *path = g_build_filename (fixture->root, "none.sqlite", NULL);

  g_assert_null (valise_database_open (path, "none", FALSE, &error));
  g_assert_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_ENGINE);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
memory_serves_a_writer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)   error = NULL;
  g_autoptr (ValiseDb) db =
      valise_db_open (":memory:", VALISE_DB_WRITER | VALISE_DB_CREATE, 0, &error);

  g_assert_no_error (error);
  g_assert_true (migrate (db, &error));
  g_assert_no_error (error);
}

/* The WAL-reset race wants two connections that checkpoint. */
static void
writer_alone_checkpoints (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseDb) reader = NULL;
  g_autofree char     *log = g_strconcat (fixture->path, "-wal", NULL);
  GStatBuf             before = { 0 }, after = { 0 };
  gint64               pages = -1;
  int                  stays = 0;

  g_assert_true (valise_db_execute (fixture->db, "CREATE TABLE t (a)", NULL));
  reader = open_db (fixture, VALISE_DB_READER);
  g_assert_true (valise_db_read_value (reader, "PRAGMA wal_autocheckpoint", &pages, NULL, NULL));
  g_assert_cmpint (pages, ==, 0);
  sqlite3_db_config (valise_db_get_handle (reader), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, -1, &stays);
  g_assert_cmpint (stays, ==, 1);

  g_assert_no_errno (g_stat (log, &before));
  g_clear_pointer (&reader, valise_db_close);
  g_assert_no_errno (g_stat (log, &after));
  g_assert_cmpint (before.st_size, ==, after.st_size);

  g_clear_pointer (&fixture->db, valise_db_close);
  g_assert_cmpint (g_stat (log, &after), !=, 0);
}

/* In another process, so that its locks go with it: more than fits into memory is written into the
 * file, and then it dies. */
static void
make_a_table_and_die (const char *path)
{
  sqlite3 *handle = NULL;

  if (sqlite3_open (path, &handle) != SQLITE_OK
      || sqlite3_exec (
             handle,
             "CREATE TABLE kept (x); INSERT INTO kept VALUES (7);"
             "PRAGMA cache_size = 2; BEGIN; CREATE TABLE t (x);"
             "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n LIMIT 200)"
             "  INSERT INTO t SELECT zeroblob (4096) FROM n;",
             NULL, NULL, NULL)
             != SQLITE_OK)
    _exit (1);
  _exit (0);
}

static void
what_was_killed_while_it_was_made_can_be_read (Fixture *fixture, gconstpointer data)
{
  g_autofree char   *journal = g_strconcat (fixture->path, "-journal", NULL);
  int                status = 0;
  gint64             kept = 0, tables = 0;
  g_autoptr (GError) error = NULL;
  pid_t              child = 0;

  g_clear_pointer (&fixture->db, valise_db_close);
  g_assert_no_errno (g_unlink (fixture->path));
  child = fork ();
  if (child == 0)
    make_a_table_and_die (fixture->path);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (status, ==, 0);
  g_assert_true (g_file_test (journal, G_FILE_TEST_EXISTS));

  fixture->db = open_db (fixture, VALISE_DB_READER);
  g_assert_true (valise_db_read_value (fixture->db, "SELECT x FROM kept", &kept, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (kept, ==, 7);
  g_assert_true (valise_db_read_value (fixture->db, "SELECT count(*) FROM sqlite_master", &tables,
                                       NULL, &error));
  g_assert_cmpint (tables, ==, 1);
  g_assert_false (g_file_test (journal, G_FILE_TEST_EXISTS));
}

#define ADD(test) g_test_add ("/db-file/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (new_file_gets_the_newest_schema_once);
  ADD (newer_file_is_left_untouched);
  ADD (newer_file_with_a_log_keeps_both);
  ADD (file_of_another_kind_is_left_untouched);
  ADD (somebodys_tables_are_no_new_file);
  ADD (what_is_no_database_is_corrupt);
  ADD (missing_file_is_made_only_when_asked);
  ADD (memory_serves_a_writer);
  ADD (writer_alone_checkpoints);
  ADD (what_was_killed_while_it_was_made_can_be_read);

  return g_test_run ();
}
