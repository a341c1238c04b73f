/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "valise-registry.h"

#include <string.h>

#include "folder.h"
#include "valise-reader.h"

/* Real resolutions, in six languages, and two real papers without a symbol: read, registered,
 * registered again. They are not ours to carry along, so without them this is skipped. */

#define N_FILES  288
#define N_PAPERS 48

static const char *const languages[] = { "ar", "en", "es", "fr", "ru", "zh" };

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

  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->home = valise_home_open (fixture->root, &error);
  g_assert_no_error (error);
  fixture->registry = valise_registry_create (fixture->home, "poa", NULL, &error);
  g_assert_no_error (error);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->registry);
  valise_home_close (fixture->home);
  g_assert_finalize_object (fixture->home);
  remove_folder (fixture->root);
  g_free (fixture->root);
}

/* The folder of shared input, or NULL, having said so. */
static char *
find_shared (const char *what)
{
  const char *shared = g_getenv ("VALISE_SHARED");
  char       *path = shared != NULL ? g_build_filename (shared, what, NULL) : NULL;

  if (path != NULL && g_file_test (path, G_FILE_TEST_IS_DIR))
    return path;

  g_test_skip ("the shared documents are not on this machine");
  g_free (path);

  return NULL;
}

static ValiseImport
import_file (Fixture *fixture, const char *folder, const char *name, char **symbol)
{
  g_autofree char          *path = g_build_filename (folder, name, NULL);
  g_autofree char          *text = NULL;
  gsize                     length = 0;
  g_autoptr (GBytes)        bytes = NULL;
  g_autoptr (ValiseReading) reading = NULL;
  g_autoptr (GError)        error = NULL;
  ValiseImport              outcome = VALISE_IMPORT_UNCHANGED;
  const ValiseImportOptions options = { .name = name };

  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);
  bytes = g_bytes_new_take (g_steal_pointer (&text), length);
  reading = valise_reader_read (bytes, name, &error);
  g_assert_no_error (error);
  valise_registry_import (fixture->registry, reading, &options, &outcome, symbol, &error);
  if (error != NULL)
    g_test_message ("%s: %s", path, error->message);
  g_assert_no_error (error);

  return outcome;
}

/* Imports every file of the corpus; how many had each outcome. */
static void
import_corpus (Fixture *fixture, const char *corpus, guint *outcomes)
{
  memset (outcomes, 0, 3 * sizeof (guint));
  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++)
    {
      g_autofree char *folder = g_build_filename (corpus, languages[i], NULL);
      g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
      const char      *name = NULL;

      g_assert_nonnull (dir);
      while ((name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *symbol = NULL;

          outcomes[import_file (fixture, folder, name, &symbol)]++;
        }
    }
}

static ValiseDatabase *
get_public (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  ValiseDatabase    *database = valise_home_get_database (fixture->home, "public", FALSE, &error);

  g_assert_no_error (error);

  return database;
}

static gint64
get_sequence (Fixture *fixture)
{
  g_autoptr (ValiseDatabase) database = get_public (fixture);
  g_autoptr (GError)         error = NULL;
  ValiseDatabaseInfo         info = { 0 };

  valise_database_get_info (database, &info, &error);
  g_assert_no_error (error);

  return info.update_seq;
}

static ValiseJson *
get_json (Fixture *fixture, const char *id)
{
  g_autoptr (ValiseDatabase) database = get_public (fixture);
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDocument) document = valise_database_get (database, id, NULL, &error);
  ValiseJson                *json = NULL;

  g_assert_no_error (error);
  json = valise_document_scan (document, &error);
  g_assert_no_error (error);

  return json;
}

/* What the papers say together. */
typedef struct
{
  guint papers;
  guint languages;
  guint titles;
  guint without_meeting;
  guint without_item;
} Tally;

static guint
count_member (const ValiseJson *json, const char *name)
{
  guint token = valise_json_find (json, 0, name);

  return token != VALISE_JSON_NONE ? valise_json_count (json, token) : 0;
}

static gboolean
tally_paper (const ValiseChange *change, gpointer user_data)
{
  Tally                 *tally = user_data;
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseJson) json = valise_document_scan (change->document, &error);

  g_assert_no_error (error);
  tally->papers++;
  tally->languages += count_member (json, "languages");
  tally->titles += count_member (json, "title");
  tally->without_meeting += valise_json_find (json, 0, "meeting") == VALISE_JSON_NONE;
  tally->without_item += count_member (json, "items") == 0;

  return TRUE;
}

/* Every item that a paper names must stand in its meeting's agenda. */
static void
check_agenda (Fixture *fixture, const char *symbol)
{
  g_autofree char       *id = g_strconcat ("paper:", symbol, NULL);
  g_autoptr (ValiseJson) paper = get_json (fixture, id);
  g_autofree char       *meeting = valise_json_dup_member (paper, 0, "meeting");
  g_autofree char       *agenda_id = g_strconcat ("agenda:", strchr (meeting, ':') + 1, NULL);
  g_autoptr (ValiseJson) agenda = get_json (fixture, agenda_id);
  g_autofree char       *item = valise_json_dup_string (
            paper, valise_json_first (paper, valise_json_find (paper, 0, "items")));
  guint found = VALISE_JSON_NONE;

  for (guint i = valise_json_first (agenda, valise_json_find (agenda, 0, "items"));
       i != VALISE_JSON_NONE; i = valise_json_next (agenda, i))
    {
      g_autofree char *number = valise_json_dup_member (agenda, i, "number");

      if (g_strcmp0 (number, item) == 0)
        found = i;
    }
  g_assert_cmpuint (found, !=, VALISE_JSON_NONE);
  g_assert_cmpuint (valise_json_count (agenda, valise_json_find (agenda, found, "title")), ==, 6);
}

static void
the_corpus_is_registered_once (Fixture *fixture, gconstpointer data)
{
  g_autofree char           *corpus = find_shared ("corpus");
  g_autoptr (ValiseDatabase) database = NULL;
  g_autoptr (GError)         error = NULL;
  guint                      outcomes[3] = { 0 };
  gint64                     sequence = 0;
  Tally                      tally = { 0 };

  if (corpus == NULL)
    return;

  import_corpus (fixture, corpus, outcomes);
  g_assert_cmpuint (outcomes[VALISE_IMPORT_REGISTERED], ==, N_FILES);
  sequence = get_sequence (fixture);
  import_corpus (fixture, corpus, outcomes);
  g_assert_cmpuint (outcomes[VALISE_IMPORT_UNCHANGED], ==, N_FILES);
  g_assert_cmpint (get_sequence (fixture), ==, sequence);

  database = get_public (fixture);
  valise_database_list (database, "paper:", "paper;", 0, VALISE_CHANGES_DOCUMENTS, tally_paper,
                        &tally, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tally.papers, ==, N_PAPERS);
  g_assert_cmpuint (tally.languages, ==, N_FILES);
  g_assert_cmpuint (tally.titles, ==, N_FILES);
  g_assert_cmpuint (tally.without_meeting, ==, 0);
  g_assert_cmpuint (tally.without_item, ==, 0);
  check_agenda (fixture, "A/RES/77/37");
  check_agenda (fixture, "A/RES/78/160");
}

static void
the_two_papers_get_the_next_symbols (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "000_50884cabfe071f03.txt", "001_f1bf3641475ea2af.txt" };
  static const char *const kinds[] = { "national-views", "working-paper" };
  static const char *const authors[] = { "kor", "cosponsors" };
  g_autofree char         *seeds = find_shared ("seeds");
  gint64                   sequence = 0;

  if (seeds == NULL)
    return;

  for (gsize round = 0; round < 2; round++)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
        {
          g_autofree char       *symbol = NULL;
          g_autofree char       *ending = g_strdup_printf ("/WP.%" G_GSIZE_FORMAT, i + 1);
          ValiseImport           outcome = import_file (fixture, seeds, names[i], &symbol);
          g_autofree char       *id = g_strconcat ("paper:", symbol, NULL);
          g_autoptr (ValiseJson) paper = get_json (fixture, id);
          guint                  list = valise_json_find (paper, 0, "authors");
          g_autofree char       *kind = valise_json_dup_member (paper, 0, "kind");
          g_autofree char       *author =
              valise_json_dup_member (paper, valise_json_first (paper, list), "key");

          g_assert_cmpint (outcome, ==,
                           round == 0 ? VALISE_IMPORT_REGISTERED : VALISE_IMPORT_UNCHANGED);
          g_assert_true (g_str_has_prefix (symbol, "A/AC.292/"));
          g_assert_true (g_str_has_suffix (symbol, ending));
          g_assert_cmpstr (kind, ==, kinds[i]);
          g_assert_cmpstr (author, ==, authors[i]);
          g_assert_cmpuint (valise_json_find (paper, 0, "meeting"), ==, VALISE_JSON_NONE);
          if (i == 1)
            g_assert_cmpuint (count_member (paper, "sponsors"), ==, 54);
        }
      if (round == 0)
        sequence = get_sequence (fixture);
    }
  g_assert_cmpint (get_sequence (fixture), ==, sequence);
}

#define ADD(test) g_test_add ("/import/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (the_corpus_is_registered_once);
  ADD (the_two_papers_get_the_next_symbols);

  return g_test_run ();
}
