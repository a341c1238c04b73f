/* test-control.c - what a serving secretariat answers to commands through DIR/control
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "office-fixture.h"
#include "valise-control.h"

static char *template;

typedef struct
{
  Office             office;
  GSocketConnection *connection;
} Fixture;

static void
setup (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  office_open (&fixture->office, template, relay_pass_bytes, NULL);
  fixture->connection =
      valise_control_connect (valise_office_get_directory (office_get (&fixture->office)), &error);
  g_assert_no_error (error);
  g_assert_nonnull (fixture->connection);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->connection);
  office_close (&fixture->office);
}

static void
assert_refused (Fixture *fixture, const char *line, const char *why)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseJson) json = valise_control_ask (fixture->connection, line, NULL, &error);

  g_assert_null (json);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED); /* and not that it hung up */
  g_assert_nonnull (strstr (error->message, why));
}

static void
a_line_that_lacks_something_is_refused_by_name (Fixture *fixture, gconstpointer data)
{
  static const char *const lines[][2] = {
    { "{\"command\":\"bundle-write\",\"name\":\"a.valise-bundle\"}", "for somebody" },
    { "{\"command\":\"bundle-write\",\"for\":\"anyone\"}", "name" },
    { "{\"command\":\"bundle-write\",\"name\":\"a.valise-bundle\",\"for\":\"anyone\","
      "\"max_size\":100}",
      "100 bytes" },
    { "{\"command\":\"bundle-write\",\"name\":\"a.valise-bundle\",\"for\":\"anyone\","
      "\"max_size\":-1}",
      "-1 bytes" },
    { "{\"command\":\"bundle-write\",\"name\":\"a.valise-bundle\",\"for\":\"anyone\","
      "\"since\":\"2026-13-40\"}",
      "a day" },
    { "{\"command\":\"bundle-write\",\"name\":\"a.valise-bundle\",\"for\":\"anyone\","
      "\"request\":\"../a.valise-request\"}",
      "name" },
    { "{\"command\":\"bundle-read\",\"name\":\"../a.valise-bundle\"}", "name" },
    { "{\"command\":\"bundle-burn\",\"name\":\"a.valise-bundle\"}", "bundle-burn" },
    { "{\"command\":\"revoke\"}", "account" },
    { "{\"command\":\"revoke\",\"account\":\"xke-0\"}", "xke-0" },
    { "{\"command\":\"nothing\"}", "No such command" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    assert_refused (fixture, lines[i][0], lines[i][1]);
}

/* And the server serves on. */
static void
a_whole_line_is_done_after_one_that_was_not (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseJson) json = NULL;

  assert_refused (fixture, "{\"command\":\"bundle-write\",\"name\":\"a.valise-bundle\"}", "for");
  json = valise_control_ask (fixture->connection,
                             "{\"command\":\"bundle-write\",\"name\":\"a.valise-bundle\","
                             "\"for\":\"anyone\",\"max_size\":16384}",
                             NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (valise_json_get_member_int (json, 0, "documents", 0), ==, OFFICE_DOCUMENTS);
}

static gint64
count_written (Fixture *fixture, const char *choice)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *line = g_strdup_printf (
        "{\"command\":\"bundle-write\",\"name\":\"a.valise-bundle\",\"for\":\"anyone\"%s}", choice);
  g_autoptr (ValiseJson) json = valise_control_ask (fixture->connection, line, NULL, &error);

  g_assert_no_error (error);
  return valise_json_get_member_int (json, 0, "documents", 0);
}

static void
a_bundle_is_chosen_as_on_a_laptop (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (count_written (fixture, ""), ==, OFFICE_DOCUMENTS);
  /* Of each paper, five of its six texts stay. */
  g_assert_cmpint (count_written (fixture, ",\"languages\":[\"fr\"]"), ==,
                   OFFICE_DOCUMENTS - 5 * OFFICE_PAPERS);
  g_assert_cmpint (count_written (fixture, ",\"since\":\"2026-07-03\""), ==, OFFICE_DOCUMENTS);
}

#define ADD(test) g_test_add ("/control/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  int status = 0;

  g_test_init (&argc, &argv, NULL);
  template = office_make_template ();
  ADD (a_line_that_lacks_something_is_refused_by_name);
  ADD (a_whole_line_is_done_after_one_that_was_not);
  ADD (a_bundle_is_chosen_as_on_a_laptop);
  status = g_test_run ();
  remove_folder (template);
  g_free (template);
  return status;
}
