/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-page-flow"

#include "config.h"

#include <string.h>

#include "valise-page-flow.h"
#include "valise-page-row.h"
#include "valise-page-rows.h"

#define ROW_GAP  4  /* px between paragraphs, beyond the 5 above and below of each */
#define HEAD     0  /* the slot of the head; paragraphs follow, the tail is last */
#define EDGE     7  /* px beside a paragraph, so that a chosen one stands clear */
#define KEEP_OUT 60 /* px that stay visible above a paragraph jumped to */

static int
n_slots (ValisePageView *self)
{
  return (int) self->rows->len + 2;
}

static GtkWidget *
get_slot (ValisePageView *self, int slot)
{
  if (slot == HEAD)
    return self->head;
  if (slot == n_slots (self) - 1)
    return self->tail;
  return valise_page_pool_get (self->pool, slot);
}

/* About 8 px a character in lines of 27 px; it need not be right, only steady. */
int
valise_page_flow_guess_height (int slot, gpointer user_data)
{
  ValisePageView   *self = user_data;
  const ValiseLine *words =
      valise_page_rows_get_words (self->rows, slot - 1, self->text, self->other);

  return words == NULL ? 120
                       : ROW_GAP + 37 + 27 * ((int) strlen (words->text) * 8 / VALISE_PAGE_MEASURE);
}

/* Head and tail stand in the words' column, or across both. */
static GtkAllocation
place_of (ValisePageView *self, int slot, int y, int height)
{
  ValiseColumns columns =
      valise_columns_for (self->width - 2 * EDGE, self->measure, self->other != NULL);
  int           width = self->width - 2 * EDGE;
  GtkAllocation at = { EDGE, y, width, height };

  if (slot == HEAD || slot == n_slots (self) - 1)
    {
      at.x = EDGE + columns.text;
      at.width = self->other != NULL && !columns.above ? width - 2 * columns.text : columns.width;
      if (self->other == NULL && self->text != NULL
          && gtk_widget_get_direction (self->head) == GTK_TEXT_DIR_RTL)
        at.x = self->width - at.x - at.width;
    }
  return at;
}

void
valise_page_flow_forget_heights (ValisePageView *self)
{
  valise_page_heights_reset (self->heights, n_slots (self));
}

void
valise_page_flow_reset (ValisePageView *self)
{
  valise_page_flow_forget_heights (self);
  self->anchor = HEAD;
  self->anchor_y = 0;
}

static int
measure_slot (ValisePageView *self, int slot)
{
  GtkWidget    *widget = get_slot (self, slot);
  GtkAllocation at = place_of (self, slot, 0, 0);
  int           height = 0;

  if (widget != NULL && gtk_widget_get_visible (widget))
    gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, at.width, NULL, &height, NULL, NULL);
  height += ROW_GAP;
  valise_page_heights_set (self->heights, slot, height);

  return height;
}

/* --- placing ------------------------------------------------------------------------------ */

/* Moves the anchor up, slot by slot, until nothing above it would be in sight. */
static void
fill_upwards (ValisePageView *self)
{
  while (self->anchor_y > 0 && self->anchor > HEAD)
    {
      self->anchor--;
      self->anchor_y -= measure_slot (self, self->anchor);
    }
  if (self->anchor == HEAD && self->anchor_y > 0)
    self->anchor_y = 0;
}

/* Returns: the bottom of the last slot measured, whose number is @last. */
static int
fill_downwards (ValisePageView *self, int height, int *last)
{
  int y = self->anchor_y;

  *last = self->anchor;
  for (int slot = self->anchor; slot < n_slots (self) && y < height; slot++)
    {
      y += measure_slot (self, slot);
      *last = slot;
    }
  return y;
}

void
valise_page_flow_fill (ValisePageView *self)
{
  int bottom = 0;

  if (self->width <= 0 || self->text == NULL)
    return;
  fill_upwards (self);
  bottom = fill_downwards (self, self->height, &self->last);
  if (bottom < self->height && self->last == n_slots (self) - 1
      && (self->anchor > HEAD || self->anchor_y < 0))
    {
      /* The end came into sight too early: stand on it, and fill from there. */
      self->anchor_y += self->height - bottom;
      fill_upwards (self);
      fill_downwards (self, self->height, &self->last);
    }
  valise_page_pool_retire (self->pool, self->anchor, self->last);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static gboolean
fill_cb (gpointer user_data)
{
  ValisePageView *self = user_data;

  self->fill_id = 0;
  valise_page_flow_fill (self);
  return G_SOURCE_REMOVE;
}

void
valise_page_flow_schedule (ValisePageView *self)
{
  if (self->fill_id == 0)
    self->fill_id = g_idle_add_full (GTK_PRIORITY_RESIZE, fill_cb, self, NULL);
}

static GtkWidget *
peek_slot (ValisePageView *self, int slot)
{
  return slot == HEAD || slot == n_slots (self) - 1 ? get_slot (self, slot)
                                                    : valise_page_pool_peek (self->pool, slot);
}

/* Places the rows there are; returns where the last one ends. */
static int
allocate_slots (ValisePageView *self)
{
  int last = MIN (self->last, n_slots (self) - 1);
  int y = self->anchor_y;

  for (int slot = self->anchor; slot <= last; slot++)
    {
      GtkWidget    *widget = peek_slot (self, slot);
      int           height = 0;
      GtkAllocation at;

      if (widget == NULL)
        break;
      height = measure_slot (self, slot);
      at = place_of (self, slot, y, height - ROW_GAP);
      if (gtk_widget_get_visible (widget))
        gtk_widget_size_allocate (widget, &at, -1);
      y += height;
    }
  if (self->head != NULL)
    gtk_widget_set_child_visible (self->head, self->anchor == HEAD);
  if (self->tail != NULL)
    gtk_widget_set_child_visible (self->tail, last == n_slots (self) - 1);

  return y;
}

static void
tell_scroll_bar (ValisePageView *self, int width, int height)
{
  int total = valise_page_heights_sum (self->heights, n_slots (self));
  int before = valise_page_heights_sum (self->heights, self->anchor) - self->anchor_y;

  self->placing = TRUE;
  if (self->adjustments[GTK_ORIENTATION_VERTICAL] != NULL)
    gtk_adjustment_configure (self->adjustments[GTK_ORIENTATION_VERTICAL], before, 0,
                              MAX (total, height), 40, height * 0.9, height);
  if (self->adjustments[GTK_ORIENTATION_HORIZONTAL] != NULL)
    gtk_adjustment_configure (self->adjustments[GTK_ORIENTATION_HORIZONTAL], 0, 0, width, 40, width,
                              width);
  self->placing = FALSE;
}

void
valise_page_flow_allocate (ValisePageView *self, int width, int height)
{
  gboolean resized = width != self->width || height != self->height;
  int      bottom = 0;

  if (width != self->width)
    valise_page_flow_forget_heights (self);
  self->width = width;
  self->height = height;

  bottom = allocate_slots (self);
  if (resized || (bottom < height && self->last < n_slots (self) - 1))
    valise_page_flow_schedule (self);
  tell_scroll_bar (self, width, height);
}

void
valise_page_flow_scroll_to (ValisePageView *self, int value)
{
  self->anchor = valise_page_heights_find (self->heights, value, &self->anchor_y);
  self->anchor_y = -self->anchor_y;
  valise_page_flow_fill (self);
}

void
valise_page_flow_bring_into_sight (ValisePageView *self, int slot)
{
  int view = gtk_widget_get_height (GTK_WIDGET (self));
  int top = self->anchor_y;
  int height = valise_page_heights_get (self->heights, slot);

  for (int i = self->anchor; i < slot; i++)
    top += valise_page_heights_get (self->heights, i);
  if (slot >= self->anchor && top >= 0 && top + height <= view)
    return;

  self->anchor_y =
      slot > self->anchor && height < view && top < 2 * view ? view - height - KEEP_OUT : KEEP_OUT;
  self->anchor = slot;
  valise_page_flow_fill (self);
}
