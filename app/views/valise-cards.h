/* valise-cards.h - rows of the cards on Today and in an agenda
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "valise-library.h"

G_BEGIN_DECLS

/* A card, empty: a boxed list whose rows are activated, not selected. */
GtkWidget *valise_card_new (const char *accessible_name);

/* A row that shows @paper and follows it; activating it activates win.open with its symbol.
 * @dot: an unread dot before it; otherwise an icon. */
GtkWidget *valise_card_paper_row (ValisePaper *paper, gboolean dot);

/* A row that activates win.meeting with @meeting; its clocks before it. */
GtkWidget *valise_card_agenda_row (ValiseAgendaItem *item, const char *meeting, const char *zone);

/* The two clocks of @item one above the other, end-aligned; NULL where it has no time. */
GtkWidget *valise_card_clocks (ValiseAgendaItem *item, const char *zone);

/* "2 papers" of an item, "" where there are none. */
char *valise_card_count_papers (ValiseAgendaItem *item);

G_END_DECLS
