/* test-pdf-words.c - the words of PDFs that are here, found by page
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <string.h>

#include "folder.h"
#include "pdf-written.h"
#include "valise-file-wishes.h"
#include "valise-library.h"
#include "valise-pdf-words.h"
#include "valise-registry.h"

#define SYMBOL      "A/AC.292/2026/WP.17"
#define PATIENCE_MS 60000

typedef struct
{
  char           *root;
  ValiseHome     *home;
  ValiseRegistry *registry;
  ValiseLibrary  *library;
} Fixture;

/* A page in each language, and how its words are asked for. */
static const struct
{
  const char *language;
  const char *page;
  const char *query;
} spoken[] = {
  { "ar", "تشجع الدول على بناء القدرات في مجال الأمن السيبراني وتبادل المعلومات", "القدرات" },
  { "en", "States are encouraged to name points of contact for incidents", "contact incident" },
  { "es", "Se alienta a los Estados a fortalecer la ciberseguridad regional", "ciberseguridad" },
  { "fr", "Les États sont invités à échanger des informations sur la cybersécurité",
    "cybersecurite" },
  { "ru", "Государствам рекомендуется принимать меры укрепления доверия", "доверие" },
  { "zh", "鼓励各国加强网络安全能力建设和信息交流", "网络安全" },
};

static void
issue_paper (Fixture *fixture, const char *symbol)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *id = g_strconcat ("paper:", symbol, NULL);
  g_autofree char   *body =
      g_strdup_printf ("{\"type\":\"paper\",\"symbol\":\"%s\",\"kind\":\"working-paper\","
                       "\"title\":{\"en\":\"Norms in practice\"},\"languages\":[\"en\"]}",
                       symbol);
  g_autofree char *rev = valise_registry_issue (fixture->registry, "public", id, body, &error);

  g_assert_no_error (error);
}

static void
settle (Fixture *fixture)
{
  g_assert_true (valise_search_index_catch_up (valise_home_get_index (fixture->home), PATIENCE_MS));
}

static void
open_library (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  valise_pdf_words_read_for (fixture->home);
  fixture->library = valise_library_new (fixture->home, "en", &error);
  g_assert_no_error (error);
  settle (fixture);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->home = valise_home_open (fixture->root, &error);
  g_assert_no_error (error);
  fixture->registry = valise_registry_create (fixture->home, "poa", NULL, &error);
  g_assert_no_error (error);
  issue_paper (fixture, SYMBOL);
  open_library (fixture);
}

static void
close_home (Fixture *fixture)
{
  gpointer home = fixture->home;

  g_clear_object (&fixture->registry);
  g_clear_object (&fixture->library);
  g_object_add_weak_pointer (home, &home);
  g_object_unref (fixture->home);
  while (home != NULL) /* a library's workers let it go last */
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  close_home (fixture);
  remove_folder (fixture->root);
  g_free (fixture->root);
}

/* Returns: its SHA-256. */
static char *
import_bytes (Fixture *fixture, const char *symbol, const char *name, GBytes *bytes)
{
  g_autoptr (GError)  error = NULL;
  ValiseImport        outcome = VALISE_IMPORT_UNCHANGED;
  ValiseImportOptions options = { .name = name, .symbol = symbol };

  valise_registry_import_original (fixture->registry, bytes, &options, &outcome, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (outcome, ==, VALISE_IMPORT_REGISTERED);

  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
}

static char *
import (Fixture *fixture, const char *symbol, const char *name, const char *const *pages)
{
  g_autoptr (GBytes) bytes = pdf_written (pages);

  return import_bytes (fixture, symbol, name, bytes);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GPtrArray *
search (Fixture *fixture, const char *query)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError)       error = NULL;
  GPtrArray               *findings = NULL;

  settle (fixture);
  valise_library_search_async (fixture->library, query, NULL, 20, NULL, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  findings = valise_library_search_finish (fixture->library, result, NULL, &error);
  g_assert_no_error (error);

  return findings;
}

static void
assert_none (Fixture *fixture, const char *query)
{
  g_autoptr (GPtrArray) findings = search (fixture, query);

  g_assert_cmpuint (findings->len, ==, 0);
}

/* One finding, which is @sha256 at @page. */
static void
assert_page (Fixture *fixture, const char *query, const char *sha256, guint page)
{
  g_autoptr (GPtrArray) findings = search (fixture, query);
  const ValiseFinding  *finding = NULL;

  g_assert_cmpuint (findings->len, ==, 1);
  finding = findings->pdata[0];
  g_assert_cmpstr (finding->symbol, ==, SYMBOL);
  g_assert_cmpstr (finding->sha256, ==, sha256);
  g_assert_cmpuint (finding->page, ==, page);
  g_assert_null (finding->paragraph);
  g_assert_cmpuint (finding->marks->len, >=, 2);
}

/* --- tests ------------------------------------------------------------------------------------ */

static void
words_of_a_pdf_are_found_in_six_languages_by_page (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) sha256s = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < G_N_ELEMENTS (spoken); i++)
    {
      const char *const pages[] = { "1", spoken[i].page, "3", NULL };
      g_autofree char  *name = g_strdup_printf ("A_AC.292_2026_WP.17-%s.pdf", spoken[i].language);

      g_ptr_array_add (sha256s, import (fixture, NULL, name, pages));
    }
  for (guint i = 0; i < G_N_ELEMENTS (spoken); i++)
    {
      g_autoptr (GPtrArray) findings = NULL;
      const ValiseFinding  *finding = NULL;

      assert_page (fixture, spoken[i].query, sha256s->pdata[i], 2);
      findings = search (fixture, spoken[i].query);
      finding = findings->pdata[0];
      g_assert_cmpstr (finding->language, ==, spoken[i].language);
      /* Cairo places Arabic letters one by one, so their spaces are guessed. */
      if (i > 0)
        g_assert_cmpstr (finding->snippet, ==, spoken[i].page);
      g_assert_true (g_str_has_suffix (finding->file, ".pdf"));
      g_assert_cmpstr (finding->title, ==, "Norms in practice");
    }
}

static void
a_file_given_up_takes_its_words_along_and_brings_them_back (Fixture *fixture, gconstpointer data)
{
  const char *const  pages[] = { "Reticulated splines", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = pdf_written (pages);
  g_autofree char   *sha256 = import_bytes (fixture, NULL, "A_AC.292_2026_WP.17-en.pdf", bytes);
  g_autofree char   *again = NULL;
  const char        *given_up[] = { sha256, NULL };
  ValiseFileStore   *files = valise_home_get_files (fixture->home, &error);

  assert_page (fixture, "splines", sha256, 1);
  valise_file_wishes_evict (files, given_up, NULL, &error);
  g_assert_no_error (error);
  assert_none (fixture, "splines");

  again = valise_file_store_put (files, bytes, &error);
  g_assert_no_error (error);
  assert_page (fixture, "splines", sha256, 1);
}

static void
put_text (Fixture *fixture, const char *paragraph)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *body = g_strdup_printf (
        "{\"type\":\"text\",\"symbol\":\"" SYMBOL "\",\"paper\":\"paper:" SYMBOL
        "\",\"language\":\"en\","
          "\"title\":\"Norms in practice\",\"original\":\"en\",\"paragraphs\":[{\"key\":\"p1\","
          "\"kind\":\"operative\",\"number\":\"1\",\"text\":\"%s\"}]}",
        paragraph);
  g_autofree char *rev =
      valise_registry_issue (fixture->registry, "public", "text:" SYMBOL ":en", body, &error);

  g_assert_no_error (error);
}

static void
the_text_speaks_for_the_pdf_where_both_have_the_words (Fixture *fixture, gconstpointer data)
{
  const char *const     pages[] = { "Reticulated splines", "An annex on gyroscopes", NULL };
  g_autofree char      *sha256 = import (fixture, NULL, "A_AC.292_2026_WP.17-en.pdf", pages);
  g_autoptr (GPtrArray) findings = NULL;
  const ValiseFinding  *finding = NULL;

  put_text (fixture, "Reticulated splines");
  findings = search (fixture, "splines");
  g_assert_cmpuint (findings->len, ==, 1);
  finding = findings->pdata[0];
  g_assert_null (finding->sha256);
  g_assert_cmpstr (finding->paragraph, ==, "1");
  g_assert_cmpuint (finding->n_languages, ==, 1);

  /* What the PDF alone has is still found. */
  assert_page (fixture, "gyroscopes", sha256, 2);
}

static void
a_title_alone_leads_to_the_paper_once (Fixture *fixture, gconstpointer data)
{
  const char *const     pages[] = { "Reticulated splines", NULL };
  g_autofree char      *sha256 = import (fixture, NULL, "A_AC.292_2026_WP.17-en.pdf", pages);
  g_autoptr (GPtrArray) findings = search (fixture, "norms practice");
  const ValiseFinding  *finding = NULL;

  g_assert_cmpuint (findings->len, ==, 1);
  finding = findings->pdata[0];
  g_assert_cmpstr (finding->symbol, ==, SYMBOL);
  g_assert_null (finding->sha256);
}

static void
what_has_no_words_or_is_no_pdf_is_left_alone (Fixture *fixture, gconstpointer data)
{
  const char *const  pages[] = { "", "", NULL };
  const char         broken[] = "%PDF-1.7\nsplines";
  g_autoptr (GBytes) bytes = g_bytes_new_static (broken, sizeof broken - 1);
  g_autofree char   *scanned = import (fixture, NULL, "A_AC.292_2026_WP.17-en.pdf", pages);
  g_autofree char   *damaged = import_bytes (fixture, NULL, "A_AC.292_2026_WP.17-fr.pdf", bytes);

  assert_none (fixture, "splines");
}

static void
an_index_made_anew_has_the_words_again (Fixture *fixture, gconstpointer data)
{
  const char *const  pages[] = { "Reticulated splines", NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char   *sha256 = import (fixture, NULL, "A_AC.292_2026_WP.17-en.pdf", pages);
  g_autofree char   *path = g_build_filename (fixture->root, "search.sqlite", NULL);

  assert_page (fixture, "splines", sha256, 1);
  close_home (fixture);
  g_assert_no_errno (g_unlink (path));
  fixture->home = valise_home_open (fixture->root, &error);
  g_assert_no_error (error);
  g_object_unref (valise_home_get_database (fixture->home, "public", FALSE, &error));
  g_assert_no_error (error);
  open_library (fixture);
  assert_page (fixture, "splines", sha256, 1);
}

static void
two_papers_with_one_file_are_both_found (Fixture *fixture, gconstpointer data)
{
  const char *const     pages[] = { "Reticulated splines", NULL };
  g_autofree char      *first = NULL;
  g_autofree char      *second = NULL;
  g_autoptr (GPtrArray) findings = NULL;

  issue_paper (fixture, "A/AC.292/2026/WP.18");
  first = import (fixture, NULL, "A_AC.292_2026_WP.17-en.pdf", pages);
  second = import (fixture, NULL, "A_AC.292_2026_WP.18-en.pdf", pages);
  findings = search (fixture, "splines");
  g_assert_cmpuint (findings->len, ==, 2);
  g_assert_cmpstr (((ValiseFinding *) findings->pdata[0])->sha256, ==, first);
  g_assert_cmpstr (((ValiseFinding *) findings->pdata[1])->sha256, ==, second);
}

static void
a_long_file_is_read_in_pieces_and_every_page_is_found (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) pages = g_ptr_array_new_with_free_func (g_free);
  g_autofree char      *sha256 = NULL;

  for (guint i = 1; i <= 200; i++)
    g_ptr_array_add (pages, g_strdup_printf ("Page word%u of many", i * 7919));
  g_ptr_array_add (pages, NULL);
  sha256 = import (fixture, NULL, "A_AC.292_2026_WP.17-en.pdf", (const char *const *) pages->pdata);
  assert_page (fixture, "word7919", sha256, 1);
  assert_page (fixture, "word1583800", sha256, 200);
}

#define ADD(test) g_test_add ("/pdf-words/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD (words_of_a_pdf_are_found_in_six_languages_by_page);
  ADD (a_file_given_up_takes_its_words_along_and_brings_them_back);
  ADD (the_text_speaks_for_the_pdf_where_both_have_the_words);
  ADD (a_title_alone_leads_to_the_paper_once);
  ADD (what_has_no_words_or_is_no_pdf_is_left_alone);
  ADD (an_index_made_anew_has_the_words_again);
  ADD (two_papers_with_one_file_are_both_found);
  ADD (a_long_file_is_read_in_pieces_and_every_page_is_found);

  return g_test_run ();
}
