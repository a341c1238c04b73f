/* bench-start.c - how long until the window's first frame, beside an empty window's
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: bench-start DIR [PAPERS [RUNS]]. Makes in DIR two sample records, one with PAPERS
 * (default 50000) papers more, and starts each RUNS (default 9) times beside an empty
 * libadwaita window, in turn, so that a noisy machine is as noisy to all. Prints medians, in ms
 * from exec: "frame" the first frame, "record" the first frame that shows the record; and the
 * memory held then. Needs a display and GSETTINGS_SCHEMA_DIR.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "valise-application.h"
#include "valise-canonical.h"
#include "valise-home.h"

#define CHILD_STARTED "VALISE_BENCH_STARTED" /* µs, monotonic, when its parent started it */
#define SETTLE_S      20                     /* for the index of what was just written */

/* --- the child: one start -------------------------------------------------------------------- */

static double frame_ms = 0;

static double
since_start (void)
{
  gint64 started = g_ascii_strtoll (g_getenv (CHILD_STARTED), NULL, 10);

  return (double) (g_get_monotonic_time () - started) / 1000;
}

/* Resident memory in kB, from the kernel's own account. */
static long
resident_kb (void)
{
  g_autofree char *status = NULL;
  const char      *line = NULL;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;
  line = strstr (status, "VmRSS:");
  return line != NULL ? atol (line + strlen ("VmRSS:")) : 0;
}

static void
painted_cb (GdkFrameClock *clock, GtkWindow *window)
{
  gboolean empty = !VALISE_IS_WINDOW (window);

  if (frame_ms <= 0)
    frame_ms = since_start ();
  if (!empty && valise_window_get_context (VALISE_WINDOW (window)) == NULL)
    return;
  printf ("%.1f %.1f %ld\n", frame_ms, since_start (), resident_kb ());
  fflush (stdout);
  _exit (EXIT_SUCCESS);
}

static void
realized_cb (GtkWidget *window)
{
  g_signal_connect_object (gtk_widget_get_frame_clock (window), "after-paint",
                           G_CALLBACK (painted_cb), window, 0);
}

static void
window_added_cb (GtkApplication *application, GtkWindow *window)
{
  g_signal_connect (window, "realize", G_CALLBACK (realized_cb), NULL);
}

static void
activate_empty_cb (GtkApplication *application)
{
  gtk_window_present (GTK_WINDOW (adw_application_window_new (application)));
}

static int
start_once (const char *data)
{
  g_autoptr (GtkApplication) application = NULL;
  char                      *argv[] = { (char *) "valise", NULL };

  if (*data == '\0')
    {
      application =
          GTK_APPLICATION (adw_application_new ("org.valise.Empty", G_APPLICATION_NON_UNIQUE));
      g_signal_connect (application, "activate", G_CALLBACK (activate_empty_cb), NULL);
    }
  else
    {
      application = GTK_APPLICATION (valise_application_new (G_APPLICATION_NON_UNIQUE));
      valise_application_set_data_dir (VALISE_APPLICATION (application), data);
    }
  g_signal_connect (application, "window-added", G_CALLBACK (window_added_cb), NULL);
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

static void
make_record (const char *data, guint n_papers)
{
  ValiseContext     *context = NULL;
  g_autoptr (GError) error = NULL;
  guint              n_before = 0;

  if (g_file_test (data, G_FILE_TEST_IS_DIR))
    return;
  valise_context_open_sample_async (data, NULL, keep_context_cb, &context);
  while (context == NULL)
    g_main_context_iteration (NULL, TRUE);
  if (n_papers > 0
      && !add_papers (valise_account_get_home (valise_context_get_account (context)), n_papers,
                      &error))
    g_error ("%s", error->message);

  n_before = valise_library_get_n_papers (valise_context_get_library (context));
  for (guint i = 0;
       i < SETTLE_S * 10
       && valise_library_get_n_papers (valise_context_get_library (context)) < n_before + n_papers;
       i++)
    {
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_usleep (100 * 1000);
    }
  printf ("%s: %u papers\n", data,
          valise_library_get_n_papers (valise_context_get_library (context)));
  valise_context_close (context);
  g_object_unref (context);
}

/* --- measuring -----------------------------------------------------------------------------------
 */

typedef struct
{
  double frame, record, memory;
} Start;

static Start
measure (const char *program, const char *data)
{
  g_autofree char   *started = g_strdup_printf ("%" G_GINT64_FORMAT, g_get_monotonic_time ());
  char              *argv[] = { (char *) program, (char *) "--child", (char *) data, NULL };
  g_autofree char   *out = NULL;
  g_autoptr (GError) error = NULL;
  Start              start = { 0 };

  g_setenv (CHILD_STARTED, started, TRUE);
  if (!g_spawn_sync (NULL, argv, NULL, 0, NULL, NULL, &out, NULL, NULL, &error)
      || sscanf (out, "%lf %lf %lf", &start.frame, &start.record, &start.memory) != 3)
    g_error ("%s: %s", data, error != NULL ? error->message : "no figures");
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

int
main (int argc, char *argv[])
{
  guint             n_papers = argc > 2 ? (guint) atoi (argv[2]) : 50000;
  guint             n_runs = argc > 3 ? (guint) atoi (argv[3]) : 9;
  g_autofree char  *few = NULL;
  g_autofree char  *many = NULL;
  const char       *names[] = { "empty window", "sample", "and many papers" };
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
      starts[i] = measure (argv[0], "");
      starts[n_runs + i] = measure (argv[0], few);
      starts[2 * n_runs + i] = measure (argv[0], many);
    }
  for (guint i = 0; i < 3; i++)
    printf ("%-16s frame %6.1f ms  record %6.1f ms  memory %6.1f MB\n", names[i],
            median (starts + i * n_runs, n_runs, G_STRUCT_OFFSET (Start, frame)),
            median (starts + i * n_runs, n_runs, G_STRUCT_OFFSET (Start, record)),
            median (starts + i * n_runs, n_runs, G_STRUCT_OFFSET (Start, memory)) / 1024);
  return 0;
}
