/* valise-colleague-row.h - one laptop that is paired with this one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "valise-vicinity.h"

G_BEGIN_DECLS

#define VALISE_TYPE_COLLEAGUE_ROW (valise_colleague_row_get_type ())

/* Signals "sync" and "remove": its buttons. */
G_DECLARE_FINAL_TYPE (ValiseColleagueRow, valise_colleague_row, VALISE, COLLEAGUE_ROW, AdwActionRow)

GtkWidget  *valise_colleague_row_new (const char *key);
const char *valise_colleague_row_get_key (ValiseColleagueRow *self);
const char *valise_colleague_row_get_person (ValiseColleagueRow *self);
void valise_colleague_row_show (ValiseColleagueRow *self, const ValiseVicinityColleague *colleague);

G_END_DECLS
