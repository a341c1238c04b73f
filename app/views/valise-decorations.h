/* valise-decorations.h - the window's own buttons, on whichever header bar has room for them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Whether the header bar of @pane, the first below it, has the buttons at the end: it has where no
 * other pane stands after it. */
void valise_decorations_set_last (GtkWidget *pane, gboolean last);

/* From now on the header bars of @window have the button that closes alone, where the window is as
 * narrow as a telephone: the titles need the room, and there is nothing to minimise it to. */
void valise_decorations_follow (GtkWindow *window);

/* The same for header bars that were added since. */
void valise_decorations_settle (GtkWindow *window);

G_END_DECLS
