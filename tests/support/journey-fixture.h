/* journey-fixture.h - the programs as they are, a secretariat and a laptop in folders of their own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
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

static inline char *
find_program (const char *name)
{
  return g_build_filename (g_getenv ("VALISE_PROGRAMS"), name, NULL);
}

/* Runs a program to its end. Returns its standard output; @status: its exit code. */
static inline char *
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

static inline JsonArray *
parse_array (const char *text)
{
  g_autoptr (GError)   error = NULL;
  g_autoptr (JsonNode) node = json_from_string (text, &error);

  g_assert_no_error (error);
  g_assert_true (JSON_NODE_HOLDS_ARRAY (node));
  return json_node_dup_array (node);
}

static inline JsonObject *
parse_object (const char *text)
{
  g_autoptr (GError)   error = NULL;
  g_autoptr (JsonNode) node = json_from_string (text, &error);

  g_assert_no_error (error);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (node));
  return json_node_dup_object (node);
}

static inline void
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

static inline void
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

static inline void
restart_server (Fixture *fixture)
{
  g_autofree char *address = g_strdup (fixture->url + strlen ("https://"));

  stop_server (fixture);
  start_server (fixture, address);
}

static inline void
invite (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *text = RUN ("valise-server", "invite", fixture->secretariat, "--participant",
                                 "XKE", "--role", "delegate", "--name", "Amina Diallo");

  g_file_set_contents (fixture->invitation, text, -1, &error);
  g_assert_no_error (error);
}

static inline void
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

static inline void
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

static inline void
join_and_sync (Fixture *fixture)
{
  DO ("valisectl", "join", fixture->invitation, "--data", fixture->laptop);
  DO ("valisectl", "sync", "--once", "--data", fixture->laptop);
}

static inline JsonArray *
list_papers (Fixture *fixture)
{
  g_autofree char *text = RUN ("valisectl", "list", "--json", "--data", fixture->laptop);

  return parse_array (text);
}
