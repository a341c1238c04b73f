/* valise-found.h - what a search found: a paper, and in which languages and where
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "valise-library.h"

G_BEGIN_DECLS

#define VALISE_TYPE_FOUND (valise_found_get_type ())

G_DECLARE_FINAL_TYPE (ValiseFound, valise_found, VALISE, FOUND, GObject)

/* The findings of @findings (element-type ValiseFinding) that belong together, the best first.
 * Returns: (element-type ValiseFound): a list model */
GListModel *valise_found_group (GPtrArray *findings) G_GNUC_WARN_UNUSED_RESULT;

guint                valise_found_get_n_lines (ValiseFound *self);
const ValiseFinding *valise_found_get_line (ValiseFound *self, guint index);

/* Shows the page of an original that @finding is, with what was found. @widget: in the window.
 * Returns: whether it is one */
gboolean valise_found_open_original (const ValiseFinding *finding, GtkWidget *widget);

G_END_DECLS
