/* test-kill.c - kill -9 of the three programs, at any moment
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A round takes one of four victims: a laptop that edits, one that pulls, the server while one
 * pulls, the window. After each: no database is damaged, no acknowledged edit is lost, and what
 * a laptop had stored is not fetched again. VALISE_TEST_COUNT: rounds (16).
 */

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <string.h>

#define TEXTS "240" /* what a laptop pulls */

typedef struct
{
  char *root;
  char *secretariat;
  char *template;       /* a laptop that joined, and has nothing yet */
  char        *laptop;  /* of this round */
  char        *editing; /* the one that edits, through all rounds */
  char        *url;
  GSubprocess *server;
  guint        acknowledged; /* edits */
  gint64       documents;    /* that a laptop has, when it has all */

  guint edits, pulls, serves, windows; /* kills */
} Fixture;

static char *
find_program (const char *name)
{
  return g_build_filename (g_getenv ("VALISE_PROGRAMS"), name, NULL);
}

static GSubprocess *
start (GSubprocessFlags flags, const char *program, ...)
{
  g_autoptr (GError)              error = NULL;
  g_autoptr (GPtrArray)           argv = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);
  GSubprocess                    *process = NULL;
  const char                     *argument = NULL;
  va_list                         list;

  g_ptr_array_add (argv,
                   strchr (program, '/') != NULL ? g_strdup (program) : find_program (program));
  va_start (list, program);
  while ((argument = va_arg (list, const char *)) != NULL)
    g_ptr_array_add (argv, g_strdup (argument));
  va_end (list);
  g_ptr_array_add (argv, NULL);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, &error);
  g_assert_no_error (error);
  return process;
}

/* Runs to its end, which must be a good one; what it printed. */
static char *
finish (GSubprocess *process)
{
  g_autoptr (GError) error = NULL;
  char              *output = NULL;

  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
  g_object_unref (process);
  return output;
}

#define RUN(...) finish (start (G_SUBPROCESS_FLAGS_STDOUT_PIPE, __VA_ARGS__, NULL))
#define DO(...)  g_free (RUN (__VA_ARGS__))

static void
sleep_at_random (int least_ms, int most_ms)
{
  g_usleep ((gulong) g_test_rand_int_range (least_ms, most_ms) * 1000);
}

/* Kills it wherever it is; FALSE where it had ended by itself. */
static gboolean
kill_now (GSubprocess *process)
{
  g_subprocess_force_exit (process);
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  return g_subprocess_get_if_signaled (process);
}

static gint64
read_number (const char *text, const char *name)
{
  g_autoptr (JsonNode) node = json_from_string (text, NULL);

  g_assert_nonnull (node);
  return json_object_get_int_member (json_node_get_object (node), name);
}

/* --- the server -------------------------------------------------------------------------- */

static void
start_server (Fixture *fixture, const char *address)
{
  g_autoptr (GError)           error = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autofree char             *line = NULL;

  fixture->server =
      start (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, "valise-server",
             "serve", fixture->secretariat, "--listen", address, NULL);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (fixture->server));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (line, "listening on https://"));
  g_free (fixture->url);
  fixture->url = g_strdup (line + strlen ("listening on "));
}

/* --- laptops ----------------------------------------------------------------------------- */

static void
assert_sound (const char *laptop)
{
  g_autofree char *report = RUN ("valisectl", "verify", "--json", "--data", laptop);
  g_autoptr (GDir) accounts = g_dir_open (laptop, 0, NULL);
  const char      *name = NULL;

  g_assert_cmpint (read_number (report, "problems"), ==, 0);
  while ((name = g_dir_read_name (accounts)) != NULL)
    {
      g_autofree char *incident = g_build_filename (laptop, name, "incident", NULL);

      g_assert_false (g_file_test (incident, G_FILE_TEST_EXISTS));
    }
}

static gint64
count_documents (const char *laptop)
{
  g_autofree char *status = RUN ("valisectl", "status", "--json", "--data", laptop);

  return read_number (status, "documents");
}

static gint64
sync_laptop (const char *laptop)
{
  g_autofree char *figures = RUN ("valisectl", "sync", "--once", "--json", "--data", laptop);

  return read_number (figures, "documents");
}

static void
renew_laptop (Fixture *fixture)
{
  DO ("/bin/rm", "-rf", fixture->laptop);
  DO ("/bin/cp", "-a", fixture->template, fixture->laptop);
}

/* --- victims ----------------------------------------------------------------------------- */

static void
kill_editor (Fixture *fixture)
{
  g_autofree char        *first = g_strdup_printf ("%u", fixture->acknowledged);
  g_autofree char        *count = NULL;
  g_autoptr (GSubprocess) editor = start (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE, g_getenv ("VALISE_EDITOR"), fixture->editing, first, NULL);
  g_autoptr (GDataInputStream) lines = NULL;
  char                        *line = NULL;

  sleep_at_random (30, 600);
  fixture->edits += kill_now (editor);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (editor));
  while ((line = g_data_input_stream_read_line (lines, NULL, NULL, NULL)) != NULL)
    {
      fixture->acknowledged = (guint) g_ascii_strtoull (line, NULL, 10) + 1;
      g_free (line);
    }
  count = g_strdup_printf ("%u", fixture->acknowledged);
  DO (g_getenv ("VALISE_EDITOR"), fixture->editing, "--check", count);
  assert_sound (fixture->editing);
}

/* What was stored when it was killed is not fetched again: what comes then, and what was
 * there, are together what there is. */
static void
assert_fetched_once (Fixture *fixture)
{
  gint64 before = count_documents (fixture->laptop);
  gint64 after = sync_laptop (fixture->laptop);

  g_assert_cmpint (before + after, ==, fixture->documents);
  g_assert_cmpint (count_documents (fixture->laptop), ==, fixture->documents);
  assert_sound (fixture->laptop);
}

static void
kill_puller (Fixture *fixture)
{
  g_autoptr (GSubprocess) puller = NULL;

  renew_laptop (fixture);
  puller = start (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, "valisectl", "sync", "--once", "--data",
                  fixture->laptop, NULL);
  sleep_at_random (30, 700);
  fixture->pulls += kill_now (puller);
  assert_fetched_once (fixture);
}

static void
kill_server (Fixture *fixture)
{
  g_autofree char        *address = g_strdup (fixture->url + strlen ("https://"));
  g_autofree char        *backup = g_build_filename (fixture->root, "server.backup", NULL);
  g_autoptr (GSubprocess) puller = NULL;

  renew_laptop (fixture);
  puller = start (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                  "valisectl", "sync", "--once", "--data", fixture->laptop, NULL);
  sleep_at_random (30, 700);
  fixture->serves += kill_now (fixture->server);
  g_clear_object (&fixture->server);
  g_assert_true (g_subprocess_wait (puller, NULL, NULL));
  start_server (fixture, address);
  DO ("valise-server", "backup", fixture->secretariat, backup); /* which reads all of it */
  assert_fetched_once (fixture);
}

static void
kill_window (Fixture *fixture)
{
  g_autoptr (GSubprocess) window = NULL;
  g_autofree char        *data = g_build_filename (fixture->root, "home", NULL);
  g_autofree char        *laptop = g_build_filename (data, "valise", NULL);
  g_autofree char        *setting = g_strconcat ("XDG_DATA_HOME=", data, NULL);

  DO ("/bin/rm", "-rf", data);
  DO ("/bin/mkdir", "-p", data);
  DO ("/bin/cp", "-a", fixture->template, laptop);
  window = start (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                  "/usr/bin/env", setting, g_getenv ("VALISE_WINDOW"), NULL);
  sleep_at_random (200, 3000);
  fixture->windows += kill_now (window);
  DO ("/bin/rm", "-rf", fixture->laptop);
  DO ("/bin/mv", laptop, fixture->laptop);
  assert_fetched_once (fixture);
}

/* --- all of it --------------------------------------------------------------------------- */

static void
setup (Fixture *fixture, gconstpointer data)
{
  g_autofree char *invitation = NULL;
  g_autofree char *text = NULL;

  fixture->root = g_dir_make_tmp ("valise-kill-XXXXXX", NULL);
  fixture->secretariat = g_build_filename (fixture->root, "secretariat", NULL);
  fixture->template = g_build_filename (fixture->root, "template", NULL);
  fixture->laptop = g_build_filename (fixture->root, "laptop", NULL);
  fixture->editing = g_build_filename (fixture->root, "editing", NULL);
  invitation = g_build_filename (fixture->root, "invitation", NULL);

  DO ("valise-server", "init", fixture->secretariat, "--name", "Programme");
  DO (g_getenv ("VALISE_FILL"), fixture->secretariat, TEXTS);
  start_server (fixture, "127.0.0.1:0");
  text = RUN ("valise-server", "invite", fixture->secretariat, "--participant", "XKE", "--role",
              "delegate", "--name", "Amina Diallo");
  g_assert_true (g_file_set_contents (invitation, text, -1, NULL));
  DO ("valisectl", "join", invitation, "--data", fixture->template);
  DO ("/bin/cp", "-a", fixture->template, fixture->editing);
  renew_laptop (fixture);
  fixture->documents = sync_laptop (fixture->laptop);
  g_assert_cmpint (fixture->documents, >, 200);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_subprocess_send_signal (fixture->server, SIGTERM);
  g_assert_true (g_subprocess_wait (fixture->server, NULL, NULL));
  g_object_unref (fixture->server);
  DO ("/bin/rm", "-rf", fixture->root);
  g_free (fixture->root);
  g_free (fixture->secretariat);
  g_free (fixture->template);
  g_free (fixture->laptop);
  g_free (fixture->editing);
  g_free (fixture->url);
}

static void
killed_at_any_moment_nothing_is_lost_or_fetched_twice (Fixture *fixture, gconstpointer data)
{
  static void (*const victims[]) (Fixture *) = { kill_editor, kill_puller, kill_server,
                                                 kill_window };
  const char *count = g_getenv ("VALISE_TEST_COUNT");
  guint       rounds = count != NULL ? (guint) g_ascii_strtoull (count, NULL, 10) : 16;
  gboolean    display = g_getenv ("DISPLAY") != NULL && g_getenv ("VALISE_WINDOW") != NULL;

  for (guint i = 0; i < rounds; i++)
    {
      victims[i % (display ? 4 : 3)](fixture);
      if (i % 50 == 49)
        g_test_message ("%u rounds; killed: %u editing, %u pulling, %u serving, %u windows", i + 1,
                        fixture->edits, fixture->pulls, fixture->serves, fixture->windows);
    }
  g_test_message ("%u rounds; killed: %u editing, %u pulling, %u serving, %u windows; %u edits "
                  "acknowledged",
                  rounds, fixture->edits, fixture->pulls, fixture->serves, fixture->windows,
                  fixture->acknowledged);
  g_assert_cmpuint (fixture->edits + fixture->pulls + fixture->serves + fixture->windows, >,
                    rounds / 2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/kill/killed_at_any_moment_nothing_is_lost_or_fetched_twice", Fixture, NULL, setup,
              killed_at_any_moment_nothing_is_lost_or_fetched_twice, teardown);

  return g_test_run ();
}
