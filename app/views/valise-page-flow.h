/* valise-page-flow.h - where the paragraphs of a page stand, and which of them are in sight
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A page is a list of slots: the head, the paragraphs, the tail. One slot, the anchor, is known to
 * stand at a place in sight; the others are measured and placed from there, downwards and upwards,
 * until the view is full. Heights of slots out of sight are remembered or guessed, and only the
 * scroll bar hears of the guess.
 *
 * For valise-page-view.c alone; lengths are px.
 */

#pragma once

#include "valise-page-finder.h"
#include "valise-page-heights.h"
#include "valise-page-pool.h"
#include "valise-page-view.h"

G_BEGIN_DECLS

struct _ValisePageView
{
  GtkWidget parent_instance;

  GtkAdjustment *adjustments[2]; /* by orientation */

  ValiseText *text;
  ValiseText *other;
  char      **references;
  GArray     *rows; /* of ValisePageLine */

  GtkWidget         *head;
  GtkWidget         *tail;
  ValisePagePool    *pool;
  ValisePageHeights *heights; /* by slot, at this width */

  int      width;    /* px, of the last allocation */
  int      height;   /* px, of the last allocation */
  int      measure;  /* px */
  int      anchor;   /* slot */
  int      anchor_y; /* px below the top of the view */
  int      last;     /* slot, the last one filled */
  guint    fill_id;  /* source that fills after an allocation */
  gboolean placing;

  int               chosen; /* row, -1: none */
  ValisePageFinder *finder;
};

/* For valise_page_heights_new(), whose data is the view. */
int valise_page_flow_guess_height (int slot, gpointer view);

/* The page's slots are others now: it stands at its head. */
void valise_page_flow_reset (ValisePageView *self);
/* All heights are others now. */
void valise_page_flow_forget_heights (ValisePageView *self);

/* Makes and measures the rows that the view shows, and spares the others. Never within an
 * allocation: a row that is filled asks for a new one, which would be lost. */
void valise_page_flow_fill (ValisePageView *self);
/* The same before the next frame is drawn. */
void valise_page_flow_schedule (ValisePageView *self);

/* Places the rows there are in a view of that size. */
void valise_page_flow_allocate (ValisePageView *self, int width, int height);

/* Shows what is @value below the page's top, by the scroll bar. */
void valise_page_flow_scroll_to (ValisePageView *self, int value);
/* Leaves the view as it is where @slot is in sight whole. */
void valise_page_flow_bring_into_sight (ValisePageView *self, int slot);

G_END_DECLS
