/* valise-travel-dialog.h - prepare for travel: one number, then what makes it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "valise-context.h"

G_BEGIN_DECLS

#define VALISE_TYPE_TRAVEL_DIALOG (valise_travel_dialog_get_type ())

G_DECLARE_FINAL_TYPE (ValiseTravelDialog, valise_travel_dialog, VALISE, TRAVEL_DIALOG, AdwWindow)

/* @meeting: (nullable): its id; without one the meeting that is on, or the next. */
GtkWidget *valise_travel_dialog_new (GtkWindow     *parent,
                                     ValiseContext *context,
                                     const char    *meeting);

/* The number, "2.1 MB"; "" until it is known. */
const char *valise_travel_dialog_get_size (ValiseTravelDialog *self);

/* Throws the switch of a row: 0 own texts, 1 cited, 2 other languages, 3 files. */
void valise_travel_dialog_choose (ValiseTravelDialog *self, guint row, gboolean on);

/* As the button does. */
void valise_travel_dialog_prepare (ValiseTravelDialog *self);

G_END_DECLS
