/* test-verify.c - what is not what was given is named
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <sqlite3.h>

#include "disk-fixture.h"
#include "valise-db-parts.h"
#include "valise-db.h"
#include "valise-verify.h"

#define NOTES 30

typedef struct
{
  GString           *told;
  ValiseVerifyReport report;
} Found;

static void
problem_cb (const char *what, gpointer user_data)
{
  Found *found = user_data;

  g_string_append_printf (found->told, "%s\n", what);
}

static void
verify (Disk *disk, Found *found)
{
  g_autoptr (ValiseDatabase) database = disk_get_database (disk, "desk");
  g_autoptr (GError)         error = NULL;
  const ValiseVerifier       verifier = { problem_cb, NULL, found };

  found->told = g_string_new (NULL);
  valise_verify_database (database, &verifier, &found->report, &error);
  g_assert_no_error (error);
}

static void
clear_found (Found *found)
{
  if (found->told != NULL)
    g_string_free (found->told, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Found, clear_found)

/* Changes the file behind the program's back. */
static void
tamper (Disk *disk, const char *file, const char *sql)
{
  g_autofree char     *path = disk_build_path (disk, file);
  g_autoptr (GError)   error = NULL;
  g_autoptr (ValiseDb) db = NULL;

  disk_close (disk);
  db = valise_db_open (path, VALISE_DB_WRITER | VALISE_DB_CREATE, 1000, &error);
  g_assert_no_error (error);
  sqlite3_db_config (valise_db_get_handle (db), SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
  valise_db_execute (db, sql, &error);
  g_assert_no_error (error);
  g_clear_pointer (&db, valise_db_close);
  disk_open (disk);
}

static void
sound_database_is_sound (Disk *disk, gconstpointer data)
{
  g_auto (Found) found = { 0 };

  disk_write (disk, "desk", 0, NOTES);
  verify (disk, &found);
  g_assert_cmpstr (found.told->str, ==, "");
  g_assert_cmpint (found.report.problems, ==, 0);
  g_assert_cmpint (found.report.documents, ==, NOTES);
  g_assert_cmpint (found.report.here, ==, NOTES);
  g_assert_cmpint (found.report.digested, ==, NOTES);
}

static void
changed_text_no_longer_makes_its_revision (Disk *disk, gconstpointer data)
{
  g_auto (Found) found = { 0 };

  disk_write (disk, "desk", 0, NOTES);
  tamper (disk, "desk.sqlite",
          "UPDATE document SET body = CAST(replace(body, '\"n\":7', '\"n\":8') AS BLOB) "
          "WHERE id = 'note:0007'");
  verify (disk, &found);
  g_assert_cmpint (found.report.digested, ==, NOTES - 1);
  g_assert_cmpint (found.report.problems, ==, 1);
  g_assert_true (g_str_has_prefix (found.told->str, "note:0007 at 1-"));
}

/* One byte, in the file itself: SQLite sees nothing. */
static void
one_byte_that_the_disk_changed_is_named (Disk *disk, gconstpointer data)
{
  g_autofree char *path = disk_build_path (disk, "desk.sqlite");
  g_autofree char *file = NULL;
  gsize            length = 0;
  char            *place = NULL;
  g_auto (Found)   found = { 0 };

  disk_write (disk, "desk", 0, NOTES);
  disk_close (disk);
  g_assert_true (g_file_get_contents (path, &file, &length, NULL));
  place = memmem (file, length, "{\"n\":7,\"text\":\"nnnn", 19);
  g_assert_nonnull (place);
  disk_damage (path, place + 16 - file, 1); /* an n becomes a U */
  disk_open (disk);

  verify (disk, &found);
  g_assert_cmpint (found.report.problems, ==, 1);
  g_assert_true (g_str_has_prefix (found.told->str, "note:0007 at 1-"));
}

static gboolean
proves_cb (const ValiseDocument *leaf, const ValiseJson *json, gpointer user_data)
{
  return valise_json_find (json, 0, "seal") != VALISE_JSON_NONE;
}

static void
what_a_seal_proves_may_have_any_revision (Disk *disk, gconstpointer data)
{
  g_autoptr (ValiseDatabase) database = disk_get_database (disk, "desk");
  g_autoptr (GError)         error = NULL;
  g_auto (Found)             found = { .told = g_string_new (NULL) };
  const ValiseVerifier       verifier = { problem_cb, NULL, &found, proves_cb, NULL };
  ValiseBatch               *batch = valise_database_begin (database, &error);

  for (guint i = 0; i < 2; i++)
    {
      g_autofree char           *id = g_strdup_printf ("foreign:%u", i);
      const char                *text = i == 0 ? "{\"seal\":1}" : "{\"n\":1}";
      g_autoptr (GBytes)         body = g_bytes_new_static (text, strlen (text));
      g_autoptr (ValiseDocument) document =
          valise_document_new (id, "1-0123456789abcdef0123456789abcdef", FALSE, body);

      g_assert_true (valise_batch_merge (batch, document, NULL, &error));
    }
  g_assert_true (valise_batch_commit (batch, &error));
  valise_verify_database (database, &verifier, &found.report, &error);
  g_assert_no_error (error);
  g_assert_cmpint (found.report.problems, ==, 1);
  g_assert_true (g_str_has_prefix (found.told->str, "foreign:1 at "));
}

static void
each_wrong_thing_is_named (Disk *disk, gconstpointer data)
{
  static const char *const changes[][2] = {
    { "UPDATE document SET body = X'7b' WHERE id = 'note:0003'", "note:0003" },
    { "UPDATE document SET tree = X'00' WHERE id = 'note:0004'", "note:0004" },
    { "UPDATE document SET rev = '9-0123456789abcdef0123456789abcdef' WHERE id = 'note:0005'",
      "note:0005" },
    { "UPDATE document SET deleted = 1 WHERE id = 'note:0006'", "note:0006" },
    { "UPDATE document SET size = size + 1 WHERE id = 'note:0008'", "note:0008" },
    { "UPDATE document SET leaves = 2 WHERE id = 'note:0009'", "note:0009" },
    { "UPDATE meta SET documents = 99", "documents counted" },
    { "UPDATE meta SET update_seq = 1", "sequence" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_auto (Found) found = { 0 };

      disk_write (disk, "desk", 0, NOTES);
      tamper (disk, "desk.sqlite", changes[i][0]);
      verify (disk, &found);
      g_assert_true (valise_home_delete_database (disk->home, "desk", NULL));
      g_assert_nonnull (strstr (found.told->str, changes[i][1]));
      g_assert_cmpint (found.report.problems, >, 0);
    }
}

static void
file_is_compared_with_its_digest (Disk *disk, gconstpointer data)
{
  g_autofree char   *path = disk_build_path (disk, "files.sqlite");
  g_autoptr (GBytes) bytes = g_bytes_new_static ("the bytes of a file", 19);
  g_auto (Found)     found = { .told = g_string_new (NULL) };
  ValiseVerifier     verifier = { problem_cb, NULL, &found };
  g_autofree char   *digest = NULL;
  gint64             files = 0, problems = 0;
  g_autoptr (GError) error = NULL;

  digest = valise_file_store_put (valise_home_get_files (disk->home, NULL), bytes, &error);
  g_assert_no_error (error);
  g_assert_true (valise_verify_files (path, &verifier, &files, &problems, NULL));
  g_assert_cmpint (files, ==, 1);
  g_assert_cmpint (problems, ==, 0);

  tamper (disk, "files.sqlite", "UPDATE chunk SET bytes = CAST('The bytes of a file' AS BLOB)");
  g_assert_true (valise_verify_files (path, &verifier, &files, &problems, NULL));
  g_assert_cmpint (problems, ==, 1);
  g_assert_nonnull (strstr (found.told->str, digest));
}

static void
half_a_file_has_as_much_as_it_says (Disk *disk, gconstpointer data)
{
  g_autofree char   *path = disk_build_path (disk, "files.sqlite");
  g_autofree char   *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "a file", -1);
  g_autoptr (GBytes) half = g_bytes_new_static ("the bytes", 9);
  g_auto (Found)     found = { .told = g_string_new (NULL) };
  ValiseVerifier     verifier = { problem_cb, NULL, &found };
  gint64             files = 0, problems = 0;
  g_autoptr (GError) error = NULL;

  valise_file_store_append (valise_home_get_files (disk->home, NULL), sha256, 100, 0, half, &error);
  g_assert_no_error (error);
  g_assert_true (valise_verify_files (path, &verifier, &files, &problems, NULL));
  g_assert_cmpint (problems, ==, 0);

  tamper (disk, "files.sqlite", "UPDATE chunk SET bytes = CAST('the' AS BLOB)");
  g_assert_true (valise_verify_files (path, &verifier, &files, &problems, NULL));
  g_assert_cmpint (problems, ==, 1);
  g_assert_nonnull (strstr (found.told->str, sha256));
}

/* --- the index --------------------------------------------------------------------------- */

static gboolean
extract (const char           *database,
         const ValiseDocument *document,
         const ValiseJson     *json,
         ValiseIndexEntry     *entry,
         gpointer              user_data)
{
  entry->type = g_strdup ("note");
  entry->title = valise_json_dup_member (json, 0, "n");
  entry->title = entry->title != NULL ? entry->title : g_strdup ("a note");
  entry->language = g_strdup ("en");
  return TRUE;
}

static void
index_notes (Disk *disk)
{
  g_autoptr (GError) error = NULL;
  ValiseSearchIndex *index = valise_home_start_index (disk->home, 1, extract, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (valise_search_index_catch_up (index, 60000));
}

static gint64
verify_index (Disk *disk, Found *found)
{
  g_autofree char           *path = disk_build_path (disk, "search.sqlite");
  g_autoptr (ValiseDatabase) database = disk_get_database (disk, "desk");
  const ValiseVerifier       verifier = { problem_cb, NULL, found };
  g_autoptr (GError)         error = NULL;
  gint64                     entries = 0, problems = 0;

  found->told = g_string_new (NULL);
  valise_verify_index_pages (path, &verifier, &problems, &error);
  g_assert_no_error (error);
  valise_verify_index (path, database, extract, &verifier, &entries, &problems, &error);
  g_assert_no_error (error);
  return problems;
}

static void
index_is_compared_with_what_it_is_of (Disk *disk, gconstpointer data)
{
  static const char *const changes[][2] = {
    { "UPDATE entry SET title = 'b note' WHERE id = 'note:0003'", "note:0003 has another title" },
    { "DELETE FROM entry WHERE id = 'note:0004'", "note:0004 is not in it" },
    { "UPDATE entry SET id = 'note:9999' WHERE id = 'note:0005'", "note:9999 is in no database" },
    { "UPDATE entry SET here = 0 WHERE id = 'note:0006'", "note:0006 is here is not so" },
    { "UPDATE words_en_data SET block = X'00' WHERE id > 10", "words_en" },
  };
  g_auto (Found) sound = { 0 };

  disk_write (disk, "desk", 0, NOTES);
  index_notes (disk);
  g_assert_cmpint (verify_index (disk, &sound), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_auto (Found) found = { 0 };

      tamper (disk, "search.sqlite", changes[i][0]);
      g_assert_cmpint (verify_index (disk, &found), >, 0);
      g_assert_nonnull (strstr (found.told->str, changes[i][1]));
    }
}

/* As one that was killed between making the file and its tables leaves it. */
static void
file_that_is_being_made_is_no_problem (Disk *disk, gconstpointer data)
{
  g_autofree char     *path = disk_build_path (disk, "half.sqlite");
  g_autoptr (GError)   error = NULL;
  g_autoptr (ValiseDb) db =
      valise_db_open (path, VALISE_DB_WRITER | VALISE_DB_CREATE, 1000, &error);
  ValiseVerifier verifier = { problem_cb, NULL, NULL };
  gint64         files = 0, problems = 0;

  g_assert_no_error (error);
  valise_db_accept (db, &error);
  g_assert_no_error (error);
  g_clear_pointer (&db, valise_db_close);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  valise_verify_files (path, &verifier, &files, &problems, &error);
  g_assert_no_error (error);
  g_assert_cmpint (problems, ==, 0);
}

/* --- the place of a folder --------------------------------------------------------------- */

static void
copied_folder_knows_that_it_is_one (Disk *disk, gconstpointer data)
{
  g_autofree char   *original = g_strdup (disk->folder);
  g_autofree char   *copy = g_build_filename (disk->root, "copy", NULL);
  const char        *argv[] = { "cp", "-a", original, copy, NULL };
  int                status = 0;
  ValiseDatabaseInfo before = { 0 }, after = { 0 };

  disk_write (disk, "desk", 0, NOTES);
  {
    g_autoptr (ValiseDatabase) database = disk_get_database (disk, "desk");

    g_assert_true (valise_database_get_info (database, &before, NULL));
  }
  disk_close (disk);
  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, &status, NULL));
  g_assert_cmpint (status, ==, 0);

  disk_open (disk);
  g_assert_false (valise_home_is_copy (disk->home));
  disk_close (disk);

  g_free (disk->folder);
  disk->folder = g_steal_pointer (&copy);
  {
    g_autoptr (ValiseHome) home = valise_home_open (disk->folder, NULL);

    g_assert_true (valise_home_is_copy (home)); /* and again, until it is settled */
  }
  disk_open (disk);
  disk_assert_notes (disk, "desk", NOTES);
  {
    g_autoptr (ValiseDatabase) database = disk_get_database (disk, "desk");

    g_assert_true (valise_database_get_info (database, &after, NULL));
  }
  g_assert_cmpstr (before.uuid, !=, after.uuid);
  disk_close (disk);
  disk_open (disk);
  g_assert_false (valise_home_is_copy (disk->home));
}

#define ADD(test) g_test_add ("/verify/" #test, Disk, NULL, disk_setup, test, disk_teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (sound_database_is_sound);
  ADD (changed_text_no_longer_makes_its_revision);
  ADD (one_byte_that_the_disk_changed_is_named);
  ADD (what_a_seal_proves_may_have_any_revision);
  ADD (each_wrong_thing_is_named);
  ADD (file_is_compared_with_its_digest);
  ADD (half_a_file_has_as_much_as_it_says);
  ADD (index_is_compared_with_what_it_is_of);
  ADD (file_that_is_being_made_is_no_problem);
  ADD (copied_folder_knows_that_it_is_one);

  return g_test_run ();
}
