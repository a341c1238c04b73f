/* valise-day-row.h - a day, or none, in a row of a form
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define VALISE_TYPE_DAY_ROW (valise_day_row_get_type ())

/* Signal "changed": another day is chosen now, or none. */
G_DECLARE_FINAL_TYPE (ValiseDayRow, valise_day_row, VALISE, DAY_ROW, AdwActionRow)

/* @title: what the day is of. No day is chosen. */
GtkWidget *valise_day_row_new (const char *title);

/* As "2026-07-03"; NULL: any. Lent, until it changes. */
const char *valise_day_row_get_day (ValiseDayRow *self);
void        valise_day_row_set_day (ValiseDayRow *self, const char *day);

G_END_DECLS
