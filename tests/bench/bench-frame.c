/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench-frame.h"

#define SETTLE_MS 3000 /* what is loaded once the window is there */

static double    frame_ms = 0;
static double    filled_ms = 0;
static BenchTest has_begun = NULL;
static BenchTest is_whole = NULL;

static double
since_start (void)
{
  const char *started = g_getenv (BENCH_STARTED);

  return (double) (g_get_monotonic_time ()
                   - (started != NULL ? g_ascii_strtoll (started, NULL, 10) : 0))
         / 1000;
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

static gboolean
tell_cb (gpointer user_data)
{
  printf ("%.1f %.1f %ld\n", frame_ms, filled_ms, resident_kb ());
  fflush (stdout);
  _exit (EXIT_SUCCESS);
}

static void
painted_cb (GdkFrameClock *clock, GtkWindow *window)
{
  if (frame_ms <= 0 && has_begun (window))
    frame_ms = since_start ();
  if (frame_ms <= 0 || filled_ms > 0 || !is_whole (window))
    return;
  filled_ms = since_start ();
  if (g_getenv (BENCH_SETTLE) == NULL)
    tell_cb (NULL);
  g_timeout_add (SETTLE_MS, tell_cb, NULL);
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

void
bench_frame_follow (GtkApplication *application, BenchTest begun, BenchTest whole)
{
  has_begun = begun;
  is_whole = whole;
  g_signal_connect (application, "window-added", G_CALLBACK (window_added_cb), NULL);
}
