/* valise-wrap.h - children in rows, each row as full as it gets
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For chips: GtkFlowBox would set them in columns.
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define VALISE_TYPE_WRAP (valise_wrap_get_type ())

G_DECLARE_FINAL_TYPE (ValiseWrap, valise_wrap, VALISE, WRAP, GtkLayoutManager)

/* @spacing: px between children and between rows */
GtkLayoutManager *valise_wrap_new (int spacing);

G_END_DECLS
