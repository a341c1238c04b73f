/* test-index-opening.c - an index that is opened again, while a window waits for it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "folder.h"
#include "index-fixture.h"
#include "valise-db.h"

#define PATIENCE_MS 20000
#define LONG        5004 /* places: their loading is put off; with three texts they are no waste */

typedef struct
{
  char              *root;
  char              *path; /* of search.sqlite */
  ValiseDatabase    *database;
  ValiseSearchIndex *index;
} Fixture;

static void
open_index (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->index = valise_search_index_open (fixture->path, 1, extract_test_entry, NULL, &error);
  g_assert_no_error (error);
  valise_search_index_add (fixture->index, fixture->database);
}

static void
close_index (Fixture *fixture)
{
  valise_search_index_close (fixture->index);
  g_assert_finalize_object (g_steal_pointer (&fixture->index));
}

static void
put (Fixture *fixture, const char *id, const char *text)
{
  g_autofree char   *json = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr (GBytes) body = g_bytes_new (json, strlen (json));
  g_autoptr (GError) error = NULL;

  g_free (valise_database_put (fixture->database, id, NULL, FALSE, body, NULL, &error));
  g_assert_no_error (error);
}

static void
know (Fixture *fixture, const char *id)
{
  g_autoptr (ValiseDocument) document =
      valise_document_new (id, "1-0123456789abcdef0123456789abcdef", FALSE, NULL);
  g_autoptr (GError) error = NULL;
  ValiseBatch       *batch = valise_database_begin (fixture->database, &error);

  g_assert_no_error (error);
  valise_batch_merge (batch, document, NULL, &error);
  g_assert_no_error (error);
  valise_batch_commit (batch, &error);
  g_assert_no_error (error);
}

static void
catch_up (Fixture *fixture)
{
  g_assert_true (valise_search_index_catch_up (fixture->index, PATIENCE_MS));
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *file = NULL;

  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->root, "search.sqlite", NULL);
  file = g_build_filename (fixture->root, "public.sqlite", NULL);
  fixture->database = valise_database_open (file, "public", TRUE, &error);
  g_assert_no_error (error);
  open_index (fixture);
  put (fixture, "paper:1", "{'type':'paper','title':'Norms','meeting':'meeting:1','kind':'x'}");
  put (fixture, "paper:2", "{'type':'paper','title':'Threats','meeting':'meeting:2','kind':'x'}");
  put (fixture, "paper:3", "{'type':'paper','title':'Capacity','kind':'x'}");
  catch_up (fixture);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  close_index (fixture);
  g_assert_finalize_object (fixture->database);
  remove_folder (fixture->root);
  g_free (fixture->path);
  g_free (fixture->root);
}

/* As if so many places had been given, most of them to texts that changed since. */
static void
make_long (Fixture *fixture)
{
  g_autoptr (GError)   error = NULL;
  g_autoptr (ValiseDb) db = NULL;
  g_autofree char     *sql = g_strdup_printf ("UPDATE meta SET place = %u", LONG);

  close_index (fixture);
  db = valise_db_open (fixture->path, VALISE_DB_WRITER, 1000, &error);
  g_assert_no_error (error);
  valise_db_execute (db, sql, &error);
  g_assert_no_error (error);
  g_clear_pointer (&db, valise_db_close);
  open_index (fixture);
}

static guint
count_hits (Fixture *fixture, const char *query)
{
  g_autoptr (GError)    error = NULL;
  g_autoptr (GPtrArray) hits =
      valise_search_index_search (fixture->index, query, NULL, 20, NULL, NULL, &error);

  g_assert_no_error (error);

  return hits->len;
}

static guint
count_listed (Fixture *fixture, const char *meeting)
{
  ValiseIndexFilter  filter = { .type = "paper", .meeting = meeting };
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) rows = valise_search_index_list (fixture->index, &filter, &error);

  g_assert_no_error (error);

  return rows->len;
}

static void
a_long_one_is_listed_before_it_is_loaded (Fixture *fixture, gconstpointer data)
{
  make_long (fixture);
  g_assert_cmpuint (count_listed (fixture, NULL), ==, 3);
  g_assert_cmpuint (count_listed (fixture, "meeting:2"), ==, 1);
  g_assert_cmpuint (count_listed (fixture, "meeting:3"), ==, 0);
}

static void
who_searches_has_a_long_one_loaded (Fixture *fixture, gconstpointer data)
{
  make_long (fixture);
  g_assert_cmpuint (count_hits (fixture, "norms"), ==, 1);
  g_assert_cmpuint (count_hits (fixture, "reports"), ==, 0);
}

static void
a_long_one_is_loaded_by_itself (Fixture *fixture, gconstpointer data)
{
  gint64 until_us = 0;

  make_long (fixture);
  put (fixture, "paper:4", "{'type':'paper','title':'Reports','kind':'x'}");
  until_us = g_get_monotonic_time () + PATIENCE_MS * 1000;
  while (valise_search_index_is_behind (fixture->index))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, until_us);
      g_usleep (10000);
    }
  g_assert_cmpuint (count_hits (fixture, "reports"), ==, 1);
  g_assert_cmpuint (count_listed (fixture, NULL), ==, 4);
}

static void
a_long_one_may_be_closed_before_it_is_loaded (Fixture *fixture, gconstpointer data)
{
  make_long (fixture);
  close_index (fixture);
  open_index (fixture);
  catch_up (fixture);
  g_assert_cmpuint (count_hits (fixture, "threats"), ==, 1);
}

static guint
count_here (Fixture *fixture, const char *meeting)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) counts = valise_search_index_count_here (fixture->index, "paper", &error);

  g_assert_no_error (error);
  for (guint i = 0; i < counts->len; i++)
    {
      const ValiseIndexCount *count = &g_array_index (counts, ValiseIndexCount, i);

      if (g_strcmp0 (count->value, meeting) == 0)
        return count->count;
    }

  return 0;
}

static void
what_is_here_is_counted_by_meeting (Fixture *fixture, gconstpointer data)
{
  put (fixture, "paper:5", "{'type':'paper','title':'More','meeting':'meeting:2','kind':'x'}");
  put (fixture, "text:5", "{'type':'text','title':'More','meeting':'meeting:2'}");
  know (fixture, "paper:6");
  catch_up (fixture);
  g_assert_cmpuint (count_here (fixture, "meeting:1"), ==, 1);
  g_assert_cmpuint (count_here (fixture, "meeting:2"), ==, 2);
  g_assert_cmpuint (count_here (fixture, "meeting:3"), ==, 0);
  g_assert_cmpuint (count_here (fixture, NULL), ==, 1);
}

#define ADD(test) g_test_add ("/index-opening/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (a_long_one_is_listed_before_it_is_loaded);
  ADD (who_searches_has_a_long_one_loaded);
  ADD (a_long_one_is_loaded_by_itself);
  ADD (a_long_one_may_be_closed_before_it_is_loaded);
  ADD (what_is_here_is_counted_by_meeting);

  return g_test_run ();
}
