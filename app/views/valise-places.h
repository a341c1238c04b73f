/* valise-places.h - the sidebar: the places, and the status row with its sync panel
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "valise-context.h"
#include "valise-status-row.h"
#include "valise-sync-panel.h"

G_BEGIN_DECLS

#define VALISE_TYPE_PLACES (valise_places_get_type ())

/* Choosing a place activates win.place with its name. */
G_DECLARE_FINAL_TYPE (ValisePlaces, valise_places, VALISE, PLACES, GtkBox)

/* @context: (nullable) */
void valise_places_set_context (ValisePlaces *self, ValiseContext *context);

/* Shows @place as the one that is open. */
void valise_places_select (ValisePlaces *self, const char *place);
/* Whether the places stand alone, and so carry the window's buttons. */
void valise_places_set_folded (ValisePlaces *self, gboolean folded);
/* Puts the focus on the place that is open. */
void valise_places_focus (ValisePlaces *self);
void valise_places_popup_menu (ValisePlaces *self);
void valise_places_popup_sync (ValisePlaces *self);
void valise_places_popdown_sync (ValisePlaces *self); /* if it is up */

ValiseStatusRow *valise_places_get_status (ValisePlaces *self);
ValiseSyncPanel *valise_places_get_sync_panel (ValisePlaces *self);

G_END_DECLS
