/* valise-page-marks.h - marks on the words of a page that were found
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Marks @query wherever @label has it; @query NULL or "": nothing. @current: which place, from 0,
 * is the one that was gone to; -1: none here. */
void valise_page_marks_set (GtkLabel *label, const char *query, int current);

G_END_DECLS
