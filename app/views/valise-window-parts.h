/* valise-window-parts.h - what the files of valise-window share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-bar.h"
#include "valise-history.h"
#include "valise-meetings-place.h"
#include "valise-papers-place.h"
#include "valise-sync-panel.h"
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
  char          *data_dir;
  GtkWidget     *foot; /* the status row of a narrow window */

  /* Template; a bin is empty until its page is first asked for. */
  AdwToastOverlay *toasts;
  GtkStack        *root;
  AdwBin          *welcome_bin;
  AdwLeaflet      *outer;
  ValiseBar       *mending;
  ValisePlaces    *places;
  GtkStack        *content;
  ValiseToday     *today;
  AdwBin          *meetings_bin;
  AdwBin          *papers_bin;
  AdwBin          *search_bin;
  AdwBin          *sync_bin;
  AdwBin          *original_bin;

  /* What stands in the bins, or NULL */
  ValiseWelcome       *welcome;
  ValiseMeetingsPlace *meetings_place;
  ValisePapersPlace   *papers_place;
  ValisePapers        *papers;
  ValiseReader        *reader;
  ValiseSearchPage    *search;
  ValiseSyncPanel     *sync;
  ValisePdfPage       *original;
};

/* The class actions "win.…". */
void valise_window_install_actions (GtkWidgetClass *widget_class);

/* The pages, made now where they were not; "need_place" by the name of the place. */
ValisePapersPlace   *valise_window_need_papers (ValiseWindow *self);
ValiseMeetingsPlace *valise_window_need_meetings (ValiseWindow *self);
ValiseSearchPage    *valise_window_need_search (ValiseWindow *self);
ValisePdfPage       *valise_window_need_original (ValiseWindow *self);
ValiseWelcome       *valise_window_need_welcome (ValiseWindow *self);
void                 valise_window_need_place (ValiseWindow *self, const char *place);

/* Tells the pages that were made what is folded, how large to write, and whose record to show. */
void valise_window_fold (ValiseWindow *self);
void valise_window_zoom_pages (ValiseWindow *self);
void valise_window_follow_context (ValiseWindow *self);

/* px for what stands beside the places, or takes their room. */
int valise_window_content_width (ValiseWindow *self);

/* Shows a place, and @language of a paper at @key; neither is noted for Back. */
void valise_window_show_place (ValiseWindow *self, const char *place);
void valise_window_turn_to_paper (ValiseWindow *self,
                                  const char   *symbol,
                                  const char   *language,
                                  const char   *key);

G_END_DECLS
