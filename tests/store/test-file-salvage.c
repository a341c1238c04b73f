/* test-file-salvage.c - damaged files are whole again, or wanted again, by themselves
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "disk-fixture.h"
#include "valise-db.h"
#include "valise-file-wishes.h"
#include "valise-mend.h"

#define FILES  6
#define LENGTH 180000 /* bytes of each: three chunks */
#define PAGE   8192

/* What no other file has, so that it can be found in the database. */
static GBytes *
make_bytes (guint number)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (number);
  guint32          *data = g_malloc (LENGTH);

  for (guint i = 0; i < LENGTH / sizeof *data; i++)
    data[i] = g_rand_int (rand);
  return g_bytes_new_take (data, LENGTH);
}

static char *
make_digest (guint number)
{
  g_autoptr (GBytes) bytes = make_bytes (number);

  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
}

static ValiseFileStore *
get_files (Disk *disk)
{
  g_autoptr (GError) error = NULL;
  ValiseFileStore   *files = valise_home_get_files (disk->home, &error);

  g_assert_no_error (error);
  return files;
}

static void
want (Disk *disk, guint number)
{
  g_autoptr (GError)    error = NULL;
  g_autoptr (GPtrArray) wishes = g_ptr_array_new ();
  g_autofree char      *sha256 = make_digest (number);
  ValiseFileWish        wish = {
           .sha256 = sha256, .database = (char *) "public", .name = (char *) "paper.pdf", .length = LENGTH
  };

  g_ptr_array_add (wishes, &wish);
  valise_file_wishes_add (get_files (disk), wishes, 0, &error);
  g_assert_no_error (error);
}

static void
put (Disk *disk, guint number)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = make_bytes (number);
  g_autofree char   *sha256 = valise_file_store_put (get_files (disk), bytes, &error);

  g_assert_no_error (error);
}

/* Asked for and fetched. */
static void
fill (Disk *disk)
{
  for (guint i = 0; i < FILES; i++)
    {
      want (disk, i);
      put (disk, i);
    }
}

static gboolean
is_here (Disk *disk, guint number)
{
  g_autofree char *sha256 = make_digest (number);
  gboolean         complete = FALSE;

  valise_file_store_get_present (get_files (disk), sha256, NULL, &complete);
  return complete;
}

static gboolean
is_wanted (Disk *disk, guint number)
{
  g_autoptr (GError)    error = NULL;
  g_autofree char      *sha256 = make_digest (number);
  g_autoptr (GPtrArray) wishes = valise_file_wishes_list (get_files (disk), &error);

  g_assert_no_error (error);
  for (guint i = 0; i < wishes->len; i++)
    {
      const ValiseFileWish *wish = g_ptr_array_index (wishes, i);

      if (g_str_equal (wish->sha256, sha256))
        return wish->stage == VALISE_WISH_WAITS && !wish->complete && wish->problem == NULL;
    }
  return FALSE;
}

/* What is here is what it was; returns how many. */
static guint
count_sound (Disk *disk)
{
  guint count = 0;

  for (guint i = 0; i < FILES; i++)
    if (is_here (disk, i))
      {
        g_autoptr (GError) error = NULL;
        g_autofree char   *sha256 = make_digest (i);
        g_autoptr (GBytes) expected = make_bytes (i);
        g_autoptr (GBytes) bytes =
            valise_file_store_read (get_files (disk), sha256, 0, LENGTH, &error);

        g_assert_no_error (error);
        g_assert_true (g_bytes_equal (bytes, expected));
        count++;
      }
  return count;
}

/* The only incident there is, of the files. */
static ValiseIncident
get_incident (Disk *disk)
{
  g_autoptr (GPtrArray) incidents = valise_incident_list (disk->folder);
  const ValiseIncident *incident = NULL;

  g_assert_cmpuint (incidents->len, ==, 1);
  incident = g_ptr_array_index (incidents, 0);
  g_assert_cmpstr (incident->database, ==, VALISE_SALVAGE_FILES);
  return (ValiseIncident){ .documents = incident->documents,
                           .edits = incident->edits,
                           .again = incident->again };
}

/* Changes one byte of file @number, which no check of SQLite sees. */
static void
flip_byte (Disk *disk, guint number)
{
  g_autofree char   *path = disk_build_path (disk, "files.sqlite");
  g_autoptr (GBytes) bytes = make_bytes (number);
  const guint8      *data = g_bytes_get_data (bytes, NULL);
  g_autofree char   *file = NULL;
  gsize              length = 0;
  char              *place = NULL;

  g_assert_true (g_file_get_contents (path, &file, &length, NULL));
  place = memmem (file, length, data + 70000, 64); /* of the second chunk */
  g_assert_nonnull (place);
  disk_damage (path, place - file, 1);
  g_assert_cmpint (data[70000], !=, 0x55);
}

/* --- the file is damaged when it is opened ------------------------------------------------ */

static void
files_that_prove_their_digest_stay_and_others_are_wanted (Disk *disk, gconstpointer data)
{
  g_autofree char    *path = disk_build_path (disk, "files.sqlite");
  g_autoptr (GError)  error = NULL;
  ValiseSalvageReport report = { 0 };
  guint               here = 0;

  fill (disk);
  disk_close (disk);
  disk_damage (path, disk_get_size (path) / 2, 3 * PAGE);
  valise_salvage_database (disk->folder, VALISE_SALVAGE_FILES, &report, &error);
  g_assert_no_error (error);

  disk_open (disk);
  here = count_sound (disk);
  g_assert_cmpuint (here, >=, FILES - 2);
  g_assert_cmpuint (here, <, FILES);
  g_assert_cmpuint (report.documents, ==, here);
  g_assert_cmpuint (report.rows, ==, here);
  g_assert_cmpuint (report.doubtful, ==, FILES - here);
  for (guint i = 0; i < FILES; i++)
    g_assert_true (is_here (disk, i) != is_wanted (disk, i));
}

static void
every_row_lost_is_what_was_not_here (Disk *disk, gconstpointer data)
{
  g_autofree char *path = disk_build_path (disk, "files.sqlite");

  fill (disk);
  disk_close (disk);
  disk_damage (path, 0, (gsize) disk_get_size (path));

  disk_open (disk);
  g_assert_cmpuint (count_sound (disk), ==, 0);
  g_assert_cmpint (get_incident (disk).documents, ==, 0);
  want (disk, 0);
  put (disk, 0);
  g_assert_cmpuint (count_sound (disk), ==, 1);
}

/* The index beside it has an entry for each PDF whose words it read. */
static void
what_the_index_has_the_words_of_is_wanted_again (Disk *disk, gconstpointer data)
{
  g_autofree char *path = disk_build_path (disk, "files.sqlite");
  g_autofree char *index = disk_build_path (disk, "search.sqlite");
  g_autofree char *sha256 = make_digest (2);
  g_autofree char *insert = g_strdup_printf (
      "CREATE TABLE entry (database, id, symbol, meeting, language, summary, size, file, here);"
      "INSERT INTO entry VALUES ('public', 'paper:1 file:2', 'A/1', 'meeting:1', 'fr', "
      "'{\"name\":\"A_1-fr.pdf\",\"length\":%d}', %d, '%s', 1)",
      LENGTH, LENGTH, sha256);
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDb)       db = NULL;
  g_autoptr (ValiseFileWish) wish = NULL;

  put (disk, 2);
  disk_close (disk);
  db = valise_db_open (index, VALISE_DB_WRITER | VALISE_DB_CREATE, 1000, &error);
  g_assert_no_error (error);
  valise_db_execute (db, insert, &error);
  g_assert_no_error (error);
  disk_damage (path, 0, (gsize) disk_get_size (path));

  disk_open (disk);
  g_assert_false (is_here (disk, 2));
  g_assert_cmpint (get_incident (disk).again, ==, 1);
  wish = valise_file_wishes_take_next (get_files (disk), &error);
  g_assert_no_error (error);
  g_assert_nonnull (wish);
  g_assert_cmpstr (wish->sha256, ==, sha256);
  g_assert_cmpstr (wish->database, ==, "public");
  g_assert_cmpstr (wish->name, ==, "A_1-fr.pdf");
  g_assert_cmpstr (wish->symbol, ==, "A/1");
  g_assert_cmpstr (wish->language, ==, "fr");
  g_assert_cmpint (wish->length, ==, LENGTH);
}

static void
what_nobody_else_has_is_put_back (Disk *disk, gconstpointer data)
{
  g_autofree char   *path = disk_build_path (disk, "files.sqlite");
  g_autofree char   *own = make_digest (1);
  g_autofree char   *sent = make_digest (3);
  g_autoptr (GError) error = NULL;

  put (disk, 1);
  put (disk, 3);
  valise_file_parcels_add (get_files (disk), own, "desk-xke", &error);
  g_assert_no_error (error);
  valise_file_parcels_add (get_files (disk), sent, "desk-xke", &error);
  g_assert_no_error (error);
  valise_file_parcels_acknowledge (get_files (disk), sent, "desk-xke", &error);
  g_assert_no_error (error);
  disk_close (disk);
  disk_damage (path, 0, (gsize) disk_get_size (path));

  disk_open (disk);
  g_assert_true (is_here (disk, 1));
  g_assert_false (is_here (disk, 3)); /* the server has it */
  g_assert_cmpuint (count_sound (disk), ==, 1);
  g_assert_cmpint (get_incident (disk).edits, ==, 1);
  {
    g_autoptr (GPtrArray) owed = valise_file_parcels_list (get_files (disk), &error);

    g_assert_no_error (error);
    g_assert_cmpuint (owed->len, ==, 1);
    g_assert_cmpstr (((ValiseFileParcel *) owed->pdata[0])->sha256, ==, own);
  }
}

/* --- damage that shows while it runs ------------------------------------------------------ */

static void
damage_met_in_reading_is_mended_at_once (Disk *disk, gconstpointer data)
{
  g_autofree char *path = disk_build_path (disk, "files.sqlite");
  guint            failures = 0;

  fill (disk);
  disk_close (disk);
  disk_open (disk);
  get_files (disk);
  disk_damage (path, disk_get_size (path) / 2, 20 * PAGE);

  for (guint i = 0; i < FILES; i++)
    {
      g_autofree char   *sha256 = make_digest (i);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = valise_file_store_read_whole (get_files (disk), sha256, &error);

      failures += bytes == NULL;
    }
  g_assert_cmpuint (failures, >, 0);
  g_assert_cmpuint (failures, <, FILES);
  for (guint i = 0; i < FILES; i++)
    g_assert_true (is_here (disk, i) != is_wanted (disk, i));
  g_assert_cmpuint (count_sound (disk), >=, FILES - failures);
}

static void
a_byte_that_the_disk_changed_is_never_shown (Disk *disk, gconstpointer data)
{
  g_autofree char   *sha256 = make_digest (4);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  fill (disk);
  disk_close (disk);
  flip_byte (disk, 4);
  disk_open (disk);

  bytes = valise_file_store_read_whole (get_files (disk), sha256, &error);
  g_assert_null (bytes);
  g_assert_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_DIGEST);
  g_assert_nonnull (strstr (error->message, sha256));
  g_assert_true (is_wanted (disk, 4));
  g_assert_cmpuint (count_sound (disk), ==, FILES - 1);
  put (disk, 4);
  g_assert_cmpuint (count_sound (disk), ==, FILES);
}

static void
a_byte_changed_in_ones_own_file_is_put_back (Disk *disk, gconstpointer data)
{
  g_autofree char   *sha256 = make_digest (4);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  put (disk, 4);
  valise_file_parcels_add (get_files (disk), sha256, "desk-xke", &error);
  g_assert_no_error (error);
  disk_close (disk);
  flip_byte (disk, 4);
  disk_open (disk);

  bytes = valise_file_store_read_whole (get_files (disk), sha256, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_sound (disk), ==, 1);
}

static void
what_was_half_here_stays_half_here (Disk *disk, gconstpointer data)
{
  g_autofree char    *sha256 = make_digest (5);
  g_autoptr (GBytes)  bytes = make_bytes (5);
  g_autoptr (GBytes)  half = g_bytes_new_from_bytes (bytes, 0, 100000);
  g_autoptr (GError)  error = NULL;
  ValiseSalvageReport report = { 0 };

  want (disk, 5);
  put (disk, 0);
  valise_file_store_append (get_files (disk), sha256, LENGTH, 0, half, &error);
  g_assert_no_error (error);
  disk_close (disk);
  g_assert_true (valise_salvage_database (disk->folder, VALISE_SALVAGE_FILES, &report, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (report.documents, ==, 1);
  g_assert_cmpuint (report.doubtful, ==, 0);

  disk_open (disk);
  g_assert_cmpint (valise_file_store_get_present (get_files (disk), sha256, NULL, NULL), ==,
                   100000);
  g_assert_true (is_wanted (disk, 5));
  g_assert_true (is_here (disk, 0));
}

#define ADD(test) g_test_add ("/file-salvage/" #test, Disk, NULL, disk_setup, test, disk_teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (files_that_prove_their_digest_stay_and_others_are_wanted);
  ADD (every_row_lost_is_what_was_not_here);
  ADD (what_the_index_has_the_words_of_is_wanted_again);
  ADD (what_nobody_else_has_is_put_back);
  ADD (damage_met_in_reading_is_mended_at_once);
  ADD (a_byte_that_the_disk_changed_is_never_shown);
  ADD (a_byte_changed_in_ones_own_file_is_put_back);
  ADD (what_was_half_here_stays_half_here);

  return g_test_run ();
}
