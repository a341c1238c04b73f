/* link-fixture.h - a secretariat and a laptop in two network namespaces, a slow line between
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The programs are the real ones. What is measured, is measured on the line: the IP packets.
 */

#pragma once

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define LINE_SERVER "10.64.0.1"
#define LINE_LAPTOP "10.64.0.2"
#define LINE_PORT   "6985"

typedef struct
{
  guint64 down, up; /* IP bytes to and from the laptop */
  guint64 arrived;  /* of down; the rest is under way or was lost */
  guint64 on_line;  /* packets that are under way */
  gint64  quiet_ms; /* since the last packet arrived */
} LineCount;

typedef struct
{
  char         *spaces[2]; /* the server's, the laptop's; NULL: not made */
  GSubprocess  *line;
  GInputStream *answers;
  gint64        bits_per_second;
  gint64        late_ms; /* the longest that the line told; see slow-link.c */

  char        *root;        /* everything of one test */
  char        *secretariat; /* the server's folder */
  GSubprocess *server;
  guint        laptops; /* made so far */
} Link;

/* How the line is; @loss of 10,000 packets. */
typedef struct
{
  guint bits_per_second;
  guint one_way_ms;
  guint loss;
} LineKind;

/* --- figures --------------------------------------------------------------------------------- */

static GString *link_story; /* all that was said, for a log that shows standard error alone */

static inline void G_GNUC_PRINTF (1, 2) link_say (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list          list;

  va_start (list, format);
  text = g_strdup_vprintf (format, list);
  va_end (list);
  g_test_message ("%s", text);
  if (link_story == NULL)
    link_story = g_string_new (NULL);
  g_string_append_printf (link_story, "%s\n", text);
}

/* --- programs -------------------------------------------------------------------------------- */

static inline char *
link_find (const char *name)
{
  return g_build_filename (g_getenv ("VALISE_PROGRAMS"), name, NULL);
}

/* The lines of a program and its arguments, run in @space if that is not NULL. */
static inline GPtrArray *
link_make_argv (const char *space, va_list list)
{
  GPtrArray  *argv = g_ptr_array_new_with_free_func (g_free);
  const char *argument = NULL;

  if (space != NULL)
    {
      const char *const enter[] = { "ip", "netns", "exec", space };

      for (guint i = 0; i < G_N_ELEMENTS (enter); i++)
        g_ptr_array_add (argv, g_strdup (enter[i]));
    }
  while ((argument = va_arg (list, const char *)) != NULL)
    g_ptr_array_add (argv, g_strdup (argument));
  g_ptr_array_add (argv, NULL);
  return argv;
}

/* Runs to its end; its standard output, or NULL where it failed. */
static inline char *
link_run (const char *space, ...)
{
  g_autoptr (GPtrArray)   argv = NULL;
  g_autoptr (GSubprocess) process = NULL;
  char                   *output = NULL;
  g_autofree char        *complaint = NULL;
  g_autoptr (GError)      error = NULL;
  va_list                 list;

  va_start (list, space);
  argv = link_make_argv (space, list);
  va_end (list);
  process =
      g_subprocess_newv ((const char *const *) argv->pdata,
                         G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  if (process == NULL)
    return NULL;
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, &complaint, NULL);
  if (g_subprocess_get_successful (process))
    return output != NULL ? output : g_strdup ("");
  link_say ("%s: %s", (char *) argv->pdata[space != NULL ? 4 : 0], complaint);
  g_free (output);
  return NULL;
}

static inline void
link_do (char *output)
{
  g_assert_nonnull (output);
  g_free (output);
}

/* A test that dies takes along what it started. */
static inline void
link_die_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static inline GSubprocess *
link_spawn (GSubprocessFlags flags, const char *log, const char *space, ...)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);
  g_autoptr (GPtrArray)           argv = NULL;
  g_autoptr (GError)              error = NULL;
  GSubprocess                    *process = NULL;
  va_list                         list;

  va_start (list, space);
  argv = link_make_argv (space, list);
  va_end (list);
  g_subprocess_launcher_set_child_setup (launcher, link_die_with_parent, NULL, NULL);
  if (log != NULL)
    g_subprocess_launcher_set_stderr_file_path (launcher, log);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, &error);
  g_assert_no_error (error);
  return process;
}

/* One line of what @process says. It is read byte by byte, so that none is taken too many. */
static inline char *
link_read_line (GInputStream *stream)
{
  GString *line = g_string_new (NULL);
  char     byte = 0;

  while (g_input_stream_read (stream, &byte, 1, NULL, NULL) == 1 && byte != '\n')
    g_string_append_c (line, byte);
  return g_string_free (line, FALSE);
}

static inline JsonObject *
link_parse (const char *text)
{
  g_autoptr (GError)   error = NULL;
  g_autoptr (JsonNode) node = json_from_string (text, &error);

  g_assert_no_error (error);
  g_assert_true (node != NULL && JSON_NODE_HOLDS_OBJECT (node));
  return json_node_dup_object (node);
}

static inline void
link_end (GSubprocess **process, int signal_number)
{
  if (*process == NULL)
    return;
  g_subprocess_send_signal (*process, signal_number);
  g_subprocess_wait (*process, NULL, NULL);
  g_clear_object (process);
}

/* --- the line -------------------------------------------------------------------------------- */

static inline JsonObject *
link_ask_line (Link *self, const char *command)
{
  GOutputStream   *in = g_subprocess_get_stdin_pipe (self->line);
  g_autofree char *line = g_strconcat (command, "\n", NULL);
  g_autofree char *answer = NULL;

  g_assert_true (g_output_stream_write_all (in, line, strlen (line), NULL, NULL, NULL));
  answer = link_read_line (self->answers);
  return link_parse (answer);
}

static inline void
link_count (Link *self, const char *command, LineCount *count)
{
  g_autoptr (JsonObject) json = link_ask_line (self, command);

  self->late_ms = MAX (self->late_ms, json_object_get_int_member (json, "late_ms"));
  if (count == NULL)
    return;
  count->down = (guint64) json_object_get_int_member (json, "a_bytes");
  count->arrived = (guint64) json_object_get_int_member (json, "a_arrived");
  count->up = (guint64) json_object_get_int_member (json, "b_bytes");
  count->on_line = (guint64) json_object_get_int_member (json, "on_line");
  count->quiet_ms = json_object_get_int_member (json, "quiet_ms");
}

/* Until nothing is under way, and nothing has been for a while: a program that ended may have
 * left farewells behind. */
static inline void
link_settle (Link *self, LineCount *count)
{
  do
    {
      g_usleep (100000);
      link_count (self, "get", count);
    }
  while (count->on_line > 0 || count->quiet_ms < 1500);
}

/* Addresses are of the loopback device, so that they stay while lines come and go. */
static inline void
link_set_address (const char *space, const char *own)
{
  link_do (link_run (space, "ip", "link", "set", "lo", "up", NULL));
  link_do (link_run (space, "ip", "address", "add", own, "dev", "lo", NULL));
}

/* Those of tests that died. */
static inline void
link_sweep_spaces (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/run/netns", 0, NULL);
  const char      *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_auto (GStrv)   parts = g_strsplit (name, "-", 3);
      g_autofree char *process = NULL;

      if (g_strv_length (parts) != 3 || !g_str_equal (parts[0], "valise"))
        continue;
      process = g_build_filename ("/proc", parts[1], NULL);
      if (!g_file_test (process, G_FILE_TEST_EXISTS))
        g_free (link_run (NULL, "ip", "netns", "del", name, NULL));
    }
}

/* Two network namespaces, or FALSE: this machine does not let us. */
static inline gboolean
link_make_spaces (Link *self)
{
  if (g_access ("/dev/net/tun", R_OK | W_OK) != 0)
    return FALSE;
  link_sweep_spaces ();
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *name = g_strdup_printf ("valise-%u-%u", (guint) getpid (), i);
      g_autofree char *made = link_run (NULL, "ip", "netns", "add", name, NULL);

      if (made == NULL)
        return FALSE;
      self->spaces[i] = g_steal_pointer (&name);
      link_set_address (self->spaces[i], i == 0 ? LINE_SERVER : LINE_LAPTOP);
    }
  return TRUE;
}

static inline void
link_remove_spaces (Link *self)
{
  for (guint i = 0; i < 2; i++)
    if (self->spaces[i] != NULL)
      {
        g_free (link_run (NULL, "ip", "netns", "del", self->spaces[i], NULL));
        g_clear_pointer (&self->spaces[i], g_free);
      }
}

static inline void
link_set_route (const char *space, const char *own, const char *other)
{
  link_do (link_run (space, "ip", "link", "set", "line", "up", NULL));
  link_do (link_run (space, "ip", "route", "add", other, "dev", "line", "src", own, NULL));
}

/* With the queue that such lines have: seconds of waiting. */
static inline void
link_lay (Link *self, const LineKind *kind)
{
  g_autofree char *program = g_strdup (g_getenv ("VALISE_SLOW_LINK"));
  g_autofree char *rate = g_strdup_printf ("%u", kind->bits_per_second);
  g_autofree char *delay = g_strdup_printf ("%u", kind->one_way_ms);
  g_autofree char *loss = g_strdup_printf ("%u", kind->loss);
  g_autofree char *ready = NULL;
  const char      *seed = g_getenv ("VALISE_LINK_SEED"); /* of other losses than always */

  self->bits_per_second = kind->bits_per_second;
  self->line = link_spawn (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL,
                           NULL, program, self->spaces[0], self->spaces[1], rate, delay, "60000",
                           loss, seed != NULL ? seed : "7", NULL);
  self->answers = g_subprocess_get_stdout_pipe (self->line);
  ready = link_read_line (self->answers);
  g_assert_cmpstr (ready, ==, "ready");
  link_set_route (self->spaces[0], LINE_SERVER, LINE_LAPTOP);
  link_set_route (self->spaces[1], LINE_LAPTOP, LINE_SERVER);
}

static inline void
link_lift (Link *self)
{
  if (self->line == NULL)
    return;
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->line), NULL, NULL);
  g_subprocess_wait (self->line, NULL, NULL);
  g_clear_object (&self->line);
}

/* --- the secretariat ------------------------------------------------------------------------- */

static inline void
link_start_server (Link *self)
{
  g_autofree char *program = link_find ("valise-server");
  g_autofree char *log = g_strconcat (self->secretariat, ".log", NULL);
  g_autofree char *line = NULL;

  self->server = link_spawn (G_SUBPROCESS_FLAGS_STDOUT_PIPE, log, self->spaces[0], program, "serve",
                             self->secretariat, "--listen", LINE_SERVER ":" LINE_PORT, NULL);
  line = link_read_line (g_subprocess_get_stdout_pipe (self->server));
  g_assert_true (g_str_has_prefix (line, "listening on https://"));
}

/* Requests that the server has logged so far. */
static inline guint
link_count_requests (Link *self)
{
  g_autofree char *path = g_strconcat (self->secretariat, ".log", NULL);
  g_autofree char *log = NULL;
  guint            n = 0;

  g_assert_true (g_file_get_contents (path, &log, NULL, NULL));
  for (const char *at = log; (at = strstr (at, "\"method\"")) != NULL; at++)
    n++;
  return n;
}

/* A laptop that has joined, but has nothing yet: joined over the server's own loopback, so that
 * the line is spared. To be freed. */
static inline char *
link_add_laptop (Link *self)
{
  g_autofree char *server = link_find ("valise-server"), *ctl = link_find ("valisectl");
  g_autofree char *invitation = g_build_filename (self->root, "invitation", NULL);
  char            *folder = g_strdup_printf ("%s/laptop-%u", self->root, self->laptops++);
  g_autofree char *text = link_run (NULL, server, "invite", self->secretariat, "--participant",
                                    "XKE", "--role", "delegate", "--name", "Amina Diallo", "--url",
                                    "https://" LINE_SERVER ":" LINE_PORT, NULL);

  g_assert_nonnull (text);
  g_assert_true (g_file_set_contents (invitation, text, -1, NULL));
  link_do (link_run (self->spaces[0], ctl, "join", invitation, "--data", folder, NULL));
  return folder;
}

/* Issues the papers in @files, in English, while the server serves; @meeting: nullable. */
static inline void
link_import (Link *self, const char *const *files, const char *meeting)
{
  g_autofree char *server = link_find ("valise-server");

  for (guint i = 0; files[i] != NULL; i++)
    if (meeting != NULL)
      link_do (link_run (NULL, server, "import", self->secretariat, files[i], "--language", "en",
                         "--meeting", meeting, "--item", "5", NULL));
    else
      link_do (
          link_run (NULL, server, "import", self->secretariat, files[i], "--language", "en", NULL));
}

/* --- both ------------------------------------------------------------------------------------ */

/* A secretariat of @texts texts of 9.5 kB in six languages, which serves. */
static inline void
link_open (Link *self, guint texts)
{
  g_autofree char *server = link_find ("valise-server");
  g_autofree char *count = g_strdup_printf ("%u", texts);

  self->root = g_dir_make_tmp ("valise-link-XXXXXX", NULL);
  self->secretariat = g_build_filename (self->root, "secretariat", NULL);
  link_do (link_run (NULL, server, "init", self->secretariat, "--name", "Trial", NULL));
  link_do (link_run (NULL, g_getenv ("VALISE_FILL"), self->secretariat, count, NULL));
  link_start_server (self);
}

/* Serves the sample programme in its place. */
static inline void
link_change_to_sample (Link *self)
{
  g_autofree char *server = link_find ("valise-server");

  link_end (&self->server, SIGTERM);
  g_free (self->secretariat);
  self->secretariat = g_build_filename (self->root, "sample", NULL);
  link_do (link_run (NULL, server, "init", self->secretariat, "--name", "Trial", "--sample", NULL));
  link_start_server (self);
}

static inline void
link_close (Link *self)
{
  link_end (&self->server, SIGTERM);
  link_lift (self);
  if (self->root != NULL)
    g_free (link_run (NULL, "rm", "-rf", self->root, NULL));
  g_clear_pointer (&self->root, g_free);
  g_clear_pointer (&self->secretariat, g_free);
}
