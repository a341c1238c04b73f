/* test-database-feed.c - what is asked of a database, and what it announces
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "database-fixture.h"
#include "valise-db.h"

/* --- questions ----------------------------------------------------------------------- */

static gboolean
collect_cb (const ValiseChange *change, gpointer user_data)
{
  GString *text = user_data;

  g_string_append_printf (text, "%s%s%s", text->len > 0 ? " " : "", change->id,
                          change->deleted ? "!" : "");
  for (guint i = 1; i < change->leaves->len; i++)
    g_string_append_c (text, '+');
  if (change->document != NULL)
    g_string_append_printf (text, "=%" G_GSIZE_FORMAT, g_bytes_get_size (change->document->body));
  return !g_str_has_suffix (change->id, "stop");
}

static void
assert_changes (Fixture           *fixture,
                gint64             since,
                guint              limit,
                ValiseChangesFlags flags,
                const char        *expected,
                gint64             expected_last,
                gint64             expected_pending)
{
  g_autoptr (GError)  error = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  gint64              last_seq = -1;
  gint64              pending = -1;

  valise_database_changes (fixture->database, since, limit, flags, collect_cb, text, &last_seq,
                           &pending, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text->str, ==, expected);
  g_assert_cmpint (last_seq, ==, expected_last);
  g_assert_cmpint (pending, ==, expected_pending);
}

static void
feed_gives_each_document_at_its_last_change (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a = put (fixture, "a", NULL, "{}");
  g_autofree char *b = put (fixture, "b", NULL, "{\"b\":1}");
  g_autofree char *c = put (fixture, "c", NULL, "{}");
  g_autofree char *a2 = put (fixture, "a", a, "{\"a\":22}");
  g_autofree char *c2 = delete (fixture, "c", c);

  merge (fixture, "b", "1-00", "{}");

  assert_changes (fixture, 0, 0, 0, "a c! b", 6, 0);
  assert_changes (fixture, 0, 2, 0, "a c!", 5, 1);
  assert_changes (fixture, 5, 0, 0, "b", 6, 0);
  assert_changes (fixture, 6, 0, 0, "", 6, 0);
  assert_changes (fixture, 99, 0, 0, "", 99, 0);
  assert_changes (fixture, 0, 0, VALISE_CHANGES_ALL_LEAVES, "a c! b+", 6, 0);
  assert_changes (fixture, 0, 0, VALISE_CHANGES_DOCUMENTS, "a=8 c!=2 b=7", 6, 0);
  assert_changes (fixture, 0, 1, VALISE_CHANGES_DESCENDING, "b", 6, 2);
  assert_changes (fixture, 4, 0, VALISE_CHANGES_DESCENDING | VALISE_CHANGES_ALL_LEAVES, "b+ c!", 6,
                  0);
}

static void
feed_stops_when_told (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a = put (fixture, "a", NULL, "{}");
  g_autofree char *b = put (fixture, "b-stop", NULL, "{}");
  g_autofree char *c = put (fixture, "c", NULL, "{}");

  assert_changes (fixture, 0, 0, 0, "a b-stop", 2, 1);
}

/* Reads the database from within its feed, as the replicator does. */
static gboolean
read_inside_cb (const ValiseChange *change, gpointer user_data)
{
  g_autoptr (ValiseDocument) document = valise_database_get (user_data, change->id, NULL, NULL);

  g_assert_nonnull (document);
  g_assert_cmpint (document->seq, ==, change->seq);
  return TRUE;
}

static void
feed_may_be_left_to_read (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a = put (fixture, "a", NULL, "{}");
  g_autofree char *b = put (fixture, "b", NULL, "{}");

  g_assert_true (valise_database_changes (fixture->database, 0, 0, 0, read_inside_cb,
                                          fixture->database, NULL, NULL, NULL));
}

static void
list_is_by_id_without_the_deleted (Fixture *fixture, gconstpointer data)
{
  static const char *const ids[] = { "text:b", "paper:1", "text:a", "paper:2", "texu" };
  static const struct
  {
    const char        *start, *end;
    guint              limit;
    ValiseChangesFlags flags;
    const char        *expected;
  } cases[] = {
    { NULL, NULL, 0, 0, "paper:1 text:a text:b texu" },
    { "text:", "text:\xef\xbf\xbf", 0, 0, "text:a text:b" },
    { "text:a", "text:a", 0, 0, "text:a" },
    { "paper:", NULL, 2, 0, "paper:1 text:a" },
    { NULL, NULL, 2, VALISE_CHANGES_DESCENDING, "texu text:b" },
    { "text:", NULL, 1, VALISE_CHANGES_DOCUMENTS, "text:a=2" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autofree char *rev = put (fixture, ids[i], NULL, "{}");

      if (g_str_equal (ids[i], "paper:2"))
        g_free (delete (fixture, ids[i], rev));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError)  error = NULL;
      g_autoptr (GString) text = g_string_new (NULL);

      valise_database_list (fixture->database, cases[i].start, cases[i].end, cases[i].limit,
                            cases[i].flags, collect_cb, text, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (text->str, ==, cases[i].expected);
    }
}

static void
diff_names_what_is_missing (Fixture *fixture, gconstpointer data)
{
  static const char *const revs[] = { "1-aa", "3-xx", "2-bb", "2-yy", NULL };
  g_autoptr (GError)       error = NULL;
  g_auto (GStrv)           missing = NULL;
  g_auto (GStrv)           ancestors = NULL;

  merge (fixture, "a", "2-bb aa", "{}");
  merge (fixture, "a", "5-zz", "{}");
  missing = valise_database_diff (fixture->database, "a", revs, &ancestors, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstrv (missing, ((const char *[]){ "3-xx", "2-yy", NULL }));
  g_assert_cmpstrv (ancestors, ((const char *[]){ "2-bb", NULL }));

  g_clear_pointer (&missing, g_strfreev);
  g_clear_pointer (&ancestors, g_strfreev);
  missing = valise_database_diff (fixture->database, "none", revs, &ancestors, NULL, &error);
  g_assert_cmpuint (g_strv_length (missing), ==, 4);
  g_assert_null (ancestors);
  g_assert_null (valise_database_diff (fixture->database, "a", (const char *[]){ "2-bb", NULL },
                                       &ancestors, NULL, &error));
  g_assert_no_error (error);
  g_assert_null (valise_database_diff (fixture->database, "a", (const char *[]){ "bb", NULL }, NULL,
                                       NULL, &error));
  g_assert_error (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_BAD_REVISION);
}

/* Who offers what was deleted here has not heard of it. */
static void
a_deletion_is_told_again_to_who_offers_what_it_deleted (Fixture *fixture, gconstpointer data)
{
  static const char *const alive[] = { "1-aa", NULL }, *const leaf[] = { "2-bb", NULL };
  g_autoptr (GError) error = NULL;
  const char        *outlived = NULL;
  gint64             seq = 0;

  merge (fixture, "a", "1-aa", "{}");
  g_assert_null (valise_database_diff (fixture->database, "a", alive, NULL, &outlived, &error));
  g_assert_null (outlived);
  merge_full (fixture, "a", "2-bb aa", TRUE, "{}", 0);
  g_assert_null (valise_database_diff (fixture->database, "a", leaf, NULL, &outlived, &error));
  g_assert_null (outlived);
  g_assert_null (valise_database_diff (fixture->database, "a", alive, NULL, &outlived, &error));
  g_assert_cmpstr (outlived, ==, "1-aa");
  g_assert_no_error (error);

  seq = get_seq (fixture);
  merge_full (fixture, "a", "2-bb aa", TRUE, "{}", 0);
  g_assert_cmpint (get_seq (fixture), ==, seq);
  merge (fixture, "a", "1-aa", "{}");
  g_assert_cmpint (get_seq (fixture), ==, seq + 1);
}

static void
latest_gives_the_leaves_of_a_branch (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) of_a = NULL;
  g_autoptr (GPtrArray) of_leaf = NULL;
  g_autoptr (GPtrArray) of_none = NULL;

  merge (fixture, "a", "3-cc bb aa", "{\"n\":\"cc\"}");
  merge (fixture, "a", "2-xx aa", "{\"n\":\"xx\"}");
  merge (fixture, "a", "1-yy", "{}");
  of_a = valise_database_get_latest (fixture->database, "a", "1-aa", NULL);
  g_assert_cmpuint (of_a->len, ==, 2);
  g_assert_cmpstr (((ValiseDocument *) of_a->pdata[0])->rev, ==, "3-cc");
  g_assert_cmpstr (((ValiseDocument *) of_a->pdata[1])->rev, ==, "2-xx");
  of_leaf = valise_database_get_latest (fixture->database, "a", "1-yy", NULL);
  g_assert_cmpuint (of_leaf->len, ==, 1);
  of_none = valise_database_get_latest (fixture->database, "b", "1-yy", NULL);
  g_assert_cmpuint (of_none->len, ==, 0);
}

static void
local_documents_count_their_revisions (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *first = valise_database_put_local (fixture->database, "x", "{}", &error);
  g_autofree char *second = valise_database_put_local (fixture->database, "x", "{\"a\":1}", &error);
  g_autofree char *rev = NULL;
  g_autofree char *body = NULL;

  g_assert_cmpstr (first, ==, "0-1");
  g_assert_cmpstr (second, ==, "0-2");
  reopen (fixture);
  body = valise_database_get_local (fixture->database, "x", &rev, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (body, ==, "{\"a\":1}");
  g_assert_cmpstr (rev, ==, "0-2");
  g_assert_cmpint (get_seq (fixture), ==, 0);

  g_assert_true (valise_database_delete_local (fixture->database, "x", &error));
  g_assert_false (valise_database_delete_local (fixture->database, "x", &error));
  g_assert_error (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING);
  g_clear_error (&error);
  g_assert_null (valise_database_get_local (fixture->database, "x", NULL, &error));
  g_assert_error (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING);
}

static void
file_keeps_its_epoch (Fixture *fixture, gconstpointer data)
{
  ValiseDatabaseInfo before = { 0 };
  ValiseDatabaseInfo after = { 0 };

  g_assert_true (valise_database_get_info (fixture->database, &before, NULL));
  reopen (fixture);
  g_assert_true (valise_database_get_info (fixture->database, &after, NULL));
  g_assert_cmpstr (before.uuid, ==, after.uuid);
  g_assert_cmpuint (strlen (before.uuid), ==, 32);
  g_assert_cmpint (before.created_us, ==, after.created_us);
  g_assert_cmpint (after.size, >, 0);
}

/* --- being told ---------------------------------------------------------------------- */

static void
count_cb (ValiseDatabase *database, gpointer user_data)
{
  g_atomic_int_inc ((int *) user_data);
}

static void
many_writes_are_announced_once (Fixture *fixture, gconstpointer data)
{
  int count = 0;

  g_signal_connect (fixture->database, "changed", G_CALLBACK (count_cb), &count);
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *id = g_strdup_printf ("a:%u", i);
      g_autofree char *rev = put (fixture, id, NULL, "{}");
    }
  g_assert_cmpint (count, ==, 0);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (count, ==, 1);

  g_free (valise_database_put_local (fixture->database, "x", "{}", NULL));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (count, ==, 1);
  merge (fixture, "b", "1-aa", "{}");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (count, ==, 2);
}

static void
watch_is_called_without_a_main_loop (Fixture *fixture, gconstpointer data)
{
  int   count = 0;
  guint watch = valise_database_watch (fixture->database, count_cb, &count);

  merge (fixture, "a", "1-aa", "{}");
  g_assert_cmpint (count, ==, 1);
  merge (fixture, "a", "1-aa", "{}");
  g_assert_cmpint (count, ==, 1);
  valise_database_unwatch (fixture->database, watch);
  merge (fixture, "a", "1-bb", "{}");
  g_assert_cmpint (count, ==, 1);
}

static void
closed_database_answers_with_errors (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  valise_database_close (fixture->database);
  valise_database_close (fixture->database);
  g_assert_null (valise_database_get (fixture->database, "a", NULL, &error));
  g_assert_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_ENGINE);
  g_clear_error (&error);
  g_assert_null (try_put (fixture, "a", NULL, "{}", &error));
  g_assert_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_ENGINE);
}

#define ADD(test) g_test_add ("/database-feed/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (feed_gives_each_document_at_its_last_change);
  ADD (feed_stops_when_told);
  ADD (feed_may_be_left_to_read);
  ADD (list_is_by_id_without_the_deleted);
  ADD (diff_names_what_is_missing);
  ADD (a_deletion_is_told_again_to_who_offers_what_it_deleted);
  ADD (latest_gives_the_leaves_of_a_branch);
  ADD (local_documents_count_their_revisions);
  ADD (file_keeps_its_epoch);
  ADD (many_writes_are_announced_once);
  ADD (watch_is_called_without_a_main_loop);
  ADD (closed_database_answers_with_errors);

  return g_test_run ();
}
