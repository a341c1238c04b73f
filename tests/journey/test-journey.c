/* test-journey.c - the three programs together, as a secretariat and a delegate use them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "journey-fixture.h"

static void
a_laptop_joins_and_holds_the_sample_programme (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonArray)  papers = NULL;
  g_autoptr (JsonObject) standing = NULL;
  g_autofree char       *status = NULL;
  guint                  in_six = 0;

  join_and_sync (fixture);
  papers = list_papers (fixture);
  g_assert_cmpuint (json_array_get_length (papers), >=, 12);
  for (guint i = 0; i < json_array_get_length (papers); i++)
    {
      JsonObject      *paper = json_array_get_object_element (papers, i);
      const char      *symbol = json_object_get_string_member (paper, "symbol");
      g_autofree char *text = NULL;

      g_assert_cmpstr (json_object_get_string_member (paper, "title"), !=, "");
      g_assert_cmpstr (json_object_get_string_member (paper, "kind"), !=, "");
      if (json_array_get_length (json_object_get_array_member (paper, "languages")) == 6)
        in_six++;
      text = RUN ("valisectl", "show", symbol, "--data", fixture->laptop);
      g_assert_nonnull (strstr (text, symbol));
    }
  g_assert_cmpuint (in_six, >=, 3);

  status = RUN ("valisectl", "status", "--json", "--data", fixture->laptop);
  standing = parse_object (status);
  g_assert_cmpstr (json_object_get_string_member (standing, "person"), ==, "Amina Diallo");
  g_assert_cmpstr (json_object_get_string_member (standing, "role"), ==, "delegate");
  g_assert_nonnull (json_object_get_string_member (standing, "last_reached"));
}

static void
a_second_sync_moves_next_to_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) figures = NULL;
  g_autofree char       *text = NULL;

  join_and_sync (fixture);
  text = RUN ("valisectl", "sync", "--once", "--json", "--data", fixture->laptop);
  figures = parse_object (text);
  g_assert_cmpint (json_object_get_int_member (figures, "documents"), ==, 0);
  g_assert_cmpint (json_object_get_int_member (figures, "received"), <, 20000);
}

static void
without_the_server_everything_is_still_here (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonArray) before = NULL;
  g_autoptr (JsonArray) after = NULL;
  g_autofree char      *unreached = NULL;
  int                   status;

  join_and_sync (fixture);
  before = list_papers (fixture);
  stop_server (fixture);
  unreached = run (&status, "valisectl", "sync", "--once", "--data", fixture->laptop, NULL);
  g_assert_cmpint (status, ==, 4);
  after = list_papers (fixture);
  g_assert_cmpuint (json_array_get_length (after), ==, json_array_get_length (before));
}

static void
a_server_that_returns_is_synced_with_again (Fixture *fixture, gconstpointer data)
{
  g_autofree char      *paper = g_build_filename (fixture->root, "note.txt", NULL);
  g_autoptr (JsonArray) before = NULL;
  g_autoptr (JsonArray) after = NULL;

  join_and_sync (fixture);
  before = list_papers (fixture);
  restart_server (fixture);
  g_assert_true (g_file_set_contents (paper,
                                      "Kestria\n\nA short note\n\n1. States could meet.\n"
                                      "2. They could agree.\n",
                                      -1, NULL));
  DO ("valise-server", "import", fixture->secretariat, paper, "--language", "en");
  DO ("valisectl", "sync", "--once", "--data", fixture->laptop);
  after = list_papers (fixture);
  g_assert_cmpuint (json_array_get_length (after), ==, json_array_get_length (before) + 1);
}

static void
an_invitation_works_once (Fixture *fixture, gconstpointer data)
{
  g_autofree char *second = g_build_filename (fixture->root, "second", NULL);
  g_autofree char *refused = NULL;
  int              status;

  DO ("valisectl", "join", fixture->invitation, "--data", fixture->laptop);
  refused = run (&status, "valisectl", "join", fixture->invitation, "--data", second, NULL);
  g_assert_cmpint (status, !=, 0);
  refused = (g_free (refused), run (&status, "valisectl", "status", "--data", second, NULL));
  g_assert_cmpint (status, ==, 3);
}

static void
only_the_languages_chosen_are_fetched (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) standing = NULL;
  g_autofree char       *status_text = NULL;
  g_autofree char       *shown = NULL;
  int                    status;

  DO ("valisectl", "join", fixture->invitation, "--language", "fr", "--data", fixture->laptop);
  DO ("valisectl", "sync", "--once", "--data", fixture->laptop);
  status_text = RUN ("valisectl", "status", "--json", "--data", fixture->laptop);
  standing = parse_object (status_text);
  g_assert_cmpint (json_object_get_int_member (standing, "absent"), >, 10);

  shown = run (&status, "valisectl", "show", "A/AC.292/2026/WP.1", "--language", "ar", "--data",
               fixture->laptop, NULL);
  g_assert_cmpint (status, ==, 5);

  DO ("valisectl", "fetch", "A/AC.292/2026/WP.1", "--language", "ar", "--data", fixture->laptop);
  g_free (shown);
  shown = RUN ("valisectl", "show", "A/AC.292/2026/WP.1", "--language", "ar", "--data",
               fixture->laptop);
  g_assert_true (g_str_has_prefix (shown, "A/AC.292/2026/WP.1\n"));
  g_assert_nonnull (strstr (shown, "القواعد في الممارسة"));

  g_free (shown);
  shown = RUN ("valisectl", "list", "--data", fixture->laptop);
  g_assert_nonnull (strstr (shown, "Les normes dans la pratique : "));
}

static void
a_command_takes_its_own_options_alone (Fixture *fixture, gconstpointer data)
{
  g_autofree char *help = RUN ("valisectl", "list", "--help");
  g_autofree char *others = RUN ("valisectl", "bundle", "--help");
  g_autofree char *refused = NULL;
  int              status = 0;

  g_assert_nonnull (strstr (help, "--json"));
  g_assert_nonnull (strstr (help, "--data=DIR"));
  g_assert_null (strstr (help, "--watch"));
  g_assert_nonnull (strstr (others, "--without-originals"));
  g_assert_null (strstr (others, "--with=COLLEAGUE"));

  refused = run (&status, "valisectl", "list", "--watch", "--data", fixture->laptop, NULL);
  g_assert_cmpint (status, ==, 2);
}

static void
assert_found (Fixture *fixture, const char *query, const char *language)
{
  g_autofree char      *text = RUN ("valisectl", "search", query, "--language", language, "--json",
                                    "--data", fixture->laptop);
  g_autoptr (JsonArray) found = parse_array (text);

  g_assert_cmpuint (json_array_get_length (found), >, 0);
  for (guint i = 0; i < json_array_get_length (found); i++)
    {
      JsonObject *hit = json_array_get_object_element (found, i);

      g_assert_cmpstr (json_object_get_string_member (hit, "language"), ==, language);
      g_assert_true (g_str_has_prefix (json_object_get_string_member (hit, "symbol"), "A/"));
      g_assert_cmpstr (json_object_get_string_member (hit, "snippet"), !=, "");
    }
}

static void
words_of_each_script_are_found (Fixture *fixture, gconstpointer data)
{
  join_and_sync (fixture);
  assert_found (fixture, "cybersécurité", "fr");
  assert_found (fixture, "cybersecurite", "fr");
  assert_found (fixture, "网络安全", "zh");
  assert_found (fixture, "الأمن السيبراني", "ar");
  assert_found (fixture, "кибербезопасность", "ru");
  assert_found (fixture, "\"ciberseguridad debería\"", "es");
  assert_found (fixture, "cybersec", "en");
}

/* The files of one language of the corpus, or NULL where it is not on this machine. */
static GPtrArray *
find_corpus (void)
{
  static const char *const languages[] = { "ar", "en", "es", "fr", "ru", "zh" };
  g_autoptr (GPtrArray)    files = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    {
      g_autofree char *folder =
          g_build_filename (g_getenv ("VALISE_SHARED"), "corpus", languages[i], NULL);
      g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
      const char      *name;

      while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        g_ptr_array_add (files, g_build_filename (folder, name, NULL));
    }
  return files->len > 0 ? g_steal_pointer (&files) : NULL;
}

static void
import_corpus (Fixture *fixture, GPtrArray *files, const char *expected)
{
  g_autoptr (GError)      error = NULL;
  g_autoptr (GPtrArray)   argv = g_ptr_array_new ();
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char        *program = find_program ("valise-server");
  g_autofree char        *output = NULL;
  g_auto (GStrv)          lines = NULL;
  guint                   matching = 0;

  g_ptr_array_add (argv, program);
  g_ptr_array_add (argv, (char *) "import");
  g_ptr_array_add (argv, fixture->secretariat);
  for (guint i = 0; i < files->len; i++)
    g_ptr_array_add (argv, g_ptr_array_index (files, i));
  g_ptr_array_add (argv, NULL);
  process =
      g_subprocess_newv ((const char *const *) argv->pdata, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error));
  g_assert_true (g_subprocess_get_successful (process));
  lines = g_strsplit (output, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], expected))
      matching++;
  g_assert_cmpuint (matching, ==, files->len);
}

static void
real_resolutions_arrive_in_six_languages (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray)  files = find_corpus ();
  g_autoptr (JsonArray)  papers = NULL;
  g_autoptr (JsonObject) figures = NULL;
  g_autofree char       *text = NULL;

  if (files == NULL)
    {
      g_test_skip ("the corpus is not on this machine");
      return;
    }

  import_corpus (fixture, files, "registered");
  join_and_sync (fixture);
  papers = list_papers (fixture);
  g_assert_cmpuint (json_array_get_length (papers), ==, 48);
  for (guint i = 0; i < 48; i++)
    g_assert_cmpuint (json_array_get_length (json_object_get_array_member (
                          json_array_get_object_element (papers, i), "languages")),
                      ==, 6);
  assert_found (fixture, "activités numériques malveillantes", "fr");
  assert_found (fixture, "网络安全", "zh");
  assert_found (fixture, "الأمن السيبراني", "ar");

  import_corpus (fixture, files, "unchanged");
  text = RUN ("valisectl", "sync", "--once", "--json", "--data", fixture->laptop);
  figures = parse_object (text);
  g_assert_cmpint (json_object_get_int_member (figures, "documents"), ==, 0);
}

#define ADD(test, sample)                                                                          \
  g_test_add ("/journey/" #test, Fixture, GINT_TO_POINTER (sample), setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (a_laptop_joins_and_holds_the_sample_programme, TRUE);
  ADD (words_of_each_script_are_found, TRUE);
  ADD (a_second_sync_moves_next_to_nothing, TRUE);
  ADD (without_the_server_everything_is_still_here, TRUE);
  ADD (a_server_that_returns_is_synced_with_again, TRUE);
  ADD (an_invitation_works_once, TRUE);
  ADD (only_the_languages_chosen_are_fetched, TRUE);
  ADD (a_command_takes_its_own_options_alone, TRUE);
  ADD (real_resolutions_arrive_in_six_languages, FALSE);

  return g_test_run ();
}
