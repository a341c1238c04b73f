/* test-journey.c - the three programs together, as a secretariat and a delegate use them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <string.h>

typedef struct
{
  char        *root;        /* everything of one test */
  char        *secretariat; /* the server's folder */
  char        *laptop;      /* the delegate's */
  char        *invitation;
  char        *url;
  GSubprocess *server;
} Fixture;

static char *
find_program (const char *name)
{
  return g_build_filename (g_getenv ("VALISE_PROGRAMS"), name, NULL);
}

/* Runs a program to its end. Returns its standard output; @status: its exit code. */
static char *
run (int *status, const char *program, ...)
{
  g_autoptr (GError)      error = NULL;
  g_autoptr (GPtrArray)   argv = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GSubprocess) process = NULL;
  char                   *output = NULL;
  const char             *argument;
  va_list                 list;

  g_ptr_array_add (argv, find_program (program));
  va_start (list, program);
  while ((argument = va_arg (list, const char *)) != NULL)
    g_ptr_array_add (argv, g_strdup (argument));
  va_end (list);
  g_ptr_array_add (argv, NULL);

  process =
      g_subprocess_newv ((const char *const *) argv->pdata, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  *status = g_subprocess_get_exit_status (process);
  return output;
}

/* The same where anything but success is a failure of the test. */
#define RUN(...)                                                                                   \
  ({                                                                                               \
    int   status_;                                                                                 \
    char *output_ = run (&status_, __VA_ARGS__, NULL);                                             \
    g_assert_cmpint (status_, ==, 0);                                                              \
    output_;                                                                                       \
  })

#define DO(...) g_free (RUN (__VA_ARGS__))

static JsonArray *
parse_array (const char *text)
{
  g_autoptr (GError)   error = NULL;
  g_autoptr (JsonNode) node = json_from_string (text, &error);

  g_assert_no_error (error);
  g_assert_true (JSON_NODE_HOLDS_ARRAY (node));
  return json_node_dup_array (node);
}

static JsonObject *
parse_object (const char *text)
{
  g_autoptr (GError)   error = NULL;
  g_autoptr (JsonNode) node = json_from_string (text, &error);

  g_assert_no_error (error);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (node));
  return json_node_dup_object (node);
}

static void
start_server (Fixture *fixture, const char *address)
{
  g_autoptr (GError)           error = NULL;
  g_autofree char             *program = find_program ("valise-server");
  g_autoptr (GDataInputStream) lines = NULL;
  g_autofree char             *line = NULL;

  fixture->server =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error,
                        program, "serve", fixture->secretariat, "--listen", address, NULL);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (fixture->server));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  g_assert_true (g_str_has_prefix (line, "listening on https://"));
  g_free (fixture->url);
  fixture->url = g_strdup (line + strlen ("listening on "));
}

static void
stop_server (Fixture *fixture)
{
  if (fixture->server == NULL)
    return;
  g_subprocess_send_signal (fixture->server, SIGTERM);
  g_assert_true (g_subprocess_wait (fixture->server, NULL, NULL));
  g_assert_true (g_subprocess_get_if_exited (fixture->server));
  g_assert_cmpint (g_subprocess_get_exit_status (fixture->server), ==, 0);
  g_clear_object (&fixture->server);
}

static void
restart_server (Fixture *fixture)
{
  g_autofree char *address = g_strdup (fixture->url + strlen ("https://"));

  stop_server (fixture);
  start_server (fixture, address);
}

static void
invite (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *text = RUN ("valise-server", "invite", fixture->secretariat, "--participant",
                                 "XKE", "--role", "delegate", "--name", "Amina Diallo");

  g_file_set_contents (fixture->invitation, text, -1, &error);
  g_assert_no_error (error);
}

static void
setup (Fixture *fixture, gconstpointer sample)
{
  fixture->root = g_dir_make_tmp ("valise-journey-XXXXXX", NULL);
  fixture->secretariat = g_build_filename (fixture->root, "secretariat", NULL);
  fixture->laptop = g_build_filename (fixture->root, "laptop", NULL);
  fixture->invitation = g_build_filename (fixture->root, "amina.valise", NULL);
  if (sample != NULL)
    DO ("valise-server", "init", fixture->secretariat, "--name", "Trial", "--sample");
  else
    DO ("valise-server", "init", fixture->secretariat, "--name", "Trial");
  start_server (fixture, "127.0.0.1:0");
  invite (fixture);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)      error = NULL;
  g_autoptr (GSubprocess) rm = NULL;

  stop_server (fixture);
  rm = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "rm", "-rf", fixture->root, NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (rm, NULL, NULL));
  g_free (fixture->root);
  g_free (fixture->secretariat);
  g_free (fixture->laptop);
  g_free (fixture->invitation);
  g_free (fixture->url);
}

static void
join_and_sync (Fixture *fixture)
{
  DO ("valisectl", "join", fixture->invitation, "--data", fixture->laptop);
  DO ("valisectl", "sync", "--once", "--data", fixture->laptop);
}

static JsonArray *
list_papers (Fixture *fixture)
{
  g_autofree char *text = RUN ("valisectl", "list", "--json", "--data", fixture->laptop);

  return parse_array (text);
}

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

/* The colleague's laptop has joined and never synced: all it has came by the stick. */
static void
a_stick_brings_what_a_sync_would (Fixture *fixture, gconstpointer data)
{
  g_autofree char       *second = g_build_filename (fixture->root, "second", NULL);
  g_autofree char       *stick = g_build_filename (fixture->root, "a.valise-bundle", NULL);
  g_autofree char       *again = NULL, *shown = NULL, *list = NULL, *sync = NULL, *bad = NULL;
  g_autoptr (JsonArray)  papers = NULL, theirs = NULL;
  g_autoptr (JsonObject) figures = NULL, holds = NULL;
  int                    status;

  join_and_sync (fixture);
  invite (fixture);
  DO ("valisectl", "join", fixture->invitation, "--data", second);
  stop_server (fixture);
  DO ("valisectl", "bundle", "write", stick, "--data", fixture->laptop);
  shown = RUN ("valisectl", "bundle", "show", stick, "--json");
  holds = parse_object (shown);
  g_assert_cmpstr (json_object_get_string_member (holds, "person"), ==, "Amina Diallo");
  DO ("valisectl", "bundle", "read", stick, "--data", second);
  list = RUN ("valisectl", "list", "--json", "--data", second);
  theirs = parse_array (list);
  papers = list_papers (fixture);
  g_assert_cmpuint (json_array_get_length (theirs), ==, json_array_get_length (papers));
  again = RUN ("valisectl", "bundle", "read", stick, "--data", second);
  g_assert_nonnull (strstr (again, " 0 came, 0 refused"));
  bad = run (&status, "valisectl", "bundle", "read", fixture->invitation, "--data", second, NULL);
  g_assert_cmpint (status, ==, 1);

  restart_server (fixture);
  sync = RUN ("valisectl", "sync", "--once", "--json", "--data", second);
  figures = parse_object (sync);
  g_assert_cmpint (json_object_get_int_member (figures, "documents"), ==, 0);
}

static void
the_secretariat_writes_a_stick_for_a_participant (Fixture *fixture, gconstpointer data)
{
  g_autofree char *word = g_build_filename (fixture->root, "word", NULL);
  g_autofree char *open = g_build_filename (fixture->root, "open.valise-bundle", NULL);
  g_autofree char *one = g_build_filename (fixture->root, "one.valise-bundle", NULL);
  g_autofree char *two = g_build_filename (fixture->root, "two.valise-bundle", NULL);
  g_autofree char *back = g_build_filename (fixture->root, "back.valise-bundle", NULL);
  g_autofree char *wants = g_build_filename (fixture->root, "wants.valise-request", NULL);
  g_autofree char *rest = g_build_filename (fixture->root, "rest.valise-bundle", NULL);
  g_autofree char *list = NULL, *refused = NULL, *read = NULL, *text = NULL, *again = NULL;
  int              status;

  g_assert_true (g_file_set_contents (word, "une phrase assez longue\n", -1, NULL));
  DO ("valisectl", "join", fixture->invitation, "--data", fixture->laptop);
  DO ("valisectl", "sync", "--once", "--data", fixture->laptop);
  DO ("valise-server", "bundle", "write", fixture->secretariat, open);
  DO ("valise-server", "bundle", "write", fixture->secretariat, one, "--for", "xke",
      "--passphrase-file", word);
  refused = run (&status, "valise-server", "bundle", "write", fixture->secretariat, two, "--for",
                 "xke", "--database", "desk-xke", NULL); /* a desk in the open */
  g_assert_cmpint (status, ==, 1);
  stop_server (fixture);
  DO ("valise-server", "bundle", "write", fixture->secretariat, two, "--for", "xke",
      "--passphrase-file", word);
  DO ("valisectl", "bundle", "read", one, "--passphrase-file", word, "--data", fixture->laptop);
  read = RUN ("valisectl", "bundle", "read", two, "--passphrase-file", word, "--data",
              fixture->laptop);
  g_assert_nonnull (strstr (read, " 0 came, 0 refused"));
  list = RUN ("valisectl", "list", "--data", fixture->laptop);
  g_assert_nonnull (strstr (list, "A/AC.292/"));

  /* What a laptop lacks, by its list; with the server and without. */
  DO ("valisectl", "bundle", "request", wants, "--data", fixture->laptop);
  text = RUN ("valise-server", "bundle", "write", fixture->secretariat, rest, "--request", wants);
  g_assert_nonnull (strstr (text, "\n1 documents")); /* `keys` always goes */
  DO ("valise-server", "bundle", "write", fixture->secretariat, rest, "--language", "fr", "--since",
      "2026-01-01", "--meeting", "meeting:none", "--without-originals");
  refused = (g_free (refused), run (&status, "valise-server", "bundle", "write",
                                    fixture->secretariat, rest, "--since", "yesterday", NULL));
  g_assert_cmpint (status, ==, 2);

  restart_server (fixture);
  again = RUN ("valise-server", "bundle", "write", fixture->secretariat, rest, "--request", wants);
  g_assert_nonnull (strstr (again, "\n1 documents"));
  DO ("valisectl", "bundle", "write", back, "--for", "secretariat", "--database", "desk-xke",
      "--passphrase-file", word, "--data", fixture->laptop);
  DO ("valise-server", "bundle", "read", fixture->secretariat, back, "--passphrase-file", word);
}

/* Notes in the desk, which the programme does not describe: so nobody else takes them. */
static void
write_notes (Fixture *fixture)
{
  g_autoptr (GError)           error = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autofree char             *line = NULL;
  g_autoptr (GSubprocess)      editor =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, g_getenv ("VALISE_EDITOR"),
                        fixture->laptop, "0", NULL);

  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (editor));
  line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  g_subprocess_force_exit (editor);
  g_subprocess_wait (editor, NULL, NULL);
}

static void
a_script_sees_that_some_were_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *second = g_build_filename (fixture->root, "second", NULL);
  g_autofree char *word = g_build_filename (fixture->root, "word", NULL);
  g_autofree char *back = g_build_filename (fixture->root, "back.valise-bundle", NULL);
  g_autofree char *mates = g_build_filename (fixture->root, "mates.valise-bundle", NULL);
  g_autofree char *served = NULL, *unserved = NULL, *read = NULL;
  int              status = 0;

  g_assert_true (g_file_set_contents (word, "une phrase assez longue\n", -1, NULL));
  join_and_sync (fixture);
  invite (fixture);
  DO ("valisectl", "join", fixture->invitation, "--data", second);
  DO ("valisectl", "sync", "--once", "--data", second);
  write_notes (fixture);
  DO ("valisectl", "bundle", "write", back, "--for", "secretariat", "--database", "desk-xke",
      "--passphrase-file", word, "--data", fixture->laptop);
  DO ("valisectl", "bundle", "write", mates, "--for", "colleagues", "--database", "desk-xke",
      "--passphrase-file", word, "--data", fixture->laptop);

  served = run (&status, "valise-server", "bundle", "read", fixture->secretariat, back,
                "--passphrase-file", word, NULL);
  g_assert_cmpint (status, ==, 6);
  g_assert_nonnull (strstr (served, "refused xke:note:0"));
  stop_server (fixture);
  unserved = run (&status, "valise-server", "bundle", "read", fixture->secretariat, back,
                  "--passphrase-file", word, NULL);
  g_assert_cmpint (status, ==, 6);
  read = run (&status, "valisectl", "bundle", "read", mates, "--passphrase-file", word, "--data",
              second, NULL);
  g_assert_cmpint (status, ==, 6);
  g_assert_nonnull (strstr (read, "refused xke:note:0"));
}

/* A program that asks: its standard input, and what it says line by line. */
typedef struct
{
  GSubprocess      *process;
  GDataInputStream *lines;
} Talk;

static void
talk_start (Talk *talk, const char *way, const char *address, const char *data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *program = find_program ("valisectl");

  talk->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDIN_PIPE,
                                    &error, program, "pair", way, address, "--data", data, NULL);
  g_assert_no_error (error);
  talk->lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (talk->process));
}

/* What it says up to @stop. */
static char *
talk_hear (Talk *talk, const char *stop)
{
  g_autoptr (GError) error = NULL;
  gsize              length = 0;
  char *text = g_data_input_stream_read_upto (talk->lines, stop, -1, &length, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (text);
  return text;
}

/* The six digits of a question. */
static char *
talk_hear_code (Talk *talk)
{
  g_autofree char *question = talk_hear (talk, "?");
  const char      *code = strstr (question, "Code ");

  g_assert_nonnull (code);
  return g_strndup (code + strlen ("Code "), 6);
}

static void
talk_say_yes (Talk *talk)
{
  GOutputStream *stream = g_subprocess_get_stdin_pipe (talk->process);

  g_assert_true (g_output_stream_write_all (stream, "y\n", 2, NULL, NULL, NULL));
  g_assert_true (g_output_stream_flush (stream, NULL, NULL));
}

static void
two_laptops_pair_by_a_code_and_sync_without_the_server (Fixture *fixture, gconstpointer data)
{
  g_autofree char *second = g_build_filename (fixture->root, "second", NULL);
  g_autofree char *line = NULL, *here = NULL, *there = NULL, *synced = NULL, *refused = NULL;
  Talk             host = { 0 }, guest = { 0 };
  g_autofree char *again = NULL, *noted = NULL;
  g_autofree char *listed = NULL, *left = NULL, *gone = NULL, *wrong = NULL;
  int              status;

  join_and_sync (fixture);
  invite (fixture);
  DO ("valisectl", "join", fixture->invitation, "--data", second);
  DO ("valisectl", "sync", "--once", "--data", second);
  stop_server (fixture);

  talk_start (&host, "--listen", "127.0.0.1:0", fixture->laptop);
  line = g_data_input_stream_read_line (host.lines, NULL, NULL, NULL);
  g_assert_true (g_str_has_prefix (line, "listening on 127.0.0.1:"));
  refused = run (&status, "valisectl", "sync", "--with", "Amina Diallo", "--data", second, NULL);
  g_assert_cmpint (status, ==, 5); /* not paired */

  talk_start (&guest, "--connect", line + strlen ("listening on "), second);
  here = talk_hear_code (&host);
  there = talk_hear_code (&guest);
  g_assert_cmpstr (here, ==, there);
  talk_say_yes (&host);
  talk_say_yes (&guest);
  g_assert_true (g_subprocess_wait_check (guest.process, NULL, NULL));

  synced = RUN ("valisectl", "sync", "--with", "Amina Diallo", "--data", second);
  g_assert_nonnull (strstr (synced, "0 came, 0 refused"));
  g_subprocess_send_signal (host.process, SIGTERM);
  g_assert_true (g_subprocess_wait_check (host.process, NULL, NULL));
  g_object_unref (host.lines);
  g_object_unref (host.process);

  write_notes (fixture);
  talk_start (&host, "--listen", "127.0.0.1:0", fixture->laptop);
  again = g_data_input_stream_read_line (host.lines, NULL, NULL, NULL);
  noted = run (&status, "valisectl", "sync", "--with", "Amina Diallo", "--connect",
               again + strlen ("listening on "), "--data", second, NULL);
  g_assert_cmpint (status, ==, 6); /* done, but some were refused */
  g_assert_nonnull (strstr (noted, "refused xke:note:0"));
  g_subprocess_send_signal (host.process, SIGTERM);
  g_assert_true (g_subprocess_wait_check (host.process, NULL, NULL));
  g_object_unref (host.lines);
  g_object_unref (guest.lines);
  g_object_unref (host.process);
  g_object_unref (guest.process);

  /* And they are colleagues until one says otherwise. */
  listed = RUN ("valisectl", "colleagues", "--json", "--data", second);
  g_assert_nonnull (strstr (listed, "\"person\" : \"Amina Diallo\""));
  g_assert_null (strstr (listed, "\"reached\" : \"\""));
  DO ("valisectl", "colleagues", "remove", "Amina Diallo", "--data", second);
  left = RUN ("valisectl", "colleagues", "list", "--data", second);
  g_assert_cmpstr (left, ==, "");
  gone = run (&status, "valisectl", "colleagues", "remove", "Amina Diallo", "--data", second, NULL);
  g_assert_cmpint (status, ==, 5);
  wrong = run (&status, "valisectl", "colleagues", "forget", "--data", second, NULL);
  g_assert_cmpint (status, ==, 2);
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
  ADD (a_stick_brings_what_a_sync_would, TRUE);
  ADD (the_secretariat_writes_a_stick_for_a_participant, TRUE);
  ADD (a_script_sees_that_some_were_refused, TRUE);
  ADD (two_laptops_pair_by_a_code_and_sync_without_the_server, TRUE);
  ADD (real_resolutions_arrive_in_six_languages, FALSE);

  return g_test_run ();
}
