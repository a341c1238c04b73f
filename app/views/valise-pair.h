/* valise-pair.h - two columns side by side, or one above the other where it is narrow
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define VALISE_TYPE_PAIR (valise_pair_get_type ())

G_DECLARE_FINAL_TYPE (ValisePair, valise_pair, VALISE, PAIR, GtkLayoutManager)

G_END_DECLS
