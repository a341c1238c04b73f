/* valise-window-parts.h - what the files of valise-window share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-bar.h"
#include "valise-history.h"
#include "valise-meeting-page.h"
#include "valise-meetings.h"
#include "valise-papers-place.h"
#include "valise-today.h"
#include "valise-window.h"

G_BEGIN_DECLS

/**
 * ValiseWindow:
 *
 * Two leaflets, one in the other: places around (list around page). Each folds when there is no
 * room for both of its sides at their natural width, so the window goes from three panes to one.
 */
struct _ValiseWindow
{
  AdwApplicationWindow parent_instance;

  GSettings     *settings;
  ValiseContext *context;
  ValiseHistory *history;
  GtkWidget     *foot; /* the status row of a narrow window */

  /* Template */
  AdwToastOverlay   *toasts;
  GtkStack          *root;
  ValiseWelcome     *welcome;
  AdwLeaflet        *outer;
  ValiseBar         *mending;
  ValisePlaces      *places;
  GtkStack          *content;
  ValiseToday       *today;
  AdwLeaflet        *meetings_leaflet;
  ValiseMeetings    *meetings;
  ValiseMeetingPage *meeting_page;
  ValisePapersPlace *papers_place;
  ValisePapers      *papers;
  ValiseReader      *reader;
  ValiseSearchPage  *search;
  AdwBin            *sync_bin;     /* empty until it is first shown */
  AdwBin            *original_bin; /* likewise */
};

/* The class actions "win.…". */
void valise_window_install_actions (GtkWidgetClass *widget_class);

/* px for what stands beside the places, or takes their room. */
int valise_window_content_width (ValiseWindow *self);

/* Shows a place, and @language of a paper at @key; neither is noted for Back. */
void valise_window_show_place (ValiseWindow *self, const char *place);
void valise_window_turn_to_paper (ValiseWindow *self,
                                  const char   *symbol,
                                  const char   *language,
                                  const char   *key);

G_END_DECLS
