/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>

#include "valise-database.h"
#include "valise-test.h"

#define N_DOCUMENTS 10 /* rewritten together in each round */
#define N_READERS   6  /* more than the pool lends at once */
#define N_WRITERS   3
#define N_OPEN      250

typedef struct
{
  char           *root;
  char           *path;
  ValiseDatabase *database;
  guint           n_rounds;
  int             stop; /* atomic */
} Fixture;

static void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->root, "public.sqlite", NULL);
  fixture->database = valise_database_open (fixture->path, "public", TRUE, NULL);
  fixture->n_rounds = valise_test_count (60);
  g_assert_nonnull (fixture->database);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->database);
  g_assert_no_errno (g_unlink (fixture->path));
  g_assert_no_errno (g_rmdir (fixture->root));
  g_free (fixture->path);
  g_free (fixture->root);
}

/* --- readers see whole batches ------------------------------------------------------- */

static void
merge_round (ValiseBatch *batch, guint place, guint round)
{
  g_autoptr (GError)         error = NULL;
  g_autofree char           *id = g_strdup_printf ("a:%u", place);
  g_autofree char           *rev = g_strdup_printf ("%u-h%u", round, round);
  g_autofree char           *text = g_strdup_printf ("{\"round\":%u}", round);
  g_autofree char           *parent = g_strdup_printf ("h%u", round - 1);
  g_autoptr (GBytes)         body = g_bytes_new (text, strlen (text));
  g_autoptr (ValiseDocument) document = valise_document_new (id, rev, FALSE, body);

  if (round > 1)
    document->ancestors = g_strsplit (parent, " ", -1);
  valise_batch_merge (batch, document, NULL, &error);
  g_assert_no_error (error);
}

typedef struct
{
  guint rows;
  guint lowest;
  guint highest;
} Seen;

static gboolean
see_cb (const ValiseChange *change, gpointer user_data)
{
  Seen            *seen = user_data;
  gsize            length = 0;
  gconstpointer    body = g_bytes_get_data (change->document->body, &length);
  g_autofree char *text = g_strndup (body, length);
  guint            round = (guint) g_ascii_strtoull (text + strlen ("{\"round\":"), NULL, 10);

  seen->rows++;
  seen->lowest = MIN (seen->lowest, round);
  seen->highest = MAX (seen->highest, round);
  return TRUE;
}

static gpointer
read_in_thread (gpointer data)
{
  Fixture *fixture = data;
  guint    last = 0;

  while (!g_atomic_int_get (&fixture->stop))
    {
      g_autoptr (GError) error = NULL;
      Seen               seen = { 0, G_MAXUINT, 0 };
      gint64             last_seq = 0;

      valise_database_changes (fixture->database, 0, 0, VALISE_CHANGES_DOCUMENTS, see_cb, &seen,
                               &last_seq, NULL, &error);
      g_assert_no_error (error);
      if (seen.rows == 0)
        continue;
      g_assert_cmpuint (seen.rows, ==, N_DOCUMENTS);
      g_assert_cmpuint (seen.lowest, ==, seen.highest);
      g_assert_cmpint (last_seq, ==, (gint64) seen.highest * N_DOCUMENTS);
      g_assert_cmpuint (seen.highest, >=, last);
      last = seen.highest;
    }
  return NULL;
}

static void
readers_see_only_whole_batches (Fixture *fixture, gconstpointer data)
{
  GThread *readers[N_READERS] = { NULL };

  for (guint i = 0; i < N_READERS; i++)
    readers[i] = g_thread_new ("reader", read_in_thread, fixture);
  for (guint round = 1; round <= fixture->n_rounds; round++)
    {
      g_autoptr (GError) error = NULL;
      ValiseBatch       *batch = valise_database_begin (fixture->database, &error);

      g_assert_no_error (error);
      for (guint i = 0; i < N_DOCUMENTS; i++)
        merge_round (batch, i, round);
      valise_batch_commit (batch, &error);
      g_assert_no_error (error);
    }
  g_atomic_int_set (&fixture->stop, 1);
  for (guint i = 0; i < N_READERS; i++)
    g_thread_join (readers[i]);
}

/* --- writers take turns -------------------------------------------------------------- */

static gpointer
write_in_thread (gpointer data)
{
  Fixture *fixture = data;

  for (guint i = 0; i < fixture->n_rounds; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
      g_autofree char   *id = g_strdup_printf ("%p:%u", (gpointer) g_thread_self (), i);
      g_autofree char   *rev =
          valise_database_put (fixture->database, id, NULL, FALSE, body, NULL, &error);

      g_assert_no_error (error);
    }
  return NULL;
}

static void
writers_take_turns (Fixture *fixture, gconstpointer data)
{
  GThread           *writers[N_WRITERS] = { NULL };
  ValiseDatabaseInfo info = { 0 };

  for (guint i = 0; i < N_WRITERS; i++)
    writers[i] = g_thread_new ("writer", write_in_thread, fixture);
  for (guint i = 0; i < N_WRITERS; i++)
    g_thread_join (writers[i]);
  g_assert_true (valise_database_get_info (fixture->database, &info, NULL));
  g_assert_cmpint (info.documents, ==, N_WRITERS * fixture->n_rounds);
  g_assert_cmpint (info.update_seq, ==, N_WRITERS * fixture->n_rounds);
}

/* A feed holds a reader while its function asks for another: six threads, four readers. */
static gboolean
nest_cb (const ValiseChange *change, gpointer user_data)
{
  g_autoptr (ValiseDocument) document = valise_database_get (user_data, change->id, NULL, NULL);

  g_assert_nonnull (document);
  return TRUE;
}

static gpointer
nest_in_thread (gpointer data)
{
  Fixture *fixture = data;

  for (guint i = 0; i < 20; i++)
    g_assert_true (valise_database_changes (fixture->database, 0, 0, 0, nest_cb, fixture->database,
                                            NULL, NULL, NULL));
  return NULL;
}

static void
nested_reads_never_wait_for_each_other (Fixture *fixture, gconstpointer data)
{
  GThread *readers[N_READERS] = { NULL };

  fixture->n_rounds = 5;
  write_in_thread (fixture);
  for (guint i = 0; i < N_READERS; i++)
    readers[i] = g_thread_new ("reader", nest_in_thread, fixture);
  for (guint i = 0; i < N_READERS; i++)
    g_thread_join (readers[i]);
}

/* --- many databases ------------------------------------------------------------------ */

static guint
count_descriptors (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint            count = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

static gboolean
raise_limit (guint descriptors)
{
  struct rlimit limit = { 0 };

  g_assert_no_errno (getrlimit (RLIMIT_NOFILE, &limit));
  if (limit.rlim_cur >= descriptors)
    return TRUE;
  limit.rlim_cur = descriptors;
  return limit.rlim_max >= descriptors && setrlimit (RLIMIT_NOFILE, &limit) == 0;
}

static void
many_databases_need_few_descriptors (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) databases = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  guint                 before = count_descriptors ();

  if (!raise_limit (before + N_OPEN * 4 + 100))
    {
      g_test_skip ("This process may not open so many files");
      return;
    }
  for (guint i = 0; i < N_OPEN; i++)
    {
      g_autoptr (GError) error = NULL;
      char              *path = g_strdup_printf ("%s/d%u.sqlite", fixture->root, i);
      ValiseDatabase    *database = valise_database_open (path, "d", TRUE, &error);
      ValiseDatabaseInfo info = { 0 };

      g_assert_no_error (error);
      g_ptr_array_add (paths, path);
      g_ptr_array_add (databases, database);
      g_assert_true (valise_database_get_info (database, &info, &error));
    }
  /* Each its file, log and index of the log, and one that SQLite cannot close while the writer
   * has the file locked (and uses again); and a bounded number of idle readers in all. */
  g_assert_cmpuint (count_descriptors () - before, <=, N_OPEN * 4 + 100);

  g_ptr_array_set_size (databases, 0);
  g_assert_cmpuint (count_descriptors (), <=, before);
  for (guint i = 0; i < paths->len; i++)
    g_assert_no_errno (g_unlink (g_ptr_array_index (paths, i)));
}

#define ADD(test) g_test_add ("/database-threads/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (readers_see_only_whole_batches);
  ADD (writers_take_turns);
  ADD (nested_reads_never_wait_for_each_other);
  ADD (many_databases_need_few_descriptors);

  return g_test_run ();
}
