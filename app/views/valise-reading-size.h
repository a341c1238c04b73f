/* valise-reading-size.h - the sizes of the read styles, zoomed apart from the interface
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define VALISE_READING_SIZE_MIN 70  /* per cent */
#define VALISE_READING_SIZE_MAX 250 /* per cent */

/* Sets the read styles of @display to @percent of look/LOOK.md's sizes. */
void valise_reading_size_apply (GdkDisplay *display, int percent);

/* The next step above (@direction 1) or below (-1) @percent; 0: the usual size. */
int valise_reading_size_step (int percent, int direction);

/* What "win.zoom-in", "win.zoom-out" and "win.zoom-reset" do to the setting "reading-size". */
void valise_reading_size_turn (GSettings *settings, const char *action);

G_END_DECLS
