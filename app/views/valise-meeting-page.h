/* valise-meeting-page.h - a meeting as its agenda, each item with its papers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "valise-library.h"

G_BEGIN_DECLS

#define VALISE_TYPE_MEETING_PAGE (valise_meeting_page_get_type ())

G_DECLARE_FINAL_TYPE (ValiseMeetingPage, valise_meeting_page, VALISE, MEETING_PAGE, GtkBox)

/* Shows @meeting of @library; both NULL: none. */
void valise_meeting_page_show (ValiseMeetingPage *self,
                               ValiseLibrary     *library,
                               ValiseMeeting     *meeting);
void valise_meeting_page_set_can_go_back (ValiseMeetingPage *self, gboolean can_go_back);

G_END_DECLS
