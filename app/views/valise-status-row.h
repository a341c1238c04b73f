/* valise-status-row.h - the one line about the network, at the foot of the places
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "valise-scheduler.h"

G_BEGIN_DECLS

#define VALISE_TYPE_STATUS_ROW (valise_status_row_get_type ())

/* Pressing it activates win.sync-panel. */
G_DECLARE_FINAL_TYPE (ValiseStatusRow, valise_status_row, VALISE, STATUS_ROW, AdwBin)

GtkWidget *valise_status_row_new (void);

/* @scheduler: (nullable): says nothing. */
void valise_status_row_set_scheduler (ValiseStatusRow *self, ValiseScheduler *scheduler);

const char *valise_status_row_get_title (ValiseStatusRow *self);
const char *valise_status_row_get_detail (ValiseStatusRow *self);

G_END_DECLS
