/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "valise-gate-script.h"

#include <glib/gstdio.h>
#include <string.h>

#include "gate-vectors.h"

typedef struct
{
  ValiseProfile *profile;
  ValiseJson    *vectors;
  GPtrArray     *records; /* those that Valise ships, and those of the table */
  char          *folder;
} Fixture;

static void
setup (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)    error = NULL;
  g_autoptr (GPtrArray) more = NULL;

  fixture->profile = valise_profile_load ("poa", &error);
  g_assert_no_error (error);
  fixture->records = valise_record_load_all (&error);
  g_assert_no_error (error);
  fixture->vectors = gate_vectors_load ();
  more = gate_vectors_dup_records (fixture->vectors);
  while (more->len > 0)
    g_ptr_array_add (fixture->records, g_ptr_array_steal_index (more, 0));
  fixture->folder = g_dir_make_tmp ("valise-gate-XXXXXX", &error);
  g_assert_no_error (error);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->profile);
  g_ptr_array_unref (fixture->records);
  valise_json_unref (fixture->vectors);
  g_assert_no_errno (g_rmdir (fixture->folder));
  g_free (fixture->folder);
}

static char *
make (Fixture *fixture, const char *database)
{
  g_autoptr (GError) error = NULL;
  char *script = valise_gate_script_make (fixture->profile, fixture->records, database, &error);

  g_assert_no_error (error);
  return script;
}

/* A file a database that the table names; returns them. */
static GPtrArray *
write_scripts (Fixture *fixture)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);

  for (guint i =
           valise_json_first (fixture->vectors, valise_json_find (fixture->vectors, 0, "vectors"));
       i != VALISE_JSON_NONE; i = valise_json_next (fixture->vectors, i))
    {
      g_autoptr (GError) error = NULL;
      g_autofree char   *database = valise_json_dup_member (fixture->vectors, i, "database");
      g_autofree char   *name = g_strconcat (database, ".js", NULL);
      g_autofree char   *path = g_build_filename (fixture->folder, name, NULL);
      g_autofree char   *script = NULL;

      if (!valise_profile_has_database (fixture->profile, database)
          || g_file_test (path, G_FILE_TEST_EXISTS))
        continue;
      script = make (fixture, database);
      g_file_set_contents (path, script, -1, &error);
      g_assert_no_error (error);
      g_ptr_array_add (paths, g_steal_pointer (&path));
    }

  return paths;
}

/* As a CouchDB would call it: under node, in a context that has the language and no more. */
static void
javascript_meets_the_table (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)    error = NULL;
  g_autofree char      *node = g_find_program_in_path ("node");
  g_autofree char      *vectors = gate_vectors_dup_path ();
  g_autofree char      *runner = NULL;
  g_autofree char      *said = NULL;
  g_autoptr (GPtrArray) paths = NULL;
  int                   status = 0;

  if (node == NULL)
    {
      g_test_skip ("node is not on this machine");
      return;
    }
  paths = write_scripts (fixture);
  runner = g_test_build_filename (G_TEST_DIST, "programme", "gate-vectors.js", NULL);
  g_spawn_sync (NULL, (char *[]){ node, runner, vectors, fixture->folder, NULL }, NULL,
                G_SPAWN_DEFAULT, NULL, NULL, &said, NULL, &status, &error);
  g_assert_no_error (error);
  g_test_message ("%s", said);
  g_assert_true (g_spawn_check_wait_status (status, &error));
  for (guint i = 0; i < paths->len; i++)
    g_assert_no_errno (g_unlink (g_ptr_array_index (paths, i)));
}

static void
same_rules_make_the_same_script (Fixture *fixture, gconstpointer data)
{
  g_autofree char *one = make (fixture, "desk-xke");
  g_autofree char *again = make (fixture, "desk-xke");
  g_autofree char *other = make (fixture, "desk-xor");

  g_assert_cmpstr (one, ==, again);
  g_assert_cmpstr (one, !=, other);
}

static void
script_is_one_function_expression (Fixture *fixture, gconstpointer data)
{
  g_autofree char *script = make (fixture, "public");

  g_assert_true (g_str_has_prefix (script, "function (newDoc, oldDoc, userCtx, secObj) {"));
  g_assert_true (g_str_has_suffix (script, "}"));
  g_assert_null (strstr (script, "\xe2\x80\xa8"));
  g_assert_cmpuint (strlen (script), <, 65536);
}

/* What only people read would make every design document change with a translation. */
static void
script_holds_no_labels (Fixture *fixture, gconstpointer data)
{
  g_autofree char *script = make (fixture, "public");

  g_assert_null (strstr (script, "\"label\""));
  g_assert_null (strstr (script, "\"help\""));
}

#define ADD(test) g_test_add ("/gate-script/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (javascript_meets_the_table);
  ADD (same_rules_make_the_same_script);
  ADD (script_is_one_function_expression);
  ADD (script_holds_no_labels);

  return g_test_run ();
}
