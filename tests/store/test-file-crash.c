/* test-file-crash.c - the power goes at every flush of what is done to files
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * See crash-fixture.h. Each picture is opened as the next start opens it, and every file that was
 * whole is.
 */

#include "crash-fixture.h"
#include "first-files.h"
#include "valise-file-wishes.h"
#include "valise-verify.h"

static void
problem_cb (const char *what, gpointer user_data)
{
  g_test_message ("%s: %s", (const char *) user_data, what);
}

/* To the newest schema, and to the form that gives room back, which is a VACUUM. */
static void
migrate (Fixture *fixture)
{
  g_autofree char            *path = g_build_filename (fixture->live, "files.sqlite", NULL);
  g_autoptr (GError)          error = NULL;
  g_autoptr (ValiseFileStore) files = NULL;

  first_files_write (path);
  fixture->acknowledged = FIRST_FILES;
  files = valise_file_store_open (path, &error);
  g_assert_no_error (error);
  valise_file_store_close (files);
}

static void
look_at_files (const Picture *picture, const char *none)
{
  g_autofree char            *path = g_build_filename (picture->folder, "files.sqlite", NULL);
  const ValiseVerifier        verifier = { problem_cb, NULL, picture->folder };
  g_autoptr (GError)          error = NULL;
  g_autoptr (ValiseFileStore) files = NULL;
  gint64                      found = 0, problems = 0;

  if (picture->acknowledged == 0)
    return; /* the file of the first schema was still being made */
  files = valise_file_store_open (path, &error);
  g_assert_no_error (error);
  valise_verify_files (path, &verifier, &found, &problems, &error);
  g_assert_no_error (error);
  g_assert_cmpint (problems, ==, 0);
  for (guint i = 0; i < picture->acknowledged; i++)
    {
      g_autofree char *digest = first_files_digest (i);
      gboolean         complete = FALSE;

      valise_file_store_get_present (files, digest, NULL, &complete);
      g_assert_true (complete);
    }
  valise_file_store_close (files);
}

static void
older_file_keeps_what_it_has_through_its_migration (Fixture *fixture, gconstpointer data)
{
  run_and_look (fixture, migrate, look_at_files, NULL);
}

/* Puts all, then gives up the last again and again: what stays is whole at every moment. */
static void
give_up (Fixture *fixture)
{
  g_autofree char            *path = g_build_filename (fixture->live, "files.sqlite", NULL);
  g_autoptr (GError)          error = NULL;
  g_autoptr (ValiseFileStore) files = valise_file_store_open (path, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < 2 * FIRST_FILES; i++)
    {
      guint              number = MIN (i, FIRST_FILES);
      guint              kept = 0;
      g_autoptr (GBytes) bytes = first_files_bytes (number);
      g_autofree char   *digest = valise_file_store_put (files, bytes, &error);

      g_assert_no_error (error);
      fixture->acknowledged = MIN (i + 1, FIRST_FILES);
      if (number < FIRST_FILES)
        continue;
      valise_file_wishes_evict (files, (const char *const[]){ digest, NULL }, &kept, &error);
      g_assert_no_error (error);
    }
  valise_file_store_close (files);
}

static void
giving_up_one_file_harms_no_other (Fixture *fixture, gconstpointer data)
{
  run_and_look (fixture, give_up, look_at_files, NULL);
}

/* Pieces as a transfer keeps them, of which every third is durable. */
static void
arrive (Fixture *fixture)
{
  g_autofree char            *path = g_build_filename (fixture->live, "files.sqlite", NULL);
  g_autofree char            *digest = first_files_digest (0);
  g_autoptr (GBytes)          bytes = first_files_bytes (0);
  g_autoptr (GError)          error = NULL;
  g_autoptr (ValiseFileStore) files = valise_file_store_open (path, &error);

  g_assert_no_error (error);
  for (gsize i = 0, at = 0; at < FIRST_BYTES; i++, at += FIRST_BYTES / 10)
    {
      g_autoptr (GBytes) piece = g_bytes_new_from_bytes (bytes, at, FIRST_BYTES / 10);

      (i % 3 == 2 ? valise_file_store_append : valise_file_store_append_soon) (
          files, digest, FIRST_BYTES, (gint64) at, piece, &error);
      g_assert_no_error (error);
      if (i % 3 == 2)
        fixture->acknowledged = (guint) (at + FIRST_BYTES / 10);
    }
  valise_file_store_close (files);
}

/* As much is here as was durable, and the rest makes the file whole. */
static void
look_at_arrival (const Picture *picture, const char *none)
{
  g_autofree char            *path = g_build_filename (picture->folder, "files.sqlite", NULL);
  g_autofree char            *digest = first_files_digest (0);
  g_autoptr (GBytes)          bytes = first_files_bytes (0);
  g_autoptr (GBytes)          rest = NULL;
  g_autoptr (GError)          error = NULL;
  g_autoptr (ValiseFileStore) files = valise_file_store_open (path, &error);
  gboolean                    complete = FALSE;
  gint64                      present = 0;

  g_assert_no_error (error);
  present = valise_file_store_get_present (files, digest, NULL, &complete);
  g_assert_cmpint (present, >=, picture->acknowledged);
  if (!complete)
    {
      rest = g_bytes_new_from_bytes (bytes, (gsize) present, FIRST_BYTES - (gsize) present);
      valise_file_store_append (files, digest, FIRST_BYTES, present, rest, &error);
      g_assert_no_error (error);
    }
  valise_file_store_get_present (files, digest, NULL, &complete);
  g_assert_true (complete);
  valise_file_store_close (files);
}

static void
file_goes_on_from_what_the_disk_kept (Fixture *fixture, gconstpointer data)
{
  run_and_look (fixture, arrive, look_at_arrival, NULL);
}

#define ADD(test) g_test_add ("/file-crash/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fault_install ();

  ADD (older_file_keeps_what_it_has_through_its_migration);
  ADD (giving_up_one_file_harms_no_other);
  ADD (file_goes_on_from_what_the_disk_kept);

  return g_test_run ();
}
