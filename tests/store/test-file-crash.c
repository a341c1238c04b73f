/* test-file-crash.c - the power goes at every flush of what is done to files
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * See crash-fixture.h. Each picture is opened as the next start opens it, and every file that was
 * whole is.
 */

#include "crash-fixture.h"
#include "valise-db-parts.h"
#include "valise-file-store.h"
#include "valise-file-wishes.h"
#include "valise-verify.h"

#define FILES 4
#define BYTES 100000 /* of each file: two chunks */

static void
problem_cb (const char *what, gpointer user_data)
{
  g_test_message ("%s: %s", (const char *) user_data, what);
}

static char *
make_digest (guint number)
{
  g_autofree guint8 *bytes = g_malloc0 (BYTES + number);

  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes, BYTES + number);
}

/* As the first schema has it: files 0 to FILES - 1, all zeros, each a byte longer. */
static void
write_first_schema (const char *path)
{
  g_autofree char *script =
      g_build_filename (g_getenv ("VALISE_DATA"), "sql", "files-0001.sql", NULL);
  g_autofree char     *sql = NULL;
  g_autoptr (GError)   error = NULL;
  g_autoptr (ValiseDb) db =
      valise_db_open (path, VALISE_DB_WRITER | VALISE_DB_CREATE, 1000, &error);

  g_assert_no_error (error);
  g_file_get_contents (script, &sql, NULL, &error);
  g_assert_no_error (error);
  valise_db_accept (db, &error);
  g_assert_no_error (error);
  valise_db_execute (db, sql, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < FILES; i++)
    {
      g_autofree char *digest = make_digest (i);
      g_autofree char *insert = g_strdup_printf (
          "INSERT INTO file VALUES (%u, '%s', %u, %u, 1);"
          "INSERT INTO chunk VALUES (%u, 0, zeroblob (65536)), (%u, 1, zeroblob (%u))",
          i + 1, digest, BYTES + i, BYTES + i, i + 1, i + 1, BYTES + i - 65536);

      valise_db_execute (db, insert, &error);
      g_assert_no_error (error);
    }
  valise_db_execute (db, "PRAGMA application_id = 0x564c4653; PRAGMA user_version = 1", &error);
  g_assert_no_error (error);
}

/* To the newest schema, and to the form that gives room back, which is a VACUUM. */
static void
migrate (Fixture *fixture)
{
  g_autofree char            *path = g_build_filename (fixture->live, "files.sqlite", NULL);
  g_autoptr (GError)          error = NULL;
  g_autoptr (ValiseFileStore) files = NULL;

  write_first_schema (path);
  fixture->acknowledged = FILES;
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
      g_autofree char *digest = make_digest (i);
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
  for (guint i = 0; i < 2 * FILES; i++)
    {
      guint              number = MIN (i, FILES);
      guint              kept = 0;
      g_autofree guint8 *zeros = g_malloc0 (BYTES + number);
      g_autoptr (GBytes) bytes = g_bytes_new (zeros, BYTES + number);
      g_autofree char   *digest = valise_file_store_put (files, bytes, &error);

      g_assert_no_error (error);
      fixture->acknowledged = MIN (i + 1, FILES);
      if (number < FILES)
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

#define ADD(test) g_test_add ("/file-crash/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fault_install ();

  ADD (older_file_keeps_what_it_has_through_its_migration);
  ADD (giving_up_one_file_harms_no_other);

  return g_test_run ();
}
