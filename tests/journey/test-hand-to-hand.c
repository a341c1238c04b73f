/* test-hand-to-hand.c - the programs together where no server is between them: sticks and
 * colleagues
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "journey-fixture.h"

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
  g_test_add ("/hand-to-hand/" #test, Fixture, GINT_TO_POINTER (sample), setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (a_stick_brings_what_a_sync_would, TRUE);
  ADD (the_secretariat_writes_a_stick_for_a_participant, TRUE);
  ADD (a_script_sees_that_some_were_refused, TRUE);
  ADD (two_laptops_pair_by_a_code_and_sync_without_the_server, TRUE);

  return g_test_run ();
}
