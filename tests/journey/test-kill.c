/* test-kill.c - kill -9 of the three programs, at any moment
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A round takes one of seven victims: a laptop that edits while it syncs, one that pulls all, one
 * that pulls news, the server while one pulls, the server while a laptop sends its edits, the
 * window while it pulls, the window while it sends. After each: no database is damaged, no
 * acknowledged edit is lost on the laptop, what the server acknowledged is there when a colleague
 * of the same desk asks for it, all edits are there after the next sync, and what a laptop had
 * stored is not fetched again. The programme describes one record more than ours do, since none of
 * these is a delegate's to write and change. VALISE_TEST_COUNT: rounds (7).
 */

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <string.h>

#include "killed-program.h"

#define TEXTS 240 /* what a laptop pulls */
#define NEWS  40  /* and as news, each time */

typedef struct
{
  char *root;
  char *secretariat;
  char *template;         /* a laptop that joined, and has nothing yet */
  char        *laptop;    /* of this round */
  char        *editing;   /* the one that edits, through all rounds */
  char        *colleague; /* another of the same desk */
  char        *url;
  GSubprocess *server;
  guint        acknowledged; /* edits */
  guint        texts;        /* that the server has */
  gint64       documents;    /* that a laptop has at least, when it has all */
} Fixture;

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

static void
stop_server (Fixture *fixture)
{
  g_subprocess_send_signal (fixture->server, SIGTERM);
  g_assert_true (g_subprocess_wait (fixture->server, NULL, NULL));
  g_clear_object (&fixture->server);
}

/* While the server does not run. */
static void
issue_texts (Fixture *fixture, guint n)
{
  g_autofree char *count = g_strdup_printf ("%u", n);
  g_autofree char *first = g_strdup_printf ("%u", fixture->texts);

  DO (g_getenv ("VALISE_FILL"), fixture->secretariat, count, first);
  fixture->texts += n;
}

/* --- laptops ----------------------------------------------------------------------------- */

/* Returns: how many documents it has, of all its databases. */
static gint64
assert_sound (const char *laptop)
{
  g_autofree char *report = RUN ("valisectl", "verify", "--json", "--data", laptop);
  g_autoptr (GDir) accounts = g_dir_open (laptop, 0, NULL);
  const char      *name = NULL;

  assert_that (read_number (report, "problems") == 0, "%s is not sound: %s", laptop, report);
  while ((name = g_dir_read_name (accounts)) != NULL)
    {
      g_autofree char *incident = g_build_filename (laptop, name, "incident", NULL);

      assert_that (!g_file_test (incident, G_FILE_TEST_EXISTS), "%s is there", incident);
    }
  return read_number (report, "documents");
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

/* What was stored when it was killed is not fetched again: what comes then, and what was
 * there, are together what there is. */
static void
assert_fetched_once (Fixture *fixture, const char *laptop)
{
  gint64 before = assert_sound (laptop);
  gint64 came = sync_laptop (laptop);
  gint64 after = assert_sound (laptop);

  assert_that (before + came == after && after >= fixture->documents,
               "%s had %" G_GINT64_FORMAT " documents, %" G_GINT64_FORMAT " came, %" G_GINT64_FORMAT
               " are there, of at least %" G_GINT64_FORMAT "; %u edits were acknowledged",
               laptop, before, came, after, fixture->documents, fixture->acknowledged);
}

/* --- what an editor did ------------------------------------------------------------------ */

static GSubprocess *
start_editor (Fixture *fixture, const char *option)
{
  g_autofree char *first = g_strdup_printf ("%u", fixture->acknowledged);

  return start (G_SUBPROCESS_FLAGS_STDOUT_PIPE, g_getenv ("VALISE_EDITOR"), fixture->editing, first,
                option, NULL);
}

/* What it had said before it was killed. */
static void
read_acknowledged (Fixture *fixture, GSubprocess *editor)
{
  g_autoptr (GDataInputStream) lines =
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (editor));
  char *line = NULL;

  while ((line = g_data_input_stream_read_line (lines, NULL, NULL, NULL)) != NULL)
    {
      fixture->acknowledged = (guint) g_ascii_strtoull (line, NULL, 10) + 1;
      g_free (line);
    }
}

static void
assert_edits (Fixture *fixture, const char *laptop, const char *but)
{
  g_autofree char *count = g_strdup_printf ("%u", fixture->acknowledged);

  DO (g_getenv ("VALISE_EDITOR"), laptop, "--check", count, but);
}

/* First nothing but what the server has said it has, while the laptop that wrote it is silent; then
 * all of it. What the laptop has is not fetched again either. */
static void
assert_edits_everywhere (Fixture *fixture)
{
  g_autofree char *waiting = RUN (g_getenv ("VALISE_EDITOR"), fixture->editing, "--waiting");
  g_autofree char *but = g_build_filename (fixture->root, "waiting", NULL);

  assert_edits (fixture, fixture->editing, NULL);
  sync_laptop (fixture->colleague);
  g_assert_true (g_file_set_contents (but, waiting, -1, NULL));
  assert_edits (fixture, fixture->colleague, but);

  assert_fetched_once (fixture, fixture->editing);
  sync_laptop (fixture->colleague);
  assert_edits (fixture, fixture->colleague, NULL);
  g_assert_cmpint (assert_sound (fixture->colleague), ==, assert_sound (fixture->editing));
}

/* --- victims ----------------------------------------------------------------------------- */

static gboolean
kill_editor (Fixture *fixture)
{
  g_autoptr (GSubprocess) editor = start_editor (fixture, "--sync");
  gboolean                killed = FALSE;

  sleep_at_random (30, 1500);
  killed = kill_now (editor);
  read_acknowledged (fixture, editor);
  assert_edits_everywhere (fixture);
  return killed;
}

static gboolean
kill_puller (Fixture *fixture)
{
  g_autoptr (GSubprocess) puller = NULL;
  gboolean                killed = FALSE;

  renew_laptop (fixture);
  puller = start (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, "valisectl", "sync", "--once", "--data",
                  fixture->laptop, NULL);
  sleep_at_random (30, 700);
  killed = kill_now (puller);
  assert_fetched_once (fixture, fixture->laptop);
  return killed;
}

/* Of what was issued while it was away, by a laptop that has the rest. */
static gboolean
kill_puller_of_news (Fixture *fixture)
{
  g_autofree char        *address = g_strdup (fixture->url + strlen ("https://"));
  g_autoptr (GSubprocess) puller = NULL;
  gboolean                killed = FALSE;

  stop_server (fixture);
  issue_texts (fixture, NEWS);
  start_server (fixture, address);
  puller = start (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, "valisectl", "sync", "--once", "--data",
                  fixture->colleague, NULL);
  sleep_at_random (30, 700);
  killed = kill_now (puller);
  fixture->documents += NEWS;
  assert_fetched_once (fixture, fixture->colleague);
  sync_laptop (fixture->editing);
  return killed;
}

/* Kills the server, and @client (which may have ended) once it has noticed, or not. */
static gboolean
kill_server_beside (Fixture *fixture, GSubprocess *client)
{
  g_autofree char *address = g_strdup (fixture->url + strlen ("https://"));
  g_autofree char *backup = g_build_filename (fixture->root, "server.backup", NULL);
  gboolean         killed = kill_now (fixture->server);

  sleep_at_random (0, 50);
  kill_now (client);
  g_clear_object (&fixture->server);
  start_server (fixture, address);
  DO ("valise-server", "backup", fixture->secretariat, backup); /* which reads all of it */
  return killed;
}

static gboolean
kill_server_that_gives (Fixture *fixture)
{
  g_autoptr (GSubprocess) puller = NULL;
  gboolean                killed = FALSE;

  renew_laptop (fixture);
  puller = start (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                  "valisectl", "sync", "--once", "--data", fixture->laptop, NULL);
  sleep_at_random (30, 700);
  killed = kill_server_beside (fixture, puller);
  assert_fetched_once (fixture, fixture->laptop);
  return killed;
}

static gboolean
kill_server_that_takes (Fixture *fixture)
{
  g_autoptr (GSubprocess) editor = start_editor (fixture, "--sync");
  gboolean                killed = FALSE;

  sleep_at_random (100, 1500);
  killed = kill_server_beside (fixture, editor);
  read_acknowledged (fixture, editor);
  assert_edits_everywhere (fixture);
  return killed;
}

/* The window on a laptop's folder, killed: none ends by itself. @laptop: as `valisectl --data`
 * takes it. */
static gboolean
kill_window_on (Fixture *fixture, const char *laptop)
{
  g_autofree char        *home = g_build_filename (fixture->root, "home", NULL);
  g_autofree char        *inside = g_build_filename (home, "valise", NULL);
  g_autofree char        *setting = g_strconcat ("XDG_DATA_HOME=", home, NULL);
  g_autoptr (GSubprocess) window = NULL;

  DO ("/bin/mkdir", "-p", home);
  DO ("/bin/mv", laptop, inside);
  window = start (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                  "/usr/bin/env", setting, g_getenv ("VALISE_WINDOW"), NULL);
  sleep_at_random (200, 3000);
  assert_that (kill_now (window), "the window ended by itself");
  DO ("/bin/mv", inside, laptop);
  return TRUE;
}

static gboolean
kill_window_that_pulls (Fixture *fixture)
{
  gboolean killed = FALSE;

  renew_laptop (fixture);
  killed = kill_window_on (fixture, fixture->laptop);
  assert_fetched_once (fixture, fixture->laptop);
  return killed;
}

/* What it is to send was written before, without a network. */
static gboolean
kill_window_that_sends (Fixture *fixture)
{
  g_autoptr (GSubprocess) editor = start_editor (fixture, NULL);
  gboolean                killed = FALSE;

  sleep_at_random (100, 400);
  kill_now (editor);
  read_acknowledged (fixture, editor);
  killed = kill_window_on (fixture, fixture->editing);
  assert_edits_everywhere (fixture);
  return killed;
}

/* --- all of it --------------------------------------------------------------------------- */

static void
join (Fixture *fixture, const char *laptop)
{
  g_autofree char *invitation = g_build_filename (fixture->root, "invitation", NULL);
  g_autofree char *text = RUN ("valise-server", "invite", fixture->secretariat, "--participant",
                               "XKE", "--role", "delegate", "--name", "Amina Diallo");

  g_assert_true (g_file_set_contents (invitation, text, -1, NULL));
  DO ("valisectl", "join", invitation, "--data", laptop);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  set_moment ("before the first round");
  fixture->root = g_dir_make_tmp ("valise-kill-XXXXXX", NULL);
  fixture->secretariat = g_build_filename (fixture->root, "secretariat", NULL);
  fixture->template = g_build_filename (fixture->root, "template", NULL);
  fixture->laptop = g_build_filename (fixture->root, "laptop", NULL);
  fixture->editing = g_build_filename (fixture->root, "editing", NULL);
  fixture->colleague = g_build_filename (fixture->root, "colleague", NULL);

  DO ("valise-server", "init", fixture->secretariat, "--name", "Programme");
  issue_texts (fixture, TEXTS);
  start_server (fixture, "127.0.0.1:0");
  join (fixture, fixture->template);
  join (fixture, fixture->colleague);
  DO ("/bin/cp", "-a", fixture->template, fixture->editing);
  renew_laptop (fixture);
  fixture->documents = sync_laptop (fixture->laptop);
  g_assert_cmpint (fixture->documents, >, 200);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  stop_server (fixture);
  DO ("/bin/rm", "-rf", fixture->root);
  g_free (fixture->root);
  g_free (fixture->secretariat);
  g_free (fixture->template);
  g_free (fixture->laptop);
  g_free (fixture->editing);
  g_free (fixture->colleague);
  g_free (fixture->url);
}

static void
killed_at_any_moment_nothing_is_lost_or_fetched_twice (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *name;
    gboolean (*kill) (Fixture *);
  } victims[] = { { "editing", kill_editor },
                  { "pulling", kill_puller },
                  { "pulling news", kill_puller_of_news },
                  { "serving", kill_server_that_gives },
                  { "taking edits", kill_server_that_takes },
                  { "windows that pull", kill_window_that_pulls },
                  { "windows that send", kill_window_that_sends } };
  const char         *count = g_getenv ("VALISE_TEST_COUNT");
  guint               rounds = count != NULL ? (guint) g_ascii_strtoull (count, NULL, 10) : 7;
  guint               n = g_getenv ("DISPLAY") != NULL ? G_N_ELEMENTS (victims) : 5;
  guint               killed[G_N_ELEMENTS (victims)] = { 0 };
  guint               all = 0;
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < rounds; i++)
    {
      set_moment ("round %u, %s", i, victims[i % n].name);
      killed[i % n] += victims[i % n].kill (fixture);
      if (i % 50 == 49)
        g_test_message ("%u rounds, %u edits acknowledged", i + 1, fixture->acknowledged);
    }
  for (guint i = 0; i < n; i++)
    {
      g_string_append_printf (text, " %u %s,", killed[i], victims[i].name);
      all += killed[i];
    }
  g_test_message ("%u rounds; killed:%s %u edits acknowledged", rounds, text->str,
                  fixture->acknowledged);
  g_assert_cmpuint (all, >, rounds / 2); /* the others had ended by themselves */
  g_assert_cmpuint (fixture->acknowledged, >, rounds);
  if (n < G_N_ELEMENTS (victims))
    g_test_skip ("no display: the window was left out");
}

/* A stick pulled out, again and again: what came stays, the rest follows, and nothing comes twice.
 */
static void
a_bundle_killed_while_it_is_read_is_read_once (Fixture *fixture, gconstpointer data)
{
  g_autofree char *stick = g_build_filename (fixture->root, "a.valise-bundle", NULL);
  g_autofree char *rest = NULL, *again = NULL;
  guint            killed = 0;
  gint64           here = 0;

  DO ("valisectl", "bundle", "write", stick, "--data", fixture->laptop);
  renew_laptop (fixture);
  for (guint i = 0; i < 6; i++)
    {
      g_autoptr (GSubprocess) reader =
          start (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, "valisectl", "bundle", "read", stick, "--data",
                 fixture->laptop, NULL);
      gint64 before = here;

      set_moment ("reader %u of a bundle", i);
      sleep_at_random (100, 400 * (int) (i + 1)); /* a debugged program takes its time to begin */
      killed += kill_now (reader);
      here = assert_sound (fixture->laptop);
      g_assert_cmpint (here, >=, before);
    }
  rest = RUN ("valisectl", "bundle", "read", stick, "--json", "--data", fixture->laptop);
  g_test_message ("killed %u times; %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                  " documents had come",
                  killed, here, fixture->documents);
  g_assert_cmpint (here + read_number (rest, "stored"), ==, fixture->documents);
  g_assert_cmpint (assert_sound (fixture->laptop), ==, fixture->documents);
  again = RUN ("valisectl", "bundle", "read", stick, "--json", "--data", fixture->laptop);
  g_assert_cmpint (read_number (again, "stored"), ==, 0);
  g_assert_cmpint (sync_laptop (fixture->laptop), ==, 0); /* the server has nothing more */
}

int
main (int argc, char *argv[])
{
  int status = 0;

  g_test_init (&argc, &argv, NULL);

  g_test_add ("/kill/killed_at_any_moment_nothing_is_lost_or_fetched_twice", Fixture, NULL, setup,
              killed_at_any_moment_nothing_is_lost_or_fetched_twice, teardown);
  g_test_add ("/kill/a_bundle_killed_while_it_is_read_is_read_once", Fixture, NULL, setup,
              a_bundle_killed_while_it_is_read_is_read_once, teardown);

  status = g_test_run ();
  g_free (moment);
  return status;
}
