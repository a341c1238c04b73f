/* bench-start.c - how long until the window's first frame, beside an empty window's
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: bench-start DIR [PAPERS [RUNS]]. Makes in DIR two sample records, one with PAPERS
 * (default 50000) papers more, and starts each RUNS (default 15) times beside an empty
 * libadwaita window, in turn, so that a noisy machine is as noisy to all. Prints medians, from
 * exec, in ms: "frame" the first frame, which has the places and the page of the day; "filled"
 * the first whose page has its rows; "CPU" what all its threads took until then; and the memory
 * held by one more start, when what comes after that is loaded, too. Needs a display and
 * GSETTINGS_SCHEMA_DIR.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "bench-frame.h"
#include "valise-application.h"
#include "valise-canonical.h"
#include "valise-home.h"

#define SAMPLE_PAPERS 13
#define SETTLE_S      60 /* for the index of what was just written */

/* --- the child: one start -------------------------------------------------------------------- */

static gboolean
has_row (GtkWidget *widget)
{
  if (!gtk_widget_get_child_visible (widget))
    return FALSE;
  if (gtk_widget_has_css_class (widget, "paper-card"))
    return gtk_widget_get_mapped (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (has_row (child))
      return TRUE;
  return FALSE;
}

/* The places stand beside the page of the day. */
static gboolean
has_places (GtkWindow *window)
{
  return gtk_widget_get_mapped (GTK_WIDGET (valise_window_get_places (VALISE_WINDOW (window))));
}

static gboolean
is_filled (GtkWindow *window)
{
  return has_row (GTK_WIDGET (window));
}

static int
start_once (const char *data)
{
  g_autoptr (ValiseApplication) application = valise_application_new (G_APPLICATION_NON_UNIQUE);
  char                         *argv[] = { (char *) "valise", NULL };

  valise_application_set_data_dir (application, data);
  bench_frame_follow (GTK_APPLICATION (application), has_places, is_filled);
  return g_application_run (G_APPLICATION (application), 1, argv);
}

/* --- making the records ------------------------------------------------------------------------
 */

static void
keep_context_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  ValiseContext     *context = valise_context_open_sample_finish (result, &error);

  if (context == NULL)
    g_error ("%s", error->message);
  *(ValiseContext **) user_data = context;
}

static gboolean
add_papers (ValiseHome *home, guint n_papers, GError **error)
{
  g_autoptr (ValiseDatabase) database = valise_home_get_database (home, "public", TRUE, error);
  ValiseBatch *batch = database != NULL ? valise_database_begin (database, error) : NULL;

  for (guint i = 0; batch != NULL && i < n_papers; i++)
    {
      g_autofree char *id = g_strdup_printf ("paper:A/AC.999/2026/WP.%u", i + 1);
      g_autofree char *body = g_strdup_printf (
          "{\"type\":\"paper\",\"symbol\":\"%s\",\"kind\":\"working-paper\",\"title\":{\"en\":"
          "\"Paper %u of many, about the practice of norms\"},\"date\":\"2026-0%u-11\",\"state\":"
          "\"issued\",\"authors\":[{\"key\":\"xke\",\"name\":{\"en\":\"Kestria\"}}],"
          "\"languages\":[\"en\"]}",
          id + strlen ("paper:"), i, i % 9 + 1);
      g_autoptr (GBytes)     bytes = g_bytes_new (body, strlen (body));
      g_autoptr (ValiseJson) json = valise_json_scan (bytes, VALISE_JSON_INTEGERS, error);
      g_autofree char       *rev = valise_canonical_revision (NULL, FALSE, json);
      ValiseDocument        *document = valise_document_new (id, rev, FALSE, bytes);
      ValiseMerge            merge = VALISE_MERGE_KNOWN;
      gboolean               merged = valise_batch_merge (batch, document, &merge, error);

      valise_document_unref (document);
      if (!merged)
        {
          valise_batch_cancel (batch);
          return FALSE;
        }
    }
  return batch != NULL && valise_batch_commit (batch, error);
}

static guint
count_papers (ValiseContext *context)
{
  return valise_library_get_n_papers (valise_context_get_library (context));
}

static void
make_record (const char *data, guint n_papers)
{
  ValiseContext     *context = NULL;
  g_autoptr (GError) error = NULL;

  if (g_file_test (data, G_FILE_TEST_IS_DIR))
    return;
  valise_context_open_sample_async (data, NULL, keep_context_cb, &context);
  while (context == NULL)
    g_main_context_iteration (NULL, TRUE);
  if (n_papers > 0
      && !add_papers (valise_account_get_home (valise_context_get_account (context)), n_papers,
                      &error))
    g_error ("%s", error->message);

  /* A start that finds the index behind would measure the indexer's work too. */
  for (guint i = 0; i < SETTLE_S * 10 && count_papers (context) < SAMPLE_PAPERS + n_papers; i++)
    {
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_usleep (100 * 1000);
    }
  if (count_papers (context) < SAMPLE_PAPERS + n_papers)
    g_error ("%s: the index has %u papers only", data, count_papers (context));
  printf ("%s: %u papers\n", data, count_papers (context));
  valise_context_close (context);
  g_object_unref (context);
}

/* --- measuring -----------------------------------------------------------------------------------
 */

typedef struct
{
  double frame, filled, cpu, memory; /* ms, ms, ms, kB */
} Start;

/* ms of processor that children have taken until now. */
static double
children_cpu (void)
{
  struct rusage usage = { 0 };

  getrusage (RUSAGE_CHILDREN, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000
         + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
}

/* One start of @program; @data is NULL for the empty window. */
static Start
measure (const char *program, const char *data)
{
  g_autofree char *started = g_strdup_printf ("%" G_GINT64_FORMAT, g_get_monotonic_time ());
  char *argv[] = { (char *) program, (char *) (data != NULL ? "--child" : NULL), (char *) data,
                   NULL };
  g_autofree char   *out = NULL;
  g_autoptr (GError) error = NULL;
  Start              start = { 0 };
  double             before = children_cpu ();

  g_setenv (BENCH_STARTED, started, TRUE);
  if (!g_spawn_sync (NULL, argv, NULL, 0, NULL, NULL, &out, NULL, NULL, &error)
      || sscanf (out, "%lf %lf %lf", &start.frame, &start.filled, &start.memory) != 3)
    g_error ("%s: %s", program, error != NULL ? error->message : "no figures");
  start.cpu = children_cpu () - before;
  return start;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double difference = *(const double *) a - *(const double *) b;

  return difference < 0 ? -1 : difference > 0;
}

static double
median (Start *starts, guint n_starts, gsize offset)
{
  g_autofree double *values = g_new (double, n_starts);

  for (guint i = 0; i < n_starts; i++)
    values[i] = *(double *) ((char *) &starts[i] + offset);
  qsort (values, n_starts, sizeof (double), compare);
  return values[n_starts / 2];
}

static void
print_medians (const char *name, Start *starts, guint n_runs, double memory)
{
  printf ("%-16s frame %6.1f ms  filled %6.1f ms  CPU %6.1f ms  memory %6.1f MB\n", name,
          median (starts, n_runs, G_STRUCT_OFFSET (Start, frame)),
          median (starts, n_runs, G_STRUCT_OFFSET (Start, filled)),
          median (starts, n_runs, G_STRUCT_OFFSET (Start, cpu)), memory / 1024);
}

int
main (int argc, char *argv[])
{
  guint             n_papers = argc > 2 ? (guint) atoi (argv[2]) : 50000;
  guint             n_runs = argc > 3 ? (guint) atoi (argv[3]) : 15;
  g_autofree char  *folder = g_path_get_dirname (argv[0]);
  g_autofree char  *empty = g_build_filename (folder, "bench-empty", NULL);
  g_autofree char  *few = NULL;
  g_autofree char  *many = NULL;
  g_autofree Start *starts = g_new0 (Start, 3 * n_runs);

  if (argc == 3 && strcmp (argv[1], "--child") == 0)
    return start_once (argv[2]);
  if (argc < 2)
    {
      g_printerr ("usage: bench-start DIR [PAPERS [RUNS]]\n");
      return 2;
    }
  few = g_build_filename (argv[1], "few", NULL);
  many = g_build_filename (argv[1], "many", NULL);
  make_record (few, 0);
  make_record (many, n_papers);

  for (guint i = 0; i < n_runs; i++)
    {
      starts[i] = measure (empty, NULL);
      starts[n_runs + i] = measure (argv[0], few);
      starts[2 * n_runs + i] = measure (argv[0], many);
    }
  g_setenv (BENCH_SETTLE, "1", TRUE);
  print_medians ("empty window", starts, n_runs, measure (empty, NULL).memory);
  print_medians ("sample", starts + n_runs, n_runs, measure (argv[0], few).memory);
  print_medians ("and many papers", starts + 2 * n_runs, n_runs, measure (argv[0], many).memory);
  return 0;
}
