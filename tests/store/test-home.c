/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "valise-db.h"
#include "valise-home.h"

typedef struct
{
  char       *root;
  char       *directory; /* inside root, so that it is made by opening */
  ValiseHome *home;
} Fixture;

static void
setup (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->directory = g_build_filename (fixture->root, "account", NULL);
  fixture->home = valise_home_open (fixture->directory, &error);
  g_assert_no_error (error);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  static const char *const files[] = { "lock",          "files.sqlite",  "search.sqlite",
                                       "public.sqlite", "states.sqlite", "team-fra.sqlite" };

  if (fixture->home != NULL)
    g_assert_finalize_object (fixture->home);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (fixture->directory, files[i], NULL);

      (void) g_unlink (path);
    }
  g_assert_no_errno (g_rmdir (fixture->directory));
  g_assert_no_errno (g_rmdir (fixture->root));
  g_free (fixture->directory);
  g_free (fixture->root);
}

static void
make (Fixture *fixture, const char *name)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) database =
      valise_home_get_database (fixture->home, name, TRUE, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (valise_database_get_name (database), ==, name);
}

static void
folder_is_its_users_alone (Fixture *fixture, gconstpointer data)
{
  GStatBuf info = { 0 };

  g_assert_no_errno (g_stat (fixture->directory, &info));
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
}

/* In a child: opens the folder and says how that ended by its exit code. */
static int
open_in_child (const char *directory)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseHome) home = NULL;
  g_autofree char       *parent = g_strdup_printf ("process %d", (int) getppid ());

  home = valise_home_open (directory, &error);
  if (home != NULL)
    return 1;
  if (!g_error_matches (error, VALISE_HOME_ERROR, VALISE_HOME_ERROR_LOCKED))
    return 2;
  return strstr (error->message, parent) != NULL ? 0 : 3;
}

static void
second_process_learns_who_has_it (Fixture *fixture, gconstpointer data)
{
  int   status = -1;
  pid_t child = fork ();

  if (child == 0)
    _exit (open_in_child (fixture->directory));

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

static void
second_opening_in_one_process_is_locked_too (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (valise_home_open (fixture->directory, &error));
  g_assert_error (error, VALISE_HOME_ERROR, VALISE_HOME_ERROR_LOCKED);
}

static void
lock_goes_with_a_killed_process (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  int                ready[2] = { -1, -1 };
  char               byte = 0;
  pid_t              child = -1;

  valise_home_close (fixture->home);
  g_assert_no_errno (pipe (ready));
  child = fork ();
  if (child == 0)
    {
      g_autoptr (ValiseHome) home = valise_home_open (fixture->directory, NULL);

      byte = home != NULL ? 'y' : 'n';
      if (write (ready[1], &byte, 1) != 1)
        _exit (1);
      pause ();
    }

  g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);
  g_assert_cmpint (byte, ==, 'y');
  g_assert_finalize_object (g_steal_pointer (&fixture->home));
  g_assert_null (valise_home_open (fixture->directory, &error));
  g_assert_error (error, VALISE_HOME_ERROR, VALISE_HOME_ERROR_LOCKED);
  g_clear_error (&error);

  g_assert_no_errno (kill (child, SIGKILL));
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
  fixture->home = valise_home_open (fixture->directory, &error);
  g_assert_no_error (error);
  close (ready[0]);
  close (ready[1]);
}

static void
database_is_opened_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseDatabase) first = valise_home_get_database (fixture->home, "public", TRUE, NULL);
  g_autoptr (ValiseDatabase) second =
      valise_home_get_database (fixture->home, "public", FALSE, NULL);

  g_assert_nonnull (first);
  g_assert_true (first == second);
}

static void
missing_database_is_not_made_unasked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv)     names = NULL;

  g_assert_null (valise_home_get_database (fixture->home, "public", FALSE, &error));
  g_assert_error (error, VALISE_HOME_ERROR, VALISE_HOME_ERROR_NO_DATABASE);
  names = valise_home_list_databases (fixture->home);
  g_assert_cmpuint (g_strv_length (names), ==, 0);
}

static void
names_that_are_none_are_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char  *long_name = g_strnfill (201, 'a');
  const char *const names[] = { "",      "../x",   "a/b", "Public",   "1a",     "_users",
                                "files", "search", "a.b", "\xc3\xa9", long_name };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (valise_home_get_database (fixture->home, names[i], TRUE, &error));
      g_assert_error (error, VALISE_HOME_ERROR, VALISE_HOME_ERROR_BAD_NAME);
      g_clear_error (&error);
      g_assert_false (valise_home_delete_database (fixture->home, names[i], &error));
      g_assert_error (error, VALISE_HOME_ERROR, VALISE_HOME_ERROR_BAD_NAME);
    }
}

static void
databases_are_listed_without_files_and_index (Fixture *fixture, gconstpointer data)
{
  static const char *const expected[] = { "public", "states", "team-fra", NULL };
  g_auto (GStrv)           names = NULL;

  make (fixture, "team-fra");
  make (fixture, "public");
  make (fixture, "states");
  g_assert_nonnull (valise_home_get_files (fixture->home, NULL));
  g_assert_true (valise_home_get_files (fixture->home, NULL)
                 == valise_home_get_files (fixture->home, NULL));

  names = valise_home_list_databases (fixture->home);
  g_assert_cmpstrv (names, (char **) expected);
}

static void
deleted_database_is_gone_and_its_holders_told (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (GBytes)         body = g_bytes_new_static ("{}", 2);
  g_autoptr (ValiseDatabase) database =
      valise_home_get_database (fixture->home, "public", TRUE, NULL);
  g_autofree char *rev = valise_database_put (database, "a", NULL, FALSE, body, NULL, NULL);
  g_auto (GStrv)   names = NULL;

  g_assert_nonnull (rev);
  g_assert_true (valise_home_delete_database (fixture->home, "public", &error));
  g_assert_no_error (error);
  names = valise_home_list_databases (fixture->home);
  g_assert_cmpuint (g_strv_length (names), ==, 0);
  g_assert_null (valise_database_get (database, "a", NULL, &error));
  g_assert_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_ENGINE);
  g_clear_error (&error);
  g_assert_false (valise_home_delete_database (fixture->home, "public", &error));
  g_assert_error (error, VALISE_HOME_ERROR, VALISE_HOME_ERROR_NO_DATABASE);

  make (fixture, "public");
}

static void
closed_folder_answers_with_errors (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  valise_home_close (fixture->home);
  valise_home_close (fixture->home);
  g_assert_null (valise_home_get_database (fixture->home, "public", TRUE, &error));
  g_assert_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_ENGINE);
  g_clear_error (&error);
  g_assert_null (valise_home_get_files (fixture->home, &error));
  g_assert_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_ENGINE);
}

/* Every document is its own entry, named by its id. */
static gboolean
extract_cb (const char           *database,
            const ValiseDocument *document,
            const ValiseJson     *json,
            ValiseIndexEntry     *entry,
            gpointer              user_data)
{
  entry->type = g_strdup ("paper");
  entry->title = g_strdup (document->id);
  entry->group = g_strdup (document->id);
  return TRUE;
}

static void
write_paper (Fixture *fixture, const char *name, const char *id)
{
  g_autoptr (ValiseDatabase) database = valise_home_get_database (fixture->home, name, TRUE, NULL);
  g_autoptr (GBytes)         body = g_bytes_new_static ("{}", 2);
  g_autofree char *rev = valise_database_put (database, id, NULL, FALSE, body, NULL, NULL);

  g_assert_nonnull (rev);
}

static void
index_follows_databases_opened_before_and_after (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  ValiseSearchIndex *index = NULL;

  g_assert_null (valise_home_get_index (fixture->home));
  write_paper (fixture, "public", "paper:1");
  index = valise_home_start_index (fixture->home, 1, extract_cb, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (valise_home_get_index (fixture->home) == index);
  write_paper (fixture, "states", "paper:2");

  g_assert_true (valise_search_index_catch_up (index, 10000));
  {
    ValiseIndexRecord *first = valise_search_index_get (index, "public", "paper:1", &error);
    ValiseIndexRecord *second = valise_search_index_get (index, "states", "paper:2", &error);

    g_assert_no_error (error);
    g_assert_cmpstr (first->title, ==, "paper:1");
    g_assert_cmpstr (second->title, ==, "paper:2");
    valise_index_record_free (first);
    valise_index_record_free (second);
  }
}

#define ADD(test) g_test_add ("/home/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (folder_is_its_users_alone);
  ADD (second_process_learns_who_has_it);
  ADD (second_opening_in_one_process_is_locked_too);
  ADD (lock_goes_with_a_killed_process);
  ADD (database_is_opened_once);
  ADD (missing_database_is_not_made_unasked);
  ADD (names_that_are_none_are_refused);
  ADD (databases_are_listed_without_files_and_index);
  ADD (deleted_database_is_gone_and_its_holders_told);
  ADD (closed_folder_answers_with_errors);
  ADD (index_follows_databases_opened_before_and_after);

  return g_test_run ();
}
