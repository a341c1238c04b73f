/* bench-store.c - how fast documents get in and out of a database
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Prints documents a second for each step, and beside the merges what plain SQLite needs for
 * the same bytes in the same run: the machine's floor. Usage: bench-store [DOCUMENTS
 * [DIRECTORY]]; of a release build.
 */

#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "valise-database.h"
#include "valise-db.h"

#define DOCUMENT_SIZE 9500 /* bytes */
#define EDITS         500  /* transactions of one edit each */

typedef struct
{
  char      *directory;
  GPtrArray *documents; /* (element-type ValiseDocument) */
  gint64     bytes;
} Bench;

static const char *const words[] = { "States",       "measures", "région",     "sécurité",
                                     "Государствам", "应考虑",   "الأمن",      "information",
                                     "capacity",     "norms",    "considérer", "paragraph" };

static void
stop_on (GError *error)
{
  if (error != NULL)
    g_error ("%s", error->message);
}

static ValiseDocument *
make_document (GRand *rand, guint number)
{
  g_autofree char    *id = g_strdup_printf ("text:A/AC.292/2026/WP.%u:fr", number);
  g_autofree char    *rev = g_strdup_printf ("1-%08x%08x%08x%08x", g_rand_int (rand),
                                             g_rand_int (rand), g_rand_int (rand), g_rand_int (rand));
  g_autoptr (GString) text = g_string_new ("{\"type\":\"text\",\"paragraphs\":[\"");
  g_autoptr (GBytes)  body = NULL;

  while (text->len < DOCUMENT_SIZE)
    g_string_append_printf (text, "%s ",
                            words[g_rand_int_range (rand, 0, (int) G_N_ELEMENTS (words))]);
  g_string_append (text, "\"]}");
  body = g_bytes_new (text->str, text->len);
  return valise_document_new (id, rev, FALSE, body);
}

static void
report (const char *name, guint count, gint64 start_us)
{
  double seconds = (double) (g_get_monotonic_time () - start_us) / G_USEC_PER_SEC;

  g_print ("%-44s %9.0f /s  %7.0f ms\n", name, count / seconds, seconds * 1000);
}

/* What SQLite alone needs: the same ids and bodies, one table, one transaction. */
static void
measure_floor (Bench *bench)
{
  g_autoptr (GError)   error = NULL;
  g_autofree char     *path = g_build_filename (bench->directory, "floor.sqlite", NULL);
  g_autoptr (ValiseDb) db =
      valise_db_open (path, VALISE_DB_WRITER | VALISE_DB_CREATE, 1000, &error);
  gint64 start = 0;

  stop_on (error);
  valise_db_execute (db, "CREATE TABLE t (id TEXT PRIMARY KEY, body BLOB)", &error);
  start = g_get_monotonic_time ();
  valise_db_begin (db, &error);
  for (guint i = 0; i < bench->documents->len; i++)
    {
      const ValiseDocument  *document = g_ptr_array_index (bench->documents, i);
      g_autoptr (ValiseStmt) stmt = valise_db_prepare (db, "INSERT INTO t VALUES (:id, :body)");

      valise_stmt_bind_text (stmt, ":id", document->id);
      valise_stmt_bind_bytes (stmt, ":body", document->body);
      valise_stmt_run (stmt, &error);
      stop_on (error);
    }
  valise_db_commit (db, &error);
  stop_on (error);
  report ("plain SQLite, one transaction", bench->documents->len, start);
}

static void
measure_merge (Bench *bench, const char *file, guint per_batch, const char *label)
{
  g_autoptr (GError)         error = NULL;
  g_autofree char           *path = g_build_filename (bench->directory, file, NULL);
  g_autoptr (ValiseDatabase) database = valise_database_open (path, "bench", TRUE, &error);
  ValiseBatch               *batch = NULL;
  gint64                     start = g_get_monotonic_time ();

  stop_on (error);
  for (guint i = 0; i < bench->documents->len; i++)
    {
      if (batch == NULL)
        batch = valise_database_begin (database, &error);
      stop_on (error);
      valise_batch_merge (batch, g_ptr_array_index (bench->documents, i), NULL, &error);
      stop_on (error);
      if ((i + 1) % per_batch == 0 || i + 1 == bench->documents->len)
        valise_batch_commit (g_steal_pointer (&batch), &error);
      stop_on (error);
    }
  report (label, bench->documents->len, start);
}

static gboolean
count_cb (const ValiseChange *change, gpointer user_data)
{
  ++*(guint *) user_data;
  return TRUE;
}

static void
measure_feed (ValiseDatabase *database, ValiseChangesFlags flags, const char *label)
{
  g_autoptr (GError) error = NULL;
  gint64             start = g_get_monotonic_time ();
  guint              count = 0;

  valise_database_changes (database, 0, 0, flags, count_cb, &count, NULL, NULL, &error);
  stop_on (error);
  report (label, count, start);
}

static void
measure_reads (Bench *bench, ValiseDatabase *database)
{
  g_autoptr (GError) error = NULL;
  gint64             start = g_get_monotonic_time ();

  for (guint i = 0; i < bench->documents->len; i++)
    {
      const ValiseDocument      *known = g_ptr_array_index (bench->documents, i);
      g_autoptr (ValiseDocument) document = valise_database_get (database, known->id, NULL, &error);

      stop_on (error);
    }
  report ("get", bench->documents->len, start);

  start = g_get_monotonic_time ();
  for (guint i = 0; i < bench->documents->len; i++)
    {
      const ValiseDocument *known = g_ptr_array_index (bench->documents, i);
      g_auto (GStrv)        missing = valise_database_diff (
                 database, known->id, (const char *[]){ known->rev, NULL }, NULL, NULL, &error);

      stop_on (error);
    }
  report ("diff", bench->documents->len, start);
}

/* Edits documents from @first on. */
static void
measure_edits (Bench *bench, ValiseDatabase *database, guint first, const char *label)
{
  g_autoptr (GError) error = NULL;
  guint              end = MIN (first + EDITS, bench->documents->len);
  gint64             start = g_get_monotonic_time ();

  for (guint i = first; i < end; i++)
    {
      const ValiseDocument *known = g_ptr_array_index (bench->documents, i);
      g_autofree char      *rev =
          valise_database_put (database, known->id, known->rev, FALSE, known->body, NULL, &error);

      stop_on (error);
    }
  report (label, end - first, start);
}

/* The disk's own pace: the same bytes appended to a file, flushed one by one. */
static void
measure_flushes (Bench *bench)
{
  g_autofree char *path = g_build_filename (bench->directory, "flushes", NULL);
  guint            count = MIN (EDITS, bench->documents->len);
  int              file = g_open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  gint64           start = g_get_monotonic_time ();

  for (guint i = 0; i < count; i++)
    {
      const ValiseDocument *document = g_ptr_array_index (bench->documents, i);
      gsize                 length = 0;
      const void           *data = g_bytes_get_data (document->body, &length);

      if (write (file, data, length) != (ssize_t) length || fdatasync (file) != 0)
        g_error ("%s cannot be written", path);
    }
  report ("plain file, append and flush", count, start);
  close (file);
}

/* In turns, so that what else the machine does falls on both. */
static void
measure_journal (Bench *bench, ValiseDatabase *plain, ValiseDatabase *journalled)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *path = g_build_filename (bench->directory, "bench.edits", NULL);

  valise_database_start_journal (journalled, path, &error);
  stop_on (error);
  measure_flushes (bench);
  for (guint first = 0; first < 3 * EDITS && first + EDITS <= bench->documents->len; first += EDITS)
    {
      measure_edits (bench, plain, first, "edit, each durable on its own");
      measure_edits (bench, journalled, first, "edit, journalled and durable on its own");
    }
}

static void
remove_files (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char      *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      (void) g_unlink (path);
    }
  (void) g_rmdir (directory);
}

int
main (int argc, char *argv[])
{
  guint             count = argc > 1 ? (guint) g_ascii_strtoull (argv[1], NULL, 10) : 10000;
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  Bench             bench = { 0 };

  bench.directory = argc > 2 ? g_build_filename (argv[2], "valise-bench-XXXXXX", NULL)
                             : g_build_filename (g_get_tmp_dir (), "valise-bench-XXXXXX", NULL);
  if (g_mkdtemp (bench.directory) == NULL)
    g_error ("%s cannot be made", bench.directory);
  bench.documents = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);
  for (guint i = 0; i < count; i++)
    {
      ValiseDocument *document = make_document (rand, i);

      bench.bytes += document->size;
      g_ptr_array_add (bench.documents, document);
    }
  g_print ("%u documents of %" G_GINT64_FORMAT " bytes in %s\n", count, bench.bytes / count,
           bench.directory);

  measure_floor (&bench);
  measure_merge (&bench, "one.sqlite", count, "merge, one transaction");
  measure_merge (&bench, "many.sqlite", 440, "merge, a transaction every 4 MiB");
  {
    g_autofree char           *path = g_build_filename (bench.directory, "one.sqlite", NULL);
    g_autoptr (ValiseDatabase) database = valise_database_open (path, "bench", FALSE, NULL);

    measure_feed (database, VALISE_CHANGES_WINNER, "changes");
    measure_feed (database, VALISE_CHANGES_ALL_LEAVES, "changes, all leaves");
    measure_feed (database, VALISE_CHANGES_DOCUMENTS, "changes, with documents");
    measure_reads (&bench, database);
    {
      g_autofree char           *other = g_build_filename (bench.directory, "many.sqlite", NULL);
      g_autoptr (ValiseDatabase) journalled = valise_database_open (other, "bench", FALSE, NULL);

      measure_journal (&bench, database, journalled);
    }
  }

  remove_files (bench.directory);
  g_ptr_array_unref (bench.documents);
  g_free (bench.directory);
  return 0;
}
