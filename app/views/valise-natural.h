/* valise-natural.h - a pane as wide as it likes to be, whatever is in it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A leaflet folds by its panes' natural widths. Taken from what happens to be shown, the window
 * would fold differently on each page, and would have to measure pages nobody looks at.
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define VALISE_TYPE_NATURAL (valise_natural_get_type ())

/* Property "width" (int, px): the natural width of the one child. */
G_DECLARE_FINAL_TYPE (ValiseNatural, valise_natural, VALISE, NATURAL, GtkLayoutManager)

G_END_DECLS
