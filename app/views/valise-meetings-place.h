/* valise-meetings-place.h - the place Meetings: their list beside the agenda of one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "valise-library.h"

G_BEGIN_DECLS

#define VALISE_TYPE_MEETINGS_PLACE (valise_meetings_place_get_type ())

G_DECLARE_FINAL_TYPE (ValiseMeetingsPlace, valise_meetings_place, VALISE, MEETINGS_PLACE, AdwBin)

/* @library: (nullable): its meetings, and the agenda of the first. */
void valise_meetings_place_set_library (ValiseMeetingsPlace *self, ValiseLibrary *library);

/* Turns to the meeting of this id. */
void valise_meetings_place_choose (ValiseMeetingsPlace *self, const char *id);

/* Where one of the two only is shown: turns to the list, or leaves the page for it, which is
 * %FALSE where there is no page to leave. */
void     valise_meetings_place_show_list (ValiseMeetingsPlace *self);
gboolean valise_meetings_place_leave_page (ValiseMeetingsPlace *self);

/* Whether the list has to offer the way to the places. */
void valise_meetings_place_set_alone (ValiseMeetingsPlace *self, gboolean alone);

/* What the keys go to and fro between. */
GtkWidget *valise_meetings_place_get_list (ValiseMeetingsPlace *self);
GtkWidget *valise_meetings_place_get_page (ValiseMeetingsPlace *self);

G_END_DECLS
