/* valise-agenda-item.h - one item of a meeting's agenda, and its papers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Main thread. Never changes once made; a list that follows the store replaces it.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define VALISE_TYPE_AGENDA_ITEM (valise_agenda_item_get_type ())

G_DECLARE_FINAL_TYPE (ValiseAgendaItem, valise_agenda_item, VALISE, AGENDA_ITEM, GObject)

/* Makes the list of an item's papers, when it is first asked for. */
typedef GListModel *(*ValiseAgendaPapersFunc) (ValiseAgendaItem *item, gpointer user_data);

ValiseAgendaItem *valise_agenda_item_new (const char            *meeting,
                                          const char            *number,
                                          const char            *title,
                                          const char            *starts,
                                          int                    minutes,
                                          ValiseAgendaPapersFunc func,
                                          gpointer               user_data,
                                          GDestroyNotify         destroy) G_GNUC_WARN_UNUSED_RESULT;

const char *valise_agenda_item_get_meeting (ValiseAgendaItem *self);
const char *valise_agenda_item_get_number (ValiseAgendaItem *self);
const char *valise_agenda_item_get_title (ValiseAgendaItem *self);
/* "2026-07-21T10:00" in the meeting's time zone, or NULL; and minutes, or 0 */
const char *valise_agenda_item_get_starts (ValiseAgendaItem *self);
int         valise_agenda_item_get_minutes (ValiseAgendaItem *self);
GListModel *valise_agenda_item_get_papers (ValiseAgendaItem *self); /* of ValisePaper */

G_END_DECLS
