/* valise-meetings.h - the meetings: on, to come, past
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "valise-library.h"

G_BEGIN_DECLS

#define VALISE_TYPE_MEETINGS (valise_meetings_get_type ())

/* Signal "open" (meeting: ValiseMeeting, focus: gboolean): a meeting was chosen. */
G_DECLARE_FINAL_TYPE (ValiseMeetings, valise_meetings, VALISE, MEETINGS, GtkBox)

void valise_meetings_set_library (ValiseMeetings *self, ValiseLibrary *library);

/* Chooses and opens the meeting @id; NULL: the one on, or next, or last. FALSE: not listed. */
gboolean valise_meetings_choose (ValiseMeetings *self, const char *id);
void     valise_meetings_set_folded (ValiseMeetings *self, gboolean folded);

G_END_DECLS
