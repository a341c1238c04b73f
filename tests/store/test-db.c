/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "valise-database.h"
#include "valise-db-parts.h"
#include "valise-db.h"

#define KIND 0x564c4442 /* "VLDB" */
#define SQL  "/org/valise/Valise/sql"

typedef struct
{
  char     *root;
  char     *path;
  ValiseDb *db;
} Fixture;

static ValiseDb *
open_db (Fixture *fixture, ValiseDbFlags flags)
{
  g_autoptr (GError) error = NULL;
  ValiseDb          *db = valise_db_open (fixture->path, flags, 100, &error);

  g_assert_no_error (error);
  return db;
}

static void
execute (ValiseDb *db, const char *sql)
{
  g_autoptr (GError) error = NULL;

  valise_db_execute (db, sql, &error);
  g_assert_no_error (error);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->root, "t.sqlite", NULL);
  fixture->db = open_db (fixture, VALISE_DB_WRITER | VALISE_DB_CREATE);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  static const char *const suffixes[] = { "-wal", "-shm", "" };

  g_clear_pointer (&fixture->db, valise_db_close);
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = g_strconcat (fixture->path, suffixes[i], NULL);

      (void) g_unlink (path);
    }
  g_assert_no_errno (g_rmdir (fixture->root));
  g_free (fixture->path);
  g_free (fixture->root);
}

static gint64
read_number (ValiseDb *db, const char *sql)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (db, sql);

  g_assert_cmpint (valise_stmt_step (stmt, &error), ==, VALISE_STEP_ROW);
  return valise_stmt_get_int64 (stmt, 0);
}

/* --- statements ---------------------------------------------------------------------- */

static void
values_come_back_as_they_went_in (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (GBytes)     bytes = g_bytes_new_static ("\0b", 2);
  g_autoptr (GBytes)     nothing = g_bytes_new_static ("", 0);
  g_autoptr (GBytes)     read = NULL;
  g_autoptr (GBytes)     read_nothing = NULL;
  g_autoptr (ValiseStmt) insert = NULL;
  g_autoptr (ValiseStmt) select = NULL;

  execute (fixture->db,
           "CREATE TABLE t (a TEXT, b INTEGER, c BLOB, d BLOB, e BLOB, f TEXT) STRICT");
  insert = valise_db_prepare (fixture->db, "INSERT INTO t VALUES (:a, :b, :c, :d, :e, :f)");
  valise_stmt_bind_text (insert, ":a", "é");
  valise_stmt_bind_int64 (insert, ":b", G_MININT64);
  valise_stmt_bind_bytes (insert, ":c", bytes);
  valise_stmt_bind_bytes (insert, ":d", nothing);
  valise_stmt_bind_bytes (insert, ":e", NULL);
  valise_stmt_bind_text (insert, ":f", NULL);
  g_assert_true (valise_stmt_run (insert, &error));

  select = valise_db_prepare (fixture->db, "SELECT a, b, c, d, e, f FROM t");
  g_assert_cmpint (valise_stmt_step (select, &error), ==, VALISE_STEP_ROW);
  g_assert_cmpstr (valise_stmt_get_text (select, 0), ==, "é");
  g_assert_cmpint (valise_stmt_get_int64 (select, 1), ==, G_MININT64);
  read = valise_stmt_dup_bytes (select, 2);
  read_nothing = valise_stmt_dup_bytes (select, 3);
  g_assert_true (g_bytes_equal (read, bytes));
  g_assert_true (g_bytes_equal (read_nothing, nothing));
  g_assert_null (valise_stmt_dup_bytes (select, 4));
  g_assert_null (valise_stmt_get_text (select, 5));
  g_assert_cmpint (valise_stmt_step (select, &error), ==, VALISE_STEP_DONE);
}

static void
first_failure_comes_out_of_the_step (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseStmt) unknown = valise_db_prepare (fixture->db, "SELECT * FROM nowhere");
  g_autoptr (ValiseStmt) two = valise_db_prepare (fixture->db, "SELECT 1; SELECT 2");
  g_autoptr (ValiseStmt) misnamed = valise_db_prepare (fixture->db, "SELECT :a");

  valise_stmt_bind_int64 (unknown, ":a", 1);
  g_assert_cmpint (valise_stmt_step (unknown, &error), ==, VALISE_STEP_ERROR);
  g_assert_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_ENGINE);
  g_assert_nonnull (strstr (error->message, "nowhere"));
  g_clear_error (&error);

  g_assert_false (valise_stmt_run (two, &error));
  g_assert_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_ENGINE);
  g_clear_error (&error);

  valise_stmt_bind_text (misnamed, ":b", "x");
  valise_stmt_bind_text (misnamed, ":a", "x");
  g_assert_cmpint (valise_stmt_step (misnamed, &error), ==, VALISE_STEP_ERROR);
  g_assert_nonnull (strstr (error->message, ":b"));
  g_clear_error (&error);
  valise_stmt_reset (misnamed);
  g_assert_cmpint (valise_stmt_step (misnamed, &error), ==, VALISE_STEP_ROW);
}

static gint64
count_down (ValiseDb *db, gint64 n)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (db, "SELECT :n - 1");

  valise_stmt_bind_int64 (stmt, ":n", n);
  g_assert_cmpint (valise_stmt_step (stmt, NULL), ==, VALISE_STEP_ROW);
  if (n > 1)
    count_down (db, valise_stmt_get_int64 (stmt, 0));
  return valise_stmt_get_int64 (stmt, 0);
}

static void
recursion_gets_statements_of_its_own (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (count_down (fixture->db, 5), ==, 4);
}

static void
broken_rule_is_a_constraint (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  execute (fixture->db,
           "CREATE TABLE t (a INTEGER NOT NULL UNIQUE) STRICT; INSERT INTO t VALUES (1)");
  g_assert_false (valise_db_execute (fixture->db, "INSERT INTO t VALUES (1)", &error));
  g_assert_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_CONSTRAINT);
  g_clear_error (&error);
  g_assert_false (valise_db_execute (fixture->db, "INSERT INTO t VALUES ('x')", &error));
  g_assert_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_CONSTRAINT);
}

/* --- transactions -------------------------------------------------------------------- */

static gboolean
insert_and_fail (ValiseDb *db, gpointer user_data, GError **error)
{
  execute (db, "INSERT INTO t VALUES (1)");
  g_set_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_ENGINE, "on purpose");
  return FALSE;
}

static gboolean
insert (ValiseDb *db, gpointer user_data, GError **error)
{
  return valise_db_execute (db, "INSERT INTO t VALUES (2)", error);
}

static void
failed_write_leaves_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  execute (fixture->db, "CREATE TABLE t (a)");
  g_assert_false (valise_db_write (fixture->db, insert_and_fail, NULL, &error));
  g_assert_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_ENGINE);
  g_assert_cmpint (read_number (fixture->db, "SELECT count(*) FROM t"), ==, 0);
  g_assert_true (valise_db_write (fixture->db, insert, NULL, NULL));
  g_assert_cmpint (read_number (fixture->db, "SELECT count(*) FROM t"), ==, 1);
}

static void
second_writer_finds_the_first_one_busy (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)   error = NULL;
  g_autoptr (ValiseDb) other = open_db (fixture, VALISE_DB_WRITER);

  execute (fixture->db, "CREATE TABLE t (a)");
  g_assert_true (valise_db_begin (fixture->db, NULL));
  g_assert_false (valise_db_begin (other, &error));
  g_assert_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_BUSY);
  g_assert_true (valise_db_commit (fixture->db, NULL));
}

static void
reader_sees_one_moment (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseDb) reader = NULL;

  execute (fixture->db, "CREATE TABLE t (a)");
  reader = open_db (fixture, VALISE_DB_READER);
  g_assert_true (valise_db_begin_read (reader, NULL));
  g_assert_cmpint (read_number (reader, "SELECT count(*) FROM t"), ==, 0);
  execute (fixture->db, "INSERT INTO t VALUES (1)");
  g_assert_cmpint (read_number (reader, "SELECT count(*) FROM t"), ==, 0);
  valise_db_end_read (reader);
  g_assert_cmpint (read_number (reader, "SELECT count(*) FROM t"), ==, 1);
}

static void
reader_cannot_write (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)   error = NULL;
  g_autoptr (ValiseDb) reader = NULL;

  execute (fixture->db, "CREATE TABLE t (a)");
  reader = open_db (fixture, VALISE_DB_READER);
  g_assert_false (valise_db_execute (reader, "INSERT INTO t VALUES (1)", &error));
  g_assert_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_READ_ONLY);
}

static gboolean
insert_too_much (ValiseDb *db, gpointer user_data, GError **error)
{
  return valise_db_execute (db, "INSERT INTO t VALUES (zeroblob(1000000))", error);
}

static void
no_room_is_full_and_leaves_what_was (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  execute (fixture->db, "CREATE TABLE t (a); INSERT INTO t VALUES (1); PRAGMA max_page_count = 20");
  g_assert_false (valise_db_write (fixture->db, insert_too_much, NULL, &error));
  g_assert_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_FULL);
  g_assert_cmpint (read_number (fixture->db, "SELECT count(*) FROM t"), ==, 1);
  g_assert_true (valise_db_write (fixture->db, insert, NULL, NULL));
}

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

static void
versions_with_the_reset_race_are_known (Fixture *fixture, gconstpointer data)
{
  static const int with[] = { 3007000, 3040001, 3044005, 3046001, 3050006, 3051002 };
  static const int without[] = { 3006023, 3044006, 3050007, 3051003, 3052000 };

  for (gsize i = 0; i < G_N_ELEMENTS (with); i++)
    g_assert_true (valise_db_has_reset_race (with[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (without); i++)
    g_assert_false (valise_db_has_reset_race (without[i]));
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

#define ADD(test) g_test_add ("/db/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (values_come_back_as_they_went_in);
  ADD (first_failure_comes_out_of_the_step);
  ADD (recursion_gets_statements_of_its_own);
  ADD (broken_rule_is_a_constraint);
  ADD (failed_write_leaves_nothing);
  ADD (second_writer_finds_the_first_one_busy);
  ADD (reader_sees_one_moment);
  ADD (reader_cannot_write);
  ADD (no_room_is_full_and_leaves_what_was);
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
  ADD (versions_with_the_reset_race_are_known);

  return g_test_run ();
}
