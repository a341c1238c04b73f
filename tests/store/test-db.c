/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "db-fixture.h"
#include "valise-db-parts.h"

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
  ADD (versions_with_the_reset_race_are_known);

  return g_test_run ();
}
