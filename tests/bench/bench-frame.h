/* bench-frame.h - what a program started by bench-start says of its own start
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BENCH_STARTED "VALISE_BENCH_STARTED" /* µs, monotonic, when its parent started it */
#define BENCH_SETTLE  "VALISE_BENCH_SETTLE"  /* set: the memory is told when all is loaded */

/* Asked after each frame of @window: whether it counts. */
typedef gboolean (*BenchTest) (GtkWindow *window);

/* Follows the windows of @application. Once a frame is whole, prints the first frame that had
 * begun and that one, ms after the start, with the memory held then, kB; and ends the program. */
void bench_frame_follow (GtkApplication *application, BenchTest begun, BenchTest whole);

G_END_DECLS
