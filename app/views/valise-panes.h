/* valise-panes.h - F6, from pane to pane
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Moves the focus from the one of @panes that has it to the next (@direction 1) or the one
 * before (-1), round and round; a pane that is not in sight is passed over. What it lands on is
 * what one came for: the place, a row, the words. */
void valise_panes_focus (GtkWidget *const *panes, int n_panes, int direction);

G_END_DECLS
