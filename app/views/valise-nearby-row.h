/* valise-nearby-row.h - the way by the local network, among the ways of the sync panel
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "valise-vicinity.h"

G_BEGIN_DECLS

#define VALISE_TYPE_NEARBY_ROW (valise_nearby_row_get_type ())

G_DECLARE_FINAL_TYPE (ValiseNearbyRow, valise_nearby_row, VALISE, NEARBY_ROW, AdwActionRow)

GtkWidget *valise_nearby_row_new (void);

/* @vicinity: (nullable): without one, as a sample has none, the row is hidden. */
void valise_nearby_row_set_vicinity (ValiseNearbyRow *self, ValiseVicinity *vicinity);

G_END_DECLS
