/* valise-meeting.h - a meeting: where, when, in which sittings
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Never changes once made; a list that follows the store replaces it.
 */

#pragma once

#include <gio/gio.h>

#include "valise-json.h"

G_BEGIN_DECLS

#define VALISE_TYPE_MEETING (valise_meeting_get_type ())

G_DECLARE_FINAL_TYPE (ValiseMeeting, valise_meeting, VALISE, MEETING, GObject)

/* One sitting: "2nd plenary meeting", Tuesday 10:00–13:00. */
typedef struct
{
  char  *date;  /* "2026-07-21" */
  char  *start; /* "10:00", in the meeting's time zone */
  char  *end;
  char  *title;
  char **items; /* numbers of agenda items, NULL-terminated */
} ValiseSitting;

/* From the body of a `meeting` document; names as @language prefers. */
ValiseMeeting *valise_meeting_new (const char       *id,
                                   const ValiseJson *json,
                                   const char       *language,
                                   guint             n_papers) G_GNUC_WARN_UNUSED_RESULT;

const char *valise_meeting_get_id (ValiseMeeting *self);
char       *valise_meeting_dup_title_in (ValiseMeeting *self, const char *language); /* or NULL */
const char *valise_meeting_get_title (ValiseMeeting *self);
const char *valise_meeting_get_mark (ValiseMeeting *self); /* "A/77", or NULL */
/* "annual", "session"…: what data/records/meeting.json names; views translate it */
const char *valise_meeting_get_kind (ValiseMeeting *self);
const char *valise_meeting_get_start (ValiseMeeting *self); /* "2026-07-20"; or "2022"; or NULL */
const char *valise_meeting_get_end (ValiseMeeting *self);
const char *valise_meeting_get_venue (ValiseMeeting *self);
const char *valise_meeting_get_time_zone (ValiseMeeting *self); /* "America/New_York" */
guint       valise_meeting_get_n_papers (ValiseMeeting *self);

guint                valise_meeting_get_n_sittings (ValiseMeeting *self);
const ValiseSitting *valise_meeting_get_sitting (ValiseMeeting *self, guint index);

G_END_DECLS
