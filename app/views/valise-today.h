/* valise-today.h - what the day holds: the agenda, what arrived
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "valise-library.h"

G_BEGIN_DECLS

#define VALISE_TYPE_TODAY (valise_today_get_type ())

G_DECLARE_FINAL_TYPE (ValiseToday, valise_today, VALISE, TODAY, GtkBox)

void valise_today_set_library (ValiseToday *self, ValiseLibrary *library);

/* Whether a button leads to the places, since they are folded away; and the status row below. */
void valise_today_set_folded (ValiseToday *self, gboolean folded);

/* The row at its foot when folded; the caller places it. */
void valise_today_set_foot (ValiseToday *self, GtkWidget *foot);

G_END_DECLS
