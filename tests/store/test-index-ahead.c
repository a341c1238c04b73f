/* test-index-ahead.c - documents made ready a thread ahead of writing them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "folder.h"
#include "index-fixture.h"
#include "valise-index-ahead.h"

#define PATIENCE_MS 60000
#define ROUND       (4 * 1024 * 1024) /* bytes: what the indexer makes ready together */

typedef struct
{
  char              *root;
  ValiseSearchStore *store;
  ValiseIndexAhead  *ahead;
} Fixture;

static void
setup (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)    error = NULL;
  g_autofree char      *path = NULL;
  ValiseIndexAheadParts parts = { .database = "public", .extract = extract_test_entry };

  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  path = g_build_filename (fixture->root, "search.sqlite", NULL);
  fixture->store = valise_search_store_open (path, TRUE, 1, &error);
  g_assert_no_error (error);
  parts.fts = fixture->store->fts;
  fixture->ahead = valise_index_ahead_new (&parts);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->ahead, valise_index_ahead_free);
  valise_search_store_close (fixture->store);
  remove_folder (fixture->root);
  g_free (fixture->root);
}

/* The languages take turns; each seventh document is a secret, which is not indexed. */
static char *
make_body (guint number, guint words)
{
  static const char *const languages[] = { "ar", "en", "es", "fr", "ru", "zh" };
  GString                 *text = g_string_new (NULL);

  g_string_printf (text, "{\"type\":\"%s\",\"language\":\"%s\",\"title\":\"Number %u\",",
                   number % 7 == 0 ? "secret" : "text", languages[number % 6], number);
  g_string_append (text, "\"paragraphs\":[{\"key\":\"p1\",\"text\":\"");
  for (guint i = 0; i < words; i++)
    g_string_append_printf (text, "word%u ", (number + i) % 500);
  g_string_append_printf (text, "only%05u\"}]}", number);

  return g_string_free (text, FALSE);
}

static ValiseDocument *
make_document (guint number, guint words)
{
  g_autofree char   *id = g_strdup_printf ("text:%u", number);
  g_autofree char   *text = make_body (number, words);
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  return valise_document_new (id, "1-0123456789abcdef0123456789abcdef", FALSE, body);
}

static void
give (Fixture *fixture, guint first, guint n)
{
  GPtrArray *round = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);

  for (guint i = first; i < first + n; i++)
    g_ptr_array_add (round, make_document (i, 20));
  valise_index_ahead_give (fixture->ahead, round);
}

/* Takes @n, which are @first to @first + n in whatever order; the languages in theirs. */
static void
take (Fixture *fixture, guint first, guint n)
{
  g_autofree gboolean *seen = g_new0 (gboolean, n);
  guint                before = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ValiseIndexItem) item = valise_index_ahead_take (fixture->ahead);
      guint                       number = 0;
      guint                       table = 0;

      g_assert_nonnull (item);
      number = (guint) g_ascii_strtoull (item->document->id + strlen ("text:"), NULL, 10);
      g_assert_cmpuint (number, >=, first);
      g_assert_cmpuint (number, <, first + n);
      g_assert_false (seen[number - first]);
      seen[number - first] = TRUE;
      g_assert_true (item->indexed == (number % 7 != 0));
      g_assert_true ((item->words != NULL) == item->indexed);
      g_assert_null (item->entry.paragraphs);
      table = valise_search_table_of (item->entry.language);
      g_assert_cmpuint (table, >=, before);
      before = table;
    }
}

static void
a_round_is_given_back_a_language_at_a_time (Fixture *fixture, gconstpointer data)
{
  give (fixture, 1, 100);
  take (fixture, 1, 100);
  g_assert_null (valise_index_ahead_take (fixture->ahead));
}

static void
a_few_are_ready_at_once (Fixture *fixture, gconstpointer data)
{
  give (fixture, 1, 3);
  g_assert_cmpuint (valise_index_ahead_get_n_left (fixture->ahead), ==, 3);
  take (fixture, 1, 3);
  g_assert_cmpuint (valise_index_ahead_get_n_left (fixture->ahead), ==, 0);
}

static void
a_round_is_made_ready_while_another_is_taken (Fixture *fixture, gconstpointer data)
{
  give (fixture, 0, 50);
  for (guint round = 1; round < 10; round++)
    {
      give (fixture, round * 50, 50);
      g_assert_cmpuint (valise_index_ahead_get_n_left (fixture->ahead), ==, 100);
      take (fixture, (round - 1) * 50, 50);
    }
  /* A few that come after many go the same way, and don't overtake them. */
  give (fixture, 500, 2);
  take (fixture, 450, 50);
  take (fixture, 500, 2);
  g_assert_null (valise_index_ahead_take (fixture->ahead));
}

static void
it_may_be_left_with_rounds_under_way (Fixture *fixture, gconstpointer data)
{
  give (fixture, 0, 200);
  give (fixture, 200, 200);
  g_clear_pointer (&fixture->ahead, valise_index_ahead_free);
}

static void
what_is_not_here_has_no_words (Fixture *fixture, gconstpointer data)
{
  GPtrArray *round = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);
  g_autoptr (ValiseIndexItem) item = NULL;

  g_ptr_array_add (
      round, valise_document_new ("text:1", "1-0123456789abcdef0123456789abcdef", FALSE, NULL));
  valise_index_ahead_give (fixture->ahead, round);
  item = valise_index_ahead_take (fixture->ahead);
  g_assert_true (item->indexed);
  g_assert_cmpstr (item->entry.type, ==, "text");
  g_assert_null (item->words);
}

/* --- as the indexer uses it ------------------------------------------------------------ */

static guint
count_hits (ValiseSearchIndex *index, const char *query)
{
  g_autoptr (GError)    error = NULL;
  g_autoptr (GPtrArray) hits =
      valise_search_index_search (index, query, NULL, 20, NULL, NULL, &error);

  g_assert_no_error (error);

  return hits->len;
}

/* Writes documents @first to @last, so long that a few hundred are a round. */
static void
write_long_ones (ValiseDatabase *database, guint first, guint last)
{
  g_autoptr (GError) error = NULL;
  ValiseBatch       *batch = valise_database_begin (database, &error);

  for (guint i = first; i < last && error == NULL; i++)
    {
      g_autoptr (ValiseDocument) document = make_document (i, 2500);

      valise_batch_merge (batch, document, NULL, &error);
    }
  g_assert_no_error (error);
  valise_batch_commit (batch, &error);
  g_assert_no_error (error);
}

static void
what_takes_several_rounds_is_all_found (Fixture *fixture, gconstpointer data)
{
  const guint                   n = 3 * (ROUND / 2 / 20000); /* one and a half rounds */
  g_autoptr (GError)            error = NULL;
  g_autofree char              *root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  g_autofree char              *file = g_build_filename (root, "public.sqlite", NULL);
  g_autofree char              *path = g_build_filename (root, "search.sqlite", NULL);
  g_autoptr (ValiseDatabase)    database = valise_database_open (file, "public", TRUE, &error);
  g_autoptr (ValiseSearchIndex) index =
      valise_search_index_open (path, 1, extract_test_entry, NULL, &error);

  g_assert_no_error (error);
  write_long_ones (database, 0, n);
  valise_search_index_add (index, database);
  g_assert_true (valise_search_index_catch_up (index, PATIENCE_MS));
  for (guint i = 0; i < n; i += 17)
    {
      g_autofree char *word = g_strdup_printf ("only%05u", i);

      g_assert_cmpuint (count_hits (index, word), ==, i % 7 != 0);
    }
  valise_search_index_close (index);
  g_clear_object (&index);
  g_assert_finalize_object (g_steal_pointer (&database));
  remove_folder (root);
}

#define ADD(test) g_test_add ("/index-ahead/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (a_round_is_given_back_a_language_at_a_time);
  ADD (a_few_are_ready_at_once);
  ADD (a_round_is_made_ready_while_another_is_taken);
  ADD (it_may_be_left_with_rounds_under_way);
  ADD (what_is_not_here_has_no_words);
  ADD (what_takes_several_rounds_is_all_found);

  return g_test_run ();
}
