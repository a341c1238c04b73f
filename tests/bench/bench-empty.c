/* bench-empty.c - the floor of bench-start: libadwaita and an empty window, nothing of Valise
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A program of its own, so that Valise pays for the libraries it links.
 */

#include "config.h"

#include <adwaita.h>

#include "bench-frame.h"

static gboolean
is_drawn (GtkWindow *window)
{
  return TRUE;
}

static void
activate_cb (GtkApplication *application)
{
  gtk_window_present (GTK_WINDOW (adw_application_window_new (application)));
}

int
main (int argc, char *argv[])
{
  g_autoptr (GtkApplication) application =
      GTK_APPLICATION (adw_application_new ("org.valise.Empty", G_APPLICATION_NON_UNIQUE));

  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), NULL);
  bench_frame_follow (application, is_drawn, is_drawn);
  return g_application_run (G_APPLICATION (application), 1, argv);
}
