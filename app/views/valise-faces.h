/* valise-faces.h - the face of the interface, where it is written from right to left
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The families of a right-to-left interface, as CSS lists them, for a desktop whose font is
 * @font_name, "Cantarell 11". */
char *valise_faces_dup_families (const char *font_name);

/* Has the windows on @display use them, now and when the desktop's font changes. Once a display. */
void valise_faces_follow (GdkDisplay *display);

G_END_DECLS
