/* test-search-mending.c - an index that is older, damaged or killed at work
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "search-fixture.h"
#include "valise-db.h"

static void
another_file_of_the_same_name_is_read_from_its_beginning (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->root, "public.sqlite", NULL);

  put_text (fixture, "a", "en", "Old words.");
  put_text (fixture, "b", "en", "More old words.");
  catch_up (fixture);
  close_index (fixture);
  g_assert_finalize_object (fixture->database);
  g_assert_no_errno (g_unlink (path));
  fixture->database = open_database (fixture, "public");
  put_text (fixture, "c", "en", "New words.");
  open_index (fixture, 1);
  catch_up (fixture);
  assert_finds (fixture, "words", "c");
  g_assert_null (valise_search_index_get (fixture->index, "public", "a", NULL));
}

static void
the_index_is_kept_over_a_restart (Fixture *fixture, gconstpointer data)
{
  put_text (fixture, "a", "en", "Lasting words.");
  catch_up (fixture);
  close_index (fixture);
  open_index (fixture, 1);
  assert_finds (fixture, "lasting", "a");
  put_text (fixture, "b", "en", "More lasting words.");
  catch_up (fixture);
  assert_finds (fixture, "lasting \"more\"", "b");
}

/* Texts ever given a place in the file. */
static gint64
read_last_place (Fixture *fixture)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseDb)   db = valise_db_open (fixture->path, VALISE_DB_READER, 1000, &error);
  g_autoptr (ValiseStmt) stmt = NULL;

  g_assert_no_error (error);
  stmt = valise_db_prepare (db, "SELECT place FROM meta");
  g_assert_cmpint (valise_stmt_step (stmt, &error), ==, VALISE_STEP_ROW);

  return valise_stmt_get_int64 (stmt, 0);
}

static void
assert_number_found (Fixture *fixture, const char *query, guint n)
{
  g_autoptr (GPtrArray) hits = search_with (fixture, query, NULL);

  g_assert_cmpuint (hits->len, ==, n);
}

static gint64
count_segments (Fixture *fixture)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseDb)   db = valise_db_open (fixture->path, VALISE_DB_READER, 1000, &error);
  g_autoptr (ValiseStmt) stmt = NULL;

  g_assert_no_error (error);
  stmt = valise_db_prepare (db, "SELECT count(DISTINCT segid) FROM words_en_idx");
  g_assert_cmpint (valise_stmt_step (stmt, &error), ==, VALISE_STEP_ROW);

  return valise_stmt_get_int64 (stmt, 0);
}

static void
what_came_piece_by_piece_is_merged_at_rest (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *id = g_strdup_printf ("t%u", i);

      put_text (fixture, id, "en", "Measures in twelve pieces");
      catch_up (fixture);
    }
  g_assert_true (valise_search_index_wait_tidy (fixture->index, PATIENCE_MS));
  g_assert_cmpint (count_segments (fixture), <, 4);
  assert_number_found (fixture, "piece", 12);

  put_text (fixture, "t12", "en", "A thirteenth piece");
  catch_up (fixture);
  assert_number_found (fixture, "piece", 13);
}

static void
another_format_makes_it_anew (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)   error = NULL;
  g_autoptr (ValiseDb) db = NULL;
  gint64               place = 0;

  put_text (fixture, "t", "en", "Measures");
  catch_up (fixture);
  close_index (fixture);
  db = valise_db_open (fixture->path, VALISE_DB_WRITER, 1000, &error);
  g_assert_no_error (error);
  valise_db_execute (db, "UPDATE meta SET format = format - 1, place = 1000", &error);
  g_assert_no_error (error);
  g_clear_pointer (&db, valise_db_close);

  open_index (fixture, 1);
  catch_up (fixture);
  place = read_last_place (fixture);
  g_assert_cmpint (place, ==, 1);
  assert_number_found (fixture, "measures", 1);
}

/* @n texts as of their @generation-th revision. */
static void
merge_generation (Fixture *fixture, guint n, guint generation)
{
  g_autoptr (GError) error = NULL;
  ValiseBatch       *batch = valise_database_begin (fixture->database, &error);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("d%u", i);
      g_autofree char *rev = g_strdup_printf ("%u-0123456789abcdef0123456789abcdef", generation);
      g_autofree char *text = g_strdup_printf (
          "{\"type\":\"text\",\"language\":\"en\",\"title\":\"Round %u\"}", generation);
      g_autoptr (GBytes)         body = g_bytes_new (text, strlen (text));
      g_autoptr (ValiseDocument) document = valise_document_new (id, rev, FALSE, body);
      ValiseMerge                merge = VALISE_MERGE_KNOWN;

      valise_batch_merge (batch, document, &merge, &error);
      g_assert_no_error (error);
    }
  valise_batch_commit (batch, &error);
  g_assert_no_error (error);
  catch_up (fixture);
}

static void
too_many_words_left_behind_make_it_anew (Fixture *fixture, gconstpointer data)
{
  ValiseIndexFilter     filter = { .type = "text" };
  g_autoptr (GPtrArray) hits = NULL;

  for (guint generation = 1; generation <= 9; generation++)
    merge_generation (fixture, 1000, generation);
  g_assert_cmpint (read_last_place (fixture), ==, 9000);
  close_index (fixture);
  open_index (fixture, 1);
  catch_up (fixture);
  g_assert_cmpint (read_last_place (fixture), ==, 1000);
  hits = search_with (fixture, "\"round 9\"", &filter);
  g_assert_cmpuint (hits->len, ==, 1000);
  assert_finds (fixture, "\"round 8\"", "");
}

static void
another_version_makes_it_anew (Fixture *fixture, gconstpointer data)
{
  put_text (fixture, "a", "en", "Words.");
  catch_up (fixture);
  close_index (fixture);
  open_index (fixture, 2);
  catch_up (fixture);
  assert_finds (fixture, "words", "a");
}

static void
a_damaged_file_is_made_anew (Fixture *fixture, gconstpointer data)
{
  g_autofree char   *noise = g_strnfill (100000, '?');
  g_autoptr (GError) error = NULL;

  put_text (fixture, "a", "en", "Words.");
  catch_up (fixture);
  close_index (fixture);
  g_file_set_contents (fixture->path, noise, 100000, &error);
  g_assert_no_error (error);
  open_index (fixture, 1);
  catch_up (fixture);
  assert_finds (fixture, "words", "a");
}

static void
damage_met_in_a_search_is_mended (Fixture *fixture, gconstpointer data)
{
  gint64           until_us = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;
  g_autofree char *content = NULL;
  gsize            length = 0;
  gboolean         mended = FALSE;

  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *id = g_strdup_printf ("d%u", i);

      put_text (fixture, id, "en", "Words that fill pages of the file, one after another.");
    }
  catch_up (fixture);
  close_index (fixture);

  /* All but the pages with the schema, which would be noticed at once. */
  g_assert_true (g_file_get_contents (fixture->path, &content, &length, NULL));
  for (gsize at = 4 * 8192; at < length; at++)
    content[at] = (char) 0x5a;
  g_assert_true (g_file_set_contents (fixture->path, content, (gssize) length, NULL));
  open_index (fixture, 1);
  while (!mended && g_get_monotonic_time () < until_us)
    {
      g_autoptr (GPtrArray) hits =
          valise_search_index_search (fixture->index, "pages", NULL, 500, NULL, NULL, NULL);

      mended = hits != NULL && hits->len == 300;
      g_usleep (20000);
    }
  g_assert_true (mended);
}

/* A child indexes until it is killed; what it committed stays, and the rest follows. */
static void
an_indexer_killed_at_work_leaves_a_sound_index (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 400; i++)
    {
      g_autofree char *id = g_strdup_printf ("d%u", i);

      put_text (fixture, id, "en", "Words that fill pages of the file, one after another.");
    }
  catch_up (fixture);
  close_index (fixture);

  for (guint i = 0; i < 5; i++)
    {
      pid_t            child = 0;
      int              status = 0;
      g_autofree char *database = g_build_filename (fixture->root, "public.sqlite", NULL);
      char *arguments[] = { (char *) "/proc/self/exe", (char *) "--index", fixture->path, database,
                            NULL };

      g_assert_no_errno (g_unlink (fixture->path));
      child = fork ();
      if (child == 0)
        {
          execv (arguments[0], arguments);
          _exit (2);
        }
      g_usleep (20000 + i * 15000);
      g_assert_no_errno (kill (child, SIGKILL));
      g_assert_no_errno (waitpid (child, &status, 0));
      open_index (fixture, 1);
      catch_up (fixture);
      {
        g_autoptr (GPtrArray) hits =
            valise_search_index_search (fixture->index, "pages", NULL, 0, NULL, NULL, NULL);

        g_assert_cmpuint (hits->len, ==, 400);
      }
      close_index (fixture);
    }
  open_index (fixture, 1);
}

/* The child of an_indexer_killed_at_work(). */
static int
index_until_killed (const char *path, const char *file)
{
  ValiseDatabase    *database = valise_database_open (file, "public", FALSE, NULL);
  ValiseSearchIndex *index = valise_search_index_open (path, 1, extract_test_entry, NULL, NULL);

  if (database == NULL || index == NULL)
    return 2;
  valise_search_index_add (index, database);
  for (;;)
    g_usleep (G_USEC_PER_SEC);
}

#define ADD(test) g_test_add ("/search-mending/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  if (argc == 4 && g_str_equal (argv[1], "--index"))
    return index_until_killed (argv[2], argv[3]);
  g_test_init (&argc, &argv, NULL);

  ADD (another_file_of_the_same_name_is_read_from_its_beginning);
  ADD (the_index_is_kept_over_a_restart);
  ADD (too_many_words_left_behind_make_it_anew);
  ADD (another_version_makes_it_anew);
  ADD (another_format_makes_it_anew);
  ADD (what_came_piece_by_piece_is_merged_at_rest);
  ADD (a_damaged_file_is_made_anew);
  ADD (damage_met_in_a_search_is_mended);
  ADD (an_indexer_killed_at_work_leaves_a_sound_index);

  return g_test_run ();
}
