/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "folder.h"
#include "valise-file-attachment.h"
#include "valise-id.h"
#include "valise-library.h"
#include "valise-registry.h"
#include "valise-seal.h"

#define SYMBOL "A/AC.292/2026/WP.17"
#define NAME   "A_AC.292_2026_WP.17-en.pdf"

typedef struct
{
  char           *root;
  ValiseHome     *home;
  ValiseRegistry *registry;
} Fixture;

static void
setup (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *rev = NULL;

  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->home = valise_home_open (fixture->root, &error);
  g_assert_no_error (error);
  fixture->registry = valise_registry_create (fixture->home, "poa", NULL, &error);
  g_assert_no_error (error);
  rev = valise_registry_issue (fixture->registry, "public", "paper:" SYMBOL,
                               "{\"type\":\"paper\",\"symbol\":\"" SYMBOL
                               "\",\"kind\":\"working-paper\",\"title\":{\"en\":\"Norms\"},"
                               "\"languages\":[\"en\"]}",
                               &error);
  g_assert_no_error (error);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  gpointer home = fixture->home;

  g_clear_object (&fixture->registry);
  g_object_add_weak_pointer (home, &home);
  g_object_unref (fixture->home);
  while (home != NULL) /* a library's workers let it go last */
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  remove_folder (fixture->root);
  g_free (fixture->root);
}

static gboolean
import (Fixture      *fixture,
        const char   *name,
        const char   *words,
        const char   *symbol,
        ValiseImport *outcome,
        GError      **error)
{
  g_autofree char    *text = g_strdup_printf ("%%PDF-1.7\n%s", words);
  g_autoptr (GBytes)  bytes = g_bytes_new (text, strlen (text));
  ValiseImportOptions options = { .name = name, .symbol = symbol };

  return valise_registry_import_original (fixture->registry, bytes, &options, outcome, NULL, error);
}

static void
assert_import (Fixture *fixture, const char *name, const char *words, ValiseImport expected)
{
  g_autoptr (GError) error = NULL;
  ValiseImport       outcome = VALISE_IMPORT_UNCHANGED;

  import (fixture, name, words, NULL, &outcome, &error);
  g_assert_no_error (error);
  g_assert_cmpint (outcome, ==, expected);
}

static void
assert_refused (Fixture *fixture, const char *name, const char *symbol)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (import (fixture, name, "words", symbol, NULL, &error));
  g_assert_error (error, VALISE_REGISTRY_ERROR, VALISE_REGISTRY_ERROR_REFUSED);
}

static ValiseDocument *
get_document (Fixture *fixture, const char *id)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) database =
      valise_home_get_database (fixture->home, "public", FALSE, &error);
  ValiseDocument *document = valise_database_get (database, id, NULL, &error);

  g_assert_no_error (error);
  return document;
}

static ValiseJson *
get_paper (Fixture *fixture)
{
  g_autoptr (ValiseDocument) document = get_document (fixture, "paper:" SYMBOL);

  return valise_document_scan (document, NULL);
}

/* The digest of the file of that number of the paper's. */
static char *
dup_file (Fixture *fixture, guint number, const char *member)
{
  g_autoptr (ValiseJson) json = get_paper (fixture);
  guint                  token = valise_json_first (json, valise_json_find (json, 0, "files"));

  for (guint i = 0; i < number; i++)
    token = valise_json_next (json, token);
  return valise_json_dup_member (json, token, member);
}

static guint
count_files (Fixture *fixture)
{
  g_autoptr (ValiseJson) json = get_paper (fixture);

  return valise_json_count (json, valise_json_find (json, 0, "files"));
}

static void
paper_names_its_original_and_is_sealed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sha256 = NULL, *name = NULL, *language = NULL, *id = NULL, *digest = NULL;
  g_autoptr (ValiseDocument) file = NULL;
  g_autoptr (ValiseJson)     paper = NULL, json = NULL;
  g_autoptr (GBytes)         bytes = NULL;

  assert_import (fixture, NAME, "words", VALISE_IMPORT_REGISTERED);
  sha256 = dup_file (fixture, 0, "sha256");
  name = dup_file (fixture, 0, "name");
  language = dup_file (fixture, 0, "language");
  g_assert_cmpstr (name, ==, NAME);
  g_assert_cmpstr (language, ==, "en");
  paper = get_paper (fixture);
  g_assert_cmpint (valise_seal_get_issue (paper), >, 0);

  id = valise_id_for_file (sha256);
  g_assert_cmpstr (valise_id_get_sha256 (id), ==, sha256);
  file = get_document (fixture, id);
  json = valise_document_scan (file, NULL);
  g_assert_cmpint (valise_seal_get_issue (json), >, 0);
  g_assert_cmpint (valise_json_get_member_int (json, 0, "length", 0), ==, 14);
  digest = valise_file_attachment_dup_digest (sha256);
  g_assert_nonnull (strstr (file->attachments, digest));
  bytes = valise_file_store_read (valise_home_get_files (fixture->home, NULL), sha256, 0, 14, NULL);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), 14, "%PDF-1.7\nwords", 14);
}

static void
importing_twice_changes_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseDocument) before = NULL, after = NULL;

  assert_import (fixture, NAME, "words", VALISE_IMPORT_REGISTERED);
  before = get_document (fixture, "paper:" SYMBOL);
  assert_import (fixture, NAME, "words", VALISE_IMPORT_UNCHANGED);
  after = get_document (fixture, "paper:" SYMBOL);
  g_assert_cmpstr (before->rev, ==, after->rev);
}

static void
other_bytes_under_the_same_name_replace_it (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = NULL, *second = NULL;

  assert_import (fixture, NAME, "words", VALISE_IMPORT_REGISTERED);
  first = dup_file (fixture, 0, "sha256");
  assert_import (fixture, NAME, "other words", VALISE_IMPORT_UPDATED);
  second = dup_file (fixture, 0, "sha256");
  g_assert_cmpuint (count_files (fixture), ==, 1);
  g_assert_cmpstr (first, !=, second);
}

static void
languages_stand_side_by_side (Fixture *fixture, gconstpointer data)
{
  g_autofree char *language = NULL;

  assert_import (fixture, NAME, "words", VALISE_IMPORT_REGISTERED);
  assert_import (fixture, "A_AC.292_2026_WP.17-fr.pdf", "mots", VALISE_IMPORT_REGISTERED);
  g_assert_cmpuint (count_files (fixture), ==, 2);
  language = dup_file (fixture, 1, "language");
  g_assert_cmpstr (language, ==, "fr");
}

static void
paper_is_told_where_the_name_says_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  ValiseImport       outcome = VALISE_IMPORT_UNCHANGED;

  assert_refused (fixture, "scan.pdf", NULL);
  assert_refused (fixture, "scan.pdf", "A/RES/1/1");
  assert_refused (fixture, "A_RES_77_37-en.pdf", NULL);
  import (fixture, "scan.pdf", "words", SYMBOL, &outcome, &error);
  g_assert_no_error (error);
  g_assert_cmpint (outcome, ==, VALISE_IMPORT_REGISTERED);
}

static void
originals_are_known_by_their_first_bytes (Fixture *fixture, gconstpointer data)
{
  static const char  docx[] = "PK\003\004 … word/document.xml …";
  static const char  zip[] = "PK\003\004 … pictures/cat.png …";
  g_autoptr (GBytes) first = g_bytes_new_static (docx, sizeof docx);
  g_autoptr (GBytes) second = g_bytes_new_static (zip, sizeof zip);
  g_autoptr (GBytes) third = g_bytes_new_static ("<?xml", 5);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);

  g_assert_nonnull (strstr (valise_registry_get_original_type (first), "wordprocessingml"));
  g_assert_null (valise_registry_get_original_type (second));
  g_assert_null (valise_registry_get_original_type (third));
  g_assert_null (valise_registry_get_original_type (nothing));
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
library_lists_the_files_of_a_paper_by_language (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseLibrary) library = NULL;
  g_autoptr (GAsyncResult)  result = NULL;
  g_autoptr (GPtrArray)     files = NULL;
  ValiseLibraryFilter       filter = { .language = "fr" };

  assert_import (fixture, NAME, "words", VALISE_IMPORT_REGISTERED);
  assert_import (fixture, "A_AC.292_2026_WP.17-fr.pdf", "mots", VALISE_IMPORT_REGISTERED);
  library = valise_library_new (fixture->home, "en", &error);
  g_assert_no_error (error);
  g_assert_true (valise_search_index_catch_up (valise_home_get_index (fixture->home), 60 * 1000));

  valise_library_list_files_async (library, SYMBOL, &filter, NULL, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  files = valise_library_list_files_finish (library, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (files->len, ==, 1);
  g_assert_cmpstr (valise_paper_file_get_name (files->pdata[0]), ==, "A_AC.292_2026_WP.17-fr.pdf");
  g_assert_cmpstr (valise_paper_file_get_symbol (files->pdata[0]), ==, SYMBOL);
  g_assert_cmpstr (valise_paper_file_get_database (files->pdata[0]), ==, "public");
  g_assert_cmpint (valise_paper_file_get_length (files->pdata[0]), ==, 13);
}

#define ADD(test) g_test_add ("/import-original/" #test, Fixture, NULL, setup, test, teardown)

static void
a_refused_original_leaves_no_bytes (Fixture *fixture, gconstpointer data)
{
  const char        *text = "%PDF-1.7\nwords"; /* as import() makes it */
  g_autofree char   *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  g_autoptr (GError) error = NULL;
  ValiseFileStore   *files = valise_home_get_files (fixture->home, &error);
  gint64             length = 0;
  gboolean           complete = FALSE;

  g_assert_no_error (error);
  assert_refused (fixture, "A_AC.292_2026_WP.99-en.pdf", NULL);
  valise_file_store_get_present (files, sha256, &length, &complete);
  g_assert_false (complete);
  g_assert_cmpint (length, ==, 0);

  assert_import (fixture, NAME, "words", VALISE_IMPORT_REGISTERED);
  valise_file_store_get_present (files, sha256, &length, &complete);
  g_assert_true (complete); /* where it would have been */
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (paper_names_its_original_and_is_sealed);
  ADD (a_refused_original_leaves_no_bytes);
  ADD (importing_twice_changes_nothing);
  ADD (other_bytes_under_the_same_name_replace_it);
  ADD (languages_stand_side_by_side);
  ADD (paper_is_told_where_the_name_says_nothing);
  ADD (originals_are_known_by_their_first_bytes);
  ADD (library_lists_the_files_of_a_paper_by_language);

  return g_test_run ();
}
