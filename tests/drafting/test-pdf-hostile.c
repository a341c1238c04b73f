/* test-pdf-hostile.c - PDFs made to do harm neither hang the index nor end it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "pdf-hostile.h"
#include "valise-db.h"
#include "valise-file-wishes.h"
#include "valise-folder.h"
#include "valise-home.h"
#include "valise-pdf-words.h"
#include "valise-pdf.h"

#define PATIENCE_MS 60000

typedef struct
{
  char       *root;
  ValiseHome *home;
  guint       n_files;
} Fixture;

/* A note names the files in its body: {"files":[SHA-256, …]}. */
static gboolean
extract (const char           *database,
         const ValiseDocument *document,
         const ValiseJson     *json,
         ValiseIndexEntry     *entry,
         gpointer              user_data)
{
  ValiseIndexOriginal *original = g_new0 (ValiseIndexOriginal, 1);

  entry->type = g_strdup ("note");
  entry->group = g_strdup (document->id);
  original->sha256 = valise_json_dup_member (json, 0, "file");
  original->language = g_strdup ("en");
  original->title = g_strdup ("a file");
  entry->originals = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_index_original_free);
  g_ptr_array_add (entry->originals, original);
  return TRUE;
}

static void
open_home (Fixture *fixture)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) database = NULL;

  fixture->home = valise_home_open (fixture->root, &error);
  g_assert_no_error (error);
  valise_pdf_words_read_for (fixture->home);
  valise_home_start_index (fixture->home, 1, extract, NULL, &error);
  g_assert_no_error (error);
  database = valise_home_get_database (fixture->home, "public", TRUE, &error);
  g_assert_no_error (error);
}

static void
close_home (Fixture *fixture)
{
  valise_home_close (fixture->home);
  g_clear_object (&fixture->home);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  open_home (fixture);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  close_home (fixture);
  valise_folder_remove (fixture->root);
  g_free (fixture->root);
}

/* Returns: its SHA-256. */
static char *
add (Fixture *fixture, GBytes *bytes)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) database =
      valise_home_get_database (fixture->home, "public", FALSE, &error);
  g_autofree char *sha256 =
      valise_file_store_put (valise_home_get_files (fixture->home, NULL), bytes, &error);
  g_autofree char   *id = g_strdup_printf ("note:%u", fixture->n_files++);
  g_autofree char   *text = g_strdup_printf ("{\"file\":\"%s\"}", sha256);
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  g_autofree char   *rev = valise_database_put (database, id, NULL, FALSE, body, NULL, &error);

  g_assert_no_error (error);
  return g_steal_pointer (&sha256);
}

static guint
count_found (Fixture *fixture, const char *query)
{
  g_autoptr (GError)    error = NULL;
  ValiseSearchIndex    *index = valise_home_get_index (fixture->home);
  g_autoptr (GPtrArray) found = NULL;

  g_assert_true (valise_search_index_catch_up (index, PATIENCE_MS));
  found = valise_search_index_search (index, query, NULL, 20, NULL, NULL, &error);
  g_assert_no_error (error);
  return found->len;
}

/* The index is alive: what comes next is found. */
static void
assert_goes_on (Fixture *fixture)
{
  g_autoptr (GBytes) sound = pdf_hostile_pages ("1", "reticulated splines", "", FALSE);
  g_autofree char   *sha256 = add (fixture, sound);

  g_assert_cmpuint (count_found (fixture, "splines"), ==, 1);
}

static void
assert_refused (GBytes *bytes, int code)
{
  g_autoptr (GError)    error = NULL;
  g_autoptr (ValisePdf) pdf = valise_pdf_new (bytes, &error);

  g_assert_null (pdf);
  g_assert_error (error, VALISE_PDF_ERROR, code);
}

static void
lost_offsets_are_found_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = pdf_hostile_pages ("1", "wandering objects", "", TRUE);
  g_autofree char   *sha256 = add (fixture, bytes);

  g_assert_cmpuint (count_found (fixture, "wandering"), ==, 1);
  assert_goes_on (fixture);
}

static void
more_pages_than_there_are_is_refused_or_empty (Fixture *fixture, gconstpointer data)
{
  static const char *const counts[] = { "6000", "2000000000", "99999999999999999999", "-5" };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autoptr (GBytes)    bytes = pdf_hostile_pages (counts[i], "endless pages", "", FALSE);
      g_autofree char      *sha256 = add (fixture, bytes);
      g_autoptr (ValisePdf) pdf = valise_pdf_new (bytes, NULL);

      if (pdf != NULL)
        g_assert_cmpuint (valise_pdf_get_n_pages (pdf), <=, VALISE_PDF_MAX_PAGES);
    }
  assert_goes_on (fixture);
}

static void
pages_that_contain_themselves_end (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes)    bytes = pdf_hostile_ring ();
  g_autofree char      *sha256 = add (fixture, bytes);
  g_autoptr (ValisePdf) pdf = valise_pdf_new (bytes, NULL);

  if (pdf != NULL)
    g_assert_cmpuint (valise_pdf_get_n_pages (pdf), <=, VALISE_PDF_MAX_PAGES);
  assert_goes_on (fixture);
}

static void
what_asks_for_a_password_is_not_read (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = pdf_hostile_locked ("secret words");
  g_autofree char   *sha256 = add (fixture, bytes);

  assert_refused (bytes, VALISE_PDF_ERROR_LOCKED);
  g_assert_cmpuint (count_found (fixture, "secret"), ==, 0);
  assert_goes_on (fixture);
}

static void
what_swells_is_cut_off (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = pdf_hostile_bomb (VALISE_INDEX_MAX_PAGES + 100, 1000);
  g_autofree char   *sha256 = add (fixture, bytes);
  gint64             began = g_get_monotonic_time ();

  g_assert_cmpuint (count_found (fixture, "swelling"), ==, 1);
  g_assert_cmpint (g_get_monotonic_time () - began, <,
                   VALISE_INDEX_MAX_US + 20 * G_TIME_SPAN_SECOND);
  assert_goes_on (fixture);
}

/* --- three tries -------------------------------------------------------------------------- */

/* As if the program had ended @tries times while it read the file. */
static void
note_tries (Fixture *fixture, const char *sha256, guint tries)
{
  g_autofree char     *path = g_build_filename (fixture->root, "search.sqlite", NULL);
  g_autoptr (GError)   error = NULL;
  g_autoptr (ValiseDb) db = valise_db_open (path, VALISE_DB_WRITER, 1000, &error);
  g_autofree char     *sql = g_strdup_printf ("UPDATE entry SET here = 0 WHERE file = '%s';"
                                                  "INSERT OR REPLACE INTO reading VALUES ('%s', %u, 0, '')",
                                              sha256, sha256, tries);

  g_assert_no_error (error);
  valise_db_execute (db, sql, &error);
  g_assert_no_error (error);
}

/* It is added while nobody reads, and only then is the index opened. */
static guint
find_after (Fixture *fixture, guint tries)
{
  g_autoptr (GBytes) bytes = pdf_hostile_pages ("1", "fatal words", "", FALSE);
  g_autofree char   *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_autofree char   *first = NULL;
  g_autofree char   *kept = NULL;
  const char        *given_up[] = { sha256, NULL };
  g_autoptr (GError) error = NULL;
  ValiseFileStore   *files = valise_home_get_files (fixture->home, &error);

  first = add (fixture, bytes);
  g_assert_cmpuint (count_found (fixture, "fatal"), ==, 1);
  valise_file_wishes_evict (files, given_up, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_found (fixture, "fatal"), ==, 0);
  close_home (fixture);
  note_tries (fixture, sha256, tries);

  {
    g_autofree char            *path = g_build_filename (fixture->root, "files.sqlite", NULL);
    g_autoptr (ValiseFileStore) alone = valise_file_store_open (path, &error);

    g_assert_no_error (error);
    kept = valise_file_store_put (alone, bytes, &error);
    g_assert_no_error (error);
    valise_file_store_close (alone);
  }
  open_home (fixture);
  return count_found (fixture, "fatal");
}

static void
the_third_try_still_counts (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpuint (find_after (fixture, 2), ==, 1);
}

static void
after_three_tries_it_is_left_alone (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpuint (find_after (fixture, 3), ==, 0);
  assert_goes_on (fixture);
}

#define ADD(test) g_test_add ("/pdf-hostile/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (lost_offsets_are_found_again);
  ADD (more_pages_than_there_are_is_refused_or_empty);
  ADD (pages_that_contain_themselves_end);
  ADD (what_asks_for_a_password_is_not_read);
  ADD (what_swells_is_cut_off);
  ADD (the_third_try_still_counts);
  ADD (after_three_tries_it_is_left_alone);

  return g_test_run ();
}
